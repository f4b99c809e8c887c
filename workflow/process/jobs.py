"""What workers do for the process: bring a visit's deadlines in line after a change elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.jobs import JobHandler
from workflow.process.deadlines import sync_deadlines
from workflow.process.reactions import RECOMPUTE
from workflow.reminders.rules import batches
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

AT_ONCE = 200


def _recompute(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Bring one visit in line, or, after a change of the office's own calendar or zone, all that go on."""
    visit_id = payload.get("visit_id")
    ids = [visit_id] if visit_id is not None else session.scalars(
        select(Visit.id).where(Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]))
    ).all()
    for part in batches(ids, AT_ONCE):
        sync_deadlines(session, now, part)


HANDLERS = [JobHandler(RECOMPUTE, record=_recompute)]
