"""Fills a database with as many visits as wanted: copies of one rich visit with everything that hangs on it.

Copying is generic: every row that belongs to the visit (by foreign key or a column ``visit_id``) and the persons of
its delegation are copied under new ids, references among the copied rows lead to the copies, and what must be unique
is made so. A new room's table needs no line here. As in a real office, a page full of visits lives, the rest is past.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, String, Table, Text, UniqueConstraint

from workflow.base.database import Base

NOT_COPIED = {"job", "idempotent_call", "rate_limit", "heartbeat", "process_definition"}
SHARED = {"account", "partner", "office"}
ROOTS = {"visit", "person"}
ROUNDS = 4  # references may point both ways; a few rounds find all rows
HASHES = {"address_index", "name_index"}
"""Whom letters went to: each visit has its own people, so that an index of them tells rows apart."""

Row = dict[str, Any]


def belonging() -> list[Table]:
    """List the tables whose rows belong to a visit or its people, each after those that it refers to."""
    found = set(ROOTS)
    tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_COPIED | SHARED]
    while True:
        more = {
            table.name
            for table in tables
            if "visit_id" in table.c or any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return [table for table in tables if table.name in found and "id" in table.c]
        found |= more


def unique_sets(table: Table) -> Iterator[list[Column[Any]]]:
    """Yield the sets of columns that must differ between rows."""
    yield from ([column] for column in table.columns if column.unique)
    yield from (list(rule.columns) for rule in table.constraints if isinstance(rule, UniqueConstraint))
    yield from ([*index.columns] for index in table.indexes if index.unique)


@dataclass
class Copier:
    """What is copied, and where each copy goes."""

    database: sqlite3.Connection
    visit_id: int
    tables: list[Table] = field(default_factory=belonging)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    places: dict[str, dict[int, int]] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {table.name for table in self.tables}
        self._collect()
        self.places = {name: {row["id"]: at for at, row in enumerate(found)} for name, found in self.rows.items()}
        self.highest = {
            name: self.database.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in self.names
        }

    def target(self, column: Column[Any]) -> str | None:
        """Name the copied table that a column refers to, if it does."""
        for key in column.foreign_keys:
            if key.column.table.name in self.names:
                return str(key.column.table.name)
        return "visit" if column.name == "visit_id" else None

    def _collect(self) -> None:
        ids: dict[str, set[int]] = {"visit": {self.visit_id}}
        for _ in range(ROUNDS):
            for table in self.tables:
                everything = [dict(row) for row in self.database.execute(f'SELECT * FROM "{table.name}"')]  # noqa: S608
                self.rows[table.name] = mine = [row for row in everything if self._mine(table, row, ids)]
                if table.name not in ROOTS:
                    ids[table.name] = {row["id"] for row in mine}
            ids["person"] = {row["person_id"] for row in self.rows["member"]}

    def _mine(self, table: Table, row: Row, ids: dict[str, set[int]]) -> bool:
        if table.name in ROOTS:
            return row["id"] in ids.get(table.name, ())
        targets = ((column.name, self.target(column)) for column in table.columns)
        return any(row[name] in ids.get(target, ()) for name, target in targets if target)

    def moved(self, name: str, old: Any, number: int) -> Any:
        """Give the id that copy *number* of a row has."""
        place = self.places[name].get(old)
        return old if place is None else self.highest[name] + 1 + number * len(self.rows[name]) + place

    def made_unique(self, table: Table) -> set[str]:
        """Name one column in each unique set that no copied reference makes different already."""
        chosen = set()
        for columns in unique_sets(table):
            if not any(self.target(column) or column.primary_key for column in columns):
                texts = [column.name for column in columns if isinstance(column.type, String | Text)]
                chosen.add(texts[-1] if texts else columns[-1].name)
        return chosen

    def copies(self, table: Table, count: int) -> Iterator[list[Any]]:
        """Make *count* copies of every row of a table."""
        unique = self.made_unique(table) | HASHES & set(table.c.keys())
        targets = {column.name: target for column in table.columns if (target := self.target(column))}
        generic = {"subject_kind", "subject_id"} <= set(table.c.keys())
        for number in range(count):
            for row in self.rows[table.name]:
                new = row | {name: self.moved(target, row[name], number) for name, target in targets.items()}
                new["id"] = self.moved(table.name, row["id"], number)
                if generic and row["subject_kind"] in self.names:
                    new["subject_id"] = self.moved(row["subject_kind"], row["subject_id"], number)
                for name in unique:
                    if row[name] is not None:
                        new[name] = f"{row[name]}.{number}" if isinstance(row[name], str) else row[name] + number + 1
                yield [new[column.name] for column in table.columns]


def copy_visit(path: Path, visit_id: int, count: int) -> int:
    """Copy one visit *count* times; give how many rows that made."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute("PRAGMA synchronous=OFF")
        copier = Copier(database, visit_id)
        made = 0
        for table in copier.tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            marks = ", ".join("?" * len(table.columns))
            statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608
            database.executemany(statement, copier.copies(table, count))
            made += count * len(copier.rows[table.name])
        database.commit()
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    return made


LONG_AGO = "'-' || (400 + id % 3000) || ' days'"
"""Never in the year of the living: a page of this year counts and shows the same visits in a huge system."""
PAST = (
    "UPDATE visit SET standing = 'closed', stage = 'closed' WHERE id IN (SELECT id FROM past)",
    f"UPDATE visit SET arrival = date(arrival, {LONG_AGO}) WHERE id IN (SELECT id FROM past)",  # noqa: S608
    f"UPDATE visit SET departure = date(departure, {LONG_AGO}) WHERE id IN (SELECT id FROM past)",  # noqa: S608
    "UPDATE reminder SET state = 'withdrawn' WHERE visit_id IN (SELECT id FROM past)",
    "UPDATE assignment SET state = 'cancelled' WHERE visit_id IN (SELECT id FROM past)",
    "UPDATE outcome SET state = 'done' WHERE visit_id IN (SELECT id FROM past)",
    "UPDATE visit SET partner_id = 2 + id % (SELECT count(*) - 1 FROM partner) WHERE id IN (SELECT id FROM past)",
)


def let_pass(path: Path, living: int) -> None:
    """Let all but the first *living* visits be over: closed in years before, with other partners, nothing due."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TEMP TABLE past AS SELECT id FROM visit ORDER BY id LIMIT -1 OFFSET ?", (living,))
        for statement in PAST:
            database.execute(statement)
        database.commit()
        database.execute("ANALYZE")
        database.commit()
