"""Kinds of protocol papers, word for word; and that no name breaks a plate, a badge or a diploma.

After a change of a wording, look at what `SNAPSHOTS=write pytest tests/papers/test_protocol_kinds.py` makes of it.
"""

import copy
import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.papers.sample import both, facts
from workflow.papers import composing, editions, plan, rendering

SNAPSHOTS = Path(__file__).parent / "snapshots"
OURS = (
    "agenda", "badges", "briefing-note", "certificate", "conversation-record", "diploma", "letter-regret",
    "letter-thanks", "name-plates", "press-release", "programme-guest", "programme-working", "reception-journal",
    "trip-report", "visit-report", "welcome-address",
)  # fmt: skip
CARDS = ("name-plates", "badges", "diploma", "certificate")
LONG_POST = ("заместитель начальника управления международных и межрегиональных связей " * 5)[:300]
LONG_NAME = "Константинопольский-Преображенский Александр-Максимилиан Владиславович"


def told(**changes: Any) -> dict[str, Any]:
    known = copy.deepcopy(facts())
    known["costs"] = {"lines": [], "total_text": None, "currency": "RUB", "actual": known["costs"]["actual"]}
    known["gifts"] = {"given": [{"what": both("альбом", "an album"), "person": both("мэру", "to the Mayor"),
                                 "presenter": both("Иванова", "Ivanova"), "handed_on": None}]}  # fmt: skip
    known["transport"] = {"arrivals": [], "departures": [], "rides": []}
    known["lodging"] = {"stays": []}
    return known | changes


def said(kind: str, language: str, known: dict[str, Any]) -> str:
    made = composing.compose(editions.edition(kind, language), known)
    assert (made.missing, made.unknown) == ((), ())
    return "\n".join(plan.words(made.plan)).replace("\u00a0", "~") + "\n"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", OURS)
def test_words_of_a_kind_are_those_that_were_looked_at(kind: str, language: str) -> None:
    path = SNAPSHOTS / f"{kind}-{language}.txt"
    text = said(kind, language, told())
    if os.environ.get("SNAPSHOTS") == "write":
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "post"),
    [(LONG_NAME, LONG_POST), ("Сукарно", ""), ("王示例", "мэр"), ("Ё", "й" * 300), ("A" * 120, "B")],
)
@pytest.mark.parametrize("kind", CARDS)
def test_no_name_breaks_a_card(kind: str, name: str, post: str) -> None:
    known = told()
    member = known["delegation"]["members"][0]
    member.update(name=both(name, name), post=both(post, post), international={"name": name, "post": post or None,
                                                                              "body": None})  # fmt: skip
    known["award"].update(name=both(name, name), post=both(post, post))
    ordinary = len(PdfReader(io.BytesIO(_pdf(kind, told()))).pages)
    pages = PdfReader(io.BytesIO(_pdf(kind, known))).pages
    assert len(pages) == ordinary
    shown = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert re.sub(r"\s", "", name) in shown
    assert shown.casefold().count(re.sub(r"\s", "", post).casefold()) >= (1 if post else 0)


def _pdf(kind: str, known: dict[str, Any]) -> bytes:
    return rendering.render(editions.edition(kind, "ru"), known, "pdf").data


@pytest.mark.parametrize("kind", ["name-plates", "badges"])
def test_cards_without_people_say_what_to_enter(kind: str) -> None:
    known = told()
    known["delegation"]["members"] = []
    known["conversation"]["ours"] = []
    assert "Никто ещё не~назван" in said(kind, "ru", known)
    assert _pdf(kind, known).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("kind", "name", "lines"),
    [("name-plates", "Климов Андрей Юрьевич", ("Климов", "Андрей Юрьевич")),
     ("name-plates", "Şerdil Dara-Mehmet Odabaşıoğlu", ("Şerdil Dara-Mehmet", "Odabaşıoğlu")),
     ("badges", "Соколова Елена Викторовна", ("Соколова", "Елена", "Викторовна"))],
)  # fmt: skip
def test_a_long_name_parts_after_the_family_name_or_before_it(kind: str, name: str, lines: tuple[str, ...]) -> None:
    known = told()
    member = {**known["delegation"]["members"][0], "name": both(name, name), "post": None, "body": None,
              "country": both("Россия", "Russia"), "gender": None}  # fmt: skip
    known["delegation"]["members"] = [member]
    known["conversation"] = {**known["conversation"], "ours": []}
    sheet = PdfReader(io.BytesIO(rendering.render(editions.edition(kind, "ru"), known, "pdf").data)).pages[0]
    shown = [line.strip() for line in sheet.extract_text().split("\n")]
    assert [line for line in shown if line in lines] == list(lines)


ONLINE = {
    "invitation": ("во встрече в формате видео-конференц-связи", "in a meeting by video conference", "посетить"),
    "letter-thanks": ("проведении встречи", "holding the meeting", "визита"),
    "letter-regret": ("встреча, которую предполагалось провести", "the meeting planned", "визит"),
    "visit-report": ("о встрече в формате видео-конференц-связи", "Purpose of the meeting", "визите"),
}


