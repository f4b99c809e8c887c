"""Reads a zone and judges it; never raises on bad input.

Centuries, which a zone leaves out: a birth year that would lie in the future is last century's, so that nobody is
taken for older than a hundred; an expiry year is the one within fifty years of today.
"""

import re
from dataclasses import replace
from datetime import date
from itertools import compress

from workflow.knowledge.mrz.codes import DocumentKind, is_known_state, kind_of
from workflow.knowledge.mrz.lines import find, format_of, realigned
from workflow.knowledge.mrz.shapes import (
    DIGITS,
    FILLER,
    LAYOUTS,
    OVERFLOWING,
    Check,
    Format,
    Layout,
    Part,
    Remark,
    Zone,
    ZoneDate,
    check_digit,
)

_REMARKS = (
    Remark.A_VISA, Remark.CODE_UNKNOWN, Remark.STATE_UNKNOWN, Remark.NATIONALITY_UNKNOWN, Remark.DIGIT_IN_NAME,
    Remark.NAME_CUT, Remark.NO_GIVEN_NAMES, Remark.SEX_WRONG, Remark.BIRTH_UNKNOWN, Remark.BIRTH_IMPOSSIBLE,
    Remark.EXPIRY_UNKNOWN, Remark.EXPIRY_IMPOSSIBLE, Remark.EXPIRED,
)  # fmt: skip
"""In the order in which `_read` asks; looked up once, for reading an enum's member is slow."""
_NUMBER, _BIRTH, _EXPIRY, _OPTIONAL, _WHOLE = Part.NUMBER, Part.BIRTH, Part.EXPIRY, Part.OPTIONAL, Part.WHOLE
_VISA, _UNKNOWN = DocumentKind.VISA, DocumentKind.UNKNOWN
_SEXES = {"M": "male", "F": "female", FILLER: "unknown", "X": "unknown"}
_ONE_PLACE = 2
"""A single wrong character makes at most two digits disagree: its field's and the one over all."""
_PASSPORT_START = re.compile(r"[PVIAC][A-Z<][A-Z<]{3}[A-Z]")


def parse(text: str, today: date) -> Zone:
    """Read two or three lines, however they were pasted.

    Gives the fields, each check digit judged for itself, and warnings. A text without a zone gives a `Zone` of no
    format with the warning `NOT_A_ZONE`.
    """
    lines, before = find(text)
    form = format_of(lines)
    if form is None:
        return Zone(None, (), warnings=(Remark.NOT_A_ZONE,))
    warnings = [Remark.LENGTH_MENDED] if lines != before else []
    if len(lines) == 2 and _swapped(lines):
        lines, before = (lines[1], lines[0]), (before[1], before[0])
        form = format_of(lines) or form
        warnings.append(Remark.SECOND_LINE_FIRST)
    zone = _read(form, lines, today, warnings)
    if lines != before and len(zone.wrong) > _ONE_PLACE:
        others = [
            replace(_read(form, other, today, [*warnings, Remark.CHARACTER_LOST]), lost=place)
            for other, place in realigned(lines, before)
        ]
        return min([zone, *others], key=lambda one: len(one.wrong))
    return zone


def _swapped(lines: tuple[str, ...]) -> bool:
    first, second = lines
    return not _PASSPORT_START.match(first) and _PASSPORT_START.match(second) is not None and "<<" in second


def _read(form: Format, lines: tuple[str, ...], today: date, warnings: list[Remark]) -> Zone:
    layout = LAYOUTS[form]
    number, number_check, optional = _number(form, layout, lines)
    line, start, end = layout.birth
    birth = read_birth(lines[line][start:end], today)
    checks = [number_check, _check(_BIRTH, lines, layout.birth)]
    line, start, end = layout.expiry
    expiry = read_expiry(lines[line][start:end], today)
    checks.append(_check(_EXPIRY, lines, layout.expiry))
    if layout.optional_checked:
        checks.append(_check(_OPTIONAL, lines, layout.optional))
    if layout.whole_at is not None:
        covered = "".join(lines[line][start:end] for line, start, end in layout.whole)
        line, place = layout.whole_at
        stated, computed = lines[line][place], check_digit(covered)
        checks.append(Check(_WHOLE, stated, computed, stated == computed, line, place))
    second = ""
    if layout.second_optional is not None:
        line, start, end = layout.second_optional
        second = lines[line][start:end].rstrip(FILLER)
    line, start, end = layout.names
    names = lines[line][start:end]
    family, given = split_names(names)
    line, start, end = layout.nationality
    code, state, nationality = lines[0][:2].rstrip(FILLER), lines[0][2:5].rstrip(FILLER), lines[line][start:end]
    nationality, sex = nationality.rstrip(FILLER), _SEXES.get(lines[layout.sex[0]][layout.sex[1]], "")
    cut = names[-1] != FILLER
    kind = kind_of(code, nationality).kind
    found = (
        kind is _VISA, kind is _UNKNOWN, not is_known_state(state),
        not is_known_state(nationality), not DIGITS.isdisjoint(names), cut, not given, not sex,
        birth.possible and birth.day is None, not birth.possible, expiry.possible and expiry.day is None,
        not expiry.possible, expiry.day is not None and expiry.day < today,
    )  # fmt: skip
    return Zone(
        form, lines, code=code, state=state, number=number, nationality=nationality, birth=birth, sex=sex,
        expiry=expiry, optional=optional, second_optional=second, family=family, given=given, cut=cut,
        checks=tuple(checks), warnings=(*warnings, *compress(_REMARKS, found)),
    )  # fmt: skip


