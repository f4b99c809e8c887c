"""Reads of visa cases, each scoped to the actor: those who may read visas, of visits that they may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.base.files import StoredFile, read_file
from workflow.knowledge.stays import Span, StayCount
from workflow.knowledge.visa_facts import Traveller
from workflow.knowledge.visa_routes import Answer, Route
from workflow.people.models import Passport, Person
from workflow.visas.claims import Claim
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.opening import load_cases
from workflow.visas.passports import passport_of
from workflow.visas.reckoning import answer_for, chosen_route, facts_of, rulebook
from workflow.visas.rules import ENDED, CaseAct, CaseState, ItemAct, case_acts, item_acts
from workflow.visas.sharing import also_for
from workflow.visas.stays import count_of, known_stays, terms_of
from workflow.visas.ways import Way, ways_of
from workflow.visits.models import Member, Visit
from workflow.visits.queries import get_visit, seen_by


def _visible(actor: Actor) -> Select[tuple[VisaCase]]:
    if not actor.may(Permission.VISAS_READ):
        raise NotFound("visa-case")
    return select(VisaCase).where(seen_by(actor, VisaCase.visit_id))


def get_case(session: Session, actor: Actor, case_id: int, *, visit_id: int | None = None) -> VisaCase:
    """Load a case with its checklist.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    query = _visible(actor).where(VisaCase.id == case_id)
    if visit_id is not None:
        query = query.where(VisaCase.visit_id == visit_id)
    case = session.scalars(
        query.options(
            selectinload(VisaCase.items),
            selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports),
        )
    ).one_or_none()
    if case is None:
        raise NotFound("visa-case")
    return case


def get_item(session: Session, actor: Actor, item_id: int, *, case_id: int | None = None) -> ChecklistItem:
    """Load a checklist item whose case the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    item = session.get(ChecklistItem, item_id)
    if item is None or (case_id is not None and item.case_id != case_id):
        raise NotFound("checklist-item")
    get_case(session, actor, item.case_id)
    return item


def item_file(session: Session, actor: Actor, item_id: int) -> tuple[StoredFile, bytes]:
    """Read the file of an item.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    item = get_item(session, actor, item_id)
    if item.file_id is None or not actor.may(Permission.PEOPLE_REVEAL):
        raise NotFound("file")
    return read_file(session, item.file_id)


def cases_of_visit(
    session: Session, actor: Actor, visit_id: int, *, withdrawn: bool = False
) -> tuple[Visit, list[VisaCase]]:
    """Load a visit and its cases.

    Raises:
        NotFound: there is no such visit, or not for this actor.
    """
    if not actor.may(Permission.VISAS_READ):
        raise NotFound("visit")
    visit = get_visit(session, actor, visit_id)
    return visit, load_cases(session, visit.id, withdrawn=withdrawn)


@dataclass(frozen=True)
class CaseView:
    """A case as a page shows it: what the rules say now of which facts, and the route taken, reckoned anew.

    `ways` compares as whom the traveller may go, where there is a choice. `also_for` names by the key of an item the
    further countries that the same thing serves. `passport` is the one by which the case is judged.
    `stays` counts by the rule's name where all stays count together, `known_stays` are those of our own visits.
    """

    case: VisaCase
    answer: Answer
    route: Route | None
    acts: Sequence[CaseAct]
    facts: Traveller
    ways: Sequence[Way]
    also_for: Mapping[int, Sequence[str]]
    passport: Passport | Claim | None
    stays: Mapping[str, StayCount]
    known_stays: Sequence[Span]

    @property
    def claimed(self) -> bool:
        """Whether the case is judged by a passport that the guest typed and nobody has looked at."""
        return isinstance(self.passport, Claim)

    @property
    def ends_early(self) -> date | None:
        """The last day of the passport, when it ends within the stay."""
        shown, last = self.passport, self.facts.last_day
        ends = shown.expires_on if shown is not None and self.case.state not in ENDED else None
        return ends if ends and last and ends < last else None


def view_case(session: Session, visit: Visit, case: VisaCase, now: datetime) -> CaseView:
    """Look at a case with today's rules, changing nothing."""
    book = rulebook(session, now)
    answer, facts, ways = answer_for(case, visit, book), facts_of(case, visit, book), ways_of(case, visit, book)
    if ways and facts.citizenship is None:
        answer = _of_ways(answer, ways)
    route, known = chosen_route(case, visit, book), known_stays(session, [case], book.rules).get(case.id, ())
    shown = [*answer.routes, *answer.possible, *answer.referred, *([route] if route else [])]
    counts = {way.rule.id: count_of(case, visit, terms_of(way.rule), known) for way in shown}
    return CaseView(case, answer, route, acts_of(case), facts, ways,
                    also_for(session, case, book.rules, book.claims), passport_of(case, book.claims),
                    {name: count for name, count in counts.items() if count is not None}, known)  # fmt: skip


def _of_ways(answer: Answer, ways: Sequence[Way]) -> Answer:
    """Leave out what is open to citizens of other countries only, while nobody has said which of his own one shows."""
    named = {
        route.rule.id for way in ways for route in (*way.answer.routes, *way.answer.possible, *way.answer.referred)
    }
    kept = tuple(route for route in answer.possible if route.rule.id in named)
    return replace(answer, possible=kept, referred=tuple(way for way in answer.referred if way.rule.id in named))


def acts_of(case: VisaCase) -> list[CaseAct]:
    """List what may be done with a case now."""
    return case_acts(case.state, outcome=case.outcome, direction=case.direction, by_hand=case.by_hand)


def acts_of_item(item: ChecklistItem) -> list[ItemAct]:
    """List what may be done with an item now."""
    return item_acts(item.state) if item.wanted else []


def routes_for_all(session: Session, visit: Visit, now: datetime) -> list[Route]:
    """Give the routes that may be taken for several travellers at once: on offer to two or more without a route."""
    book = rulebook(session, now)
    offered: dict[str, list[Route]] = {}
    for case in load_cases(session, visit.id):
        if case.state == CaseState.TO_CHOOSE:
            for route in answer_for(case, visit, book).routes:
                offered.setdefault(route.rule.id, []).append(route)
    return [routes[0] for routes in offered.values() if len(routes) > 1]
