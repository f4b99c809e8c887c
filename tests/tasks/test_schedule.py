"""Names agree: what the scheduler rings and what the nudge sends are tasks that a worker has."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tasks import schedule
from tasks.celery_app import QUEUE, make_celery
from tasks.nudge import make_nudge
from tasks.processes import make_scheduler
from tasks.runtime import Runtime
from tasks.work import register
from workflow.base import clock


def test_everything_rung_is_a_registered_task(runtime: Runtime) -> None:
    app = make_celery(None)
    register(app, runtime)
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    rung = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert rung | {schedule.RUN_JOB, schedule.WAKE} == ours


def test_everything_goes_to_the_one_queue_that_workers_consume(runtime: Runtime) -> None:
    app = make_celery(None)
    register(app, runtime)
    routed = {app.amqp.router.route({}, name)["queue"].name for name in app.tasks}
    assert routed == {QUEUE} == set(app.amqp.queues.consume_from)


def test_nothing_hangs_on_the_hour() -> None:
    every = [entry["schedule"].total_seconds() for entry in make_celery(None).conf.beat_schedule.values()]
    assert max(every) <= 3600


def test_clock_put_back_does_not_silence_the_scheduler(runtime: Runtime) -> None:
    app = make_celery(None)
    rung: list[str] = []
    app.send_task = lambda name, *_given, **_options: rung.append(name)  # type: ignore[method-assign]
    scheduler = make_scheduler(app, runtime).scheduler
    for entry in scheduler.schedule.values():  # rung a moment ago, by a clock that was an hour ahead
        entry.last_run_at = entry.default_now() + timedelta(hours=1)
    ring_all(scheduler)
    assert rung == []
    clock.advance_frozen(-timedelta(hours=1))
    ring_all(scheduler)
    assert sorted(rung) == sorted([schedule.SWEEP, schedule.TICK_REMINDERS, schedule.HEARTBEAT, schedule.NIGHTLY])


def ring_all(scheduler: Any) -> None:
    """Let the scheduler look as often as it has entries."""
    for _ in range(len(scheduler.schedule) + 1):
        scheduler.tick()


def test_messages_hold_ids_only_as_json(runtime: Runtime) -> None:
    app = make_celery(None)
    sent: list[dict[str, Any]] = []
    app.send_task = lambda name, **options: sent.append({"name": name, **options})  # type: ignore[method-assign]
    make_nudge(app)([3, 4])
    assert [(item["name"], json.dumps(item["args"])) for item in sent] == [("jobs.run", "[3]"), ("jobs.run", "[4]")]
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]


def test_settings_that_keep_redis_from_hanging_a_worker() -> None:
    conf = make_celery("redis://127.0.0.1:1/0").conf
    options = conf.broker_transport_options
    assert options["socket_timeout"] <= 5
    assert options["socket_connect_timeout"] <= 2
    assert options["health_check_interval"] <= 5
    assert (conf.result_backend, conf.task_ignore_result, conf.task_publish_retry) == (None, True, False)
