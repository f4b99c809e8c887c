"""Earlier stays behind the same border: told by the traveller or staff, or known from earlier visits, and counted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.database import expect_version
from workflow.base.errors import Invalid, Problem
from workflow.base.events import record
from workflow.knowledge.stays import Span, StayCount, count_stays
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Rule, StayTotal
from workflow.visas.items import receive_item
from workflow.visas.models import VisaCase
from workflow.visas.rules import BRINGS, CaseState, ItemAct, item_acts
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing

MOST = 5
"""Stays with dates; whoever had more gives the number of days."""
ITEM = "days_this_year"
"""The thing of a checklist that this answer brings."""
Known = Mapping[int, Sequence[Span]]
"""By the case's key: stays of the same person behind the same border in other visits of ours."""


def total_of(case: VisaCase, rules: RuleSet) -> StayTotal | None:
    """Give how many days the route taken allows for all stays together, where it counts them so."""
    rule = rules.find(case.rule_id, case.rule_version) if case.rule_id and case.rule_version else None
    return terms_of(rule)


def terms_of(rule: Rule | None) -> StayTotal | None:
    """Give how many days a rule allows for all stays together, where it counts them so."""
    return rule.visa.max_stay.together if rule is not None and rule.visa and rule.visa.max_stay else None


def known_stays(session: Session, cases: Sequence[VisaCase], rules: RuleSet) -> Known:
    """Find the stays of the same people behind the same borders in other visits, planned ones too; in one query.

    A postponed visit still bears the days on which it will not be: it counts no more than a cancelled one.
    """
    if not cases:
        return {}
    mine, other, member = aliased(VisaCase), aliased(VisaCase), aliased(Member)
    rows = session.execute(
        select(mine.id, mine.destination, other.destination.label("there"),
               func.coalesce(other.first_day, Visit.arrival).label("first"),
               func.coalesce(other.last_day, Visit.departure).label("last"))
        .join(Member, Member.id == mine.member_id)
        .join(member, member.person_id == Member.person_id)
        .join(other, other.member_id == member.id)
        .join(Visit, Visit.id == other.visit_id)
        .where(mine.id.in_([case.id for case in cases]), other.visit_id != mine.visit_id,
               other.direction == mine.direction, other.transit.is_(False),
               other.state.not_in([CaseState.WITHDRAWN.value, CaseState.REFUSED.value]),
               Visit.standing.not_in([Standing.CANCELLED.value, Standing.POSTPONED.value]),
               member.state.in_([state.value for state in LIVE_MEMBER]))
        .order_by(mine.id, Visit.arrival)
    )  # fmt: skip
    found: dict[int, list[Span]] = {}
    for row in rows:
        same = row.destination == row.there or any(
            {row.destination, row.there} <= rules.groups[name] for name in rules.areas
        )
        if same and row.first and row.last:
            found.setdefault(row.id, []).append((row.first, row.last))
    return found


def count_of(case: VisaCase, visit: Visit, terms: StayTotal | None, known: Sequence[Span]) -> StayCount | None:
    """Count a case's stay with the earlier ones; None where nothing is counted together, or the days are not known."""
    first, last = case.stay(visit)
    if terms is None or first is None or last is None or last < first:
        return None
    told = case.earlier_stays
    spans = [*known, *told_spans(case)]
    return count_stays(terms, first, last, spans, told_days=told.get("days") if told else None, told=bool(told))


def judge_stays(case: VisaCase, visit: Visit, rules: RuleSet, known: Sequence[Span]) -> str:
    """Name the alarm of a case whose traveller would be there too long with the earlier stays; empty when not."""
    count = count_of(case, visit, total_of(case, rules), known)
    if count is None or not count.exceeds:
        return ""
    case.confirmed = False
    return "visas.alarm-stays-too-long"


def told_spans(case: VisaCase) -> list[Span]:
    """Give the earlier stays that were told with their dates."""
    return [(date.fromisoformat(first), date.fromisoformat(last))
            for first, last in (case.earlier_stays or {}).get("stays", ())]  # fmt: skip


def tell_stays(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, stays: Sequence[tuple[int, Span]],
    days: int | None, *, version: int | None = None,
) -> None:  # fmt: skip
    """Write down the earlier stays of a traveller: with their dates, each with its row of the form, or as so many days.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: nothing is told, or days that cannot be.
    """
    expect_version(case, version)
    first, today = case.stay(visit)[0], local_date(now, visit.zone)
    problems = [Problem("days", "visas.stays-missing")] if not stays and days is None else []
    for row, (begins, ends) in stays:
        if ends < begins:
            problems.append(Problem(f"last_{row}", "visas.validity-swapped"))
        elif first is not None and ends >= first:
            problems.append(Problem(f"last_{row}", "visas.stay-not-earlier"))
    if problems:
        raise Invalid(problems=problems)
    spans = sorted([begins.isoformat(), ends.isoformat()] for _row, (begins, ends) in stays)
    told: dict[str, Any] = {"stays": spans, "days": days, "on": today.isoformat()}
    if case.earlier_stays == told:
        return
    case.earlier_stays = told
    session.flush()
    record(session, actor, now, "visas.stays.told", subject=case, visit_id=visit.id, personal=("earlier_stays",))
    for item in case.items:
        if item.code == ITEM and item.wanted and ItemAct.RECEIVE in item_acts(item.state):
            receive_item(session, actor, now, visit, item)


def cases_to_tell(session: Session, member_id: int, rules: RuleSet) -> list[tuple[VisaCase, StayTotal]]:
    """List a member's cases on whose routes all stays count together."""
    cases = session.scalars(
        select(VisaCase).where(VisaCase.member_id == member_id, VisaCase.state.in_([one.value for one in BRINGS]))
        .order_by(VisaCase.id)
    )  # fmt: skip
    return [(case, terms) for case in cases if (terms := total_of(case, rules)) is not None]
