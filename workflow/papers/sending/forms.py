"""What the pages of the queue let a person type."""

import re

from pydantic import Field, field_validator

from workflow.web.forms import FormModel

_CHOSEN = re.compile(r"(\d{1,18})\.(\d{1,9})")


class WordsForm(FormModel):
    """The words and the address of a mail."""

    to_name: str = Field(max_length=300)
    to_address: str = Field(max_length=254)
    subject: str = Field(max_length=300)
    text: str = Field(max_length=20_000)
    version: int | None = None


class VersionForm(FormModel):
    """An act on the mail as it was seen."""

    version: int | None = None


class RemoveForm(FormModel):
    """Why it is taken out."""

    reason: str = Field(max_length=1000)
    version: int | None = None


class ReleaseForm(FormModel):
    """Mails ticked, each as key and version; or with *all* whatever the page showed as waiting."""

    chosen: list[str] = Field(default_factory=list, max_length=200)
    shown: list[str] = Field(default_factory=list, max_length=200)
    all: bool = False
    visit: int | None = Field(None, ge=1, le=2**62)

    @field_validator("chosen", "shown")
    @classmethod
    def keys_and_versions(cls, value: list[str]) -> list[str]:
        """Take nothing but what the page offers."""
        if not all(_CHOSEN.fullmatch(one) for one in value):
            raise ValueError("base.not-a-choice")
        return value

    @property
    def seen(self) -> list[tuple[int, int]]:
        """The mails to be let go, by key and the version that was looked at."""
        wanted = self.shown if self.all else self.chosen
        return [(int(key), int(version)) for key, _, version in (one.partition(".") for one in wanted)]
