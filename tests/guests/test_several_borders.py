"""A guest who crosses two borders: one passport is asked for once, each border's own papers say for which it is."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from tests.conftest import Client, release
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.unit_of_work import commit
from workflow.guests.links import issue_link
from workflow.guests.rules import LinkKind
from workflow.people.service import PassportData, add_passport
from workflow.visas import crossing, items, keeping, opening, recompute, service, steps
from workflow.visas.crossing import Told
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import CaseAct
from workflow.visits.models import Member
from workflow.visits.rules import Dates
from workflow.visits.service import write_dates

GUEST = re.compile(r'<ul class="guest-tasks">(.*?)</ul>', re.DOTALL)


class Trip:
    """One of ours on the way to Türkiye and Germany, with routes chosen and a link opened in English."""

    def __init__(self, session: Session, make: Any, app: Flask, now: datetime) -> None:
        self.session, self.now, self.app = session, now, app
        self.actor: Actor = make.actor(Role.COORDINATOR)
        self.visit = make.visit(direction="outgoing", country="TR", place="Анкара", nights=6)
        person = make.person(citizenships=["RU"])
        add_passport(session, SYSTEM, now, person, PassportData("RU", "750000001", issued_on=date(2022, 1, 1),
                     expires_on=date(2027, 10, 1), biometric=True))  # fmt: skip
        self.member: Member = make.member(self.visit, person)
        crossing.tell_crossing(session, self.actor, now, self.visit, Told("DE"))
        opening.open_cases(session, SYSTEM, now, self.visit)
        for country, rule in (("TR", "out.tr.visa-free-60"), ("DE", "out.schengen.c")):
            service.choose_route(session, self.actor, now, self.visit, self.case(country), rule)
        commit(session)
        self.browser = self.enter("guest")

    def enter(self, kind: str, language: str = "en") -> Client:
        """Open a link made for the guest, or for the clerk."""
        member = self.member if kind == LinkKind.GUEST else None
        issued = issue_link(self.session, SYSTEM, self.now, self.visit, member, language=language)
        commit(self.session)
        browser = Client(self.app)
        assert browser.post(issued.address.replace("http://localhost", "")).status_code == 303
        return browser

    def case(self, country: str) -> VisaCase:
        """Give the case of a border."""
        (found,) = [one for one in opening.load_cases(self.session, self.visit.id) if one.destination == country]
        return found

    def item(self, country: str, code: str = "passport") -> ChecklistItem:
        """Give a thing of a border's checklist, read anew."""
        release()
        found = next(item for item in self.case(country).items if item.code == code)
        self.session.refresh(found)
        return found

    def asked(self, browser: Client | None = None) -> list[str]:
        """Read what the guest's own page asks to bring, one line each."""
        page = (browser or self.browser).get("/guest").get_data(as_text=True)
        (listed,) = GUEST.findall(page)
        lines = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in listed.split("</li>")]
        return [line for line in lines if line]


@pytest.fixture
def trip(session: Session, make: Any, app: Flask, now: datetime) -> Trip:
    return Trip(session, make, app, now)


def test_one_passport_is_asked_for_once_and_says_for_which_borders(trip: Trip) -> None:
    passports = [line for line in trip.asked() if "Passport" in line]
    assert passports == ["to be done Passport For entry to: Germany, Türkiye original on paper by 1 April 2027"]
    photos = [line for line in trip.asked() if "Photo" in line]
    assert [line.split(" original")[0] for line in photos] == ["to be done Photo 35x45 mm For entry to: Germany"]


def test_passport_received_for_one_border_is_done_for_both(trip: Trip) -> None:
    items.receive_item(trip.session, trip.actor, trip.now, trip.visit, trip.item("TR"))
    commit(trip.session)
    done = [line for line in trip.asked() if "Passport" in line]
    assert done == ["✓ is done Passport For entry to: Germany, Türkiye"]


