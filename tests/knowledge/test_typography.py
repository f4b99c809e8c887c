"""Non-breaking spaces and quotation marks by language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.knowledge.grammar.typography import NBSP, typeset


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("ru", 'Гимназия "Поляне"', "Гимназия «Поляне»"),
        ("ru", 'школа "Лицей "Мир"" открыта', "школа «Лицей „Мир“» открыта"),
        ("ru", '«Школа "Мир"»', "«Школа „Мир“»"),
        ("ru", "«уже „верно“»", "«уже „верно“»"),
        ("ru", "приказ №5 от 2027 года", f"приказ №{NBSP}5 от{NBSP}2027{NBSP}года"),
        ("ru", "в 2027 г. и в г. Омске", f"в{NBSP}2027{NBSP}г. и{NBSP}в{NBSP}г.{NBSP}Омске"),
        ("ru", "И. П. Образцов и Петров И. И.", f"И.{NBSP}П.{NBSP}Образцов и{NBSP}Петров{NBSP}И.{NBSP}И."),
        ("ru", "5 человек, 12 км, 1200 руб.", f"5{NBSP}человек, 12{NBSP}км, 1200{NBSP}руб."),
        ("ru", "Ответственный – Иванова", f"Ответственный{NBSP}– Иванова"),
        ("ru", "город. Далее, флаг. Он", "город. Далее, флаг. Он"),
        ("ru", "тел. +7 (8652) 00-00-00 днём", f"тел.{NBSP}+7{NBSP}(8652){NBSP}00-00-00 днём"),
        ("ru", "Водитель, +7 900 000-00-00", f"Водитель, +7{NBSP}900{NBSP}000-00-00"),
        ("en", "call +90 216 000 0000 or 5 + 6", f"call +90{NBSP}216{NBSP}000{NBSP}0000 or 5 + 6"),
        ("ru", "Администрация, зал 1; микроавтобус, 8 мест", f"Администрация, зал{NBSP}1; микроавтобус, 8{NBSP}мест"),
        ("en", 'the "Poljane" school', "the “Poljane” school"),
        ("en", "the city's \"a 'b'\" of Mr Smith", f"the city’s “a 'b'” of Mr{NBSP}Smith"),
        ("en", 'said "see "Mir" now"', "said “see ‘Mir’ now”"),
        ("fr", 'le lycée "Jean"', f"le lycée «{NBSP}Jean{NBSP}»"),
        ("de", 'das "Haus"', "das „Haus“"),
        ("tr", 'lise "Deniz"', "lise “Deniz”"),
    ],
)  # fmt: skip
def test_typeset(language: str, text: str, shown: str) -> None:
    assert typeset(text, language) == shown


@pytest.mark.parametrize(
    "kept",
    ['https://x.example/a?"b"', "www.x.example/№5", "и.о@x.example", "a.b+c@kadikoy.example", "K7QM-P2XD-9HTR"],
)
def test_addresses_and_codes_are_left_alone(kept: str) -> None:
    assert typeset(f"см. {kept} и", "ru").replace(NBSP, " ") == f"см. {kept} и"


@given(
    st.text(alphabet='абвАБ ёИ.№5"«»„“”’–—\n\u00a0aZ@:/-г', max_size=60),
    st.sampled_from(["ru", "en", "fr", "de", "xx"]),
)
@settings(max_examples=400)
def test_twice_is_once_and_words_stay(text: str, language: str) -> None:
    once = typeset(text, language)
    assert typeset(once, language) == once
    letters = [sign for sign in text if sign.isalnum()]
    assert [sign for sign in once if sign.isalnum()] == letters
