"""Reading a department's published record: a folder of CSV files, judged row by row before anything is kept.

`partners.csv`, `agreements.csv`, `memberships.csv`, `body_posts.csv`, `visits.csv`, `awards.csv` and `figures.csv` hold
the record itself; each row names its source. `russian.csv` (english, russian) and `places.csv` (place, place_ru,
country, zone) may help to show it in Russian and on the map. A file that is not there is empty.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workflow.knowledge.countries import is_known_country
from workflow.partners.rules import is_partial_date

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "partners": ("key", "name_en", "name_ru", "country", "kind", "tie", "languages", "website", "source"),
    "agreements": ("partner", "title_en", "own_party", "signed", "scope", "action_plan", "source"),
    "memberships": ("key", "name_en", "short", "member_since", "level", "members", "members_what", "source"),
    "body_posts": ("association", "body", "holder_office", "from", "source"),
    "visits": ("key", "direction", "kind", "title_en", "partner_or_body", "place", "start", "end", "head_office",
               "work_done", "source"),
    "awards": ("year", "award", "by", "result", "source"),
    "figures": ("what", "value", "bound", "unit", "period", "city", "source"),
    "russian": ("english", "russian"),
    "places": ("place", "place_ru", "country", "zone"),
}
DATES = {"agreements": ("signed",), "memberships": ("member_since",), "body_posts": ("from",),
         "visits": ("start", "end"), "awards": ("year",)}  # fmt: skip
DIRECTIONS = frozenset({"incoming", "outgoing", "online", "hosted event"})
NUMBERS = {"figures": "value", "memberships": "members"}

Row = Mapping[str, str]


class RecordFaults(Exception):
    """The record cannot be taken over; `faults` names every bad row as file:line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass
class Record:
    """A whole record, read and judged."""

    files: dict[str, list[Row]] = field(default_factory=dict)
    russian: dict[str, str] = field(default_factory=dict)
    places: dict[str, Row] = field(default_factory=dict)

    def ru(self, english: str) -> str:
        """Give the Russian of a text; empty when the record has none."""
        return self.russian.get(english.strip(), "")

    def shown(self, english: str) -> str:
        """Give the Russian of a text, or the text itself, for fields kept in one language only."""
        return self.ru(english) or english.strip()

    def several(self, texts: str) -> list[str]:
        """Split texts joined by semicolons and show each."""
        return [self.shown(text) for text in texts.split(";") if text.strip()]


def read_record(folder: Path) -> Record:
    """Read a folder.

    Raises:
        RecordFaults: a column is missing or a row is wrong; all faults at once.
    """
    faults: list[str] = []
    record = Record()
    for name in COLUMNS:
        record.files[name] = [row for _line, row in _rows(folder, name, faults)]
    if not any(record.files.values()):
        faults.append(f"{folder}: none of {', '.join(f'{name}.csv' for name in COLUMNS)} is here")
    record.russian = {row["english"].strip(): row["russian"].strip() for row in record.files["russian"]}
    record.places = {row["place"]: row for row in record.files["places"]}
    known = {row["key"] for row in (*record.files["partners"], *record.files["memberships"])}
    for name, column in (("agreements", "partner"), ("visits", "partner_or_body"), ("body_posts", "association"),
                         ("awards", "by")):  # fmt: skip
        for row in record.files[name]:
            named = [part.strip() for part in row[column].split(";") if part.strip()]
            faults += [f"{name}.csv: nobody has the key {key!r}" for key in named if key not in known]
    if faults:
        raise RecordFaults(faults)
    return record


def _rows(folder: Path, name: str, faults: list[str]) -> Iterator[tuple[int, Row]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{path.name}: not in UTF-8")
        return
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS[name] if column not in (reader.fieldnames or ())]
    if missing:
        faults.append(f"{path.name}: no column {', '.join(missing)}")
        return
    for number, raw in enumerate(reader, 2):
        row = {column: (raw.get(column) or "").strip() for column in COLUMNS[name]}
        faults.extend(f"{path.name}:{number}: {fault}" for fault in _faults(name, row))
        yield number, row


def _faults(name: str, row: Row) -> Iterator[str]:
    first = COLUMNS[name][0]
    if not row[first]:
        yield f"no {first}"
    for column in DATES.get(name, ()):
        if row[column] and not is_partial_date(row[column]):
            yield f"{column} {row[column]!r} is no date, month or year"
    if name in NUMBERS and row[NUMBERS[name]] and not row[NUMBERS[name]].isdecimal():
        yield f"{NUMBERS[name]} {row[NUMBERS[name]]!r} is no number"
    if name == "visits" and row["direction"] not in DIRECTIONS:
        yield f"direction {row['direction']!r} is none of {', '.join(sorted(DIRECTIONS))}"
    if name in ("partners", "places") and row["country"] and not is_known_country(row["country"]):
        yield f"no country {row['country']!r}"
