"""What the pages of wordings let a person type."""

from pydantic import Field

from workflow.web.forms import FormModel


class WordingForm(FormModel):
    """A wording being written, and what it was opened with."""

    text: str = Field(max_length=100_000)
    remark: str = Field(default="", max_length=500)
    based_on: int = Field(default=0, ge=0, le=1_000_000)
    draft: int | None = Field(default=None, ge=0, le=1_000_000)
    version: int | None = None
    visit: int | None = Field(default=None, ge=0, le=2**62)


class LanguageForm(FormModel):
    """One more language."""

    language: str = Field(max_length=2)


class VersionForm(FormModel):
    """An act on a version as it was seen."""

    version: int | None = None


class TemplateForm(FormModel):
    """A DOCX template; the bytes come beside, this names the field for its errors."""

    file: str = ""
    remark: str = Field(default="", max_length=500)
