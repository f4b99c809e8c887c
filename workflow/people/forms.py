"""The forms of a person's card."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from workflow.knowledge.names import is_passport_latin, normalise_latin, normalise_name
from workflow.people.models import AccessNeed, PassportType, Sex
from workflow.web.forms import FormModel


class LatinNameForm(FormModel):
    """A name as in the passport; what no passport could bear is refused."""

    latin_family: str = Field(default="", max_length=120)
    latin_given: str = Field(default="", max_length=120)

    @field_validator("latin_family", "latin_given")
    @classmethod
    def _as_in_a_passport(cls, value: str) -> str:
        latin = normalise_latin(value)
        if latin and not is_passport_latin(latin):
            raise ValueError("people.not-latin")
        return latin


class PersonForm(LatinNameForm):
    """What is known of a person; personal fields left empty stay as they are."""

    russian_family: str = Field(default="", max_length=120)
    russian_given: str = Field(default="", max_length=120)
    russian_patronymic: str = Field(default="", max_length=120)
    native_family: str = Field(default="", max_length=120)
    native_given: str = Field(default="", max_length=120)
    native_patronymic: str = Field(default="", max_length=120)
    sex: Sex = Sex.UNKNOWN
    citizenships: list[str] = Field(default_factory=list, max_length=5)
    languages: str = Field(default="", max_length=60)
    post_ru: str = Field(default="", max_length=300)
    post_en: str = Field(default="", max_length=300)
    organisation_ru: str = Field(default="", max_length=300)
    organisation_en: str = Field(default="", max_length=300)
    birth_date: date | None = None
    birth_place: str = Field(default="", max_length=200)
    birth_place_latin: str = Field(default="", max_length=200)
    residence: str = Field(default="", max_length=8)
    home_address: str = Field(default="", max_length=300)
    home_address_latin: str = Field(default="", max_length=300)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=60)
    diet: str = Field(default="", max_length=200)
    post_since: date | None = None
    post_is_new: bool = False
    access_needs: list[AccessNeed] = Field(default_factory=list, max_length=10)
    ask_about_health: bool = False
    emergency_name: str = Field(default="", max_length=200)
    emergency_phone: str = Field(default="", max_length=60)
    forget: list[str] = Field(default_factory=list, max_length=20)
    version: int | None = None

    @field_validator("russian_family", "russian_given", "russian_patronymic", "native_family", "native_given")
    @classmethod
    def _as_written(cls, value: str) -> str:
        return normalise_name(value)


KEPT_WHEN_EMPTY = (
    "birth_date", "birth_place", "birth_place_latin", "home_address", "home_address_latin", "email", "phone", "diet",
    "access_needs", "emergency_name", "emergency_phone",
)  # fmt: skip
BESIDE_THE_ROW = ("post_is_new", "forget", "version", "post_since")


def values_of(data: PersonForm) -> dict[str, Any]:
    """Give what was typed, for the service; empty personal fields are left out, or emptied where that was asked."""
    values = data.model_dump(exclude=set(BESIDE_THE_ROW))
    for name in KEPT_WHEN_EMPTY:
        if not values[name]:
            del values[name]
            if name in data.forget:
                values[name] = None
    if not data.post_is_new:
        values["post_since"] = data.post_since
    if data.access_needs:
        values["access_needs"] = [need.value for need in data.access_needs]
    if data.birth_date:
        values["birth_date"] = data.birth_date.isoformat()
    values["languages"] = [code.strip().lower() for code in data.languages.split(",") if code.strip()]
    values["sex"] = data.sex.value
    return values


def known_first(known: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """Put the citizenships known before in front: a form gives countries by their names, and papers name the first."""
    return [*(code for code in known if code in chosen), *(code for code in chosen if code not in known)]


class PassportForm(LatinNameForm):
    """A passport to enter or to correct; *zone* is what was pasted, *to_card* takes its name and birth date over."""

    country: str = Field(max_length=8)
    number: str = Field(max_length=40)
    authority: str = Field(default="", max_length=200)
    zone: str = Field(default="", max_length=2000)
    to_card: bool = False
    version: int | None = None
    type: PassportType = PassportType.ORDINARY
    issued_on: date | None = None
    expires_on: date | None = None
    biometric: str = Field(default="", pattern=r"^(|yes|no)$")


class PassportCorrection(PassportForm):
    """A passport that is kept already; its number stays when the field is left empty."""

    number: str = Field(default="", max_length=40)


class MergeForm(FormModel):
    """With whom to merge, and which values to take from that entry."""

    other: int | None = Field(default=None, ge=1, le=2**31)
    theirs: list[str] = Field(default_factory=list, max_length=40)
    reason: str = Field(default="", max_length=300)
