"""The forms of talks, protocol notes and diplomas."""

from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from pydantic import Field

from workflow.outcomes.protocol import MAX_TEXT
from workflow.outcomes.rules import Interpreting
from workflow.outcomes.wording import INTERPRETING
from workflow.web.forms import FormModel


class ConversationForm(FormModel):
    """A talk; `ours` and `theirs` hold one person in a line."""

    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    held_on: date | None = None
    starts: time | None = None
    ends: time | None = None
    place_ru: str = Field("", max_length=300)
    place_en: str = Field("", max_length=300)
    chair_ru: str = Field("", max_length=300)
    chair_en: str = Field("", max_length=300)
    ours_ru: str = Field("", max_length=MAX_TEXT)
    ours_en: str = Field("", max_length=MAX_TEXT)
    theirs_ru: str = Field("", max_length=MAX_TEXT)
    theirs_en: str = Field("", max_length=MAX_TEXT)
    interpreting: Interpreting = Interpreting.NONE
    interpreter_ru: str = Field("", max_length=200)
    interpreter_en: str = Field("", max_length=200)
    recorder_id: int | None = Field(None, ge=1, le=2**31)
    distribution_ru: str = Field("", max_length=500)
    distribution_en: str = Field("", max_length=500)
    version: int | None = None


class TopicForm(FormModel):
    """One point of a talk."""

    title_ru: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    speaker_ru: str = Field("", max_length=300)
    speaker_en: str = Field("", max_length=300)
    minutes: int | None = Field(None, ge=1, le=600)
    questions_ru: str = Field("", max_length=MAX_TEXT)
    questions_en: str = Field("", max_length=MAX_TEXT)
    ours_ru: str = Field("", max_length=MAX_TEXT)
    ours_en: str = Field("", max_length=MAX_TEXT)
    theirs_ru: str = Field("", max_length=MAX_TEXT)
    theirs_en: str = Field("", max_length=MAX_TEXT)
    agreed_ru: str = Field("", max_length=MAX_TEXT)
    agreed_en: str = Field("", max_length=MAX_TEXT)
    due_on: date | None = None
    version: int | None = None


class NotesForm(FormModel):
    """What welcome address, briefing note, press release and badges say."""

    occasion_ru: str = Field("", max_length=300)
    occasion_en: str = Field("", max_length=300)
    greeting_ru: str = Field("", max_length=MAX_TEXT)
    greeting_en: str = Field("", max_length=MAX_TEXT)
    presenter_ru: str = Field("", max_length=300)
    presenter_en: str = Field("", max_length=300)
    folder_ru: str = Field("", max_length=200)
    folder_en: str = Field("", max_length=200)
    read_on: date | None = None
    aims_ru: str = Field("", max_length=MAX_TEXT)
    aims_en: str = Field("", max_length=MAX_TEXT)
    position_ru: str = Field("", max_length=MAX_TEXT)
    position_en: str = Field("", max_length=MAX_TEXT)
    avoid_ru: str = Field("", max_length=MAX_TEXT)
    avoid_en: str = Field("", max_length=MAX_TEXT)
    toast_ru: str = Field("", max_length=MAX_TEXT)
    toast_en: str = Field("", max_length=MAX_TEXT)
    headline_ru: str = Field("", max_length=300)
    headline_en: str = Field("", max_length=300)
    release_ru: str = Field("", max_length=MAX_TEXT)
    release_en: str = Field("", max_length=MAX_TEXT)
    quote_ru: str = Field("", max_length=MAX_TEXT)
    quote_en: str = Field("", max_length=MAX_TEXT)
    quoted_ru: str = Field("", max_length=300)
    quoted_en: str = Field("", max_length=300)
    quote_approved_by: str = Field("", max_length=300)
    quote_approved_by_en: str = Field("", max_length=300)
    photo_credit: str = Field("", max_length=300)
    photo_credit_en: str = Field("", max_length=300)
    embargo_on: date | None = None
    minors_consent: bool = False
    badge_category_ru: str = Field("", max_length=60)
    badge_category_en: str = Field("", max_length=60)
    badge_zone_ru: str = Field("", max_length=60)
    badge_zone_en: str = Field("", max_length=60)
    version: int | None = None


class AwardForm(FormModel):
    """What a diploma or certificate is given for."""

    member_id: int | None = Field(None, ge=1, le=2**31)
    nomination_ru: str = Field("", max_length=500)
    nomination_en: str = Field("", max_length=500)
    degree_ru: str = Field("", max_length=120)
    degree_en: str = Field("", max_length=120)
    serial: str = Field("", max_length=60)
    dispatched_on: date | None = None
    dispatch_ru: str = Field("", max_length=200)
    dispatch_en: str = Field("", max_length=200)
    version: int | None = None


class VersionForm(FormModel):
    """An act on a row as it was shown."""

    version: int | None = None


class DiplomaForm(FormModel):
    """For which member a diploma or a certificate is drafted."""

    member_id: int = Field(ge=1, le=2**31)
    kind: str = Field("diploma", max_length=20)


def values(form: FormModel) -> dict[str, Any]:
    """Give what the service takes."""
    return form.model_dump(exclude={"version"})


def interpreting() -> list[tuple[str, str]]:
    """Give the ways of interpreting to choose from."""
    return [(mode.value, _(words)) for mode, words in INTERPRETING.items()]
