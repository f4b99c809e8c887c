"""Batches of papers, their recipients, and the personal links by which these answer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson
from workflow.mail.addressees import Addressed, addressee_indexes
from workflow.papers.batches.rules import Answer, AnswerBy, BatchState, Doing


class PaperBatch(HasId, Versioned, Base):
    """One kind of paper for many recipients of a visit, decided once.

    `run` counts the pieces of work begun: a job of an earlier run changes nothing any more. `stopped` when a job of
    this run failed for good. `preview` holds a list handed in until it is taken or dropped.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        states("state", BatchState),
        states("doing", Doing),
        Index("ix_paper_batch_visit_id", "visit_id"),
        Index("ix_paper_batch_state", "state"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default=BatchState.LISTING)
    doing: Mapped[str] = mapped_column(String(12), default=Doing.NOTHING)
    run: Mapped[int] = mapped_column(Integer, default=0)
    stopped: Mapped[bool] = mapped_column(default=False)
    dated: Mapped[date | None] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    remark: Mapped[str] = mapped_column(Text, default="")
    preview: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    print_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    archive_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    letters: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class BatchRecipient(HasId, Versioned, Addressed, Base):
    """Somebody who gets a paper of a batch, and what they answered.

    `particulars` are texts in the recipient's own language (`recipients.PARTICULARS`); `problems` what keeps their
    paper from being made: codes and parameters.
    """

    __tablename__ = "batch_recipient"
    __table_args__ = (
        states("answer", Answer),
        states("answer_by", AnswerBy),
        CheckConstraint("gender IN ('', 'm', 'f')", name="gender_known"),
        *addressee_indexes("batch_recipient"),
        Index("uq_batch_recipient_position", "batch_id", "position", unique=True),
        Index("uq_batch_recipient_paper_id", "paper_id", unique=True),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    position: Mapped[int] = mapped_column(Integer)
    particulars: Mapped[dict[str, str]] = mapped_column(EncryptedJson)
    language: Mapped[str] = mapped_column(String(8))
    gender: Mapped[str] = mapped_column(String(1), default="")
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    problems: Mapped[list[Any] | None] = mapped_column(EncryptedJson)
    faulty: Mapped[bool] = mapped_column(default=False)
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    answer: Mapped[str] = mapped_column(String(12), default=Answer.NONE)
    answer_by: Mapped[str] = mapped_column(String(12), default=AnswerBy.NONE)
    answer_text: Mapped[dict[str, str] | None] = mapped_column(EncryptedJson)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_to: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing here names anybody: their term was over, or the person was erased."""

    def said(self, name: str) -> str:
        """One of the particulars, or nothing."""
        return self.particulars.get(name, "")

    @property
    def addressee(self) -> tuple[str, str]:
        """Who gets the paper."""
        return (self.said("name"), self.said("email")) if self.purged_at is None else ("", "")


class AnswerLink(HasId, Base):
    """A personal link by which one recipient answers; only the hash of its secret is kept."""

    __tablename__ = "answer_link"
    __table_args__ = (
        Index("uq_answer_link_token_hash", "token_hash", unique=True),
        Index("ix_answer_link_recipient_id", "recipient_id"),
    )

    recipient_id: Mapped[int] = mapped_column(ForeignKey("batch_recipient.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(8))


