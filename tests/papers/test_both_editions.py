"""What our own people's papers say is entered in Russian and in English, and each edition says its own words."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from tests.papers import sample
from workflow.base.actor import SYSTEM, Role
from workflow.base.reasons import FactScope
from workflow.base.registries import FACT_SECTIONS
from workflow.papers import editions
from workflow.papers.plain import prepare
from workflow.papers.wording import fill
from workflow.reports.receptions import receptions
from workflow.translations.models import Assignment

VISIT, MEMBER, PARTNER = "/visits/{visit}", "/members/{member}", "/partners/{partner}"
ITEM = "working.days.0.items.0"
PAGES = {
    "outcome": (f"{VISIT}/outcomes/new", {"kind": "promise", "what": "Книги", "what_en": "Books"},
                {"owner_name": "outcomes.items.0.owner"}),
    "report": (f"{VISIT}/report", {"aim": "Обмен"}, {"sent_to": "outcomes.report.sent_to"}),
    "notes": (f"{VISIT}/protocol/notes", {}, {"quote_approved_by": "protocol.quote_approved_by"}),
    "slip": (f"{VISIT}/translations/new", {"then": "save"}, {
        "title": "assignment.title", "text_user": "assignment.text_user", "instructions": "assignment.instructions",
        "text_version": "assignment.version", "reference_texts": "assignment.references",
        "layout": "assignment.layout", "confidentiality": "assignment.confidentiality"}),
    "item": (f"{VISIT}/programme/new", {"day": "2027-05-14", "title_ru": "Встреча"}, {
        **{name: f"{ITEM}.{name}" for name in ("internal_note", "menu", "press", "security", "equipment", "plan_b")},
        "interpreter_name": f"{ITEM}.interpreter"}),
    "interpreter": (f"{VISIT}/programme/new", {"day": "2027-05-14", "title_ru": "Встреча"},
                    {"interpreter_name": "interpreting.interpreters.0.name"}),
    "transport": (f"{VISIT}/logistics/transport/new", {"leg": "arrival", "vehicle": "car", "day": "2027-05-14"},
                  {name: f"transport.arrivals.0.{name.removesuffix('_ru')}" for name in ("car_ru", "driver_ru",
                                                                                         "luggage_ru")}),
    "member": (f"{MEMBER}/edit", {}, {"seat": "delegation.members.0.seat"}),
    "partner": (f"{PARTNER}/edit", {"kind": "city", "tie": "contact", "name_ru": "Кадыкёй"},
                {"head_pronounced": "partner.head.pronounced"}),
    "visit": (f"{VISIT}/edit",
              {"title_ru": "Визит", "country": "TR", "zone": "Europe/Moscow", "visa_purpose": "official"},
              {"host_name": "receptions.rows.0.participants"}),
}  # fmt: skip


def english_field(name: str) -> str:
    return f"{name.removesuffix('_ru')}_en"


def dig(told: Any, dotted: str) -> Any:
    for step in dotted.split("."):
        told = told[int(step) if step.isdigit() else step]
    return told


@pytest.mark.parametrize("page", PAGES)
def test_what_is_entered_in_both_languages_stands_in_both_editions(
    session: Session, make: Make, now: datetime, client_as: Callable[..., Client], page: str
) -> None:
    partner = make.partner()
    visit = make.visit(arrival=date(2027, 5, 14), partner_id=partner.id)
    url, others, fields = PAGES[page]
    url = url.format(visit=visit.id, member=make.member(visit).id if page == "member" else 0, partner=partner.id)
    browser = client_as(Role.COORDINATOR)
    form = browser.get(url).get_data(as_text=True)
    typed = {name: f"Слово {number}" for number, name in enumerate(fields)}
    typed |= {english_field(name): f"Word {number}" for number, name in enumerate(fields)}
    assert [name for name in typed if f'name="{name}"' not in form] == []
    sent = browser.post(url, {**others, **typed})
    assert sent.status_code == 303, sent.get_data(as_text=True)[:3000]
    session.expire_all()
    order = session.scalars(select(Assignment.id)).first()
    scope = FactScope(visit.id, "*", now, ("assignment", order) if order else None)
    names = {dotted.split(".")[0] for dotted in fields.values()} - {"receptions"}
    facts = {name: FACT_SECTIONS.get(name)(session, scope) for name in names}
    if page == "visit":
        facts["receptions"] = receptions(session, SYSTEM, 2027)
    for language, word in (("ru", "Слово"), ("en", "Word")):
        told = prepare(facts, language)
        said = {name: str(dig(told, dotted)).split("; ")[0] for name, dotted in fields.items()}
        assert said == {name: f"{word} {number}" for number, name in enumerate(fields)}


def test_what_is_typed_in_one_field_stands_in_both_editions_where_its_letters_do(
    session: Session, make: Make, now: datetime, client_as: Callable[..., Client]
) -> None:
    visit = make.visit(arrival=date(2027, 5, 14))
    browser = client_as(Role.COORDINATOR)
    for name in ("Deniz Deneme", "Мария Ивановна"):
        sent = browser.post(f"/visits/{visit.id}/programme/new",
                            {"day": "2027-05-14", "title_ru": "Встреча", "interpreter_name": name})
        assert sent.status_code == 303
    scope = FactScope(visit.id, "*", now)
    facts = {name: FACT_SECTIONS.get(name)(session, scope) for name in ("working", "programme", "interpreting")}
    seen = {language: prepare(facts, language) for language in ("ru", "en")}
    for section in ("working", "programme"):
        assert [one["interpreter"] for one in seen["ru"][section]["days"][0]["items"]] == [
            "Deniz Deneme", "Мария Ивановна"]
    assert [one["name"] for one in seen["en"]["interpreting"]["interpreters"]] == ["Deniz Deneme", None]
    english = [one["interpreter"] for one in seen["en"]["working"]["days"][0]["items"]]
    assert (english[0], bool(english[1])) == ("Deniz Deneme", False)


@pytest.mark.parametrize(("card", "russian", "english", "lacking"), [
    ({"birth_place": "Стамбул", "home_address": "ул. Мода, 1"}, ("Стамбул", "ул. Мода, 1"), ("", ""),
     {"identity.one.birth_place", "identity.one.address"}),
    ({"birth_place": "Стамбул", "birth_place_latin": "ISTANBUL", "home_address": "ул. Мода, 1",
      "home_address_latin": "MODA SOKAK 1"}, ("Стамбул", "ул. Мода, 1"), ("ISTANBUL", "MODA SOKAK 1"), set()),
    ({"birth_place": "ISTANBUL", "home_address": "MODA SOKAK 1"}, ("ISTANBUL", "MODA SOKAK 1"),
     ("ISTANBUL", "MODA SOKAK 1"), set()),
])  # fmt: skip
def test_papers_for_a_visa_print_birth_place_and_home_in_letters_of_their_language_or_say_that_they_lack(
    session: Session, make: Make, now: datetime, client_as: Callable[..., Client], card: dict[str, str],
    russian: tuple[str, str], english: tuple[str, str], lacking: set[str],
) -> None:
    member = make.member(make.visit())
    names = {"latin_family": "ORNEK", "latin_given": "AYLIN", "sex": "female"}
    assert client_as(Role.COORDINATOR).post(f"/people/{member.person_id}/edit", {**names, **card}).status_code == 303
    session.expire_all()
    scope = FactScope(member.visit_id, "*", now, ("member", member.id))
    facts = {**sample.facts(), "identity": FACT_SECTIONS.get("identity")(session, scope)}
    told = {language: prepare(facts, language) for language in ("ru", "en")}
    seen = {language: tuple(known["identity"]["one"][name] or "" for name in ("birth_place", "address"))
            for language, known in told.items()}  # fmt: skip
    assert seen == {"ru": russian, "en": english}
    wordings = editions.kind("visa-support").wordings
    missing = {language: set(fill(wordings[language], known, language).missing) for language, known in told.items()}
    private = {"identity.one.birth_place", "identity.one.address"}
    assert {language: names & private for language, names in missing.items()} == {"ru": set(), "en": lacking}


def test_api_keeps_what_only_our_own_people_read_in_both_languages(
    make: Make, client_as: Callable[..., Client]
) -> None:
    visit = make.visit(arrival=date(2027, 5, 14))

    def call(browser: Client, method: str, url: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return browser.raw.open(f"/api/v1{url}", method=method, json=body,
                                headers={"X-CSRFToken": browser.token(), **headers})

    boss = client_as(Role.COORDINATOR)
    told = {"menu": "чай", "menu_en": "tea", "internal_note_en": "A gift is ready", "interpreter_name_en": "Ms Example"}
    made = call(boss, "POST", f"/visits/{visit.id}/programme",
                {"day": "2027-05-14", "title_ru": "Встреча", **told})
    assert (made.status_code, {name: made.json[name] for name in told}) == (201, told)
    url = f"/programme-items/{made.json['id']}"
    patched = call(boss, "PATCH", url, {"menu_en": "coffee"}, **{"If-Match": made.headers["ETag"]})
    assert (patched.json["menu"], patched.json["menu_en"], patched.json["internal_note_en"]) == (
        "чай", "coffee", "A gift is ready")
    order = {"title": "Речь", "title_en": "Address", "layout": "две колонки", "layout_en": "two columns"}
    ordered = call(boss, "POST", f"/visits/{visit.id}/assignments", order)
    assert (ordered.status_code, {name: ordered.json[name] for name in order}) == (201, order)
    again = call(boss, "PATCH", f"/assignments/{ordered.json['id']}", {"layout_en": "as it is"},
                 **{"If-Match": ordered.headers["ETag"]})
    assert (again.json["layout"], again.json["layout_en"], again.json["title_en"]) == (
        "две колонки", "as it is", "Address")


@pytest.mark.parametrize(("languages", "said"), [(["ru"], False), ([], False), (["tr", "ru"], True)])
def test_an_order_speaks_of_interpreting_only_where_another_language_is_spoken(
    session: Session, make: Make, now: datetime, languages: list[str], said: bool
) -> None:
    visit = make.visit(languages=languages)
    scope = FactScope(visit.id, "*", now)
    facts = {**sample.facts(), "interpreting": FACT_SECTIONS.get("interpreting")(session, scope)}
    for language, word in (("ru", "перевод"), ("en", "interpret")):
        edition = editions.edition("order-receiving", language)
        text = fill(edition.wording, prepare(facts, language), language).text
        assert (word in text.lower()) is said
