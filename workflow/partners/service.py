"""What coordinators do with partners, their people and agreements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.base.search import index_documents
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.names import normalise
from workflow.partners.models import Agreement, Partner, PartnerContact
from workflow.partners.rules import PartnerKind, Tie, is_language, is_partner_key, propose_key, read_partial_date
from workflow.partners.search import documents

_LINES = {
    "name_ru": 400, "name_en": 400, "name_own": 400, "short_name": 60, "city_ru": 120, "city_en": 120, "city_own": 120,
    "country": 8, "address_ru": 400, "address_en": 400, "website": 300, "email": 254, "phone": 60,
    "head_name_ru": 200, "head_name_en": 200, "head_name_own": 200, "head_post_ru": 300, "head_post_en": 300,
    "head_post_own": 300, "salutation_ru": 300, "salutation_en": 300, "salutation_own": 300, "source": 60,
    "head_pronounced": 200, "head_pronounced_en": 200,
}  # fmt: skip
_BLOCKS = {"addressee_ru": 600, "addressee_en": 600, "addressee_own": 600, "note": 5000,
           "profile_ru": 3000, "profile_en": 3000, "head_about_ru": 1500, "head_about_en": 1500}
_CHOICES: dict[str, frozenset[str]] = {
    "kind": frozenset(PartnerKind), "tie": frozenset(Tie), "head_gender": frozenset({"", "m", "f"}),
}  # fmt: skip
_PERSONAL = frozenset({"email", "phone"})
_PARTNER = frozenset(_LINES) | frozenset(_BLOCKS) | frozenset(_CHOICES) | {"languages", "founded", "population"}
_CONTACT = {"name": 200, "post": 300, "language": 8, "email": 254, "phone": 60}
_AGREEMENT = {"title_ru": 500, "title_en": 500, "own_party": 200, "source": 60}
MAX_POPULATION = 2_000_000_000
_DATES = ("signed", "valid_until", "ended")


def add_partner(session: Session, actor: Actor, now: datetime, *, key: str = "", **values: Any) -> Partner:
    """Enter a body that we work with; without a *key* one is made from its name.

    Raises:
        Forbidden, Invalid.
        Conflict: there is one of that key.
    """
    _require(actor)
    key = key.strip().casefold()
    if key and not is_partner_key(key):
        raise Invalid("partners.key", field="key")
    defaults: dict[str, Any] = {**dict.fromkeys(_PARTNER, ""), "tie": Tie.CONTACT, "languages": (),
                                "population": None}
    checked = _checked({**defaults, **values})
    key = key or _free_key(session, propose_key(*(checked[name] for name in ("short_name", "name_en", "name_ru"))))
    partner = Partner(key=key, created_at=now, **checked)
    if session.scalar(select(Partner.id).where(Partner.key == key)) is not None:
        raise Conflict("partners.key-taken", field="key")
    try:
        with session.begin_nested():
            session.add(partner)
            session.flush()
    except IntegrityError:
        raise Conflict("partners.key-taken", field="key") from None
    record(session, actor, now, "partners.partner.added", subject=partner, changes={"name_ru": (None, partner.name_ru)})
    _index(session, partner.id)
    return partner


def _free_key(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Partner.key).where(Partner.key.startswith(wanted, autoescape=True))))
    return next(key for key in chain([wanted], (f"{wanted}-{number}" for number in count(2))) if key not in taken)


def change_partner(
    session: Session, actor: Actor, now: datetime, partner_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> Partner:
    """Change what we know of a partner.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
    """
    _require(actor)
    partner = get_partner(session, partner_id)
    before = {name: getattr(partner, name) for name in _PARTNER}
    expect_version(partner, version, {name: before[name] for name in values if name in before})
    differences = changed(partner, _checked({**before, **values}))
    if differences:
        _record_changes(session, actor, now, "partners.partner.changed", partner, differences)
        _index(session, partner.id)
    return partner


def archive_partner(session: Session, actor: Actor, now: datetime, partner_id: int, *, back: bool = False) -> Partner:
    """Take a partner out of the lists, or bring it *back*; its history stays.

    Raises:
        Forbidden, NotFound.
    """
    _require(actor)
    partner = get_partner(session, partner_id)
    if (partner.archived_at is None) is not back:
        partner.archived_at = None if back else now
        kind = "partners.partner.restored" if back else "partners.partner.archived"
        record(session, actor, now, kind, subject=partner)
    return partner


def add_contact(session: Session, actor: Actor, now: datetime, partner_id: int, **values: Any) -> PartnerContact:
    """Enter a person at a partner.

    Raises:
        Forbidden, NotFound, Invalid.
    """
    _require(actor)
    partner = get_partner(session, partner_id)
    contact = PartnerContact(partner_id=partner.id, **_checked_contact({**dict.fromkeys(_CONTACT, ""), **values}))
    session.add(contact)
    record(session, actor, now, "partners.contact.added", subject=contact, personal=("name", "post"))
    _index(session, partner.id)
    return contact


def change_contact(
    session: Session, actor: Actor, now: datetime, contact_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> PartnerContact:
    """Change a contact person.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
    """
    _require(actor)
    contact = _contact(session, contact_id)
    before = {name: getattr(contact, name) for name in _CONTACT}
    expect_version(contact, version, {name: before[name] for name in values if name in before})
    differences = changed(contact, _checked_contact({**before, **values}))
    if differences:
        record(session, actor, now, "partners.contact.changed", subject=contact, personal=sorted(differences))
        _index(session, contact.partner_id)
    return contact


def archive_contact(session: Session, actor: Actor, now: datetime, contact_id: int) -> PartnerContact:
    """Take a contact person out of the lists: gone, retired, moved.

    Raises:
        Forbidden, NotFound.
    """
    _require(actor)
    contact = _contact(session, contact_id)
    if contact.archived_at is None:
        contact.archived_at = now
        record(session, actor, now, "partners.contact.archived", subject=contact)
    return contact


def reveal_contact(session: Session, actor: Actor, now: datetime, contact_id: int) -> PartnerContact:
    """Show a contact's address and number in the clear; that it was done is recorded.

    Raises:
        Forbidden: the actor may not see people's data.
        NotFound.
    """
    if not actor.may(Permission.PEOPLE_REVEAL):
        raise Forbidden
    contact = _contact(session, contact_id)
    record(session, actor, now, "partners.contact.revealed", subject=contact, personal=("email", "phone"))
    return contact


def add_agreement(session: Session, actor: Actor, now: datetime, partner_id: int, **values: Any) -> Agreement:
    """Enter an agreement with a partner.

    Raises:
        Forbidden, NotFound, Invalid.
    """
    _require(actor)
    partner = get_partner(session, partner_id)
    defaults: dict[str, Any] = {**dict.fromkeys([*_AGREEMENT, *_DATES], ""), "scope": (), "has_plan": False}
    agreement = Agreement(partner_id=partner.id, **_checked_agreement({**defaults, **values}))
    session.add(agreement)
    record(session, actor, now, "partners.agreement.added", subject=agreement,
           changes={"title": (None, agreement.title("ru")), "signed": (None, agreement.signed)})
    return agreement


def change_agreement(
    session: Session, actor: Actor, now: datetime, agreement_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> Agreement:
    """Change an agreement's data: dates, scope, that it ended.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
    """
    _require(actor)
    agreement = session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFound("agreement")
    before = {name: getattr(agreement, name) for name in [*_AGREEMENT, *_DATES, "scope", "has_plan"]}
    expect_version(agreement, version, {name: before[name] for name in values if name in before})
    differences = changed(agreement, _checked_agreement({**before, **values}))
    if differences:
        _record_changes(session, actor, now, "partners.agreement.changed", agreement, differences)
    return agreement


def get_partner(session: Session, partner_id: int) -> Partner:
    """Load a partner.

    Raises:
        NotFound: there is none.
    """
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise NotFound("partner")
    return partner


def _contact(session: Session, contact_id: int) -> PartnerContact:
    contact = session.get(PartnerContact, contact_id)
    if contact is None:
        raise NotFound("contact")
    return contact


def _require(actor: Actor) -> None:
    if not actor.may(Permission.PARTNERS_WRITE):
        raise Forbidden


def _index(session: Session, partner_id: int) -> None:
    session.flush()
    index_documents(session, documents(session, [partner_id]))


def _record_changes(
    session: Session, actor: Actor, now: datetime, kind: str, row: Partner | Agreement,
    differences: Mapping[str, tuple[Any, Any]],
) -> None:
    shown = {name: pair for name, pair in differences.items() if name not in _PERSONAL}
    record(session, actor, now, kind, subject=row, changes=shown, personal=differences.keys() & _PERSONAL)


def _texts(given: Mapping[str, Any], limits: Mapping[str, int], problems: list[Problem], *, known: Sequence[str] | None
           = None) -> dict[str, Any]:
    unknown = set(given) - set(limits) - set(known or ())
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    values: dict[str, Any] = {name: normalise(str(given[name] or "")) for name in limits}
    problems += [Problem(name, "base.too-long", {"limit": limit})
                 for name, limit in limits.items() if len(values[name]) > limit]
    problems += [Problem(name, "base.control-characters") for name in limits if not values[name].isprintable()]
    return values


def _email(values: Mapping[str, Any], problems: list[Problem]) -> None:
    email = values["email"]
    if email and (email.count("@") != 1 or " " in email or email.startswith("@") or email.endswith("@")):
        problems.append(Problem("email", "base.not-an-email"))


def _partial(given: Mapping[str, Any], names: Sequence[str], problems: list[Problem]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in names:
        text = str(given[name] or "").strip()
        read = read_partial_date(text) if text else ""
        if read is None:
            problems.append(Problem(name, "partners.partial-date"))
        values[name] = read or ""
    return values


def _blocks(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, limit in _BLOCKS.items():
        lines = [normalise(line) for line in str(given[name] or "").splitlines()]
        values[name] = "\n".join(lines).strip()
        if len(values[name]) > limit:
            problems.append(Problem(name, "base.too-long", {"limit": limit}))
        elif any(not line.isprintable() for line in lines):
            problems.append(Problem(name, "base.control-characters"))
    return values


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values = _texts(given, _LINES, problems, known=sorted(_PARTNER))
    values |= _blocks(given, problems)
    for name, words in _CHOICES.items():
        values[name] = str(given[name] or "")
        if values[name] not in words:
            problems.append(Problem(name, "base.not-a-choice"))
    if not values["name_ru"] and not values["name_en"]:
        problems.append(Problem("name_ru", "base.required"))
    if values["country"] and not is_known_country(values["country"]):
        problems.append(Problem("country", "base.not-a-choice"))
    if values["website"] and not values["website"].startswith(("http://", "https://")):
        problems.append(Problem("website", "partners.website"))
    values["languages"] = list(dict.fromkeys(str(code).strip().casefold() for code in given["languages"] or ()))
    if not all(is_language(code) for code in values["languages"]) or len(values["languages"]) > 6:
        problems.append(Problem("languages", "partners.language"))
    values |= _partial(given, ["founded"], problems)
    values["population"] = given["population"]
    if values["population"] is not None and not 0 < values["population"] <= MAX_POPULATION:
        problems.append(Problem("population", "base.out-of-range"))
    _email(values, problems)
    if problems:
        raise Invalid(problems=problems)
    return values


def _checked_contact(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values = _texts(given, _CONTACT, problems)
    if not values["name"]:
        problems.append(Problem("name", "base.required"))
    if values["language"] and not is_language(values["language"]):
        problems.append(Problem("language", "partners.language"))
    _email(values, problems)
    if problems:
        raise Invalid(problems=problems)
    return values


def _checked_agreement(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values = _texts(given, _AGREEMENT, problems, known=[*_DATES, "scope", "has_plan"])
    if not values["title_ru"] and not values["title_en"]:
        problems.append(Problem("title_ru", "base.required"))
    values |= _partial(given, _DATES, problems)
    values["scope"] = [word for word in dict.fromkeys(normalise(str(word)) for word in given["scope"] or ()) if word]
    values["has_plan"] = bool(given["has_plan"])
    if problems:
        raise Invalid(problems=problems)
    return values
