"""The blocks of a paper: light Markdown, parsed once, laid out as PDF, DOCX and HTML.

The language is small on purpose, so that a coordinator can read and change it:

- a blank line ends a paragraph; a backslash at the end of a line breaks the line;
- `# Heading`, `**bold**`, `*italic*`, and a backslash before any sign that should stay itself;
- `- item` and `1. item`, `1.1. item` (the label stays as written);
- a table with bars; the number of dashes under a heading is the relative width of its column, colons align;
- `::: name` … `:::` frames a part of an official paper: letterhead, addressee, signature and so on (`FRAMES`);
- `::: pagebreak` stands alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

FRAMES = frozenset(
    {
        "letterhead",  # the body's name; after a line `---` its address
        "reference",  # number and date, drawn from facts; `::: reference order` puts them in one line
        "addressee",  # to whom, in the upper right corner
        "annex",  # «Приложение 1 к распоряжению …», in the upper right corner; its number and date come from facts
        "subject",  # «О направлении приглашения»
        "title",  # the centred title of an order, a programme, a report
        "salutation",  # «Уважаемый …!»
        "closing",  # «С уважением,»
        "signature",  # post | name, one signatory in a line; two entries of `lines` for each
        "executor",  # who prepared the letter, small, at the foot
        "note",  # small print
        "plate",  # a name plate: name, then what stands under it; `---` begins the other side
        "badge",  # event and category; after `---` name and post; after `---` zone and code; its argument: whose photo
    }
)
LEAVES = frozenset({"pagebreak"})
_KNOWN = FRAMES | LEAVES

MAX_BLOCKS = 5_000
MAX_CELLS = 40_000

Align = Literal["left", "center", "right"]


class MarkupError(ValueError):
    """The text is not light Markdown; `line` counts from one."""

    def __init__(self, code: str, line: int, detail: str = "") -> None:
        super().__init__(f"{code} (line {line}): {detail}")
        self.code, self.line, self.detail = code, line, detail


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style; a line feed in it is a line break."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    runs: Runs


@dataclass(frozen=True)
class Item:
    """One item of a list with its label as it is printed."""

    label: str
    runs: Runs


@dataclass(frozen=True)
class Items:
    """A list; ordered when its labels are numbers."""

    ordered: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Table:
    """A table with one head row."""

    widths: tuple[int, ...]
    aligns: tuple[Align, ...]
    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a page."""


@dataclass(frozen=True)
class Frame:
    """A named part of an official paper, line by line."""

    name: str
    argument: str
    lines: tuple[Runs, ...]


Block = Heading | Paragraph | Items | Table | PageBreak | Frame

_LABEL = re.compile(r"^([0-9]{1,3}(?:\.[0-9]{1,3})*[.)])\s+(.*)$")
_BULLET = re.compile(r"^[-•–]\s+(.*)$")
_HEADING = re.compile(r"^(#{1,3})\s+(.*)$")
_RULE_CELL = re.compile(r"^:?-+:?$")
_FIRST_SIGNS = frozenset(":|#-•–0123456789")
"""The signs with which a line that is more than text begins."""
_NAME = re.compile(r"^:::\s*([a-z]+)(?:\s+([a-z0-9]+))?\s*$")
_BAR = re.compile(r"(?<!\\)\|(?![^{}]*\}\})")
"""A bar between cells: not escaped, and not the bar before a filter in a placeholder."""
_BRACES = {"<": "{", ">": "}"}
_MARKUP = re.compile(r"[\\*|{}]")
_BEGINS_BLOCK = re.compile(r"\s*(?:[0-9]{1,3}(?=[.)])|(?=[-#:•–]))")
_INLINE = re.compile(r"\\(.)|(\*\*)|(\*)|([^\\*]+)|(.)", re.DOTALL)


