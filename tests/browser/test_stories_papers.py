"""Letters, translations, hidden numbers, lists and the worker, clicked through in the demo's office."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.conftest import make_settings
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.demo.cast import PASSWORD
from workflow.people.models import Passport, Person
from workflow.programme.service import ItemData, add_item
from workflow.visits.models import Member, Visit

OF_A_PAPER = re.compile(r"/papers/\d+$")
ADDED = "Просим также направить копию плана сотрудничества на русском и китайском языках."
ZHENJIANG = ("Визит делегации города Чжэньцзян", "Visit of the Zhenjiang delegation")
LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])

Enter = Callable[..., Any]
Words = Callable[[str, str], str]


def words_of(language: str) -> Words:
    """Choose the words that a reader of the language sees: `t("Визиты", "Visits")`."""
    return lambda russian, english: russian if language == "ru" else english


@pytest.fixture
def settings(demo_database: Path, tmp_path: Path) -> Settings:
    """The demo's installation, a copy of its own for each test."""
    shutil.copytree(demo_database, tmp_path / "demo")
    return make_settings(tmp_path / "demo")


@pytest.fixture
def enter(desk: Callable[..., Any]) -> Enter:
    """Open a window signed in as one of the demo's cast: `enter("manager")`, reading a language if one is named."""

    def sign_in(player: str, language: str = "", **options: Any) -> Any:
        window = desk(**options)
        page = window.go("/sign-in")
        page.fill("[name=email]", f"{player}@demo.example")
        page.fill("[name=password]", PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"{window.address}/")
        if language and page.get_attribute("html", "lang") != language:
            page.get_by_role("button", name={"ru": "Русский", "en": "English"}[language]).click()
            page.wait_for_load_state()
        return window

    return sign_in


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned page."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    path = tmp_path / "подписано.pdf"
    path.write_bytes(out.getvalue())
    return path


def said(page: Any, where: str = "main") -> str:
    """Read a part of a page, with plain spaces."""
    return str(page.locator(where).inner_text()).replace("\xa0", " ")


