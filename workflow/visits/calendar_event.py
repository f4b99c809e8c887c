"""A visit as one whole-day calendar event for those who are told of it (RFC 5545, RFC 5546).

The event keeps its UID for the visit's whole life. SEQUENCE is the number of changes that people were told of: it is
counted from the visit's history, so that it rises exactly once for each, however many mails say it. A visit that is
called off or postponed is sent as METHOD:CANCEL.
"""

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.events import Event as HistoryEvent
from workflow.base.files import keep_bytes
from workflow.office.queries import issuing_body
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

TOLD_CHANGES = (
    "visits.dates.changed", "process.visit.cancelled", "process.visit.postponed", "process.visit.resumed",
)  # fmt: skip
"""Changes of a visit that those who were told of it are told; each raises SEQUENCE by one (RFC 5546, 2.1.4)."""


def one_line(text: str) -> str:
    """Give a text as one line: a break inside it would begin a property of its own, or be refused."""
    return " ".join(text.split())


def uid_of(visit: Visit) -> str:
    """The identity of the visit's event, made of what never changes and no other installation has."""
    return f"visit-{visit.id}-{visit.opened_at.astimezone(UTC):%Y%m%dT%H%M%S%f}@delegations"


def sequence_of(session: Session, visit_id: int, *, until: int | None = None) -> int:
    """How often people were told of a change; *until* an event of the history, so that a late mail keeps its own."""
    query = select(func.count(HistoryEvent.id)).where(
        HistoryEvent.visit_id == visit_id, HistoryEvent.kind.in_(TOLD_CHANGES)
    )
    if until is not None:
        query = query.where(HistoryEvent.id <= until)
    return session.scalar(query) or 0


def event_file(
    visit: Visit, first: date, last: date, *, now: datetime, language: str, sequence: int, cancelled: bool,
    organiser: tuple[str, str], attendee: tuple[str, str],
) -> bytes:  # fmt: skip
    """Write the event for one attendee; *organiser* and *attendee* are (name, address)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Delegations//visit//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add("x-wr-timezone", visit.zone)
    event = Event()
    event.add("uid", uid_of(visit))
    event.add("dtstamp", now)
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", one_line(visit.title(language)))
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # DTEND is the day after the last (RFC 5545, 3.6.1)
    if place := visit.place_in(language):
        event.add("location", one_line(place))
    for role, (name, address) in (("organizer", organiser), ("attendee", attendee)):
        if address:
            person = vCalAddress(f"mailto:{one_line(address)}")
            person.params["cn"] = vText(one_line(name).replace('"', "'") or address)
            if role == "attendee":
                person.params["rsvp"] = vText("FALSE")
                person.params["role"] = vText("REQ-PARTICIPANT")
            event.add(role, person, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def keep_event(
    session: Session, now: datetime, visit: Visit, *, name: str, address: str, language: str, until: int | None = None,
    cancelled: bool | None = None, dates: tuple[date | None, date | None] | None = None,
) -> int | None:  # fmt: skip
    """Keep the event for one attendee as a file to be attached, and give its key; None while the visit has no dates.

    *dates* are taken where the visit has none any more: a cancelled event still says which days it was.
    """
    first, last = visit.arrival, visit.departure
    if (first is None or last is None) and dates is not None:
        first, last = dates
    if first is None or last is None:
        return None
    ours = issuing_body(session)
    organiser = ("", "")
    if ours is not None:
        organiser = (ours.name_ru if language == "ru" else ours.name_en or ours.name_ru, ours.email or "")
    called_off = visit.standing in (Standing.CANCELLED, Standing.POSTPONED) if cancelled is None else cancelled
    data = event_file(
        visit, first, last, now=now, language=language, sequence=sequence_of(session, visit.id, until=until),
        cancelled=called_off, organiser=organiser, attendee=(name, address),
    )  # fmt: skip
    method = "CANCEL" if called_off else "REQUEST"
    kept = keep_bytes(session, SYSTEM, now, data, name="visit.ics",
                      media_type=f"text/calendar; charset=utf-8; method={method}", visit_id=visit.id)  # fmt: skip
    return kept.id
