"""Citizens of two countries and bearers of two passports: answers side by side, one of them chosen."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Invalid, Stale
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import crossing, opening, queries, recompute, service, ways
from workflow.visas.crossing import Told
from workflow.visas.models import VisaCase

MVD, EVISA, SERVICE = "in.ru.ordinary.mvd-invitation", "in.ru.evisa", "in.ru.service-visa"


@pytest.fixture
def actor(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR)
    return given


def travels(session: Session, make: Any, now: datetime, citizenships: list[str], *passports: PassportData) -> Any:
    visit = make.visit()
    person = make.person(citizenships=citizenships)
    for data in passports:
        add_passport(session, SYSTEM, now, person, data)
    make.member(visit, person)
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    (case,) = opening.load_cases(session, visit.id)
    session.refresh(case.member.person)
    return visit, case


@pytest.fixture
def dual(session: Session, make: Any, now: datetime) -> tuple[Any, VisaCase]:
    """A citizen of Türkiye and Britain with a passport of each; the British one expires too soon."""
    return travels(
        session, make, now, ["TR", "GB"], PassportData("TR", "U70000001", expires_on=date(2035, 1, 1)),
        PassportData("GB", "555000011", expires_on=(now + timedelta(days=90)).date()),
    )  # fmt: skip


def shown(session: Session, visit: Any, case: VisaCase, now: datetime) -> list[tuple[str, str, list[str], bool]]:
    return [
        (way.citizenship, way.passport.type if way.passport else "", [route.rule.id for route in way.answer.routes],
         way.chosen)
        for way in queries.view_case(session, visit, case, now).ways
    ]  # fmt: skip


def test_answers_stand_side_by_side_by_citizenship(
    session: Session, dual: tuple[Any, VisaCase], now: datetime
) -> None:
    visit, case = dual
    assert case.questions == ["citizenship"]
    assert shown(session, visit, case, now) == [
        ("TR", "ordinary", [MVD, EVISA], False), ("GB", "ordinary", [MVD], False)]  # fmt: skip
    british = queries.view_case(session, visit, case, now).ways[1].answer.routes[0]
    assert british.milestones["petition_latest"].calendar.keys == ("RU", "GB")
    passport = next(entry for entry in british.items if entry.item.code == "passport")
    assert {one.rule: one.result.value for one in passport.verdicts}["expires_after"] == "failed"
    offered = queries.view_case(session, visit, case, now).answer
    assert [route.rule.id for route in (*offered.possible, *offered.referred)] == [MVD, EVISA]


def test_chosen_passport_decides_the_routes_and_the_letters(
    session: Session, dual: tuple[Any, VisaCase], actor: Actor, now: datetime
) -> None:
    visit, case = dual
    british = next(one for one in case.member.person.passports if one.country == "GB")
    ways.travel_on(session, actor, now, visit, case, "GB", british.id, version=case.lock_version)
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert [option["rule"] for option in case.options] == [MVD]
    assert (case.questions, case.member.passport_id) == ([], british.id)
    assert [chosen for *_rest, chosen in shown(session, visit, case, now)] == [False, True]


def test_passport_chosen_in_the_delegation_answers_the_question_too(
    session: Session, dual: tuple[Any, VisaCase], actor: Actor, now: datetime
) -> None:
    from workflow.visits.delegation import choose_passport

    visit, case = dual
    turkish = next(one for one in case.member.person.passports if one.country == "TR")
    choose_passport(session, actor, now, visit, case.member, turkish.id)
    recompute.recompute_visit(session, SYSTEM, now, visit)
    assert (case.questions, [option["rule"] for option in case.options]) == ([], [MVD, EVISA])


def test_new_choice_recomputes_a_route_already_taken(
    session: Session, dual: tuple[Any, VisaCase], actor: Actor, now: datetime
) -> None:
    visit, case = dual
    turkish, british = case.member.person.passports
    ways.travel_on(session, actor, now, visit, case, "TR", turkish.id)
    service.choose_route(session, actor, now, visit, case, EVISA)
    ways.travel_on(session, actor, now, visit, case, "GB", british.id)
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    assert change.changes[0] == {"code": "visas.alarm-route-gone"}


def test_ordinary_and_service_passport_stand_side_by_side(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    visit, case = travels(
        session, make, now, ["TR"], PassportData("TR", "U70000001", expires_on=date(2035, 1, 1)),
        PassportData("TR", "S70000002", type="service", expires_on=date(2035, 1, 1)),
    )  # fmt: skip
    assert shown(session, visit, case, now) == [
        ("TR", "ordinary", [MVD, EVISA], False), ("TR", "service", [SERVICE], False)]  # fmt: skip
    ways.travel_on(session, actor, now, visit, case, "TR", case.member.person.passports[1].id)
    recompute.recompute_visit(session, SYSTEM, now, visit)
    assert [option["rule"] for option in case.options] == [SERVICE]


def test_one_citizenship_and_passport_leave_nothing_to_compare(session: Session, make: Any, now: datetime) -> None:
    visit, case = travels(session, make, now, ["TR"], PassportData("TR", "U70000001", expires_on=date(2035, 1, 1)))
    assert shown(session, visit, case, now) == []


def test_another_passport_may_be_shown_at_another_border(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    visit = make.visit(direction="outgoing", country="DE", place="Берлин")
    person = make.person(citizenships=["RU", "TR"])
    for country in ("RU", "TR"):
        add_passport(session, SYSTEM, now, person, PassportData(country, f"7500001{country}",
                     expires_on=date(2035, 1, 1)))  # fmt: skip
    make.member(visit, person)
    crossing.tell_crossing(session, actor, now, visit, Told("AM", visit.arrival, visit.arrival))
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    german, armenian = opening.load_cases(session, visit.id)
    russian, turkish = person.passports
    ways.travel_on(session, actor, now, visit, german, "TR", turkish.id)
    ways.travel_on(session, actor, now, visit, armenian, "RU", russian.id)
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert (german.state, [option["rule"] for option in armenian.options]) == ("asked", ["out.am.visa-free"])
    assert german.member.passport_id == turkish.id


def test_citizenship_without_a_passport_is_a_way_that_asks(session: Session, make: Any, now: datetime) -> None:
    visit, case = travels(
        session, make, now, ["TR", "RS"], PassportData("TR", "U70000001", expires_on=date(2035, 1, 1))
    )
    serbian = queries.view_case(session, visit, case, now).ways[1]
    assert (serbian.passport, [route.rule.id for route in serbian.answer.possible]) == (None, ["in.ru.visa-free"])


def test_strangers_passport_or_citizenship_is_refused(
    session: Session, dual: tuple[Any, VisaCase], make: Any, actor: Actor, now: datetime
) -> None:
    visit, case = dual
    other = add_passport(session, SYSTEM, now, make.person(), PassportData("TR", "U79999999"))
    turkish = case.member.person.passports[0]
    for citizenship, passport_id in (("TR", other.id), ("GB", turkish.id), ("FR", None), ("TR", 10**9)):
        with pytest.raises(Invalid):
            ways.travel_on(session, actor, now, visit, case, citizenship, passport_id)
    with pytest.raises(Stale):
        ways.travel_on(session, actor, now, visit, case, "TR", turkish.id, version=case.lock_version + 1)


def test_page_compares_and_chooses_without_numbers(
    session: Session, dual: tuple[Any, VisaCase], client_as: Callable[..., Any], make: Any
) -> None:
    visit, case = dual
    url, turkish = f"/visits/{visit.id}/visas/{case.id}", case.member.person.passports[0].id
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    page = browser.get(url).get_data(as_text=True)
    assert "As whom the person travels" in page
    assert ("U70000001" in page, "555000011" in page) == (False, False)
    assert browser.post(url + "/travels-as", {"citizenship": "TR", "passport_id": turkish}).status_code == 303
    assert session.scalars(select(VisaCase.citizenship)).one() == "TR"
    session.rollback()
    assert browser.post(url + "/travels-as", {"citizenship": "CN"}).status_code == 422
    assert client_as(Role.TRANSLATOR).post(url + "/travels-as", {"citizenship": "TR"}).status_code == 403
