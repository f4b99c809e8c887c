"""The doorbell after a commit: tells Celery that jobs wait, and never bothers the request when nobody answers.

A lost nudge is harmless, for the sweep finds what is due. So it tries once, swallows every failure of the broker, and
after a failure does not ring again for a few seconds: a hanging Redis costs one request two seconds, not all of them.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from celery import Celery
from kombu.exceptions import OperationalError

from tasks.celery_app import QUEUE
from tasks.schedule import RUN_JOB

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
MANY = 50


class Nudge:
    """Publishes the ids of new jobs; the breaker is shared by all threads of a process."""

    def __init__(
        self, app: Celery, *, pause: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._pause = pause
        self._clock = clock
        self._silent_until = 0.0
        self._lock = threading.Lock()

    def __call__(self, job_ids: Sequence[int]) -> None:
        """Ring for jobs just committed; more than a few at once are left to the sweep."""
        if self._clock() < self._silent_until:
            return
        try:
            for job_id in job_ids[:MANY]:
                self._app.send_task(RUN_JOB, args=(job_id,), queue=QUEUE, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            with self._lock:
                self._silent_until = self._clock() + self._pause
            log.warning("broker not reached", extra={"error": type(error).__name__})


def make_nudge(app: Celery) -> Nudge:
    """Make the nudge that `workflow.base.unit_of_work.attach_nudge` takes."""
    return Nudge(app)
