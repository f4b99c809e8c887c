"""What people do with a visa case without a route, or for another one: answer, choose, enter by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Invalid, Problem
from workflow.base.events import changed, record
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.stays import Span
from workflow.knowledge.visa_routes import Route
from workflow.visas.due import sync_visit
from workflow.visas.holding import follow_act
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.opening import load_cases, open_cases
from workflow.visas.passports import RULE_PASSPORTS
from workflow.visas.reckoning import Rulebook, answer_for, bring_up_to_date, goes_off_by_hand, rulebook
from workflow.visas.rules import UNCHOSEN, CaseAct
from workflow.visas.sharing import other_borders, take_along
from workflow.visas.stays import judge_stays, known_stays
from workflow.visas.steps import move_case
from workflow.visits.models import Visit

__all__ = [
    "HandItem", "HandRoute", "add_item", "choose_for_all", "choose_route", "enter_route_by_hand", "open_cases",
    "state_facts", "state_passport_for_all", "take_route",
]  # fmt: skip

FACTS = frozenset({"citizenship", "passport_type", "accompanied_by_parent", "blank_pages"})


def state_facts(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, values: Mapping[str, Any], *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Answer a case's questions: the citizenship and passport to travel with, a parent's company, free pages.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: no such country or kind of passport.
    """
    expect_version(case, version, {name: getattr(case, name) for name in values})
    problems = []
    citizenship, kind = values.get("citizenship"), values.get("passport_type")
    if citizenship is not None and not is_known_country(citizenship):
        problems.append(Problem("citizenship", "visas.unknown-country"))
    if kind is not None and kind not in RULE_PASSPORTS:
        problems.append(Problem("passport_type", "base.not-a-choice"))
    pages = values.get("blank_pages")
    if pages is not None and not 0 <= pages <= 200:
        problems.append(Problem("blank_pages", "base.out-of-range"))
    if problems:
        raise Invalid(problems=problems)
    differences = changed(case, {name: value for name, value in values.items() if name in FACTS})
    if not differences:
        return
    record(session, actor, now, "visas.case.answered", subject=case, visit_id=visit.id, personal=differences)


def state_passport_for_all(session: Session, actor: Actor, now: datetime, visit: Visit, kind: str) -> int:
    """State the kind of passport of every traveller without a route of whom it is not known; give how many."""
    stated = 0
    for case in load_cases(session, visit.id):
        if case.state in UNCHOSEN and "passport_type" in case.questions:
            state_facts(session, actor, now, visit, case, {"passport_type": kind})
            stated += 1
    return stated


