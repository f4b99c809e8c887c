"""Blocks and the system's own facts → what is printed: one plan that PDF, DOCX and HTML follow.

Number, date and verification never stand in a wording: they come to the paper here, or leave their blanks.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workflow.papers import phrases
from workflow.papers.blocks import (
    Block,
    Frame,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    Run,
    Runs,
    Table,
)
from workflow.papers.editions import Edition
from workflow.papers.marks import mark_lines

Plan = dict[str, Any]
Part = dict[str, Any]

BLANK_NUMBER = "____________"
BLANK_DATES = {"ru": "«____» ______________ 20__ г.", "zh": "20____年____月____日"}
"""Where a day is filled in by hand; other languages have the blank of English."""
BLANK_DATE = "____ ______________ 20__"


def _encode(runs: Runs, language: str) -> list[list[str]]:
    encoded: list[list[str]] = []
    for run in runs:
        style = ("b" if run.bold else "") + ("i" if run.italic else "")
        for number, piece in enumerate(phrases.typography(run.text, language).split("\n")):
            if number:
                encoded.append(["", "n"])
            if piece:
                encoded.append([piece, style])
    return encoded


def _dig(facts: Mapping[str, Any], *names: str) -> str:
    found: Any = facts
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)


def _blank_date(language: str) -> str:
    return BLANK_DATES.get(language, BLANK_DATE)


def _letter_reference(facts: Mapping[str, Any], language: str) -> list[str]:
    number, day = _dig(facts, "paper", "number"), _dig(facts, "paper", "date")
    sign = phrases.label(language, "number")
    shown = phrases.short_date(day, language) if day else BLANK_NUMBER
    lines = [f"{shown} {sign}\u00a0{number or BLANK_NUMBER}"]
    their_number, their_day = _dig(facts, "basis", "letter_number"), _dig(facts, "basis", "letter_date")
    if their_number or language == "ru":
        reply, on = phrases.label(language, "reply"), phrases.label(language, "on")
        dated = phrases.short_date(their_day, language) if their_day else "____________"
        lines.append(f"{reply}\u00a0{their_number or '________'} {on}\u00a0{dated}")
    return lines


def _date_reference(facts: Mapping[str, Any], language: str) -> list[str]:
    """The day of a paper without a number: a report is dated, too."""
    day = _dig(facts, "paper", "date")
    return [phrases.long_date(day, language) if day else _blank_date(language)]


def _order_reference(frame: Frame, facts: Mapping[str, Any], language: str) -> list[str]:
    number, day = _dig(facts, "paper", "number"), _dig(facts, "paper", "date")
    place = "".join(run.text for line in frame.lines for run in line)
    shown = phrases.long_date(day, language) if day else _blank_date(language)
    return [shown, place, f"{phrases.label(language, 'number')}\u00a0{number or BLANK_NUMBER}"]


def _annex_reference(facts: Mapping[str, Any], language: str) -> str:
    """Of which day and number the paper is that an annex belongs to (ГОСТ Р 7.0.97-2016, 5.21)."""
    number, day = _dig(facts, "paper", "number"), _dig(facts, "paper", "date")
    dated = phrases.short_date(day, language) if day else BLANK_NUMBER
    return f"{phrases.label(language, 'on')} {dated} {phrases.label(language, 'number')}\u00a0{number or BLANK_NUMBER}"


CARDS = frozenset({"plate", "badge"})
"""Frames that are cut out of a sheet: their parts stand between lines `---`."""


def faces(lines: Sequence[Runs]) -> list[list[Runs]]:
    """The lines of a card, by its parts."""
    found: list[list[Runs]] = [[]]
    for line in lines:
        if [run.text for run in line] == ["---"]:
            found.append([])
        else:
            found[-1].append(line)
    return found


def _frame(frame: Frame, facts: Mapping[str, Any], language: str) -> Part:
    part: Part = {"kind": frame.name, "argument": frame.argument}
    if frame.name == "reference":
        match frame.argument:
            case "order":
                texts = _order_reference(frame, facts, language)
            case "date":
                texts = _date_reference(facts, language)
            case _:
                texts = _letter_reference(facts, language)
        part["lines"] = [_encode((Run(text),), language) for text in texts]
    elif frame.name == "annex":
        reference = (Run(_annex_reference(facts, language)),)
        part["lines"] = [_encode(line, language) for line in (*frame.lines, reference)]
    elif frame.name in CARDS:
        part["faces"] = [[_encode(line, language) for line in face] for face in faces(frame.lines)]
    elif frame.name == "signature":
        encoded = [_encode(line, language) for line in frame.lines]
        part["pairs"] = [[encoded[at], encoded[at + 1]] for at in range(0, len(encoded), 2)]
    else:
        part["lines"] = [_encode(line, language) for line in frame.lines]
    return part


def _part(block: Block, facts: Mapping[str, Any], language: str) -> Part:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "runs": _encode(block.runs, language)}
        case Paragraph():
            return {"kind": "paragraph", "runs": _encode(block.runs, language)}
        case Items():
            return {
                "kind": "items",
                "ordered": block.ordered,
                "items": [{"label": item.label, "runs": _encode(item.runs, language)} for item in block.items],
            }
        case Table():
            return {
                "kind": "table",
                "widths": list(block.widths),
                "aligns": list(block.aligns),
                "head": [{"runs": _encode(cell, language)} for cell in block.head],
                "rows": [[{"runs": _encode(cell, language)} for cell in row] for row in block.rows],
            }
        case PageBreak():
            return {"kind": "pagebreak"}
        case Frame():
            return _frame(block, facts, language)


def _arrange(parts: Sequence[Part]) -> tuple[list[Part], list[list[list[str]]]]:
    """Put reference and addressee side by side, keep last words with the signature, take the executor to the foot."""
    arranged: list[Part] = []
    executor: list[list[list[str]]] = []
    for part in parts:
        before = arranged[-1] if arranged else None
        if part["kind"] == "executor":
            executor += part["lines"]
        elif part["kind"] == "addressee" and before and (before["kind"], before.get("argument")) == ("reference", ""):
            arranged[-1] = {"kind": "head", "reference": before, "addressee": part}
        else:
            arranged.append(part)
    for at, part in enumerate(arranged):
        follows = arranged[at + 1]["kind"] if at + 1 < len(arranged) else ""
        if part["kind"] == "table" and follows == "paragraph" and _is_total(arranged[at + 1]):
            part["sticky"] = True
        if part["kind"] in _HELD and follows in {"closing", "signature"}:
            part["sticky"] = True
            # One short line, such as «Приложение: …», is too little text to go over the page with a signature.
            if at and part["kind"] == "paragraph" and _length(part) < SHORT and arranged[at - 1]["kind"] in _TEXT:
                arranged[at - 1]["sticky"] = True
    return [each for part in arranged for each in _parted(part)], executor


_TEXT = frozenset({"paragraph", "items"})
_HELD = _TEXT | {"table"}
"""Parts whose end goes over the page with a signature that stands below them."""
SHORT = 80
HELD_ROWS = 2
"""Rows of a long table that go over the page together; a signature or total below takes them along to its own."""


def _is_total(part: Part) -> bool:
    """Whether a paragraph below a table begins with words in bold: «**Итого: …**» belongs to the sums above it."""
    return bool(part["runs"]) and "b" in part["runs"][0][1]


def _length(part: Part) -> int:
    return sum(len(text) for text, _ in part["runs"])


def _parted(part: Part) -> list[Part]:
    """Of a list before a signature the last item keeps to it, or the last two where one is short: the others stay."""
    if part["kind"] != "items" or not part.get("sticky") or len(part["items"]) < 2:
        return [part]
    kept = 2 if _length(part["items"][-1]) < SHORT else 1
    before, last = part["items"][:-kept], part["items"][-kept:]
    return [*([{**part, "items": before, "sticky": False}] if before else []), {**part, "items": last}]


def _put_mark(parts: list[Part], lines: list[str]) -> None:
    """Give the mark of an electronic signature its place beside the first signatory, or at the end."""
    if lines:
        first = next((part for part in parts if part["kind"] == "signature"), None)
        if first is None:
            first = {"kind": "signature", "argument": "", "pairs": []}
            parts.append(first)
        first["mark"] = [[[line, "b" if line.isupper() else ""]] for line in lines]


def build(blocks: Sequence[Block], facts: Mapping[str, Any], edition: Edition) -> Plan:
    """What is printed, as plain JSON values; pictures and the QR code are added by the layouts that show them."""
    language = edition.language
    parts, executor = _arrange([_part(block, facts, language) for block in blocks])
    _put_mark(parts, mark_lines((facts.get("paper") or {}).get("signature"), language))
    url, code = _dig(facts, "paper", "verify_url"), _dig(facts, "paper", "code")
    verify: list[list[list[str]]] = []
    if url and edition.official:
        texts = [
            f"{phrases.label(language, 'verify')}",
            url,
            *([f"{phrases.label(language, 'code')} {code}"] if code else []),
        ]
        verify = [[[text, ""]] for text in texts]
    return {
        "layout": "document" if edition.layout == "journal" else edition.layout,
        "landscape": edition.layout in {"journal", "diploma"},
        "language": language,
        "title": edition.title,
        "author": _dig(facts, "office", "name"),
        "draft": _dig(facts, "paper", "status") == "draft",
        "date": _dig(facts, "paper", "date"),
        "labels": {name: phrases.label(language, name) for name in ("draft", "logo", "qr", "page", "photo")},
        "blocks": parts,
        "tail": {"executor": executor, "verify": verify, "url": url if verify else ""} if executor or verify else None,
    }


def words(plan: Plan) -> list[str]:
    """Every stretch of text of a plan, for the glyph check and for comparing formats."""
    found: list[str] = []
    _walk(plan["blocks"], found)
    _walk(plan["tail"], found)
    return found


def _walk(value: Any, found: list[str]) -> None:
    """Gather the words beneath a part: a run is a text with its style. Plans hold plain lists and dicts only."""
    if type(value) is list:
        if len(value) == 2 and type(value[0]) is str and type(value[1]) is str:
            found.append(value[0])
        else:
            for item in value:
                _walk(item, found)
    elif type(value) is dict:
        for key, item in value.items():
            if key == "label" and type(item) is str:
                found.append(item)
            elif key != "aligns":
                _walk(item, found)
