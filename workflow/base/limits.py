"""Rate limits as database rows, so that they hold across processes and never fail open."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, insert_or_ignore
from workflow.base.errors import TooMany


class RateLimit(HasId, Base):
    """How often something was done in a window that began at `window_start`."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def spend(session: Session, now: datetime, what: str, who: str, *, limit: int, window: timedelta) -> None:
    """Count one act of *what* by *who* (an address, an account); the caller commits even when it goes on to refuse.

    The key is a hash, so that addresses are not kept in the clear.

    Raises:
        TooMany: *limit* acts were already counted in this window.
    """
    key = hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
    insert = insert_or_ignore(session)
    row = session.scalars(  # one statement makes or holds the row: between two it may be forgiven
        insert(RateLimit).values(key=key, count=0, window_start=now)
        .on_conflict_do_update(index_elements=["key"], set_={"count": RateLimit.__table__.c.count})
        .returning(RateLimit),
        execution_options={"populate_existing": True},
    ).one()
    if not row.window_start <= now < row.window_start + window:  # over, or begun while the clock was ahead
        row.window_start, row.count = now, 0
    if row.count >= limit:
        raise TooMany(seconds=max(1, int((row.window_start + window - now).total_seconds())))
    row.count += 1
    session.flush()


def give_back(session: Session, what: str, who: str) -> None:
    """Take one act back from the count: it turned out to be a rightful one. The others stay counted."""
    key = hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
    session.execute(update(RateLimit).where(RateLimit.key == key, RateLimit.count > 0)
                    .values(count=RateLimit.count - 1).execution_options(synchronize_session=False))


def forgive(session: Session, what: str, who: str) -> None:
    """Forget what was counted, as after a successful sign-in."""
    key = hashlib.sha256(f"{what}\0{who}".encode()).hexdigest()
    session.execute(delete(RateLimit).where(RateLimit.key == key))


def purge_limits(session: Session, now: datetime) -> None:
    """Drop rows whose window is long past; nightly."""
    session.execute(delete(RateLimit).where(RateLimit.window_start < now - timedelta(days=2)))
