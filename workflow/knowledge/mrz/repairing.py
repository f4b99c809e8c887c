"""Points at the character that may be wrong in a zone whose check digits do not agree.

A check digit tells that a field is wrong, not where. So we try what eyes confuse, one character at a time, and what
fingers do, two neighbours swapped, and keep what makes every digit of the zone agree; several such places are all
shown, and a person looks at the passport.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from workflow.knowledge.mrz.parsing import parse
from workflow.knowledge.mrz.shapes import DIGITS, LAYOUTS, LETTERS, Layout, Part, Zone

_LETTER_OR_DIGIT = ("O0", "Q0", "D0", "U0", "I1", "L1", "Z2", "A4", "S5", "G6", "T7", "B8", "J1", "Y7")
_ALIKE = ("17", "38", "56", "68", "08", "35", "09", "49", "MN", "UV", "EF", "PR", "CG", "OQ", "OD", "VY", "IL", "IJ",
          "KX", "HN", "BR", "K<", "C<", "L<", "X<", "E<")  # fmt: skip
MOST = 4
"""More corrections than this help nobody."""


def _neighbours(*pairs: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        one, other = pair[0], pair[1]
        found[one] = found.get(one, "") + other
        found[other] = found.get(other, "") + one
    return found


_FIRST = _neighbours(*_LETTER_OR_DIGIT)
_SECOND = _neighbours(*_ALIKE)


class Doubt(NamedTuple):
    """A character to look at: where it stands (line and place, counted from 0) and what it may be instead.

    Two characters of which the second stands first are one doubt of both.
    """

    line: int
    place: int
    found: str
    instead: str


class Correction(NamedTuple):
    """A whole zone, all digits agreeing: one character read otherwise or two swapped, letters where digits must be."""

    lines: tuple[str, ...]
    doubts: tuple[Doubt, ...]


class Doubts(NamedTuple):
    """What is doubtful. Without corrections, `fields` says where the wrong characters must be."""

    marked: tuple[Doubt, ...]
    corrections: tuple[Correction, ...]
    fields: tuple[tuple[int, int, int], ...]


def doubts(zone: Zone, today: date) -> Doubts:
    """Point at doubtful characters of a zone, and propose single corrections after which every digit agrees."""
    if zone.format is None:
        return Doubts((), (), ())
    layout = LAYOUTS[zone.format]
    forced = tuple(_misplaced(zone.lines, layout))
    lines = _changed(zone.lines, forced)
    if zone.lost is not None:  # nobody can tell which one, only in which field
        return Doubts((), (), tuple(_around(zone.lost, layout)))
    settled = parse("\n".join(lines), today) if forced else zone
    if settled.sound:
        corrections = (Correction(lines, forced),) if forced else ()
        return Doubts(forced, corrections, ())
    swapped = tuple(_corrections(settled, layout, forced, _swaps(settled, layout), today))
    for guess in (_letter_or_digit, _alike, None, _digit_itself, _anything):
        read = tuple(_corrections(settled, layout, forced, _others(settled, layout, guess), today)) if guess else ()
        found = (*read, *swapped)
        if (read or guess is None) and 0 < len(found) <= MOST:
            marked = dict.fromkeys(doubt for correction in found for doubt in correction.doubts)
            return Doubts(tuple(marked), found, ())
    told = (doubt if _agrees(settled, layout, doubt) else doubt._replace(instead="") for doubt in forced)
    return Doubts(tuple(told), (), tuple(_fields(settled, layout)))


Guess = Callable[[Zone, int, int], str]
"""Gives the characters that may stand at a place instead of the one that does."""


def _letter_or_digit(zone: Zone, line: int, place: int) -> str:
    return _FIRST.get(zone.lines[line][place], "")


def _alike(zone: Zone, line: int, place: int) -> str:
    return _SECOND.get(zone.lines[line][place], "")


def _digit_itself(zone: Zone, line: int, place: int) -> str:
    """Take a check digit for the wrong character: the field would be right then."""
    return "".join(check.computed for check in zone.wrong if (check.line, check.place) == (line, place))


def _anything(zone: Zone, line: int, place: int) -> str:
    """Take any other character of the same class for the right one."""
    ch = zone.lines[line][place]
    return "".join(sorted((DIGITS if ch in DIGITS else LETTERS) - {ch}))


def _agrees(zone: Zone, layout: Layout, doubt: Doubt) -> bool:
    """Tell whether a digit answers for the doubtful character and, with the other one in its place, agrees."""
    own = {Part.BIRTH: layout.birth, Part.EXPIRY: layout.expiry}
    fields = {(part, line, place) for part, (line, start, end) in own.items() for place in range(start, end + 1)}
    return any(check.right and (check.part, doubt.line, doubt.place) in fields for check in zone.checks)


def _misplaced(lines: tuple[str, ...], layout: Layout) -> Iterator[Doubt]:
    """Find letters where only digits may stand, and digits where only letters may."""
    digits = [(line, place) for line, start, end in (layout.birth, layout.expiry) for place in range(start, end + 1)]
    if layout.whole_at is not None:
        digits.append(layout.whole_at)
    fields = ((0, 0, 5), layout.names, layout.nationality, (*layout.sex, layout.sex[1] + 1))
    letters = [(line, place) for line, start, end in fields for place in range(start, end)]
    for places, wrong, right in ((digits, LETTERS, DIGITS), (letters, DIGITS, LETTERS)):
        for line, place in places:
            ch = lines[line][place]
            if ch in wrong:
                instead = [other for other in _FIRST.get(ch, "") if other in right]
                yield Doubt(line, place, ch, instead[0] if instead else "")


def _changed(lines: tuple[str, ...], changes: tuple[Doubt, ...]) -> tuple[str, ...]:
    rows = [list(line) for line in lines]
    for doubt in changes:
        if doubt.instead:
            rows[doubt.line][doubt.place : doubt.place + len(doubt.found)] = doubt.instead
    return tuple("".join(row) for row in rows)


def _others(zone: Zone, layout: Layout, guess: Guess) -> Iterator[Doubt]:
    """Read each suspected character otherwise."""
    for line, place in _suspects(zone, layout):
        for other in guess(zone, line, place):
            yield Doubt(line, place, zone.lines[line][place], other)


def _swaps(zone: Zone, layout: Layout) -> Iterator[Doubt]:
    """Put each two suspected neighbours the other way round."""
    suspects = dict.fromkeys(_suspects(zone, layout))
    for line, place in suspects:
        both = zone.lines[line][place : place + 2]
        if (line, place + 1) in suspects and both[0] != both[1]:
            yield Doubt(line, place, both, both[::-1])


def _corrections(
    zone: Zone, layout: Layout, forced: tuple[Doubt, ...], tried: Iterator[Doubt], today: date
) -> Iterator[Correction]:
    count = 0
    for doubt in tried:
        lines = _changed(zone.lines, (doubt,))
        if parse("\n".join(lines), today).sound and not any(_misplaced(lines, layout)):
            yield Correction(lines, (*forced, doubt))
            count += 1
            if count > MOST:
                return


def _suspects(zone: Zone, layout: Layout) -> Iterator[tuple[int, int]]:
    for line, start, end in _fields(zone, layout):
        for place in range(start, end):
            yield line, place


def _around(lost: tuple[int, int], layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Give the field, with its check digit, in which a character was left out or written twice."""
    for line, start, end in (layout.number, layout.birth, layout.expiry, layout.optional):
        if line == lost[0] and start <= lost[1] <= end:
            yield line, start, min(end + 1, layout.width)
            return


def _fields(zone: Zone, layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Give the fields, each with its check digit, in which a wrong character must be looked for."""
    wrong = {check.part for check in zone.wrong}
    own = {Part.BIRTH: layout.birth, Part.EXPIRY: layout.expiry, Part.OPTIONAL: layout.optional}
    for check in zone.wrong:
        if check.part in own:
            line, start, end = own[check.part]
            yield line, start, end + 1
        elif check.part is Part.NUMBER:
            line, start, end = layout.number
            yield line, start, end + 1
            if check.place != end:
                yield check.line, layout.optional[1], check.place + 1
    if wrong == {Part.WHOLE}:
        if not layout.optional_checked:
            yield layout.optional
        if layout.second_optional is not None:
            yield layout.second_optional
        if layout.whole_at is not None:
            line, place = layout.whole_at
            yield line, place, place + 1
