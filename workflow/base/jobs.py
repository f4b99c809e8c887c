"""Jobs: the outbox. What must happen after a change is a row written with it; a worker works through the rows.

The table is the truth: due time, lease, attempts and the outcome are columns. Celery only carries hints. A worker
*claims* a row by one UPDATE and commits; *loads* what it needs in a short read; *performs* (SMTP, Typst, files) with no
transaction open; then *records* and settles in one transaction that is fenced by the lease token, so that a late
finisher whose lease has passed to another changes nothing.
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, String, func, literal_column, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.database import Base, BigId, HasId, UtcDateTime, insert_or_ignore, states
from workflow.base.errors import Conflict, NotFound
from workflow.base.registry import Registry
from workflow.base.request_ids import request_id as request_in_hand
from workflow.base.unit_of_work import note_new_job

log = logging.getLogger(__name__)


class JobState(StrEnum):
    """Where a job stands. `uncertain`: an official letter whose worker died in mid-send; a person decides."""

    OPEN = "open"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class Job(HasId, Base):
    """One piece of work that a committed change asked for."""

    __tablename__ = "job"
    __table_args__ = (
        states("state", JobState),
        Index("ix_job_due", "due_at", sqlite_where=text("state IN ('open', 'running')"),
              postgresql_where=text("state IN ('open', 'running')")),
        Index("ix_job_troubled", "state", sqlite_where=text("state IN ('failed', 'uncertain')"),
              postgresql_where=text("state IN ('failed', 'uncertain')")),
        Index("ix_job_visit_id", "visit_id"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default=JobState.OPEN)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    performing: Mapped[bool] = mapped_column(Boolean, default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(2000), default="")
    visit_id: Mapped[int | None] = mapped_column(BigId)
    request_id: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def origin(self) -> str:
        """The request that it goes back to; its own number where nobody but the clock asked for it."""
        return self.request_id or f"job-{self.id}"


class IfLost(StrEnum):
    """What becomes of a job whose worker died while performing."""

    RETRY = "retry"
    UNCERTAIN = "uncertain"


class PermanentFailure(Exception):
    """Trying again cannot help; the message is shown to staff and must hold no personal data."""


class OutcomeUnknown(Exception):
    """The effect may have happened (the connection broke after the message was handed over)."""


Load = Callable[[Session, Mapping[str, Any], datetime], Any]
Perform = Callable[[Any], Any]
Record = Callable[[Session, Mapping[str, Any], Any, datetime], None]


@dataclass(frozen=True)
class JobHandler:
    """What a worker does for one kind of job.

    `load(session, payload, now)` reads plain inputs; returning None means "no longer wanted": the job is withdrawn.
    `perform(inputs)` does what needs no database. `record(session, payload, outcome, now)` writes the result; it is
    given `inputs` when there is no perform. A handler with only `record` gets None as outcome.
    `lease` must exceed the longest run. `settled_badly(session, payload, state, now)` is told of failed and uncertain.
    """

    kind: str
    record: Record
    load: Load | None = None
    perform: Perform | None = None
    lease: timedelta = timedelta(minutes=5)
    max_attempts: int = 5
    if_lost: IfLost = IfLost.RETRY
    settled_badly: Callable[[Session, Mapping[str, Any], JobState, datetime], None] | None = None


JOB_HANDLERS: Registry[JobHandler] = Registry("job kind")

BACKOFF = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))


@dataclass(frozen=True)
class Claim:
    """A job that this worker holds until its lease ends."""

    job_id: int
    kind: str
    payload: dict[str, Any]
    token: str
    attempts: int
    origin: str


def enqueue(
    session: Session, now: datetime, kind: str, key: str, payload: Mapping[str, Any], *, visit_id: int | None = None,
    due_at: datetime | None = None, request_id: str = "",
) -> int | None:
    """Ask for a job in this transaction; the same *key* twice makes one job (None is given the second time).

    *payload* holds ids and codes only, never personal data. *due_at* (UTC) defaults to now, *request_id* to that of
    the work in hand.

    Raises:
        LookupError: nobody handles jobs of this kind.
    """
    JOB_HANDLERS.get(kind)
    json.dumps(payload)
    session.flush()
    insert = insert_or_ignore(session)
    job_id = session.execute(
        insert(Job)
        .values(kind=kind, key=key, payload=dict(payload), state=JobState.OPEN.value, due_at=due_at or now,
                visit_id=visit_id, created_at=now, request_id=request_id or request_in_hand(), performing=False,
                attempts=0, error="")
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Job.id)
    ).scalar_one_or_none()
    if job_id is not None and (due_at is None or due_at <= now):
        note_new_job(session, job_id)
    return job_id


def claim(session: Session, now: datetime, job_id: int, *, lease: timedelta | None = None) -> Claim | None:
    """Take one job, if it is due and nobody holds it; the caller commits at once. None when it is not to be had.

    A job whose earlier holder died while performing an at-most-once effect is settled as uncertain instead, and one
    that has used up its attempts as failed.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job is None or job.state not in (JobState.OPEN, JobState.RUNNING) or job.due_at > now:
        return None
    if job.state == JobState.RUNNING and (job.lease_until is None or job.lease_until > now):
        return None
    held = job.lease_token
    if job.kind not in JOB_HANDLERS:  # of an earlier or later program: nobody here can do it, so staff must see it
        _settle_lost(session, now, job, None, JobState.FAILED, f"nobody does jobs of the kind {job.kind}")
        return None
    handler = JOB_HANDLERS.get(job.kind)
    if job.state == JobState.RUNNING and job.performing and handler.if_lost is IfLost.UNCERTAIN:
        _settle_lost(session, now, job, handler, JobState.UNCERTAIN, "the worker died while sending")
        return None
    if job.attempts >= handler.max_attempts:
        _settle_lost(session, now, job, handler, JobState.FAILED, job.error or "the worker died each time")
        return None
    token = secrets.token_hex(16)
    won = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == job.state, Job.attempts == job.attempts,
               Job.lease_token == held if held is not None else Job.lease_token.is_(None))
        .values(state=JobState.RUNNING.value, lease_token=token, lease_until=now + (lease or handler.lease),
                attempts=job.attempts + 1, performing=False)
        .execution_options(synchronize_session=False)
    )
    if not won.rowcount:  # type: ignore[attr-defined]
        return None
    return Claim(job.id, job.kind, dict(job.payload), token, job.attempts + 1, job.origin)


