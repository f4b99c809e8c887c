"""What the work on a batch waits for while nothing moves: a killed worker's lease, the next try, any worker at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.jobs import JOB_HANDLERS, Job, JobState
from workflow.papers.batches.models import PaperBatch
from workflow.papers.batches.working import ISSUE, LAY_OUT, MERGE, STEP

PATIENCE = timedelta(seconds=30)
"""A part of a batch takes a few seconds: who has waited longer wants to know for what."""
_LIVE = (JobState.OPEN.value, JobState.RUNNING.value)


class Cause(StrEnum):
    """Why nothing moves."""

    HELD = "held"
    NEXT_TRY = "next-try"
    NO_WORKER = "no-worker"


@dataclass(frozen=True)
class Wait:
    """What is waited for, since when, and when it ends at the latest; None where nobody can say."""

    cause: Cause
    since: datetime
    until: datetime | None = None


def waiting_for(session: Session, batch: PaperBatch, now: datetime) -> Wait | None:
    """Say what the work on a batch waits for; None while it goes on, or when there is none."""
    if not batch.doing or batch.stopped:
        return None
    jobs = [
        job
        for job in session.scalars(
            select(Job).where(Job.visit_id == batch.visit_id, Job.kind.in_([STEP, ISSUE, LAY_OUT, MERGE]),
                              Job.state.in_(_LIVE))
        )
        if job.payload["batch_id"] == batch.id and job.payload["run"] == batch.run
    ]  # fmt: skip
    held = [(job.lease_until - JOB_HANDLERS.get(job.kind).lease, job.lease_until)
            for job in jobs if job.state == JobState.RUNNING and job.lease_until is not None]  # fmt: skip
    if held:
        since, until = min(held)
        return Wait(Cause.HELD, since, until) if max(held)[0] + PATIENCE <= now else None
    due = min((job.due_at for job in jobs), default=None)
    if due is None:
        return None
    if due > now:
        return Wait(Cause.NEXT_TRY, now, due)
    return Wait(Cause.NO_WORKER, due) if due + PATIENCE <= now else None
