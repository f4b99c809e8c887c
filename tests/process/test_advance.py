"""Advancing a visit: every reason at once, overrides by a manager only and never of law, versions, reactions."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.process.conftest import Facts
from workflow.base import clock
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit, rollback
from workflow.process.models import ConditionOverride
from workflow.process.readiness import readiness
from workflow.process.rules import ANSWERS, Action, Colour
from workflow.process.service import (
    advance_visit,
    cancel_visit,
    change_dates,
    postpone_visit,
    resume_visit,
)
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Standing
from workflow.visits.service import write_standing

Open = Callable[..., Visit]


def again(session: Session, visit: Visit) -> Visit:
    session.expire_all()
    return session.get_one(Visit, visit.id)


def test_step_moves_the_stage_and_starts_its_reactions_once(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, jobs_of: Callable
) -> None:
    visit = open_one()
    advance_visit(session, coordinator, now, visit.id, "invite", visit.lock_version)
    commit(session)
    assert again(session, visit).stage == "invited"
    drafts = [kind for kind, _ in jobs_of(visit.id) if kind == "invitations.draft_invitation"]
    assert drafts == ["invitations.draft_invitation"]
    entered = session.scalars(select(Event).where(Event.kind == "process.stage.entered")).one()
    assert entered.changes == {"stage": ["opened", "invited"], "step": [None, "invite"]}
    assert entered.account_id == coordinator.account_id


def test_refusal_lists_every_reason_with_its_place_and_changes_nothing(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts, jobs_of: Callable
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named", "visas.cases_settled", "papers.paper_signed"}
    before = jobs_of(visit.id)
    with pytest.raises(Refused) as caught:
        advance_visit(session, coordinator, now, visit.id, "confirm_ready", visit.lock_version)
    rollback(session)
    assert [(reason.code, dict(reason.params)) for reason in caught.value.reasons] == [
        ("visits.no-dates", {}), ("visits.no-dates", {"kind": "order-receiving"}),
    ]
    assert all(reason.where is not None for reason in caught.value.reasons)
    assert (again(session, visit).stage, jobs_of(visit.id)) == ("preparing", before)


def test_two_who_advance_at_once_make_one_step(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    visit = open_one()
    seen = visit.lock_version
    advance_visit(session, coordinator, now, visit.id, "invite", seen)
    commit(session)
    with pytest.raises(Stale) as caught:
        advance_visit(session, coordinator, now, visit.id, "invite", seen)
    assert caught.value.current["stage"] == "invited"


def test_step_from_another_stage_and_a_step_that_is_not_there(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    visit = open_one()
    with pytest.raises(Conflict, match=r"process\.step-not-open"):
        advance_visit(session, coordinator, now, visit.id, "close")
    with pytest.raises(Invalid, match=r"process\.no-such-step"):
        advance_visit(session, coordinator, now, visit.id, "dance")


def test_translator_does_not_even_see_the_visit(session: Session, now: datetime, open_one: Open, make: object) -> None:
    visit = open_one()
    translator = make.actor(Role.TRANSLATOR, account=make.account(Role.TRANSLATOR))  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        advance_visit(session, translator, now, visit.id, "invite")


def test_manager_goes_past_named_conditions_and_they_stay_red_until_met(
    session: Session, now: datetime, open_one: Open, manager: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named", "papers.paper_signed"}
    given = {"visits.head_named": "Глава назовёт себя на месте", "papers.paper_signed(kind=order-receiving)": "Завтра"}
    advance_visit(session, manager, now, visit.id, "confirm_ready", visit.lock_version, overrides=given)
    commit(session)
    assert again(session, visit).stage == "ready"
    rows = session.scalars(select(ConditionOverride).order_by(ConditionOverride.id)).all()
    assert [(row.condition_key, row.reason, row.account_id, row.at) for row in rows] == [
        ("visits.head_named", "Глава назовёт себя на месте", manager.account_id, now),
        ("papers.paper_signed(kind=order-receiving)", "Завтра", manager.account_id, now),
    ]
    view = readiness(session, [visit.id], manager, now)[visit.id]
    assert ([item.condition.key for item in view.passed], view.colour) == (list(given), Colour.RED)
    facts.unmet.clear()
    view = readiness(session, [visit.id], manager, now)[visit.id]
    assert (view.passed, view.colour) == ((), Colour.GREEN)


def test_going_past_one_of_two_is_not_enough(
    session: Session, now: datetime, open_one: Open, manager: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named", "visits.composition_closed"}
    with pytest.raises(Refused) as caught:
        advance_visit(session, manager, now, visit.id, "confirm_ready", overrides={"visits.head_named": "причина"})
    assert len(caught.value.reasons) == 1
    rollback(session)
    assert session.scalars(select(ConditionOverride)).all() == []


def test_law_is_never_overridden(
    session: Session, now: datetime, open_one: Open, manager: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visas.cases_settled"}
    with pytest.raises(Forbidden, match=r"process\.override-law"):
        advance_visit(session, manager, now, visit.id, "confirm_ready", overrides={"visas.cases_settled": "очень надо"})
    rollback(session)
    assert again(session, visit).stage == "preparing"


@pytest.mark.parametrize(
    ("overrides", "error", "code"),
    [
        ({"visits.head_named": "  "}, Invalid, "process.override-reason-missing"),
        ({"visits.moon_full": "причина"}, Invalid, "process.override-unknown"),
    ],
)
def test_override_needs_a_reason_and_a_condition_of_the_step(
    session: Session, now: datetime, open_one: Open, manager: Actor, facts: Facts, overrides: dict[str, str],
    error: type[Exception], code: str,
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named"}
    with pytest.raises(error) as caught:
        advance_visit(session, manager, now, visit.id, "confirm_ready", overrides=overrides)
    assert caught.value.code == code  # type: ignore[attr-defined]


def test_coordinator_may_not_override(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named"}
    with pytest.raises(Forbidden, match=r"process\.override-not-yours"):
        advance_visit(session, coordinator, now, visit.id, "confirm_ready", overrides={"visits.head_named": "причина"})


def test_fixed_condition_is_not_overridden(
    session: Session, now: datetime, open_one: Open, manager: Actor, facts: Facts
) -> None:
    visit = open_one("ready")
    facts.unmet |= {"visits.arrived"}
    with pytest.raises(Forbidden, match=r"process\.override-fixed"):
        advance_visit(session, manager, now, visit.id, "start", overrides={"visits.arrived": "почти приехали"})


def test_going_back_needs_a_reason_and_keeps_it(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    visit = open_one("ready")
    with pytest.raises(Invalid, match=r"process\.reason-missing"):
        advance_visit(session, coordinator, now, visit.id, "back_to_preparation")
    rollback(session)
    advance_visit(session, coordinator, now, visit.id, "back_to_preparation", reason="Сменился глава делегации")
    commit(session)
    event = session.scalars(select(Event).where(Event.kind == "process.stage.entered")).one()
    assert (again(session, visit).stage, event.note) == ("preparing", "Сменился глава делегации")


def test_entering_a_stage_again_starts_its_reactions_again(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, jobs_of: Callable
) -> None:
    visit = open_one("preparing")
    for step, reason in (("confirm_ready", ""), ("back_to_preparation", "ещё раз"), ("confirm_ready", ""),
                         ("back_to_preparation", "и ещё")):
        advance_visit(session, coordinator, now, visit.id, step, reason=reason)
        commit(session)
    assert [kind for kind, _ in jobs_of(visit.id) if kind == "visas.open_cases"] == ["visas.open_cases"] * 2


def test_visit_goes_from_first_stage_to_closed_and_a_manager_reopens_it(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, manager: Actor
) -> None:
    visit = open_one()
    for step in ("invite", "prepare", "confirm_ready", "start", "finish", "follow_up", "close"):
        advance_visit(session, coordinator, now, visit.id, step)
        commit(session)
    closed = again(session, visit)
    assert (closed.stage, closed.standing, closed.closed_at) == ("closed", Standing.CLOSED, now)
    with pytest.raises(Forbidden, match=r"process\.step-not-yours"):
        advance_visit(session, coordinator, now, visit.id, "reopen", reason="забыли")
    rollback(session)
    advance_visit(session, manager, now, visit.id, "reopen", reason="забыли о памятнике")
    commit(session)
    reopened = again(session, visit)
    assert (reopened.stage, reopened.standing, reopened.closed_at) == ("follow_up", Standing.LIVE, None)


def test_courtesy_call_is_closed_in_two_steps(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    visit = open_one(process="courtesy-call")
    advance_visit(session, coordinator, now, visit.id, "hold")
    advance_visit(session, coordinator, now, visit.id, "close")
    commit(session)
    assert again(session, visit).standing == Standing.CLOSED


ACTS = {
    Action.ADVANCE: lambda s, a, n, v: advance_visit(s, a, n, v.id, "reopen" if v.stage == "closed" else "invite",
                                                     reason="причина"),
    Action.CANCEL: lambda s, a, n, v: cancel_visit(s, a, n, v.id, reason="причина"),
    Action.POSTPONE: lambda s, a, n, v: postpone_visit(s, a, n, v.id, reason="причина"),
    Action.RESUME: lambda s, a, n, v: resume_visit(s, a, n, v.id),
    Action.CHANGE_DATES: lambda s, a, n, v: change_dates(
        s, a, n, v.id, dates=Dates(n.date() + timedelta(days=90), n.date() + timedelta(days=92))),
}


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("action", list(ACTS))
def test_every_standing_and_action_has_one_answer(
    session: Session, now: datetime, open_one: Open, manager: Actor, standing: Standing, action: Action
) -> None:
    visit = open_one("closed" if standing is Standing.CLOSED else None)
    if standing is not Standing.LIVE:
        write_standing(session, manager, now, visit, standing, reason="для проверки")
        commit(session)
    expected = ANSWERS[(standing, action)]
    before = (visit.stage, visit.standing, visit.arrival)
    if expected is None:
        ACTS[action](session, manager, now, visit)
        commit(session)
        changed = again(session, visit)
        assert (changed.stage, changed.standing, changed.arrival) != before
    else:
        with pytest.raises(Conflict) as caught:
            ACTS[action](session, manager, now, visit)
        rollback(session)
        same = again(session, visit)
        assert (caught.value.code, (same.stage, same.standing, same.arrival)) == (expected, before)


def test_clock_of_a_step_is_the_one_given(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    visit = open_one()
    later = now + timedelta(hours=3)
    clock.advance_frozen(timedelta(hours=5))
    advance_visit(session, coordinator, later, visit.id, "invite")
    commit(session)
    assert again(session, visit).stage_entered_at == later
