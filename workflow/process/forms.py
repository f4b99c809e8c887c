"""The forms of the process's pages."""

from datetime import date

from pydantic import Field

from workflow.visits.rules import Dates
from workflow.web.forms import FormModel


class AcceptForm(FormModel):
    """What whoever accepts a request decides; empty fields are taken from the request."""

    responsible_id: int | None = Field(None, ge=1, le=2**31)
    substitute_id: int | None = Field(None, ge=1, le=2**31)
    process_key: str = Field("", max_length=40)
    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    arrival: date | None = None
    departure: date | None = None
    place: str = Field("", max_length=200)
    zone: str = Field("", max_length=60)
    host_name: str = Field("", max_length=300)
    visa_purpose: str = Field("official", max_length=20)


class StepForm(FormModel):
    """A step to be taken; the conditions gone past come as fields of their own (see `pages`)."""

    step: str = Field(max_length=64)
    reason: str = Field("", max_length=1000)
    past: list[str] = Field(default_factory=list)
    version: int | None = None


class ReasonForm(FormModel):
    """A reason, for cancelling and postponing."""

    reason: str = Field("", max_length=1000)
    version: int | None = None


class DatesForm(FormModel):
    """First and last day, for moving and resuming."""

    arrival: date | None = None
    departure: date | None = None
    reason: str = Field("", max_length=1000)
    version: int | None = None

    @property
    def dates(self) -> Dates:
        """Both days together."""
        return Dates(self.arrival, self.departure)


class MoveForm(FormModel):
    """Another version of the process for a running visit."""

    to_version: int = Field(ge=1, le=2**31)
    stage: str = Field("", max_length=64)
    version: int | None = None
