from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.visits.lists.naming import read_names
from workflow.visits.lists.values import (
    Fault,
    read_citizenships,
    read_date,
    read_passport_number,
    read_passport_type,
    read_sex,
    text_fault,
)

APRIL = date(1975, 4, 3)


@pytest.mark.parametrize(
    "text",
    ["03.04.1975", "3.4.1975", "1975-04-03", "1975-04-03 00:00:00", "1975/04/03", "1975年4月3日", "19750403",
     "3 апреля 1975 г.", "April 3, 1975", "3 April 1975", "03-APR-1975", "3 Nisan 1975", "3 avril 1975",
     "3 de abril de 1975", "3 април 1975 г."],
)  # fmt: skip
def test_date_of_every_clear_order_is_read(text: str) -> None:
    assert read_date(text).value == APRIL


@pytest.mark.parametrize("text", ["03/04/1975", "03-04-1975", "3/4/1975", "03041975"])
def test_ambiguous_date_is_never_guessed(text: str) -> None:
    assert (read_date(text).value, read_date(text).fault) == (None, Fault("visits.list-date-ambiguous"))
    assert read_date(text, "day").value == APRIL
    assert read_date(text, "month").value == date(1975, 3, 4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.1975", "visits.list-no-such-day"), ("31/02/1975", "visits.list-no-such-day"),
        ("1975-13-01", "visits.list-no-such-day"), ("03.04.75", "visits.list-year-short"),
        ("01.01.2975", "visits.list-year-unlikely"), ("yesterday", "visits.list-not-a-date"),
        ("99999", "visits.list-not-a-date"), ("33333", "visits.list-day-number"),
    ],
)  # fmt: skip
def test_impossible_date_has_its_reason(text: str, code: str) -> None:
    read = read_date(text)
    assert (read.value, read.fault and read.fault.code) == (None, code)


def test_date_against_its_column_is_refused() -> None:
    assert read_date("04/25/1975").value == date(1975, 4, 25)
    assert read_date("04/25/1975", "day").fault == Fault("visits.list-against-day-first")
    assert read_date("25/04/1975", "month").fault == Fault("visits.list-against-month-first")


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_every_day_written_clearly_comes_back(day: date) -> None:
    assert read_date(day.isoformat()).value == read_date(day.strftime("%d.%m.%Y")).value == day
    assert read_date(day.strftime("%d/%m/%Y"), "day").value == day


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_a_reader(text: str) -> None:
    read_date(text)
    read_passport_number(text)
    read_citizenships(text)
    read_names({"full_name": text, "family": text, "latin_name": text, "native_name": text}, {})


@pytest.mark.parametrize("text", ["М", "муж.", "Male", "erkek", "男", "H", "masculin"])
def test_sex_in_five_languages(text: str) -> None:
    assert read_sex(text) == "male"


def test_citizenships_in_five_languages_and_two_at_once() -> None:
    assert [read_citizenships(text) for text in ("Турция", "TURKIYE", "中国", "Chine", "RU / AM", "Atlantis")] == [
        ("TR",), ("TR",), ("CN",), ("CN",), ("RU", "AM"), None]  # fmt: skip


def test_passport_numbers_and_types() -> None:
    assert read_passport_number("U 12-345 678") == "U12345678"
    assert read_passport_number("АВ123456") == Fault("visits.list-passport-letters")
    assert read_passport_number("none") == Fault("visits.list-passport-number")
    assert [read_passport_type(text) for text in ("hizmet", "因公", "общегражданский", "Hizmet (Gri)", "?")] == [
        "service", "service", "ordinary", "service", None]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [("A" * 301, "visits.list-too-long"), ("A\x07", "visits.list-control-characters"),
     ("A\u202eB", "visits.list-turned-text"), ("A 😀", "visits.list-pictures"), ("שלום", "visits.list-right-to-left")],
)  # fmt: skip
def test_text_that_cannot_be_kept_has_its_reason(text: str, code: str) -> None:
    fault = text_fault(text, 300)
    assert fault is not None
    assert fault.code == code


