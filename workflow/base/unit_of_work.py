"""The one place that commits.

Services flush and never commit. A page, an API call, a command and a job's record half each run inside `unit_of_work`;
after the commit it *nudges* whoever runs jobs. A lost nudge is harmless: the sweep finds what is due.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from workflow.base.errors import CommitLost, Stale

Nudge = Callable[[Sequence[int]], None]
"""Told the ids of jobs just committed that are due now; must never raise and never wait long."""

_NEW_JOBS = "delegations_new_jobs"
_AFTERWARDS = "delegations_afterwards"
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

