"""The `delegations` command as an operator meets it: it says plainly what is wrong, and keeps and brings back data."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import inspect, select, text

from tasks.runtime import make_runtime
from tests.servers import PostgresServer, die_with_parent, free_port, wait_until
from workflow.accounts.links import invite
from workflow.accounts.models import Account
from workflow.app import create_app
from workflow.base.actor import SYSTEM
from workflow.base.database import make_engine
from workflow.base.settings import Settings, read_settings
from workflow.base.unit_of_work import unit_of_work
from workflow.cli import main, starting
from workflow.cli.backup import put_keys
from workflow.cli.databases import BackupError, postgres_tool
from workflow.mail.models import Mail
from workflow.people.models import Person
from workflow.people.service import PassportData, add_passport

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]
ANNA = ["user", "add", "anna@city.example", "--name-en", "Anna Orlova", "--role", "manager", "--password",
        "a long enough passphrase 7"]  # fmt: skip


@pytest.fixture(autouse=True)
def now() -> datetime:
    """Commands read the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def keys() -> dict[str, str]:
    """Keys as production gets them."""
    return {
        "DELEGATIONS_SECRET_KEY": "s" * 40, "DELEGATIONS_INDEX_KEY": "i" * 40,
        "DELEGATIONS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in the test's own data folder; other settings by keyword."""
    for name in list(os.environ):
        if name.startswith("DELEGATIONS_") or name in {"DATABASE_URL", "REDIS_URL"}:
            monkeypatch.delenv(name)

    def command(*arguments: str, data: str = "data", **environ: str) -> Result:
        given = {"DELEGATIONS_DATA_DIR": str(tmp_path / data), **keys, **environ}
        return CliRunner().invoke(main, arguments, env=given, catch_exceptions=False)

    return command


def settings_of(tmp_path: Path, keys: dict[str, str], data: str = "data", **environ: str) -> Settings:
    """Read the settings that a command ran with."""
    return read_settings({"DELEGATIONS_DATA_DIR": str(tmp_path / data), **keys, **environ})


def names(settings: Settings) -> list[str]:
    """Name the accounts that a database holds."""
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(text("SELECT name_en FROM account ORDER BY id")).scalars())
    finally:
        engine.dispose()


def test_every_command_explains_itself() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    listed = set(re.findall(r"^  ([a-z]+) ", shown, re.MULTILINE))
    assert listed == {
        "backup", "demo", "doctor", "import", "keys", "migrate", "papers", "process", "restore", "scheduler", "up",
        "user", "visas", "web", "worker",
    }  # fmt: skip
    for name in listed:
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_commands_without_keys_say_which(run: Run) -> None:
    answer = run("migrate", DELEGATIONS_SECRET_KEY="")
    assert answer.exit_code == 1
    assert "DELEGATIONS_SECRET_KEY" in answer.output


def test_worker_without_redis_says_what_to_set(run: Run) -> None:
    answer = run("worker")
    assert (answer.exit_code, "REDIS_URL" in answer.output) == (1, True)


