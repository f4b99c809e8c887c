"""The one place that commits.

Services flush and never commit. A page, an API call, a command and a job's record half each run inside `unit_of_work`;
after the commit it *nudges* whoever runs jobs. A lost nudge is harmless: the sweep finds what is due.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from workflow.base.database import lost_a_race
from workflow.base.errors import CommitLost, Stale

log = logging.getLogger(__name__)

T = TypeVar("T")
Nudge = Callable[[Sequence[int]], None]
"""Told the ids of jobs just committed that are due now; must never raise and never wait long."""

_NEW_JOBS = "delegations_new_jobs"
_AFTERWARDS = "delegations_afterwards"
_COMMITS = "delegations_commits"
RUNS_ANEW = 2
"""How often an act is run once more that lost a race."""

_nudges: list[Nudge] = []


def attach_nudge(nudge: Nudge) -> None:
    """Have *nudge* called after each commit that left jobs; replaces the one attached before."""
    _nudges[:] = [nudge]


def detach_nudge() -> None:
    """Stop nudging; jobs then wait for the sweep."""
    _nudges.clear()


def note_new_job(session: Session, job_id: int) -> None:
    """Remember a job to nudge for once this session's transaction has committed."""
    session.info.setdefault(_NEW_JOBS, []).append(job_id)


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Have *call* made once this session's transaction has committed; a rollback forgets it.

    For what no transaction can undo, such as removing the bytes of a file; it must not raise.
    """
    session.info.setdefault(_AFTERWARDS, []).append(call)


def commit(session: Session) -> None:
    """Commit the session's transaction, then nudge for the jobs it left.

    Raises:
        Stale: another transaction changed a versioned row after it was read here.
        CommitLost: the connection broke in that very moment.
    """
    written = False
    try:
        session.flush()
        written = True
        session.commit()
    except StaleDataError as error:
        rollback(session)
        raise Stale from error
    except DBAPIError as error:
        rollback(session)
        if written and error.connection_invalidated:
            raise CommitLost from error
        raise
    except BaseException:
        rollback(session)
        raise
    session.info[_COMMITS] = session.info.get(_COMMITS, 0) + 1
    for call in session.info.pop(_AFTERWARDS, []):
        call()
    new_jobs = session.info.pop(_NEW_JOBS, [])
    if new_jobs:
        for nudge in _nudges:
            nudge(new_jobs)


def rollback(session: Session) -> None:
    """Undo the session's transaction and forget the jobs it would have left."""
    session.rollback()
    session.info.pop(_NEW_JOBS, None)
    session.info.pop(_AFTERWARDS, None)


def anew_when_lost(session: Session, act: Callable[[], T]) -> T:
    """Run an act; when the database chose it as the loser of a race, undo it and run it anew, on what the winner left.

    Nothing that it wrote is kept when that happens, so the second run is as if the person had come a moment later. An
    act that had committed a part of itself is not run again.

    Raises:
        Stale: it lost each time to somebody who changed the same row.
    """
    lost = 0
    while True:
        commits = session.info.get(_COMMITS, 0)
        try:
            return act()
        except (DBAPIError, StaleDataError, Stale) as error:
            if lost == RUNS_ANEW or session.info.get(_COMMITS, 0) != commits or not lost_a_race(error):
                if isinstance(error, StaleDataError):
                    raise Stale from error
                raise
            lost += 1
            rollback(session)
            log.info("lost a race, run anew", extra={"error": type(error).__name__})


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Run a block as one transaction: all of it is committed, or none."""
    try:
        yield session
    except StaleDataError as error:
        rollback(session)
        raise Stale from error
    except BaseException:
        rollback(session)
        raise
    commit(session)


@contextmanager
def reading(session: Session) -> Iterator[Session]:
    """Run a block that only reads, and give the connection back afterwards."""
    try:
        yield session
    finally:
        rollback(session)

