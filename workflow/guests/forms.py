"""The forms of guests, clerks, and of staff who write down what they were told."""

from datetime import date

from pydantic import Field, field_validator

from workflow.guests.rules import ProposalKind
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.names import normalise_name
from workflow.people.forms import LatinNameForm
from workflow.people.models import PassportType, Sex
from workflow.web.forms import FormModel


class NameForm(LatinNameForm):
    """A name as in the passport and as its bearer writes it, and the post."""

    native_family: str = Field("", max_length=120)
    native_given: str = Field("", max_length=120)
    post_en: str = Field("", max_length=300)
    organisation_en: str = Field("", max_length=300)

    @field_validator("native_family", "native_given")
    @classmethod
    def _as_written(cls, value: str) -> str:
        return normalise_name(value)


def _country(value: str) -> str:
    if value and not is_known_country(value):
        raise ValueError("base.not-a-choice")
    return value


def _address(value: str) -> str:
    name, at, host = value.rpartition("@")
    if value and (not (name and at and "." in host) or any(ch.isspace() for ch in value)):
        raise ValueError("base.not-an-email")
    return value


class DataForm(NameForm):
    """What a guest says of themselves."""

    sex: Sex = Sex.UNKNOWN
    citizenship: str = Field("", max_length=8)
    birth_date: date | None = None
    birth_place: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=60)

    _known = field_validator("citizenship")(_country)

    _reached = field_validator("email")(_address)

    @field_validator("birth_date")
    @classmethod
    def _born(cls, value: date | None) -> date | None:
        if value is not None and not 1900 <= value.year <= 2100:
            raise ValueError("base.not-a-date")
        return value


class GuestPassportForm(LatinNameForm):
    """A passport, typed or filled from its zone."""

    zone: str = Field("", max_length=2000)
    country: str = Field(max_length=8)
    number: str = Field(max_length=40)
    type: PassportType = PassportType.ORDINARY
    issued_on: date | None = None
    expires_on: date | None = None

    _known = field_validator("country")(_country)


class NewcomerForm(NameForm):
    """Somebody whom we do not know yet: who it is, of which country, how to be reached."""

    citizenship: str = Field("", max_length=8)
    email: str = Field("", max_length=254)

    _known = field_validator("citizenship")(_country)
    _reached = field_validator("email")(_address)


class AnswerForm(NewcomerForm):
    """Whether somebody is coming, and who comes instead."""

    answer: ProposalKind | None = None
    reason: str = Field("", max_length=300)


class ConsentForm(FormModel):
    """A consent: the version that was read, and who signs for a minor."""

    version: str = Field("", max_length=20)
    agreed: bool = False
    representative: str = Field("", max_length=200)


class FileForm(FormModel):
    """The file is read apart; this carries its errors."""

    file: str = ""


class AddForm(NewcomerForm):
    """One more person whom a clerk wishes to come."""

    latin_family: str = Field(max_length=120)
    member: str = Field("", max_length=18)


class ToldForm(AnswerForm):
    """An answer that reached us by telephone: what a guest's own form takes, with who told it and when."""

    told_by: str = Field("", max_length=200)
    told_on: date | None = None
