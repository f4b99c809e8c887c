"""A live visit with three people around it, and a check that answers what a test says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from workflow.base.actor import Role
from workflow.base.reasons import DueItem, DueSubject, Sentence, Where
from workflow.base.registries import REMINDER_CHECKS
from workflow.base.unit_of_work import commit
from workflow.reminders.service import sync_due
from workflow.visits.models import Visit


@dataclass
class Done:
    """The keys of things that are done; all others are outstanding."""

    keys: set[str] = field(default_factory=set)
    asked: int = 0

    def check(self, _session: Session, subjects: Sequence[DueSubject], _now: datetime) -> Sequence[bool]:
        self.asked += 1
        return [subject.key not in self.keys for subject in subjects]


@pytest.fixture
def done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Done:
    """What is done, as the check of these tests knows it."""
    told = Done()
    monkeypatch.setattr(REMINDER_CHECKS, "_things", dict(REMINDER_CHECKS.items()) | {"test.check": told.check})
    return told


@dataclass
class Cast:
    """A visit and the accounts around it."""

    visit: Visit
    officer: Any
    substitute: Any
    manager: Any


@pytest.fixture
def cast(session: Session, make: Any, done: Done) -> Cast:
    """A live visit with a responsible officer, a substitute, and a manager in the house."""
    officer = make.account(Role.COORDINATOR, name="Ольга", email="olga@city.example")
    substitute = make.account(Role.COORDINATOR, name="Иван", email="ivan@city.example")
    manager = make.account(Role.MANAGER, name="Марина", email="marina@city.example", language="en")
    visit = make.visit(responsible_id=officer.id, substitute_id=substitute.id)
    return Cast(visit, officer, substitute, manager)


def item(key: str, due_on: date, **values: Any) -> DueItem:
    """A due thing of these tests."""
    return DueItem(**{
        "key": key, "due_on": due_on, "check": "test.check", "subject": ("visit", 1),
        "title": Sentence("process.titled", {"title": {"ru": f"Дело {key}", "en": f"Thing {key}"}}),
        "where": Where("desk.visit", {"visit_id": 1}),
    } | values)


@pytest.fixture
def want(session: Session, now: datetime, cast: Cast) -> Callable[..., None]:
    """Make a source want exactly these things of the visit, and commit."""

    def wanted(*items: DueItem, source: str = "test", at: datetime | None = None) -> None:
        sync_due(session, at or now, source=source, visit_id=cast.visit.id, items=items)
        commit(session)

    return wanted
