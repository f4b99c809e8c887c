"""Work on a batch that is begun again: nobody gets a second paper, and no second mail that may be one too many."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.papers.batches.stages import drafted, queued_batch, settle
from tests.papers.conftest import Desk
from workflow.base.unit_of_work import commit
from workflow.mail.models import Mail, MailState
from workflow.papers.batches import service as batches
from workflow.papers.batches.models import PaperBatch
from workflow.papers.batches.queries import papers_of_batch
from workflow.papers.batches.rules import Doing
from workflow.papers.batches.working import begin
from workflow.papers.models import Paper
from workflow.papers.sending import service
from workflow.papers.sending.models import OutgoingMail

Run = Callable[[], int]
BatchOf = Callable[..., PaperBatch]


def test_drafts_begun_again_are_those_that_are_there(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(3)
    drafted(session, desk, now, batch, run_jobs)
    before = papers_of_batch(session, batch.id)
    begin(session, desk.coordinator, now, batch, Doing.DRAFT)  # as when its last chunk had stopped
    settle(session, run_jobs)
    assert papers_of_batch(session, batch.id) == before
    assert session.scalar(select(func.count(Paper.id))) == 3


@pytest.mark.parametrize("state", list(MailState))
def test_mail_is_prepared_again_only_where_the_last_one_surely_stayed_here(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run, state: MailState
) -> None:
    batch = batch_of(1)
    queued_batch(session, desk, now, batch, run_jobs)
    first = session.scalars(select(OutgoingMail)).one()
    service.release_outgoing(session, desk.coordinator, now, first.id)
    commit(session)
    run_jobs()
    session.execute(update(Mail).values(state=state.value))
    commit(session)
    session.expire_all()
    batches.queue_batch(session, desk.coordinator, now, batch.id)
    commit(session)
    run_jobs()
    stayed = state in (MailState.FAILED, MailState.WITHDRAWN)
    assert session.scalar(select(func.count(OutgoingMail.id))) == (2 if stayed else 1)
