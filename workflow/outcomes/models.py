"""Outcomes of visits, and visits' reports."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.outcomes.rules import OutcomeKind, OutcomeState, ReportState


class Outcome(HasId, Versioned, Base):
    """One thing that a visit has led to and that somebody answers for: an account of ours, or a name outside."""

    __tablename__ = "outcome"
    __table_args__ = (
        states("kind", OutcomeKind),
        states("state", OutcomeState),
        CheckConstraint("owner_id IS NULL OR owner_name = ''", name="one_owner"),
        Index("ix_outcome_visit_id", "visit_id", "id"),
        Index("ix_outcome_state_due", "state", "due_on"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(String(1000))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    owner_name: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=OutcomeState.OPEN)
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class VisitReport(HasId, Versioned, Base):
    """The report of one visit. `no_outcomes`: somebody said in so many words that nothing is left to be done."""

    __tablename__ = "visit_report"
    __table_args__ = (
        states("state", ReportState),
        UniqueConstraint("visit_id", name="uq_visit_report_visit_id"),
        CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="filed_has_moment"),
        CheckConstraint("state <> 'filed' OR (aim <> '' AND results <> '')", name="complete_when_filed"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    state: Mapped[str] = mapped_column(String(8), default=ReportState.DRAFT)
    aim: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    proposals: Mapped[str] = mapped_column(Text, default="")
    not_done: Mapped[str] = mapped_column(Text, default="")
    highlight: Mapped[str] = mapped_column(String(1000), default="")
    no_outcomes: Mapped[bool] = mapped_column(Boolean, default=False)
    no_outcomes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_outcomes_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
