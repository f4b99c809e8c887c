"""What people do with persons and passports; flushes, never commits, never logs a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.encryption import blind_index
from workflow.base.errors import Invalid
from workflow.base.events import record
from workflow.base.search import fold
from workflow.people.models import Passport, PassportType, Person

PERSONAL = frozenset({"birth_date", "birth_place", "email", "phone", "diet"})
EDITABLE = frozenset(
    {
        "native_family", "native_given", "native_patronymic", "latin_family", "latin_given", "russian_family",
        "russian_given", "russian_patronymic", "sex", "citizenships", "birth_date", "birth_place", "email", "phone",
        "languages", "post_ru", "post_en", "organisation_ru", "organisation_en", "diet",
    }
)


@dataclass(frozen=True)
class PassportData:
    """A passport as read or typed."""

    country: str
    number: str
    type: str = PassportType.ORDINARY
    issued_on: date | None = None
    expires_on: date | None = None
    biometric: bool | None = None
    latin_family: str = ""
    latin_given: str = ""


def register_person(session: Session, actor: Actor, now: datetime, values: Mapping[str, Any]) -> Person:
    """Enter a new person.

    Raises:
        Invalid: no name in any writing, or an unknown field.
    """
    person = Person(created_at=now, citizenships=[], languages=[])
    _set(person, values)
    if not (person.latin_family or person.native_family or person.russian_family):
        raise Invalid("people.name-missing", field="latin_family")
    session.add(person)
    session.flush()
    record(session, actor, now, "people.person.registered", subject=person)
    return person


def correct_person(
    session: Session, actor: Actor, now: datetime, person: Person, values: Mapping[str, Any], *,
    version: int | None = None, visit_id: int | None = None,
) -> Mapping[str, tuple[Any, Any]]:
    """Correct a person's data; gives what changed, personal fields with their values, for the caller's eyes only.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: no name would be left.
    """
    expect_version(person, version, {name: getattr(person, name) for name in values if name in EDITABLE})
    changed = _set(person, values)
    if not (person.latin_family or person.native_family or person.russian_family):
        raise Invalid("people.name-missing", field="latin_family")
    if changed:
        record(session, actor, now, "people.person.corrected", subject=person, visit_id=visit_id,
               changes={name: pair for name, pair in changed.items() if name not in PERSONAL},
               personal=[name for name in changed if name in PERSONAL])
    return changed


def _set(person: Person, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    changed: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        if name not in EDITABLE:
            raise Invalid("people.unknown-field", field=name, name=name)
        old = getattr(person, name)
        if (old or None) != (value or None):
            changed[name] = (old, value)
            setattr(person, name, value)
    person.name_key = name_key(person)
    person.birth_index = blind_index(f"birth{person.birth_date}") if person.birth_date else None
    return changed


def name_key(person: Person) -> str:
    """Fold a name for finding the same person again: family and given in the most international writing there is."""
    family = person.latin_family or person.russian_family or person.native_family
    given = person.latin_given or person.russian_given or person.native_given
    return fold(f"{family} {given}")[:240]


def add_passport(
    session: Session, actor: Actor, now: datetime, person: Person, data: PassportData, *, visit_id: int | None = None
) -> Passport:
    """Add a passport to a person; the same passport again corrects its dates instead.

    Raises:
        Invalid: no number, dates in the wrong order, or the number belongs to somebody else.
    """
    number = "".join(data.number.split()).upper()
    if not number:
        raise Invalid("people.passport-number-missing", field="number")
    if data.issued_on and data.expires_on and data.expires_on <= data.issued_on:
        raise Invalid("people.passport-dates", field="expires_on")
    found = find_passport(session, data.country, number)
    if found is not None and found.person_id != person.id:
        raise Invalid("people.passport-of-another", field="number")
    passport = found or Passport(person_id=person.id, country=data.country, number=number,
                                 number_index=blind_index(number))
    before = (passport.type, passport.issued_on, passport.expires_on, passport.biometric)
    passport.type, passport.issued_on, passport.expires_on = data.type, data.issued_on, data.expires_on
    passport.biometric = data.biometric
    passport.latin_family, passport.latin_given = data.latin_family, data.latin_given
    if found is None:
        session.add(passport)
        session.flush()
    if found is None or before != (data.type, data.issued_on, data.expires_on, data.biometric):
        record(session, actor, now, "people.passport.changed", subject=passport, visit_id=visit_id,
               personal=("number", "issued_on", "expires_on"))
    return passport


def find_passport(session: Session, country: str, number: str) -> Passport | None:
    """Find a live passport by country and number."""
    return session.scalars(
        select(Passport).where(Passport.number_index == blind_index(number), Passport.country == country,
                               Passport.retired_at.is_(None))
    ).first()


def retire_passport(session: Session, actor: Actor, now: datetime, passport: Passport) -> None:
    """Mark a passport as lost, expired or replaced; it stays for the visits that used it."""
    if passport.retired_at is None:
        passport.retired_at = now
        record(session, actor, now, "people.passport.retired", subject=passport)


def find_same_person(session: Session, values: Mapping[str, Any]) -> Person | None:
    """Find the person that these values plainly describe: the same folded name and the same birth date."""
    birth = values.get("birth_date")
    if not birth:
        return None
    probe = Person(**{name: value for name, value in values.items() if name in EDITABLE})
    return session.scalars(
        select(Person).where(Person.birth_index == blind_index(f"birth{birth}"), Person.name_key == name_key(probe))
    ).first()
