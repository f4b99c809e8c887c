"""Taking a newer version of a rule over for all open cases whose route it is: who would change and what, then at once.

A case whose papers have gone off keeps the version by which they went; one to which the route is no longer open is left
to a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor, Permission
from workflow.base.database import update_together
from workflow.base.errors import Conflict, Forbidden
from workflow.base.events import record_each
from workflow.base.jobs import enqueue
from workflow.knowledge.visa_routes import Route
from workflow.knowledge.visa_rules import Rule
from workflow.people.models import Person
from workflow.visas.keeping import find_rule
from workflow.visas.models import VisaCase
from workflow.visas.reckoning import Change, answer_for, changes_foreseen, rulebook
from workflow.visas.rules import LIVE, CaseState
from workflow.visas.service import take_route
from workflow.visas.sharing import take_along
from workflow.visas.steps import open_papers
from workflow.visits.models import Member, Visit
from workflow.visits.queries import seen_by
from workflow.visits.rules import Standing

TAKES = frozenset({CaseState.COLLECTING, CaseState.CHECKED})
"""States in which papers are still with us and the traveller."""


@dataclass(frozen=True)
class Behind:
    """An open case on an older version of its rule: what the newest changes, or why the case is left as it is."""

    visit: Visit
    case: VisaCase
    changes: Sequence[Change]
    route: Route | None
    left: str = ""


@dataclass(frozen=True)
class Renewal:
    """The open cases on older versions of a rule: those that take the newest, those that are left, others' visits'."""

    rule: Rule
    taking: Sequence[Behind]
    left: Sequence[Behind]
    unseen: int


def count_behind(session: Session, rule: Rule) -> int:
    """Count the open cases whose route is an older version of this rule, in whosever visits."""
    if rule.status == "retired":
        return 0
    return session.scalar(
        select(func.count(VisaCase.id)).join(Visit, Visit.id == VisaCase.visit_id).where(*_is_behind(rule))
    ) or 0  # fmt: skip


def _is_behind(rule: Rule) -> list[ColumnElement[bool]]:
    return [VisaCase.rule_id == rule.id, VisaCase.rule_version < rule.version, VisaCase.by_hand.is_(False),
            VisaCase.state.in_([state.value for state in LIVE]),
            Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value])]  # fmt: skip


def foresee_renewal(session: Session, actor: Actor, now: datetime, rule_id: str) -> Renewal:
    """Look what the newest version of a rule would change in each open case that has an older one; in few queries.

    Raises:
        NotFound: there is no such rule.
    """
    rule, book = find_rule(session, rule_id), rulebook(session, now)
    cases = session.scalars(
        select(VisaCase).join(Visit, Visit.id == VisaCase.visit_id)
        .where(*_is_behind(rule), seen_by(actor, VisaCase.visit_id))
        .options(selectinload(VisaCase.items),
                 selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports))
        .order_by(VisaCase.visit_id, VisaCase.id)
    ).all() if rule.status != "retired" else []  # fmt: skip
    visits = {visit.id: visit for visit in session.scalars(
        select(Visit).where(Visit.id.in_({case.visit_id for case in cases})))}  # fmt: skip
    found = []
    for case in cases:
        visit = visits[case.visit_id]
        offered = answer_for(case, visit, book).routes if case.state in TAKES else ()
        route = next((way for way in offered if way.rule.id == rule.id), None)
        left = "" if route else "visas.left-route-gone" if case.state in TAKES else "visas.left-gone-off"
        found.append(Behind(visit, case, changes_foreseen(case, route, visit) if route else (), route, left))
    unseen = count_behind(session, rule) - len(cases)
    return Renewal(rule, [one for one in found if not one.left], [one for one in found if one.left], unseen)


def renew_cases(session: Session, actor: Actor, now: datetime, rule_id: str, *, seen_version: int) -> tuple[int, int]:
    """Take the newest version of a rule over for every case of `foresee_renewal`; give how many took it, how many not.

    Reminders follow in a job of each visit. What has come and was verified stays so, unless a check of the new version
    fails.

    Raises:
        Forbidden: the actor may not change visa cases.
        Conflict: somebody kept a still newer version since the page was opened.
        Stale: somebody saved one of the cases meanwhile.
    """
    if not actor.may(Permission.VISAS_WRITE):
        raise Forbidden
    renewal, book = foresee_renewal(session, actor, now, rule_id), rulebook(session, now)
    if renewal.rule.version != seen_version:
        raise Conflict("visas.rule-meanwhile")
    cases = [one.case for one in renewal.taking]
    others: dict[int, list[VisaCase]] = {}
    for other in session.scalars(
        select(VisaCase).where(VisaCase.member_id.in_({case.member_id for case in cases}))
        .options(selectinload(VisaCase.items),
                 selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports))
    ):  # fmt: skip
        others.setdefault(other.member_id, []).append(other)
    changed: dict[int, list[tuple[VisaCase, dict[str, tuple[str, str]]]]] = {}
    for one in renewal.taking:
        case, before = one.case, one.case.rule_version
        if one.route is None:
            continue
        take_route(case, one.route, one.visit)
        case.changes, case.changes_at = list(one.changes), now
        if case.state == CaseState.CHECKED and open_papers(case):
            case.state = CaseState.COLLECTING
        changed.setdefault(case.visit_id, []).append(
            (case, {"rule": (f"{rule_id} {before}", f"{rule_id} {case.rule_version}")}))  # fmt: skip
    update_together(session, cases)
    update_together(session, [item for case in cases for item in case.items])
    session.flush()
    for case in cases:
        take_along(session, actor, now, case, others.get(case.member_id, ()), book)
    for visit_id, some in changed.items():
        record_each(session, actor, now, "visas.route.renewed", visit_id=visit_id, subjects=some)
        key = f"visas.recompute.visit.{visit_id}.renewed.{some[0][0].id}.{seen_version}"
        enqueue(session, now, "visas.recompute", key, {"visit_id": visit_id}, visit_id=visit_id,
                request_id=actor.request_id)  # fmt: skip
    return len(cases), len(renewal.left)
