"""Working days of one or several countries, and deadlines counted on them.

Days come from the `holidays` library, with the Russian and Chinese moved days and working Saturdays. Days
moved by a yearly decree are known only when the decree is out: `covers` says whether that year was checked.
A pack's `calendars/` folder adds what the library lacks.
"""

import calendar as months
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

from workflow.knowledge.countries import country_name, is_known_country

_CHECKED_THROUGH = {"RU": 2026, "CN": 2026, "BY": 2026, "KZ": 2026}
_FIRST_YEAR = 1992
_LAST_YEAR = 2099
_NEAREST = 400
_SATURDAY = 5

Overrides = Mapping[str, Mapping[date, bool]]


class UnknownCalendarError(ValueError):
    """There is no country with this key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Unit(StrEnum):
    """What an offset counts; hours are counted as the days that they fill, for a date has no hours."""

    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=512)
def _days_off(key: str, year: int) -> frozenset[date]:
    """Give the days off of one country and year; a country that the library lacks rests on its weekends."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(366 if months.isleap(year) else 365)]
    if key not in _supported():
        return frozenset(day for day in days if day.weekday() >= _SATURDAY)
    country = holidays.country_holidays(key, years=year)
    return frozenset(day for day in days if not country.is_working_day(day))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days on which all named countries work."""

    keys: tuple[str, ...]
    overrides: Overrides = field(default_factory=dict, hash=False)
    known_years: Mapping[str, Collection[int]] = field(default_factory=dict, hash=False)

    def is_working(self, day: date) -> bool:
        """Tell whether every country works on this day."""
        return all(self._works(key, day) for key in self.keys)

    def _works(self, key: str, day: date) -> bool:
        own = self.overrides.get(key)
        if own is not None and day in own:
            return own[day]
        return day not in _days_off(key, day.year)

    def covers(self, year: int) -> bool:
        """Tell whether the days of this year are known for every country, moved days included."""
        return all(self._covers(key, year) for key in self.keys)

    def _covers(self, key: str, year: int) -> bool:
        if year in self.known_years.get(key, ()):
            return True
        return key in _supported() and _FIRST_YEAR <= year <= _CHECKED_THROUGH.get(key, _LAST_YEAR)

    def uncertain_keys(self, year: int) -> tuple[str, ...]:
        """Name the countries whose days of this year are not certain yet."""
        return tuple(key for key in self.keys if not self._covers(key, year))

    def name(self, locale: str) -> str:
        """Name the countries in the reader's language, as in «Россия + Китай»."""
        return " + ".join(country_name(key, locale) for key in self.keys)


def working_calendar(
    *keys: str,
    overrides: Overrides | None = None,
    known_years: Mapping[str, Collection[int]] | None = None,
) -> WorkingCalendar:
    """Give the calendar of one or several countries; with several, a day works only when it works in all."""
    for key in keys:
        if not is_known_country(key):
            raise UnknownCalendarError(key)
    return WorkingCalendar(tuple(dict.fromkeys(keys)), overrides or {}, known_years or {})


def roll_back(day: date, calendar: WorkingCalendar) -> date:
    """Give this day if it works, or else the last working day before it."""
    return _roll(day, calendar, -1)


def roll_forward(day: date, calendar: WorkingCalendar) -> date:
    """Give this day if it works, or else the next working day."""
    return _roll(day, calendar, 1)


def _roll(day: date, calendar: WorkingCalendar, step: int) -> date:
    for distance in range(_NEAREST):
        candidate = day + timedelta(days=step * distance)
        if calendar.is_working(candidate):
            return candidate
    raise ValueError("calendars.no-working-day")


def shift(day: date, offset: int, unit: Unit, calendar: WorkingCalendar) -> date:
    """Move a date by so many units; negative goes back.

    Working days are counted from the day itself, which does not count. A month's end is kept: 30 November and
    three months is the last day of February. Hours become the whole days that hold them.
    """
    match unit:
        case Unit.WORKDAY:
            return _shift_workdays(day, offset, calendar)
        case Unit.MONTH:
            return _shift_months(day, offset)
        case Unit.YEAR:
            return _shift_months(day, offset * 12)
        case Unit.WEEK:
            return day + timedelta(weeks=offset)
        case Unit.HOUR:
            return day + timedelta(days=-(-offset // 24) if offset > 0 else offset // 24)
        case Unit.DAY:
            return day + timedelta(days=offset)


@lru_cache(maxsize=8192)
def _shift_workdays(day: date, offset: int, calendar: WorkingCalendar) -> date:
    step = timedelta(days=1 if offset > 0 else -1)
    left, moved, idle = abs(offset), day, 0
    while left:
        moved += step
        if calendar.is_working(moved):
            left, idle = left - 1, 0
        else:
            idle += 1
            if idle > _NEAREST:
                raise ValueError("calendars.no-working-day")
    return moved


def _shift_months(day: date, offset: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + offset, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def working_days_between(first: date, second: date, calendar: WorkingCalendar) -> int:
    """Count the working days after the first date up to the second; negative when the second is earlier."""
    if second < first:
        return -working_days_between(second, first, calendar)
    return sum(calendar.is_working(first + timedelta(days=number)) for number in range(1, (second - first).days + 1))
