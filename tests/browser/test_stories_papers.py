"""Letters, translations, hidden numbers, lists and the worker, clicked through in the demo's office."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from tests.conftest import make_settings
from workflow.base import clock
from workflow.base.settings import Settings
from workflow.demo.cast import PASSWORD
from workflow.visits.models import Visit

OF_A_PAPER = re.compile(r"/papers/\d+$")
ADDED = "Просим также направить копию плана сотрудничества на русском и китайском языках."
STOPPED = "Похоже, обработчик остановлен."

Enter = Callable[..., Any]


@pytest.fixture
def settings(demo_database: Path, tmp_path: Path) -> Settings:
    """The demo's installation, a copy of its own for each test."""
    shutil.copytree(demo_database, tmp_path / "demo")
    return make_settings(tmp_path / "demo")


@pytest.fixture
def enter(desk: Callable[..., Any]) -> Enter:
    """Open a window signed in as one of the demo's cast: `enter("manager")`."""

    def sign_in(player: str, **options: Any) -> Any:
        window = desk(**options)
        page = window.go("/sign-in")
        page.fill("[name=email]", f"{player}@demo.example")
        page.fill("[name=password]", PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"{window.address}/")
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


def open_letter(window: Any) -> Any:
    """Come from the search to the letter to Zhenjiang, as an officer does."""
    page = window.go("/")
    page.get_by_role("searchbox").fill("Чжэньцзян")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Визит делегации города Чжэньцзян").first.click()
    page.get_by_role("link", name="Документы", exact=True).click()
    page.get_by_role("link", name="Приглашение", exact=True).first.click()
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


@pytest.mark.usefixtures("worker")
def test_letter_is_edited_approved_numbered_printed_signed_posted_and_superseded(
    enter: Enter, scan: Path, tmp_path: Path
) -> None:
    officer, colleague, manager = enter("coordinator"), enter("coordinator2"), enter("manager")
    page = open_letter(officer)
    letter = page.url
    press(page, "Забрать обратно")
    assert "Черновик" in said(page)

    late = colleague.go(letter.removeprefix(colleague.address))
    late.locator("#text-ru summary").click()
    page.locator("#text-ru summary").click()
    text = page.locator("#f-text-ru").input_value()
    page.fill("#f-text-ru", text.replace("Пользуясь случаем", f"{ADDED}\n\nПользуясь случаем"))
    press(page, "Сохранить текст", "#text-ru")
    assert ADDED in said(page, "#text-ru .paper-sheet")
    press(page, "Передать на согласование")

    decider = manager.go("/")
    decide = decider.locator("#decide li", has=decider.locator(f"a[href='{OF_A_PAPER.search(letter)[0]}']"))  # type: ignore[index]
    with decider.expect_navigation():
        decide.get_by_role("button", name="Согласовать").click()
    assert decider.url.startswith(f"{manager.address}/#")
    assert "Согласован" in said(decider)
    assert letter.removeprefix(manager.address) not in decider.locator("#decide").inner_html()

    page.goto(letter)
    page.locator("#number").get_by_label("Как в системе документооборота города").check()
    page.fill("#number [name=number]", "01-15/4711")
    page.fill("#number [name=dated]", "2027-03-12")
    press(page, "Внести номер", "#number")
    until(page, letter, lambda told: "готовятся" not in told)
    pdf = kept(page, page.locator("#text-ru").get_by_role("link", name=re.compile("^PDF")), tmp_path / "letter.pdf")
    words = printed(pdf)
    assert ADDED in words
    assert "01-15/4711" in words
    assert "12.03.2027" in words or "12 марта 2027" in words

    page.set_input_files("#sign [name=scan]", scan)
    press(page, "Отметить подписание", "#sign")
    assert kept(page, page.get_by_role("link", name="Скан подписанного документа"), tmp_path / "scan.pdf").stat().st_size
    page.locator("#send").get_by_label("Почтой", exact=True).check()
    page.fill("#send [name=to_whom]", "Мэру города Чжэньцзян")
    page.fill("#send [name=note]", "RA000000000RU")
    press(page, "Отметить", "#send")
    assert "Отправлено" in said(page, "#paper")
    assert "Почтой" in said(page, "#dispatches")

    assert page.locator("#f-text-ru").count() == 0
    late.fill("#f-text-ru", "Иначе")
    press(late, "Save the text", "#text-ru")
    assert "An approved paper cannot be changed. Begin a new one that replaces it." in said(late)
    assert ADDED in said(late, "#text-ru .paper-sheet")

    press(page, "Подготовить замену")
    newer = page.url
    assert newer != letter
    assert ADDED in said(page, "#text-ru .paper-sheet")
    press(page, "Передать на согласование")
    decider.goto(newer)
    decider.locator("#approve").get_by_label("Из нашего ряда номеров").check()
    press(decider, "Согласовать", "#approve")
    until(page, newer, lambda told: "готовятся" not in told)
    press(page, "Отметить подписание", "#sign")
    page.get_by_role("link", name="Приглашение 01-15/4711").click()
    assert page.url == letter
    assert "Заменено" in said(page, "#paper")


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


