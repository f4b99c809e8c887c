"""Visa cases and their checklists."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson, EncryptedText
from workflow.visas.rules import CaseState, Entries, Holder, ItemState, Outcome
from workflow.visits.models import Member, Visit

_LIVE_ONLY = text("state <> 'withdrawn'")


class VisaCase(HasId, Versioned, Base):
    """One member's way through one border.

    The route is a rule of the pack (`rule_id`, `rule_version`) or was entered by hand: then somebody answered us on
    a day. `held_by` has the case in hand since `held_since`; the appointment is at the consulate, its hour local there.
    `changes` holds what the last reckoning changed, as codes with parameters; it never holds personal data.
    `first_day` and `last_day` are the days at this border where they are not the visit's own; `through` names further
    countries that the same visa serves. `earlier_stays` is what was told of stays there before.
    """

    __tablename__ = "visa_case"
    __table_args__ = (
        states("state", CaseState),
        states("held_by", Holder),
        states("entries", Entries),
        CheckConstraint("outcome IS NULL OR outcome IN ('visa_required', 'visa_free', 'evisa')", name="outcome_known"),
        CheckConstraint("direction IN ('inbound', 'outbound')", name="direction_known"),
        CheckConstraint("state <> 'refused' OR refusal <> ''", name="refused_with_reason"),
        CheckConstraint("state <> 'not_needed' OR not_needed_reason <> ''", name="not_needed_with_reason"),
        CheckConstraint("NOT by_hand OR hand_answered_by <> ''", name="by_hand_with_source"),
        Index("uq_visa_case_live", "member_id", "destination", unique=True, sqlite_where=_LIVE_ONLY,
              postgresql_where=_LIVE_ONLY),
        Index("ix_visa_case_visit_state", "visit_id", "state"),
    )  # fmt: skip

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    direction: Mapped[str] = mapped_column(String(8))
    destination: Mapped[str] = mapped_column(String(8))
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    entries: Mapped[str] = mapped_column(String(8), default=Entries.SINGLE, server_default=Entries.SINGLE.value)
    transit: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    through: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    state: Mapped[str] = mapped_column(String(20), default=CaseState.TO_CHOOSE)
    citizenship: Mapped[str | None] = mapped_column(String(8))
    passport_type: Mapped[str | None] = mapped_column(String(12))
    accompanied_by_parent: Mapped[bool | None] = mapped_column(Boolean)
    blank_pages: Mapped[int | None] = mapped_column(Integer)
    earlier_stays: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    rule_id: Mapped[str | None] = mapped_column(String(80))
    rule_version: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(16))
    title_ru: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    by_hand: Mapped[bool] = mapped_column(Boolean, default=False)
    hand_answered_by: Mapped[str] = mapped_column(String(300), default="")
    hand_answered_on: Mapped[date | None] = mapped_column(Date)
    hand_note: Mapped[str] = mapped_column(Text, default="")
    goes_off_on: Mapped[date | None] = mapped_column(Date)
    held_by: Mapped[str] = mapped_column(String(12), default=Holder.US, server_default=Holder.US.value)
    held_since: Mapped[date | None] = mapped_column(Date)
    held_note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    appointment_on: Mapped[date | None] = mapped_column(Date)
    appointment_at: Mapped[str] = mapped_column(String(5), default="", server_default="")
    appointment_place: Mapped[str] = mapped_column(String(300), default="", server_default="")
    ask_due_on: Mapped[date | None] = mapped_column(Date)
    filed_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    visa_number: Mapped[str | None] = mapped_column(EncryptedText)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    refusal: Mapped[str] = mapped_column(String(500), default="")
    not_needed_reason: Mapped[str] = mapped_column(String(500), default="")
    alarm: Mapped[str] = mapped_column(String(40), default="")
    options: Mapped[list[Any]] = mapped_column(default=list)
    questions: Mapped[list[str]] = mapped_column(default=list)
    changes: Mapped[list[Any]] = mapped_column(default=list)
    changes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()
    items: Mapped[list["ChecklistItem"]] = relationship(
        back_populates="case", order_by="ChecklistItem.position, ChecklistItem.id"
    )

    def title(self, language: str) -> str:
        """The route's title for readers of *language*; empty before one is chosen."""
        return (self.title_ru or self.title_en) if language.startswith("ru") else (self.title_en or self.title_ru)

    def stay(self, visit: Visit) -> tuple[date | None, date | None]:
        """Give the first and last day at this border: its own, or else the visit's."""
        return (self.first_day, self.last_day) if self.first_day else (visit.arrival, visit.departure)

    @property
    def regime(self) -> Outcome | None:
        """What the route gives."""
        return Outcome(self.outcome) if self.outcome else None


