"""Rules that the office keeps itself: edited with a look at open cases, confirmed, retired, each a version."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.unit_of_work import commit
from workflow.knowledge.visa_rules import Rule
from workflow.people.service import PassportData, add_passport
from workflow.visas import keeping, opening, service
from workflow.visas.foresight import touched_by
from workflow.visas.models import KeptRule, VisaCase
from workflow.visas.opening import load_cases
from workflow.visas.reckoning import answer_for, rulebook

EVISA = "in.ru.evisa"


@pytest.fixture
def keeper(make: Any) -> Actor:
    given: Actor = make.actor(Role.MANAGER)
    return given


@pytest.fixture
def visit(session: Session, make: Any, now: datetime) -> Any:
    """One Bulgarian guest, open to the e-visa and to the invitation."""
    made = make.visit(country="BG")
    made.visa_purpose = "business"
    person = make.person(citizenships=["BG"])
    add_passport(session, SYSTEM, now, person, PassportData("BG", "555000001", expires_on=date(2040, 1, 1)))
    make.member(made, person)
    opening.open_cases(session, SYSTEM, now, made)
    commit(session)
    return made


def test_text_of_every_rule_reads_back_as_the_same_rule(session: Session) -> None:
    rules = keeping.our_rules(session)
    for rule in rules.rules:
        read = keeping.read_rule(keeping.rule_text(rule), rule_id=rule.id, version=rule.version, status=rule.status,
                                 rules=rules)  # fmt: skip
        assert read == rule


def test_change_is_foreseen_kept_and_reckoned(
    session: Session, visit: Any, keeper: Actor, now: datetime, run_jobs: Callable[[], int]
) -> None:
    before = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(before).replace("nationality:\n    group: RU_EVISA_64", "nationality:\n  - GR")
    assert "- GR" in text
    changed = keeping.read_rule(text, rule_id=EVISA, version=before.version + 1, status="draft",
                                rules=keeping.our_rules(session))  # fmt: skip
    touched = touched_by(session, keeper, now, changed)
    assert [(one.visit.id, [rule.id for rule in one.goes]) for one in touched.seen] == [(visit.id, [EVISA])]

    assert touched.unseen == 0

    keeping.keep_rule(session, keeper, now, EVISA, text, remark="письмо консульства 12", seen_version=before.version)
    commit(session)
    run_jobs()
    case = session.scalars(select(VisaCase), execution_options={"populate_existing": True}).one()
    assert EVISA not in [option["rule"] for option in case.options]
    assert [change["code"] for change in case.changes] == ["visas.change-options"]


@pytest.mark.parametrize(("was", "becomes"), [
    ("offset: -14", "offset: -16"), ("    days: 30", "    days: 15"), ("validity_days: 120", "validity_days: 90"),
], ids=["day", "stay", "validity"])  # fmt: skip
def test_change_of_a_day_or_a_term_is_foreseen_for_open_cases(
    session: Session, visit: Any, keeper: Actor, now: datetime, was: str, becomes: str
) -> None:
    before = keeping.find_rule(session, EVISA)

    def read(text: str) -> Rule:
        return keeping.read_rule(text, rule_id=EVISA, version=before.version + 1, status="draft",
                                 rules=keeping.our_rules(session))  # fmt: skip

    text = keeping.rule_text(before)
    assert touched_by(session, keeper, now, read(text)).seen == []
    (one,) = touched_by(session, keeper, now, read(text.replace(was, becomes, 1))).seen
    assert (one.visit.id, one.comes, one.goes, one.papers) == (visit.id, [], [], True)


def test_changed_papers_of_an_overlay_are_foreseen(
    session: Session, make: Any, keeper: Actor, now: datetime
) -> None:
    abroad = make.visit(direction="outgoing", country="BG")
    child = make.member(abroad, make.person(citizenships=["RU"], birth_date="2015-01-01"))
    opening.open_cases(session, SYSTEM, now, abroad)
    commit(session)
    case = session.scalars(select(VisaCase).where(VisaCase.member_id == child.id)).one()
    case.passport_type = "ordinary"
    commit(session)
    (overlay,) = answer_for(case, abroad, rulebook(session, now)).overlays
    fewer = overlay.model_copy(update={"version": overlay.version + 1, "items": overlay.items[:-1]})
    assert [(one.visit.id, one.papers) for one in touched_by(session, keeper, now, fewer).seen] == [(abroad.id, True)]


def test_old_version_stays_for_old_cases(session: Session, visit: Any, keeper: Actor, now: datetime) -> None:
    before = keeping.find_rule(session, EVISA)
    keeping.confirm_rule(session, keeper, now, EVISA, remark="сверено с сайтом МИД", review_by=date(2030, 1, 1),
                         seen_version=before.version)  # fmt: skip
    commit(session)
    rules = keeping.our_rules(session)
    assert rules.find(EVISA, before.version) == before
    newest = keeping.find_rule(session, EVISA)
    assert (newest.version, newest.status, newest.review_by) == (before.version + 1, "reviewed", date(2030, 1, 1))
    versions = keeping.versions_of(session, EVISA)
    assert [one.rule.version for one in versions] == [before.version + 1, before.version]
    assert any(line.startswith("+review_by") for line in versions[0].difference)


def test_retired_rule_offers_nothing(session: Session, visit: Any, keeper: Actor, now: datetime) -> None:
    version = keeping.find_rule(session, EVISA).version
    keeping.retire_rule(session, keeper, now, EVISA, remark="отменено", seen_version=version)
    assert EVISA not in [rule.id for rule in keeping.our_rules(session).current]


@pytest.mark.parametrize(("text", "line"), [
    ("title: [", 1), ("outcome: maybe\n", 1), ("nonsense: 1\n", 1), ("- a\n- b\n", 1), ("", 1),
])  # fmt: skip
def test_faulty_text_is_refused_with_its_line(
    session: Session, visit: Any, keeper: Actor, now: datetime, text: str, line: int
) -> None:
    version = keeping.find_rule(session, EVISA).version
    with pytest.raises(Invalid) as refused:
        keeping.keep_rule(session, keeper, now, EVISA, text, remark="x", seen_version=version)
    assert (refused.value.field, refused.value.code) == ("text", "visas.rule-fault")
    assert refused.value.params["line"] >= line


FAULTS = [
    ("outcome: evisa", "outcome: x", "«outcome» должно быть одним из значений: visa_required, visa_free, evisa, "),
    ("outcome: evisa", "outcom: evisa", "не указано обязательное «outcome»."),
    ("outcome: evisa", "outcome: evisa\nnonsense: 1", "такого имени здесь нет: «nonsense»."),
    ("    days: 30", "    days: thirty", "«days» должно быть целым числом."),
    ("    days: 30", "    days: 0", "«days» должно быть не меньше 1."),
    ("as_of: '2025-08-28'", "as_of: soon", "«as_of» должно быть датой вида 2027-05-12."),
    ("rule: covers_stay", "rule: covers", "«valid» должно быть одним из значений: "),
    ("  passport_type:\n  - ordinary", "  passport_type: red", "«passport_type» должно быть списком."),
    ("group: RU_EVISA_64", "group: FRIENDS", "нет такого списка стран: FRIENDS."),
    ("  - RU", "  - QQ", "нет такой страны: QQ; пишите код из двух букв, например RU."),
    ("- code: photo", "- code: Photo", "«code» пишется строчными латинскими буквами, цифрами, точками и дефисами."),
    ("confidence: high", "confidence: high\nvalid_to: 2030-01-01",
     "части правила не согласуются между собой (слова программы: a rule that ends says on_expired: refer)."),
    ("title:", "title: [", "текст не читается: проверьте отступы, двоеточия и кавычки (слова программы: "),
]  # fmt: skip


def test_faults_of_a_rule_are_told_in_the_readers_language(
    session: Session, visit: Any, client_as: Callable[..., Any]
) -> None:
    rule = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(rule)
    commit(session)
    browser = client_as(Role.MANAGER)
    for before, after, told in FAULTS:
        sent = {"text": text.replace(before, after, 1), "remark": "x", "version": rule.version, "do": "keep"}
        page = unescape(browser.post(f"/visa-rules/{EVISA}", sent).get_data(as_text=True))
        found = re.search(r"Строка \d+: (.*)", page)
        assert (after, found and found[1].startswith(told)) == (after, True), found


def test_only_who_may_and_only_over_the_newest(
    session: Session, visit: Any, keeper: Actor, make: Any, now: datetime
) -> None:
    rule = keeping.find_rule(session, EVISA)
    given = {"remark": "x", "review_by": now.date() + timedelta(days=9), "seen_version": rule.version}
    with pytest.raises(Forbidden):
        keeping.confirm_rule(session, make.actor(Role.COORDINATOR), now, EVISA, **given)
    keeping.confirm_rule(session, keeper, now, EVISA, **given)
    with pytest.raises(Conflict) as late:
        keeping.confirm_rule(session, keeper, now, EVISA, **given)
    assert late.value.code == "visas.rule-meanwhile"


def test_pages_show_edit_and_keep(session: Session, visit: Any, client_as: Callable[..., Any], make: Any) -> None:
    browser = client_as(account=make.account(Role.MANAGER, language="en"))
    assert "e-visa" in browser.get("/visa-rules").get_data(as_text=True).lower()
    rule = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(rule).replace("offset: -14", "offset: -20")
    session.rollback()
    sent = {"text": text, "version": rule.version, "remark": "our experience"}
    look = browser.post(f"/visa-rules/{EVISA}", {**sent, "do": "look"})
    assert look.status_code == 200
    assert "Open cases that would change" in look.get_data(as_text=True)
    assert session.scalars(select(KeptRule)).all() == []
    session.rollback()
    assert browser.post(f"/visa-rules/{EVISA}", {**sent, "do": "keep"}).status_code == 303
    assert session.scalars(select(KeptRule.version)).all() == [rule.version + 1]
    session.rollback()
    faulty = {**sent, "text": "outcome: maybe", "version": rule.version + 1, "do": "keep"}
    wrong = browser.post(f"/visa-rules/{EVISA}", faulty)
    assert wrong.status_code == 422
    assert "Line 1" in wrong.get_data(as_text=True)
    assert browser.get("/visa-rules/unknown").status_code == 404
    assert client_as(Role.TRANSLATOR).get("/visa-rules").status_code == 403
    retire = f"/visa-rules/{EVISA}/retire"
    assert client_as(Role.COORDINATOR).post(retire, {"remark": "x", "version": 2}).status_code == 403
    assert load_cases(session, visit.id)[0].state == "to_choose"


def test_version_kept_before_things_were_shared_shares_what_the_packs_rule_shares(
    session: Session, keeper: Actor, now: datetime
) -> None:
    rule = keeping.find_rule(session, EVISA)
    row = keeping.confirm_rule(session, keeper, now, EVISA, remark="сверено", review_by=date(2030, 1, 1),
                               seen_version=rule.version)  # fmt: skip
    row.body = {**row.body, "items": [{key: value for key, value in item.items() if key != "shared"}
                                      for item in row.body["items"]]}  # fmt: skip
    commit(session)
    kept = keeping.find_rule(session, EVISA)
    assert (kept.status, [item.code for item in kept.items if item.shared]) == ("reviewed", ["passport", "photo"])
    text = keeping.rule_text(kept).replace("  shared: true\n", "", 1)
    keeping.keep_rule(session, keeper, now, EVISA, text, remark="у каждой границы своя копия",
                      seen_version=kept.version)  # fmt: skip
    commit(session)
    assert [item.code for item in keeping.find_rule(session, EVISA).items if item.shared] == ["photo"]


def test_offices_version_outlives_one_of_the_same_number_in_a_newer_pack(
    session: Session, keeper: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = keeping.find_rule(session, EVISA)
    keeping.confirm_rule(session, keeper, now, EVISA, remark="сверено", review_by=date(2030, 1, 1),
                         seen_version=rule.version)  # fmt: skip
    commit(session)
    pack = keeping.pack_rules(keeping.pack_in_use(session))
    newer = replace(pack, rules=(*pack.rules, rule.model_copy(update={"version": rule.version + 1})))
    monkeypatch.setattr(keeping, "pack_rules", lambda _pack: newer)
    keeping._merged.cache_clear()
    rules = keeping.our_rules(session)
    keeping._merged.cache_clear()
    (now_current,) = [one for one in rules.current if one.id == EVISA]
    found = rules.find(EVISA, rule.version + 1)
    assert (now_current.status, found and found.status) == ("reviewed", "reviewed")


@pytest.fixture
def chosen(session: Session, visit: Any, now: datetime) -> VisaCase:
    """The Bulgarian's case, on its way by e-visa."""
    (case,) = load_cases(session, visit.id)
    service.choose_route(session, SYSTEM, now, visit, case, EVISA)
    commit(session)
    return case


