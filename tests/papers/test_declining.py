"""Case forms, salutations and sums in wordings."""

from typing import Any

import pytest

from tests.papers.sample import facts
from workflow.papers import editions
from workflow.papers.composing import compose
from workflow.papers.declining import FormUsed
from workflow.papers.editions import Edition
from workflow.papers.engine import RENDERER
from workflow.papers.plain import fingerprint, prepare
from workflow.papers.wording import Filled, WordingError, check, fill

FACTS: dict[str, Any] = {
    "member": {
        "name": {"ru": "Соловей Анна Ивановна", "en": "Anna Solovey"}, "latin": "ANNA SOLOVEY",
        "short": {"ru": "А. И. Соловей", "en": "A. Solovey"}, "gender": "f",
        "post": {"ru": "Глава города Ставрополя", "en": "Head of Stavropol"},
    },
    "partner": {
        "name": {"ru": "муниципалитет Кадыкёй", "en": "Kadıköy Municipality"}, "salutation": None,
        "city": {"ru": "Кадыкёй", "en": "Kadıköy"},
        "head": {"name": {"ru": "Айлин Орнек", "en": "Aylin Örnek"}, "gender": "f",
                 "post": {"ru": "мэр Кадыкёя", "en": "Mayor of Kadıköy"}},
    },
    "office": {"signatory": {"name": {"ru": "Рева Игорь Петрович", "en": "Igor Reva"},
                             "short": {"ru": "И. П. Рева", "en": "I. Reva"}, "name_dative": "Реве Игорю Петровичу"}},
    "list": {"members": [{"name": "Иванов Пётр Ильич", "short": "П. И. Иванов"},
                         {"name": "Ван Шили", "latin": "WANG SHILI", "gender": "m"}]},
    "count": {"years": 209, "sum": 120050, "nth": 3},
}  # fmt: skip


def told(wording: str, language: str = "ru", **more: Any) -> Filled:
    return fill(wording, prepare({**FACTS, **more}, language), language)


@pytest.mark.parametrize(
    ("wording", "russian", "english"),
    [
        ("{{ member.post|lower_first|dative }}", "главе города Ставрополя", "head of Stavropol"),
        ("{{ member.post|dative|lower_first }}", "главе города Ставрополя", "head of Stavropol"),
        ("{{ member.name|genitive }}", "Соловей Анны Ивановны", "Anna Solovey"),
        ("{{ partner.name|instrumental }}", "муниципалитетом Кадыкёй", "Kadıköy Municipality"),
        ("{{ partner.city|prepositional }}", "Кадыкёе", "Kadıköy"),
        ("{{ partner.head.name|dative }}", "Айлин Орнек", "Aylin Örnek"),
        ("{{ office.signatory.name|dative }}", "Реве Игорю Петровичу", "Igor Reva"),
        ("{{ list.members|pick('name')|accusative|listing }}", "Иванова Петра Ильича и Ван Шили", ""),
        ("{{ partner.head|salutation }}", "Уважаемая госпожа Орнек!", "Dear Mayor Örnek,"),
        ("{{ partner|salutation }}", "Уважаемая госпожа Орнек!", "Dear Mayor Örnek,"),
        ("{{ count.years|anniversary }}", "209-летие", "209th anniversary"),
        ("{{ count.sum|sum_in_words }}", "тысяча двести рублей 50 копеек",
         "one thousand two hundred roubles 50 kopecks"),
        ("{{ count.sum|money }}", "1200,50\u00a0руб.", "1,200.50\u00a0roubles"),
        ("{{ count.nth|ordinal }} {{ count.nth|ordinal_in_words('f') }}", "3-й третья", "3rd third"),
        ("{{ count.years|in_words }}", "двести девять", "two hundred and nine"),
    ],
)  # fmt: skip
def test_filters_by_language(wording: str, russian: str, english: str) -> None:
    assert (told(wording).text, told(wording, "en").text) == (russian, english)


def test_salutation_written_on_the_page_wins() -> None:
    partner = {**FACTS["partner"], "salutation": {"ru": "Уважаемая Айлин-ханым!", "en": ""}}
    assert told("{{ partner|salutation }}", partner=partner).text == "Уважаемая Айлин-ханым!"
    assert told("{{ partner|salutation }}", "en", partner=partner).text == "Dear Mayor Örnek,"


