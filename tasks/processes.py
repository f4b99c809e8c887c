"""The worker and the scheduler as processes of their own."""

import logging

from celery import Celery
from celery.apps.worker import Worker
from celery.beat import Scheduler, Service
from celery.signals import setup_logging
from sqlalchemy.exc import SQLAlchemyError

from tasks.runtime import Runtime
from workflow.base.heartbeats import SCHEDULER, beat
from workflow.base.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

BEAT_SECONDS = 15


def run_worker(app: Celery, *, concurrency: int, name: str) -> int:
    """Run a worker of child processes until SIGTERM; running jobs end first. Give the exit code."""
    setup_logging.connect(_keep_our_logs, weak=False)
    worker = Worker(
        app=app, hostname=name, pool="prefork", concurrency=concurrency, loglevel="WARNING",
        without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True,
    )  # fmt: skip
    worker.start()
    return int(worker.exitcode or 0)


def _keep_our_logs(**_: object) -> None:
    """Set up nothing: Celery, where nobody listens here, raises the level of all logs to its own."""


def make_scheduler(app: Celery, runtime: Runtime) -> Service:
    """Make the scheduler; it keeps no file, and notes in the database that it lives."""

    class NotingScheduler(Scheduler):  # type: ignore[misc]
        """Celery's scheduler in memory, which notes its own life while it rings."""

        _noted = 0.0
        _looked = 0.0

        def tick(self, *args: object, **kwargs: object) -> float:
            """Ring what is due; note it now and then, and go on when the database is away."""
            now = runtime.clock()
            if now.timestamp() < self._looked - BEAT_SECONDS:
                log.warning("the clock was put back", extra={"seconds": int(self._looked - now.timestamp())})
                self._ring_anew()
            self._looked = now.timestamp()
            pause = float(super().tick(*args, **kwargs))
            if abs(now.timestamp() - self._noted) >= BEAT_SECONDS:
                self._noted = now.timestamp()
                try:
                    with runtime.session() as session, unit_of_work(session):
                        beat(session, now, SCHEDULER)
                except SQLAlchemyError as error:
                    log.warning("scheduler could not note its life", extra={"error": type(error).__name__})
            return pause

        def _ring_anew(self) -> None:
            """Have everything due at once: else nothing is rung until the clock is again where it was."""
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now() - entry.schedule.run_every
            self._heap = None

    return Service(app, scheduler_cls=NotingScheduler)
