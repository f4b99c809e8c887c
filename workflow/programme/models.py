"""The items of visits' programmes."""

from datetime import date, datetime, time

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned
from workflow.base.languages import choose


class ProgrammeItem(HasId, Versioned, Base):
    """One thing that happens on a day of a visit, at local times of its place.

    The English fields may be empty: most visits need one language. `internal_note`
    never leaves the house, nor do `menu`, `press`, `security`, `equipment`, `plan_b`: the working edition prints them.
    """

    __tablename__ = "programme_item"
    __table_args__ = (
        CheckConstraint("title_ru <> '' OR title_en <> ''", name="has_title"),
        CheckConstraint("ends IS NULL OR starts IS NOT NULL", name="end_has_start"),
        CheckConstraint("ends IS NULL OR ends > starts", name="times_in_order"),
        Index("ix_programme_item_visit_day", "visit_id", "day", "position"),
        Index("ix_programme_item_day_responsible", "day", "responsible_id"),
        Index("ix_programme_item_day_interpreter", "day", "interpreter_id"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    day: Mapped[date] = mapped_column(Date)
    starts: Mapped[time | None] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    position: Mapped[int] = mapped_column(Integer, default=0)
    title_ru: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    place_ru: Mapped[str] = mapped_column(String(300), default="")
    place_en: Mapped[str] = mapped_column(String(300), default="")
    host_ru: Mapped[str] = mapped_column(String(300), default="")
    host_en: Mapped[str] = mapped_column(String(300), default="")
    dress_ru: Mapped[str] = mapped_column(String(200), default="")
    dress_en: Mapped[str] = mapped_column(String(200), default="")
    note_ru: Mapped[str] = mapped_column(String(1000), default="")
    note_en: Mapped[str] = mapped_column(String(1000), default="")
    internal_note: Mapped[str] = mapped_column(Text, default="")
    menu: Mapped[str] = mapped_column(String(300), default="")
    press: Mapped[str] = mapped_column(String(300), default="")
    security: Mapped[str] = mapped_column(String(300), default="")
    equipment: Mapped[str] = mapped_column(String(300), default="")
    plan_b: Mapped[str] = mapped_column(String(300), default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    interpreter_needed: Mapped[bool] = mapped_column(Boolean, default=False)
    interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    interpreter_name: Mapped[str] = mapped_column(String(200), default="")
    internal_note_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    menu_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    press_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    security_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    equipment_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    plan_b_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    interpreter_name_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    def internal(self, language: str) -> str:
        """The note for us only, for readers of *language*."""
        return choose(language, ru=self.internal_note, en=self.internal_note_en)

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return choose(language, ru=self.title_ru, en=self.title_en)

    def place(self, language: str) -> str:
        """The place for readers of *language*."""
        return choose(language, ru=self.place_ru, en=self.place_en)

    def host(self, language: str) -> str:
        """Who receives, for readers of *language*."""
        return choose(language, ru=self.host_ru, en=self.host_en)

    def dress(self, language: str) -> str:
        """How to dress, for readers of *language*."""
        return choose(language, ru=self.dress_ru, en=self.dress_en)

    def note(self, language: str) -> str:
        """The note for everybody, for readers of *language*."""
        return choose(language, ru=self.note_ru, en=self.note_en)
