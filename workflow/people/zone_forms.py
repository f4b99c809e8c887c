"""Forms into which a machine-readable zone can be pasted: they come back filled, and nothing is saved by reading."""

from datetime import date
from typing import Any

from flask import request

from workflow.base.errors import Problem
from workflow.people.zones import Reading, read_zone
from workflow.web.forms import Form


def asked_to_read() -> bool:
    """Tell whether the button "read the zone" was pressed, or one that takes a proposed correction."""
    return bool(request.form.get("read") or request.form.get("instead"))


def reading_of(today: date, *, family: str = "", given: str = "") -> Reading | None:
    """Read the zone that was posted, or the correction of it that was chosen."""
    text = (request.form.get("instead") or request.form.get("zone") or "")[:2000]
    return read_zone(text, today, family=family, given=given) if text.strip() else None


def ask_for_zone(form: Form[Any]) -> None:
    """Say beside the field that there is nothing to read."""
    fill(form, {})
    form.add(Problem("zone", "people.zone-missing"))
    form.status = 422


def fill(form: Form[Any], fields: dict[str, Any]) -> None:
    """Put what a zone says into the fields of a form that is shown again; nothing is saved yet."""
    for name, value in fields.items():
        form.values[name] = value.isoformat() if isinstance(value, date) else str(getattr(value, "value", value))
    form.errors, form.problems, form.status, form.data = {}, [], 200, None
