"""Judges every row of a list: what it says, and what is wrong with it beside the very cell. Pure: no database."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as filled_with
from datetime import date
from typing import Any

from workflow.knowledge.names import fold, normalise
from workflow.people.models import PassportType
from workflow.visits.lists.columns import (
    DATE_FIELDS,
    FIELDS,
    NAME_FIELDS,
    WHOLE_NAMES,
    Headings,
    columns_of,
    guess_name_order,
)
from workflow.visits.lists.naming import order_shown, read_names
from workflow.visits.lists.values import (
    NUMBER,
    Fault,
    read_citizenships,
    read_date,
    read_email,
    read_passport_number,
    read_passport_type,
    read_phone,
    read_sex,
    read_yes,
    text_fault,
)

EXAMPLE_MARKS = frozenset(map(fold, ("example", "пример", "örnek", "示例", "exemple", "ejemplo")))
_LIMITS = {"birth_place": 200, "post": 300, "organisation": 300, "note": 500}
HOME_INTERNAL_DIGITS = 10


@dataclass(frozen=True)
class Mark:
    """What is wrong with one cell of a row. A row with a `grave` mark is not imported."""

    field: str
    code: str
    params: Mapping[str, Any] = filled_with(default_factory=dict)
    grave: bool = True


@dataclass
class Row:
    """One row as judged: `cells` are the texts (corrections in place), `values` what they mean."""

    index: int
    cells: dict[str, str]
    kept: bool = True
    values: dict[str, Any] = filled_with(default_factory=dict)
    passport: dict[str, Any] = filled_with(default_factory=dict)
    marks: list[Mark] = filled_with(default_factory=list)
    head: bool = False
    corrected: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        """The row's number in the file, as the partner sees it."""
        return self.index + 1

    @property
    def bad(self) -> bool:
        """Whether something keeps this row from being imported."""
        return self.kept and any(mark.grave for mark in self.marks)

    @property
    def shown_name(self) -> str:
        """The name for messages about this row."""
        for script in ("latin", "russian", "native"):
            name = f"{self.values.get(f'{script}_given', '')} {self.values.get(f'{script}_family', '')}".strip()
            if name:
                return name
        return next((self.cells[name] for name in FIELDS if self.cells.get(name)), "")[:80]

    def marks_of(self, name: str) -> list[Mark]:
        """The marks beside one cell."""
        return [mark for mark in self.marks if mark.field == name]


@dataclass(frozen=True)
class Terms:
    """What the coordinator said about a list, and what its rows are judged by."""

    columns: Mapping[str, int]
    orders: Mapping[str, str]
    name_orders: Mapping[str, str]
    head: str
    today: date
    departure: date | None = None
    citizenship: str = ""
    numbers: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()

    @classmethod
    def of(cls, mapping: Mapping[str, Any], headings: Headings, today: date, departure: date | None) -> "Terms":
        """Read them from a stored mapping."""
        columns = columns_of(mapping.get("columns", {}))
        names = {}
        for name in WHOLE_NAMES:
            if name in columns:
                heading = headings.texts[columns[name]] if columns[name] < len(headings.texts) else ""
                names[name] = mapping.get("names", {}).get(name) or guess_name_order(heading)
        return cls(columns, mapping.get("orders", {}), names, mapping.get("head", ""), today, departure,
                   mapping.get("citizenship", ""), frozenset(mapping.get("numbers", ())),
                   frozenset(mapping.get("names", ())))  # fmt: skip


@dataclass
class Judged:
    """All rows of a list, what has to be asked about whole columns, and what was passed over."""

    rows: list[Row]
    examples: int = 0
    ambiguous: dict[str, dict[str, int]] = filled_with(default_factory=dict)
    numbered: dict[str, int] = filled_with(default_factory=dict)
    nationless: int = 0
    unordered: list[str] = filled_with(default_factory=list)

    @property
    def bad(self) -> list[Row]:
        """Rows that keep the list from being imported."""
        return [row for row in self.rows if row.bad]

    @property
    def kept(self) -> list[Row]:
        """Rows that are to be imported."""
        return [row for row in self.rows if row.kept]


