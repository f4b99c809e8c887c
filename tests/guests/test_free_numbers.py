"""Whoever types a passport number learns nowhere whether it is on file with somebody else, not later either."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, release
from tests.guests.test_checklist_scans import Checklist, photograph
from tests.guests.test_personal_links import text_of, without_tokens
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit
from workflow.guests.links import issue_link
from workflow.guests.models import GuestProposal
from workflow.people.service import PassportData, add_passport
from workflow.visas.conditions import passports_valid
from workflow.visas.items import verify_item
from workflow.visas.opening import load_cases, open_cases
from workflow.visas.service import choose_route

OWN, THEIRS, FREE = "E00000001", "E00000002", "Z99999002"
ON_FILE, FREE_ALIKE = ["E00000901", "E00000902"], ["Z99999901", "Z99999902"]
LONG = date(2034, 1, 1)
SOON = "2027-09-01"
"""After the visit, and before the half year that the invitation's rule asks for."""


class Guessing(Checklist):
    """Two guests from China who need an invitation; the first one's page, the clerk's, and the jobs that follow."""

    def __init__(self, make: Any, session: Session, app: Flask, run_jobs: Callable[[], Any]) -> None:
        super().__init__(make, session, app)
        self.run_jobs, self.app = run_jobs, app
        for case in load_cases(session, self.visit.id):
            choose_route(session, self.actor, clock.now(), self.visit, case, "in.ru.ordinary.mvd-invitation")
        issued = issue_link(session, SYSTEM, clock.now(), self.visit, None, language="en")
        commit(session)
        self.clerk = Client(app)
        assert self.clerk.post(issued.address.replace("http://localhost", "")).status_code == 303
        run_jobs()

    def types(self, number: str, until: str = SOON, **more: str) -> list[Any]:
        """Type a passport; give what is seen at once and later: pages, the jobs asked for, the mails, what is taken."""
        self.seen()  # what was said of acts before
        release()
        jobs = self.session.scalar(select(func.count(Job.id)).where(Job.kind != "visas.recompute"))
        sent = {"country": "CN", "number": number, "type": "ordinary", "expires_on": until, **more}
        assert self.guests[0].post("/guest/passport", sent).status_code == 303
        at_once = self.seen()
        release()
        waiting = self.session.scalar(select(func.count(Job.id)).where(Job.kind != "visas.recompute"))
        self.run_jobs()
        return [at_once, self.seen(), (waiting or 0) - (jobs or 0)]

    def seen(self) -> list[str]:
        """Give what the guest and the clerk are shown."""
        return [without_tokens(text_of(browser.get(path)))
                for browser, path in ((self.guests[0], "/guest"), (self.clerk, "/clerk"))]  # fmt: skip


@pytest.fixture
def guessing(make: Any, session: Session, app: Flask, run_jobs: Callable[[], Any]) -> Guessing:
    return Guessing(make, session, app, run_jobs)


@pytest.mark.parametrize("verified", [False, True], ids=["received", "verified"])
def test_scan_is_asked_for_again_whether_the_number_is_free_or_on_file(
    guessing: Guessing, verified: bool, outbox: Callable[[], list[Any]]
) -> None:
    item = guessing.item("passport")
    assert guessing.send(item.id, photograph()).status_code == 303
    if verified:
        verify_item(guessing.session, guessing.actor, clock.now(), guessing.visit, guessing.item("passport"))
        commit(guessing.session)
    theirs = guessing.types(THEIRS)
    assert "Please send it again:" in theirs[1][0]
    assert "It must be valid beyond" in theirs[1][0]
    again = guessing.send(item.id, photograph())
    assert again.status_code == 303
    after_theirs = guessing.seen()
    guessing.types(OWN, "2033-01-01")
    assert "Please send it again:" not in guessing.page()
    if verified:
        verify_item(guessing.session, guessing.actor, clock.now(), guessing.visit, guessing.item("passport"))
        commit(guessing.session)
    assert guessing.types(FREE) == theirs
    assert guessing.send(item.id, photograph()).status_code == 303
    assert guessing.seen() == after_theirs
    assert outbox() == []


def test_case_says_that_it_is_judged_by_a_passport_that_waits_and_returns_when_that_is_refused(
    guessing: Guessing, client_as: Callable[..., Client]
) -> None:
    item = guessing.item("passport")
    assert guessing.guests[0].post("/guest/scans", {"item": str(item.id), "file": (BytesIO(photograph()), "p.jpg")}
                                   ).status_code == 303  # fmt: skip
    guessing.types(THEIRS)
    assert guessing.item("passport").state == "rejected"
    desk = client_as(Role.COORDINATOR)
    url = f"/visits/{guessing.visit.id}/visas/{item.case_id}"
    said = "Дело рассмотрено по паспорту, который гость ввёл сам"
    assert said in text_of(desk.get(url))
    (waiting,) = guessing.session.scalars(select(GuestProposal))
    release()
    assert desk.post(f"/guest-proposals/{waiting.id}/refuse").status_code == 303
    guessing.run_jobs()
    assert (guessing.item("passport").state, guessing.item("passport").reason) == ("received", "")
    assert said not in text_of(desk.get(url))
    assert guessing.session.get_one(type(waiting), waiting.id).state == "refused"


