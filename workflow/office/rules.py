"""Patterns of numbers and checks of the office's own values. Pure decisions."""

import re
from datetime import date
from enum import StrEnum

FIRST_SERIES: tuple[tuple[str, str, str, str], ...] = (
    ("outgoing", "Исходящие письма", "Outgoing letters", "{n}"),
    ("orders", "Распоряжения", "Orders", "{n}-р"),
)
"""The number series that every office begins with, as our papers name them: key, titles, pattern."""

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_WIDE = re.compile(r"n(?::0([1-9]))?")
_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")


def is_series_key(text: str) -> bool:
    """Tell whether this can name a series: small Latin letters, digits, dashes."""
    return _KEY.fullmatch(text) is not None


def pattern_fault(pattern: str) -> str | None:
    """Say what is wrong with a pattern such as "01-15/{n}" or "{n:04}-{yy}", as an error code.

    Known places: {n} the number, perhaps with leading zeros; {year}; {yy}, its last two digits.
    """
    places = [match.group(1) for match in _BRACES.finditer(pattern)]
    if any(place is None or not (place in {"year", "yy"} or _WIDE.fullmatch(place)) for place in places):
        return "office.pattern-unknown-place"
    if sum(bool(_WIDE.fullmatch(place)) for place in places) != 1:
        return "office.pattern-needs-number"
    return None


class GivenAt(StrEnum):
    """When a paper takes its number from a series: as it is approved, or as it is signed."""

    APPROVAL = "approval"
    SIGNATURE = "signature"


def fill_pattern(pattern: str, value: int, year: int) -> str:
    """Write a number by its pattern: "01-15/{n}" and 7 give "01-15/7"."""

    def place(match: re.Match[str]) -> str:
        word = match.group(1)
        if word == "year":
            return str(year)
        if word == "yy":
            return f"{year % 100:02}"
        wide = _WIDE.fullmatch(word)
        return str(value).zfill(int(wide.group(1) or 1)) if wide else match.group(0)

    return _BRACES.sub(place, pattern)


def is_language(code: str) -> bool:
    """Tell whether this is the code of a language as ISO 639 writes it: ru, en, zh."""
    return re.fullmatch(r"[a-z]{2,3}", code) is not None


def year_is_plausible(year: int) -> bool:
    """Tell whether numbers are taken in this year."""
    return 1990 <= year <= 2199


def day_is_plausible(day: date) -> bool:
    """Tell whether a calendar's day can be meant."""
    return year_is_plausible(day.year)
