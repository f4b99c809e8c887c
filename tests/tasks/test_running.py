"""Jobs through claim, work and settlement: each effect once, failures put back or listed, late finishers fenced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tasks import work
from tasks.celery_app import make_celery
from tasks.runtime import Runtime
from tasks.work import SWEEP_GRACE, nightly, register, run_job, sweep_now
from tests.servers import Together, both_databases
from tests.tasks.conftest import COUNT, FAIL, LETTER, REFUSE, effects
from workflow.base import clock, jobs
from workflow.base.heartbeats import WORKER, beat, last_beat
from workflow.base.jobs import Job, JobState, claim, due_jobs, settle
from workflow.base.limits import RateLimit, spend
from workflow.base.unit_of_work import commit, reading, unit_of_work
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, mark, queue_worded_mail

LEAVE = Callable[..., list[int]]


def state_of(session: Session, job_id: int) -> str:
    """Read a job's state anew."""
    with reading(session):
        return session.get_one(Job, job_id, populate_existing=True).state


@both_databases
def test_same_message_twice_makes_one_effect(runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1)
    for _ in range(3):
        run_job(runtime, job_id)
    assert effects(runtime) == [1]


@both_databases
def test_many_workers_on_one_job_make_one_effect(runtime: Runtime, leave_jobs: LEAVE, together: Together) -> None:
    (job_id,) = leave_jobs(1)
    answers = together(8, lambda _session, _number: run_job(runtime, job_id))
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert effects(runtime) == [1]


def test_message_for_a_job_that_is_gone_does_nothing(runtime: Runtime) -> None:
    run_job(runtime, 999)
    assert effects(runtime) == []


@both_databases
def test_late_finisher_changes_nothing(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1)
    with unit_of_work(session):
        late = claim(session, clock.now(), job_id, lease=timedelta(seconds=30))
    assert late is not None
    clock.advance_frozen(timedelta(minutes=1))
    run_job(runtime, job_id)
    with unit_of_work(session):
        assert settle(session, clock.now(), late, JobState.FAILED) is False
    assert state_of(session, job_id) == JobState.DONE
    assert effects(runtime) == [1]


def test_job_under_a_living_lease_is_not_taken(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1)
    with unit_of_work(session):
        claim(session, clock.now(), job_id, lease=timedelta(minutes=5))
    run_job(runtime, job_id)
    assert effects(runtime) == []


@both_databases
def test_passing_failure_is_tried_again_then_listed(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1, FAIL)
    states = []
    for _ in range(5):
        run_job(runtime, job_id)
        states.append(state_of(session, job_id))
        clock.advance_frozen(timedelta(hours=1))
    assert states == [JobState.OPEN, JobState.OPEN, *[JobState.FAILED] * 3]
    assert effects(runtime) == []
    job = session.get_one(Job, job_id)
    assert (job.attempts, job.error) == (3, "ConnectionError")  # the text may name people


def test_permanent_failure_is_listed_at_once(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1, REFUSE)
    run_job(runtime, job_id)
    assert state_of(session, job_id) == JobState.FAILED


@both_databases
@pytest.mark.parametrize(("kind", "end"), [(COUNT, JobState.DONE), (LETTER, JobState.UNCERTAIN)])
def test_worker_that_died_while_performing(
    kind: str, end: JobState, session: Session, runtime: Runtime, leave_jobs: LEAVE
) -> None:
    (job_id,) = leave_jobs(1, kind)
    with unit_of_work(session):
        held = claim(session, clock.now(), job_id)
    assert held is not None
    with unit_of_work(session):
        jobs.mark_performing(session, held)
    clock.advance_frozen(timedelta(hours=1))
    run_job(runtime, job_id)
    assert state_of(session, job_id) == end
    assert effects(runtime) == ([1] if end is JobState.DONE else [])


