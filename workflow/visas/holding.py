"""Who has a visa case in hand and since when, and the day at the consulate."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import changed, record
from workflow.office.queries import our_zone
from workflow.visas.models import VisaCase
from workflow.visas.rules import ENDED, CaseAct, Holder, holder_after
from workflow.visits.models import Visit

_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def pass_on(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, holder: Holder, *,
    since: date | None = None, note: str = "", version: int | None = None,
) -> None:  # fmt: skip
    """Record who has the case in hand now; *since* is today unless told otherwise.

    Raises:
        Stale: somebody else saved meanwhile.
        Conflict: the case has ended, nobody has it in hand.
        Invalid: the day lies ahead, or the note is too long.
    """
    expect_version(case, version)
    if case.state in ENDED:
        raise Conflict("visas.not-now")
    today = local_date(now, our_zone(session))
    if since is not None and since > today:
        raise Invalid("visas.day-in-future", field="since")
    if len(note) > 300:
        raise Invalid("base.too-long", field="note", limit=300)
    differences = changed(case, {"held_by": holder.value, "held_since": since or today, "held_note": note.strip()})
    if differences:
        record(session, actor, now, "visas.case.handed", subject=case, visit_id=visit.id, changes=differences)


def follow_act(case: VisaCase, act: CaseAct, day: date) -> None:
    """Hand a case to whoever has it after an act; it stays since when it was there already."""
    holder = holder_after(act)
    if case.held_by != holder or case.held_since is None:
        case.held_by, case.held_since, case.held_note = holder.value, day, ""


@dataclass(frozen=True)
class Appointment:
    """A day at the consulate; the hour is local there."""

    on: date | None
    at: str = ""
    place: str = ""


def set_appointment(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, told: Appointment, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Note, move or, without a day, drop the appointment at the consulate.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: an hour or place without a day, no such hour, or a day after the first day there.
    """
    expect_version(case, version)
    at = told.at.strip()
    if told.on is None and (at or told.place.strip()):
        raise Invalid("base.required", field="appointment_on")
    if at and not _HOUR.fullmatch(at):
        raise Invalid("visas.no-such-hour", field="appointment_at")
    if len(told.place) > 300:
        raise Invalid("base.too-long", field="appointment_place", limit=300)
    first, _last = case.stay(visit)
    if told.on and first and told.on > first:
        raise Invalid("visas.appointment-too-late", field="appointment_on")
    differences = changed(
        case, {"appointment_on": told.on, "appointment_at": at, "appointment_place": told.place.strip()}
    )
    if differences:
        record(session, actor, now, "visas.case.appointed", subject=case, visit_id=visit.id, changes=differences)
