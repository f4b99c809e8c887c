from datetime import date

import pytest

from workflow.papers import phrases

N = phrases.NBSP


@pytest.mark.parametrize(
    ("first", "last", "ru", "en"),
    [
        (date(2027, 5, 12), date(2027, 5, 15), f"12–15{N}мая 2027{N}года", f"12–15{N}May 2027"),
        (date(2027, 5, 12), date(2027, 5, 12), f"12{N}мая 2027{N}года", f"12{N}May 2027"),
        (date(2027, 5, 28), date(2027, 6, 2), f"28{N}мая{N}– 2{N}июня 2027{N}года", f"28{N}May{N}– 2{N}June 2027"),
        (
            date(2027, 12, 30),
            date(2028, 1, 2),
            f"30{N}декабря 2027{N}года{N}– 2{N}января 2028{N}года",
            f"30{N}December 2027{N}– 2{N}January 2028",
        ),
    ],
)
def test_span_by_language(first: date, last: date, ru: str, en: str) -> None:
    assert phrases.span(first, last, "ru") == ru
    assert phrases.span(first.isoformat(), last.isoformat(), "en") == en


def test_from_to_reads_as_a_sentence() -> None:
    assert phrases.from_to("2027-05-12", "2027-05-15", "ru") == f"с{N}12 по{N}15{N}мая 2027{N}года"
    assert phrases.from_to("2027-05-28", "2027-06-02", "en") == f"from{N}28{N}May to{N}2{N}June 2027"
    assert phrases.from_to("2027-05-12", "2027-05-12", "en") == f"on 12{N}May 2027"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "человек"),
        (2, "человека"),
        (5, "человек"),
        (11, "человек"),
        (12, "человек"),
        (21, "человек"),
        (22, "человека"),
        (111, "человек"),
        (104, "человека"),
    ],
)
def test_plural_in_russian(number: int, word: str) -> None:
    assert phrases.plural(number, ("человек", "человека", "человек"), "ru") == word


def test_typography_binds_what_belongs_together() -> None:
    assert phrases.typography("приказ № 5 от И. П. Образцов и в Омск 5 человек", "ru") == (
        f"приказ №{N}5 от{N}И.{N}П.{N}Образцов и{N}в{N}Омск 5{N}человек"
    )
    assert phrases.typography("a letter of Mr Smith", "en") == f"a letter of Mr{N}Smith"


def test_long_date_of_a_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid isoformat"):
        phrases.long_date("31.02.2027", "ru")


def test_periods_across_months_and_years() -> None:
    assert phrases.from_to("2027-04-28", "2027-05-02", "ru") == f"с{N}28{N}апреля по{N}2{N}мая 2027{N}года"
    assert phrases.from_to("2027-12-30", "2028-01-02", "ru") == (
        f"с{N}30{N}декабря 2027{N}года по{N}2{N}января 2028{N}года"
    )
    assert phrases.from_to("2027-12-30", "2028-01-02", "en") == f"from{N}30{N}December 2027 to{N}2{N}January 2028"
    assert phrases.from_to("2027-05-12", "2027-05-12", "ru") == f"12{N}мая 2027{N}года"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_typography_is_the_same_twice(language: str) -> None:
    text = 'приказ № 5 от 12 мая 2027 г. "О школе "Мир"" на office@x.example'
    once = phrases.typography(text, language)
    assert phrases.typography(once, language) == once


def test_chinese_writes_dates_periods_and_lists_its_own_way() -> None:
    assert phrases.long_date("2027-05-12", "zh") == "2027年5月12日"
    assert phrases.weekday("2027-05-12", "zh") == "星期三"
    assert phrases.from_to("2027-05-12", "2027-05-12", "zh") == "2027年5月12日"
    assert phrases.from_to("2027-05-12", "2027-05-15", "zh") == "2027年5月12日至15日"
    assert phrases.span("2027-05-31", "2027-06-03", "zh") == "2027年5月31日至6月3日"
    assert phrases.span("2027-12-30", "2028-01-02", "zh") == "2027年12月30日至2028年1月2日"
    assert phrases.listing(["王示例", "李测试", "张样本"], "zh") == "王示例、李测试和张样本"
    assert phrases.label("zh", "verify") == "本文件真伪可通过以下网址核验"


@pytest.mark.parametrize(
    ("typed", "ru", "en"),
    [
        ("Мы рады", "«Мы рады»,", "“Мы рады,”"),
        ("Мы рады.", "«Мы рады»,", "“Мы рады,”"),
        ("«Мы рады.»", "«Мы рады»,", "“Мы рады,”"),
        ("“Glad”", "«Glad»,", "“Glad,”"),
        ("Мы рады!", "«Мы рады!»", "“Мы рады!”"),
        ("«Да», – «нет»", "««Да», – «нет»»,", "“«Да», – «нет»,”"),
        ("Ждём…", "«Ждём…»", "“Ждём…”"),
    ],
)
def test_words_of_somebody_stand_in_quotation_marks_once(typed: str, ru: str, en: str) -> None:
    assert (phrases.quotation(typed, "ru"), phrases.quotation(typed, "en")) == (ru, en)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2027-05-02", "2027-05-05", "со 2 по 5 мая 2027 года"),
        ("2027-05-02", "2027-06-01", "со 2 мая по 1 июня 2027 года"),
        ("2027-05-12", "2027-05-22", "с 12 по 22 мая 2027 года"),
        ("2027-05-22", "2027-05-23", "с 22 по 23 мая 2027 года"),
    ],
)
def test_the_second_of_a_month_begins_with_its_own_preposition(first: str, last: str, said: str) -> None:
    assert phrases.from_to(first, last, "ru").replace(phrases.NBSP, " ") == said
    assert phrases.from_to(first, last, "en").startswith("from")
