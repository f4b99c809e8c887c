"""Numbers of papers: taken from our own series without gap or twin, or typed from the city's records system."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.events import record
from workflow.office.numbers import take_number
from workflow.office.queries import our_zone, series_of
from workflow.office.rules import GivenAt
from workflow.papers import editions
from workflow.papers.editions import Kind
from workflow.papers.models import Paper
from workflow.papers.rules import NumberSource
from workflow.papers.together import issuer, once

EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Numbering:
    """How a paper gets its number: from our own series, or as typed; on a date, today when none is given."""

    source: NumberSource
    number: str = ""
    dated: date | None = None


def numbers_at(session: Session, paper: Paper, kind: Kind) -> GivenAt:
    """When the series of this paper gives numbers: at approval, or at signature."""

    def read() -> GivenAt:
        body_id = issuer(session, paper.issuing_body_id, kind.key)
        series = series_of(session, kind.series, body_id) if kind.numbered else None
        return GivenAt(series.given_at) if series is not None else GivenAt.APPROVAL

    return once(("given at", paper.issuing_body_id, kind.key), read)


def numbers_at_approval(session: Session, paper: Paper) -> bool:
    """Whether a paper may be given its number as it is approved: it has one, and its series gives it then."""
    kind = editions.kind(paper.kind)
    return kind.numbered and numbers_at(session, paper, kind) is GivenAt.APPROVAL


def give_number(session: Session, actor: Actor, now: datetime, paper: Paper, kind: Kind, numbering: Numbering) -> None:
    """Enter a number and date; our own number is taken in this transaction and given back if it fails.

    Raises:
        Conflict: the paper has its number, or our own series of this kind does not exist.
        Invalid: the number or date typed cannot be one.
    """
    if paper.number:
        raise Conflict("papers.numbered-already")
    today = local_date(now, once("our zone", lambda: our_zone(session)))
    dated = numbering.dated or today
    if not EARLIEST <= dated <= today.replace(year=today.year + 1, day=min(today.day, 28)):
        raise Invalid("papers.date-implausible", field="dated")
    if numbering.source is NumberSource.OWN:
        paper.issuing_body_id = body_id = issuer(session, paper.issuing_body_id, kind.key)
        try:
            taken = take_number(session, now, kind.series, dated.year, body_id=body_id)
        except NotFound:
            raise Conflict("papers.no-series", series=kind.series) from None
        number, value = taken.text, taken.value
    else:
        number = " ".join(numbering.number.split())
        if not number:
            raise Invalid("base.required", field="number")
        if len(number) > 60:
            raise Invalid("base.too-long", field="number", limit=60)
        value = None
    paper.number, paper.number_source, paper.number_value = number, numbering.source, value
    paper.series, paper.number_year, paper.dated = kind.series, dated.year, dated
    record(session, actor, now, "papers.paper.numbered", subject=paper, visit_id=paper.visit_id,
           changes={"number": (None, number), "dated": (None, dated)})  # fmt: skip
