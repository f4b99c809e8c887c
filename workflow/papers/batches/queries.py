"""Reads of batches, each scoped to the actor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.accounts.rules import token_hash
from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.papers import editions
from workflow.papers.batches.models import AnswerLink, BatchRecipient, PaperBatch
from workflow.papers.batches.rules import BatchState, Doing, Progress
from workflow.papers.editions import Kind
from workflow.papers.models import Paper, PaperText
from workflow.papers.rules import ISSUED, PaperState
from workflow.papers.sending.models import OutgoingMail
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by


def batch_kinds() -> Mapping[str, Kind]:
    """The kinds of paper that are made for one recipient each."""
    return {key: kind for key, kind in editions.kinds().items() if kind.subject == "recipient" and kind.official}


def get_batch(session: Session, actor: Actor, batch_id: int) -> PaperBatch:
    """Load a batch of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    batch = None
    if actor.may(Permission.PAPERS_READ):
        query = select(PaperBatch).where(PaperBatch.id == batch_id, seen_by(actor, PaperBatch.visit_id))
        batch = session.scalars(query).one_or_none()
    if batch is None:
        raise NotFound("batch")
    return batch


def get_recipient(session: Session, actor: Actor, recipient_id: int) -> tuple[BatchRecipient, PaperBatch]:
    """Load a recipient with their batch.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = session.get(BatchRecipient, recipient_id) if actor.may(Permission.PAPERS_READ) else None
    if row is None:
        raise NotFound("recipient")
    return row, get_batch(session, actor, row.batch_id)


def batches_of(session: Session, actor: Actor, visit_id: int) -> Sequence[PaperBatch]:
    """List a visit's batches, the newest first."""
    if not actor.may(Permission.PAPERS_READ):
        return []
    query = select(PaperBatch).where(PaperBatch.visit_id == visit_id, seen_by(actor, PaperBatch.visit_id))
    return session.scalars(query.order_by(PaperBatch.id.desc())).all()


