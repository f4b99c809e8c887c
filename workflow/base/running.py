"""Runs one job from claim to settlement. The same code in a Celery worker, in the one-machine mode and in tests."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from workflow.base import jobs
from workflow.base.jobs import IfLost, JobState, OutcomeUnknown, PermanentFailure
from workflow.base.request_ids import going_back_to
from workflow.base.unit_of_work import anew_when_lost, reading, rollback, unit_of_work

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def run_job(session: Session, clock: Clock, job_id: int, *, lease: timedelta | None = None) -> JobState | None:
    """Claim a job, do it, settle it. Give the state it ended in, or None when there was nothing to do here.

    The session must be fresh; it is left without a transaction. Failures end in the row, never as exceptions: a
    passing one is put back for later, a permanent one is listed for staff.
    """
    with unit_of_work(session):
        held = jobs.claim(session, clock(), job_id, lease=lease)
    if held is None:
        return None
    with going_back_to(held.origin):
        return _run(session, clock, held)


def _run(session: Session, clock: Clock, held: jobs.Claim) -> JobState | None:
    handler = jobs.JOB_HANDLERS.get(held.kind)
    try:
        return _do(session, clock, held, handler)
    except PermanentFailure as failure:
        return _end(session, clock, held, JobState.FAILED, str(failure))
    except OutcomeUnknown as failure:
        return _end(session, clock, held, JobState.UNCERTAIN, str(failure))
    except Exception as failure:  # any fault of one job must not stop the others; it is kept in its row
        log.exception("job failed", extra={"job_id": held.job_id, "kind": held.kind})
        rollback(session)
        with unit_of_work(session):
            jobs.put_back(session, clock(), held, type(failure).__name__)  # no message: it may name a person
        return JobState.OPEN


def _do(session: Session, clock: Clock, held: jobs.Claim, handler: jobs.JobHandler) -> JobState | None:
    inputs = None
    if handler.load is not None:
        with reading(session):
            inputs = handler.load(session, held.payload, clock())
        if inputs is None:
            return _end(session, clock, held, JobState.WITHDRAWN)
    outcome = inputs
    if handler.perform is not None:
        if handler.if_lost is IfLost.UNCERTAIN:
            with unit_of_work(session):
                still_ours = jobs.mark_performing(session, held)
            if not still_ours:
                return None
        outcome = handler.perform(inputs)
    try:
        return anew_when_lost(session, lambda: _record(session, clock, held, handler, outcome))
    except Exception as failure:
        if handler.perform is None or handler.if_lost is not IfLost.UNCERTAIN:
            raise
        log.exception("effect not recorded", extra={"job_id": held.job_id, "kind": held.kind})
        raise OutcomeUnknown(f"done, but not recorded: {type(failure).__name__}") from failure


def _record(
    session: Session, clock: Clock, held: jobs.Claim, handler: jobs.JobHandler, outcome: Any
) -> JobState | None:
    with unit_of_work(session):
        now = clock()
        if not jobs.settle(session, now, held, JobState.DONE):
            log.warning("lease lost", extra={"job_id": held.job_id, "kind": held.kind})
            return None
        handler.record(session, held.payload, outcome, now)
    return JobState.DONE


def _end(session: Session, clock: Clock, held: jobs.Claim, state: JobState, error: str = "") -> JobState | None:
    rollback(session)
    with unit_of_work(session):
        return state if jobs.settle(session, clock(), held, state, error=error) else None


def drain(session: Session, clock: Clock, *, limit: int = 1000) -> int:
    """Run everything that is due, and what follows from it, in this thread; give how many jobs ran.

    A job that cannot even be settled is left for later and does not keep the others from running.
    """
    ran = 0
    while ran < limit:
        with reading(session):
            due = jobs.due_jobs(session, clock(), 100)
        progressed = 0
        for job_id, _kind in due:
            try:
                progressed += run_job(session, clock, job_id) is not None
            except Exception:
                rollback(session)
                log.exception("job could not be settled", extra={"job_id": job_id})
        if not progressed:
            break
        ran += progressed
    return ran
