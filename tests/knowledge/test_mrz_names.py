"""The typed name against the zone's: what differs is explained, and a wrong letter is never explained away."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.knowledge.mrz.composing import name_field
from workflow.knowledge.mrz.matching import Apart, explain
from workflow.knowledge.mrz.parsing import split_names


@pytest.mark.parametrize(
    ("typed", "zone", "kinds"),
    [
        (("Eriksson", "Anna Maria"), ("ERIKSSON", "ANNA MARIA"), []),
        (("Öztürk", "Ayşe"), ("OZTURK", "AYSE"), []),
        (("O'Connor-Smith", "Enya"), ("OCONNOR SMITH", "ENYA"), []),
        (("Щербаков", "Юрий"), ("SHCHERBAKOV", "IURII"), []),
        (("Müller", "Jürgen"), ("MUELLER", "JUERGEN"), [Apart.MARKS, Apart.MARKS]),
        (("Peña", "Ana"), ("PENXXA", "ANA"), [Apart.MARKS]),
        (("Weiß", "Ute"), ("WEISS", "UTE"), []),
        (("Muller", "Hans"), ("MUELLER", "HANS"), [Apart.MARKS_LOST]),
        (("Scherbakov", "Yuriy"), ("SHCHERBAKOV", "IURII"), [Apart.TRANSLITERATION, Apart.TRANSLITERATION]),
        (("Anna", "Eriksson"), ("ERIKSSON", "ANNA"), [Apart.ORDER]),
        (("Yuriy", "Scherbakov"), ("SHCHERBAKOV", "IURII"),
         [Apart.ORDER, Apart.TRANSLITERATION, Apart.TRANSLITERATION]),
        (("Wang", "Xiao Ming"), ("WANG", "XIAOMING"), [Apart.SPACING]),
        (("Eriksson", "Anna"), ("ERIKSSON", "ANNA MARIA"), [Apart.ONLY_IN_ZONE]),
        (("Иванов", "Иван Иванович"), ("IVANOV", "IVAN"), [Apart.ONLY_TYPED]),
        (("Eriksson", "A. Maria"), ("ERIKSSON", "ANNA MARIA"), [Apart.INITIAL]),
        (("Eriksson", "Ana"), ("ERIKSSON", "ANNA"), [Apart.LETTERS]),
        (("Peterson", "Kate"), ("PETERSEN", "KATE"), [Apart.LETTERS]),
        (("Kaya", "Ali"), ("DEMIR", "MEHMET"), [Apart.OTHER, Apart.OTHER]),
    ],
)  # fmt: skip
def test_difference_is_named(typed: tuple[str, str], zone: tuple[str, str], kinds: list[Apart]) -> None:
    match = explain(*typed, *zone)
    assert [note.kind for note in match.notes] == kinds
    assert match.explained is not ({Apart.LETTERS, Apart.OTHER, Apart.MARKS_LOST} & set(kinds) != set())


def test_cut_name_is_explained_only_where_the_zone_is_full() -> None:
    typed, zone = ("Papandropoulous", "Jonathon Alexander"), ("PAPANDROPOULOUS", "JONATHON ALEX")
    assert [note.kind for note in explain(*typed, *zone, cut=True).notes] == [Apart.CUT]
    assert [note.kind for note in explain(*typed, *zone).notes] == [Apart.ONLY_TYPED, Apart.ONLY_IN_ZONE]


WORDS = st.text(string.ascii_uppercase, min_size=2, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(NAMES, NAMES)
def test_a_name_is_the_same_as_itself(family: str, given_names: str) -> None:
    assert explain(family.title(), given_names.lower(), family, given_names).same


@given(NAMES, NAMES)
def test_swapped_names_are_explained_by_order_alone(family: str, given_names: str) -> None:
    assume(family != given_names)
    assert [note.kind for note in explain(given_names, family, family, given_names).notes] == [Apart.ORDER]


@given(NAMES, NAMES, st.sampled_from([30, 31, 39]))
def test_what_a_zone_makes_of_a_name_is_always_explained(family: str, given_names: str, width: int) -> None:
    field = name_field(family, given_names, width)
    match = explain(family, given_names, *split_names(field), cut=field[-1] != "<")
    assert match.explained


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_no_text_makes_it_stumble(family: str, given_names: str, other: str, others: str, cut: bool) -> None:
    explain(family, given_names, other, others, cut=cut)


@given(WORDS, st.integers(0, 11), st.sampled_from(string.ascii_uppercase))
def test_one_other_letter_is_never_called_the_same(word: str, place: int, letter: str) -> None:
    assume(place < len(word) and word[place] != letter)
    assert not explain(f"{word[:place]}{letter}{word[place + 1 :]}", "ANNA", word, "ANNA").same
