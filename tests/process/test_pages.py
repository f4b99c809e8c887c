"""The course of a visit as people click it, and as other systems call it."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.process.conftest import Facts
from workflow.accounts.models import Account
from workflow.base.actor import SYSTEM, Role, person
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.office.models import CalendarOverride
from workflow.papers.rules import PaperState
from workflow.papers.service import draft_paper
from workflow.process.deadlines import sync_deadlines
from workflow.process.models import ConditionOverride
from workflow.programme.service import ItemData, add_item
from workflow.visas.crossing import Told, tell_crossing
from workflow.visits.facts import basis_facts
from workflow.visits.models import Visit, VisitBasis, VisitRequest
from workflow.visits.requesting import register_request
from workflow.visits.rules import Direction, RequestSource, Standing

Open = Callable[..., Visit]
SignIn = Callable[..., Any]


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def again(session: Session, visit: Visit) -> Visit:
    session.expire_all()
    return session.get_one(Visit, visit.id)


@pytest.fixture
def letter(session: Session, now: datetime) -> VisitRequest:
    """A registered letter from Kadıköy."""
    row = register_request(session, SYSTEM, now, {
        "title_ru": "Визит Кадыкёя", "title_en": "Visit of Kadıköy", "asking_body": "Муниципалитет Кадыкёя",
        "country": "TR", "incoming_number": "214", "incoming_date": date(2027, 3, 10), "process_key": "incoming",
        "their_number": "E-58241", "their_date": date(2027, 3, 4),
        "date_from": date(2027, 5, 17), "date_to": date(2027, 5, 20), "basis_kind": "request",
    }, source=RequestSource.LETTER)
    commit(session)
    return row


def test_accepting_a_letter_opens_its_visit_with_its_basis(
    session: Session, published: None, letter: VisitRequest, client_as: SignIn, make: Any
) -> None:
    officer, substitute = make.account(Role.COORDINATOR), make.account(Role.COORDINATOR)
    browser = client_as(Role.MANAGER)
    answer = browser.post(f"/requests/{letter.id}/accept",
                          {"responsible_id": officer.id, "substitute_id": substitute.id})
    visit = session.scalars(select(Visit)).one()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")
    assert (visit.stage, visit.process_key, visit.process_version) == ("opened", "incoming", 1)
    assert (visit.responsible_id, visit.substitute_id) == (officer.id, substitute.id)
    assert (visit.arrival, visit.crosses_border) == (date(2027, 5, 17), True)
    basis = session.scalars(select(VisitBasis)).one()
    assert (basis.kind, basis.number, basis.dated) == ("request", "E-58241", date(2027, 3, 4))
    assert "вх. № 214</a>, 10" in page(client_as(Role.COORDINATOR).get(f"/visits/{visit.id}"))
    session.rollback()
    assert (basis.text, basis.text_en) == ("обращение: Муниципалитет Кадыкёя", "request: Муниципалитет Кадыкёя")
    session.expire_all()
    row = session.get_one(VisitRequest, letter.id)
    assert (row.state, row.visit_id) == ("accepted", visit.id)


@pytest.mark.parametrize(("their", "answers_to"), [
    ({}, (None, None)), ({"their_number": "E-58241", "their_date": date(2027, 3, 4)}, ("E-58241", date(2027, 3, 4)))])
@pytest.mark.parametrize("kind", ["request", "agreement"])
def test_our_letter_answers_to_their_number_never_to_ours(
    session: Session, now: datetime, published: None, client_as: SignIn, kind: str, their: dict[str, Any],
    answers_to: tuple[str | None, date | None],
) -> None:
    row = register_request(session, SYSTEM, now, {
        "title_ru": "Визит Кадыкёя", "asking_body": "Кадыкёй", "incoming_number": "214", "basis_kind": kind,
        "basis_text": "основание", "incoming_date": date(2027, 3, 10), **their}, source=RequestSource.LETTER)
    commit(session)
    client_as(Role.MANAGER).post(f"/requests/{row.id}/accept", {})
    basis = session.scalars(select(VisitBasis)).one()
    assert (basis.number or None, basis.dated) == (answers_to if kind == "request" else (None, None))
    told = basis_facts(session, FactScope(visit_id=basis.visit_id, language="*", now=now))
    assert (told["letter_number"], told["letter_date"]) == answers_to
    assert (told["our_number"], told["our_date"]) == ("214", date(2027, 3, 10))


def test_letter_of_a_known_partner_names_it_as_what_the_visit_rests_on(
    session: Session, now: datetime, published: None, client_as: SignIn, make: Any
) -> None:
    partner = make.partner(name_ru="Кадыкёй", name_en="Kadıköy")
    asked = {"title_ru": "Визит Кадыкёя", "partner_id": partner.id, "purpose": "обмен опытом"}
    for source in (RequestSource.LETTER, RequestSource.OURSELVES):
        row = register_request(session, SYSTEM, now, asked, source=source)
        commit(session)
        client_as(Role.MANAGER).post(f"/requests/{row.id}/accept", {})
    assert session.execute(select(VisitBasis.text, VisitBasis.text_en).order_by(VisitBasis.id)).all() == [
        ("обращение: Кадыкёй", "request: Kadıköy"), ("обмен опытом", "")]


def test_second_manager_is_told_that_it_is_decided(
    session: Session, published: None, letter: VisitRequest, client_as: SignIn
) -> None:
    first, second = client_as(Role.MANAGER), client_as(Role.MANAGER)
    first.post(f"/requests/{letter.id}/accept", {})
    answer = second.post(f"/requests/{letter.id}/accept", {})
    assert answer.status_code == 409
    assert len(session.scalars(select(Visit)).all()) == 1


def test_wrong_dates_in_accepting_decide_nothing(
    session: Session, published: None, letter: VisitRequest, client_as: SignIn
) -> None:
    browser = client_as(Role.MANAGER)
    answer = browser.post(f"/requests/{letter.id}/accept", {"arrival": "2027-05-20", "departure": "2027-05-17"})
    assert answer.status_code == 422
    session.expire_all()
    assert session.get_one(VisitRequest, letter.id).state == "submitted"
    assert session.scalars(select(Visit)).all() == []


def test_visit_page_shows_its_stages_and_the_button_of_the_next_step(
    session: Session, open_one: Open, client_as: SignIn
) -> None:
    visit = open_one("invited")
    shown = page(client_as(Role.COORDINATOR).get(f"/visits/{visit.id}"))
    assert '<li class="done">Открыт<span class="visually-hidden"> (пройден)</span></li>' in shown
    assert '<li class="now" aria-current="step">Приглашение</li>' in shown
    assert "Начать подготовку</button>" in shown


def test_one_click_takes_an_open_step(session: Session, open_one: Open, client_as: SignIn) -> None:
    visit = open_one()
    browser = client_as(Role.COORDINATOR)
    answer = browser.post(f"/visits/{visit.id}/advance", {"step": "invite", "version": visit.lock_version})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")
    assert again(session, visit).stage == "invited"


def test_refused_step_shows_each_reason_with_a_link(
    session: Session, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named"}
    browser = client_as(Role.COORDINATOR)
    answer = browser.post(f"/visits/{visit.id}/advance", {"step": "confirm_ready", "version": visit.lock_version})
    shown = page(answer)
    assert answer.status_code == 409
    assert f'<a href="/visits/{visit.id}/dates">' in shown
    assert 'name="past"' not in shown
    assert "попросите руководителя пропустить" in shown
    assert again(session, visit).stage == "preparing"


def test_manager_goes_past_a_condition_with_a_reason_on_the_page(
    session: Session, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named"}
    browser = client_as(Role.MANAGER)
    assert 'name="why:visits.head_named"' in page(browser.get(f"/visits/{visit.id}/step/confirm_ready"))
    form = {"step": "confirm_ready", "version": visit.lock_version, "past": "visits.head_named"}
    bare = browser.post(f"/visits/{visit.id}/advance", form)
    assert bare.status_code == 422
    beside = page(bare).partition('name="why:visits.head_named"')[2].partition("</div>")[0]
    assert "Напишите, почему вы пропускаете это условие." in beside
    answer = browser.post(f"/visits/{visit.id}/advance", form | {"why:visits.head_named": "Назовут завтра"})
    assert answer.status_code == 303
    assert [(row.condition_key, row.reason) for row in session.scalars(select(ConditionOverride))] == [
        ("visits.head_named", "Назовут завтра")
    ]


def test_law_is_not_offered_to_be_gone_past(
    session: Session, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visas.cases_settled", "visits.head_named"}
    shown = page(client_as(Role.MANAGER).get(f"/visits/{visit.id}/step/confirm_ready"))
    assert 'name="past"' not in shown
    assert "Пропустить это не может никто" in shown


def test_lost_race_is_said_and_nothing_is_done_twice(session: Session, open_one: Open, client_as: SignIn) -> None:
    visit = open_one()
    browser = client_as(Role.COORDINATOR)
    form = {"step": "invite", "version": visit.lock_version}
    browser.post(f"/visits/{visit.id}/advance", form)
    answer = browser.post(f"/visits/{visit.id}/advance", form, follow_redirects=True)
    assert 'class="note note-error"' in page(answer)
    assert again(session, visit).stage == "invited"


def test_step_taken_in_another_window_says_where_the_visit_stands(
    session: Session, open_one: Open, client_as: SignIn
) -> None:
    visit = open_one()
    browser = client_as(Role.COORDINATOR)
    seen = {"step": "invite", "version": visit.lock_version}
    assert browser.post(f"/visits/{visit.id}/advance", seen).status_code == 303
    answer = browser.post(f"/visits/{visit.id}/advance", seen, follow_redirects=True)
    shown = page(answer)
    assert "Этот шаг отсюда уже не ведёт: визит стоит на этапе «Приглашение»." in shown
    assert "Сравните значения" not in shown


def test_changing_dates_shows_what_moves_and_then_moves_it(
    session: Session, open_one: Open, client_as: SignIn
) -> None:
    visit = open_one()
    browser = client_as(Role.COORDINATOR)
    asked = browser.get(f"/visits/{visit.id}/dates?arrival=2027-05-17&departure=2027-05-20&shift=14")
    later = asked.headers["Location"]
    shown = page(browser.get(later))
    assert "Сроки, которые сдвинутся" in shown
    assert 'name="arrival" value="2027-05-31"' in shown
    assert again(session, visit).arrival == date(2027, 5, 17)
    answer = browser.post(f"/visits/{visit.id}/dates", {
        "arrival": "2027-05-31", "departure": "2027-06-03", "version": visit.lock_version, "reason": "Праздник"})
    assert answer.status_code == 303
    assert again(session, visit).arrival == date(2027, 5, 31)
    assert "Сроки, которые сдвинутся" not in page(browser.get(later)), "whoever goes back does not move it again"


def said_of_days_off(shown: str) -> list[str]:
    """Give the lines that warn of days off, as they are read."""
    lists = re.findall(r'<ul class="plain-list days-off">(.*?)</ul>', shown)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", line).split()).replace(" ,", ",")
            for found in lists for line in re.findall(r"<li>(.*?)</li>", found)]


FREE = ["выходной пт, 23 апр., первый день: Турция", "выходной сб, 24 апр., программа: Россия, Турция",
        "выходной вс, 25 апр., последний день, программа: Россия, Турция"]


def test_days_off_are_pointed_out_when_a_visit_is_moved_and_stop_nothing(
    session: Session, now: datetime, open_one: Open, client_as: SignIn, make: Any
) -> None:
    visit = open_one()
    officer = make.actor(Role.COORDINATOR)
    for day in (18, 19, 19):
        add_item(session, officer, now, visit.id, ItemData(day=date(2027, 5, day), title_ru="встреча"))
    commit(session)
    browser = client_as(Role.COORDINATOR)
    working = page(browser.get(f"/visits/{visit.id}/dates?arrival=2027-05-24&departure=2027-05-27"))
    assert 'id="preview"' in working
    assert said_of_days_off(working) == []
    moved = {"arrival": "2027-04-23", "departure": "2027-04-25"}
    assert said_of_days_off(page(browser.get(f"/visits/{visit.id}/dates", query_string=moved))) == FREE
    asked = Caller(browser).post(f"/visits/{visit.id}/preview-dates", moved).get_json()["days_off"]
    assert [(one["day"], one["occasions"], one["countries"]) for one in asked] == [
        ("2027-04-23", ["arrival"], ["TR"]), ("2027-04-24", ["programme"], ["RU", "TR"]),
        ("2027-04-25", ["departure", "programme"], ["RU", "TR"])]
    version = again(session, visit).lock_version
    session.rollback()
    assert browser.post(f"/visits/{visit.id}/dates", {**moved, "version": version}).status_code == 303
    assert said_of_days_off(page(browser.get(f"/visits/{visit.id}"))) == [
        FREE[0], "выходной вс, 25 апр., последний день: Россия, Турция", "выходной вт, 18 мая, программа: Турция",
        "выходной ср, 19 мая, программа: Турция"], "the programme stays until somebody moves it"


def test_day_that_the_office_made_a_working_day_is_no_day_off(
    session: Session, now: datetime, open_one: Open, client_as: SignIn, make: Any
) -> None:
    visit = open_one(country="RU")
    browser = client_as(Role.COORDINATOR)
    address = f"/visits/{visit.id}/dates?arrival=2027-05-29&departure=2027-05-31"
    assert said_of_days_off(page(browser.get(address))) == ["выходной сб, 29 мая, первый день: Россия"]
    for day, works in ((29, True), (31, False)):
        session.add(CalendarOverride(calendar="RU", day=date(2027, 5, day), works=works))
    commit(session)
    assert said_of_days_off(page(browser.get(address))) == ["выходной пн, 31 мая, последний день: Россия"]


def test_days_off_at_home_of_each_guest_are_pointed_out(open_one: Open, client_as: SignIn, make: Any) -> None:
    visit = open_one(country="GB")
    for held in (["GB"], ["GR", "US"]):
        make.member(visit, make.person(citizenships=held))
    gone = make.member(visit, make.person(citizenships=["BG"]))
    client_as(Role.COORDINATOR).post(f"/members/{gone.id}/remove", {"text": "занят"})
    shown = page(client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/dates?arrival=2027-03-25&departure=2027-05-24"))
    assert said_of_days_off(shown) == ["выходной чт, 25 мар., первый день: Греция"]


def test_days_off_where_we_stop_on_the_way_move_with_the_journey(
    session: Session, now: datetime, open_one: Open, client_as: SignIn
) -> None:
    visit = open_one(country="TR", direction=Direction.OUTGOING)
    address = f"/visits/{visit.id}/dates?arrival=2027-05-24&departure=2027-05-27"
    for day, told in ((17, ["выходной пн, 24 мая, первый день: Болгария"]), (20, [])):
        tell_crossing(session, SYSTEM, now, visit, Told("BG", date(2027, 5, day), date(2027, 5, day)))
        commit(session)
        assert said_of_days_off(page(client_as(Role.COORDINATOR).get(address))) == told


def test_days_off_that_a_letter_asks_for_are_seen_before_it_is_accepted(
    session: Session, published: None, letter: VisitRequest, client_as: SignIn
) -> None:
    browser = client_as(Role.MANAGER)
    for path in (f"/requests/{letter.id}", f"/requests/{letter.id}/accept"):
        assert said_of_days_off(page(browser.get(path))) == [
            "выходной пн, 17 мая, первый день: Турция"], path
    browser.post(f"/requests/{letter.id}/decline", {"text": "нет"})
    assert said_of_days_off(page(browser.get(f"/requests/{letter.id}"))) == []


@pytest.mark.parametrize(("asked", "told"), [
    ("arrival=2027-05-20&departure=2027-05-17", "Последний день раньше первого."),
    ("arrival=31.02.2027&departure=20.05.2027", "Это не дата."),
    ("arrival=2027-05-20&departure=x", "Это не дата."),
    ("arrival=2027-05-20", "Укажите и первый, и последний день либо ни одного."),
])
def test_impossible_dates_are_said_on_the_page(
    session: Session, open_one: Open, client_as: SignIn, asked: str, told: str
) -> None:
    visit = open_one()
    answer = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/dates?{asked}")
    assert answer.status_code == 422
    shown = page(answer)
    assert told in shown.partition('<form method="get"')[2].partition("</form>")[0], "beside its field"
    assert again(session, visit).arrival == date(2027, 5, 17)


@pytest.mark.parametrize("shift", ["--7", "-", "x", "7.5", "99999999999999", "²"])
def test_shift_that_is_no_number_of_days_shows_the_dates_as_they_are(
    open_one: Open, client_as: SignIn, shift: str
) -> None:
    visit = open_one()
    answer = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/dates?shift={shift}")
    assert answer.status_code == 200
    assert 'value="2027-05-17"' in page(answer)


def test_postpone_resume_cancel_by_clicks(session: Session, open_one: Open, client_as: SignIn) -> None:
    visit = open_one()
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/visits/{visit.id}/postpone", {"reason": ""}).status_code == 422
    for verb, form, standing in (
        ("postpone", {"reason": "Выборы"}, Standing.POSTPONED),
        ("resume", {"arrival": "2027-06-07", "departure": "2027-06-09"}, Standing.LIVE),
        ("cancel", {"reason": "Отказ"}, Standing.CANCELLED),
    ):
        assert browser.get(f"/visits/{visit.id}/{verb}").status_code == 200
        assert browser.post(f"/visits/{visit.id}/{verb}", form).status_code == 303
        assert again(session, visit).standing == standing
    answer = browser.post(f"/visits/{visit.id}/resume", {})
    assert answer.status_code == 409
    assert "Визит отменён и продолжен быть не может" in page(answer)


@pytest.mark.parametrize("path", ["step/confirm_ready", "dates", "cancel", "postpone", "resume", "process"])
def test_translator_without_a_part_in_it_gets_nowhere(
    session: Session, open_one: Open, client_as: SignIn, path: str
) -> None:
    visit = open_one("preparing")
    assert client_as(Role.TRANSLATOR).get(f"/visits/{visit.id}/{path}").status_code in (403, 404)


def test_process_pages_show_drawing_steps_and_plan(session: Session, open_one: Open, client_as: SignIn) -> None:
    visit = open_one("preparing")
    browser = client_as(Role.MANAGER)
    assert "Приём делегации" in page(browser.get("/processes"))
    shown = page(browser.get("/processes/incoming/1"))
    assert "stateDiagram-v2" in shown
    assert "docs.cntd.ru/document/432873160" in shown
    of_visit = page(browser.get(f"/visits/{visit.id}/process"))
    assert "План сроков" in of_visit
    assert "Подписать распоряжение о приёме делегации" in of_visit
    assert browser.get("/processes/incoming/9").status_code == 404


class Caller:
    """Calls the API with a browser's session, as its own pages would."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def get(self, path: str) -> Any:
        return self.browser.get(f"/api/v1{path}")

    def post(self, path: str, body: dict[str, Any], version: int | None = None) -> Any:
        headers = {"X-CSRFToken": self.browser.token()}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.browser.raw.post(f"/api/v1{path}", json=body, headers=headers)


