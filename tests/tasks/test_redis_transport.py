"""A worker whose acknowledgement was lost with Redis goes on asking for work."""

from __future__ import annotations

import pytest
from kombu import Connection, Consumer, Queue

from tasks.celery_app import QUEUE, make_celery
from tasks.redis_transport import Transport
from tests.servers import RedisServer

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
