"""What people do with wordings: write, activate, return to an earlier one, delete; add a language."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Refused
from workflow.base.events import record
from workflow.base.reasons import Reason, Sentence, Where
from workflow.papers.authoring.checking import Fault, check_wording
from workflow.papers.authoring.models import Wording
from workflow.papers.authoring.queries import DELIVERED, get_kind, kind_now, next_number, version
from workflow.papers.authoring.rules import VersionState, is_language
from workflow.papers.editions import Kind

MAX_REMARK = 500


def require(actor: Actor, permission: Permission) -> None:
    """Refuse an act that the actor's roles do not allow.

    Raises:
        Forbidden: they do not.
    """
    if not actor.may(permission):
        raise Forbidden


def sentence_of(fault: Fault) -> Sentence:
    """A fault as a plain sentence: where, what, and what may be meant."""
    code = f"papers.wording-{fault.code}"
    what = {"detail": fault.detail, "meant": fault.meant}
    inner = Sentence(f"{code}-meant" if fault.meant else code, what)
    if fault.place:
        return Sentence("papers.wording-at-place", {"place": Sentence(f"papers.wording-place-{fault.place}"),
                                                    "line": fault.line, "what": inner})  # fmt: skip
    return Sentence("papers.wording-at-line", {"line": fault.line, "what": inner}) if fault.line else inner


def problem_of(fault: Fault, field: str) -> Problem:
    """A fault as a form shows it."""
    told = sentence_of(fault)
    return Problem(field, told.code, told.params)


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _checked(text: str, kind: Kind) -> str:
    words = _plain(text)
    faults = check_wording(words, kind)
    if faults:
        raise Invalid("papers.wording-faulty", field="text", problems=[problem_of(each, "text") for each in faults])
    return words


def _remark(remark: str) -> str:
    words = " ".join(remark.split())
    if len(words) > MAX_REMARK:
        raise Invalid("base.too-long", field="remark", limit=MAX_REMARK)
    return words


def _row(session: Session, key: str, language: str, state: VersionState) -> Wording | None:
    return session.scalars(
        select(Wording).where(Wording.kind == key, Wording.language == language, Wording.state == state.value)
    ).one_or_none()


def save_wording(
    session: Session, actor: Actor, now: datetime, key: str, language: str, text: str, *, remark: str = "",
    based_on: int = DELIVERED, seen: tuple[int, int] | None = None,
) -> Wording:  # fmt: skip
    """Save what was written as the draft of the next version; the version that applies stays as it is.

    *based_on* is the version that the editor was opened with; *seen* the number and `lock_version` of the draft that it
    showed, None when there was none.

    Raises:
        NotFound: no such kind or language.
        Stale: somebody saved a draft meanwhile.
        Invalid: with every fault, its line and a plain sentence.
    """
    require(actor, Permission.WORDINGS_WRITE)
    base = version(session, actor, key, language, based_on)
    words, said = _checked(text, get_kind(key)), _remark(remark)
    row = _row(session, key, language, VersionState.DRAFT)
    if row is None:
        if seen is not None:
            raise Conflict("papers.wording-draft-gone")
        row = Wording(
            kind=key, language=language, n=next_number(session, Wording, key, language), state=VersionState.DRAFT,
            text=words, remark=said, based_on=base.n, saved_at=now, saved_by=actor.account_id,
        )  # fmt: skip
        session.add(row)
    else:
        expect_version(row, seen[1] if seen and seen[0] == row.n else -1, {"text": row.text, "remark": row.remark})
        row.text, row.remark, row.saved_at, row.saved_by = words, said, now, actor.account_id
    session.flush()
    record(session, actor, now, "papers.wording.saved", subject=row,
           changes={"kind": (None, key), "language": (None, language), "n": (None, row.n)}, note=said)  # fmt: skip
    return row


def add_language(session: Session, actor: Actor, now: datetime, key: str, language: str) -> Wording:
    """Begin a kind's wording in one more language: a draft that holds the English or Russian one, to be translated.

    Raises:
        Invalid: not the code of a language.
        Conflict: the kind has it, or it has been begun.
    """
    require(actor, Permission.WORDINGS_WRITE)
    kind = kind_now(session, get_kind(key).key)
    if not is_language(language):
        raise Invalid("papers.not-a-language", field="language")
    begun = session.scalar(select(Wording.id).where(Wording.kind == key, Wording.language == language).limit(1))
    if language in kind.wordings or begun is not None:
        raise Conflict("papers.wording-has-language", field="language")
    source = "en" if "en" in kind.wordings else next(iter(kind.wordings))
    row = Wording(
        kind=key, language=language, n=1, state=VersionState.DRAFT, text=kind.wordings[source], remark="",
        based_on=DELIVERED, saved_at=now, saved_by=actor.account_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, actor, now, "papers.wording.language-added", subject=row,
           changes={"kind": (None, key), "language": (None, language)})  # fmt: skip
    return row


def activate_wording(session: Session, actor: Actor, now: datetime, key: str, language: str, n: int, *,
                     lock_version: int | None = None) -> None:  # fmt: skip
    """Have a version apply from now on: a draft, an earlier one, or (0) the one as delivered. Papers keep their texts.

    Raises:
        Forbidden: the actor does not activate wordings.
        NotFound: there never was such a version.
        Conflict: it was deleted, or applies already.
        Refused: with every fault that it has by now.
    """
    require(actor, Permission.WORDINGS_ACTIVATE)
    wanted = version(session, actor, key, language, n)
    if wanted.state is VersionState.DELETED:
        raise Conflict("papers.wording-deleted", n=n)
    if wanted.state is VersionState.ACTIVE:
        raise Conflict("papers.wording-applies", n=n)
    if faults := check_wording(wanted.text, get_kind(key)):
        there = Where("wordings.edit", {"kind": key, "language": language})
        found = [sentence_of(each) for each in faults]
        raise Refused("papers.wording-faulty", [Reason(one.code, one.params, there) for one in found])
    before = _row(session, key, language, VersionState.ACTIVE)
    if before is not None:
        advance(session, Wording, before.id, from_=[VersionState.ACTIVE], to=VersionState.RETIRED)
    row = None
    if n != DELIVERED:
        row = session.scalars(
            select(Wording).where(Wording.kind == key, Wording.language == language, Wording.n == n)
        ).one()
        expect_version(row, lock_version)
        done = advance(session, Wording, row.id, from_=[VersionState.DRAFT, VersionState.RETIRED],
                       to=VersionState.ACTIVE, activated_at=now, activated_by=actor.account_id)  # fmt: skip
        if not done:
            raise Conflict("papers.wording-deleted", n=n)
    subject = row or before
    assert subject is not None  # noqa: S101 - version 0 is inactive only while a row is active
    record(session, actor, now, "papers.wording.activated", subject=subject,
           changes={"kind": (None, key), "language": (None, language),
                    "n": (before.n if before else DELIVERED, n)})  # fmt: skip


def delete_version(session: Session, actor: Actor, now: datetime, key: str, language: str, n: int, *,
                   lock_version: int | None = None) -> None:  # fmt: skip
    """Delete a draft or an earlier version: its text is gone, its line stays, for papers may name it.

    Raises:
        NotFound: there never was such a version.
        Conflict: it applies now, was deleted already, or is the one as delivered.
    """
    require(actor, Permission.WORDINGS_WRITE)
    found = version(session, actor, key, language, n)
    if found.n == DELIVERED:
        raise Conflict("papers.wording-delivered")
    if found.state is VersionState.ACTIVE:
        raise Conflict("papers.wording-applies", n=n)
    if found.state is not VersionState.DRAFT and not actor.may(Permission.WORDINGS_ACTIVATE):
        raise Forbidden
    row = session.scalars(
        select(Wording).where(Wording.kind == key, Wording.language == language, Wording.n == n)
    ).one_or_none()
    if row is None:
        raise NotFound("wording")
    expect_version(row, lock_version)
    done = advance(session, Wording, row.id, from_=[VersionState.DRAFT, VersionState.RETIRED],
                   to=VersionState.DELETED, text="")  # fmt: skip
    if not done:
        raise Conflict("papers.wording-deleted", n=n)
    record(session, actor, now, "papers.wording.deleted", subject=row,
           changes={"kind": (None, key), "language": (None, language), "n": (n, None)})  # fmt: skip
