"""Working days against the official Russian and Chinese calendars, and dates counted on them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.knowledge.calendars import (
    Unit,
    UnknownCalendarError,
    roll_back,
    roll_forward,
    shift,
    working_calendar,
    working_days_between,
)

RU = working_calendar("RU")
DAYS = st.dates(date(2023, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(("year", "working"), [(2024, 248), (2025, 247), (2026, 247)])
def test_russian_years_have_the_official_number_of_working_days(year: int, working: int) -> None:
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), RU) == working


OFFICIAL: dict[int, tuple[str, str, tuple[int, ...]]] = {
    2024: (
        "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 12-30 12-31",
        "04-27 11-02 12-28",
        (17, 20, 20, 21, 20, 19, 23, 22, 21, 23, 21, 21),
    ),
    2025: (
        "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31",
        "11-01",
        (17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22),
    ),
    2026: (
        "01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31",
        "",
        (15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22),
    ),
}
"""Year → weekdays off, weekend days worked, working days by month: the government's decrees 1314 of 10.08.2023,
1335 of 04.10.2024 and 1466 of 24.09.2025."""


@pytest.mark.parametrize("year", sorted(OFFICIAL))
def test_every_day_of_the_official_russian_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year % 4 == 0 else 365)]
    off, worked, by_month = OFFICIAL[year]
    weekdays_off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not RU.is_working(day)]
    weekend_worked = [f"{day:%m-%d}" for day in days if day.weekday() > 4 and RU.is_working(day)]
    assert (" ".join(weekdays_off), " ".join(weekend_worked)) == (off, worked)
    months = [sum(RU.is_working(day) for day in days if day.month == month) for month in range(1, 13)]
    assert tuple(months) == by_month


def test_russian_moved_days_and_working_saturdays() -> None:
    working = [date(2024, 4, 27), date(2024, 11, 2), date(2024, 12, 28), date(2025, 11, 1)]
    off = [date(2024, 12, 30), date(2024, 12, 31), date(2025, 5, 2), date(2026, 1, 9), date(2026, 12, 31)]
    assert [RU.is_working(day) for day in working] == [True] * 4
    assert [RU.is_working(day) for day in off] == [False] * 5


def test_chinese_make_up_days_work() -> None:
    chinese = working_calendar("CN")
    assert [chinese.is_working(day) for day in (date(2026, 2, 14), date(2026, 10, 10))] == [True, True]


def test_two_calendars_work_only_together() -> None:
    both = working_calendar("RU", "DE")
    saturday = date(2027, 2, 20)  # a Russian working Saturday, when consulates are shut
    assert (RU.is_working(saturday), both.is_working(saturday)) == (True, False)
    assert shift(date(2027, 3, 10), -15, Unit.DAY, both) == date(2027, 2, 23)
    assert roll_back(date(2027, 2, 23), both) == date(2027, 2, 19)
    assert roll_back(date(2027, 2, 23), RU) == saturday
    assert both.is_working(date(2026, 10, 3)) is False


def test_year_without_a_decree_is_named() -> None:
    assert [RU.covers(year) for year in (2024, 2025, 2026, 2027, 1990)] == [True, True, True, False, False]
    assert working_calendar("RU", "TR").uncertain_keys(2027) == ("RU",)
    assert working_calendar("RU", known_years={"RU": [2027]}).covers(2027) is True
    assert working_calendar("XA-ABK").covers(2026) is False


def test_abkhazia_rests_on_weekends_only() -> None:
    abkhazia = working_calendar("XA-ABK")
    assert [abkhazia.is_working(date(2026, 11, day)) for day in (20, 21, 22)] == [True, False, False]


def test_own_days_win_over_the_library() -> None:
    own = working_calendar("RU", "TR", overrides={"RU": {date(2026, 9, 21): False, date(2026, 9, 19): True}})
    assert (own.is_working(date(2026, 9, 21)), own.is_working(date(2026, 9, 19))) == (False, False)
    alone = working_calendar("RU", overrides={"RU": {date(2026, 9, 19): True}})
    assert alone.is_working(date(2026, 9, 19)) is True


def test_names_and_keys() -> None:
    both = working_calendar("RU", "CN", "RU")
    assert (both.keys, both.name("ru"), both.name("en")) == (("RU", "CN"), "Россия + Китай", "Russia + China")
    with pytest.raises(UnknownCalendarError):
        working_calendar("AB")


@pytest.mark.parametrize(
    ("day", "offset", "unit", "expected"),
    [
        (date(2026, 11, 30), 3, Unit.MONTH, date(2027, 2, 28)),
        (date(2028, 2, 29), -1, Unit.YEAR, date(2027, 2, 28)),
        (date(2026, 8, 31), -6, Unit.MONTH, date(2026, 2, 28)),
        (date(2027, 5, 30), 6, Unit.MONTH, date(2027, 11, 30)),
        (date(2027, 5, 31), 6, Unit.MONTH, date(2027, 11, 30)),
        (date(2027, 1, 31), 6, Unit.MONTH, date(2027, 7, 31)),
        (date(2026, 3, 31), -2, Unit.WEEK, date(2026, 3, 17)),
        (date(2026, 3, 31), -25, Unit.HOUR, date(2026, 3, 29)),
        (date(2026, 3, 31), 24, Unit.HOUR, date(2026, 4, 1)),
        (date(2027, 5, 12), -45, Unit.WORKDAY, date(2027, 3, 5)),
        (date(2026, 12, 30), 1, Unit.WORKDAY, date(2027, 1, 11)),
        (date(2026, 1, 1), 0, Unit.WORKDAY, date(2026, 1, 1)),
    ],
)
def test_shift(day: date, offset: int, unit: Unit, expected: date) -> None:
    assert shift(day, offset, unit, RU) == expected


def test_petition_45_working_days_is_68_calendar_days_before() -> None:
    assert (date(2027, 5, 12) - shift(date(2027, 5, 12), -45, Unit.WORKDAY, RU)).days == 68


@given(DAYS, st.integers(1, 60))
def test_working_days_there_and_counted_agree(day: date, number: int) -> None:
    assert working_days_between(day, shift(day, number, Unit.WORKDAY, RU), RU) == number
    assert shift(day, -number, Unit.WORKDAY, RU) < day


@given(DAYS)
def test_rolling_finds_the_nearest_working_day(day: date) -> None:
    back, forward = roll_back(day, RU), roll_forward(day, RU)
    assert back <= day <= forward
    between = (forward - back).days
    assert not any(RU.is_working(back + timedelta(days=number)) for number in range(1, between))
