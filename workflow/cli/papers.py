"""`delegations papers`: every kind of paper in every language and format, made from the demo."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.runtime import runtime_of
from workflow.app import create_app
from workflow.base import clock
from workflow.base.clock import local_date
from workflow.cli.migrating import migrate
from workflow.cli.process import publish_ours
from workflow.cli.starting import demo_settings
from workflow.demo.loading import load
from workflow.office.queries import our_zone
from workflow.papers import editions, rendering
from workflow.papers.approving import verify_address
from workflow.papers.composing import RenderError, compose
from workflow.papers.editions import Kind
from workflow.papers.facts import collect, with_paper
from workflow.papers.plan import words
from workflow.papers.rendering import Format
from workflow.papers.rules import new_code
from workflow.translations.models import Assignment
from workflow.visits.models import Visit
from workflow.visits.queries import members

FORMATS: tuple[Format, ...] = get_args(Format)
About = tuple[str, int] | None


@dataclass(frozen=True)
class Sample:
    """A kind with the facts of that visit of the demo which lacks least of what its wordings say."""

    kind: Kind
    facts: Mapping[str, Any]
    missing: Mapping[str, Sequence[str]]
    """What is missing, by language."""
    visit: str


@click.group()
def papers() -> None:
    """Make and look at kinds of papers."""


@papers.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--only", multiple=True, help="A kind's key; may be repeated.")
def sample(out: Path, only: tuple[str, ...]) -> None:
    """Render every kind in every language to PDF, DOCX and HTML from the demo's visits, into the folder OUT."""
    if unknown := set(only) - editions.kinds().keys():
        raise click.BadParameter(f"unknown: {', '.join(sorted(unknown))}", param_hint="--only")
    out.mkdir(parents=True, exist_ok=True)
    lacking: list[str] = []
    made = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in samples_of_demo(Path(folder), only):
            for language in one.kind.languages:
                for form in FORMATS:
                    (out / f"{one.kind.key}-{language}.{form}").write_bytes(render(one, language, form))
                    made += 1
                gaps = one.missing[language]
                told = f"missing: {', '.join(gaps)}" if gaps else "complete"
                click.echo(f"{one.kind.key:24} {language}  {told}  ({one.visit})")
                lacking += [f"{one.kind.key}-{language}: {name}" for name in gaps]
    click.echo(f"{made} files in {out}; facts missing: {len(lacking)}")
    for line in lacking:
        click.echo(f"  {line}")


def render(one: Sample, language: str, form: Format) -> bytes:
    """Make a sample in one language and format."""
    try:
        return rendering.render(editions.edition(one.kind.key, language), one.facts, form).data
    except RenderError as wrong:
        raise click.ClickException(f"{one.kind.key} in {language}: {wrong}") from wrong


def samples_of_demo(folder: Path, only: Sequence[str] = ()) -> Iterator[Sample]:
    """Fill *folder* with the demo and give a sample of each kind."""
    settings = demo_settings(folder, "127.0.0.1", 8000)
    migrate(settings)
    with runtime_of(settings, create_app(settings)) as runtime, runtime.session() as session:
        publish_ours(session)
        load(session, clock.now())
        yield from samples(session, clock.now(), only)


def samples(session: Session, now: datetime, only: Sequence[str] = ()) -> Iterator[Sample]:
    """Give a sample of each kind from the visits that are under way."""
    visits = session.scalars(select(Visit).where(Visit.source == "").order_by(Visit.id)).all()
    for key, kind in editions.kinds().items():
        if not only or key in only:
            yield _best(session, now, kind, visits)


def _best(session: Session, now: datetime, kind: Kind, visits: Sequence[Visit]) -> Sample:
    """Choose the visit and subject of which the wordings lack least; among equals one that the kind is meant for, and
    then the one that says most."""
    found: list[tuple[int, bool, int, Sample]] = []
    for visit in visits:
        unmeant = bool(kind.directions) and visit.direction not in kind.directions
        for about in _subjects(session, kind, visit):
            facts = _final(session, now, kind, collect(session, now, visit.id, kind, about))
            composed = {language: compose(editions.edition(kind.key, language), facts) for language in kind.languages}
            missing = {language: (*one.missing, *one.unknown) for language, one in composed.items()}
            said = sum(len(text) for one in composed.values() for text in words(one.plan))
            lacks = sum(len(names) for names in missing.values())
            found.append((lacks, unmeant, -said, Sample(kind, facts, missing, visit.title_en)))
    if not found:
        raise click.ClickException(f"{kind.key}: the demo has nothing that such a paper is about")
    return min(found, key=lambda one: one[:3])[3]


def _subjects(session: Session, kind: Kind, visit: Visit) -> Sequence[About]:
    """Give what a paper of this kind may be about in a visit; one for a recipient falls back on the visit's partner."""
    match kind.subject:
        case "member":
            return [("member", member.id) for member in members(session, visit.id)]
        case "assignment":
            keys = session.scalars(select(Assignment.id).where(Assignment.visit_id == visit.id).order_by(Assignment.id))
            return [("assignment", key) for key in keys]
        case _:
            return [None]


def _final(session: Session, now: datetime, kind: Kind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Number and date the facts as those of a signed paper; a working paper has neither number nor code."""
    if not kind.official:
        return with_paper(facts, number="", dated=None, code=None, verify_url="", final=True)
    code = new_code()
    return with_paper(facts, number="01-15/118", dated=local_date(now, our_zone(session)), code=code,
                      verify_url=verify_address(code), final=True)  # fmt: skip