@both_databases
def test_poison_job_stops_after_its_attempts(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    (job_id,) = leave_jobs(1, FAIL)
    for _ in range(6):  # each worker that takes it dies at once
        with unit_of_work(session):
            claim(session, clock.now(), job_id)
        clock.advance_frozen(timedelta(hours=1))
    assert state_of(session, job_id) == JobState.FAILED
    assert session.get_one(Job, job_id).attempts == 3


@both_databases
def test_sweep_rings_for_what_is_due_and_for_nothing_else(
    session: Session, runtime: Runtime, leave_jobs: LEAVE
) -> None:
    due = leave_jobs(2)
    leave_jobs(1, due_at=clock.now() + timedelta(hours=2))
    (held,) = leave_jobs(1)
    with unit_of_work(session):
        claim(session, clock.now(), held, lease=timedelta(minutes=5))
    app = make_celery(None)
    register(app, runtime)
    rung: list[int] = []
    app.send_task = lambda _name, *, args, **_options: rung.append(args[0])  # type: ignore[method-assign]
    assert (sweep_now(app, runtime), rung) == (0, [])  # a nudge has rung for them just now
    clock.advance_frozen(SWEEP_GRACE + timedelta(seconds=1))
    assert (sweep_now(app, runtime), rung) == (2, due)
    clock.advance_frozen(timedelta(minutes=6))
    rung.clear()
    sweep_now(app, runtime)
    assert rung == [*due, held]


@both_databases
def test_search_for_due_jobs_uses_the_partial_index(session: Session, runtime: Runtime, leave_jobs: LEAVE) -> None:
    leave_jobs(2)
    sqlite = session.get_bind().dialect.name == "sqlite"
    insert = (
        "INSERT INTO job (kind, key, payload, state, due_at, performing, attempts, error, request_id, created_at) "
        "SELECT 'tests.count', 'old.' || n, '{}', 'done', :at, :no, 1, '', '', :at FROM "
    )
    numbers = (
        "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000) SELECT n FROM c)"
        if sqlite
        else "(SELECT generate_series(1, 20000) AS n) AS numbers"
    )
    at = clock.now().replace(tzinfo=None) if sqlite else clock.now()
    session.execute(text(insert + numbers), {"at": str(at) if sqlite else at, "no": False})
    commit(session)
    session.execute(text("ANALYZE"))
    commit(session)
    seen: list[str] = []
    real = session.execute

    def explain(statement: object, *args: object, **options: object) -> object:
        compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
        plan = real(text(("EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN ") + str(compiled).replace("%%", "%")))
        seen.append("\n".join(str(tuple(row)) for row in plan))
        return real(statement, *args, **options)  # type: ignore[call-overload]

    session.execute = explain  # type: ignore[method-assign, assignment]
    due_jobs(session, clock.now() + timedelta(minutes=1))
    assert "ix_job_due" in seen[0]


def test_read_modify_write_in_threads_loses_nothing(app: object, together: Together, session: Session) -> None:
    session.execute(text("CREATE TABLE counter (value INTEGER)"))
    session.execute(text("INSERT INTO counter VALUES (0)"))
    commit(session)

    def add(own: Session, _number: int) -> None:
        value = own.execute(text("SELECT value FROM counter")).scalar_one()
        own.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})

    answers = together(40, add)
    assert [answer for answer in answers if answer is not None] == []
    assert session.execute(text("SELECT value FROM counter")).scalar_one() == 40


def test_night_comes_once_and_is_made_up_for(runtime: Runtime) -> None:
    done = [clock.now()] if nightly(runtime) else []
    for _ in range(72):
        clock.advance_frozen(timedelta(hours=1))
        if nightly(runtime):
            done.append(clock.now())
    clock.advance_frozen(timedelta(hours=60))  # the scheduler slept, and wakes in the middle of a day
    assert nightly(runtime) is True
    assert [moment.hour for moment in done] == [23, 23, 23]  # two o'clock in Moscow


def test_night_comes_too_where_the_machine_is_off_at_night(runtime: Runtime) -> None:
    done = []
    for _day in range(6):
        for _hour in range(8):  # from nine to five in Moscow, each working day
            done += [clock.now()] if nightly(runtime) else []
            clock.advance_frozen(timedelta(hours=1))
        clock.advance_frozen(timedelta(hours=16))
    assert [moment.day for moment in done] == [17, 19]
    assert {moment.hour for moment in done} == {9}


def test_night_comes_again_after_the_clock_was_years_ahead(runtime: Runtime, session: Session) -> None:
    with unit_of_work(session):
        beat(session, clock.now() + timedelta(days=3650), work.NIGHT)
    clock.advance_frozen(timedelta(hours=14))  # two o'clock at night in Moscow
    assert nightly(runtime) is True
    assert nightly(runtime) is False


@both_databases
def test_done_work_is_a_sign_of_life(runtime: Runtime, session: Session, leave_jobs: LEAVE) -> None:
    clock.advance_frozen(timedelta(hours=1))  # what the scheduler rings waits behind a long queue
    for job_id in leave_jobs(2):
        run_job(runtime, job_id)
    with reading(session):
        assert last_beat(session, WORKER) == clock.now()


@both_databases
def test_chore_of_the_night_that_fails_keeps_no_other_from_being_done(
    runtime: Runtime, session: Session, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_session: Session, _now: datetime) -> int:
        raise RuntimeError("a row that nobody foresaw")

    monkeypatch.setattr(work, "CHORES", (broken, *work.CHORES))
    monkeypatch.setattr(work, "PURGES", (broken, *work.PURGES))
    with unit_of_work(session):
        spend(session, clock.now() - timedelta(days=3), "ask", "somebody", limit=5, window=timedelta(hours=1))
        old = queue_worded_mail(session, clock.now() - timedelta(days=400), "letter",
                                Recipient("a@b.example", "A", "en"), subject="S", text="T", key="old")  # fmt: skip
        assert old is not None
        mark(session, old.id, MailState.SENT)
    clock.advance_frozen(timedelta(hours=14))  # two o'clock at night in Moscow
    assert nightly(runtime) is True
    with reading(session):
        assert session.scalar(select(func.count(RateLimit.id))) == 0
        assert session.get_one(Mail, old.id, populate_existing=True).text == ""
    assert caplog.text.count("a nightly chore failed") == 2
    assert nightly(runtime) is False
