"""What a worker does for outcomes: open the report when a visit comes to its debriefing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.jobs import JobHandler
from workflow.outcomes.service import open_report
from workflow.visits.models import Visit
from workflow.visits.rules import Standing


def _load(session: Session, payload: Mapping[str, Any], now: datetime) -> int | None:  # noqa: ARG001
    visit = session.get(Visit, int(payload["visit_id"]))
    return visit.id if visit is not None and visit.standing != Standing.CANCELLED else None


def _record(session: Session, payload: Mapping[str, Any], outcome: Any, now: datetime) -> None:  # noqa: ARG001
    open_report(session, SYSTEM, now, int(outcome))


HANDLERS: list[JobHandler] = [JobHandler("outcomes.open_report", record=_record, load=_load)]
