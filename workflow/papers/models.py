"""Papers, their texts in each language, and how they were sent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.base.database import Base, BigId, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedJson, EncryptedText
from workflow.mail.addressees import Addressed, addressee_indexes
from workflow.papers import editions
from workflow.papers.rules import CheckDecision, How, NumberSource, PaperState


class Paper(HasId, Versioned, Base):
    """One paper of a visit: a register line for ever, its text and facts until they are purged.

    `told` are the facts that its text was written from. `facts` are frozen at approval, with number and date entered as
    they are given. `render_no` counts what the worker must lay out; nothing is laid out again once the paper is signed.
    `about_kind` and `about_id` name what it is about beneath its visit (`("member", 7)`), empty when it is about the
    visit itself. `signature` is the certificate of an electronic signature, as its mark on the paper shows it.
    """

    __tablename__ = "paper"
    __table_args__ = (
        states("state", PaperState),
        states("number_source", NumberSource),
        Index("ix_paper_visit_kind", "visit_id", "kind"),
        Index("ix_paper_state", "state", "id"),
        Index("ix_paper_register", "number_year", "series", "number_value"),
        Index("ix_paper_about", "about_kind", "about_id"),
        CheckConstraint("(about_kind = '') = (about_id IS NULL)", name="about_whole"),
        Index("uq_paper_code", "code", unique=True),
        Index("uq_paper_supersedes", "supersedes_id", unique=True),
        Index(
            "uq_paper_own_number",
            "issuing_body_id",
            "series",
            "number_year",
            "number",
            unique=True,
            sqlite_where=text("number_source = 'own'"),
            postgresql_where=text("number_source = 'own'"),
        ),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str] = mapped_column(String(40))
    issuing_body_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("issuing_body.id"))
    about_kind: Mapped[str] = mapped_column(String(20), default="", server_default="")
    about_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(12), default=PaperState.DRAFT)
    subject: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(60), default="")
    number_source: Mapped[str] = mapped_column(String(8), default=NumberSource.NONE)
    series: Mapped[str] = mapped_column(String(40), default="")
    number_year: Mapped[int | None] = mapped_column(Integer)
    number_value: Mapped[int | None] = mapped_column(Integer)
    dated: Mapped[date | None] = mapped_column(Date)
    code: Mapped[str | None] = mapped_column(String(20))
    told: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    facts: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    facts_hash: Mapped[str] = mapped_column(String(64), default="")
    render_no: Mapped[int] = mapped_column(Integer, default=0)
    render_error: Mapped[str] = mapped_column(String(300), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    checks_in_order: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    override_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signature: Mapped[dict[str, Any] | None]
    signing_error: Mapped[str] = mapped_column(String(300), default="", server_default="")
    scan_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its words, facts and files are gone; its line in the register stays."""

    @property
    def about(self) -> tuple[str, int] | None:
        """What it is about beneath its visit; None when about the visit itself."""
        return (self.about_kind, self.about_id) if self.about_id is not None else None

    def subject_in(self, language: str) -> str:
        """Its subject for readers of a language: the kind's own line in theirs, what somebody typed as it stands."""
        kind = editions.kinds().get(self.kind)
        own = kind.subject_line("ru") if kind else None
        if kind is None or own is None or not (self.subject == own or self.subject.startswith(f"{own}: ")):
            return self.subject
        return kind.subject_line(language) + self.subject.removeprefix(own)

    texts: Mapped[list["PaperText"]] = relationship(
        order_by="PaperText.id", cascade="all, delete-orphan", lazy="selectin"
    )
    dispatches: Mapped[list["Dispatch"]] = relationship(order_by="Dispatch.id", lazy="selectin")
    checks: Mapped[list["PaperCheck"]] = relationship(
        order_by="PaperCheck.id", cascade="all, delete-orphan", lazy="selectin"
    )


class PaperText(HasId, Versioned, Base):
    """A paper's words in one language, and the files made of them."""

    __tablename__ = "paper_text"
    __table_args__ = (UniqueConstraint("paper_id", "language", name="uq_paper_text_language"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(EncryptedText)
    wording_n: Mapped[int | None] = mapped_column(Integer)
    """The version of the wording that it was drafted from; 0 is the one as delivered, None a copy to translate."""
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    pdf_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    docx_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    rendered_no: Mapped[int] = mapped_column(Integer, default=0)
    trial_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    trial_fault: Mapped[dict[str, Any] | None]


class PaperCheck(HasId, Base):
    """One line of the approval sheet: who was asked, what they said, and whether a later change of the text voided it.

    What was decided stays readable for ever; a line that counts is one that was not voided.
    """

    __tablename__ = "paper_check"
    __table_args__ = (
        states("decision", CheckDecision),
        CheckConstraint("(decision = '') = (decided_at IS NULL)", name="decided_whole"),
        Index("ix_paper_check_account", "account_id", "paper_id"),
        Index("uq_paper_check_live", "paper_id", "account_id", unique=True,
              sqlite_where=text("voided_at IS NULL"), postgresql_where=text("voided_at IS NULL")),
    )  # fmt: skip

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    place: Mapped[int] = mapped_column(Integer, default=1)
    decision: Mapped[str] = mapped_column(String(8), default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Dispatch(HasId, Addressed, Base):
    """One sending of a paper. A mail's own row says what became of it."""

    __tablename__ = "dispatch"
    __table_args__ = (states("how", How), Index("ix_dispatch_paper_id", "paper_id"), *addressee_indexes("dispatch"))

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    how: Mapped[str] = mapped_column(String(8))
    to_whom: Mapped[str] = mapped_column(EncryptedText)
    sent_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String(500), default="")
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def addressee(self) -> tuple[str, str]:
        """Whom it went to: "name <address>" by mail, words by other ways."""
        name, _, rest = self.to_whom.partition(" <")
        return name, rest.removesuffix(">")
