"""The issue's stories of visits, clicked through by their users in Russian and in English."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from pypdf import PdfReader, PdfWriter
from sqlalchemy.orm import Session

from tests.lists.lists import list_of, person
from tests.papers.conftest import set_up_office
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.actor import person as person_actor
from workflow.base.unit_of_work import commit
from workflow.invitations.rules import Answer, Channel
from workflow.invitations.service import record_answer
from workflow.process.opening import Acceptance, open_visit_for_request
from workflow.process.service import advance_visit
from workflow.reminders.jobs import tick
from workflow.visits.models import Visit
from workflow.visits.requesting import register_request
from workflow.visits.rules import RequestSource
from workflow.visits.service import correct_visit, note_told
from workflow.web.database import db

LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


@dataclass
class Reader:
    """Somebody at a window who reads one language: finds things by their words, and every click is counted."""

    page: Page
    language: str
    account: Any
    home: str
    clicks: int = 0

    def t(self, russian: str, english: str) -> str:
        """Choose the words that this reader sees."""
        return russian if self.language == "ru" else english

    def link(self, russian: str, english: str, within: str = "body") -> None:
        """Follow a link."""
        self._click("link", self.t(russian, english), within)

    def button(self, russian: str, english: str, within: str = "body") -> None:
        """Press a button."""
        self._click("button", self.t(russian, english), within)

    def _click(self, role: Any, name: str, within: str) -> None:
        self.clicks += 1
        self.page.locator(within).get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state()

    def fill(self, field: str, value: str) -> None:
        """Click into a field and type."""
        self.clicks += 1
        self.page.fill(field, value)

    def choose(self, field: str, value: str) -> None:
        """Choose from a list."""
        self.clicks += 1
        self.page.select_option(field, value)

    def go(self, path: str) -> None:
        """Open an address; it must be there."""
        answer = self.page.goto(path if path.startswith("http") else self.home + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def open(self, tab_russian: str, tab_english: str) -> None:
        """Open a tab of the visit."""
        self.link(tab_russian, tab_english, "main nav.tabs")

    def text(self, within: str = "main") -> str:
        """Read what is shown, with plain spaces."""
        return self.page.locator(within).first.inner_text().replace("\xa0", " ")


@pytest.fixture
def read(desk: Callable[..., Any], make: Any) -> Callable[..., Reader]:
    """Seat somebody with a role and language at a window, on the first page."""

    def seat(*roles: Role, language: str = "ru", account: Any = None, **options: Any) -> Reader:
        seated = account or make.account(*roles, language=language)
        window = desk(seated, **options)
        return Reader(window.page, seated.locale, seated, window.address)

    return seat


def scan_in(folder: Path) -> Path:
    """Make a scanned letter of one page."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    path = folder / "вх-214.pdf"
    path.write_bytes(out.getvalue())
    return path


