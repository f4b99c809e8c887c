"""A visit that a worker plans is held: a change of dates in that moment waits, and is not planned by the old days."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.jobs import Job, JobState, enqueue
from workflow.base.unit_of_work import commit
from workflow.process import deadlines
from workflow.process.reactions import RECOMPUTE, VISAS
from workflow.visas import jobs as visa_jobs
from workflow.visits.models import Visit
from workflow.web.database import db


@pytest.mark.postgres
@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
@pytest.mark.parametrize(("kind", "room", "plans"), [
    (RECOMPUTE, deadlines, "sync_visits"), (VISAS, visa_jobs, "recompute_visit"),
])  # fmt: skip
@pytest.mark.parametrize("by_person", [False, True])
def test_nobody_moves_a_visit_while_it_is_planned(
    app: Flask, session: Session, make: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
    kind: str, room: Any, plans: str, by_person: bool,
) -> None:  # fmt: skip
    visit = make.visit()
    member = make.member(visit)
    run_jobs()
    with app.app_context():
        engine = db.engine
    really, moved = getattr(room, plans), []

    def meanwhile(*given: Any, **named: Any) -> Any:
        with Session(engine) as other:
            try:
                moved.append(other.scalar(select(Visit.id).where(Visit.id == visit.id).with_for_update(nowait=True)))
            except OperationalError:
                moved.append(None)
        return really(*given, **named)

    monkeypatch.setattr(room, plans, meanwhile)
    payload = {"subject_kind": "person", "subject_id": member.person_id} if by_person and kind == VISAS else {}
    enqueue(session, clock.now(), kind, "plan", {"visit_id": visit.id} | payload)
    commit(session)
    run_jobs()
    assert moved == [None]


def test_change_of_the_offices_calendar_plans_visits_in_parts(
    session: Session, make: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = [make.visit().id for _ in range(5)]
    run_jobs()
    planned: list[list[int]] = []
    monkeypatch.setattr("workflow.process.jobs.AT_ONCE", 2)
    monkeypatch.setattr("workflow.process.jobs.sync_deadlines", lambda _session, _now, ids: planned.append(list(ids)))
    for _twice in range(2):  # each change asks anew
        number = enqueue(session, clock.now(), RECOMPUTE, f"calendar.{len(planned)}", {"event_id": len(planned)})
        commit(session)
        run_jobs()
        assert number is not None
    assert planned == [visits[:2], visits[2:4], visits[4:]] * 2
    session.expire_all()
    assert {job.state for job in session.scalars(select(Job).where(Job.kind == RECOMPUTE))} == {JobState.DONE}
