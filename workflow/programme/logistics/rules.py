"""Words and sums of a visit's logistics: closed lists, amounts in minor units, how they are written."""

import re
from enum import StrEnum

MAX_AMOUNT = 10**13
"""Beyond this an amount is a slip of the keys."""


class Heading(StrEnum):
    """Headings of an estimate, as municipal rules on receptions list them (practice: Karelia, Ufa, Moscow orders)."""

    LODGING = "lodging"
    MEALS = "meals"
    RECEPTION = "reception"
    BUFFET = "buffet"
    CULTURE = "culture"
    INTERPRETERS = "interpreters"
    GIFTS = "gifts"
    LOUNGE = "lounge"
    RENT = "rent"
    TRANSPORT = "transport"
    HOUSEHOLD = "household"
    PRINTING = "printing"
    TRAVEL = "travel"
    OTHER = "other"


class Unit(StrEnum):
    """What is counted in a line of an estimate."""

    PERSON = "person"
    ROOM = "room"
    HOUR = "hour"
    PIECE = "piece"
    CAR = "car"
    TICKET = "ticket"
    SERVICE = "service"


class Payer(StrEnum):
    """Who pays."""

    HOST = "host"
    SENDING = "sending"
    GUEST = "guest"
    OTHER = "other"


class GiftWay(StrEnum):
    """Whether a gift is given by us or received."""

    GIVEN = "given"
    RECEIVED = "received"


class Leg(StrEnum):
    """What a journey is to the visit."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    LOCAL = "local"


class Vehicle(StrEnum):
    """By what people travel."""

    FLIGHT = "flight"
    TRAIN = "train"
    BUS = "bus"
    CAR = "car"


class Entries(StrEnum):
    """How often a visa lets its bearer in."""

    SINGLE = "single"
    DOUBLE = "double"
    MULTIPLE = "multiple"


class Interpreting(StrEnum):
    """How speech is interpreted."""

    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"
    WHISPERED = "whispered"


class Way(StrEnum):
    """Into which language is interpreted."""

    BOTH = "both"
    INTO_OURS = "into_ours"
    FROM_OURS = "from_ours"


CURRENCIES = ("RUB", "EUR", "USD", "CNY", "TRY", "GBP", "BYN", "KZT", "AMD", "RSD")

_AMOUNT = re.compile(r"^(\d{1,13})(?:[.,](\d{1,2}))?$", re.ASCII)


def amount(typed: str) -> int | None:
    """Give an amount in minor units from what a person typed: «12 500,50» is 1250050; None when it is none."""
    found = _AMOUNT.match("".join(sign for sign in typed if sign not in " \u00a0\u202f'"))
    if found is None:
        return None
    minor = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return minor if minor <= MAX_AMOUNT else None


def plain_amount(minor: int, language: str) -> str:
    """Write an amount without its currency: «12 500,50», "12,500.50"."""
    whole, cents = divmod(abs(minor), 100)
    text = f"{'-' if minor < 0 else ''}{whole:,}.{cents:02}"
    return text.replace(",", "\u00a0").replace(".", ",") if language == "ru" else text


def amount_text(minor: int, currency: str, language: str) -> str:
    """Write an amount with its currency: «12 500,50 руб.», "RUB 12,500.50"."""
    if language == "ru":
        return f"{plain_amount(minor, 'ru')}\u00a0{'руб.' if currency == 'RUB' else currency}"
    return f"{currency}\u00a0{plain_amount(minor, language)}"


def difference_text(minor: int, language: str, currency: str = "") -> str:
    """Write by how much one amount differs from another, with its sign: «+500,00», «−1 200,00 руб.»."""
    size = amount_text(abs(minor), currency, language) if currency else plain_amount(abs(minor), language)
    return f"+{size}" if minor > 0 else f"\N{MINUS SIGN}{size}" if minor < 0 else size


def our_payer(direction: str) -> Payer:
    """Say which side of a visit we are: those who send on a journey of our own, else the host."""
    return Payer.SENDING if direction == "outgoing" else Payer.HOST


def line_sum(*, price: int, quantity: int, days: int) -> int:
    """Give what a line of an estimate comes to."""
    return price * quantity * days


def over_norm(price: int, norm: int | None) -> bool:
    """Say whether a price is above the norm that our rules set for one unit."""
    return norm is not None and price > norm
