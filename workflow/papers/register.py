"""The register of numbers: every number that a paper was given, annulled ones too, by series and year.

A number once given is never given again and never leaves the register: a revoked paper's stays as *annulled* with its
reason (Правила делопроизводства, 2019, п. 2.16: one number, one document).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.office.models import NumberSeries
from workflow.papers.models import Paper
from workflow.papers.rules import PaperState, Standing
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by

MOST = 5000


_STANDINGS = {
    PaperState.SIGNED: Standing.SIGNED, PaperState.SENT: Standing.SENT, PaperState.SUPERSEDED: Standing.REPLACED,
    PaperState.REVOKED: Standing.ANNULLED,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One number of the register."""

    paper: Paper
    visit: Visit
    replaced_by: str

    @property
    def standing(self) -> Standing:
        """What became of it."""
        return _STANDINGS.get(PaperState(self.paper.state), Standing.GIVEN)


@dataclass(frozen=True)
class Shelf:
    """One register: a series in a year, as it can be chosen."""

    series: str
    title_ru: str
    title_en: str

    def title(self, language: str) -> str:
        """Its name."""
        first, second = (self.title_ru, self.title_en) if language == "ru" else (self.title_en, self.title_ru)
        return first or second or self.series


def years(session: Session, actor: Actor) -> list[int]:
    """The years in which papers that the actor may see were given numbers, the latest first."""
    if not actor.may(Permission.PAPERS_READ):
        return []
    query = select(Paper.number_year).where(Paper.number_year.is_not(None), seen_by(actor, Paper.visit_id)).distinct()
    return sorted((year for year in session.scalars(query) if year is not None), reverse=True)


def shelves(session: Session) -> list[Shelf]:
    """The series that can be chosen, by key; bodies with a series of one key are read together."""
    found: dict[str, Shelf] = {}
    for row in session.scalars(select(NumberSeries).order_by(NumberSeries.key, NumberSeries.id)):
        found.setdefault(row.key, Shelf(row.key, row.title_ru, row.title_en))
    return list(found.values())


def lines(session: Session, actor: Actor, year: int, series: str = "") -> Sequence[Line]:
    """The numbers of a year, of one series or of all, in the order in which they were given."""
    if not actor.may(Permission.PAPERS_READ):
        return []
    query = (
        select(Paper, Visit)
        .join(Visit, Visit.id == Paper.visit_id)
        .where(Paper.number != "", Paper.number_year == year, seen_by(actor, Paper.visit_id))
        .order_by(Paper.series, Paper.issuing_body_id, Paper.number_value.is_(None), Paper.number_value, Paper.dated,
                  Paper.id)
        .limit(MOST)
    )  # fmt: skip
    rows = session.execute(query.where(Paper.series == series) if series else query).all()
    replaced = [paper.id for paper, _ in rows if paper.state == PaperState.SUPERSEDED]
    successors = select(Paper.supersedes_id, Paper.number).where(Paper.supersedes_id.in_(replaced))
    numbers = {row.supersedes_id: row.number for row in session.execute(successors)} if replaced else {}
    return [Line(paper, visit, numbers.get(paper.id, "")) for paper, visit in rows]