class ChecklistItem(HasId, Versioned, Base):
    """One thing to be brought for one case.

    `due` is the arithmetic behind `due_on`; `verdicts` what the checks said last. A paper kept as a flag only
    (`flag_only`) never has a file.
    """

    __tablename__ = "checklist_item"
    __table_args__ = (
        states("state", ItemState),
        CheckConstraint("kind IN ('upload', 'original', 'data')", name="kind_known"),
        CheckConstraint("scope IN ('traveller', 'delegation')", name="scope_known"),
        CheckConstraint("basis IN ('law', 'practice', 'internal')", name="basis_known"),
        CheckConstraint("NOT flag_only OR file_id IS NULL", name="flag_has_no_file"),
        CheckConstraint("state <> 'rejected' OR reason <> ''", name="rejected_with_reason"),
        CheckConstraint("state <> 'waived' OR reason <> ''", name="waived_with_reason"),
        Index("uq_checklist_item_code", "case_id", "code", unique=True),
        Index("ix_checklist_item_due", "due_on", "state"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("visa_case.id"))
    code: Mapped[str] = mapped_column(String(80))
    title_ru: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(12))
    scope: Mapped[str] = mapped_column(String(12), default="traveller")
    required: Mapped[bool] = mapped_column(Boolean, default=True)
    flag_only: Mapped[bool] = mapped_column(Boolean, default=False)
    wanted: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    rule_id: Mapped[str | None] = mapped_column(String(80))
    rule_version: Mapped[int | None] = mapped_column(Integer)
    basis: Mapped[str] = mapped_column(String(10), default="internal")
    due_on: Mapped[date | None] = mapped_column(Date)
    due_calendars: Mapped[list[str]] = mapped_column(default=list)
    due: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default=ItemState.MISSING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    document: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, default=dict)
    verdicts: Mapped[list[Any]] = mapped_column(default=list)
    questions: Mapped[list[str]] = mapped_column(default=list)
    acted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    acted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[VisaCase] = relationship(back_populates="items")

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return (self.title_ru or self.title_en) if language.startswith("ru") else (self.title_en or self.title_ru)

    @property
    def takes_file(self) -> bool:
        """Tell whether a file may be kept for it."""
        return self.kind == "upload" and not self.flag_only


class KeptRule(HasId, Base):
    """One version of a visa rule that the office keeps itself, over the pack's files; it never changes.

    `body` is the whole rule as `knowledge.visa_rules.Rule` writes it. The highest version of a rule counts, whether it
    lies here or in a file.
    """

    __tablename__ = "kept_visa_rule"
    __table_args__ = (
        states("status", ("draft", "reviewed", "retired")),
        Index("uq_kept_visa_rule_version", "pack", "rule_id", "version", unique=True),
    )

    pack: Mapped[str] = mapped_column(String(40))
    rule_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    remark: Mapped[str] = mapped_column(String(1000), default="")
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class BorderCrossing(HasId, Versioned, Base):
    """A border that a visit's people cross beside the one of its country, or what is special of that one.

    Without days of its own it lasts as long as the visit. `arrival_seen` and `departure_seen` are the visit's days when
    ours were entered: when the whole visit moves, they move along.
    """

    __tablename__ = "border_crossing"
    __table_args__ = (
        states("entries", Entries),
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL)", name="days_whole"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        Index("uq_border_crossing_country", "visit_id", "country", unique=True),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    country: Mapped[str] = mapped_column(String(8))
    first_day: Mapped[date | None] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    entries: Mapped[str] = mapped_column(String(8), default=Entries.SINGLE)
    transit: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    arrival_seen: Mapped[date | None] = mapped_column(Date)
    departure_seen: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class KeptCountryList(HasId, Base):
    """One version of a list of countries that visa rules lean on, kept by the office over its pack's; it never changes.

    `compared` says that a person compared it with the whole official list; then its doubts no longer stand.
    """

    __tablename__ = "kept_country_list"
    __table_args__ = (Index("uq_kept_country_list_version", "pack", "name", "version", unique=True),)

    pack: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(Integer)
    countries: Mapped[list[str]] = mapped_column(default=list)
    compared: Mapped[bool] = mapped_column(Boolean, default=False)
    remark: Mapped[str] = mapped_column(String(1000), default="")
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
