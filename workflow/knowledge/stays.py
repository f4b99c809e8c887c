"""Counting the days of a stay together with earlier ones: ninety in any 180, or ninety in a calendar year.

A day of entry and a day of exit count as whole days; a day in two stays counts once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.knowledge.visa_rules import StayTotal

Span = tuple[date, date]
"""The first and the last day of a stay."""


@dataclass(frozen=True, slots=True)
class StayCount:
    """The days counted where they are most: *since* and *until* bound them, `total` is `earlier` and `this` together.

    `told` says that somebody answered for the earlier stays; else only those are counted that we know ourselves.
    """

    limit: int
    since: date
    until: date
    this: int
    earlier: int
    told: bool

    @property
    def total(self) -> int:
        """All days counted."""
        return self.this + self.earlier

    @property
    def exceeds(self) -> bool:
        """Whether they are more than the regime gives."""
        return self.total > self.limit


def count_stays(
    terms: StayTotal, first: date, last: date, earlier: Iterable[Span], *, told_days: int | None = None,
    told: bool = False,
) -> StayCount:  # fmt: skip
    """Count a stay from *first* to *last* with earlier ones, on the day or in the year in which most come together.

    *told_days* is a number of days without dates: all of them in the window before the entry, so that no count is too
    low; they hold those whose dates we know.
    """
    windows = list(_windows(terms, first, last))
    oldest = windows[0][0] if windows else first
    days = sorted({
        day for start, end in earlier for day in range(max(start, oldest).toordinal(), min(end, last).toordinal() + 1)
        if not first.toordinal() <= day <= last.toordinal()
    })  # fmt: skip
    most: StayCount | None = None
    for since, until in windows:
        begun = max(first, since)
        before = bisect_right(days, until.toordinal()) - bisect_left(days, since.toordinal())
        if told_days is not None and since <= first:
            before = max(before, told_days)
        count = StayCount(terms.days, since, until, (until - begun).days + 1, before, told or told_days is not None)
        if most is None or count.total > most.total:
            most = count
    if most is None:
        raise ValueError("a stay ends before it begins")
    return most


def _windows(terms: StayTotal, first: date, last: date) -> Iterator[Span]:
    if terms.window == "calendar_year":
        for year in range(first.year, last.year + 1):
            yield date(year, 1, 1), min(last, date(year, 12, 31))
        return
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        yield day - timedelta(days=terms.window - 1), day
