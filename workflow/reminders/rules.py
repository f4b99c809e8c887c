"""Who is told of what, when: the escalation ladder, lateness, and the hour of the digest. No database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflow.knowledge.calendars import Unit, WorkingCalendar, shift, working_days_between


class ReminderState(StrEnum):
    """Where a due thing stands.

    `pending`: nobody was told of this generation yet; `told`: somebody was. `missed`: its day was long past when it
    was first heard of, so nobody is told, but it is shown. Only a live visit's things are told: while it is postponed
    they wait as they are.
    """

    PENDING = "pending"
    TOLD = "told"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    MISSED = "missed"


LIVE = (ReminderState.PENDING, ReminderState.TOLD)
"""The states in which a thing may still have to be told; the partial index covers exactly these."""

OUTLASTING = frozenset({"outcomes"})
"""Sources whose things are owed after a visit is closed too: what was promised there."""

SOON = 2
"""A digest also names what falls due within so many working days, while there is time to do it."""

SUBSTITUTE_AFTER = 1
MANAGERS_AFTER = 2
"""Working days late after which the substitute, then the managers are told too."""

GRACE = timedelta(days=30)
"""What was already later than this when first heard of is shown as missed, and never mailed."""

CATCH_UP = timedelta(hours=12)
"""A digest that could not be made at its hour (the machine was off) is made up to so much later on that day."""


class Rung(StrEnum):
    """Why a person is told."""

    OWNER = "owner"
    SUBSTITUTE = "substitute"
    MANAGER = "manager"


@dataclass(frozen=True)
class People:
    """Whom a visit's reminders can reach, by account id."""

    responsible_id: int | None
    substitute_id: int | None
    manager_ids: frozenset[int]


def who_is_told(people: People, owner_id: int | None, days_late: int) -> dict[int, Rung]:
    """Climb the ladder: the owner on the day, the substitute one working day late, the managers two.

    *owner_id* None means the visit's responsible officer. Where a rung is empty the next one is told at once, so that
    nothing falls between: without an owner the substitute, without both the managers.
    """
    told: dict[int, Rung] = {}
    owner = owner_id if owner_id is not None else people.responsible_id
    if owner is not None:
        told[owner] = Rung.OWNER
    if people.substitute_id is not None and (days_late >= SUBSTITUTE_AFTER or not told):
        told.setdefault(people.substitute_id, Rung.SUBSTITUTE)
    if days_late >= MANAGERS_AFTER or not told:
        for manager_id in sorted(people.manager_ids):
            told.setdefault(manager_id, Rung.MANAGER)
    return told


def days_late(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Count how many of the office's working days have passed since the due day; negative: days left."""
    return working_days_between(due_on, today, calendar)


def horizon(today: date, calendar: WorkingCalendar) -> date:
    """Give the last due day that a digest of *today* names."""
    return shift(today, SOON, Unit.WORKDAY, calendar)


def digest_day(now: datetime, zone: str, hour: int) -> date | None:
    """Give the local date whose digest is due at *now* for somebody in *zone*, or None outside its time.

    Judged on the local clock, so that summer time moves the moment and not the hour; an hour that the clock skips
    is past as soon as the clock has jumped, and one that comes twice makes one digest, for the day is the key.
    """
    local = now.astimezone(ZoneInfo(zone))
    begins = timedelta(hours=hour)
    since_midnight = timedelta(hours=local.hour, minutes=local.minute)
    return local.date() if begins <= since_midnight < begins + CATCH_UP else None


def digest_key(account_id: int, day: date) -> str:
    """Give the unique key of one person's digest of one day."""
    return f"digest.{account_id}.{day.isoformat()}"


def first_state(due_on: date, today: date) -> ReminderState:
    """Decide in which state a thing enters, or enters again after its day moved."""
    return ReminderState.MISSED if due_on < today - GRACE else ReminderState.PENDING


def latest_due(today: date, late: int, calendar: WorkingCalendar) -> date:
    """Give the last due day that is *late* working days past on *today*."""
    day = today
    while days_late(day, today, calendar) < late:
        day -= timedelta(days=1)
    return day


def batches(ids: Iterable[int], size: int) -> Iterable[list[int]]:
    """Cut ids into lists of at most *size*."""
    part: list[int] = []
    for one in ids:
        part.append(one)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part
