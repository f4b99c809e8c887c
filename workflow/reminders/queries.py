"""Reads of due things: the same for the desk, a visit's page and the digest, re-checked at the moment of reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import Session

from workflow.accounts.queries import staff
from workflow.base.actor import Actor, Role
from workflow.base.clock import local_date
from workflow.base.errors import NotFound
from workflow.base.reasons import DueSubject, Sentence, Where
from workflow.base.registries import REMINDER_CHECKS
from workflow.office.queries import our_calendar, our_zone
from workflow.reminders.models import LIVE_SQL, Reminder
from workflow.reminders.rules import (
    MANAGERS_AFTER,
    OUTLASTING,
    SUBSTITUTE_AFTER,
    People,
    ReminderState,
    Rung,
    days_late,
    horizon,
    latest_due,
    who_is_told,
)
from workflow.reminders.wording import from_json
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by
from workflow.visits.rules import Standing

IS_LIVE: ColumnElement[bool] = literal_column(f"reminder.{LIVE_SQL}")
"""Written as a literal, so that both databases take the partial index."""


GOES_ON: ColumnElement[bool] = and_(
    Visit.standing.not_in([Standing.POSTPONED.value, Standing.CANCELLED.value]),
    or_(Visit.standing != Standing.CLOSED.value, Reminder.source.in_(OUTLASTING)),
)
"""Of which visits things are still owed: those under way, and what was promised at those closed.

Said by what is excluded, which no index finds: SQLite would else gather all closed visits first, not what is due.
"""


@dataclass(frozen=True)
class DueThing:
    """One outstanding thing as a person should see it. `days_late` counts working days; below zero they are left."""

    reminder_id: int
    generation: int
    visit_id: int
    visit_title: dict[str, str]
    title: Sentence
    due_on: date
    days_late: int
    late: bool
    is_today: bool
    where: Where
    owner_id: int | None
    basis: str
    rung: Rung | None
    moved_from: date | None
    missed: bool
    ignore_quiet: bool


def outstanding(session: Session, rows: Sequence[Reminder], now: datetime) -> list[Reminder]:
    """Ask the sources which of *rows* are still outstanding; one question for each check."""
    grouped: dict[str, list[Reminder]] = {}
    for row in rows:
        grouped.setdefault(row.check_name, []).append(row)
    still: set[int] = set()
    for name, asked in grouped.items():
        subjects = [DueSubject(row.visit_id, row.key, (row.subject_kind, row.subject_id)) for row in asked]
        answers = REMINDER_CHECKS.get(name)(session, subjects, now)
        still |= {row.id for row, answer in zip(asked, answers, strict=True) if answer}
    return [row for row in rows if row.id in still]


def due_things(
    session: Session, actor: Actor, now: datetime, *, until: date | None = None, visit_id: int | None = None,
    mine: bool = False, limit: int | None = None,
) -> list[DueThing]:
    """List what is outstanding on visits that the actor may see, the earliest due first.

    *until* is the last due day wanted (by default the digest's horizon, two working days on; for one visit: all).
    *mine* keeps what the actor is told of: their own, and what has climbed the ladder to them. Things whose day was
    long past when first heard of are listed for a single visit only.
    """
    today = local_date(now, our_zone(session))
    calendar = our_calendar(session)
    if until is None and visit_id is None:
        until = horizon(today, calendar)
    states = IS_LIVE if visit_id is None else or_(IS_LIVE, Reminder.state == ReminderState.MISSED.value)
    query = (
        select(Reminder, Visit).join(Visit, Visit.id == Reminder.visit_id)
        .where(states, GOES_ON, seen_by(actor, Visit.id))
        .order_by(Reminder.due_on, Reminder.id)
    )
    if until is not None:
        query = query.where(Reminder.due_on <= until)
    if visit_id is not None:
        query = query.where(Reminder.visit_id == visit_id)
    if mine:
        query = query.where(_reaches(actor, latest_due(today, SUBSTITUTE_AFTER, calendar),
                                     latest_due(today, MANAGERS_AFTER, calendar)))
    if limit is not None:
        query = query.limit(limit)
    rows = session.execute(query).all()
    visits = {visit.id: visit for _, visit in rows}
    managers = frozenset(person.id for person in staff(session, Role.MANAGER)) if rows else frozenset()
    return [
        _thing(row, visits[row.visit_id], actor, days_late(row.due_on, today, calendar), today, managers)
        for row in outstanding(session, [reminder for reminder, _ in rows], now)
    ]


def _reaches(actor: Actor, substitute_until: date, managers_until: date) -> ColumnElement[bool]:
    """Say in SQL what `rules.who_is_told` says of one person."""
    me = actor.account_id or 0
    nobody = and_(Reminder.owner_id.is_(None), Visit.responsible_id.is_(None))
    ways: list[ColumnElement[bool]] = [
        Reminder.owner_id == me,
        and_(Reminder.owner_id.is_(None), Visit.responsible_id == me),
        and_(Visit.substitute_id == me, or_(Reminder.due_on <= substitute_until, nobody)),
    ]
    if actor.has(Role.MANAGER):
        ways.append(Reminder.due_on <= managers_until)
        ways.append(and_(nobody, Visit.substitute_id.is_(None)))
    return or_(*ways)


def _thing(
    row: Reminder, visit: Visit, actor: Actor, late: int, today: date, managers: frozenset[int]
) -> DueThing:
    told = who_is_told(People(visit.responsible_id, visit.substitute_id, managers), row.owner_id, late)
    return DueThing(
        reminder_id=row.id, generation=row.generation, visit_id=visit.id,
        visit_title={"ru": visit.title("ru"), "en": visit.title("en")},
        title=Sentence(row.title_code, from_json(row.title_params)), due_on=row.due_on, days_late=late,
        late=row.due_on < today, is_today=row.due_on == today,
        where=Where(row.endpoint, dict(row.endpoint_values), row.fragment),
        owner_id=row.owner_id if row.owner_id is not None else visit.responsible_id, basis=row.basis,
        rung=told.get(actor.account_id or 0),
        moved_from=row.moved_from if row.told_generation < row.generation else None,
        missed=row.state == ReminderState.MISSED, ignore_quiet=row.ignore_quiet,
    )


def late_counts(session: Session, now: datetime, visit_ids: Sequence[int]) -> dict[int, int]:
    """Count the things past their day that are still outstanding: visit → how many. Unscoped, for the engine."""
    today = local_date(now, our_zone(session))
    rows = session.scalars(
        select(Reminder).join(Visit, Visit.id == Reminder.visit_id)
        .where(IS_LIVE, Reminder.due_on < today, Reminder.visit_id.in_(visit_ids),
               Visit.standing == Standing.LIVE.value)
    ).all()
    counts: dict[int, int] = {}
    for row in outstanding(session, rows, now):
        counts[row.visit_id] = counts.get(row.visit_id, 0) + 1
    return counts


def place_of(session: Session, actor: Actor, reminder_id: int) -> Where:
    """Give the page where a due thing is done, also when it is done already.

    Raises:
        NotFound: there is no such thing, or its visit is not for this actor.
    """
    row = session.scalars(
        select(Reminder).where(Reminder.id == reminder_id, seen_by(actor, Reminder.visit_id))
    ).one_or_none()
    if row is None:
        raise NotFound("reminder")
    return Where(row.endpoint, dict(row.endpoint_values), row.fragment)
