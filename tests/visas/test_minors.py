"""Minors and bearers of service passports, from the delegation to the checklist."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import items, opening, queries, recompute, service
from workflow.visas.models import VisaCase
from workflow.visits.rules import Dates
from workflow.visits.service import write_dates


@pytest.fixture
def actor(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR)
    return given


def case_of(session: Session, make: Any, now: datetime, visit: Any, country: str, kind: str = "ordinary",
            **person: Any) -> VisaCase:  # fmt: skip
    one = make.person(citizenships=[country], **person)
    add_passport(session, SYSTEM, now, one, PassportData(country, "750000001", type=kind, issued_on=date(2024, 1, 1),
                 expires_on=date(2034, 1, 1), biometric=True))  # fmt: skip
    make.member(visit, one)
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    (case,) = opening.load_cases(session, visit.id)
    session.refresh(case.member.person)
    return case


def wanted(case: VisaCase) -> set[str]:
    extra = {"minor_passport", "notarial_consent", "birth_certificate", "pd_consent_parent"}
    return {item.code for item in case.items if item.wanted} & extra


def test_girl_of_twelve_brings_a_minors_papers(session: Session, make: Any, actor: Actor, now: datetime) -> None:
    visit = make.visit(direction="outgoing", country="DE", place="Берлин")
    case = case_of(session, make, now, visit, "RU", birth_date="2014-06-01")
    assert "accompanied_by_parent" in case.questions
    service.choose_route(session, actor, now, visit, case, "out.schengen.c")
    assert wanted(case) == {"minor_passport", "notarial_consent", "birth_certificate", "pd_consent_parent"}
    consent = next(one for one in case.items if one.code == "notarial_consent")
    written = {"covers_from": visit.arrival, "covers_to": visit.departure, "names_all_destinations": False,
               "names_escort": True}  # fmt: skip
    items.receive_item(session, actor, now, visit, consent, document=written)
    assert [one["rule"] for one in consent.verdicts if one["result"] == "failed"] == ["names_all_destinations"]
    service.state_facts(session, actor, now, visit, case, {"accompanied_by_parent": True})
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert {"code": "visas.change-item-dropped", "item": "notarial_consent"} in change.changes
    assert wanted(case) == {"minor_passport", "birth_certificate", "pd_consent_parent"}


def test_birthday_before_moved_dates_ends_a_minors_papers(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    visit = make.visit(direction="outgoing", country="DE", place="Берлин")
    birthday = visit.arrival + timedelta(days=3)
    case = case_of(session, make, now, visit, "RU", birth_date=birthday.replace(year=birthday.year - 18).isoformat())
    service.state_facts(session, actor, now, visit, case, {"accompanied_by_parent": False})
    recompute.recompute_visit(session, SYSTEM, now, visit)
    service.choose_route(session, actor, now, visit, case, "out.schengen.c")
    assert wanted(case) == {"notarial_consent", "birth_certificate", "pd_consent_parent"}
    week = timedelta(days=7)
    write_dates(session, actor, now, visit, Dates(visit.arrival + week, visit.departure + week))
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert wanted(case) == set()


@pytest.mark.parametrize(
    ("country", "kind", "purpose", "routes"),
    [
        ("TR", "service", "official", ["in.ru.service-visa"]), ("CN", "diplomatic", "official", ["in.ru.service-visa"]),
        ("TR", "service", "cultural", []), ("RS", "service", "official", ["in.ru.visa-free"]),
    ],
)  # fmt: skip
def test_service_and_diplomatic_passports_have_their_own_routes(
    session: Session, make: Any, now: datetime, country: str, kind: str, purpose: str, routes: list[str]
) -> None:
    visit = make.visit(country=country)
    visit.visa_purpose = purpose
    commit(session)
    case = case_of(session, make, now, visit, country, kind)
    assert [option["rule"] for option in case.options] == routes
    assert (case.state == "asked") is (not routes)
    assert bool(queries.view_case(session, visit, case, now).answer.near) is (not routes)
