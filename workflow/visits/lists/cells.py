"""Limits of a list, and a spreadsheet's cell as text. Imports next to nothing: the child process starts with it."""

from datetime import date, datetime
from typing import Any

MAX_ROWS = 5000
MAX_COLUMNS = 60
MAX_CELL = 2000
MAX_SHEETS = 10
TITLE_ROWS = 20


def cell_text(value: Any) -> str:
    """Write a spreadsheet's cell as text: dates as 1975-04-03, whole numbers without a point, formulas as text."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        text = value.strip()
        return text if len(text) <= MAX_CELL else text[:MAX_CELL] + "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
