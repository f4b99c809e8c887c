"""Numbers of papers: taken from our own series without gap or twin, or typed from the city's records system."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.events import record
from workflow.office.numbers import take_number
from workflow.papers.editions import Kind
from workflow.papers.models import Paper
from workflow.papers.rules import NumberSource

EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Numbering:
    """How a paper gets its number: from our own series, or as typed; on a date, today when none is given."""

    source: NumberSource
    number: str = ""
    dated: date | None = None


def give_number(session: Session, actor: Actor, now: datetime, paper: Paper, kind: Kind, numbering: Numbering) -> None:
    """Enter a number and date; our own number is taken in this transaction and given back if it fails.

    Raises:
        Conflict: the paper has its number, or our own series of this kind does not exist.
        Invalid: the number or date typed cannot be one.
    """
    if paper.number:
        raise Conflict("papers.numbered-already")
    today = local_date(now, actor.zone)
    dated = numbering.dated or today
    if not EARLIEST <= dated <= today.replace(year=today.year + 1, day=min(today.day, 28)):
        raise Invalid("papers.date-implausible", field="dated")
    if numbering.source is NumberSource.OWN:
        try:
            taken = take_number(session, now, kind.series, dated.year)
        except NotFound:
            raise Conflict("papers.no-series", series=kind.series) from None
        number = taken.text
    else:
        number = " ".join(numbering.number.split())
        if not number:
            raise Invalid("base.required", field="number")
        if len(number) > 60:
            raise Invalid("base.too-long", field="number", limit=60)
    paper.number, paper.number_source = number, numbering.source
    paper.series, paper.number_year, paper.dated = kind.series, dated.year, dated
    record(session, actor, now, "papers.paper.numbered", subject=paper, visit_id=paper.visit_id,
           changes={"number": (None, number), "dated": (None, dated)})  # fmt: skip