def _check(part: Part, lines: tuple[str, ...], field: tuple[int, int, int]) -> Check:
    """Judge the digit that follows a field; after an empty field a filler is as good as 0 (part 3, 4.9)."""
    line, start, end = field
    text, stated = lines[line][start:end], lines[line][end]
    computed = check_digit(text)
    right = stated == computed or (stated == FILLER and not text.strip(FILLER))
    return Check(part, stated, computed, right, line, end)


def _number(form: Format, layout: Layout, lines: tuple[str, ...]) -> tuple[str, Check, str]:
    """Read the document number, which may go on in the optional data, its check digit, and the rest of those data.

    A number of more than nine characters has a filler where its check digit would stand, goes on at the beginning of
    the optional data and ends there with the digit and a filler (parts 5 and 6, note j).
    """
    line, start, end = layout.number
    first = lines[line][start:end]
    data_line, data_start, data_end = layout.optional
    data = lines[data_line][data_start:data_end]
    if form in OVERFLOWING and lines[line][end] == FILLER and data[0] != FILLER and FILLER not in first:
        rest = data.split(FILLER, 1)[0]
        if len(rest) > 1:
            number, place = first + rest[:-1], data_start + len(rest) - 1
            computed = check_digit(number)
            check = Check(_NUMBER, rest[-1], computed, rest[-1] == computed, data_line, place)
            return number, check, data[len(rest) :].strip(FILLER)
    return first.rstrip(FILLER), _check(_NUMBER, lines, layout.number), data.rstrip(FILLER)


def split_names(field: str) -> tuple[str, str]:
    """Part the family name from the given names at the double filler; a single one is a space."""
    family, _, given = field.partition("<<")
    return " ".join(family.split(FILLER)).strip(), " ".join(given.replace("<<", FILLER).split(FILLER)).strip()


def read_birth(text: str, today: date) -> ZoneDate:
    """Read a birth date; a year that would put the date in the future is last century's."""
    century = today.year // 100 * 100
    if text[:2].isdigit() and int(text[:2]) > today.year % 100:
        return _date(text, century - 100)
    made = _date(text, century)
    if made.possible and (made.day is None or made.day <= today):
        return made
    other = _date(text, century - 100)  # later this year, or 29 February that only the other century has
    return other if other.possible else made


def read_expiry(text: str, today: date) -> ZoneDate:
    """Read an expiry date: the year within fifty years of today."""
    if len(text) != 6 or not text[:2].isdigit():
        return _date(text, today.year // 100 * 100)
    lowest = today.year - 49
    year = lowest + (int(text[:2]) - lowest) % 100
    return _date(text, year // 100 * 100)


def _date(text: str, century: int) -> ZoneDate:
    """Read YYMMDD of a century. Parts that are fillers or zeros are unknown, which is allowed (part 3, 4.8)."""
    if text.isdigit() and "00" not in (text[2:4], text[4:]):
        year, month, day = century + int(text[:2]), int(text[2:4]), int(text[4:])
        try:
            return ZoneDate(text, year, month, day, date(year, month, day), possible=True)
        except ValueError:
            return ZoneDate(text, year, None, None, None, possible=False)
    return _partly(text, century)


def _partly(text: str, century: int) -> ZoneDate:
    numbers: list[int | None] = []
    for place in (0, 2, 4):
        part = text[place : place + 2]
        if part == "<<" or (part == "00" and place):
            numbers.append(None)
        elif part.isdigit():
            numbers.append(int(part))
        else:
            return ZoneDate(text, None, None, None, None, possible=False)
    full = None if numbers[0] is None else century + numbers[0]
    if (numbers[1] or 1) > 12 or (numbers[2] or 1) > 31:
        return ZoneDate(text, full, None, None, None, possible=False)
    return ZoneDate(text, full, numbers[1], numbers[2], None, possible=True)
