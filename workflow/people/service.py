"""What people do with persons and passports; flushes, never commits, never logs a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import expect_version
from workflow.base.encryption import blind_index
from workflow.base.errors import Forbidden, Invalid
from workflow.base.events import changed, record
from workflow.base.search import fold
from workflow.knowledge.countries import is_known_country
from workflow.people.keys import NAMES, sounds_of
from workflow.people.models import AccessNeed, Passport, PassportType, Person, PersonKey, PersonPost

PERSONAL = frozenset(
    {
        "birth_date", "birth_place", "birth_place_latin", "home_address", "home_address_latin", "email", "phone",
        "diet", "access_needs", "ask_about_health", "emergency_name", "emergency_phone",
    }
)  # fmt: skip
EDITABLE = frozenset(
    {
        "native_family", "native_given", "native_patronymic", "latin_family", "latin_given", "russian_family",
        "russian_given", "russian_patronymic", "sex", "citizenships", "birth_date", "birth_place", "email", "phone",
        "languages", "post_ru", "post_en", "organisation_ru", "organisation_en", "diet",
        "residence", "home_address", "access_needs", "ask_about_health", "emergency_name", "emergency_phone",
        "post_since", "birth_place_latin", "home_address_latin",
    }
)
POST = ("post_ru", "post_en", "organisation_ru", "organisation_en")


@dataclass(frozen=True)
class NewPost:
    """Says that a changed post is a new one, not a correction of the old: since when, as far as known."""

    since: date | None = None


@dataclass(frozen=True)
class PassportData:
    """A passport as read or typed; no type means ordinary, or the one known already."""

    country: str
    number: str
    type: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    biometric: bool | None = None
    latin_family: str = ""
    latin_given: str = ""
    authority: str = ""
    zone_read_on: date | None = None


def register_person(session: Session, actor: Actor, now: datetime, values: Mapping[str, Any]) -> Person:
    """Enter a new person.

    Raises:
        Invalid: no name in any writing, or an unknown field.
    """
    person = Person(created_at=now, citizenships=[], languages=[])
    _set(person, values, local_date(now, actor.zone))
    if not (person.latin_family or person.native_family or person.russian_family):
        raise Invalid("people.name-missing", field="latin_family")
    session.add(person)
    session.flush()
    refresh_keys(session, person)
    record(session, actor, now, "people.person.registered", subject=person)
    return person


def correct_person(
    session: Session, actor: Actor, now: datetime, person: Person, values: Mapping[str, Any], *,
    version: int | None = None, visit_id: int | None = None, new_post: NewPost | None = None,
) -> Mapping[str, tuple[Any, Any]]:
    """Correct a person's data; gives what changed, personal fields with their values, for the caller's eyes only.

    With *new_post* a changed post goes into the history of posts; without it the old one was simply wrong.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: no name would be left.
    """
    shown = {name: getattr(person, name) for name in values if name in EDITABLE - PERSONAL}
    expect_version(person, version, shown)
    left = {name: getattr(person, name) for name in POST}
    today = local_date(now, actor.zone)
    differences = _set(person, values, today)
    if new_post is not None:
        _note_left_post(session, now, today, person, left, new_post)
    if not (person.latin_family or person.native_family or person.russian_family):
        raise Invalid("people.name-missing", field="latin_family")
    if differences:
        refresh_keys(session, person)
        record(session, actor, now, "people.person.corrected", subject=person, visit_id=visit_id,
               changes={name: pair for name, pair in differences.items() if name not in PERSONAL},
               personal=[name for name in differences if name in PERSONAL])
    return differences


def _note_left_post(
    session: Session, now: datetime, today: date, person: Person, left: Mapping[str, str], new_post: NewPost
) -> None:
    """Put the post that a person left into the history.

    Raises:
        Invalid: the new post would begin before the old one.
    """
    if all(getattr(person, name) == left[name] for name in POST):
        person.post_since = new_post.since or person.post_since
        return
    if new_post.since and person.post_since and new_post.since < person.post_since:
        raise Invalid("people.post-before-last", field="post_since")
    if any(left.values()):
        until = max(new_post.since or today, person.post_since or date.min)
        session.add(PersonPost(person_id=person.id, since=person.post_since, until=until, noted_at=now, **left))
    person.post_since = new_post.since


def refresh_keys(session: Session, person: Person) -> None:
    """Keep the keys by which the person is found across scripts as the names now are."""
    session.flush()
    wanted = sounds_of({name: getattr(person, name) for name in NAMES})
    there = set(session.scalars(select(PersonKey.key).where(PersonKey.person_id == person.id)))
    if there - wanted:
        session.execute(delete(PersonKey).where(PersonKey.person_id == person.id, PersonKey.key.in_(there - wanted)))
    for key in sorted(wanted - there):
        session.add(PersonKey(person_id=person.id, key=key))
    session.flush()


def living_entry(session: Session, person: Person) -> Person:
    """Give the entry that a person's data belong to now, held until the commit: whoever it was merged into meanwhile.

    Without it a row that points at a person could be written at the very moment in which a merge moves all such rows,
    and stay behind with an entry that nobody opens any more.
    """
    query = select(Person.merged_into_id).with_for_update(key_share=True)
    while (into := session.scalar(query.where(Person.id == person.id))) is not None:
        person = session.get_one(Person, into)
    return person


def hold_living_entries(session: Session, person_ids: Iterable[int]) -> bool:
    """Hold many entries against merges until the commit, in order of their keys; tell whether all live still."""
    wanted = set(person_ids)
    held = session.scalars(select(Person.id).where(Person.id.in_(wanted), Person.merged_into_id.is_(None))
                           .order_by(Person.id).with_for_update(key_share=True)).all()  # fmt: skip
    return len(held) == len(wanted)


def note_checked(session: Session, actor: Actor, now: datetime, person: Person) -> None:
    """Note that everything kept of a person was said to be still right today."""
    today = local_date(now, actor.zone)
    if person.checked_on != today:
        person.checked_on = today
        record(session, actor, now, "people.person.checked", subject=person)


def _set(person: Person, values: Mapping[str, Any], today: date) -> dict[str, tuple[Any, Any]]:
    different: dict[str, tuple[Any, Any]] = {}
    for name, value in values.items():
        if name not in EDITABLE:
            raise Invalid("people.unknown-field", field=name, name=name)
        if name == "citizenships" and not all(is_known_country(code) for code in value or ()):
            raise Invalid("people.unknown-country", field=name)
        if name == "access_needs" and not set(value or ()) <= {need.value for need in AccessNeed}:
            raise Invalid("base.not-a-choice", field=name)
        if name == "residence" and value and not is_known_country(value):
            raise Invalid("people.unknown-country", field=name)
        old = getattr(person, name)
        if (old or None) != (value or None):
            different[name] = (old, value)
            setattr(person, name, value)
    if "ask_about_health" in different:
        person.ask_about_health_on = today if person.ask_about_health else None
    person.name_key = name_key(person)
    person.birth_index = blind_index(f"birth{person.birth_date}") if person.birth_date else None
    return different


def name_key(person: Person) -> str:
    """Fold a name for finding the same person again: family and given in the most international writing there is."""
    return name_key_of({name: getattr(person, name) for name in NAMES})


def name_key_of(names: Mapping[str, Any]) -> str:
    """Fold a name that is not yet a person's, by its fields."""
    family, given = (
        names.get(f"latin_{part}") or names.get(f"russian_{part}") or names.get(f"native_{part}") or ""
        for part in ("family", "given")
    )
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
    if data.country and not is_known_country(data.country):
        raise Invalid("people.passport-country", field="country")
    if data.issued_on and data.expires_on and data.expires_on <= data.issued_on:
        raise Invalid("people.passport-dates", field="expires_on")
    person = living_entry(session, person)
    found = find_passport(session, data.country, number)
    if found is not None and found.person_id != person.id:
        raise Invalid("people.passport-of-another", field="number")
    if found is not None:
        return _correct_passport(session, actor, now, found, data, visit_id)
    passport = Passport(
        country=data.country, number=number, number_index=blind_index(number),
        type=data.type or PassportType.ORDINARY, issued_on=data.issued_on, expires_on=data.expires_on,
        biometric=data.biometric, latin_family=data.latin_family, latin_given=data.latin_given,
        authority=data.authority or None, zone_read_on=data.zone_read_on,
    )
    try:
        with session.begin_nested():
            person.passports.append(passport)
            session.flush()
    except IntegrityError:
        raise Invalid("people.passport-of-another", field="number") from None
    record(session, actor, now, "people.passport.changed", subject=passport, visit_id=visit_id,
           personal=("number", "issued_on", "expires_on"))
    return passport


