"""What people do with visa cases: open them, answer their questions, choose a route, record how it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid, Problem
from workflow.base.events import changed, record
from workflow.knowledge.calendars import Unit, shift
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.visa_routes import AnswerKind, Route
from workflow.people.models import Person
from workflow.visas.due import sync_visit
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.reckoning import (
    RULE_PASSPORTS,
    Rulebook,
    answer_for,
    bring_up_to_date,
    options_of,
    rulebook,
)
from workflow.visas.rules import (
    CASE_ACTS,
    UNCHOSEN,
    CaseAct,
    CaseState,
    ItemFacts,
    case_acts,
    crosses_which_border,
    keeps_from_check,
)
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing

ASK_WITHIN = 3
CHOOSE_WITHIN = 3


def open_cases(session: Session, actor: Actor, now: datetime, visit: Visit) -> list[VisaCase]:
    """Open a case for each live member who crosses a border, and withdraw those of members who no longer travel.

    Doing it again opens nothing twice. Give the new cases.
    """
    book = rulebook(session, now)
    people = session.scalars(
        select(Member)
        .where(Member.visit_id == visit.id, Member.state.in_([state.value for state in LIVE_MEMBER]))
        .options(selectinload(Member.person).selectinload(Person.passports))
        .order_by(Member.position, Member.id)
    ).all()
    cases = load_cases(session, visit.id)
    have = {(case.member_id, case.destination): case for case in cases}
    travelling = visit.standing in (Standing.LIVE, Standing.POSTPONED)
    new: list[VisaCase] = []
    for member in people if travelling else ():
        border = crosses_which_border(
            direction=visit.direction, country=visit.country, our_country=book.country,
            citizenships=member.person.citizenships or [],
        )  # fmt: skip
        if border is not None and have.pop((member.id, border[1]), None) is None:
            new.append(_open_case(session, actor, now, visit, member, border, book))
    for case in have.values():
        _withdraw(session, actor, now, case, "visas.no-longer-travels")
    session.flush()
    sync_visit(session, now, visit)
    return new


def load_cases(session: Session, visit_id: int, *, withdrawn: bool = False) -> list[VisaCase]:
    """Load a visit's cases with everything that they are judged by, in a fixed number of queries."""
    query = (
        select(VisaCase)
        .where(VisaCase.visit_id == visit_id)
        .options(
            selectinload(VisaCase.items),
            selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports),
        )
        .order_by(VisaCase.id)
    )
    if not withdrawn:
        query = query.where(VisaCase.state != CaseState.WITHDRAWN)
    return list(session.scalars(query))


def _open_case(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, border: tuple[str, str],
    book: Rulebook,
) -> VisaCase:  # fmt: skip
    case = VisaCase(
        visit_id=visit.id, member=member, direction=border[0], destination=border[1], opened_at=now,
        state=CaseState.TO_CHOOSE, by_hand=False, confirmed=False, items=[], options=[], questions=[], changes=[],
        alarm="",
    )  # fmt: skip
    session.add(case)
    session.flush()
    look_again(case, visit, book)
    record(session, actor, now, "visas.case.opened", subject=case, visit_id=visit.id,
           changes={"state": (None, case.state), "member_id": (None, member.id)})  # fmt: skip
    return case


def look_again(case: VisaCase, visit: Visit, book: Rulebook) -> None:
    """Ask the rules about a case without a route: is there one to choose, or must somebody be asked?"""
    answer = answer_for(case, visit, book)
    case.options, case.questions = options_of(answer), [str(fact) for fact in answer.questions]
    if case.state not in UNCHOSEN:
        return
    home = book.calendars(book.country)
    if answer.kind is AnswerKind.NO_RULE:
        if case.state != CaseState.ASKED or case.ask_due_on is None:
            case.state, case.ask_due_on = CaseState.ASKED, shift(book.today, ASK_WITHIN, Unit.WORKDAY, home)
    elif case.state != CaseState.TO_CHOOSE or case.ask_due_on is None:
        case.state, case.ask_due_on = CaseState.TO_CHOOSE, shift(book.today, CHOOSE_WITHIN, Unit.WORKDAY, home)


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
    answer = answer_for(case, visit, book)
    route = next((way for way in answer.routes if way.rule.id == rule_id), None)
    if route is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    _move(session, case, CaseAct.CHOOSE)
    _take(case, route, visit)
    record(session, actor, now, "visas.route.chosen", subject=case, visit_id=visit.id,
           changes={"rule": (None, f"{route.rule.id} {route.rule.version}")})  # fmt: skip
    sync_visit(session, now, visit)


