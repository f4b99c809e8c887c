"""Confirmed case forms."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.knowledge.grammar.cases import OBLIQUE, Role


class NameForm(HasId, Versioned, Base):
    """The five forms of one text, as a person confirmed them; the text itself is the nominative.

    With `person_id` they are a person's own and go when that person is deleted; without, they hold for the text
    wherever it stands: a post, a city, a signatory, a partner's head. `corrected` says that at least one form differs
    from what was proposed.
    """

    __tablename__ = "name_form"
    __table_args__ = (
        states("role", Role),
        CheckConstraint("gender IN ('', 'm', 'f')", name="gender_known"),
        Index("ix_name_form_text_key", "text_key"),
        Index("uq_name_form_text", "text_key", "gender", unique=True,
              sqlite_where=text("person_id IS NULL"), postgresql_where=text("person_id IS NULL")),
        Index("uq_name_form_person", "person_id", "text_key", unique=True,
              sqlite_where=text("person_id IS NOT NULL"), postgresql_where=text("person_id IS NOT NULL")),
    )  # fmt: skip

    role: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(300))
    text_key: Mapped[str] = mapped_column(String(300))
    gender: Mapped[str] = mapped_column(String(1), default="")
    genitive: Mapped[str] = mapped_column(String(300))
    dative: Mapped[str] = mapped_column(String(300))
    accusative: Mapped[str] = mapped_column(String(300))
    instrumental: Mapped[str] = mapped_column(String(300))
    prepositional: Mapped[str] = mapped_column(String(300))
    corrected: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def forms(self) -> dict[str, str]:
        """The forms by case."""
        return {case.value: getattr(self, case.value) for case in OBLIQUE}
