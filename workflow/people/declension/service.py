"""Confirming and correcting case forms; flushes, never commits."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.knowledge.grammar.cases import OBLIQUE, Case, Gender, Proposal, Role
from workflow.knowledge.grammar.forms import propose
from workflow.people.declension.models import NameForm
from workflow.people.declension.queries import MAX_TEXT, confirmed_form, text_key
from workflow.people.models import Person, Sex

SEXES = {Sex.MALE: Gender.MALE, Sex.FEMALE: Gender.FEMALE, Sex.UNKNOWN: Gender.UNKNOWN}


def proposals(text: str, role: Role, gender: Gender, *, family_first: bool = False) -> dict[Case, Proposal]:
    """What the rules propose for a text, by case."""
    return {case: propose(text, case, role, gender, family_first=family_first) for case in OBLIQUE}


def gender_of_person(person: Person) -> Gender:
    """The gender that a person's card states."""
    return SEXES[Sex(person.sex)]


def confirm_forms(
    session: Session, actor: Actor, now: datetime, text: str, role: Role, gender: Gender, forms: Mapping[str, str], *,
    person: Person | None = None, version: int | None = None,
) -> NameForm:  # fmt: skip
    """Confirm the five forms of a text, or of a person's Russian name; they win from now on.

    Raises:
        Invalid: a form is empty or too long, or there is no text.
        Stale: somebody saved other forms meanwhile.
        Conflict: somebody confirmed the same text at this moment.
    """
    nominative = " ".join(text.split())
    if not nominative or len(nominative) > MAX_TEXT:
        raise Invalid("declension.no-text", field="text")
    clean = {case.value: " ".join(forms.get(case.value, "").split()) for case in OBLIQUE}
    for case, form in clean.items():
        if not form:
            raise Invalid("base.required", field=case)
        if len(form) > MAX_TEXT:
            raise Invalid("base.too-long", field=case, limit=MAX_TEXT)
    made = proposals(nominative, role, gender, family_first=person is not None)
    differs = any(clean[case.value] != made[case].form for case in OBLIQUE)
    row = confirmed_form(session, nominative, gender, person_id=person.id if person else None)
    if row is not None and row.person_id != (person.id if person else None):
        row = None
    if row is not None:
        expect_version(row, version, row.forms)
        if row.forms == clean:
            return row
    try:
        with session.begin_nested():
            row = _write(session, row, nominative, role, gender, clean, person)
            row.corrected, row.confirmed_at, row.confirmed_by = differs, now, actor.account_id
            session.flush()
    except IntegrityError:
        raise Conflict("declension.meanwhile") from None
    record(session, actor, now, "people.forms.confirmed", subject=person or row,
           changes={"text": (None, None if person else nominative), "corrected": (None, differs)},
           personal=("text",) if person else ())  # fmt: skip
    return row


def _write(
    session: Session, row: NameForm | None, text: str, role: Role, gender: Gender, forms: Mapping[str, str],
    person: Person | None,
) -> NameForm:  # fmt: skip
    if row is None:
        row = NameForm(text=text, text_key=text_key(text), person_id=person.id if person else None)
        session.add(row)
    row.role, row.gender = role.value, gender.value
    for case, form in forms.items():
        setattr(row, case, form)
    return row
