"""Choices that forms of visits offer from other rooms' rows."""

from sqlalchemy.orm import Session

from workflow.accounts.queries import people_to_choose, staff
from workflow.base.actor import Role
from workflow.knowledge.countries import country_name, known_countries
from workflow.knowledge.zones import zone_choices
from workflow.partners.queries import partners_to_choose
from workflow.visits import forms
from workflow.visits.offered import offered_processes
from workflow.web.formats import is_russian, language


def request_choices(session: Session, zone: str = "") -> dict[str, object]:
    """Give the lists that the forms of requests and visits show; *zone* is the one that a visit has."""
    shown = language()
    return {
        "directions": forms.directions(),
        "basis_kinds": forms.basis_kinds(),
        "language_names": forms.language_names(),
        "partners": partners_to_choose(session, shown),
        "countries": countries(),
        "officers": people_to_choose(session, shown, Role.COORDINATOR, Role.MANAGER),
        "stand_ins": stand_ins(session),
        "visa_purposes": forms.visa_purposes(),
        "zones": zone_choices(shown, zone),
    }


def process_choices(session: Session, named: str) -> list[tuple[str, str]]:
    """Offer the published processes, and the one *named* already even where it is published no more."""
    shown = "ru" if is_russian() else "en"
    offered = {key: one.titles[shown] for key, one in offered_processes(session).items()}
    return list(offered.items()) if named in offered else [(named, named), *offered.items()]


def stand_ins(session: Session) -> list[int]:
    """Give the accounts that may stand in for a responsible officer, coordinators before managers."""
    found = [one.id for role in (Role.COORDINATOR, Role.MANAGER) for one in staff(session, role)]
    return list(dict.fromkeys(found))


def countries() -> list[tuple[str, str]]:
    """Offer all countries by name in the reader's language."""
    shown = language()
    return sorted(((code, country_name(code, shown)) for code in known_countries()), key=lambda pair: pair[1])
