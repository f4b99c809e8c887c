"""Reads of outcomes and reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import read_key
from workflow.base.errors import NotFound
from workflow.base.languages import choose
from workflow.knowledge.calendars import WorkingCalendar
from workflow.office.queries import our_calendar, our_zone
from workflow.outcomes.models import Outcome, VisitReport
from workflow.outcomes.rules import OutcomeKind, OutcomeState, ReportState
from workflow.reminders.rules import days_late
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, seen_by
from workflow.visits.rules import Standing


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome as lists show it. `days_late` counts working days, as the desk does; below zero they are left.

    None when it is settled or has no day. A day off that follows the due day counts none, yet it is `late`.
    """

    outcome: Outcome
    visit: Visit
    owner: str
    days_late: int | None
    late: bool = False
    is_today: bool = False


@dataclass(frozen=True)
class Slice:
    """One page of a list and the cursor of the next, if there is one."""

    rows: Sequence[Outcome]
    next_cursor: str | None


def outcomes_of(session: Session, visit_id: int) -> Sequence[Outcome]:
    """List a visit's outcomes; unscoped, the caller has checked that the actor may see the visit."""
    return session.scalars(select(Outcome).where(Outcome.visit_id == visit_id).order_by(Outcome.id)).all()


def report_of(session: Session, visit_id: int) -> VisitReport | None:
    """Give a visit's report; unscoped, the caller has checked that the actor may see the visit."""
    return session.scalars(select(VisitReport).where(VisitReport.visit_id == visit_id)).one_or_none()


def get_outcome(session: Session, actor: Actor, outcome_id: int) -> tuple[Outcome, Visit]:
    """Load an outcome of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    outcome = None
    if actor.may(Permission.OUTCOMES_READ):
        outcome = session.scalars(
            select(Outcome).where(Outcome.id == outcome_id, seen_by(actor, Outcome.visit_id))
        ).one_or_none()
    if outcome is None:
        raise NotFound("outcome")
    return outcome, get_visit(session, actor, outcome.visit_id)


def list_outcomes(session: Session, actor: Actor, *, state: str = "", visit_id: int | None = None,
                  cursor: str | None = None, limit: int = 50) -> Slice:
    """List outcomes of visits that the actor may see, the newest first.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    query = select(Outcome).where(seen_by(actor, Outcome.visit_id))
    if state:
        query = query.where(Outcome.state == state)
    if visit_id is not None:
        query = query.where(Outcome.visit_id == visit_id)
    if cursor:
        if read_key(cursor) is None:
            raise NotFound("page")
        query = query.where(Outcome.id < read_key(cursor))
    rows = session.scalars(query.order_by(Outcome.id.desc()).limit(limit + 1)).all()
    return Slice(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def lines(session: Session, actor: Actor, now: datetime, rows: Sequence[tuple[Outcome, Visit]]) -> list[OutcomeLine]:
    """Dress outcomes for a list; the number of queries does not grow with them."""
    if not rows:
        return []
    names = account_names(session, [outcome.owner_id for outcome, _ in rows], actor.locale)
    today, calendar = local_date(now, our_zone(session)), our_calendar(session)
    return [
        OutcomeLine(outcome, visit, names.get(outcome.owner_id or 0, "")
                    or choose(actor.locale, ru=outcome.owner_name, en=outcome.owner_name_en),
                    *_late(outcome, today, calendar))
        for outcome, visit in rows
    ]


def _late(outcome: Outcome, today: date, calendar: WorkingCalendar) -> tuple[int | None, bool, bool]:
    if outcome.state != OutcomeState.OPEN or outcome.due_on is None:
        return None, False, False
    return days_late(outcome.due_on, today, calendar), today > outcome.due_on, today == outcome.due_on


def promises_of_partner(session: Session, actor: Actor, now: datetime, partner_id: int, *, open_only: bool = False,
                        limit: int = 100) -> list[OutcomeLine]:
    """List what was agreed and promised with a partner, over all visits that the actor may see; open ones first."""
    if not actor.may(Permission.OUTCOMES_READ):
        return []
    query = (
        select(Outcome, Visit).join(Visit, Visit.id == Outcome.visit_id)
        .where(Visit.partner_id == partner_id, seen_by(actor, Visit.id),
               Outcome.kind.in_([OutcomeKind.AGREEMENT.value, OutcomeKind.PROMISE.value,
                                 OutcomeKind.INVITATION.value]))
    )
    if open_only:
        query = query.where(Outcome.state == OutcomeState.OPEN.value)
    query = query.order_by(Outcome.state != OutcomeState.OPEN.value, Outcome.due_on.is_(None), Outcome.due_on,
                           Outcome.id.desc()).limit(limit)
    return lines(session, actor, now, [(row[0], row[1]) for row in session.execute(query)])


def open_outcomes(session: Session, actor: Actor, now: datetime, *, owner_id: int | None = None,
                  limit: int = 200) -> list[OutcomeLine]:
    """List open outcomes of visits that the actor may see, the earliest due first; perhaps those of one owner."""
    if not actor.may(Permission.OUTCOMES_READ):
        return []
    query = (
        select(Outcome, Visit).join(Visit, Visit.id == Outcome.visit_id)
        .where(Outcome.state == OutcomeState.OPEN.value, seen_by(actor, Visit.id),
               Visit.standing != Standing.CANCELLED.value)
        .order_by(Outcome.due_on.is_(None), Outcome.due_on, Outcome.id).limit(limit)
    )
    if owner_id is not None:
        query = query.where(Outcome.owner_id == owner_id)
    return lines(session, actor, now, [(row[0], row[1]) for row in session.execute(query)])


@dataclass(frozen=True)
class Tally:
    """What stands in a visit's outcomes; for conditions and lists."""

    total: int = 0
    open: int = 0
    filed: bool = False
    no_outcomes: bool = False


def count_outcomes(session: Session, visits: Select[tuple[int]]) -> Tally:
    """Count the outcomes of many visits together; *visits* gives their ids. Unscoped."""
    rows = session.execute(
        select(Outcome.state, func.count()).where(Outcome.visit_id.in_(visits)).group_by(Outcome.state)
    )
    counts: dict[str, int] = {state: count for state, count in rows}  # noqa: C416 — rows are no pairs for mypy
    return Tally(sum(counts.values()), counts.get(OutcomeState.OPEN, 0))


def tallies(session: Session, visit_ids: Sequence[int]) -> dict[int, Tally]:
    """Count outcomes and look at reports of many visits in two queries; unscoped."""
    total: dict[int, int] = {}
    still_open: dict[int, int] = {}
    for visit_id, state, count in session.execute(
        select(Outcome.visit_id, Outcome.state, func.count()).where(Outcome.visit_id.in_(visit_ids))
        .group_by(Outcome.visit_id, Outcome.state)
    ):
        total[visit_id] = total.get(visit_id, 0) + count
        if state == OutcomeState.OPEN:
            still_open[visit_id] = count
    reports = {
        row.visit_id: row
        for row in session.execute(
            select(VisitReport.visit_id, VisitReport.state, VisitReport.no_outcomes)
            .where(VisitReport.visit_id.in_(visit_ids))
        )
    }
    return {
        visit_id: Tally(total.get(visit_id, 0), still_open.get(visit_id, 0),
                        visit_id in reports and reports[visit_id].state == ReportState.FILED,
                        visit_id in reports and reports[visit_id].no_outcomes)
        for visit_id in visit_ids
    }
