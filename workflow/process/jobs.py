"""What workers do for the process: bring a visit's deadlines in line after a change elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.jobs import JobHandler
from workflow.process.deadlines import sync_deadlines
from workflow.process.reactions import RECOMPUTE


def _recompute(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    sync_deadlines(session, now, [payload["visit_id"]])


HANDLERS = [JobHandler(RECOMPUTE, record=_recompute)]