@LANGUAGES
def test_letter_from_kadikoy_is_registered_accepted_and_opened(
    read: Callable[..., Reader], make: Any, language: str, tmp_path: Path
) -> None:
    partner = make.partner()
    clerk = read(Role.COORDINATOR, language=language)
    clerk.link("Зарегистрировать обращение", "Register a request")
    clerk.button("Зарегистрировать", "Register", "main form")
    assert clerk.t("Исправьте ошибки", "There is a problem") in clerk.text(".error-summary")
    clerk.fill("#f-title_ru", "Делегация Кадыкёя")
    clerk.fill("#f-title_en", "Delegation of Kadıköy")
    clerk.fill("#f-date_from", "2027-05-12")
    clerk.fill("#f-date_to", "2027-05-15")
    clerk.choose("#f-partner_id", str(partner.id))
    clerk.fill("#f-incoming_number", "214")
    clerk.fill("#f-incoming_date", "2027-03-12")
    clerk.page.set_input_files("#f-scan", scan_in(tmp_path))
    clerk.button("Зарегистрировать", "Register", "main form")
    assert clerk.t("вх. № 214 от 12 марта 2027", "incoming No. 214 of 12 March 2027") in clerk.text()
    with clerk.page.expect_download() as coming:
        clerk.page.get_by_role("link", name=clerk.t("Скан письма", "Scan of the letter")).click()
    assert coming.value.suggested_filename == "вх-214.pdf"

    manager = read(Role.MANAGER, language=language)
    assert manager.t("вх. № 214", "incoming No. 214") in manager.text("#decide")
    manager.button("Принять", "Accept", "#decide")
    assert manager.text("h1") == manager.t("Делегация Кадыкёя", "Delegation of Kadıköy")
    assert manager.t("12–15 мая 2027", "12–15 May 2027") in manager.text(".visit-line")
    assert "214" in manager.text("#facts")
    assert manager.t("Турция", "Türkiye") in manager.text("#facts")
    assert manager.t("Визы", "Visas") in manager.text("nav.tabs")
    assert manager.page.locator(".stagebar li").count() == 8

    clerk.link("Визиты", "Visits")
    clerk.link("Делегация Кадыкёя", "Delegation of Kadıköy", "main")
    assert manager.page.url == clerk.page.url.split("#")[0]


@LANGUAGES
def test_list_with_faults_is_corrected_imported_and_sent_again_with_one_replaced(
    read: Callable[..., Reader], make: Any, language: str, tmp_path: Path
) -> None:
    visit = make.visit(partner_id=make.partner().id)
    officer = read(Role.COORDINATOR, language=language)
    page = officer.page
    officer.go(f"/visits/{visit.id}")
    officer.open("Делегация", "Delegation")
    officer.link("Загрузить список", "Import a list", "main")
    first = tmp_path / "liste.xlsx"
    first.write_bytes(list_of([person(0), person(1, birth="31.02.1975"), person(2), person(3, passport="U10000002")]))
    page.set_input_files("#f-file", first)
    officer.button("Прочитать список", "Read the list")
    officer.button("Перейти к строкам", "Go on to the rows", "#f-columns")
    assert page.locator("tr.table-danger").count() == 3
    assert page.input_value("[name=cell-4-birth_date]") == "31.02.1975"
    assert officer.text("#cell-4-birth_date-why") == officer.t(
        "В месяце 2 нет дня 31.", "There is no day 31 in month 2.")
    assert officer.t("Тот же паспорт стоит и в строке 7.", "The same passport stands in row 7 too.") \
        in officer.text("#cell-5-passport_number-why")
    page.fill("[name=cell-4-birth_date]", "28.02.1975")
    page.fill("[name=cell-6-passport_number]", "U10000003")
    officer.button("Сохранить и сравнить с делегацией", "Save and compare with the delegation")
    assert "+4" in officer.text()
    officer.button("Загрузить, как показано", "Import as shown")
    assert "−0 +4 ~0" in officer.text("#done")
    officer.link("Открыть делегацию", "Open the delegation", "main")
    assert page.locator("main tbody tr").count() == 4

    officer.link("Загрузить список", "Import a list", "main")
    second = tmp_path / "liste-2.xlsx"
    second.write_bytes(list_of([person(0), person(1, birth="28.02.1975"), person(2), person(4)]))
    page.set_input_files("#f-file", second)
    officer.button("Прочитать список", "Read the list")
    officer.button("Перейти к строкам", "Go on to the rows", "#f-columns")
    officer.button("Сохранить и сравнить с делегацией", "Save and compare with the delegation")
    assert "−1 +1" in officer.text()
    officer.button("Загрузить, как показано", "Import as shown")
    assert "−1 +1 ~0" in officer.text("#done")
    officer.link("Открыть делегацию", "Open the delegation", "main")
    assert page.locator("main tbody tr").count() == 4
    assert "SPECIMENEA" in officer.text("main table")
    assert "SPECIMENDA" not in officer.text("main table")


