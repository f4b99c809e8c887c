"""The outbox: one effect for each key, leases that fence, failures that end in a row."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.base import clock, jobs
from workflow.base.jobs import IfLost, Job, JobHandler, JobState, OutcomeUnknown, PermanentFailure
from workflow.base.running import drain, run_job
from workflow.base.unit_of_work import attach_nudge, commit, detach_nudge, rollback, unit_of_work

DONE: list[str] = []


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Handlers that leave a mark, fail, or lose their outcome."""
    DONE.clear()

    def note(_session: Session, payload: Any, _outcome: Any, _now: datetime) -> None:
        DONE.append(payload["mark"])

    def fail(_inputs: Any) -> None:
        raise OSError("the line is down")

    def refuse(_inputs: Any) -> None:
        raise PermanentFailure("there is no such mailbox")

    def vanish(_inputs: Any) -> None:
        raise OutcomeUnknown("the line broke")

    made = [
        JobHandler("test.note", record=note),
        JobHandler("test.fail", record=note, perform=fail, max_attempts=3),
        JobHandler("test.refuse", record=note, perform=refuse),
        JobHandler("test.vanish", record=note, perform=vanish),
        JobHandler("test.once", record=note, perform=lambda _inputs: None, if_lost=IfLost.UNCERTAIN),
        JobHandler("test.unwanted", record=note, load=lambda _session, _payload, _now: None),
    ]
    for handler in made:
        jobs.JOB_HANDLERS._things[handler.kind] = handler
    yield
    for handler in made:
        del jobs.JOB_HANDLERS._things[handler.kind]


def ask(session: Session, kind: str, key: str = "k", **other: Any) -> int | None:
    """Enqueue and commit."""
    job_id = jobs.enqueue(session, clock.now(), kind, key, {"mark": key}, **other)
    commit(session)
    return job_id


def state(session: Session, job_id: int | None) -> Job:
    """Read a job afresh."""
    session.rollback()
    return session.execute(select(Job).where(Job.id == job_id).execution_options(populate_existing=True)).scalar_one()


def test_same_key_twice_makes_one_job(session: Session) -> None:
    first = ask(session, "test.note")
    assert ask(session, "test.note") is None
    assert drain(session, clock.now) == 1
    assert DONE == ["k"]
    assert state(session, first).state == JobState.DONE


def test_unknown_kind_is_refused_when_asked_for(session: Session) -> None:
    with pytest.raises(LookupError, match=r"unknown job kind 'test\.nothing'"):
        jobs.enqueue(session, clock.now(), "test.nothing", "k", {})


def test_job_due_later_waits_until_then(session: Session) -> None:
    ask(session, "test.note", due_at=clock.now() + timedelta(hours=1))
    assert drain(session, clock.now) == 0
    clock.advance_frozen(timedelta(hours=1))
    assert drain(session, clock.now) == 1


def test_held_job_cannot_be_claimed_until_its_lease_ends(session: Session) -> None:
    job_id = ask(session, "test.note")
    with unit_of_work(session):
        held = jobs.claim(session, clock.now(), job_id or 0)
    assert held is not None
    with unit_of_work(session):
        assert jobs.claim(session, clock.now(), job_id or 0) is None
    clock.advance_frozen(timedelta(minutes=6))
    with unit_of_work(session):
        again = jobs.claim(session, clock.now(), job_id or 0)
    assert again is not None
    assert again.token != held.token


def test_late_finisher_changes_nothing(session: Session) -> None:
    job_id = ask(session, "test.note")
    with unit_of_work(session):
        late = jobs.claim(session, clock.now(), job_id or 0)
    clock.advance_frozen(timedelta(minutes=6))
    assert run_job(session, clock.now, job_id or 0) is JobState.DONE
    assert late is not None
    with unit_of_work(session):
        assert jobs.settle(session, clock.now(), late, JobState.FAILED) is False
    assert state(session, job_id).state == JobState.DONE


def test_late_failure_puts_nothing_back(session: Session) -> None:
    job_id = ask(session, "test.once")
    with unit_of_work(session):
        late = jobs.claim(session, clock.now(), job_id or 0)
    assert late is not None
    clock.advance_frozen(timedelta(minutes=6))
    with unit_of_work(session):
        other = jobs.claim(session, clock.now(), job_id or 0)
    assert other is not None
    with unit_of_work(session):
        assert jobs.put_back(session, clock.now(), late, "OSError") is False
    assert (state(session, job_id).state, state(session, job_id).lease_token) == (JobState.RUNNING, other.token)
    with unit_of_work(session):
        assert jobs.settle(session, clock.now(), other, JobState.DONE) is True
    with unit_of_work(session):
        assert jobs.put_back(session, clock.now(), late, "OSError") is False
    assert state(session, job_id).state == JobState.DONE


