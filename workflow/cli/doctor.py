"""Looks at an installation as an experienced colleague would: what works, what does not, and what to do about it."""

import os
import shutil
import smtplib
import stat
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import redis
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, LargeBinary, literal_column, make_url, or_, select, text, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow.app import fill_registries
from workflow.base.database import begin_read_only, make_engine
from workflow.base.encryption import index_under
from workflow.base.files import NO_ROOM
from workflow.base.heartbeats import LATE, SCHEDULER, WORKER, last_beat
from workflow.base.jobs import oldest_due_at
from workflow.base.rotation import encrypted_columns
from workflow.base.settings import DEMO_MARK, Settings
from workflow.cli.migrating import current_revision, newest_revision
from workflow.mail.addressees import one_spelling
from workflow.mail.models import Mail
from workflow.mail.transport import connected
from workflow.papers.signing import Pkcs12Signer, SignerError
from workflow.people.models import Passport

FONTS = Path(__file__).resolve().parents[1] / "papers" / "fonts"
LOW_DISK = 1024**3
OLD_JOB = timedelta(minutes=10)
SOON = timedelta(days=30)
CLOCK_SLACK = timedelta(seconds=30)


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "FAILURE"


@dataclass(frozen=True)
class Finding:
    """What one check found, and what to do when it is not well."""

    check: str
    level: Level
    text: str
    advice: str = ""


Check = Callable[[Settings, datetime], Finding]


def examine(settings: Settings, now: datetime, only: Iterable[str] = ()) -> list[Finding]:
    """Run the checks named (all but `web` by default)."""
    wanted = tuple(only) or tuple(CHECKS)
    return [CHECKS[name](settings, now) for name in wanted]


def check_database(settings: Settings, _now: datetime) -> Finding:
    """Is the database there, and of this program's schema?"""
    kept = make_url(settings.database_url)
    if kept.drivername == "sqlite" and not Path(kept.database or "").exists():
        return Finding("database", Level.FAILURE, f"there is none at {kept.database}", "Run `delegations migrate`.")
    try:
        current = current_revision(settings)
    except SQLAlchemyError as error:
        return Finding("database", Level.FAILURE, f"not reached: {_first_line(error)}",
                       "Start it, or correct DATABASE_URL.")  # fmt: skip
    if current != newest_revision():
        return Finding("database", Level.FAILURE, f"its schema is {current or 'empty'}, this program needs "
                       f"{newest_revision()}", "Run `delegations migrate`.")  # fmt: skip
    return Finding("database", Level.OK, f"{kept.get_backend_name()}, schema {current}")


def check_broker(settings: Settings, _now: datetime) -> Finding:
    """Does Redis answer, where there is one?"""
    if settings.redis_url is None:
        return Finding("broker", Level.OK, "inside the process (one-machine mode)")
    policy = None
    try:
        with closing(redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3)) as client:
            client.ping()
            with suppress(redis.ResponseError):  # a Redis kept by others may not tell its settings
                policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except redis.RedisError as error:
        return Finding("broker", Level.FAILURE, f"not reached: {_first_line(error)}",
                       "Start Redis, or correct REDIS_URL. Nothing is lost: work waits in the database.")  # fmt: skip
    if policy not in (None, "noeviction"):
        return Finding("broker", Level.WARNING, f"Redis may drop messages ({policy})",
                       "Set maxmemory-policy noeviction.")  # fmt: skip
    return Finding("broker", Level.OK, "Redis answers")


def check_mail(settings: Settings, _now: datetime) -> Finding:
    """Would the mail server take a message, or can the folder be written?"""
    if settings.smtp_host is None:
        return Finding("mail", Level.WARNING, f"kept in {settings.mail_dir}, not sent",
                       "Set DELEGATIONS_SMTP_HOST to send mail.")  # fmt: skip
    try:
        with connected(settings, seconds=10) as server:
            server.ehlo_or_helo_if_needed()
            code, said = server.mail(settings.mail_from)
            server.rset()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", Level.FAILURE, f"{settings.smtp_host} does not take mail: {_first_line(error)}",
                       "Check DELEGATIONS_SMTP_HOST, _PORT, _TLS, _USER, _PASSWORD.")  # fmt: skip
    if code >= 400:  # a refusal (RFC 5321)
        return Finding("mail", Level.FAILURE, f"{settings.smtp_host} takes nothing from {settings.mail_from}: {code} "
                       f"{said.decode(errors='replace')[:200]}", "Correct DELEGATIONS_MAIL_FROM, or have the server's "
                       "keeper allow this sender.")  # fmt: skip
    return Finding("mail", Level.OK, f"{settings.smtp_host}:{settings.smtp_port} answers")


