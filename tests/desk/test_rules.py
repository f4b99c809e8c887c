"""Months, weeks, lateness and cells."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from workflow.desk import rules


@dataclass(frozen=True)
class Trip:
    """Something with days."""

    arrival: date | None
    departure: date | None = None


def test_month_grid_lays_whole_weeks_and_what_goes_on() -> None:
    talks, fair = Trip(date(2027, 4, 29), date(2027, 5, 3)), Trip(date(2027, 5, 3))
    weeks = rules.month_grid(2027, 5, [fair, talks, Trip(None)])
    days = [day for week in weeks for day in week]
    assert [len(week) for week in weeks] == [7] * 6
    assert (days[0].day, days[-1].day) == (date(2027, 4, 26), date(2027, 6, 6))
    assert {day.day: day.things for day in days if day.things} == {
        date(2027, 4, 29): (talks,), date(2027, 4, 30): (talks,), date(2027, 5, 1): (talks,),
        date(2027, 5, 2): (talks,), date(2027, 5, 3): (talks, fair),
    }
    assert sum(day.in_month for day in days) == 31


@pytest.mark.parametrize(("text", "first"), [
    ("2027-12", date(2027, 12, 1)), ("", date(2026, 11, 1)), ("2027-13", date(2026, 11, 1)),
    ("99999-1", date(2026, 11, 1)), ("нет", date(2026, 11, 1)), ("1-2-3", date(2026, 11, 1)),
])
def test_parse_month_reads_only_real_months(text: str, first: date) -> None:
    assert rules.parse_month(text, date(2026, 11, 21)) == first


def test_months_around_a_year_end() -> None:
    assert rules.next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert rules.month_before(date(2027, 1, 1)) == date(2026, 12, 1)


def test_worker_seems_stopped_only_when_the_oldest_job_is_old() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert not rules.seems_stopped(None, now)
    assert not rules.seems_stopped(now - timedelta(minutes=4), now)
    assert rules.seems_stopped(now - timedelta(minutes=6), now)


def test_copied_dates_keep_the_weekday_and_lie_ahead() -> None:
    start, end = rules.same_days_next_year(date(2024, 5, 14), date(2024, 5, 17), date(2026, 11, 21))
    assert (start, end) == (date(2027, 5, 11), date(2027, 5, 14))
    assert start is not None
    assert start.weekday() == date(2024, 5, 14).weekday()
    assert rules.same_days_next_year(None, None, date(2026, 11, 21)) == (None, None)


def test_fuller_week_is_printed_smaller() -> None:
    assert [rules.sheet_density(lines) for lines in (3, 20, 40, 60)] == ["", "dense", "denser", "densest"]


def test_emptier_week_names_more_of_what_is_due() -> None:
    assert [rules.due_on_a_sheet(lines) for lines in (0, 3, 14, 40)] == [24, 21, 10, 10]
