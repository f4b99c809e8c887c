"""What the scheduler rings, and how often. Several schedulers may run at once: every entry is harmless when doubled.

Nothing here depends on the hour: the nightly work is rung every hour, and the task judges by the office's clock
whether its night has come, so neither a change of zone nor a scheduler that slept through an hour loses a night.
"""

from datetime import timedelta
from typing import Any

RUN_JOB = "jobs.run"
SWEEP = "jobs.sweep"
TICK_REMINDERS = "reminders.tick"
NIGHTLY = "house.nightly"
HEARTBEAT = "house.heartbeat"
WAKE = "house.wake"  # does nothing: lets a stopping worker look up


def schedule(sweep: timedelta, reminders: timedelta, heartbeat: timedelta) -> dict[str, dict[str, Any]]:
    """Give Celery's beat schedule; a bell not heard before the next one rings is dropped."""
    return {
        "sweep": _entry(SWEEP, sweep),
        "reminders": _entry(TICK_REMINDERS, reminders),
        "heartbeat": _entry(HEARTBEAT, heartbeat),
        "nightly": _entry(NIGHTLY, timedelta(hours=1)),
    }


def _entry(task: str, every: timedelta) -> dict[str, Any]:
    return {"task": task, "schedule": every, "options": {"expires": max(2.0, every.total_seconds() * 2)}}
