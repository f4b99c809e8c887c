"""Partners, their people and agreements."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role, public
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.events import Event
from workflow.base.reasons import FactScope, Where
from workflow.base.search import find
from workflow.base.unit_of_work import unit_of_work
from workflow.partners import facts, panels, queries, service
from workflow.partners.models import Partner, PartnerContact
from workflow.partners.rules import read_partial_date


def partner(session: Session, key: str = "zhenjiang", **values: Any) -> Partner:
    with unit_of_work(session):
        return service.add_partner(
            session,
            SYSTEM,
            clock.now(),
            key=key,
            **(
                {
                    "kind": "city",
                    "tie": "sister",
                    "name_ru": "Чжэньцзян",
                    "name_en": "Zhenjiang",
                    "name_own": "镇江",
                    "country": "CN",
                    "languages": ["zh", "en"],
                }
                | values
            ),
        )


def test_wrong_values_are_named_together(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        partner(
            session,
            kind="planet",
            tie="love",
            name_ru="",
            name_en="",
            country="ZZ",
            languages=["klingon"],
            website="javascript:alert(1)",
            founded="31.02.1777",
            email="@",
            head_gender="x",
        )
    assert {problem.field for problem in refused.value.problems} == {
        "kind",
        "tie",
        "name_ru",
        "country",
        "languages",
        "website",
        "founded",
        "email",
        "head_gender",
    }


@pytest.mark.parametrize(("given", "keys"), [
    ({"name_ru": "мэрия города Грозного", "name_en": ""}, ["meriia-goroda-groznogo", "meriia-goroda-groznogo-2"]),
    ({"name_ru": "Кадыкёй", "name_en": "Kadıköy Municipality"}, ["kadikoy-municipality", "kadikoy-municipality-2"]),
    ({"name_ru": "", "name_en": "镇江"}, ["partner", "partner-2"]),
    ({"name_ru": "ООО «Лицей № 5»", "name_en": "", "short_name": "№"}, ["ooo-litsei-5", "ooo-litsei-5-2"]),
    ({"name_ru": "дом " * 40, "name_en": ""}, ["-".join(["dom"] * 10), "-".join(["dom"] * 10) + "-2"]),
])
def test_key_is_made_from_the_name_where_none_is_given(
    session: Session, given: dict[str, str], keys: list[str]
) -> None:
    assert [partner(session, "", **given).key for _ in keys] == keys


def test_first_partner_is_entered_by_name_alone(client_as: Callable[..., Any], session: Session) -> None:
    browser = client_as(Role.COORDINATOR)
    assert "Партнёров пока нет" in browser.get("/partners").text
    assert "Подходящих партнёров нет" in browser.get("/partners?q=Омск").text
    assert browser.post("/partners/new", {"kind": "city", "name_ru": "мэрия города Грозного"}).status_code == 303
    assert session.scalars(select(Partner.key)).all() == ["meriia-goroda-groznogo"]


def test_key_is_taken_once(session: Session) -> None:
    partner(session)
    with pytest.raises(Conflict) as refused:
        partner(session)
    assert (refused.value.code, refused.value.field) == ("partners.key-taken", "key")


@pytest.mark.parametrize(("typed", "kept"), [
    ("2019", "2019"), ("03.2018", "2018-03"), ("3.2018", "2018-03"), ("22.04.2020", "2020-04-22"),
    ("2018-03", "2018-03"),
    ("31.02.2020", None), ("2018-13", None), ("yesterday", None), ("20200422", None),
])  # fmt: skip
def test_partial_date_is_read_as_precisely_as_it_is_typed(typed: str, kept: str | None) -> None:
    assert read_partial_date(typed) == kept


def test_body_address_and_contact_are_unreadable_in_the_database(session: Session) -> None:
    row = partner(session, email="office@zhenjiang.example", phone="+86 511 000000")
    with unit_of_work(session):
        service.add_contact(session, SYSTEM, clock.now(), row.id, name="Li Wei", email="li@zhenjiang.example")
    connection = session.connection()
    stored = [
        *connection.exec_driver_sql("SELECT email, phone FROM partner").one(),
        *connection.exec_driver_sql("SELECT email FROM partner_contact").one(),
    ]
    assert all(b"zhenjiang" not in bytes(value) and b"+86" not in bytes(value) for value in stored)
    events = session.scalars(select(Event).order_by(Event.id)).all()
    assert "li@zhenjiang.example" not in str([event.changes for event in events])


def test_contact_is_masked_until_revealed_and_the_reveal_is_recorded(
    client_as: Callable[..., Any], session: Session
) -> None:
    row = partner(session)
    with unit_of_work(session):
        contact = service.add_contact(session, SYSTEM, clock.now(), row.id, name="Li Wei", language="zh",
                                      email="li@zhenjiang.example")  # fmt: skip
    url, reveal = f"/partners/{row.id}", f"/partners/{row.id}/contacts/{contact.id}/reveal"
    coordinator = client_as(Role.COORDINATOR)
    assert "<td>китайский</td>" in coordinator.get(url).text
    assert "li@zhenjiang.example" not in coordinator.get(url).text
    assert "li@zhenjiang.example" not in coordinator.get(f"/partners/{row.id}/contacts/{contact.id}").text
    assert "li@zhenjiang.example" in coordinator.post(reveal).text
    kinds = session.scalars(select(Event.kind).where(Event.kind == "partners.contact.revealed")).all()
    assert kinds == ["partners.contact.revealed"]
    session.rollback()
    assert client_as(Role.TRANSLATOR).post(reveal).status_code == 403
    other = make_other(session)
    assert coordinator.post(f"/partners/{other}/contacts/1/reveal").status_code == 404


def make_other(session: Session) -> int:
    other = partner(session, "changzhou", name_ru="Чанчжоу", name_en="Changzhou", name_own="")
    found = other.id
    session.rollback()
    return found


def test_contact_changed_in_the_browser_keeps_the_address_left_empty(
    client_as: Callable[..., Any], session: Session
) -> None:
    row = partner(session)
    with unit_of_work(session):
        contact = service.add_contact(session, SYSTEM, clock.now(), row.id, name="Li Wei", email="li@zhenjiang.example")
    saved = client_as(Role.COORDINATOR).post(
        f"/partners/{row.id}/contacts/{contact.id}", {"name": "Li Wei", "post": "Director", "version": "1"}
    )
    assert saved.status_code == 303
    session.refresh(contact)
    assert (contact.post, contact.email) == ("Director", "li@zhenjiang.example")


def test_partner_is_found_by_any_name_country_and_contact(session: Session) -> None:
    row = partner(session)
    partner(session, "omsk", name_ru="Омск", name_en="Omsk", name_own="", country="RU", languages=["ru"])
    with unit_of_work(session):
        service.add_contact(session, SYSTEM, clock.now(), row.id, name="Li Wei")
    nothing = false()
    for words in ("Чжэньцзян", "zhenj", "Китай", "Li Wei", "镇江"):
        assert [entry.thing_id for entry in find(session, words, seen=nothing)] == [row.id]
    assert [entry.title_ru for entry in find(session, "омск", seen=nothing)] == ["Омск"]


def test_list_is_narrowed_and_hides_the_archived(session: Session, make: Any) -> None:
    actor = make.actor(Role.COORDINATOR)
    sister = partner(session)
    omsk = partner(session, "omsk", name_ru="Омск", name_en="Omsk", name_own="", country="RU", tie="agreement")
    gone = partner(session, "gone", name_ru="Азов", name_en="Azov", name_own="", country="RU", tie="contact")
    with unit_of_work(session):
        service.archive_partner(session, actor, clock.now(), gone.id)

    def listed(**values: Any) -> list[int]:
        rows, total = queries.list_partners(session, actor, queries.Filter(**values))
        assert total == len(rows)
        return [row.id for row in rows]

    assert listed() == [omsk.id, sister.id]
    assert listed(country="RU") == [omsk.id]
    assert listed(tie="sister") == [sister.id]
    assert listed(text="омс") == [omsk.id]
    assert listed(text="Россия") == [omsk.id]
    assert listed(text="нет такого") == []
    assert listed(archived=True) == [gone.id]
    with pytest.raises(Forbidden):
        queries.list_partners(session, make.actor(Role.TRANSLATOR), queries.Filter())
    with pytest.raises(NotFound):
        queries.partner(session, public(), omsk.id)


def test_facts_speak_the_partner_own_language_too(session: Session, make: Any) -> None:
    row = partner(
        session,
        salutation_ru="Уважаемый господин Мэр!",
        salutation_own="尊敬的市长先生：",
        head_name_en="Xu Shuhai",
        head_gender="m",
        email="office@zhenjiang.example",
    )
    visit = make.visit(partner_id=row.id, country="CN")
    known = facts.SECTIONS["partner"](session, FactScope(visit.id, "ru", clock.now()))
    assert known["name"] == {"ru": "Чжэньцзян", "en": "Zhenjiang", "zh": "镇江"}
    assert known["country"]["ru"] == "Китай"
    assert known["salutation"] == {"ru": "Уважаемый господин Мэр!", "en": "", "zh": "尊敬的市长先生："}
    assert known["head"] == {
        "name": {"ru": "", "en": "Xu Shuhai", "zh": ""},
        "post": None,
        "gender": "m",
        "about": None,
        "pronounced": None,
    }
    assert known["contact"]["email"] == "office@zhenjiang.example"
    nobody = facts.partner_facts(session, None)
    assert set(nobody) == set(known)
    assert (nobody["name"], nobody["languages"], nobody["head"]["name"]) == (None, [], None)


def test_agreement_keeps_the_precision_of_its_dates(session: Session, client_as: Callable[..., Any]) -> None:
    row = partner(session)
    partner_id = row.id
    browser = client_as(Role.COORDINATOR)
    wrong = browser.post(f"/partners/{partner_id}/agreements/new", {"title_ru": "", "signed": "31.02.2018"})
    assert wrong.status_code == 422
    made = browser.post(
        f"/partners/{partner_id}/agreements/new",
        {"title_ru": "Соглашение о сотрудничестве", "signed": "03.2018", "scope": "культура; образование;"},
    )
    assert made.status_code == 303
    (agreement,) = queries.agreements(session, partner_id)
    assert (agreement.signed, agreement.scope) == ("2018-03", ["культура", "образование"])
    agreement_id = agreement.id
    session.rollback()
    assert "март 2018" in browser.get(f"/partners/{partner_id}").text.replace("\xa0", " ")
    assert 'value="03.2018"' in browser.get(f"/partners/{partner_id}/agreements/{agreement_id}").text
    assert queries.agreements_to_choose(session, partner_id, "ru") == [(agreement_id, "Соглашение о сотрудничестве")]


def test_partner_is_entered_changed_and_archived_in_the_browser(client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    made = browser.post(
        "/partners/new",
        {
            "key": "patras",
            "kind": "city",
            "tie": "prospect",
            "name_ru": "Патры",
            "name_en": "Patras",
            "country": "GR",
            "languages": "el, en",
        },
    )
    assert made.status_code == 303
    url = made.location
    changed = browser.post(f"{url}/edit", {"kind": "city", "tie": "sister", "name_ru": "Патры", "version": "1"})
    assert changed.status_code == 303
    lost = browser.post(f"{url}/edit", {"kind": "city", "tie": "contact", "name_ru": "Патра", "version": "1"})
    assert lost.status_code == 409
    assert browser.post(f"{url}/archive").status_code == 303
    assert "Патры" not in browser.get("/partners").text
    assert "Патры" in browser.get("/partners?archived=1").text
    assert browser.post(f"{url}/restore").status_code == 303
    for page in ("/partners?q=патр&kind=city&tie=sister", "/partners?after=x&country=%27", url, f"{url}/edit"):
        assert browser.get(page).status_code == 200
    assert client_as(Role.TRANSLATOR).get(url).status_code == 403


@pytest.mark.parametrize("typed", ["греческий, английский", "Greek; English", "el, en", "el en", "Греческий, en"])
def test_languages_are_named_as_people_name_them(client_as: Callable[..., Any], session: Session, typed: str) -> None:
    browser = client_as(Role.COORDINATOR)
    known = {"kind": "city", "tie": "prospect", "name_ru": "Патры", "country": "GR"}
    url = browser.post("/partners/new", known | {"languages": typed}).location
    assert session.scalars(select(Partner.languages)).one() == ["el", "en"]
    assert 'name="languages" type="text" value="греческий, английский"' in browser.get(f"{url}/edit").text
    refused = browser.post("/partners/new", known | {"languages": "эльфийский"})
    assert (refused.status_code, 'href="#f-languages"' in refused.text) == (422, True)
    lost = [browser.post(f"{url}/edit", known | {"languages": text, "version": "0"}) for text in (typed, "ru")]
    assert [answer.status_code for answer in lost] == [409, 409]
    theirs = "Тем временем другой сотрудник сохранил: <strong>греческий, английский</strong>"
    assert [theirs in answer.text for answer in lost] == [False, True]
    assert 'id="f-languages-theirs"' not in lost[0].text

    person = {"name": "Eleni Specimen", "language": re.split("[,; ]", typed)[0]}
    assert browser.post(f"{url}/contacts/new", person).status_code == 303
    assert session.scalars(select(PartnerContact.language)).one() == "el"
    wrong = browser.post(f"{url}/contacts/new", person | {"language": "эльфийский"})
    assert (wrong.status_code, 'href="#f-language"' in wrong.text) == (422, True)


def test_panels_of_other_rooms_stand_on_the_card(
    client_as: Callable[..., Any], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = partner(session)
    partner_id = row.id
    session.rollback()
    registry: Any = type(panels.PANELS)("partner panel")
    registry.add(
        "visits",
        lambda _session, _actor, _now, key: [
            panels.Panel(
                "Визиты", ["Визит", "Когда"], [panels.PanelRow(["Приём <b>", f"№ {key}"], Where("partners.index"))]
            ),
            panels.Panel("Обещания", ["Что"], empty="Обещаний нет"),
        ],
    )
    monkeypatch.setattr("workflow.partners.pages.PANELS", registry)
    page = client_as(Role.COORDINATOR).get(f"/partners/{partner_id}").text
    assert '<a href="/partners">Приём &lt;b&gt;</a>' in page
    assert f"<td>№ {partner_id}</td>" in page
    assert "Обещаний нет" in page


def test_api_lists_partners_page_by_page(client_as: Callable[..., Any], session: Session) -> None:
    for number in range(5):
        partner(session, f"city-{number}", name_ru=f"Город {number}")
    session.rollback()
    browser = client_as(Role.MANAGER)
    seen, cursor = [], ""
    for _ in range(3):
        page = browser.get(f"/api/v1/partners?limit=2{cursor}").get_json()
        seen += [item["key"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert seen == [f"city-{number}" for number in range(5)]
    card = browser.get("/api/v1/partners/1")
    assert (card.get_json()["name_own"], card.headers["ETag"]) == ("镇江", '"1"')
    assert "email" not in card.get_json()
    assert browser.get("/api/v1/partners/999").status_code == 404
    assert browser.get("/api/v1/partners?cursor=zz").status_code == 404
    assert client_as(Role.TRANSLATOR).get("/api/v1/partners").status_code == 403


@pytest.mark.parametrize(
    ("founded", "year", "day", "count", "ordinal"),
    [("1818", 1818, None, 209, "209th"), ("1777-09-24", 1777, date(1777, 9, 24), 250, "250th"),
     ("1915", 1915, None, 112, "112th"), ("", None, None, None, None), ("2027", 2027, None, None, None)],
)  # fmt: skip
def test_founding_proposes_the_anniversary_of_the_year_of_the_visit(
    session: Session, make: Any, founded: str, year: int | None, day: date | None, count: int | None,
    ordinal: str | None,
) -> None:  # fmt: skip
    visit = make.visit(arrival=date(2027, 10, 5), partner_id=make.partner(founded=founded).id)
    known = facts.SECTIONS["founding"](session, FactScope(visit.id, "ru", clock.now()))
    assert (known["year"], known["date"], known["anniversary"], known["in_year"]) == (year, day, count, 2027)
    assert (known["ordinal"] or {}).get("en") == ordinal


def test_founding_of_nobody_is_unknown(session: Session, make: Any) -> None:
    visit = make.visit()
    known = facts.SECTIONS["founding"](session, FactScope(visit.id, "ru", clock.now()))
    assert known["anniversary"] is None


def test_profile_and_population_are_kept_and_shown(client_as: Any, make: Any) -> None:
    browser = client_as(Role.COORDINATOR)
    row = make.partner(name_ru="Грозный", founded="1818")
    form = {"kind": "city", "tie": "contact", "name_ru": "Грозный", "founded": "1818", "population": "324000",
            "profile_ru": "Столица республики", "head_pronounced": "Обра́зцов"}  # fmt: skip
    assert browser.post(f"/partners/{row.id}/edit", form).status_code == 303
    card = browser.get(f"/partners/{row.id}").get_data(as_text=True)
    assert all(words in card for words in ("324000", "Столица республики", "Обра́зцов", "1818", "209"))
    answer = browser.post(f"/partners/{row.id}/edit", {**form, "population": "0"})
    assert answer.status_code == 422
