"""Which column of a partner's list holds what: the fields, what their headings are called, where the headings stand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workflow.base.languages import N_
from workflow.knowledge.names import fold
from workflow.visits.lists.synonyms import FAMILY_FIRST, GIVEN_FIRST, SKIP, SYNONYMS

HEADING_ROWS = 20

FIELDS: dict[str, str] = {
    "full_name": N_("Whole name in one cell"),
    "family": N_("Family name"),
    "given": N_("Given names"),
    "patronymic": N_("Patronymic"),
    "latin_name": N_("Whole name as in the passport"),
    "latin_family": N_("Family name as in the passport"),
    "latin_given": N_("Given names as in the passport"),
    "native_name": N_("Name in its own script"),
    "citizenship": N_("Citizenship"),
    "birth_date": N_("Date of birth"),
    "birth_place": N_("Place of birth"),
    "sex": N_("Sex"),
    "passport_number": N_("Passport number"),
    "passport_type": N_("Type of passport"),
    "passport_country": N_("Country of the passport"),
    "issued_on": N_("Passport issued on"),
    "expires_on": N_("Passport valid until"),
    "post": N_("Post"),
    "organisation": N_("Organisation"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "note": N_("Note"),
    "head": N_("Head of the delegation"),
}
"""Field → its English msgid, in the order in which pages show them."""

DATE_FIELDS = ("birth_date", "issued_on", "expires_on")
NAME_FIELDS = frozenset(
    {"full_name", "family", "given", "patronymic", "latin_name", "latin_family", "latin_given", "native_name"}
)
WHOLE_NAMES = ("full_name", "latin_name")
_LATIN_TWIN = {"family": "latin_family", "given": "latin_given", "full_name": "latin_name"}
_PARENTHESES = re.compile(r"[(（\[].*?[)）\]]")
_DIVIDERS = re.compile(r"[/|\n;]|\s[-–—]\s")


def _key(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in fold(text.replace("№", "n")))
    return " ".join(kept.split())


def _keys(listed: str) -> frozenset[str]:
    return frozenset(_key(word) for word in listed.split(";"))


_INDEX: dict[str, str] = {key: name for name, listed in SYNONYMS.items() for key in _keys(listed)}
_LONG = sorted((key for key, name in _INDEX.items() if name != SKIP and len(key) >= (2 if ord(key[0]) > 0x3000 else 4)),
               key=len, reverse=True)  # fmt: skip
_PARTS = {
    part: re.compile(" (?:" + "|".join(sorted((key for key, name in _INDEX.items() if name == part
                                               and ord(key[0]) < 0x3000), key=len, reverse=True)) + ") ")
    for part in ("family", "given")
}  # fmt: skip
_ORDERS = dict.fromkeys(_keys(FAMILY_FIRST), "family") | dict.fromkeys(_keys(GIVEN_FIRST), "given")


def _writings(heading: str) -> list[str]:
    bare = _PARENTHESES.sub(" ", heading)
    parts = [part for part in _DIVIDERS.split(bare) if part.strip()]
    inside = [found.strip("()（）[] ") for found in _PARENTHESES.findall(heading)]
    return [key for key in map(_key, [heading, bare, *parts, *inside]) if key]


@lru_cache(maxsize=4096)
def guess_field(heading: str) -> str | None:
    """Tell which field a heading names; `SKIP` for what is never taken, None when it is not known."""
    writings = _writings(heading[:200])
    for writing in writings:
        if writing in _INDEX:
            return _INDEX[writing]
    for writing in writings[:1]:
        if _order_named(writing):
            return "full_name"
        for known in _LONG:
            if (known in writing) if ord(known[0]) > 0x3000 else f" {known} " in f" {writing} ":
                return _INDEX[known]
    return None


def guess_name_order(heading: str) -> str:
    """Tell whether names under a heading begin with the "family" or the "given" name; "" when that is not known."""
    writings = _writings(heading[:200])
    said = next((_ORDERS[writing] for writing in writings if writing in _ORDERS), "")
    return said or (_order_named(writings[0]) if writings and not any(one in _INDEX for one in writings) else "")


def _order_named(writing: str) -> str:
    """Tell which part of a name a heading names first where it names both, as "Surname & first name" does."""
    family = _PARTS["family"].search(f" {writing} ")
    if family is None:
        return ""
    given = _PARTS["given"].search(f" {writing[: family.start()]}  |  {writing[family.end() - 1 :]} ")
    if given is None:
        return ""
    return "given" if given.start() <= family.start() else "family"


@dataclass(frozen=True)
class Headings:
    """Where the headings of a table stand: `row` and `depth` rows of it (0: there are none), and their texts."""

    row: int
    depth: int
    texts: tuple[str, ...]

    @property
    def first(self) -> int:
        """The first row of data."""
        return self.row + self.depth


def find_headings(rows: Sequence[Sequence[str]], spanned: frozenset[int] = frozenset()) -> Headings:
    """Find the headings in the first rows: where the most fields are named.

    *spanned* are rows with cells merged across columns: their headings go together with the row below ("Passport" over
    "number" and "valid until"). Without any known heading the first row with two filled cells is taken.
    """
    best, best_score = None, 0
    for at, row in enumerate(rows[:HEADING_ROWS]):
        options = [Headings(at, 1, tuple(row))]
        if at in spanned and at + 1 < len(rows):
            options.append(Headings(at, 2, _joined(row, rows[at + 1])))
        for option in options:
            score = len({field for field in guess_columns(option.texts).values() if field != SKIP})
            if score > best_score:
                best, best_score = option, score
    if best is not None:
        return best
    filled = (at for at, row in enumerate(rows[:HEADING_ROWS]) if sum(bool(cell) for cell in row) > 1)
    at = next(filled, 0)
    return Headings(at, 1, tuple(rows[at]) if rows else ())


def headings_at(rows: Sequence[Sequence[str]], row: int | None, spanned: frozenset[int] = frozenset()) -> Headings:
    """Take the headings from the row that a person names; None: the table has none."""
    if row is None or not 0 <= row < len(rows):
        return Headings(0, 0, ("",) * max(map(len, rows), default=0))
    found = find_headings(rows, spanned)
    return found if found.row == row else Headings(row, 1, tuple(rows[row]))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    width = max(len(upper), len(lower))
    pairs = [((upper[at] if at < len(upper) else ""), (lower[at] if at < len(lower) else "")) for at in range(width)]
    return tuple(top if top == below else f"{top} {below}".strip() for top, below in pairs)


def guess_columns(headings: Sequence[str]) -> dict[int, str]:
    """Guess the field of each column; each field once, a second writing of a name is its Latin one."""
    found: dict[int, str] = {}
    for column, heading in enumerate(headings):
        field = guess_field(heading) if heading.strip() else None
        if field is None or (field != SKIP and field in found.values()):
            field = _LATIN_TWIN.get(field or "")
            if field is None or field in found.values():
                continue
        found[column] = field
    if "family" not in found.values() and "latin_family" not in found.values() and "full_name" not in found.values():
        found = {column: "full_name" if field == "given" else field for column, field in found.items()}
    return found


def columns_of(mapping: Mapping[str, str]) -> dict[str, int]:
    """Turn a stored mapping (column as text → field) into field → column."""
    return {field: int(column) for column, field in mapping.items() if field in FIELDS}
