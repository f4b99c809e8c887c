"""Numbers without gaps and without twins.

A number is taken by one UPDATE in the transaction of the act that needs it: others who want the next number wait for
that row, and when the act is rolled back its number is free again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import expect_version, insert_or_ignore
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.knowledge.names import normalise
from workflow.office.models import NumberCounter, NumberSeries
from workflow.office.queries import issuing_body, our_zone, series_of
from workflow.office.rules import GivenAt, fill_pattern, is_series_key, pattern_fault, year_is_plausible


@dataclass(frozen=True)
class Number:
    """A number taken: as it is written, and its value within series and year."""

    text: str
    value: int


def take_number(
    session: Session, now: datetime, series_key: str, year: int | None = None, *, body_id: int | None = None
) -> Number:
    """Take the next number of a body's series, by default the first body's; it is given back when the transaction is.

    *year* is that of the paper's date, by default the one that it is at our office.

    Raises:
        NotFound: there is no such series.
    """
    series = series_of(session, series_key, body_id)
    if series is None:
        raise NotFound("number series")
    year = local_date(now, our_zone(session)).year if year is None else year
    _have_counter(session, series.id, year)
    value = session.execute(
        update(NumberCounter)
        .where(NumberCounter.series_id == series.id, NumberCounter.year == year)
        .values(next_value=NumberCounter.next_value + 1)
        .returning(NumberCounter.next_value)
        .execution_options(synchronize_session=False)
    ).scalar_one() - 1
    return Number(fill_pattern(series.pattern, value, year), value)


def _have_counter(session: Session, series_id: int, year: int) -> None:
    session.flush()
    known = select(NumberCounter.id).where(NumberCounter.series_id == series_id, NumberCounter.year == year)
    if session.scalar(known) is None:
        insert = insert_or_ignore(session)
        session.execute(insert(NumberCounter).values(series_id=series_id, year=year, next_value=1)
                        .on_conflict_do_nothing(index_elements=["series_id", "year"]))


def next_values(session: Session, year: int) -> dict[int, int]:
    """Give the next number of every series in a year, by the series' key in the table."""
    rows = session.execute(select(NumberCounter.series_id, NumberCounter.next_value).where(NumberCounter.year == year))
    return {row.series_id: row.next_value for row in rows}


def get_series(session: Session, series_id: int) -> NumberSeries:
    """Load a series.

    Raises:
        NotFound: there is none.
    """
    series = session.get(NumberSeries, series_id)
    if series is None:
        raise NotFound("number series")
    return series


def add_series(
    session: Session, actor: Actor, now: datetime, *, key: str, title_ru: str, title_en: str = "", pattern: str,
    body_id: int | None = None, given_at: str = GivenAt.APPROVAL,
) -> NumberSeries:
    """Add a register of numbers to a body, by default to the first.

    Raises:
        Forbidden, NotFound, Invalid.
        Conflict: the body has one of that key.
    """
    _require(actor)
    values = _checked({"title_ru": title_ru, "title_en": title_en, "pattern": pattern, "given_at": given_at})
    if not is_series_key(key):
        raise Invalid("office.series-key", field="key")
    body = issuing_body(session, body_id)
    if body is None and body_id is not None:
        raise NotFound("issuing body")
    if series_of(session, key, body_id) is not None:
        raise Conflict("office.series-exists", field="key")
    series = NumberSeries(key=key, issuing_body_id=None if body is None else body.id, **values)
    session.add(series)
    record(session, actor, now, "office.series.added", subject=series, changes={"pattern": (None, series.pattern)})
    return series


def change_series(
    session: Session, actor: Actor, now: datetime, series_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> NumberSeries:
    """Change a register's titles, pattern or when numbers are given; those already taken stay as they were written.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
    """
    _require(actor)
    series = get_series(session, series_id)
    fields = ("title_ru", "title_en", "pattern", "given_at")
    expect_version(series, version, {name: getattr(series, name) for name in fields})
    differences = changed(series, _checked({**{name: getattr(series, name) for name in fields}, **values}))
    if differences:
        record(session, actor, now, "office.series.changed", subject=series, changes=differences)
    return series


def set_next_number(
    session: Session, actor: Actor, now: datetime, series_key: str, year: int, value: int, *,
    body_id: int | None = None,
) -> None:
    """Let a series go on from *value* in a year: for an office that moves in at mid-year. Only upwards.

    Raises:
        Forbidden, NotFound.
        Invalid: the year or the number cannot be meant.
        Conflict: numbers up to there are taken already.
    """
    _require(actor)
    series = series_of(session, series_key, body_id)
    if series is None:
        raise NotFound("number series")
    if not year_is_plausible(year):
        raise Invalid("base.out-of-range", field="year")
    if not 1 <= value <= 1_000_000:
        raise Invalid("base.out-of-range", field="next_value")
    _have_counter(session, series.id, year)
    done = session.execute(
        update(NumberCounter)
        .where(NumberCounter.series_id == series.id, NumberCounter.year == year, NumberCounter.next_value <= value)
        .values(next_value=value)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("office.number-taken", field="next_value", year=year)
    record(session, actor, now, "office.series.moved-on", subject=series, changes={str(year): (None, value)})


def _checked(given: Mapping[str, Any]) -> dict[str, str]:
    values = {name: normalise(str(given[name] or "")) for name in ("title_ru", "title_en", "pattern")}
    problems = [Problem(name, "base.too-long", {"limit": limit})
                for name, limit in (("title_ru", 200), ("title_en", 200), ("pattern", 60)) if len(values[name]) > limit]
    if not values["title_ru"] and not values["title_en"]:
        problems.append(Problem("title_ru", "base.required"))
    fault = pattern_fault(values["pattern"])
    if fault is not None:
        problems.append(Problem("pattern", fault))
    if given["given_at"] not in set(GivenAt):
        problems.append(Problem("given_at", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)
    return {**values, "given_at": str(given["given_at"])}


def _require(actor: Actor) -> None:
    if not actor.may(Permission.OFFICE_EDIT):
        raise Forbidden
