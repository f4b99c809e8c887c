"""Facts of one member, and passport data of members: for the few papers that by law must carry them.

The section `identity` is named by petitions and visa-support letters only (`papers.editions.IDENTITY_KINDS`).
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.languages import N_, translations
from workflow.base.reasons import FactScope
from workflow.knowledge.countries import country_name
from workflow.people.models import Passport, Person, Sex
from workflow.people.queries import live_passports
from workflow.visits.models import Member, Visit
from workflow.visits.queries import members

CHILD_UNDER = 16
"""Children of whom the form of a petition asks apart."""

SEXES = {Sex.MALE: N_("male"), Sex.FEMALE: N_("female")}
PASSPORTS = {"ordinary": N_("ordinary"), "service": N_("service"), "diplomatic": N_("diplomatic")}
_SEX_LETTER = {Sex.MALE: "m", Sex.FEMALE: "f"}


def _pair(ru: str, en: str) -> dict[str, str] | None:
    return {"ru": ru, "en": en} if ru or en else None


def _in_writings(first: str | None, latin: str | None) -> dict[str, str] | str | None:
    """Give what is kept in two writings by language; in one alone it serves every language that can print it."""
    return _pair(first or latin, latin) if latin else first or None


def _country(code: str) -> dict[str, str] | None:
    return _pair(country_name(code, "ru"), country_name(code, "en")) if code else None


def _word(words: dict[Any, str], value: str) -> dict[str, str] | None:
    return {language: str(translations(language).gettext(words[value])) for language in ("ru", "en")} \
        if value in words else None  # fmt: skip


def proper(latin: str) -> str:
    """Give a name that stands in capitals, as passports print it, the way letters write it; another one as it is."""
    return latin.title() if latin.isupper() else latin


def in_writing_of(language: str, name: str) -> str | None:
    """Give a name that a letter in this language can print: in Latin letters, in Russian also in Cyrillic.

    None for one that is known only in another script: a Russian letter must not greet «госпожа 王», nor an English one
    "Ms Образцова". A name in two scripts, such as «Ма Цзюнь (马俊)», stays.
    """
    wanted = ("LATIN", "CYRILLIC") if language == "ru" else ("LATIN",)
    return name if any(unicodedata.name(sign, "").startswith(wanted) for sign in name) else None


def chosen_member(listed: Sequence[Member], scope: FactScope) -> Member | None:
    """Give the member that a paper is about, if it is about one of this visit."""
    kind, key = scope.subject or ("", 0)
    return next((one for one in listed if kind == "member" and one.id == key), None)


def personal_name(member: Member | None) -> dict[str, Any]:
    """Give what a letter to one member needs beside name and post: names apart, and gender for the salutation."""
    person = member.person if member else None
    if person is None:
        return {"family": None, "given": None, "gender": None}
    russian_given = " ".join(part for part in (person.russian_given, person.russian_patronymic) if part)
    return {
        "family": _pair(person.russian_family, proper(person.latin_family)),
        "given": _pair(russian_given, proper(person.latin_given)),
        "gender": _SEX_LETTER.get(Sex(person.sex)),
    }


def identity_facts(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section `identity`: passport data of all members, or of the one that the paper is about."""
    visit = session.get_one(Visit, scope.visit_id)
    listed = members(session, visit.id)
    chosen = chosen_member(listed, scope)
    told = [_identity(number, member) for number, member in enumerate([chosen] if chosen else listed, 1)]
    return {
        "members": told,
        "one": told[0] if chosen else _nothing(),
        "children": [one["name"] for one, member in zip(told, [chosen] if chosen else listed, strict=True)
                     if _is_child(member.person, visit.arrival)],
    }  # fmt: skip


_PASSPORT_FACTS = ("kind", "number", "country", "issued", "expires")


def _identity(number: int, member: Member) -> dict[str, Any]:
    person = member.person
    passport = next((one for one in live_passports(person) if one.type in PASSPORTS), None)
    return {
        "n": number,
        "name": _pair(person.russian_name, person.latin_name),
        "russian": person.russian_name or None,
        "latin": _latin(person, passport),
        "sex": _word(SEXES, person.sex),
        "birth_date": date.fromisoformat(person.birth_date) if person.birth_date else None,
        "birth_place": _in_writings(person.birth_place, person.birth_place_latin),
        "citizenship": _country(person.citizenships[0] if person.citizenships else ""),
        "residence": _country(person.residence),
        "address": _in_writings(person.home_address, person.home_address_latin),
        "post": _pair(member.post_ru, member.post_en),
        "employer": _pair(member.organisation_ru, member.organisation_en),
        "passport": _passport(passport),
    }


def _nothing() -> dict[str, Any]:
    names = ("n", "name", "russian", "latin", "sex", "birth_date", "birth_place", "citizenship", "residence", "address",
             "post", "employer")  # fmt: skip
    return {**dict.fromkeys(names), "passport": dict.fromkeys(_PASSPORT_FACTS)}


def _latin(person: Person, passport: Passport | None) -> str | None:
    """Give the name as the passport prints it: family name first; the passport's own spelling wins."""
    family = (passport.latin_family if passport else "") or person.latin_family
    given = (passport.latin_given if passport else "") or person.latin_given
    return f"{family} {given}".strip() or None


def _passport(passport: Passport | None) -> dict[str, Any]:
    if passport is None:
        return dict.fromkeys(_PASSPORT_FACTS)
    return {"kind": _word(PASSPORTS, passport.type), "number": passport.number, "country": _country(passport.country),
            "issued": passport.issued_on, "expires": passport.expires_on}  # fmt: skip


def _is_child(person: Person, on: date | None) -> bool:
    if not person.birth_date or on is None:
        return False
    born = date.fromisoformat(person.birth_date)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < CHILD_UNDER
