"""Who keeps visa rules: a right that an administrator gives beside a role; lists of countries, new rules, doubts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.servers import both_databases
from workflow.accounts import service as accounts
from workflow.base.actor import ROLE_PERMISSIONS, SYSTEM, Actor, Permission, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.events import Event
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import country_lists, keeping, opening, queries, service
from workflow.visas.facts import visas as facts_of_visas
from workflow.visas.foresight import touched_by_list
from workflow.visas.models import KeptCountryList, KeptRule, VisaCase

FREE, EVISA, MVD = "in.ru.visa-free", "in.ru.evisa", "in.ru.ordinary.mvd-invitation"
SAMPLE = "RU_VISA_FREE_SAMPLE"


@pytest.fixture
def keeper(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR, Role.RULES_KEEPER)
    return given


@pytest.fixture
def visit(session: Session, make: Any, now: datetime) -> Any:
    """One Brazilian guest: no sample of ours names Brazil."""
    made = make.visit(country="BR")
    person = make.person(citizenships=["BR"])
    add_passport(session, SYSTEM, now, person, PassportData("BR", "BR0000001", expires_on=date(2040, 1, 1)))
    make.member(made, person)
    opening.open_cases(session, SYSTEM, now, made)
    commit(session)
    return made


def routes(session: Session, visit: Any) -> list[str]:
    case = session.scalars(select(VisaCase), execution_options={"populate_existing": True}).one()
    return [option["rule"] for option in case.options]


def test_right_is_one_right_and_makes_nobody_a_manager() -> None:
    assert ROLE_PERMISSIONS[Role.RULES_KEEPER] == {
        Permission.SIGNED_IN, Permission.VISAS_READ, Permission.VISAS_RULES}  # fmt: skip
    assert Permission.VISAS_RULES not in ROLE_PERMISSIONS[Role.COORDINATOR]


def test_administrator_gives_a_coordinator_the_right(
    session: Session, make: Any, client_as: Callable[..., Any], visit: Any
) -> None:
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    rule = keeping.find_rule(session, EVISA)
    session.rollback()
    sent = {"remark": "compared with the site", "review_by": "2030-01-01", "version": rule.version}
    assert browser.post(f"/visa-rules/{EVISA}/confirm", sent).status_code == 403
    assert "Visa rules</a></li>" not in browser.get("/").get_data(as_text=True)
    admin = client_as(Role.ADMINISTRATOR)
    page = admin.get(f"/admin/accounts/{browser.account.id}").get_data(as_text=True)
    assert "Ответственный за визовые правила" in page
    account = accounts.get_account(session, browser.account.id)
    values = {"name_ru": account.name_ru, "email": account.email, "zone": account.zone, "locale": "en",
              "roles": ["coordinator", "rules-keeper"], "version": account.lock_version}  # fmt: skip
    session.rollback()
    assert admin.post(f"/admin/accounts/{browser.account.id}", values).status_code == 303
    assert "Visa rules</a></li>" in browser.get("/").get_data(as_text=True)
    assert browser.post(f"/visa-rules/{EVISA}/confirm", sent).status_code == 303
    assert keeping.find_rule(session, EVISA).status == "reviewed"
    session.rollback()
    assert browser.get(f"/visits/{visit.id}").status_code == 200
    assert browser.get("/admin/accounts").status_code == 403


def test_keeper_alone_sees_rules_and_no_visit(
    session: Session, visit: Any, client_as: Callable[..., Any], make: Any
) -> None:
    browser = client_as(account=make.account(Role.RULES_KEEPER, language="en"))
    assert browser.get("/visa-rules").status_code == 200
    assert "You keep the visa rules" in browser.get("/").get_data(as_text=True)
    text = keeping.rule_text(keeping.find_rule(session, MVD)).replace("offset: -45", "offset: -50")
    session.rollback()
    look = browser.post(f"/visa-rules/{MVD}", {"text": text, "version": 1, "do": "look"})
    assert look.status_code == 200
    assert "1 case of a visit that is not yours would change." in look.text
    assert "None: no open case" not in look.text
    assert visit.title("en") not in look.text
    assert browser.get(f"/visits/{visit.id}/visas").status_code == 404


@both_databases
def test_false_visa_required_is_mended_by_the_whole_list(
    session: Session, visit: Any, keeper: Actor, now: datetime, run_jobs: Callable[[], int]
) -> None:
    assert routes(session, visit) == [MVD]
    before = country_lists.find_list(session, SAMPLE)
    assert (before.version, before.doubt is not None) == (0, True)
    text = country_lists.list_text(before.countries, "ru") + "\nБразилия, Аргентина; Чили"
    touched = touched_by_list(session, keeper, now, SAMPLE, country_lists.read_countries(text))
    (one,) = touched.seen
    assert ([rule.id for rule in one.comes], [rule.id for rule in one.goes]) == ([FREE], [MVD])
    country_lists.keep_list(session, keeper, now, SAMPLE, text, compared=True, remark="таблица МИД", seen_version=0)
    commit(session)
    run_jobs()
    assert routes(session, visit) == [FREE]
    after = country_lists.find_list(session, SAMPLE)
    assert (after.version, after.doubt, after.countries - before.countries) == (1, None, {"BR", "AR"})
    (version,) = country_lists.versions_of(session, after)
    assert (version.added, version.removed, version.row.remark) == ({"BR", "AR"}, set(), "таблица МИД")
    assert session.scalars(select(Event.kind).where(Event.kind == "visas.list.kept")).one()


def test_list_that_was_not_compared_stays_doubtful(
    session: Session, visit: Any, keeper: Actor, now: datetime
) -> None:
    kept = country_lists.keep_list(session, keeper, now, SAMPLE, "AM\nBY", compared=False, remark="x", seen_version=0)
    assert kept.countries == ["AM", "BY"]
    assert country_lists.find_list(session, SAMPLE).doubt is not None
    with pytest.raises(Conflict) as same:
        country_lists.keep_list(session, keeper, now, SAMPLE, "BY,AM", compared=False, remark="x", seen_version=1)
    assert same.value.code == "visas.rule-unchanged"
    with pytest.raises(Conflict) as late:
        country_lists.keep_list(session, keeper, now, SAMPLE, "BY", compared=False, remark="x", seen_version=0)
    assert late.value.code == "visas.rule-meanwhile"


@pytest.mark.parametrize(
    ("text", "remark", "code"),
    [
        ("Атлантида\nAM", "x", "visas.unknown-countries"), (" \n,", "x", "base.required"),
        ("AM", "  ", "visas.rule-why"), ("A" * 20_001, "x", "base.too-long"),
    ],
)  # fmt: skip
def test_wrong_list_is_refused(session: Session, keeper: Actor, now: datetime, text: str, remark: str,
                               code: str) -> None:  # fmt: skip
    with pytest.raises(Invalid) as refused:
        country_lists.keep_list(session, keeper, now, SAMPLE, text, compared=True, remark=remark, seen_version=0)
    assert refused.value.code == code
    assert session.scalars(select(KeptCountryList)).all() == []


def test_lists_are_kept_by_keepers_only(session: Session, make: Any, now: datetime, keeper: Actor) -> None:
    coordinator = make.actor(Role.COORDINATOR)
    with pytest.raises(Forbidden):
        country_lists.keep_list(session, coordinator, now, SAMPLE, "AM", compared=True, remark="x", seen_version=0)
    with pytest.raises(Forbidden):
        keeping.add_rule(session, coordinator, now, "out.rs.free", "x", remark="x")
    with pytest.raises(NotFound):
        country_lists.keep_list(session, keeper, now, "NOBODY", "AM", compared=True, remark="x", seen_version=0)


def test_pages_of_lists_look_and_keep(
    session: Session, visit: Any, client_as: Callable[..., Any], make: Any
) -> None:
    browser = client_as(account=make.account(Role.MANAGER, language="en"))
    overview = browser.get("/visa-rules").get_data(as_text=True)
    assert f"/visa-rules/lists/{SAMPLE}" in overview
    assert "sample of eleven" in overview
    url = f"/visa-rules/lists/{SAMPLE}"
    sent = {"text": "Brazil\nArmenia", "compared": "1", "remark": "the ministry's table", "version": 0}
    look = browser.post(url, {**sent, "do": "look"})
    assert (look.status_code, "new route: Visa-free entry to Russia" in look.get_data(as_text=True)) == (200, True)
    assert session.scalars(select(KeptCountryList)).all() == []
    session.rollback()
    assert browser.post(url, {**sent, "do": "keep"}).status_code == 303
    assert "the ministry&#39;s table" in browser.get(url).get_data(as_text=True)
    wrong = browser.post(url, {**sent, "text": "Nowhere", "version": 1, "do": "keep"})
    assert (wrong.status_code, "Not known as countries: Nowhere" in wrong.get_data(as_text=True)) == (422, True)
    assert browser.get("/visa-rules/lists/NOBODY").status_code == 404
    reader = client_as(account=make.account(Role.COORDINATOR, language="en"))
    assert "Armenia, Brazil" in reader.get(url).get_data(as_text=True)
    assert reader.post(url, sent).status_code == 403


def test_rule_that_there_was_not_is_added_looked_at_and_offered(
    session: Session, visit: Any, client_as: Callable[..., Any], make: Any, run_jobs: Callable[[], int]
) -> None:
    browser = client_as(account=make.account(Role.MANAGER, language="en"))
    begun = browser.get(f"/visa-rules/new?like={FREE}").get_data(as_text=True)
    assert "group: RU_VISA_FREE_SAMPLE" in begun
    text = keeping.rule_text(keeping.find_rule(session, FREE)).replace("group: RU_VISA_FREE_SAMPLE", "only: [BR]")
    session.rollback()
    sent = {"rule_id": "in.ru.br.visa-free", "text": text, "remark": "the treaty"}
    look = browser.post("/visa-rules/new", {**sent, "do": "look"})
    assert (look.status_code, "new route: Visa-free" in look.get_data(as_text=True)) == (200, True)
    assert session.scalars(select(KeptRule)).all() == []
    session.rollback()
    for name in ("New", "lists", "new", "in.ru.evisa", "-x", "a b"):
        assert browser.post("/visa-rules/new", {**sent, "rule_id": name, "do": "keep"}).status_code == 422, name
    assert browser.post("/visa-rules/new", {**sent, "do": "keep"}).status_code == 303
    run_jobs()
    assert routes(session, visit) == [MVD, "in.ru.br.visa-free"]
    kept = session.scalars(select(KeptRule)).one()
    assert (kept.version, kept.status, kept.remark) == (1, "draft", "the treaty")
    session.rollback()
    assert client_as(Role.COORDINATOR).get("/visa-rules/new").status_code == 403


def test_doubts_are_shown_with_the_answer_until_they_are_settled(
    session: Session, make: Any, keeper: Actor, now: datetime, client_as: Callable[..., Any]
) -> None:
    visit = make.visit(country="GB")
    person = make.person(citizenships=["GB"])
    add_passport(session, SYSTEM, now, person, PassportData("GB", "555000001", expires_on=date(2040, 1, 1)))
    make.member(visit, person)
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    (case,) = opening.load_cases(session, visit.id)
    url = f"/visits/{visit.id}/visas/{case.id}"
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    page = browser.get(url).get_data(as_text=True)
    assert [text in page for text in ("Decree 655 is repealed", "sample of eleven")] == [True, True]
    soon = now.date() + timedelta(days=90)

    def confirmed(*, settled: bool) -> tuple[bool, int]:
        version = keeping.find_rule(session, MVD).version
        keeping.confirm_rule(session, keeper, now, MVD, remark="сверено", review_by=soon, seen_version=version,
                             settled=settled)  # fmt: skip
        commit(session)
        (route,) = queries.view_case(session, visit, case, now).answer.routes
        return route.is_confirmed, len(route.doubts)

    assert confirmed(settled=False) == (False, 4)
    assert confirmed(settled=True) == (False, 1)
    country_lists.keep_list(session, keeper, now, SAMPLE, "AM\nBY\nRS", compared=True, remark="МИД", seen_version=0)
    version = keeping.find_rule(session, MVD).version
    raised = keeping.rule_text(keeping.find_rule(session, MVD)).replace("confidence: medium", "confidence: high")
    keeping.keep_rule(session, keeper, now, MVD, raised, remark="приказ", seen_version=version)
    assert confirmed(settled=False) == (True, 0)


def test_no_rule_says_what_would_have_to_be_different(
    session: Session, make: Any, now: datetime, client_as: Callable[..., Any]
) -> None:
    visit = make.visit(country="CN")
    visit.visa_purpose = "cultural"
    person = make.person(citizenships=["CN"])
    add_passport(session, SYSTEM, now, person, PassportData("CN", "SE0000001", type="service",
                 expires_on=date(2040, 1, 1)))  # fmt: skip
    make.member(visit, person)
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    (case,) = opening.load_cases(session, visit.id)
    near = {rule.id: sorted(against) for rule, against in queries.view_case(session, visit, case, now).answer.near}
    assert near == {"in.ru.service-visa": ["purpose"], MVD: ["passport_type"], EVISA: ["passport_type"],
                    "in.ru.cn.visa-free": ["passport_type"]}  # fmt: skip
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    page = browser.get(f"/visits/{visit.id}/visas/{case.id}").get_data(as_text=True)
    told = page.split("were it not for:")[1].split("</ul>")[0]
    assert ("the purpose of the journey" in told, "the kind of passport" in told) == (True, True)
    assert "Asked of the rules:" in page
    assert "citizenship: China" in page


def test_papers_say_what_the_chosen_version_of_a_rule_says(
    session: Session, make: Any, keeper: Actor, now: datetime
) -> None:
    visit = make.visit()
    person = make.person()
    add_passport(session, SYSTEM, now, person, PassportData("TR", "U5550001", expires_on=date(2040, 1, 1)))
    make.member(visit, person)
    text = keeping.rule_text(keeping.find_rule(session, EVISA)).replace("    days: 30", "    days: 25")
    keeping.keep_rule(session, keeper, now, EVISA, text, remark="новый срок", seen_version=1)
    (case,) = opening.open_cases(session, SYSTEM, now, visit)
    service.choose_route(session, keeper, now, visit, case, EVISA)
    commit(session)
    assert facts_of_visas(session, FactScope(visit.id, "ru", now))["evisa"]["stay_days"] == 25
