"""Visits without days ahead that nobody closes and nobody touches: their people are told, then they count as over.

Else the passports, scans and entries of their travellers would be kept for ever, for no last day ever passes. Only what
a person or a guest did counts as a change; what the program reckoned by itself does not.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from workflow.accounts.queries import people, staff
from workflow.base.actor import SYSTEM, ActorKind, Role
from workflow.base.clock import local_date
from workflow.base.events import Event, record
from workflow.guests.privacy.retention import terms
from workflow.guests.privacy.rules import FORGOTTEN_NOTICE, Kind
from workflow.mail.service import Recipient, queue_mail
from workflow.office.queries import our_zone
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing

TOLD = "privacy.visit.forgotten"
BATCH = 200


def _untouched(session: Session, since: datetime) -> ColumnElement[bool]:
    """Hold for visits that go on with no day ahead and in which nobody has done anything since a moment."""
    done = aliased(Event)
    last = local_date(since, our_zone(session))
    return and_(
        Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]), Visit.opened_at < since,
        or_(Visit.departure.is_(None), and_(Visit.standing == Standing.POSTPONED.value, Visit.departure < last)),
        ~exists().where(done.visit_id == Visit.id, done.at >= since, done.actor_kind != ActorKind.SYSTEM.value),
    )  # fmt: skip


def _told(until: datetime) -> ColumnElement[bool]:
    """Hold for visits whose people were told by then, and in which nobody has done anything since."""
    told, done = aliased(Event), aliased(Event)
    return exists(select(told.id).where(
        told.kind == TOLD, told.visit_id == Visit.id, told.at <= until,
        ~exists().where(done.visit_id == Visit.id, done.at > told.at, done.actor_kind != ActorKind.SYSTEM.value),
    ))  # fmt: skip


def forgotten(session: Session, now: datetime) -> ColumnElement[bool]:
    """Hold for visits untouched as long as passports are kept, whose people were told so long enough ago."""
    return and_(_untouched(session, now - timedelta(days=terms(session)[Kind.PASSPORTS].days)),
                _told(now - FORGOTTEN_NOTICE))  # fmt: skip


def tell_forgotten(session: Session, now: datetime) -> int:
    """Tell the people of visits that are about to count as over, once until somebody does something there again."""
    days = terms(session)[Kind.PASSPORTS].days
    kept = timedelta(days=days)
    since = now - max(kept - FORGOTTEN_NOTICE, kept / 2)
    travelling = exists().where(Member.visit_id == Visit.id, Member.state.in_(LIVE_MEMBER))
    visits = session.scalars(
        select(Visit).where(_untouched(session, since), ~_told(now), travelling).order_by(Visit.id).limit(BATCH)
    ).all()
    for visit in visits:
        event_id = record(session, SYSTEM, now, TOLD, subject=visit, visit_id=visit.id)
        values = {"title_ru": visit.title_ru, "title_en": visit.title_en or visit.title_ru,
                  "path": f"/visits/{visit.id}",
                  "day": local_date(now + FORGOTTEN_NOTICE, our_zone(session))}  # fmt: skip
        named = people(session, [visit.responsible_id, visit.substitute_id]).values()
        for one in [one for one in named if one.active] or staff(session, Role.MANAGER):
            queue_mail(session, now, "visit-forgotten",
                       Recipient(one.email, one.name(one.locale), one.locale, one.id),
                       values | {"name": one.name(one.locale)},
                       key=f"visit-forgotten.{event_id}.{one.id}", visit_id=visit.id)  # fmt: skip
    return len(visits)