def _take(case: VisaCase, route: Route, visit: Visit) -> None:
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
    for case in load_cases(session, visit.id):
        if case.state not in UNCHOSEN:
            continue
        try:
            choose_route(session, actor, now, visit, case, rule_id)
            taken += 1
        except Invalid:
            left += 1
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
    _move(session, case, CaseAct.ENTER_BY_HAND)
    case.rule_id = case.rule_version = case.ask_due_on = None
    case.outcome, case.by_hand, case.confirmed, case.alarm, case.changes = told.outcome, True, False, "", []
    case.title_ru, case.title_en = told.title_ru or told.title_en, told.title_en
    case.hand_answered_by, case.hand_answered_on, case.hand_note = told.answered_by, told.answered_on, told.note
    case.goes_off_on = visit.arrival
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


@dataclass(frozen=True)
class Step:
    """One step of a case, with what has to be said of it."""

    act: CaseAct
    reason: str = ""
    on: date | None = None
    visa_number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def record_step(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, step: Step, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Record how a case goes on: checked, filed, invitation issued, applied, issued, refused, not needed, and so on.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: what must be said of the step is missing or wrong.
        Conflict: the case is not in a state for it, or papers are missing for the check.
    """
    expect_version(case, version)
    book = rulebook(session, now)
    _check_step(case, step, book)
    before = case.state
    _move(session, case, step.act)
    day = step.on or book.today
    if step.act in (CaseAct.FILE, CaseAct.APPLY):
        case.filed_on = day
    elif step.act is CaseAct.ISSUE:
        case.decided_on, case.visa_number = day, step.visa_number or None
        case.valid_from, case.valid_to = step.valid_from, step.valid_to
        case.alarm = visa_alarm(case, visit)
    elif step.act is CaseAct.REFUSE:
        case.decided_on = day
    elif step.act is CaseAct.REOPEN:
        case.alarm, case.ask_due_on = "", None
        look_again(case, visit, book)
    personal = ["visa_number"] if step.visa_number else []
    record(session, actor, now, f"visas.case.{case.state.replace('_', '-')}", subject=case, visit_id=visit.id,
           changes={"state": (before, case.state)}, personal=personal, note=step.reason)  # fmt: skip
    sync_visit(session, now, visit)


def _check_step(case: VisaCase, step: Step, book: Rulebook) -> None:
    problems = []
    needs_reason = step.act in (CaseAct.REFUSE, CaseAct.NOT_NEEDED, CaseAct.WITHDRAW)
    if needs_reason and not step.reason.strip():
        problems.append(Problem("reason", "visas.reason-missing"))
    if step.on is not None and step.on > book.today:
        problems.append(Problem("on", "visas.day-in-future"))
    if step.act is CaseAct.ISSUE and (step.valid_from is None or step.valid_to is None):
        problems.append(Problem("valid_to", "visas.validity-missing"))
    elif step.valid_from and step.valid_to and step.valid_to < step.valid_from:
        problems.append(Problem("valid_to", "visas.validity-swapped"))
    if problems:
        raise Invalid(problems=problems)
    if step.act in (CaseAct.CHOOSE, CaseAct.ENTER_BY_HAND):
        raise Conflict("visas.not-now")
    if step.act is CaseAct.CHECK:
        _check_papers(case)
    if step.act is CaseAct.REFUSE:
        case.refusal = step.reason.strip()[:500]
    elif step.act is CaseAct.NOT_NEEDED:
        case.not_needed_reason = step.reason.strip()[:500]


def _check_papers(case: VisaCase) -> None:
    open_items = [
        item
        for item in case.items
        if keeps_from_check(
            ItemFacts(item.required, item.wanted, item.state, item.due_on), goes_off_on=case.goes_off_on
        )
    ]
    if open_items:
        names = {language: "; ".join(item.title(language) for item in open_items) for language in ("ru", "en")}
        raise Conflict("visas.items-open", items=names)


def visa_alarm(case: VisaCase, visit: Visit) -> str:
    """Name what is wrong with an issued visa for the visit's dates."""
    if case.valid_from is None or case.valid_to is None or visit.arrival is None or visit.departure is None:
        return ""
    covers = case.valid_from <= visit.arrival and visit.departure <= case.valid_to
    return "" if covers else "visas.alarm-visa-too-short"


def _move(session: Session, case: VisaCase, act: CaseAct) -> None:
    """Take a case's state on by its version; two at once cannot both win."""
    may = case_acts(case.state, outcome=case.outcome, direction=case.direction, by_hand=case.by_hand)
    if act not in may:
        raise Conflict("visas.not-now")
    case.state = CASE_ACTS[act][1]
    session.flush()


def _withdraw(session: Session, actor: Actor, now: datetime, case: VisaCase, reason: str) -> None:
    before = case.state
    case.state = CaseState.WITHDRAWN
    record(session, actor, now, "visas.case.withdrawn", subject=case, visit_id=case.visit_id,
           changes={"state": (before, case.state), "reason": (None, reason)})  # fmt: skip
