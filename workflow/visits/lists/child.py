"""The process in which a list is opened: bytes on stdin, one JSON on stdout; no database, no secrets.

A sheet of two cells at its far corners fills all memory when it is opened, and a small file may unpack to gigabytes.
Here that ends this process only. Started by `workflow.visits.lists.spreadsheets`, never imported for use.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

import python_calamine as calamine

from workflow.visits.lists.cells import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, TITLE_ROWS, cell_text
from workflow.visits.lists.documents import Refused, is_document, read_document

MEMORY = 1024 * 1024 * 1024
SECONDS = 15


def read(data: bytes) -> dict[str, Any]:
    """Read all visible sheets, merged cells filled with their value."""
    try:
        book = calamine.load_workbook(BytesIO(data))
        visible = [about.name for about in book.sheets_metadata
                   if about.visible == calamine.SheetVisibleEnum.Visible
                   and about.typ == calamine.SheetTypeEnum.WorkSheet]  # fmt: skip
        sheets = []
        for name in (visible or book.sheet_names)[:MAX_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            if sheet.height > (MAX_ROWS + TITLE_ROWS) * 4:
                return {"code": "visits.list-too-many-rows", "limit": MAX_ROWS}
            if sheet.width > MAX_COLUMNS * 20:
                return {"code": "visits.list-too-many-columns", "limit": MAX_COLUMNS}
            sheets.append(_sheet(name, sheet))
    except calamine.PasswordError:
        return {"code": "visits.list-password"}
    except (calamine.CalamineError, ValueError, OSError):
        return {"code": "visits.list-damaged"}
    return {"sheets": sheets}


def _sheet(name: str, sheet: Any) -> dict[str, Any]:
    rows = [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spanned = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]):
            continue
        if right > left and bottom == top:
            spanned.add(top)
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return {"name": name, "rows": rows, "spanned": sorted(spanned)}


def main() -> None:
    """Set the limits, read, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        data = sys.stdin.buffer.read()
        answer = read_document(data) if is_document(data) else read(data)
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = {"code": "base.file-bomb"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
