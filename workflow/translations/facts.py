"""What papers may say of one assignment (`docs/facts.md`, section `assignment`)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.files import StoredFile
from workflow.base.languages import translations, twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.office.queries import our_zone
from workflow.translations.models import Assignment
from workflow.translations.rules import Purpose, pages
from workflow.translations.wording import PURPOSES, direction

NAMES = ("title", "version", "file", "direction", "characters", "pages", "purpose", "text_user", "glossary",
         "references", "instructions", "due", "due_time", "translator", "reviser", "layout",
         "confidentiality")  # fmt: skip


def assignment(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the assignment that the paper is about; every value is None when it is about none."""
    kind, key = scope.subject or ("", 0)
    row = None
    if kind == "assignment":
        row = session.scalars(
            select(Assignment).where(Assignment.id == key, Assignment.visit_id == scope.visit_id)
        ).one_or_none()
    if row is None:
        return dict.fromkeys(NAMES)
    file = session.get(StoredFile, row.source_file_id) if row.source_file_id is not None else None
    officers = people(session, [row.translator_id, row.reviser_id])
    due = _local(session, row.due_at)
    count = pages(row.characters)
    translated = {language: str(translations(language).gettext(PURPOSES[Purpose(row.purpose)]))
                  for language in ("ru", "en")} if row.purpose else None  # fmt: skip
    return {
        "title": _told(row, "title"), "version": _told(row, "text_version"), "file": file.name if file else None,
        "direction": _direction(row), "characters": row.characters,
        "pages": None if count is None else {"ru": f"{count:g}".replace(".", ","), "en": f"{count:g}"},
        "purpose": translated, "text_user": _told(row, "text_user"),
        "glossary": {"ru": row.names, "en": row.names} if row.names else None,
        "references": _told(row, "reference_texts"), "instructions": _told(row, "instructions"),
        "due": due.date() if due else None, "due_time": f"{due:%H:%M}" if due else None,
        "translator": _name(officers.get(row.translator_id or 0)), "reviser": _name(officers.get(row.reviser_id or 0)),
        "layout": _told(row, "layout"), "confidentiality": _told(row, "confidentiality"),
    }  # fmt: skip


def _told(row: Assignment, name: str) -> Any:
    return twin(getattr(row, name), getattr(row, f"{name}_en"))


def _local(session: Session, moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(ZoneInfo(our_zone(session)))


def _direction(row: Assignment) -> dict[str, str] | None:
    if not (row.source_language and row.target_language):
        return None
    return {language: direction(row.source_language, row.target_language, language) for language in ("ru", "en")}


def _name(officer: Any) -> dict[str, str] | None:
    return None if officer is None else {"ru": officer.name_ru, "en": officer.name_en}


SECTIONS: dict[str, FactCollector] = {"assignment": assignment}
