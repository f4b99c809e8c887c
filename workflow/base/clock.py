"""The only place that reads the clock.

Everything else takes `now` (aware, UTC) as an argument, so that tests and the demo can set it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_frozen: list[datetime] = []


def now() -> datetime:
    """Give the present moment, aware and in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """Give the calendar date that people in *zone* (an IANA name) read off at *moment*."""
    return moment.astimezone(ZoneInfo(zone)).date()


def local_moment(day: date, hour: int, minute: int, zone: str) -> datetime:
    """Give the UTC moment at which clocks in *zone* show *hour*:*minute* on *day*."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at *moment* for every thread of this process; for tests."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    _frozen.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()


def advance_frozen(by: timedelta) -> None:
    """Move a held clock on by *by*; for tests."""
    _frozen[-1] += by
