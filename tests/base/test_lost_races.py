"""An act that PostgreSQL chose as the loser of a race is run anew, once the winner is through; nobody is sent away."""

from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from flask import flash
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.servers import wait_until
from workflow.base import clock, jobs
from workflow.base.actor import Role
from workflow.base.database import make_engine
from workflow.base.errors import Stale
from workflow.base.jobs import IfLost, Job, JobHandler, JobState
from workflow.base.running import run_job
from workflow.base.settings import Settings
from workflow.base.unit_of_work import RUNS_ANEW, anew_when_lost, commit, unit_of_work
from workflow.partners import service
from workflow.partners.models import Partner

on_postgres = pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
LETTER = "test.letter"


def waiting_for_a_lock(engine: Engine) -> bool:
    """Say whether somebody waits for somebody else's row."""
    with engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


class Rival:
    """Another program that holds row 2 and wants row 1, in this order, and is never the one to give in."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings.database_url)
        with self.engine.begin() as connection:
            connection.execute(text("CREATE TABLE shelf (number INTEGER PRIMARY KEY, held TEXT DEFAULT '')"))
            connection.execute(text("INSERT INTO shelf (number) VALUES (1), (2)"))
        self.holding = self.engine.connect()
        self.holding.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        self._take(2)
        self.thread = Thread(target=self._finish)

    def _take(self, number: int) -> None:
        self.holding.execute(text("UPDATE shelf SET held = held || 'rival ' WHERE number = :n"), {"n": number})

    def _finish(self) -> None:
        self._take(1)
        self.holding.commit()

    def want_the_other(self) -> None:
        """Reach for row 1, which somebody else holds."""
        self.thread.start()
        wait_until(lambda: waiting_for_a_lock(self.engine), what="the rival to stand in the way")

    def shelf(self) -> list[str]:
        """Read who held row 1 and row 2, in order."""
        with self.engine.connect() as connection:
            return list(connection.scalars(text("SELECT held FROM shelf ORDER BY number")))


@pytest.fixture
def rival(settings: Settings) -> Iterator[Rival]:
    made = Rival(settings)
    yield made
    if made.thread.ident:
        made.thread.join(60)
    made.holding.close()
    made.engine.dispose()


class Act:
    """Takes row 1, then row 2; the first time the rival comes between."""

    def __init__(self, rival: Rival) -> None:
        self.rival, self.runs = rival, 0

    def __call__(self, session: Session) -> None:
        """Take both rows."""
        self.runs += 1
        session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        session.execute(text("UPDATE shelf SET held = held || 'ours ' WHERE number = 1"))
        if self.runs == 1:
            self.rival.want_the_other()
        session.execute(text("UPDATE shelf SET held = held || 'ours ' WHERE number = 2"))


@on_postgres
def test_deadlock_lets_both_through(session: Session, rival: Rival) -> None:
    act = Act(rival)
    anew_when_lost(session, lambda: act(session))
    commit(session)
    assert (act.runs, rival.shelf()) == (2, ["rival ours ", "rival ours "])


@on_postgres
def test_letter_that_left_is_noted_as_sent_although_a_deadlock_came_between(session: Session, rival: Rival) -> None:
    act, sent = Act(rival), list[Any]()

    def note(own: Session, _payload: Any, _outcome: Any, _now: datetime) -> None:
        act(own)

    jobs.JOB_HANDLERS._things[LETTER] = JobHandler(
        LETTER, load=lambda *_given: "letter", perform=sent.append, record=note, if_lost=IfLost.UNCERTAIN)
    try:
        job_id = jobs.enqueue(session, clock.now(), LETTER, "letter", {})
        commit(session)
        assert job_id is not None
        assert run_job(session, clock.now, job_id) == JobState.DONE
    finally:
        del jobs.JOB_HANDLERS._things[LETTER]
    assert (sent, act.runs, rival.shelf()) == (["letter"], 2, ["rival ours ", "rival ours "])
    assert session.get_one(Job, job_id).state == JobState.DONE


@on_postgres
def test_row_that_somebody_else_made_meanwhile_is_found_in_the_second_run(session: Session, rival: Rival) -> None:
    def put_up() -> str:
        there = session.scalar(text("SELECT held FROM shelf WHERE number = 3"))
        if there is not None:
            return str(there)
        with rival.engine.begin() as other:
            other.execute(text("INSERT INTO shelf VALUES (3, 'rival')"))
        session.execute(text("INSERT INTO shelf VALUES (3, 'ours')"))
        return "ours"

    assert anew_when_lost(session, put_up) == "rival"
    session.rollback()


def test_unique_key_that_was_taken_before_is_no_race(session: Session) -> None:
    runs = []
    session.execute(text("CREATE TABLE shelf (number INTEGER PRIMARY KEY)"))

    def put_up_twice() -> None:
        runs.append(1)
        session.execute(text("INSERT INTO shelf VALUES (1), (1)"))

    with pytest.raises(IntegrityError):
        anew_when_lost(session, put_up_twice)
    assert len(runs) == 1


def test_who_loses_each_time_is_told_that_it_was_changed(session: Session) -> None:
    runs = []

    def lose() -> None:
        runs.append(1)
        raise StaleDataError

    with pytest.raises(Stale):
        anew_when_lost(session, lose)
    assert len(runs) == 1 + RUNS_ANEW


def test_act_that_kept_a_part_is_not_run_again(session: Session) -> None:
    runs = []

    def keep_and_lose() -> None:
        runs.append(1)
        with unit_of_work(session):
            session.execute(text("SELECT 1"))
        raise StaleDataError

    with pytest.raises(Stale):
        anew_when_lost(session, keep_and_lose)
    assert len(runs) == 1


def test_page_that_lost_a_race_does_its_act_once_and_says_so_once(
    session: Session, client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, add_partner = [], service.add_partner

    def add_and_lose_at_first(*given: Any, **values: Any) -> Partner:
        runs.append(1)
        row = add_partner(*given, **values)
        flash("The partner is there.")
        if len(runs) == 1:
            raise StaleDataError
        return row

    monkeypatch.setattr(service, "add_partner", add_and_lose_at_first)
    browser = client_as(Role.COORDINATOR)
    answer = browser.post("/partners/new", {"kind": "city", "name_ru": "Город", "name_en": "City", "country": "TR",
                                            "city": "Kadıköy"})
    assert (answer.status_code, len(runs)) == (303, 2)
    assert session.scalar(select(func.count(Partner.id))) == 1
    assert browser.get(answer.location).get_data(as_text=True).count("The partner is there.") == 1
