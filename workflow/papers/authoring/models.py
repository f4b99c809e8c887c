"""Versions of wordings and of DOCX templates. Version 0 of a wording is the file as delivered and has no row."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.papers.authoring.rules import VersionState


class Wording(HasId, Versioned, Base):
    """One version of a kind's wording in a language. Drafts may change; what was active once never does.

    A deleted version keeps its line, for papers name it, and loses its text.
    """

    __tablename__ = "wording"
    __table_args__ = (
        states("state", VersionState),
        CheckConstraint("n > 0", name="n_positive"),
        UniqueConstraint("kind", "language", "n", name="uq_wording_version"),
        Index(
            "uq_wording_active",
            "kind",
            "language",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "uq_wording_draft",
            "kind",
            "language",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    n: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8), default=VersionState.DRAFT)
    text: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(String(500), default="")
    based_on: Mapped[int] = mapped_column(Integer, default=0)
    """The version that it was made from; 0 is the one as delivered."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class PaperTemplate(HasId, Versioned, Base):
    """One DOCX template that somebody made in Word for a kind and language, after scrubbing."""

    __tablename__ = "paper_template"
    __table_args__ = (
        states("state", VersionState),
        CheckConstraint("n > 0", name="n_positive"),
        UniqueConstraint("kind", "language", "n", name="uq_paper_template_version"),
        Index(
            "uq_paper_template_active",
            "kind",
            "language",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    n: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8), default=VersionState.DRAFT)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    removed: Mapped[dict[str, Any]]
    """What the scrubber took out: word for it → how many."""
    remark: Mapped[str] = mapped_column(String(500), default="")
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    activated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    activated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
