"""The forms of the visa pages."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from workflow.visas.rules import CaseAct, Entries, Holder, Outcome
from workflow.web.forms import FormModel


class YesNo(StrEnum):
    """A question that may stay open."""

    YES = "yes"
    NO = "no"


class RulePassport(StrEnum):
    """Kinds of passport that rules know."""

    ORDINARY = "ordinary"
    SERVICE = "service"
    DIPLOMATIC = "diplomatic"


class ItemKind(StrEnum):
    """What is to be brought."""

    ORIGINAL = "original"
    UPLOAD = "upload"
    DATA = "data"


class FactsForm(FormModel):
    """What only a person can say of a traveller."""

    citizenship: str | None = Field(default=None, max_length=8)
    passport_type: RulePassport | None = None
    accompanied_by_parent: YesNo | None = None
    blank_pages: int | None = Field(default=None, ge=0, le=200)
    version: int | None = None


class ChooseForm(FormModel):
    """One of the routes on offer."""

    rule_id: str = Field(max_length=80)
    version: int | None = None


class HandForm(FormModel):
    """A route that somebody told us."""

    title_ru: str = Field(max_length=300)
    title_en: str = Field(default="", max_length=300)
    outcome: Outcome
    answered_by: str = Field(max_length=300)
    answered_on: date
    note: str = Field(default="", max_length=2000)
    items: str = Field(default="", max_length=4000)
    version: int | None = None


class NewItemForm(FormModel):
    """A thing to be brought, added by hand."""

    title_ru: str = Field(max_length=300)
    title_en: str = Field(default="", max_length=300)
    kind: ItemKind = ItemKind.ORIGINAL
    due_on: date | None = None


class StepForm(FormModel):
    """How a case goes on."""

    act: CaseAct
    reason: str = Field(default="", max_length=500)
    on: date | None = None
    visa_number: str = Field(default="", max_length=40)
    valid_from: date | None = None
    valid_to: date | None = None
    version: int | None = None


class ReceiveForm(FormModel):
    """What has come, and what is written in it."""

    covers_from: date | None = None
    covers_to: date | None = None
    issued: date | None = None
    amount: int | None = Field(default=None, ge=0, le=10**9)
    currency: str | None = Field(default=None, max_length=3, pattern=r"^[A-Z]{3}$")
    names_all_destinations: YesNo | None = None
    names_escort: YesNo | None = None
    verify: bool = False
    version: int | None = None


class ReasonForm(FormModel):
    """A reason, and the version that was seen."""

    reason: str = Field(max_length=500)
    version: int | None = None


class SeenForm(FormModel):
    """The version that was seen."""

    version: int | None = None


def document_of(data: ReceiveForm) -> dict[str, object]:
    """Give what is written in a document; answers that stay open are left out."""
    answers = {
        name: None if value is None else value is YesNo.YES
        for name, value in (
            ("names_all_destinations", data.names_all_destinations),
            ("names_escort", data.names_escort),
        )
    }
    written: dict[str, object] = {
        "covers_from": data.covers_from,
        "covers_to": data.covers_to,
        "issued": data.issued,
        "amount": data.amount,
        "currency": data.currency,
        **answers,
    }
    return {name: value for name, value in written.items() if value is not None}


class HolderForm(FormModel):
    """Who has a case in hand."""

    held_by: Holder
    since: date | None = None
    note: str = Field(default="", max_length=300)
    version: int | None = None


class AppointmentForm(FormModel):
    """A day at the consulate; an empty day drops it."""

    appointment_on: date | None = None
    appointment_at: str = Field(default="", max_length=5)
    appointment_place: str = Field(default="", max_length=300)
    version: int | None = None


class BulkForm(FormModel):
    """One thing done for many travellers: `verify:photo`, `hand:consulate`."""

    case_ids: list[int] = Field(default_factory=list, max_length=2000)
    what: str = Field(max_length=100)
    reason: str = Field(default="", max_length=300)


class RuleForm(FormModel):
    """A visa rule as a person edits it."""

    text: str = Field(max_length=60_000)
    remark: str = Field(default="", max_length=1000)
    version: int


class ConfirmForm(FormModel):
    """Who checked a rule, against what, and when somebody looks again."""

    remark: str = Field(max_length=1000)
    review_by: date
    settled: bool = False
    version: int


class RetireForm(FormModel):
    """Why a rule is taken out of use."""

    remark: str = Field(max_length=1000)
    version: int


class StaysForm(FormModel):
    """Earlier stays: the days of each, or how many they were together."""

    first_1: date | None = None
    last_1: date | None = None
    first_2: date | None = None
    last_2: date | None = None
    first_3: date | None = None
    last_3: date | None = None
    first_4: date | None = None
    last_4: date | None = None
    first_5: date | None = None
    last_5: date | None = None
    days: int | None = Field(default=None, ge=0, le=366)
    version: int | None = None

    @property
    def told(self) -> list[tuple[int, tuple[date, date]]]:
        """The stays with their rows; a stay of one day may be told by one of its days."""
        pairs = ((row, getattr(self, f"first_{row}"), getattr(self, f"last_{row}")) for row in range(1, 6))
        return [(row, (first or last, last or first)) for row, first, last in pairs if first or last]

    @staticmethod
    def known(told: dict[str, Any] | None) -> dict[str, Any]:
        """Give the values of the form by what is kept."""
        rows = enumerate((told or {}).get("stays", ()), 1)
        pairs = {f"{name}_{row}": day for row, span in rows for name, day in zip(("first", "last"), span, strict=True)}
        return {**pairs, "days": (told or {}).get("days")}


class RenewForm(FormModel):
    """The version that is taken over."""

    version: int


class NewRuleForm(FormModel):
    """A visa rule that there was not yet."""

    rule_id: str = Field(max_length=80)
    text: str = Field(max_length=60_000)
    remark: str = Field(default="", max_length=1000)


class ListForm(FormModel):
    """A list of countries as a person edits it."""

    text: str = Field(max_length=20_000)
    compared: bool = False
    remark: str = Field(default="", max_length=1000)
    version: int


class CrossingForm(FormModel):
    """A border that a visit's people cross."""

    country: str = Field(max_length=8)
    first_day: date | None = None
    last_day: date | None = None
    entries: Entries = Entries.SINGLE
    transit: bool = False
    note: str = Field(default="", max_length=300)


class WayForm(FormModel):
    """As whom a traveller crosses a border."""

    citizenship: str = Field(max_length=8)
    passport_id: int | None = Field(default=None, ge=1, le=10**12)
    version: int | None = None
