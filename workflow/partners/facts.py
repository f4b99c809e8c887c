"""What papers may say of a partner (docs/facts.md, sections `partner` and `founding`)."""

from datetime import date
from typing import Any

from sqlalchemy import Date, column, select, table
from sqlalchemy.orm import Session

from workflow.base.languages import twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.knowledge.countries import country_name
from workflow.knowledge.grammar.numerals import number_with_spaces
from workflow.partners.models import Partner
from workflow.partners.queries import contacts
from workflow.partners.rules import anniversary, english_ordinal, founding_year

_VISIT = table("visit", column("id"), column("partner_id"), column("arrival", Date))
"""What these sections need of a visit: visits' room is a floor above."""


def partner_facts(session: Session, partner_id: int | None) -> dict[str, Any]:
    """Collect the section for a partner; every value is None when there is none."""
    partner = None if partner_id is None else session.get(Partner, partner_id)
    if partner is None:
        nobody = dict.fromkeys(("name", "post", "gender", "about", "pronounced"))
        unknown = dict.fromkeys(("name", "city", "country", "address", "addressee", "salutation", "population",
                                 "population_text", "profile"))
        return {**unknown, "head": nobody, "contact": {"name": None, "phone": None, "email": None}, "languages": []}
    people = contacts(session, partner.id)
    return {
        "name": _texts(partner, "name"),
        "city": _texts(partner, "city"),
        "country": _country(partner),
        "address": _texts(partner, "address", own=False),
        "head": {
            "name": _texts(partner, "head_name"),
            "post": _texts(partner, "head_post"),
            "gender": partner.head_gender or None,
            "about": _texts(partner, "head_about", own=False),
            "pronounced": twin(partner.head_pronounced, partner.head_pronounced_en),
        },
        "population": partner.population,
        "population_text": {language: number_with_spaces(partner.population, language) for language in ("ru", "en")}
        if partner.population else None,
        "profile": _texts(partner, "profile", own=False),
        "addressee": _texts(partner, "addressee"),
        "salutation": _texts(partner, "salutation"),
        "contact": {"name": people[0].name if people else None, "phone": partner.phone or None,
                    "email": partner.email or None},
        "languages": list(partner.languages),
    }


def _texts(partner: Partner, name: str, *, own: bool = True) -> dict[str, str] | None:
    texts = {"ru": getattr(partner, f"{name}_ru"), "en": getattr(partner, f"{name}_en")}
    if own and partner.own_language:
        texts[partner.own_language] = getattr(partner, f"{name}_own")
    return texts if any(texts.values()) else None


def _country(partner: Partner) -> dict[str, str] | None:
    if not partner.country:
        return None
    languages = ["ru", "en", *([partner.own_language] if partner.own_language else [])]
    return {language: country_name(partner.country, language) for language in languages}


def collect(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section for the partner of a visit."""
    partner_id = session.scalar(select(_VISIT.c.partner_id).where(_VISIT.c.id == scope.visit_id))
    return partner_facts(session, partner_id)


def founding(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect when the partner of a visit was founded, and which anniversary the year of the visit brings."""
    row = session.execute(select(_VISIT.c.partner_id, _VISIT.c.arrival).where(_VISIT.c.id == scope.visit_id)).first()
    partner = session.get(Partner, row.partner_id) if row is not None and row.partner_id is not None else None
    founded = partner.founded if partner is not None else ""
    year = (row.arrival if row is not None and row.arrival is not None else scope.now).year
    count = anniversary(founded, year)
    return {
        "year": founding_year(founded),
        "date": date.fromisoformat(founded) if len(founded) == 10 else None,
        "anniversary": count,
        "ordinal": {"ru": f"{count}-й", "en": english_ordinal(count)} if count else None,
        "in_year": year,
    }


SECTIONS: dict[str, FactCollector] = {"partner": collect, "founding": founding}
