"""Names: what is stored, what is searched, what is proposed, what differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.knowledge.names import (
    Difference,
    DifferenceKind,
    compare_latin,
    fold,
    is_passport_latin,
    normalise,
    normalise_latin,
    normalise_name,
    propose_latin,
)


def test_normalise_cleans_what_copying_brings() -> None:
    assert normalise("  Ива́нов \u00a0 \u200bПётр\u200f ") == "Ива́нов Пётр"
    assert normalise("Петров–Водкин O’Brien") == "Петров-Водкин O'Brien"
    assert normalise("Йод") == normalise("Йод")


def test_shouted_names_get_capitals_and_others_are_left() -> None:
    shouted = ["ИВАНОВ-ПЕТРОВ", "O'BRIEN", "мария", "McDonald", "Я", "李"]
    expected = ["Иванов-Петров", "O'Brien", "мария", "McDonald", "Я", "李"]
    assert [normalise_name(name) for name in shouted] == expected


def test_fold_makes_one_key_of_many_spellings() -> None:
    assert fold("Кадыкёй") == fold("КАДЫКЕЙ")
    assert {fold(city) for city in ("Kadıköy", "KADIKÖY", "Kadikoy")} == {"kadikoy"}
    assert fold("Андрей") == "андрей"
    assert fold("Strauß") == "strauss"
    assert fold("İstanbul") == "istanbul"


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Щербаков Юрий", "SHCHERBAKOV IURII"), ("Подъячев", "PODIEIACHEV"), ("Дмитрий", "DMITRII"),
        ("Петров-Водкин", "PETROV-VODKIN"), ("Ђорђевић", None), ("李明", None), ("", None), ("Иванов 2",
        None),
    ],
)  # fmt: skip
def test_latin_is_proposed_only_for_russian(cyrillic: str, latin: str | None) -> None:
    assert propose_latin(cyrillic) == latin


@given(st.text(max_size=60))
def test_a_proposal_is_always_passport_latin(text: str) -> None:
    proposal = propose_latin(text)
    assert proposal is None or is_passport_latin(proposal)


def test_latin_is_written_as_in_a_passport() -> None:
    assert normalise_latin("Gülşen  Łukasz Ørsted") == "GULSEN LUKASZ ORSTED"


def test_same_name_has_no_differences() -> None:
    assert compare_latin("Petrov-Vodkin", "PETROV<VODKIN") == []
    assert compare_latin("O'Brien", "obrien") == []


def test_differences_say_where_and_what() -> None:
    assert compare_latin("YURIY", "YURY") == [Difference(DifferenceKind.MISSING, 3, "I", "")]
    assert compare_latin("IVANOV", "IVANOVA") == [Difference(DifferenceKind.EXTRA, 6, "", "A")]
    assert compare_latin("SERGEI", "SERGEY") == [Difference(DifferenceKind.OTHER, 5, "I", "Y")]


@given(st.text(alphabet="ABCDEF '-", max_size=20), st.text(alphabet="ABCDEF '-", max_size=20))
def test_differences_are_empty_exactly_for_the_same_letters(one: str, two: str) -> None:
    same = one.replace("-", " ").replace("'", "").split() == two.replace("-", " ").replace("'", "").split()
    assert (compare_latin(one, two) == []) == same
