"""Ready-made DOCX templates to begin from: real Word styles, with placeholders for the facts that a kind has."""

import io
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from workflow.papers.authoring.scrubbing import scrub
from workflow.papers.editions import Kind

FONT = "Times New Roman"
WORDS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "dear": "Уважаемые коллеги!", "closing": "С уважением,", "number": "№", "name": "Фамилия, имя, отчество",
        "post": "Должность", "phone": "тел.", "text": "Замените этот абзац своим текстом.", "dates": "Даты визита:",
        "from": "от", "no": "№",
    },
    "en": {
        "dear": "Dear colleagues,", "closing": "Yours sincerely,", "number": "No.", "name": "Name", "post": "Post",
        "phone": "Tel.", "text": "Put your own text in place of this paragraph.", "dates": "Dates of the visit:",
        "from": "of", "no": "No.",
    },
}  # fmt: skip


class _Letter:
    """One sample being written."""

    def __init__(self, kind: Kind, language: str) -> None:
        self.kind, self.words = kind, WORDS.get(language, WORDS["en"])
        self.title = kind.subject_line(language)
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(12)
        normal.paragraph_format.space_after = Pt(6)

    def line(self, text: str, *, side: Any = None, bold: bool = False, indent: bool = False) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph.add_run(text).bold = bold or None
        paragraph.alignment = side
        if indent:
            paragraph.paragraph_format.first_line_indent = Mm(12.5)
        return paragraph

    def has(self, section: str) -> bool:
        return section in self.kind.sections

    def write(self) -> None:
        centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
        if self.has("office"):
            self.line("{{ office.letterhead|lines }}", side=centre, bold=True)
            self.line("{{ office.address }}, " + self.words["phone"] + " {{ office.phone }}", side=centre)
        self.line(
            self.words["no"] + " {{ paper.number|default('________') }} " + self.words["from"] + " "
            "{{ paper.date|date|default('________') }}"
        )  # fmt: skip
        if self.has("partner"):
            self.line("{{ partner.name }}", side=right)
            self.line("{{ partner.city }}", side=right)
        self.line(self.title, bold=True)
        self.line(self.words["dear"], side=centre)
        self.line(self.words["text"], indent=True)
        if self.has("visit"):
            self.line(self.words["dates"] + " {{ visit|from_to }}. {{ visit.purpose|upper_first|full_stop }}",
                      indent=True)  # fmt: skip
        if self.has("delegation"):
            self.members()
        self.line(self.words["closing"])
        if self.has("office"):
            signed = self.line("{{ office.signatory.post }}\t{{ office.signatory.short }}")
            signed.paragraph_format.tab_stops.add_tab_stop(Mm(165), WD_TAB_ALIGNMENT.RIGHT)

    def members(self) -> None:
        table = self.document.add_table(rows=4, cols=3)
        table.style, table.autofit = "Table Grid", False
        head, begin, row, end = table.rows
        for cell, text in zip(head.cells, (self.words["number"], self.words["name"], self.words["post"]), strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        begin.cells[0].text = "{%tr for member in delegation.members %}"
        inner = ("{{ loop.index }}", "{{ member.name }}", "{{ member.post|default }}")
        for cell, text in zip(row.cells, inner, strict=True):
            cell.text = text
        end.cells[0].text = "{%tr endfor %}"
        for each in table.rows:
            for cell, width in zip(each.cells, (Mm(15), Mm(80), Mm(70)), strict=True):
                cell.width = width
        self.document.add_paragraph()


def sample_template(kind: Kind, language: str) -> bytes:
    """A template to begin from, for a kind and language; the same each time."""
    letter = _Letter(kind, language)
    letter.write()
    told = letter.document.core_properties
    told.title, told.author, told.comments = letter.title, "", ""
    told.created = told.modified = told.created.replace(year=2000, month=1, day=1, hour=0, minute=0, second=0)
    stream = io.BytesIO()
    letter.document.save(stream)
    return scrub(stream.getvalue()).data
