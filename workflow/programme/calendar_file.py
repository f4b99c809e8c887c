"""A visit's programme as an iCalendar file, for the calendars of phones and offices. Never with internal notes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from workflow.programme.models import ProgrammeItem
from workflow.programme.rules import UNSAID_LENGTH, moment
from workflow.visits.models import Visit


def one_line(text: str) -> str:
    """Give a text as one line: a break inside it would begin a property of its own, or be refused."""
    return " ".join(text.split())


def calendar_file(visit: Visit, items: Sequence[ProgrammeItem], language: str, now: datetime) -> bytes:
    """Write the file. The same item keeps its identity and counts up when changed, so calendars replace it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Delegations//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(visit.title(language)))
    for item in items:
        event = Event()
        event.add("uid", f"programme-{item.id}@delegations")
        event.add("dtstamp", now)
        event.add("sequence", item.lock_version)
        event.add("summary", one_line(item.title(language)))
        if item.starts is None:
            event.add("dtstart", item.day)
            event.add("dtend", item.day + timedelta(days=1))
        else:
            begins = moment(item.day, item.starts, visit.zone)
            event.add("dtstart", begins)
            event.add("dtend", moment(item.day, item.ends, visit.zone) if item.ends else begins + UNSAID_LENGTH)
        if item.place(language):
            event.add("location", one_line(item.place(language)))
        said = "\n".join(filter(None, (item.host(language), item.dress(language), item.note(language))))
        if said:
            event.add("description", said)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
