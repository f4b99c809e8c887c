"""Handing mails over, outside any transaction."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.files import read_file
from workflow.base.jobs import IfLost, JobHandler, JobState
from workflow.base.registry import Registry
from workflow.base.settings import Settings
from workflow.mail.composing import use_base_url
from workflow.mail.models import Mail, MailState
from workflow.mail.service import MAIL_FOLDER, SEND, SEND_OFFICIAL, mark
from workflow.mail.transport import LONGEST_SECONDS, Attachment, Letter, send

LEASE = timedelta(seconds=LONGEST_SECONDS + 45)
"""Longer than handing over can take: while a worker still waits for its server, no other sends the same mail."""

_settings: list[Settings] = []

MAIL_SETTLED: Registry[Any] = Registry("mail listener")
"""Kind of mail → function(session, mail_id, state, now), told when a mail is sent, failed or uncertain."""


def use_mail_settings(settings: Settings) -> None:
    """Set how mail leaves, and where its links lead; once at start."""
    _settings[:] = [settings]
    MAIL_FOLDER[:] = [settings.mail_dir]
    use_base_url(settings.base_url)


def _load(session: Session, payload: Mapping[str, Any], _now: datetime) -> Letter | None:
    mail = session.get(Mail, payload["mail_id"])
    if mail is None or mail.state == MailState.WITHDRAWN:
        return None
    files = [read_file(session, file_id) for file_id in mail.attachments]
    return Letter(
        key=mail.key, to_name=mail.to_name, to_address=mail.to_address, subject=mail.subject, text=mail.text,
        html=mail.html, queued_at=mail.queued_at, official=mail.official,
        attachments=[Attachment(row.name, row.media_type, data) for row, data in files],
    )


def _perform(letter: Letter) -> None:
    send(letter, _settings[0])


def _record(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    _settle(session, payload["mail_id"], MailState.SENT, now)


def _settled_badly(session: Session, payload: Mapping[str, Any], state: JobState, now: datetime) -> None:
    _settle(session, payload["mail_id"],
            MailState.UNCERTAIN if state is JobState.UNCERTAIN else MailState.FAILED, now)


def _settle(session: Session, mail_id: int, state: MailState, now: datetime) -> None:
    mark(session, mail_id, state, sent_at=now if state is MailState.SENT else None)
    mail = session.get(Mail, mail_id, populate_existing=True)
    if mail is not None and mail.kind in MAIL_SETTLED:
        MAIL_SETTLED.get(mail.kind)(session, mail_id, state, now)


HANDLERS = [
    JobHandler(SEND, load=_load, perform=_perform, record=_record, lease=LEASE, max_attempts=8,
               settled_badly=_settled_badly),
    JobHandler(SEND_OFFICIAL, load=_load, perform=_perform, record=_record, lease=LEASE,
               max_attempts=8, if_lost=IfLost.UNCERTAIN, settled_badly=_settled_badly),
]