def _settle_lost(
    session: Session, now: datetime, job: Job, handler: JobHandler | None, state: JobState, error: str
) -> None:
    held = job.lease_token
    won = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == job.state, Job.attempts == job.attempts,
               Job.lease_token == held if held is not None else Job.lease_token.is_(None))
        .values(state=state.value, finished_at=now, error=error, lease_until=None,
                lease_token=held if state is JobState.UNCERTAIN else None)
        .execution_options(synchronize_session=False)
    )
    if won.rowcount and handler is not None:  # type: ignore[attr-defined]
        _tell(session, handler, job.payload, state, now)


def _tell(session: Session, handler: JobHandler, payload: Mapping[str, Any], state: JobState, now: datetime) -> None:
    """Tell a handler that its job ended badly; a fault of the listener must not keep the job from being listed."""
    if handler.settled_badly is None:
        return
    try:
        with session.begin_nested():
            handler.settled_badly(session, payload, state, now)
    except Exception:
        log.exception("nobody could be told of a job that ended badly", extra={"kind": handler.kind})


def mark_performing(session: Session, held: Claim) -> bool:
    """Note, before an at-most-once effect, that it may happen from here on; False when the lease was lost."""
    done = session.execute(
        update(Job).where(Job.id == held.job_id, Job.lease_token == held.token).values(performing=True)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def settle(session: Session, now: datetime, held: Claim, state: JobState, *, error: str = "") -> bool:
    """End a job in the fenced transaction; False when the lease has passed to another (then roll back).

    A job that was called uncertain because its worker seemed dead keeps that worker's token until a person decides: if
    the machine merely slept, or its clock jumped, the worker knows what became of it and says so.
    """
    ends = [JobState.RUNNING.value, *([] if state is JobState.UNCERTAIN else [JobState.UNCERTAIN.value])]
    done = session.execute(
        update(Job)
        .where(Job.id == held.job_id, Job.lease_token == held.token, Job.state.in_(ends))
        .values(state=state.value, finished_at=now, error=error[:2000], lease_token=None, lease_until=None,
                performing=False)
        .execution_options(synchronize_session=False)
    )
    won = bool(done.rowcount)  # type: ignore[attr-defined]
    handler = JOB_HANDLERS.get(held.kind)
    if won and state in (JobState.FAILED, JobState.UNCERTAIN):
        _tell(session, handler, held.payload, state, now)
    return won


def put_back(session: Session, now: datetime, held: Claim, error: str) -> bool:
    """Return a job that failed for a passing reason; it is due again after a growing pause, or failed for good.

    One that was called uncertain meanwhile stays so: a person may have sent the same by another way.
    """
    handler = JOB_HANDLERS.get(held.kind)
    if held.attempts >= handler.max_attempts:
        return settle(session, now, held, JobState.FAILED, error=error)
    pause = BACKOFF[min(held.attempts, len(BACKOFF)) - 1]
    done = session.execute(
        update(Job)
        .where(Job.id == held.job_id, Job.lease_token == held.token, Job.state == JobState.RUNNING.value)
        .values(state=JobState.OPEN.value, due_at=now + pause, error=error[:2000], lease_token=None,
                lease_until=None, performing=False)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def due_jobs(session: Session, now: datetime, limit: int = 200) -> Sequence[tuple[int, str]]:
    """Find jobs that a worker should be told of: due and open, or held under a lease that has ended. (id, kind)."""
    rows = session.execute(
        select(Job.id, Job.kind)
        .where(literal_column("job.state IN ('open', 'running')"), Job.due_at <= now,
               or_(Job.lease_until.is_(None), Job.lease_until <= now))
        .order_by(Job.due_at, Job.id)
        .limit(limit)
    )
    return [(row.id, row.kind) for row in rows]


def oldest_due_at(session: Session, now: datetime) -> datetime | None:
    """Give when the oldest waiting job became due; its age is the health of the whole works."""
    return session.scalar(
        select(func.min(Job.due_at)).where(literal_column("job.state IN ('open', 'running')"), Job.due_at <= now)
    )


def withdraw(session: Session, now: datetime, *, visit_id: int | None = None, key: str | None = None,
             kinds: Sequence[str] = ()) -> int:
    """Withdraw open jobs of a visit (perhaps only of some kinds) or one by key; give how many."""
    query = update(Job).where(Job.state == JobState.OPEN.value)
    if visit_id is None and key is None:
        raise ValueError("say which jobs")
    if visit_id is not None:
        query = query.where(Job.visit_id == visit_id)
    if key is not None:
        query = query.where(Job.key == key)
    if kinds:
        query = query.where(Job.kind.in_(kinds))
    done = session.execute(query.values(state=JobState.WITHDRAWN.value, finished_at=now)
                           .execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]


def try_again(session: Session, now: datetime, job_id: int) -> None:
    """Put a failed or uncertain job back to work: the button of the administrator's page.

    Raises:
        NotFound: there is no such job.
        Conflict: it is in another state by now.
    """
    done = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_([JobState.FAILED.value, JobState.UNCERTAIN.value]))
        .values(state=JobState.OPEN.value, due_at=now, attempts=0, error="", finished_at=None, performing=False,
                lease_token=None)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        if session.get(Job, job_id) is None:
            raise NotFound("job")
        raise Conflict("base.job-not-troubled")
    note_new_job(session, job_id)


def give_up(session: Session, now: datetime, job_id: int, *, done: bool) -> None:
    """Close a failed or uncertain job by a person's word: it did happen (*done*), or it is no longer wanted.

    Raises:
        Conflict: it is in another state by now.
    """
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_([JobState.FAILED.value, JobState.UNCERTAIN.value]))
        .values(state=(JobState.DONE if done else JobState.WITHDRAWN).value, finished_at=now, lease_token=None)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("base.job-not-troubled")