def judge(rows: Sequence[Sequence[str]], first: int, terms: Terms, corrections: Mapping[str, Any]) -> Judged:
    """Judge all rows from *first* on; *corrections* hold cells put right and rows left out."""
    cells_put_right: Mapping[str, Mapping[str, str]] = corrections.get("cells", {})
    left_out = set(corrections.get("left_out", ()))
    judged = Judged([])
    terms = replace(terms, name_orders=_name_orders(rows[first:], terms))
    for index in range(first, len(rows)):
        filled = [cell for cell in rows[index] if cell]
        if not filled or (len(set(filled)) == 1 and len(filled) > 2):
            continue
        if _is_example(rows[index], terms):
            judged.examples += 1
            continue
        corrected = cells_put_right.get(str(index), {})
        cells = {name: rows[index][column] for name, column in terms.columns.items()} | dict(corrected)
        if not any(cells.values()):
            continue
        row = Row(index, cells, index not in left_out, corrected=frozenset(corrected))
        _judge_row(row, terms)
        judged.rows.append(row)
    if terms.head == "first" and judged.kept:
        judged.kept[0].head = True
    _judge_together(judged)
    _ask(judged, terms)
    return judged


def _name_orders(rows: Sequence[Sequence[str]], terms: Terms) -> dict[str, str]:
    """Give the order of each column of whole names; where its rows show another one than its heading, nothing is known.

    "Adı Soyadı" puts the given name first, but who writes "ÖRNEK Aylin" below it does not.
    """
    found = dict(terms.name_orders)
    for name in found.keys() - terms.said:
        shown = {order_shown(row[terms.columns[name]]) for row in rows} - {""}
        if shown and shown != {found[name]}:
            found[name] = ""
    return found


def _is_example(row: Sequence[str], terms: Terms) -> bool:
    """Tell the blank list's example row: marked so in its first cell, unless that cell is a name."""
    at = next(at for at, cell in enumerate(row) if cell)
    named = any(terms.columns.get(name) == at for name in NAME_FIELDS)
    return not named and fold(row[at]).strip(" .:-()*") in EXAMPLE_MARKS


def _mark(row: Row, name: str, fault: Fault) -> None:
    row.marks.append(Mark(name, fault.code, fault.params, fault.grave))


def _judge_row(row: Row, terms: Terms) -> None:
    names = read_names(row.cells, terms.name_orders)
    row.values.update(names.parts)
    for name, wrong in names.faults:
        _mark(row, name, wrong)
    for name, limit in _LIMITS.items():
        text = row.cells.get(name, "")
        fault = text_fault(text, limit) if text else None
        if fault is not None:
            _mark(row, name, fault)
        elif text:
            row.values[name] = normalise(text)
    _read_choices(row, terms)
    dates = {name: day for name in DATE_FIELDS if (day := _read_day(row, name, terms)) is not None}
    _read_passport(row, dates)
    _judge_dates(row, dates, terms)
    if "birth_date" in dates:
        row.values["birth_date"] = dates["birth_date"].isoformat()


def _short(row: Row, name: str, limit: int = 100) -> str:
    """Give the cell's text, or mark it and give nothing when it cannot be any value."""
    text = row.cells.get(name, "")
    fault = text_fault(text, limit) if text else None
    if fault:
        _mark(row, name, fault)
        return ""
    return text


def _read_choices(row: Row, terms: Terms) -> None:
    _read_one(row, "citizenship", "citizenships", read_citizenships, Fault("visits.list-country-unknown"))
    _read_one(row, "sex", "sex", read_sex, Fault("visits.list-sex-unknown"))
    _read_one(row, "email", "email", read_email, Fault("base.not-an-email"))
    _read_one(row, "phone", "phone", read_phone, Fault("visits.list-phone"))
    if "citizenships" in row.values:
        row.values["citizenships"] = list(row.values["citizenships"])
    elif terms.citizenship and not row.cells.get("citizenship"):
        row.values["citizenships"] = [terms.citizenship]
    if terms.head == "column" and (text := _short(row, "head", 200)):
        yes = read_yes(text)
        row.head = bool(yes)
        if yes is None:
            _mark(row, "head", Fault("visits.list-not-yes-or-no", grave=False))


def _read_one(row: Row, name: str, to: str, read: Callable[[str], Any], fault: Fault) -> None:
    """Read a cell into a value, or mark it."""
    if text := _short(row, name, 254):
        value = read(text)
        if value is None:
            _mark(row, name, fault)
        else:
            row.values[to] = value


def _read_day(row: Row, name: str, terms: Terms) -> date | None:
    text = _short(row, name)
    if not text:
        return None
    read = read_date(text, terms.orders.get(name, ""), name in terms.numbers)
    if read.fault:
        _mark(row, name, read.fault)
    return read.value


