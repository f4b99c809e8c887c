"""What the pages of papers let a person type."""

from datetime import date
from typing import Literal

from pydantic import Field

from workflow.web.forms import FormModel


class DraftForm(FormModel):
    """Which paper to draft, in which languages; none chosen means those that suit the visit."""

    kind: str = Field(max_length=40)
    issuing_body: int | None = Field(default=None, ge=1, le=2**31 - 1)
    member: int | None = Field(None, ge=1, le=2**31)
    languages: list[str] = Field(default_factory=list, max_length=10)


class SubjectForm(FormModel):
    """What the register says of it."""

    subject: str = Field(max_length=300)
    version: int


class TextForm(FormModel):
    """A text in one language."""

    text: str = Field(max_length=100_000)
    version: int


class LanguageForm(FormModel):
    """One more language."""

    language: str = Field(max_length=2)


class VersionForm(FormModel):
    """An act on the paper as it was seen."""

    version: int | None = None


class SubmitForm(FormModel):
    """Who is to check it, in order or all at once; nobody means straight to approval."""

    checkers: list[str] = Field(default_factory=list, max_length=20)
    in_order: bool = False
    version: int | None = None


class CheckForm(FormModel):
    """What a checker says of it."""

    decision: Literal["agreed", "remarked", "refused"]
    remark: str = Field(default="", max_length=2000)
    version: int | None = None


class ElectronicForm(FormModel):
    """An electronic signature of the paper as it was seen."""

    version: int | None = None


class ReturnForm(FormModel):
    """What should be changed."""

    remark: str = Field(max_length=2000)
    version: int | None = None
    back: Literal["", "desk"] = ""


class RevokeForm(FormModel):
    """Why it is revoked."""

    reason: str = Field(max_length=2000)
    version: int | None = None


class NumberForm(FormModel):
    """A number and date."""

    source: Literal["own", "typed"]
    number: str = Field(default="", max_length=60)
    dated: date | None = None
    version: int | None = None


class ApproveForm(FormModel):
    """Approval, with a number at once or later."""

    source: Literal["own", "typed", "later"] = "later"
    number: str = Field(default="", max_length=60)
    dated: date | None = None
    override_reason: str = Field(default="", max_length=2000)
    version: int | None = None
    back: Literal["", "desk"] = ""


class SignForm(FormModel):
    """The day of the signature; the scan comes beside."""

    signed_on: date | None = None
    number: str = Field(default="", max_length=60)
    version: int | None = None


class SendForm(FormModel):
    """How it went out, other than by our mail."""

    how: Literal["hand", "post", "system"]
    to_whom: str = Field(max_length=300)
    sent_on: date | None = None
    note: str = Field(default="", max_length=500)
    version: int | None = None


class MailForm(FormModel):
    """A mail that carries it."""

    to_name: str = Field(max_length=300)
    to_address: str = Field(max_length=254)
    mail_subject: str = Field(default="", max_length=300)
    mail_text: str = Field(max_length=20_000)
    mail_language: Literal["ru", "en"] = "en"
    version: int | None = None
