"""Mails that we send."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, UtcDateTime, states
from workflow.base.encryption import EncryptedText
from workflow.mail.addressees import Addressed, addressee_indexes


class MailState(StrEnum):
    """Where a mail stands; the job that sends it says the rest."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class Mail(HasId, Addressed, Base):
    """One message to one address. `key` makes the Message-ID, so that a message sent twice can be told."""

    __tablename__ = "mail"
    __table_args__ = (states("state", MailState), Index("ix_mail_visit_id", "visit_id"), *addressee_indexes("mail"))

    key: Mapped[str] = mapped_column(String(150), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    official: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(12), default=MailState.QUEUED)
    language: Mapped[str] = mapped_column(String(8))
    to_name: Mapped[str] = mapped_column(EncryptedText)
    to_address: Mapped[str] = mapped_column(EncryptedText)
    subject: Mapped[str] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    html: Mapped[str | None] = mapped_column(EncryptedText)
    attachments: Mapped[list[int]] = mapped_column(default=list)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    visit_id: Mapped[int | None] = mapped_column(BigId)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def addressee(self) -> tuple[str, str]:
        """Whom it goes to outside; one of our own is found by the account."""
        return (self.to_name, self.to_address) if self.account_id is None else ("", "")