def escape(value: str) -> str:
    r"""Give text that the parser reads back as exactly these words, whatever signs a person typed.

    Line feeds become spaces; markup loses its meaning. Braces become `\<` and `\>`: a text that holds none can never
    become Jinja, whatever stands beside it.
    """
    flat = " ".join(value.split("\n")) if "\n" in value else value
    if _MARKUP.search(flat):
        flat = re.sub(r"([\\*|])", r"\\\1", flat).replace("{", "\\<").replace("}", "\\>")
    if found := _BEGINS_BLOCK.match(flat):
        flat = f"{flat[:found.end()]}\\{flat[found.end():]}"
    return flat


def parse_runs(text: str) -> Runs:
    """Parse one paragraph's inline markup."""
    if "*" not in text and "\\" not in text:
        return (Run(text),) if text else ()
    runs: list[Run] = []
    bold = italic = False
    held = ""
    for found in _INLINE.finditer(text):
        escaped, double, single, plain, other = found.groups()
        if double or single:
            if held:
                runs.append(Run(held, bold, italic))
                held = ""
            bold, italic = bold ^ bool(double), italic ^ bool(single)
        else:
            held += _BRACES.get(escaped, escaped) if escaped is not None else plain or other or ""
    if held:
        runs.append(Run(held, bold, italic))
    return tuple(runs)


def plain(runs: Runs) -> str:
    """The words of a paragraph without their style."""
    return "".join(run.text for run in runs)


@dataclass
class _Reader:
    """The lines with a place in them."""

    lines: list[str]
    at: int = 0
    blocks: list[Block] = field(default_factory=list)

    def peek(self) -> str | None:
        return self.lines[self.at] if self.at < len(self.lines) else None

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        if len(self.blocks) > MAX_BLOCKS:
            raise MarkupError("too-long", self.at)


def parse(text: str) -> tuple[Block, ...]:
    """Parse a whole paper.

    Raises:
        MarkupError: a frame is unknown or not closed, a table's rows do not fit its head, or the text is endless.
    """
    return tuple(block for block, _, _ in located(text))


