"""Which request the work in hand goes back to: one id from the web through every job that follows.

Set where work begins (a request arrives, a worker takes a job), read where it is written down (events, jobs), so that
no act has to hand it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_GOES_BACK_TO: ContextVar[str] = ContextVar("request id", default="")


def request_id() -> str:
    """Give the id that the work in hand goes back to; empty in commands and in what nobody asked for."""
    return _GOES_BACK_TO.get()


def go_back_to(known: str) -> None:
    """Begin work of the request *known*; empty as it ends."""
    _GOES_BACK_TO.set(known)


@contextmanager
def going_back_to(known: str) -> Iterator[None]:
    """Within it all work goes back to the request *known*."""
    token = _GOES_BACK_TO.set(known)
    try:
        yield
    finally:
        _GOES_BACK_TO.reset(token)
