"""Signs of life: when a worker last did something that the scheduler rang for, and when the scheduler last rang.

A worker that hangs still answers a ping, so nobody is pinged: each writes down when it last did real work.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, insert_or_ignore

WORKER = "worker"
SCHEDULER = "scheduler"
LATE = timedelta(minutes=2)


class Heartbeat(HasId, Base):
    """The last sign of life of one kind of process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def beat(session: Session, now: datetime, name: str) -> None:
    """Note a sign of life."""
    insert = insert_or_ignore(session)
    statement = insert(Heartbeat).values(name=name, at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def last_beat(session: Session, name: str) -> datetime | None:
    """Give when *name* last gave a sign of life; None when it never has."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
