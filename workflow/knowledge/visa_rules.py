"""Visa rules as data: the schema of `packs/*/visas/*.yaml`.

A rule says who it is for, what regime it gives, which papers, by when, on what evidence. Nothing in a rule is an
expression. Unknown keys are refused. `visa_rule_files` loads them, `visa_routes` applies them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from workflow.knowledge.calendars import Unit
from workflow.knowledge.countries import is_known_country

Direction = Literal["inbound", "outbound"]
PassportType = Literal["ordinary", "service", "diplomatic"]
Purpose = Literal["official", "business", "cultural", "education", "humanitarian"]
Status = Literal["draft", "reviewed", "retired"]
Confidence = Literal["high", "medium", "low"]
Basis = Literal["law", "practice", "internal"]
Outcome = Literal["visa_required", "visa_free", "evisa", "adds_items"]
TravelAnchor = Literal["departure", "arrival", "return"]
Anchor = Literal["departure", "arrival", "return", "submit", "petition"]
Severity = Literal["block", "warn"]


def _known(code: str) -> str:
    if not is_known_country(code):
        raise PydanticCustomError("unknown_country", "'{code}' is no country of the table", {"code": code})
    return code


CountryCode = Annotated[str, AfterValidator(_known)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=80)]


class RulePart(BaseModel):
    """Anything written in a rule file; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(RulePart):
    """A text in both languages."""

    ru: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def text(self, locale: str) -> str:
        """Give the text in the reader's language."""
        return self.ru if locale.startswith("ru") else self.en


class Doubt(Label):
    """What a person must look at before a rule may be leaned on; *where*, if not at every border of the rule."""

    where: tuple[CountryCode, ...] = ()


class CountrySet(RulePart):
    """Some countries: any, a list, a group, or all but a group and a list."""

    every: bool = False
    only: tuple[CountryCode, ...] | None = None
    group: str | None = None
    not_group: str | None = None
    exclude: tuple[CountryCode, ...] = Field(default=(), alias="not")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if value == "any":
            return {"every": True}
        return {"only": value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.every or self.only or self.group or self.not_group or self.exclude):
            raise ValueError("names no country: write a list, a group or any")
        return self

    def group_names(self) -> tuple[str, ...]:
        """Name the groups that this set leans on."""
        return tuple(name for name in (self.group, self.not_group) if name)

    def contains(self, code: str, groups: Mapping[str, frozenset[str]]) -> bool:
        """Tell whether the country is in the set."""
        if self.only is not None and code not in self.only:
            return False
        if self.group is not None and code not in groups[self.group]:
            return False
        if self.not_group is not None and code in groups[self.not_group]:
            return False
        return code not in self.exclude


class StayDays(RulePart):
    """How long a stay the rule is for, both days included."""

    min: StrictInt = Field(default=1, ge=1)
    max: StrictInt | None = Field(default=None, ge=1)


class AppliesTo(RulePart):
    """Whom a rule is for."""

    direction: Direction
    destination: CountrySet
    nationality: CountrySet
    passport_type: tuple[PassportType, ...] | Literal["any"]
    purpose: tuple[Purpose, ...] | Literal["any"]
    stay_days: StayDays | None = None
    entries: Literal["single", "double", "multiple"] | None = None
    minor: StrictBool | None = None
    transit: StrictBool = False


Window = Annotated[StrictInt, Field(ge=1)] | Literal["calendar_year"]


class StayTotal(RulePart):
    """How many days all stays may have together: in a calendar year, or within so many days before each day."""

    days: StrictInt = Field(ge=1)
    window: Window


class MaxStay(RulePart):
    """The longest stay that the regime gives; with a window all stays in it count together.

    `total` is a second limit of that kind, beside one on the single stay.
    """

    days: StrictInt = Field(ge=1)
    window: Window | None = None
    total: StayTotal | None = None
    note: str | None = None

    @property
    def together(self) -> StayTotal | None:
        """The limit on all stays together."""
        return self.total or (StayTotal(days=self.days, window=self.window) if self.window else None)


class VisaTerms(RulePart):
    """What the visa or the regime allows."""

    category: str | None = None
    entries: Literal["single", "double", "multiple"] | None = None
    validity_days: StrictInt | None = Field(default=None, ge=1)
    max_stay: MaxStay | None = None
    subtype_by_purpose: dict[Purpose, str] | None = None


class TimePoint(RulePart):
    """A day counted from another one."""

    anchor: Anchor
    offset: StrictInt
    unit: Unit
    basis: Basis = "internal"
    roll: Literal["previous_workday", "next_workday"] | None = None


class Milestone(TimePoint):
    """A day of the route itself; it hangs on the journey only."""

    anchor: TravelAnchor
    basis: Basis


class Processing(RulePart):
    """How long an authority takes."""

    typical: StrictInt = Field(ge=0)
    max: StrictInt = Field(ge=0)
    unit: Unit
    basis: Basis
    note: str | None = None


class Timeline(RulePart):
    """The days of a route."""

    submit_earliest: Milestone | None = None
    submit_latest: Milestone | None = None
    petition_latest: Milestone | None = None
    processing: Processing | None = None
    visa_processing: Processing | None = None


