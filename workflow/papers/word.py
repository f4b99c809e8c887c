"""A plan → DOCX with real styles, for the clerk who must edit; the same plan gives the same bytes."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from workflow.papers.pdf import picture_format, qr_png, stamp, svg_png
from workflow.papers.plan import HELD_ROWS, Part, Plan

FONT = "Times New Roman"
"""On every office machine; LibreOffice puts a font of the same widths in its place."""
_TEXT_WIDTH = 165
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_LCID = {"ru": "ru-RU", "en": "en-GB", "zh": "zh-CN"}


def salutation_side(plan: Plan) -> str:
    """Where a letter addresses: in the middle of the line in Russian, at its beginning in other languages."""
    return "center" if plan["language"] in ("ru", "be", "uk") or plan["layout"] == "diploma" else "left"


class _Writer:
    """One document being written."""

    def __init__(self, plan: Plan, arms: bytes | None) -> None:
        self.plan, self.arms = plan, arms
        self.document: Any = Document()
        self.breaks = False
        self._page()
        self._styles()

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        self.width = _TEXT_WIDTH
        if self.plan.get("landscape"):
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
            self.width = _TEXT_WIDTH + 87
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin, section.bottom_margin = Mm(18), Mm(20)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        number._p.append(field)  # noqa: SLF001 - python-docx has no other way
        if self.plan["draft"]:
            for header in (section.first_page_header.paragraphs[0], section.header.add_paragraph()):
                header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                header.add_run(self.plan["labels"]["draft"]).bold = True

    def _styles(self) -> None:
        styles = self.document.styles
        normal = styles["Normal"]
        base = 11 if self.plan["layout"] == "document" else 12  # as on paper
        self._font(normal, base)
        normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.line_spacing = 1.15
        indent = Mm(0) if self.plan["layout"] == "document" else Mm(12.5)
        made = {
            "Paper Text": (base, WD_ALIGN_PARAGRAPH.JUSTIFY, indent, 0),
            "Paper Letterhead": (11, WD_ALIGN_PARAGRAPH.CENTER, Mm(0), 0),
            "Paper Contacts": (9, WD_ALIGN_PARAGRAPH.CENTER, Mm(0), 0),
            "Paper Reference": (11, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Date": (11, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Addressee": (base, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Annex": (base, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Subject": (base, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 12),
            "Paper Title": (13, WD_ALIGN_PARAGRAPH.CENTER, Mm(0), 12),
            "Paper Salutation": (base, _SIDES[salutation_side(self.plan)], Mm(0), 14),
            "Paper Closing": (base, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 12),
            "Paper Signature": (base, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 24),
            "Paper Note": (9, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Executor": (9, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 18),
            "Paper Verification": (9, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper Mark": (8, WD_ALIGN_PARAGRAPH.CENTER, Mm(0), 12),
            "Paper Gap": (4, WD_ALIGN_PARAGRAPH.LEFT, Mm(0), 0),
            "Paper List": (base, WD_ALIGN_PARAGRAPH.JUSTIFY, indent, 0),
        }
        for name, (size, align, first, before) in made.items():
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            self._font(style, size)
            style.paragraph_format.alignment = align
            style.paragraph_format.first_line_indent = first
            style.paragraph_format.space_before = Pt(before)
        for level, size in ((1, 13), (2, 12), (3, 11)):
            heading = styles[f"Heading {level}"]
            self._font(heading, size)
            heading.font.bold = True
            heading.font.color.rgb = RGBColor(0, 0, 0)
            heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(6)
            heading.paragraph_format.keep_with_next = True
        styles["Paper Title"].paragraph_format.space_after = Pt(8)
        styles["Paper Date"].paragraph_format.space_after = Pt(6)
        if self.plan["layout"] == "diploma":
            self._as_diploma(styles)
        styles["Paper Signature"].paragraph_format.keep_together = True
        styles["Paper Closing"].paragraph_format.keep_with_next = True

    def _as_diploma(self, styles: Any) -> None:
        """A sheet to hang on a wall: everything but the signature in the middle, the title and the name large."""
        sizes = {"Paper Title": 30, "Paper Subject": 14, "Paper Text": 14, "Paper Salutation": 24, "Paper Note": 11}
        for name, size in sizes.items():
            styles[name].font.size = Pt(size)
            styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
            styles[name].paragraph_format.first_line_indent = Mm(0)
            styles[name].paragraph_format.space_after = Pt(10)
        styles["Paper Salutation"].font.bold = True
        styles["Paper Title"].paragraph_format.space_before = Pt(48)
        styles["Paper Signature"].paragraph_format.space_before = Pt(60)

    def _font(self, style: Any, size: int) -> None:
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in list(fonts.attrib):
            if name.endswith("Theme"):
                del fonts.attrib[name]
        for kind in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(kind), FONT)
        fonts.set(qn("w:eastAsia"), "SimSun")
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), _LCID.get(self.plan["language"], "en-GB"))
        style.element.get_or_add_rPr().append(language)

    def _runs(self, paragraph: Any, runs: list[list[str]]) -> Any:
        for text, style in runs:
            run = paragraph.add_run()
            if style == "n":
                run.add_break()
                continue
            run.text = text
            run.bold, run.italic = ("b" in style) or None, ("i" in style) or None
        return paragraph

    def _lines(self, place: Any, lines: list[list[list[str]]], style: str) -> Any:
        paragraph = place.add_paragraph(style=style)
        for number, line in enumerate(lines):
            if number:
                paragraph.add_run().add_break()
            self._runs(paragraph, line)
        return paragraph

    def write(self) -> None:
        """Write every part."""
        for part in self.plan["blocks"]:
            self._part(part)
        if tail := self.plan["tail"]:
            if tail["executor"]:
                self._lines(self.document, tail["executor"], "Paper Executor")
            if tail["verify"]:
                self._verification(tail["verify"], tail["url"])

    def _verification(self, lines: list[list[list[str]]], url: str) -> None:
        """The address at the left, its code at the right: beneath it the code would often open a new page."""
        words, code = self._bare_table(2, [self.width - 22, 22])
        words.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        for number, line in enumerate(lines):
            paragraph = words.paragraphs[0] if number == 0 else words.add_paragraph()
            paragraph.style = "Paper Verification"
            self._runs(paragraph, line)
        code.paragraphs[0].style = "Paper Verification"
        code.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._picture(qr_png(url, 4), code.paragraphs[0], "qr", 17)

    def _part(self, part: Part) -> None:
        draw: dict[str, Callable[[Part], None]] = {
            "heading": self._heading,
            "paragraph": self._paragraph,
            "items": self._items,
            "table": self._table,
            "pagebreak": self._page_break,
            "letterhead": self._letterhead,
            "head": self._head,
            "reference": self._reference,
            "signature": self._signatures,
            "plate": self._card,
            "badge": self._card,
        }
        body = self.document.element.body
        at = len(body) - 1  # the section's own element stays last
        draw.get(part["kind"], self._framed)(part)
        if part["kind"] != "pagebreak" and self.breaks:
            self.breaks = False
            self._begin_page(body[at])

    def _begin_page(self, first: Any) -> None:
        """Begin a page with this element: a paragraph that only held the break could open an empty page."""
        if first.tag == qn("w:p"):
            Paragraph(first, self.document).paragraph_format.page_break_before = True
        else:
            held = self.document.add_paragraph()
            held.add_run().add_break(WD_BREAK.PAGE)
            first.addprevious(held._p)  # noqa: SLF001 - python-docx has no other way

    def _heading(self, part: Part) -> None:
        self._runs(self.document.add_paragraph(style=f"Heading {part['level']}"), part["runs"])

    def _paragraph(self, part: Part) -> None:
        paragraph = self._runs(self.document.add_paragraph(style="Paper Text"), part["runs"])
        paragraph.paragraph_format.keep_with_next = bool(part.get("sticky"))

    def _items(self, part: Part) -> None:
        for item in part["items"]:
            paragraph = self.document.add_paragraph(style="Paper List")
            paragraph.add_run(f"{item['label']} ")
            self._runs(paragraph, item["runs"])

    def _page_break(self, _: Part) -> None:
        self.breaks = True

    def _reference(self, part: Part) -> None:
        if part["argument"] == "order":
            self._row(part["lines"])
        elif part["argument"] == "date":
            self._lines(self.document, part["lines"], "Paper Date")
        else:
            self._framed(part)

    def _signatures(self, part: Part) -> None:
        for post, name in part["pairs"]:
            self._signature(post, name)
        if part.get("mark"):
            self._lines(self.document, part["mark"], "Paper Mark")

    def _framed(self, part: Part) -> None:
        paragraph = self._lines(self.document, part["lines"], f"Paper {part['kind'].capitalize()}")
        if part["kind"] == "title":
            for run in paragraph.runs:
                run.bold = True
        if part["kind"] in ("addressee", "annex"):
            paragraph.paragraph_format.left_indent = Mm(self.width - 80)
            paragraph.paragraph_format.space_after = Pt(14)

    def _card(self, part: Part) -> None:
        table = self.document.add_table(rows=0, cols=1)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for face in filter(None, part["faces"]):
            cell = table.add_row().cells[0]
            for number, line in enumerate(face):
                paragraph = self._runs(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), line)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.document.add_paragraph()

    def _letterhead(self, part: Part) -> None:
        lines = part["lines"]
        split = next((at for at, line in enumerate(lines) if [text for text, _ in line] == ["---"]), len(lines))
        if self.arms:
            drawn = svg_png(self.arms) if picture_format(self.arms) == "svg" else self.arms
            self._picture(drawn, self.document.add_paragraph(style="Paper Letterhead"), "logo", 22)
        names = self._lines(self.document, lines[:split], "Paper Letterhead")
        for run in names.runs:
            run.bold = True
        last = self._lines(self.document, lines[split + 1 :], "Paper Contacts") if lines[split + 1 :] else names
        borders = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "thinThickSmallGap"), ("sz", "12"), ("space", "4"), ("color", "000000")):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        last.paragraph_format.element.get_or_add_pPr().append(borders)
        last.paragraph_format.space_after = Pt(14)

    def _picture(self, data: bytes, paragraph: Any, label: str, height: int) -> None:
        shape = paragraph.add_run().add_picture(io.BytesIO(data), height=Mm(height))
        shape._inline.docPr.set("descr", self.plan["labels"][label])  # noqa: SLF001 - python-docx has no other way

    def _bare_table(self, columns: int, widths: list[int]) -> Any:
        table = self.document.add_table(rows=1, cols=columns)
        table.autofit = False
        for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
            column.width = cell.width = Mm(width)
        return table.rows[0].cells

    def _head(self, part: Part) -> None:
        left, right = self._bare_table(2, [85, 80])
        sides = ((left, part["reference"], "Paper Reference"), (right, part["addressee"], "Paper Addressee"))
        for cell, inner, style in sides:
            first = cell.paragraphs[0]
            self._lines(cell, inner["lines"], style)
            first._element.getparent().remove(first._element)  # noqa: SLF001 - python-docx has no other way
        self.document.add_paragraph()

    def _row(self, lines: list[list[list[str]]]) -> None:
        cells = self._bare_table(len(lines), [_TEXT_WIDTH // len(lines)] * len(lines))
        sides = (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT)
        for cell, line, side in zip(cells, lines, sides, strict=False):
            cell.paragraphs[0].style = "Paper Reference"
            self._runs(cell.paragraphs[0], line).alignment = side
        self.document.add_paragraph()

    def _signature(self, post: list[list[str]], name: list[list[str]]) -> None:
        paragraph = self.document.add_paragraph(style="Paper Signature")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        self._runs(paragraph, post)
        paragraph.add_run("\t")
        self._runs(paragraph, name)

    def _tighten(self, table: Any) -> None:
        """Narrower margins in cells than Word's own: a heading such as «Дней» must not break."""
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), "70")
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no other way
        look = properties.find(qn("w:tblLook"))
        properties.insert(len(properties) if look is None else list(properties).index(look), margins)

    def _table(self, part: Part) -> None:
        total = sum(part["widths"])
        table = self.document.add_table(rows=1, cols=len(part["head"]))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - python-docx has no other way
        widths = [Mm(self.width * width / total) for width in part["widths"]]
        for column, width in zip(table.columns, widths, strict=True):  # LibreOffice looks at columns, Word at cells
            column.width = width
        self._tighten(table)
        rows = [table.rows[0].cells, *(table.add_row().cells for _ in part["rows"])]
        for row in table.rows:
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001 - python-docx has no other way
        for number, (cells, values) in enumerate(zip(rows, [part["head"], *part["rows"]], strict=True)):
            ends, last = number + HELD_ROWS >= len(rows), number + 1 == len(rows)
            for at, (cell, value) in enumerate(zip(cells, values, strict=True)):
                cell.width = widths[at]
                paragraph = self._runs(cell.paragraphs[0], value["runs"])
                paragraph.alignment = _SIDES[part["aligns"][at]]
                paragraph.paragraph_format.keep_with_next = ends and (bool(part.get("sticky")) or not last)
                for run in paragraph.runs:
                    run.font.size = Pt(9 if self.plan.get("landscape") else 10)
                    run.bold = True if number == 0 else run.bold
        gap = self.document.add_paragraph(style="Paper Gap")
        gap.paragraph_format.keep_with_next = bool(part.get("sticky"))


def _settle(data: bytes) -> bytes:
    """The same parts in the same order with the same date: a ZIP without the moment when it was made."""
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()


def to_docx(plan: Plan, arms: bytes | None = None) -> bytes:
    """Write a plan as DOCX."""
    writer = _Writer(plan, arms)
    writer.write()
    told = writer.document.core_properties
    told.title, told.author, told.language = plan["title"][:255], plan["author"][:255], plan["language"]
    told.comments, told.last_modified_by, told.revision = "", "", 1
    told.created = told.modified = stamp(plan).replace(tzinfo=None)
    stream = io.BytesIO()
    writer.document.save(stream)
    return _settle(stream.getvalue())
