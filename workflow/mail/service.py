"""Queueing mails: the text is rendered now, in the recipient's language; a worker hands it over after the commit."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.base.jobs import enqueue, withdraw
from workflow.base.unit_of_work import after_commit
from workflow.mail.composing import Composed, compose
from workflow.mail.models import Mail, MailState
from workflow.mail.transport import file_name

SEND = "mail.send"
SEND_OFFICIAL = "mail.send_official"


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to, and in which language they read."""

    address: str
    name: str
    language: str
    account_id: int | None = None


def queue_mail(
    session: Session, now: datetime, kind: str, recipient: Recipient, values: dict[str, Any], *, key: str,
    visit_id: int | None = None, official: bool = False, attachments: Sequence[int] = (), request_id: str = "",
) -> Mail | None:
    """Queue a mail worded from `templates/emails/<kind>`; the same *key* twice queues one (then None is given).

    *official* letters are handed over at most once: if the worker dies in the middle, a person decides. All others are
    sent again under the same Message-ID. *attachments* are ids of stored files.
    """
    if _is_queued(session, key):
        return None
    worded = compose(kind, recipient.language, values)
    return _queue(session, now, kind, recipient, worded, key=key, visit_id=visit_id, official=official,
                  attachments=attachments, request_id=request_id)


def queue_worded_mail(
    session: Session, now: datetime, kind: str, recipient: Recipient, *, subject: str, text: str, key: str,
    visit_id: int | None = None, official: bool = False, attachments: Sequence[int] = (), request_id: str = "",
) -> Mail | None:
    """Queue a mail whose text a person has written and reviewed; otherwise like `queue_mail`."""
    if _is_queued(session, key):
        return None
    worded = Composed(" ".join(subject.split()), text, None)
    return _queue(session, now, kind, recipient, worded, key=key, visit_id=visit_id, official=official,
                  attachments=attachments, request_id=request_id)


def _is_queued(session: Session, key: str) -> bool:
    return session.scalar(select(Mail.id).where(Mail.key == key)) is not None


def _queue(
    session: Session, now: datetime, kind: str, recipient: Recipient, worded: Composed, *, key: str,
    visit_id: int | None, official: bool, attachments: Sequence[int], request_id: str,
) -> Mail:
    mail = Mail(
        key=key, kind=kind, official=official, state=MailState.QUEUED, language=recipient.language,
        to_name=recipient.name, to_address=recipient.address, subject=worded.subject, text=worded.text,
        html=worded.html, attachments=list(attachments), account_id=recipient.account_id, visit_id=visit_id,
        queued_at=now,
    )
    session.add(mail)
    session.flush()
    enqueue(session, now, SEND_OFFICIAL if official else SEND, f"mail.{mail.id}", {"mail_id": mail.id},
            visit_id=visit_id, request_id=request_id)
    return mail


def withdraw_mails(session: Session, now: datetime, visit_id: int, *, kinds: Sequence[str] = ()) -> int:
    """Withdraw mails of a visit that have not left yet; give how many."""
    query = select(Mail.id).where(Mail.visit_id == visit_id, Mail.state == MailState.QUEUED)
    if kinds:
        query = query.where(Mail.kind.in_(kinds))
    return sum(withdraw_mail(session, now, mail_id) for mail_id in session.scalars(query).all())


def withdraw_mail(session: Session, now: datetime, mail_id: int) -> bool:
    """Withdraw a mail that has not left; say whether it surely stays here.

    One that is being handed over in this moment is withdrawn too: if that try fails, there is no other, and if the
    server takes it, it is marked as sent after all.
    """
    stays = bool(withdraw(session, now, key=f"mail.{mail_id}"))
    session.execute(update(Mail).where(Mail.id == mail_id, Mail.state == MailState.QUEUED)
                    .values(state=MailState.WITHDRAWN))
    return stays


def mark(session: Session, mail_id: int, state: MailState, *, sent_at: datetime | None = None) -> None:
    """Note what became of a mail; called by the job that sends it."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(state=state, sent_at=sent_at)
                    .execution_options(synchronize_session=False))


KEPT = timedelta(days=365)
"""How long the text and address of a mail are kept once it has left; its row stays as a line of the register."""


def purge_mails(session: Session, now: datetime, *, kept: timedelta = KEPT) -> int:
    """Empty mails that left, failed for good or were withdrawn longer ago than *kept*; nightly. Give how many."""
    old = session.scalars(
        select(Mail).where(Mail.queued_at < now - kept, Mail.purged_at.is_(None), Mail.state != MailState.QUEUED)
        .limit(1000)
    ).all()
    for mail in old:
        empty_mail(session, mail, now)
    return len(old)


MAIL_FOLDER: list[Path] = []
"""Where mails lie that left before a mail server was set; once at start."""


def empty_mail(session: Session, mail: Mail, now: datetime) -> None:
    """Take words and address out of a mail, and its copy out of the folder once that is committed; its line stays."""
    for folder in MAIL_FOLDER:
        after_commit(session, partial(_forget, folder / file_name(mail.key, mail.queued_at)))
    mail.to_name = mail.to_address = mail.subject = mail.text = ""
    mail.html, mail.attachments, mail.purged_at = None, [], now


def _forget(copy: Path) -> None:
    with suppress(OSError):
        copy.unlink(missing_ok=True)
