"""Earlier stays behind the same border: told by staff and guest, known from other visits, counted by the rule."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, release
from tests.hostile.test_pages import HOSTILE, SCRIPT
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.unit_of_work import commit
from workflow.guests.links import issue_link
from workflow.people.service import PassportData, add_passport
from workflow.visas import crossing, keeping, opening, recompute, service
from workflow.visas.crossing import Told
from workflow.visas.models import VisaCase

SCHENGEN, FREE = "out.schengen.c", "in.ru.visa-free"


@pytest.fixture
def actor(make: Any) -> Actor:
    made: Actor = make.actor(Role.COORDINATOR)
    return made


class Travels:
    """One of ours on the way to Germany, with a route chosen."""

    def __init__(self, session: Session, make: Any, now: datetime, actor: Actor) -> None:
        self.session, self.make, self.now, self.actor = session, make, now, actor
        self.person = make.person(citizenships=["RU"])
        add_passport(session, SYSTEM, now, self.person, PassportData("RU", "750000001", issued_on=date(2024, 1, 1),
                     expires_on=date(2030, 10, 1), biometric=True))  # fmt: skip
        self.visit, self.case = self.trip(date(2027, 5, 12))

    def trip(self, arrival: date, country: str = "DE", nights: int = 4) -> tuple[Any, VisaCase]:
        """Make a visit of the same person, with its case."""
        visit = self.make.visit(direction="outgoing", country=country, arrival=arrival, nights=nights)
        visit.visa_purpose = "official"
        self.make.member(visit, self.person)
        opening.open_cases(self.session, SYSTEM, self.now, visit)
        commit(self.session)
        (case,) = opening.load_cases(self.session, visit.id)
        service.choose_route(self.session, self.actor, self.now, visit, case, SCHENGEN)
        commit(self.session)
        return visit, case

    def url(self, act: str = "") -> str:
        """Give the address of the case."""
        return f"/visits/{self.visit.id}/visas/{self.case.id}{act}"


@pytest.fixture
def travels(session: Session, make: Any, now: datetime, actor: Actor) -> Travels:
    return Travels(session, make, now, actor)


def test_told_stays_count_with_the_arithmetic_and_ring_when_too_many(
    travels: Travels, client_as: Callable[..., Client], make: Any, session: Session
) -> None:
    desk = client_as(account=make.account(Role.COORDINATOR, language="en"))
    page = desk.get(travels.url()).text
    assert "5 of 90 days: 5 of this stay, 0 of earlier ones" in page
    assert "Earlier stays are not known to us: ask." in page
    wrong = desk.post(travels.url("/stays"), {"first_1": "2027-05-01", "last_1": "2027-05-13"})
    assert (wrong.status_code, "write the earlier ones only" in wrong.text, 'value="2027-05-13"' in wrong.text) == (
        422, True, True)  # fmt: skip
    assert "0 if there were none" in desk.post(travels.url("/stays"), {}).text
    told = {"first_1": "2027-02-01", "last_1": "2027-04-27"}
    assert desk.post(travels.url("/stays"), told).status_code == 303
    page = desk.get(travels.url()).text
    assert "91 of 90 days: 5 of this stay, 86 of earlier ones, counted from " in page
    assert "With the earlier stays there are more days there than the route allows" in page
    release()
    session.expire_all()
    assert session.get_one(VisaCase, travels.case.id).alarm == "visas.alarm-stays-too-long"
    assert desk.post(travels.url("/stays"), {"days": "85"}).status_code == 303
    assert "90 of 90 days: 5 of this stay, 85 of earlier ones" in desk.get(travels.url()).text
    release()
    session.expire_all()
    assert session.get_one(VisaCase, travels.case.id).alarm == ""


def test_stays_of_other_visits_count_anywhere_in_the_area_and_others_do_not(
    travels: Travels, session: Session, client_as: Callable[..., Client], make: Any, now: datetime
) -> None:
    long, _case = travels.trip(date(2027, 1, 20), "FR", nights=85)
    travels.trip(date(2027, 8, 1), "IT")
    off, _case = travels.trip(date(2027, 4, 25), "ES", nights=3)
    off.standing = "cancelled"
    later, _case = travels.trip(date(2027, 4, 18), "AT", nights=3)
    later.standing = "postponed"  # keeps the days on which it will not be
    commit(session)
    recompute.recompute_visit(session, SYSTEM, now, travels.visit)
    commit(session)
    release()
    session.expire_all()
    assert session.get_one(VisaCase, travels.case.id).alarm == "visas.alarm-stays-too-long"
    page = client_as(account=make.account(Role.COORDINATOR, language="en")).get(travels.url()).text
    assert "91 of 90 days: 5 of this stay, 86 of earlier ones" in page
    assert "Only stays of our own visits are counted: ask for others." in page
    again, case = travels.trip(long.departure + timedelta(days=20), "DE", nights=7)
    assert (case.alarm, again.id != travels.visit.id) == ("visas.alarm-stays-too-long", True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_guest_tells_earlier_stays_and_the_days_of_the_year_have_come(
    session: Session, make: Any, app: Flask, now: datetime, actor: Actor, run_jobs: Callable[[], Any], language: str
) -> None:
    visit = make.visit(country="RS")
    member = make.member(visit, make.person(citizenships=["RS"]))
    add_passport(session, SYSTEM, now, member.person, PassportData("RS", "600000001", expires_on=date(2032, 1, 1)))
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    (case,) = opening.load_cases(session, visit.id)
    service.choose_route(session, actor, now, visit, case, FREE)
    issued = issue_link(session, SYSTEM, now, visit, member, language=language)
    commit(session)
    guest = Client(app)
    guest.post(issued.address.replace("http://localhost", ""))
    url = f"/guest/stays/{case.id}"
    assert guest.get("/guest").text.count(f'href="{url}"') == 1
    assert guest.get(url).status_code == 200
    assert guest.get(f"/guest/stays/{case.id + 1}").status_code == 404
    assert guest.post(url, {"first_1": "2027-06-01"}).status_code == 422
    for value in HOSTILE.values():
        sent = {"first_1": value, "last_2": value, "days": value, "csrf_token": guest.token()}
        answer = guest.raw.post(url, data=urlencode(sent, errors="surrogatepass"),
                                content_type="application/x-www-form-urlencoded")  # fmt: skip
        assert (answer.status_code, SCRIPT in answer.text) == (422, False), value[:20]
    assert guest.post(url, {"first_1": "2027-01-01", "last_1": "2027-03-31"}).status_code == 303
    run_jobs()
    release()
    session.expire_all()
    case = session.get_one(VisaCase, case.id)
    states = {item.code: item.state for item in case.items}
    assert (states["days_this_year"], case.alarm) == ("received", "visas.alarm-stays-too-long")
    assert f'href="{url}"' in guest.get("/guest").text


def test_second_limit_beside_one_on_the_single_stay_counts(
    session: Session, make: Any, now: datetime, actor: Actor, client_as: Callable[..., Client]
) -> None:
    visit = make.visit(direction="outgoing", country="DE", arrival=date(2027, 5, 12))
    visit.visa_purpose = "official"
    member = make.member(visit, make.person(citizenships=["RU"]))
    add_passport(session, SYSTEM, now, member.person, PassportData("RU", "750000009", expires_on=date(2032, 1, 1)))
    crossing.tell_crossing(session, actor, now, visit, Told("TR", date(2027, 5, 15), date(2027, 5, 16)))
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    turkish = next(case for case in opening.load_cases(session, visit.id) if case.destination == "TR")
    service.choose_route(session, actor, now, visit, turkish, "out.tr.visa-free-60")
    commit(session)
    desk = client_as(account=make.account(Role.COORDINATOR, language="en"))
    assert desk.post(f"/visits/{visit.id}/visas/{turkish.id}/stays", {"days": "89"}).status_code == 303
    page = desk.get(f"/visits/{visit.id}/visas/{turkish.id}").text
    assert "60 days; 90 days, all stays within 180 days together" in page
    assert "91 of 90 days: 2 of this stay, 89 of earlier ones" in page


def test_confirmed_rule_does_not_say_that_nothing_else_is_needed_while_earlier_stays_are_not_told(
    travels: Travels, session: Session, client_as: Callable[..., Client], make: Any, now: datetime
) -> None:
    rule = keeping.find_rule(session, SCHENGEN)
    keeping.confirm_rule(session, make.actor(Role.MANAGER), now, SCHENGEN, remark="сверено", settled=True,
                         review_by=date(2027, 12, 1), seen_version=rule.version)  # fmt: skip
    service.choose_route(session, travels.actor, now, travels.visit, travels.case, SCHENGEN)
    commit(session)
    desk = client_as(account=make.account(Role.COORDINATOR, language="en"))
    said, asked = "nothing else is needed", "The rule is confirmed, but not all that it leans on"
    page = desk.get(travels.url()).text
    assert (said in page, asked in page) == (False, True)
    assert desk.post(travels.url("/stays"), {"days": "0"}).status_code == 303
    page = desk.get(travels.url()).text
    assert (said in page, asked in page) == (True, False)


def test_stays_are_told_and_counted_over_the_api(
    travels: Travels, session: Session, client_as: Callable[..., Client]
) -> None:
    def send(browser: Any, body: dict[str, Any], version: int) -> Any:
        return browser.raw.post(f"/api/v1/visa-cases/{travels.case.id}/stays", json=body,
                                headers={"X-CSRFToken": browser.token(), "If-Match": f'"{version}"'})  # fmt: skip

    desk = client_as(Role.COORDINATOR)
    before = desk.get(f"/api/v1/visa-cases/{travels.case.id}/stays").json
    assert (before["told"], before["count"]["total"], before["count"]["allowed"]) == ([], 5, 90)
    stay = {"first": "2027-02-01", "last": "2027-04-27"}
    told = send(desk, {"stays": [stay, {"first": "0001-01-01", "last": "0001-02-01"}]}, before["version"])
    assert (told.status_code, told.json["count"]["earlier"], told.json["count"]["exceeds"]) == (200, 86, True)
    assert send(desk, {"days": 3}, before["version"]).status_code == 409
    late = send(desk, {"stays": [{"first": "2027-05-12", "last": "2027-05-12"}]}, told.json["version"])
    assert late.status_code == 422
    assert client_as(Role.TRANSLATOR).get(f"/api/v1/visa-cases/{travels.case.id}/stays").status_code == 403
