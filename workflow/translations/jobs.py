"""What a worker does for assignments: calls them off when their visit is cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.events import Event
from workflow.base.jobs import JobHandler
from workflow.translations.models import Assignment
from workflow.translations.rules import AssignmentState, Verb, answer
from workflow.translations.service import cancel_assignment
from workflow.visits.models import Visit
from workflow.visits.rules import Standing


def _call_off(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Cancel what is not finished, with the visit's own reason; whoever has the text is told and loses it."""
    visit = session.get(Visit, int(payload["visit_id"]))
    if visit is None or visit.standing != Standing.CANCELLED:
        return
    event = session.get(Event, int(payload["event_id"]))
    reason = (event.note if event is not None else "") or "—"
    ending = [state.value for state in AssignmentState if isinstance(answer(state, Verb.CANCEL), AssignmentState)]
    unfinished = select(Assignment.id).where(Assignment.visit_id == visit.id, Assignment.state.in_(ending))
    for assignment_id in session.scalars(unfinished.order_by(Assignment.id)).all():
        cancel_assignment(session, SYSTEM, now, assignment_id, reason=reason)


HANDLERS: list[JobHandler] = [JobHandler("translations.call_off", record=_call_off)]
