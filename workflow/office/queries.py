"""Reads of the office's own data; open to every room."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.knowledge.calendars import WorkingCalendar, working_calendar
from workflow.office.models import CalendarOverride, IssuingBody, NumberSeries, Office, Signatory

DEFAULT_ZONE = "Europe/Moscow"
DEFAULT_COUNTRY = "RU"


def office(session: Session) -> Office | None:
    """Give the office; None until an administrator has set it up."""
    return session.get(Office, 1)


def our_zone(session: Session) -> str:
    """Give the time zone that our office lives in."""
    row = office(session)
    return DEFAULT_ZONE if row is None else row.zone


def our_country(session: Session) -> str:
    """Give the country of our office."""
    row = office(session)
    return DEFAULT_COUNTRY if row is None else row.country


def our_pack(session: Session) -> str | None:
    """Give the key of the pack that our office works by; None until it was set up."""
    row = office(session)
    return None if row is None else row.pack_key


def calendar_of(session: Session, *keys: str) -> WorkingCalendar:
    """Give the working calendar of one or several countries, with the days that our office corrected."""
    return working_calendar(*keys, overrides=overrides(session, *keys))


def our_calendar(session: Session) -> WorkingCalendar:
    """Give the working calendar of our own country, with the days that our office corrected."""
    return calendar_of(session, our_country(session))


def overrides(session: Session, *keys: str) -> Mapping[str, Mapping[date, bool]]:
    """Give the corrected days: calendar → day → whether people work."""
    found: dict[str, dict[date, bool]] = {}
    query = select(CalendarOverride.calendar, CalendarOverride.day, CalendarOverride.works)
    for row in session.execute(query.where(CalendarOverride.calendar.in_(keys)) if keys else query):
        found.setdefault(row.calendar, {})[row.day] = row.works
    return found


def corrected_days(session: Session) -> Sequence[CalendarOverride]:
    """Give the corrected days as rows, the latest first."""
    query = select(CalendarOverride).order_by(CalendarOverride.day.desc(), CalendarOverride.calendar)
    return session.scalars(query).all()


def issuing_bodies(session: Session, *, with_retired: bool = False) -> Sequence[IssuingBody]:
    """List the bodies in whose name papers go out, the first one first."""
    query = select(IssuingBody).order_by(IssuingBody.active.desc(), IssuingBody.id)
    return session.scalars(query if with_retired else query.where(IssuingBody.active)).all()


def issuing_body(session: Session, body_id: int | None = None, *, kind: str | None = None) -> IssuingBody | None:
    """Give the body of that key, also a retired one; without a key the one that issues this kind, else the first.

    None until an administrator has described the office.
    """
    if body_id is not None:
        return session.get(IssuingBody, body_id)
    bodies = issuing_bodies(session)
    return next((one for one in bodies if kind is not None and kind in one.kinds), bodies[0] if bodies else None)


def signatories(
    session: Session, *, with_retired: bool = False, body_id: int | None = None
) -> Sequence[Signatory]:
    """List who signs, those who sign now first; with *body_id* only those of that body."""
    query = select(Signatory).order_by(Signatory.active.desc(), Signatory.is_default.desc(), Signatory.id)
    if body_id is not None:
        query = query.where(Signatory.issuing_body_id == body_id)
    return session.scalars(query if with_retired else query.where(Signatory.active)).all()


def signatory_for(session: Session, kind: str | None = None, body_id: int | None = None) -> Signatory | None:
    """Give who signs a body's papers of a kind: the one who was given that kind, else the default; None for nobody.

    Without *body_id* the body is the one that issues this kind.
    """
    body = issuing_body(session, body_id, kind=kind)
    everyone = signatories(session, body_id=None if body is None else body.id)
    chosen = [one for one in everyone if kind is not None and kind in one.kinds]
    return (chosen or [one for one in everyone if one.is_default] or [None])[0]  # type: ignore[list-item]


def series(session: Session, body_id: int | None = None) -> Sequence[NumberSeries]:
    """Give the registers of numbers, of one body or of all."""
    query = select(NumberSeries).order_by(NumberSeries.issuing_body_id, NumberSeries.key)
    return session.scalars(query if body_id is None else query.where(NumberSeries.issuing_body_id == body_id)).all()


def series_of(session: Session, key: str, body_id: int | None = None) -> NumberSeries | None:
    """Give a body's register of that key, by default the first body's; None when it has none."""
    body = issuing_body(session, body_id)
    owner = NumberSeries.issuing_body_id.is_(None) if body is None else NumberSeries.issuing_body_id == body.id
    return session.scalar(select(NumberSeries).where(NumberSeries.key == key, owner))
