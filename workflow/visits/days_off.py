"""Days of a visit on which our side or the other does not work: a warning, never a block."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from workflow.knowledge.calendars import working_calendar
from workflow.knowledge.countries import is_known_country
from workflow.office.queries import our_country, overrides
from workflow.visits.models import VisitRequest
from workflow.visits.rules import REQUEST_ACTS, RequestAct, RequestState


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


def days_off(session: Session, country: str, days: Iterable[tuple[Occasion, date | None]]) -> list[DayOff]:
    """Find the days off among *days*, in our calendar and that of the other side's *country*; the earliest first."""
    falling: dict[date, dict[Occasion, None]] = {}
    for occasion, day in days:
        if day is not None:
            falling.setdefault(day, {})[occasion] = None
    if not falling:
        return []
    watched = [key for key in dict.fromkeys((our_country(session), country)) if key and is_known_country(key)]
    corrected = overrides(session, *watched)
    calendars = {key: working_calendar(key, overrides=corrected) for key in watched}
    found = [DayOff(day, tuple(what), tuple(key for key, own in calendars.items() if not own.is_working(day)))
             for day, what in sorted(falling.items())]
    return [one for one in found if one.countries]


def days_off_asked(session: Session, request: VisitRequest) -> list[DayOff]:
    """Find the days off among the days that an undecided request asks for."""
    if RequestState(request.state) not in REQUEST_ACTS[RequestAct.ACCEPT][0]:
        return []
    return days_off(session, request.country, [(Occasion.ARRIVAL, request.date_from),
                                               (Occasion.DEPARTURE, request.date_to)])
