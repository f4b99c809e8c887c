"""Finds the lines of a zone in whatever was pasted: spaces, small letters, other alphabets, mails' quoting marks."""

import re
from collections.abc import Sequence

from workflow.knowledge.mrz.shapes import FILLER, Format

_LOOKALIKES = (
    str.maketrans("АВЕКМНОРСТХУІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‹〈＜﹤", "ABEKMHOPCTXYISJABEZHIKMNOPTYX<<<<")
    | str.maketrans({"«": "<<", "≪": "<<"})
    | {0xFF10 + digit: ord("0") + digit for digit in range(10)}
    | {0xFF21 + place: ord("A") + place for place in range(26)}
)
_JUNK = re.compile(r"[^A-Z0-9<]+")
_ENTITY = re.compile(r"&LT;?")
_RUNS = re.compile(r"<+")
_WIDTHS = ((44, 2), (36, 2), (30, 3))
_SLACK = 6
"""Characters by which a line may be short or long and still be mended by its fillers."""
LONGEST = 2_000
"""Longer texts hold no zone worth looking for."""


def clean(line: str) -> str:
    """Give a line's own characters: capitals, digits and fillers; look-alikes of other alphabets are read as Latin."""
    upper = line.upper() if line.isascii() else line.upper().translate(_LOOKALIKES)
    if "&" in upper:
        upper = _ENTITY.sub(FILLER, upper)
    return _JUNK.sub("", upper)


def find(text: str) -> tuple[tuple[str, ...], bool]:
    """Give the lines of the zone, each of its format's width, and whether fillers were added or taken to get there.

    No lines means that there is no zone.
    """
    lines = [line for line in map(clean, text[:LONGEST].splitlines()) if line]
    for width, count in _WIDTHS:
        for start in range(len(lines) - count + 1):
            if all(len(line) == width for line in lines[start : start + count]):
                return tuple(lines[start : start + count]), False
    likely = [line for line in lines if FILLER in line or len(line) >= 28]
    if len(likely) == 1:
        return _one_piece(likely), False
    mended = _mended(likely)
    return (mended, True) if mended else (_one_piece(likely), False)


def _one_piece(lines: Sequence[str]) -> tuple[str, ...]:
    """Read a zone whose line breaks were lost, or came in the wrong place."""
    whole = "".join(lines)
    for width, count in _WIDTHS:
        if len(whole) == width * count and FILLER in whole:
            return tuple(whole[start : start + width] for start in range(0, len(whole), width))
    return ()


def _mended(lines: Sequence[str]) -> tuple[str, ...]:
    """Bring lines to their width by the only characters that people miscount: fillers."""
    for width, count in _WIDTHS:
        for start in range(len(lines) - count + 1):
            found = lines[start : start + count]
            if max(map(len, found)) < width - _SLACK or min(map(len, found)) > width + _SLACK:
                continue
            fitted = [fit(line, width, names=_holds_names(line)) for line in found]
            if all(line is not None for line in fitted):
                return tuple(line for line in fitted if line is not None)
    return ()


def _holds_names(line: str) -> bool:
    return "<<" in line.rstrip(FILLER) and not any(ch.isdigit() for ch in line)


def fit(line: str, width: int, *, names: bool) -> str | None:
    """Lengthen or shorten a line by fillers: at its end where names stand, else in its longest run of them."""
    lacking = width - len(line)
    if not lacking:
        return line
    if names:
        if lacking > 0:
            return line.ljust(width, FILLER)
        return line[:width] if not line[width:].strip(FILLER) else None
    runs = sorted(_RUNS.finditer(line), key=lambda run: run.end() - run.start())
    if not runs or not -_SLACK <= lacking <= _SLACK:
        return None
    start, end = runs[-1].span()
    if end - start + lacking < 1:
        return None
    return line[:start] + FILLER * (end - start + lacking) + line[end:]


def format_of(lines: Sequence[str]) -> Format | None:
    """Tell the format by number and width of lines; a visa by its first letter."""
    if not lines:
        return None
    visa = lines[0].startswith("V")
    if len(lines) == 3:
        return Format.TD1
    if len(lines[0]) == 44:
        return Format.MRVA if visa else Format.TD3
    return Format.MRVB if visa else Format.TD2
