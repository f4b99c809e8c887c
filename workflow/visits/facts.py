"""What papers may say of a visit, its basis and its delegation (`docs/facts.md`)."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import Person as Officer
from workflow.accounts.queries import people
from workflow.base.languages import twin
from workflow.base.reasons import FactScope
from workflow.knowledge.countries import country_name
from workflow.knowledge.short_names import short_name
from workflow.visits.identity import chosen_member, identity_facts, in_writing_of, personal_name, proper
from workflow.visits.models import Member, Visit, VisitBasis, VisitRequest
from workflow.visits.queries import bases, members
from workflow.visits.rules import THEIR_LETTER

_LATIN_WORD, _CYRILLIC = re.compile(r"[A-Za-z]{3}"), re.compile(r"[\u0400-\u04ff]")
_NOBODY: dict[str, Any] = {"name": None, "latin": None, "short": None, "post": None, "body": None, "gender": None}


def _pair(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def _twin(text: str, english: str) -> dict[str, str] | str | None:
    """Give a text with its English beside it; where nobody wrote one, the text alone, as it was typed.

    A text without a word in Cyrillic is no Russian one, whichever field it was typed into: a Russian letter lacks it.
    """
    if _in_latin(text):
        return _pair("", english or text)
    return twin(text, english)


def _title(visit: Visit) -> dict[str, str]:
    """Give the title by language: where only an English one was entered, it stands in both columns."""
    if _in_latin(visit.title_ru):
        return _pair("", visit.title_en or visit.title_ru)
    return _pair(visit.title_ru, visit.title_en)


def _in_latin(text: str) -> bool:
    return bool(_LATIN_WORD.search(text)) and not _CYRILLIC.search(text)


def _officer(officer: Officer | None) -> dict[str, Any]:
    if officer is None:
        return {"name": None, "short": None, "post": None, "phone": None, "email": None}
    return {"name": _pair(officer.name_ru, officer.name_en), "short": _pair(officer.short("ru"), officer.short("en")),
            "post": _pair(officer.post_ru, officer.post_en), "phone": officer.phone or None,
            "email": officer.email or None}


def visit_facts(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section `visit`."""
    visit = session.get_one(Visit, scope.visit_id)
    officers = people(session, [visit.responsible_id, visit.substitute_id])
    request = session.scalars(select(VisitRequest).where(VisitRequest.visit_id == visit.id)).first()
    listed = len(members(session, visit.id))
    basis = bases(session, visit.id)
    return {
        "title": _title(visit),
        "number": str(visit.id),
        "direction": visit.direction,
        "first_day": visit.arrival,
        "last_day": visit.departure,
        "purpose": _twin(visit.purpose, visit.purpose_en),
        "place": _twin(visit.place, visit.place_en),
        "payer": _twin(visit.payer_ru or (request.payer if request else ""), visit.payer_en),
        "responsible": _officer(officers.get(visit.responsible_id or 0)),
        "substitute": _officer(officers.get(visit.substitute_id or 0)),
        "basis": _twin(basis[0].text, basis[0].text_en) if basis else None,
        "size": (request.size if request else None) or listed or None,
    }


def delegation_facts(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section `delegation`."""
    visit = session.get_one(Visit, scope.visit_id)
    listed = [member_facts(number, member) for number, member in enumerate(members(session, visit.id), start=1)]
    head = next((member for member in listed if member["is_head"]), None)
    return {
        "head": {name: head[name] for name in _NOBODY} if head else dict(_NOBODY),
        "members": listed,
        "size": len(listed),
        "closed": visit.composition_closed,
    }


def member_facts(number: int, member: Member) -> dict[str, Any]:
    """Give one member as papers name them; *number* is the place in the list."""
    person = member.person
    russian = in_writing_of("ru", person.shown_name("ru")) or ""
    latin = proper(in_writing_of("en", person.shown_name("en")) or "")
    country = person.citizenships[0] if person.citizenships else ""
    return {
        "n": number,
        "name": _pair(russian, latin),
        "latin": person.latin_name or None,
        "international": {"name": latin or None, "post": member.post_en or None,
                          "body": member.organisation_en or None},
        "short": _pair(short_name(russian, "ru"), short_name(latin, "en")),
        "post": _pair(member.post_ru, member.post_en),
        "body": _pair(member.organisation_ru, member.organisation_en),
        "role": _pair(member.role_ru, member.role_en) if member.role_ru or member.role_en else None,
        "seat": twin(member.seat, member.seat_en),
        "is_head": member.is_head,
        "gender": personal_name(member)["gender"],
        "country": _pair(country_name(country, "ru"), country_name(country, "en")) if country else None,
    }


def basis_facts(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section `basis`: the first one entered; their letter where the request came by one."""
    listed = bases(session, scope.visit_id)
    first: VisitBasis | None = listed[0] if listed else None
    request = session.scalars(select(VisitRequest).where(VisitRequest.visit_id == scope.visit_id)).first()
    return {
        "text": _twin(first.text, first.text_en) if first else None,
        **_their_letter(listed, request),
        "our_number": (request.incoming_number if request else "") or None,
        "our_date": request.incoming_date if request else None,
    }


def _their_letter(listed: Sequence[VisitBasis], request: VisitRequest | None) -> dict[str, Any]:
    """Give number and date of the letter that ours answers to: theirs, never those under which we received it."""
    if request is not None and (request.their_number or request.their_date):
        return {"letter_number": request.their_number or None, "letter_date": request.their_date}
    letter = next((row for row in listed if row.kind in THEIR_LETTER and (row.number or row.dated)), None)
    return {"letter_number": (letter.number if letter else "") or None, "letter_date": letter.dated if letter else None}


def member_section(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section `member`: the one member that a paper is about; every value is None when it is about none."""
    listed = members(session, scope.visit_id)
    chosen = chosen_member(listed, scope)
    numbers = {member.id: number for number, member in enumerate(listed, start=1)}
    known = member_facts(numbers[chosen.id], chosen) if chosen else dict.fromkeys(
        ("n", "name", "latin", "short", "post", "body", "role", "is_head", "country"))
    return {**known, **personal_name(chosen)}


SECTIONS = {"visit": visit_facts, "delegation": delegation_facts, "basis": basis_facts, "member": member_section,
            "identity": identity_facts}
