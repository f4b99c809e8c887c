"""How a message leaves: by SMTP, or into a folder while no server is set.

The Message-ID is made from the mail's key with letters, digits, dots and hyphens only: `EmailMessage` silently cuts an
id at any other character, which would give every mail the same one.
"""

import hashlib
import re
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from workflow.base.disk import put_in_place, write_half
from workflow.base.jobs import OutcomeUnknown, PermanentFailure
from workflow.base.settings import Settings
from workflow.mail.folding import MAIL_POLICY

_PLAIN = re.compile(r"[^A-Za-z0-9.-]+")
_FIRST_DOT = re.compile(rb"^\.", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\".]+(\.[^\s@,;:<>()\[\]\\\".]+)*")


WORD_SECONDS = 20
"""How long one answer to a command is waited for, before the text of a mail goes out."""
BEFORE_TEXT_SECONDS = 45
"""How long all commands before the text may take together; later than this the mail is tried again another time."""
TEXT_SECONDS = 60
"""How long the text with its attachments may take to go out: some 35 MB at 5 Mbit/s."""
VERDICT_SECONDS = 90
"""How long the answer to the text is waited for: servers look for viruses first (RFC 5321 §4.5.3.2.6).
Given up too early, a reminder that was taken is sent again, and a letter is listed as uncertain."""
LONGEST_SECONDS = BEFORE_TEXT_SECONDS + 2 * WORD_SECONDS + TEXT_SECONDS + VERDICT_SECONDS
"""The longest that handing a mail over can take; the lease of its job is longer."""


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
    begun = time.monotonic()
    with connected(settings) as server:
        _introduce(server, letter, settings)
        if time.monotonic() - begun > BEFORE_TEXT_SECONDS:
            raise TimeoutError("the mail server is too slow")
        _hand_over(server, letter, message)


@contextmanager
def connected(settings: Settings, *, seconds: float = WORD_SECONDS) -> Iterator[smtplib.SMTP]:
    """Open a connection to the mail server, signed in, its certificate verified; *seconds* bound each answer.

    It is closed whatever happens: how the server answers QUIT changes nothing any more.

    Raises:
        OSError, smtplib.SMTPException: the server is not there, or refuses us.
    """
    host, port = str(settings.smtp_host), settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_tls == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password or "")
        yield server
        with suppress(Exception):  # whatever breaks here, a worker's time running out too, the mail is handed over
            server.quit()
    finally:
        server.close()


def _introduce(server: smtplib.SMTP, letter: Letter, settings: Settings) -> None:
    """Say who writes to whom; nothing has left yet."""
    server.ehlo_or_helo_if_needed()
    utf8 = ["SMTPUTF8"] if not letter.to_address.isascii() else []
    try:
        _expect_taken(server.mail(settings.mail_from, utf8))
    except smtplib.SMTPNotSupportedError:
        raise PermanentFailure("the mail server takes no address with such letters") from None
    _expect_taken(server.rcpt(letter.to_address))
    code, said = server.docmd("DATA")
    if code != 354:  # "go on" (RFC 5321)
        _expect_taken((code if code >= 400 else 451, said))


def _hand_over(server: smtplib.SMTP, letter: Letter, message: EmailMessage) -> None:
    """Give the text, and hear whether it was taken: from its first byte on an official letter may have arrived."""
    try:
        _wait(server, TEXT_SECONDS)
        server.send(_as_sent(message))
        _wait(server, VERDICT_SECONDS)
        answer = server.getreply()
    except Exception as error:  # whatever it is, a worker's time running out too
        if letter.official:
            raise OutcomeUnknown("the connection broke while the letter was going out") from error
        raise
    if letter.official and not 200 <= answer[0] < 600:
        raise OutcomeUnknown("the server's answer to the letter cannot be read")
    _wait(server, WORD_SECONDS)
    _expect_taken(answer)


def _wait(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _as_sent(message: EmailMessage) -> bytes:
    """Give the bytes on the wire: CRLF ends each line, for servers refuse a bare line feed; a first dot is doubled."""
    text = _FIRST_DOT.sub(b"..", message.as_bytes(policy=MAIL_POLICY))
    return text + (b"" if text.endswith(b"\r\n") else b"\r\n") + b".\r\n"


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
    write_half(half, message.as_bytes(policy=MAIL_POLICY.clone(linesep="\n")), mode=0o600)
    put_in_place(half, folder / name)