def test_course_as_json_says_what_can_be_done(
    session: Session, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    visit = open_one("preparing")
    facts.unmet |= {"visits.head_named", "visas.cases_settled"}
    answer = Caller(client_as(Role.COORDINATOR)).get(f"/visits/{visit.id}/course")
    said = answer.get_json()
    assert (said["stage"], said["standing"], said["next_step"]) == ("preparing", "live", "confirm_ready")
    assert answer.headers["ETag"] == f'"{visit.lock_version}"'
    [step] = said["steps"]
    assert (step["open"], step["overridable"]) == (False, ["visits.head_named"])
    assert [reason["where"] for reason in step["reasons"]] == [f"/visits/{visit.id}/dates"]
    assert said["allowed_actions"] == ["cancel", "postpone", "change-dates"]


def test_api_advances_refuses_and_cancels(
    session: Session, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    visit = open_one()
    caller = Caller(client_as(Role.COORDINATOR))
    path = f"/visits/{visit.id}"
    assert caller.post(f"{path}/advance", {"step": "invite"}).status_code == 428
    done = caller.post(f"{path}/advance", {"step": "invite"}, visit.lock_version)
    assert (done.status_code, done.get_json()["stage"]) == (200, "invited")
    version = done.get_json()["version"]
    assert caller.post(f"{path}/advance", {"step": "prepare"}, version - 1).status_code == 409
    facts.unmet |= {"papers.paper_sent", "invitations.answer_recorded"}
    refused = caller.post(f"{path}/advance", {"step": "prepare"}, version)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "process.step-refused")
    assert len(refused.get_json()["reasons"]) == 2
    preview = caller.post(f"{path}/preview-dates", {"arrival": "2027-05-31", "departure": "2027-06-03"})
    assert "composition" in [move["key"] for move in preview.get_json()["moves"]]
    moved = caller.post(f"{path}/change-dates", {"arrival": "2027-05-31", "departure": "2027-06-03"}, version)
    assert moved.get_json()["arrival"] == "2027-05-31"
    gone = caller.post(f"{path}/cancel", {"reason": "Отказ"}, moved.get_json()["version"])
    assert (gone.get_json()["standing"], gone.get_json()["allowed_actions"]) == ("cancelled", [])


def test_api_accepts_a_request(
    session: Session, published: None, letter: VisitRequest, client_as: SignIn
) -> None:
    browser = client_as(Role.MANAGER)
    answer = Caller(browser).post(f"/requests/{letter.id}/accept", {})
    assert (answer.status_code, answer.get_json()["stage"]) == (201, "opened")
    visit = session.get_one(Visit, answer.get_json()["id"])
    whoever = session.scalars(select(Account.id).where(Account.email == browser.account.email)).one()
    assert visit.responsible_id == whoever


def test_api_copies_a_visit_and_moves_one_to_another_version(
    session: Session, open_one: Open, client_as: SignIn
) -> None:
    source = open_one()
    path, version = f"/visits/{source.id}", source.lock_version
    caller, colleague = Caller(client_as(Role.MANAGER)), Caller(client_as(Role.COORDINATOR))
    made = caller.post(f"{path}/copy", {"arrival": "2028-05-10", "departure": "2028-05-12"})
    assert made.status_code == 201
    copy = session.get_one(Visit, made.get_json()["id"])
    assert (copy.copied_from_id, copy.arrival, copy.stage) == (source.id, date(2028, 5, 10), "opened")
    session.rollback()
    past = caller.post(f"{path}/copy", {"arrival": "2020-05-10", "departure": "2020-05-12"})
    assert (past.status_code, past.get_json()["errors"][0]["pointer"]) == (422, "/arrival")
    same = caller.post(f"{path}/move-version", {"to_version": 1}, version)
    assert (same.status_code, same.get_json()["code"]) == (409, "process.version-same")
    assert caller.post(f"{path}/move-version", {"to_version": 77}, version).status_code == 404
    assert colleague.post(f"{path}/move-version", {"to_version": 77}, version).status_code == 403


def test_accepting_offers_a_substitute_beside_the_responsible_officer(
    published: None, letter: VisitRequest, client_as: SignIn, make: Any
) -> None:
    deputy = make.account(Role.COORDINATOR, name="Заменин Пётр")
    browser = client_as(Role.MANAGER)
    for page in ("/", f"/requests/{letter.id}", f"/requests/{letter.id}/accept"):
        shown = browser.get(page).get_data(as_text=True)
        offered = shown.split('name="substitute_id"')[1].split("</select>")[0]
        assert f'<option value="{deputy.id}" selected>' in offered, page


def test_deadline_of_a_paper_leads_to_where_it_is_drafted_then_to_the_paper(
    session: Session, now: datetime, open_one: Open, client_as: SignIn, facts: Facts
) -> None:
    facts.unmet |= {"papers.paper_sent", "invitations.answer_recorded"}
    visit = open_one("invited")
    sync_deadlines(session, now, [visit.id])
    commit(session)
    clerk = client_as(Role.COORDINATOR)
    shown = page(clerk.get(f"/visits/{visit.id}"))
    link = re.findall(r'<a href="([^"]+)">Отправить приглашение</a>', shown)[0]
    drafted = clerk.get(link).headers["Location"]
    assert drafted == f"/visits/{visit.id}/papers?kind=invitation#draft"
    chosen = re.findall(r'<option value="([^"]+)" selected', page(clerk.get(drafted)))
    assert chosen[0] == "invitation"
    session.rollback()
    actor = person(clerk.account.id, "", frozenset({Role.COORDINATOR}))
    first, second = [draft_paper(session, actor, now, visit.id, "invitation") for _ in range(2)]
    first.state = PaperState.SUBMITTED
    second.state = PaperState.SUPERSEDED
    commit(session)
    assert clerk.get(link).headers["Location"] == f"/papers/{first.id}", "the one that counts, not a second one"
    assert clerk.get(f"/visits/{visit.id}/papers/of/nothing").status_code == 404
