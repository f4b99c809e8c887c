"""Accounts of the staff, their roles, sessions, API tokens and the links that set a password."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.accounts.rules import Locale, TokenPurpose
from workflow.base.actor import Role
from workflow.base.database import Base, BigId, HasId, Versioned, states
from workflow.base.encryption import EncryptedText
from workflow.base.languages import choose
from workflow.knowledge.short_names import short_name


class Account(HasId, Versioned, Base):
    """One person who works with the software.

    `mark` is "first" for the administrator made on the page of an empty installation and null for all others: being
    unique, it lets two who open that page at once make one administrator only.
    """

    __tablename__ = "account"
    __table_args__ = (
        states("locale", Locale),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_in_day"),
        CheckConstraint("email = lower(email)", name="email_normalised"),
        UniqueConstraint("email", name="uq_account_email"),
        UniqueConstraint("mark", name="uq_account_mark"),
    )

    name_ru: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    post_ru: Mapped[str] = mapped_column(String(300), default="")
    post_en: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(8), default=Locale.RU)
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Moscow")
    digest_hour: Mapped[int] = mapped_column(SmallInteger, default=8)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    mark: Mapped[str | None] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column()
    role_rows: Mapped[list["AccountRole"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="AccountRole.role"
    )

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that this account holds."""
        return frozenset(Role(row.role) for row in self.role_rows)

    def name(self, language: str) -> str:
        """Give the name in a language, the other one where that is not known."""
        return choose(language, ru=self.name_ru, en=self.name_en)

    def short(self, language: str) -> str:
        """Give the name as it stands beside a signature, in a language; empty when not known in it."""
        full = self.name_ru if language == "ru" else self.name_en
        return short_name(full, language) if full else ""


class AccountRole(HasId, Base):
    """One role of one account."""

    __tablename__ = "account_role"
    __table_args__ = (states("role", Role), UniqueConstraint("account_id", "role", name="uq_account_role_account_role"),
                      Index("ix_account_role_role", "role"))

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))


class AccountSession(HasId, Base):
    """One browser that somebody signed in with; the secret itself is kept in its cookie only."""

    __tablename__ = "account_session"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_account_session_token_hash"),
                      Index("ix_account_session_account_id", "account_id"))

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    address: Mapped[str] = mapped_column(EncryptedText, default="")
    browser: Mapped[str] = mapped_column(EncryptedText, default="")


class ApiToken(HasId, Base):
    """A secret with which a program acts for an account, within a scope of permissions."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_api_token_token_hash"),
                      Index("ix_api_token_account_id", "account_id"))

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64))
    shown: Mapped[str] = mapped_column(String(16))
    scope: Mapped[list[str]] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()


class PasswordToken(HasId, Base):
    """A link that sets a password once."""

    __tablename__ = "password_token"
    __table_args__ = (states("purpose", TokenPurpose),
                      UniqueConstraint("token_hash", name="uq_password_token_token_hash"),
                      Index("ix_password_token_account_id", "account_id"))

    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
