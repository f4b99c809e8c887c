"""Reads of the sending queue, each scoped to the actor."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.mail.models import Mail
from workflow.papers.models import Dispatch, Paper
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by

PAGE = 100
_WAITING = [OutgoingState.WAITING.value, OutgoingState.HELD.value]
_GONE = [state.value for state in OutgoingState if state.value not in _WAITING]


@dataclass(frozen=True)
class QueueLine:
    """One mail as the queue shows it: its paper, its visit, and what became of it once it was handed over."""

    row: OutgoingMail
    kind: str
    number: str
    visit_id: int
    title_ru: str
    title_en: str
    mail_id: int | None
    mail_state: str

    def title(self, language: str) -> str:
        """The visit's title."""
        return (self.title_ru or self.title_en) if language == "ru" else (self.title_en or self.title_ru)


def get_outgoing(session: Session, actor: Actor, outgoing_id: int) -> OutgoingMail:
    """Load a mail of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = None
    if actor.may(Permission.PAPERS_READ):
        query = select(OutgoingMail).where(OutgoingMail.id == outgoing_id, seen_by(actor, OutgoingMail.visit_id))
        row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound("mail")
    return row


def queue(
    session: Session, actor: Actor, *, visit_id: int | None = None, waiting: bool = True, after: int = 0,
    limit: int = PAGE,
) -> Sequence[QueueLine]:  # fmt: skip
    """List mails that wait or are held, the oldest first; or those that left or were removed, the newest first."""
    if not actor.may(Permission.PAPERS_READ):
        return []
    order = OutgoingMail.id.asc() if waiting else OutgoingMail.id.desc()
    query = (
        select(OutgoingMail, Paper.kind, Paper.number, Visit.id, Visit.title_ru, Visit.title_en, Mail.id, Mail.state)
        .join(Paper, Paper.id == OutgoingMail.paper_id)
        .join(Visit, Visit.id == OutgoingMail.visit_id)
        .outerjoin(Dispatch, Dispatch.id == OutgoingMail.dispatch_id)
        .outerjoin(Mail, Mail.id == Dispatch.mail_id)
        .where(seen_by(actor, OutgoingMail.visit_id))
        .where(OutgoingMail.state.in_(_WAITING if waiting else _GONE))
    )
    if visit_id is not None:
        query = query.where(OutgoingMail.visit_id == visit_id)
    if after:
        query = query.where(OutgoingMail.id > after if waiting else OutgoingMail.id < after)
    rows = session.execute(query.order_by(order).limit(limit))
    return [
        QueueLine(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] or "") for row in rows
    ]


def waiting_count(session: Session, actor: Actor, visit_id: int | None = None) -> int:
    """Count the mails that wait for their release."""
    query = select(func.count(OutgoingMail.id)).where(
        OutgoingMail.state == OutgoingState.WAITING.value, seen_by(actor, OutgoingMail.visit_id)
    )
    if visit_id is not None:
        query = query.where(OutgoingMail.visit_id == visit_id)
    return session.scalar(query) or 0


def mail_state(session: Session, mail_id: int) -> str:
    """Give what became of a mail that was handed over; the caller has checked that the actor may see it."""
    return session.scalar(select(Mail.state).where(Mail.id == mail_id)) or ""
