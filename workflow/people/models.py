"""Persons and passports.

Names stay readable, for they stand in programmes and letters; birth, contact and passport data are encrypted. A
passport is found again by the blind index of its number.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson, EncryptedText

_CYRILLIC = re.compile("[\u0400-\u052f]")


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


class AccessNeed(StrEnum):
    """What makes a programme possible for a person. A closed list: no illness can be written down in it."""

    WHEELCHAIR = "wheelchair"
    FEW_STEPS = "few-steps"
    SHORT_WALKS = "short-walks"
    HEARING = "hearing"
    SIGHT = "sight"
    COMPANION = "companion"
    ASSISTANCE_DOG = "assistance-dog"


class Person(HasId, Versioned, Base):
    """A person, with the name in three writings: native script, Latin as in the passport, Russian.

    Of health only a flag and its day are kept: somebody must ask the person. `checked_on` is the day on which the data
    were last said to be right. A person merged into another stays as the record of what was known.
    `birth_date` is ISO text (encrypted); `citizenships` and `residence` are country keys of `knowledge.countries`.
    Birth place and home address in Latin letters are for papers in English; without them what is written in Latin
    letters anyway serves every language.
    """

    __tablename__ = "person"
    __table_args__ = (
        states("sex", Sex),
        CheckConstraint("latin_family <> '' OR native_family <> '' OR russian_family <> ''", name="has_a_name"),
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_birth_index", "birth_index"),
        CheckConstraint("ask_about_health = (ask_about_health_on IS NOT NULL)", name="health_flag_dated"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
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
    birth_place_latin: Mapped[str | None] = mapped_column(EncryptedText)
    birth_index: Mapped[str | None] = mapped_column(String(64))
    residence: Mapped[str] = mapped_column(String(8), default="", server_default="")
    home_address: Mapped[str | None] = mapped_column(EncryptedText)
    home_address_latin: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    languages: Mapped[list[str]] = mapped_column(default=list)
    post_ru: Mapped[str] = mapped_column(String(300), default="")
    post_en: Mapped[str] = mapped_column(String(300), default="")
    organisation_ru: Mapped[str] = mapped_column(String(300), default="")
    organisation_en: Mapped[str] = mapped_column(String(300), default="")
    diet: Mapped[str | None] = mapped_column(EncryptedText)
    post_since: Mapped[date | None] = mapped_column(Date)
    access_needs: Mapped[list[str] | None] = mapped_column(EncryptedJson)
    ask_about_health: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    ask_about_health_on: Mapped[date | None] = mapped_column(Date)
    emergency_name: Mapped[str | None] = mapped_column(EncryptedText)
    emergency_phone: Mapped[str | None] = mapped_column(EncryptedText)
    photo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    checked_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
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

    def birth_place_field(self, place: str) -> str:
        """Where a birth place belongs that a list or a guest tells: one in Latin letters leaves the Russian one."""
        beside = bool(self.birth_place and _CYRILLIC.search(self.birth_place)) and not _CYRILLIC.search(place)
        return "birth_place_latin" if beside else "birth_place"


class Passport(HasId, Versioned, Base):
    """A travel document. Its number is encrypted; `number_index` finds the same number again.

    `zone_read_on` is the day on which these data were taken from a machine-readable zone whose digits all agreed.
    """

    __tablename__ = "passport"
    __table_args__ = (
        states("type", PassportType),
        Index("uq_passport_live_number", "country", "number_index", unique=True,
              sqlite_where=text("retired_at IS NULL"), postgresql_where=text("retired_at IS NULL")),
        Index("ix_passport_number_index", "number_index"),
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
    authority: Mapped[str | None] = mapped_column(EncryptedText)
    zone_read_on: Mapped[date | None] = mapped_column(Date)
    latin_family: Mapped[str] = mapped_column(String(120), default="")
    latin_given: Mapped[str] = mapped_column(String(120), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="passports")


class PersonPost(HasId, Base):
    """A post that a person has left: what it was, and from when until when as far as known."""

    __tablename__ = "person_post"
    __table_args__ = (CheckConstraint("since IS NULL OR until IS NULL OR until >= since", name="dates_in_order"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_ru: Mapped[str] = mapped_column(String(300), default="")
    post_en: Mapped[str] = mapped_column(String(300), default="")
    organisation_ru: Mapped[str] = mapped_column(String(300), default="")
    organisation_en: Mapped[str] = mapped_column(String(300), default="")
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonKey(HasId, Base):
    """How a person's name sounds in Latin letters, from each writing: finds the same person across scripts."""

    __tablename__ = "person_key"
    __table_args__ = (Index("uq_person_key_person", "person_id", "key", unique=True), Index("ix_person_key_key", "key"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(240))


class PersonMerge(HasId, Base):
    """The act of merging: who stays, whose rows moved, and what is needed to take it back."""

    __tablename__ = "person_merge"
    __table_args__ = (
        Index("uq_person_merge_live", "merged_id", unique=True, sqlite_where=text("undone_at IS NULL"),
              postgresql_where=text("undone_at IS NULL")),
        CheckConstraint("survivor_id <> merged_id", name="two_persons"),
    )

    survivor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    after: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    reason: Mapped[str] = mapped_column(String(300), default="")
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
