"""Fixtures: a fresh database for each test, real commits, factories, a drained outbox."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as property_settings
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from workflow.accounts.passwords import use_hasher
from workflow.app import create_app
from workflow.base import clock, encryption
from workflow.base.actor import SYSTEM, Actor, Role, person
from workflow.base.database import make_engine
from workflow.base.files import FileStore, use_store
from workflow.base.running import drain
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit, detach_nudge
from workflow.cli.migrating import migrate
from workflow.cli.serving import spare_what_was_loaded
from workflow.mail.jobs import use_mail_settings
from workflow.web.database import db

pytest_plugins = ["tests.servers"]
property_settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of what is tested
property_settings.load_profile("untimed")
spare_what_was_loaded()  # as every server does: a fifth of the suite's time went into the garbage collector

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
KEY = Fernet.generate_key().decode()


def make_settings(folder: Path, **other: Any) -> Settings:
    """Make settings for a test installation in *folder*, on SQLite unless told otherwise."""
    values: dict[str, Any] = {
        "data_dir": folder, "database_url": f"sqlite:///{folder / 'test.db'}", "redis_url": None,
        "secret_key": "test-only-secret", "fernet_keys": (KEY,), "index_key": "test-only-index",
        "base_url": "http://localhost", "mail_from": "delegations@city.example",
    }
    return Settings(**values | other)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Hash passwords with the least costs: what is tested is who gets in, not how long a guess takes."""
    use_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """The clock stands at a Monday noon in Moscow; `clock.advance_frozen` moves it."""
    with clock.frozen_at(NOW):
        yield NOW


@pytest.fixture(autouse=True)
def keys_of_the_tests() -> None:
    """Hold the keys of `make_settings`: a test before may have held others in this process, as commands do."""
    encryption.KEYS.use([KEY], "test-only-index")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated, empty SQLite file; each test works on a copy."""
    folder = tmp_path_factory.mktemp("empty")
    settings = make_settings(folder)
    application = create_app(settings, testing=True)
    with application.app_context():
        build_tables(settings)
        db.engine.dispose()
    with closing(sqlite3.connect(folder / "test.db")) as plain:
        plain.execute("PRAGMA journal_mode=WAL")
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "test.db"


def build_tables(settings: Settings) -> None:
    """Build all tables by the migrations, as every installation does."""
    migrate(settings)


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of this test's own installation, its database ready; PostgreSQL's where `both_databases` asks for it."""
    if getattr(request, "param", "sqlite") == "postgres":
        server = request.getfixturevalue("postgres_server")
        with server.fresh("tables", lambda url: build_tables(make_settings(tmp_path, database_url=url))) as url:
            yield make_settings(tmp_path, database_url=url)
        return
    (tmp_path / "test.db").write_bytes(request.getfixturevalue("empty_database").read_bytes())
    yield make_settings(tmp_path)


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, composed once: binding its three hundred routes takes longer than most tests."""
    application = create_app(make_settings(tmp_path_factory.mktemp("built")), testing=True)
    spare_what_was_loaded()
    return application


def _spare_the_disk(connection: Any, _record: object) -> None:
    """Wait for no disk as a test's database is closed: what must outlive a crash is tried by programs of their own."""
    connection.execute("PRAGMA synchronous=OFF")


_file_now: list[str] = [""]


@pytest.fixture(scope="session")
def sqlite_engine() -> Engine:
    """One engine for the SQLite files of all tests: what it has learnt of our statements serves the next test too."""
    engine = make_engine("sqlite:///this-tests-own.db")

    def to_this_tests_file(_dialect: object, _record: object, given: list[Any], _named: object) -> None:
        given[0] = _file_now[0]

    event.listen(engine, "do_connect", to_this_tests_file)
    event.listen(engine, "connect", _spare_the_disk)
    return engine