@pytest.mark.parametrize("kind", ONLINE)
def test_papers_of_an_online_meeting_with_an_association_speak_of_no_journey(kind: str) -> None:
    known = told()
    known["visit"] |= {"direction": "online", "title": both("Сессия", "Session"), "place": both("онлайн", "online")}
    known["partner"] |= {"name": both("ассоциация", "Association"), "city": None, "country": None, "addressee": None,
                         "address": None}  # fmt: skip
    russian, english = (said(kind, language, known).replace("~", " ") for language in ("ru", "en"))
    in_russian, in_english, never = ONLINE[kind]
    assert in_russian in russian
    assert in_english in english
    assert never not in russian


def test_plates_stand_three_to_a_sheet_and_badges_eight() -> None:
    known = told()
    one = known["delegation"]["members"][0]
    known["delegation"]["members"] = [{**one, "n": number} for number in range(1, 10)]
    known["conversation"]["ours"] = []
    assert len(PdfReader(io.BytesIO(_pdf("name-plates", known))).pages) == 3
    assert len(PdfReader(io.BytesIO(_pdf("badges", known))).pages) == 2


def test_journal_lies_across_the_sheet_and_keeps_rows_whole() -> None:
    known = told()
    row = known["receptions"]["rows"][0]
    known["receptions"]["rows"] = [{**row, "n": number} for number in range(1, 40)]
    pages = PdfReader(io.BytesIO(_pdf("reception-journal", known))).pages
    assert len(pages) > 1
    for page in pages:
        assert page.mediabox.width > page.mediabox.height
        assert page.extract_text().count("письмо") == page.extract_text().count("Соколова")


def test_empty_journal_says_so() -> None:
    known = told()
    known["receptions"]["rows"] = []
    assert "приёмов иностранных делегаций в учёте нет" in said("reception-journal", "ru", known).replace("~", " ")


def test_briefing_without_history_does_not_invent_it() -> None:
    known = told(history={"visits": [], "count": 0, "since": None, "agreements": [], "promises": []})
    text = said("briefing-note", "ru", known).replace("~", " ")
    assert "Встреч до этого визита в учёте нет." in text
    assert "Договорённостей прошлых встреч в учёте нет." in text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_press_release_prints_the_words_and_their_speaker_but_not_who_approved_them(language: str) -> None:
    known = told()
    text = said("press-release", language, known).replace("~", " ")
    spoken = {"ru": "«Мы рады гостям», – говорит глава города Иван Образцов.",
              "en": "“We are glad to have guests,” said the Mayor, Ivan Obraztsov."}  # fmt: skip
    assert spoken[language] in text
    known["protocol"]["quote_approved_by"] = both("Кто-то Другой", "Somebody Else")
    assert said("press-release", language, known).replace("~", " ") == text


def test_press_release_waits_until_its_quotation_is_approved() -> None:
    known = told()
    known["protocol"]["quote_approved_by"] = None
    made = composing.compose(editions.edition("press-release", "ru"), known)
    assert made.missing == ("protocol.quote_approved_by",)
    known["protocol"]["quote"] = None
    assert composing.compose(editions.edition("press-release", "ru"), known).missing == ()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_approval_sheet_says_who_approved_the_quotation_of_a_press_release_only(language: str) -> None:
    known = told()
    words = {"ru": "Цитату согласовал: И. П. Образцов.", "en": "Quotation approved by: I. Obraztsov."}[language]
    assert words not in said("approval-sheet", language, known).replace("~", " ")
    known["checks"]["paper"] = dict(editions.kind("press-release").titles)
    assert words in said("approval-sheet", language, known).replace("~", " ")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_report_sets_what_was_spent_against_the_estimate_and_waits_for_it(language: str) -> None:
    for kind in ("visit-report", "trip-report"):
        known = told()
        text = said(kind, language, known).replace("~", " ")
        assert {"ru": "фактически: 43 500,50 руб.; разница: −1 499,50 руб.",
                "en": "spent: RUB 43,500.50; difference: −RUB 1,499.50."}[language] in text  # fmt: skip
        known["costs"]["actual"].update(spent_text=None, difference_text=None)
        made = composing.compose(editions.edition(kind, language), known)
        assert made.missing == ("costs.actual.spent_text", "costs.actual.difference_text")
        known["costs"]["actual"] = {"lines": [], "planned_text": None, "spent_text": None, "difference_text": None}
        assert composing.compose(editions.edition(kind, language), known).missing == ()


@pytest.mark.parametrize(("years", "words"), [(100, "со 100-летием"), (102, "со 102-летием"), (209, "с 209-летием"),
                                              (50, "с 50-летием")])  # fmt: skip
def test_welcome_address_congratulates_on_an_anniversary_with_the_right_preposition(years: int, words: str) -> None:
    known = told()
    known["protocol"]["occasion"] = None
    known["founding"].update(anniversary=years)
    assert f"поздравляю Вас {words}" in said("welcome-address", "ru", known).replace("~", " ")


@pytest.mark.parametrize("kind", ["delegation-list", "visit-report", "briefing-note"])
def test_column_of_numbers_is_wide_enough_for_its_heading(kind: str) -> None:
    composed = composing.compose(editions.edition(kind, "ru"), told())
    tables = [part for part in composed.plan["blocks"] if part["kind"] == "table"]
    numbered = [part for part in tables if part["head"][0]["runs"][0][0] == "№"]
    assert numbered
    for part in numbered:
        assert part["widths"][0] >= 2
