"""Worker and scheduler as threads of one process: the one-machine mode, without Redis and without a second program.

The broker is a queue in memory. Nothing that must last is in it: a job is a row, and what a killed process left
undone is found by the first sweep of the next one.
"""

import logging
import threading
from datetime import timedelta

from celery import Celery
from celery.worker import WorkController, state

from tasks.processes import make_scheduler
from tasks.runtime import Runtime
from tasks.schedule import WAKE
from tasks.work import heartbeat, sweep_now

log = logging.getLogger(__name__)

THREADS = 4


class Embedded:
    """A Celery worker and a scheduler in threads; `start` returns at once, `stop` lets running jobs end."""

    def __init__(self, app: Celery, runtime: Runtime, *, threads: int = THREADS) -> None:
        self._app = app
        self._runtime = runtime
        self._worker = WorkController(
            app=app, hostname="embedded@localhost", pool="threads", concurrency=threads, loglevel="WARNING",
            without_gossip=True, without_mingle=True, without_heartbeat=True, quiet=True,
        )  # fmt: skip
        self._beat = make_scheduler(app, runtime)
        self._threads = [
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            threading.Thread(target=self._beat.start, name="scheduler", daemon=True),
        ]

    def start(self) -> None:
        """Start both threads, and look at once for what an earlier process left."""
        state.should_stop = None
        self._app.set_default()  # Celery's pool threads look their tasks up in the process's default application
        for thread in self._threads:
            thread.start()
        heartbeat(self._runtime)
        sweep_now(self._app, self._runtime, grace=timedelta(0))

    def stop(self, *, seconds: float = 25) -> bool:
        """Take no more work, wait for the jobs now running, and say whether all ended in time."""
        self._beat.stop()
        state.should_stop = 0
        for _ in range(2):  # Celery's loop waits for messages twice before it looks at the flag
            self._app.send_task(WAKE, retry=False)
        for thread in self._threads:
            thread.join(seconds)
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            state.should_stop = None
        else:
            log.warning("jobs still running at the end; their leases will pass on", extra={"seconds": seconds})
        return ended