def _correct_passport(
    session: Session, actor: Actor, now: datetime, passport: Passport, data: PassportData, visit_id: int | None
) -> Passport:
    """Write down what is newly known of a passport; what the new data leave out stays as it was."""
    fields = (
        "type", "issued_on", "expires_on", "biometric", "latin_family", "latin_given", "authority", "zone_read_on",
    )  # fmt: skip
    given = {name: getattr(data, name) for name in fields if getattr(data, name) not in (None, "")}
    issued, expires = given.get("issued_on", passport.issued_on), given.get("expires_on", passport.expires_on)
    if issued and expires and expires <= issued:
        raise Invalid("people.passport-dates", field="expires_on")
    differences = changed(passport, given)
    if differences:
        record(session, actor, now, "people.passport.changed", subject=passport, visit_id=visit_id,
               personal=sorted(differences))
    return passport


def correct_passport(
    session: Session, actor: Actor, now: datetime, passport: Passport, data: PassportData, *,
    version: int | None = None,
) -> Passport:
    """Correct a passport that is kept already, its number and country too; an empty number stays.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: the country is unknown, dates are in the wrong order, or the number belongs to another passport.
    """
    expect_version(passport, version)
    number = "".join(data.number.split()).upper() or passport.number
    if data.country and not is_known_country(data.country):
        raise Invalid("people.passport-country", field="country")
    found = find_passport(session, data.country or passport.country, number)
    if found is not None and found.id != passport.id:
        raise Invalid("people.passport-of-another", field="number")
    differences = changed(passport, {"country": data.country or passport.country, "number": number,
                                     "number_index": blind_index(number)})  # fmt: skip
    if differences:
        record(session, actor, now, "people.passport.changed", subject=passport, personal=sorted(differences))
    return _correct_passport(session, actor, now, passport, data, None)


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
        record(session, actor, now, "people.passport.changed", subject=passport, changes={"retired": (False, True)})


def reveal_person(
    session: Session, actor: Actor, now: datetime, person: Person, *, visit_id: int | None = None
) -> None:
    """Note that somebody looked at a person's birth, contact and passport data; the caller shows them afterwards.

    Raises:
        Forbidden: the actor may not see personal data.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    record(session, actor, now, "people.person.revealed", subject=person, visit_id=visit_id,
           personal=("birth_date", "birth_place", "email", "phone", "passports"))


def find_same_person(session: Session, values: Mapping[str, Any]) -> Person | None:
    """Find the person that these values plainly describe: the same folded name and the same birth date."""
    birth = values.get("birth_date")
    if not birth:
        return None
    probe = Person(**{name: value for name, value in values.items() if name in EDITABLE})
    return session.scalars(
        select(Person).where(Person.birth_index == blind_index(f"birth{birth}"), Person.name_key == name_key(probe),
                             Person.merged_into_id.is_(None)).order_by(Person.id)
    ).first()
