"""What workers do for invitations: begin one when a stage asks for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.errors import DomainError
from workflow.base.jobs import PermanentFailure
from workflow.base.slow_work import in_two_runs
from workflow.invitations.service import ensure_invitation
from workflow.papers.service import draft_paper, live_paper

DRAFT = "invitations.draft_invitation"
KIND = "invitation"


def _draft(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Make the visit's invitation and draft its letter, unless it has one."""
    visit_id = payload["visit_id"]
    ensure_invitation(session, now, visit_id)
    if live_paper(session, visit_id, KIND) is not None:
        return
    try:
        draft_paper(session, SYSTEM, now, visit_id, KIND)
    except DomainError as wrong:
        raise PermanentFailure(wrong.code) from wrong


HANDLERS = [in_two_runs(DRAFT, _draft)]
