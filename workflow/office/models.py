"""Our own department: who we are, who signs, how papers are numbered, on which days we work."""

from datetime import date

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, Versioned


class Office(HasId, Versioned, Base):
    """The one office that this installation serves; the table never holds a second row."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    name_ru: Mapped[str] = mapped_column(String(400))
    name_en: Mapped[str] = mapped_column(String(400), default="")
    department_ru: Mapped[str] = mapped_column(String(400), default="")
    department_en: Mapped[str] = mapped_column(String(400), default="")
    city_ru: Mapped[str] = mapped_column(String(120), default="")
    city_en: Mapped[str] = mapped_column(String(120), default="")
    city_in_ru: Mapped[str] = mapped_column(String(160), default="")
    city_in_en: Mapped[str] = mapped_column(String(160), default="")
    address_ru: Mapped[str] = mapped_column(String(400), default="")
    address_en: Mapped[str] = mapped_column(String(400), default="")
    letterhead_ru: Mapped[str] = mapped_column(Text, default="")
    letterhead_en: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(8), default="RU")
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Moscow")
    pack_key: Mapped[str] = mapped_column(String(60), default="ru-municipal")
    arms_file_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("stored_file.id"))


class Signatory(HasId, Versioned, Base):
    """Somebody who signs papers. `kinds` are the kinds of paper that go to this one rather than to the default."""

    __tablename__ = "signatory"
    __table_args__ = (
        Index("uq_signatory_default", "is_default", unique=True, sqlite_where=text("is_default AND active"),
              postgresql_where=text("is_default AND active")),
        CheckConstraint("gender IN ('', 'm', 'f')", name="gender_known"),
    )

    name_ru: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    short_ru: Mapped[str] = mapped_column(String(120), default="")
    short_en: Mapped[str] = mapped_column(String(120), default="")
    post_ru: Mapped[str] = mapped_column(String(300))
    post_en: Mapped[str] = mapped_column(String(300), default="")
    name_genitive: Mapped[str] = mapped_column(String(200), default="")
    name_dative: Mapped[str] = mapped_column(String(200), default="")
    post_genitive: Mapped[str] = mapped_column(String(300), default="")
    post_dative: Mapped[str] = mapped_column(String(300), default="")
    gender: Mapped[str] = mapped_column(String(1), default="")
    kinds: Mapped[list[str]] = mapped_column(default=list)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class NumberSeries(HasId, Versioned, Base):
    """A register of numbers, such as outgoing letters: its key and how a number is written."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("key", name="uq_number_series_key"),)

    key: Mapped[str] = mapped_column(String(40))
    title_ru: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    pattern: Mapped[str] = mapped_column(String(60))


class NumberCounter(HasId, Base):
    """The next number of a series in one year; counting begins anew each year."""

    __tablename__ = "number_counter"
    __table_args__ = (UniqueConstraint("series_id", "year", name="uq_number_counter_series_year"),
                      CheckConstraint("next_value >= 1", name="next_value_counts"))

    series_id: Mapped[int] = mapped_column(BigId, ForeignKey("number_series.id", ondelete="CASCADE"))
    year: Mapped[int] = mapped_column(Integer)
    next_value: Mapped[int] = mapped_column(Integer)


class CalendarOverride(HasId, Base):
    """A day on which a country's calendar differs from what we know of it: a decree, a local holiday."""

    __tablename__ = "calendar_override"
    __table_args__ = (UniqueConstraint("calendar", "day", name="uq_calendar_override_calendar_day"),)

    calendar: Mapped[str] = mapped_column(String(8))
    day: Mapped[date] = mapped_column(Date)
    works: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(300), default="")
