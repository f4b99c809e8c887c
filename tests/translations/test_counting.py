"""Counting reaches every part of a file and leaves out what is deleted."""

import zipfile
from io import BytesIO

import docx
import pytest

from workflow.base.files import CSV, DOCX, PDF, PPTX, TEXT, XLSX
from workflow.translations.counting import Count, count_characters

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def packed(**parts: str) -> bytes:
    """Pack parts (with __ for / and a suffix .xml) into an office file."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return file.getvalue()


def test_word_file_of_a_person_is_counted_with_table_header_and_footer() -> None:
    document = docx.Document()
    document.add_paragraph("Уважаемые друзья!")
    document.add_table(1, 1).cell(0, 0).text = "таблица"
    document.sections[0].header.paragraphs[0].text = "шапка"
    document.sections[0].footer.paragraphs[0].text = "низ"
    file = BytesIO()
    document.save(file)
    assert count_characters(file.getvalue(), DOCX) == Count(17 + 7 + 5 + 3, 3)


def test_text_box_is_counted_once_and_deleted_text_never() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    body = (
        run.format("вид") + f"<w:ins>{run.format('но')}</w:ins><w:del><w:r><w:delText>стёрто</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run.format('было')}</w:moveFrom><w:moveTo>{run.format('стало')}</w:moveTo>"
        f"<mc:AlternateContent><mc:Choice>{run.format('рамка')}</mc:Choice>"
        f"<mc:Fallback>{run.format('рамка')}</mc:Fallback></mc:AlternateContent><w:r><w:tab/><w:t>я</w:t></w:r>"
    )
    data = packed(word__document=f"<w:document {W} {MC}><w:body><w:p>{body}</w:p></w:body></w:document>",
                  word__footnotes=f"<w:footnotes {W}><w:p>{run.format('сноска')}</w:p></w:footnotes>",
                  word__styles=f"<w:styles {W}><w:t>стиль</w:t></w:styles>")
    assert count_characters(data, DOCX) == Count(len("видносталорамка я" + "сноска"), 2)


def test_slides_and_sheets_are_counted() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slides = packed(ppt__slides__slide1=f"<p {a}><a:t>раз</a:t></p>",
                    ppt__notesSlides__notesSlide1=f"<p {a}><a:t>два</a:t></p>")
    assert count_characters(slides, PPTX) == Count(6, 2)
    sheets = packed(xl__sharedStrings="<sst><si><t>смета</t><rPh><t>нет</t></rPh></si></sst>",
                    xl__worksheets__sheet1="<worksheet><c><v>1</v></c><c><is><t>да</t></is></c></worksheet>")
    assert count_characters(sheets, XLSX) == Count(7, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_plain_text_is_counted_in_any_usual_encoding(encoding: str) -> None:
    assert count_characters("Добрый день,\r\nдрузья!".encode(encoding), TEXT) == Count(19, 1)


def test_what_only_a_person_can_count_is_left_to_a_person() -> None:
    assert count_characters(b"%PDF-1.7", PDF) is None
    assert count_characters(b"PK\x03\x04 broken", DOCX) is None
    assert count_characters(packed(word__document="<w:document"), DOCX) is None
    assert count_characters(b"a;b", CSV) == Count(3, 1)


def test_entities_are_not_opened() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><d><t>&b;!</t></d>'
    counted = count_characters(packed(word__document=bomb), DOCX)
    assert counted is None or counted.characters <= 1
