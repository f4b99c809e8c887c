"""What the working edition of a programme says beside the guests' edition: for our own people only."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import Person, people
from workflow.base.languages import twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.programme.models import ProgrammeItem
from workflow.programme.queries import items_of

INTERNAL = ("internal_note", "menu", "press", "security", "equipment", "plan_b")
"""What only our own people read of an item, each in a field for all languages and one for English."""


def interpreter_facts(item: ProgrammeItem, officers: Mapping[int, Person]) -> Any:
    """Give who interprets an item: one of us in both languages, somebody outside as the name was typed."""
    officer = officers.get(item.interpreter_id or 0)
    if officer is not None:
        return {language: officer.name(language) for language in ("ru", "en")}
    return twin(item.interpreter_name, item.interpreter_name_en)


def working(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the programme day by day with officers, interpreters and internal notes."""
    items = items_of(session, scope.visit_id)
    officers = people(session, [key for item in items for key in (item.responsible_id, item.interpreter_id)])
    days: list[dict[str, Any]] = []
    for item in items:
        if not days or days[-1]["date"] != item.day:
            days.append({"date": item.day, "items": []})
        officer = officers.get(item.responsible_id or 0)
        days[-1]["items"].append({
            "from": f"{item.starts:%H:%M}" if item.starts else "",
            "to": f"{item.ends:%H:%M}" if item.ends else None,
            **{name: {language: getattr(item, f"{name}_{language}") for language in ("ru", "en")}
               for name in ("title", "place", "host", "dress", "note")},
            "responsible": {"ru": officer.short("ru"), "en": officer.short("en")} if officer else None,
            "phone": (officer.phone if officer else "") or None,
            "interpreter": interpreter_facts(item, officers),
            "interpreter_needed": item.interpreter_needed,
            **{name: twin(getattr(item, name), getattr(item, f"{name}_en")) for name in INTERNAL},
        })  # fmt: skip
    return {"days": days}


SECTIONS: dict[str, FactCollector] = {"working": working}
