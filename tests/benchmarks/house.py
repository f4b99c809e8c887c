"""A filled installation to measure: one rich visit of the demo, copied, and browsers of each role."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, event, select, text
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
OTHERS = 40  # partners of visits that are over
THINGS = {
    "visit_id": "visit", "request_id": "visit_request", "partner_id": "partner", "person_id": "person",
    "member_id": "member", "passport_id": "passport", "paper_id": "paper", "assignment_id": "assignment",
    "case_id": "visa_case", "item_id": "programme_item", "account_id": "account",
}  # fmt: skip
"""The table of what an address names; pages are opened with its first row, which is of the visit that was played."""
OPCODES = 20
"""How many steps of SQLite's machine are counted at once."""
EXPORTS = ("export", ".xlsx", ".csv", ".ics", ".json", "download", "print", "static", "file", "/source")


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
        self.things = self._things()
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
            for number in range(OTHERS):
                add_partner(session, SYSTEM, now, key=f"other-{number}", kind="city", name_ru=f"Город {number}",
                            country="TR", languages=["tr"], tie="contact")  # fmt: skip
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

    def _things(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.settings.data_dir / "test.db")) as database:
            firsts = {name: database.execute(f'SELECT min(id) FROM "{table}"').fetchone()[0]  # noqa: S608
                      for name, table in THINGS.items()}  # fmt: skip
        return {name: first for name, first in firsts.items() if first is not None}

    def visits(self) -> int:
        """Count the visits."""
        with closing(sqlite3.connect(self.settings.data_dir / "test.db")) as database:
            return int(database.execute("SELECT count(*) FROM visit").fetchone()[0])

    def pages(self) -> list[Page]:
        """List every page that takes nothing or a visit, for each role that may open it, and of a thing's for one."""
        found = []
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
                if "GET" not in (rule.methods or set()) or not rule.arguments <= self.things.keys():
                    continue
                url = adapter.build(rule.endpoint, {name: self.things[name] for name in rule.arguments})
                opening = (Page(role, url) for role in self.browsers if self.opens(role, url))
                found += opening if rule.arguments <= {"visit_id"} else islice(opening, 1)
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

    def work(self, page: Page) -> int:
        """Open a page and count the steps that SQLite takes for it: they tell how many rows it reads."""
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += OPCODES
            return 0

        def begin(connection: Connection, *_rest: object) -> None:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_progress_handler(step, OPCODES)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", begin)
        try:
            assert self.browsers[page.role].get(page.url).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", begin)
        return taken

    def forget_statistics(self) -> None:
        """Forget what was gathered for the planner, as in a house that has just begun."""
        with closing(sqlite3.connect(self.settings.data_dir / "test.db")) as database:
            database.execute("DELETE FROM sqlite_stat1")
            database.commit()
        self.close()

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
