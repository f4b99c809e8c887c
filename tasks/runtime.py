"""What a worker's tasks stand on: the settings, the composed program, and sessions of their own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from celery.signals import worker_process_init
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.database import make_engine
from workflow.base.settings import Settings


@dataclass(frozen=True)
class Runtime:
    """One process's (or one thread pool's) way to the database, with every registry filled."""

    settings: Settings
    flask: Flask
    engine: Engine = field(repr=False)
    noted: dict[str, datetime] = field(default_factory=dict, repr=False)
    """When this process last noted a sign of life, by its name."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock that jobs are run by."""
        return clock.now

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a fresh session inside the program's context; it is closed afterwards."""
        with self.flask.app_context(), Session(self.engine) as session:
            yield session


@contextmanager
def runtime_of(settings: Settings, flask: Flask) -> Iterator[Runtime]:
    """Make a runtime for one command, and leave no connection open after it."""
    runtime = make_runtime(settings, flask)
    try:
        yield runtime
    finally:
        runtime.engine.dispose()


def make_runtime(settings: Settings, flask: Flask) -> Runtime:
    """Make the runtime; a forked worker child drops the connections that it inherited."""
    engine = make_engine(settings.database_url)
    runtime = Runtime(settings, flask, engine)

    def forget_inherited(**_: object) -> None:
        engine.dispose(close=False)

    worker_process_init.connect(forget_inherited, weak=False)
    return runtime
