"""Mails that wait for a person to look at them and let them go."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedText
from workflow.mail.addressees import Addressed, addressee_indexes
from workflow.papers.sending.rules import OutgoingState


class OutgoingMail(HasId, Versioned, Addressed, Base):
    """One paper on its way to one address; nothing of it leaves before somebody releases it.

    A paper waits at most once. `trouble` is why it could not be handed to the mail room after its release.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        states("state", OutgoingState),
        CheckConstraint("state <> 'removed' OR reason <> ''", name="removed_with_reason"),
        *addressee_indexes("outgoing_mail"),
        Index("ix_outgoing_mail_state", "state", "id"),
        Index("ix_outgoing_mail_visit_id", "visit_id"),
        Index("ix_outgoing_mail_paper_id", "paper_id"),
        Index(
            "uq_outgoing_mail_open_paper", "paper_id", unique=True,
            sqlite_where=text("state IN ('waiting', 'held', 'released')"),
            postgresql_where=text("state IN ('waiting', 'held', 'released')"),
        ),
    )  # fmt: skip

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    state: Mapped[str] = mapped_column(String(12), default=OutgoingState.WAITING)
    to_name: Mapped[str] = mapped_column(EncryptedText)
    to_address: Mapped[str] = mapped_column(EncryptedText)
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(EncryptedText)
    text: Mapped[str] = mapped_column(EncryptedText)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    trouble: Mapped[str] = mapped_column(String(60), default="")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    queued_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its address and words are gone."""

    @property
    def addressee(self) -> tuple[str, str]:
        """Whom it goes to."""
        return self.to_name, self.to_address
