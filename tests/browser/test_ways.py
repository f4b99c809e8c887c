"""The main job, clicked through as people do it."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from python_calamine import CalamineWorkbook

from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.mail.service import Recipient, queue_worded_mail

OF_A_VISIT = re.compile(r"/visits/\d+$")
OF_A_REQUEST = re.compile(r"/requests/\d+$")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned letter of one page."""
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    path = tmp_path / "вх-214.pdf"
    path.write_bytes(out.getvalue())
    return path


@pytest.fixture
def opened(desk: Callable[..., Any], make: Any, scan: Path) -> Any:
    """The manager's window on a visit that was opened from a letter with its scan, all by clicks."""
    partner, officer, manager = make.partner(), make.account(Role.COORDINATOR), make.account(Role.MANAGER)
    clerk = desk(officer)
    page = clerk.go("/")
    page.get_by_role("link", name="Зарегистрировать обращение").click()
    page.fill("#f-title_ru", "Делегация Кадыкёя")
    page.fill("#f-date_from", "2027-05-12")
    page.fill("#f-date_to", "2027-05-15")
    page.select_option("#f-partner_id", str(partner.id))
    page.fill("#f-incoming_number", "214")
    page.fill("#f-incoming_date", "2027-03-12")
    page.set_input_files("#f-scan", scan)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(OF_A_REQUEST)
    assert "214" in page.locator("main").inner_text()

    decider = desk(manager)
    window = decider.go("/")
    assert "вх. № 214" in window.locator("#decide").inner_text()
    window.locator("#decide").get_by_role("button", name="Принять").click()
    window.wait_for_url(OF_A_VISIT)
    return decider


def test_letter_becomes_a_visit_with_its_stages_and_what_is_missing(opened: Any) -> None:
    page = opened.page
    assert page.locator("h1").inner_text() == "Делегация Кадыкёя"
    assert "12–15 мая 2027" in page.locator(".visit-line").inner_text().replace("\xa0", " ")
    assert page.locator(".stagebar li").count() > 3
    assert page.locator("#next .reasons a").count() > 0


def test_each_reason_and_deadline_leads_to_a_page_that_is_there(opened: Any) -> None:
    links = [link.get_attribute("href") for link in opened.page.locator("#next .reasons a, #due li a").all()]
    assert links
    for link in links:
        opened.go(link)


def test_visit_is_postponed_taken_up_and_cancelled(opened: Any) -> None:
    page = opened.page
    page.get_by_role("link", name="Отложить визит").click()
    page.fill("#f-reason", "Просят перенести")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(OF_A_VISIT)
    assert "Перенесено" in page.locator(".visit-line").inner_text()
    page.get_by_role("link", name="Возобновить визит").first.click()
    page.fill("#f-arrival", "2027-05-26")
    page.fill("#f-departure", "2027-05-29")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(OF_A_VISIT)
    assert "26–29 мая 2027" in page.locator(".visit-line").inner_text().replace("\xa0", " ")
    page.get_by_role("link", name="Отменить визит").click()
    page.fill("#f-reason", "Не приедут")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(OF_A_VISIT)
    assert "Отменено" in page.locator(".visit-line").inner_text()
    page.get_by_role("link", name="Сегодня", exact=True).click()
    assert "Делегация Кадыкёя" not in page.locator("main").inner_text()


def test_year_as_workbook_week_on_one_sheet_and_search(
    desk_of: Callable[..., Any], make: Any, run_jobs: Callable[[], int], tmp_path: Path
) -> None:
    make.visit(partner_id=make.partner().id)
    run_jobs()
    window = desk_of(Role.COORDINATOR)
    page = window.go("/visits?show=all&since=2027-01-01&until=2027-12-31")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Скачать в XLSX").click()
    kept = tmp_path / "visits.xlsx"
    coming.value.save_as(kept)
    rows = CalamineWorkbook.from_path(kept).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Визит", "Делегация Кадыкёя"]

    sheet = window.go("/week?of=2027-05-14")
    printed = sheet.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == 1

    page = window.go("/")
    page.get_by_role("searchbox").fill("кадык")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Делегация Кадыкёя").click()
    assert page.locator("h1").inner_text() == "Делегация Кадыкёя"


def test_stopped_worker_is_said_and_a_started_one_sends_exactly_once(
    desk_of: Callable[..., Any], session: Any, request: pytest.FixtureRequest, outbox: Callable[[], list[Any]]
) -> None:
    window = desk_of(Role.ADMINISTRATOR)
    queue_worded_mail(session, clock.now(), "letter", Recipient("a@kadikoy.example", "Ayşe Specimen", "en"),
                      subject="Our invitation", text="Dear colleagues", key="letter.1")
    commit(session)
    clock.advance_frozen(timedelta(minutes=10))
    assert "Похоже, обработчик остановлен." in window.go("/").locator("main").inner_text()
    request.getfixturevalue("worker")
    for _ in range(100):
        if outbox():
            break
        window.page.wait_for_timeout(100)
    assert "Похоже, обработчик остановлен." not in window.go("/").locator("main").inner_text()
    assert [mail["Subject"] for mail in outbox()] == ["Our invitation"]
