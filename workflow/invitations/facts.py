"""What papers may say of an invitation (`docs/facts.md`, section `invitation`)."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import FactCollector, FactScope
from workflow.invitations.queries import invitation_of


def collect(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section."""
    row = invitation_of(session, scope.visit_id)
    return {"reply_by": row.reply_by if row else None}


SECTIONS: dict[str, FactCollector] = {"invitation": collect}