def test_route_that_a_changed_rule_closes_rings_in_the_cases_that_took_it(
    session: Session, chosen: VisaCase, keeper: Actor, now: datetime, run_jobs: Callable[[], int]
) -> None:
    before = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(before).replace("group: RU_EVISA_64", "group: RU_EVISA_64\n    not: [BG]")
    keeping.keep_rule(session, keeper, now, EVISA, text, remark="письмо консульства", seen_version=before.version)
    commit(session)
    run_jobs()
    session.refresh(chosen)
    assert (chosen.alarm, chosen.rule_version) == ("visas.alarm-rule-gone", before.version)


def test_newer_version_of_a_chosen_rule_is_told_and_taken_over_by_hand(
    session: Session, chosen: VisaCase, keeper: Actor, now: datetime, run_jobs: Callable[[], int],
    client_as: Callable[..., Any], make: Any,
) -> None:  # fmt: skip
    before = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(before).replace("offset: -14", "offset: -21")
    keeping.keep_rule(session, keeper, now, EVISA, text, remark="письмо консульства", seen_version=before.version)
    commit(session)
    run_jobs()
    session.refresh(chosen)
    told = [change["code"] for change in chosen.changes]
    assert (chosen.alarm, told, chosen.rule_version) == ("", ["visas.change-rule-version"], before.version)
    due, url = chosen.goes_off_on, f"/visits/{chosen.visit_id}/visas/{chosen.id}"
    commit(session)
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    assert "Take over version 2" in browser.get(url).text
    assert browser.post(f"{url}/route", {"rule_id": EVISA}).status_code == 303
    assert "Take over version" not in browser.get(url).text
    session.refresh(chosen)
    assert due is not None
    assert (chosen.rule_version, chosen.goes_off_on) == (before.version + 1, due - timedelta(days=7))


