"""Who saw whose personal data and when: read from the events that every reveal leaves, never from names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.events import Event, record
from workflow.guests.models import GuestProposal, GuestScan
from workflow.people.models import Passport, Person
from workflow.people.queries import visible_persons
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.models import Member

LOOKS = (
    "guests.proposal.revealed", "guests.scan.opened", "partners.contact.revealed", "people.person.revealed",
    "privacy.log.exported", "privacy.person.exported", "visas.file.shown",
)  # fmt: skip
"""The kinds of events that say: somebody was shown what is otherwise hidden. Named, so that the index finds them."""
PAGE = 100
MOST = 20_000


@dataclass(frozen=True)
class Look:
    """One reveal: the event, the person's number as far as it is about one, and the name where the reader may know."""

    event: Event
    person_id: int | None
    name: str = ""


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    account_id: int | None = None
    first: date | None = None
    last: date | None = None
    before: int | None = None


def _last(asked: Asked, kind: str, limit: int) -> Select[tuple[int]]:
    """The keys of the last reveals of one kind."""
    query = select(Event.id).where(Event.kind == kind)
    if asked.account_id:
        query = query.where(Event.account_id == asked.account_id)
    if asked.first:
        query = query.where(Event.at >= datetime.combine(asked.first, time(), UTC))
    if asked.last and asked.last < date.max:
        query = query.where(Event.at < datetime.combine(asked.last + timedelta(days=1), time(), UTC))
    if asked.before:
        query = query.where(Event.id < asked.before)
    return query.order_by(Event.id.desc()).limit(limit)


def _query(asked: Asked, limit: int) -> Select[tuple[Event]]:
    """The last reveals of all kinds, each kind looked up by itself.

    Asked for all of them at once, a database reads the record from its end in the hope of meeting enough soon; where
    they are few, it reads all of it.
    """
    found = union_all(*(select(_last(asked, kind, limit).subquery().c.id) for kind in LOOKS))
    return select(Event).where(Event.id.in_(found)).order_by(Event.id.desc()).limit(limit)


def looks(session: Session, actor: Actor, asked: Asked, *, limit: int = PAGE) -> Sequence[Look]:
    """List reveals, the last first. Names are given only of persons whom the actor may see in any case."""
    events = session.scalars(_query(asked, limit)).all()
    persons = _persons(session, events)
    names: dict[int, str] = {}
    wanted = set(persons.values())
    if wanted:
        names = {one.id: one.shown_name(actor.locale)
                 for one in session.scalars(visible_persons(actor).where(Person.id.in_(wanted)))}
    return [Look(event, persons.get(event.id), names.get(persons.get(event.id, 0), "")) for event in events]


def _persons(session: Session, events: Sequence[Event]) -> Mapping[int, int]:
    """Give the person that each event is about, by its own key or by what it is a part of."""
    ids: dict[str, set[int]] = {}
    for event in events:
        ids.setdefault(event.subject_kind, set()).add(event.subject_id)
    of_member = select(Member.id, Member.person_id)
    sources: dict[str, Select[tuple[int, int]]] = {
        "passport": select(Passport.id, Passport.person_id).where(Passport.id.in_(ids.get("passport", ()))),
        "member": of_member.where(Member.id.in_(ids.get("member", ()))),
        "checklist_item": select(ChecklistItem.id, Member.person_id)
        .join(VisaCase, VisaCase.id == ChecklistItem.case_id)
        .join(Member, Member.id == VisaCase.member_id).where(ChecklistItem.id.in_(ids.get("checklist_item", ()))),
        "visa_case": select(VisaCase.id, Member.person_id).join(Member, Member.id == VisaCase.member_id)
        .where(VisaCase.id.in_(ids.get("visa_case", ()))),
        "guest_scan": select(GuestScan.id, Member.person_id).join(Member, Member.id == GuestScan.member_id)
        .where(GuestScan.id.in_(ids.get("guest_scan", ()))),
        "guest_proposal": select(GuestProposal.id, Member.person_id).join(Member, Member.id == GuestProposal.member_id)
        .where(GuestProposal.id.in_(ids.get("guest_proposal", ()))),
    }  # fmt: skip
    found: dict[tuple[str, int], int] = {("person", key): key for key in ids.get("person", ())}
    for kind, query in sources.items():
        if ids.get(kind):
            found |= {(kind, key): person_id for key, person_id in session.execute(query).tuples()}
    return {event.id: found[place] for event in events if (place := (event.subject_kind, event.subject_id)) in found}


def record_export(session: Session, actor: Actor, now: datetime, asked: Asked) -> None:
    """Note that the list itself was taken out of the house."""
    record(session, actor, now, "privacy.log.exported", subject=("account", actor.account_id or 0),
           changes={"first": (None, asked.first), "last": (None, asked.last)})  # fmt: skip
