"""The tasks: each re-reads its rows and may be lost or doubled freely.

They are bound to a runtime when a worker starts (`register`), so nothing here is made at import.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from celery import Celery
from sqlalchemy.orm import Session

from tasks import schedule
from tasks.runtime import Runtime
from workflow.base import running
from workflow.base.database import begin_read_only
from workflow.base.files import sweep_files
from workflow.base.heartbeats import WORKER, beat, last_beat
from workflow.base.jobs import Job, due_jobs
from workflow.base.limits import purge_limits
from workflow.base.unit_of_work import reading, unit_of_work
from workflow.guests.privacy.purging import BATCH, PURGES
from workflow.office.queries import our_zone
from workflow.reminders.jobs import tick
from workflow.web.api import purge_idempotent_calls

log = logging.getLogger(__name__)

SWEEP_AT_ONCE = 200
SWEEP_GRACE = timedelta(seconds=2)
NOTED_EVERY = timedelta(seconds=15)
NIGHT = "nightly"
FIRST_RING = "nightly.first"
"""When the night was first rung for: what counts until there was one."""
NIGHT_HOURS = range(2, 6)

CHORES: tuple[Callable[[Session, datetime], object], ...] = (
    purge_limits, purge_idempotent_calls,
)  # fmt: skip
"""What is done each night, each in a transaction of its own, before personal data whose term is over are purged, batch
by batch; unclaimed files are swept after them, in none."""
MOST_BATCHES = 50


def register(app: Celery, runtime: Runtime) -> None:
    """Give *app* its tasks, working on *runtime*."""

    def run(job_id: int) -> None:
        run_job(runtime, int(job_id))

    def sweep() -> None:
        sweep_now(app, runtime)

    def reminders() -> None:
        tick_reminders(runtime)

    def night() -> None:
        nightly(runtime)

    def alive() -> None:
        heartbeat(runtime)

    def wake() -> None:
        """Do nothing: a message was all that was wanted."""

    for name, work in {
        schedule.RUN_JOB: run, schedule.SWEEP: sweep, schedule.TICK_REMINDERS: reminders, schedule.NIGHTLY: night,
        schedule.HEARTBEAT: alive, schedule.WAKE: wake,
    }.items():  # fmt: skip
        app.task(work, name=name, ignore_result=True, shared=False)


def run_job(runtime: Runtime, job_id: int) -> None:
    """Run one job if it is still to be done; its request's id goes into every line that is logged meanwhile."""
    with runtime.session() as session:
        with reading(session):
            begin_read_only(session)
            job = session.get(Job, job_id)
            if job is None:
                return
            bound = {"request_id": job.origin, "job_id": job_id, "job_kind": job.kind}
        with structlog.contextvars.bound_contextvars(**bound):
            state = running.run_job(session, runtime.clock, job_id, lease=runtime.settings.lease)
            if state is not None:
                log.info("job ended", extra={"state": state.value})
                _note_work(runtime, session)


def _note_work(runtime: Runtime, session: Session) -> None:
    """Note that a worker works, now and then: behind a long queue what the scheduler rang is heard late, or never."""
    now, noted = runtime.clock(), runtime.noted.get(WORKER)
    if noted is None or abs(now - noted) >= NOTED_EVERY:
        runtime.noted[WORKER] = now
        with unit_of_work(session):
            beat(session, now, WORKER)


def heartbeat(runtime: Runtime) -> None:
    """Note that a worker heard what the scheduler rang."""
    with runtime.session() as session, unit_of_work(session):
        beat(session, runtime.clock(), WORKER)


def sweep_now(app: Celery, runtime: Runtime, *, grace: timedelta = SWEEP_GRACE) -> int:
    """Ring for everything that is due and that no nudge brought to a worker; give how many."""
    with runtime.session() as session, reading(session):
        begin_read_only(session)
        due = due_jobs(session, runtime.clock() - grace, SWEEP_AT_ONCE)
    for job_id, _kind in due:
        app.send_task(schedule.RUN_JOB, args=(job_id,), retry=False, ignore_result=True, expires=60)
    return len(due)


def tick_reminders(runtime: Runtime) -> int:
    """Check what is due, and ask for the digests whose hour has come; give how many were asked for."""
    with runtime.session() as session:
        return tick(session, runtime.clock())


def nightly(runtime: Runtime) -> bool:
    """Tidy up once a night, by the office's clock; say whether this call did it.

    It is rung every hour. A night that was slept through is made up for at the next ring, also on a machine that is
    switched off every night. A chore that fails is logged and keeps none of the others from being done.
    """
    with runtime.session() as session:
        now = runtime.clock()
        with reading(session):
            begin_read_only(session)
            last, first = last_beat(session, NIGHT), last_beat(session, FIRST_RING)
            hour = now.astimezone(ZoneInfo(our_zone(session))).hour
        if last is not None and last > now + timedelta(hours=1):  # the clock was ahead, and has been put right
            last = None
        if first is None:
            with unit_of_work(session):
                beat(session, now, FIRST_RING)
        slept_through = now - (last or first or now) > timedelta(hours=36)
        tonight = hour in NIGHT_HOURS and (last is None or now - last > timedelta(hours=20))
        if not (tonight or slept_through):
            return False
        for chore in CHORES:
            with _noting_faults(chore), unit_of_work(session):
                chore(session, now)
        for purge in PURGES:
            with _noting_faults(purge):
                _purge_all(session, now, purge)
        with _noting_faults(sweep_files):
            sweep_files(session, now)
        with unit_of_work(session):
            beat(session, now, NIGHT)
    return True


def _purge_all(session: Session, now: datetime, purge: Callable[[Session, datetime], int]) -> None:
    for _ in range(MOST_BATCHES):
        with unit_of_work(session):
            found = purge(session, now)
        if found < BATCH:
            return


@contextmanager
def _noting_faults(chore: Callable[..., object]) -> Iterator[None]:
    """Log what goes wrong with one chore, so that the others are done all the same, tonight and every night."""
    try:
        yield
    except Exception:
        log.exception("a nightly chore failed", extra={"chore": str(getattr(chore, "keywords", chore))})
