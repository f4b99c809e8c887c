"""Figures of a year, counted by the same filter that the list of visits uses, so that every number opens its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, extract, func, select, text
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.actor import Actor
from workflow.base.languages import choose
from workflow.outcomes.models import Outcome
from workflow.outcomes.queries import Tally, count_outcomes, tallies
from workflow.partners.queries import PartnerName, partner_names
from workflow.reports import rules
from workflow.visits.models import Member, Visit, VisitBasis
from workflow.visits.queries import VisitFilter, filtered, seen_by
from workflow.visits.rules import LIVE_MEMBER, Direction, Standing

_LISTED = Member.state.in_([state.value for state in LIVE_MEMBER])


@dataclass(frozen=True)
class Count:
    """One line of figures: what it is of, how many visits, how many of them were cancelled, and their filter."""

    key: Any
    total: int
    cancelled: int
    asked: dict[str, Any]


@dataclass(frozen=True)
class YearFigures:
    """A year in numbers."""

    year: int
    total: Count
    directions: Sequence[Count]
    months: Sequence[Count]
    partners: Sequence[tuple[PartnerName, Count]]
    without_partner: Sequence[Visit]
    people: int
    outcomes: int
    open_outcomes: int


def years(session: Session, actor: Actor) -> list[int]:
    """Give the years in which there are visits that the actor may see, the latest first."""
    arrivals = select(Visit.arrival).where(seen_by(actor, Visit.id), Visit.arrival.is_not(None)).limit(1)
    first = session.scalar(arrivals.order_by(Visit.arrival))
    latest = session.scalar(arrivals.order_by(Visit.arrival.desc()))
    if first is None or latest is None:
        return []
    around = filtered(actor, VisitFilter(since=latest)).with_only_columns(func.max(Visit.departure))
    last = session.scalar(around) or latest
    return list(range(last.year, first.year - 1, -1))


def visits_of_year(session: Session, actor: Actor, year: int) -> Sequence[Visit]:
    """List the visits of which at least one day lies in a year, in order of their first day."""
    since, until = rules.year_bounds(year)
    query = filtered(actor, VisitFilter(since=since, until=until))
    return session.scalars(query.order_by(Visit.arrival, Visit.id)).all()


class _Counter:
    """Adds visits up under many keys: how many, and how many of them were cancelled."""

    def __init__(self) -> None:
        self._totals: dict[Any, list[int]] = {}

    def add(self, key: Any, count: int, *, cancelled: bool) -> None:
        """Add so many visits to *key*."""
        found = self._totals.setdefault(key, [0, 0])
        found[0] += count
        found[1] += count if cancelled else 0

    def partners(self) -> set[int]:
        """Name the partners counted."""
        return {key[1] for key in self._totals if isinstance(key, tuple) and key[1] is not None}

    def line(self, key: Any, asked: dict[str, Any]) -> Count:
        """Give the line of a key, and the filter that the list of visits shows the same by."""
        total, cancelled = self._totals.get(key, (0, 0))
        return Count(key, total, cancelled, asked)


def year_figures(session: Session, actor: Actor, year: int) -> YearFigures:
    """Count a year. A visit over the end of a month is counted in both months, as the list shows it in both."""
    since, until = rules.year_bounds(year)
    whole = {"since": since.isoformat(), "until": until.isoformat()}
    of_year = filtered(actor, VisitFilter(since=since, until=until))
    counter = _Counter()
    first = case((Visit.arrival < since, 1), else_=extract("month", Visit.arrival)).label("first_month")
    last = case((Visit.departure > until, 12), else_=extract("month", Visit.departure)).label("last_month")
    alike = (Visit.partner_id, Visit.direction, Visit.standing)
    for partner, direction, standing, begin, end, count in session.execute(
        of_year.with_only_columns(*alike, first, last, func.count()).group_by(*alike, text("first_month, last_month"))
    ):
        months = [date(year, month, 1) for month in range(int(begin), int(end) + 1)]
        for key in (None, ("partner", partner), Direction(direction), *months):
            counter.add(key, count, cancelled=standing == Standing.CANCELLED)
    names = partner_names(session, counter.partners())
    partners = [(name, counter.line(("partner", name.id), {**whole, "partner_id": name.id})) for name in names.values()]
    held = of_year.where(Visit.standing != Standing.CANCELLED.value).with_only_columns(Visit.id)
    outcomes = count_outcomes(session, held)
    return YearFigures(
        year, counter.line(None, whole),
        [counter.line(direction, {**whole, "direction": direction.value}) for direction in Direction],
        [counter.line(bounds[0], {"since": bounds[0].isoformat(), "until": bounds[1].isoformat()})
         for bounds in (rules.month_bounds(year, month) for month in range(1, 13))],
        sorted(partners, key=lambda pair: (-pair[1].total, pair[0].name(actor.locale).casefold())),
        session.scalars(of_year.where(Visit.partner_id.is_(None)).order_by(Visit.arrival, Visit.id)).all(),
        session.scalar(select(func.count()).where(Member.visit_id.in_(held), _LISTED)) or 0,
        outcomes.total, outcomes.open,
    )  # fmt: skip


def _sizes(session: Session, visit_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Member.visit_id, func.count())
        .where(Member.visit_id.in_(visit_ids), _LISTED)
        .group_by(Member.visit_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class YearLine:
    """One visit of the yearly workbook."""

    visit: Visit
    partner: str
    responsible: str
    basis: str
    members: int
    tally: Tally


def year_lines(session: Session, actor: Actor, year: int) -> list[YearLine]:
    """Give a year's visits with what the workbook says of each; the number of queries does not grow with them."""
    visits = visits_of_year(session, actor, year)
    ids = [visit.id for visit in visits]
    partners = partner_names(session, {visit.partner_id for visit in visits})
    named = {visit.id: partners[visit.partner_id].name(actor.locale) if visit.partner_id is not None else ""
             for visit in visits}
    officers = account_names(session, [visit.responsible_id for visit in visits], actor.locale)
    sizes, sums = _sizes(session, ids), tallies(session, ids)
    bases: dict[int, list[str]] = {}
    for row in session.scalars(select(VisitBasis).where(VisitBasis.visit_id.in_(ids)).order_by(VisitBasis.id)):
        bases.setdefault(row.visit_id, []).append(row.text)
    return [
        YearLine(visit, named[visit.id], officers.get(visit.responsible_id or 0, ""),
                 "; ".join(bases.get(visit.id, [])),
                 sizes.get(visit.id, 0), sums[visit.id])
        for visit in visits
    ]


def outcome_lines(session: Session, actor: Actor, year: int) -> list[tuple[Outcome, Visit, str]]:
    """Give the outcomes of a year's visits with their owners' names."""
    visits = {visit.id: visit for visit in visits_of_year(session, actor, year)}
    rows = session.scalars(select(Outcome).where(Outcome.visit_id.in_(list(visits)))
                           .order_by(Outcome.visit_id, Outcome.id)).all()
    names = account_names(session, [row.owner_id for row in rows], actor.locale)
    return [(row, visits[row.visit_id], names.get(row.owner_id or 0, "")
             or choose(actor.locale, ru=row.owner_name, en=row.owner_name_en)) for row in rows]
