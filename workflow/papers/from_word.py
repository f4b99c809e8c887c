"""A DOCX that somebody edited in Word → blocks, by the styles that `word.py` writes.

Only words are taken: the document's own part, its styles and its numbering, read from the archive by a parser that
loads nothing and resolves no entity. Macros, embedded objects, links and pictures are never opened; a file with macros
is refused, so that nobody believes them kept.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from workflow.base.errors import Invalid
from workflow.base.files import DOCX, Upload, check_upload
from workflow.papers.blocks import Align, Block, Frame, Heading, Item, Items, PageBreak, Paragraph, Run, Runs, Table

LIMIT = 5 * 1024 * 1024
MAX_PART = 20 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LABEL = re.compile(r"^(\d{1,3}(?:\.\d{1,3})*[.)])\s+")
_DASH = re.compile(r"^[-–—•·]\s+")
_FRAMES = {
    "Paper Addressee": "addressee", "Paper Subject": "subject", "Paper Title": "title",
    "Paper Salutation": "salutation", "Paper Closing": "closing", "Paper Note": "note", "Paper Executor": "executor",
}  # fmt: skip
_HEADINGS = {"heading 1": 1, "heading 2": 2, "heading 3": 3, "title": 1}
_ANNEX = "Paper Annex"
_LETTERHEAD, _CONTACTS, _REFERENCE, _DATE = "Paper Letterhead", "Paper Contacts", "Paper Reference", "Paper Date"
_SIGNATURE, _VERIFICATION, _MARK = "Paper Signature", "Paper Verification", "Paper Mark"
_SKIPPED = frozenset({f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "txbxContent", "object")})
_SIDES: dict[str, Align] = {"center": "center", "right": "right", "end": "right"}


@dataclass
class _Line:
    """One paragraph of the document."""

    style: str
    runs: list[Run] = field(default_factory=list)
    label: str = ""
    breaks: bool = False
    """A page ends in it."""
    align: Align = "left"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def read_word(upload: Upload) -> tuple[Block, ...]:
    """Read the words and the structure of a DOCX.

    Raises:
        TooLarge, Invalid: it is no DOCX, unpacks to something huge, holds macros, or is damaged.
    """
    check_upload(upload, allowed={DOCX}, limit=LIMIT, field="file")
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            names = set(archive.namelist())
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
            if any("vbaproject" in name.lower() for name in names) or b"macroEnabled" in types:
                raise Invalid("papers.docx-macros", field="file")
            body = _xml(archive, "word/document.xml")
            styles = _style_names(_xml(archive, "word/styles.xml")) if "word/styles.xml" in names else {}
            numbered = _style_lists(_xml(archive, "word/styles.xml")) if styles else {}
            lists = _list_forms(_xml(archive, "word/numbering.xml")) if "word/numbering.xml" in names else {}
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, OSError, RuntimeError, NotImplementedError):
        raise Invalid("base.file-damaged", field="file") from None
    found = body.find(f"{_W}body")
    if found is None:
        raise Invalid("base.file-damaged", field="file")
    return _Reader(styles, lists, numbered).read(found)


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element:
    if archive.getinfo(name).file_size > MAX_PART:
        raise Invalid("base.file-bomb", field="file")
    data = archive.read(name)
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data:
        raise Invalid("base.file-damaged", field="file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _style_names(root: etree._Element) -> dict[str, str]:
    names = {}
    for style in root.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId") or ""] = name.get(f"{_W}val") or ""
    return names


def _style_lists(root: etree._Element) -> dict[str, str]:
    """Which list a style makes of its paragraphs: «List Bullet», «Маркированный список»."""
    found = {}
    for style in root.iter(f"{_W}style"):
        number = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if number is not None:
            found[style.get(f"{_W}styleId") or ""] = number.get(f"{_W}val") or ""
    return found


def _list_forms(root: etree._Element) -> dict[str, str]:
    abstract = {}
    for each in root.iter(f"{_W}abstractNum"):
        form = each.find(f"{_W}lvl/{_W}numFmt")
        abstract[each.get(f"{_W}abstractNumId")] = form.get(f"{_W}val") if form is not None else "bullet"
    found = {}
    for num in root.iter(f"{_W}num"):
        link = num.find(f"{_W}abstractNumId")
        found[num.get(f"{_W}numId") or ""] = str(abstract.get(link.get(f"{_W}val")) if link is not None else "bullet")
    return found


def _sign(part: etree._Element) -> str:
    """What a part of a run prints."""
    if part.tag == f"{_W}t":
        return part.text or ""
    if part.tag in (f"{_W}br", f"{_W}cr"):
        return "" if part.get(f"{_W}type") in ("page", "column") else "\n"
    return {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}.get(str(part.tag), "")


def _on(properties: etree._Element | None, name: str) -> bool:
    found = None if properties is None else properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "off", "none")


class _Reader:
    """Goes through one document's paragraphs and tables."""

    def __init__(self, styles: dict[str, str], lists: dict[str, str], numbered: dict[str, str]) -> None:
        self.styles, self.lists, self.numbered = styles, lists, numbered
        self.counts: dict[str, int] = {}
        self.blocks: list[Block] = []

    def read(self, body: etree._Element) -> tuple[Block, ...]:
        """Read everything, in order."""
        self._children(body)
        return tuple(self.blocks)

    def _children(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self._add(self._line(child))
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo"):
                self._children(child)

    def _line(self, element: etree._Element) -> _Line:
        properties = element.find(f"{_W}pPr")
        style = None if properties is None else properties.find(f"{_W}pStyle")
        line = _Line(self.styles.get(style.get(f"{_W}val") or "", "") if style is not None else "")
        if properties is not None:
            side = properties.find(f"{_W}jc")
            line.align = _SIDES.get(side.get(f"{_W}val") or "", "left") if side is not None else "left"
            if _on(properties, "pageBreakBefore"):
                self.blocks.append(PageBreak())
            own = properties.find(f"{_W}numPr/{_W}numId")
            of_style = self.numbered.get(style.get(f"{_W}val") or "", "") if style is not None else ""
            number = own.get(f"{_W}val") if own is not None else of_style
            if number and number != "0":
                line.label = self._label(number)
        for text, bold, italic in self._pieces(element, line):
            last = line.runs[-1] if line.runs else None
            if last is not None and (last.bold, last.italic) == (bold, italic):
                line.runs[-1] = Run(last.text + text, bold, italic)
            else:
                line.runs.append(Run(text, bold, italic))
        return line

    def _label(self, number: str) -> str:
        if self.lists.get(number, "bullet") in ("bullet", "none"):
            return "–"
        self.counts[number] = self.counts.get(number, 0) + 1
        return f"{self.counts[number]}."

    def _pieces(self, element: etree._Element, line: _Line) -> Iterator[tuple[str, bool, bool]]:
        for child in element:
            if child.tag in _SKIPPED:
                continue
            if child.tag == f"{_W}r":
                properties = child.find(f"{_W}rPr")
                if _on(properties, "vanish"):
                    continue
                bold, italic = _on(properties, "b"), _on(properties, "i")
                for part in child:
                    line.breaks = line.breaks or part.get(f"{_W}type") == "page"
                    if text := _sign(part):
                        yield text, bold, italic
            elif isinstance(child.tag, str):
                yield from self._pieces(child, line)

    def _add(self, line: _Line) -> None:
        if line.text.strip():
            self._place(line)
        if line.breaks:
            self.blocks.append(PageBreak())

    def _place(self, line: _Line) -> None:
        if line.style in (_VERIFICATION, _MARK):
            return
        if line.style in _FRAMES:
            bare = line.style == "Paper Title"
            self._frame(_FRAMES[line.style], "", _split(line.runs, bare=bare))
        elif line.style == _ANNEX:
            self._frame("annex", "", _split(line.runs)[:-1])  # its last line is the number and date of the paper
        elif line.style in (_REFERENCE, _DATE):
            self._frame("reference", "date" if line.style == _DATE else "", [])
        elif line.style == _LETTERHEAD:
            self._frame("letterhead", "", _split(line.runs, bare=True))
        elif line.style == _CONTACTS:
            self._frame("letterhead", "", [(Run("---"),), *_split(line.runs)])
        elif line.style == _SIGNATURE:
            post, _, name = line.text.partition("\t")
            self._frame("signature", "", [_bare(post), _bare(name.replace("\t", " "))])
        elif line.style.lower() in _HEADINGS:
            self.blocks.append(Heading(_HEADINGS[line.style.lower()], _trimmed(line.runs, bare=True)))
        elif line.label or line.style == "Paper List":
            self._item(line)
        else:
            self.blocks.append(Paragraph(_trimmed(line.runs)))

    def _frame(self, name: str, argument: str, lines: Sequence[Runs]) -> None:
        """A part of the paper; one that goes on from the paragraph before is one part with it."""
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Frame) and last.name == name and name != "reference":
            self.blocks[-1] = Frame(name, last.argument, (*last.lines, *lines))
        else:
            self.blocks.append(Frame(name, argument, tuple(lines)))

    def _item(self, line: _Line) -> None:
        label, runs = line.label, list(line.runs)
        if not label:
            text = runs[0].text.lstrip()
            found = _LABEL.match(text.replace("\u00a0", " ")) or _DASH.match(text.replace("\u00a0", " "))
            if found is None:
                self.blocks.append(Paragraph(_trimmed(runs)))
                return
            label = found[1] if found.re is _LABEL else "–"
            runs[0] = Run(text[found.end() :], runs[0].bold, runs[0].italic)
        item = Item(label, _trimmed(runs))
        ordered = bool(_LABEL.match(f"{label} "))
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, Items) and last.ordered == ordered:
            self.blocks[-1] = Items(ordered, (*last.items, item))
        else:
            self.blocks.append(Items(ordered, (item,)))

    def _table(self, element: etree._Element) -> None:
        rows = [[self._cell(cell) for cell in row.iter(f"{_W}tc")] for row in element.iter(f"{_W}tr")]
        lines = [line for row in rows for cell in row for line in cell if line.text.strip()]
        if lines and lines[0].style == _REFERENCE:
            self._head(rows, lines)
            return
        if lines and all(line.style == _VERIFICATION for line in lines):
            return
        if any(line.style == _SIGNATURE for line in lines):
            for line in lines:
                self._place(line)
            return
        rows = [row for row in rows if any(line.text.strip() for cell in row for line in cell)]
        if not rows:
            return
        wide = max(len(row) for row in rows)
        widths = [int(each.get(f"{_W}w") or 0) for each in element.iter(f"{_W}gridCol")][:wide]
        total = sum(widths) or 1
        shares = [max(2, round(40 * width / total)) for width in widths] + [8] * (wide - len(widths))
        cells = [[_cell_runs(cell) for cell in row] + [()] * (wide - len(row)) for row in rows]
        aligns: list[Align] = ["left"] * wide
        for at, cell in enumerate(rows[-1]):
            aligns[at] = cell[0].align if cell else "left"
        head = tuple(_bare("".join(run.text for run in cell)) for cell in cells[0])
        self.blocks.append(Table(tuple(shares), tuple(aligns), head, tuple(tuple(row) for row in cells[1:])))

    def _cell(self, cell: etree._Element) -> list[_Line]:
        return [self._line(each) for each in cell.iter(f"{_W}p")]

    def _head(self, rows: list[list[list[_Line]]], lines: list[_Line]) -> None:
        addressee = [line for line in lines if line.style == "Paper Addressee"]
        if addressee:
            self._frame("reference", "", [])
            for line in addressee:
                self._frame("addressee", "", _split(line.runs))
            return
        middle = rows[0][1:-1]
        place = [run for cell in middle for line in cell for run in line.runs]
        self.blocks.append(Frame("reference", "order", _split(place) if place else ()))


