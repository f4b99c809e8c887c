"""What a traveller brings once for several borders: received, verified, sent back, taken along to a new border."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import release
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.events import Event
from workflow.base.files import StoredFile, Upload
from workflow.base.unit_of_work import commit
from workflow.knowledge.visa_rules import Item
from workflow.people.service import PassportData, add_passport
from workflow.visas import bulk, crossing, items, keeping, opening, recompute, service
from workflow.visas.crossing import Told
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import CaseState, ItemAct

TURKEY, SCHENGEN = "out.tr.visa-free-60", "out.schengen.c"


@pytest.fixture
def actor(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR)
    return given


class Trip:
    """One of ours goes to Türkiye and on to Germany; both routes are chosen unless told otherwise."""

    def __init__(self, session: Session, make: Any, actor: Actor, now: datetime, *passports: PassportData,
                 citizenships: tuple[str, ...] = ("RU",), travellers: int = 1) -> None:  # fmt: skip
        self.session, self.actor, self.now = session, actor, now
        self.visit = make.visit(direction="outgoing", country="TR", place="Анкара", nights=6)
        for _traveller in range(travellers):
            person = make.person(citizenships=list(citizenships))
            for data in passports:
                number = str(int(data.number) + 1000 * person.id)  # nobody else's
                add_passport(session, SYSTEM, now, person, replace(data, number=number))
            make.member(self.visit, person)
        crossing.tell_crossing(session, actor, now, self.visit, Told("DE"))
        opening.open_cases(session, SYSTEM, now, self.visit)
        commit(session)

    def case(self, country: str) -> VisaCase:
        """Give the case of a border."""
        (found,) = [one for one in opening.load_cases(self.session, self.visit.id) if one.destination == country]
        return found

    def choose(self, country: str, rule: str) -> None:
        """Choose a border's route."""
        service.choose_route(self.session, self.actor, self.now, self.visit, self.case(country), rule)
        commit(self.session)

    def item(self, country: str, code: str = "passport") -> ChecklistItem:
        """Give a thing of a border's checklist."""
        return next(item for item in self.case(country).items if item.code == code)

    def states(self, code: str = "passport") -> tuple[str, str]:
        """Give how a thing stands at both borders."""
        return self.item("TR", code).state, self.item("DE", code).state


GOOD = PassportData("RU", "750000001", issued_on=date(2022, 1, 1), expires_on=date(2032, 1, 1), biometric=True)


@pytest.fixture
def trip(session: Session, make: Any, actor: Actor, now: datetime) -> Trip:
    made = Trip(session, make, actor, now, GOOD)
    made.choose("TR", TURKEY)
    made.choose("DE", SCHENGEN)
    return made


def test_passport_received_at_one_border_is_there_for_the_other(
    session: Session, trip: Trip, actor: Actor, now: datetime
) -> None:
    items.receive_item(session, actor, now, trip.visit, trip.item("TR"))
    commit(session)
    assert trip.states() == ("received", "received")
    told = session.scalars(select(Event.subject_id).where(Event.kind == "visas.item.received")).all()
    assert sorted(told) == sorted([trip.item("TR").id, trip.item("DE").id])


def test_what_is_brought_for_each_border_apart_stays_apart(
    session: Session, trip: Trip, actor: Actor, now: datetime
) -> None:
    items.receive_item(session, actor, now, trip.visit, trip.item("DE", "photo"))
    items.receive_item(session, actor, now, trip.visit, trip.item("DE", "insurance"))
    commit(session)
    assert trip.states() == ("missing", "missing")


def test_passport_verified_at_one_border_is_verified_where_its_rule_agrees(
    session: Session, trip: Trip, actor: Actor, now: datetime
) -> None:
    items.verify_item(session, actor, now, trip.visit, trip.item("TR"))
    commit(session)
    assert trip.states() == ("verified", "verified")