def _read_passport(row: Row, dates: Mapping[str, date]) -> None:
    country = _passport_country(row)
    text = _short(row, "passport_number")
    number = read_passport_number(text) if text else None
    if isinstance(number, Fault):
        _mark(row, "passport_number", number)
    elif number and not country:
        where = "citizenship" if "citizenship" in row.cells else "passport_number"
        if not row.marks_of(where):
            _mark(row, where, Fault("visits.list-citizenship-missing"))
    elif number:
        home = country == "RU" and number.isdigit() and len(number) == HOME_INTERNAL_DIGITS
        kind = PassportType.INTERNAL if home else PassportType.ORDINARY
        row.passport = {"country": country, "number": number, "type": kind.value,
                        "issued_on": dates.get("issued_on"), "expires_on": dates.get("expires_on")}  # fmt: skip
    _read_one(row, "passport_type", "passport_type", read_passport_type, Fault("visits.list-passport-type"))
    if row.passport and "passport_type" in row.values:
        row.passport |= {"type": row.values["passport_type"].value, "type_given": True}


def _passport_country(row: Row) -> str | None:
    _read_one(row, "passport_country", "passport_countries", read_citizenships, Fault("visits.list-country-unknown"))
    named = row.values.get("passport_countries") or row.values.get("citizenships") or (None,)
    return str(named[0]) if named[0] else None


def _judge_dates(row: Row, dates: Mapping[str, date], terms: Terms) -> None:
    born, issued, expires = (dates.get(name) for name in DATE_FIELDS)
    if born and born > terms.today:
        _mark(row, "birth_date", Fault("visits.list-birth-ahead"))
    elif born and issued and issued < born:
        _mark(row, "birth_date", Fault("visits.list-birth-after-passport"))
    if issued and expires and expires <= issued:
        for name in ("issued_on", "expires_on"):
            _mark(row, name, Fault("visits.list-dates-swapped"))
        return
    if issued and issued > terms.today:
        _mark(row, "issued_on", Fault("visits.list-issued-ahead"))
    end = terms.departure or terms.today
    if expires and expires < end:
        _mark(row, "expires_on", Fault("visits.list-passport-too-short", {"day": end}, grave=False))


def _judge_together(judged: Judged) -> None:
    """Mark on every row concerned: the same passport twice, the same person twice, two heads."""
    passports, people, heads = defaultdict(list), defaultdict(list), []
    for row in judged.kept:
        if row.passport:
            passports[row.passport["country"], row.passport["number"]].append(row)
        if row.values.get("birth_date"):
            people[row.shown_name.casefold(), row.values["birth_date"]].append(row)
        if row.head:
            heads.append(row)
    twice = set()
    for same in passports.values():
        if len(same) > 1:
            _mark_others(same, "passport_number", "visits.list-passport-twice")
            twice |= {row.index for row in same}
    for same in people.values():
        if len(same) > 1 and not all(row.index in twice for row in same):
            _mark_others(same, "birth_date", "visits.list-person-twice")
    if len(heads) > 1:
        _mark_others(heads, "head", "visits.list-two-heads")


def _mark_others(same: Sequence[Row], name: str, code: str) -> None:
    numbers = [row.number for row in same[:6]]
    for row in same:
        others = [number for number in numbers if number != row.number][:5]
        row.marks.append(Mark(name, code, {"rows": others}))


def _ask(judged: Judged, terms: Terms) -> None:
    """Gather what one answer settles for many rows: which number is the day, which name comes first, which country."""
    judged.nationless = sum(
        any(mark.code == "visits.list-citizenship-missing" for mark in row.marks) for row in judged.kept
    )
    for name in DATE_FIELDS:
        if name not in terms.columns:
            continue
        counts = {"both": 0, "day": 0, "month": 0, NUMBER: 0}
        for row in judged.kept:
            text = row.cells.get(name, "")
            evidence = read_date(text).evidence if text and len(text) <= 100 and name not in row.corrected else ""
            if evidence:
                counts[evidence] += 1
        if counts["both"]:
            judged.ambiguous[name] = counts
        if counts[NUMBER]:
            judged.numbered[name] = counts[NUMBER]
    for name in WHOLE_NAMES:
        if name in terms.columns and any(
            mark.code == "visits.list-name-order" for row in judged.kept for mark in row.marks_of(name)
        ):
            judged.unordered.append(name)