def test_speech_is_taken_by_one_of_two_returned_with_remarks_and_accepted_by_a_second_person(
    enter: Enter, tmp_path: Path
) -> None:
    officer, marina, timur = enter("coordinator"), enter("translator"), enter("translator2")
    page = officer.go("/")
    page.get_by_role("searchbox").fill("Чжэньцзян")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Визит делегации города Чжэньцзян").first.click()
    page.get_by_role("link", name="Перевод", exact=True).click()
    page.get_by_role("link", name="Заказать перевод").first.click()
    page.fill("#f-title", "Речь главы города")
    page.set_input_files("#f-source_file", in_word(tmp_path / "речь.docx", "Дорогие друзья, рады видеть вас. " * 20))
    page.select_option("#f-source_language", "ru")
    page.select_option("#f-target_language", "en")
    page.select_option("#f-purpose", "speech")
    page.fill("#f-due_at", "2027-03-22T12:00")
    page.fill("#f-text_user", "Глава города, вслух")
    page.fill("#f-names", "Ван Шили, мэр — Wang Shili, Mayor")
    press(page, "Открыть для переводчиков")
    ordered = page.url.removeprefix(officer.address)

    takes = [window.go("/translations").locator("#available tr", has_text="Речь главы города").get_by_role("button")
             for window in (marina, timur)]
    press_at_once(*takes)
    second, first = sorted((marina, timur), key=lambda window: "Задание ваше" in said(window.page))
    assert "Задание ваше. Текст можно скачать." in said(first.page)
    name = "Лисицына Марина Сергеевна" if first is marina else "Агаев Тимур Рустамович"
    assert f"Это задание уже взято: {name}" in said(second.page)
    answer = second.page.goto(second.address + ordered)
    assert answer.status == 404

    work = first.page
    assert "Дорогие друзья" in text_of(kept(work, work.get_by_role("link", name=re.compile("Текст для перевода")),
                                            tmp_path / "taken.docx"))
    work.set_input_files("#f-result_file", in_word(tmp_path / "speech.docx", "Dear freinds"))
    press(work, "Сдать", "#submit")
    assert work.locator("#accept").count() == 0

    page.goto(officer.address + "/")
    page.locator("#to-check").get_by_role("link", name="Речь главы города").click()
    page.fill("#return [name=remark]", "Опечатка в слове friends.")
    press(page, "Вернуть", "#return")

    work.goto(first.address + "/")
    work.locator("#returned").get_by_role("link", name="Речь главы города").click()
    assert "Опечатка в слове friends." in said(work, "#remarks")
    work.set_input_files("#f-result_file", in_word(tmp_path / "speech-2.docx", "Dear friends"))
    press(work, "Сдать", "#submit")

    page.goto(officer.address + ordered)
    assert "Dear friends" in text_of(kept(page, page.get_by_role("link", name=re.compile("Перевод:")),
                                          tmp_path / "final.docx"))
    press(page, "Принять", "#accept")
    assert "прочитано вторым лицом" in said(page, "#facts")
    work.goto(first.address + "/")
    assert "Речь главы города" in said(work, "#done")