def choose_route(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, rule_id: str, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Take one of the routes on offer; the checklist follows from it.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: that route is not on offer for this traveller now.
        Conflict: the case is too far on for another route.
    """
    expect_version(case, version)
    book = rulebook(session, now)
    known = known_stays(session, [case], book.rules).get(case.id, ())
    _choose(session, actor, now, visit, case, rule_id, book, other_borders(session, case), known)
    sync_visit(session, now, visit)


def _choose(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, rule_id: str, book: Rulebook,
    others: Sequence[VisaCase], known: Sequence[Span],
) -> None:  # fmt: skip
    answer = answer_for(case, visit, book)
    route = next((way for way in answer.routes if way.rule.id == rule_id), None)
    if route is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    move_case(session, case, CaseAct.CHOOSE)
    follow_act(case, CaseAct.CHOOSE, book.today)
    take_route(case, route, visit)
    case.alarm = judge_stays(case, visit, book.rules, known)
    session.flush()
    take_along(session, actor, now, case, others, book)
    record(session, actor, now, "visas.route.chosen", subject=case, visit_id=visit.id,
           changes={"rule": (None, f"{route.rule.id} {route.rule.version}")})  # fmt: skip


def take_route(case: VisaCase, route: Route, visit: Visit) -> None:
    """Write a route down with its case, and bring the checklist in line; who may and what follows is the caller's."""
    rule, was_by_hand = route.rule, case.by_hand
    case.rule_id, case.rule_version, case.outcome = rule.id, rule.version, rule.outcome
    case.title_ru, case.title_en, case.confirmed = rule.title.ru, rule.title.en, route.is_confirmed
    case.by_hand, case.alarm, case.changes, case.ask_due_on = False, "", [], None
    for item in case.items:
        item.wanted = item.wanted and (item.rule_id is not None or not was_by_hand)
    bring_up_to_date(case, route, visit)


def choose_for_all(session: Session, actor: Actor, now: datetime, visit: Visit, rule_id: str) -> tuple[int, int]:
    """Take one route for every case without a route to which it is open; give how many took it and how many not."""
    taken = left = 0
    book = rulebook(session, now)
    of_member: dict[int, list[VisaCase]] = {}
    known = known_stays(session, cases := load_cases(session, visit.id), book.rules)
    for case in cases:
        of_member.setdefault(case.member_id, []).append(case)
    for case in cases:
        if case.state not in UNCHOSEN:
            continue
        try:
            _choose(session, actor, now, visit, case, rule_id, book, of_member[case.member_id], known.get(case.id, ()))
            taken += 1
        except Invalid:
            left += 1
    sync_visit(session, now, visit)
    return taken, left


@dataclass(frozen=True)
class HandItem:
    """One thing to be brought, as told by whoever was asked."""

    title_ru: str
    title_en: str = ""
    kind: str = "original"
    due_on: date | None = None


@dataclass(frozen=True)
class HandRoute:
    """A route that no rule gives: what it is, and who said so when."""

    title_ru: str
    outcome: str
    answered_by: str
    answered_on: date
    title_en: str = ""
    note: str = ""
    items: tuple[HandItem, ...] = field(default_factory=tuple)


def enter_route_by_hand(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, told: HandRoute, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Enter a route that somebody told us, with who answered and when; the case goes on, marked so.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: the answer has no source, lies in the future, or its route has no name.
        Conflict: the case is too far on for another route.
    """
    expect_version(case, version)
    book = rulebook(session, now)
    problems = []
    if not (told.title_ru or told.title_en).strip():
        problems.append(Problem("title_ru", "base.required"))
    if not told.answered_by.strip():
        problems.append(Problem("answered_by", "visas.who-answered"))
    if told.answered_on > book.today:
        problems.append(Problem("answered_on", "visas.answered-in-future"))
    if told.outcome not in ("visa_required", "visa_free", "evisa"):
        problems.append(Problem("outcome", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)
    move_case(session, case, CaseAct.ENTER_BY_HAND)
    follow_act(case, CaseAct.ENTER_BY_HAND, book.today)
    case.rule_id = case.rule_version = case.ask_due_on = None
    case.outcome, case.by_hand, case.confirmed, case.alarm, case.changes = told.outcome, True, False, "", []
    case.title_ru, case.title_en = told.title_ru or told.title_en, told.title_en
    case.hand_answered_by, case.hand_answered_on, case.hand_note = told.answered_by, told.answered_on, told.note
    case.goes_off_on = goes_off_by_hand(case, visit, book)
    for item in case.items:
        item.wanted = item.wanted and item.rule_id is None
    session.flush()
    for wanted in told.items:
        add_item(session, actor, now, visit, case, wanted)
    record(session, actor, now, "visas.route.entered", subject=case, visit_id=visit.id,
           changes={"outcome": (None, told.outcome), "answered_by": (None, told.answered_by),
                    "answered_on": (None, told.answered_on)})  # fmt: skip
    sync_visit(session, now, visit)


def add_item(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, told: HandItem
) -> ChecklistItem:
    """Add a thing to be brought by hand, beside what the route asks.

    Raises:
        Invalid: it has no name or an unknown kind.
    """
    if not (told.title_ru or told.title_en).strip():
        raise Invalid("base.required", field="title_ru")
    if told.kind not in ("upload", "original", "data"):
        raise Invalid("base.not-a-choice", field="kind")
    number = sum(item.rule_id is None for item in case.items) + 1
    item = ChecklistItem(
        code=f"own-{number}", title_ru=told.title_ru or told.title_en, title_en=told.title_en,
        kind=told.kind, scope="traveller", required=True, flag_only=False, wanted=True, position=100 + number,
        basis="internal", due_on=told.due_on, due_calendars=[], due={}, document={}, verdicts=[], questions=[],
    )  # fmt: skip
    case.items.append(item)
    session.flush()
    record(session, actor, now, "visas.item.added", subject=item, visit_id=visit.id,
           changes={"title": (None, item.title_ru)})  # fmt: skip
    sync_visit(session, now, visit)
    return item
