"""A worker whose acknowledgement was lost with Redis goes on asking for work, and bells do not pile up unheard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
import redis
from celery import Celery
from kombu import Connection, Consumer, Queue

from tasks.celery_app import QUEUE, make_celery
from tasks.nudge import make_nudge
from tasks.redis_transport import ForgivingChannel, Transport
from tasks.runtime import Runtime
from tasks.schedule import RUN_JOB, SWEEP
from tasks.work import run_job, sweep_now
from tests.servers import RedisServer
from tests.tasks.conftest import effects

pytestmark = pytest.mark.redis


@pytest.fixture
def broker(redis_server: RedisServer) -> RedisServer:
    if not redis_server.answers():
        redis_server.start()
    redis_server.flush()
    return redis_server


def test_lost_acknowledgement_frees_its_place(broker: RedisServer) -> None:
    app = make_celery(broker.url)
    app.send_task("jobs.run", args=(1,), queue=QUEUE, retry=False)
    taken = []
    connection: Connection
    with app.connection_for_read() as connection:
        channel = connection.channel()
        assert isinstance(connection.transport, Transport)
        channel.basic_qos(0, 1, False)
        with Consumer(channel, [Queue(QUEUE)], callbacks=[lambda _body, message: taken.append(message)],
                      accept=["json"]):  # fmt: skip
            connection.drain_events(timeout=5)
            assert not channel.qos.can_consume()  # one is allowed, and one is in hand
            broker.halt(kill=True)
            with pytest.raises(connection.connection_errors):
                taken[0].ack()
            assert channel.qos.can_consume()
            broker.start()
    assert len(taken) == 1


def test_bells_that_nobody_hears_do_not_pile_up_and_the_work_is_found_all_the_same(
    broker: RedisServer, runtime: Runtime, leave_jobs: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ForgivingChannel, "waiting_at_most", 20)
    app = make_celery(broker.url)
    nudge = make_nudge(app)
    nudge(leave_jobs(1))
    for number in range(50):  # the scheduler rings on, and no worker runs
        app.send_task(SWEEP, args=(number,), queue=QUEUE, retry=False)
    with closing(redis.Redis.from_url(broker.url)) as looking:
        assert looking.llen(QUEUE) == 20
    heard = drained(app)
    assert [args for name, args in heard] == [[number] for number in range(30, 50)]

    sweep_now(app, runtime, grace=timedelta(0))  # what a worker does when it hears the first of them
    for name, args in drained(app):
        assert name == RUN_JOB
        run_job(runtime, *args)
    assert effects(runtime) == [1]


def drained(app: Celery) -> list[tuple[str, list[int]]]:
    """Take everything out of the queue, in order: the names of the tasks and their arguments."""
    taken: list[tuple[str, list[int]]] = []
    with app.connection_for_read() as connection, connection.channel() as channel:
        while (message := channel.basic_get(QUEUE, no_ack=True)) is not None:
            read = channel.message_to_python(message)
            taken.append((read.headers["task"], list(read.decode()[0])))
    return taken