@pytest.fixture
def app(built_app: Flask, settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application moved into this test's installation, without nudges: jobs wait for `run_jobs`."""
    detach_nudge()
    config, extensions = dict(built_app.config), dict(built_app.extensions)
    if settings.database_url.startswith("sqlite"):
        engine = request.getfixturevalue("sqlite_engine").execution_options()  # a view, for this test's own listeners
        engine.url = make_url(settings.database_url)
        _file_now[0] = str(engine.url.database)
    else:
        engine = make_engine(settings.database_url)
    built_app.config["DELEGATIONS"] = settings
    use_store(FileStore(settings.files_dir))
    use_mail_settings(settings)
    with built_app.app_context():
        db.engines[None] = engine
    yield built_app
    engine.dispose()
    built_app.config.clear()
    built_app.config.update(config)
    built_app.extensions.clear()
    built_app.extensions.update(extensions)
    built_app.testing = True


@pytest.fixture
def fresh_app(settings: Settings) -> Iterator[Flask]:
    """An application of this test's own, for tests that change its routes."""
    application = create_app(settings, testing=True)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test itself; commit with `commit(session)`."""
    with app.app_context():  # not held open: requests of the test would share its `g`
        engine = db.engine
    own = Session(engine, expire_on_commit=False)
    _open_sessions.append(own)
    yield own
    _open_sessions.remove(own)
    own.rollback()
    own.close()


_open_sessions: list[Session] = []


def release() -> None:
    """End the test's own reading before a request or job runs, as two people never share a transaction.

    On SQLite an open transaction of the test would hold the only write lock; on both it would read an old state.
    """
    for own in _open_sessions:
        if own.new or own.dirty or own.deleted:
            raise AssertionError("the test has uncommitted changes: call commit(session) first")
        own.rollback()


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run all due jobs and what follows from them, as a worker would; gives how many ran."""

    def run() -> int:
        release()
        with app.app_context():
            own = Session(db.engine, expire_on_commit=False)
            try:
                return drain(own, clock.now)
            finally:
                own.close()

    return run


@pytest.fixture
def count_queries(app: Flask) -> Callable[..., int]:
    """Count the statements that a call sends to the database, all or those that begin with a word."""
    with app.app_context():
        engine = db.engine

    def count(call: Callable[[], object], *, beginning: str = "") -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.startswith(beginning):
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    return count


@pytest.fixture
def outbox(settings: Settings) -> Callable[[], list[EmailMessage]]:
    """The mails handed to the transport so far, in order of their file names."""

    def read() -> list[EmailMessage]:
        found = sorted(settings.mail_dir.glob("*.eml")) if settings.mail_dir.exists() else []
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]  # type: ignore[misc]

    return read


class Client:
    """A browser: keeps cookies and sends the CSRF token with every POST."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.raw: FlaskClient = app.test_client()

    def get(self, url: str, **options: Any) -> Any:
        """GET a page."""
        release()
        return self.raw.get(url, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        """POST a form with a valid token."""
        release()
        return self.raw.post(url, data={"csrf_token": self.token(), **(data or {})}, **options)

    def token(self) -> str:
        """Fetch a CSRF token for this browser's session."""
        from flask import session as cookie
        from flask_wtf.csrf import generate_csrf

        with self.raw.session_transaction() as kept:
            raw_token = kept.get("csrf_token")
        with self.app.test_request_context():
            if raw_token:
                cookie["csrf_token"] = raw_token
            made = generate_csrf()
            raw_token = cookie["csrf_token"]
        with self.raw.session_transaction() as kept:
            kept["csrf_token"] = raw_token
        return made


