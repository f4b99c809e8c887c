"""Lists as partners send them, made for tests."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

HEADINGS = ("No", "Surname", "Given names", "Citizenship", "Date of birth", "Sex", "Passport No", "Date of issue",
            "Valid until", "Position")  # fmt: skip


def xlsx(*rows: Sequence[Any], title: str = "List") -> bytes:
    """Make a workbook of one sheet; texts stay texts."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return made.getvalue()


def person(number: int, **other: str) -> tuple[str, ...]:
    """Make one invented traveller's row under `HEADINGS`."""
    letters = f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}{chr(65 + number // 676 % 26)}"
    values = {
        "no": str(number + 1), "family": f"SPECIMEN{letters}", "given": "AYSE", "citizenship": "Türkiye",
        "birth": f"{number % 28 + 1:02}.05.{1950 + number % 40}", "sex": "K", "passport": f"U{10_000_000 + number}",
        "issued": "01.02.2022", "expires": "01.02.2032", "post": "Mayor",
    } | other  # fmt: skip
    return tuple(values.values())


def list_of(people: Iterable[Sequence[Any]]) -> bytes:
    """Make a workbook with a title above its headings, as partners do."""
    return xlsx(["Delegation of Kadıköy"], [], HEADINGS, *people)
