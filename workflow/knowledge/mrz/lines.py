"""Finds the lines of a zone in whatever was pasted: spaces, small letters, other alphabets, mails' quoting marks."""

import re
from collections.abc import Iterable, Iterator, Sequence

from workflow.knowledge.mrz.shapes import FILLER, Format

Lines = tuple[str, ...]
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
_START = re.compile(r"[PVIAC][A-Z<][A-Z<]{3}")
_DIGITS = 12
"""So many digits stand in every zone: two dates, and the digits that answer for them."""
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


def find(text: str) -> tuple[Lines, Lines]:
    """Give the lines of the zone, each of its format's width, and as they were before fillers were added or taken.

    No lines means that there is no zone. What came on one line is parted at its blanks; and blanks are taken for
    fillers, as some readers of pictures write them, where the rest looks like a zone.
    """
    text = text[:LONGEST]
    found = _among(text.splitlines())
    if not found[0] and any(map(str.isspace, text.strip())):
        found = _among(text.split())
    if not found[0] and " " in text:
        found = _among(line.strip().replace(" ", FILLER) for line in text.splitlines())
        if not (found[0] and _START.match(found[0][0]) and sum(map(str.isdigit, "".join(found[0][:2]))) >= _DIGITS):
            return (), ()
    return found


def _among(pasted: Iterable[str]) -> tuple[Lines, Lines]:
    lines = [line for line in map(clean, pasted) if line]
    for width, count in _WIDTHS:
        for start in range(len(lines) - count + 1):
            found = tuple(lines[start : start + count])
            if all(len(line) == width for line in found):
                return found, found
    likely = [line for line in lines if FILLER in line or len(line) >= 28]
    mended = _mended(likely) if len(likely) > 1 else None
    whole = _one_piece(likely)
    return mended or (whole, whole)


def _one_piece(lines: Sequence[str]) -> Lines:
    """Read a zone whose line breaks were lost, or came in the wrong place."""
    whole = "".join(lines)
    for width, count in _WIDTHS:
        if len(whole) == width * count and FILLER in whole:
            return tuple(whole[start : start + width] for start in range(0, len(whole), width))
    return ()


def _mended(lines: Sequence[str]) -> tuple[Lines, Lines] | None:
    """Bring lines to their width by the only characters that people miscount: fillers.

    The second line of every document ends in its last digit: a format for which it has the right width comes first.
    """
    options = [
        (width, tuple(lines[start : start + count]))
        for width, count in _WIDTHS for start in range(len(lines) - count + 1)
    ]  # fmt: skip
    for width, found in sorted(options, key=lambda option: len(option[1][1]) != option[0]):
        if max(map(len, found)) < width - _SLACK or min(map(len, found)) > width + _SLACK:
            continue
        fitted = [
            fit(line, width, names=_holds_names(line) or (len(found) == 3 and not place))
            for place, line in enumerate(found)
        ]
        if all(line is not None for line in fitted):
            return tuple(line for line in fitted if line is not None), found
    return None


def realigned(fitted: Lines, before: Lines) -> Iterator[tuple[Lines, tuple[int, int]]]:
    """Give the other ways in which a line that lost or gained a character may be brought to its width, and where."""
    for number, (line, was) in enumerate(zip(fitted, before, strict=True)):
        lacking = len(line) - len(was)
        if _holds_names(was) or abs(lacking) not in (1, 2):
            continue
        for place in range(len(was) + 1 if lacking > 0 else len(line) + 1):
            other = was[:place] + FILLER * lacking + was[place - min(lacking, 0) :]
            yield (*fitted[:number], other, *fitted[number + 1 :]), (number, place)


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