def test_newer_version_is_taken_over_for_all_open_cases_at_once(
    session: Session, make: Any, keeper: Actor, now: datetime, run_jobs: Callable[[], int],
    client_as: Callable[..., Any], count_queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    def travels(guests: int) -> Any:
        made = make.visit(country="BG")
        made.visa_purpose = "business"
        for _ in range(guests):
            person = make.person(citizenships=["BG"])
            add_passport(session, SYSTEM, now, person,
                         PassportData("BG", f"55{person.id:07}", expires_on=date(2040, 1, 1)))  # fmt: skip
            make.member(made, person)
        opening.open_cases(session, SYSTEM, now, made)
        service.choose_for_all(session, keeper, now, made, EVISA)
        commit(session)
        return made

    one, two = travels(3), travels(2)
    filed, checked = load_cases(session, one.id)[:2]
    filed.state, checked.state = "filed", "checked"
    for item in checked.items:
        item.state = "verified"
    before = keeping.find_rule(session, EVISA)
    text = keeping.rule_text(before).replace("offset: -14", "offset: -18").replace("code: checkpoint", "code: port")
    keeping.keep_rule(session, keeper, now, EVISA, text, remark="письмо консульства", seen_version=before.version)
    commit(session)
    run_jobs()
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    assert "5 open cases are on an older version of this rule." in browser.get(f"/visa-rules/{EVISA}").text
    page = browser.get(f"/visa-rules/{EVISA}/cases").text
    assert (page.count('<th scope="row">'), page.count("The papers must go off by")) == (5, 4)
    assert "The papers have gone off: the case keeps the version by which they went." in page
    assert "Take it over for 4 cases" in page
    assert browser.post(f"/visa-rules/{EVISA}/cases", {"version": before.version}).status_code == 409
    done = browser.post(f"/visa-rules/{EVISA}/cases", {"version": before.version + 1})
    assert done.status_code == 303
    assert "Cases: 4. Left as they are: 1." in browser.get(done.location).text
    run_jobs()
    session.expire_all()
    cases = [*load_cases(session, one.id), *load_cases(session, two.id)]
    assert [(case.rule_version - before.version, case.state) for case in cases] == [
        (0, "filed"), (1, "collecting"), (1, "collecting"), (1, "collecting"), (1, "collecting")]  # fmt: skip
    states = {item.code: item.state for item in cases[1].items if item.wanted}
    assert (states["port"], states["passport"], "checkpoint" in states) == ("missing", "verified", False)
    assert "1 open case is on an older version of this rule." in browser.get(f"/visa-rules/{EVISA}").text
    few = min(count_queries(lambda: browser.get(f"/visa-rules/{EVISA}/cases")) for _ in range(3))
    for case in load_cases(session, travels(5).id):
        case.rule_version = before.version
    commit(session)
    assert min(count_queries(lambda: browser.get(f"/visa-rules/{EVISA}/cases")) for _ in range(3)) == few
