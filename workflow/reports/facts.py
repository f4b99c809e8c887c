"""What papers may say of a year: the journal of receptions. No paper of a visit asks for it."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.reasons import FactCollector, FactScope
from workflow.reports.receptions import receptions
from workflow.visits.models import Visit


def collect(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the journal of the year in which a visit begins; the page of reports asks for what its reader may see."""
    visit = session.get(Visit, scope.visit_id)
    year = (visit.arrival if visit is not None and visit.arrival is not None else scope.now).year
    return receptions(session, SYSTEM, year)


SECTIONS: dict[str, FactCollector] = {"receptions": collect}