def recipient_counts(session: Session, batch_ids: Sequence[int]) -> Mapping[int, int]:
    """Count the recipients of many batches."""
    rows = session.execute(
        select(BatchRecipient.batch_id, func.count())
        .where(BatchRecipient.batch_id.in_(list(batch_ids)))
        .group_by(BatchRecipient.batch_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def recipients_of(session: Session, batch_id: int) -> Sequence[BatchRecipient]:
    """List a batch's recipients in order; the caller has checked that the actor may see the batch."""
    return session.scalars(
        select(BatchRecipient).where(BatchRecipient.batch_id == batch_id).order_by(BatchRecipient.position)
    ).all()


@dataclass(frozen=True)
class PaperLine:
    """What a batch's page shows of a recipient's paper."""

    id: int
    state: str
    number: str


def papers_of_batch(session: Session, batch_id: int) -> Mapping[int, PaperLine]:
    """Give the papers of a batch by recipient, in one query and without their texts."""
    rows = session.execute(
        select(BatchRecipient.id, Paper.id, Paper.state, Paper.number)
        .join(Paper, Paper.id == BatchRecipient.paper_id)
        .where(BatchRecipient.batch_id == batch_id)
    )
    return {row[0]: PaperLine(row[1], row[2], row[3]) for row in rows}


def mails_of_batch(session: Session, batch_id: int) -> Mapping[int, tuple[int, str]]:
    """Give the newest mail of each recipient's paper in the sending queue: recipient → (key, state)."""
    rows = session.execute(
        select(BatchRecipient.id, OutgoingMail.id, OutgoingMail.state)
        .join(OutgoingMail, OutgoingMail.paper_id == BatchRecipient.paper_id)
        .where(BatchRecipient.batch_id == batch_id)
        .order_by(OutgoingMail.id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


_PAST_APPROVAL = [state.value for state in (PaperState.APPROVED, *sorted(ISSUED))]


def progress(session: Session, batch: PaperBatch) -> Progress:
    """Say how far the work on a batch is, by counting rows."""
    counted = (
        select(
            func.count(BatchRecipient.id).label("all"),
            func.count(BatchRecipient.paper_id).label("drafted"),
            func.count(BatchRecipient.id).filter(BatchRecipient.faulty).label("failed"),
            func.count(Paper.id).filter(Paper.state != PaperState.DRAFT.value).label("submitted"),
            func.count(Paper.id).filter(Paper.state.in_(_PAST_APPROVAL)).label("issued"),
            func.count(Paper.id).filter(Paper.state.in_([state.value for state in ISSUED])).label("signed"),
            func.count(PaperText.id).filter(PaperText.rendered_no == Paper.render_no, Paper.render_no > 0)
            .label("laid_out"),
        )
        .select_from(BatchRecipient)
        .outerjoin(Paper, Paper.id == BatchRecipient.paper_id)
        .outerjoin(PaperText, PaperText.paper_id == Paper.id)
        .where(BatchRecipient.batch_id == batch.id)
    )  # fmt: skip
    row = session.execute(counted).one()
    total, issued = int(row.all), int(row.issued)
    doing = Doing(batch.doing)
    done = {
        Doing.DRAFT: row.drafted, Doing.SUBMIT: row.submitted, Doing.TAKE_BACK: total - row.submitted,
        Doing.ISSUE: issued, Doing.LAY_OUT: row.laid_out, Doing.SIGN: row.signed,
        Doing.CLEAR: total - row.drafted,
    }.get(doing)  # fmt: skip
    if doing is Doing.QUEUE:
        done = session.scalar(
            select(func.count(OutgoingMail.id.distinct()))
            .join(BatchRecipient, BatchRecipient.paper_id == OutgoingMail.paper_id)
            .where(BatchRecipient.batch_id == batch.id)
        )
    if doing in (Doing.LAY_OUT, Doing.SIGN, Doing.MERGE, Doing.QUEUE):
        total = issued
    return Progress(doing, int(done if done is not None else 0), total, int(row.failed))


def answer_counts(session: Session, batch_id: int) -> Mapping[str, int]:
    """Count the answers of a batch: answer → how many."""
    rows = session.execute(
        select(BatchRecipient.answer, func.count())
        .where(BatchRecipient.batch_id == batch_id)
        .group_by(BatchRecipient.answer)
    )
    return {row[0]: int(row[1]) for row in rows}


def batches_waiting(session: Session, actor: Actor, *, limit: int = 50) -> Sequence[tuple[PaperBatch, Visit]]:
    """List batches that await the actor's decision, the longest waiting first; for the manager's desk."""
    if not actor.may(Permission.PAPERS_APPROVE):
        return []
    rows = session.execute(
        select(PaperBatch, Visit)
        .join(Visit, Visit.id == PaperBatch.visit_id)
        .where(PaperBatch.state == BatchState.SUBMITTED.value, PaperBatch.doing == "",
               seen_by(actor, PaperBatch.visit_id))
        .order_by(PaperBatch.submitted_at, PaperBatch.id)
        .limit(limit)
    )  # fmt: skip
    return [(batch, visit) for batch, visit in rows]


def live_link(session: Session, now: datetime, token: str) -> tuple[AnswerLink, BatchRecipient, PaperBatch, Visit]:
    """Find what a personal link leads to; unscoped, the secret is the permission.

    Raises:
        NotFound: there is no such link, it has expired, or it was revoked: never told apart.
    """
    found = session.execute(
        select(AnswerLink, BatchRecipient, PaperBatch, Visit)
        .join(BatchRecipient, BatchRecipient.id == AnswerLink.recipient_id)
        .join(PaperBatch, PaperBatch.id == BatchRecipient.batch_id)
        .join(Visit, Visit.id == PaperBatch.visit_id)
        .where(AnswerLink.token_hash == token_hash(token), AnswerLink.revoked_at.is_(None),
               AnswerLink.expires_at > now)
    ).one_or_none()  # fmt: skip
    if found is None:
        raise NotFound("link")
    return found[0], found[1], found[2], found[3]


def live_links(session: Session, now: datetime, batch_id: int) -> frozenset[int]:
    """Give the recipients of a batch whose personal link still opens."""
    return frozenset(
        session.scalars(
            select(AnswerLink.recipient_id)
            .join(BatchRecipient, BatchRecipient.id == AnswerLink.recipient_id)
            .where(BatchRecipient.batch_id == batch_id, AnswerLink.revoked_at.is_(None), AnswerLink.expires_at > now)
        )
    )
