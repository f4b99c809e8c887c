"""Our own department: in whose name papers go out, who signs, how they are numbered, on which days we work."""

from datetime import date
from typing import Any

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

from workflow.base.database import Base, BigId, HasId, Versioned, states
from workflow.office.rules import GivenAt


class Office(HasId, Versioned, Base):
    """The one office that this installation serves; the table never holds a second row.

    What it says of itself on paper is its issuing bodies' (`IssuingBody`); here is only by what it works.
    """

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    country: Mapped[str] = mapped_column(String(8), default="RU")
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Moscow")
    pack_key: Mapped[str] = mapped_column(String(60), default="ru-municipal")


class IssuingBody(HasId, Versioned, Base):
    """A body in whose name papers go out: the administration, the Duma, a school.

    Each has its own letterhead, arms, signatories and number series. `kinds` are the kinds of paper that it issues
    unless a person says otherwise; `languages` those that it writes in, empty for every language of a wording.
    """

    __tablename__ = "issuing_body"

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
    letterheads: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Its letterhead in other languages, by language: lines."""
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    arms_file_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("stored_file.id"))
    languages: Mapped[list[str]] = mapped_column(default=list)
    kinds: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Signatory(HasId, Versioned, Base):
    """Somebody who signs a body's papers. `kinds` are the kinds that go to this one rather than to the default.

    `others` holds name and post in languages other than Russian and English, as they stand under a letter.

    One entered before the office was described belongs to no body yet; the first body takes it over.
    """

    __tablename__ = "signatory"
    __table_args__ = (
        Index("uq_signatory_default", "issuing_body_id", unique=True, sqlite_where=text("is_default AND active"),
              postgresql_where=text("is_default AND active")),
        CheckConstraint("gender IN ('', 'm', 'f')", name="gender_known"),
    )

    issuing_body_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("issuing_body.id"))
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
    others: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    gender: Mapped[str] = mapped_column(String(1), default="")
    kinds: Mapped[list[str]] = mapped_column(default=list)
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class NumberSeries(HasId, Versioned, Base):
    """A register of a body's numbers, such as outgoing letters: its key and how a number is written.

    One entered before the office was described belongs to no body yet; the first body takes it over.
    """

    __tablename__ = "number_series"
    __table_args__ = (
        states("given_at", GivenAt),
        Index("uq_number_series_body_key", "issuing_body_id", "key", unique=True),
        Index("uq_number_series_key", "key", unique=True, sqlite_where=text("issuing_body_id IS NULL"),
              postgresql_where=text("issuing_body_id IS NULL")),
    )

    issuing_body_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("issuing_body.id"))

    key: Mapped[str] = mapped_column(String(40))
    title_ru: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    pattern: Mapped[str] = mapped_column(String(60))
    given_at: Mapped[str] = mapped_column(String(12), default=GivenAt.APPROVAL, server_default=GivenAt.APPROVAL)


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