@pytest.mark.parametrize("command", [ANNA, ["process", "publish"], ["keys", "rotate"], ["backup", "office.backup"]])
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_command_on_a_database_without_tables_says_what_to_run(
    run: Run, request: pytest.FixtureRequest, command: list[str], kind: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    given = {}
    if kind == "postgres":
        given = {"DATABASE_URL": request.getfixturevalue("postgres_url")}
    else:
        (tmp_path / "data" / "delegations.db").touch()
    answer = run(*command, **given)
    assert answer.exit_code == 1
    assert "run `delegations migrate`" in answer.output
    assert not (tmp_path / "office.backup").exists()


@pytest.mark.parametrize("command", [ANNA, ["migrate"], ["process", "publish"], ["keys", "rotate"]])
def test_command_while_the_database_is_stopped_says_so(run: Run, command: list[str]) -> None:
    answer = run(*command, DATABASE_URL=f"postgresql://office:secret7@127.0.0.1:{free_port()}/office")
    assert answer.exit_code == 1
    assert "the database does not answer" in answer.output
    assert "secret7" not in answer.output


@pytest.mark.parametrize(("host", "port", "said"), [
    ("nowhere.invalid", "8000", "one cannot listen there"), ("192.0.2.1", "8000", "Say --host 127.0.0.1"),
    ("127.0.0.1", "70000", "one cannot listen there"),
])
def test_up_where_nobody_can_listen_says_why(run: Run, host: str, port: str, said: str) -> None:
    answer = run("up", "--host", host, "--port", port)
    assert (answer.exit_code, said in answer.output) == (1, True)


def test_user_add_makes_an_account_once(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    assert run("migrate").exit_code == 0
    assert run(*ANNA).exit_code == 0
    again = run(*ANNA)
    assert again.exit_code == 1
    assert names(settings_of(tmp_path, keys)) == ["Anna Orlova"]


def test_user_add_refuses_a_weak_password_in_words(run: Run) -> None:
    run("migrate")
    answer = run(*ANNA[:-1], "short")
    assert answer.exit_code == 1
    assert "accounts." not in answer.output  # a sentence, not a code


def store_file(settings: Settings) -> Path:
    """Put a file where uploads are kept."""
    kept = settings.files_dir / "ab" / "ab12"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"scan of letter 214")
    return kept


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[dict[str, str]]]:
    """Two installations of one kind: the settings of their databases."""
    if request.param == "sqlite":
        yield [{}, {}]
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh() as first, server.fresh() as second:
        yield [{"DATABASE_URL": first}, {"DATABASE_URL": second}]


def test_backup_comes_back_in_an_empty_installation(
    run: Run, tmp_path: Path, keys: dict[str, str], databases: list[dict[str, str]]
) -> None:
    old, new = databases
    run("migrate", **old)
    run(*ANNA, **old)
    store_file(settings_of(tmp_path, keys, **old))
    archive = tmp_path / "kept" / "monday.tar.gz"
    made = run("backup", str(archive), "--keys", str(tmp_path / "keys.json"), **old)
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(archive.stat().st_mode) == stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600

    back = run("restore", str(archive), data="new", **new)
    assert back.exit_code == 0, back.output
    restored = settings_of(tmp_path, keys, "new", **new)
    assert names(restored) == ["Anna Orlova"]
    assert (restored.files_dir / "ab" / "ab12").read_bytes() == b"scan of letter 214"
    assert run("migrate", data="new", **new).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir() if path.name.startswith(".")) == []


