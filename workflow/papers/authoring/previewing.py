"""What a wording or template would make of a real visit: facts, renders in a child process of their own, faults."""

import atexit
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.papers.authoring.checking import Fault, check_wording
from workflow.papers.composing import RenderError
from workflow.papers.editions import Edition, Kind
from workflow.papers.engine import Renderer
from workflow.papers.facts import collect, with_paper
from workflow.papers.rendering import Format, Rendered
from workflow.visits.models import Member, Visit
from workflow.visits.queries import VisitFilter, get_visit, list_visits

PREVIEWER = Renderer(seconds=6.0)
"""A child for what is being written: papers under way never wait for somebody's unfinished loop."""
atexit.register(PREVIEWER.close)
CHOICES = 60


@dataclass(frozen=True)
class Preview:
    """What came of it: HTML of ours, facts that the visit lacks, or what is wrong."""

    html: str = ""
    missing: Sequence[str] = ()
    faults: Sequence[Fault] = field(default_factory=list)
    error: RenderError | None = None


def visits_to_try(session: Session, actor: Actor) -> Sequence[Visit]:
    """Visits that the actor may see, to try a wording on: the latest first, undated ones last."""
    if not actor.may(Permission.VISITS_READ):
        return []
    found: Sequence[Visit] = list_visits(session, actor, VisitFilter(), limit=CHOICES).rows
    return sorted(found, key=lambda visit: visit.arrival is None)


def facts_to_try(session: Session, actor: Actor, now: datetime, kind: Kind, visit_id: int | None) -> dict[str, Any]:
    """The facts of a visit for a kind, or none at all: every fact then stands by its name.

    Raises:
        NotFound: no such visit for this actor.
    """
    told: dict[str, Any] = {section: {} for section in kind.sections}
    if visit_id is not None:
        visit = get_visit(session, actor, visit_id)
        told = collect(session, now, visit.id, kind, _subject(session, visit, kind))
    return with_paper(told, number="", dated=None, code=None, verify_url="", final=False)


def _subject(session: Session, visit: Visit, kind: Kind) -> tuple[str, int] | None:
    """For a kind that is about one member: the first of the delegation."""
    if kind.subject != "member":
        return None
    first = session.scalar(select(Member.id).where(Member.visit_id == visit.id).order_by(Member.id).limit(1))
    return None if first is None else ("member", first)


def edition_to_try(kind: Kind, language: str, text: str = "", template: bytes = b"") -> Edition:
    """An edition of what is being written."""
    return Edition(kind.key, language, text, kind.layout, kind.title(language), kind.official, template=template)


def try_wording(kind: Kind, language: str, text: str, facts: dict[str, Any]) -> Preview:
    """Show what a wording makes of these facts; call it with no transaction open."""
    faults = check_wording(text, kind)
    if faults:
        return Preview(faults=faults)
    try:
        made = PREVIEWER.render(edition_to_try(kind, language, text), facts, "html")
    except RenderError as wrong:
        return Preview(error=wrong)
    return Preview(made.data.decode(), (*made.missing, *made.unknown))


def try_format(edition: Edition, facts: dict[str, Any], form: Format) -> Rendered:
    """Make what is being written in a format; call it with no transaction open.

    Raises:
        RenderError: it is faulty, or broke a limit.
    """
    return PREVIEWER.render(edition, facts, form)