@LANGUAGES
def test_consuls_call_tomorrow_takes_at_most_fifteen_clicks(read: Callable[..., Reader], language: str) -> None:
    officer, manager = read(Role.COORDINATOR, language=language), read(Role.MANAGER, language=language)
    officer.link("Зарегистрировать обращение", "Register a request")
    officer.fill("#f-title_ru", "Приём генерального консула Турции")
    officer.choose("#f-process_key", "courtesy-call")
    officer.fill("#f-date_from", "2027-03-16")
    officer.fill("#f-asking_body", "Генеральное консульство Турции")
    officer.button("Зарегистрировать", "Register", "main form")

    manager.go("/")
    manager.button("Принять", "Accept", "#decide")
    address = manager.page.url
    assert officer.t("16 марта 2027", "16 March 2027") in manager.text(".visit-line")

    clock.advance_frozen(timedelta(days=1))
    officer.go(address)
    officer.button("Встреча проведена", "The meeting was held")
    officer.open("Итоги", "Outcomes")
    officer.link("Записать итог", "Write an outcome down")
    officer.fill("#f-what", "Город передаст программу фестиваля")
    officer.button("Сохранить", "Save")
    officer.open("Обзор", "Overview")
    officer.button("Закрыть", "Close", "#steps")
    assert officer.t("Закрыто", "Closed") in officer.text(".visit-line")
    assert officer.clicks + manager.clicks <= 15


def opened(session: Session, make: Any, responsible: Any, **values: Any) -> Visit:
    """Open a visit by its process from a request that was accepted a moment ago."""
    actor = person_actor(responsible.id, responsible.name_ru, frozenset({Role.MANAGER}))
    asked = {"title_ru": "Эксперты из Великобритании и Греции", "title_en": "Experts from Britain and Greece",
             "country": "GB", "asking_body": "Healthy Cities", "languages": ["en"], "place": "Ставрополь",
             "purpose": "участие в конференции", "basis_kind": "association", "basis_text": "календарь проекта",
             "date_from": date(2027, 6, 7), "date_to": date(2027, 6, 10)} | values
    request = register_request(session, actor, clock.now(), asked, source=RequestSource.OURSELVES)
    visit = open_visit_for_request(session, actor, clock.now(), request.id, Acceptance(responsible_id=responsible.id))
    commit(session)
    return visit


@LANGUAGES
def test_experts_from_two_countries_choose_between_routes_and_move_with_the_dates(
    read: Callable[..., Reader], make: Any, session: Session, run_jobs: Callable[[], int], language: str,
    tmp_path: Path,
) -> None:
    officer = read(Role.COORDINATOR, language=language)
    visit = opened(session, make, officer.account)
    for family, country in (("SPECIMENOVA", "GB"), ("SPECIMENAKI", "GR")):
        who = make.person(latin_family=family, russian_family="", russian_given="", citizenships=[country])
        make.member(visit, who)
    run_jobs()
    officer.go(f"/visits/{visit.id}")
    officer.open("Визы", "Visas")
    page = officer.page
    page.select_option("main select[name=passport_type]", "ordinary")
    officer.button("Сохранить и подобрать порядок въезда", "Save and look up routes")
    mvd = officer.t("Обыкновенная деловая/гуманитарная виза", "Ordinary business/humanitarian visa")
    electronic = officer.t("Единая электронная виза", "Russian unified e-visa")
    for name, routes in (("SPECIMENOVA", [mvd]), ("SPECIMENAKI", [mvd, electronic])):
        officer.go(f"/visits/{visit.id}/visas")
        officer.link(name, name, "main table")
        shown = page.locator("#routes h4").all_inner_texts()
        assert [title.startswith(route) for title, route in zip(shown, routes, strict=True)] == [True] * len(routes)
        assert page.locator("#routes").get_by_text(
            officer.t("Черновик правила, не подтверждён", "Draft rule, not confirmed")).count() == len(routes)
    tops = page.locator("#routes .col").evaluate_all("columns => columns.map(one => one.offsetTop)")
    assert len(set(tops)) == 1, "the routes stand side by side"
    page.locator("#routes .col", has_text=electronic).get_by_role("button").click()
    assert officer.t("выбран", "this route is chosen") in officer.text("#routes")
    assert page.locator("#checklist tbody tr").count() == 6

    officer.open("Обзор", "Overview")
    officer.link("Изменить даты", "Change the dates", "main")
    officer.button("На неделю позже", "One week later")
    moved = officer.text("#preview table")
    assert officer.t("чт, 3 июн.", "Thu, 3 Jun") in moved
    officer.button("Изменить даты и уведомить", "Change the dates and tell people")
    assert officer.t("14–17 июня 2027", "14–17 June 2027") in officer.text(".visit-line")
    run_jobs()
    officer.open("Визы", "Visas")
    changes = officer.text("main section:has(#changes-title)")
    assert officer.t("31 мая", "31 May") in changes
    page.pdf(path=tmp_path / "visas.pdf", prefer_css_page_size=True)
    sheets = [sheet.mediabox for sheet in PdfReader(tmp_path / "visas.pdf").pages]
    assert sum(sheet.width > sheet.height for sheet in sheets) == 1, "a table of many columns lies across its sheet"


