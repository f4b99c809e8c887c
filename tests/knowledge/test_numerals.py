"""Ordinals, anniversaries and sums in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.knowledge.grammar.cases import Gender
from workflow.knowledge.grammar.numerals import (
    anniversary,
    in_words,
    money,
    ordinal,
    ordinal_in_words,
    plural_form,
    sum_in_words,
)


@pytest.mark.parametrize(
    ("kopecks", "ru", "en"),
    [
        (120050, "тысяча двести рублей 50 копеек", "one thousand two hundred roubles 50 kopecks"),
        (100, "один рубль 00 копеек", "one rouble 00 kopecks"),
        (2201, "двадцать два рубля 01 копейка", "twenty-two roubles 01 kopeck"),
        (0, "ноль рублей 00 копеек", "zero roubles 00 kopecks"),
        (1100200, "одиннадцать тысяч два рубля 00 копеек", "eleven thousand and two roubles 00 kopecks"),
        (222100002, "два миллиона двести двадцать одна тысяча рублей 02 копейки",
         "two million two hundred and twenty-one thousand roubles 02 kopecks"),
    ],
)  # fmt: skip
def test_sums_in_words(kopecks: int, ru: str, en: str) -> None:
    assert (sum_in_words(kopecks, "ru"), sum_in_words(kopecks, "en")) == (ru, en)


@pytest.mark.parametrize(
    ("number", "ru", "en"),
    [
        (1, "первый", "first"), (3, "третий", "third"), (10, "десятый", "tenth"), (40, "сороковой", "fortieth"),
        (100, "сотый", "one hundredth"), (209, "двести девятый", "two hundred and ninth"),
        (250, "двести пятидесятый", "two hundred and fiftieth"), (1000, "тысячный", "one thousandth"),
    ],
)  # fmt: skip
def test_ordinals_in_words(number: int, ru: str, en: str) -> None:
    assert (ordinal_in_words(number, "ru"), ordinal_in_words(number, "en")) == (ru, en)


def test_ordinals_have_gender_in_russian() -> None:
    assert [ordinal_in_words(number, "ru", Gender.FEMALE) for number in (3, 10, 22)] == [
        "третья", "десятая", "двадцать вторая",
    ]  # fmt: skip
    assert [ordinal(number, "ru", Gender.FEMALE) for number in (3,)] == ["3-я"]
    assert [ordinal(number, "en") for number in (1, 2, 3, 4, 11, 12, 13, 21, 111, 209)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "209th",
    ]  # fmt: skip


def test_anniversary_of_grozny_in_2027() -> None:
    assert anniversary(2027 - 1818, "ru") == "209-летие"
    assert anniversary(2027 - 1818, "en") == "209th anniversary"


def test_money_is_written_as_each_language_does() -> None:
    assert money(120050, "ru") == "1200,50\u00a0руб."
    assert money(1234500, "ru") == "12\u00a0345,00\u00a0руб."
    assert money(1234500, "en") == "12,345.00\u00a0roubles"


@pytest.mark.parametrize("wrong", [-1, 10**12])
def test_numbers_beyond_reason_are_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="number"):
        in_words(wrong, "ru")


@given(st.integers(0, 10**12 - 1))
def test_words_of_a_number_are_words(number: int) -> None:
    for language in ("ru", "en"):
        words = in_words(number, language)
        assert words == " ".join(words.split())
        assert not any(sign.isdigit() for sign in words)


@given(st.integers(0, 10**6))
def test_different_numbers_have_different_words(number: int) -> None:
    assert in_words(number, "ru") != in_words(number + 1, "ru")
    assert in_words(number, "en") != in_words(number + 1, "en")


@given(st.integers(0, 10**6))
def test_plural_follows_the_last_two_figures(number: int) -> None:
    assert plural_form(number, "1", "2", "5") == plural_form(number % 100, "1", "2", "5")
