"""One request id from the web through every job and event that follows, also where the clock was the one who asked."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base import clock, events, jobs
from workflow.base.actor import SYSTEM, Role
from workflow.base.events import Event, record, told_together
from workflow.base.jobs import Job, JobHandler, enqueue
from workflow.base.request_ids import request_id
from workflow.base.unit_of_work import commit
from workflow.partners import service

FIRST, SECOND, KIND = "test.first", "test.second", "tests.something.happened"


def _first(session: Session, _payload: Any, _outcome: Any, now: datetime) -> None:
    """What a batch does: its step records events of the system, gathers what reacts to them, and asks for the next."""
    with told_together(session, now, [SECOND]):
        record(session, SYSTEM, now, KIND, subject=("partner", 1))
    enqueue(session, now, SECOND, "next", {})


@pytest.fixture
def handlers() -> Iterator[None]:
    """A job that asks for others in each way there is."""
    made = [JobHandler(FIRST, record=_first), JobHandler(SECOND, record=lambda *_given: None)]
    for handler in made:
        jobs.JOB_HANDLERS._things[handler.kind] = handler
    events.EVENT_REACTIONS._things[KIND] = (SECOND,)
    yield
    del events.EVENT_REACTIONS._things[KIND]
    for handler in made:
        del jobs.JOB_HANDLERS._things[handler.kind]


def ids_of(session: Session) -> tuple[set[str], set[str]]:
    """Read which requests the later jobs and the events go back to."""
    session.rollback()
    return (set(session.scalars(select(Job.request_id).where(Job.kind == SECOND))),
            set(session.scalars(select(Event.request_id).where(Event.kind == KIND))))


@pytest.mark.parametrize(("asked", "kept"), [("0123456789abcdef", "0123456789abcdef"), ("", "job-{id}")])
def test_what_a_job_asks_for_goes_back_to_the_same_request(
    session: Session, handlers: None, run_jobs: Callable[[], int], asked: str, kept: str
) -> None:
    first = enqueue(session, clock.now(), FIRST, "first", {}, request_id=asked)
    commit(session)
    assert run_jobs() == 3
    assert ids_of(session) == ({kept.format(id=first)}, {kept.format(id=first)})


def test_page_that_tells_together_names_its_request(
    session: Session, handlers: None, client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_and_tell(own: Session, actor: Any, now: datetime, *given: Any, **values: Any) -> Any:
        _first(own, None, None, now)
        return add_partner(own, actor, now, *given, **values)

    add_partner = service.add_partner
    monkeypatch.setattr(service, "add_partner", add_and_tell)
    answer = client_as(Role.COORDINATOR).post("/partners/new", {"kind": "city", "name_ru": "Город", "name_en": "City",
                                                               "country": "TR", "city": "Kadıköy"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    sent = answer.headers["X-Request-Id"]
    assert ids_of(session) == ({sent}, {sent})
    assert request_id() == ""  # the next one on this thread begins without
