from datetime import datetime, timedelta

from tests.conftest import NOW
from workflow.papers.authoring.rules import Line, Piece, Skipped, beside, difference, older_languages

TEXT = "\n".join(f"Строка {n}." for n in range(1, 21))


def test_difference_names_the_words_that_changed_and_counts_the_rest() -> None:
    rows = difference(TEXT, TEXT.replace("Строка 10.", "Абзац 10."))
    assert rows[0] == Skipped(7)
    assert rows[-1] == Skipped(8)
    assert [row for row in rows if isinstance(row, Line) and row.piece is not Piece.SAME] == [
        Line(Piece.GONE, 10, None, ((Piece.GONE, "Строка"), (Piece.SAME, " 10."))),
        Line(Piece.NEW, None, 10, ((Piece.NEW, "Абзац"), (Piece.SAME, " 10."))),
    ]


def test_difference_of_equal_texts_is_empty() -> None:
    assert difference(TEXT, TEXT) == []


def test_added_and_removed_lines_have_one_number_only() -> None:
    assert difference("a\nb", "a\nb\nc")[-1] == Line(Piece.NEW, None, 3, ((Piece.NEW, "c"),))
    assert difference("a\nb\nc", "a\nb")[-1] == Line(Piece.GONE, 3, None, ((Piece.GONE, "c"),))


def test_languages_stand_beside_each_other_by_what_they_say() -> None:
    ru = "::: subject\nО визите\n:::\n\nЦель – {{ visit.purpose }}.\n\nЕщё фраза.\n\n::: closing\nС уважением,\n:::"
    en = "::: subject\nVisit\n:::\n\nThe purpose is {{ visit.purpose }}.\n\n::: closing\nYours sincerely,\n:::"
    assert [(left.split("\n")[0], right.split("\n")[0]) for left, right in beside(ru, en)] == [
        ("::: subject", "::: subject"),
        ("Цель – {{ visit.purpose }}.", "The purpose is {{ visit.purpose }}."),
        ("Ещё фраза.", ""),
        ("::: closing", "::: closing"),
    ]


def test_older_is_a_language_that_was_not_changed_after_another() -> None:
    day: dict[str, datetime | None] = {"ru": NOW, "en": None, "zh": NOW - timedelta(days=3)}
    assert older_languages(day) == {"en": "ru", "zh": "ru"}
    assert older_languages({"ru": NOW, "en": NOW - timedelta(hours=2)}) == {}
    assert older_languages({"ru": None, "en": None}) == {}
