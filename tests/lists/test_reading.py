import struct
import zipfile
from io import BytesIO

import pytest

from tests.lists.lists import xlsx
from workflow.base.errors import Invalid
from workflow.visits.lists.reading import read_csv, with_mark
from workflow.visits.lists.spreadsheets import is_locked, read_spreadsheet

TEXT = "Фамилия;Имя;Дата рождения\r\nИванов;Пётр;01.02.1980\r\n"
ROWS = (("Фамилия", "Имя", "Дата рождения"), ("Иванов", "Пётр", "01.02.1980"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_csv_of_every_encoding_reads_the_same(encoding: str) -> None:
    assert read_csv(with_mark(TEXT.encode(encoding)))[0].rows == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_every_delimiter_reads_the_same(delimiter: str) -> None:
    assert read_csv(TEXT.replace(";", delimiter).encode())[0].rows == ROWS


def test_csv_of_turkish_and_chinese_offices_is_told_by_its_headings() -> None:
    assert read_csv("Adı;Soyadı\nAyşe;Yılmaz\n".encode("cp1254"))[0].rows[1] == ("Ayşe", "Yılmaz")
    assert read_csv("姓名,护照号码\n王伟,E12345678\n".encode("gb18030"))[0].rows[1] == ("王伟", "E12345678")


def test_quoted_cells_keep_their_delimiters() -> None:
    assert read_csv(b'Name;Post\n"A; B";"say ""hi"""\n')[0].rows[1] == ("A; B", 'say "hi"')


def test_spreadsheet_cells_become_plain_text() -> None:
    table = read_spreadsheet(xlsx(["Name", "Number"], ["=1+1", 123456789], ["x", 1.5]))[0]
    assert table.rows == (("Name", "Number"), ("=1+1", "123456789"), ("x", "1.5"))


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_spreadsheet(data)
    return caught.value.code


def test_cells_at_far_corners_end_in_a_sentence() -> None:
    cells = BytesIO(xlsx(["a"]))
    made = BytesIO()
    with zipfile.ZipFile(cells) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            target.writestr(name, data)
    assert refused(made.getvalue()) == "base.file-bomb"


def test_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 130_000_000)
    assert refused(made.getvalue()) == "base.file-bomb"


def test_archive_that_lies_about_its_size_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1_000_000)
    lying = made.getvalue().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 10))
    assert refused(lying) == "visits.list-damaged"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("data", [xlsx(["a"])[:2000], b"PK\x03\x04 nothing", OLE + b"W\0" * 400])
def test_damaged_file_is_refused(data: bytes) -> None:
    assert refused(data) == "visits.list-damaged"


def test_locked_file_is_told_from_others() -> None:
    assert is_locked(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert not is_locked(xlsx(["EncryptedPackage"]))


def test_list_over_the_limits_is_refused() -> None:
    assert refused(xlsx(*(["x"] for _ in range(5100)))) == "visits.list-too-many-rows"
    assert refused(xlsx(["x"] * 61)) == "visits.list-too-many-columns"
    with pytest.raises(Invalid, match=r"visits\.list-too-many-rows"):
        read_csv(b"x,y\n" * 5100)
