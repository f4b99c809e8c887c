"""What the pages of batches let a person type."""

from datetime import date
from typing import Literal

from pydantic import Field

from workflow.papers.batches.rules import Answer, AnswerBy
from workflow.web.forms import FormModel


class BatchForm(FormModel):
    """A new batch."""

    kind: str = Field(max_length=40)
    title: str = Field("", max_length=300)


class RecipientForm(FormModel):
    """One recipient; texts in their own language."""

    name: str = Field("", max_length=200)
    post: str = Field("", max_length=300)
    organisation: str = Field("", max_length=400)
    city: str = Field("", max_length=120)
    country: str = Field("", max_length=120)
    address: str = Field("", max_length=400)
    salutation: str = Field("", max_length=300)
    email: str = Field("", max_length=254)
    gender: Literal["", "m", "f"] = ""
    language: str = Field(max_length=2)
    version: int | None = None


class PartnersForm(FormModel):
    """The partners whose heads are to be listed."""

    partners: list[int] = Field(default_factory=list, max_length=500)


class ListForm(FormModel):
    """A list; the file comes beside."""

    file: str = ""


class TakeForm(FormModel):
    """The language of rows that name none."""

    language: str = Field("ru", max_length=2)
    version: int | None = None


class ActForm(FormModel):
    """An act on the batch as it was seen."""

    version: int | None = None


class ApproveForm(FormModel):
    """The date that the papers bear."""

    dated: date | None = None
    version: int | None = None


class SignForm(FormModel):
    """The day of the signatures."""

    signed_on: date | None = None
    version: int | None = None


class ReturnForm(FormModel):
    """What should be changed."""

    remark: str = Field(max_length=1000)
    version: int | None = None


class CancelForm(FormModel):
    """Why it is cancelled."""

    reason: str = Field(max_length=1000)
    version: int | None = None


class AnswerForm(FormModel):
    """What a recipient answered."""

    answer: Answer = Answer.NONE
    by: AnswerBy = AnswerBy.NONE
    deputy: str = Field("", max_length=200)
    deputy_post: str = Field("", max_length=300)
    remark: str = Field("", max_length=2000)
    version: int | None = None
