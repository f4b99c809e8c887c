"""The list of visits as a workbook; nothing that a person typed can run as a formula."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter

from workflow.desk.rules import safe_cell


def workbook(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Write one sheet with a heading row that stays in view and can be filtered."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    dated = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, dated)
            elif isinstance(value, int):
                sheet.write_number(number, column, value, plain)
            else:
                sheet.write_string(number, column, str(safe_cell("" if value is None else value)), plain)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    sheet.set_column(0, len(headings) - 1, 22)
    book.close()
    return out.getvalue()