def test_hostile_text_is_only_text() -> None:
    assert text_fault('=HYPERLINK("http://x") {{ 7*7 }} № 5 <b>', 300) is None


def names(text: str, order: str = "") -> object:
    read = read_names({"full_name": text}, {"full_name": order})
    return [fault.code for _, fault in read.faults] or {part: word for part, word in read.parts.items() if word}


def test_whole_names_are_split_where_they_say_how() -> None:
    assert names("YILMAZ Ayşe") == names("Ayşe YILMAZ") == {
        "latin_family": "YILMAZ", "latin_given": "AYSE", "native_family": "YILMAZ", "native_given": "Ayşe"}  # fmt: skip
    assert names("Иванова Мария Петровна") == names("Мария Петровна Иванова") == {
        "russian_family": "Иванова", "russian_given": "Мария", "russian_patronymic": "Петровна"}  # fmt: skip
    assert names("王伟 (WANG Wei)") == {
        "native_family": "王", "native_given": "伟", "latin_family": "WANG", "latin_given": "WEI"}  # fmt: skip
    assert names("Smith, John") == {"latin_family": "SMITH", "latin_given": "JOHN"}


def test_particles_go_with_a_shouted_family_name_and_initials_are_no_shout() -> None:
    assert names("de la FONTAINE Marie") == names("Marie de la FONTAINE") == {
        "latin_family": "DE LA FONTAINE", "latin_given": "MARIE"}  # fmt: skip
    assert names("Петрова А.П.", "family") == {"russian_family": "Петрова", "russian_given": "А.П."}
    assert names("Петрова А.П.") == names("Smith J.") == ["visits.list-name-order"]


def test_pair_of_names_as_airlines_write_them_is_one_person() -> None:
    def latin(text: str) -> object:
        read = read_names({"latin_name": text}, {})
        return [fault.code for _, fault in read.faults] or read.parts

    assert latin("OUYANG/NANA") == {"latin_family": "OUYANG", "latin_given": "NANA"}
    assert latin("WANG FANG/LI NA") == latin("Wang/Li") == ["visits.list-two-people"]


def test_whole_name_that_does_not_say_is_asked_about() -> None:
    assert names("John Smith") == ["visits.list-name-order"]
    assert names("Mr John Smith", "given") == {"latin_family": "SMITH", "latin_given": "JOHN"}
    assert names("Smith John", "family") == {"latin_family": "SMITH", "latin_given": "JOHN"}


@pytest.mark.parametrize("text", ["Ali Kaya and Veli Kaya", "ALI KAYA\nVELI KAYA", "Ali Kaya; Veli Kaya",
                                  "Иванов Иван и Петров Пётр", "Ali Kaya ile Veli Kaya", "张三、李四",
                                  "SMITH John, JONES Mary", "张三；李四",
                                  "张三 和 李四", "张三 与 李四", "Ali Kaya ＆ Veli Kaya"])  # fmt: skip
def test_two_people_in_one_cell_are_refused(text: str) -> None:
    assert names(text) == ["visits.list-two-people"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("Иванoв Иван Иванович", "visits.list-mixed-letters"), ("Bob {{7*7}} X", "visits.list-name-characters"),
     ("=1+1 A", "visits.list-name-characters"), ("J" * 10_000, "visits.list-too-long"),
     ("A 😀", "visits.list-pictures"),
     ("יוסי כהן", "visits.list-right-to-left"), ("1234", "visits.list-name-characters")],
)  # fmt: skip
def test_name_that_cannot_be_one_has_its_reason(text: str, code: str) -> None:
    assert names(text, "family") == [code]


def test_name_of_a_dot_alone_names_nobody() -> None:
    read_names({"full_name": "·", "native_name": "· ·"}, {})
