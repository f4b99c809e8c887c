"""Whoever types a passport number learns nowhere whether it is on file with somebody else, not later either."""

from collections.abc import Callable
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
from workflow.visas.items import verify_item
from workflow.visas.opening import load_cases
from workflow.visas.service import choose_route

OWN, THEIRS, FREE = "E00000001", "E00000002", "Z99999002"
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


def test_dual_citizen_who_types_a_number_on_file_is_judged_by_its_country(guessing: Guessing) -> None:
    person = guessing.members[0].person
    person.citizenships = ["CN", "US"]
    commit(guessing.session)
    theirs = guessing.types(THEIRS, "2033-01-01")
    free = guessing.types(FREE, "2033-01-01")
    assert theirs == free
