"""The log of looks as a workbook; nothing in it can run as a formula."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from workflow.knowledge.cells import safe_cell


def workbook(title: str, headings: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> bytes:
    """Write one sheet of texts with a heading row that stays in view and can be filtered."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    sheet = book.add_worksheet(title[:31])
    bold, plain = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, safe_cell(value), plain)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    book.close()
    return out.getvalue()
