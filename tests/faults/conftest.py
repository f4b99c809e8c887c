"""A whole installation of real processes: database, broker, SMTP server, worker, scheduler."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import KEY
from tests.faults.sink import Sink, running_sink
from tests.servers import RedisServer, die_with_parent, free_port
from workflow.app import create_app
from workflow.base import clock
from workflow.base.settings import Settings
from workflow.base.unit_of_work import unit_of_work
from workflow.cli.migrating import alembic_config, current_revision
from workflow.mail.jobs import use_mail_settings
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.web.database import db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def now() -> datetime:
    """Several processes share the real clock here."""
    return datetime.now(UTC)


class House:
    """One installation: this test is its web process, the rest are processes that may be killed."""

    def __init__(self, app: Flask, settings: Settings, sink: Sink, redis: RedisServer | None, stack: ExitStack) -> None:
        self.app = app
        self.settings = settings
        self.sink = sink
        self.redis = redis
        self._stack = stack

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DELEGATIONS_")}
        own = {
            "DELEGATIONS_DATA_DIR": str(self.settings.data_dir), "DATABASE_URL": self.settings.database_url,
            "DELEGATIONS_SECRET_KEY": self.settings.secret_key, "DELEGATIONS_ENCRYPTION_KEYS": KEY,
            "DELEGATIONS_INDEX_KEY": self.settings.index_key, "DELEGATIONS_SMTP_HOST": "127.0.0.1",
            "DELEGATIONS_SMTP_PORT": str(self.sink.port), "DELEGATIONS_SMTP_TLS": "none",
            "DELEGATIONS_MAIL_FROM": self.settings.mail_from, "DELEGATIONS_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        if self.redis is not None:
            own["REDIS_URL"] = self.redis.url
        return clean | own

    def start(self, command: str, *options: str) -> subprocess.Popen[bytes]:
        """Start a process of its own group, so that `kill -9` takes its children with it."""
        log = self._stack.enter_context((self.settings.data_dir / f"{command}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.quick", command, *options], cwd=ROOT, env=self.environ, stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        self._stack.callback(end, process)
        return process

    def start_workers(self) -> subprocess.Popen[bytes]:
        """Start what does the jobs: a worker where there is a broker, else the one-machine mode."""
        if self.redis is not None:
            return self.start("worker", "--concurrency", "3")
        return self.start("up", "--port", str(free_port()))

    def session(self) -> Session:
        """Open a session of this test."""
        with self.app.app_context():
            return Session(db.engine, expire_on_commit=False)

    def queue(self, key: str, *, official: bool = False) -> None:
        """Commit one mail."""
        with self.app.app_context(), self.session() as session, unit_of_work(session):
            queue_worded_mail(
                session, clock.now(), "letter" if official else "reminder", Recipient(f"{key}@city.example", key, "en"),
                subject=key, text=f"This is {key}.", key=key, official=official,
            )  # fmt: skip

    def expire_leases(self) -> None:
        """Let the time pass after which a dead worker's jobs are anybody's."""
        with self.session() as session, unit_of_work(session):
            session.execute(
                text("UPDATE job SET lease_until = :past WHERE state = 'running'"),
                {"past": self._past()},
            )

    def _past(self) -> object:
        moment = datetime(2020, 1, 1, tzinfo=UTC)
        return "2020-01-01 00:00:00.000000" if self.settings.database_url.startswith("sqlite") else moment

    def waiting(self) -> int:
        """Count jobs that are not settled."""
        with self.session() as session:
            return int(session.scalar(text("SELECT count(*) FROM job WHERE state IN ('open', 'running')")) or 0)

    def mail_states(self) -> dict[str, str]:
        """Tell what became of each mail: key → state."""
        with self.session() as session:
            return {row.key: row.state for row in session.execute(text("SELECT key, state FROM mail"))}

    def log(self, command: str) -> str:
        """Read what a process said."""
        path = self.settings.data_dir / f"{command}.log"
        return path.read_text() if path.exists() else ""


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, whatever they do."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


@pytest.fixture
def house(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[House]:
    """An installation on this test's database; on PostgreSQL with Redis, on SQLite as one process."""
    redis: RedisServer | None = None
    if settings.database_url.startswith("postgresql"):
        redis = request.getfixturevalue("redis_server")
        if not redis.answers():
            redis.start()
        redis.flush()
    with ExitStack() as stack:
        sink = stack.enter_context(running_sink(tmp_path / "sink"))
        ours = replace(settings, smtp_host="127.0.0.1", smtp_port=sink.port, smtp_tls="none",
                       redis_url=redis.url if redis else None)  # fmt: skip
        if current_revision(ours) is None:  # the tables were built without migrations
            command.stamp(alembic_config(ours.database_url), "head")
        app = create_app(ours, testing=True)
        use_mail_settings(ours)
        yield House(app, ours, sink, redis, stack)
        with app.app_context():
            db.engine.dispose()
