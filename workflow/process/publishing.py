"""Published definitions: put into the database when their text is new, and read back quickly.

A published row never changes, so what was parsed once is kept by its hash for the life of the process.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, defer

from workflow.base.actor import SYSTEM, Permission
from workflow.base.database import insert_or_ignore
from workflow.base.errors import Invalid, NotFound
from workflow.base.events import record
from workflow.base.jobs import JOB_HANDLERS
from workflow.base.registries import CONDITIONS as CONDITION_CHECKS
from workflow.process.checking import Vocabulary, load_definitions
from workflow.process.definitions import Definition, dump, fingerprint, parse
from workflow.process.models import ProcessDefinition
from workflow.visits.offered import Offered

PACKS = Path(__file__).resolve().parent.parent / "packs"

Version = tuple[str, int]


PAGES: list[frozenset[str]] = []
"""The pages to which a deadline may lead; `app.py` knows them."""


def use_pages(pages: frozenset[str]) -> None:
    """Set which pages there are; once at start."""
    PAGES[:] = [pages]


def known_words() -> Vocabulary:
    """Give the names that the running application has registered."""
    return Vocabulary(
        CONDITION_CHECKS.names(), JOB_HANDLERS.names(), frozenset(permission.value for permission in Permission),
        PAGES[0] if PAGES else None,
    )


_by_hash: dict[str, Definition] = {}
_KNOWN = "delegations_definitions"
"""Where a session keeps the versions that it has read: they never change."""


def _definition(row: ProcessDefinition) -> Definition:
    found = _by_hash.get(row.sha256)
    if found is None:
        found = _by_hash[row.sha256] = parse(row.text)
    return found


@dataclass(frozen=True)
class Published:
    """What publishing did: the versions that are new."""

    new: tuple[Version, ...]


def publish_definitions(
    session: Session, now: datetime, *, pack: str = "ru-municipal", folder: Path = PACKS,
    words: Vocabulary | None = None,
) -> Published:
    """Publish every process of *pack* whose text is new as its next version; running visits keep theirs.

    Safe to be called at each start, and by several at once.

    Raises:
        DefinitionErrors: something in any pack is wrong; nothing is published.
        Invalid: there is no such pack.
    """
    definitions = load_definitions(folder, words or known_words()).get(pack)
    if definitions is None:
        raise Invalid("process.no-such-pack", field="pack", pack=pack)
    current = _latest_rows(session)
    new: list[Version] = []
    for key, definition in sorted(definitions.items()):
        text = dump(definition)
        sha256 = fingerprint(text)
        before = current.get(key)
        if before is not None and before.sha256 == sha256:
            continue
        version = 1 if before is None else before.version + 1
        insert = insert_or_ignore(session)
        row_id = session.execute(
            insert(ProcessDefinition)
            .values(key=key, version=version, pack=pack, text=text, sha256=sha256, published_at=now)
            .on_conflict_do_nothing(index_elements=["key", "version"])
            .returning(ProcessDefinition.id)
        ).scalar_one_or_none()
        if row_id is not None:
            new.append((key, version))
            record(session, SYSTEM, now, "process.definition.published", subject=("process_definition", row_id),
                   changes={"version": (before.version if before else None, version)}, note=key)
    return Published(tuple(new))


def _latest_rows(session: Session) -> Mapping[str, ProcessDefinition]:
    latest = select(ProcessDefinition.key, func.max(ProcessDefinition.version)).group_by(ProcessDefinition.key)
    rows = session.scalars(
        select(ProcessDefinition).where(tuple_(ProcessDefinition.key, ProcessDefinition.version).in_(latest))
    )
    return {row.key: row for row in rows}


def latest_definitions(session: Session) -> dict[Version, Definition]:
    """Give the newest version of every process: what a new visit may be opened with."""
    rows = _latest_rows(session)
    return {(key, rows[key].version): _definition(rows[key]) for key in sorted(rows)}


def offered_processes(session: Session) -> dict[str, Offered]:
    """Give the processes that a request can name, by key."""
    return {key: Offered(definition.title.model_dump(), frozenset(definition.directions))
            for (key, _version), definition in latest_definitions(session).items()}


def latest_definition(session: Session, key: str) -> tuple[int, Definition]:
    """Give the newest version of one process.

    Raises:
        Invalid: no such process is published.
    """
    row = session.scalars(
        select(ProcessDefinition).where(ProcessDefinition.key == key)
        .order_by(ProcessDefinition.version.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise Invalid("process.no-such-process", field="process_key", process=key)
    return row.version, _definition(row)


def definitions_of(session: Session, versions: Iterable[Version]) -> dict[Version, Definition]:
    """Give the named versions, in one query; what is not published is left out."""
    known: dict[Version, Definition] = session.info.setdefault(_KNOWN, {})
    wanted = set(versions)
    if wanted - known.keys():
        rows = session.scalars(
            select(ProcessDefinition).where(ProcessDefinition.key.in_({key for key, _ in wanted - known.keys()}))
            .options(defer(ProcessDefinition.text))
        )
        known |= {(row.key, row.version): _definition(row) for row in rows}
    return {version: known[version] for version in wanted if version in known}


def definition_of(session: Session, key: str, version: int) -> Definition:
    """Give one published version.

    Raises:
        NotFound: it was never published here.
    """
    found = definitions_of(session, [(key, version)]).get((key, version))
    if found is None:
        raise NotFound("process")
    return found


def versions_of(session: Session, key: str) -> list[ProcessDefinition]:
    """List the published versions of a process, the newest first."""
    return list(
        session.scalars(
            select(ProcessDefinition).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())
        )
    )
