"""Guests of one visit who hand something in at the same moment: none is refused, and what is still due is counted."""

from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tests.guests.test_checklist_scans import Checklist, photograph
from tests.servers import wait_until
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.database import make_engine
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.reminders.models import LIVE_SQL, Reminder
from workflow.visas.items import receive_item
from workflow.visas.models import ChecklistItem
from workflow.visits.models import Visit

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("settings", ["postgres"], indirect=True)]


@pytest.fixture
def checklist(make: Any, session: Session, app: Flask) -> Checklist:
    return Checklist(make, session, app)


@pytest.fixture
def other(settings: Settings) -> Iterator[Session]:
    """A transaction of somebody else."""
    engine = make_engine(settings.database_url)
    with Session(engine, expire_on_commit=False) as own:
        yield own
    engine.dispose()


def meanwhile(other: Session, act: Callable[[], Any]) -> Any:
    """Do *act* in a thread while *other* holds what it has; *other* commits once the act has to wait for it."""
    given: list[Any] = []
    thread = Thread(target=lambda: given.append(act()))
    thread.start()
    with other.get_bind().engine.connect() as looking:
        wait_until(lambda: bool(looking.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))),
                   what="the second guest to wait for the first")
    commit(other)
    thread.join(60)
    return given[0]


def due_keys(session: Session) -> dict[str, Any]:
    """Read what is still due of the visas: the beginning of its key, and how many travellers it names."""
    session.rollback()
    rows = session.scalars(select(Reminder).where(Reminder.source == "visas", text(LIVE_SQL))
                           .execution_options(populate_existing=True))
    return {row.key.split(".in.")[0]: row.title_params["number"] for row in rows}


def test_the_later_of_two_counts_what_the_earlier_one_left(checklist: Checklist, other: Session) -> None:
    before = due_keys(checklist.session)
    assert before["item.photo"] == 2
    item = other.get_one(ChecklistItem, checklist.item("photo").id)
    receive_item(other, SYSTEM, clock.now(), other.get_one(Visit, checklist.visit.id), item)
    theirs = checklist.item("photo", guest=1).id
    checklist.session.rollback()
    answer = meanwhile(other, lambda: checklist.send(theirs, photograph(), guest=1))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert due_keys(checklist.session) == {key: count for key, count in before.items() if key != "item.photo"}


def test_guest_who_made_the_same_line_of_what_is_due_is_not_sent_away(checklist: Checklist, other: Session) -> None:
    session = checklist.session
    before = due_keys(session)
    line = session.scalars(select(Reminder).where(Reminder.key.startswith("item.photo"))).one()
    values = {column.key: getattr(line, column.key) for column in Reminder.__table__.c if column.key != "id"}
    session.execute(delete(Reminder).where(Reminder.id == line.id))
    commit(session)
    item = checklist.item("passport").id
    session.rollback()
    other.add(Reminder(**values))
    other.flush()
    answer = meanwhile(other, lambda: checklist.send(item, photograph()))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert due_keys(session)["item.photo"] == before["item.photo"]
