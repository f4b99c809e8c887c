"""What new dates, citizenships and passports do to cases that are under way, and telling what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import update_together
from workflow.base.events import record_each
from workflow.knowledge.stays import Span
from workflow.knowledge.visa_routes import Answer
from workflow.people.models import Person
from workflow.visas.due import sync_visit
from workflow.visas.models import VisaCase
from workflow.visas.opening import look_again, open_missing
from workflow.visas.reckoning import (
    Change,
    Rulebook,
    bring_up_to_date,
    chosen_route,
    goes_off_by_hand,
    rulebook,
    still_fits,
)
from workflow.visas.rules import ENDED, UNCHOSEN, CaseState, Outcome
from workflow.visas.stays import judge_stays, known_stays, total_of
from workflow.visas.steps import visa_alarm
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing


@dataclass(frozen=True)
class CaseChange:
    """What a new reckoning changed in one case."""

    case_id: int
    member_id: int
    changes: Sequence[Change]


def recompute_visit(session: Session, actor: Actor, now: datetime, visit: Visit) -> list[CaseChange]:
    """Reckon all cases of a visit anew; store with each case what changed, and give it.

    Members who no longer travel lose their case, new ones get one. Finished items stay finished unless one of their
    checks fails now.
    """
    book = rulebook(session, now)
    _new, cases = open_missing(session, actor, now, visit, book)
    found: list[CaseChange] = []
    changed: list[tuple[VisaCase, dict[str, tuple[None, int]]]] = []
    counted = [case for case in cases if total_of(case, book.rules) is not None]
    known = known_stays(session, counted, book.rules)
    for case in cases:
        changes = _reckon(case, visit, book, known.get(case.id, ()))
        if not changes:
            continue
        case.changes, case.changes_at = changes, now
        changed.append((case, {"count": (None, len(changes))}))
        found.append(CaseChange(case.id, case.member_id, changes))
    update_together(session, cases)
    update_together(session, [item for case in cases for item in case.items])
    record_each(session, actor, now, "visas.case.recomputed", visit_id=visit.id, subjects=changed)
    sync_visit(session, now, visit, cases=cases)
    return found


def _reckon(case: VisaCase, visit: Visit, book: Rulebook, known: Sequence[Span]) -> list[Change]:
    if case.state in ENDED or case.state == CaseState.REFUSED:
        return []
    before_options, before_state = list(case.options), case.state
    answer = look_again(case, visit, book)
    if case.state in UNCHOSEN:
        if before_state != case.state:
            return [{"code": f"visas.change-now-{case.state.replace('_', '-')}"}]
        return [{"code": "visas.change-options"}] if before_options != case.options else []
    changes, alarm = _reckon_route(case, visit, book, answer)
    changes += _newer_version(case, before_options)
    alarm = alarm or judge_stays(case, visit, book.rules, known)
    if case.state == CaseState.ISSUED:
        alarm = visa_alarm(case, visit) or alarm
    if alarm != case.alarm:
        changes.insert(0, {"code": alarm or "visas.change-alarm-over"})
        case.alarm = alarm
    return changes


def _reckon_route(case: VisaCase, visit: Visit, book: Rulebook, answer: Answer) -> tuple[list[Change], str]:
    if case.by_hand:
        case.goes_off_on = goes_off_by_hand(case, visit, book)
    route = chosen_route(case, visit, book, answer)
    if route is None:
        return [], ""
    alarm = "" if still_fits(case, visit, book, route) else "visas.alarm-route-gone"
    if not alarm and case.rule_id not in {way.rule.id for way in (*answer.routes, *answer.possible)}:
        alarm = "visas.alarm-rule-gone"
    before = case.goes_off_on
    changes = bring_up_to_date(case, route, visit)
    case.confirmed = route.is_confirmed and not alarm
    if before != case.goes_off_on and before is not None and case.outcome != Outcome.VISA_FREE:
        new = case.goes_off_on.isoformat() if case.goes_off_on else None
        changes.insert(0, {"code": "visas.change-goes-off", "old": before.isoformat(), "new": new})
    return changes, alarm


def _newer_version(case: VisaCase, before: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Tell once that the rule of the route taken has a newer version; the case keeps its own until somebody chooses."""
    if case.by_hand or case.rule_id is None:
        return []
    was, now = (
        [one["version"] for one in options if one["rule"] == case.rule_id] for options in (before, case.options)
    )
    newest = max(now, default=0)
    return [{"code": "visas.change-rule-version", "version": newest}] if newest > max(was, default=newest) else []


def visits_of_person(session: Session, person_id: int) -> Sequence[Visit]:
    """Find the visits under way in which a person takes part, and hold them."""
    return session.scalars(
        select(Visit)
        .execution_options(populate_existing=True)
        .join(Member, Member.visit_id == Visit.id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Person.id == person_id,
            Member.state.in_([state.value for state in LIVE_MEMBER]),
            Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]),
        )
        .order_by(Visit.id)
        .with_for_update(key_share=True, of=Visit)
    ).all()
