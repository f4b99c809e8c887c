"""How visits stand, asked of many at once; the opening of visits as copies and as they are."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.process.conftest import ARRIVAL, DEPARTURE, Facts
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Forbidden, Invalid
from workflow.base.reasons import DueSubject
from workflow.base.unit_of_work import commit
from workflow.process.conditions import deadline_outstanding, stage_reached
from workflow.process.deadlines import Planner, sync_deadlines
from workflow.process.opening import copy_last_visit, enter_visit
from workflow.process.readiness import readiness
from workflow.process.rules import Colour
from workflow.process.service import advance_visit, postpone_visit
from workflow.reminders.queries import due_things
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Direction, Standing
from workflow.visits.service import VisitData

Open = Callable[..., Visit]


def queries(session: Session, work: Callable[[], Any]) -> int:
    """Count the statements that *work* needs."""
    statements: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    session.expire_all()
    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    return len(statements)


def test_readiness_of_many_visits_asks_as_often_as_of_one(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts, make: Any
) -> None:
    officer = make.account(Role.COORDINATOR).id
    ids = [open_one(stage, responsible_id=officer).id for stage in ("preparing", "opened")]
    few = queries(session, lambda: readiness(session, ids, coordinator, now))
    facts.asked.clear()
    readiness(session, ids, coordinator, now)
    asked_few = sorted(facts.asked)
    ids += [open_one(stage, responsible_id=officer).id for stage in ("preparing", "opened") for _ in range(12)]
    assert queries(session, lambda: readiness(session, ids, coordinator, now)) == few
    facts.asked.clear()
    found = readiness(session, ids, coordinator, now)
    assert (len(found), sorted(facts.asked)) == (26, asked_few)


def test_deadlines_of_many_visits_are_planned_with_as_many_queries_as_of_one(
    session: Session, now: datetime, open_one: Open, make: Any
) -> None:
    officer = make.account(Role.COORDINATOR).id
    ids = [open_one("preparing", responsible_id=officer).id]
    few = queries(session, lambda: sync_deadlines(session, now, ids))
    ids += [open_one("preparing", responsible_id=officer).id for _ in range(9)]
    assert queries(session, lambda: sync_deadlines(session, now, ids)) == few


def test_visit_is_green_when_nothing_is_missing_amber_with_time_and_red_without(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")

    def how(moment: datetime) -> tuple[Colour, bool]:
        view = readiness(session, [visit.id], coordinator, moment)[visit.id]
        return view.colour, view.blocked

    assert how(now) == (Colour.GREEN, False)
    facts.of_visit[visit.id] = {"visits.basis_linked", "visits.head_named"}
    assert how(now) == (Colour.AMBER, True)
    assert how(datetime(2027, 5, 15, 9, tzinfo=now.tzinfo)) == (Colour.RED, True)


def test_late_thing_turns_a_visit_red(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("invited")
    facts.unmet |= {"invitations.answer_recorded", "papers.paper_sent"}
    later = now + timedelta(days=20)
    view = readiness(session, [visit.id], coordinator, later)[visit.id]
    assert (view.late, view.colour) == (2, Colour.RED)
    facts.unmet.clear()
    assert readiness(session, [visit.id], coordinator, later)[visit.id].late == 0


def test_visit_under_way_with_its_report_still_in_time_is_not_red(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("debrief")
    facts.unmet |= {"outcomes.report_filed"}
    day_after = datetime(2027, 5, 21, 9, tzinfo=now.tzinfo)
    assert readiness(session, [visit.id], coordinator, day_after)[visit.id].colour == Colour.AMBER
    facts.unmet.clear()
    assert readiness(session, [visit.id], coordinator, day_after)[visit.id].colour == Colour.GREEN


def test_postponed_visit_says_what_is_missing_but_is_never_late(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named"}
    postpone_visit(session, coordinator, now, visit.id, reason="причина")
    commit(session)
    view = readiness(session, [visit.id], coordinator, now + timedelta(days=61))[visit.id]
    assert (view.standing, view.late, view.colour) == (Standing.POSTPONED, 0, Colour.AMBER)


def test_anothers_visit_is_left_out(session: Session, now: datetime, open_one: Open, make: Any) -> None:
    visit = open_one()
    translator = make.actor(Role.TRANSLATOR, account=make.account(Role.TRANSLATOR))
    assert readiness(session, [visit.id], translator, now) == {}


def test_visit_of_an_unknown_process_is_left_out_and_hurts_nobody(
    session: Session, now: datetime, open_one: Open, coordinator: Actor
) -> None:
    good, strange = open_one(), open_one()
    strange.stage = "requested"
    commit(session)
    assert set(readiness(session, [good.id, strange.id], coordinator, now)) == {good.id}
    sync_deadlines(session, now, [strange.id])
    assert stage_reached(session, [strange.id], {"stage": "ready"}) == {}


def test_stage_reached_is_the_stage_or_a_later_one(session: Session, now: datetime, open_one: Open) -> None:
    early, there, later = open_one("preparing"), open_one("ready"), open_one("debrief")
    found = stage_reached(session, [early.id, there.id, later.id], {"stage": "ready"})
    assert set(found) == {early.id}
    assert found[early.id][0].where is not None


def test_deadline_is_outstanding_until_it_is_done_the_visit_ends_or_its_stage_is_not_reached(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    subject = ("visit", visit.id)
    asked = [DueSubject(visit.id, key, subject) for key in ("ready", "order", "report", "no-such-deadline")]
    facts.unmet |= {"papers.paper_signed", "outcomes.report_filed"}
    assert list(deadline_outstanding(session, asked, now)) == [True, True, False, False]
    facts.unmet -= {"papers.paper_signed"}
    assert list(deadline_outstanding(session, asked, now)) == [True, False, False, False]
    postpone_visit(session, coordinator, now, visit.id, reason="причина")
    assert list(deadline_outstanding(session, asked, now)) == [False] * 4


def test_step_done_late_is_no_longer_on_the_desk(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visas.cases_settled"}
    day_before = datetime(2027, 5, 14, 9, tzinfo=now.tzinfo)
    late = [thing.title.params["title"]["en"] for thing in due_things(session, coordinator, day_before)]
    assert late == ["Have every visa case settled", "Confirm that all is ready"]
    facts.unmet.clear()
    advance_visit(session, coordinator, day_before, visit.id, "confirm_ready")
    commit(session)
    assert due_things(session, coordinator, day_before) == []


def test_plan_of_a_visit_tells_countries_whose_days_are_not_known_yet(session: Session, open_one: Open) -> None:
    visit = open_one()
    plan = Planner.of(session, [visit]).plan(visit)
    assert {item.uncertain for item in plan} == {("RU",)}  # the decree for 2027 is not out when these data were made
    assert {item.calendars for item in plan} == {("RU",), ("RU", "TR")}


def test_copy_of_last_years_visit_is_open_with_new_dates_and_deadlines(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, facts: Facts
) -> None:
    facts.unmet |= {"visits.composition_closed", "programme.items_planned", "programme.interpreters_named",
                    "translations.assignments_released"}
    source = open_one("closed", responsible_id=coordinator.account_id)
    dates = Dates(ARRIVAL + timedelta(days=364), DEPARTURE + timedelta(days=364))
    made = copy_last_visit(session, coordinator, now, source.id, dates)
    commit(session)
    assert (made.stage, made.standing, made.copied_from_id) == ("opened", Standing.LIVE, source.id)
    assert (made.arrival, made.title_ru, made.responsible_id) == (
        dates.arrival, source.title_ru, coordinator.account_id)
    assert [thing.due_on.year for thing in due_things(session, coordinator, now, visit_id=made.id)] == [2028] * 5


def test_copying_into_the_past_and_by_a_translator(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, make: Any
) -> None:
    source = open_one()
    with pytest.raises(Invalid, match=r"process\.dates-past"):
        copy_last_visit(session, coordinator, now, source.id, Dates(date(2027, 3, 1), date(2027, 3, 2)))
    translator = make.actor(Role.TRANSLATOR, account=make.account(Role.TRANSLATOR))
    with pytest.raises(Forbidden):
        copy_last_visit(session, translator, now, source.id, Dates(ARRIVAL, DEPARTURE))


def test_history_is_entered_closed_without_reminders(
    session: Session, now: datetime, published: None, coordinator: Actor
) -> None:
    data = VisitData(title_ru="Визит 2018 года", direction=Direction.INCOMING, standing=Standing.CLOSED,
                     dates=Dates(date(2018, 3, 1), date(2018, 3, 1)), dates_text="2018-03")
    visit = enter_visit(session, SYSTEM, now, data, "incoming", stage="closed")
    commit(session)
    view = readiness(session, [visit.id], coordinator, now)[visit.id]
    assert (view.next, view.late, view.colour, view.blocked) == (None, 0, Colour.GREEN, False)
    assert due_things(session, coordinator, now, visit_id=visit.id) == []


def test_unknown_process_or_stage_is_named(session: Session, now: datetime, published: None) -> None:
    data = VisitData(title_ru="Визит", direction=Direction.INCOMING)
    with pytest.raises(Invalid, match=r"process\.no-such-process"):
        enter_visit(session, SYSTEM, now, data, "parade")
    with pytest.raises(Invalid, match=r"process\.no-such-stage"):
        enter_visit(session, SYSTEM, now, data, "incoming", stage="parade")


