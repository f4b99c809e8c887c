"""What every hostile test stands on: a copy of the loaded demo, somebody of all trades, and the keys of its rows."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Session

from tests.conftest import Client, make_settings
from workflow.accounts import service
from workflow.accounts.models import Account
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.database import Base
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.demo.cast import PASSWORD
from workflow.web.database import db

TABLE_OF = {
    "visit_id": "visit", "member_id": "member", "paper_id": "paper", "assignment_id": "assignment",
    "outcome_id": "outcome", "item_id": "programme_item", "case_id": "visa_case", "person_id": "person",
    "passport_id": "passport", "reminder_id": "reminder", "list_id": "member_list", "basis_id": "visit_basis",
    "request_id": "visit_request", "partner_id": "partner", "contact_id": "partner_contact",
    "agreement_id": "agreement", "batch_id": "paper_batch", "recipient_id": "batch_recipient",
    "outgoing_id": "outgoing_mail", "conversation_id": "conversation", "topic_id": "conversation_topic",
    "award_id": "member_award", "link_id": "guest_link", "proposal_id": "guest_proposal", "scan_id": "guest_scan",
    "crossing_id": "border_crossing",
    "account_id": "account", "signatory_id": "signatory", "body_id": "issuing_body", "series_id": "number_series",
    "override_id": "calendar_override", "job_id": "job", "session_id": "account_session", "token_id": "api_token",
}
"""The table whose rows a part of a path names; `item_id` names a checklist item in the visas' paths."""


@pytest.fixture
def settings(demo_database: Path, tmp_path: Path) -> Settings:
    """Settings of the demo's copy, one for each test."""
    shutil.copytree(demo_database, tmp_path / "demo")
    return make_settings(tmp_path / "demo")


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application moved into the demo's copy; faults come out as 500 pages, as in real life."""
    app.testing = False
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session on the demo's copy; end its reading before a request."""
    with app.app_context():
        engine = db.engine
    own = Session(engine, expire_on_commit=False)
    yield own
    own.close()


@pytest.fixture
def everybody(session: Session) -> Account:
    """An account that holds every role, so that no act is refused for want of one."""
    account = service.create_account(
        session, SYSTEM, clock.now(), email="everybody@city.example", name_ru="Всеведова Анна", name_en="Anna All",
        roles=frozenset(Role), password=PASSWORD, locale="en")
    commit(session)
    return account


@pytest.fixture
def browser(app: Flask, everybody: Account) -> Client:
    """A browser in which that account has signed in."""
    signed_in = Client(app)
    assert signed_in.post("/sign-in", {"email": everybody.email, "password": PASSWORD}).status_code == 303
    return signed_in


def table_of(name: str, rule: str) -> str | None:
    """Name the table whose keys stand in a part of a path."""
    if name == "item_id" and ("visas" in rule or "checklist" in rule):
        return "checklist_item"
    return TABLE_OF.get(name)


def keys_of(session: Session, table: str) -> list[int]:
    """Give the keys of a table's rows."""
    found = list(session.scalars(select(Base.metadata.tables[table].c.id).order_by(Base.metadata.tables[table].c.id)))
    session.rollback()
    return found


def row_counts(session: Session, *, without: tuple[str, ...] = ("rate_limit", "account_session")) -> dict[str, int]:
    """Count the rows of every table that no refused act may add to."""
    names = [name for name in Base.metadata.tables if name not in without]
    counted = session.connection().exec_driver_sql(_count_of(tuple(names))).one()
    session.rollback()
    return dict(zip(names, counted, strict=True))


@cache
def _count_of(names: tuple[str, ...]) -> str:
    """Word the question once: to build it from eighty tables takes longer than a page does."""
    return "SELECT " + ", ".join(f'(SELECT count(*) FROM "{name}")' for name in names)  # noqa: S608 — our own tables


def too_wide(session: Session) -> list[str]:
    """List columns that hold what PostgreSQL would refuse, and SQLite takes: longer texts, larger numbers."""
    found = []
    for table, limits, question in _widths():
        widest = session.connection().exec_driver_sql(question).one()
        found += [f"{table}.{column}: {reached} > {limit}"
                  for (column, limit), reached in zip(limits.items(), widest, strict=True)
                  if reached is not None and int(reached) > limit]
    session.rollback()
    return found


@cache
def _widths() -> list[tuple[str, dict[str, int], str]]:
    """Give each table's columns with their bounds, and the question how far they are filled."""
    asked = []
    for table in Base.metadata.tables.values():
        texts = {column.name: column.type.length for column in table.c
                 if type(column.type) is String and column.type.length}
        numbers = {column.name: 2**31 - 1 for column in table.c if type(column.type) is Integer}
        reached = [f'max(length("{name}"))' for name in texts] + [f'max(abs("{name}"))' for name in numbers]
        if reached:
            question = f'SELECT {", ".join(reached)} FROM "{table.name}"'  # noqa: S608 — our own tables
            asked.append((table.name, texts | numbers, question))
    return asked
