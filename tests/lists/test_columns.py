import pytest

from workflow.visits.lists.blank import LANGUAGES, headings_of
from workflow.visits.lists.columns import find_headings, guess_columns, guess_field, guess_name_order, headings_at


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Дата рождения (ДД.ММ.ГГГГ)", "birth_date"), ("№ п/п", "-"), ("Паспорт №", "passport_number"),
        ("Срок действия загранпаспорта", "expires_on"), ("ФИО", "full_name"), ("Фамилия / Surname", "family"),
        ("Surname (as in passport)", "latin_family"), ("Passport: date of expiry", "expires_on"), ("M/F", "sex"),
        ("Doğum Tarihi", "birth_date"), ("Uyruğu", "citizenship"), ("Adı Soyadı", "full_name"), ("Görevi", "post"),
        ("护照号码", "passport_number"), ("出生日期", "birth_date"),
        ("姓(拼音)", "latin_family"), ("姓名", "full_name"),
        ("Date de naissance", "birth_date"), ("Nationalité", "citizenship"), ("Prénom", "given"),
        ("Име, презиме, фамилия", "full_name"), ("Имя, отчество, фамилия", "full_name"), ("Дата рожд.", "birth_date"),
        ("Surname & first name of the guest", "full_name"), ("Family name of the guest", "family"),
        ("Кем и когда выдан", "-"), ("Должность, место работы", "post"), ("Cep Tel", "phone"),
        ("Caducidad", "expires_on"), ("Favourite colour", None), ("=cmd|' /C calc'!A0", None),
    ],
)  # fmt: skip
def test_heading_in_five_languages_names_its_field(heading: str, field: str | None) -> None:
    assert guess_field(heading) == field


@pytest.mark.parametrize("language", LANGUAGES)
def test_blank_list_headings_are_all_known(language: str) -> None:
    fields = [guess_field(heading) for heading in headings_of(language)]
    names = ["family", "given"] if language == "tr" else ["latin_family", "latin_given"]
    assert fields == ["-", *names, "citizenship", "birth_date", "birth_place", "sex", "passport_number", "issued_on",
                      "expires_on", "post", "organisation", "email", "phone", "head"]  # fmt: skip


def test_headings_are_found_below_title_and_empty_rows() -> None:
    rows = [("List of members", "", ""), ("", "", ""), ("Kadıköy, 2027", "", ""), ("Surname", "Name", "Sex"),
            ("A", "B", "M")]  # fmt: skip
    found = find_headings(rows)
    assert (found.row, found.first, guess_columns(found.texts)) == (3, 4, {0: "family", 1: "given", 2: "sex"})


def test_headings_in_two_rows_go_together_under_a_merged_cell() -> None:
    rows = [("Surname", "Name", "Passport", "Passport"), ("Surname", "Name", "number", "valid until"),
            ("A", "B", "1", "2")]  # fmt: skip
    found = find_headings(rows, frozenset({0}))
    assert (found.first, guess_columns(found.texts)) == (
        2, {0: "family", 1: "given", 2: "passport_number", 3: "expires_on"})  # fmt: skip


def test_list_without_headings_is_taken_from_its_first_row() -> None:
    assert headings_at([("A", "B"), ("C", "D")], None).first == 0


def test_single_name_column_holds_whole_names() -> None:
    assert guess_columns(["Name", "Passport"]) == {0: "full_name", 1: "passport_number"}


def test_second_writing_of_a_name_is_its_latin_one() -> None:
    assert guess_columns(["Фамилия", "Имя", "Surname", "First name"]) == {
        0: "family", 1: "given", 2: "latin_family", 3: "latin_given"}  # fmt: skip


@pytest.mark.parametrize(("heading", "order"), [("Adı Soyadı", "given"), ("Soyadı Adı", "family"), ("ФИО", "family"),
                                                ("姓名拼音", "family"), ("Име, презиме, фамилия", "given"),
                                                ("Surname & first name of the guest", "family"),
                                                ("Full name", "")])  # fmt: skip
def test_heading_tells_which_part_of_a_name_comes_first(heading: str, order: str) -> None:
    assert guess_name_order(heading) == order
