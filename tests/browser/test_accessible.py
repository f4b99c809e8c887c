"""Each main page, in both languages: nothing that axe calls serious or critical, nothing wider than a phone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from tests.papers.conftest import set_up_office
from workflow.base.actor import SYSTEM, Role
from workflow.base.clock import now as clock_now
from workflow.base.jobs import Job, JobState
from workflow.base.unit_of_work import commit
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.office.models import IssuingBody
from workflow.outcomes.protocol import add_conversation
from workflow.papers.batches.recipients import add_recipient
from workflow.papers.batches.service import create_batch
from workflow.papers.service import draft_paper, submit_paper
from workflow.people.service import PassportData, add_passport
from workflow.process.opening import enter_visit
from workflow.visas.keeping import our_rules
from workflow.visits.requesting import register_request
from workflow.visits.rules import Dates, Direction, RequestSource
from workflow.visits.service import VisitData

STAFF = (
    "/", "/?whose=all", "/visits", "/visits?show=all&q=нет", "/calendar?month=2027-05", "/week?of=2027-05-14",
    "/search?q=кад", "/requests", "/requests/new", "/requests/{request}", "/partners", "/partners/{partner}",
    "/visits/{visit}", "/visits/{visit}/edit", "/visits/{visit}/copy", "/visits/{visit}/history",
    "/visits/{visit}/members", "/visits/{visit}/papers", "/visits/{visit}/visas", "/visits/{visit}/translations",
    "/visits/{visit}/programme", "/visits/{visit}/outcomes", "/visits/{visit}/dates", "/visits/{visit}/cancel",
    "/admin/jobs", "/me",
    "/papers/register", "/papers/{paper}", "/visits/{visit}/batches", "/batches/{batch}", "/batches/{batch}/partners",
    "/batches/{batch}/list", "/batches/{batch}/recipients/new", "/recipients/{recipient}", "/sending",
    "/wordings", "/wordings/invitation", "/wordings/invitation/en", "/wordings/invitation/en/versions/0",
    "/wordings/invitation/beside", "/wordings/invitation/ru/word", "/forms", "/visits/{visit}/logistics",
    "/visits/{visit}/logistics/costs/new", "/visits/{visit}/protocol", "/visits/{visit}/protocol/notes",
    "/conversations/{talk}", "/visits/{visit}/conversations/new", "/visits/{visit}/awards/new", "/visa-rules",
    "/visa-rules/{rule}", "/people/{person}", "/people/{person}/edit", "/people/{person}/forms",
    "/people/{person}/passports/new", "/people/passports/{passport}/edit",
)
PAGES = {
    Role.COORDINATOR: STAFF,
    Role.MANAGER: ("/", "/requests/{request}", "/requests/{request}/accept", "/visits/{visit}", "/reports",
                   "/papers/{paper}", "/people/{person}/data", "/wordings/invitation/en/versions/0",
                   "/visa-rules/new", "/visa-rules/lists/RU_EVISA_64", "/visa-rules/in.ru.evisa"),
    Role.TRANSLATOR: ("/", "/translations"),
    Role.ADMINISTRATOR: ("/", "/admin", "/admin/jobs", "/admin/accounts", "/admin/office", "/admin/office/bodies",
                         "/admin/office/bodies/new", "/admin/office/bodies/{body}"),
}


@pytest.fixture
def ids(make: Any, session: Any) -> dict[str, Any]:
    """A visit with people and papers, a talk, an open request, and a letter whose sending is uncertain."""
    set_up_office(session, clock_now())
    partner = make.partner()
    visit = make.visit(arrival=date(2027, 5, 12), partner_id=partner.id, purpose="Переговоры о культуре")
    head = make.member(visit, is_head=True).person
    make.member(visit)
    officer, now = make.actor(Role.COORDINATOR), clock_now()
    passport = add_passport(session, SYSTEM, now, head, PassportData("TR", "U00000009", expires_on=date(2035, 1, 1)))
    paper = draft_paper(session, officer, now, visit.id, "invitation")
    submit_paper(session, officer, now, paper.id)
    batch = create_batch(session, officer, now, visit.id, "invitation-event", title="Двенадцать городов")
    invited = add_recipient(session, officer, now, batch.id, {"name": "Ayşe Örnek", "city": "Kadıköy"}, language="en")
    talk = add_conversation(session, officer, now, visit.id, {
        "title_ru": "Встреча с мэром", "title_en": "Meeting with the Mayor", "held_on": date(2027, 5, 14)})
    body = session.scalars(select(IssuingBody.id)).first()
    asked = register_request(session, SYSTEM, clock_now(), {
        "title_ru": "Просят принять", "title_en": "Asking to be received", "incoming_number": "214",
        "incoming_date": date(2027, 3, 1), "asking_body": "Kadıköy Belediyesi", "country": "TR",
        "direction": "incoming", "process_key": "incoming"}, source=RequestSource.LETTER)
    mail = queue_worded_mail(session, clock_now(), "letter", Recipient("m@kadikoy.example", "Ayşe Specimen", "en"),
                             subject="Invitation", text="Dear colleagues", key="k", visit_id=visit.id, official=True)
    assert mail is not None
    session.execute(update(Job).where(Job.key == f"mail.{mail.id}").values(state=JobState.UNCERTAIN.value))
    commit(session)
    return {"visit": visit.id, "partner": partner.id, "request": asked.id, "person": head.id, "paper": paper.id,
            "passport": passport.id, "batch": batch.id, "recipient": invited.id, "talk": talk.id, "body": body,
            "rule": our_rules(session).current[0].id}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("role", list(PAGES))
def test_main_pages_have_no_serious_finding(
    desk_of: Callable[..., Any], ids: dict[str, Any], role: Role, language: str
) -> None:
    window = desk_of(role, language=language)
    found = {}
    for path in PAGES[role]:
        page = window.go(path.format(**ids))
        assert page.get_attribute("html", "lang") == language
        found[path] = window.findings()
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_strangers_have_no_serious_finding(desk: Callable[..., Any], make: Any, language: str) -> None:
    make.account(Role.ADMINISTRATOR)
    window = desk()
    window.page.set_extra_http_headers({"Accept-Language": language})
    found = {}
    for path in ("/sign-in", "/forgot", "/ask"):
        window.go(path)
        found[path] = window.findings()
    window.page.goto(window.address + "/no-such-page")
    found["404"] = window.findings()
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_pages_fit_a_phone(desk_of: Callable[..., Any], ids: dict[str, Any]) -> None:
    window = desk_of(Role.COORDINATOR, width=390)
    wide = {}
    for path in PAGES[Role.COORDINATOR]:
        page = window.go(path.format(**ids))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[path] = width
    assert wide == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_course_of_a_visit_has_no_serious_finding_and_fits_a_phone(
    desk_of: Callable[..., Any], make: Any, session: Any, width: int
) -> None:
    window = desk_of(Role.COORDINATOR, language="en", width=width)
    visit = enter_visit(session, SYSTEM, clock_now(), VisitData(
        title_ru="Делегация Кадыкёя", direction=Direction.INCOMING, country="TR", place="Ставрополь",
        dates=Dates(date(2027, 5, 12), date(2027, 5, 15)), responsible_id=make.account(Role.COORDINATOR).id),
        "incoming")
    commit(session)
    found = {}
    for path in ("dates?shift=14", "process", "step/invite", "cancel", "postpone", "copy"):
        page = window.go(f"/visits/{visit.id}/{path}")
        found[path] = window.findings()
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[path].append("wider than the window")
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", ["/visits", "/visits/{visit}/members", "/requests", "/partners"])
def test_lists_need_no_sideways_scrolling_on_a_phone(
    desk_of: Callable[..., Any], ids: dict[str, Any], path: str
) -> None:
    window = desk_of(Role.COORDINATOR, width=390)
    page = window.go(path.format(**ids))
    wide = page.locator("main table.table td, main table.table th[scope=row]").evaluate_all(
        "cells => cells.filter(cell => cell.getBoundingClientRect().right > innerWidth).map(cell => cell.innerText)")
    assert wide == []
    assert page.get_by_role("row").count() > 1, "it is still a table for who hears it"


def test_visit_prints_as_a_sheet_and_not_as_a_screen(
    desk_of: Callable[..., Any], ids: dict[str, Any], tmp_path: Path
) -> None:
    page = desk_of(Role.COORDINATOR).go(f"/visits/{ids['visit']}")
    page.pdf(path=tmp_path / "visit.pdf", prefer_css_page_size=True)
    sheets = PdfReader(tmp_path / "visit.pdf").pages
    words = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert len(sheets) <= 2
    assert "Делегация Кадыкёя" in words
    assert [told for told in ("Отложить визит", "Изменить", "Выйти", "Обращения") if told in words] == []


def test_desk_works_without_scripts(desk_of: Callable[..., Any], ids: dict[str, Any]) -> None:
    window = desk_of(Role.COORDINATOR, script=False)
    window.page.get_by_role("link", name="Визиты", exact=True).click()
    window.page.get_by_role("link", name="Делегация Кадыкёя").click()
    assert window.page.locator("h1").inner_text() == "Делегация Кадыкёя"


def test_question_is_asked_before_something_is_dropped(desk_of: Callable[..., Any], ids: dict[str, Any]) -> None:
    page = desk_of(Role.COORDINATOR).go("/admin/jobs")
    button = page.get_by_role("button", name="Больше не нужно")
    button.click()
    page.locator("dialog [data-answer=no]").click()
    page.locator("dialog").wait_for(state="detached")  # the browser tells of the closing a moment later
    assert button.count() == 1
    button.click()
    page.locator("dialog [data-answer=yes]").click()
    page.get_by_text("Отмечено: больше не нужно.").wait_for()
    assert button.count() == 0


def test_whoever_has_a_zone_read_by_keyboard_goes_on_at_what_was_read(
    desk_of: Callable[..., Any], ids: dict[str, Any]
) -> None:
    window = desk_of(Role.COORDINATOR)
    page = window.go(f"/visits/{ids['visit']}/members/new")
    page.fill("#f-zone", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".zone-reading:focus").wait_for()
    assert page.input_value("#f-latin_family") == "ERIKSSON"
    assert window.findings() == []


def test_language_switch_keeps_the_page_and_is_remembered(desk_of: Callable[..., Any], ids: dict[str, Any]) -> None:
    page = desk_of(Role.COORDINATOR).go("/visits?show=all")
    page.get_by_role("button", name="English").click()
    page.wait_for_url("**/visits?show=all")
    assert page.locator("h1").inner_text() == "Visits"
    page.get_by_role("link", name="Today", exact=True).click()
    assert page.get_attribute("html", "lang") == "en"