def grozny_begun(officer: Reader, manager: Reader, partner_id: int) -> str:
    """Begin the journey ourselves and have it accepted; give the visit's address."""
    officer.link("Обращения", "Requests")
    officer.link("Начать самим", "Begin one ourselves", "main")
    officer.fill("#f-title_ru", "День города Грозного")
    officer.fill("#f-date_from", "2027-04-08")
    officer.fill("#f-date_to", "2027-04-09")
    officer.fill("#f-purpose", "Участие в праздновании Дня города")
    officer.fill("#f-place", "Грозный")
    officer.choose("#f-partner_id", str(partner_id))
    officer.fill("#f-basis_text", "приглашение мэра города Грозного")
    officer.button("Зарегистрировать", "Register", "main form")
    manager.go("/")
    manager.button("Принять", "Accept", "#decide")
    return manager.page.url


def order_signed(officer: Reader, manager: Reader, run_jobs: Callable[[], int]) -> None:
    """Draft the order on sending, have it approved from the desk, and note that it is signed."""
    officer.open("Документы", "Papers")
    officer.page.select_option("#f-kind", "order-sending")
    officer.button("Составить проект", "Write the draft")
    assert officer.page.locator(".paper-texts section").count() == 1
    officer.button("Передать на утверждение", "Hand in for approval")
    order = officer.page.url
    manager.go("/")
    subject = manager.t("Распоряжение о направлении делегации", "Order on sending a delegation")
    assert subject in manager.text("#decide")
    manager.go(order)
    manager.page.check("#approve input[value=own]")
    manager.button("Утвердить", "Approve", "#approve")
    run_jobs()
    officer.go(order)
    officer.button("Отметить подписание", "Record the signature", "#sign")