def press(page: Any, name: str, within: str = "main") -> None:
    """Press a button and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=name, exact=True).click()


def open_letter(window: Any, t: Words) -> Any:
    """Come from the search to the letter to Zhenjiang, as an officer does."""
    page = window.go("/")
    page.get_by_role("searchbox").fill(t("Чжэньцзян", "Zhenjiang"))
    page.keyboard.press("Enter")
    page.get_by_role("link", name=t(*ZHENJIANG)).first.click()
    page.get_by_role("link", name=t("Документы", "Papers"), exact=True).click()
    page.get_by_role("link", name=t("Приглашение", "Invitation"), exact=True).first.click()
    page.wait_for_url(OF_A_PAPER)
    return page


def kept(page: Any, link: Any, path: Path) -> Path:
    """Download what a link gives."""
    with page.expect_download() as coming:
        link.click()
    coming.value.save_as(path)
    return path


def printed(path: Path) -> str:
    """Read a PDF as a person would: its words in order, one space between them."""
    found = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(found.stdout.split())


def until(page: Any, path: str, there: Callable[[str], bool]) -> str:
    """Open a page again until it says so; a worker has 30 seconds."""
    for _ in range(60):
        page.goto(path)
        text = said(page)
        if there(text):
            return text
        page.wait_for_timeout(500)
    raise AssertionError(said(page))


def edit_and_hand_in(page: Any, t: Words) -> None:
    """Add a paragraph to the Russian text of a draft, and hand it in."""
    page.locator("#text-ru .paper-edit > summary").click()
    text = page.locator("#f-text-ru").input_value()
    page.fill("#f-text-ru", text.replace("Пользуясь случаем", f"{ADDED}\n\nПользуясь случаем"))
    press(page, t("Сохранить текст", "Save the text"), "#text-ru")
    assert ADDED in said(page, "#text-ru .paper-sheet")
    press(page, t("Передать на утверждение", "Hand in for approval"))


def sign_and_post(page: Any, scan: Path, t: Words) -> None:
    """Upload the signed scan of a letter, and mark it as posted."""
    page.set_input_files("#sign [name=scan]", scan)
    press(page, t("Отметить подписание", "Record the signature"), "#sign")
    page.locator("#send").get_by_label(t("Почтой", "By post"), exact=True).check()
    page.fill("#send [name=to_whom]", "Мэру города Чжэньцзян")
    page.fill("#send [name=note]", "RA000000000RU")
    press(page, t("Отметить", "Record"), "#send")
    assert t("Отправлено", "Sent") in said(page, "#paper")
    assert t("Почтой", "By post") in said(page, "#dispatches")


@pytest.mark.usefixtures("worker")
@LANGUAGES
def test_letter_is_edited_approved_numbered_printed_signed_posted_and_superseded(
    enter: Enter, scan: Path, tmp_path: Path, language: str
) -> None:
    t = words_of(language)
    officer, colleague, manager = (enter(who, language) for who in ("coordinator", "coordinator2", "manager"))
    page = open_letter(officer, t)
    letter = page.url
    press(page, t("Забрать обратно", "Take it back"))
    assert t("Черновик", "Draft") in said(page)

    late = colleague.go(letter.removeprefix(colleague.address))
    late.locator("#text-ru .paper-edit > summary").click()
    edit_and_hand_in(page, t)

    decider = manager.go("/")
    decide = decider.locator("#decide li", has=decider.locator(f"a[href='{OF_A_PAPER.search(letter)[0]}']"))  # type: ignore[index]
    with decider.expect_navigation():
        decide.get_by_role("button", name=t("Утвердить", "Approve")).click()
    assert decider.url.startswith(f"{manager.address}/#")
    assert t("Утверждено", "Approved") in said(decider)
    assert letter.removeprefix(manager.address) not in decider.locator("#decide").inner_html()

    page.goto(letter)
    page.locator("#number").get_by_label(
        t("Как в системе документооборота города", "As in the city’s records system")).check()
    page.fill("#number [name=number]", "01-15/4711")
    page.fill("#number [name=dated]", "2027-03-12")
    press(page, t("Внести номер", "Enter the number"), "#number")
    being_made = t("готовятся", "are being made")
    until(page, letter, lambda told: being_made not in told)
    pdf = kept(page, page.locator("#text-ru").get_by_role("link", name=re.compile("^PDF")), tmp_path / "letter.pdf")
    words = printed(pdf)
    assert ADDED in words
    assert "01-15/4711" in words
    assert "12.03.2027" in words or "12 марта 2027" in words

    sign_and_post(page, scan, t)
    signed = kept(page, page.get_by_role("link", name=t("Скан подписанного документа", "Signed scan")),
                  tmp_path / "signed.pdf")
    assert signed.read_bytes() == scan.read_bytes()

    assert page.locator("#f-text-ru").count() == 0
    late.fill("#f-text-ru", "Иначе")
    press(late, t("Сохранить текст", "Save the text"), "#text-ru")
    assert t("Утверждённый документ изменить нельзя. Составьте новый, который его заменит.",
             "An approved paper cannot be changed. Begin a new one that replaces it.") in said(late)
    assert ADDED in said(late, "#text-ru .paper-sheet")

    press(page, t("Подготовить замену", "Begin a paper that replaces it"))
    newer = page.url
    assert newer != letter
    assert ADDED in said(page, "#text-ru .paper-sheet")
    press(page, t("Передать на утверждение", "Hand in for approval"))
    decider.goto(newer)
    decider.locator("#approve").get_by_label(t("Из нашего ряда номеров", "From our own series")).check()
    press(decider, t("Утвердить", "Approve"), "#approve")
    until(page, newer, lambda told: being_made not in told)
    press(page, t("Отметить подписание", "Record the signature"), "#sign")
    page.get_by_role("link", name=t("Приглашение 01-15/4711", "Invitation 01-15/4711")).click()
    assert page.url == letter
    assert t("Заменено", "Replaced") in said(page, "#paper")


def in_word(path: Path, words: str) -> Path:
    """Write a Word file of one paragraph."""
    document = Document()
    document.add_paragraph(words)
    document.save(str(path))
    return path


def text_of(path: Path) -> str:
    """Read a Word file."""
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def press_at_once(*buttons: Any) -> None:
    """Let several people press their buttons in the same moment, and wait for what each reads then."""
    for button in buttons:
        button.evaluate("button => { setTimeout(() => button.click(), 300) }")
    for button in buttons:
        button.page.locator(".note-error, .note-success").first.wait_for()


@LANGUAGES
def test_speech_is_taken_by_one_of_two_returned_with_remarks_and_accepted_by_a_second_person(
    enter: Enter, tmp_path: Path, language: str
) -> None:
    t = words_of(language)
    officer, marina, timur = (enter(who, language) for who in ("coordinator", "translator", "translator2"))
    page = officer.go("/")
    page.get_by_role("searchbox").fill(t("Чжэньцзян", "Zhenjiang"))
    page.keyboard.press("Enter")
    page.get_by_role("link", name=t(*ZHENJIANG)).first.click()
    page.get_by_role("link", name=t("Перевод", "Translation"), exact=True).click()
    page.get_by_role("link", name=t("Заказать перевод", "Order a translation")).first.click()
    page.fill("#f-title", "Речь главы города")
    page.set_input_files("#f-source_file", in_word(tmp_path / "речь.docx", "Дорогие друзья, рады видеть вас. " * 20))
    page.select_option("#f-source_language", "ru")
    page.select_option("#f-target_language", "en")
    page.select_option("#f-purpose", "speech")
    page.fill("#f-due_at", "2027-03-22T12:00")
    page.fill("#f-text_user", "Глава города, вслух")
    page.fill("#f-names", "Ван Шили, мэр — Wang Shili, Mayor")
    press(page, t("Открыть для переводчиков", "Open for translators"))
    ordered = page.url.removeprefix(officer.address)

    takes = [window.go("/translations").locator("#available tr", has_text="Речь главы города").get_by_role("button")
             for window in (marina, timur)]
    press_at_once(*takes)
    yours = t("Задание ваше. Текст можно скачать.", "The assignment is yours. You can download the text.")
    second, first = sorted((marina, timur), key=lambda window: yours in said(window.page))
    assert yours in said(first.page)
    name = t("Лисицына Марина Сергеевна", "Marina Lisitsyna") if first is marina else t(
        "Агаев Тимур Рустамович", "Timur Agaev")
    assert t(f"Это задание уже взято: {name}", f"{name} has already taken this assignment") in said(second.page)
    answer = second.page.goto(second.address + ordered)
    assert answer.status == 404

    work = first.page
    assert "Дорогие друзья" in text_of(kept(work, work.get_by_role("link", name=re.compile(t("Текст для перевода",
                                                                                          "Text to translate"))),
                                            tmp_path / "taken.docx"))
    work.set_input_files("#f-result_file", in_word(tmp_path / "speech.docx", "Dear freinds"))
    press(work, t("Сдать", "Hand in"), "#submit")
    assert work.locator("#accept").count() == 0

    page.goto(officer.address + "/")
    page.locator("#to-check").get_by_role("link", name="Речь главы города").click()
    page.fill("#return [name=remark]", "Опечатка в слове friends.")
    press(page, t("Вернуть", "Return it"), "#return")

    work.goto(first.address + "/")
    work.locator("#returned").get_by_role("link", name="Речь главы города").click()
    assert "Опечатка в слове friends." in said(work, "#remarks")
    work.set_input_files("#f-result_file", in_word(tmp_path / "speech-2.docx", "Dear friends"))
    press(work, t("Сдать", "Hand in"), "#submit")

    page.goto(officer.address + ordered)
    result = page.get_by_role("link", name=re.compile(t("Перевод:", "Translation:")))
    assert "Dear friends" in text_of(kept(page, result, tmp_path / "final.docx"))
    press(page, t("Принять", "Accept"), "#accept")
    assert t("прочитано вторым лицом", "read by a second person") in said(page, "#facts")
    work.goto(first.address + "/")
    assert "Речь главы города" in said(work, "#done")


LINKS = "links => links.map(link => link.href.split('#')[0])"


def opened(body: bytes) -> str:
    """Read whatever came: a workbook or Word file unpacked, a PDF as its words, else as it is."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode("utf-8", "replace")


