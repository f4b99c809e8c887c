"""The year in figures and as a workbook: every number leads to its visits, and nothing typed can run."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from tests.servers import both_databases
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.knowledge import cells
from workflow.outcomes import service
from workflow.outcomes.service import OutcomeData, file_report, write_report
from workflow.reports import queries, rules
from workflow.reports.receptions import receptions
from workflow.visits.models import VisitRequest


def test_bounds_of_months_and_years() -> None:
    assert rules.year_bounds(2027) == (date(2027, 1, 1), date(2027, 12, 31))
    assert rules.month_bounds(2028, 2) == (date(2028, 2, 1), date(2028, 2, 29))
    assert rules.month_bounds(2027, 12) == (date(2027, 12, 1), date(2027, 12, 31))


@pytest.mark.parametrize(("text", "cell"), [
    ("=1+1", "'=1+1"), ("+7 909", "'+7 909"), ("@SUM(A1)", "'@SUM(A1)"), ("-5", "'-5"), ("обычный", "обычный"),
    ("a\x00b\nc", "ab\nc"), ("", ""), (" =1+1", "' =1+1"), ("\t=1", "'\t=1"), ("|x", "'|x"), ("%x", "'%x"),
    ("И.\u00a0Иванов", "И.\u00a0Иванов"), ("李\u3000明", "李\u3000明"), ("\u00a0=1", "'\u00a0=1"),
    ("а\u200b\u202eб", "аб"),
    ("=" * 40_000, "'" + "=" * 32_000)])
def test_cell_never_runs(text: str, cell: str) -> None:
    assert cells.safe_cell(text) == cell


@both_databases
def test_figures_count_what_the_list_of_visits_shows(session: Session, make: Make, client_as: Any) -> None:
    partner, other = make.partner(name_ru="Кадыкёй"), make.partner(name_ru="Чжэньцзян")
    make.visit(arrival=date(2027, 5, 30), nights=3, partner_id=partner.id)
    make.visit(arrival=date(2027, 6, 10), partner_id=partner.id, direction="outgoing").standing = "cancelled"
    make.visit(arrival=date(2027, 7, 1), partner_id=other.id)
    make.visit(arrival=date(2026, 12, 30), nights=4)
    make.visit(arrival=date(2026, 5, 1))
    commit(session)
    figures = queries.year_figures(session, make.actor(Role.MANAGER), 2027)
    assert (figures.total.total, figures.total.cancelled) == (4, 1)
    assert {count.key.value: (count.total, count.cancelled) for count in figures.directions} == {
        "incoming": (3, 0), "outgoing": (1, 1), "online": (0, 0), "hosted": (0, 0)}
    assert [count.total for count in figures.months] == [1, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0]
    assert [(name.name_ru, count.total) for name, count in figures.partners] == [("Кадыкёй", 2), ("Чжэньцзян", 1)]
    assert len(figures.without_partner) == 1

    page = client_as(Role.MANAGER).get("/reports?year=2027").get_data(as_text=True)
    assert "partner_id=" in page


def test_translator_has_no_reports(make: Make, client_as: Any) -> None:
    browser = client_as(Role.TRANSLATOR)
    assert [browser.get(url).status_code for url in ("/reports", "/reports/2027.xlsx")] == [403, 403]


@pytest.mark.parametrize("url", ["/reports?year=1000", "/reports/1000.xlsx", "/reports/99999.xlsx"])
def test_year_out_of_reach_is_not_found(client_as: Any, url: str) -> None:
    assert client_as(Role.MANAGER).get(url).status_code == 404


def test_workbook_holds_the_year_and_runs_nothing(
    session: Session, make: Make, now: datetime, client_as: Any
) -> None:
    visit = make.visit(arrival=date(2027, 5, 14), title_ru="=HYPERLINK(1)", partner_id=make.partner().id)
    make.visit(arrival=date(2025, 5, 14), title_ru="Прошлый")
    service.add_outcome(session, make.actor(Role.COORDINATOR), now, visit.id,
                        OutcomeData(kind="promise", what="@книги", owner_name="Мэрия", due_on=date(2027, 6, 1)))
    commit(session)
    answer = client_as(Role.MANAGER).get("/reports/2027.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    assert book.sheet_names == ["Визиты", "Итоги"]
    visits = book.get_sheet_by_name("Визиты").to_python()
    assert [row[1] for row in visits[1:]] == ["'=HYPERLINK(1)"]
    assert visits[1][3] == date(2027, 5, 14)
    outcomes = book.get_sheet_by_name("Итоги").to_python()
    assert [row[1:4] for row in outcomes[1:]] == [["Обещание", "'@книги", "Мэрия"]]
    assert b"<f>" not in answer.data


def test_journal_holds_foreigners_who_were_received_and_what_was_entered_of_them(
    session: Session, now: datetime, make: Make, client_as: Callable[..., Client]
) -> None:
    boss = make.actor(Role.COORDINATOR)
    turkish, ours = make.partner(), make.partner(country="RU", name_ru="Симферополь")
    consul = make.partner(country="GR", name_ru="Генеральное консульство Греции")
    held = make.visit(arrival=date(2027, 1, 12), partner_id=turkish.id, purpose="обмен школьниками")
    make.visit(arrival=date(2027, 2, 1), partner_id=ours.id, country="RU", title_ru="Гости из Симферополя")
    make.visit(arrival=date(2027, 3, 1), partner_id=consul.id, country="RU", title_ru="Приём консула")
    make.visit(arrival=date(2027, 4, 1), partner_id=turkish.id, title_ru="Будущий визит")
    make.visit(arrival=date(2027, 1, 20), partner_id=turkish.id, direction="outgoing", title_ru="Выезд")
    write_report(session, boss, now, held.id, {"aim": "А", "done": "Две встречи", "done_en": "Two meetings",
                                               "results": "Б", "sent_to": "управление делами"})  # fmt: skip
    file_report(session, boss, now, held.id)
    commit(session)
    told = receptions(session, boss, 2027, until=date(2027, 3, 15))
    assert [(row["n"], row["country"]["ru"], row["content"]) for row in told["rows"]] == [
        (1, "Турция", {"ru": "Две встречи", "en": "Two meetings"}),
        (2, "Греция", {"ru": "Приём консула", "en": "Delegation of Kadıköy"})]
    assert (told["rows"][0]["report_on"], told["rows"][0]["sent_to"]) == (date(2027, 3, 15), "управление делами")
    assert receptions(session, make.actor(Role.ADMINISTRATOR), 2027)["rows"] == []
    browser = client_as(Role.COORDINATOR)
    assert "/reports/2027/receptions.ru.pdf" in browser.get("/reports?year=2027").get_data(as_text=True)
    answer = browser.get("/reports/2027/receptions.ru.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert browser.get("/reports/2027/receptions.docx.ru").status_code == 404
    assert browser.get("/reports/2027/receptions.tr.pdf").status_code == 404


def test_journal_dates_by_the_offices_clock(session: Session, now: datetime, make: Make) -> None:
    boss = make.actor(Role.COORDINATOR)
    held = make.visit(arrival=date(2027, 1, 12), partner_id=make.partner().id)
    after_midnight = now.replace(hour=22)  # one in the morning of the next day in Moscow
    session.add(VisitRequest(
        reference="R-ABCDEFGH", state="accepted", source="letter", received_on=date(2027, 1, 2), languages=[],
        created_at=now, decided_at=after_midnight, visit_id=held.id))  # fmt: skip
    write_report(session, boss, after_midnight, held.id, {"aim": "А", "results": "Б"})
    file_report(session, boss, after_midnight, held.id)
    commit(session)
    (row,) = receptions(session, boss, 2027)["rows"]
    assert (row["permitted_on"], row["report_on"]) == (date(2027, 3, 16), date(2027, 3, 16))