def test_passport_that_waits_counts_alike_in_case_matrix_and_readiness(
    guessing: Guessing, client_as: Callable[..., Client]
) -> None:
    def told() -> list[str]:
        release()
        by_visit = passports_valid(guessing.session, [guessing.visit.id], {})
        return [one.code for one in by_visit[guessing.visit.id]]

    desk, early = client_as(Role.COORDINATOR), "2027-05-13"
    case = f"/visits/{guessing.visit.id}/visas/{guessing.item('passport').case_id}"
    assert told() == []
    guessing.types(THEIRS, early)
    assert told() == ["visas.passport-waits", "visas.passport-too-short"]
    pages = f"/visits/{guessing.visit.id}/visas", case
    matrix, one = (text_of(desk.get(url)).replace("\u00a0", " ") for url in pages)
    assert "паспорт кончается 13 мая 2027, до конца поездки" in matrix
    assert "Паспорт действует до 13 мая 2027" in one
    guessing.types(THEIRS, "2033-01-01")
    assert told() == ["visas.passport-waits"]
    release()
    assert "до конца поездки" not in text_of(desk.get(f"/visits/{guessing.visit.id}/visas"))
    waiting = guessing.session.scalars(select(GuestProposal.id)).one()
    release()
    assert desk.post(f"/guest-proposals/{waiting}/refuse").status_code == 303
    assert told() == []


def test_dual_citizen_who_types_a_number_on_file_is_judged_by_its_country(guessing: Guessing) -> None:
    person = guessing.members[0].person
    person.citizenships = ["CN", "US"]
    commit(guessing.session)
    theirs = guessing.types(THEIRS, "2033-01-01")
    free = guessing.types(FREE, "2033-01-01")
    assert theirs == free


class Twice:
    """Two guests of one name, both on two visits at once; somebody else bears what only the first one types."""

    def __init__(self, make: Any, session: Session, app: Flask, run_jobs: Callable[[], Any], held: int) -> None:
        self.visits = [make.visit(arrival=day, country="CN") for day in (date(2027, 5, 12), date(2027, 9, 1))]
        self.app, self.session, self.run_jobs = app, session, run_jobs
        self.people = []
        for bearer in ("A", "B", "C"):
            person = make.person(latin_family="YANGBEN", latin_given="ONE", citizenships=["CN"])
            passports = [f"{bearer}0000001{last}" for last in range(held)] if bearer != "C" else ON_FILE
            for number in passports:
                add_passport(session, SYSTEM, clock.now(), person, PassportData("CN", number, expires_on=LONG))
            self.people.append(person)
        self.members = [[make.member(visit, person) for visit in self.visits] for person in self.people[:2]]
        for visit in self.visits:
            open_cases(session, SYSTEM, clock.now(), visit)
            commit(session)
            for case in load_cases(session, visit.id):
                case.passport_type = "ordinary"
                choose_route(session, make.actor(Role.COORDINATOR), clock.now(), visit, case,
                             "in.ru.ordinary.mvd-invitation")  # fmt: skip
        commit(session)
        self.pages = [[self._enter(visit, member) for visit, member in zip(self.visits, both, strict=True)]
                      for both in self.members]  # fmt: skip
        self.clerk = self._enter(self.visits[1], None)

    def _enter(self, visit: Any, member: Any) -> Client:
        issued = issue_link(self.session, SYSTEM, clock.now(), visit, member, language="en")
        commit(self.session)
        browser = Client(self.app)
        assert browser.post(issued.address.replace("http://localhost", "")).status_code == 303
        return browser

    def seen_by(self, guest: int, typed: list[tuple[str, str]]) -> list[str]:
        """Have one guest type passports on the first visit's page; give what the second visit's pages then say."""
        for number, until in typed:
            sent = {"country": "CN", "number": number, "type": "ordinary", "expires_on": until}
            assert self.pages[guest][0].post("/guest/passport", sent).status_code == 303
            self.run_jobs()
        page = without_tokens(text_of(self.pages[guest][1].get("/guest")))
        row = re.search(rf"<li[^>]*>(?:(?!<li).)*?/clerk/members/{self.members[guest][1].id}\b.*?</li>|"
                        rf"<tr[^>]*>(?:(?!<tr).)*?/clerk/members/{self.members[guest][1].id}\b.*?</tr>",
                        text_of(self.clerk.get("/clerk")), re.DOTALL)  # fmt: skip
        assert row is not None
        told = [page, row.group()]
        return [re.sub(r"/(members|scans|stays)/\d+|value=\"\d+\"|item-\d+", "", one) for one in told]


@pytest.mark.parametrize(("held", "typed"), [
    (0, [(0, "2027-09-02")]),
    (0, [(0, "2033-01-01"), (0, "2027-06-01")]),
    (1, [(0, "2033-01-01")]),
    (0, [(0, "2033-01-01"), (1, "2027-06-01"), (0, "2027-05-20")]),
], ids=["short", "corrected", "beside another", "two and back"])  # fmt: skip
def test_page_of_another_visit_says_the_same_whether_a_number_is_free_or_on_file(
    make: Any, session: Session, app: Flask, run_jobs: Callable[[], Any], held: int, typed: list[tuple[int, str]]
) -> None:
    both = Twice(make, session, app, run_jobs, held)
    theirs = both.seen_by(0, [(ON_FILE[which], until) for which, until in typed])
    free = both.seen_by(1, [(FREE_ALIKE[which], until) for which, until in typed])
    assert session.scalar(select(func.count(GuestProposal.id)).where(GuestProposal.kind == "passport")) >= 1
    assert "ONE" in theirs[0]
    assert theirs == free
