"""Reads of confirmed forms."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflow.knowledge.grammar.cases import Gender, Role
from workflow.knowledge.short_names import short_name
from workflow.people.declension.models import NameForm

AT_ONCE = 500
MAX_TEXT = 300
SHOWN = 200


def text_key(text: str) -> str:
    """The key of a text: without regard to capitals and spaces."""
    return " ".join(text.split()).casefold()[:MAX_TEXT]


def confirmed_form(
    session: Session, text: str, gender: Gender = Gender.UNKNOWN, *, person_id: int | None = None
) -> NameForm | None:
    """What was confirmed of a text, a person's own before those of the text alone."""
    anybodys = and_(NameForm.person_id.is_(None), NameForm.gender == gender.value)
    found = session.scalars(
        select(NameForm)
        .where(NameForm.text_key == text_key(text), or_(anybodys, NameForm.person_id == person_id))
        .order_by(NameForm.confirmed_at, NameForm.id)
    ).all()
    own = [row for row in found if row.person_id is not None]
    return own[-1] if own else found[-1] if found else None


def confirmed_forms(session: Session, texts: Iterable[str]) -> Mapping[str, Any]:
    """The confirmed forms of these texts, as papers' facts hold them.

    `corrected` has those that differ from the proposal, `confirmed` the rest: text key → gender ("-" for none) → case
    → form. Of a person also the short form («М. П. Ивановой») is told.
    """
    keys = sorted({text_key(text) for text in texts})
    told: dict[str, dict[str, dict[str, dict[str, str]]]] = {"corrected": {}, "confirmed": {}}
    for start in range(0, len(keys), AT_ONCE):
        rows = session.scalars(
            select(NameForm)
            .where(NameForm.text_key.in_(keys[start : start + AT_ONCE]))
            .order_by(NameForm.confirmed_at, NameForm.id)
        )
        for row in rows:
            section = told["corrected" if row.corrected else "confirmed"]
            for key, forms in _tellings(row):
                section.setdefault(key, {})[row.gender or "-"] = forms
    return {name: section for name, section in told.items() if section}


def _tellings(row: NameForm) -> list[tuple[str, dict[str, str]]]:
    told = [(row.text_key, row.forms)]
    if row.role == Role.PERSON and " " in row.text and "." not in row.text:
        told.append((text_key(short_name(row.text, "ru")),
                     {case: short_name(form, "ru") for case, form in row.forms.items()}))  # fmt: skip
    return told


def confirmed_texts(session: Session) -> Collection[NameForm]:
    """The newest confirmed forms of posts, cities and other texts; never those of travellers."""
    return session.scalars(
        select(NameForm).where(NameForm.person_id.is_(None)).order_by(NameForm.confirmed_at.desc(), NameForm.id.desc())
        .limit(SHOWN)
    ).all()  # fmt: skip
