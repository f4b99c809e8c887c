"""Outcomes of visits, visits' reports, and what else protocol papers say: talks, notes, diplomas."""

from datetime import date, datetime, time

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.languages import choose
from workflow.outcomes.rules import Interpreting, OutcomeKind, OutcomeState, ReportState


class Outcome(HasId, Versioned, Base):
    """One thing that a visit has led to and that somebody answers for: an account of ours, or a name outside."""

    __tablename__ = "outcome"
    __table_args__ = (
        states("kind", OutcomeKind),
        states("state", OutcomeState),
        CheckConstraint("owner_id IS NULL OR (owner_name = '' AND owner_name_en = '')", name="one_owner"),
        Index("ix_outcome_visit_id", "visit_id", "id"),
        Index("ix_outcome_state_due", "state", "due_on"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(String(1000))
    what_en: Mapped[str] = mapped_column(String(1000), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    owner_name: Mapped[str] = mapped_column(String(300), default="")
    owner_name_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12), default=OutcomeState.OPEN)
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class VisitReport(HasId, Versioned, Base):
    """The report of one visit. `no_outcomes`: somebody said in so many words that nothing is left to be done.

    The texts ending in `_en` are for the English editions of papers; `sent_to` names to whom the report went.
    """

    __tablename__ = "visit_report"
    __table_args__ = (
        states("state", ReportState),
        UniqueConstraint("visit_id", name="uq_visit_report_visit_id"),
        CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="filed_has_moment"),
        CheckConstraint("state <> 'filed' OR (aim <> '' AND results <> '')", name="complete_when_filed"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    state: Mapped[str] = mapped_column(String(8), default=ReportState.DRAFT)
    aim: Mapped[str] = mapped_column(Text, default="")
    done: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    proposals: Mapped[str] = mapped_column(Text, default="")
    not_done: Mapped[str] = mapped_column(Text, default="")
    highlight: Mapped[str] = mapped_column(String(1000), default="")
    contacts: Mapped[str] = mapped_column(Text, default="")
    materials: Mapped[str] = mapped_column(Text, default="")
    media: Mapped[str] = mapped_column(Text, default="")
    evaluation: Mapped[str] = mapped_column(Text, default="")
    enclosures: Mapped[str] = mapped_column(Text, default="")
    aim_en: Mapped[str] = mapped_column(Text, default="")
    done_en: Mapped[str] = mapped_column(Text, default="")
    results_en: Mapped[str] = mapped_column(Text, default="")
    proposals_en: Mapped[str] = mapped_column(Text, default="")
    not_done_en: Mapped[str] = mapped_column(Text, default="")
    contacts_en: Mapped[str] = mapped_column(Text, default="")
    materials_en: Mapped[str] = mapped_column(Text, default="")
    media_en: Mapped[str] = mapped_column(Text, default="")
    evaluation_en: Mapped[str] = mapped_column(Text, default="")
    enclosures_en: Mapped[str] = mapped_column(Text, default="")
    highlight_en: Mapped[str] = mapped_column(String(1000), default="")
    sent_to: Mapped[str] = mapped_column(String(300), default="")
    sent_to_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    no_outcomes: Mapped[bool] = mapped_column(Boolean, default=False)
    no_outcomes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_outcomes_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Conversation(HasId, Versioned, Base):
    """A talk of both sides: its agenda before, its record afterwards. `ours` and `theirs` hold one person in a line."""

    __tablename__ = "conversation"
    __table_args__ = (
        states("interpreting", Interpreting),
        CheckConstraint("title_ru <> '' OR title_en <> ''", name="has_title"),
        CheckConstraint("ends IS NULL OR starts IS NOT NULL", name="end_has_start"),
        CheckConstraint("ends IS NULL OR ends > starts", name="times_in_order"),
        Index("ix_conversation_visit_id", "visit_id", "held_on"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    held_on: Mapped[date] = mapped_column(Date)
    starts: Mapped[time | None] = mapped_column(Time)
    ends: Mapped[time | None] = mapped_column(Time)
    title_ru: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    place_ru: Mapped[str] = mapped_column(String(300), default="")
    place_en: Mapped[str] = mapped_column(String(300), default="")
    chair_ru: Mapped[str] = mapped_column(String(300), default="")
    chair_en: Mapped[str] = mapped_column(String(300), default="")
    ours_ru: Mapped[str] = mapped_column(Text, default="")
    ours_en: Mapped[str] = mapped_column(Text, default="")
    theirs_ru: Mapped[str] = mapped_column(Text, default="")
    theirs_en: Mapped[str] = mapped_column(Text, default="")
    interpreting: Mapped[str] = mapped_column(String(12), default=Interpreting.NONE)
    interpreter_ru: Mapped[str] = mapped_column(String(200), default="")
    interpreter_en: Mapped[str] = mapped_column(String(200), default="")
    recorder_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    distribution_ru: Mapped[str] = mapped_column(String(500), default="")
    distribution_en: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return choose(language, ru=self.title_ru, en=self.title_en)


class ConversationTopic(HasId, Versioned, Base):
    """One point of a talk: who speaks to it and how long; what was asked, said and agreed."""

    __tablename__ = "conversation_topic"
    __table_args__ = (
        CheckConstraint("title_ru <> '' OR title_en <> ''", name="has_title"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes_in_bounds"),
        Index("ix_conversation_topic_conversation_id", "conversation_id", "position"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    title_ru: Mapped[str] = mapped_column(String(300), default="")
    title_en: Mapped[str] = mapped_column(String(300), default="")
    speaker_ru: Mapped[str] = mapped_column(String(300), default="")
    speaker_en: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int | None] = mapped_column(Integer)
    questions_ru: Mapped[str] = mapped_column(Text, default="")
    questions_en: Mapped[str] = mapped_column(Text, default="")
    ours_ru: Mapped[str] = mapped_column(Text, default="")
    ours_en: Mapped[str] = mapped_column(Text, default="")
    theirs_ru: Mapped[str] = mapped_column(Text, default="")
    theirs_en: Mapped[str] = mapped_column(Text, default="")
    agreed_ru: Mapped[str] = mapped_column(Text, default="")
    agreed_en: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column(Date)

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return choose(language, ru=self.title_ru, en=self.title_en)


class ProtocolNotes(HasId, Versioned, Base):
    """What the welcome address, the briefing note, the press release and the badges of one visit say."""

    __tablename__ = "protocol_notes"
    __table_args__ = (UniqueConstraint("visit_id", name="uq_protocol_notes_visit_id"),)

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    occasion_ru: Mapped[str] = mapped_column(String(300), default="")
    occasion_en: Mapped[str] = mapped_column(String(300), default="")
    greeting_ru: Mapped[str] = mapped_column(Text, default="")
    greeting_en: Mapped[str] = mapped_column(Text, default="")
    presenter_ru: Mapped[str] = mapped_column(String(300), default="")
    presenter_en: Mapped[str] = mapped_column(String(300), default="")
    folder_ru: Mapped[str] = mapped_column(String(200), default="")
    folder_en: Mapped[str] = mapped_column(String(200), default="")
    aims_ru: Mapped[str] = mapped_column(Text, default="")
    aims_en: Mapped[str] = mapped_column(Text, default="")
    position_ru: Mapped[str] = mapped_column(Text, default="")
    position_en: Mapped[str] = mapped_column(Text, default="")
    avoid_ru: Mapped[str] = mapped_column(Text, default="")
    avoid_en: Mapped[str] = mapped_column(Text, default="")
    toast_ru: Mapped[str] = mapped_column(Text, default="")
    toast_en: Mapped[str] = mapped_column(Text, default="")
    headline_ru: Mapped[str] = mapped_column(String(300), default="")
    headline_en: Mapped[str] = mapped_column(String(300), default="")
    release_ru: Mapped[str] = mapped_column(Text, default="")
    release_en: Mapped[str] = mapped_column(Text, default="")
    quote_ru: Mapped[str] = mapped_column(Text, default="")
    quote_en: Mapped[str] = mapped_column(Text, default="")
    quoted_ru: Mapped[str] = mapped_column(String(300), default="")
    quoted_en: Mapped[str] = mapped_column(String(300), default="")
    badge_category_ru: Mapped[str] = mapped_column(String(60), default="")
    badge_category_en: Mapped[str] = mapped_column(String(60), default="")
    badge_zone_ru: Mapped[str] = mapped_column(String(60), default="")
    badge_zone_en: Mapped[str] = mapped_column(String(60), default="")
    read_on: Mapped[date | None] = mapped_column(Date)
    quote_approved_by: Mapped[str] = mapped_column(String(300), default="")
    quote_approved_by_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    photo_credit: Mapped[str] = mapped_column(String(300), default="")
    photo_credit_en: Mapped[str] = mapped_column(String(300), default="", server_default="")
    embargo_on: Mapped[date | None] = mapped_column(Date)
    minors_consent: Mapped[bool] = mapped_column(Boolean, default=False)


class MemberAward(HasId, Versioned, Base):
    """What a diploma or certificate is given for: to one member, or, without one, to everybody of a visit."""

    __tablename__ = "member_award"
    __table_args__ = (
        CheckConstraint("nomination_ru <> '' OR nomination_en <> ''", name="has_nomination"),
        Index("uq_member_award_visit_member", "visit_id", "member_id", unique=True),
        Index("uq_member_award_everybody", "visit_id", unique=True, sqlite_where=text("member_id IS NULL"),
              postgresql_where=text("member_id IS NULL")),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    nomination_ru: Mapped[str] = mapped_column(String(500), default="")
    nomination_en: Mapped[str] = mapped_column(String(500), default="")
    degree_ru: Mapped[str] = mapped_column(String(120), default="")
    degree_en: Mapped[str] = mapped_column(String(120), default="")
    serial: Mapped[str] = mapped_column(String(60), default="")
    dispatched_on: Mapped[date | None] = mapped_column(Date)
    dispatch_ru: Mapped[str] = mapped_column(String(200), default="")
    dispatch_en: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def nomination(self, language: str) -> str:
        """What it is given for, for readers of *language*."""
        return choose(language, ru=self.nomination_ru, en=self.nomination_en)
