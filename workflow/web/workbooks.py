"""Lists given out as workbooks. Nothing that a person typed can run as a formula or become a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import xlsxwriter

from workflow.knowledge.cells import safe_cell

Cell = str | int | date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, headings with column widths, and rows."""

    name: str
    headings: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def workbook(title: str, sheets: Sequence[Sheet]) -> bytes:
    """Write the sheets, each with a heading row that stays in view and can be filtered; A4 across when printed."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})
    book.set_properties({"title": title})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    dated = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
    for one in sheets:
        sheet = book.add_worksheet(one.name[:31])
        for column, (heading, width) in enumerate(one.headings):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(one.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, dated)
                elif isinstance(value, int):
                    sheet.write_number(number, column, value, plain)
                else:
                    sheet.write_string(number, column, safe_cell(value or ""), plain)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(one.rows), 1), len(one.headings) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()
    return out.getvalue()