def _bare(text: str) -> Runs:
    flat = " ".join(text.split())
    return (Run(flat),) if flat else ()


def _split(runs: Sequence[Run], *, bare: bool = False) -> tuple[Runs, ...]:
    """The lines of a part that was written with line breaks."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        for number, piece in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if piece:
                lines[-1].append(Run(piece, run.bold and not bare, run.italic))
    return tuple(_trimmed(line) for line in lines if "".join(run.text for run in line).strip())


def _trimmed(runs: Sequence[Run], *, bare: bool = False) -> Runs:
    """Runs without tabs and space at both ends, neighbours of one style joined."""
    joined: list[Run] = []
    for run in runs:
        text = run.text.replace("\t", " ")
        bold = run.bold and not bare
        if joined and (joined[-1].bold, joined[-1].italic) == (bold, run.italic):
            joined[-1] = Run(joined[-1].text + text, bold, run.italic)
        elif text:
            joined.append(Run(text, bold, run.italic))
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = Run(joined[0].text.lstrip(), joined[0].bold, joined[0].italic)
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].bold, joined[-1].italic)
    return tuple(joined)


def _cell_runs(lines: Sequence[_Line]) -> Runs:
    """A cell's paragraphs as one: a cell of the wording is one line."""
    runs: list[Run] = []
    for line in lines:
        if runs and line.text.strip():
            runs.append(Run(" "))
        runs += [Run(run.text.replace("\n", " "), run.bold, run.italic) for run in line.runs]
    return _trimmed(runs)
