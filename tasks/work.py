"""The tasks: each re-reads its rows and may be lost or doubled freely.

They are bound to a runtime when a worker starts (`register`), so nothing here is made at import.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

import structlog
from celery import Celery

from tasks import schedule
from tasks.runtime import Runtime
from workflow.base import running
from workflow.base.database import begin_read_only
from workflow.base.heartbeats import WORKER, beat
from workflow.base.jobs import Job, due_jobs
from workflow.base.unit_of_work import reading, unit_of_work

log = logging.getLogger(__name__)

SWEEP_AT_ONCE = 200
SWEEP_GRACE = timedelta(seconds=2)


def register(app: Celery, runtime: Runtime) -> None:
    """Give *app* its tasks, working on *runtime*."""

    def task(name: str, work: Callable[..., object]) -> None:
        app.task(name=name, ignore_result=True, shared=False)(work)

    task(schedule.RUN_JOB, lambda job_id: run_job(runtime, int(job_id)))
    task(schedule.SWEEP, lambda: sweep_now(app, runtime))
    task(schedule.TICK_REMINDERS, lambda: tick_reminders(runtime))
    task(schedule.NIGHTLY, lambda: nightly(runtime))
    task(schedule.HEARTBEAT, lambda: heartbeat(runtime))
    task(schedule.WAKE, lambda: None)


def run_job(runtime: Runtime, job_id: int) -> None:
    """Run one job if it is still to be done; its request's id goes into every line that is logged meanwhile."""
    with runtime.session() as session:
        with reading(session):
            begin_read_only(session)
            job = session.get(Job, job_id)
            if job is None:
                return
            bound = {"request_id": job.request_id, "job_id": job_id, "job_kind": job.kind}
        with structlog.contextvars.bound_contextvars(**bound):
            state = running.run_job(session, runtime.clock, job_id, lease=runtime.settings.lease)
            if state is not None:
                log.info("job ended", extra={"state": state.value})


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


def tick_reminders(runtime: Runtime) -> None:
    """X."""


def nightly(runtime: Runtime) -> None:
    """X."""