@LANGUAGES
def test_two_of_us_go_to_grozny_without_visas_or_english_and_come_back(
    read: Callable[..., Reader], make: Any, session: Session, run_jobs: Callable[[], int], language: str
) -> None:
    set_up_office(session, clock.now())
    grozny = make.partner(name_ru="Грозный", name_en="Grozny", country="RU", languages=["ru"])
    officer, manager = read(Role.COORDINATOR, language=language), read(Role.MANAGER, language=language)
    page = officer.page
    visit = grozny_begun(officer, manager, grozny.id)
    run_jobs()

    officer.go(visit)
    tabs = officer.text("nav.tabs")
    assert officer.t("Визы", "Visas") not in tabs
    officer.button("Формировать состав", "Form the delegation")
    for family, given in (("Образцов", "Пётр"), ("Примерова", "Анна")):
        officer.open("Делегация", "Delegation")
        officer.link("Добавить участника", "Add a member", "main")
        officer.fill("#f-russian_family", family)
        officer.fill("#f-russian_given", given)
        officer.fill("#f-post_ru", "Заместитель главы города")
        if given == "Пётр":
            page.check("#f-is_head")
        officer.button("Добавить", "Add", "main form")
    assert page.locator("main tbody tr").count() == 2
    officer.button("Отметить список как полный", "Mark the list as complete")
    officer.open("Обзор", "Overview")
    officer.button("Начать подготовку", "Begin preparation", "#steps")
    run_jobs()
    assert officer.t("Визы", "Visas") not in officer.text("nav.tabs")

    officer.open("Программа", "Programme")
    officer.link("Добавить пункт", "Add an item", "main")
    officer.fill("#f-day", "2027-04-08")
    officer.fill("#f-title_ru", "Торжественное собрание")
    officer.button("Сохранить", "Save", "main form")

    order_signed(officer, manager, run_jobs)
    officer.open("Обзор", "Overview")
    officer.button("Подтвердить готовность", "Confirm that all is ready", "#steps")
    clock.advance_frozen(timedelta(days=24))
    officer = read(account=officer.account)
    officer.go(visit)
    officer.button("Делегация выехала", "The delegation has left", "#steps")
    clock.advance_frozen(timedelta(days=4))
    officer = read(account=officer.account)
    officer.go(visit)
    officer.button("Делегация вернулась", "The delegation is back", "#steps")
    run_jobs()
    officer.open("Итоги", "Outcomes")
    officer.link("Написать отчёт", "Write the report", "main")
    officer.fill("#f-results", "Побывали на празднике, договорились об обмене ансамблями")
    officer.button("Сохранить и сдать отчёт", "Save and file the report")
    officer.button("Отметить, что итогов нет", "Record that there are none")
    officer.open("Обзор", "Overview")
    officer.button("Отчёт сдан", "Report filed", "#steps")
    officer.button("Закрыть визит", "Close the visit", "#steps")
    assert officer.t("Закрыто", "Closed") in officer.text(".visit-line")


def morning(app: Flask) -> None:
    """Let the scheduler look at what is due, as it does each minute."""
    with app.app_context(), Session(db.engine) as own:
        tick(own, clock.now())


@LANGUAGES
def test_each_link_of_the_digest_and_of_the_red_visit_lands_where_it_is_put_right(
    app: Flask, read: Callable[..., Reader], make: Any, session: Session, run_jobs: Callable[[], int],
    outbox: Callable[[], list[Any]], settings: Any, language: str,
) -> None:
    officer = read(Role.COORDINATOR, language=language)
    make.account(Role.MANAGER)
    visit = opened(session, make, officer.account, date_from=date(2027, 3, 25), date_to=date(2027, 3, 28))
    actor = person_actor(officer.account.id, "", frozenset({Role.MANAGER}))
    correct_visit(session, actor, clock.now(), visit, {"substitute_id": make.account(Role.COORDINATOR).id},
                  version=None, our_country="RU")
    advance_visit(session, actor, clock.now(), visit.id, "invite")
    record_answer(session, actor, clock.now(), visit.id, Answer.COMING, channel=Channel.MAIL)
    advance_visit(session, actor, clock.now(), visit.id, "prepare")
    commit(session)
    clock.advance_frozen(timedelta(days=4))
    run_jobs()
    morning(app)
    run_jobs()
    address = officer.account.email
    mail = next(mail for mail in outbox() if mail["To"].addresses[0].addr_spec == address)
    lines = re.findall(r'<a href="([^"]+)">([^<]+)</a>', mail.get_body(("html",)).get_content())
    assert officer.t("Подготовить проект программы", "Draft the programme") in [words for _link, words in lines]

    officer = read(account=officer.account)
    red = officer.page.locator("#late li, #due li").all_inner_texts()
    assert len(red) == len(lines) - 1, "the desk shows what the mail says"
    officer.go(f"/visits/{visit.id}")
    assert officer.t("требует внимания", "needs attention") in officer.text("#next")
    on_page = [(str(one.get_attribute("href")), one.inner_text())
               for one in officer.page.locator("#next .reasons a, #due li a").all()]
    put_right = {
        "members": ("Добавить участника", "Add a member"), "programme": ("Добавить пункт", "Add an item"),
        "papers": ("Составить проект", "Write the draft"), "visas": ("Открыть визовые дела", "Open visa cases"),
    }
    seen = set()
    for link, words in [(link.removeprefix(settings.base_url), words) for link, words in lines[:-1]] + on_page:
        officer.go(link)
        place = officer.page.url.split("?")[0].split("#")[0].rsplit("/", 1)[1]
        seen.add(place)
        if place in put_right:
            name = officer.t(*put_right[place])
            found = officer.page.locator("main").get_by_role("link", name=name).or_(
                officer.page.locator("main").get_by_role("button", name=name))
            assert found.count() > 0, f"{words}: nothing on {place} puts it right"
    officer.go(lines[-1][0].removeprefix(settings.base_url))
    assert seen >= {"members", "programme", "papers"}


