"""Lists as partners send them, made for tests."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from docx import Document

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


def turkish_list() -> bytes:
    """Make a list as a Turkish office sends it: a letterhead above, merged headings in two rows, whole names.

    Birth dates are written 03/04/1975, one row names two people, one country is a shortening, one passport is short.
    """
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("Heyet")
    sheet.merge_range("A1:H1", "T.C. KADIKÖY BELEDİYE BAŞKANLIĞI")
    sheet.merge_range("A2:H2", "Stavropol ziyareti – heyet listesi")
    single = {"A": "Sıra", "B": "Adı Soyadı", "C": "Uyruğu", "D": "Doğum Tarihi", "E": "Cinsiyeti", "H": "Görevi"}
    for column, heading in single.items():
        sheet.merge_range(f"{column}4:{column}5", heading)
    sheet.merge_range("F4:G4", "Pasaport")
    sheet.write_row("F5", ["No", "Geçerlilik tarihi"])
    rows = [
        ("1", "ÖRNEK Aylin", "Türkiye", "03/04/1975", "K", "U 100 00001", "12.05.2032", "Belediye Başkanı"),
        ("2", "Deniz DENEME", "TC vatandaşı", "05/06/1980", "E", "U10000002", "12.05.2032", "Başkan Yardımcısı"),
        ("3", "Ali TASLAK ve Veli NUMUNE", "Türkiye", "25/07/1969", "E", "U10000003", "12.05.2032", "Müdür"),
        ("4", "MİSAL Elif", "Türkiye", "11/12/1990", "K", "U10000004", "20.05.2027", "Tercüman"),
    ]
    for number, row in enumerate(rows):
        sheet.write_row(5 + number, 0, row)
    book.close()
    return made.getvalue()


def chinese_list() -> bytes:
    """Make a list as a Chinese office sends it, a document with a table: both writings in one cell, two people in one.

    Dates stand as 1970年5月6日, as 19810203 and, in one row, as 05-06-1982; a remark fills the last row.
    """
    made = Document()
    made.add_paragraph("镇江市友好访问团名单")
    made.add_paragraph("填表日期：2027年3月1日")
    rows = [
        ("序号", "姓名", "性别", "出生日期", "国籍", "护照号码", "有效期至", "职务"),
        ("1", "王样本（WANG Yangben）", "男", "1970年5月6日", "中国", "E10000001", "2031年5月1日", "市长"),
        ("2", "李示例（LI Shili）", "女", "19810203", "中国", "E10000002", "2031-06-30", "副市长"),
        ("3", "张甲、赵乙", "男", "05-06-1982", "中国", "E10000003", "2031/07/31", "处长"),
        ("备注", "名单如有变更，另行通知。", "", "", "", "", "", ""),
    ]
    table = made.add_table(len(rows), 8)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    out = BytesIO()
    made.save(out)
    return out.getvalue()