def test_passport_that_fails_at_the_other_border_is_only_received_there(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    made = Trip(session, make, actor, now,
                PassportData("RU", "750000002", issued_on=date(2026, 1, 1), expires_on=date(2027, 6, 15)))  # fmt: skip
    manager = make.actor(Role.MANAGER)
    rule = keeping.find_rule(session, SCHENGEN)
    keeping.confirm_rule(session, manager, now, SCHENGEN, remark="сверено", review_by=date(2028, 1, 1),
                         seen_version=rule.version, settled=True)  # fmt: skip
    commit(session)
    made.choose("TR", TURKEY)
    made.choose("DE", SCHENGEN)
    assert made.case("DE").confirmed
    items.verify_item(session, actor, now, made.visit, made.item("TR"))
    commit(session)
    assert made.states() == ("verified", "received")
    assert [one["rule"] for one in made.item("DE").verdicts if one["result"] == "failed"] == ["expires_after"]


def test_sending_back_reaches_what_nobody_has_verified(
    session: Session, trip: Trip, actor: Actor, now: datetime
) -> None:
    items.receive_item(session, actor, now, trip.visit, trip.item("TR"))
    items.reject_item(session, actor, now, trip.visit, trip.item("DE"), "Залито чернилами")
    commit(session)
    assert trip.states() == ("rejected", "rejected")
    assert trip.item("TR").reason == "Залито чернилами"
    items.verify_item(session, actor, now, trip.visit, trip.item("TR"))
    items.reject_item(session, actor, now, trip.visit, trip.item("DE"), "Нужен биометрический")
    commit(session)
    assert trip.states() == ("verified", "rejected")


def test_waiving_and_asking_again_are_of_one_border(session: Session, trip: Trip, actor: Actor, now: datetime) -> None:
    items.waive_item(session, actor, now, trip.visit, trip.item("TR"), "Едет с внутренним паспортом")
    commit(session)
    assert trip.states() == ("waived", "missing")
    items.verify_item(session, actor, now, trip.visit, trip.item("DE"))
    items.reopen_item(session, actor, now, trip.visit, trip.item("DE"))
    commit(session)
    assert trip.states() == ("waived", "missing")


def test_each_passport_of_one_traveller_is_its_own_thing(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    other = PassportData("RU", "750000003", "service", expires_on=date(2030, 1, 1))
    made = Trip(session, make, actor, now, GOOD, other)
    for country, kind in (("TR", "ordinary"), ("DE", "service")):
        service.state_facts(session, actor, now, made.visit, made.case(country), {"passport_type": kind})
    made.choose("TR", TURKEY)
    made.choose("DE", SCHENGEN)
    items.receive_item(session, actor, now, made.visit, made.item("TR"))
    commit(session)
    assert made.states() == ("received", "missing")


def test_new_border_finds_what_has_come_already(session: Session, make: Any, actor: Actor, now: datetime) -> None:
    made = Trip(session, make, actor, now, GOOD)
    made.choose("TR", TURKEY)
    items.verify_item(session, actor, now, made.visit, made.item("TR"))
    made.choose("DE", SCHENGEN)
    assert made.states() == ("verified", "received")
    assert made.item("DE").acted_by == actor.account_id


def test_scan_is_one_file_for_both_borders_and_a_new_one_leaves_no_rest(
    session: Session, trip: Trip, actor: Actor, now: datetime, make: Any
) -> None:
    manager = make.actor(Role.MANAGER)
    for name in (TURKEY, SCHENGEN):
        rule = keeping.find_rule(session, name)
        before, mark, after = keeping.rule_text(rule).partition("code: passport")
        text = before + mark + after.replace("kind: original", "kind: upload", 1)
        keeping.keep_rule(session, manager, now, name, text, remark="сканом", seen_version=rule.version)
    commit(session)
    trip.choose("TR", TURKEY)
    trip.choose("DE", SCHENGEN)
    for words in (b"%PDF-1.7 first", b"%PDF-1.7 second"):
        items.receive_item(session, actor, now, trip.visit, trip.item("TR"), upload=Upload("passport.pdf", words))
        commit(session)
    kept = trip.item("TR").file_id
    assert (kept is not None, trip.item("DE").file_id) == (True, kept)
    assert session.scalars(select(StoredFile.id)).all() == [kept]


def test_ticking_both_cases_of_one_traveller_does_one_thing(
    session: Session, trip: Trip, actor: Actor, now: datetime
) -> None:
    cases = [trip.case("TR").id, trip.case("DE").id]
    done = bulk.act_on_items(session, actor, now, trip.visit, cases, "passport", ItemAct.VERIFY)
    commit(session)
    assert (len(done.cases), done.left) == (2, [])
    assert trip.states() == ("verified", "verified")


def test_ticking_many_travellers_asks_the_database_no_more_than_three_do(
    session: Session, make: Any, actor: Actor, now: datetime, count_queries: Callable[..., int]
) -> None:
    def asked(travellers: int) -> int:
        trip = Trip(session, make, actor, now, GOOD, travellers=travellers)
        for case in opening.load_cases(session, trip.visit.id):
            service.choose_route(session, actor, now, trip.visit, case,
                                 TURKEY if case.destination == "TR" else SCHENGEN)  # fmt: skip
        commit(session)
        cases = [case.id for case in opening.load_cases(session, trip.visit.id)]
        session.expire_all()

        def act() -> None:
            done = bulk.act_on_items(session, actor, now, trip.visit, cases, "passport", ItemAct.RECEIVE)
            assert (len(done.cases), done.left) == (2 * travellers, [])
            commit(session)

        return count_queries(act, beginning="SELECT")  # each thing and its event are written by themselves

    assert asked(12) == asked(3)


def test_pages_say_for_which_border_a_thing_counts_too(trip: Trip, client_as: Callable[..., Any]) -> None:
    item = trip.item("DE")
    address = f"/visits/{trip.visit.id}/visas/{item.case_id}"
    release()
    browser = client_as(Role.COORDINATOR)
    case, page = browser.get(address).text, browser.get(f"{address}/items/{item.id}").text
    assert case.count("то же для въезда: Турция") == 1
    assert "считается и для въезда: Турция" in page


def test_withdrawn_border_is_left_alone(session: Session, trip: Trip, actor: Actor, now: datetime) -> None:
    (row,) = crossing.crossings_of(session, trip.visit.id)
    german = trip.case("DE")
    crossing.drop_crossing(session, actor, now, trip.visit, row)
    recompute.recompute_visit(session, SYSTEM, now, trip.visit)
    items.receive_item(session, actor, now, trip.visit, trip.item("TR"))
    commit(session)
    assert german.state == CaseState.WITHDRAWN
    assert {item.state for item in german.items} == {"missing"}


@pytest.mark.parametrize("wrong", [{"scope": "delegation"}, {"sensitive": "health", "store": "flag_only"}])
def test_only_a_travellers_own_thing_is_shared(wrong: dict[str, Any]) -> None:
    plain = {"code": "thing", "title": {"ru": "Вещь", "en": "Thing"}, "kind": "original", "scope": "traveller",
             "required": True, "shared": True}  # fmt: skip
    assert Item.model_validate(plain).shared
    with pytest.raises(ValidationError, match="shared between borders"):
        Item.model_validate(plain | wrong)
