"""Reads the tables of a DOCX as plain text (Office Open XML, ECMA-376 part 1, 17.4); runs in the child process only.

A document type or an entity in it ends the reading at once: Word writes neither, and with them a file could fetch
other files or grow without end.
"""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.parsers import expat

from workflow.visits.lists.cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, TITLE_ROWS, cell_text

DOCUMENT = "word/document.xml"
MAX_XML = 60 * 1024 * 1024
MAX_DEPTH = 200
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "


class Refused(Exception):
    """The document is not read; the code says why, with its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.answer: dict[str, Any] = {"code": code, **params}


@dataclass
class _Cell:
    text: list[str] = field(default_factory=list)
    width: int = 1
    goes_on: bool = False


@dataclass
class _Rows:
    rows: list[list[str]] = field(default_factory=list)
    spanned: set[int] = field(default_factory=set)


class TableReader:
    """Gathers the outermost tables while the document is read; a table within a cell becomes that cell's text."""

    def __init__(self) -> None:
        self.tables: list[_Rows] = []
        self._depth = 0
        self._tables = 0
        self._row: list[str] = []
        self._cell: _Cell | None = None
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Refused("base.file-bomb")
        tag = _tag(name)
        if tag == "tbl":
            self._tables += 1
            if self._tables == 1:
                self.tables.append(_Rows())
        elif self._tables == 1 and tag == "tr":
            self._row = []
        elif self._tables == 1 and tag == "tc":
            self._cell = _Cell()
        elif self._tables == 1 and tag == "gridBefore":
            self._row += [""] * min(_number(attributes), MAX_COLUMNS)
        elif self._cell is not None:
            self._in_cell(tag, attributes)

    def _in_cell(self, tag: str, attributes: dict[str, str]) -> None:
        assert self._cell is not None  # noqa: S101 — asked by the caller
        if tag == "t":
            self._in_text = True
        elif tag in ("br", "cr"):
            self._cell.text.append("\n")
        elif tag == "tab":
            self._cell.text.append(" ")
        elif self._tables == 1 and tag == "gridSpan":
            self._cell.width = max(1, min(_number(attributes), MAX_COLUMNS))
        elif self._tables == 1 and tag == "vMerge":
            self._cell.goes_on = _value(attributes) != "restart"

    def text(self, text: str) -> None:
        """Take text."""
        if self._in_text and self._cell is not None:
            self._cell.text.append(text)

    def end(self, name: str) -> None:
        """Take a closing tag."""
        self._depth -= 1
        tag = _tag(name)
        if tag == "t":
            self._in_text = False
        elif tag == "p" and self._cell is not None:
            self._cell.text.append("\n")
        elif tag == "tbl":
            self._tables -= 1
        elif self._tables == 1 and tag == "tc" and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif self._tables == 1 and tag == "tr":
            self._close_row()

    def _close_cell(self, cell: _Cell) -> None:
        table, at = self.tables[-1], len(self._row)
        if cell.goes_on:
            above = table.rows[-1] if table.rows else []
            written = above[at] if at < len(above) else ""
        else:
            lines = (line.strip() for line in "".join(cell.text).split("\n"))
            written = cell_text("\n".join(line for line in lines if line))
        if cell.width > 1:
            table.spanned.add(len(table.rows))
        self._row += [written] * cell.width
        if len(self._row) > MAX_COLUMNS * 20:
            raise Refused("visits.list-too-many-columns", limit=MAX_COLUMNS)

    def _close_row(self) -> None:
        table = self.tables[-1]
        table.rows.append(self._row)
        if len(table.rows) > (MAX_ROWS + TITLE_ROWS) * 2:
            raise Refused("visits.list-too-many-rows", limit=MAX_ROWS)


def _tag(name: str) -> str:
    for namespace in (_W, _STRICT):
        if name.startswith(namespace):
            return name[len(namespace) :]
    return ""


def _value(attributes: dict[str, str]) -> str:
    return attributes.get(f"{_W}val") or attributes.get(f"{_STRICT}val") or ""


def _number(attributes: dict[str, str]) -> int:
    value = _value(attributes)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _no_types(*_what: Any) -> Any:
    raise Refused("visits.list-damaged")


def is_document(data: bytes) -> bool:
    """Tell a DOCX from a spreadsheet."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return DOCUMENT in archive.namelist()
    except zipfile.BadZipFile:
        return False


def read_document(data: bytes) -> dict[str, Any]:
    """Read all tables of a DOCX: the answer that the child process writes.

    Raises:
        Refused: damaged, hostile, or more than we read.
    """
    reader = TableReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_types
    parser.EntityDeclHandler = _no_types
    parser.ExternalEntityRefHandler = _no_types
    parser.buffer_text = True
    left = MAX_XML
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(DOCUMENT) as part:
            while chunk := part.read(256 * 1024):
                left -= len(chunk)
                if left < 0:
                    raise Refused("base.file-bomb")
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, KeyError, RuntimeError, NotImplementedError):
        raise Refused("visits.list-damaged") from None
    sheets = [
        {"name": str(number), "rows": table.rows, "spanned": sorted(table.spanned)}
        for number, table in enumerate(reader.tables, 1) if any(map(any, table.rows))
    ]  # fmt: skip
    if not sheets:
        raise Refused("visits.list-no-table")
    return {"sheets": sheets[:MAX_SHEETS]}
