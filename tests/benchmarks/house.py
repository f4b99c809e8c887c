"""A filled installation to measure: one rich visit of the demo, copied, and browsers of each role."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.benchmarks.seeding import copy_visit, let_pass
from tests.conftest import Client, build_tables, make_settings
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.database import make_engine, use_wal
from workflow.base.settings import Settings
from workflow.base.unit_of_work import unit_of_work
from workflow.cli.serving import spare_what_was_loaded
from workflow.demo.cast import PASSWORD, STAFF, furnish, hire
from workflow.demo.upcoming import Stage, kadikoy
from workflow.partners.models import Partner
from workflow.partners.service import add_partner
from workflow.process.publishing import publish_definitions
from workflow.visits.models import Visit
from workflow.web.database import db

LIVING = 60  # a page full, and some
EXPORTS = ("export", ".xlsx", ".csv", ".ics", ".json", "download", "print", "static", "file")


@dataclass(frozen=True)
class Page:
    """One page as one role opens it."""

    role: str
    url: str


class FilledHouse:
    """An installation with so many visits."""

    def __init__(self, folder: Path, visits: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.settings: Settings = make_settings(folder)
        self.app: Flask = create_app(self.settings, testing=True)
        with self.app.app_context():
            build_tables(self.settings)
            engine = make_engine(self.settings.database_url)
            use_wal(engine)
            with Session(engine, expire_on_commit=False) as session:
                self.visit_id = self._play(session)
            engine.dispose()
        self.rows = copy_visit(folder / "test.db", self.visit_id, visits - 1) if visits > 1 else 0
        let_pass(folder / "test.db", LIVING)
        self.browsers = {role.value: self._browser(role) for role in Role}
        spare_what_was_loaded()  # as every server does before its first page

    def _play(self, session: Session) -> int:
        now = clock.now()
        with unit_of_work(session):
            furnish(session, now)
            cast = hire(session, now)
            publish_definitions(session, now)
            add_partner(session, SYSTEM, now, key="kadikoy", kind="city", name_ru="Кадыкёй", name_en="Kadıköy",
                        country="TR", languages=["tr", "en"], tie="agreement")  # fmt: skip
            partners = {row.key: row for row in session.scalars(select(Partner))}
            kadikoy(Stage(session, cast, now, partners))
            session.execute(text("UPDATE job SET state = 'done'"))
            return session.scalars(select(Visit.id)).one()

    def _browser(self, role: Role) -> Client:
        player = next(player for player in STAFF if player.role is role)
        browser = Client(self.app)
        answer = browser.post("/sign-in", {"email": player.email, "password": PASSWORD})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
        return browser

    def visits(self) -> int:
        """Count the visits."""
        with closing(sqlite3.connect(self.settings.data_dir / "test.db")) as database:
            return int(database.execute("SELECT count(*) FROM visit").fetchone()[0])

    def pages(self) -> list[Page]:
        """List every page that takes nothing or a visit, for each role that may open it."""
        found = []
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
                if "GET" not in (rule.methods or set()) or not rule.arguments <= {"visit_id"}:
                    continue
                values = {"visit_id": self.visit_id} if rule.arguments else {}
                url = adapter.build(rule.endpoint, values)
                found += [Page(role, url) for role in self.browsers if self.opens(role, url)]
        return found

    def opens(self, role: str, url: str) -> bool:
        """Say whether a role sees a page there, or a list of the API."""
        answer = self.browsers[role].get(url)
        kind = answer.mimetype in {"text/html", "application/json"}
        return bool(answer.status_code == 200 and kind and not any(mark in url for mark in EXPORTS))

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the statements that are run meanwhile."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def statements(self, page: Page) -> list[str]:
        """Open a page, warm, and give its statements."""
        self.browsers[page.role].get(page.url)
        with self.counted() as seen:
            answer = self.browsers[page.role].get(page.url)
        assert answer.status_code == 200
        return list(seen)

    def close(self) -> None:
        """Give the database back."""
        with self.app.app_context():
            db.engine.dispose()


def differences(few: list[str], many: list[str]) -> list[str]:
    """Name the statements that were run more often with many visits, shortened for a report."""
    counts: dict[str, int] = defaultdict(int)
    for statement in many:
        counts[statement] += 1
    for statement in few:
        counts[statement] -= 1
    return [f"{count:+} × {' '.join(statement.split())[:160]}" for statement, count in counts.items() if count]
