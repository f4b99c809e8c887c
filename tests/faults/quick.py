"""The `delegations` command with a scheduler that rings more often: what is shown is the same, and is shown sooner."""

from datetime import timedelta
from functools import partial

from tasks.celery_app import Pace, make_celery
from workflow.cli import main, starting

PACE = Pace(sweep=timedelta(seconds=1), reminders=timedelta(seconds=3), heartbeat=timedelta(seconds=5))

if __name__ == "__main__":
    starting.make_celery = partial(make_celery, pace=PACE)  # type: ignore[attr-defined]
    main()
