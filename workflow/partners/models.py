"""Cities and bodies that we work with, their people, agreements, associations, awards and published figures."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, BigId, HasId, Versioned, states
from workflow.base.encryption import EncryptedText
from workflow.base.languages import choose
from workflow.partners.rules import PartnerKind, Tie


class Partner(HasId, Versioned, Base):
    """A body that we work with. Texts ending in `_own` are in its own language: the first of `languages` beside ours.

    `addressee_*` are the lines of the address block of a letter, in the dative where the language has one;
    `salutation_*` opens it. `founded` is a partial date from which anniversaries are counted. `profile_*`,
    `head_about_*` and `head_pronounced` (how to say the name of its head) are for briefing notes.
    """

    __tablename__ = "partner"
    __table_args__ = (
        states("kind", PartnerKind),
        states("tie", Tie),
        CheckConstraint("head_gender IN ('', 'm', 'f')", name="head_gender_known"),
        CheckConstraint("population IS NULL OR population > 0", name="population_counts"),
        UniqueConstraint("key", name="uq_partner_key"),
        Index("ix_partner_country", "country"),
    )

    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    tie: Mapped[str] = mapped_column(String(16), default=Tie.CONTACT)
    name_ru: Mapped[str] = mapped_column(String(400))
    name_en: Mapped[str] = mapped_column(String(400), default="")
    name_own: Mapped[str] = mapped_column(String(400), default="")
    short_name: Mapped[str] = mapped_column(String(60), default="")
    city_ru: Mapped[str] = mapped_column(String(120), default="")
    city_en: Mapped[str] = mapped_column(String(120), default="")
    city_own: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(8), default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    address_ru: Mapped[str] = mapped_column(String(400), default="")
    address_en: Mapped[str] = mapped_column(String(400), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(EncryptedText, default="")
    phone: Mapped[str] = mapped_column(EncryptedText, default="")
    head_name_ru: Mapped[str] = mapped_column(String(200), default="")
    head_name_en: Mapped[str] = mapped_column(String(200), default="")
    head_name_own: Mapped[str] = mapped_column(String(200), default="")
    head_post_ru: Mapped[str] = mapped_column(String(300), default="")
    head_post_en: Mapped[str] = mapped_column(String(300), default="")
    head_post_own: Mapped[str] = mapped_column(String(300), default="")
    head_gender: Mapped[str] = mapped_column(String(1), default="")
    addressee_ru: Mapped[str] = mapped_column(String(600), default="")
    addressee_en: Mapped[str] = mapped_column(String(600), default="")
    addressee_own: Mapped[str] = mapped_column(String(600), default="")
    salutation_ru: Mapped[str] = mapped_column(String(300), default="")
    salutation_en: Mapped[str] = mapped_column(String(300), default="")
    salutation_own: Mapped[str] = mapped_column(String(300), default="")
    founded: Mapped[str] = mapped_column(String(10), default="")
    population: Mapped[int | None] = mapped_column(Integer)
    profile_ru: Mapped[str] = mapped_column(Text, default="")
    profile_en: Mapped[str] = mapped_column(Text, default="")
    head_about_ru: Mapped[str] = mapped_column(Text, default="")
    head_about_en: Mapped[str] = mapped_column(Text, default="")
    head_pronounced: Mapped[str] = mapped_column(String(200), default="")
    head_pronounced_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(60), default="")
    archived_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()

    def name(self, language: str) -> str:
        """Give the name in a language, the other one where that is not known."""
        return choose(language, ru=self.name_ru, en=self.name_en)

    @property
    def own_language(self) -> str | None:
        """The language of the `_own` texts: the partner's first one that is neither Russian nor English."""
        return next((code for code in self.languages if code not in ("ru", "en")), None)


class PartnerContact(HasId, Versioned, Base):
    """A person at a partner whom we write to or call; address and number are private."""

    __tablename__ = "partner_contact"
    __table_args__ = (Index("ix_partner_contact_partner_id", "partner_id"),)

    partner_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    email: Mapped[str] = mapped_column(EncryptedText, default="")
    phone: Mapped[str] = mapped_column(EncryptedText, default="")
    archived_at: Mapped[datetime | None] = mapped_column()


class Agreement(HasId, Versioned, Base):
    """An agreement with a partner. `signed` and `valid_until` are partial dates: "2019", "2018-03", "2020-04-22"."""

    __tablename__ = "agreement"
    __table_args__ = (Index("ix_agreement_partner_id", "partner_id"),)

    partner_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner.id"))
    title_ru: Mapped[str] = mapped_column(String(500), default="")
    title_en: Mapped[str] = mapped_column(String(500), default="")
    own_party: Mapped[str] = mapped_column(String(200), default="")
    signed: Mapped[str] = mapped_column(String(10), default="")
    valid_until: Mapped[str] = mapped_column(String(10), default="")
    scope: Mapped[list[str]] = mapped_column(default=list)
    has_plan: Mapped[bool] = mapped_column(Boolean, default=False)
    ended: Mapped[str] = mapped_column(String(10), default="")
    source: Mapped[str] = mapped_column(String(60), default="")

    def title(self, language: str) -> str:
        """Give the title in a language, the other one where that is not known."""
        return choose(language, ru=self.title_ru, en=self.title_en)


class Membership(HasId, Base):
    """Our city's membership of an association (a partner of that kind)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("partner_id", name="uq_membership_partner_id"),)

    partner_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner.id"))
    since: Mapped[str] = mapped_column(String(10), default="")
    level: Mapped[str] = mapped_column(String(120), default="")
    members: Mapped[int | None] = mapped_column(Integer)
    members_what: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(60), default="")


class BodyPost(HasId, Base):
    """A seat that somebody of ours holds in an association's governing body."""

    __tablename__ = "body_post"
    __table_args__ = (Index("ix_body_post_partner_id", "partner_id"),)

    partner_id: Mapped[int] = mapped_column(BigId, ForeignKey("partner.id"))
    body: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(300))
    since: Mapped[str] = mapped_column(String(10), default="")
    until: Mapped[str] = mapped_column(String(10), default="")
    source: Mapped[str] = mapped_column(String(60), default="")


class Award(HasId, Base):
    """A prize, diploma or rating that our city won."""

    __tablename__ = "award"
    __table_args__ = (Index("ix_award_partner_id", "partner_id"),)

    partner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("partner.id"))
    year: Mapped[str] = mapped_column(String(10))
    title_ru: Mapped[str] = mapped_column(String(400), default="")
    title_en: Mapped[str] = mapped_column(String(400), default="")
    result: Mapped[str] = mapped_column(String(400), default="")
    source: Mapped[str] = mapped_column(String(60), default="")


class Figure(HasId, Base):
    """A published count: how many of what, when, where. `bound` says how exact: "exact", "more than"."""

    __tablename__ = "figure"

    what_ru: Mapped[str] = mapped_column(String(300), default="")
    what_en: Mapped[str] = mapped_column(String(300), default="")
    value: Mapped[int] = mapped_column(Integer)
    bound: Mapped[str] = mapped_column(String(20), default="exact")
    unit: Mapped[str] = mapped_column(String(60), default="")
    period: Mapped[str] = mapped_column(String(120), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(String(60), default="")
