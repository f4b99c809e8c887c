"""A nudge brings a job to a worker at once, and never troubles the request when nobody answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tasks.celery_app import Pace, make_celery
from tasks.embedded import Embedded
from tasks.nudge import Nudge, make_nudge
from tasks.runtime import Runtime
from tasks.work import register
from tests.servers import RedisServer, both_databases, free_port, wait_until
from tests.tasks.conftest import effects
from workflow.base.jobs import Job, JobState
from workflow.base.unit_of_work import attach_nudge, detach_nudge

LEAVE = Callable[..., list[int]]
NEVER = Pace(*[timedelta(hours=1)] * 3)


@pytest.fixture
def embedded(runtime: Runtime) -> Iterator[Embedded]:
    """A worker and a scheduler in threads, whose scheduler never rings: only nudges bring work."""
    app = make_celery(None, pace=NEVER)
    register(app, runtime)
    made = Embedded(app, runtime, threads=2)
    attach_nudge(make_nudge(app))
    made.start()
    yield made
    detach_nudge()
    assert made.stop(seconds=10)


@both_databases
def test_job_runs_soon_after_its_commit(embedded: Embedded, runtime: Runtime, leave_jobs: LEAVE) -> None:
    leave_jobs(3)
    wait_until(lambda: effects(runtime) == [1, 2, 3], seconds=5, what="three effects")


def test_job_left_without_a_nudge_is_found_when_the_process_starts(runtime: Runtime, leave_jobs: LEAVE) -> None:
    leave_jobs(2)
    app = make_celery(None, pace=NEVER)
    register(app, runtime)
    made = Embedded(app, runtime, threads=2)
    made.start()
    wait_until(lambda: effects(runtime) == [1, 2], seconds=5, what="both effects")
    assert made.stop(seconds=10)


def test_commit_succeeds_while_the_broker_refuses(runtime: Runtime, leave_jobs: LEAVE, session: Session) -> None:
    attach_nudge(make_nudge(make_celery(f"redis://127.0.0.1:{free_port()}/0")))
    try:
        started = time.monotonic()
        ids = leave_jobs(1) + leave_jobs(1) + leave_jobs(1)
        took = time.monotonic() - started
    finally:
        detach_nudge()
    assert [session.get_one(Job, job_id).state for job_id in ids] == [JobState.OPEN] * 3
    assert took < 3


def test_breaker_leaves_a_dead_broker_alone_for_a_while() -> None:
    seconds = [100.0]
    app = make_celery("redis://127.0.0.1:1/0")
    tried: list[int] = []

    def refuse(_name: str, *, args: tuple[int], **_options: object) -> None:
        tried.append(args[0])
        raise ConnectionRefusedError

    app.send_task = refuse  # type: ignore[method-assign]
    nudge = Nudge(app, pause=5, clock=lambda: seconds[0])
    nudge([1])
    nudge([2])
    seconds[0] += 5.1
    nudge([3])
    assert tried == [1, 3]


@pytest.mark.redis
def test_nudge_reaches_redis(redis_url: str, redis_server: RedisServer) -> None:
    app = make_celery(redis_url)
    make_nudge(app)([7])
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("delegations")
        message = queue.get(timeout=5)
        message.ack()
        queue.close()
    assert message.payload[0] == [7]
    app.close()
