"""What the working edition of a programme says beside the guests' edition: for our own people only."""

from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.reasons import FactCollector, FactScope
from workflow.programme.queries import interpreter_of, items_of, people_names


def working(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the programme day by day with officers, interpreters and internal notes."""
    items = items_of(session, scope.visit_id)
    officers = people(session, [item.responsible_id for item in items])
    names = {language: people_names(session, items, language) for language in ("ru", "en")}
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
            "interpreter": {language: interpreter_of(item, told) for language, told in names.items()},
            "interpreter_needed": item.interpreter_needed,
            "internal_note": item.internal_note or None,
            "menu": item.menu or None, "press": item.press or None, "security": item.security or None,
            "equipment": item.equipment or None, "plan_b": item.plan_b or None,
        })  # fmt: skip
    return {"days": days}


SECTIONS: dict[str, FactCollector] = {"working": working}