@pytest.mark.parametrize("kept", [state for state in JobState if state is not JobState.OPEN])
def test_withdrawing_a_visits_jobs_takes_only_those_that_nobody_has_begun(session: Session, kept: JobState) -> None:
    waiting, begun, other = (ask(session, "test.note", key, visit_id=visit)
                             for key, visit in (("a", 7), ("b", 7), ("c", 8)))  # fmt: skip
    session.execute(update(Job).where(Job.id == begun).values(state=kept.value))
    assert jobs.withdraw(session, clock.now(), visit_id=7) == 1
    commit(session)
    assert [state(session, job_id).state for job_id in (waiting, begun, other)] == [
        JobState.WITHDRAWN, kept, JobState.OPEN]  # fmt: skip


def test_passing_fault_is_tried_again_and_then_listed_as_failed(session: Session) -> None:
    job_id = ask(session, "test.fail")
    for attempt in (1, 2, 3):
        assert drain(session, clock.now, limit=1) == 1
        assert state(session, job_id).attempts == attempt
        clock.advance_frozen(timedelta(hours=1))
    row = state(session, job_id)
    assert (row.state, row.error) == (JobState.FAILED, "OSError")
    assert DONE == []


def test_permanent_refusal_fails_at_once_with_its_reason(session: Session) -> None:
    job_id = ask(session, "test.refuse")
    assert drain(session, clock.now) == 1
    row = state(session, job_id)
    assert (row.state, row.attempts, row.error) == (JobState.FAILED, 1, "there is no such mailbox")


def test_unknown_outcome_waits_for_a_person(session: Session) -> None:
    job_id = ask(session, "test.vanish")
    drain(session, clock.now)
    assert state(session, job_id).state == JobState.UNCERTAIN
    with unit_of_work(session):
        jobs.give_up(session, clock.now(), job_id or 0, done=True)
    assert state(session, job_id).state == JobState.DONE


def test_worker_dead_while_sending_leaves_an_official_letter_uncertain(session: Session) -> None:
    job_id = ask(session, "test.once")
    with unit_of_work(session):
        held = jobs.claim(session, clock.now(), job_id or 0)
    assert held is not None
    with unit_of_work(session):
        assert jobs.mark_performing(session, held)
    clock.advance_frozen(timedelta(minutes=6))
    assert run_job(session, clock.now, job_id or 0) is None
    assert state(session, job_id).state == JobState.UNCERTAIN
    assert DONE == []


def test_worker_dead_before_sending_lets_an_official_letter_go_out(session: Session) -> None:
    job_id = ask(session, "test.once")
    with unit_of_work(session):
        jobs.claim(session, clock.now(), job_id or 0)
    clock.advance_frozen(timedelta(minutes=6))
    assert run_job(session, clock.now, job_id or 0) is JobState.DONE
    assert DONE == ["k"]


def test_job_that_kills_its_worker_stops_after_its_attempts(session: Session) -> None:
    job_id = ask(session, "test.fail")
    for _attempt in range(3):
        with unit_of_work(session):
            assert jobs.claim(session, clock.now(), job_id or 0) is not None
        clock.advance_frozen(timedelta(minutes=6))
    with unit_of_work(session):
        assert jobs.claim(session, clock.now(), job_id or 0) is None
    assert state(session, job_id).state == JobState.FAILED


def test_job_no_longer_wanted_is_withdrawn(session: Session) -> None:
    job_id = ask(session, "test.unwanted")
    drain(session, clock.now)
    assert state(session, job_id).state == JobState.WITHDRAWN
    assert DONE == []


def test_failed_job_goes_back_to_work_by_a_persons_hand(session: Session) -> None:
    job_id = ask(session, "test.refuse")
    drain(session, clock.now)
    with unit_of_work(session):
        jobs.try_again(session, clock.now(), job_id or 0)
    assert state(session, job_id).state == JobState.OPEN


def test_nudge_names_the_jobs_of_the_commit_and_none_of_a_rollback(session: Session) -> None:
    told: list[list[int]] = []
    attach_nudge(lambda ids: told.append(list(ids)))
    try:
        jobs.enqueue(session, clock.now(), "test.note", "lost", {"mark": "lost"})
        rollback(session)
        job_id = ask(session, "test.note", "kept")
    finally:
        detach_nudge()
    assert told == [[job_id]]


def test_oldest_due_job_is_the_health_of_the_works(session: Session) -> None:
    assert jobs.oldest_due_at(session, clock.now()) is None
    ask(session, "test.note")
    began = clock.now()
    clock.advance_frozen(timedelta(minutes=20))
    assert jobs.oldest_due_at(session, clock.now()) == began
