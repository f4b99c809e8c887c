"""Reads a partner's CSV into tables of plain text, and holds every table to the limits; knows no database."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any

from workflow.base.errors import Invalid
from workflow.visits.lists.cells import MAX_COLUMNS, MAX_ROWS, TITLE_ROWS, cell_text
from workflow.visits.lists.columns import find_headings, guess_columns

MAX_BYTES = 25 * 1024 * 1024

_DELIMITERS = (",", ";", "\t", "|")
_EIGHT_BIT = ("cp1251", "cp1254", "gb18030")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Table:
    """One sheet as text. `rows[0]` is the file's first row; `spanned` are rows with cells merged across columns."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    spanned: frozenset[int] = frozenset()

    def plain(self) -> dict[str, Any]:
        """Give what is stored."""
        return {"name": self.name, "rows": [list(row) for row in self.rows], "spanned": sorted(self.spanned)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Table":
        """Take what was stored."""
        return cls(stored["name"], tuple(tuple(row) for row in stored["rows"]), frozenset(stored["spanned"]))


def with_mark(data: bytes) -> bytes:
    """Put the byte order mark before UTF-16 that came without one, so that it is known for text."""
    head = data[:2000]
    if not head or head.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return data
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) / 2
    if odd > half * 0.3 and even < half * 0.05:
        return b"\xff\xfe" + data
    if even > half * 0.3 and odd < half * 0.05:
        return b"\xfe\xff" + data
    return data


def read_csv(data: bytes, name: str = "") -> list[Table]:
    """Read a CSV of any usual encoding and delimiter.

    Raises:
        Invalid: it cannot be read, or is over the limits.
    """
    encoding = next((known for mark, known in _BOMS.items() if data.startswith(mark)), "utf-8")
    try:
        return [make_table(name, _best_rows(data.decode(encoding)))]
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Invalid("visits.list-damaged", field="file") from None
    read = [rows for rows in map(_decoded, [data] * len(_EIGHT_BIT), _EIGHT_BIT) if rows is not None]
    return [make_table(name, max(read, key=_known_headings))]


def _decoded(data: bytes, encoding: str) -> list[list[str]] | None:
    try:
        return _best_rows(data.decode(encoding, errors="replace" if encoding == "cp1251" else "strict"))
    except UnicodeDecodeError:
        return None


def _known_headings(rows: Iterable[Sequence[str]]) -> int:
    return len(guess_columns(find_headings(list(islice(rows, TITLE_ROWS))).texts))


def _best_rows(text: str) -> list[list[str]]:
    head = text[:100_000]
    best = max(_DELIMITERS, key=lambda delimiter: _evenness(head, delimiter))
    return _parse(text, best)


def _parse(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = []
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell_text(cell) for cell in row])
            if len(rows) > MAX_ROWS * 4:
                raise Invalid("visits.list-too-many-rows", field="file", limit=MAX_ROWS)
    except csv.Error:
        raise Invalid("visits.list-damaged", field="file") from None
    return rows


def _evenness(head: str, delimiter: str) -> tuple[int, int]:
    try:
        rows = list(islice(csv.reader(StringIO(head, newline=""), delimiter=delimiter), 50))
    except csv.Error:
        return 0, 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return count, width


def make_table(name: str, rows: Iterable[Sequence[str]], spanned: Iterable[int] = ()) -> Table:
    """Make a table, its empty edges cut off.

    Raises:
        Invalid: too many rows or columns.
    """
    kept = [tuple(row) for row in rows]
    while kept and not any(kept[-1]):
        kept.pop()
    width = max((at + 1 for row in kept for at, cell in enumerate(row) if cell), default=0)
    if width > MAX_COLUMNS:
        raise Invalid("visits.list-too-many-columns", field="file", limit=MAX_COLUMNS)
    if len(kept) > MAX_ROWS + TITLE_ROWS:
        raise Invalid("visits.list-too-many-rows", field="file", limit=MAX_ROWS)
    return Table(name, tuple((*row[:width], *("",) * (width - len(row))) for row in kept), frozenset(spanned))


def best_table(tables: Sequence[Table]) -> int:
    """Choose the sheet in which the most headings are known."""
    return max(range(len(tables)), key=lambda at: (_known_headings(tables[at].rows), -at))
