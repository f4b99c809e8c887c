"""Persons and passports.

Names stay readable, for they stand in programmes and letters; birth, contact and passport data are encrypted. A
passport is found again by the blind index of its number.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedText


class Sex(StrEnum):
    """As in the passport."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class PassportType(StrEnum):
    """Kinds of travel documents that visa rules tell apart."""

    ORDINARY = "ordinary"
    SERVICE = "service"
    DIPLOMATIC = "diplomatic"
    INTERNAL = "internal"


class Person(HasId, Versioned, Base):
    """A person, with the name in three writings: native script, Latin as in the passport, Russian.

    `birth_date` is ISO text (encrypted); `citizenships` and `residence` are country keys of `knowledge.countries`.
    """

    __tablename__ = "person"
    __table_args__ = (
        states("sex", Sex),
        CheckConstraint("latin_family <> '' OR native_family <> '' OR russian_family <> ''", name="has_a_name"),
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_birth_index", "birth_index"),
    )

    native_family: Mapped[str] = mapped_column(String(120), default="")
    native_given: Mapped[str] = mapped_column(String(120), default="")
    native_patronymic: Mapped[str] = mapped_column(String(120), default="")
    latin_family: Mapped[str] = mapped_column(String(120), default="")
    latin_given: Mapped[str] = mapped_column(String(120), default="")
    russian_family: Mapped[str] = mapped_column(String(120), default="")
    russian_given: Mapped[str] = mapped_column(String(120), default="")
    russian_patronymic: Mapped[str] = mapped_column(String(120), default="")
    name_key: Mapped[str] = mapped_column(String(240), default="")
    sex: Mapped[str] = mapped_column(String(8), default=Sex.UNKNOWN)
    citizenships: Mapped[list[str]] = mapped_column(default=list)
    birth_date: Mapped[str | None] = mapped_column(EncryptedText)
    birth_place: Mapped[str | None] = mapped_column(EncryptedText)
    birth_index: Mapped[str | None] = mapped_column(String(64))
    residence: Mapped[str] = mapped_column(String(8), default="", server_default="")
    home_address: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    languages: Mapped[list[str]] = mapped_column(default=list)
    post_ru: Mapped[str] = mapped_column(String(300), default="")
    post_en: Mapped[str] = mapped_column(String(300), default="")
    organisation_ru: Mapped[str] = mapped_column(String(300), default="")
    organisation_en: Mapped[str] = mapped_column(String(300), default="")
    diet: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    passports: Mapped[list["Passport"]] = relationship(back_populates="person", order_by="Passport.id")

    @property
    def latin_name(self) -> str:
        """Given name and family name in Latin letters."""
        return f"{self.latin_given} {self.latin_family}".strip()

    @property
    def russian_name(self) -> str:
        """Family name, given name, patronymic in Russian."""
        return " ".join(part for part in (self.russian_family, self.russian_given, self.russian_patronymic) if part)

    @property
    def native_name(self) -> str:
        """The name as its bearer writes it."""
        return " ".join(part for part in (self.native_family, self.native_given, self.native_patronymic) if part)

    def shown_name(self, language: str) -> str:
        """The name for readers of *language*: Russian for "ru", Latin otherwise, whatever there is failing that."""
        if language.startswith("ru"):
            return self.russian_name or self.native_name or self.latin_name
        return self.latin_name or self.native_name or self.russian_name


class Passport(HasId, Versioned, Base):
    """A travel document. Its number is encrypted; `number_index` finds the same number again."""

    __tablename__ = "passport"
    __table_args__ = (
        states("type", PassportType),
        Index("uq_passport_live_number", "country", "number_index", unique=True,
              sqlite_where=text("retired_at IS NULL"), postgresql_where=text("retired_at IS NULL")),
        CheckConstraint("expires_on IS NULL OR issued_on IS NULL OR expires_on > issued_on", name="dates_in_order"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    type: Mapped[str] = mapped_column(String(12), default=PassportType.ORDINARY)
    country: Mapped[str] = mapped_column(String(8))
    number: Mapped[str] = mapped_column(EncryptedText)
    number_index: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    biometric: Mapped[bool | None] = mapped_column(Boolean)
    latin_family: Mapped[str] = mapped_column(String(120), default="")
    latin_given: Mapped[str] = mapped_column(String(120), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="passports")
