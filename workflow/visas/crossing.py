"""Borders told of a visit beside the one of its country: entered, changed, dropped, and moved along with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.knowledge.countries import is_known_country
from workflow.people.models import Person
from workflow.visas.matrix import NAME_PARTS
from workflow.visas.models import BorderCrossing, VisaCase
from workflow.visas.rules import CaseState, Entries
from workflow.visits.days_off import Stay
from workflow.visits.models import Member, Visit
from workflow.visits.rules import EARLIEST_YEAR, LATEST_YEAR, LIVE_MEMBER, LONGEST_DAYS, Direction, Standing

_AS_IN_HISTORY = {"first_day": "arrival", "last_day": "departure"}
"""A visit's history has words for a first and a last day already."""


@dataclass(frozen=True)
class Told:
    """What is told of one border; without days it lasts as long as the visit."""

    country: str
    first_day: date | None = None
    last_day: date | None = None
    entries: Entries = Entries.SINGLE
    transit: bool = False
    note: str = ""


def crossings_of(session: Session, visit_id: int) -> Sequence[BorderCrossing]:
    """List what was told of a visit's borders, in the order of their days; unscoped."""
    return session.scalars(
        select(BorderCrossing).where(BorderCrossing.visit_id == visit_id)
        .order_by(BorderCrossing.first_day.is_(None).desc(), BorderCrossing.first_day, BorderCrossing.id)
    ).all()  # fmt: skip


def stays_told(session: Session, visit_id: int) -> list[Stay]:
    """Give the countries in which a visit's people stop on their way; one only passed through is none."""
    told = crossings_of(session, visit_id)
    return [Stay(row.country, row.first_day, row.last_day) for row in told if not row.transit]


def find_crossing(session: Session, visit: Visit, crossing_id: int) -> BorderCrossing:
    """Give one of a visit's borders; the caller has checked the visit.

    Raises:
        NotFound: the visit has none of that key.
    """
    row = session.get(BorderCrossing, crossing_id)
    if row is None or row.visit_id != visit.id:
        raise NotFound("border-crossing")
    return row


def tell_crossing(session: Session, actor: Actor, now: datetime, visit: Visit, told: Told) -> BorderCrossing:
    """Enter a border, or change what was told of the same country's; cases follow with the next reckoning.

    Raises:
        Invalid: no such country, or days that cannot be.
        Conflict: nobody travels, or the visit is over.
    """
    _check(visit, told)
    values = {
        "first_day": told.first_day, "last_day": told.last_day, "entries": told.entries.value,
        "transit": told.transit, "note": told.note.strip(),
    }  # fmt: skip
    row = session.scalar(
        select(BorderCrossing).where(BorderCrossing.visit_id == visit.id, BorderCrossing.country == told.country)
    )
    if row is None:
        row = BorderCrossing(visit_id=visit.id, country=told.country, created_at=now, created_by=actor.account_id,
                             **values)  # fmt: skip
        session.add(row)
        differences = {"country": (None, told.country), "first_day": (None, told.first_day),
                       "last_day": (None, told.last_day)}  # fmt: skip
    else:
        differences = changed(row, values)
    row.arrival_seen, row.departure_seen = visit.arrival, visit.departure
    session.flush()
    if differences:
        record(session, actor, now, "visas.border.told", subject=row, visit_id=visit.id,
               changes={_AS_IN_HISTORY.get(name, name): pair for name, pair in differences.items()})  # fmt: skip
    return row


def drop_crossing(
    session: Session, actor: Actor, now: datetime, visit: Visit, row: BorderCrossing, *, version: int | None = None
) -> None:
    """Take a border back; its cases are withdrawn with the next reckoning.

    Raises:
        Stale: somebody else saved meanwhile.
    """
    expect_version(row, version)
    record(session, actor, now, "visas.border.dropped", subject=row, visit_id=visit.id,
           changes={"country": (row.country, None)})  # fmt: skip
    session.delete(row)
    session.flush()


def move_along(rows: Sequence[BorderCrossing], visit: Visit) -> None:
    """Move borders with a visit that has moved as a whole; what hangs on new lengths is for a person to say."""
    if visit.arrival is None or visit.departure is None:
        return
    for row in rows:
        moved = visit.arrival - row.arrival_seen if row.arrival_seen else timedelta()
        whole = row.departure_seen is not None and visit.departure - row.departure_seen == moved
        if moved and whole and row.first_day and row.last_day:
            row.first_day, row.last_day = row.first_day + moved, row.last_day + moved
        if (row.arrival_seen, row.departure_seen) != (visit.arrival, visit.departure):
            row.arrival_seen, row.departure_seen = visit.arrival, visit.departure


def lies_outside(row: BorderCrossing, visit: Visit) -> bool:
    """Tell whether a stay, not a transit, lies outside of the visit's days: perhaps the visit was moved."""
    if row.transit or row.first_day is None or row.last_day is None or visit.arrival is None or visit.departure is None:
        return False
    return row.first_day < visit.arrival or row.last_day > visit.departure


def without_case(session: Session, visit: Visit) -> Sequence[Person]:
    """List those of a delegation who have no visa case, with their names and citizenships only; unscoped."""
    having = select(VisaCase.member_id).where(VisaCase.visit_id == visit.id, VisaCase.state != CaseState.WITHDRAWN)
    return session.scalars(
        select(Person).join(Member, Member.person_id == Person.id)
        .where(Member.visit_id == visit.id, Member.state.in_([state.value for state in LIVE_MEMBER]),
               Member.id.not_in(having))
        .options(load_only(*NAME_PARTS, Person.citizenships)).order_by(Member.position, Member.id)
    ).all()  # fmt: skip


def _check(visit: Visit, told: Told) -> None:
    if visit.direction == Direction.ONLINE:
        raise Conflict("visas.nobody-travels")
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")
    problems = []
    if not is_known_country(told.country):
        problems.append(Problem("country", "visas.unknown-country"))
    days = [day for day in (told.first_day, told.last_day) if day is not None]
    if len(days) == 1:
        problems.append(Problem("last_day" if told.first_day else "first_day", "visas.both-days"))
    elif any(not EARLIEST_YEAR <= day.year <= LATEST_YEAR for day in days):
        problems.append(Problem("first_day", "visas.no-such-day"))
    elif days and days[1] < days[0]:
        problems.append(Problem("last_day", "visas.validity-swapped"))
    elif days and (days[1] - days[0]).days > LONGEST_DAYS:
        problems.append(Problem("last_day", "visas.stay-too-long"))
    if len(told.note) > 300:
        problems.append(Problem("note", "base.too-long", {"limit": 300}))
    if problems:
        raise Invalid(problems=problems)