def test_archive_holds_no_key(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    run("backup", str(tmp_path / "a.tar.gz"))
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        content = b"".join(tar.extractfile(member).read() for member in tar if member.isfile())  # type: ignore[union-attr]
    assert [name for name, key in keys.items() if key.encode() in content] == []


def test_restore_refuses_other_keys_and_touches_nothing(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    run(*ANNA)
    run("backup", str(tmp_path / "a.tar.gz"))
    answer = run("restore", str(tmp_path / "a.tar.gz"), data="new",
                 DELEGATIONS_ENCRYPTION_KEYS=Fernet.generate_key().decode())  # fmt: skip
    assert (answer.exit_code, "other keys" in answer.output) == (1, True)
    assert not (tmp_path / "new" / "delegations.db").exists()


def test_restore_accepts_keys_rotated_since(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    run(*ANNA)
    run("backup", str(tmp_path / "a.tar.gz"))
    rotated = f"{Fernet.generate_key().decode()},{keys['DELEGATIONS_ENCRYPTION_KEYS']}"
    assert run("restore", str(tmp_path / "a.tar.gz"), data="new", DELEGATIONS_ENCRYPTION_KEYS=rotated).exit_code == 0


def test_restore_refuses_to_lose_what_is_there(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    run("backup", str(tmp_path / "empty.tar.gz"))
    run(*ANNA)
    refused = run("restore", str(tmp_path / "empty.tar.gz"))
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    assert names(settings_of(tmp_path, keys)) == ["Anna Orlova"]
    assert run("restore", str(tmp_path / "empty.tar.gz"), "--replace").exit_code == 0
    assert names(settings_of(tmp_path, keys)) == []


def test_restore_refuses_a_damaged_archive(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("backup", str(tmp_path / "a.tar.gz"))
    whole = (tmp_path / "a.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    answer = run("restore", str(tmp_path / "half.tar.gz"), data="new")
    assert (answer.exit_code, "damaged" in answer.output) == (1, True)


def test_restore_refuses_a_changed_part(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    store_file(settings_of(tmp_path, keys))
    run("backup", str(tmp_path / "a.tar.gz"))
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        tar.extractall(tmp_path / "open", filter="data")
    (tmp_path / "open/files/ab/ab12").write_bytes(b"another letter")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tar:
        for name in ("manifest.json", "database.sqlite", "files/ab/ab12"):
            tar.add(tmp_path / "open" / name, name)
    answer = run("restore", str(tmp_path / "b.tar.gz"), data="new")
    assert (answer.exit_code, "files/ab/ab12 is missing or changed" in answer.output) == (1, True)


def test_backup_never_overwrites(run: Run, tmp_path: Path) -> None:
    run("migrate")
    (tmp_path / "a.tar.gz").write_text("precious")
    assert run("backup", str(tmp_path / "a.tar.gz")).exit_code == 1
    assert (tmp_path / "a.tar.gz").read_text() == "precious"


def test_backup_of_a_living_database_is_whole(run: Run, tmp_path: Path, keys: dict[str, str]) -> None:
    run("migrate")
    with closing(sqlite3.connect(tmp_path / "data" / "delegations.db")) as writer:
        writer.execute("CREATE TABLE scratch (n INTEGER)")
        writer.execute("INSERT INTO scratch VALUES (1)")
        writer.commit()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO scratch VALUES (2)")  # not committed: must not be in the copy
        assert run("backup", str(tmp_path / "a.tar.gz")).exit_code == 0
        writer.rollback()
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        tar.extract("database.sqlite", tmp_path / "open", filter="data")
    with closing(sqlite3.connect(tmp_path / "open" / "database.sqlite")) as copy:
        assert copy.execute("SELECT n FROM scratch").fetchall() == [(1,)]


def test_backup_while_files_come_and_go_can_be_restored(
    run: Run, tmp_path: Path, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("migrate")
    scan = store_file(settings_of(tmp_path, keys))
    erased, half = scan.with_name("ab99"), scan.with_name(".ab77.part")
    erased.write_bytes(b"a passport")
    half.write_bytes(b"half a")
    really = tarfile.TarFile.addfile

    def meanwhile(tar: tarfile.TarFile, member: tarfile.TarInfo, fileobj: Any = None) -> None:
        if member.name.endswith("ab12"):  # a key is rotated while the file is read, the next is given up
            anew = scan.with_name(".ab12.part")
            anew.write_bytes(b"the same under a new key")
            anew.replace(scan)
            erased.unlink()
        really(tar, member, fileobj)

    monkeypatch.setattr(tarfile.TarFile, "addfile", meanwhile)
    made = run("backup", str(tmp_path / "a.tar.gz"))
    assert (made.exit_code, "1 files" in made.output) == (0, True), made.output
    monkeypatch.undo()
    assert run("restore", str(tmp_path / "a.tar.gz"), data="new").exit_code == 0
    restored = [path for path in (tmp_path / "new" / "files").rglob("*") if path.is_file()]
    assert [(path.name, path.read_bytes()) for path in restored] == [("ab12", b"scan of letter 214")]


@pytest.mark.postgres
def test_backup_of_an_older_program_replaces_the_tables_of_a_newer_one(
    run: Run, tmp_path: Path, keys: dict[str, str], postgres_url: str
) -> None:
    given = {"DATABASE_URL": postgres_url}
    run("migrate", **given)
    run(*ANNA, **given)
    archive = str(tmp_path / "older.tar.gz")
    run("backup", archive, **given)
    settings = settings_of(tmp_path, keys, **given)
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:  # as a later migration would
        connection.execute(text("CREATE TABLE later (id INTEGER, account_id BIGINT REFERENCES account (id))"))
        connection.execute(text("UPDATE account SET name_en = 'Somebody else'"))
    answer = run("restore", archive, "--replace", **given)
    assert answer.exit_code == 0, answer.output
    assert names(settings) == ["Anna Orlova"]
    with engine.connect() as connection:
        assert not inspect(connection).has_table("later")
    engine.dispose()


def test_restore_takes_no_database_away_from_a_running_program(
    run: Run, tmp_path: Path, keys: dict[str, str]
) -> None:
    run("migrate")
    archive = str(tmp_path / "a.tar.gz")
    run("backup", archive)
    with closing(sqlite3.connect(tmp_path / "data" / "delegations.db")) as program:
        program.execute("SELECT count(*) FROM account").fetchone()
        refused = run("restore", archive, "--replace")
    assert (refused.exit_code, "stop it first" in refused.output) == (1, True)
    (tmp_path / "data" / "delegations.db").write_bytes(b"what a broken disk left" * 100)
    careful = run("restore", archive)
    assert (careful.exit_code, "--replace" in careful.output) == (1, True)
    assert run("restore", archive, "--replace").exit_code == 0
    assert names(settings_of(tmp_path, keys)) == []


def test_what_commands_write_is_closed_to_others(run: Run, tmp_path: Path) -> None:
    run("migrate")
    run("backup", str(tmp_path / "kept" / "a.tar.gz"))
    run("restore", str(tmp_path / "kept" / "a.tar.gz"), data="new")
    made = [path for name in ("data", "new", "kept") for path in [tmp_path / name, *(tmp_path / name).rglob("*")]]
    assert len(made) > 5
    assert [str(path) for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_command_on_a_full_disk_says_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("migrate")

    def full(*_given: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    answer = run("backup", str(tmp_path / "a.tar.gz"))
    assert (answer.exit_code, "no room left" in answer.output) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    ill = run("doctor", "--only", "disk")
    assert (ill.exit_code, "Make room" in ill.output) == (1, True)


class Strict:
    """Takes mail of one sender only."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Judge the sender."""
        envelope.mail_from = address
        return "250 OK" if address == "office@city.example" else "553 sender not allowed here"


def test_doctor_asks_the_mail_server_for_our_sender(run: Run) -> None:
    server = Controller(Strict(), port=free_port(), hostname="127.0.0.1")
    server.start()
    given = {"DELEGATIONS_SMTP_HOST": "127.0.0.1", "DELEGATIONS_SMTP_PORT": str(server.port),
             "DELEGATIONS_SMTP_TLS": "none"}  # fmt: skip
    refused = run("doctor", "--only", "mail", **given, DELEGATIONS_MAIL_FROM="nobody@else.example")
    taken = run("doctor", "--only", "mail", **given, DELEGATIONS_MAIL_FROM="office@city.example")
    server.stop()
    assert (refused.exit_code, "sender not allowed here" in refused.output) == (1, True)
    assert (taken.exit_code, "answers" in taken.output) == (0, True)


def test_doctor_trusts_the_mail_servers_certificate_no_more_than_a_mail_does(run: Run, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = datetime.now(UTC)
    own = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
           .serial_number(1).not_valid_before(day - timedelta(days=1)).not_valid_after(day + timedelta(days=1))
           .sign(key, hashes.SHA256()))  # fmt: skip
    (tmp_path / "server.pem").write_bytes(own.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            with suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as line:
                line.sendall(b"220 here\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        answer = run("doctor", "--only", "mail", DELEGATIONS_SMTP_HOST="127.0.0.1", DELEGATIONS_SMTP_TLS="ssl",
                     DELEGATIONS_SMTP_PORT=str(listener.getsockname()[1]))  # fmt: skip
        thread.join()
    assert (answer.exit_code, "CERTIFICATE_VERIFY_FAILED" in answer.output) == (1, True)


def test_doctor_tells_what_to_do(run: Run, tmp_path: Path) -> None:
    ill = run("doctor", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert ill.exit_code == 1
    failing = set(re.findall(r"^FAILURE  (\w+)", ill.output, re.MULTILINE))
    assert failing == {"database", "broker", "worker", "scheduler"}
    assert "delegations migrate" in ill.output


def test_doctor_advises_what_this_installation_is_started_with(run: Run) -> None:
    run("migrate")
    alone = run("doctor", "--only", "worker", "--only", "scheduler").output
    assert re.findall(r"Start `delegations (\w+)", alone) == ["up", "up"]
    several = run("doctor", "--only", "worker", "--only", "scheduler", REDIS_URL="redis://127.0.0.1:1/0").output
    assert re.findall(r"Start `delegations (\w+)", several) == ["worker", "scheduler"]


def test_doctor_finds_a_readable_key_file_and_a_dead_mail_server(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "keys.json").write_text(json.dumps({}))
    (tmp_path / "data" / "keys.json").chmod(0o644)
    answer = run("doctor", "--only", "secrets", "--only", "mail", DELEGATIONS_SMTP_HOST="127.0.0.1",
                 DELEGATIONS_SMTP_PORT=str(free_port()))  # fmt: skip
    assert set(re.findall(r"^FAILURE  (\w+)", answer.output, re.MULTILINE)) == {"secrets", "mail"}
    assert "chmod 600" in answer.output


@pytest.mark.redis
def test_doctor_is_content_with_a_redis_that_tells_no_settings(run: Run, redis_url: str) -> None:
    with closing(redis.Redis.from_url(redis_url)) as keeper:
        keeper.execute_command("ACL SETUSER bells on >rung ~* &* +@all -config")
        answer = run("doctor", "--only", "broker", REDIS_URL=redis_url.replace("redis://", "redis://bells:rung@"))
        keeper.execute_command("ACL DELUSER bells")
    assert (answer.exit_code, "Redis answers" in answer.output) == (0, True), answer.output


@pytest.mark.parametrize("there", ["", "{half", '{"secret_key": "other"}'])
def test_keys_are_not_put_in_the_place_of_others_or_of_damaged_ones(tmp_path: Path, there: str) -> None:
    kept = {"secret_key": "a", "fernet_keys": "b", "index_key": "c"}
    source, target = tmp_path / "kept.json", tmp_path / "data" / "keys.json"
    source.write_text(json.dumps(kept))
    put_keys(source, target.parent)
    assert (json.loads(target.read_text()), stat.S_IMODE(target.stat().st_mode)) == (kept, 0o600)
    put_keys(source, target.parent)
    target.write_text(there)
    with pytest.raises(BackupError, match="holds other keys: move them away first"):
        put_keys(source, target.parent)
    assert target.read_text() == there


def test_doctor_is_content_with_a_good_database(run: Run) -> None:
    run("migrate")
    only = [part for name in ("database", "fonts", "clock", "secrets", "disk") for part in ("--only", name)]
    assert run("doctor", *only).exit_code == 0


@pytest.mark.parametrize("databases", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_doctor_finds_keys_that_do_not_open_what_is_kept(
    run: Run, databases: list[dict[str, str]], tmp_path: Path, keys: dict[str, str]
) -> None:
    given = databases[0]
    run("migrate", **given)
    run(*ANNA, **given)
    settings = settings_of(tmp_path, keys, **given)
    runtime = make_runtime(settings, create_app(settings, testing=True))
    with runtime.session() as session, unit_of_work(session):
        anna = session.scalars(select(Account)).one()
        anna.password_hash = None
        invite(session, SYSTEM, datetime.now(UTC), anna.id, base_url="http://localhost")
    runtime.engine.dispose()
    old, new = keys["DELEGATIONS_ENCRYPTION_KEYS"], Fernet.generate_key().decode()
    assert run("doctor", "--only", "secrets", **given).exit_code == 0
    lost = run("doctor", "--only", "secrets", **given, DELEGATIONS_ENCRYPTION_KEYS=new)
    assert (lost.exit_code, "cannot be read with these keys" in lost.output) == (1, True)
    assert run("doctor", "--only", "secrets", **given, DELEGATIONS_ENCRYPTION_KEYS=f"{new},{old}").exit_code == 0


@pytest.mark.parametrize("kept", ["passport", "mail"])
def test_doctor_finds_a_key_of_indexes_under_which_nobody_is_found_again(
    run: Run, tmp_path: Path, keys: dict[str, str], kept: str
) -> None:
    run("migrate")
    settings, at = settings_of(tmp_path, keys), datetime.now(UTC)
    runtime = make_runtime(settings, create_app(settings, testing=True))
    with runtime.session() as session, unit_of_work(session):
        if kept == "mail":
            session.add(Mail(key="k", kind="k", language="en", to_name="Li Wei", to_address=" Li@Partner.example",
                             subject="s", text="t", queued_at=at))  # fmt: skip
        else:
            person = Person(latin_family="LI", latin_given="WEI", created_at=at)
            session.add(person)
            session.flush()
            add_passport(session, SYSTEM, at, person, PassportData("CN", "E 123-45678"))
    runtime.engine.dispose()
    assert run("doctor", "--only", "secrets").exit_code == 0
    wrong = run("doctor", "--only", "secrets", DELEGATIONS_INDEX_KEY="w" * 40)
    assert (wrong.exit_code, "is not the key" in wrong.output) == (1, True), wrong.output
    assert "Put the DELEGATIONS_INDEX_KEY back" in wrong.output


def test_migrate_says_when_nothing_is_to_do(run: Run) -> None:
    assert "→" in run("migrate").output
    assert "nothing to do" in run("migrate").output


def test_processes_are_checked_and_drawn(run: Run, tmp_path: Path) -> None:
    assert run("process", "check").exit_code == 0
    drawn = run("process", "draw", "incoming", "--language", "ru").output
    assert drawn.splitlines()[3] == "stateDiagram-v2"
    assert "[*] -->" in drawn
    bad = tmp_path / "packs" / "generic" / "processes"
    bad.mkdir(parents=True)
    (bad / "x.yaml").write_text("key: x\ntitle: {en: X, ru: Х}\nstages: []\n")
    answer = run("process", "check", "--folder", str(tmp_path / "packs"))
    assert (answer.exit_code, "x.yaml:" in answer.output) == (1, True)


def test_migrate_publishes_the_processes_once(run: Run) -> None:
    said = run("migrate").output
    assert re.findall(r"^([a-z-]+): version 1 published$", said, re.MULTILINE) == [
        "courtesy-call", "incoming", "online-meeting", "outgoing",
    ]  # fmt: skip
    assert "published" not in run("migrate").output
    assert run("process", "publish").output == "nothing is new\n"


def start(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Start the command as a program of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DELEGATIONS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "workflow.cli", *arguments], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**clean, **environ},
        preexec_fn=die_with_parent(signal.SIGKILL),
    )  # fmt: skip


def answers(port: int) -> bool:
    """Say whether pages are served."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_serves_an_empty_office_and_stops_cleanly(number: int, tmp_path: Path) -> None:
    port = free_port()
    process = start("up", "--port", str(port), DELEGATIONS_DATA_DIR=str(tmp_path / "data"))
    wait_until(lambda: answers(port), seconds=60, what="the first page")
    assert stat.S_IMODE((tmp_path / "data" / "keys.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        assert page.url.endswith("/first-administrator")
    process.send_signal(number)
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{port}" in said


def test_up_on_a_taken_port_offers_another(tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = start("up", "--port", str(port), DELEGATIONS_DATA_DIR=str(tmp_path / "data"))
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    offered = re.search(r"Port (\d+) on 127.0.0.1 is taken by another program. Port (\d+) is free: say --port \2 "
                        r"\(with make: PORT=\2 make run\)", said)  # fmt: skip
    assert offered is not None, said
    assert int(offered[1]) == port != int(offered[2])


def test_demo_on_a_taken_port_says_so_before_it_loads_anything(run: Run, tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run("demo", "--data", str(tmp_path / "demo"), "--port", str(other.getsockname()[1]))
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: Port ")
    assert not (tmp_path / "demo").exists()


def test_up_keeps_the_address_that_the_office_gave(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[str] = []

    def serve(app: Flask, listener: socket.socket) -> None:
        listener.close()
        served.append(app.config["DELEGATIONS"].base_url)

    monkeypatch.setattr(starting, "serve_waitress", serve)
    said = run("up", "--port", str(free_port()), DELEGATIONS_BASE_URL="https://visits.example.org").output
    assert served == ["https://visits.example.org"]
    assert "Delegations: https://visits.example.org\nIt listens on http://127.0.0.1:" in said


def test_up_starts_again_on_the_same_folder(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        port = free_port()
        process = start("up", "--port", str(port), DELEGATIONS_DATA_DIR=str(tmp_path / "data"))
        wait_until(lambda port=port: answers(port), seconds=60, what="the first page")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=90)
        assert (process.returncode, "Traceback" in said) == (0, False), said
        keys.append((tmp_path / "data" / "keys.json").read_text())
    assert keys[0] == keys[1]


def test_postgres_tools_are_the_newest_installed() -> None:
    assert Path(postgres_tool("pg_dump")).exists()


def test_accounts_table_is_what_restore_looks_at() -> None:
    assert Account.__tablename__ == "account"
