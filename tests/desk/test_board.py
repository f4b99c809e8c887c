"""The list of visits: filters, pages, the same number of queries however long it is, and the workbook."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from workflow.base.actor import SYSTEM, Role
from workflow.base.clock import now as clock_now
from workflow.base.search import index_documents
from workflow.base.unit_of_work import commit
from workflow.visits.rules import Standing
from workflow.visits.search import visit_documents
from workflow.visits.service import write_standing

pytestmark = pytest.mark.usefixtures("published")


def titles(page: Any, *known: str) -> list[str]:
    """Give those of the known titles that stand in the table, in order."""
    body = page.get_data(as_text=True).partition("<tbody>")[2].partition("</tbody>")[0]
    return sorted((title for title in known if title in body), key=body.index)


def test_list_shows_going_visits_by_arrival(client_as: Callable[..., Any], make: Any) -> None:
    make.visit(title_ru="Позже", arrival=date(2027, 6, 1))
    make.visit(title_ru="Раньше", arrival=date(2027, 4, 1))
    assert titles(client_as(Role.COORDINATOR).get("/visits"), "Раньше", "Позже") == ["Раньше", "Позже"]


def test_list_of_an_empty_office_says_where_visits_come_from(client_as: Callable[..., Any]) -> None:
    page = client_as(Role.COORDINATOR).get("/visits").get_data(as_text=True)
    assert "Текущих визитов нет" in page
    assert "Визит появится здесь, когда обращение будет принято." in page


@pytest.mark.parametrize(("query", "expected"), [
    ("direction=outgoing", ["Выезд в Китай"]),
    ("direction=incoming", ["Приём из Турции"]),
    ("since=2027-06-01", ["Выезд в Китай"]),
    ("until=2027-05-01", ["Приём из Турции"]),
    ("show=cancelled", ["Отменённый"]),
    ("show=all", ["Выезд в Китай", "Отменённый", "Приём из Турции"]),
    ("q=кита", ["Выезд в Китай"]),
    ("q=КИТАЮ", ["Выезд в Китай"]),
    ("q=Франция", []),
    ("stage=no-such", []),
])
def test_filters_narrow_the_list(
    client_as: Callable[..., Any], make: Any, session: Any, query: str, expected: list[str]
) -> None:
    make.visit(title_ru="Приём из Турции", arrival=date(2027, 4, 10))
    make.visit(title_ru="Выезд в Китай", direction="outgoing", arrival=date(2027, 6, 10))
    gone = make.visit(title_ru="Отменённый", direction="online", arrival=date(2027, 5, 10))
    write_standing(session, SYSTEM, clock_now(), gone, Standing.CANCELLED, reason="не едут")
    index_documents(session, visit_documents(session, None))
    commit(session)
    page = client_as(Role.COORDINATOR).get(f"/visits?{query}")
    assert page.status_code == 200
    assert titles(page, "Приём из Турции", "Выезд в Китай", "Отменённый") == expected


def test_filter_with_a_date_that_is_none_says_so_beside_the_field(client_as: Callable[..., Any]) -> None:
    page = client_as(Role.COORDINATOR).get("/visits?since=2027-02-31")
    assert page.status_code == 422
    assert 'id="f-since-error"' in page.get_data(as_text=True)


def test_list_continues_on_the_next_page_without_gap_or_twin(client_as: Callable[..., Any], make: Any) -> None:
    known = [f"Визит {number:03}" for number in range(60)]
    responsible = make.account(Role.COORDINATOR).id
    for number, title in enumerate(known):
        make.visit(title_ru=title, arrival=date(2027, 4, 1) + timedelta(days=number // 3), responsible_id=responsible)
    browser = client_as(Role.COORDINATOR)
    first = browser.get("/visits")
    link = first.get_data(as_text=True).partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    seen = titles(first, *known) + titles(browser.get(link), *known)
    assert seen == known


def test_list_asks_as_many_queries_for_thirty_visits_as_for_three(
    client_as: Callable[..., Any], make: Any, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    browser = client_as(Role.COORDINATOR)
    pages = ("/visits", "/?whose=all", "/calendar?month=2027-05", "/week?of=2027-05-14", "/visits/export.xlsx")
    responsible = make.account(Role.COORDINATOR).id

    def costs() -> list[int]:
        return [count_queries(lambda url=url: browser.get(url)) for url in pages]  # type: ignore[misc]

    for _ in range(3):
        make.visit(arrival=date(2027, 5, 14), responsible_id=responsible, partner_id=make.partner().id)
    costs()
    few = costs()
    for _ in range(27):
        make.visit(arrival=date(2027, 5, 14), responsible_id=responsible, partner_id=make.partner().id)
    assert costs() == few


def test_workbook_holds_the_filtered_visits_and_runs_no_formula(client_as: Callable[..., Any], make: Any) -> None:
    make.visit(title_ru='=HYPERLINK("http://evil.example")', arrival=date(2027, 4, 10), place="+1+1")
    make.visit(title_ru="Выезд", direction="outgoing", arrival=date(2027, 6, 10))
    answer = client_as(Role.COORDINATOR).get("/visits/export.xlsx?direction=incoming")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert rows[0][1] == "Визит"
    assert rows[1][1] == '\'=HYPERLINK("http://evil.example")'
    assert rows[1][5] == date(2027, 4, 10)
    assert rows[1][10] == "'+1+1"


@pytest.mark.parametrize("url", ["/visits", "/visits/export.xlsx", "/calendar", "/week", "/search?q=Кадыкёй"])
def test_translator_sees_no_lists_of_visits(client_as: Callable[..., Any], make: Any, url: str) -> None:
    make.visit()
    page = client_as(Role.TRANSLATOR).get(url)
    assert page.status_code == 403
    assert "Кадыкёя" not in page.get_data(as_text=True)


def test_cursor_that_is_not_ours_is_not_found(client_as: Callable[..., Any]) -> None:
    assert client_as(Role.COORDINATOR).get("/visits?after=x").status_code == 404
