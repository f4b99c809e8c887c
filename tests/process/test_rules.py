"""The engine's decisions without a database."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.process.words import WORDS
from workflow.knowledge.calendars import working_calendar
from workflow.process.checking import load_definitions
from workflow.process.definitions import Condition, Definition
from workflow.process.rules import (
    ANSWERS,
    Action,
    Colour,
    OfficeCalendars,
    Standing,
    colour,
    draw,
    judge,
    moves,
    next_step,
    open_steps,
    plan,
)

PACKS = load_definitions(Path(__file__).parents[2] / "workflow" / "packs", WORDS)
INCOMING = PACKS["ru-municipal"]["incoming"]
RUSSIA, TURKEY = working_calendar("RU"), working_calendar("TR")
CALENDARS = OfficeCalendars(RUSSIA, TURKEY, working_calendar("RU", "TR"))


def check(name: str, **more: object) -> Condition:
    return Condition.model_validate({"check": f"visits.{name}", **more})


def due(planned: list, key: str) -> date:
    return next(item.due_on for item in planned if item.deadline.key == key)


def test_every_state_and_action_has_one_answer() -> None:
    assert set(ANSWERS) == {(standing, action) for standing in Standing for action in Action}


def test_next_step_is_the_one_that_leads_on() -> None:
    assert [step.key for step in open_steps(INCOMING, "ready")] == ["start", "back_to_preparation"]
    step = next_step(INCOMING, "ready")
    assert step is not None
    assert step.key == "start"
    assert next_step(INCOMING, "closed") is None


def test_all_reasons_of_all_checks_come_at_once() -> None:
    verdict = judge((check("a"), check("b"), check("c")), {"visits.a": ["x", "y"], "visits.b": [], "visits.c": ["z"]})
    assert not verdict.open
    assert [(found.condition.key, found.reasons) for found in verdict.blocking] == [
        ("visits.a", ("x", "y")), ("visits.c", ("z",)),
    ]


def test_any_is_met_by_one_and_lists_all_when_by_none() -> None:
    either = Condition(any=(check("a"), check("b")))
    assert judge((either,), {"visits.a": ["x"], "visits.b": []}).open
    verdict = judge((either,), {"visits.a": ["x"], "visits.b": ["y"]})
    assert [found.reasons for found in verdict.blocking] == [("x",), ("y",)]


def test_not_is_met_by_what_is_unmet() -> None:
    never = Condition.model_validate({"not": {"check": "visits.a"}})
    assert judge((never,), {"visits.a": ["x"]}).open
    verdict = judge((never,), {"visits.a": []})
    assert not verdict.open
    assert [(found.condition.key, found.negated) for found in verdict.blocking] == [("visits.a", True)]


def test_overridden_check_lets_the_step_be_taken_and_stays_listed() -> None:
    verdict = judge((check("a"), check("b")), {"visits.a": ["x"], "visits.b": []}, frozenset({"visits.a"}))
    assert verdict.open
    assert verdict.blocking == ()
    assert [found.condition.key for found in verdict.overridden] == ["visits.a"]


def test_overridden_check_that_has_come_true_is_no_longer_listed() -> None:
    verdict = judge((check("a"),), {"visits.a": []}, frozenset({"visits.a"}))
    assert verdict.findings == ()


@pytest.mark.parametrize("how", [{"law": True}, {"overridable": False}])
def test_law_and_fixed_checks_cannot_be_overridden(how: dict[str, bool]) -> None:
    verdict = judge((check("a", **how),), {"visits.a": ["x"]}, frozenset({"visits.a"}))
    assert not verdict.open
    assert [found.condition.key for found in verdict.blocking] == ["visits.a"]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_step_is_open_exactly_when_each_check_is_met_or_overridden(facts: list[tuple[bool, bool]]) -> None:
    conditions = tuple(check(f"c_{index}".replace("0", "z").translate(str.maketrans("12345", "abcde")))
                       for index, _ in enumerate(facts))
    answers = {item.key: [] if met else ["x"] for item, (met, _) in zip(conditions, facts, strict=True)}
    passed = frozenset(item.key for item, (_, over) in zip(conditions, facts, strict=True) if over)
    verdict = judge(conditions, answers, passed)
    assert verdict.open == all(met or over for met, over in facts)
    assert len(verdict.findings) == sum(not met for met, _ in facts)


@pytest.mark.parametrize(
    ("met", "late", "days_left", "expected"),
    [
        (True, 0, 30, Colour.GREEN),
        (False, 0, 30, Colour.AMBER),
        (False, 0, None, Colour.AMBER),
        (False, 0, 2, Colour.RED),
        (True, 1, 30, Colour.RED),
    ],
)
def test_colour_of_a_visit(met: bool, late: int, days_left: int | None, expected: Colour) -> None:
    verdict = judge((check("a"),), {"visits.a": [] if met else ["x"]})
    assert colour(verdict, late=late, days_left=days_left) == expected


def test_visit_that_only_waits_for_its_day_is_green_and_an_overridden_one_red() -> None:
    waiting = judge((check("arrived", waiting=True),), {"visits.arrived": ["x"]})
    assert colour(waiting, late=0, days_left=1) == Colour.GREEN
    over = judge((check("a"),), {"visits.a": ["x"]}, frozenset({"visits.a"}))
    assert colour(over, late=0, days_left=60) == Colour.RED


def test_back_plan_counts_working_days_of_the_named_calendars() -> None:
    planned = plan(INCOMING, {"arrival": date(2026, 6, 15), "departure": date(2026, 6, 18)}, CALENDARS)
    # 12 June is a holiday in Russia: three working days after Thursday 18 June are Friday, Monday, Tuesday.
    assert due(planned, "report") == date(2026, 6, 23)
    # five working days before Monday 15 June, across the holiday: 11, 10, 9, 8, 5
    assert due(planned, "translations") == date(2026, 6, 5)
    # 21 days before is Monday 25 May; 10 days before is Friday 5 June
    assert due(planned, "composition") == date(2026, 5, 25)
    assert due(planned, "order") == date(2026, 6, 5)


def test_day_off_is_rolled_back_before_the_visit_and_on_after_it() -> None:
    planned = plan(INCOMING, {"arrival": date(2026, 6, 16), "departure": date(2026, 6, 18)}, CALENDARS)
    assert due(planned, "order") == date(2026, 6, 5)  # 6 June is a Saturday
    assert due(planned, "outcomes") == date(2026, 7, 20)  # 18 July is a Saturday


def test_what_needs_both_sides_falls_on_a_day_on_which_both_work() -> None:
    # 21 days before 18 June is 28 May 2026: the Feast of the Sacrifice in Turkey, an ordinary Thursday in Russia
    planned = plan(INCOMING, {"arrival": date(2026, 6, 18)}, CALENDARS)
    assert RUSSIA.is_working(date(2026, 5, 28))
    assert not TURKEY.is_working(date(2026, 5, 28))
    assert due(planned, "composition") < date(2026, 5, 28)


def test_deadline_without_its_anchor_is_not_planned() -> None:
    assert plan(INCOMING, {}, CALENDARS) == []
    keys = {item.deadline.key for item in plan(INCOMING, {"entered:invited": date(2026, 6, 1)}, CALENDARS)}
    assert keys == {"invitation-sent", "answer"}


def test_short_notice_is_due_the_working_day_after_opening_and_marked() -> None:
    planned = plan(INCOMING, {"arrival": date(2026, 6, 18)}, CALENDARS, opened_on=date(2026, 6, 5))
    order = next(item for item in planned if item.deadline.key == "composition")
    assert (order.due_on, order.short_notice) == (date(2026, 6, 8), True)
    assert order.ideal_on < date(2026, 5, 28)


def test_changed_dates_list_exactly_what_moves() -> None:
    before = plan(INCOMING, {"arrival": date(2026, 6, 15), "departure": date(2026, 6, 18)}, CALENDARS)
    after = plan(INCOMING, {"arrival": date(2026, 6, 15), "departure": date(2026, 6, 19)}, CALENDARS)
    found = {move.deadline.key: (move.before, move.after) for move in moves(before, after)}
    assert found == {
        "report": (date(2026, 6, 23), date(2026, 6, 24)),
        "journal": (date(2026, 6, 25), date(2026, 6, 26)),
    }


@pytest.mark.parametrize("definition", [item for pack in PACKS.values() for item in pack.values()])
def test_drawing_shows_every_stage_and_step(definition: Definition) -> None:
    drawn = draw(definition, definition.start.key, "ru")
    lines = [line.strip() for line in drawn.splitlines()]
    assert lines[0] == "stateDiagram-v2"
    for stage in definition.stages:
        assert f'state "{stage.title.ru}" as {stage.key}' in lines
    for step in definition.steps:
        for name in step.from_:
            assert f"{name} --> {step.to} : {step.title.ru}" in lines
    assert f"class {definition.start.key} here" in lines
