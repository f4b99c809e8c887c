"""Requests, visits, who may see them, members, and lists on their way in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, BigId, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson, EncryptedText
from workflow.base.languages import choose
from workflow.people.models import Person
from workflow.visits.rules import (
    BasisKind,
    Capacity,
    Direction,
    MemberState,
    RequestSource,
    RequestState,
    Standing,
)


class VisitRequest(HasId, Versioned, Base):
    """Somebody asks for a visit, or we ourselves begin one."""

    __tablename__ = "visit_request"
    __table_args__ = (
        states("state", RequestState),
        states("source", RequestSource),
        states("direction", Direction),
        states("basis_kind", BasisKind),
        CheckConstraint("date_to IS NULL OR date_from IS NULL OR date_to >= date_from", name="dates_in_order"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_with_reason"),
        Index("ix_visit_request_state", "state", "id"),
        Index("ix_visit_request_undecided", "id", sqlite_where=text("decided_at IS NULL"),
              postgresql_where=text("decided_at IS NULL")),
        Index("uq_visit_request_visit_id", "visit_id", unique=True),
        Index("uq_visit_request_reference", "reference", unique=True),
    )

    reference: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default=RequestState.SUBMITTED)
    source: Mapped[str] = mapped_column(String(12))
    direction: Mapped[str] = mapped_column(String(12), default=Direction.INCOMING)
    process_key: Mapped[str] = mapped_column(String(40), default="incoming")
    incoming_number: Mapped[str] = mapped_column(String(60), default="")
    incoming_date: Mapped[date | None] = mapped_column(Date)
    their_number: Mapped[str] = mapped_column(String(60), default="")
    their_date: Mapped[date | None] = mapped_column(Date)
    received_on: Mapped[date] = mapped_column(Date)
    scan_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    asking_body: Mapped[str] = mapped_column(String(300), default="")
    country: Mapped[str] = mapped_column(String(8), default="")
    contact_name: Mapped[str | None] = mapped_column(EncryptedText)
    contact_email: Mapped[str | None] = mapped_column(EncryptedText)
    contact_phone: Mapped[str | None] = mapped_column(EncryptedText)
    title_ru: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    head_name: Mapped[str] = mapped_column(String(300), default="")
    size: Mapped[int | None] = mapped_column(Integer)
    languages: Mapped[list[str]] = mapped_column(default=list)
    payer: Mapped[str] = mapped_column(String(300), default="")
    wishes: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[str] = mapped_column(Text, default="")
    date_from: Mapped[date | None] = mapped_column(Date)
    date_to: Mapped[date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    basis_kind: Mapped[str] = mapped_column(String(12), default=BasisKind.REQUEST)
    basis_text: Mapped[str] = mapped_column(String(400), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))


class EarlierScan(HasId, Base):
    """The scan of a letter that another one replaced, or whose basis was removed from a visit."""

    __tablename__ = "earlier_scan"
    __table_args__ = (CheckConstraint("(request_id IS NULL) <> (visit_id IS NULL)", name="request_or_visit"),)

    request_id: Mapped[int | None] = mapped_column(ForeignKey("visit_request.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    belonged_to: Mapped[str] = mapped_column(String(400), default="")
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Visit(HasId, Versioned, Base):
    """The engagement itself. `process_*`, `stage` and `standing` are changed only by the process room.

    `arrival` and `departure` are the first and last local day at `place`, whose zone is `zone`. History whose exact
    day is unknown keeps what the record gives in `dates_text` ("2018-03") and the first day of it in `arrival`.
    """

    __tablename__ = "visit"
    __table_args__ = (
        states("direction", Direction),
        states("standing", Standing),
        CheckConstraint("departure IS NULL OR arrival IS NULL OR departure >= arrival", name="dates_in_order"),
        Index("ix_visit_standing_arrival", "standing", "arrival"),
        Index("ix_visit_arrival", "arrival", "id"),
        Index("ix_visit_stage_arrival", "stage", "arrival", "id"),
    )

    title_ru: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    direction: Mapped[str] = mapped_column(String(12))
    process_key: Mapped[str] = mapped_column(String(40))
    process_version: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(40))
    stage_entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    standing: Mapped[str] = mapped_column(String(12), default=Standing.LIVE)
    standing_reason: Mapped[str] = mapped_column(String(1000), default="")
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), index=True)
    country: Mapped[str] = mapped_column(String(8), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Moscow")
    arrival: Mapped[date | None] = mapped_column(Date)
    departure: Mapped[date | None] = mapped_column(Date)
    dates_text: Mapped[str] = mapped_column(String(40), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    purpose_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    place_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    payer_ru: Mapped[str] = mapped_column(String(300), default="", server_default="")
    payer_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    visa_purpose: Mapped[str] = mapped_column(String(20), default="official")
    host_name: Mapped[str] = mapped_column(String(300), default="")
    host_name_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    composition_closed: Mapped[bool] = mapped_column(Boolean, default=False)
    crosses_border: Mapped[bool] = mapped_column(Boolean, default=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    source: Mapped[str] = mapped_column(String(200), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return choose(language, ru=self.title_ru, en=self.title_en)

    def place_in(self, language: str) -> str:
        """The place for readers of *language*; the other name where it has none in it."""
        return choose(language, ru=self.place, en=self.place_en)


class VisitBasis(HasId, Base):
    """Why a visit happens: the paper or plan it rests on."""

    __tablename__ = "visit_basis"
    __table_args__ = (states("kind", BasisKind),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(400))
    text_en: Mapped[str] = mapped_column(String(400), default="", server_default="")
    number: Mapped[str] = mapped_column(String(60), default="")
    dated: Mapped[date | None] = mapped_column(Date)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))


class VisitAccess(HasId, Base):
    """Who may see a visit: an account, or everybody of a role; until ended."""

    __tablename__ = "visit_access"
    __table_args__ = (
        states("capacity", Capacity),
        CheckConstraint("(account_id IS NULL) <> (role IS NULL)", name="account_or_role"),
        Index("ix_visit_access_account", "account_id", "visit_id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_visit_access_role", "role", "visit_id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("uq_visit_access_live", "visit_id", "account_id", "capacity", "reason", unique=True,
              sqlite_where=text("ended_at IS NULL AND account_id IS NOT NULL"),
              postgresql_where=text("ended_at IS NULL AND account_id IS NOT NULL")),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str | None] = mapped_column(String(16))
    capacity: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(60), default="")
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Member(HasId, Versioned, Base):
    """One person's part in one delegation."""

    __tablename__ = "member"
    __table_args__ = (
        states("state", MemberState),
        Index("uq_member_live_person", "visit_id", "person_id", unique=True,
              sqlite_where=text("state IN ('proposed', 'confirmed')"),
              postgresql_where=text("state IN ('proposed', 'confirmed')")),
        Index("uq_member_one_head", "visit_id", unique=True,
              sqlite_where=text("is_head AND state IN ('proposed', 'confirmed')"),
              postgresql_where=text("is_head AND state IN ('proposed', 'confirmed')")),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    passport_id: Mapped[int | None] = mapped_column(ForeignKey("passport.id"))
    state: Mapped[str] = mapped_column(String(12), default=MemberState.PROPOSED)
    is_head: Mapped[bool] = mapped_column(Boolean, default=False)
    position: Mapped[int] = mapped_column(Integer, default=0)
    post_ru: Mapped[str] = mapped_column(String(300), default="")
    post_en: Mapped[str] = mapped_column(String(300), default="")
    organisation_ru: Mapped[str] = mapped_column(String(300), default="")
    organisation_en: Mapped[str] = mapped_column(String(300), default="")
    role_ru: Mapped[str] = mapped_column(String(100), default="", server_default="")
    role_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    seat: Mapped[str] = mapped_column(String(40), default="", server_default="")
    seat_en: Mapped[str] = mapped_column(String(40), default="", server_default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(300), default="")

    person: Mapped[Person] = relationship()
    visit: Mapped[Visit] = relationship()


class MemberList(HasId, Versioned, Base):
    """A partner's list on its way in: the file, how its columns map, and the judged rows, all encrypted."""

    __tablename__ = "member_list"
    __table_args__ = (states("state", ["preview", "imported", "dropped"]),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(12), default="preview")
    sheet: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    corrections: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Told(HasId, Base):
    """Somebody outside our accounts who was told a visit's dates by us, and so must be told when they change."""

    __tablename__ = "told"
    __table_args__ = (Index("uq_told_address", "visit_id", "address_index", unique=True),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    name: Mapped[str] = mapped_column(EncryptedText)
    address: Mapped[str] = mapped_column(EncryptedText)
    address_index: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="en")
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_event_id: Mapped[int | None] = mapped_column(BigId)
