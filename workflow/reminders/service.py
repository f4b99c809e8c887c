"""Keeping due things: what a source wants of a visit replaces what it wanted before; moved days are told anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from workflow.base.clock import local_date
from workflow.base.events import changed
from workflow.base.reasons import DueItem
from workflow.office.queries import our_zone
from workflow.reminders.models import Reminder
from workflow.reminders.queries import GOES_ON, IS_LIVE, outstanding
from workflow.reminders.rules import LIVE, OUTLASTING, ReminderState, first_state
from workflow.reminders.wording import to_json
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

BATCH = 500
_KEPT = (
    select(Visit.id, Visit.standing, Reminder)
    .outerjoin(Reminder, and_(Reminder.visit_id == Visit.id, Reminder.source == bindparam("source")))
    .where(Visit.id.in_(bindparam("visits", expanding=True)))
)


@dataclass
class Synced:
    """What bringing due things in line did."""

    new: int = 0
    moved: int = 0
    withdrawn: int = 0


def sync_due(
    session: Session, now: datetime, *, source: str, visit_id: int, items: Sequence[DueItem]
) -> Synced:
    """Replace what *source* wants done for a visit by *items*.

    A thing whose day moved enters a new generation, so that it is told once more; what is no longer wanted is
    withdrawn, never deleted. A visit cancelled or closed wants nothing, but for what was promised at one closed.
    """
    return sync_due_many(session, now, source=source, wanted={visit_id: items})


def sync_due_many(
    session: Session, now: datetime, *, source: str, wanted: Mapping[int, Sequence[DueItem]],
    today: date | None = None,
) -> Synced:
    """Do what `sync_due` does for many visits with a fixed number of queries; *today* is our office's, if known."""
    done = Synced()
    if not wanted:
        return done
    today = today or local_date(now, our_zone(session))
    session.flush()
    found = session.execute(_KEPT, {"visits": list(wanted), "source": source}).all()
    wants_nothing = {Standing.CANCELLED} if source in OUTLASTING else {Standing.CANCELLED, Standing.CLOSED}
    ended = {row.id for row in found if row.standing in wants_nothing}
    known = {(row.id, row.Reminder.key): row.Reminder for row in found if row.Reminder is not None}
    finished: list[Reminder] = []
    new: list[dict[str, Any]] = []
    for visit_id, items in wanted.items():
        for item in () if visit_id in ended else items:
            row = known.pop((visit_id, item.key), None)
            if row is None:
                new.append(_new(now, today, source, visit_id, item))
                continue
            done.moved += _renew(row, item, today)
            if row.state == ReminderState.DONE:
                finished.append(row)
    for row in known.values():
        if row.state in (*LIVE, ReminderState.MISSED):
            row.state, row.ended_at = ReminderState.WITHDRAWN, now
            done.withdrawn += 1
    for row in outstanding(session, finished, now):
        _restart(row, row.due_on, today)
    session.flush()
    if new:
        session.execute(insert(Reminder), new)
    done.new = len(new)
    return done


def _new(now: datetime, today: date, source: str, visit_id: int, item: DueItem) -> dict[str, Any]:
    return {
        "visit_id": visit_id, "source": source, "key": item.key, "due_on": item.due_on, "created_at": now,
        "generation": 1, "told_generation": 0, "state": first_state(item.due_on, today), **_described(item),
    }


def _described(item: DueItem) -> dict[str, Any]:
    params, values = to_json(item.title.params), dict(item.where.values)
    return {
        "title_code": item.title.code, "title_params": params, "subject_kind": item.subject[0],
        "subject_id": item.subject[1], "endpoint": item.where.endpoint, "endpoint_values": values,
        "fragment": item.where.fragment, "check_name": item.check, "owner_id": item.owner_id, "basis": item.basis,
        "calendars": list(item.calendars), "ignore_quiet": item.ignore_quiet,
    }


def _renew(row: Reminder, item: DueItem, today: date) -> int:
    changed(row, _described(item))
    if row.due_on == item.due_on:
        if row.state == ReminderState.WITHDRAWN:
            _restart(row, item.due_on, today)
        return 0
    row.moved_from = row.due_on
    _restart(row, item.due_on, today)
    return 1


def _restart(row: Reminder, due_on: date, today: date) -> None:
    row.due_on = due_on
    row.generation += 1
    row.state = first_state(due_on, today)
    row.checked_on = row.ended_at = None


def withdraw_visit(session: Session, now: datetime, visit_id: int) -> int:
    """Withdraw everything that was still due of a visit, but for what was promised at one closed; give how many."""
    session.flush()
    closed = select(Visit.id).where(Visit.id == visit_id, Visit.standing == Standing.CLOSED.value)
    done = session.execute(
        update(Reminder)
        .where(Reminder.visit_id == visit_id, Reminder.state.in_([*(state.value for state in LIVE),
                                                                  ReminderState.MISSED.value]),
               ~and_(Reminder.source.in_(OUTLASTING), Reminder.visit_id.in_(closed)))
        .values(state=ReminderState.WITHDRAWN.value, ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def recheck_due(session: Session, now: datetime, *, until: date, limit: int = BATCH) -> int:
    """Take up to *limit* things due by *until* that were not checked today, and end those that are done.

    Rows that another scheduler holds are passed over. Give how many were taken; fewer than *limit* means no more.
    """
    today = local_date(now, our_zone(session))
    rows = session.scalars(
        select(Reminder)
        .where(IS_LIVE, Reminder.due_on <= until, (Reminder.checked_on.is_(None)) | (Reminder.checked_on < today),
               select(Visit.id).where(Visit.id == Reminder.visit_id, GOES_ON).exists())
        .order_by(Reminder.due_on, Reminder.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    still = {row.id for row in outstanding(session, rows, now)}
    for row in rows:
        row.checked_on = today
        if row.id not in still:
            row.state, row.ended_at = ReminderState.DONE, now
    session.flush()
    return len(rows)


def wake_undone(session: Session, now: datetime, visit_id: int) -> int:
    """Take up again what was done of a visit and is not any more: a list opened again, an interpreter taken away.

    Each enters a new generation, so that it is told once more. Give how many.
    """
    session.flush()
    done = session.scalars(
        select(Reminder).where(Reminder.visit_id == visit_id, Reminder.state == ReminderState.DONE.value)
    ).all()
    if not done:
        return 0
    today = local_date(now, our_zone(session))
    undone = outstanding(session, done, now)
    for row in undone:
        _restart(row, row.due_on, today)
    session.flush()
    return len(undone)


def mark_told(session: Session, now: datetime, told: Mapping[int, int]) -> None:
    """Note that somebody was told of these things: reminder id → the generation that the message named.

    A thing that moved meanwhile is of another generation, and is told again.
    """
    for generation in sorted(set(told.values())):
        ids = [reminder_id for reminder_id, named in told.items() if named == generation]
        session.execute(
            update(Reminder)
            .where(Reminder.id.in_(ids), Reminder.generation == generation, IS_LIVE)
            .values(state=ReminderState.TOLD.value, told_generation=generation, told_at=now)
            .execution_options(synchronize_session="fetch")
        )
