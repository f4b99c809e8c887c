"""Slow work that an act needs is done while no transaction is open.

A child process that fills a wording or opens a workbook may take seconds, and on SQLite an open transaction keeps every
writer waiting. So an act asks for the work where it needs it (`outcome_of`) and stops there the first time: its
transaction is undone, the work is done, and the act is run anew and finds the outcome. Doors run every page and call
so (`slow_work_first`), workers the jobs of `in_two_runs`; a command or a test gets the work done on the spot.

Work is known by a key that names all that it depends on. What was read meanwhile must still be so: an act that reads
other facts the second time asks for other work, and stops again instead of keeping what is no longer true.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy.orm import Session

from workflow.base.errors import Stale
from workflow.base.jobs import JobHandler
from workflow.base.unit_of_work import anew_when_lost, rollback

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

RUNS = 5
"""How often an act is run before its reader is told that everything changes under their hands."""


class SlowWork(Protocol[T_co]):
    """Work that knows no database: the same key, the same outcome."""

    @property
    def key(self) -> str:
        """Names all that the outcome depends on."""

    def do(self) -> T_co:
        """Do it; what it raises is its outcome too."""


class NotDoneYet(Exception):
    """Stops an act until these works are done."""

    def __init__(self, works: Sequence[SlowWork[Any]]) -> None:
        super().__init__(f"{len(works)} works are to be done outside the transaction")
        self.works = works


Known = dict[str, Any]
"""What works gave, by their keys: a value, or the exception that each raised."""
_KNOWN: ContextVar[Mapping[str, Any] | None] = ContextVar("outcomes of slow work", default=None)


def ask_for(works: Sequence[SlowWork[Any]]) -> None:
    """Stop the act here unless all of these are done; so that many are done in one go.

    Raises:
        NotDoneYet: some are not.
    """
    known = _KNOWN.get()
    missing = [] if known is None else [work for work in works if work.key not in known]
    if missing:
        raise NotDoneYet(missing)


def outcome_of(work: SlowWork[T]) -> T:
    """Give what a work gave, or raise what it raised.

    Raises:
        NotDoneYet: it is not done.
    """
    ask_for([work])
    known = _KNOWN.get()
    if known is None:
        return work.do()
    outcome = known[work.key]
    if isinstance(outcome, Exception):
        raise outcome
    return cast("T", outcome)


@contextmanager
def knowing(known: Mapping[str, Any]) -> Iterator[None]:
    """Within it acts find these outcomes, and stop where they need others."""
    token = _KNOWN.set(known)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def do_all(works: Sequence[SlowWork[Any]]) -> Known:
    """Do works; no transaction may be open."""
    done: Known = {}
    for work in works:
        try:
            done[work.key] = work.do()
        except Exception as wrong:  # noqa: BLE001 — the act that asks for it is to meet it
            done[work.key] = wrong
    return done


def slow_work_first(session: Session, act: Callable[[], T]) -> T:
    """Run an act; as often as it needs slow work, undo it, do the work with no transaction open, and run it anew.

    It is run anew too when it lost a race (`anew_when_lost`).

    The act must do nothing that a rollback does not undo before it asks for work.

    Raises:
        Stale: what the work depends on was another each time.
    """
    known: Known = {}
    for _ in range(RUNS):
        try:
            with knowing(known):
                return anew_when_lost(session, act)
        except NotDoneYet as stopped:
            rollback(session)
            known |= do_all(stopped.works)
    raise Stale


def works_for(act: Callable[[], object]) -> Sequence[SlowWork[Any]]:
    """Run an act until it stops, to learn which work it needs; the caller undoes what it wrote."""
    try:
        with knowing({}):
            act()
    except NotDoneYet as stopped:
        return stopped.works
    return []


def in_two_runs(
    kind: str, act: Callable[[Session, Mapping[str, Any], datetime], None], *, lease: timedelta = timedelta(minutes=5)
) -> JobHandler:
    """A worker's act that needs slow work: run once to learn which, and once more when that is done, to be kept."""

    def load(session: Session, payload: Mapping[str, Any], now: datetime) -> Sequence[SlowWork[Any]]:
        return works_for(lambda: act(session, payload, now))

    def record(session: Session, payload: Mapping[str, Any], known: Known, now: datetime) -> None:
        with knowing(known):
            act(session, payload, now)

    return JobHandler(kind, load=load, perform=do_all, record=record, lease=lease)
