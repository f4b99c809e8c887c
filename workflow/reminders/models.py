"""Due things, one row each. What is pending lies under a partial index, however much is done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, UtcDateTime, states
from workflow.reminders.rules import ReminderState

LIVE_SQL = "state IN ('pending', 'told')"


class Reminder(HasId, Base):
    """One thing that somebody must have done by a day, as its source last wanted it.

    `generation` counts up each time its day moves, and `told_generation` is the one people were last told of: so a
    moved thing is told anew, once. `moved_from` is the day before the last move. Parameters and address are plain
    values (see `wording`).
    """

    __tablename__ = "reminder"
    __table_args__ = (
        states("state", ReminderState),
        states("basis", ("law", "practice", "internal")),
        UniqueConstraint("visit_id", "source", "key", name="uq_reminder_visit_source_key"),
        Index("ix_reminder_due", "due_on", sqlite_where=text(LIVE_SQL), postgresql_where=text(LIVE_SQL)),
        Index("ix_reminder_owner", "owner_id", sqlite_where=text(LIVE_SQL), postgresql_where=text(LIVE_SQL)),
    )

    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("visit.id"))
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    generation: Mapped[int] = mapped_column(Integer, default=1)
    told_generation: Mapped[int] = mapped_column(Integer, default=0)
    title_code: Mapped[str] = mapped_column(String(80))
    title_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigId)
    endpoint: Mapped[str] = mapped_column(String(80))
    endpoint_values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fragment: Mapped[str] = mapped_column(String(80), default="")
    due_on: Mapped[date] = mapped_column(Date)
    moved_from: Mapped[date | None] = mapped_column(Date)
    check_name: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    basis: Mapped[str] = mapped_column(String(12), default="internal")
    calendars: Mapped[list[str]] = mapped_column(default=list)
    ignore_quiet: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(12), default=ReminderState.PENDING)
    checked_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
