"""What is due after a visit: each open outcome with a day. When its report is due, its process says."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.reasons import DueItem, DueSubject, Sentence, Where
from workflow.outcomes.models import Outcome
from workflow.outcomes.rules import OutcomeState
from workflow.reminders.service import sync_due
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

SOURCE = "outcomes"
OUTCOME_CHECK = "outcomes.outcome_outstanding"


def due_items(session: Session, visit_id: int) -> list[DueItem]:
    """Say what is due of a visit's outcomes now."""
    dated = session.scalars(
        select(Outcome).where(Outcome.visit_id == visit_id, Outcome.state == OutcomeState.OPEN.value,
                              Outcome.due_on.is_not(None)).order_by(Outcome.id)
    )
    return [
        DueItem(
            key=f"outcome.{row.id}", title=Sentence("outcomes.due-outcome", {"what": row.what[:200]}),
            due_on=row.due_on, check=OUTCOME_CHECK, subject=("outcome", row.id), owner_id=row.owner_id,
            where=Where("outcomes.index", {"visit_id": visit_id}, f"outcome-{row.id}"),
        )
        for row in dated if row.due_on is not None
    ]


def sync_dues(session: Session, now: datetime, visit_id: int) -> None:
    """Tell the reminders what is due of a visit's outcomes now."""
    session.flush()
    sync_due(session, now, source=SOURCE, visit_id=visit_id, items=due_items(session, visit_id))


def outcome_outstanding(
    session: Session, subjects: Sequence[DueSubject], now: datetime  # noqa: ARG001
) -> Sequence[bool]:
    """Say of each outcome whether it is still open; those of a cancelled visit are nobody's business any more."""
    ids = {subject.subject[1] for subject in subjects}
    there = set(session.scalars(
        select(Outcome.id).join(Visit, Visit.id == Outcome.visit_id)
        .where(Outcome.id.in_(ids), Outcome.state == OutcomeState.OPEN.value,
               Visit.standing != Standing.CANCELLED.value)
    ))
    return [subject.subject[1] in there for subject in subjects]
