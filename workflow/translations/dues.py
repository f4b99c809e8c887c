"""What is due of assignments, and whom it waits for: unclaimed, with a translator, or to be checked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.clock import local_date
from workflow.base.reasons import DueItem, DueSubject, Sentence, Where
from workflow.office.queries import our_zone
from workflow.reminders.service import sync_due
from workflow.translations import rules
from workflow.translations.models import Assignment
from workflow.translations.rules import AssignmentState
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

SOURCE = "translations"
CHECK = "translations.assignment_outstanding"

_PHASES: dict[AssignmentState, str] = {
    AssignmentState.OPEN: "claim",
    AssignmentState.CLAIMED: "deliver",
    AssignmentState.RETURNED: "deliver",
    AssignmentState.SUBMITTED: "check",
}
_TITLES = {"claim": "translations.due-claim", "deliver": "translations.due-deliver", "check": "translations.due-check"}


def due_items(session: Session, visit_id: int) -> list[DueItem]:
    """Say what is due of a visit's assignments now."""
    zone = our_zone(session)
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.visit_id == visit_id, Assignment.state.in_([state.value for state in rules.LIVE]))
        .order_by(Assignment.id)
    )
    items = []
    for row in rows:
        if row.due_at is None:
            continue
        phase = _PHASES[AssignmentState(row.state)]
        owner = {"claim": None, "deliver": row.translator_id, "check": row.reviser_id}[phase]
        items.append(DueItem(
            key=f"assignment.{row.id}.{phase}", title=Sentence(_TITLES[phase], {"title": row.title}),
            due_on=local_date(row.due_at, zone), check=CHECK, subject=("assignment", row.id),
            where=Where("translations.show", {"assignment_id": row.id}), owner_id=owner,
        ))
    return items


def sync_dues(session: Session, now: datetime, visit_id: int) -> None:
    """Tell the reminders what is due of a visit's assignments now."""
    session.flush()
    sync_due(session, now, source=SOURCE, visit_id=visit_id, items=due_items(session, visit_id))


def assignment_outstanding(session: Session, subjects: Sequence[DueSubject], now: datetime) -> Sequence[bool]:  # noqa: ARG001
    """Say of each assignment whether it is still in the phase that the reminder is about, its visit going on."""
    ids = {subject.subject[1] for subject in subjects}
    rows = session.execute(
        select(Assignment.id, Assignment.state).join(Visit, Visit.id == Assignment.visit_id)
        .where(Assignment.id.in_(ids), Visit.standing == Standing.LIVE.value)
    )
    phases = {row.id: _PHASES.get(AssignmentState(row.state)) for row in rows}
    return [phases.get(subject.subject[1]) == subject.key.rsplit(".", 1)[-1] for subject in subjects]
