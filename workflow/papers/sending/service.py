"""What people do with mails that wait: edit, hold, remove, release; and how a released one is handed over once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, DomainError, Forbidden, Invalid, Stale
from workflow.base.events import record
from workflow.base.jobs import enqueue
from workflow.base.registry import Registry
from workflow.mail.models import Mail, MailState
from workflow.papers.changes import changes_of
from workflow.papers.issuing import send_by_mail
from workflow.papers.models import Dispatch, Paper
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.officer import officer
from workflow.papers.sending.queries import get_outgoing
from workflow.papers.sending.rules import LINK, OPEN, OutgoingAct, OutgoingState, refusal
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

HAND_OVER = "papers.outgoing_hand_over"
OUTDATED, OFF = "papers.outgoing-outdated", "papers.outgoing-visit-off"
"""Why a mail is held: its paper uses facts that have changed since, a date, a name; or its visit is off."""
_DOUBTS = frozenset({OUTDATED, OFF})
MAX_SUBJECT, MAX_TEXT, MAX_REASON = 300, 20_000, 1000

LinkMaker = Callable[[Session, Actor, datetime, int, str], str]
ANSWER_LINKS: Registry[LinkMaker] = Registry("maker of personal links")
"""What papers are about → function(session, actor, now, its key, language) that makes the personal link by which
somebody answers; `papers.batches` enters its own."""


def may_wait(session: Session, paper_id: int) -> bool:
    """Say whether a mail of this paper may be prepared: none was, or the last one surely did not go out."""
    last = session.scalars(
        select(OutgoingMail).where(OutgoingMail.paper_id == paper_id).order_by(OutgoingMail.id.desc()).limit(1)
    ).first()
    if last is None:
        return True
    if last.state != OutgoingState.HANDED or last.dispatch_id is None:
        return False
    state = session.scalar(
        select(Mail.state).join(Dispatch, Dispatch.mail_id == Mail.id).where(Dispatch.id == last.dispatch_id)
    )
    return state in (MailState.FAILED, MailState.WITHDRAWN)


def queue_letter(
    session: Session, actor: Actor, now: datetime, paper: Paper, *, to_name: str, to_address: str, language: str,
    subject: str, text: str,
) -> OutgoingMail:  # fmt: skip
    """Put a mail with a paper into the queue; nothing leaves before it is released."""
    row = OutgoingMail(
        visit_id=paper.visit_id, paper_id=paper.id, to_name=" ".join(to_name.split()), to_address=to_address.strip(),
        language=language, subject=" ".join(subject.split())[:MAX_SUBJECT], text=text[:MAX_TEXT], queued_at=now,
        queued_by=actor.account_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, actor, now, "papers.outgoing.queued", subject=row, visit_id=row.visit_id,
           personal=("to_address",))  # fmt: skip
    return row


def _open(session: Session, actor: Actor, outgoing_id: int, act: OutgoingAct, version: int | None) -> OutgoingMail:
    row = get_outgoing(session, actor, outgoing_id)
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    code = refusal(OutgoingState(row.state), act)
    if code:
        raise Conflict(code)
    expect_version(row, version, {"subject": row.subject, "text": row.text, "to_address": row.to_address})
    return row


def _move(session: Session, row: OutgoingMail, to: OutgoingState, from_: OutgoingState | None = None) -> None:
    sources = [from_.value] if from_ else [state.value for state in OPEN]
    if not advance(session, OutgoingMail, row.id, from_=sources, to=to.value):
        raise Stale


def edit_outgoing(
    session: Session, actor: Actor, now: datetime, outgoing_id: int, *, to_name: str, to_address: str, subject: str,
    text: str, version: int | None = None,
) -> OutgoingMail:  # fmt: skip
    """Change the words or the address of a mail before it is released.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
        Invalid: words are missing or too long, or the address cannot be one.
    """
    row = _open(session, actor, outgoing_id, OutgoingAct.EDIT, version)
    limits = (("to_name", to_name, 300), ("subject", subject, MAX_SUBJECT), ("text", text, MAX_TEXT))
    for field, value, limit in limits:
        if not value.strip():
            raise Invalid("base.required", field=field)
        if len(value) > limit:
            raise Invalid("base.too-long", field=field, limit=limit)
    try:
        address = validate_email(to_address.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid("papers.address", field="to_address") from None
    values = {"to_name": " ".join(to_name.split()), "to_address": address, "subject": " ".join(subject.split()),
              "text": text.replace("\r\n", "\n").strip() + "\n"}  # fmt: skip
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.trouble = ""
        record(session, actor, now, "papers.outgoing.edited", subject=row, visit_id=row.visit_id, personal=changed)
    return row


def hold_outgoing(session: Session, actor: Actor, now: datetime, outgoing_id: int, *, version: int | None = None
                  ) -> OutgoingMail:  # fmt: skip
    """Hold a mail back, so that a release of many passes it over.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row = _open(session, actor, outgoing_id, OutgoingAct.HOLD, version)
    _move(session, row, OutgoingState.HELD, OutgoingState.WAITING)
    record(session, actor, now, "papers.outgoing.held", subject=row, visit_id=row.visit_id)
    return row


