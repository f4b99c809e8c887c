"""What the process and the digest ask of invitations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, DueSubject, Reason, ReminderCheck, Where
from workflow.invitations.models import Invitation
from workflow.invitations.queries import answers
from workflow.invitations.rules import Answer, is_answered
from workflow.invitations.service import CHECK


def answer_recorded(
    session: Session,
    visit_ids: Sequence[int],
    params: Mapping[str, Any],  # noqa: ARG001 - the shape of every condition
) -> Mapping[int, Sequence[Reason]]:
    """Say for which visits an answer to the invitation is recorded; silence is none."""
    known = answers(session, visit_ids)
    found: dict[int, Sequence[Reason]] = {}
    for visit_id in visit_ids:
        answer = known.get(visit_id, "")
        code = "invitations.reason-silent" if answer == Answer.SILENT else "invitations.reason-no-answer"
        where = Where("invitations.show", {"visit_id": visit_id})
        found[visit_id] = () if is_answered(answer) else [Reason(code, {}, where)]
    return found


def no_answer(session: Session, subjects: Sequence[DueSubject], _now: datetime) -> Sequence[bool]:
    """Say for each invitation whether its answer is still outstanding."""
    ids = [subject.subject[1] for subject in subjects]
    rows = session.execute(select(Invitation.id, Invitation.answer).where(Invitation.id.in_(ids)))
    waiting = {row.id for row in rows if not is_answered(row.answer)}
    return [one in waiting for one in ids]


CONDITIONS: dict[str, ConditionCheck] = {"invitations.answer_recorded": answer_recorded}
REMINDER_CHECKS: dict[str, ReminderCheck] = {CHECK: no_answer}
