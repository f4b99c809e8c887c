"""What must not happen to jobs: an effect done twice, a fault of one that stops the others, a job that never ends."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base import clock, jobs
from workflow.base.jobs import IfLost, Job, JobHandler, JobState
from workflow.base.limits import RateLimit
from workflow.base.running import drain, run_job
from workflow.base.unit_of_work import attach_nudge, commit, detach_nudge

EFFECTS: list[str] = []


def _fail(*_anything: Any) -> None:
    raise RuntimeError("the table is locked")


def _effect(_inputs: Any) -> None:
    EFFECTS.append("done")


def _note(_session: Session, payload: Any, _outcome: Any, _now: datetime) -> None:
    EFFECTS.append(payload["mark"])


def _refuse(_inputs: Any) -> None:
    raise jobs.PermanentFailure("refused for good")


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Handlers whose record or whose listener fails."""
    EFFECTS.clear()
    made = [
        JobHandler("test.unrecorded", perform=_effect, record=_fail, if_lost=IfLost.UNCERTAIN),
        JobHandler("test.repeatable", perform=_effect, record=_fail, max_attempts=2),
        JobHandler("test.deaf", perform=_refuse, record=_note, settled_badly=_fail),
        JobHandler("test.after", record=_note),
    ]
    for handler in made:
        jobs.JOB_HANDLERS._things[handler.kind] = handler
    yield
    for handler in made:
        del jobs.JOB_HANDLERS._things[handler.kind]


def ask(session: Session, kind: str) -> int:
    """Enqueue and commit."""
    job_id = jobs.enqueue(session, clock.now(), kind, kind, {"mark": kind})
    commit(session)
    assert job_id is not None
    return job_id


def state(session: Session, job_id: int) -> str:
    """Read a job's state afresh."""
    session.rollback()
    return str(session.scalars(select(Job.state).where(Job.id == job_id)).one())


def test_effect_that_could_not_be_recorded_is_uncertain_and_never_repeated(session: Session) -> None:
    job_id = ask(session, "test.unrecorded")
    drain(session, clock.now)
    drain(session, clock.now)
    assert (EFFECTS, state(session, job_id)) == (["done"], JobState.UNCERTAIN)


def test_repeatable_effect_that_could_not_be_recorded_is_tried_again(session: Session) -> None:
    job_id = ask(session, "test.repeatable")
    drain(session, clock.now)
    assert (EFFECTS, state(session, job_id)) == (["done", "done"], JobState.FAILED)


def test_listener_that_fails_keeps_no_job_from_being_listed(session: Session) -> None:
    deaf, after = ask(session, "test.deaf"), ask(session, "test.after")
    drain(session, clock.now)
    assert (state(session, deaf), state(session, after), EFFECTS) == (JobState.FAILED, JobState.DONE, ["test.after"])


def test_job_of_an_unknown_kind_is_listed_and_stops_no_other(session: Session) -> None:
    session.execute(insert(Job).values(kind="test.of-another-version", key="strange", payload={}, due_at=clock.now(),
                                       created_at=clock.now()))
    commit(session)
    strange, after = session.scalars(select(Job.id).where(Job.key == "strange")).one(), ask(session, "test.after")
    assert run_job(session, clock.now, strange) is None
    drain(session, clock.now)
    assert (state(session, strange), state(session, after)) == (JobState.FAILED, JobState.DONE)


def test_commit_that_fails_leaves_a_usable_session_and_rings_for_nothing(session: Session) -> None:
    rung: list[int] = []
    attach_nudge(rung.extend)
    try:
        jobs.enqueue(session, clock.now(), "test.after", "lost", {"mark": "lost"})
        session.add_all(RateLimit(key="same", window_start=clock.now()) for _ in range(2))
        with pytest.raises(IntegrityError):
            commit(session)
        assert session.scalars(select(Job.id).where(Job.key == "lost")).all() == []
        kept = ask(session, "test.after")
    finally:
        detach_nudge()
    assert rung == [kept]
