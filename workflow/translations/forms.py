"""The forms of assignments, and what their lists offer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext as _
from pydantic import Field

from workflow.knowledge.zones import zone_name as zone_city
from workflow.translations.ordering import OrderData
from workflow.translations.slip_words import SlipWords
from workflow.translations.wording import PURPOSES, STATES, language_choices
from workflow.web.formats import language, zone_name
from workflow.web.forms import FormModel


class OrderForm(FormModel, SlipWords):
    """An order of a translation."""

    purpose: str = Field("", max_length=16)
    due_at: datetime | None = None
    source_file: str = ""
    version: int | None = None

    def order(self) -> OrderData:
        """Give what the service takes."""
        return OrderData(**self.model_dump(exclude={"source_file", "version"}))


class ActForm(FormModel):
    """What goes with a verb: remarks, a file, and whether a second person has read the text."""

    remark: str = Field("", max_length=10_000)
    without_revision: bool = False
    result_file: str = ""
    version: int | None = None


class IntoPaperForm(FormModel):
    """Which paper takes the translation; `version` is that of the text it replaces, if there is one."""

    paper_id: int = Field(ge=1, le=2**53)
    version: int | None = None


class PairsForm(FormModel):
    """A translator's directions: "tr-ru" translates, and those in `interprets` interpret too."""

    pairs: list[str] = Field(default_factory=list)
    interprets: list[str] = Field(default_factory=list)
    source: str = Field("", max_length=8)
    target: str = Field("", max_length=8)
    both: bool = False


def languages() -> list[tuple[str, str]]:
    """Give the languages to choose from, named for the reader."""
    return language_choices(language())


def purposes() -> list[tuple[str, str]]:
    """Give the purposes to choose from."""
    return [(purpose.value, _(text)) for purpose, text in PURPOSES.items()]


def states() -> dict[str, str]:
    """Give the words for states."""
    return {state.value: _(text) for state, text in STATES.items()}


def moments(value: datetime | None, *zones: str) -> list[tuple[str, str]]:
    """Write a moment in the reader's zone and in others that differ from it: (the zone's city, text)."""
    if value is None:
        return []
    shown: list[tuple[str, str]] = []
    for zone in dict.fromkeys((zone_name(), *zones)):
        text = format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=language())
        if not shown or text != shown[0][1]:
            shown.append((zone_city(zone, language()), text))
    return shown
