"""What papers may say of a programme; internal notes are never among it."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.reasons import FactCollector, FactScope
from workflow.programme import working
from workflow.programme.models import ProgrammeItem
from workflow.programme.queries import items_of
from workflow.visits.models import Visit


def programme(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the programme of a visit, day by day."""
    items = items_of(session, scope.visit_id)
    officers = people(session, [item.interpreter_id for item in items])
    visit = session.get(Visit, scope.visit_id)
    days: list[dict[str, Any]] = []
    for item in items:
        if not days or days[-1]["date"] != item.day:
            days.append({"date": item.day, "items": []})
        days[-1]["items"].append({
            "from": f"{item.starts:%H:%M}" if item.starts else "",
            "to": f"{item.ends:%H:%M}" if item.ends else None,
            "title": {"ru": item.title_ru, "en": item.title_en},
            "place": _both(item, "place"), "host": _both(item, "host"), "dress": _both(item, "dress"),
            "note": _both(item, "note"), "interpreter": working.interpreter_facts(item, officers),
        })
    return {"days": days, "languages": list(visit.languages) if visit is not None else []}


def _both(item: ProgrammeItem, name: str) -> dict[str, str]:
    return {"ru": getattr(item, f"{name}_ru"), "en": getattr(item, f"{name}_en")}


SECTIONS: dict[str, FactCollector] = {"programme": programme, **working.SECTIONS}
