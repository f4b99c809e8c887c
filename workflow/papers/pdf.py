"""A plan → PDF/A-3a and PDF/UA-1 by Typst.

Typst must never have compiled in a process before it forks: only `workflow.papers.child` calls this in production.
"""

import base64
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import segno
import typst

from workflow.papers.glyphs import FONTS, line_width
from workflow.papers.long_words import breakable, width
from workflow.papers.plan import HELD_ROWS, Part, Plan

LAYOUTS = Path(__file__).parent / "layouts"
STANDARDS = ["a-3a", "ua-1"]
_MASK = 4
_CODE = 14
"""Signs in a verification code, with its dashes."""


OWN_FILES = {"plates": "cards.typ", "badges": "cards.typ", "diploma": "diploma.typ"}
"""Layouts that are not a sheet of running text have a file of their own; all others are `paper.typ`."""


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _compiler() -> Any:
    return typst.Compiler(root=str(LAYOUTS), font_paths=_fonts())


@cache
def _layout(file: str) -> str:
    return (LAYOUTS / file).read_text(encoding="utf-8")


def _literal(text: str) -> str:
    r"""Write any text as a Typst string: only the backslash and the quotation mark mean something in one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _modules(url: str) -> tuple[bytes, ...]:
    return tuple(bytes(row) for row in segno.make(url, error="m", mask=_MASK, micro=False).matrix)


@lru_cache(maxsize=8)
def _first_of(pattern: tuple[str, int]) -> tuple[str, tuple[bytes, ...]]:
    """One code of the addresses that begin alike and are as long: the others are told by what differs from it."""
    start, length = pattern
    url = start + "2" * (length - len(start))
    return url, _modules(url)


@lru_cache(maxsize=1024)
def _turned(pattern: tuple[str, int], place: int, bit: int) -> int:
    """Which modules turn over when one bit of an address does."""
    url, rows = _first_of(pattern)
    other = f"{url[:place]}{chr(ord(url[place]) ^ bit)}{url[place + 1:]}"
    return int.from_bytes(b"".join(rows)) ^ int.from_bytes(b"".join(_modules(other)))


def qr_modules(url: str) -> tuple[bytes, ...]:
    """The QR code of an address, row by row, 1 for dark.

    With one mask and one length everything in the code, its error correction too, is linear over bits: it is the code
    of another address, turned over where the differing bits turn it. What one bit turns is worked out once.
    """
    start, _, end = url.rpartition("/")
    if len(end) > _CODE or not end.isascii() or start == start.upper():  # capitals alone are written in another mode
        return _modules(url)
    pattern = (f"{start}/", len(url))
    base, rows = _first_of(pattern)
    whole = int.from_bytes(b"".join(rows))
    for place in range(len(start) + 1, len(url)):
        differs = ord(url[place]) ^ ord(base[place])
        while differs:
            bit = differs & -differs
            whole ^= _turned(pattern, place, bit)
            differs ^= bit
    size = len(rows)
    drawn = whole.to_bytes(size * size)
    return tuple(drawn[at : at + size] for at in range(0, size * size, size))


_LIGHT = {1: b"1", 2: b"3", 4: b"f"}
"""The dots of a light module as one digit, in which all are set, by how many a module is wide."""


def _png_part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def qr_png(url: str, dots: Literal[1, 2, 4] = 2) -> bytes:
    """The QR code of an address as a PNG of one bit a dot: *dots* each way for a module, one light module around.

    The mask is always the same: the standard lets the writer choose, trying all eight takes four fifths of the time.
    Typst takes in so small a picture faster than the same code as a drawing, and faster with fewer dots. Some viewers
    smooth its edges a little; readers take it at 110 and 300 dots an inch. Word smooths more and is given four.
    """
    modules, light = qr_modules(url), _LIGHT[dots]
    size = dots * (len(modules) + 2)
    as_digits = light + b"0" + bytes(254)
    margin = light * (len(modules) + 2)
    rows = [margin, *(light + row.translate(as_digits) + light for row in modules), margin]
    spare = -size % 8
    drawn = b"".join((b"\0" + (int(row, 1 << dots) << spare).to_bytes((size + 7) // 8)) * dots for row in rows)
    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(drawn)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_part(*part) for part in parts)


@lru_cache(maxsize=8)
def svg_png(data: bytes) -> bytes:
    """An SVG drawn as PNG, 22 mm high at 600 dots an inch: Word's own SVG is not what all versions can show."""
    page = "#set page(width: auto, height: auto, margin: 0mm, fill: none)\n"
    source = f'#let arms = {_arms(data)}\n{page}#image(bytes(json(bytes(arms))), format: "svg", height: 22mm)'
    return bytes(_compiler().compile(input=source.encode(), format="png", ppi=600))


