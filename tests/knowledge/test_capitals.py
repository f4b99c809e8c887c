"""Which first words keep their capital in the middle of a sentence."""

import pytest

from workflow.knowledge.grammar.capitals import begins_with_a_name

NAMES = {
    "ru": ("Кадыкёй оплачивает проезд", "Турция", "Россия и Турция", "МЧС России", "Росгосстрах", "Мария", "Казань"),
    "en": ("Russian-Turkish forum", "Kadıköy pays", "Greek culture", "City Day", "European experts", "Monday", "NATO"),
}
WORDS = {
    "ru": ("Проезд оплачивает Кадыкёй", "Турецко-российский форум", "Глава города", "Вице-мэр", "Кмет общины",
           "Заведующий отделом", "Атташе", "И. о. главы", "Городской голова", "Онлайн-встреча", "Обменяться", "Ё", ""),
    "en": ("Travel is paid by Kadıköy", "The Kadıköy Municipality", "Participation in City Day", "A forum",
           "To discuss", "Visit of the Mayor", "Insurance", "Polices"),
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in NAMES.items() for text in texts])
def test_a_name_keeps_its_capital(language: str, text: str) -> None:
    assert begins_with_a_name(text, language)


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in WORDS.items() for text in texts])
def test_another_word_does_not(language: str, text: str) -> None:
    assert not begins_with_a_name(text, language)


def test_a_name_among_the_facts_is_one_and_a_small_letter_is_none() -> None:
    assert begins_with_a_name("Stavropol pays", "en", {"Stavropol"})
    assert not begins_with_a_name("Stavropol pays", "en")
    assert not begins_with_a_name("турция", "ru")