def resume_outgoing(session: Session, actor: Actor, now: datetime, outgoing_id: int, *, version: int | None = None
                    ) -> OutgoingMail:  # fmt: skip
    """Let a held mail wait for its release again; why it was doubted stays beside it.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row = _open(session, actor, outgoing_id, OutgoingAct.RESUME, version)
    if row.trouble not in _DOUBTS:
        row.trouble = ""
    _move(session, row, OutgoingState.WAITING, OutgoingState.HELD)
    record(session, actor, now, "papers.outgoing.resumed", subject=row, visit_id=row.visit_id)
    return row


def remove_outgoing(session: Session, actor: Actor, now: datetime, outgoing_id: int, reason: str, *,
                    version: int | None = None) -> OutgoingMail:  # fmt: skip
    """Take a mail out of the queue for good, with the reason.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
        Invalid: no reason.
    """
    row = _open(session, actor, outgoing_id, OutgoingAct.REMOVE, version)
    words = reason.strip()
    if not words:
        raise Invalid("papers.reason-required", field="reason")
    if len(words) > MAX_REASON:
        raise Invalid("base.too-long", field="reason", limit=MAX_REASON)
    row.reason = words
    _move(session, row, OutgoingState.REMOVED)
    record(session, actor, now, "papers.outgoing.removed", subject=row, visit_id=row.visit_id, note=words)
    return row


def release_outgoing(session: Session, actor: Actor, now: datetime, outgoing_id: int, *, version: int | None = None
                     ) -> OutgoingMail:  # fmt: skip
    """Let one mail go: a worker hands it over, at most once.

    One whose paper turns out to be outdated, or whose visit is off, is held again; whoever releases it a second time
    has read so and means it.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row = _open(session, actor, outgoing_id, OutgoingAct.RELEASE, version)
    row.released_at, row.released_by = now, actor.account_id
    row.trouble = row.trouble if row.trouble in _DOUBTS else ""
    _move(session, row, OutgoingState.RELEASED, OutgoingState.WAITING)
    record(session, actor, now, "papers.outgoing.released", subject=row, visit_id=row.visit_id)
    enqueue(session, now, HAND_OVER, f"{HAND_OVER}.{row.id}.{row.lock_version}", {"outgoing_id": row.id},
            visit_id=row.visit_id, request_id=actor.request_id)  # fmt: skip
    return row


def release_many(session: Session, actor: Actor, now: datetime, seen: Sequence[tuple[int, int]]) -> int:
    """Let mails go as they were looked at, by key and version; give how many were released.

    Raises:
        NotFound, Forbidden.
        Conflict: none was chosen, or one was changed after it was looked at; none is released.
    """
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    wanted = list(dict.fromkeys(seen))
    if not wanted:
        raise Conflict("papers.outgoing-none-chosen")
    try:
        for outgoing_id, version in wanted:
            release_outgoing(session, actor, now, outgoing_id, version=version)
    except Stale as lost:
        raise Conflict("papers.outgoing-changed") from lost
    return len(wanted)


def hand_over(session: Session, now: datetime, outgoing_id: int) -> None:
    """Hand a released mail to the mail room; what cannot go is held again, and says why."""
    row = session.get(OutgoingMail, outgoing_id)
    if row is None or row.state != OutgoingState.RELEASED:
        return
    actor = officer(session, row.released_by)
    try:
        with session.begin_nested():
            if row.trouble not in _DOUBTS and (doubt := _doubt(session, now, row)):
                raise Conflict(doubt)
            row.trouble = ""
            row.dispatch_id = _send(session, actor, now, row).id
            _move(session, row, OutgoingState.HANDED, OutgoingState.RELEASED)
    except DomainError as wrong:
        session.refresh(row)
        row.trouble = wrong.code
        _move(session, row, OutgoingState.HELD, OutgoingState.RELEASED)
        record(session, actor, now, "papers.outgoing.not-handed", subject=row, visit_id=row.visit_id)


def _doubt(session: Session, now: datetime, row: OutgoingMail) -> str:
    """Say why a person should look once more before this mail leaves; nothing when all is as it was."""
    if session.get_one(Visit, row.visit_id).standing in (Standing.CANCELLED, Standing.POSTPONED):
        return OFF
    return OUTDATED if changes_of(session, now, session.get_one(Paper, row.paper_id)) else ""


def _send(session: Session, actor: Actor, now: datetime, row: OutgoingMail) -> Dispatch:
    text = row.text
    if LINK in text:
        about = session.get_one(Paper, row.paper_id).about
        if about is None or about[0] not in ANSWER_LINKS:
            raise Conflict("papers.outgoing-no-link")
        text = text.replace(LINK, ANSWER_LINKS.get(about[0])(session, actor, now, about[1], row.language))
    return send_by_mail(session, actor, now, row.paper_id, to_name=row.to_name, to_address=row.to_address,
                        subject=row.subject, text=text, language=row.language)  # fmt: skip
