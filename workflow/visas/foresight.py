"""Which open visa cases a change of a rule would touch, before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor
from workflow.knowledge.visa_routes import Answer, Route
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Rule
from workflow.people.models import Person
from workflow.visas.keeping import our_rules
from workflow.visas.models import VisaCase
from workflow.visas.reckoning import answer_for, rulebook
from workflow.visas.rules import LIVE
from workflow.visits.models import Member, Visit
from workflow.visits.queries import seen_by
from workflow.visits.rules import Standing


@dataclass(frozen=True)
class Touched:
    """An open case whose answer would change: routes that come and go, and papers, days or terms of one that stays."""

    visit: Visit
    case: VisaCase
    comes: Sequence[Rule]
    goes: Sequence[Rule]
    papers: bool


@dataclass(frozen=True)
class Foreseen:
    """The open cases that a change would touch: those that the actor may see, and how many there are beside."""

    seen: Sequence[Touched]
    unseen: int


def touched_by(session: Session, actor: Actor, now: datetime, changed: Rule) -> Foreseen:
    """Ask the rules about every open case, as they are and as they would be."""
    rules = our_rules(session)
    return _touched(session, actor, now, replace(rules, rules=(*rules.rules, changed)))


def touched_by_list(
    session: Session, actor: Actor, now: datetime, name: str, countries: frozenset[str]
) -> Foreseen:
    """Ask the rules about every open case, were a list of countries another one."""
    rules = our_rules(session)
    return _touched(session, actor, now, replace(rules, groups={**rules.groups, name: countries}))


def _touched(session: Session, actor: Actor, now: datetime, changed_rules: RuleSet) -> Foreseen:
    book = rulebook(session, now)
    after = replace(book, rules=changed_rules)
    cases = session.scalars(
        select(VisaCase).join(Visit, Visit.id == VisaCase.visit_id)
        .where(VisaCase.state.in_([state.value for state in LIVE]),
               Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]))
        .options(selectinload(VisaCase.items),
                 selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports))
        .order_by(VisaCase.visit_id, VisaCase.id)
    ).all()  # fmt: skip
    visits = {visit.id: visit for visit in session.scalars(
        select(Visit).where(Visit.id.in_({case.visit_id for case in cases})))}  # fmt: skip
    found = []
    for case in cases:
        visit = visits[case.visit_id]
        one = _compare(visit, case, answer_for(case, visit, book), answer_for(case, visit, after))
        if one is not None:
            found.append(one)
    mine = set(session.scalars(select(VisaCase.id).where(seen_by(actor, VisaCase.visit_id))))
    seen = [one for one in found if one.case.id in mine]
    return Foreseen(seen, len(found) - len(seen))


def _compare(visit: Visit, case: VisaCase, before: Answer, after: Answer) -> Touched | None:
    had, has = ({route.rule.id: route for route in answer.routes} for answer in (before, after))
    comes = [has[key].rule for key in has if key not in had]
    goes = [had[key].rule for key in had if key not in has]
    papers = any(_asks(had[key]) != _asks(has[key]) for key in had if key in has)
    return Touched(visit, case, comes, goes, papers) if comes or goes or papers else None


def _asks(route: Route) -> tuple[object, ...]:
    """Give what a route wants and grants: papers with those of its overlays, days, terms; not how well it is proved."""
    rule = route.rule
    return (rule.outcome, rule.visa, rule.timeline, route.standing, dict(route.milestones),
            [(one.item, one.due) for one in route.items])  # fmt: skip
