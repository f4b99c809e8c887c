"""Terms that administrators set, and acts of destroyed personal data."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.guests.privacy.rules import Ground, Kind


class RetentionTerm(HasId, Versioned, Base):
    """How many days one kind of data is kept; `confirmed` once the office says that the number is its own."""

    __tablename__ = "retention_term"
    __table_args__ = (
        states("kind", Kind),
        CheckConstraint("days BETWEEN 1 AND 36500", name="days_sensible"),
        Index("uq_retention_term_kind", "kind", unique=True),
    )

    kind: Mapped[str] = mapped_column(String(12))
    days: Mapped[int] = mapped_column(Integer)
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ErasureAct(HasId, Base):
    """An act of destroyed personal data, with the extract of the log; it names the person by number only.

    What it must hold is said by order 179 of Roskomnadzor of 28.10.2022, paragraphs 3 and 5: operator, whose data (a
    name or other information about the person), who destroyed them, categories, information system, way, reason, date.
    `parts` are categories with counts, `log` the steps as they were done.
    """

    __tablename__ = "erasure_act"
    __table_args__ = (
        states("ground", Ground),
        Index("uq_erasure_act_number", "year", "number", unique=True),
        Index("ix_erasure_act_kept_until", "kept_until"),
    )

    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    visit_ids: Mapped[list[int]] = mapped_column(default=list)
    ground: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    asked_on: Mapped[date | None] = mapped_column(Date)
    operator_ru: Mapped[str] = mapped_column(String(300), default="")
    operator_en: Mapped[str] = mapped_column(String(300), default="")
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    log: Mapped[list[Any]] = mapped_column(default=list)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kept_until: Mapped[date] = mapped_column(Date)
