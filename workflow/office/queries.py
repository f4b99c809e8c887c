"""Reads of the office's own data; open to every room."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.knowledge.calendars import WorkingCalendar, working_calendar
from workflow.office.models import CalendarOverride, NumberSeries, Office, Signatory

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


def signatories(session: Session, *, with_retired: bool = False) -> Sequence[Signatory]:
    """Give those who sign, the default one first."""
    query = select(Signatory).order_by(Signatory.active.desc(), Signatory.is_default.desc(), Signatory.id)
    return session.scalars(query if with_retired else query.where(Signatory.active)).all()


def signatory_for(session: Session, kind: str | None = None) -> Signatory | None:
    """Give who signs papers of a kind: the one who was given that kind, else the default; None when nobody is named."""
    everyone = signatories(session)
    chosen = [one for one in everyone if kind is not None and kind in one.kinds]
    return (chosen or [one for one in everyone if one.is_default] or [None])[0]  # type: ignore[list-item]


def series(session: Session) -> Sequence[NumberSeries]:
    """Give the registers of numbers."""
    return session.scalars(select(NumberSeries).order_by(NumberSeries.key)).all()
