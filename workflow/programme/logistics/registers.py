"""What each table of logistics is called and asks for: one description for service, form, page and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.base.languages import N_
from workflow.programme.logistics.models import (
    CostLine,
    Duty,
    EntryTerms,
    Estimate,
    Gift,
    InterpretingTerms,
    Lodging,
    OfVisit,
    Transfer,
    TripTask,
)
from workflow.programme.logistics.rules import (
    CURRENCIES,
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

LANGUAGES = ("ru", "en", "tr", "zh", "el", "bg", "sr", "hy", "fr", "de", "es", "it", "pl", "vi")

WORDS: Mapping[str, str] = {
    Heading.LODGING: N_("Lodging"), Heading.MEALS: N_("Meals"), Heading.RECEPTION: N_("Official reception"),
    Heading.BUFFET: N_("Buffet during talks"), Heading.CULTURE: N_("Cultural programme"),
    Heading.INTERPRETERS: N_("Interpreters"), Heading.GIFTS: N_("Gifts and flowers"), Heading.LOUNGE: N_("VIP lounge"),
    Heading.RENT: N_("Rent of rooms and equipment"), Heading.TRANSPORT: N_("Transport"),
    Heading.HOUSEHOLD: N_("Household expenses"), Heading.PRINTING: N_("Printing"), Heading.TRAVEL: N_("Travel"),
    Heading.OTHER: N_("Other expenses"),
    Unit.PERSON: N_("person"), Unit.ROOM: N_("room"), Unit.HOUR: N_("hour"), Unit.PIECE: N_("piece"),
    "unit.car": N_("vehicle"), Unit.TICKET: N_("ticket"), Unit.SERVICE: N_("unit of service"),
    Payer.HOST: N_("host side"), Payer.SENDING: N_("sending side"), Payer.GUEST: N_("guest"),
    "payer.other": N_("third party"),
    GiftWay.GIVEN: N_("given by us"), GiftWay.RECEIVED: N_("received by us"),
    Leg.ARRIVAL: N_("arrival"), Leg.DEPARTURE: N_("departure"), Leg.LOCAL: N_("ride in between"),
    Vehicle.FLIGHT: N_("flight"), Vehicle.TRAIN: N_("train"), Vehicle.BUS: N_("bus"), "vehicle.car": N_("car"),
    Entries.SINGLE: N_("single entry"), Entries.DOUBLE: N_("double entry"), Entries.MULTIPLE: N_("multiple entries"),
    Interpreting.CONSECUTIVE: N_("consecutive"), Interpreting.SIMULTANEOUS: N_("simultaneous"),
    Interpreting.WHISPERED: N_("whispered"),
    Way.BOTH: N_("in both directions"), Way.INTO_OURS: N_("into our language"),
    Way.FROM_OURS: N_("out of our language"),
}  # fmt: skip
"""What the values of closed lists are called; `<list>.<value>` where a value's word depends on its list."""


def word(kind: type[StrEnum], value: str) -> str:
    """Give the English name of a value of a closed list."""
    return WORDS.get(f"{kind.__name__.lower()}.{value}") or WORDS[value]


class Kind(StrEnum):
    """What a field holds, and so how it is typed, judged and shown."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    AMOUNT = "amount"
    DAY = "day"
    TIME = "time"
    YES = "yes"
    CHOICE = "choice"
    CURRENCY = "currency"
    LANGUAGE = "language"
    MEMBER = "member"
    ASSOCIATION = "association"


@dataclass(frozen=True)
class Field:
    """One field of a register; a field in both languages stands for the columns `<name>_ru` and `<name>_en`."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    both: bool = False
    limit: int = 300
    required: bool = False
    choices: type[StrEnum] | None = None
    hint: str = ""
    shown: bool = False
    """Whether the table on the page has a column for it."""
    personal: bool = False
    """Whether an event only names it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is kept in."""
        return (f"{self.name}_ru", f"{self.name}_en") if self.both else (self.name,)


@dataclass(frozen=True)
class Register:
    """One table of a visit's logistics; `single` when a visit has one row of it at most."""

    key: str
    model: type[OfVisit]
    title: str
    add: str
    empty: str
    fields: Sequence[Field]
    single: bool = False
    order: tuple[str, ...] = ("id",)

    @property
    def columns(self) -> Mapping[str, Field]:
        """Every column with the field it belongs to."""
        return {column: field for field in self.fields for column in field.columns}

    def field(self, name: str) -> Field:
        """Give a field by name."""
        return next(field for field in self.fields if field.name == name)