@lru_cache(maxsize=8)
def _arms(data: bytes | None) -> str:
    return _literal(json.dumps(list(data), separators=(",", ":")) if data else "")


def picture_format(data: bytes) -> str:
    """Typst's name for a picture's format, by its first bytes.

    Raises:
        ValueError: it is none of PNG, JPEG, SVG.
    """
    if data.startswith(b"\x89PNG\r\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if b"<svg" in data[:2000]:
        return "svg"
    raise ValueError("a picture must be PNG, JPEG or SVG")


def stamp(plan: Plan) -> datetime:
    """The moment written into the file: the paper's own date, so that the same paper has the same bytes."""
    day = date.fromisoformat(plan["date"]) if plan["date"] else date(2000, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _outlined(parts: Sequence[Part]) -> list[Part]:
    """The parts with headings that begin at the first level and leave none out, as PDF/UA wants them.

    A person who edits a letter writes `## Сроки` where no title stands above it.
    """
    level, found = 0, []
    for part in parts:
        if part["kind"] == "title":
            level = 1
        elif part["kind"] == "heading":
            level = min(part["level"], level + 1)
            part = {**part, "level": level}  # noqa: PLW2901 - the plan itself stays as it is
        found.append(part)
    return found


_LONG_ROW, _SHORT_ROW, _FEW_ROWS = 1200, 300, 8
"""Bytes of a cell from which on a row may go over the page, up to which a short table stays whole, and its rows."""


ROOM = 34.0
"""How wide a line of running text is, in units of its size, less a little: a longer word breaks."""
_ROOMS = {"addressee": 17.5, "annex": 17.5, "subject": 20.0, "note": 48.0, "letterhead": 27.0, "title": 31.0}
_PAIR = 17.0
"""The same for half a line, where post and name of one who signs stand: a longer name leaves the post its half."""


def _short(runs: list[list[str]], room: float = ROOM) -> Any:
    """Words in one plain style as a text: most are, and the layout puts them together without a call."""
    if not runs:
        return ""
    runs = breakable(runs, room)
    return runs[0][0] if len(runs) == 1 and not runs[0][1] else runs


def _columns(part: Part, *, landscape: bool) -> list[float]:
    """How wide the columns are with their margins, in units of their text's size."""
    points, size = (714.0, 9) if landscape else (467.0, 10)
    return [points / size * share / sum(part["widths"]) for share in part["widths"]]


_MARGINS = 1.15
"""Of both sides of a cell, in units of the smallest text of a table; 10 points."""
_KERNED = 0.98
"""What a line may fill of its room: pairs of letters are rarely set wider than the letters are."""


def _is_one_line(cells: Sequence[Any], columns: Sequence[float], *, bold: bool = False) -> bool:
    """Whether surely each cell of a row stands on one line, and not all are empty."""
    return any(cells) and all(
        isinstance(text, str) and line_width(text, bold=bold) <= (column - _MARGINS) * _KERNED
        for text, column in zip(cells, columns, strict=True)
    )


def _table(part: Part, *, landscape: bool) -> Part:
    """A table as the layout reads it.

    A short one stays whole: one person's particulars, one day of a programme. The last rows of a long one go over the
    page together: nobody's name stands there alone. A row that surely is one line high is told as such: to find its
    height, Typst lays each of its cells out twice (a twelfth of a letter's time).
    """
    columns = _columns(part, landscape=landscape)
    rooms = [max(column - 0.3, 3.0) for column in columns]
    longest = [max(sum(len(run[0].encode()) for run in cell["runs"]) for cell in row) for row in part["rows"]]
    rows: list[Part] = [
        {"long": size > _LONG_ROW, "cells": [_short(cell["runs"], room) for cell, room in zip(row, rooms, strict=True)]}
        for size, row in zip(longest, part["rows"], strict=True)
    ]
    for row in rows:
        row["line"] = _is_one_line(row["cells"], columns)
    whole = len(rows) <= _FEW_ROWS and all(size < _SHORT_ROW for size in longest)
    held = rows[-HELD_ROWS:] if not whole and len(rows) > HELD_ROWS else []
    if any(row["long"] for row in held):
        held = []
    head = [_short(cell["runs"], room) for cell, room in zip(part["head"], rooms, strict=True)]
    return {
        **part, "head": head, "head_line": _is_one_line(head, columns, bold=True),
        "rows": rows[: len(rows) - len(held)], "held": held, "whole": whole,
    }  # fmt: skip


def _drawn(part: Part, *, landscape: bool) -> Part:
    """A part of a plan as the layout reads it."""
    kind = part["kind"]
    if kind == "table":
        return _table(part, landscape=landscape)
    if kind == "head":
        sides = {name: _drawn(part[name], landscape=landscape) for name in ("reference", "addressee")}
        return {**part, **sides}
    if kind == "signature":
        pairs = [[breakable(post, _PAIR), breakable(name, _PAIR)] for post, name in part["pairs"]]
        return {**part, "pairs": pairs, "even": any(width(run[0]) > _PAIR for _, name in part["pairs"] for run in name)}
    if kind == "items":
        return {**part, "items": [{**item, "runs": _short(item["runs"])} for item in part["items"]]}
    if "runs" in part:
        return {**part, "runs": _short(part["runs"])}
    if "lines" in part:
        return {**part, "lines": [_short(line, _ROOMS.get(kind, ROOM)) for line in part["lines"]]}
    return part


def _photo(data: bytes) -> str:
    """A photo inside an SVG of 27 × 35 mm, which it fills: a text, which Typst reads faster than a list of numbers."""
    kept = base64.b64encode(data).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="27mm" height="35mm" viewBox="0 0 270 350">'
        '<image width="270" height="350" preserveAspectRatio="xMidYMin slice" '
        f'href="data:image/jpeg;base64,{kept}"/></svg>'
    )


def to_pdf(plan: Plan, arms: bytes | None = None, photos: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Lay a plan out as an archival, accessible PDF; *photos* are those of badges, by the argument of the badge."""
    told = dict(plan)
    if photos:
        told["photos"] = {name: _photo(data) for name, data in photos.items()}
    own = OWN_FILES.get(plan["layout"])
    told["blocks"] = plan["blocks"] if own else [
        _drawn(part, landscape=bool(plan.get("landscape"))) for part in _outlined(plan["blocks"])
    ]
    told["arms"] = {"format": picture_format(arms)} if arms else None
    if told["tail"]:
        told["tail"] = {**told["tail"], "qr": list(qr_png(told["tail"]["url"])) if told["tail"]["url"] else None}
    # Data stand before the layout as two texts. As `sys_inputs` they would be part of what every paragraph is laid out
    # with, and Typst could remember none from one letter to the next (measured: 17.8 → 8.1 ms).
    given = f"#let given = {_literal(json.dumps(told, ensure_ascii=False))}\n#let arms = {_arms(arms)}\n"
    # The layout itself is a module, which Typst reads once; those of single sheets are short enough to be read anew.
    source = given + (_layout(own) if own else '#import "/paper.typ": sheet\n#sheet(given, arms)\n')
    made = _compiler().compile(input=source.encode(), format="pdf", pdf_standards=STANDARDS, timestamp=stamp(plan))
    return bytes(made) + b"\n"
