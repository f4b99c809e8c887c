"""Who is told, how late a thing is, and when a digest is due; without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workflow.base.reasons import Sentence
from workflow.knowledge.calendars import working_calendar
from workflow.reminders.rules import (
    People,
    ReminderState,
    Rung,
    batches,
    days_late,
    digest_day,
    digest_key,
    first_state,
    horizon,
    who_is_told,
)
from workflow.reminders.wording import from_json, to_json

RUSSIA = working_calendar("RU")
PEOPLE = People(responsible_id=1, substitute_id=2, manager_ids=frozenset({8, 9}))


@pytest.mark.parametrize(
    ("late", "told"),
    [
        (-1, {1: Rung.OWNER}),
        (0, {1: Rung.OWNER}),
        (1, {1: Rung.OWNER, 2: Rung.SUBSTITUTE}),
        (2, {1: Rung.OWNER, 2: Rung.SUBSTITUTE, 8: Rung.MANAGER, 9: Rung.MANAGER}),
        (40, {1: Rung.OWNER, 2: Rung.SUBSTITUTE, 8: Rung.MANAGER, 9: Rung.MANAGER}),
    ],
)
def test_ladder_climbs_with_working_days(late: int, told: dict[int, Rung]) -> None:
    assert who_is_told(PEOPLE, None, late) == told


def test_owner_stands_in_the_place_of_the_responsible_officer() -> None:
    assert who_is_told(PEOPLE, 5, 1) == {5: Rung.OWNER, 2: Rung.SUBSTITUTE}


def test_nobody_is_told_twice() -> None:
    assert who_is_told(People(8, 8, frozenset({8})), None, 5) == {8: Rung.OWNER}


def test_empty_rung_passes_to_the_next_at_once() -> None:
    assert who_is_told(People(None, 2, frozenset({9})), None, 0) == {2: Rung.SUBSTITUTE}
    assert who_is_told(People(None, None, frozenset({9})), None, 0) == {9: Rung.MANAGER}


def test_lateness_counts_working_days_across_holidays() -> None:
    # 12 June 2026 is a Friday off: Thursday's thing is one working day late on Monday 15 June
    assert days_late(date(2026, 6, 11), date(2026, 6, 14), RUSSIA) == 0
    assert days_late(date(2026, 6, 11), date(2026, 6, 15), RUSSIA) == 1
    assert days_late(date(2026, 6, 15), date(2026, 6, 11), RUSSIA) == -1


def test_digest_looks_two_working_days_ahead() -> None:
    assert horizon(date(2026, 6, 10), RUSSIA) == date(2026, 6, 15)


def test_digest_is_due_from_its_local_hour_for_half_a_day() -> None:
    zone = "Europe/Moscow"
    assert digest_day(datetime(2026, 6, 10, 4, 59, tzinfo=UTC), zone, 8) is None
    assert digest_day(datetime(2026, 6, 10, 5, 0, tzinfo=UTC), zone, 8) == date(2026, 6, 10)
    assert digest_day(datetime(2026, 6, 10, 16, 59, tzinfo=UTC), zone, 8) == date(2026, 6, 10)
    assert digest_day(datetime(2026, 6, 10, 17, 0, tzinfo=UTC), zone, 8) is None


def days_of_digest(zone: str, hour: int, start: datetime, hours: int) -> list[tuple[date, datetime]]:
    """Walk the clock minute by minute; the first moment of each digest day."""
    found: dict[date, datetime] = {}
    for minute in range(hours * 60):
        moment = start + timedelta(minutes=minute)
        day = digest_day(moment, zone, hour)
        if day is not None:
            found.setdefault(day, moment)
    return sorted(found.items())


def test_digest_keeps_its_local_hour_when_summer_time_begins_and_ends() -> None:
    # Vienna: clocks go on at 2026-03-29 02:00, back at 2026-10-25 03:00
    spring = days_of_digest("Europe/Vienna", 8, datetime(2026, 3, 28, 0, 0, tzinfo=UTC), 48)
    assert spring == [
        (date(2026, 3, 28), datetime(2026, 3, 28, 7, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)),
    ]
    autumn = days_of_digest("Europe/Vienna", 8, datetime(2026, 10, 24, 0, 0, tzinfo=UTC), 48)
    assert autumn == [
        (date(2026, 10, 24), datetime(2026, 10, 24, 6, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 7, 0, tzinfo=UTC)),
    ]


def test_hour_that_the_clock_skips_or_repeats_makes_one_digest_a_day() -> None:
    skipped = days_of_digest("Europe/Vienna", 2, datetime(2026, 3, 28, 22, 0, tzinfo=UTC), 24)
    assert skipped == [(date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC))]
    repeated = days_of_digest("Europe/Vienna", 2, datetime(2026, 10, 24, 21, 0, tzinfo=UTC), 24)
    assert repeated == [(date(2026, 10, 25), datetime(2026, 10, 25, 0, 0, tzinfo=UTC))]


def test_key_of_a_digest_is_person_and_day() -> None:
    assert digest_key(7, date(2026, 6, 10)) == "digest.7.2026-06-10"


def test_what_was_long_past_when_first_heard_of_is_missed() -> None:
    today = date(2026, 6, 10)
    assert first_state(date(2026, 5, 11), today) == ReminderState.PENDING
    assert first_state(date(2026, 5, 10), today) == ReminderState.MISSED


def test_batches_hold_at_most_their_size() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []


def test_parameters_of_a_sentence_survive_the_row() -> None:
    params = {
        "name": "Kadıköy", "count": 3, "day": date(2026, 6, 10), "at": datetime(2026, 6, 10, 8, 30, tzinfo=UTC),
        "what": Sentence("visas.passport", {"until": date(2027, 1, 1)}), "list": ["a", date(2026, 1, 1)],
        "title": {"ru": "Отчёт", "en": "Report"},
    }
    assert from_json(to_json(params)) == params
