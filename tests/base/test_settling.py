"""What must not happen to jobs: an effect done twice, a fault of one that stops the others, a job that never ends."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.servers import both_databases
from workflow.base import clock, jobs
from workflow.base.jobs import IfLost, Job, JobHandler, JobState
from workflow.base.limits import RateLimit
from workflow.base.running import drain, run_job
from workflow.base.unit_of_work import attach_nudge, commit, detach_nudge, unit_of_work

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


def jumped(session: Session, job_id: int) -> list[JobState | None]:
    """Run a job in whose middle the clock jumps past its lease and another worker looks at it; give what both say."""
    found: list[JobState | None] = []
    ahead = [timedelta(0)]

    def now() -> datetime:
        return clock.now() + ahead[0]

    def other_worker(_inputs: Any) -> None:
        EFFECTS.append("done")
        ahead[0] = timedelta(hours=3)
        with Session(session.get_bind()) as other:
            found.append(run_job(other, now, job_id))

    jobs.JOB_HANDLERS._things["test.slow"] = JobHandler(
        "test.slow", perform=other_worker, record=_note, if_lost=IfLost.UNCERTAIN, settled_badly=_note_badly)
    try:
        found.append(run_job(session, now, job_id))
    finally:
        del jobs.JOB_HANDLERS._things["test.slow"]
    return found


def thought_dead(session: Session) -> tuple[jobs.Claim, int, datetime]:
    """Let a worker begin to send, and another one find its lease over; give what the first holds, the job, and now."""
    job_id = ask(session, "test.unrecorded")
    with unit_of_work(session):
        held = jobs.claim(session, clock.now(), job_id)
    assert held is not None
    with unit_of_work(session):
        jobs.mark_performing(session, held)
    later = clock.now() + timedelta(hours=3)
    assert run_job(session, lambda: later, job_id) is None
    return held, job_id, later


@both_databases
def test_failure_of_a_worker_that_was_thought_dead_sends_nothing_again_by_itself(session: Session) -> None:
    held, job_id, later = thought_dead(session)
    with unit_of_work(session):
        assert not jobs.put_back(session, later, held, "the server hung up")
    assert state(session, job_id) == JobState.UNCERTAIN
    with unit_of_work(session):
        assert jobs.settle(session, later, held, JobState.FAILED, error="refused for good")
    assert state(session, job_id) == JobState.FAILED


def _note_badly(_session: Session, _payload: Any, state: JobState, _now: datetime) -> None:
    EFFECTS.append(state.value)


@both_databases
def test_worker_that_was_thought_dead_tells_what_became_of_its_letter(session: Session) -> None:
    """A machine that slept, or a clock put right: the letter was uncertain for a while, and is not sent again."""
    jobs.JOB_HANDLERS._things["test.slow"] = JobHandler("test.slow", record=_note)
    job_id = ask(session, "test.slow")
    assert jumped(session, job_id) == [None, JobState.DONE]
    assert (EFFECTS, state(session, job_id)) == (["done", "uncertain", "test.slow"], JobState.DONE)


@both_databases
@pytest.mark.parametrize("decide", [jobs.try_again, lambda *given: jobs.give_up(*given, done=False)])
def test_worker_that_was_thought_dead_changes_nothing_once_a_person_has_decided(
    session: Session, decide: Callable[[Session, datetime, int], None]
) -> None:
    held, job_id, later = thought_dead(session)
    assert state(session, job_id) == JobState.UNCERTAIN
    with unit_of_work(session):
        decide(session, later, job_id)
    decided = state(session, job_id)
    with unit_of_work(session):
        assert not jobs.settle(session, later, held, JobState.DONE)
    assert state(session, job_id) == decided != JobState.DONE
