"""Slow work is done between two runs of the act that needs it, and only what is still so is kept."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.errors import Invalid, Stale
from workflow.base.events import Event, record
from workflow.base.slow_work import ask_for, in_two_runs, outcome_of, slow_work_first
from workflow.base.unit_of_work import commit


@dataclass
class Doubling:
    """Work that says when it was done and whether anybody was in a transaction then."""

    number: int
    session: Session
    seen: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"double.{self.number}"

    def do(self) -> int:
        self.seen.append((self.number, self.session.in_transaction()))
        if self.number < 0:
            raise Invalid("base.out-of-range")
        return self.number * 2


def test_the_act_is_undone_while_the_work_is_done_and_changes_things_once(session: Session, now: datetime) -> None:
    seen: list[tuple[int, bool]] = []

    def act() -> list[int]:
        record(session, SYSTEM, now, "base.tried", subject=("thing", 1))
        works = [Doubling(number, session, seen) for number in (1, 2)]
        ask_for(works)
        return [outcome_of(work) for work in works]

    assert slow_work_first(session, act) == [2, 4]
    commit(session)
    assert seen == [(1, False), (2, False)]
    assert session.scalar(select(func.count(Event.id)).where(Event.kind == "base.tried")) == 1


def test_what_the_work_raised_meets_the_act_that_asks_for_it(session: Session) -> None:
    with pytest.raises(Invalid):
        slow_work_first(session, lambda: outcome_of(Doubling(-1, session)))


def test_other_facts_the_second_time_are_worked_on_anew_and_ever_other_ones_given_up(session: Session) -> None:
    seen: list[tuple[int, bool]] = []
    facts = iter([1, 5, 5])
    assert slow_work_first(session, lambda: outcome_of(Doubling(next(facts), session, seen))) == 10
    assert [number for number, _open in seen] == [1, 5]
    restless = iter(range(100))
    with pytest.raises(Stale):
        slow_work_first(session, lambda: outcome_of(Doubling(next(restless), session)))


def test_without_a_door_the_work_is_done_on_the_spot(session: Session) -> None:
    assert outcome_of(Doubling(3, session)) == 6


def test_a_job_finds_its_work_done_when_it_is_recorded(session: Session, now: datetime) -> None:
    seen: list[tuple[int, bool]] = []
    kept: list[int] = []
    handler = in_two_runs("base.doubling", lambda own, payload, _now: kept.append(
        outcome_of(Doubling(payload["number"], own, seen))))
    assert handler.load is not None
    assert handler.perform is not None
    works = handler.load(session, {"number": 4}, now)
    session.rollback()
    handler.record(session, {"number": 4}, handler.perform(works), now)
    assert (kept, seen) == ([8], [(4, False)])
