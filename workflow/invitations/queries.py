"""Reads of invitations."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.invitations.models import Invitation


def invitation_of(session: Session, visit_id: int) -> Invitation | None:
    """Give a visit's invitation; the caller has checked that the actor may see the visit."""
    return session.scalars(select(Invitation).where(Invitation.visit_id == visit_id)).one_or_none()


def answers(session: Session, visit_ids: Sequence[int]) -> Mapping[int, str]:
    """Give the answers of many visits: visit id → answer."""
    rows = session.execute(
        select(Invitation.visit_id, Invitation.answer).where(Invitation.visit_id.in_(list(visit_ids)))
    )
    return {row.visit_id: row.answer for row in rows}
