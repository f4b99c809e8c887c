"""Kombu's Redis transport, with one hole closed: a lost acknowledgement no longer holds its place for ever.

When Redis goes away between a message's delivery and its acknowledgement, kombu logs "Couldn't ack" and goes on
counting the message as unsettled. Once as many acknowledgements are lost as the worker may prefetch, it asks Redis for
nothing more, so it never notices that the connection is gone either: a living worker that does nothing until somebody
restarts it (seen with kombu 5.7: two tasks in flight, `--concurrency 2`, Redis restarted). A message here is a doorbell
that may be lost, so the place is given free whatever became of the acknowledgement.
"""

from kombu.transport import redis, virtual
from redis.exceptions import RedisError


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
    """Kombu's channel, with our count of what is unsettled."""

    QoS = ForgivingQoS


class Transport(redis.Transport):
    """Named in `celery_app.make_celery` as the transport of `redis://` addresses."""

    Channel = ForgivingChannel
