"""What tests of the queue need: a runtime on this test's database, and a kind of job that only counts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tasks.runtime import Runtime, make_runtime
from workflow.base import clock
from workflow.base.jobs import JOB_HANDLERS, IfLost, JobHandler, PermanentFailure, enqueue
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit

COUNT = "tests.count"
FAIL = "tests.fail"
REFUSE = "tests.refuse"
LETTER = "tests.letter"


def _count(session: Session, payload: Mapping[str, Any], _outcome: Any, _now: datetime) -> None:
    session.execute(text("INSERT INTO effect (number) VALUES (:number)"), {"number": payload["number"]})


def _fail(_inputs: Any) -> None:
    raise ConnectionError("the server is away")


def _refuse(_inputs: Any) -> None:
    raise PermanentFailure("no such address")


HANDLERS = [
    JobHandler(COUNT, record=_count),
    JobHandler(FAIL, record=_count, perform=_fail, max_attempts=3),
    JobHandler(REFUSE, record=_count, perform=_refuse),
    JobHandler(LETTER, record=_count, perform=lambda _inputs: None, if_lost=IfLost.UNCERTAIN),
]


@pytest.fixture
def runtime(app: Flask, settings: Settings) -> Iterator[Runtime]:
    """A worker's runtime on this test's database, with jobs that count in a table ``effect``."""
    for handler in HANDLERS:
        if handler.kind not in JOB_HANDLERS:
            JOB_HANDLERS.add(handler.kind, handler)
    made = make_runtime(settings, app)
    with made.engine.begin() as connection:
        connection.execute(text("CREATE TABLE effect (number INTEGER)"))
    yield made
    made.engine.dispose()


@pytest.fixture
def leave_jobs(session: Session) -> Callable[..., list[int]]:
    """Commit some jobs: ``leave_jobs(3, COUNT)`` gives their ids."""
    numbers = itertools.count(1)

    def leave(count: int, kind: str = COUNT, **options: Any) -> list[int]:
        ids = []
        for _ in range(count):
            number = next(numbers)
            ids.append(enqueue(session, clock.now(), kind, f"{kind}.{number}", {"number": number}, **options))
        commit(session)
        return [job_id for job_id in ids if job_id is not None]

    return leave


def effects(runtime: Runtime) -> list[int]:
    """Read what the counting jobs did, in order."""
    with runtime.engine.connect() as connection:
        return list(connection.execute(text("SELECT number FROM effect ORDER BY number")).scalars())
