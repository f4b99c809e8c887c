"""What papers made or compared together share: read once for a chunk of a batch or a list, in one transaction."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from workflow.office.queries import issuing_body

T = TypeVar("T")

_KEPT: ContextVar[dict[Hashable, Any] | None] = ContextVar("read once for a chunk", default=None)


@contextmanager
def gathered_once() -> Iterator[None]:
    """Within it all papers of a visit share what is known of it: for one chunk of a batch or one list of papers."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def is_gathering() -> bool:
    """Whether papers are being made together just now."""
    return _KEPT.get() is not None


def once(key: Hashable, make: Callable[[], T]) -> T:
    """What *make* gives: made anew for a single paper, once for all that are made together.

    Only for plain values whose key says all that they depend on: no rows, which a rollback to a savepoint would expire.
    """
    kept = _KEPT.get()
    if kept is None:
        return make()
    if key not in kept:
        kept[key] = make()
    made: T = kept[key]
    return made


def issuer(session: Session, body_id: int | None, kind: str) -> int | None:
    """The key of the body that was chosen, else of the one that issues this kind; None for an unnamed office."""
    if body_id is not None:
        return body_id

    def read() -> int | None:
        body = issuing_body(session, kind=kind)
        return None if body is None else body.id

    return once(("issuer", kind), read)