_PAYER = Field("payer", N_("Who pays"), Kind.CHOICE, choices=Payer, required=True, shown=True)

COSTS = Register("costs", CostLine, N_("Estimate"), N_("Add a line"), N_("No line is entered yet."), (
    Field("heading", N_("Heading"), Kind.CHOICE, choices=Heading, required=True, shown=True),
    Field("what", N_("What exactly"), both=True),
    Field("quantity", N_("Quantity"), Kind.NUMBER, limit=100_000, required=True, shown=True),
    Field("unit", N_("Unit"), Kind.CHOICE, choices=Unit, required=True, shown=True),
    Field("days", N_("Days or times"), Kind.NUMBER, limit=366, required=True, shown=True,
          hint=N_("1 when it is paid once.")),
    Field("price", N_("Price of one unit"), Kind.AMOUNT, required=True, shown=True),
    Field("norm", N_("Highest price by our norms"), Kind.AMOUNT, hint=N_("A price above it is marked.")),
    _PAYER,
    Field("budget_line", N_("Budget line"), limit=100),
    Field("spent", N_("Actually spent, for the whole line"), Kind.AMOUNT,
          hint=N_("Entered after the visit; the report sets it against the estimate. 0: nothing was spent.")),
))  # fmt: skip
LODGING = Register("lodging", Lodging, N_("Hotels"), N_("Add a hotel"), N_("No hotel is entered yet."), (
    Field("hotel", N_("Hotel"), both=True, limit=200, required=True, shown=True),
    Field("address", N_("Address"), both=True),
    Field("phone", N_("Telephone"), limit=60),
    Field("first_day", N_("Day of arrival"), Kind.DAY, required=True, shown=True),
    Field("last_day", N_("Day of departure"), Kind.DAY, required=True, shown=True),
    Field("rooms", N_("Rooms"), Kind.NUMBER, limit=10_000, required=True, shown=True),
    Field("category", N_("Class of hotel and rooms"), both=True, limit=100),
    _PAYER,
    Field("confirmation", N_("Number of the booking"), limit=100, shown=True),
), order=("first_day", "id"))  # fmt: skip
TRANSPORT = Register("transport", Transfer, N_("Arrivals, departures, cars"), N_("Add a journey"),
                     N_("No journey is entered yet."), (
    Field("leg", N_("What it is"), Kind.CHOICE, choices=Leg, required=True, shown=True),
    Field("vehicle", N_("By what"), Kind.CHOICE, choices=Vehicle, required=True, shown=True),
    Field("number", N_("Number of the flight or train"), limit=60, shown=True),
    Field("day", N_("Day"), Kind.DAY, required=True, shown=True),
    Field("at", N_("Hour"), Kind.TIME, shown=True, hint=N_("Local time.")),
    Field("place", N_("Airport, station or place"), both=True, shown=True),
    Field("people", N_("Number of people"), Kind.NUMBER, limit=10_000),
    Field("luggage", N_("Luggage"), both=True, limit=100),
    Field("greeter", N_("Who meets or sees off"), both=True, shown=True),
    Field("lounge", N_("VIP lounge"), Kind.YES),
    Field("car", N_("Car"), both=True, limit=200, shown=True),
    Field("driver", N_("Driver and telephone"), both=True, limit=200, personal=True, hint=N_("Kept encrypted.")),
), order=("day", "at", "id"))  # fmt: skip
GIFTS = Register("gifts", Gift, N_("Gifts"), N_("Add a gift"), N_("No gift is entered yet."), (
    Field("way", N_("Given or received"), Kind.CHOICE, choices=GiftWay, required=True, shown=True),
    Field("what", N_("Gift"), both=True, required=True, shown=True),
    Field("person", N_("To whom or from whom"), both=True, shown=True),
    Field("presenter", N_("Who hands it over"), both=True),
    Field("value", N_("Value"), Kind.AMOUNT, shown=True),
    Field("handed_on", N_("Handed over on"), Kind.DAY, shown=True),
    Field("declared_on", N_("Declared on"), Kind.DAY,
          hint=N_("A received gift is declared within three working days.")),
))  # fmt: skip
DUTIES = Register("duties", Duty, N_("Who does what"), N_("Add a duty"), N_("No duty is entered yet."), (
    Field("who", N_("Who"), both=True, required=True, shown=True),
    Field("what", N_("What is to be done"), both=True, limit=500, required=True, shown=True,
          hint=N_("As it stands in an order: «обеспечить …», “to provide …”.")),
    Field("due_on", N_("By"), Kind.DAY, shown=True),
))  # fmt: skip
ESTIMATE = Register("estimate", Estimate, N_("Terms of the estimate"), N_("Enter the terms"),
                    N_("Not entered: the estimate is in roubles and names no source of money."), (
    Field("currency", N_("Currency"), Kind.CURRENCY, limit=3, required=True, shown=True),
    Field("category", N_("Category of the delegation"), both=True, limit=100, shown=True),
    Field("source", N_("Source of the money"), both=True, limit=400, shown=True,
          hint=N_("As it stands in an order: «средства бюджета города …».")),
    Field("norms", N_("Norms by which it was checked"), both=True, limit=400),
), single=True)  # fmt: skip
INTERPRETING = Register("interpreting", InterpretingTerms, N_("For interpreters"), N_("Enter what they must know"),
                        N_("Not entered yet."), (
    Field("language", N_("Language of the guests"), Kind.LANGUAGE, limit=8, required=True, shown=True),
    Field("way", N_("Direction"), Kind.CHOICE, choices=Way, required=True, shown=True),
    Field("mode", N_("Mode"), Kind.CHOICE, choices=Interpreting, required=True, shown=True),
    Field("topic", N_("Topic of the talks"), both=True, limit=500, shown=True),
    Field("speakers", N_("Speakers"), both=True, limit=500),
    Field("materials", N_("Materials"), both=True, limit=500),
    Field("materials_due", N_("Materials are handed over by"), Kind.DAY, shown=True),
    Field("dress", N_("Dress"), both=True, limit=200),
    Field("rest", N_("Rest and meals"), both=True),
    Field("confidentiality", N_("Confidentiality"), both=True, limit=500),
), single=True)  # fmt: skip
ENTRY = Register("entry", EntryTerms, N_("For visa papers"), N_("Enter what visa papers must say"),
                 N_("Not entered yet."), (
    Field("entries", N_("Number of entries"), Kind.CHOICE, choices=Entries, required=True, shown=True),
    Field("places", N_("Places of stay"), both=True, shown=True),
    Field("relation", N_("What the guests are to the host"), both=True),
    Field("petition_to", N_("Whom the petition is addressed to"), Kind.LONG, both=True, limit=600,
          hint=N_("Line by line, as it stands in the corner of the letter.")),
    Field("consulate", N_("Consulate that issues the visas"), both=True, shown=True),
    Field("guideline", N_("Guideline of the country that the letter follows"), both=True),
    Field("insurance", N_("Medical insurance"), both=True),
    Field("association", N_("Association that is asked for help"), Kind.ASSOCIATION),
    Field("embassy", N_("Embassy at which help is asked"), both=True),
    Field("checkpoint", N_("Border checkpoint of the list for e-visas"), both=True),
), single=True)  # fmt: skip
TASKS = Register("tasks", TripTask, N_("Tasks of our travellers"), N_("Add a task"), N_("No task is entered yet."), (
    Field("member", N_("Traveller"), Kind.MEMBER, required=True, shown=True),
    Field("task", N_("Task"), Kind.LONG, both=True, limit=2000, required=True, shown=True),
    Field("result", N_("Result expected"), Kind.LONG, both=True, limit=2000, shown=True),
    Field("materials", N_("Materials"), both=True, limit=500),
    Field("report", N_("Form of the report"), both=True),
))  # fmt: skip

REGISTERS: Mapping[str, Register] = {
    one.key: one for one in (COSTS, ESTIMATE, LODGING, TRANSPORT, GIFTS, DUTIES, INTERPRETING, ENTRY, TASKS)
}
CHOICES: Mapping[Kind, Sequence[str]] = {Kind.CURRENCY: CURRENCIES, Kind.LANGUAGE: LANGUAGES}
