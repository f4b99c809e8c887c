"""Visa cases: who gets one, which routes are offered, how it goes on, what new facts change."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Conflict, Invalid, NotFound, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.knowledge.calendars import Unit, shift, working_calendar
from workflow.people.service import PassportData, add_passport, correct_person
from workflow.reminders.models import Reminder
from workflow.visas import items, opening, queries, recompute, service, steps
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import CaseAct, CaseState
from workflow.visas.service import HandItem, HandRoute
from workflow.visas.steps import Step
from workflow.visits.delegation import remove_member
from workflow.visits.rules import Dates
from workflow.visits.service import write_dates

NUMBER = "U12345678"


@pytest.fixture
def actor(make: Any) -> Actor:
    made: Actor = make.actor(Role.COORDINATOR)
    return made


def open_all(session: Session, now: datetime, visit: Any) -> list[VisaCase]:
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    return opening.load_cases(session, visit.id)


def passport(session: Session, now: datetime, person: Any, **values: Any) -> Any:
    data = {"country": "TR", "number": NUMBER, "issued_on": date(2022, 1, 1), "expires_on": date(2032, 1, 1),
            "biometric": True} | values  # fmt: skip
    made = add_passport(session, SYSTEM, now, person, PassportData(**data))
    commit(session)
    session.refresh(person)
    return made


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.kind.startswith("visas.")).order_by(Event.id)))


def item(case: VisaCase, code: str) -> ChecklistItem:
    return next(one for one in case.items if one.code == code)


@pytest.mark.parametrize(
    ("visit_facts", "citizenships", "border"),
    [
        ({}, ["TR"], ("inbound", "RU")),
        ({}, ["TR", "RU"], None),
        ({}, ["RU"], None),
        ({}, [], ("inbound", "RU")),
        ({"country": "RU"}, ["RU"], None),
        ({"country": "RU"}, ["TR"], None),
        ({"country": "RU"}, [], None),
        ({"country": ""}, ["GB"], ("inbound", "RU")),
        ({"country": ""}, [], None),
        ({"direction": "hosted"}, ["GR"], ("inbound", "RU")),
        ({"direction": "online"}, ["TR"], None),
        ({"direction": "outgoing", "country": "CN"}, ["RU"], ("outbound", "CN")),
        ({"direction": "outgoing", "country": "CN"}, ["CN"], None),
        ({"direction": "outgoing", "country": "RU"}, ["RU"], None),
    ],
)
def test_case_is_opened_only_for_who_crosses_a_border(
    session: Session, make: Any, now: datetime, visit_facts: dict[str, str], citizenships: list[str],
    border: tuple[str, str] | None,
) -> None:  # fmt: skip
    visit = make.visit(**visit_facts)
    make.member(visit, make.person(citizenships=citizenships))
    cases = open_all(session, now, visit)
    assert [(case.direction, case.destination) for case in cases] == ([border] if border else [])


def test_opening_again_opens_nothing_twice(session: Session, make: Any, now: datetime) -> None:
    visit = make.visit()
    make.member(visit)
    open_all(session, now, visit)
    assert opening.open_cases(session, SYSTEM, now, visit) == []
    assert len(open_all(session, now, visit)) == 1


def test_removed_member_loses_the_case_and_its_reminders(
    session: Session, make: Any, now: datetime, actor: Actor
) -> None:
    visit = make.visit()
    gone, stays = make.member(visit), make.member(visit)
    open_all(session, now, visit)
    remove_member(session, actor, now, visit, gone, "ill")
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert [case.member_id for case in opening.load_cases(session, visit.id)] == [stays.id]
    due = session.scalars(select(Reminder).where(Reminder.state == "pending")).all()
    assert [row.title_params["number"] for row in due] == [1]


def test_unknown_passport_is_asked_and_routes_wait_for_it(session: Session, make: Any, now: datetime) -> None:
    visit = make.visit()
    make.member(visit)
    (case,) = open_all(session, now, visit)
    view = queries.view_case(session, visit, case, now)
    assert (case.state, case.questions) == (CaseState.TO_CHOOSE, ["passport_type"])
    assert sorted(way.rule.id for way in view.answer.possible) == [
        "in.ru.evisa", "in.ru.ordinary.mvd-invitation", "in.ru.service-visa"]  # fmt: skip
    assert view.answer.routes == ()


def test_routes_stand_side_by_side_and_one_is_chosen(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit = make.visit()
    member = make.member(visit)
    passport(session, now, member.person)
    (case,) = open_all(session, now, visit)
    view = queries.view_case(session, visit, case, now)
    assert [way.rule.id for way in view.answer.routes] == ["in.ru.ordinary.mvd-invitation", "in.ru.evisa"]
    service.choose_route(session, actor, now, visit, case, "in.ru.evisa", version=case.lock_version)
    commit(session)
    assert (case.state, case.outcome, case.confirmed) == (CaseState.COLLECTING, "evisa", False)
    assert [one.code for one in case.items] == [
        "passport", "photo", "evisa_notice", "checkpoint", "insurance", "migration_registration"]  # fmt: skip
    assert item(case, "evisa_notice").due_on == visit.arrival - timedelta(days=3)
    assert item(case, "passport").due["anchor"] == "arrival"
    assert case.goes_off_on == visit.arrival - timedelta(days=14)
    assert [one["result"] for one in item(case, "passport").verdicts] == ["passed"]


def test_route_that_is_not_offered_is_refused(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit = make.visit()
    make.member(visit, make.person(citizenships=["GB"]))
    (case,) = open_all(session, now, visit)
    with pytest.raises(Invalid):
        service.choose_route(session, actor, now, visit, case, "in.ru.evisa")
    assert case.state == CaseState.TO_CHOOSE


def test_no_rule_becomes_a_question_with_a_due_day(session: Session, make: Any, now: datetime) -> None:
    visit = make.visit(direction="outgoing", country="US")
    make.member(visit, make.person(citizenships=["RU"]))
    (case,) = open_all(session, now, visit)
    assert (case.state, case.ask_due_on) == (CaseState.ASKED, date(2027, 3, 18))
    (due,) = session.scalars(select(Reminder)).all()
    assert (due.title_code, due.due_on, due.check_name) == ("visas.due-ask", date(2027, 3, 18), "visas.unchosen")
    assert due.title_params == {"number": 1, "country": {"ru": "США", "en": "United States"}}


def test_route_entered_by_hand_goes_on_marked_so(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit = make.visit(direction="outgoing", country="US")
    make.member(visit, make.person(citizenships=["RU"]))
    (case,) = open_all(session, now, visit)
    told = HandRoute("Виза B1 через Астану", "visa_required", "Консул США в Астане", date(2027, 3, 14),
                     items=(HandItem("Форма DS-160", due_on=date(2027, 4, 1)),))  # fmt: skip
    service.enter_route_by_hand(session, actor, now, visit, case, told)
    commit(session)
    session.refresh(case)
    assert (case.state, case.by_hand, case.confirmed) == (CaseState.COLLECTING, True, False)
    assert [(one.title_ru, one.due_on) for one in case.items] == [("Форма DS-160", date(2027, 4, 1))]
    live = select(Reminder.title_code, Reminder.due_on).where(Reminder.state == "pending").order_by(Reminder.title_code)
    sent_off = shift(visit.arrival, -10, Unit.WORKDAY, working_calendar("RU"))
    assert session.execute(live).all() == [("visas.due-item", date(2027, 4, 1)), ("visas.due-send", sent_off)]
    recompute.recompute_visit(session, SYSTEM, now, visit)
    assert case.goes_off_on == sent_off
    assert (case.state, case.alarm, case.by_hand) == (CaseState.COLLECTING, "", True)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"answered_by": " "}, "visas.who-answered"),
        ({"answered_on": date(2027, 3, 16)}, "visas.answered-in-future"),
        ({"title_ru": ""}, "base.required"),
        ({"outcome": "teleport"}, "base.not-a-choice"),
    ],
)
def test_route_by_hand_needs_its_source(
    session: Session, make: Any, now: datetime, actor: Actor, wrong: dict[str, Any], code: str
) -> None:
    visit = make.visit(direction="outgoing", country="US")
    make.member(visit, make.person(citizenships=["RU"]))
    (case,) = open_all(session, now, visit)
    facts = {"title_ru": "Виза", "outcome": "visa_required", "answered_by": "Консул", "answered_on": date(2027, 3, 1)}
    with pytest.raises(Invalid) as caught:
        service.enter_route_by_hand(session, actor, now, visit, case, HandRoute(**facts | wrong))
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.fixture
def collecting(session: Session, make: Any, now: datetime, actor: Actor) -> tuple[Any, VisaCase]:
    """A Turkish guest with a passport, on the way to an e-visa."""
    visit = make.visit()
    member = make.member(visit)
    passport(session, now, member.person)
    (case,) = open_all(session, now, visit)
    service.choose_route(session, actor, now, visit, case, "in.ru.evisa")
    commit(session)
    return visit, case


def test_evisa_goes_from_papers_to_issue(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    with pytest.raises(Conflict) as refused:
        steps.record_step(session, actor, now, visit, case, Step(CaseAct.CHECK))
    assert refused.value.params["items"]["en"] == "Passport scan; Digital photo; Border checkpoint on the e-visa list"
    for code in ("passport", "photo", "checkpoint"):
        items.verify_item(session, actor, now, visit, item(case, code))
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.CHECK))
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE, on=date(2027, 3, 15)))
    with pytest.raises(Conflict):
        steps.record_step(session, actor, now, visit, case, Step(CaseAct.APPLY))
    issued = Step(CaseAct.ISSUE, visa_number="998877665", valid_from=visit.arrival, valid_to=visit.departure)
    steps.record_step(session, actor, now, visit, case, issued)
    commit(session)
    assert (case.state, case.alarm, case.filed_on) == (CaseState.ISSUED, "", date(2027, 3, 15))
    assert kinds(session)[-3:] == ["visas.case.checked", "visas.case.filed", "visas.case.issued"]


@pytest.mark.parametrize("reviewed", [True, False])
def test_thing_that_fails_a_reviewed_check_is_not_verified(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase], *, reviewed: bool
) -> None:
    visit, case = collecting
    case.confirmed = reviewed
    commit(session)
    short = {"covers_from": visit.arrival, "covers_to": visit.departure - timedelta(days=1)}
    if reviewed:
        with pytest.raises(Conflict, match=r"visas\.check-fails"):
            items.verify_item(session, actor, now, visit, item(case, "evisa_notice"), document=short)
    else:  # nobody has reviewed the rule: a person who has looked knows better
        items.verify_item(session, actor, now, visit, item(case, "evisa_notice"), document=short)
    assert (item(case, "evisa_notice").state == "verified") is not reviewed


def test_steps_say_what_is_missing(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE))
    for step, code in (
        (Step(CaseAct.REFUSE), "visas.reason-missing"),
        (Step(CaseAct.ISSUE), "visas.validity-missing"),
        (Step(CaseAct.ISSUE, valid_from=visit.departure, valid_to=visit.arrival), "visas.validity-swapped"),
        (Step(CaseAct.REFUSE, reason="no", on=date(2027, 3, 16)), "visas.day-in-future"),
    ):
        with pytest.raises(Invalid) as caught:
            steps.record_step(session, actor, now, visit, case, step)
        assert [problem.code for problem in caught.value.problems] == [code]
    assert case.state == CaseState.FILED


def test_lost_race_is_told(session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]) -> None:
    visit, case = collecting
    seen = case.lock_version
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE), version=seen)
    commit(session)
    with pytest.raises(Stale):
        steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE), version=seen)


def test_visa_free_guest_is_settled_once_papers_are_checked(
    session: Session, make: Any, now: datetime, actor: Actor
) -> None:
    from workflow.visas.conditions import cases_settled, passports_valid, routes_chosen

    visit = make.visit(country="RS")
    member = make.member(visit, make.person(citizenships=["RS"]))
    passport(session, now, member.person, country="RS")
    (case,) = open_all(session, now, visit)

    def codes(check: Callable[..., Any]) -> list[str]:
        return [reason.code for reason in check(session, [visit.id], {})[visit.id]]

    assert (codes(routes_chosen), codes(cases_settled)) == (["visas.route-not-chosen"], ["visas.unsettled-to-choose"])
    service.choose_route(session, actor, now, visit, case, "in.ru.visa-free")
    for code in ("passport", "days_this_year"):
        items.verify_item(session, actor, now, visit, item(case, code))
    assert codes(cases_settled) == ["visas.unsettled-collecting"]
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.CHECK))
    commit(session)
    assert (codes(routes_chosen), codes(cases_settled), codes(passports_valid)) == ([], [], [])


def test_short_passport_is_a_reason_with_its_place(session: Session, make: Any, now: datetime) -> None:
    from workflow.visas.conditions import passports_valid

    visit = make.visit()
    member = make.member(visit)
    passport(session, now, member.person, expires_on=visit.departure - timedelta(days=1))
    other = make.visit(country="RU")
    (case,) = open_all(session, now, visit)
    found = passports_valid(session, [visit.id, other.id], {})
    assert [reason.code for reason in found[visit.id]] == ["visas.passport-too-short"]
    assert dict(found[visit.id][0].where.values) == {"visit_id": visit.id, "case_id": case.id}  # type: ignore[union-attr]
    assert found[other.id] == []


def test_new_dates_move_open_items_and_keep_finished_ones(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    items.verify_item(session, actor, now, visit, item(case, "photo"))
    commit(session)
    old = visit.arrival
    write_dates(session, actor, now, visit, Dates(old + timedelta(days=7), visit.departure + timedelta(days=7)))
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert item(case, "photo").state == "verified"
    assert item(case, "passport").due_on == old - timedelta(days=13)
    told = [(one["code"], one.get("item")) for one in change.changes]
    assert told[0] == ("visas.change-goes-off", None)
    assert ("visas.change-item-due", "passport") in told
    assert ("visas.change-item-due", "photo") not in told
    assert recompute.recompute_visit(session, SYSTEM, now, visit) == []


def test_longer_stay_breaks_the_route_and_says_so(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    from workflow.visas.conditions import cases_settled

    visit, case = collecting
    write_dates(session, actor, now, visit, Dates(visit.arrival, visit.arrival + timedelta(days=40)))
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert case.alarm == "visas.alarm-route-gone"
    assert [reason.code for reason in cases_settled(session, [visit.id], {})[visit.id]] == ["visas.alarm-route-gone"]
    write_dates(session, actor, now, visit, Dates(visit.arrival, visit.arrival + timedelta(days=4)))
    recompute.recompute_visit(session, SYSTEM, now, visit)
    assert case.alarm == ""


def test_issued_visa_that_no_longer_covers_is_told(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE))
    issued = Step(CaseAct.ISSUE, valid_from=visit.arrival, valid_to=visit.departure)
    steps.record_step(session, actor, now, visit, case, issued)
    write_dates(
        session, actor, now, visit, Dates(visit.arrival + timedelta(days=7), visit.departure + timedelta(days=7))
    )
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    assert change.changes[0] == {"code": "visas.alarm-visa-too-short"}


def test_verified_passport_reopens_when_its_check_fails(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    service.choose_route(session, actor, now, visit, case, "in.ru.ordinary.mvd-invitation")
    items.verify_item(session, actor, now, visit, item(case, "passport"))
    passport(session, now, case.member.person, expires_on=visit.departure + timedelta(days=10))
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert change.changes == [{"code": "visas.change-item-failed", "item": "passport"}]
    assert (item(case, "passport").state, item(case, "passport").reason) == ("rejected", "visas.check-expires-after")


def test_doubtful_check_of_a_verified_passport_is_told_and_it_stays_verified(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    items.verify_item(session, actor, now, visit, item(case, "passport"))
    passport(session, now, case.member.person, expires_on=visit.departure + timedelta(days=10))
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    assert change.changes == [{"code": "visas.change-item-doubtful", "item": "passport"}]
    assert item(case, "passport").state == "verified"


def test_new_citizenship_changes_the_routes(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit = make.visit()
    member = make.member(visit)
    passport(session, now, member.person)
    (case,) = open_all(session, now, visit)
    correct_person(session, actor, now, member.person, {"citizenships": ["GB"]})
    service.state_facts(session, actor, now, visit, case, {"passport_type": "ordinary"})
    (change,) = recompute.recompute_visit(session, SYSTEM, now, visit)
    assert change.changes == [{"code": "visas.change-options"}]
    assert [option["rule"] for option in case.options] == ["in.ru.ordinary.mvd-invitation"]


def test_passport_event_recomputes_the_visits_of_its_bearer(
    session: Session, make: Any, now: datetime, run_jobs: Callable[[], int]
) -> None:
    from workflow.base.jobs import enqueue

    visit = make.visit()
    member = make.member(visit)
    (case,) = open_all(session, now, visit)
    made = passport(session, now, member.person)
    enqueue(session, now, "visas.recompute", "test.1", {"subject_kind": "passport", "subject_id": made.id})
    commit(session)
    assert run_jobs() >= 1
    session.expire_all()
    assert [option["rule"] for option in case.options] == ["in.ru.ordinary.mvd-invitation", "in.ru.evisa"]


def test_paper_of_the_delegation_is_brought_once_for_all(
    session: Session, make: Any, now: datetime, actor: Actor
) -> None:
    visit = make.visit()
    for number in ("A1111111", "B2222222"):
        passport(session, now, make.member(visit).person, number=number)
    first, second = open_all(session, now, visit)
    assert service.choose_for_all(session, actor, now, visit, "in.ru.evisa") == (2, 0)
    items.verify_item(session, actor, now, visit, item(first, "checkpoint"))
    items.verify_item(session, actor, now, visit, item(first, "photo"))
    commit(session)
    assert (item(second, "checkpoint").state, item(second, "photo").state) == ("verified", "missing")


def test_items_need_reasons_and_right_states(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    photo = item(case, "photo")
    with pytest.raises(Conflict):
        items.reject_item(session, actor, now, visit, photo, "blurred")
    items.receive_item(session, actor, now, visit, photo)
    with pytest.raises(Invalid):
        items.reject_item(session, actor, now, visit, photo, " ")
    items.reject_item(session, actor, now, visit, photo, "blurred")
    items.waive_item(session, actor, now, visit, photo, "seen in person")
    commit(session)
    assert (photo.state, photo.reason, photo.acted_by) == ("waived", "seen in person", actor.account_id)
    with pytest.raises(Conflict):
        items.verify_item(session, actor, now, visit, photo)
    items.reopen_item(session, actor, now, visit, photo)
    assert (photo.state, photo.reason) == ("missing", "")


def test_insurance_is_judged_by_what_is_written_in_it(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit = make.visit(direction="outgoing", country="DE", place="Берлин")
    member = make.member(visit, make.person(citizenships=["RU"]))
    passport(session, now, member.person, country="RU")
    (case,) = open_all(session, now, visit)
    service.choose_route(session, actor, now, visit, case, "out.schengen.c")
    insurance = item(case, "insurance")
    document = {"covers_from": visit.arrival, "covers_to": visit.departure, "amount": 20000, "currency": "EUR"}
    items.receive_item(session, actor, now, visit, insurance, document=document)
    assert {one["rule"]: one["result"] for one in insurance.verdicts} == {
        "covers_stay": "passed", "min_amount": "failed"}  # fmt: skip
    items.verify_item(session, actor, now, visit, insurance, document=document | {"amount": 30000})
    commit(session)
    assert (insurance.state, {one["result"] for one in insurance.verdicts}) == ("verified", {"passed"})


def test_health_paper_never_takes_a_file(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    from workflow.base.files import Upload

    visit = make.visit(nights=100, country="GB")
    member = make.member(visit, make.person(citizenships=["GB"]))
    passport(session, now, member.person, country="GB")
    (case,) = open_all(session, now, visit)
    service.choose_route(session, actor, now, visit, case, "in.ru.ordinary.mvd-invitation")
    certificate = item(case, "hiv_certificate")
    with pytest.raises(Invalid):
        items.receive_item(session, actor, now, visit, certificate, upload=Upload("a.pdf", b"%PDF-1.7 x"))
    assert (certificate.flag_only, certificate.takes_file, certificate.file_id) == (True, False, None)


def test_cancelled_visit_has_no_due_things(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    from workflow.visits.rules import Standing
    from workflow.visits.service import write_standing

    visit, _case = collecting
    assert session.scalars(select(Reminder).where(Reminder.state == "pending")).all() != []
    write_standing(session, actor, now, visit, Standing.CANCELLED, reason="storm")
    recompute.sync_visit(session, now, visit)
    commit(session)
    assert session.scalars(select(Reminder).where(Reminder.state == "pending")).all() == []


def test_reminder_check_knows_what_is_still_due(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase]
) -> None:
    from workflow.base.reasons import DueSubject
    from workflow.visas.conditions import still_due

    visit, case = collecting
    subjects = [DueSubject(visit.id, f"item.{code}.in.ru.evisa", ("visit", visit.id)) for code in ("photo", "passport")]
    assert still_due(session, subjects, now) == [True, True]
    items.receive_item(session, actor, now, visit, item(case, "photo"))
    assert still_due(session, subjects, now) == [False, True]


def test_translators_and_strangers_find_no_case(
    session: Session, make: Any, now: datetime, collecting: tuple[Any, VisaCase]
) -> None:
    visit, case = collecting
    for other in (make.actor(Role.TRANSLATOR), make.actor(Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            queries.get_case(session, other, case.id)
        with pytest.raises(NotFound):
            queries.cases_of_visit(session, other, visit.id)
    assert queries.get_case(session, make.actor(Role.MANAGER), case.id).id == case.id


def test_no_passport_or_visa_number_in_events_jobs_and_reminders(
    session: Session, now: datetime, actor: Actor, collecting: tuple[Any, VisaCase], settings: Any
) -> None:
    from workflow.base.jobs import Job

    visit, case = collecting
    steps.record_step(session, actor, now, visit, case, Step(CaseAct.FILE))
    issued = Step(CaseAct.ISSUE, visa_number="998877665", valid_from=visit.arrival, valid_to=visit.departure)
    steps.record_step(session, actor, now, visit, case, issued)
    commit(session)
    written = [str(row.changes) + row.note for row in session.scalars(select(Event))]
    written += [str(row.payload) for row in session.scalars(select(Job))]
    written += [str(row.title_params) for row in session.scalars(select(Reminder))]
    assert [text for text in written if NUMBER in text or "998877665" in text] == []
    session.close()
    raw = b"".join(path.read_bytes() for path in settings.data_dir.glob("test.db*"))
    assert (NUMBER.encode() in raw, b"998877665" in raw) == (False, False)
