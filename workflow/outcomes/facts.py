"""What papers may say of a visit's outcomes."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.languages import translations
from workflow.base.reasons import FactCollector, FactScope
from workflow.outcomes.queries import outcomes_of, report_of
from workflow.outcomes.rules import REPORT_FIELDS, OutcomeState
from workflow.outcomes.wording import STATES


def outcomes(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect a visit's report and its outcomes."""
    report = report_of(session, scope.visit_id)
    rows = outcomes_of(session, scope.visit_id)
    owners = people(session, [row.owner_id for row in rows])
    return {
        "report": {name: getattr(report, name) if report is not None else "" for name in REPORT_FIELDS},
        "items": [
            {
                "what": row.what,
                "owner": {language: owners[row.owner_id].name(language) for language in ("ru", "en")}
                if row.owner_id is not None else row.owner_name,
                "due": row.due_on,
                "state": {language: translations(language).gettext(STATES[OutcomeState(row.state)])
                          for language in ("ru", "en")},
            }
            for row in rows
        ],
    }


SECTIONS: dict[str, FactCollector] = {"outcomes": outcomes}