class Make:
    """Factories: each makes a valid thing with plain defaults and commits it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.count = itertools.count(1)

    def _commit(self, thing: Any) -> Any:
        commit(self.session)
        return thing

    def account(self, *roles: Role, name: str = "", language: str = "ru", **values: Any) -> Any:
        """Make an account with roles; its password is "correct horse battery"."""
        from workflow.accounts import service

        number = next(self.count)
        account = service.create_account(
            self.session, SYSTEM, clock.now(), email=values.pop("email", f"user{number}@city.example"),
            name_ru=name or f"Сотрудник {number}", name_en=name or f"Officer {number}",
            roles=frozenset(roles or {Role.COORDINATOR}), password="correct horse battery", locale=language, **values)
        return self._commit(account)

    def actor(self, *roles: Role, account: Any = None) -> Actor:
        """Make an actor for a new account (or a given one) with roles."""
        account = account or self.account(*roles)
        return person(account.id, account.name_ru, frozenset(roles or {Role.COORDINATOR}))

    def partner(self, **values: Any) -> Any:
        """Make a partner city in Turkey."""
        from workflow.partners.models import Partner

        number = next(self.count)
        partner = Partner(**{"key": f"partner-{number}", "kind": "city", "name_ru": "Кадыкёй", "name_en": "Kadıköy",
                             "country": "TR", "languages": ["tr", "en"], "tie": "contact",
                             "created_at": clock.now()} | values)
        self.session.add(partner)
        return self._commit(partner)

    def visit(self, *, arrival: date | None = None, nights: int = 3, direction: str = "incoming", country: str = "TR",
              process_key: str = "incoming", stage: str = "", **values: Any) -> Any:
        """Make a live visit through the service, beginning 60 days from the test's today unless told otherwise."""
        from workflow.visits.rules import Dates, Direction
        from workflow.visits.service import VisitData, open_visit

        first = arrival or (clock.now() + timedelta(days=60)).date()
        responsible = values.pop("responsible_id", None) or self.account(Role.COORDINATOR).id
        visit = open_visit(
            self.session, SYSTEM, clock.now(),
            VisitData(title_ru=values.pop("title_ru", "Делегация Кадыкёя"),
                      title_en=values.pop("title_en", "Delegation of Kadıköy"), direction=Direction(direction),
                      country=country, place=values.pop("place", "Ставрополь"),
                      dates=Dates(first, first + timedelta(days=nights)), responsible_id=responsible, **values),
            self._opening(process_key, stage),
        )
        return self._commit(visit)

    def _opening(self, process_key: str, stage: str) -> Any:
        from workflow.visits.service import Opening

        return Opening(process_key=process_key, process_version=1, stage=stage or "requested")

    def person(self, **values: Any) -> Any:
        """Make a traveller with an invented name."""
        from workflow.people.service import register_person

        number = next(self.count)
        made = register_person(self.session, SYSTEM, clock.now(), {
            "latin_family": f"SPECIMEN{chr(64 + number % 26 + 1)}", "latin_given": "AYSE",
            "russian_family": "Образцова", "russian_given": "Айше", "sex": "female", "citizenships": ["TR"],
            "birth_date": "1980-05-17"} | values)
        return self._commit(made)

    def member(self, visit: Any, person: Any = None, **values: Any) -> Any:
        """Make a member of a visit's delegation."""
        from workflow.visits.delegation import add_member

        person = person or self.person()
        return self._commit(add_member(self.session, SYSTEM, clock.now(), visit, person, values))


@pytest.fixture
def make(session: Session) -> Make:
    """Factories of committed rows."""
    return Make(session)


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser of somebody who has not signed in."""
    return Client(app)


@pytest.fixture
def client_as(app: Flask, make: Make) -> Callable[..., Client]:
    """A signed-in browser: `client_as(Role.MANAGER)` or `client_as(account=account)`."""

    def sign_in(*roles: Role, account: Any = None) -> Client:
        account = account or make.account(*roles)
        browser = Client(app)
        answer = browser.post("/sign-in", {"email": account.email, "password": "correct horse battery"})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        browser.account = account  # type: ignore[attr-defined]
        return browser

    return sign_in


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """The folder of one installation with the demo loaded and its jobs done; copy it, never change it."""
    from workflow.demo.loading import load
    from workflow.process.publishing import publish_definitions

    folder = tmp_path_factory.mktemp("demo")
    (folder / "test.db").write_bytes(empty_database.read_bytes())
    application = create_app(make_settings(folder), testing=True)
    with clock.frozen_at(NOW), application.app_context():
        own = Session(db.engine, expire_on_commit=False)
        publish_definitions(own, NOW)
        commit(own)
        load(own, NOW)
        drain(own, clock.now)
        own.close()
        db.engine.dispose()
    with closing(sqlite3.connect(folder / "test.db")) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder
