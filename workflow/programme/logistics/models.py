"""Tables of a visit's logistics. Sums are integers in minor units; every text is kept in Russian and in English."""

from datetime import date, datetime, time

from sqlalchemy import BigInteger as BigNumber
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.base.database import Base, HasId, UtcDateTime, Versioned, states
from workflow.base.encryption import EncryptedText
from workflow.base.languages import choose
from workflow.programme.logistics.rules import (
    Entries,
    GiftWay,
    Heading,
    Interpreting,
    Leg,
    Payer,
    Unit,
    Vehicle,
    Way,
)


class OfVisit(HasId, Versioned, Base):
    """What every row of logistics has: its visit, and when and by whom it was entered."""

    __abstract__ = True

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Estimate(OfVisit):
    """What holds for a visit's whole estimate: currency, category of the delegation, from which money it is paid."""

    __tablename__ = "estimate"
    __table_args__ = (
        UniqueConstraint("visit_id", name="uq_estimate_visit_id"),
        CheckConstraint("length(currency) = 3", name="currency_is_a_code"),
    )

    currency: Mapped[str] = mapped_column(String(3), default="RUB")
    category_ru: Mapped[str] = mapped_column(String(100), default="")
    category_en: Mapped[str] = mapped_column(String(100), default="")
    source_ru: Mapped[str] = mapped_column(String(400), default="")
    source_en: Mapped[str] = mapped_column(String(400), default="")
    norms_ru: Mapped[str] = mapped_column(String(400), default="")
    norms_en: Mapped[str] = mapped_column(String(400), default="")


class CostLine(OfVisit):
    """One line of a visit's estimate; `norm` is the highest price of one unit that our rules allow.

    `spent` is what the whole line came to in the end; None while nobody has entered it.
    """

    __tablename__ = "cost_line"
    __table_args__ = (
        states("heading", Heading),
        states("unit", Unit),
        states("payer", Payer),
        CheckConstraint("quantity > 0 AND days > 0", name="counts_something"),
        CheckConstraint("price >= 0 AND (norm IS NULL OR norm >= 0)", name="amounts_not_below_zero"),
        CheckConstraint("spent IS NULL OR spent >= 0", name="spent_not_below_zero"),
        Index("ix_cost_line_visit_id", "visit_id", "id"),
    )

    heading: Mapped[str] = mapped_column(String(16))
    what_ru: Mapped[str] = mapped_column(String(300), default="")
    what_en: Mapped[str] = mapped_column(String(300), default="")
    unit: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[int] = mapped_column(Integer)
    days: Mapped[int] = mapped_column(Integer, default=1)
    price: Mapped[int] = mapped_column(BigNumber)
    norm: Mapped[int | None] = mapped_column(BigNumber)
    spent: Mapped[int | None] = mapped_column(BigNumber)
    payer: Mapped[str] = mapped_column(String(8), default=Payer.HOST)
    budget_line: Mapped[str] = mapped_column(String(100), default="")

    def what(self, language: str) -> str:
        """What exactly is paid, for readers of *language*."""
        return choose(language, ru=self.what_ru, en=self.what_en)


class Lodging(OfVisit):
    """Rooms in one hotel for some nights."""

    __tablename__ = "lodging"
    __table_args__ = (
        states("payer", Payer),
        CheckConstraint("rooms > 0", name="has_rooms"),
        CheckConstraint("last_day > first_day", name="nights_in_order"),
        CheckConstraint("hotel_ru <> '' OR hotel_en <> ''", name="has_hotel"),
        Index("ix_lodging_visit_id", "visit_id", "first_day"),
    )

    hotel_ru: Mapped[str] = mapped_column(String(200), default="")
    hotel_en: Mapped[str] = mapped_column(String(200), default="")
    address_ru: Mapped[str] = mapped_column(String(300), default="")
    address_en: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    rooms: Mapped[int] = mapped_column(Integer)
    category_ru: Mapped[str] = mapped_column(String(100), default="")
    category_en: Mapped[str] = mapped_column(String(100), default="")
    payer: Mapped[str] = mapped_column(String(8), default=Payer.HOST)
    confirmation: Mapped[str] = mapped_column(String(100), default="")


class Gift(OfVisit):
    """A gift given or received: by and to whom, what it is worth, when it was handed over and declared."""

    __tablename__ = "gift"
    __table_args__ = (
        states("way", GiftWay),
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_below_zero"),
        CheckConstraint("what_ru <> '' OR what_en <> ''", name="has_name"),
        Index("ix_gift_visit_id", "visit_id", "id"),
    )

    way: Mapped[str] = mapped_column(String(8), default=GiftWay.GIVEN)
    what_ru: Mapped[str] = mapped_column(String(300), default="")
    what_en: Mapped[str] = mapped_column(String(300), default="")
    person_ru: Mapped[str] = mapped_column(String(300), default="")
    person_en: Mapped[str] = mapped_column(String(300), default="")
    presenter_ru: Mapped[str] = mapped_column(String(300), default="")
    presenter_en: Mapped[str] = mapped_column(String(300), default="")
    value: Mapped[int | None] = mapped_column(BigNumber)
    handed_on: Mapped[date | None] = mapped_column(Date)
    declared_on: Mapped[date | None] = mapped_column(Date)


