"""The country table: every code has names, Abkhazia is ours, typed names are read or refused."""

import pytest

from workflow.knowledge.countries import (
    country_choices,
    country_genitive,
    country_name,
    find_country,
    is_known_country,
    known_countries,
)


def test_table_is_iso_and_abkhazia() -> None:
    codes = known_countries()
    assert (len(codes), len(set(codes)), codes[-1]) == (250, 250, "XA-ABK")
    assert not any(map(is_known_country, ("AB", "XA", "XB", "EU", "", "ru")))


@pytest.mark.parametrize("locale", ["ru", "en", "en_GB", "ru-RU"])
def test_every_country_has_a_name(locale: str) -> None:
    assert [code for code in known_countries() if country_name(code, locale) == code] == []


def test_names_in_both_languages() -> None:
    asked = [("TR", "ru"), ("TR", "en"), ("XA-ABK", "ru"), ("XA-ABK", "en"), ("CZ", "ru"), ("US", "ru")]
    expected = ["Турция", "Türkiye", "Абхазия", "Abkhazia", "Чехия", "США"]
    assert [country_name(*one) for one in asked] == expected
    assert country_name("QQ", "ru") == "QQ"
    assert (country_genitive("TR"), country_genitive("TV")) == ("Турции", None)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Турция", "TR"), ("TÜRKİYE", "TR"), ("Turkiye", "TR"), ("turkey", "TR"), ("TUR", "TR"),
        (" tr ", "TR"),
        ("T.C.", "TR"), ("РФ", "RU"), ("российская  федерация", "RU"), ("Rusya", "RU"), ("КНР", "CN"),
        ("中国", "CN"), ("UK", "GB"), ("Birleşik Krallık", "GB"), ("Англия", "GB"), ("D", "DE"), ("NO",
        "NO"),
        ("Абхазия", "XA-ABK"), ("XA-ABK", "XA-ABK"), ("Белоруссия", "BY"), ("Кыргызстан", "KG"),
        ("сша", "US"),
        ("Соединённые Штаты Америки", "US"), ("Россия.", "RU"), ("Grèce", "GR"), ("България", "BG"),
        ("", None), ("Атлантида", None), ("AB", None), ("Тур", None), ("x" * 10_000, None),
    ],
)  # fmt: skip
def test_typed_country_is_read_or_refused(typed: str, code: str | None) -> None:
    assert find_country(typed) == code


def test_choices_are_sorted_for_reading() -> None:
    names = [choice.name for choice in country_choices("ru")]
    assert (names[0], len(names)) == ("Абхазия", 250)
