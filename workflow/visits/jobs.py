"""What a worker does for visits: tell people who were told before, and keep the search index fresh."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.events import Event
from workflow.base.jobs import JobHandler
from workflow.base.search import index_documents
from workflow.mail.service import Recipient, queue_mail
from workflow.visits.calendar_event import keep_event
from workflow.visits.models import Told, Visit
from workflow.visits.queries import people_of_visit
from workflow.visits.search import visit_documents

_NEWS = {
    "visits.dates.changed": "dates",
    "process.visit.cancelled": "cancelled",
    "process.visit.postponed": "postponed",
    "process.visit.resumed": "resumed",
}


def _tell_people(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Tell everybody with a part in the visit, and every outside address told before, once for each event."""
    event = session.get(Event, payload["event_id"])
    visit = session.get(Visit, payload["visit_id"])
    if event is None or visit is None or event.kind not in _NEWS:
        return
    news = _NEWS[event.kind]
    values: dict[str, Any] = {"news": news, "title_ru": visit.title_ru, "title_en": visit.title_en or visit.title_ru,
                              "arrival": visit.arrival, "departure": visit.departure,
                              "old_arrival": _old(event, "arrival", visit.arrival),
                              "old_departure": _old(event, "departure", visit.departure)}
    accounts = people(session, [account_id for account_id, _capacity in people_of_visit(session, visit.id)])
    for account in accounts.values():
        if account.active and account.id != event.account_id:
            queue_mail(session, now, "visit-news",
                       Recipient(account.email, account.name(account.locale), account.locale, account.id),
                       values | {"place": visit.place_in(account.locale), "reason": event.note, "outside": False},
                       key=f"visit-news.{event.id}.account.{account.id}", visit_id=visit.id)
    for told in session.scalars(select(Told).where(Told.visit_id == visit.id)):
        invitation = keep_event(
            session, now, visit, name=told.name, address=told.address, language=told.language, until=event.id,
            cancelled=news in ("cancelled", "postponed"), dates=(values["old_arrival"], values["old_departure"]),
        )  # fmt: skip
        queue_mail(session, now, "visit-news", Recipient(told.address, told.name, told.language),
                   values | {"place": visit.place_in(told.language), "reason": "", "outside": True},
                   key=f"visit-news.{event.id}.told.{told.id}", visit_id=visit.id,
                   attachments=[invitation] if invitation else [])  # fmt: skip


def _old(event: Event, name: str, fallback: date | None) -> date | None:
    pair = event.changes.get(name)
    if pair is None:
        return fallback
    return date.fromisoformat(pair[0]) if pair[0] else None


def _index(session: Session, payload: Mapping[str, Any], _outcome: Any, _now: datetime) -> None:
    index_documents(session, visit_documents(session, [payload["visit_id"]]))


HANDLERS = [
    JobHandler("visits.tell_people", record=_tell_people),
    JobHandler("visits.index", record=_index),
]
