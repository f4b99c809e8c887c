"""The blank list as a Word table, for partners who open neither links nor spreadsheets; it comes back by the import."""

from datetime import date
from functools import lru_cache
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from workflow.visits.lists.blank import example_of, headings_of, title_of

ROWS = 20
FONT = 8
_FONTS = {"zh": "Noto Sans CJK SC"}


@lru_cache(maxsize=8)
def blank_document(language: str) -> bytes:
    """Make the blank list in one of the languages of `visits.lists.blank`, as DOCX on a landscape page."""
    title, hint = title_of(language)
    document = Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(420), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(12)
    style = document.styles["Normal"]
    style.font.size = Pt(FONT)
    style.font.name = _FONTS.get(language, "Arial")
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONTS.get(language, "Arial"))
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.language = language
    line = document.add_paragraph().add_run(title)
    line.bold, line.font.size = True, Pt(14)
    document.add_paragraph(hint)
    headings = headings_of(language)
    table = document.add_table(rows=2 + ROWS, cols=len(headings))
    table.style = "Table Grid"
    cells = [list(row.cells) for row in table.rows]
    for column, (heading, value) in enumerate(zip(headings, example_of(language), strict=True)):
        cells[0][column].paragraphs[0].add_run(heading).bold = True
        text = value.strftime("%d.%m.%Y") if isinstance(value, date) else value
        cells[1][column].paragraphs[0].add_run(text).italic = True
    made = BytesIO()
    document.save(made)
    return made.getvalue()