def walk(window: Any) -> dict[str, str]:
    """Follow every link from the desk on, and give what each address told."""
    page, seen, wanted = window.page, dict[str, str](), [f"{window.address}/"]
    while wanted:
        address = wanted.pop()
        if address in seen or not address.startswith(window.address):
            continue
        answer = page.request.get(address)
        seen[address] = opened(answer.body())
        if "text/html" in answer.headers["content-type"]:
            page.goto(address)
            wanted += page.eval_on_selector_all("a[href]", LINKS)
    return seen


@LANGUAGES
def test_passport_number_is_nowhere_for_a_translator_with_an_assignment(
    enter: Enter, session: Any, language: str
) -> None:
    t = words_of(language)
    people, visits = session.scalars(select(Person)).all(), session.scalars(select(Visit.id)).all()[-12:]
    members = session.scalars(select(Member.id)).all()
    hidden = [passport.number for passport in session.scalars(select(Passport))]
    hidden += [spelt for person in people if person.birth_date
               for spelt in (person.birth_date, ".".join(reversed(person.birth_date.split("-"))))]
    travellers = [person.id for person in people]
    mayor = next(person.id for person in people if person.latin_family == "ORNEK")
    session.rollback()

    officer = enter("coordinator", language)
    page = officer.go(f"/people/{mayor}")
    assert "U00000001" not in page.content()
    press(page, t("Показать персональные данные", "Show personal data"))
    assert "U00000001" in said(page)

    window = enter("translator2", language)
    assert "Приветственное слово" in said(window.page, "#mine")
    told = walk(window)
    assert any(address.endswith("/source") for address in told)
    parts = {"person_id": travellers, "visit_id": visits, "member_id": members}
    asked = [f"/{room}{key}{tab}" for room, found, tabs in (
        ("people/", travellers, ("",)),
        ("visits/", visits, ("", "/members", "/visas", "/papers", "/history", "/programme/print")),
    ) for key in found for tab in tabs]
    asked += ["/visits/export.xlsx", "/search?q=U0000000", "/search?q=ORNEK", "/visits?q=U0000000",
              "/translations?state=U0000000"]
    document = window.page.request.get(f"{window.address}/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        name = re.search(r"{(\w+)}", path)
        keys = parts.get(name[1], [1, 2, 3]) if name else [0]
        asked += [re.sub(r"{\w+}", str(key), path) for key in keys if "get" in operations]
    answers = {address: window.page.request.get(window.address + address) for address in asked}
    told |= {address: opened(answer.body()) for address, answer in answers.items()}
    assert [(address, number) for address, text in told.items() for number in hidden if number in text] == []
    assert {answers[address].status for address in asked if address.startswith(("/people/", "/search", "/visits"))
            and not address.endswith("/programme/print")} == {403}


@LANGUAGES
def test_workbook_of_the_year_has_the_years_visits(enter: Enter, tmp_path: Path, language: str) -> None:
    t = words_of(language)
    page = enter("coordinator2", language).go("/visits?show=all&since=2027-01-01&until=2027-12-31")
    link = page.get_by_role("link", name=t("Скачать в XLSX", "Download as XLSX"))
    head, *rows = CalamineWorkbook.from_path(kept(page, link, tmp_path / "year.xlsx")).get_sheet_by_index(0).to_python()
    assert head[1:7] == t("Визит|Направление|Этап|Положение|Первый день|Последний день",
                          "Visit|Direction|Stage|Status|First day|Last day").split("|")
    goes_on, ready = t("Идёт", "Going on"), t("Подготовка", "Preparation")
    invited = t("Приглашение", "Invitation")
    assert [(row[1], row[3], row[4], row[5], row[6]) for row in rows] == [
        (t("День города Ставрополя", "Stavropol City Day"), invited, goes_on, date(2027, 7, 13), date(2027, 7, 15)),
        (t("Визит делегации города Темуко", "Visit of the Temuco delegation"), t("Открыт", "Opened"),
         t("Отложено", "Postponed"), date(2027, 6, 21), date(2027, 6, 25)),
        (t("Фестиваль в Пазарджике", "Festival in Pazardzhik"), t("Формирование состава", "Composition"), goes_on,
         date(2027, 6, 3), date(2027, 6, 6)),
        (t("Визит делегации города Чжэньцзян", "Visit of the Zhenjiang delegation"), invited, goes_on,
         date(2027, 5, 31), date(2027, 6, 3)),
        (t("Эксперты из Великобритании и Греции на конференции «Здоровые города»",
           "Experts from Britain and Greece at the Healthy Cities conference"), ready, goes_on,
         date(2027, 5, 6), date(2027, 5, 9)),
        (t("Визит делегации Кадыкёя", "Visit of the Kadıköy delegation"), ready, goes_on,
         date(2027, 4, 12), date(2027, 4, 14)),
        (t("День города Грозного", "Grozny City Day"), ready, goes_on, date(2027, 3, 25), date(2027, 3, 26)),
        (t("Онлайн-сессия ЕРО ОГМВ «Цифровой город»", "ERO UCLG online session: The Digital City"),
         t("Согласована", "Agreed"), goes_on, date(2027, 3, 23), date(2027, 3, 23)),
        (t("Протокольная встреча с генеральным консулом Греции", "Courtesy call of the Consul General of Greece"),
         t("Назначена", "Opened"), goes_on, date(2027, 3, 16), date(2027, 3, 16)),
        (t("Рабочая встреча с коллегами из Симферополя", "Working meeting with colleagues from Simferopol"),
         t("Подведение итогов", "Debrief"), goes_on, date(2027, 3, 6), date(2027, 3, 7)),
        (t("Рабочая поездка в Элисту", "Working visit to Elista"), t("Закрыт", "Closed"), t("Закрыто", "Closed"),
         date(2027, 2, 9), date(2027, 2, 10)),
    ]


@LANGUAGES
def test_week_of_fifteen_visits_prints_on_one_sheet(
    enter: Enter, make: Any, session: Any, now: datetime, tmp_path: Path, language: str
) -> None:
    t = words_of(language)
    twin = t("Визит официальной делегации города-побратима Образцов",
             "Visit of the official delegation of the twin city of Specimen")
    titles = [f"{twin}-{number}" for number in range(15)]
    for number, title in enumerate(titles):
        first = date(2027, 5, 10) + timedelta(days=number % 5)
        visit = make.visit(title_ru=title, title_en=title, arrival=first, nights=number % 3,
                           place="Ставрополь, ул. Примерная")
        for at in (10, 15):
            add_item(session, SYSTEM, now, visit.id, ItemData(
                day=first, starts=time(at), ends=time(at + 1), title_ru="Встреча с главой города",
                title_en="Meeting with the Head of the City", place_ru="Администрация города, зал 1"))
    commit(session)
    page = enter("manager", language).go("/week?of=2027-05-12")
    page.pdf(path=tmp_path / "week.pdf", prefer_css_page_size=True)
    sheets = PdfReader(tmp_path / "week.pdf").pages
    assert [(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets] == [
        (595, 842)]
    words = printed(tmp_path / "week.pdf")
    assert [title for title in titles if title not in words] == []
    assert words.count(t("Встреча с главой города", "Meeting with the Head of the City")) == 30


@pytest.mark.parametrize("word", ["Омск", "омска", "Омску", "Омском", "Омске", "OMSK"])
def test_search_finds_omsks_visits_in_every_case_form(enter: Enter, word: str) -> None:
    page = enter("coordinator").go("/")
    page.get_by_role("searchbox").fill(word)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("#found li").all_inner_texts() == [
        "XV открытый городской фестиваль патриотической песни «Россия моя»\nВизит", "День города Омска\nВизит",
        "Соглашение с Омском\nВизит", "Омск\nПартнёр"]
    page.get_by_role("link", name="День города Омска").click()
    assert page.locator("h1").inner_text() == "День города Омска"


def test_search_finds_what_stands_in_english(enter: Enter) -> None:
    page = enter("coordinator", "en").go("/")
    page.get_by_role("searchbox").fill("omsk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert page.locator("h1").inner_text() == "Search: “omsk”"
    assert [line.rsplit("\n", 1)[1] for line in page.locator("#found li").all_inner_texts()] == [
        "Visit", "Visit", "Visit", "Partner"]
    page.locator("#found").get_by_role("link", name="Omsk", exact=True).click()
    assert page.locator("h1").inner_text() == "Omsk"


@LANGUAGES
def test_stopped_worker_is_said_and_a_started_one_sends_the_letter_once(
    enter: Enter, scan: Path, run_jobs: Callable[[], int], outbox: Callable[[], list[Any]],
    request: pytest.FixtureRequest, language: str,
) -> None:
    t = words_of(language)
    stopped = t("Похоже, обработчик остановлен.", "The worker seems to be stopped.")
    officer, manager = enter("coordinator", language), enter("manager", language)
    decider = manager.page
    decide = decider.locator("#decide li", has_text=t(*ZHENJIANG))
    decide.get_by_role("combobox").select_option("own")
    with decider.expect_navigation():
        decide.get_by_role("button", name=t("Утвердить", "Approve")).click()
    run_jobs()
    page = open_letter(officer, t)
    page.set_input_files("#sign [name=scan]", scan)
    press(page, t("Отметить подписание", "Record the signature"), "#sign")
    page.fill("#mail [name=mail_text]", "Dear colleagues, please find our invitation attached.")
    press(page, t("Отправить", "Send"), "#mail")
    assert t("ждёт отправки", "waits to be sent") in said(page, "#dispatches")
    clock.advance_frozen(timedelta(minutes=10))
    assert stopped in said(officer.go("/"))
    assert [mail for mail in outbox() if "zhenjiang" in mail["To"]] == []

    request.getfixturevalue("worker")
    until(officer.go("/"), officer.address + "/", lambda told: stopped not in told)
    page = open_letter(officer, t)
    until(page, page.url, lambda told: t("передано", "handed over") in told)
    page.wait_for_timeout(1500)
    sent = [mail for mail in outbox() if "zhenjiang" in mail["To"]]
    assert [[part.get_content_type() for part in mail.iter_attachments()] for mail in sent] == [
        [*["application/pdf"] * 3, "text/calendar"]]
