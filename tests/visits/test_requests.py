"""Requests: a letter, a public form, we ourselves; decided once, by one."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from tests.papers.conftest import set_up_office
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.errors import Conflict, DomainError, Invalid
from workflow.base.events import Event
from workflow.base.unit_of_work import commit, unit_of_work
from workflow.process.publishing import publish_definitions
from workflow.visits import requesting
from workflow.visits.models import VisitAccess, VisitBasis, VisitRequest
from workflow.visits.rules import REQUEST_ACTS, RequestAct, RequestSource, RequestState, request_acts

LETTER = {"title_ru": "Визит делегации Кадыкёя", "asking_body": "Kadıköy Belediyesi", "country": "TR",
          "date_from": "2027-05-12", "date_to": "2027-05-15", "size": "6", "purpose": "обмен опытом",
          "direction": "incoming", "process_key": "incoming", "basis_kind": "request", "incoming_number": "214",
          "incoming_date": "2027-03-12"}


def registered(session: Session, make: Make, **values: Any) -> VisitRequest:
    """Register a request and commit."""
    given = {"title_ru": "Визит", "asking_body": "Kadıköy Belediyesi", "date_from": date(2027, 5, 12),
             "date_to": date(2027, 5, 15)} | values
    row = requesting.register_request(session, make.actor(), clock.now(), given, source=RequestSource.LETTER)
    commit(session)
    return row


def test_letter_is_registered_with_its_number_and_scan(client_as: Callable[..., Client], session: Session) -> None:
    clerk = client_as(Role.COORDINATOR)
    answer = clerk.post("/requests/new", {**LETTER, "scan": (BytesIO(b"%PDF-1.7 scan"), "письмо.pdf")},
                        content_type="multipart/form-data")
    assert answer.status_code == 303
    row = session.scalars(select(VisitRequest)).one()
    assert (row.incoming_number, row.incoming_date, row.received_on) == ("214", date(2027, 3, 12), date(2027, 3, 15))
    page = clerk.get(answer.location).get_data(as_text=True)
    assert "вх. № 214 от 12\u00a0марта\u00a02027" in page
    scan = clerk.get(f"/requests/{row.id}/scan")
    assert scan.data == b"%PDF-1.7 scan"
    assert scan.headers["Content-Disposition"].startswith("attachment;")


def test_letter_registered_from_another_zone_came_on_the_offices_day(session: Session, make: Make) -> None:
    clerk = replace(make.actor(), zone="America/New_York")
    morning = datetime(2027, 3, 16, 2, tzinfo=UTC)
    row = requesting.register_request(session, clerk, morning, {"title_ru": "Визит", "asking_body": "Kadıköy"},
                                      source=RequestSource.LETTER)
    assert row.received_on == date(2027, 3, 16)


def test_wrong_values_stand_beside_their_fields_and_nothing_is_saved(client_as: Callable[..., Client],
                                                                     session: Session) -> None:
    wrong = {**LETTER, "title_ru": " ", "date_from": "2027-02-31", "size": "viele", "direction": "sideways",
             "asking_body": "", "contact_email": "mayor at kadikoy"}
    answer = client_as(Role.COORDINATOR).post("/requests/new", wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="f-date_from-error"' in page
    assert 'id="f-size-error"' in page
    assert 'id="f-direction-error"' in page
    assert 'value="2027-02-31"' in page
    summary = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert re.findall(r">([^<>]+: [^<>]+)</a>", summary) == [
        "Направление: Выберите одно из предложенных значений.",
        "Сколько человек: Это не число.", "Первый день: Это не дата. Укажите в виде 2027-05-12.",
        "Название на русском: Дайте название.",
        "Обратившаяся организация: Укажите, кто обращается: выберите партнёра или назовите организацию.",
        "Контакт: эл. почта: Это не адрес электронной почты."]
    assert session.scalars(select(VisitRequest)).all() == []


def test_scan_that_is_no_scan_is_refused_beside_its_field(client_as: Callable[..., Client], session: Session) -> None:
    answer = client_as(Role.COORDINATOR).post(
        "/requests/new", {**LETTER, "scan": (BytesIO(b"<svg onload='alert(1)'/>"), "scan.pdf")},
        content_type="multipart/form-data")
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert 'href="#f-scan"' in shown
    assert "PDF" in shown.partition('id="f-scan-error"')[2][:200]
    assert session.scalars(select(VisitRequest)).all() == []


def test_scan_that_another_replaces_stays_within_reach(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    clerk, deputy = (client_as(account=make.account(Role.COORDINATOR, name=name)) for name in ("Первая", "Вторая"))
    scan = {"content_type": "multipart/form-data"}
    answer = clerk.post("/requests/new", {**LETTER, "scan": (BytesIO(b"%PDF-1.7 first"), "письмо.pdf")}, **scan)
    row = session.scalars(select(VisitRequest)).one()
    version = str(row.lock_version)
    page = answer.location
    assert "Прежние сканы" not in clerk.get(page).get_data(as_text=True)
    answer = deputy.post(f"/requests/{row.id}/edit", {
        **LETTER, "version": version, "scan": (BytesIO(b"%PDF-1.7 second"), "не то.pdf")}, **scan)
    assert answer.status_code == 303
    shown = clerk.get(page).get_data(as_text=True).partition('id="earlier-scans"')[2].partition("</section>")[0]
    [(address, name)] = re.findall(r'<a href="([^"]+)">([^<]+)</a>', shown)
    assert (name, clerk.get(address).data) == ("письмо.pdf", b"%PDF-1.7 first")
    assert "заменён 15\u00a0мар.\u00a02027" in shown
    assert shown.partition("<ul")[2].count("Вторая") == 1
    assert clerk.get(f"{page}/scan").data == b"%PDF-1.7 second"
    other = registered(session, make)
    assert clerk.get(address.replace(f"/requests/{row.id}/", f"/requests/{other.id}/")).status_code == 404


def test_scan_of_a_removed_basis_stays_with_the_visit(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    entered = {"kind": "invitation", "text": "Приглашение мэра", "scan": (BytesIO(b"%PDF-1.7 only"), "письмо.pdf")}
    clerk.post(f"/visits/{visit.id}/basis", entered, content_type="multipart/form-data")
    basis = session.scalars(select(VisitBasis)).one()
    session.rollback()
    assert clerk.post(f"/visits/{visit.id}/basis/{basis.id}/remove").status_code == 303
    shown = clerk.get(f"/visits/{visit.id}/edit").get_data(as_text=True).partition('id="removed-scans"')[2]
    address = re.findall(r'<a href="([^"]+)">письмо.pdf</a>', shown)[0]
    assert "Приглашение мэра" in shown.partition("</ul>")[0]
    assert clerk.get(address).data == b"%PDF-1.7 only"
    assert clerk.get(address.replace(f"/visits/{visit.id}/", f"/visits/{make.visit().id}/")).status_code == 404


def test_scan_that_came_with_a_slip_of_the_pen_is_asked_for_again(
    client_as: Callable[..., Client], session: Session
) -> None:
    clerk = client_as(Role.COORDINATOR)
    scan = {"scan": (BytesIO(b"%PDF-1.7 scan"), "письмо.pdf")}
    answer = clerk.post("/requests/new", LETTER | {"date_to": "2027-05-10"} | scan, content_type="multipart/form-data")
    page = answer.get_data(as_text=True)
    assert '<a href="#f-scan">Скан письма: Выберите файл ещё раз: он не сохранён.</a>' in page
    beside = page.partition('id="f-scan"')[2].partition("</div>")[0]
    assert "Выберите файл ещё раз: он не сохранён." in beside
    answer = clerk.post("/requests/new", LETTER | {"date_to": "2027-05-10"})
    assert "Выберите файл ещё раз" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("address", "title", "headings"), [
    ("/requests/new", "Зарегистрировать письмо", ["О чём просят", "Кто обращается", "Письмо", "Условия"]),
    ("/requests/new?source=ourselves", "Визит по нашей инициативе",
     ["О визите", "С кем", "Основание визита", "Условия"]),
])
def test_form_speaks_of_a_letter_or_of_our_own_visit(
    client_as: Callable[..., Client], address: str, title: str, headings: list[str]
) -> None:
    page = client_as(Role.COORDINATOR).get(address).get_data(as_text=True)
    assert re.findall(r"<h1>(.*?)</h1>", page) == [title]
    assert re.findall(r"<legend><h2>(.*?)</h2></legend>", page) == headings


def test_russian_way_of_typing_a_date_is_understood(client_as: Callable[..., Client], session: Session) -> None:
    client_as(Role.COORDINATOR).post("/requests/new", {**LETTER, "date_from": "12.05.2027", "date_to": "15.05.2027"})
    row = session.scalars(select(VisitRequest)).one()
    assert (row.date_from, row.date_to) == (date(2027, 5, 12), date(2027, 5, 15))


def test_swapped_dates_are_refused(session: Session, make: Make) -> None:
    with pytest.raises(Invalid) as refused:
        registered(session, make, date_from=date(2027, 5, 15), date_to=date(2027, 5, 12))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        ("date_to", "visits.dates-swapped")]


def test_more_is_asked_answered_and_declined_with_a_reason(client_as: Callable[..., Client], session: Session,
                                                           make: Make) -> None:
    row = registered(session, make)
    manager = client_as(Role.MANAGER)
    assert manager.post(f"/requests/{row.id}/ask-more", {"text": "Кто глава?"}).status_code == 303
    assert manager.post(f"/requests/{row.id}/answer", {"text": "Мэр"}).status_code == 303
    assert manager.post(f"/requests/{row.id}/decline", {"text": ""}).status_code == 422
    assert manager.post(f"/requests/{row.id}/decline", {"text": "Нет возможности в мае"}).status_code == 303
    session.expire_all()
    assert (row.state, row.question, row.answer, row.reason) == (
        "declined", "Кто глава?", "Мэр", "Нет возможности в мае")
    assert "Нет возможности в мае" in manager.get(f"/requests/{row.id}").get_data(as_text=True)


@pytest.mark.parametrize(("act", "told"), [
    ("ask-more", "Напишите, что нужно уточнить."), ("answer", "Напишите, что ответили."),
    ("decline", "Напишите причину."),
])
def test_act_without_its_words_says_so_beside_the_field(
    client_as: Callable[..., Client], session: Session, make: Make, act: str, told: str
) -> None:
    row = registered(session, make)
    if act == "answer":
        requesting.ask_more(session, make.actor(), clock.now(), row.id, "Кто глава?")
        commit(session)
    answer = client_as(Role.MANAGER).post(f"/requests/{row.id}/{act}", {"text": "  "})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'<a href="#f-text">[^<:]+: {re.escape(told)}</a>', shown)
    assert told in shown.partition('id="f-text-error"')[2][:200]


@pytest.mark.parametrize("country", ["XX", "Турция", "tr"])
def test_country_that_is_none_is_refused_beside_its_field(
    client_as: Callable[..., Client], session: Session, country: str
) -> None:
    answer = client_as(Role.COORDINATOR).post("/requests/new", LETTER | {"country": country})
    assert answer.status_code == 422
    assert 'id="f-country-error"' in answer.get_data(as_text=True)
    assert session.scalars(select(VisitRequest)).all() == []


@pytest.mark.parametrize(("typed", "field"), [
    ({"date_from": "1027-05-12", "date_to": ""}, "date_from"), ({"date_from": "2027-05-12", "date_to": "3027-05-12"},
                                                                "date_to"),
    ({"date_from": "2027-05-12", "date_to": "2027-05-10"}, "date_to"), ({"date_from": ""}, "date_from"),
    ({"contact_email": "deniz at kadikoy"}, "contact_email"),
])
def test_slip_of_the_pen_is_marked_where_it_is(
    client_as: Callable[..., Client], session: Session, typed: dict[str, str], field: str
) -> None:
    answer = client_as(Role.COORDINATOR).post("/requests/new", LETTER | typed)
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert re.findall(r'id="f-(\w+)-error"', shown) == [field]
    assert session.scalars(select(VisitRequest)).all() == []


@pytest.fixture
def published(session: Session) -> None:
    """The processes of our pack are published, as at each start."""
    publish_definitions(session, clock.now())
    commit(session)


def test_process_that_is_none_is_refused_beside_its_field_when_the_letter_is_entered(
    client_as: Callable[..., Client], session: Session, published: None
) -> None:
    clerk = client_as(Role.COORDINATOR)
    answer = clerk.post("/requests/new", LETTER | {"process_key": "incomming"})
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    assert re.findall(r'id="f-(\w+)-error"', shown) == ["process_key"]
    told = "Такого процесса нет. Выберите один из этих: courtesy-call, incoming, online-meeting, outgoing."
    assert f'<a href="#f-process_key">Процесс: {told}</a>' in shown
    assert session.scalars(select(VisitRequest)).all() == []
    assert clerk.post("/requests/new", LETTER).status_code == 303


def test_process_of_another_direction_is_refused_beside_its_field(
    published: None, client_as: Callable[..., Client], session: Session
) -> None:
    clerk = client_as(Role.COORDINATOR)
    shown = clerk.post("/requests/new", LETTER | {"process_key": "outgoing"}).get_data(as_text=True)
    assert re.findall(r'id="f-(\w+)-error"', shown) == ["process_key"]
    assert ("Процесс «Командирование делегации» не подходит к этому направлению. Измените направление или выберите: "
            "Протокольная встреча, Приём делегации.") in shown
    assert session.scalars(select(VisitRequest)).all() == []
    assert clerk.post("/requests/new", LETTER | {"process_key": "courtesy-call"}).status_code == 303
    row = session.scalars(select(VisitRequest)).one()
    turned = LETTER | {"process_key": "courtesy-call", "direction": "online", "version": str(row.lock_version)}
    assert clerk.post(f"/requests/{row.id}/edit", turned).status_code == 422


def test_manager_cannot_accept_into_a_process_of_another_direction(
    published: None, client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    row = registered(session, make)
    refused = client_as(Role.MANAGER).post(f"/requests/{row.id}/accept", {"process_key": "online-meeting"})
    assert refused.status_code == 422
    assert re.findall(r'id="f-(\w+)-error"', refused.get_data(as_text=True)) == ["process_key"]
    session.expire_all()
    assert (row.state, row.visit_id) == ("submitted", None)


def test_form_of_a_request_offers_the_published_processes_by_name(
    client_as: Callable[..., Client], session: Session, published: None
) -> None:
    shown = client_as(Role.COORDINATOR).get("/requests/new").get_data(as_text=True)
    choices = shown.partition('name="process_key"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([\w-]+)"( selected)?>([^<]+)<', choices) == [
        ("courtesy-call", "", "Протокольная встреча"), ("incoming", " selected", "Приём делегации"),
        ("online-meeting", "", "Онлайн-встреча"), ("outgoing", "", "Командирование делегации")]


def test_request_whose_process_is_published_no_more_can_still_be_corrected(
    client_as: Callable[..., Client], session: Session, make: Make, published: None
) -> None:
    row = registered(session, make)
    session.execute(update(VisitRequest).values(process_key="protocol-2019"))
    commit(session)
    clerk = client_as(Role.COORDINATOR)
    shown = clerk.get(f"/requests/{row.id}/edit").get_data(as_text=True)
    assert '<option value="protocol-2019" selected>' in shown
    given = LETTER | {"process_key": "protocol-2019", "version": str(row.lock_version)}
    assert clerk.post(f"/requests/{row.id}/edit", given).status_code == 303


def test_letter_registered_twice_is_pointed_out_on_both(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    clerk = client_as(Role.COORDINATOR)
    for _time in range(2):
        assert clerk.post("/requests/new", LETTER).status_code == 303
    registered(session, make, incoming_number="214", incoming_date=date(2026, 3, 12))
    registered(session, make)
    first, second, *others = session.scalars(select(VisitRequest).order_by(VisitRequest.id)).all()
    session.rollback()
    said = "Похоже, это письмо уже зарегистрировано."
    for one, twin in ((first, second), (second, first)):
        page = clerk.get(f"/requests/{one.id}").get_data(as_text=True)
        assert said in page
        assert f'href="/requests/{twin.id}"' in page
    assert [said in clerk.get(f"/requests/{row.id}").get_data(as_text=True) for row in others] == [False, False]
    assert clerk.post(f"/requests/{second.id}/withdraw", {"text": "дважды"}).status_code == 303
    assert said not in clerk.get(f"/requests/{first.id}").get_data(as_text=True)


def test_coordinator_does_not_decide(client_as: Callable[..., Client], session: Session, make: Make) -> None:
    row = registered(session, make)
    clerk = client_as(Role.COORDINATOR)
    waits = "Принимает или отклоняет руководитель: обращение стоит у него на странице «Сегодня»."
    assert waits in clerk.get(f"/requests/{row.id}").get_data(as_text=True)
    assert waits not in client_as(Role.MANAGER).get(f"/requests/{row.id}").get_data(as_text=True)
    assert clerk.post(f"/requests/{row.id}/decline", {"text": "нет"}).status_code == 403
    session.expire_all()
    assert row.state == "submitted"


@pytest.mark.parametrize("state", list(RequestState))
@pytest.mark.parametrize("act", [act for act in RequestAct if act is not RequestAct.CORRECT])
def test_every_act_on_every_state_is_done_or_refused_with_a_reason(
    session: Session, make: Make, state: RequestState, act: RequestAct
) -> None:
    row = registered(session, make)
    row.state, row.reason = state, "причина"
    commit(session)
    deeds: dict[RequestAct, Callable[..., VisitRequest]] = {
        RequestAct.ASK_MORE: requesting.ask_more, RequestAct.ANSWER: requesting.answer_more,
        RequestAct.DECLINE: requesting.decline_request, RequestAct.WITHDRAW: requesting.withdraw_request}
    manager = make.actor(Role.MANAGER)

    def do() -> VisitRequest:
        if act is RequestAct.ACCEPT:
            return requesting.settle_accepted(session, manager, clock.now(), row.id)
        return deeds[act](session, manager, clock.now(), row.id, "текст")

    if act in request_acts(state):
        assert do().state == REQUEST_ACTS[act][1]
    else:
        with pytest.raises(Conflict) as refused:
            do()
        assert refused.value.code in ("visits.request-decided", "visits.request-not-open")


def test_decided_request_is_not_corrected(session: Session, make: Make) -> None:
    row = registered(session, make)
    requesting.decline_request(session, make.actor(Role.MANAGER), clock.now(), row.id, "нет")
    with pytest.raises(Conflict, match=r"visits\.request-decided"):
        requesting.correct_request(session, make.actor(), clock.now(), row, {"title_ru": "Другое"}, version=None)


def test_two_managers_decide_at_once_and_one_decision_stands(app: Flask, session: Session, make: Make) -> None:
    row = registered(session, make)
    managers = [make.actor(Role.MANAGER) for _number in range(8)]
    engine, barrier, answers = session.get_bind(), threading.Barrier(8), []

    def decide(number: int) -> None:
        deed = requesting.settle_accepted if number % 2 else requesting.decline_request
        more = () if number % 2 else ("нет",)
        barrier.wait()
        try:
            with Session(engine) as own, unit_of_work(own):
                deed(own, managers[number], clock.now(), row.id, *more)  # type: ignore[operator]
            answers.append("decided")
        except DomainError as refused:
            answers.append(refused.code)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["decided"] + ["visits.request-decided"] * 7
    session.expire_all()
    events = session.scalars(select(Event.kind).where(Event.kind.in_(
        ["visits.request.accepted", "visits.request.declined"]))).all()
    assert events == [f"visits.request.{row.state}"]


def test_lost_race_on_the_form_shows_both_values(client_as: Callable[..., Client], session: Session,
                                                 make: Make) -> None:
    row = registered(session, make, title_ru="Первое")
    clerk = client_as(Role.COORDINATOR)
    seen = row.lock_version
    requesting.correct_request(session, make.actor(), clock.now(), row, {"title_ru": "Их название"}, version=seen)
    commit(session)
    answer = clerk.post(f"/requests/{row.id}/edit", {**LETTER, "title_ru": "Наше название", "version": str(seen)})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert 'value="Наше название"' in page
    assert "Их название" in page
    again = clerk.post(f"/requests/{row.id}/edit",
                       {**LETTER, "title_ru": "Наше название", "version": str(row.lock_version)})
    assert again.status_code == 303
    session.expire_all()
    assert row.title_ru == "Наше название"


ASKED = {"asking_body": "City of Patras", "country": "GR", "contact_name": "Eleni Specimen",
         "contact_email": "eleni@patras.example", "title": "Visit to the festival", "purpose": "cultural exchange"}


def test_partner_asks_without_an_account_and_is_answered_by_mail(
    client: Client, session: Session, run_jobs: Callable[[], int], outbox: Callable[[], list[Any]]
) -> None:
    set_up_office(session, clock.now())
    assert "<p>Администрация города Ставрополя. Расскажите" in client.get("/ask").get_data(as_text=True)
    answer = client.post("/ask", ASKED, headers={"Accept-Language": "en"})
    row = session.scalars(select(VisitRequest)).one()
    assert answer.status_code == 200
    assert row.reference in answer.get_data(as_text=True)
    assert (row.source, row.state, row.contact_email) == ("public_form", "submitted", "eleni@patras.example")
    run_jobs()
    (mail,) = outbox()
    assert mail["To"] == "Eleni Specimen <eleni@patras.example>"
    assert row.reference in mail["Subject"]


def test_public_form_is_limited_by_address(client: Client, session: Session) -> None:
    answers = [client.post("/ask", ASKED).status_code for _number in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert len(session.scalars(select(VisitRequest)).all()) == 5


def test_filled_trap_field_is_thanked_and_dropped(client: Client, session: Session) -> None:
    assert client.post("/ask", {**ASKED, "website": "http://spam.example"}).status_code == 200
    assert session.scalars(select(VisitRequest)).all() == []


def test_public_form_marks_an_address_that_is_none(client: Client, session: Session) -> None:
    answer = client.post("/ask", {**ASKED, "contact_email": "eleni at patras"})
    assert answer.status_code == 422
    assert 'id="f-contact_email-error"' in answer.get_data(as_text=True)
    assert session.scalars(select(VisitRequest)).all() == []


def test_request_of_a_known_partner_takes_its_country_and_languages(session: Session, make: Make) -> None:
    turkish = make.partner(country="TR", languages=["tr", "en"])
    taken = registered(session, make, partner_id=turkish.id, country="", languages=[])
    stated = registered(session, make, partner_id=turkish.id, country="RU", languages=["ru"])
    assert [(row.country, row.languages) for row in (taken, stated)] == [("TR", ["tr", "en"]), ("RU", ["ru"])]


def test_request_of_one_day_needs_no_last_day(client_as: Callable[..., Client], session: Session) -> None:
    client_as(Role.COORDINATOR).post("/requests/new", LETTER | {"date_to": ""})
    row = session.scalars(select(VisitRequest)).one()
    assert (row.date_from, row.date_to) == (date(2027, 5, 12), date(2027, 5, 12))


def test_request_goes_out_of_sight_with_its_visit(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    hidden, waiting = registered(session, make, title_ru="Скрытый визит"), registered(session, make)
    visit = make.visit()
    hidden.visit_id = visit.id
    session.execute(update(VisitAccess).where(VisitAccess.visit_id == visit.id).values(ended_at=clock.now()))
    commit(session)
    clerk = client_as(Role.COORDINATOR)
    assert clerk.get(f"/requests/{hidden.id}").status_code == 404
    assert clerk.get(f"/requests/{waiting.id}").status_code == 200
    assert "Скрытый визит" not in clerk.get("/requests").get_data(as_text=True)
    listed = clerk.get("/api/v1/requests").get_json()["items"]
    assert [one["id"] for one in listed] == [waiting.id]
