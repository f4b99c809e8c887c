"""Reads of wordings and templates: which one applies now, which versions there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from workflow.base.actor import Actor, Permission
from workflow.base.errors import DomainError, NotFound
from workflow.base.files import read_file
from workflow.papers import editions
from workflow.papers.authoring.models import PaperTemplate, Wording
from workflow.papers.authoring.rules import VersionState, is_language, older_languages
from workflow.papers.editions import Edition, Kind
from workflow.papers.together import once

DELIVERED = 0
"""The number of a wording as it was delivered."""


def kind_now(session: Session, key: str) -> Kind:
    """A kind with the wordings that apply now: active versions over those as delivered, and languages added here.

    Raises:
        LookupError: there is no such kind.
    """
    return once(("kind", key), lambda: with_active(session, [editions.kind(key)])[0])


def kinds_now(session: Session) -> Mapping[str, Kind]:
    """Every kind as it applies now, by key."""
    return {kind.key: kind for kind in with_active(session, list(editions.kinds().values()))}


def with_active(session: Session, kinds: Sequence[Kind]) -> list[Kind]:
    """These kinds with their active versions, by one query."""
    active: dict[str, dict[str, Any]] = {}
    for row in session.execute(
        select(Wording.kind, Wording.language, Wording.n, Wording.text).where(
            Wording.state == VersionState.ACTIVE.value, Wording.kind.in_([kind.key for kind in kinds])
        )
    ):
        active.setdefault(row.kind, {})[row.language] = row
    return [_merged(kind, active.get(kind.key, {})) for kind in kinds]


def _merged(kind: Kind, active: Mapping[str, Any]) -> Kind:
    if not active:
        return kind
    return replace(
        kind,
        languages=(*kind.languages, *sorted(active.keys() - set(kind.languages))),
        wordings={**kind.wordings, **{language: row.text for language, row in active.items()}},
        versions={language: row.n for language, row in active.items()},
    )


def require_reading(actor: Actor) -> None:
    """Refuse those who have nothing to do with wordings.

    Raises:
        NotFound: they may not see them.
    """
    if not actor.may(Permission.WORDINGS_READ):
        raise NotFound("wording")


def get_kind(key: str) -> Kind:
    """The kind as delivered.

    Raises:
        NotFound: there is none of that name.
    """
    try:
        return editions.kind(key)
    except LookupError:
        raise NotFound("kind") from None


@dataclass(frozen=True)
class Version:
    """A version as people see it; number 0 is the one as delivered."""

    kind: str
    language: str
    n: int
    state: VersionState
    text: str
    remark: str = ""
    based_on: int = DELIVERED
    saved_at: datetime | None = None
    saved_by: int | None = None
    activated_at: datetime | None = None
    activated_by: int | None = None
    lock_version: int | None = None


def as_version(row: Wording) -> Version:
    """A row as a plain value."""
    return Version(
        row.kind, row.language, row.n, VersionState(row.state), row.text, row.remark, row.based_on, row.saved_at,
        row.saved_by, row.activated_at, row.activated_by, row.lock_version,
    )  # fmt: skip


def versions(session: Session, actor: Actor, key: str, language: str) -> list[Version]:
    """Every version of a kind's wording in a language, the newest first, the one as delivered last.

    Raises:
        NotFound: no such kind, or a language that it has never had; or not for this actor.
    """
    require_reading(actor)
    kind = get_kind(key)
    rows = session.scalars(
        select(Wording).where(Wording.kind == key, Wording.language == language).order_by(Wording.n.desc())
    ).all()
    found = [as_version(row) for row in rows]
    if language in kind.wordings:
        has_active = any(one.state is VersionState.ACTIVE for one in found)
        state = VersionState.RETIRED if has_active else VersionState.ACTIVE
        found.append(Version(key, language, DELIVERED, state, kind.wordings[language]))
    if not found or not is_language(language):
        raise NotFound("wording")
    return found


def version(session: Session, actor: Actor, key: str, language: str, n: int) -> Version:
    """One version.

    Raises:
        NotFound: there never was one of that number.
    """
    found = next((one for one in versions(session, actor, key, language) if one.n == n), None)
    if found is None:
        raise NotFound("wording")
    return found


def current(found: Sequence[Version]) -> Version | None:
    """The version that applies now; None while a new language has only drafts."""
    return next((one for one in found if one.state is VersionState.ACTIVE), None)


def draft_of(found: Sequence[Version]) -> Version | None:
    """The version that is being written."""
    return next((one for one in found if one.state is VersionState.DRAFT), None)


@dataclass(frozen=True)
class LanguageLine:
    """How a kind stands in one language."""

    language: str
    active: int | None
    changed_at: datetime | None
    draft: int | None
    newer: str
    """The language that was changed after this one, or nothing."""
    template: int | None


@dataclass(frozen=True)
class KindLine:
    """A kind and its languages, for the list."""

    kind: Kind
    languages: Sequence[LanguageLine]


def overview(session: Session, actor: Actor, keys: Sequence[str] = ()) -> list[KindLine]:
    """How every kind stands, or those named: what applies, what is being written, which language is older."""
    require_reading(actor)
    live = [VersionState.ACTIVE.value, VersionState.DRAFT.value]
    rows = session.scalars(select(Wording).options(defer(Wording.text)).where(Wording.state.in_(live))).all()
    templates = session.execute(
        select(PaperTemplate.kind, PaperTemplate.language, PaperTemplate.n).where(
            PaperTemplate.state == VersionState.ACTIVE.value
        )
    ).all()
    own = {(row.kind, row.language): row.n for row in templates}
    shown = [kind for key, kind in editions.kinds().items() if not keys or key in keys]
    return [KindLine(kind, _lines(kind, [row for row in rows if row.kind == kind.key], own)) for kind in shown]


def _lines(kind: Kind, rows: Sequence[Wording], templates: Mapping[tuple[str, str], int]) -> list[LanguageLine]:
    active = {row.language: row for row in rows if row.state == VersionState.ACTIVE}
    drafts = {row.language: row.n for row in rows if row.state == VersionState.DRAFT}
    applied: dict[str, datetime | None] = dict.fromkeys(kind.languages)
    applied |= {language: row.saved_at for language, row in active.items()}
    older = older_languages(applied)
    return [
        LanguageLine(
            language,
            active[language].n if language in active else DELIVERED if language in kind.wordings else None,
            applied.get(language),
            drafts.get(language),
            older.get(language, ""),
            templates.get((kind.key, language)),
        )
        for language in (*kind.languages, *sorted({*active, *drafts} - set(kind.languages)))
    ]


def next_number(session: Session, model: type[Wording] | type[PaperTemplate], key: str, language: str) -> int:
    """The number that the next version gets; numbers are never given twice."""
    last = session.scalar(select(func.max(model.n)).where(model.kind == key, model.language == language))
    return int(last or 0) + 1


def templates_of(session: Session, actor: Actor, key: str, language: str) -> Sequence[PaperTemplate]:
    """Every DOCX template of a kind and language, the newest first."""
    require_reading(actor)
    return session.scalars(
        select(PaperTemplate)
        .where(PaperTemplate.kind == key, PaperTemplate.language == language)
        .order_by(PaperTemplate.n.desc())
    ).all()


def get_template(session: Session, actor: Actor, key: str, language: str, n: int) -> PaperTemplate:
    """One DOCX template.

    Raises:
        NotFound: there is none of that number, or not for this actor.
    """
    require_reading(actor)
    found = session.scalars(
        select(PaperTemplate).where(
            PaperTemplate.kind == key, PaperTemplate.language == language, PaperTemplate.n == n
        )
    ).one_or_none()
    if found is None:
        raise NotFound("template")
    return found


def template_bytes(session: Session, row: PaperTemplate) -> bytes:
    """The scrubbed file of a template.

    Raises:
        NotFound: the template was deleted.
    """
    if row.file_id is None:
        raise NotFound("template")
    return read_file(session, row.file_id)[1]


def active_template(session: Session, key: str, language: str) -> bytes | None:
    """The DOCX template that applies to a kind in a language; None where papers are laid out by the program."""
    row = session.scalars(
        select(PaperTemplate).where(
            PaperTemplate.kind == key,
            PaperTemplate.language == language,
            PaperTemplate.state == VersionState.ACTIVE.value,
        )
    ).one_or_none()
    if row is None:
        return None
    try:
        return template_bytes(session, row)
    except DomainError:
        return None


def over_template(session: Session, edition: Edition, *, as_drafted: bool = True) -> Edition:
    """The edition with the DOCX template that applies to it; one whose text was edited by hand keeps our layout.

    A template holds no words of one paper's own, so an edited text would be lost in it.
    """
    found = active_template(session, edition.kind, edition.language) if as_drafted else None
    return replace(edition, template=found) if found else edition
