"""Kombu's Redis transport, with one hole closed: a lost acknowledgement no longer holds its place for ever.

When Redis goes away between a message's delivery and its acknowledgement, kombu logs "Couldn't ack" and goes on
counting the message as unsettled. Once as many acknowledgements are lost as the worker may prefetch, it asks Redis for
nothing more, so it never notices that the connection is gone either: a living worker that does nothing until somebody
restarts it (seen with kombu 5.7: two tasks in flight, `--concurrency 2`, Redis restarted). A message here is a doorbell
that may be lost, so the place is given free whatever became of the acknowledgement.

And a bound: the scheduler rings some 24 000 times a day, and while no worker runs nobody takes these messages away.
What is over `WAITING_AT_MOST` is let go of from the oldest end. Nothing is lost with them, for they are older than
thousands of newer ones, among them the last sweep's, which finds whatever is due.
"""

from typing import Any

from kombu.transport import redis, virtual
from redis.exceptions import RedisError

WAITING_AT_MOST = 5_000
"""Some four megabytes of Redis' memory; a worker is through with as many stale bells in seconds."""


class ForgivingQoS(redis.QoS):
    """Counts a message as settled when it was acknowledged, also when Redis never heard of it."""

    def ack(self, delivery_tag: str) -> None:
        """Settle a message, and let the loss of the connection be known to the caller."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


class ForgivingChannel(redis.Channel):
    """Kombu's channel, with our count of what is unsettled, and queues that cannot grow without end."""

    QoS = ForgivingQoS
    waiting_at_most = WAITING_AT_MOST

    def _put(self, queue: str, message: dict[str, Any], **given: Any) -> None:
        """Lay a message at the end of its queue, and let go of the oldest above the bound."""
        super()._put(queue, message, **given)  # type: ignore[no-untyped-call]
        key = self._q_for_pri(queue, self._get_message_priority(message))  # type: ignore[no-untyped-call]
        with self.conn_or_acquire() as client:
            client.ltrim(key, 0, self.waiting_at_most - 1)


class Transport(redis.Transport):
    """Named in `celery_app.make_celery` as the transport of `redis://` addresses."""

    Channel = ForgivingChannel