def check_fonts(_settings: Settings, _now: datetime) -> Finding:
    """Are the fonts of letters there?"""
    fonts = [path for path in FONTS.rglob("*") if path.suffix.lower() in {".ttf", ".otf"}]
    if not fonts:
        return Finding("fonts", Level.FAILURE, f"none in {FONTS}", "Install the program again: letters need its fonts.")
    return Finding("fonts", Level.OK, f"{len(fonts)} files")


def check_signer(settings: Settings, now: datetime) -> Finding:
    """Can papers be signed electronically, and for how long still?"""
    if settings.signer_file is None:
        return Finding("signer", Level.OK, "no certificate: papers are signed on paper")
    try:
        found = Pkcs12Signer(settings.signer_file, settings.signer_password or "").certificate()
    except SignerError as error:
        return Finding("signer", Level.FAILURE, str(error),
                       "Check DELEGATIONS_SIGNER_FILE and DELEGATIONS_SIGNER_PASSWORD.")  # fmt: skip
    if not found.is_valid(now):
        return Finding("signer", Level.FAILURE, f"the certificate of {found.name} is not valid today",
                       "Get a new certificate; until then papers are signed on paper.")  # fmt: skip
    if found.valid_to < now + SOON:
        return Finding("signer", Level.WARNING, f"the certificate of {found.name} ends on {found.valid_to:%Y-%m-%d}",
                       "Ask for a new one in time.")  # fmt: skip
    return Finding("signer", Level.OK, f"{found.name}, until {found.valid_to:%Y-%m-%d}")


def check_clock(settings: Settings, now: datetime) -> Finding:
    """Are time zones known, and does the database's clock agree with ours?"""
    try:
        ZoneInfo("Europe/Moscow")
    except ZoneInfoNotFoundError:
        return Finding("clock", Level.FAILURE, "time zones are unknown", "Install the tzdata package.")
    if settings.database_url.startswith("postgresql"):
        engine = make_engine(settings.database_url)
        try:
            with engine.connect() as connection:
                theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        except SQLAlchemyError:
            return Finding("clock", Level.WARNING, "the database's clock cannot be read", "See the database check.")
        finally:
            engine.dispose()
        if abs(theirs - now) > CLOCK_SLACK:
            return Finding("clock", Level.FAILURE, f"the database's clock differs by {abs(theirs - now)}",
                           "Set both machines by NTP: leases and reminders hang on it.")  # fmt: skip
    return Finding("clock", Level.OK, f"{now:%Y-%m-%d %H:%M} UTC")


def check_secrets(settings: Settings, _now: datetime) -> Finding:
    """Are the keys usable, long enough and closed to others?"""
    kept = settings.data_dir / "keys.json"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        return Finding("secrets", Level.FAILURE, f"others may read {kept}", f"Run: chmod 600 {kept}")
    if len(settings.secret_key) < 32 or len(settings.index_key) < 32:
        return Finding("secrets", Level.FAILURE, "a key is shorter than 32 characters",
                       "Make new ones: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'")  # fmt: skip
    if any(key.startswith(DEMO_MARK) for key in (settings.secret_key, settings.index_key)):
        level = Level.WARNING if settings.demo else Level.FAILURE
        return Finding("secrets", level, "these are the demo's keys", "Make keys of your own before real people's data "
                       "come in; production refuses these.")
    if (stranger := _locked_by_another_key(settings)) is not None:
        return Finding("secrets", Level.FAILURE, f"what is kept in {stranger} cannot be read with these keys",
                       "Put the keys back with which it was written (those kept apart from the backups), before "
                       "anything is entered under the wrong ones.")  # fmt: skip
    if (unfound := _indexed_under_another_key(settings)) is not None:
        return Finding("secrets", Level.FAILURE, f"DELEGATIONS_INDEX_KEY is not the key of the indexes of {unfound}: "
                       "the same passport is entered twice unseen, and an erasure misses letters",
                       "Put the DELEGATIONS_INDEX_KEY back with which they were written (the one kept apart from the "
                       "backups), before anything is entered or erased under the wrong one.")  # fmt: skip
    where = f"in {kept}; keep a copy apart from the backups" if kept.exists() else "from the environment"
    return Finding("secrets", Level.OK, f"{len(settings.fernet_keys)} encryption key(s), {where}")


def _locked_by_another_key(settings: Settings) -> str | None:
    """Name the first table whose oldest or newest encrypted values our keys do not open; None when all do."""
    box = MultiFernet([Fernet(key) for key in settings.fernet_keys])
    fill_registries()  # so that every room's tables are known
    key: ColumnElement[int] = literal_column("id")
    try:
        with _reading(settings) as session:
            for table, columns in encrypted_columns():
                bare: list[ColumnElement[bytes]] = [literal_column(column.name) for column in columns]
                filled = select(*bare).select_from(text(table.name)).where(or_(*(one.is_not(None) for one in bare)))
                rows = [session.execute(filled.order_by(order).limit(1)).first() for order in (key, key.desc())]
                try:
                    for token in (token for row in rows if row for token in row if token is not None):
                        box.decrypt(bytes(token))
                except InvalidToken:
                    return table.name
    except SQLAlchemyError:
        return None  # the database check tells of it
    return None


