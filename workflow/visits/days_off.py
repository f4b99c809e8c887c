"""Days of a visit on which our side or the other does not work: a warning, never a block.

The other side are the country of the visit, the countries that guests come from, and those in which we stop on the way.
The last are told two floors above: `app.py` hands over who knows them by `use_stays`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from workflow.knowledge.calendars import working_calendar
from workflow.knowledge.countries import is_known_country
from workflow.office.queries import our_country, overrides
from workflow.people.models import Person
from workflow.visits.models import Member, Visit, VisitRequest
from workflow.visits.rules import REQUEST_ACTS, Direction, RequestAct, RequestState


class Occasion(StrEnum):
    """What falls on a day."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class DayOff:
    """A day on which somebody does not work: what falls on it, and in which countries it is a day off."""

    day: date
    occasions: tuple[Occasion, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Stay:
    """A country on the way, and from when to when one is in it; without days as long as the visit."""

    country: str
    first_day: date | None
    last_day: date | None

    def holds(self, day: date) -> bool:
        """Say whether one is there on that day."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


StaySource = Callable[[Session, int], Sequence[Stay]]
STAY_SOURCE: list[StaySource] = []


def use_stays(source: StaySource) -> None:
    """Set who knows the stays of a visit; once at start."""
    STAY_SOURCE[:] = [source]


def stays_of(session: Session, visit_id: int) -> Sequence[Stay]:
    """Give the countries in which a visit's people stop beside the one of the visit."""
    return STAY_SOURCE[0](session, visit_id) if STAY_SOURCE else ()


_GUESTS = (
    select(Member.visit_id, Person.citizenships, Person.residence).join(Person, Person.id == Member.person_id)
    .where(Member.visit_id.in_(bindparam("visits", expanding=True)), Member.ended_at.is_(None))
    .order_by(Member.position)
)  # fmt: skip


def sides_of(session: Session, visit: Visit) -> list[str]:
    """Name the countries of the other side: the visit's, and where its guests come from."""
    return sides_of_many(session, [visit])[visit.id]


def sides_of_many(session: Session, visits: Sequence[Visit]) -> dict[int, list[str]]:
    """Name the countries of the other side of each visit, in one query: a guest's is where the guest lives, if told."""
    sides = {visit.id: [visit.country] for visit in visits}
    coming = [visit.id for visit in visits if visit.direction != Direction.OUTGOING]
    for visit_id, citizenships, residence in session.execute(_GUESTS, {"visits": coming}) if coming else ():
        sides[visit_id] += [residence] if residence else citizenships[:1]
    return {visit_id: list(dict.fromkeys(named)) for visit_id, named in sides.items()}


def days_off(
    session: Session, countries: Sequence[str], days: Iterable[tuple[Occasion, date | None]],
    stays: Sequence[Stay] = (),
) -> list[DayOff]:
    """Find the days off among *days*, in our calendar and those of the other side's *countries*; the earliest first.

    In a country of *stays* only days within the stay count.
    """
    falling: dict[date, dict[Occasion, None]] = {}
    for occasion, day in days:
        if day is not None:
            falling.setdefault(day, {})[occasion] = None
    if not falling:
        return []
    sides = {our_country(session), *countries}
    named = dict.fromkeys((our_country(session), *countries, *(stay.country for stay in stays)))
    watched = [key for key in named if key and is_known_country(key)]
    corrected = overrides(session, *watched)
    calendars = {key: working_calendar(key, overrides=corrected) for key in watched}

    def met(key: str, day: date) -> bool:
        return key in sides or any(stay.country == key and stay.holds(day) for stay in stays)

    found = [DayOff(day, tuple(what), tuple(key for key, own in calendars.items()
                                            if met(key, day) and not own.is_working(day)))
             for day, what in sorted(falling.items())]
    return [one for one in found if one.countries]


def days_off_asked(session: Session, request: VisitRequest) -> list[DayOff]:
    """Find the days off among the days that an undecided request asks for."""
    if RequestState(request.state) not in REQUEST_ACTS[RequestAct.ACCEPT][0]:
        return []
    return days_off(session, [request.country], [(Occasion.ARRIVAL, request.date_from),
                                               (Occasion.DEPARTURE, request.date_to)])
