"""Dates, ranges and moments as the reader's language writes them; filters for templates."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from flask import g
from flask_babel import get_locale

from workflow.base.actor import Actor
from workflow.base.languages import LANGUAGES
from workflow.knowledge.countries import country_name

NBSP = "\u00a0"


def language() -> str:
    """Give the language of this request: "ru" or "en"."""
    locale = get_locale()
    return locale.language if locale else "en"


def is_russian() -> bool:
    """Say whether this request reads Russian."""
    return language() == "ru"


def zone_name() -> str:
    """Give the reader's time zone."""
    actor: Actor | None = g.get("actor")
    return actor.zone if actor else "Europe/Moscow"


def day(value: date | None) -> str:
    """Write a date out: "12 May 2027", «12 мая 2027»."""
    if value is None:
        return "—"
    return format_date(value, "d\u00a0MMMM\u00a0y", locale=language())


def day_short(value: date | None) -> str:
    """Write a date short: "12 May", «12 мая»; with the weekday before it."""
    if value is None:
        return "—"
    return format_date(value, "EEE,\u00a0d\u00a0MMM", locale=language())


def days(first: date | None, last: date | None) -> str:
    """Write a range of days: "12–15 May 2027", «30 мая – 2 июня 2027»."""
    if first is None or last is None:
        return day(first or last)
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    start = format_date(first, "d\u00a0MMMM" if first.year == last.year else "d\u00a0MMMM\u00a0y", locale=language())
    return f"{start}\u00a0– {day(last)}"


def moment(value: datetime | None) -> str:
    """Write a moment in the reader's zone: "12 May 2027, 14:30"."""
    if value is None:
        return "—"
    return format_datetime(value, "d\u00a0MMM\u00a0y, HH:mm", tzinfo=ZoneInfo(zone_name()), locale=language())


def local_moment_value(value: datetime | None) -> str:
    """Write a moment for a `datetime-local` field in the reader's zone."""
    return value.astimezone(ZoneInfo(zone_name())).strftime("%Y-%m-%dT%H:%M") if value else ""


def country(code: str | None) -> str:
    """Name a country in the reader's language."""
    return country_name(code, language()) if code else "—"


def partial_day(text: str) -> str:
    """Write a date known only to the month or year: "2018-03" → "March 2018", «март 2018»."""
    parts = text.split("-")
    if len(parts) == 1:
        return text
    known = date(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 1)
    return day(known) if len(parts) > 2 else format_date(known, "LLLL\u00a0y", locale=language())


def language_name(code: str) -> str:
    """Name a language in the reader's language: "tr" → "Turkish", «турецкий»."""
    return Locale(language()).languages.get(code) or code.upper()


def language_code(text: str) -> str:
    """Read a language as people write it, «турецкий», "Turkish" or "tr"; what names none is given back as it is."""
    wanted = text.strip().casefold()
    named = (code for one in LANGUAGES for code, name in Locale(one).languages.items() if name.casefold() == wanted)
    return next(named, wanted)
