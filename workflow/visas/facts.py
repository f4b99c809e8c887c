"""What papers may say of visas (`docs/facts.md`, section `visas`): routes and what is to be brought, never a passport.

What the rules say of the e-visa comes from the version that was chosen, with the day of its oldest evidence.
"""

from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import FactCollector, FactScope
from workflow.visas.keeping import our_rules
from workflow.visas.models import VisaCase
from workflow.visas.opening import load_cases
from workflow.visas.rules import Outcome


def visas(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect each traveller's route and papers, and for those with an e-visa what its rule says."""
    cases = load_cases(session, scope.visit_id)
    electronic = [case for case in cases if case.outcome == Outcome.EVISA]
    return {
        "cases": [_case(case) for case in cases],
        "evisa": {"travellers": [_name(case) for case in electronic], **_rule(session, electronic)},
    }


def _name(case: VisaCase) -> dict[str, str]:
    person = case.member.person
    return {"ru": person.shown_name("ru"), "en": person.shown_name("en")}


def _case(case: VisaCase) -> dict[str, Any]:
    return {
        "name": _name(case),
        "route": {"ru": case.title("ru"), "en": case.title("en")} if case.outcome else None,
        "documents": [{"ru": item.title_ru, "en": item.title_en} for item in case.items if item.wanted],
    }


def _rule(session: Session, cases: list[VisaCase]) -> dict[str, Any]:
    told: dict[str, Any] = dict.fromkeys(("stay_days", "validity_days", "processing_days", "apply_by", "as_of"))
    first = cases[0] if cases else None
    rule = our_rules(session).find(first.rule_id or "", first.rule_version or 0) if first else None
    if first is None or rule is None:
        return told
    visa, processing = rule.visa, rule.timeline.processing
    return {
        **told,
        "stay_days": visa.max_stay.days if visa and visa.max_stay else None,
        "validity_days": visa.validity_days if visa else None,
        "processing_days": processing.max if processing else None,
        "apply_by": first.goes_off_on,
        "as_of": rule.as_of,
    }


SECTIONS: dict[str, FactCollector] = {"visas": visas}
