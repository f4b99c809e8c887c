"""What a zone consists of: its formats, its fields' places, and how a check digit is reckoned.

Places are those of ICAO Doc 9303: TD3 part 4 (4.2.2), TD1 part 5 (4.2.2), TD2 part 6 (4.2.2), visas part 7.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import cycle, islice
from operator import mul
from typing import NamedTuple

FILLER = "<"
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")
_WEIGHTS = tuple(islice(cycle((7, 3, 1)), 90))
_VALUES = bytes(
    code - 48 if 48 <= code <= 57 else code - 55 if 65 <= code <= 90 else 0 for code in range(256)
)  # fmt: skip


def check_digit(text: str) -> str:
    """Reckon a check digit: weights 7, 3, 1; digits count themselves, A is 10 to Z 35, the filler 0 (part 3, 4.9)."""
    return str(sum(map(mul, text.encode().translate(_VALUES), _WEIGHTS)) % 10)


class Format(StrEnum):
    """The sizes of documents, told by the number of lines and their length."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRV-A"
    MRVB = "MRV-B"


class Part(StrEnum):
    """The fields that a check digit answers for; `WHOLE` is the digit over all of them."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    WHOLE = "whole"


class Remark(StrEnum):
    """What a reader should know of a zone beside its check digits."""

    NOT_A_ZONE = "not-a-zone"
    LENGTH_MENDED = "length-mended"
    CHARACTER_LOST = "character-lost"
    SECOND_LINE_FIRST = "second-line-first"
    NAME_CUT = "name-cut"
    NO_GIVEN_NAMES = "no-given-names"
    BIRTH_UNKNOWN = "birth-unknown"
    BIRTH_IMPOSSIBLE = "birth-impossible"
    EXPIRY_UNKNOWN = "expiry-unknown"
    EXPIRY_IMPOSSIBLE = "expiry-impossible"
    EXPIRED = "expired"
    SEX_WRONG = "sex-wrong"
    CODE_UNKNOWN = "code-unknown"
    STATE_UNKNOWN = "state-unknown"
    NATIONALITY_UNKNOWN = "nationality-unknown"
    DIGIT_IN_NAME = "digit-in-name"
    A_VISA = "a-visa"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a format stand: (line, from, to), counted from 0; `whole` is what its digit covers."""

    lines: int
    width: int
    names: tuple[int, int, int]
    number: tuple[int, int, int]
    nationality: tuple[int, int, int]
    birth: tuple[int, int, int]
    sex: tuple[int, int]
    expiry: tuple[int, int, int]
    optional: tuple[int, int, int]
    optional_checked: bool
    second_optional: tuple[int, int, int] | None
    whole: tuple[tuple[int, int, int], ...]
    whole_at: tuple[int, int] | None


def _two_lines(width: int, optional_end: int, *, checked: bool, whole: bool) -> Layout:
    return Layout(
        lines=2, width=width, names=(0, 5, width), number=(1, 0, 9), nationality=(1, 10, 13), birth=(1, 13, 19),
        sex=(1, 20), expiry=(1, 21, 27), optional=(1, 28, optional_end), optional_checked=checked,
        second_optional=None, whole=((1, 0, 10), (1, 13, 20), (1, 21, width - 1)) if whole else (),
        whole_at=(1, width - 1) if whole else None,
    )  # fmt: skip


LAYOUTS = {
    Format.TD3: _two_lines(44, 42, checked=True, whole=True),
    Format.TD2: _two_lines(36, 35, checked=False, whole=True),
    Format.MRVA: _two_lines(44, 44, checked=False, whole=False),
    Format.MRVB: _two_lines(36, 36, checked=False, whole=False),
    Format.TD1: Layout(
        lines=3, width=30, names=(2, 0, 30), number=(0, 5, 14), nationality=(1, 15, 18), birth=(1, 0, 6),
        sex=(1, 7), expiry=(1, 8, 14), optional=(0, 15, 30), optional_checked=False, second_optional=(1, 18, 29),
        whole=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), whole_at=(1, 29),
    ),
}  # fmt: skip
OVERFLOWING = frozenset({Format.TD1, Format.TD2})
"""Formats in which a number of more than nine characters goes on in the optional data (parts 5 and 6, note j)."""


class Check(NamedTuple):
    """One check digit: what stands there, what should, and where it stands (line and place, counted from 0)."""

    part: Part
    stated: str
    computed: str
    right: bool
    line: int
    place: int


class ZoneDate(NamedTuple):
    """A date of a zone. Unknown parts are None; `day` is there only when all of it is known and possible."""

    text: str
    year: int | None
    month: int | None
    day_of_month: int | None
    day: date | None
    possible: bool

    @property
    def known(self) -> bool:
        """Whether the whole date is known."""
        return self.day is not None


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as read. Nothing of it is believed for being readable: ask `sound` and the warnings."""

    format: Format | None
    lines: tuple[str, ...]
    code: str = ""
    state: str = ""
    number: str = ""
    nationality: str = ""
    birth: ZoneDate | None = None
    sex: str = ""
    expiry: ZoneDate | None = None
    optional: str = ""
    second_optional: str = ""
    family: str = ""
    given: str = ""
    cut: bool = False
    checks: tuple[Check, ...] = ()
    warnings: tuple[Remark, ...] = ()
    lost: tuple[int, int] | None = None
    """About where a character was left out or written twice: line and place, counted from 0."""

    @property
    def sound(self) -> bool:
        """Whether it is a zone of whole lines, every check digit agrees and its dates are possible.

        The name has no check digit: compare it with the passport by eye.
        """
        dates = all(one is None or one.possible for one in (self.birth, self.expiry))
        whole = self.format is not None and self.lost is None
        return whole and dates and all(check.right for check in self.checks)

    @property
    def wrong(self) -> tuple[Check, ...]:
        """The check digits that do not agree."""
        return tuple(check for check in self.checks if not check.right)
