"""What workers do for the process: bring deadlines in line, tell those who were told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.events import Event
from workflow.base.jobs import JobHandler
from workflow.mail.jobs import base_url
from workflow.mail.service import Recipient, queue_mail
from workflow.office.queries import office
from workflow.process.deadlines import sync_deadlines
from workflow.process.reactions import RECOMPUTE, TELL
from workflow.visits.models import Told, Visit
from workflow.visits.queries import people_of_visit

WHAT = {
    "visits.dates.changed": "changed",
    "process.visit.cancelled": "cancelled",
    "process.visit.postponed": "postponed",
    "process.visit.resumed": "resumed",
}
OUTSIDERS_LANGUAGE = "en"


def _recompute(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    sync_deadlines(session, now, [payload["visit_id"]])


def _tell(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Mail how the visit stands to each outside address that was told of it and each colleague with a part in it.

    Each is told of one event once; whoever made the change knows it already.
    """
    event = session.get(Event, payload["event_id"])
    visit = session.get(Visit, payload["visit_id"])
    if event is None or visit is None or event.kind not in WHAT:
        return
    ours = office(session)
    for told in session.scalars(select(Told).where(Told.visit_id == visit.id).order_by(Told.id)):
        language = told.language if told.language in ("ru", "en") else OUTSIDERS_LANGUAGE
        name = "" if ours is None else (ours.name_ru if language == "ru" else ours.name_en) or ours.name_ru
        values = _values(visit, event.kind, language) | {"name": told.name, "link": "", "office": name}
        queue_mail(session, now, "visit_changed", Recipient(told.address, told.name, language), values,
                   key=f"tell.{event.id}.outside.{told.id}")
        told.by_event_id, told.told_at = event.id, now
    accounts = {account_id for account_id, _ in people_of_visit(session, visit.id)} - {event.account_id}
    for one in people(session, accounts).values():
        if not one.active:
            continue
        language = "ru" if one.locale.startswith("ru") else "en"
        values = _values(visit, event.kind, language) | {
            "name": one.name(language), "link": f"{base_url()}/visits/{visit.id}", "office": "",
        }
        queue_mail(session, now, "visit_changed", Recipient(one.email, one.name(language), language, one.id), values,
                   key=f"tell.{event.id}.account.{one.id}")


def _values(visit: Visit, kind: str, language: str) -> dict[str, Any]:
    return {"what": WHAT[kind], "visit": visit.title(language), "arrival": visit.arrival,
            "departure": visit.departure}


HANDLERS = [JobHandler(RECOMPUTE, record=_recompute), JobHandler(TELL, record=_tell)]
