"""What people do with a partner's list: hand it in, say what its columns are, correct it, import it, drop it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.base.files import CSV, DOCX, XLS, XLSX, StoredFile, Upload, check_upload, keep_file, store
from workflow.base.slow_work import outcome_of
from workflow.base.unit_of_work import after_commit
from workflow.knowledge.countries import is_known_country
from workflow.visits.lists.cells import MAX_ROWS, TITLE_ROWS
from workflow.visits.lists.columns import (
    DATE_FIELDS,
    FIELDS,
    HEADING_ROWS,
    WHOLE_NAMES,
    Headings,
    find_headings,
    guess_columns,
    headings_at,
)
from workflow.visits.lists.comparing import Comparison, compare
from workflow.visits.lists.entering import Entered, enter, record_import
from workflow.visits.lists.judging import Judged, Terms, judge
from workflow.visits.lists.queries import NAMED, load_known, named_now
from workflow.visits.lists.reading import MAX_BYTES, Table, best_table, with_mark
from workflow.visits.lists.spreadsheets import ListFile, is_locked
from workflow.visits.models import MemberList, Visit
from workflow.visits.rules import Standing

ALLOWED = frozenset({XLSX, XLS, CSV, DOCX})
KEPT_FOR = timedelta(days=30)
MAX_CORRECTION = 2100


@dataclass(frozen=True)
class Sheet:
    """A list opened: its tables, the one chosen, and where its headings stand."""

    tables: Sequence[Table]
    chosen: int
    headings: Headings

    @property
    def table(self) -> Table:
        """The chosen sheet."""
        return self.tables[self.chosen]


def receive_list(session: Session, actor: Actor, now: datetime, visit: Visit, upload: Upload) -> MemberList:
    """Take in a partner's list: read it, guess its columns, keep file and contents encrypted.

    Raises:
        Invalid: the file is none of ours, damaged, locked, over the limits or empty.
        Conflict: the visit is over.
    """
    _check_live(visit)
    if is_locked(upload.data):
        raise Invalid("visits.list-password", field="file")
    upload = Upload(upload.name, with_mark(upload.data))
    kind = check_upload(upload, allowed=ALLOWED, limit=MAX_BYTES)
    opened = outcome_of(ListFile(upload.data, kind == CSV))
    tables = [table for table in opened if any(map(any, table.rows))]
    if not tables:
        raise Invalid("visits.list-empty", field="file")
    chosen = best_table(tables)
    file = keep_file(session, actor, now, upload, allowed=ALLOWED, limit=MAX_BYTES, visit_id=visit.id)
    found = MemberList(
        visit_id=visit.id, file_id=file.id, sheet={"tables": [table.plain() for table in tables]},
        mapping=_guess(tables[chosen], chosen), corrections={}, created_at=now, created_by=actor.account_id,
    )
    session.add(found)
    session.flush()
    record(session, actor, now, "visits.list.received", subject=found, visit_id=visit.id)
    return found


def _check_live(visit: Visit) -> None:
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")


def _guess(table: Table, chosen: int, row: int | None = -1) -> dict[str, Any]:
    headings = find_headings(table.rows, table.spanned) if row == -1 else headings_at(table.rows, row, table.spanned)
    columns = {str(column): name for column, name in guess_columns(headings.texts).items() if name in FIELDS}
    return {"table": chosen, "row": headings.row if headings.depth else None, "columns": columns, "orders": {},
            "names": {}, "head": "column" if "head" in columns.values() else ""}  # fmt: skip


def open_sheet(found: MemberList) -> Sheet:
    """Open a list's contents.

    Raises:
        Conflict: they were dropped, or the list was imported already.
    """
    if found.state != "preview":
        raise Conflict("visits.list-imported" if found.state == "imported" else "visits.list-dropped")
    tables = [Table.of(stored) for stored in found.sheet["tables"]]
    chosen = min(int(found.mapping.get("table", 0)), len(tables) - 1)
    table = tables[chosen]
    return Sheet(tables, chosen, headings_at(table.rows, found.mapping.get("row"), table.spanned))


def set_place(session: Session, found: MemberList, version: int | None, *, table: int, row: int | None) -> None:
    """Say on which sheet and in which row the headings stand; the columns are guessed anew.

    Raises:
        Invalid: there is no such sheet or row.
        Stale: somebody else worked on this list meanwhile.
    """
    expect_version(found, version)
    sheet = open_sheet(found)
    if not 0 <= table < len(sheet.tables):
        raise Invalid("base.not-a-choice", field="table")
    if row is not None and not 0 <= row < min(HEADING_ROWS, len(sheet.tables[table].rows)):
        raise Invalid("base.not-a-choice", field="row")
    if (table, row) != (sheet.chosen, found.mapping.get("row")):
        moved = table != sheet.chosen
        found.mapping = _guess(sheet.tables[table], table, -1 if moved else row)
        found.corrections = {}
        session.flush()


def set_columns(
    session: Session, found: MemberList, version: int | None, *, columns: Mapping[str, str], orders: Mapping[str, str],
    names: Mapping[str, str], head: str,
) -> None:
    """Say what each column is, which number is the day, which part of a name comes first, and who is the head.

    Raises:
        Invalid: a field twice, no name among them, or an unknown choice.
        Stale: somebody else worked on this list meanwhile.
    """
    expect_version(found, version)
    sheet = open_sheet(found)
    width = len(sheet.table.rows[0])
    chosen = {column: name for column, name in columns.items() if name}
    fields = list(chosen.values())
    there = {str(column) for column in range(width)}
    if not set(fields) <= set(FIELDS) or not set(chosen) <= there:
        raise Invalid("base.not-a-choice", field="columns")
    doubled = sorted({name for name in fields if fields.count(name) > 1})
    if doubled:
        raise Invalid("visits.list-column-twice", field="columns")
    if not {"full_name", "family", "latin_name", "latin_family", "native_name"} & set(fields):
        raise Invalid("visits.list-no-name-column", field="columns")
    if head not in ("", "first", "column") or (head == "column" and "head" not in fields):
        raise Invalid("visits.list-no-head-column", field="head")
    mapping = {
        **found.mapping, "columns": chosen, "head": head,
        "orders": {name: order for name, order in orders.items() if name in DATE_FIELDS and order in ("day", "month")},
        "names": {name: order for name, order in names.items() if name in WHOLE_NAMES and order in ("family", "given")},
    }  # fmt: skip
    if mapping != found.mapping:
        found.mapping = mapping
        session.flush()


def judge_list(found: MemberList, visit: Visit, now: datetime) -> tuple[Sheet, Judged]:
    """Judge a list as it stands now.

    Raises:
        Conflict: it was imported or dropped.
    """
    sheet = open_sheet(found)
    terms = Terms.of(found.mapping, sheet.headings, local_date(now, visit.zone), visit.departure)
    rows = sheet.table.rows[: MAX_ROWS + TITLE_ROWS]
    return sheet, judge(rows, sheet.headings.first, terms, found.corrections)


def correct_rows(
    session: Session, found: MemberList, version: int | None, *, cells: Mapping[tuple[int, str], str],
    shown: Sequence[int], kept: Sequence[int],
) -> None:
    """Put cells right, and leave out those of the rows *shown* that are not among *kept*.

    Raises:
        Stale: somebody else worked on this list meanwhile.
    """
    expect_version(found, version)
    sheet = open_sheet(found)
    columns = {name: int(column) for column, name in found.mapping["columns"].items()}
    rows = sheet.table.rows
    put_right = {index: dict(texts) for index, texts in found.corrections.get("cells", {}).items()}
    for (index, name), text in cells.items():
        if name not in columns or not 0 <= index < len(rows):
            continue
        of_row = put_right.setdefault(str(index), {})
        of_row.pop(name, None)
        if text != rows[index][columns[name]]:
            of_row[name] = text[:MAX_CORRECTION]
    left_out = set(found.corrections.get("left_out", ())) - set(shown)
    left_out |= {index for index in shown if index not in set(kept) and 0 <= index < len(rows)}
    found.corrections = {"cells": {index: texts for index, texts in put_right.items() if texts},
                         "left_out": sorted(left_out)}  # fmt: skip
    session.flush()


def set_orders(
    session: Session, found: MemberList, orders: Mapping[str, str], names: Mapping[str, str], *,
    numbers: Mapping[str, str] | None = None, citizenship: str | None = None,
) -> None:  # fmt: skip
    """Answer for whole columns which number is the day, which part of a name comes first, whether *numbers* are days.

    *citizenship* is that of all who name none; empty takes the answer back.

    Raises:
        Invalid: there is no such country.
    """
    if citizenship and not is_known_country(citizenship):
        raise Invalid("base.not-a-choice", field="citizenship")
    mapping = dict(found.mapping)
    if citizenship is not None:
        mapping["citizenship"] = citizenship
    if numbers:
        said = {**dict.fromkeys(mapping.get("numbers", ()), "yes"), **numbers}
        mapping["numbers"] = sorted(name for name, days in said.items() if name in DATE_FIELDS and days == "yes")
    mapping["orders"] = {**mapping.get("orders", {}), **{name: order for name, order in orders.items()
                                                         if name in DATE_FIELDS and order in ("day", "month")}}
    mapping["names"] = {**mapping.get("names", {}), **{name: order for name, order in names.items()
                                                       if name in WHOLE_NAMES and order in ("family", "given")}}
    if mapping != found.mapping:
        found.mapping = mapping
        session.flush()


def compare_list(session: Session, found: MemberList, visit: Visit, now: datetime) -> tuple[Sheet, Judged, Comparison]:
    """Judge a list and compare it with whom we know and who is in the delegation.

    Raises:
        Conflict: it was imported or dropped.
    """
    sheet, judged = judge_list(found, visit, now)
    return sheet, judged, compare(judged, load_known(session, visit.id, judged))


def import_list(
    session: Session, actor: Actor, now: datetime, visit: Visit, found: MemberList, *, version: int | None, seen: str,
    leaving: Mapping[int, str], reason: str,
) -> Entered:
    """Import a list: everything that the comparison showed, or nothing. The preview is dropped afterwards.

    *seen* names the comparison that the person was shown; *leaving* says what becomes of missing members.

    Raises:
        Conflict: rows are still bad, the delegation changed meanwhile, or the visit is over.
        Invalid: a choice about missing members cannot be.
        Stale: somebody else worked on this list meanwhile.
    """
    _check_live(visit)
    expect_version(found, version)
    _sheet, judged, comparison = compare_list(session, found, visit, now)
    if not judged.kept:
        raise Conflict("visits.list-nothing-kept")
    if judged.bad:
        raise Conflict("visits.list-bad-rows", count=len(judged.bad))
    if comparison.seen != seen:
        raise Conflict("visits.list-changed-meanwhile")
    if not advance(session, MemberList, found.id, from_=["preview"], to="imported"):
        raise Conflict("visits.list-imported")
    entered = enter(session, actor, now, visit, comparison, leaving, reason)
    found.sheet, found.corrections = {}, {}
    found.result = {**entered.plain(), NAMED: named_now(session, visit.id, comparison.removed)}
    session.flush()
    record_import(session, actor, now, visit, found.id, entered)
    return entered


def drop_list(session: Session, actor: Actor, now: datetime, found: MemberList) -> None:
    """Throw a list away that is not to be imported.

    Raises:
        Conflict: it was imported or dropped already.
    """
    if not advance(session, MemberList, found.id, from_=["preview"], to="dropped"):
        raise Conflict("visits.list-imported" if found.state == "imported" else "visits.list-dropped")
    found.sheet, found.corrections = {}, {}
    session.flush()
    record(session, actor, now, "visits.list.dropped", subject=found, visit_id=found.visit_id)


def purge_lists(session: Session, now: datetime, *, kept: timedelta = KEPT_FOR) -> int:
    """Drop what is left of lists older than *kept*, contents and file; nightly. Gives how many."""
    old = session.scalars(
        select(MemberList).where(MemberList.created_at < now - kept, MemberList.state != "dropped").limit(500)
    ).all()
    for found in old:
        empty_list(session, found)
    session.flush()
    return len(old)


def empty_list(session: Session, found: MemberList) -> None:
    """Take the contents out of a list, and its file's bytes away once that is committed; its line stays."""
    found.state, found.sheet, found.corrections = "dropped", {}, {}
    file = session.get(StoredFile, found.file_id)
    if file is not None:
        file.name, token, kept_in = "list", file.token, store()
        after_commit(session, lambda: kept_in.remove(token))
