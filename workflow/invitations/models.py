"""One invitation for each visit: its letter, by when an answer is wanted, and what it was."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedText
from workflow.invitations.rules import Answer, Channel


class Invitation(HasId, Versioned, Base):
    """Our invitation to a partner, or on an outgoing visit the partner's to us, and the answer to it."""

    __tablename__ = "invitation"
    __table_args__ = (
        states("answer", Answer),
        states("channel", Channel),
        Index("uq_invitation_visit_id", "visit_id", unique=True),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    reply_by: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(String(12), default=Answer.NONE)
    channel: Mapped[str] = mapped_column(String(12), default=Channel.NONE)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    answered_on: Mapped[date | None] = mapped_column(Date)
    recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
