"""Published definitions, and what managers have gone past with a reason."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, UtcDateTime


class ProcessDefinition(HasId, Base):
    """One version of a process, complete, as it was published; never changed afterwards.

    A visit names key and version, so a running visit keeps the version that it started with.
    """

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version", name="uq_process_definition_key_version"),)

    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    pack: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConditionOverride(HasId, Base):
    """A condition that a manager went past for one visit. It stays red until it is truly met."""

    __tablename__ = "condition_override"
    __table_args__ = (
        UniqueConstraint("visit_id", "condition_key", name="uq_condition_override_visit_condition"),
    )

    visit_id: Mapped[int] = mapped_column(BigId, ForeignKey("visit.id"))
    step: Mapped[str] = mapped_column(String(64))
    condition_key: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(1000))
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
