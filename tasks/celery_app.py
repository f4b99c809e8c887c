"""Makes the Celery application.

Every setting here has a measured reason (see the remarks). Messages are JSON and hold ids only. There is
no result backend, no `eta`, no `countdown` and no Celery retry: due times, leases and attempts are columns.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import Celery

from tasks.schedule import schedule

QUEUE = "delegations"
MEMORY_BROKER = "memory://"
TRANSPORT = "tasks.redis_transport:Transport"


@dataclass(frozen=True)
class Pace:
    """How often the scheduler rings each bell; tests ring faster."""

    sweep: timedelta = timedelta(seconds=5)
    reminders: timedelta = timedelta(seconds=60)
    heartbeat: timedelta = timedelta(seconds=15)


def make_celery(redis_url: str | None, *, pace: Pace | None = None) -> Celery:
    """Make a Celery application on Redis, or on the broker inside this process when there is none."""
    app = Celery("delegations", set_as_current=False)
    pace = pace or Pace()
    app.conf.update(
        broker_url=redis_url or MEMORY_BROKER,
        broker_transport=TRANSPORT if redis_url else None,
        broker_transport_options=_transport_options(redis_url),
        broker_connection_timeout=2,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker waits for Redis as long as it takes
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        result_backend=None,
        task_publish_retry=False,  # a request never waits for the broker
        task_acks_late=False,  # a lost message is found by the sweep
        task_default_queue=QUEUE,  # one queue: whoever runs a worker serves everything, so no queue is forgotten
        task_time_limit=300,
        task_soft_time_limit=240,
        worker_prefetch_multiplier=1 if redis_url else 8,  # memory:// throughput is prefetch x threads / polling
        worker_max_tasks_per_child=500,
        worker_max_memory_per_child=400_000,
        worker_soft_shutdown_timeout=20,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_log_color=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # the lease decides, not the broker
        beat_schedule=schedule(pace.sweep, pace.reminders, pace.heartbeat),
        beat_max_loop_interval=1,
        beat_enable_remote_control=False,
        timezone="UTC",
        enable_utc=True,
    )
    return app


def _transport_options(redis_url: str | None) -> dict[str, Any]:
    """Bound every wait for Redis: without these a half-open connection stops a worker for good."""
    if redis_url is None:
        return {"polling_interval": 0.02}
    return {
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "health_check_interval": 5,
        "retry_on_timeout": False,
        "visibility_timeout": 3600,
    }