@LANGUAGES
def test_visit_moved_two_weeks_and_cancelled_is_told_once_each_time(
    app: Flask, read: Callable[..., Reader], make: Any, session: Session, run_jobs: Callable[[], int],
    outbox: Callable[[], list[Any]], language: str,
) -> None:
    officer = read(Role.COORDINATOR, language=language)
    responsible = make.account(Role.COORDINATOR, language=language)
    visit = opened(session, make, responsible)
    note_told(session, clock.now(), visit.id, name="Ayşe Specimen", address="ayse@partner.example", language="en")
    commit(session)
    run_jobs()
    before = len(outbox())
    officer.go(f"/visits/{visit.id}")
    drafted = officer.t("Подготовить проект программы", "Draft the programme")
    assert officer.t("пт, 7 мая", "Fri, 7 May") in officer.text("#due li:first-child")
    officer.link("Отложить визит", "Postpone the visit", "main")
    officer.link("Тогда лучше измените даты", "Then change the dates instead", "main")
    officer.button("На две недели позже", "Two weeks later")
    assert drafted in officer.text("#preview table")
    officer.button("Изменить даты и уведомить", "Change the dates and tell people")
    assert officer.t("21–24 июня 2027", "21–24 June 2027") in officer.text(".visit-line")
    assert officer.t("пт, 21 мая", "Fri, 21 May") in officer.text("#due li:first-child")
    run_jobs()
    run_jobs()
    title = officer.t("Эксперты из Великобритании и Греции", "Experts from Britain and Greece")
    news = [(mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in outbox()[before:]]
    assert news == [(responsible.email, officer.t("Новые даты: ", "New dates: ") + title),
                    ("ayse@partner.example", "New dates: Experts from Britain and Greece")]

    officer.link("Отменить визит", "Cancel the visit", "main")
    officer.fill("#f-reason", "Не приедут")
    officer.button("Отменить визит", "Cancel the visit", "main form")
    assert officer.t("Отменено", "Cancelled") in officer.text(".visit-line")
    assert officer.page.locator("#due li").count() == 0
    run_jobs()
    run_jobs()
    news = [(mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in outbox()[before + 2:]]
    assert news == [(responsible.email, officer.t("Отменён: ", "Cancelled: ") + title),
                    ("ayse@partner.example", "Cancelled: Experts from Britain and Greece")]
    outside = outbox()[-1].get_body(("plain",)).get_content().replace("\xa0", " ")
    assert "21 June 2027" in outside
    assert "Не приедут" not in outside, "people outside do not read our reasons"
    clock.advance_frozen(timedelta(days=70))
    morning(app)
    run_jobs()
    assert len(outbox()) == before + 4, "nothing is asked for a visit that does not happen"
    officer = read(account=officer.account)
    assert title not in officer.text()
