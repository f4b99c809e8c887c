"""How a message leaves: by SMTP, or into a folder while no server is set.

The Message-ID is made from the mail's key with letters, digits, dots and hyphens only: `EmailMessage` silently cuts an
id at any other character, which would give every mail the same one.
"""

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from workflow.base.jobs import OutcomeUnknown, PermanentFailure
from workflow.base.settings import Settings
from workflow.mail.folding import MAIL_POLICY

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
        kind, *parameters = (part.strip() for part in attachment.media_type.split(";"))
        main, _, sub = kind.partition("/")
        given = dict(part.partition("=")[::2] for part in parameters)
        message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name, params=given)
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
    with _connected(settings) as server:
        _hand_over(server, letter, message, settings)


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Open a connection, and close it whatever happens: how the server answers QUIT changes nothing any more."""
    host, port = str(settings.smtp_host), settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_tls == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=20)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password or "")
        yield server
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, letter: Letter, message: EmailMessage, settings: Settings) -> None:
    server.ehlo_or_helo_if_needed()
    utf8 = ["SMTPUTF8"] if not letter.to_address.isascii() else []
    try:
        _expect_taken(server.mail(settings.mail_from, utf8))
    except smtplib.SMTPNotSupportedError:
        raise PermanentFailure("the mail server takes no address with such letters") from None
    _expect_taken(server.rcpt(letter.to_address))
    try:
        answer = server.data(message.as_bytes(policy=MAIL_POLICY))  # lines end in CRLF: servers refuse a bare line feed
    except smtplib.SMTPDataError as error:
        answer = (error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
    except (OSError, smtplib.SMTPException) as error:
        if letter.official:
            raise OutcomeUnknown("the connection broke while the letter was going out") from error
        raise
    if letter.official and not 200 <= answer[0] < 600:
        raise OutcomeUnknown("the server's answer to the letter cannot be read")
    _expect_taken(answer)


def _expect_taken(answer: tuple[int, bytes]) -> None:
    code = answer[0]
    if 200 <= code < 300:
        return
    if 500 <= code < 600:
        raise PermanentFailure(f"the mail server refuses it (SMTP {code})")
    raise smtplib.SMTPException(f"SMTP {code}")


def file_name(key: str, queued_at: datetime) -> str:
    """Name the file of a mail in the folder."""
    plain = _PLAIN.sub("-", key)
    if plain != key or len(plain) > 100:  # two keys must never share a file
        plain = f"{plain[:100]}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    return f"{queued_at:%Y%m%d-%H%M%S}-{plain}.eml"


def _into_folder(letter: Letter, message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = file_name(letter.key, letter.queued_at)
    half = folder / f".{name}.part"
    with half.open("wb") as file:
        file.write(message.as_bytes(policy=MAIL_POLICY.clone(linesep="\n")))
        file.flush()
        os.fsync(file.fileno())
    half.rename(folder / name)
