"""Who has a case in hand, the appointment, and one act for many travellers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import bulk, holding, opening, service, steps
from workflow.visas.matrix import matrix_of
from workflow.visas.models import VisaCase
from workflow.visas.opening import load_cases
from workflow.visas.rules import CaseAct, Holder, ItemAct, slack_days

ROUTE = "in.ru.ordinary.mvd-invitation"


@pytest.fixture
def actor(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR)
    return given


@pytest.fixture
def visit(session: Session, make: Any, now: datetime, actor: Actor) -> Any:
    """Three Britons on ordinary passports, each with the invitation route and its checklist."""
    made = make.visit(country="GB")
    made.visa_purpose = "official"
    for number in range(3):
        person = make.person(citizenships=["GB"], latin_family=f"SPECIMEN{'ABC'[number]}")
        add_passport(session, SYSTEM, now, person, PassportData("GB", f"55500000{number}", expires_on=date(2040, 1, 1)))
        make.member(made, person)
    opening.open_cases(session, SYSTEM, now, made)
    service.choose_for_all(session, actor, now, made, ROUTE)
    commit(session)
    return made


def test_case_goes_from_hand_to_hand_by_its_steps(session: Session, visit: Any, now: datetime, actor: Actor) -> None:
    case = load_cases(session, visit.id)[0]
    assert (case.held_by, case.held_since) == (Holder.GUEST, now.date())
    for act, holder in ((CaseAct.FILE, Holder.AUTHORITY), (CaseAct.INVITATION, Holder.GUEST),
                        (CaseAct.APPLY, Holder.CONSULATE)):  # fmt: skip
        steps.record_step(session, actor, now, visit, case, steps.Step(act))
        assert case.held_by == holder


def test_person_says_who_has_it_and_history_keeps_it(session: Session, visit: Any, now: datetime, actor: Actor) -> None:
    case = load_cases(session, visit.id)[0]
    holding.pass_on(session, actor, now, visit, case, Holder.ASSOCIATION, since=now.date() - timedelta(days=4),
                    note="Ассоциация, исх. 77")  # fmt: skip
    commit(session)
    event = session.scalars(select(Event).where(Event.kind == "visas.case.handed")).one()
    assert event.changes["held_by"] == ["guest", "association"]
    waiting = matrix_of(session, visit.id, now.date()).waiting
    assert {one.holder: len(one.lines) for one in waiting} == {Holder.ASSOCIATION: 1, Holder.GUEST: 2}
    assert next(one.since for one in waiting if one.holder == Holder.ASSOCIATION) == now.date() - timedelta(days=4)


def test_day_ahead_is_refused(session: Session, visit: Any, now: datetime, actor: Actor) -> None:
    case = load_cases(session, visit.id)[0]
    with pytest.raises(Invalid) as refused:
        holding.pass_on(session, actor, now, visit, case, Holder.PARTNER, since=now.date() + timedelta(days=1))
    assert (refused.value.field, refused.value.code) == ("since", "visas.day-in-future")


@pytest.mark.parametrize(("told", "field"), [
    (holding.Appointment(None, "10:00"), "appointment_on"),
    (holding.Appointment(date(2027, 1, 1), "25:00"), "appointment_at"),
    (holding.Appointment(date(2099, 1, 1)), "appointment_on"),
])  # fmt: skip
def test_impossible_appointment_is_refused_beside_its_field(
    session: Session, visit: Any, now: datetime, actor: Actor, told: holding.Appointment, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        holding.set_appointment(session, actor, now, visit, load_cases(session, visit.id)[0], told)
    assert refused.value.field == field


def test_one_act_for_many_does_what_fits_and_tells_the_rest(
    session: Session, visit: Any, now: datetime, actor: Actor
) -> None:
    cases = load_cases(session, visit.id)
    code = next(item.code for item in cases[0].items if item.scope == "traveller" and item.code == "passport")
    bulk.act_on_items(session, actor, now, visit, [cases[0].id], code, ItemAct.VERIFY)
    done = bulk.act_on_items(session, actor, now, visit, [case.id for case in cases], code, ItemAct.RECEIVE)
    assert [case.id for case in done.cases] == [case.id for case in cases[1:]]
    assert [(left.case.id, left.error.code) for left in done.left] == [(cases[0].id, "visas.item-not-now")]
    with pytest.raises(Invalid):
        bulk.act_on_items(session, actor, now, visit, [], code, ItemAct.RECEIVE)
    with pytest.raises(Invalid):
        bulk.act_on_items(session, actor, now, visit, [cases[0].id], code, ItemAct.WAIVE)


def test_case_of_another_visit_is_never_touched(
    session: Session, visit: Any, make: Any, now: datetime, actor: Actor
) -> None:
    other = make.visit()
    foreign = load_cases(session, visit.id)[0]
    with pytest.raises(Invalid):
        bulk.hand_over(session, actor, now, other, [foreign.id], Holder.CONSULATE)
    assert foreign.held_by == Holder.GUEST


def test_ended_case_is_in_nobodys_hands(session: Session, visit: Any, now: datetime, actor: Actor) -> None:
    case = load_cases(session, visit.id)[0]
    steps.record_step(session, actor, now, visit, case, steps.Step(CaseAct.NOT_NEEDED, reason="вид на жительство"))
    with pytest.raises(Conflict):
        holding.pass_on(session, actor, now, visit, case, Holder.GUEST)
    waiting = matrix_of(session, visit.id, now.date()).waiting
    assert case.id not in [line.case.id for one in waiting for line in one.lines]


def test_page_ticks_and_hands_over(session: Session, visit: Any, client_as: Callable[..., Any], make: Any) -> None:
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    ids = [case.id for case in load_cases(session, visit.id)]
    session.rollback()
    answer = browser.post(f"/visits/{visit.id}/visas/together", {"case_ids": ids[:2], "what": "hand:consulate"})
    assert answer.status_code == 303
    page = browser.get(f"/visits/{visit.id}/visas").get_data(as_text=True)
    assert "Done for travellers: 2. Left out: 0." in page
    held = session.scalars(select(VisaCase.held_by).order_by(VisaCase.id)).all()
    assert held == ["consulate", "consulate", "guest"]
    session.rollback()
    wrong = browser.post(f"/visits/{visit.id}/visas/together", {"case_ids": ids, "what": "hand:nobody"})
    assert wrong.status_code == 422


def test_slack_is_counted_while_papers_have_not_gone() -> None:
    day = date(2030, 5, 10)
    assert slack_days(day, date(2030, 5, 7), state="collecting") == 3
    assert slack_days(day, date(2030, 5, 12), state="collecting") == -2
    assert slack_days(day, date(2030, 5, 7), state="applied") is None
