"""What papers may say of a visit's outcomes, and what protocol papers say beside."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.languages import twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.outcomes import protocol_facts
from workflow.outcomes.models import VisitReport
from workflow.outcomes.queries import outcomes_of, report_of
from workflow.outcomes.rules import REPORT_TEXTS


def outcomes(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect a visit's report and its outcomes."""
    report = report_of(session, scope.visit_id)
    rows = outcomes_of(session, scope.visit_id)
    owners = people(session, [row.owner_id for row in rows])
    told = [protocol_facts.promise(row, owners) for row in rows]
    return {
        "report": {**{name: _text(report, name) for name in REPORT_TEXTS},
                   "sent_to": twin(report.sent_to, report.sent_to_en) or "" if report is not None else ""},
        "items": [{name: item[name] for name in ("what", "owner", "due", "state")} for item in told],
    }


def _text(report: VisitReport | None, name: str) -> Any:
    """A text of the report: by language where it has an English one, else as it was typed."""
    if report is None:
        return ""
    english = getattr(report, f"{name}_en")
    return {"ru": getattr(report, name), "en": english} if english else getattr(report, name)


SECTIONS: dict[str, FactCollector] = {"outcomes": outcomes, **protocol_facts.SECTIONS}
