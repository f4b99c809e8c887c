"""The append-only record of what was done: audit trail, history of each visit, and what sets reactions off.

An event names its kind, actor, subject and visit, and the changed fields as old and new values. Personal fields are
named only. Events are never deleted, and updated in one case: where a person's data are destroyed, that person's name
goes out of them too (`guests/privacy/mentions.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import JSON, Index, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflow.base.actor import Actor
from workflow.base.database import Base, BigId, HasId, UtcDateTime
from workflow.base.jobs import enqueue
from workflow.base.registry import Registry
from workflow.base.request_ids import request_id


class Event(HasId, Base):
    """One thing that was done. `changes` maps a field to [old, new], or to null where the field is personal."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_visit_at", "visit_id", "at"),
                      Index("ix_event_subject", "subject_kind", "subject_id"))

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(80), index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(BigId, index=True)
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigId)
    visit_id: Mapped[int | None] = mapped_column(BigId)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(String(2000), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")


EVENT_REACTIONS: Registry[tuple[str, ...]] = Registry("event reaction")
"""Event kind → kinds of jobs that follow; filled in `app.py` from `process/reactions.py`."""


class HasKey(Protocol):
    """A row with a key and a table."""

    id: Any
    __tablename__: str


def _named(subject: HasKey | tuple[str, int]) -> tuple[str, int]:
    return subject if isinstance(subject, tuple) else (subject.__tablename__, int(subject.id))


_TOGETHER: ContextVar[dict[str, set[int]] | None] = ContextVar("events told together", default=None)


@contextmanager
def told_together(
    session: Session, now: datetime, job_kinds: Iterable[str], *, visit_id: int | None = None
) -> Iterator[None]:
    """Within it a job of these kinds follows once, as the block ends, for the subjects of all events that ask for it.

    Events that were rolled back to a savepoint ask for nothing. The payload holds `subject_ids` where that of one event
    holds `subject_id`.
    """
    gathered: dict[str, set[int]] = {kind: set() for kind in job_kinds}
    token = _TOGETHER.set(gathered)
    try:
        yield
    finally:
        _TOGETHER.reset(token)
    told = {event_id for asked in gathered.values() for event_id in asked}
    # Read again: what was rolled back to a savepoint left no event, and SQLite gives its number to the next one.
    left = session.execute(select(Event.id, Event.subject_id).where(Event.id.in_(told))).all() if told else []
    for kind, asked in gathered.items():
        subjects = {event_id: subject_id for event_id, subject_id in left if event_id in asked}
        if subjects:
            payload = {"subject_ids": sorted(set(subjects.values())), "visit_id": visit_id}
            enqueue(session, now, kind, f"{kind}.events.{min(subjects)}", payload, visit_id=visit_id)


def record(
    session: Session, actor: Actor, now: datetime, kind: str, *, subject: HasKey | tuple[str, int],
    visit_id: int | None = None, changes: Mapping[str, tuple[Any, Any]] | None = None, personal: Iterable[str] = (),
    note: str = "",
) -> int:
    """Write an event, and enqueue the jobs that the reaction table hangs on its kind.

    *changes* maps field → (old, new) with plain values; *personal* names changed fields whose values must not be
    kept. Give the event's id.
    """
    session.flush()
    subject_kind, subject_id = _named(subject)
    shown: dict[str, Any] = {name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()}
    shown.update(dict.fromkeys(personal))
    result = session.execute(
        insert(Event).values(
            at=now, kind=kind, actor_kind=actor.kind.value, account_id=actor.account_id, actor_name=actor.name,
            subject_kind=subject_kind, subject_id=subject_id, visit_id=visit_id, changes=shown, note=note[:2000],
            request_id=actor.request_id or request_id(),
        ).returning(Event.id)
    )
    event_id = int(result.scalar_one())
    if kind in EVENT_REACTIONS:
        together = _TOGETHER.get() or {}
        for job_kind in EVENT_REACTIONS.get(kind):
            if job_kind in together:
                together[job_kind].add(event_id)
                continue
            enqueue(
                session, now, job_kind, f"{job_kind}.event.{event_id}",
                {"event_id": event_id, "visit_id": visit_id, "subject_kind": subject_kind, "subject_id": subject_id,
                 "account_id": actor.account_id},
                visit_id=visit_id, request_id=actor.request_id,
            )
    return event_id


def record_each(
    session: Session, actor: Actor, now: datetime, kind: str, *, visit_id: int | None,
    subjects: Sequence[tuple[HasKey, Mapping[str, tuple[Any, Any]]]],
) -> None:  # fmt: skip
    """Append one event of a kind for each of many subjects, with its difference, in one statement.

    Raises:
        LookupError: something reacts to this kind; such events are recorded one by one.
    """
    if kind in EVENT_REACTIONS:
        raise LookupError(f"{kind} has reactions")
    session.flush()
    rows = []
    for subject, changes in subjects:
        subject_kind, subject_id = _named(subject)
        shown = {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()}
        rows.append({
            "at": now, "kind": kind, "actor_kind": actor.kind.value, "account_id": actor.account_id,
            "actor_name": actor.name, "subject_kind": subject_kind, "subject_id": subject_id, "visit_id": visit_id,
            "changes": shown, "note": "", "request_id": actor.request_id or request_id(),
        })  # fmt: skip
    if rows:
        session.execute(insert(Event), rows)


def changed(row: object, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set *values* on *row* and give what really changed, as field → (old, new)."""
    differences: dict[str, tuple[Any, Any]] = {}
    for name, new in values.items():
        old = getattr(row, name)
        if old != new:
            differences[name] = (old, new)
            setattr(row, name, new)
    return differences


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value