def test_what_is_still_wanted_for_one_border_names_that_border_only(trip: Trip) -> None:
    items.verify_item(trip.session, trip.actor, trip.now, trip.visit, trip.item("TR"))
    commit(trip.session)
    items.reject_item(trip.session, trip.actor, trip.now, trip.visit, trip.item("DE"), "No free pages")
    commit(trip.session)
    (line,) = [line for line in trip.asked() if "Passport" in line]
    assert line.startswith("to be done Passport For entry to: Germany Please send it again: No free pages")


def test_failing_check_is_told_in_words_never_as_a_code(trip: Trip) -> None:
    items.verify_item(trip.session, trip.actor, trip.now, trip.visit, trip.item("TR"))
    first, last = trip.visit.arrival, trip.visit.departure
    write_dates(trip.session, trip.actor, trip.now, trip.visit, Dates(first + timedelta(60), last + timedelta(60)))
    recompute.recompute_visit(trip.session, SYSTEM, trip.now, trip.visit)
    commit(trip.session)
    assert trip.item("DE").reason == "visas.check-expires-after"
    (line,) = [line for line in trip.asked() if "Passport" in line]
    assert line.startswith("to be done Passport For entry to: Germany Please send it again: "
                           "It must be valid beyond 19 October 2027.")  # fmt: skip
    (line,) = [line for line in trip.asked(trip.enter("guest", "tr")) if "Pasaport Giriş" in line]
    assert "19 Ekim 2027" in line
    assert "visas." not in line


def test_nothing_is_asked_for_a_border_without_a_visa(trip: Trip) -> None:
    steps.record_step(trip.session, trip.actor, trip.now, trip.visit, trip.case("DE"),
                      steps.Step(CaseAct.NOT_NEEDED, reason="Летит из Анкары домой"))  # fmt: skip
    commit(trip.session)
    asked = trip.asked()
    assert not any("Photo" in line or "Germany" in line for line in asked)
    assert len([line for line in asked if "Passport" in line]) == 1


def test_letter_that_our_department_writes_is_not_asked_of_the_guest(trip: Trip) -> None:
    trip.visit.visa_purpose = "official"
    recompute.recompute_visit(trip.session, SYSTEM, trip.now, trip.visit)
    commit(trip.session)
    assert trip.item("DE", "delegation_letter").wanted
    assert not any("Authority letter" in line for line in trip.asked())


def test_clerk_counts_the_passport_once(trip: Trip) -> None:
    page = trip.enter("clerk").get("/clerk").get_data(as_text=True)
    things = [line for line in trip.asked() if "For entry to" in line]
    assert f"papers: {len(things)}" in page


def test_scan_says_for_which_borders_it_is(trip: Trip, make: Any) -> None:
    manager = make.actor(Role.MANAGER)
    for name in ("out.tr.visa-free-60", "out.schengen.c"):
        rule = keeping.find_rule(trip.session, name)
        before, mark, after = keeping.rule_text(rule).partition("code: passport")
        keeping.keep_rule(trip.session, manager, trip.now, name,
                          before + mark + after.replace("kind: original", "kind: upload", 1), remark="сканом",
                          seen_version=rule.version)  # fmt: skip
    for country, name in (("TR", "out.tr.visa-free-60"), ("DE", "out.schengen.c")):
        service.choose_route(trip.session, trip.actor, trip.now, trip.visit, trip.case(country), name)
    commit(trip.session)
    page = trip.browser.get("/guest").get_data(as_text=True)
    ((item_id, label),) = re.findall(r'<option value="(\d+)">(Passport[^<]*)</option>', page)
    assert label == "Passport (Germany, Türkiye)"
    picture = BytesIO()
    Image.new("RGB", (60, 40)).save(picture, "PNG")
    sent = {"item": item_id, "file": (BytesIO(picture.getvalue()), "IMG_1.PNG")}
    assert trip.browser.post("/guest/scans", sent).status_code == 303
    turkish, german = trip.item("TR"), trip.item("DE")
    assert (turkish.state, german.state, turkish.file_id) == ("received", "received", german.file_id)
