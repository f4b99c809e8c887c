"""Numbers of papers: no gap and no twin, whatever happens at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.database import Base, make_engine
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.unit_of_work import commit, rollback, unit_of_work
from workflow.office import numbers
from workflow.office.numbers import Number, take_number
from workflow.office.rules import fill_pattern, pattern_fault

THREADS, EACH = 8, 5


def add_series(session: Session, pattern: str = "01-15/{n}", key: str = "outgoing") -> None:
    with unit_of_work(session):
        numbers.add_series(session, SYSTEM, clock.now(), key=key, title_ru="Исходящие письма", pattern=pattern)


def test_numbers_follow_each_other_and_begin_anew_each_year(session: Session) -> None:
    add_series(session, "01-15/{n:03}-{yy}")
    add_series(session, "{year}/{n}", "orders")
    with unit_of_work(session):
        taken = [take_number(session, clock.now(), "outgoing", year) for year in (2027, 2027, 2028, 2027)]
        other = take_number(session, clock.now(), "orders")
    assert taken == [
        Number("01-15/001-27", 1),
        Number("01-15/002-27", 2),
        Number("01-15/001-28", 1),
        Number("01-15/003-27", 3),
    ]
    assert other == Number("2027/1", 1)


def test_number_of_an_act_that_failed_is_free_again(session: Session) -> None:
    add_series(session)
    take_number(session, clock.now(), "outgoing")
    rollback(session)
    with unit_of_work(session):
        assert take_number(session, clock.now(), "outgoing").value == 1


def test_unknown_series_is_said(session: Session) -> None:
    with pytest.raises(NotFound):
        take_number(session, clock.now(), "outgoing")


def storm(engine: Engine) -> list[int]:
    """Let 8 threads take numbers at once, each fifth act failing after it has taken its number."""
    start = Barrier(THREADS)

    def work(thread: int) -> list[int]:
        kept = []
        start.wait()
        for number in range(EACH):
            with Session(engine) as own:
                value = take_number(own, clock.now(), "outgoing", 2027).value
                if (thread + number) % 5 == 0:
                    rollback(own)
                else:
                    commit(own)
                    kept.append(value)
        return kept

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(value for kept in pool.map(work, range(THREADS)) for value in kept)


def test_eight_at_once_leave_no_gap_and_no_twin(session: Session) -> None:
    add_series(session)
    taken = storm(session.get_bind())  # type: ignore[arg-type]
    assert taken == list(range(1, len(taken) + 1))
    assert len(taken) == THREADS * EACH * 4 // 5


@pytest.mark.postgres
def test_eight_at_once_leave_no_gap_and_no_twin_on_postgresql(app: Any, postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    Base.metadata.create_all(engine)
    with Session(engine) as own:
        add_series(own)
    taken = storm(engine)
    engine.dispose()
    assert taken == list(range(1, len(taken) + 1))
    assert len(taken) == THREADS * EACH * 4 // 5


def test_series_goes_on_from_a_higher_number_only(session: Session) -> None:
    add_series(session)
    with unit_of_work(session):
        numbers.set_next_number(session, SYSTEM, clock.now(), "outgoing", 2027, 200)
        assert take_number(session, clock.now(), "outgoing", 2027).value == 200
    with pytest.raises(Conflict) as refused:
        numbers.set_next_number(session, SYSTEM, clock.now(), "outgoing", 2027, 200)
    assert refused.value.code == "office.number-taken"


@pytest.mark.parametrize(("pattern", "fault"), [
    ("01-15/{n}", None), ("{n:04}-{yy}", None), ("{year}/{n}", None), ("01-15", "office.pattern-needs-number"),
    ("{n}{n}", "office.pattern-needs-number"), ("{n}{x}", "office.pattern-unknown-place"),
    ("{n.__class__}", "office.pattern-unknown-place"), ("{n", "office.pattern-unknown-place"),
])  # fmt: skip
def test_pattern_is_judged_before_it_is_kept(session: Session, pattern: str, fault: str | None) -> None:
    assert pattern_fault(pattern) == fault
    if fault:
        with pytest.raises(Invalid):
            add_series(session, pattern)


def test_number_is_written_by_its_pattern() -> None:
    assert fill_pattern("{year}-{n:04}/{yy}", 27, 2031) == "2031-0027/31"


def test_a_number_after_midnight_of_the_new_year_is_the_first_of_that_year(session: Session) -> None:
    add_series(session)
    night = datetime(2027, 12, 31, 22, 30, tzinfo=UTC)  # half past one on the first of January in Moscow
    take_number(session, clock.now(), "outgoing", 2027)
    assert [take_number(session, moment, "outgoing").value for moment in (night - timedelta(hours=3), night)] == [2, 1]
