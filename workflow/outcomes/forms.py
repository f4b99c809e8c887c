"""The forms of outcomes and reports, and what their lists offer."""

from datetime import date

from flask_babel import gettext as _
from pydantic import Field

from workflow.outcomes.rules import OutcomeVerb
from workflow.outcomes.service import MAX_TEXT, OutcomeData
from workflow.outcomes.wording import KINDS, STATES
from workflow.web.forms import FormModel


class OutcomeForm(FormModel):
    """One outcome."""

    kind: str = Field("promise", max_length=12)
    what: str = Field("", max_length=1000)
    what_en: str = Field("", max_length=1000)
    owner_id: int | None = Field(None, ge=1, le=2**31)
    owner_name: str = Field("", max_length=300)
    owner_name_en: str = Field("", max_length=300)
    due_on: date | None = None
    note: str = Field("", max_length=MAX_TEXT)
    version: int | None = None

    def outcome(self) -> OutcomeData:
        """Give what the service takes."""
        return OutcomeData(**self.model_dump(exclude={"version"}))


class SettleForm(FormModel):
    """How an outcome is settled."""

    verb: OutcomeVerb
    note: str = Field("", max_length=MAX_TEXT)
    version: int | None = None


class ReportForm(FormModel):
    """The text of a visit's report."""

    aim: str = Field("", max_length=MAX_TEXT)
    done: str = Field("", max_length=MAX_TEXT)
    results: str = Field("", max_length=MAX_TEXT)
    proposals: str = Field("", max_length=MAX_TEXT)
    not_done: str = Field("", max_length=MAX_TEXT)
    highlight: str = Field("", max_length=1000)
    contacts: str = Field("", max_length=MAX_TEXT)
    materials: str = Field("", max_length=MAX_TEXT)
    media: str = Field("", max_length=MAX_TEXT)
    evaluation: str = Field("", max_length=MAX_TEXT)
    enclosures: str = Field("", max_length=MAX_TEXT)
    aim_en: str = Field("", max_length=MAX_TEXT)
    done_en: str = Field("", max_length=MAX_TEXT)
    results_en: str = Field("", max_length=MAX_TEXT)
    proposals_en: str = Field("", max_length=MAX_TEXT)
    not_done_en: str = Field("", max_length=MAX_TEXT)
    highlight_en: str = Field("", max_length=1000)
    contacts_en: str = Field("", max_length=MAX_TEXT)
    materials_en: str = Field("", max_length=MAX_TEXT)
    media_en: str = Field("", max_length=MAX_TEXT)
    evaluation_en: str = Field("", max_length=MAX_TEXT)
    enclosures_en: str = Field("", max_length=MAX_TEXT)
    sent_to: str = Field("", max_length=300)
    sent_to_en: str = Field("", max_length=300)
    version: int | None = None


def kinds() -> list[tuple[str, str]]:
    """Give the kinds to choose from."""
    return [(kind.value, _(text)) for kind, text in KINDS.items()]


def states() -> dict[str, str]:
    """Give the words for states."""
    return {state.value: _(text) for state, text in STATES.items()}