def _indexed_under_another_key(settings: Settings) -> str | None:
    """Name what our key of indexes does not find again: passports, or mails where there is none; None when it does."""
    box, key = MultiFernet([Fernet(each) for each in settings.fernet_keys]), settings.index_key.encode()
    fill_registries()
    number = type_coerce(Passport.number, LargeBinary)  # opened by these settings' keys, not by the process's own
    address = type_coerce(Mail.to_address, LargeBinary)
    written = (
        ("passports", Passport.id, select(number, Passport.number_index), str),
        ("mails", Mail.id, select(address, Mail.address_index).where(Mail.address_index.is_not(None)), one_spelling),
    )
    try:
        with _reading(settings) as session:
            for what, row_id, rows, spelled in written:
                ends = [session.execute(rows.order_by(order).limit(1)).first() for order in (row_id, row_id.desc())]
                found = [(box.decrypt(bytes(token)).decode(), index) for token, index in filter(None, ends)]
                if any(index != index_under(key, spelled(plain)) for plain, index in found):
                    return what
                if found:
                    return None
    except SQLAlchemyError:
        return None  # the database check tells of it
    return None


def check_disk(settings: Settings, _now: datetime) -> Finding:
    """Can the data folder be written, and is there room?"""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=settings.data_dir) as probe:
            probe.write(b"x")
            os.fsync(probe.fileno())
    except OSError as error:
        advice = "Make room." if error.errno in NO_ROOM else "Give it to the user that the program runs as."
        return Finding("disk", Level.FAILURE, f"{settings.data_dir} cannot be written: {_first_line(error)}", advice)
    free = shutil.disk_usage(settings.data_dir).free
    said = f"{free / 1024**3:.1f} GiB free in {settings.data_dir}"
    if free < LOW_DISK:
        return Finding("disk", Level.WARNING, said, "Make room: papers and uploads are kept there.")
    return Finding("disk", Level.OK, said)


def check_worker(settings: Settings, now: datetime) -> Finding:
    """Does a worker do what is rung for, and is no job waiting for long?"""
    try:
        with _reading(settings) as session:
            heard, waiting = last_beat(session, WORKER), oldest_due_at(session, now)
    except SQLAlchemyError as error:
        return Finding("worker", Level.FAILURE, f"unknown: {_first_line(error)}", "See the database check.")
    if heard is None or now - heard > LATE:
        said = "none has worked yet" if heard is None else f"last worked {_ago(now - heard)} ago"
        return Finding("worker", Level.FAILURE, said, _start(settings, "worker"))
    if waiting is not None and now - waiting > OLD_JOB:
        return Finding("worker", Level.WARNING, f"the oldest job has waited {_ago(now - waiting)}",
                       "Look at the page of jobs; perhaps start another worker.")  # fmt: skip
    return Finding("worker", Level.OK, f"worked {_ago(now - heard)} ago")


def check_scheduler(settings: Settings, now: datetime) -> Finding:
    """Does a scheduler ring?"""
    try:
        with _reading(settings) as session:
            rang = last_beat(session, SCHEDULER)
    except SQLAlchemyError as error:
        return Finding("scheduler", Level.FAILURE, f"unknown: {_first_line(error)}", "See the database check.")
    if rang is None or now - rang > LATE:
        said = "none has rung yet" if rang is None else f"last rang {_ago(now - rang)} ago"
        return Finding("scheduler", Level.FAILURE, said, _start(settings, "scheduler"))
    return Finding("scheduler", Level.OK, f"rang {_ago(now - rang)} ago")


def _start(settings: Settings, program: str) -> str:
    return f"Start `delegations {program if settings.redis_url else 'up'}`."


def check_web(port: int) -> Finding:
    """Does the web process on this machine answer that it is well?"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            status = answer.status
    except (urllib.error.URLError, OSError) as error:
        return Finding("web", Level.FAILURE, f"no answer on port {port}: {_first_line(error)}",
                       "Start `delegations web`.")  # fmt: skip
    return Finding("web", Level.OK, f"/healthz answers {status}")


CHECKS: dict[str, Check] = {
    "database": check_database,
    "broker": check_broker,
    "mail": check_mail,
    "fonts": check_fonts,
    "signer": check_signer,
    "clock": check_clock,
    "secrets": check_secrets,
    "disk": check_disk,
    "worker": check_worker,
    "scheduler": check_scheduler,
}


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    """Open a session for one look, with an engine of its own."""
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            begin_read_only(session)
            yield session
    finally:
        engine.dispose()


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200] or type(error).__name__


def _ago(pause: timedelta) -> str:
    seconds = max(0, int(pause.total_seconds()))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
