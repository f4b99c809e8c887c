"""Personal links of people without an account, their visits to us, what they propose, scans and consents.

Of a link's secret only the hash is kept. A link is of one visit: the clerk's sees the delegation's names, a guest's
sees one member and nothing else.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson, EncryptedText
from workflow.guests.rules import LinkKind, ProposalKind, ProposalState
from workflow.visits.models import Member, Visit

_OF_GUEST = text("revoked_at IS NULL AND kind = 'guest'")
_OF_CLERK = text("revoked_at IS NULL AND kind = 'clerk'")
_WAITING = text("state = 'waiting' AND member_id IS NOT NULL")


class GuestLink(HasId, Base):
    """A personal link: a clerk's of one visit, or a guest's of one member. A new one ends the one before."""

    __tablename__ = "guest_link"
    __table_args__ = (
        states("kind", LinkKind),
        CheckConstraint("(kind = 'guest') = (member_id IS NOT NULL)", name="guest_is_member"),
        Index("uq_guest_link_token_hash", "token_hash", unique=True),
        Index("uq_guest_link_live_member", "member_id", unique=True, sqlite_where=_OF_GUEST,
              postgresql_where=_OF_GUEST),
        Index("uq_guest_link_live_clerk", "visit_id", unique=True, sqlite_where=_OF_CLERK, postgresql_where=_OF_CLERK),
        Index("ix_guest_link_visit_id", "visit_id"),
    )  # fmt: skip

    kind: Mapped[str] = mapped_column(String(8))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    token_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    visit: Mapped[Visit] = relationship()
    member: Mapped[Member | None] = relationship()


class GuestSession(HasId, Base):
    """One opening of a link: the log of its use, and what the short cookie stands for."""

    __tablename__ = "guest_session"
    __table_args__ = (Index("uq_guest_session_secret_hash", "secret_hash", unique=True),
                      Index("ix_guest_session_link_id", "link_id"))

    link_id: Mapped[int] = mapped_column(ForeignKey("guest_link.id"))
    secret_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acts: Mapped[int] = mapped_column(Integer, default=0)

    link: Mapped[GuestLink] = relationship()


class GuestProposal(HasId, Versioned, Base):
    """What a clerk, a guest, or staff in their name proposes, waiting for the coordinator or decided.

    `content` holds the fields by group: `person`, `member`, `passport`, and `reason`. `told_by` and `told_on` say who
    told it to us and when, where somebody of ours wrote it down.
    """

    __tablename__ = "guest_proposal"
    __table_args__ = (
        states("kind", ProposalKind),
        states("state", ProposalState),
        CheckConstraint("(kind = 'add') = (member_id IS NULL)", name="add_has_no_member"),
        CheckConstraint("(told_by IS NULL) = (told_on IS NULL)", name="told_whole"),
        Index("uq_guest_proposal_waiting", "member_id", "kind", unique=True, sqlite_where=_WAITING,
              postgresql_where=_WAITING),
        Index("ix_guest_proposal_visit_state", "visit_id", "state"),
    )  # fmt: skip

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("guest_link.id"))
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default=ProposalState.WAITING)
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    told_by: Mapped[str | None] = mapped_column(EncryptedText)
    told_on: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    member: Mapped[Member | None] = relationship()


class GuestScan(HasId, Base):
    """A scan that a guest handed in for no thing of a visa checklist, such as the passport's page; kept encrypted."""

    __tablename__ = "guest_scan"
    __table_args__ = (Index("ix_guest_scan_member_id", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()


class GuestConsent(HasId, Base):
    """A consent to the processing of personal data: which text, in which language, when, and when withdrawn.

    A separate document by article 9 of 152-FZ as amended by 156-FZ from 01.09.2025. `text_hash` pins the very words;
    `representative` names who consents for a minor.
    """

    __tablename__ = "guest_consent"
    __table_args__ = (
        Index("uq_guest_consent_live", "member_id", unique=True, sqlite_where=text("withdrawn_at IS NULL"),
              postgresql_where=text("withdrawn_at IS NULL")),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="withdrawn_after_given"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("guest_link.id"))
    text_version: Mapped[str] = mapped_column(String(20))
    text_hash: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    representative: Mapped[str | None] = mapped_column(EncryptedText)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
