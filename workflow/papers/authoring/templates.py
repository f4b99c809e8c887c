"""What people do with DOCX templates: hand in, activate as a second person, put out of use, delete."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.events import record
from workflow.base.files import DOCX, StoredFile, Upload, check_upload, keep_bytes
from workflow.papers.authoring.models import PaperTemplate
from workflow.papers.authoring.own_docx import Examined
from workflow.papers.authoring.queries import get_template, kind_now, next_number
from workflow.papers.authoring.rules import VersionState
from workflow.papers.authoring.service import MAX_REMARK, problem_of, require

LIMIT = 5 * 1024 * 1024


def check_template_upload(upload: Upload) -> None:
    """Refuse what is no Word document or too large, before anything opens it.

    Raises:
        Invalid, TooLarge: see `base.files.check_upload`.
    """
    check_upload(upload, allowed={DOCX}, limit=LIMIT, field="file")


def hand_in_template(
    session: Session, actor: Actor, now: datetime, key: str, language: str, examined: Examined, *, name: str,
    remark: str = "",
) -> PaperTemplate:  # fmt: skip
    """Keep an examined template, scrubbed; it applies once a second person has activated it.

    Raises:
        NotFound: the kind has no wording in this language.
        Invalid: with every fault, its place and a plain sentence.
    """
    require(actor, Permission.WORDINGS_WRITE)
    try:
        kind = kind_now(session, key)
    except LookupError:
        raise NotFound("kind") from None
    if language not in kind.wordings:
        raise NotFound("wording")
    if examined.faults:
        raise Invalid("papers.template-faulty", field="file",
                      problems=[problem_of(each, "file") for each in examined.faults])  # fmt: skip
    said = " ".join(remark.split())
    if len(said) > MAX_REMARK:
        raise Invalid("base.too-long", field="remark", limit=MAX_REMARK)
    kept = keep_bytes(session, actor, now, examined.data, name=name, media_type=DOCX)
    row = PaperTemplate(
        kind=key, language=language, n=next_number(session, PaperTemplate, key, language), state=VersionState.DRAFT,
        file_id=kept.id, removed=dict(examined.removed), remark=said, saved_at=now, saved_by=actor.account_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, actor, now, "papers.template.handed-in", subject=row,
           changes={"kind": (None, key), "language": (None, language), "n": (None, row.n)}, note=said)  # fmt: skip
    return row


def _move(session: Session, row: PaperTemplate, from_: list[VersionState], to: VersionState, **values: Any) -> None:
    if not advance(session, PaperTemplate, row.id, from_=from_, to=to, **values):
        raise Conflict("papers.template-moved", n=row.n)


def _tell(session: Session, actor: Actor, now: datetime, row: PaperTemplate, kind: str) -> None:
    record(session, actor, now, kind, subject=row,
           changes={"kind": (None, row.kind), "language": (None, row.language), "n": (None, row.n)})  # fmt: skip


def activate_template(session: Session, actor: Actor, now: datetime, key: str, language: str, n: int, *,
                      version: int | None = None) -> PaperTemplate:  # fmt: skip
    """Have a template apply from now on; whoever handed it in cannot do so alone.

    Raises:
        Forbidden: the actor does not activate wordings.
        Conflict: the actor handed it in, or it was deleted or activated meanwhile.
    """
    require(actor, Permission.WORDINGS_ACTIVATE)
    row = get_template(session, actor, key, language, n)
    expect_version(row, version)
    if row.saved_by == actor.account_id:
        raise Conflict("papers.template-second-person")
    if row.state == VersionState.DELETED:
        raise Conflict("papers.template-deleted", n=n)
    applied = session.scalars(
        select(PaperTemplate).where(PaperTemplate.kind == key, PaperTemplate.language == language,
                                    PaperTemplate.state == VersionState.ACTIVE.value)
    ).all()  # fmt: skip
    for other in applied:
        if other.id != row.id:
            _move(session, other, [VersionState.ACTIVE], VersionState.RETIRED)
    _move(session, row, [VersionState.DRAFT, VersionState.RETIRED], VersionState.ACTIVE, activated_at=now,
          activated_by=actor.account_id)  # fmt: skip
    _tell(session, actor, now, row, "papers.template.activated")
    return row


def retire_template(session: Session, actor: Actor, now: datetime, key: str, language: str, n: int, *,
                    version: int | None = None) -> None:  # fmt: skip
    """Put a template out of use: the program lays papers of this kind out again.

    Raises:
        Forbidden: the actor does not activate wordings.
        Conflict: it does not apply any more.
    """
    require(actor, Permission.WORDINGS_ACTIVATE)
    row = get_template(session, actor, key, language, n)
    expect_version(row, version)
    _move(session, row, [VersionState.ACTIVE], VersionState.RETIRED)
    _tell(session, actor, now, row, "papers.template.retired")


def delete_template(session: Session, actor: Actor, now: datetime, key: str, language: str, n: int, *,
                    version: int | None = None) -> None:  # fmt: skip
    """Delete a template that does not apply: its file is gone, its line stays.

    Raises:
        Conflict: it applies, or was deleted already.
    """
    require(actor, Permission.WORDINGS_WRITE)
    row = get_template(session, actor, key, language, n)
    expect_version(row, version)
    file_id = row.file_id
    _move(session, row, [VersionState.DRAFT, VersionState.RETIRED], VersionState.DELETED, file_id=None)
    kept = session.get(StoredFile, file_id) if file_id is not None else None
    if kept is not None:
        session.delete(kept)  # its bytes are swept once no row claims them
    _tell(session, actor, now, row, "papers.template.deleted")