def located(text: str) -> tuple[tuple[Block, int, int], ...]:
    """Parse a whole paper; each block with its first line, counted from nought, and the line after its last.

    Raises:
        MarkupError: as `parse`.
    """
    reader = _Reader([line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")])
    places: list[tuple[int, int]] = []
    while (line := reader.peek()) is not None:
        start, known = reader.at, len(reader.blocks)
        if not line:
            reader.at += 1
        elif line[0] not in _FIRST_SIGNS:
            reader.add(Paragraph(parse_runs(_join(_take_text(reader)))))
        elif line.startswith(":::"):
            _read_frame(reader)
        elif heading := _HEADING.match(line):
            reader.add(Heading(len(heading[1]), parse_runs(heading[2])))
            reader.at += 1
        elif line.startswith("|"):
            _read_table(reader)
        elif _LABEL.match(line) or _BULLET.match(line):
            _read_items(reader)
        else:
            reader.add(Paragraph(parse_runs(_join(_take_text(reader)))))
        if len(reader.blocks) > known:
            places.append((start, reader.at))
    return tuple((block, *place) for block, place in zip(reader.blocks, places, strict=True))


def _starts_block(line: str) -> bool:
    """Whether a line, without spaces at its end, ends the paragraph before it."""
    if not line:
        return True
    return line[0] in _FIRST_SIGNS and (
        line.startswith((":::", "|")) or bool(_HEADING.match(line) or _LABEL.match(line) or _BULLET.match(line))
    )


def _take_text(reader: _Reader) -> list[str]:
    taken = [reader.lines[reader.at]]
    reader.at += 1
    while (line := reader.peek()) is not None and not _starts_block(line):
        taken.append(line)
        reader.at += 1
    return taken


def _join(lines: Sequence[str]) -> str:
    """Lines of a paragraph as one text: a space between, or a break after a lone backslash."""
    parts: list[str] = []
    for number, line in enumerate(lines):
        text = line.strip()
        last = number == len(lines) - 1
        ends = len(text) - len(text.rstrip("\\"))
        if ends % 2 and not last:
            parts.append(text[:-1].rstrip() + "\n")
        else:
            parts.append(text if last else text + " ")
    return "".join(parts)


def _read_items(reader: _Reader) -> None:
    ordered = bool(_LABEL.match(reader.lines[reader.at]))
    pattern = _LABEL if ordered else _BULLET
    items: list[Item] = []
    while (line := reader.peek()) is not None and (found := pattern.match(line)):
        text = _take_text(reader)
        text[0] = found[2] if ordered else found[1]
        items.append(Item(found[1] if ordered else "–", parse_runs(_join(text))))
        while reader.peek() == "" and reader.at + 1 < len(reader.lines) and pattern.match(reader.lines[reader.at + 1]):
            reader.at += 1
    reader.add(Items(ordered, tuple(items)))


def _bars(line: str) -> list[str]:
    """A line parted at its bars; where nothing in it could hide one, without a look at what follows each."""
    return _BAR.split(line) if "\\" in line or "}" in line else line.split("|")


def _cells(line: str) -> list[str]:
    cells = _bars(line.strip().removeprefix("|"))
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip() for cell in cells]


def _read_table(reader: _Reader) -> None:
    start = reader.at + 1
    head = _cells(reader.lines[reader.at])
    reader.at += 1
    rule = _cells(reader.peek() or "")
    if len(rule) != len(head) or not all(_RULE_CELL.match(cell) for cell in rule):
        raise MarkupError("table-head", start + 1)
    reader.at += 1
    rows: list[tuple[Runs, ...]] = []
    while (line := reader.peek()) is not None and line.startswith("|"):
        cells = _cells(line)
        if len(cells) > len(head):
            raise MarkupError("table-row", reader.at + 1)
        cells += [""] * (len(head) - len(cells))
        rows.append(tuple(parse_runs(cell) for cell in cells))
        if len(rows) * len(head) > MAX_CELLS:
            raise MarkupError("too-long", reader.at)
        reader.at += 1
    reader.add(
        Table(
            tuple(max(1, cell.count("-")) for cell in rule),
            tuple(_align(cell) for cell in rule),
            tuple(parse_runs(cell) for cell in head),
            tuple(rows),
        )
    )


def _align(cell: str) -> Align:
    if cell.startswith(":") and cell.endswith(":"):
        return "center"
    return "right" if cell.endswith(":") else "left"


def _read_frame(reader: _Reader) -> None:
    start = reader.at + 1
    found = _NAME.match(reader.lines[reader.at])
    if not found or found[1] not in _KNOWN:
        raise MarkupError("frame-unknown", start, reader.lines[reader.at][3:].strip()[:40])
    reader.at += 1
    if found[1] in LEAVES:
        reader.add(PageBreak())
        return
    lines: list[Runs] = []
    while (line := reader.peek()) is not None and line.strip() != ":::":
        if line.startswith(":::"):
            raise MarkupError("frame-open", start, found[1])
        if line.strip() and found[1] == "signature":
            *front, name = parted if len(parted := _bars(line)) > 1 else (line, "")
            post = "|".join(front)
            lines += [parse_runs(post.strip()), parse_runs(name.strip())]
        elif line.strip():
            lines.append(parse_runs(line.strip()))
        reader.at += 1
    if reader.peek() is None:
        raise MarkupError("frame-open", start, found[1])
    reader.at += 1
    reader.add(Frame(found[1], found[2] or "", tuple(lines)))


def texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Every text of a paper in reading order, one for each paragraph, item, cell or line."""
    for block in blocks:
        match block:
            case Heading(runs=runs) | Paragraph(runs=runs):
                yield plain(runs)
            case Items(items=items):
                for item in items:
                    yield f"{item.label} {plain(item.runs)}"
            case Table(head=head, rows=rows):
                for row in (head, *rows):
                    yield from (plain(cell) for cell in row)
            case Frame(lines=lines):
                yield from (plain(line) for line in lines)
            case PageBreak():
                continue
