"""A delegation on its way in: messy lists asked about and corrected on the preview, in Russian and in English."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser.test_stories_visits import LANGUAGES, Reader, read
from tests.lists.lists import chinese_list, turkish_list
from workflow.base.actor import Role
from workflow.people.models import Person
from workflow.visits.models import Member

__all__ = ["read"]
TWO = ("Похоже, в одной строке два человека. Дайте каждому свою строку.",
       "This looks like two people in one row. Give each a row.")
ASKED = ("Сначала день или месяц? Ответьте обо всём столбце над таблицей.",
         "Day or month first? Answer for the column above the table.")


def handed_in(officer: Reader, visit: Any, path: Path, data: bytes) -> None:
    """Hand a list in from the delegation's tab and go on to its rows."""
    path.write_bytes(data)
    officer.go(f"/visits/{visit.id}")
    officer.open("Делегация", "Delegation")
    officer.link("Загрузить список", "Import a list", "main")
    officer.page.set_input_files("#f-file", path)
    officer.button("Прочитать список", "Read the list")


def why(officer: Reader, row: int, column: str) -> str:
    """Read what stands beside a cell; rows are counted as in the file."""
    return officer.text(f"#cell-{row - 1}-{column}-why")


def correct(officer: Reader, row: int, column: str, text: str) -> None:
    """Type over a cell on the preview."""
    officer.fill(f"[name=cell-{row - 1}-{column}]", text)


def people_of(session: Session, visit: Any) -> list[Person]:
    """Read the delegation anew, in its order."""
    session.expire_all()
    found = list(session.scalars(
        select(Person).join(Member, Member.person_id == Person.id).where(Member.visit_id == visit.id)
        .order_by(Member.position)))  # fmt: skip
    for person in found:
        assert [one.number for one in person.passports]
    session.rollback()
    return found


@LANGUAGES
def test_messy_turkish_list_is_asked_about_and_corrected_where_it_stands(
    read: Callable[..., Reader], make: Any, session: Session, language: str, tmp_path: Path
) -> None:
    visit = make.visit(arrival=date(2027, 6, 7), partner_id=make.partner().id)
    officer = read(Role.COORDINATOR, language=language)
    page = officer.page
    handed_in(officer, visit, tmp_path / "heyet.xlsx", turkish_list())
    assert officer.t("Заголовки найдены в строке 4", "Headings were found in row 4") in officer.text("main details")
    taken = page.locator("#f-columns select").evaluate_all("all => all.map(one => one.value)")
    assert taken == ["", "full_name", "citizenship", "birth_date", "sex", "passport_number", "expires_on", "post"]
    officer.button("Перейти к строкам", "Go on to the rows", "#f-columns")

    assert officer.t(*ASKED) in why(officer, 6, "birth_date")
    assert officer.t(*ASKED) in why(officer, 7, "birth_date")
    assert officer.t(*TWO) in why(officer, 8, "full_name")
    assert page.input_value("[name=cell-6-citizenship]") == "TC vatandaşı"
    assert officer.t("кончается раньше", "ends before") in why(officer, 9, "expires_on")
    assert page.locator("tr.table-danger").count() == 4
    page.check("#order-birth_date-day")
    officer.button("Сохранить и проверить снова", "Save and judge again")
    assert page.locator("tr.table-danger").count() == 2
    correct(officer, 7, "citizenship", "Türkiye")
    correct(officer, 8, "full_name", "TASLAK Ali")
    officer.button("Сохранить и сравнить с делегацией", "Save and compare with the delegation")
    assert "+4" in officer.text()
    officer.button("Загрузить, как показано", "Import as shown")
    assert "−0 +4 ~0" in officer.text("#done")
    people = people_of(session, visit)
    assert [(one.latin_family, one.latin_given, one.native_family, one.birth_date) for one in people] == [
        ("ORNEK", "AYLIN", "Örnek", "1975-04-03"), ("DENEME", "DENIZ", "", "1980-06-05"),
        ("TASLAK", "ALI", "", "1969-07-25"), ("MISAL", "ELIF", "Misal", "1990-12-11"),
    ]  # fmt: skip
    assert [one.passports[0].number for one in people] == [f"U1000000{number}" for number in range(1, 5)]


@LANGUAGES
def test_chinese_list_of_a_document_is_asked_about_and_its_remark_left_out(
    read: Callable[..., Reader], make: Any, session: Session, language: str, tmp_path: Path
) -> None:
    visit = make.visit(arrival=date(2027, 6, 7), country="CN", partner_id=make.partner(country="CN").id)
    officer = read(Role.COORDINATOR, language=language)
    page = officer.page
    handed_in(officer, visit, tmp_path / "名单.docx", chinese_list())
    officer.button("Перейти к строкам", "Go on to the rows", "#f-columns")
    assert officer.t(*TWO) in why(officer, 4, "full_name")
    assert officer.t(*ASKED) in why(officer, 4, "birth_date")
    correct(officer, 4, "full_name", "张甲 (ZHANG Jia)")
    correct(officer, 4, "birth_date", "1982-06-05")
    page.uncheck("#keep-4")
    officer.button("Сохранить и сравнить с делегацией", "Save and compare with the delegation")
    assert "+3" in officer.text()
    officer.button("Загрузить, как показано", "Import as shown")
    assert "−0 +3 ~0" in officer.text("#done")
    officer.link("Открыть делегацию", "Open the delegation", "main")
    shown = officer.text("main table")
    assert "YANGBEN WANG" in shown
    people = people_of(session, visit)
    assert [(one.native_family, one.native_given, one.latin_family, one.latin_given) for one in people] == [
        ("王", "样本", "WANG", "YANGBEN"), ("李", "示例", "LI", "SHILI"), ("张", "甲", "ZHANG", "JIA")]
    assert [one.birth_date for one in people] == ["1970-05-06", "1981-02-03", "1982-06-05"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