class Transfer(OfVisit):
    """One journey: an arrival, a departure or a ride between; who meets or sees off, and with which car."""

    __tablename__ = "transfer"
    __table_args__ = (
        states("leg", Leg),
        states("vehicle", Vehicle),
        CheckConstraint("people IS NULL OR people > 0", name="somebody_travels"),
        Index("ix_transfer_visit_id", "visit_id", "day", "at"),
    )

    leg: Mapped[str] = mapped_column(String(12), default=Leg.ARRIVAL)
    vehicle: Mapped[str] = mapped_column(String(8), default=Vehicle.FLIGHT)
    number: Mapped[str] = mapped_column(String(60), default="")
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[time | None] = mapped_column(Time)
    place_ru: Mapped[str] = mapped_column(String(300), default="")
    place_en: Mapped[str] = mapped_column(String(300), default="")
    people: Mapped[int | None] = mapped_column(Integer)
    luggage_ru: Mapped[str] = mapped_column(String(100), default="")
    luggage_en: Mapped[str] = mapped_column(String(100), default="", server_default="")
    greeter_ru: Mapped[str] = mapped_column(String(300), default="")
    greeter_en: Mapped[str] = mapped_column(String(300), default="")
    lounge: Mapped[bool] = mapped_column(Boolean, default=False)
    car_ru: Mapped[str] = mapped_column(String(200), default="")
    car_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    driver_ru: Mapped[str | None] = mapped_column(EncryptedText)
    driver_en: Mapped[str | None] = mapped_column(EncryptedText)


class Duty(OfVisit):
    """Who does what for a visit, by when: the points of an order."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("what_ru <> '' OR what_en <> ''", name="has_task"),
        Index("ix_duty_visit_id", "visit_id", "id"),
    )

    who_ru: Mapped[str] = mapped_column(String(300), default="")
    who_en: Mapped[str] = mapped_column(String(300), default="")
    what_ru: Mapped[str] = mapped_column(String(500), default="")
    what_en: Mapped[str] = mapped_column(String(500), default="")
    due_on: Mapped[date | None] = mapped_column(Date)


class InterpretingTerms(OfVisit):
    """What interpreters of a visit must know beside the programme."""

    __tablename__ = "interpreting_terms"
    __table_args__ = (
        states("mode", Interpreting),
        states("way", Way),
        UniqueConstraint("visit_id", name="uq_interpreting_terms_visit_id"),
    )

    language: Mapped[str] = mapped_column(String(8))
    mode: Mapped[str] = mapped_column(String(16), default=Interpreting.CONSECUTIVE)
    way: Mapped[str] = mapped_column(String(12), default=Way.BOTH)
    topic_ru: Mapped[str] = mapped_column(String(500), default="")
    topic_en: Mapped[str] = mapped_column(String(500), default="")
    speakers_ru: Mapped[str] = mapped_column(String(500), default="")
    speakers_en: Mapped[str] = mapped_column(String(500), default="")
    materials_ru: Mapped[str] = mapped_column(String(500), default="")
    materials_en: Mapped[str] = mapped_column(String(500), default="")
    materials_due: Mapped[date | None] = mapped_column(Date)
    dress_ru: Mapped[str] = mapped_column(String(200), default="")
    dress_en: Mapped[str] = mapped_column(String(200), default="")
    rest_ru: Mapped[str] = mapped_column(String(300), default="")
    rest_en: Mapped[str] = mapped_column(String(300), default="")
    confidentiality_ru: Mapped[str] = mapped_column(String(500), default="")
    confidentiality_en: Mapped[str] = mapped_column(String(500), default="")


class EntryTerms(OfVisit):
    """What petitions, visa-support letters and requests for help at an embassy say of a whole delegation."""

    __tablename__ = "entry_terms"
    __table_args__ = (
        states("entries", Entries),
        UniqueConstraint("visit_id", name="uq_entry_terms_visit_id"),
    )

    entries: Mapped[str] = mapped_column(String(8), default=Entries.SINGLE)
    places_ru: Mapped[str] = mapped_column(String(300), default="")
    places_en: Mapped[str] = mapped_column(String(300), default="")
    relation_ru: Mapped[str] = mapped_column(String(300), default="")
    relation_en: Mapped[str] = mapped_column(String(300), default="")
    petition_to_ru: Mapped[str] = mapped_column(String(600), default="")
    petition_to_en: Mapped[str] = mapped_column(String(600), default="")
    consulate_ru: Mapped[str] = mapped_column(String(300), default="")
    consulate_en: Mapped[str] = mapped_column(String(300), default="")
    guideline_ru: Mapped[str] = mapped_column(String(300), default="")
    guideline_en: Mapped[str] = mapped_column(String(300), default="")
    insurance_ru: Mapped[str] = mapped_column(String(300), default="")
    insurance_en: Mapped[str] = mapped_column(String(300), default="")
    association_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    embassy_ru: Mapped[str] = mapped_column(String(300), default="")
    embassy_en: Mapped[str] = mapped_column(String(300), default="")
    checkpoint_ru: Mapped[str] = mapped_column(String(300), default="")
    checkpoint_en: Mapped[str] = mapped_column(String(300), default="")


class TripTask(OfVisit):
    """What one member of our delegation has to do on a journey, and with what result."""

    __tablename__ = "trip_task"
    __table_args__ = (UniqueConstraint("member_id", name="uq_trip_task_member_id"),
                      Index("ix_trip_task_visit_id", "visit_id", "id"))

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    task_ru: Mapped[str] = mapped_column(Text, default="")
    task_en: Mapped[str] = mapped_column(Text, default="")
    result_ru: Mapped[str] = mapped_column(Text, default="")
    result_en: Mapped[str] = mapped_column(Text, default="")
    materials_ru: Mapped[str] = mapped_column(String(500), default="")
    materials_en: Mapped[str] = mapped_column(String(500), default="")
    report_ru: Mapped[str] = mapped_column(String(300), default="")
    report_en: Mapped[str] = mapped_column(String(300), default="")
