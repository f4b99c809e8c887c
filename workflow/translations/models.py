"""Assignments, the remarks made on them, and the languages of translators."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, UtcDateTime, Versioned, states
from workflow.translations.rules import AssignmentState, CountMethod, Purpose

_NEEDED_TO_OPEN = (
    "source_file_id IS NOT NULL AND characters IS NOT NULL AND characters > 0 AND purpose <> '' AND due_at IS NOT NULL "
    "AND text_user <> '' AND names <> '' AND source_language <> '' AND target_language <> ''"
)


class Assignment(HasId, Versioned, Base):
    """One text to be put from one language into another. The database, too, refuses to open an incomplete one.

    The columns ending in `_en` are for the slip in English.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        states("state", AssignmentState),
        states("purpose", ["", *Purpose]),
        states("count_method", ["", *CountMethod]),
        CheckConstraint(f"state IN ('draft', 'cancelled') OR ({_NEEDED_TO_OPEN})", name="complete_when_open"),
        CheckConstraint("state NOT IN ('claimed', 'submitted', 'returned', 'accepted', 'released') "
                        "OR translator_id IS NOT NULL", name="translator_when_taken"),
        CheckConstraint("state <> 'open' OR translator_id IS NULL", name="nobody_when_open"),
        CheckConstraint("accepted_by_id IS NULL OR accepted_by_id <> translator_id", name="accepted_by_another"),
        CheckConstraint("reviser_id IS NULL OR translator_id IS NULL OR reviser_id <> translator_id",
                        name="revised_by_another"),
        Index("ix_assignment_state_due", "state", "due_at"),
        Index("ix_assignment_visit_id", "visit_id", "id"),
        Index("ix_assignment_translator_id", "translator_id", "state"),
        Index("ix_assignment_reviser_id", "reviser_id", sqlite_where=text("reviser_id IS NOT NULL"),
              postgresql_where=text("reviser_id IS NOT NULL")),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default=AssignmentState.DRAFT)
    source_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    paper_id: Mapped[int | None] = mapped_column(BigId)
    source_language: Mapped[str] = mapped_column(String(8), default="")
    target_language: Mapped[str] = mapped_column(String(8), default="")
    characters: Mapped[int | None] = mapped_column(Integer)
    count_method: Mapped[str] = mapped_column(String(8), default="")
    count_parts: Mapped[int | None] = mapped_column(Integer)
    counted_from_sha: Mapped[str] = mapped_column(String(64), default="")
    purpose: Mapped[str] = mapped_column(String(16), default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_user: Mapped[str] = mapped_column(String(300), default="")
    names: Mapped[str] = mapped_column(Text, default="")
    instructions: Mapped[str] = mapped_column(Text, default="")
    text_version: Mapped[str] = mapped_column(String(100), default="", server_default="")
    reference_texts: Mapped[str] = mapped_column(Text, default="", server_default="")
    layout: Mapped[str] = mapped_column(String(300), default="", server_default="")
    confidentiality: Mapped[str] = mapped_column(String(300), default="", server_default="")
    title_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    text_user_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    instructions_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    text_version_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    reference_texts_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    layout_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    confidentiality_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    translator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reviser_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    result_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    return_count: Mapped[int] = mapped_column(Integer, default=0)
    revised: Mapped[bool | None] = mapped_column(Boolean)
    cancel_reason: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssignmentRemark(HasId, Base):
    """What somebody said when handing in, returning, accepting or giving back; kept in order."""

    __tablename__ = "assignment_remark"
    __table_args__ = (states("verb", ["submit", "return", "accept", "give-back", "cancel"]),
                      Index("ix_assignment_remark_assignment_id", "assignment_id", "id"))

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    verb: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))


class TranslatorPair(HasId, Base):
    """One direction in which an account translates. An account without any is asked for every direction."""

    __tablename__ = "translator_pair"
    __table_args__ = (UniqueConstraint("account_id", "source", "target", name="uq_translator_pair_direction"),
                      CheckConstraint("source <> target", name="two_languages"))

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(8))
    target: Mapped[str] = mapped_column(String(8))
    interprets: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
