"""How a message leaves: by SMTP, or into a folder while no server is set.

The Message-ID is made from the mail's key with letters, digits, dots and hyphens only: `EmailMessage` silently cuts an
id at any other character, which would give every mail the same one.
"""

import os
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from workflow.base.jobs import OutcomeUnknown, PermanentFailure
from workflow.base.settings import Settings

_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\".]+(\.[^\s@,;:<>()\[\]\\\".]+)*")


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """Everything that a message is made of."""

    key: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str | None
    attachments: Sequence[Attachment]
    queued_at: datetime
    official: bool


def message_id(key: str, domain: str) -> str:
    """Make the stable Message-ID of a mail."""
    return f"<{_PLAIN.sub('-', key)}@{domain}>"


def build_message(letter: Letter, sender: str) -> EmailMessage:
    """Build the message; the same letter gives the same headers every time.

    Raises:
        PermanentFailure: the address cannot be one.
    """
    name, _, domain = sender.rpartition("@")
    message = EmailMessage()
    address = letter.to_address.strip()
    if not _ADDRESS.fullmatch(address):
        raise PermanentFailure("the address cannot be used")
    try:
        local, _at, host = address.rpartition("@")
        message["To"] = Address(" ".join(letter.to_name.split()), local, host)
        message["From"] = Address("", name or "delegations", domain or "localhost")
    except (ValueError, IndexError):
        raise PermanentFailure("the address cannot be used") from None
    message["Subject"] = " ".join(letter.subject.split())
    message["Message-ID"] = message_id(letter.key, domain or "localhost")
    message["Date"] = format_datetime(letter.queued_at)
    if not letter.official:
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name)
    return message


def send(letter: Letter, settings: Settings) -> None:
    """Hand a message over.

    Raises:
        PermanentFailure: the server refuses it for good.
        OutcomeUnknown: an official letter whose connection broke after its text had begun to go out.
        OSError, smtplib.SMTPException: a passing fault; the job is tried again.
    """
    message = build_message(letter, settings.mail_from)
    if not settings.smtp_host:
        _into_folder(letter, message, settings.mail_dir)
        return
    with _connect(settings) as server:
        _hand_over(server, letter, message, settings)


def _connect(settings: Settings) -> smtplib.SMTP:
    host, port = str(settings.smtp_host), settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_tls == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=20)
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password or "")
    return server


def _hand_over(server: smtplib.SMTP, letter: Letter, message: EmailMessage, settings: Settings) -> None:
    server.ehlo_or_helo_if_needed()
    utf8 = ["SMTPUTF8"] if not letter.to_address.isascii() else []
    _expect(server.mail(settings.mail_from, utf8), 250)
    _expect(server.rcpt(letter.to_address), 250)
    try:
        answer = server.data(message.as_bytes(policy=SMTP))  # lines end in CRLF: servers refuse a bare line feed
    except smtplib.SMTPDataError as error:
        answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
    except (OSError, smtplib.SMTPException) as error:
        if letter.official:
            raise OutcomeUnknown("the connection broke while the letter was going out") from error
        raise
    _expect(answer, 250)


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    code = answer[0]
    if code in (wanted, 251):
        return
    if 500 <= code < 600:
        raise PermanentFailure(f"the mail server refuses it (SMTP {code})")
    raise smtplib.SMTPException(f"SMTP {code}")


def _into_folder(letter: Letter, message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{letter.queued_at:%Y%m%d-%H%M%S}-{_PLAIN.sub('-', letter.key)[:100]}.eml"
    half = folder / f".{name}.part"
    with half.open("wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    half.rename(folder / name)
