"""Pure decisions of the desks: months and weeks as grids, how late a thing is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

WORKER_STOPPED_AFTER = timedelta(minutes=5)
"""A due job older than this means that nobody works through the jobs."""


class Dated(Protocol):
    """Something that goes on from a first day to a last."""

    @property
    def arrival(self) -> date | None:
        """The first day, where it is known."""

    @property
    def departure(self) -> date | None:
        """The last day, where it is known."""


@dataclass(frozen=True)
class Day:
    """One square of a month."""

    day: date
    in_month: bool
    things: tuple[object, ...]

LARGE_SHEET = 14
"""So many lines a week's sheet holds in letters of full size."""
DUE_ON_A_SHEET = 10
"""How many due things such a sheet still has room for; the desk has them all."""


def due_on_a_sheet(lines: int) -> int:
    """Say how many due things a week's sheet has room for: an emptier week shows more of them."""
    return DUE_ON_A_SHEET + max(0, LARGE_SHEET - lines)


def sheet_density(lines: int) -> str:
    """Choose how small a week's sheet is printed, by its lines apart from the due things."""
    return "" if lines <= LARGE_SHEET else "dense" if lines <= 26 else "denser" if lines <= 44 else "densest"


def month_grid(year: int, month: int, things: Iterable[Dated]) -> list[list[Day]]:
    """Lay a month out in whole weeks from Monday, with what goes on each day in order of its first day."""
    first = date(year, month, 1)
    last = next_month(first) - timedelta(days=1)
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    dated = [thing for thing in things if thing.arrival is not None]
    listed = sorted(dated, key=lambda thing: thing.arrival or first)
    weeks: list[list[Day]] = []
    day = start
    while day <= end:
        week = []
        for _ in range(7):
            going_on = tuple(thing for thing in listed if goes_on(thing, day))
            week.append(Day(day, day.month == month, going_on))
            day += timedelta(days=1)
        weeks.append(week)
    return weeks


def goes_on(thing: Dated, day: date) -> bool:
    """Say whether *thing* goes on on that day; one without a last day lasts a day."""
    if thing.arrival is None:
        return False
    return thing.arrival <= day <= (thing.departure or thing.arrival)


def next_month(first: date) -> date:
    """Give the first day of the month after."""
    return date(first.year + 1, 1, 1) if first.month == 12 else date(first.year, first.month + 1, 1)


def month_before(first: date) -> date:
    """Give the first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def parse_month(text: str, today: date) -> date:
    """Read "2027-05" as the first day of that month; anything else is this month."""
    try:
        year, month = text.split("-")
        first = date(int(year), int(month), 1)
    except ValueError:
        return today.replace(day=1)
    return first if 1900 <= first.year <= 2200 else today.replace(day=1)


def monday_of(day: date) -> date:
    """Give the Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def days_late(due_on: date, today: date) -> int:
    """Give by how many days a thing is late; negative while there is time."""
    return (today - due_on).days


def seems_stopped(oldest_due_at: datetime | None, now: datetime) -> bool:
    """Say whether the worker seems to be stopped: something has been due for too long."""
    return oldest_due_at is not None and now - oldest_due_at > WORKER_STOPPED_AFTER


def same_days_next_year(starts_on: date | None, ends_on: date | None, today: date) -> tuple[date | None, date | None]:
    """Propose dates for a visit copied from an earlier one: the same weekday, whole years on, in the future.

    52 weeks keep the weekday, which matters more to a programme than the number of the day.
    """
    if starts_on is None:
        return None, None
    length = (ends_on or starts_on) - starts_on
    start = starts_on + timedelta(weeks=52)
    while start <= today:
        start += timedelta(weeks=52)
    return start, start + length


def week_ahead(today: date) -> date:
    """Give a day of the week that people plan for: this one until Wednesday, from Thursday on the next."""
    return today if today.weekday() < 3 else today + timedelta(days=7)
