"""Reads of talks, protocol notes and diplomas."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.outcomes.models import Conversation, ConversationTopic, MemberAward, ProtocolNotes
from workflow.visits.models import Member
from workflow.visits.queries import seen_by


class _OfVisit(Protocol):
    id: Any
    visit_id: Any


R = TypeVar("R", bound=_OfVisit)


def conversations_of(session: Session, visit_id: int) -> Sequence[Conversation]:
    """List a visit's talks in order of time; unscoped, the caller has checked that the actor may see the visit."""
    return session.scalars(
        select(Conversation).where(Conversation.visit_id == visit_id)
        .order_by(Conversation.held_on, Conversation.starts, Conversation.id)
    ).all()


def topics_of(session: Session, conversation_id: int) -> Sequence[ConversationTopic]:
    """List a talk's topics in their order; unscoped."""
    return session.scalars(
        select(ConversationTopic).where(ConversationTopic.conversation_id == conversation_id)
        .order_by(ConversationTopic.position, ConversationTopic.id)
    ).all()


def notes_of(session: Session, visit_id: int) -> ProtocolNotes | None:
    """Give a visit's protocol notes; unscoped."""
    return session.scalars(select(ProtocolNotes).where(ProtocolNotes.visit_id == visit_id)).one_or_none()


def awards_of(session: Session, visit_id: int) -> Sequence[MemberAward]:
    """List what is awarded at a visit, that for everybody first; unscoped."""
    rows = session.scalars(select(MemberAward).where(MemberAward.visit_id == visit_id).order_by(MemberAward.id)).all()
    return sorted(rows, key=lambda row: row.member_id is not None)


def get_conversation(session: Session, actor: Actor, conversation_id: int) -> Conversation:
    """Load a talk of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _seen(session, actor, Conversation, conversation_id)


def get_topic(session: Session, actor: Actor, topic_id: int) -> tuple[ConversationTopic, Conversation]:
    """Load a topic with its talk.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = session.get(ConversationTopic, topic_id)
    if row is None:
        raise NotFound("topic")
    return row, get_conversation(session, actor, row.conversation_id)


def get_award(session: Session, actor: Actor, award_id: int) -> MemberAward:
    """Load what is awarded at a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return _seen(session, actor, MemberAward, award_id)


def _seen(session: Session, actor: Actor, table: type[R], key: int) -> R:
    row = None
    if actor.may(Permission.OUTCOMES_READ):
        row = session.scalars(select(table).where(table.id == key, seen_by(actor, table.visit_id))).one_or_none()
    if row is None:
        raise NotFound(table.__name__.casefold())
    return row


def member_of(session: Session, visit_id: int, member_id: int) -> Member | None:
    """Give a member of this visit, or None; unscoped."""
    row = session.get(Member, member_id)
    return row if row is not None and row.visit_id == visit_id else None
