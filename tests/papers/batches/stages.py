"""A batch brought as far as a test wants it: each stage comes after those before it, its work done."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.unit_of_work import commit
from workflow.papers.batches import service
from workflow.papers.batches.models import PaperBatch

Run = Callable[[], int]


def settle(session: Session, run_jobs: Run) -> None:
    """Commit, have the work done, and forget what was read before it."""
    commit(session)
    run_jobs()
    session.expire_all()


def drafted(session: Session, desk: Desk, now: datetime, batch: PaperBatch, run_jobs: Run) -> None:
    """Every recipient has a draft."""
    service.start_drafts(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)


def submitted_batch(session: Session, desk: Desk, now: datetime, batch: PaperBatch, run_jobs: Run) -> None:
    """All drafts wait for the manager."""
    drafted(session, desk, now, batch, run_jobs)
    service.submit_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)


def ready(session: Session, desk: Desk, now: datetime, batch: PaperBatch, run_jobs: Run) -> None:
    """All are approved, numbered and bound for the printer."""
    submitted_batch(session, desk, now, batch, run_jobs)
    service.approve_batch(session, desk.manager, now, batch.id)
    settle(session, run_jobs)


def signed_batch(session: Session, desk: Desk, now: datetime, batch: PaperBatch, run_jobs: Run) -> None:
    """All are signed."""
    ready(session, desk, now, batch, run_jobs)
    service.sign_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)


def queued_batch(session: Session, desk: Desk, now: datetime, batch: PaperBatch, run_jobs: Run) -> None:
    """The mails of all wait in the queue for somebody to release them."""
    signed_batch(session, desk, now, batch, run_jobs)
    service.queue_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)
