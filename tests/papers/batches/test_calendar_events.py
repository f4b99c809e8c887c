"""The visit as a calendar event: one UID for its life, SEQUENCE up by one for each change, CANCEL when it is off."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from tests.papers.test_life import signed
from tests.papers.test_mailing import mail_it
from workflow.base.actor import SYSTEM
from workflow.base.unit_of_work import commit
from workflow.visits import service as visits
from workflow.visits.calendar_event import event_file
from workflow.visits.models import Told, Visit
from workflow.visits.rules import Dates, Standing

Outbox = Callable[[], list[EmailMessage]]


def events(mails: list[EmailMessage], to: str) -> list[Any]:
    """The calendar events of the mails to an address: (METHOD, the event)."""
    found = []
    for mail in mails:
        for part in mail.iter_attachments():
            if part.get_content_type() == "text/calendar" and to in str(mail["To"]):
                assert part.get_param("method") in ("REQUEST", "CANCEL")
                calendar: Any = Calendar.from_ical(part.get_payload(decode=True))
                assert calendar["METHOD"] == part.get_param("method")
                (event,) = calendar.walk("VEVENT")
                found.append((str(calendar["METHOD"]), event))
    return found


def test_an_invitation_carries_the_visit_and_changes_follow_it(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox,
) -> None:  # fmt: skip
    desk.visit.place, desk.visit.place_en = "Ставрополь", "Stavropol"
    paper = signed(session, desk, now, submitted(), run_jobs)
    mail_it(session, desk, now, paper, paper.lock_version)
    run_jobs()
    session.expire_all()
    session.scalars(select(Told)).one().language = "en"
    visit = session.get_one(Visit, desk.visit.id)
    first, last = visit.arrival, visit.departure
    assert first is not None
    assert last is not None
    moved = Dates(first + timedelta(days=7), last + timedelta(days=7))
    visits.write_dates(session, SYSTEM, now, visit, moved)
    commit(session)
    run_jobs()
    visits.write_standing(session, SYSTEM, now, visit, Standing.POSTPONED, reason="Snow")
    commit(session)
    run_jobs()
    visits.write_standing(session, SYSTEM, now, visit, Standing.LIVE, reason="Thaw")
    commit(session)
    run_jobs()
    visits.write_standing(session, SYSTEM, now, visit, Standing.CANCELLED, reason="Flood")
    commit(session)
    run_jobs()
    found = sorted(events(outbox(), "mayor@kadikoy.example"), key=lambda one: int(one[1]["SEQUENCE"]))
    assert [(method, int(event["SEQUENCE"])) for method, event in found] == [
        ("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 2), ("REQUEST", 3), ("CANCEL", 4),
    ]  # fmt: skip
    assert {str(event["LOCATION"]) for _method, event in found[1:]} == {"Stavropol"}
    told = [mail.get_body().get_content() for mail in outbox() if "mayor@" in mail["To"]]
    assert ("Place: Stavropol." in "".join(told), "Ставрополь." in "".join(told)) == (True, False)
    assert len({str(event["UID"]) for _method, event in found}) == 1
    assert [event["DTSTART"].dt for _method, event in found] == [first, *[moved.arrival] * 4]
    assert {event["DTEND"].dt - event["DTSTART"].dt for _method, event in found} == {timedelta(days=4)}
    assert [str(event["STATUS"]) for _method, event in found][-1] == "CANCELLED"
    assert str(found[0][1]["ATTENDEE"]) == "mailto:mayor@kadikoy.example"
    assert str(found[0][1]["ORGANIZER"]) == "mailto:office@city.example"


def test_two_who_were_told_get_the_same_sequence(
    session: Session, desk: Desk, now: datetime, run_jobs: Callable[[], int], outbox: Outbox
) -> None:
    for address in ("one@city.example", "two@city.example"):
        visits.note_told(session, now, desk.visit.id, name="Guest", address=address, language="en")
    visit = session.get_one(Visit, desk.visit.id)
    assert visit.arrival is not None
    visits.write_dates(session, SYSTEM, now, visit, Dates(visit.arrival, visit.arrival + timedelta(days=1)))
    commit(session)
    run_jobs()
    assert len(session.scalars(select(Told)).all()) == 2
    sequences = {
        address: [int(event["SEQUENCE"]) for _method, event in events(outbox(), address)]
        for address in ("one@city.example", "two@city.example")
    }
    assert sequences == {"one@city.example": [1], "two@city.example": [1]}


def test_a_letter_of_thanks_carries_no_event(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox,
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted("order-receiving"), run_jobs)
    mail_it(session, desk, now, paper, paper.lock_version)
    run_jobs()
    assert {part.get_content_type() for part in outbox()[0].iter_attachments()} == {"application/pdf"}


def test_hostile_words_stay_inside_their_property(desk: Desk, now: datetime) -> None:
    visit = desk.visit
    visit.title_en = 'Visit\r\nBEGIN:VEVENT\r\nUID:evil, "x"; \\n'
    visit.place = "Stavropol\nATTENDEE:mailto:evil@evil.example"
    data = event_file(
        visit, date(2027, 5, 14), date(2027, 5, 17), now=now, language="en", sequence=3, cancelled=False,
        organiser=('A "quoted"\r\nname', "office@city.example"), attendee=("", "a@city.example"),
    )  # fmt: skip
    calendar: Any = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == 'Visit BEGIN:VEVENT UID:evil, "x"; \\n'
    assert str(event["ATTENDEE"]) == "mailto:a@city.example"
    assert calendar["X-WR-TIMEZONE"] == "Europe/Moscow"
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
