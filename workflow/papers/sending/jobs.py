"""What workers do for the queue: hand a released mail over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.database import advance
from workflow.base.events import record
from workflow.base.jobs import JobHandler, JobState
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.papers.sending.service import HAND_OVER, hand_over


def _hand_over(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    hand_over(session, now, payload["outgoing_id"])


def _settled_badly(session: Session, payload: Mapping[str, Any], _state: JobState, now: datetime) -> None:
    """Hold a mail again that could not even be handed over: a person decides."""
    done = advance(session, OutgoingMail, payload["outgoing_id"], from_=[OutgoingState.RELEASED.value],
                   to=OutgoingState.HELD.value, trouble="papers.outgoing-failed")  # fmt: skip
    row = session.get(OutgoingMail, payload["outgoing_id"])
    if done and row is not None:
        record(session, SYSTEM, now, "papers.outgoing.not-handed", subject=row, visit_id=row.visit_id)


HANDLERS = [JobHandler(HAND_OVER, record=_hand_over, settled_badly=_settled_badly)]
