"""Lists in a DOCX: tables in five languages, merged cells, titles above; hostile documents end in a sentence."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.lists.lists import HEADINGS, person
from tests.lists.test_import import Office
from workflow.base.errors import Invalid
from workflow.people.models import Passport
from workflow.visits.lists.columns import find_headings, guess_columns
from workflow.visits.lists.spreadsheets import read_spreadsheet

RESTART, TWO_WIDE = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
FAR_WIDE = '<w:gridSpan w:val="99999"/>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*tables: Sequence[Sequence[str]], above: str = "Список делегации") -> bytes:
    """Make a document with tables as Word writes them."""
    made = Document()
    made.add_paragraph(above)
    for rows in tables:
        table = made.add_table(len(rows), max(map(len, rows)))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(at, column).text = text
        made.add_paragraph()
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def raw(body: str | bytes, **others: bytes) -> bytes:
    """Make a document out of bare XML."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
        for name, data in others.items():
            archive.writestr(name, data)
    return out.getvalue()


def body(table: str) -> str:
    return f"<w:document {W}><w:body>{table}</w:body></w:document>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


@pytest.fixture
def office(session: Session, make: Make, client_as: Callable[..., Any]) -> Office:
    """A coordinator about to import."""
    return Office(session, make, client_as)


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (("№", "Фамилия", "Имя", "Дата рождения", "Номер паспорта"), ("1", "Иванов", "Пётр", "01.02.1980", "E1")),
        (("No", "Surname", "Given names", "Date of birth", "Passport No"), ("1", "SMITH", "ANN", "1980-02-01", "E1")),
        (("Sıra", "Soyadı", "Adı", "Doğum tarihi", "Pasaport no"), ("1", "YILMAZ", "AYŞE", "01.02.1980", "U1")),
        (("序号", "姓", "名", "出生日期", "护照号码"), ("1", "王", "伟", "1980年2月1日", "E1")),
        (("N°", "Nom", "Prénom", "Date de naissance", "Numéro de passeport"),
         ("1", "DUPONT", "ANNE", "01.02.1980", "E")),
    ],
    ids=["ru", "en", "tr", "zh", "fr"],
)  # fmt: skip
def test_table_of_a_document_is_read_and_its_columns_are_known(headings: tuple[str, ...], row: tuple[str, ...]) -> None:
    (table,) = read_spreadsheet(docx([headings, row]))
    assert table.rows == (headings, row)
    found = guess_columns(find_headings(table.rows).texts)
    assert [found.get(at) for at in range(1, 5)] == ["family", "given", "birth_date", "passport_number"]


def test_merged_cells_carry_their_text_and_mark_their_row() -> None:
    rows = (
        f"<w:tr>{cell('Name', RESTART)}{cell('Passport', TWO_WIDE)}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('number')}{cell('valid until')}</w:tr>"
        f"<w:tr>{cell('ANN SMITH')}{cell('E1')}{cell('2030-01-01')}</w:tr>"
    )
    (table,) = read_spreadsheet(raw(body(f"<w:tbl>{rows}</w:tbl>")))
    assert table.rows == (("Name", "Passport", "Passport"), ("Name", "number", "valid until"),
                          ("ANN SMITH", "E1", "2030-01-01"))  # fmt: skip
    assert table.spanned == frozenset({0})


def test_lines_breaks_and_a_table_within_a_cell_stay_in_their_cell() -> None:
    inner = f"<w:tbl><w:tr>{cell('inner')}</w:tr></w:tbl>"
    rows = (
        "<w:tr><w:tc><w:p><w:r><w:t>YILMAZ</w:t><w:br/><w:t>Ayşe</w:t></w:r></w:p>"
        f"{inner}<w:p/></w:tc>{cell('Mayor')}</w:tr>"
    )
    (table,) = read_spreadsheet(raw(body(f"<w:tbl>{rows}</w:tbl>")))
    assert table.rows == (("YILMAZ\nAyşe\ninner", "Mayor"),)


def test_each_table_of_a_document_is_one_sheet() -> None:
    tables = read_spreadsheet(docx([("Programme", "Time")], [("Surname", "Name"), ("A", "B")]))
    assert [table.rows[0] for table in tables] == [("Programme", "Time"), ("Surname", "Name")]


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (raw(BOMB + body(f"<w:tbl><w:tr>{cell('&b;')}</w:tr></w:tbl>")), "visits.list-damaged"),
        (raw(OUTSIDE + body(f"<w:tbl><w:tr>{cell('&x;')}</w:tr></w:tbl>")), "visits.list-damaged"),
        (raw((OUTSIDE + body("")).encode("utf-16")), "visits.list-damaged"),
        (raw(b"0" * 130_000_000), "base.file-bomb"),
        (raw(body("<w:p/>"), **{"word/media/1.png": b"0" * 130_000_000}), "base.file-bomb"),
        (raw(f"<w:document {W}>" + "<w:p>" * 5000), "base.file-bomb"),
        (raw(body("<w:tbl>")), "visits.list-damaged"),
        (raw(body("<w:p><w:r><w:t>no table</w:t></w:r></w:p>")), "visits.list-no-table"),
        (raw(body("<w:tbl>" + f"<w:tr>{cell('x')}</w:tr>" * 5100 + "</w:tbl>")), "visits.list-too-many-rows"),
        (raw(body(f"<w:tbl><w:tr>{cell('x', FAR_WIDE) * 30}</w:tr></w:tbl>")),
         "visits.list-too-many-columns"),
    ],
    ids=["entities", "outside entity", "outside entity in UTF-16", "bomb", "bomb beside", "deep", "cut off", "no table",
         "too long", "too wide"],
)  # fmt: skip
def test_hostile_or_unfit_document_ends_in_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_spreadsheet(data)
    assert caught.value.code == code


def test_turkish_document_is_imported_corrected_and_two_people_in_a_row_are_refused(office: Office) -> None:
    headings = ("Sıra", "Soyadı", "Adı", "Uyruğu", "Doğum tarihi", "Pasaport no", "Pasaport Bitiş")
    rows = [
        ("1", "YILMAZ", "AYŞE", "Türkiye", "01.02.1980", "U10000001", "01.09.2033"),
        ("2", "KAYA; DEMİR", "ALİ", "Türkiye", "31.02.1981", "U10000002", "12.11.2032"),
    ]
    list_id = office.started(docx([headings, *rows]), "liste.docx")
    reasons = office.reasons(list_id)
    assert len(reasons) == 2
    assert any("two people" in reason.lower() or "more than one" in reason.lower() for reason in reasons)
    office.correct(list_id, {(3, "family"): "KAYA", (3, "birth_date"): "28.02.1981"})
    office.import_it(list_id)
    assert office.names() == ["KAYA", "YILMAZ"]
    assert sorted(office.session.scalars(select(Passport.expires_on))) == [date(2032, 11, 12), date(2033, 9, 1)]


def test_same_people_from_a_workbook_and_a_document_change_nothing(office: Office) -> None:
    list_id = office.started(docx([HEADINGS, *(person(number) for number in range(4))]), "list.docx")
    office.import_it(list_id)
    again = office.started(docx([HEADINGS, *(person(number) for number in range(4))]), "list.docx")
    office.import_it(again)
    assert office.done(again) == "−0 +0 ~0"
