"""A plan → PDF/A-3a and PDF/UA-1 by Typst.

Typst must never have compiled in a process before it forks: only `workflow.papers.child` calls this in production.
"""

import io
import json
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from workflow.papers.glyphs import FONTS
from workflow.papers.plan import Plan

LAYOUTS = Path(__file__).parent / "layouts"
STANDARDS = ["a-3a", "ua-1"]
_MASK = 4


OWN_FILES = {"plates": "cards.typ", "badges": "cards.typ", "diploma": "diploma.typ"}
"""Layouts that are not a sheet of running text have a file of their own; all others are `paper.typ`."""


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _compiler(file: str) -> Any:
    return typst.Compiler(str(LAYOUTS / file), root=str(LAYOUTS), font_paths=_fonts())


@lru_cache(maxsize=64)
def qr_svg(url: str) -> str:
    """The QR code of an address as a small SVG.

    The mask is always the same: the standard lets the writer choose, trying all eight takes four fifths of the time.
    """
    stream = io.BytesIO()
    segno.make(url, error="m", mask=_MASK, micro=False).save(stream, kind="svg", border=1, xmldecl=False, svgclass=None, lineclass=None)
    return stream.getvalue().decode()


@lru_cache(maxsize=8)
def _numbers(data: bytes) -> str:
    return json.dumps(list(data), separators=(",", ":"))


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


def to_pdf(plan: Plan, arms: bytes | None = None) -> bytes:
    """Lay a plan out as an archival, accessible PDF."""
    told = dict(plan)
    told["arms"] = {"format": picture_format(arms)} if arms else None
    if told["tail"]:
        told["tail"] = {**told["tail"], "qr": qr_svg(told["tail"]["url"]) if told["tail"]["url"] else None}
    given = {"paper": json.dumps(told, ensure_ascii=False), "arms": _numbers(arms) if arms else ""}
    compiler = _compiler(OWN_FILES.get(plan["layout"], "paper.typ"))
    made = compiler.compile(format="pdf", sys_inputs=given, pdf_standards=STANDARDS, timestamp=stamp(plan))
    return bytes(made) + b"\n"