def test_confirmed_form_wins_and_every_form_is_noted() -> None:
    forms = {"corrected": {"соловей анна ивановна": {"f": {"dative": "Соловью Анне Ивановне"}}},
             "confirmed": {"глава города ставрополя": {"-": {"genitive": "главы города Ставрополя"}}}}  # fmt: skip
    filled = told("{{ member.name|dative }}, {{ member.post|genitive }}, {{ member.short|dative }}", forms=forms)
    assert filled.text == "Соловью Анне Ивановне, Главы города Ставрополя, А. И. Соловей"
    assert filled.forms == (
        FormUsed("Соловей Анна Ивановна", "dative", "Соловью Анне Ивановне", "confirmed", "person", "f"),
        FormUsed("Глава города Ставрополя", "genitive", "Главы города Ставрополя", "confirmed", "post", ""),
        FormUsed("А. И. Соловей", "dative", "А. И. Соловей", "doubtful", "person", "f"),
    )
    assert told("{{ member.name|dative }}", "en", forms=forms).forms == ()


def test_missing_fact_keeps_its_filter_in_the_text() -> None:
    filled = told("{{ member.post|dative }} {{ partner.head|salutation }}", "en",
                  member={"post": None}, partner={"head": None})  # fmt: skip
    assert filled.text == "{{ member.post|dative }} {{ partner.head|salutation }}"
    assert filled.missing == ("member.post", "partner.head")


@pytest.mark.parametrize("wording", ["{{ count.sum|dative }}", "{{ member|dative }}", "{{ member.name|salutation }}",
                                     "{{ member.name|sum_in_words }}", "{{ count.nth|ordinal('x') }}"])  # fmt: skip
def test_filter_on_the_wrong_thing_is_a_fault_of_the_wording(wording: str) -> None:
    check(wording)
    with pytest.raises(WordingError, match="filter"):
        told(wording)


def test_confirmed_forms_are_no_facts_to_print() -> None:
    filled = told("{{ forms.corrected }}", forms={"corrected": {"а": {"-": {}}}})
    assert (filled.text, filled.unknown) == ("{{ forms.corrected }}", ("forms.corrected",))


def test_mere_confirmation_changes_no_fingerprint_and_a_correction_does() -> None:
    plain = fingerprint({"a": 1})
    assert fingerprint({"a": 1, "forms": {"confirmed": {"глава": {"-": {"dative": "главе"}}}}}) == plain
    assert fingerprint({"a": 1, "forms": {"corrected": {"глава": {"-": {"dative": "голове"}}}}}) != plain
    nested = {"text": "x", "facts": {"forms": {"confirmed": {"глава": {}}}}}
    assert fingerprint(nested) == fingerprint({"text": "x", "facts": {}})


def test_the_child_process_declines_too() -> None:
    edition = Edition("invitation", "ru", "{{ member.post|genitive }} {{ partner.city|prepositional }}", "letter", "")
    filled = RENDERER.draft(edition, FACTS)
    assert filled.text == "Главы города Ставрополя Кадыкёе"
    assert [(one.case, one.state, one.role) for one in filled.forms] == [
        ("genitive", "sure", "post"), ("prepositional", "sure", "place"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("city", "genitive"),
    [("Сент-Этьен", "Сент-Этьена"), ("Нови-Сад", "Нови-Сада"), ("Баня-Лука", "Баня-Луки"), ("Грозный", "Грозного")],
)
def test_a_partner_called_as_its_city_is_declined_as_a_city(city: str, genitive: str) -> None:
    partner = {"name": {"ru": city}, "city": {"ru": city}}
    made = fill("{{ partner.name|genitive }}", prepare({"partner": partner}, "ru"), "ru")
    assert made.text == genitive


@pytest.mark.parametrize("kind", ["invitation", "letter-regret", "letter-thanks", "welcome-address"])
@pytest.mark.parametrize("post", ["Мэр", "Глава муниципалитета"])
def test_a_letter_to_a_partner_called_as_its_city_names_the_city_in_its_address(kind: str, post: str) -> None:
    told = facts()
    told["partner"] |= {"name": {"ru": "Кадыкёй"}, "addressee": None, "salutation": None}
    told["partner"]["head"] = {**told["partner"]["head"], "post": {"ru": post}}
    blocks = compose(editions.edition(kind, "ru"), told).plan["blocks"]
    heading = next(part for part in blocks if part["kind"] in ("head", "addressee"))
    said = "\n".join("".join(run[0] for run in line) for line in heading.get("addressee", heading)["lines"])
    assert "Кадыкё" in said
