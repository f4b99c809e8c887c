"""What one answer settles for a whole list: a citizenship that no column names, days that a program left as numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.lists.lists import xlsx
from tests.lists.test_import import Office
from workflow.people.models import Passport, Person
from workflow.visits.lists.values import read_citizenships, read_date, read_passport_number

CHINESE = """序号,姓名,拼音,性别,出生日期,护照号码
1,王示例,WANG Shili,男,1970年5月12日,E００００００１１
2,欧阳样本,OUYANG Yangben,女,1981-11-02,EH 000 0012
"""


@pytest.fixture
def office(session: Session, make: Make, client_as: Callable[..., Any]) -> Office:
    return Office(session, make, client_as)


def test_citizenship_that_no_column_names_is_asked_for_the_whole_list(office: Office) -> None:
    list_id = office.started(CHINESE.encode("gb18030"), "list.csv")
    asked = office.browser.get(f"{office.base}/{list_id}").get_data(as_text=True)
    assert "2 rows name no citizenship." in office.text(office.browser.get(f"{office.base}/{list_id}"))
    assert '<option value="TR" selected>' in asked  # proposed, and counts once saved
    assert office.reasons(list_id) == ["Give the citizenship: a passport belongs to a country."] * 2
    assert office.correct(list_id, citizenship="XX").status_code == 422
    office.correct(list_id, citizenship="CN")
    assert office.reasons(list_id) == []
    assert "Who names no citizenship: China" in office.page(list_id, "?show=all")
    office.import_it(list_id)
    office.session.expire_all()
    found = office.session.execute(select(Passport.country, Passport.number).order_by(Passport.id)).all()
    assert [tuple(row) for row in found] == [("CN", "E00000011"), ("CN", "EH0000012")]


def test_citizenship_that_a_row_names_goes_before_that_of_the_list(office: Office) -> None:
    list_id = office.started(xlsx(["Surname", "Given names", "Citizenship", "Passport No"],
                                  ["SPECIMEN", "ANNA", "Bulgaria", "B0000001"],
                                  ["SPECIMEN", "BORIS", "", "B0000002"]))  # fmt: skip
    office.correct(list_id, citizenship="RS")
    office.import_it(list_id)
    assert office.session.scalars(select(Passport.country).order_by(Passport.id)).all() == ["BG", "RS"]


def test_days_left_as_numbers_are_asked_about_and_never_guessed(office: Office) -> None:
    list_id = office.started(xlsx(["Surname", "Given names", "Citizenship", "Date of birth"],
                                  ["SPECIMEN", "ANNA", "TR", 31372],
                                  ["SPECIMEN", "BORIS", "TR", "09.03.1974"]))  # fmt: skip
    (reason,) = office.reasons(list_id)
    assert reason == ("A number: if a spreadsheet left its day so, it is 21\xa0November\xa01985. "
                      "Answer for the column above the table.")  # fmt: skip
    office.correct(list_id, **{"numbers-birth_date": "no"})
    assert len(office.reasons(list_id)) == 1
    office.correct(list_id, **{"numbers-birth_date": "yes"})
    assert office.reasons(list_id) == []
    office.import_it(list_id)
    born = office.session.scalars(select(Person.birth_date)).all()
    assert sorted(map(str, born)) == ["1974-03-09", "1985-11-21"]


def test_heading_that_says_another_order_than_its_rows_is_asked_about(office: Office) -> None:
    list_id = office.started(xlsx(["Adı Soyadı", "Uyruğu"], ["ÖRNEK Aylin", "TC"], ["TASLAK ELİF", "TC"]))
    assert len(office.reasons(list_id)) == 1
    assert "which part comes first?" in office.page(list_id)
    office.correct(list_id, **{"names-full_name": "family"})
    office.import_it(list_id)
    assert office.names() == ["ORNEK", "TASLAK"]


def test_number_is_a_day_only_where_it_could_be_one() -> None:
    assert str(read_date("31372", numbers=True).value) == "1985-11-21"
    assert read_date("31372").value is None
    assert [read_date(text, numbers=True).value for text in ("0", "12", "99999", "123456", "1975")] == [None] * 5


@pytest.mark.parametrize("text", ["U００００００２", "Ｕ0000002", "u 000 0002"])
def test_wide_figures_and_letters_of_a_number_are_plain_ones(text: str) -> None:
    assert read_passport_number(text) == "U0000002"


def test_letters_of_another_alphabet_are_still_refused() -> None:
    assert getattr(read_passport_number("МС000000"), "code", "") == "visits.list-passport-letters"


@pytest.mark.parametrize(("text", "code"), [
    ("Française", "FR"), ("turque", "TR"), ("Rus", "RU"), ("Çin", "CN"), ("Fransız", "FR"), ("中国籍", "CN"),
    ("土耳其", "TR"),
    ("TC", "TR"), ("T.C.", "TR"), ("chinoise", "CN"), ("Sırp", "RS"), ("български", "BG"),
])  # fmt: skip
def test_citizenship_as_an_adjective(text: str, code: str) -> None:
    assert read_citizenships(text) == (code,)
