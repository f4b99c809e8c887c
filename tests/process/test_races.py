"""Two who act at once, on real connections: one does it, the other is told."""

from collections.abc import Callable
from datetime import date, datetime
from threading import Barrier, Thread
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.process.conftest import Facts
from tests.servers import both_databases
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.database import make_engine
from workflow.base.errors import DomainError
from workflow.base.events import Event
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit, unit_of_work
from workflow.process.opening import open_visit_for_request
from workflow.process.publishing import publish_definitions
from workflow.process.service import advance_visit, change_dates
from workflow.reminders.models import Reminder
from workflow.visits.models import Visit
from workflow.visits.requesting import register_request
from workflow.visits.rules import Dates, RequestSource


def at_once(settings: Settings, *acts: Callable[[Session], object]) -> list[str]:
    """Do each act in a thread and transaction of its own, all beginning together; give "done" or the error's code."""
    gate, answers = Barrier(len(acts)), []

    def do(act: Callable[[Session], object]) -> None:
        engine = make_engine(settings.database_url)
        with Session(engine, expire_on_commit=False) as own:
            gate.wait()
            try:
                with unit_of_work(own):
                    act(own)
                answers.append("done")
            except DomainError as error:
                answers.append(error.code)
        engine.dispose()

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@both_databases
def test_one_visit_advanced_by_many_at_once_advances_once(
    settings: Settings, session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    session.rollback()
    seen = visit.lock_version
    answers = at_once(settings, *[
        lambda own: advance_visit(own, coordinator, now, visit.id, "invite", seen) for _ in range(4)
    ])
    assert answers == ["base.stale"] * 3 + ["done"]
    assert session.scalar(select(func.count(Event.id)).where(Event.kind == "process.stage.entered")) == 1


@both_databases
def test_advancing_while_the_dates_move_loses_neither_or_says_so(
    settings: Settings, session: Session, now: datetime, open_one: Callable[..., Visit], coordinator: Actor
) -> None:
    visit = open_one()
    session.rollback()
    later = Dates(date(2027, 6, 7), date(2027, 6, 9))
    answers = at_once(
        settings,
        lambda own: advance_visit(own, coordinator, now, visit.id, "invite"),
        lambda own: change_dates(own, coordinator, now, visit.id, dates=later),
    )
    assert answers == ["done", "done"]
    session.expire_all()
    saved = session.get_one(Visit, visit.id)
    assert (saved.stage, saved.arrival, saved.lock_version) == ("invited", later.arrival, 3)
    keys = list(session.scalars(select(Reminder.key)))
    assert len(keys) == len(set(keys))


@both_databases
def test_one_request_accepted_by_two_managers_opens_one_visit(
    app: Flask, settings: Settings, session: Session, now: datetime, published: None, make: Any, facts: Facts
) -> None:
    row = register_request(session, SYSTEM, now, {
        "title_ru": "Визит", "asking_body": "Кадыкёй", "country": "TR"}, source=RequestSource.LETTER)
    commit(session)
    managers = [make.actor(Role.MANAGER, account=make.account(Role.MANAGER)) for _ in range(2)]
    session.rollback()
    answers = at_once(settings, *[
        lambda own, who=manager: open_visit_for_request(own, who, now, row.id) for manager in managers
    ])
    assert answers == ["done", "visits.request-decided"]
    assert session.scalar(select(func.count(Visit.id))) == 1


@both_databases
def test_processes_published_by_two_starts_at_once_are_published_once(
    settings: Settings, session: Session, now: datetime, facts: Facts
) -> None:
    from tests.process.words import WORDS
    from workflow.process.models import ProcessDefinition

    session.rollback()
    answers = at_once(settings, *[lambda own: publish_definitions(own, now, words=WORDS) for _ in range(3)])
    assert answers == ["done"] * 3
    rows = list(session.scalars(select(ProcessDefinition.key)))
    assert sorted(rows) == ["courtesy-call", "incoming", "online-meeting", "outgoing"]
