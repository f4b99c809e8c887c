"""Jobs that follow once for many events: whatever is rolled back to a savepoint asks for nothing, and hides nothing."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.events import EVENT_REACTIONS, record, told_together
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit

KIND = "people.person.corrected"


@pytest.fixture
def follower(app: Any) -> str:
    """A kind of job that follows the event."""
    return EVENT_REACTIONS.get(KIND)[0]


def tell(session: Session, follower: str, *subjects: int, turned_away: frozenset[int] = frozenset()) -> None:
    """One transaction that tells of many subjects, each in a savepoint of its own."""
    now = clock.now()
    with told_together(session, now, [follower]):
        for subject in subjects:
            savepoint = session.begin_nested()
            record(session, SYSTEM, now, KIND, subject=("person", subject))
            if subject in turned_away:
                savepoint.rollback()
            else:
                savepoint.commit()
    commit(session)


def asked(session: Session, follower: str) -> list[list[int]]:
    """The subjects that each job was asked for."""
    jobs = session.scalars(select(Job).where(Job.kind == follower).order_by(Job.id))
    return [job.payload["subject_ids"] for job in jobs if "subject_ids" in job.payload]


def test_turned_away_subjects_are_not_told(session: Session, follower: str) -> None:
    tell(session, follower, 1, 2, 3, turned_away=frozenset({1, 3}))
    assert asked(session, follower) == [[2]]


def test_next_work_is_told_when_all_before_were_turned_away(session: Session, follower: str) -> None:
    tell(session, follower, 1, 2, turned_away=frozenset({1, 2}))
    tell(session, follower, 3, 4)
    assert asked(session, follower) == [[3, 4]]