class When(RulePart):
    """For whom an item is asked: a closed list of questions, never an expression."""

    purpose: tuple[Purpose, ...] | None = None
    stay_days_gt: StrictInt | None = None
    min_age: StrictInt | None = None
    max_age: StrictInt | None = None
    accompanied_by_parent: StrictBool | None = None


class _Check(RulePart):
    severity: Severity = "block"
    basis: Basis | Literal["unverified"] | None = None


class ExpiresAfter(_Check):
    """The document expires after a day."""

    rule: Literal["expires_after"]
    anchor: Anchor
    offset: StrictInt
    unit: Unit


class IssuedWithin(_Check):
    """The document was issued on or after a day."""

    rule: Literal["issued_within"]
    anchor: Anchor
    offset: StrictInt
    unit: Unit


class BlankPages(_Check):
    """So many pages are free."""

    rule: Literal["blank_pages"]
    min: StrictInt = Field(ge=1)


class BiometricRequired(_Check):
    """The passport is biometric, where the destination asks for it; from a day on, where `since` names it."""

    rule: Literal["biometric_required"]
    where: tuple[CountryCode, ...]
    since: dict[CountryCode, date] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _since_is_of_where(self) -> Self:
        lost = sorted(set(self.since) - set(self.where))
        if lost:
            raise ValueError(f"since names countries that where does not: {', '.join(lost)}")
        return self


class CoversStay(_Check):
    """The document is in force from entry to exit, both days included."""

    rule: Literal["covers_stay"]


class MinAmount(_Check):
    """The insured sum is high enough."""

    rule: Literal["min_amount"]
    amount: StrictInt = Field(ge=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class NamesAllDestinations(_Check):
    """The consent names every country of the journey."""

    rule: Literal["names_all_destinations"]


class NamesEscort(_Check):
    """The consent names the escort."""

    rule: Literal["names_escort"]


Check = Annotated[
    ExpiresAfter
    | IssuedWithin
    | BlankPages
    | BiometricRequired
    | CoversStay
    | MinAmount
    | NamesAllDestinations
    | NamesEscort,
    Field(discriminator="rule"),
]


class Item(RulePart):
    """One thing to be brought."""

    code: Code
    title: Label
    kind: Literal["upload", "original", "data"]
    scope: Literal["traveller", "delegation"]
    required: StrictBool
    shared: StrictBool = False
    """One of it serves all borders of a traveller that ask for the same thing: a passport, a birth certificate."""
    when: When | None = None
    valid: tuple[Check, ...] = ()
    due: TimePoint | None = None
    sensitive: Literal["health"] | None = None
    store: Literal["flag_only"] | None = None

    @model_validator(mode="after")
    def _health_is_a_flag(self) -> Self:
        if self.sensitive == "health" and self.store != "flag_only":
            raise ValueError("a health paper is kept as a flag only: write store: flag_only")
        if self.store == "flag_only" and self.kind == "upload":
            raise ValueError("a paper kept as a flag only cannot be an upload")
        return self

    @model_validator(mode="after")
    def _shared_is_a_travellers(self) -> Self:
        if self.shared and (self.scope != "traveller" or self.store == "flag_only"):
            raise ValueError("only a traveller's own thing, kept whole, can be shared between borders")
        return self

    @property
    def takes_file(self) -> bool:
        """Tell whether a file may be kept for it; a flag-only paper has no upload field at all."""
        return self.kind == "upload" and self.store is None


class Source(RulePart):
    """Where a rule was seen."""

    title: str = Field(min_length=1)
    url: str
    tier: Literal["official", "secondary", "press"]


class Rule(RulePart):
    """One rule of a pack."""

    id: Code
    version: StrictInt = Field(ge=1)
    status: Status
    kind: Literal["base", "overlay"]
    title: Label
    applies_to: AppliesTo
    valid_from: date | None = None
    valid_to: date | None = None
    on_expired: Literal["refer"] | None = None
    outcome: Outcome
    visa: VisaTerms | None = None
    timeline: Timeline = Timeline()
    items: tuple[Item, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    as_of: date
    review_by: date
    confidence: Confidence
    doubts: tuple[Doubt, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.kind == "overlay") != (self.outcome == "adds_items"):
            raise ValueError("an overlay adds items, and only an overlay does")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        if self.valid_to and self.on_expired is None:
            raise ValueError("a rule that ends says on_expired: refer")
        codes = [item.code for item in self.items]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"items stand twice: {', '.join(twice)}")
        lacking = sorted(self._anchors() - {"departure", "arrival", "return", *self._own_anchors()})
        if lacking:
            raise ValueError(f"the timeline has no latest day for: {', '.join(lacking)}")
        return self

    def _own_anchors(self) -> set[str]:
        line = self.timeline
        have = (("submit", line.submit_latest), ("petition", line.petition_latest))
        return {name for name, point in have if point is not None}

    def _anchors(self) -> set[str]:
        dues = {item.due.anchor for item in self.items if item.due}
        checks = {
            check.anchor
            for item in self.items
            for check in item.valid
            if isinstance(check, ExpiresAfter | IssuedWithin)
        }
        return {*dues, *checks}

    def is_stale(self, today: date) -> bool:
        """Tell whether somebody should have looked at the rule again by now."""
        return self.review_by < today
