"""A published process, conditions that answer what a test says, and jobs that only note that they were asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.process.words import CONDITIONS as NAMES
from tests.process.words import REACTIONS, WORDS
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.jobs import JOB_HANDLERS, Job, JobHandler
from workflow.base.reasons import Reason, Where
from workflow.base.registries import CONDITIONS
from workflow.base.unit_of_work import commit
from workflow.process.opening import enter_visit
from workflow.process.publishing import publish_definitions
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Direction
from workflow.visits.service import VisitData

ARRIVAL, DEPARTURE = date(2027, 5, 17), date(2027, 5, 20)


@dataclass
class Facts:
    """What the doubled conditions answer: names that are unmet, for all visits or for some; and how often asked."""

    unmet: set[str] = field(default_factory=set)
    of_visit: dict[int, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def check(self, name: str) -> Callable[..., Mapping[int, Sequence[Reason]]]:
        def answer(session: Session, ids: Sequence[int], params: Mapping[str, Any]) -> Mapping[int, Sequence[Reason]]:
            self.asked.append(name)
            wrong = [key for key in ids if name in self.unmet or name in self.of_visit.get(key, ())]
            where = {key: Where("process.dates", {"visit_id": key}) for key in wrong}
            return {key: [Reason("visits.no-dates", dict(params), where[key])] for key in wrong}

        return answer


@pytest.fixture
def facts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Facts:
    """All conditions of other rooms are met, but for those that the test puts into `unmet`."""
    told = Facts()
    things = dict(CONDITIONS.items())
    things |= {name: told.check(name) for name in NAMES if not name.startswith("process.")}
    monkeypatch.setattr(CONDITIONS, "_things", things)
    handlers = dict(JOB_HANDLERS.items())
    for kind in REACTIONS:
        handlers.setdefault(kind, JobHandler(kind, record=lambda *_: None))
    monkeypatch.setattr(JOB_HANDLERS, "_things", handlers)
    return told


@pytest.fixture
def published(session: Session, now: datetime, facts: Facts) -> None:
    """The Russian pack is published."""
    publish_definitions(session, now, words=WORDS)
    commit(session)


@pytest.fixture
def manager(make: Any) -> Actor:
    """A manager."""
    return make.actor(Role.MANAGER, account=make.account(Role.MANAGER))


@pytest.fixture
def coordinator(make: Any) -> Actor:
    """A coordinator."""
    return make.actor(Role.COORDINATOR, account=make.account(Role.COORDINATOR))


@pytest.fixture
def open_one(session: Session, now: datetime, published: None, make: Any) -> Callable[..., Visit]:
    """Open a visit in a stage; its responsible officer is a new account unless given."""

    def opened(stage: str | None = None, process: str = "incoming", **values: Any) -> Visit:
        data = VisitData(**{
            "title_ru": "Делегация Кадыкёя", "title_en": "Delegation of Kadıköy", "direction": Direction.INCOMING,
            "country": "TR", "dates": Dates(ARRIVAL, DEPARTURE),
            "responsible_id": values.pop("responsible_id", None) or make.account(Role.COORDINATOR).id,
        } | values)
        visit = enter_visit(session, SYSTEM, now, data, process, stage=stage)
        commit(session)
        return visit

    return opened


@pytest.fixture
def jobs_of(session: Session) -> Callable[[int], list[tuple[str, str]]]:
    """The kinds and states of a visit's jobs, in order."""

    def listed(visit_id: int) -> list[tuple[str, str]]:
        session.expire_all()
        rows = session.scalars(select(Job).where(Job.visit_id == visit_id).order_by(Job.id))
        return [(row.kind, str(row.state)) for row in rows]

    return listed
