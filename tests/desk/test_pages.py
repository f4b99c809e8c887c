"""Month, week, search, a visit's page, and the visit opened like last year's."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Role
from workflow.base.clock import advance_frozen
from workflow.base.clock import now as clock_now
from workflow.base.search import index_documents
from workflow.base.unit_of_work import commit
from workflow.desk.search import request_documents
from workflow.papers.service import draft_paper
from workflow.process.deadlines import sync_deadlines
from workflow.visits.models import Visit
from workflow.visits.requesting import register_request
from workflow.visits.rules import RequestSource
from workflow.visits.search import visit_documents

pytestmark = pytest.mark.usefixtures("published")


def test_month_shows_a_visit_on_each_of_its_days(client_as: Callable[..., Any], make: Any) -> None:
    make.visit(title_ru="Гости", arrival=date(2027, 4, 29), nights=4)
    browser = client_as(Role.COORDINATOR)
    assert browser.get("/calendar?month=2027-05").get_data(as_text=True).count(">Гости</a>") == 5
    assert "В этом месяце визитов нет." in browser.get("/calendar?month=2027-08").get_data(as_text=True)


def test_week_sheet_names_arrivals_and_departures(client_as: Callable[..., Any], make: Any) -> None:
    make.visit(title_ru="Гости", arrival=date(2027, 5, 12), nights=2)
    sheet = client_as(Role.COORDINATOR).get("/week?of=2027-05-14").get_data(as_text=True)
    assert "приезжают: Гости" in sheet
    assert "уезжают: Гости" in sheet
    assert "Неделя 10–16" in sheet


def test_places_are_named_in_the_language_of_the_page(
    client_as: Callable[..., Any], make: Any, session: Any
) -> None:
    visit = make.visit(arrival=date(2027, 5, 12), nights=2)
    visit.place_en = "Stavropol"
    session.commit()
    browser = client_as(Role.COORDINATOR)
    pages = ("/week?of=2027-05-14", f"/visits/{visit.id}", f"/visits/{visit.id}/members")
    for language, named, other in (("ru", "Ставрополь", "Stavropol"), ("en", "Stavropol", "Ставрополь")):
        browser.post(f"/language/{language}", {"back": "/"})
        for page in pages:
            shown = browser.get(page).get_data(as_text=True)
            assert (named in shown, other in shown) == (True, False), page


def test_week_sheet_from_thursday_on_is_of_the_next_week(client_as: Callable[..., Any]) -> None:
    assert "Неделя 15–21" in client_as(Role.COORDINATOR).get("/week").get_data(as_text=True)


@pytest.mark.parametrize("words", ["Кадык", "кадыкёй", "КАДЫКЕЙ", "Kadik", "kadıköy"])
def test_search_finds_a_visit_by_the_beginning_of_its_partner(
    client_as: Callable[..., Any], make: Any, session: Any, words: str
) -> None:
    visit = make.visit(title_ru="Переговоры", title_en="Talks", partner_id=make.partner().id)
    make.visit(title_ru="Другое", title_en="Other", country="CN")
    index_documents(session, visit_documents(session, None))
    commit(session)
    page = client_as(Role.COORDINATOR).get("/search", query_string={"q": words}).get_data(as_text=True)
    assert f'href="/visits/{visit.id}">Переговоры</a>' in page
    assert "Другое" not in page


@pytest.mark.parametrize("typed", ["214", "вх. 214", "вх. № 214", "№214", "No. 214", "Вх 214 Просят"])
def test_search_finds_a_request_by_the_number_of_its_letter(
    client_as: Callable[..., Any], make: Any, session: Any, typed: str
) -> None:
    asked = register_request(session, SYSTEM, clock_now(), {
        "title_ru": "Просят принять", "incoming_number": "214", "incoming_date": date(2027, 3, 1),
        "asking_body": "Муниципалитет", "direction": "incoming", "process_key": "incoming"},
        source=RequestSource.LETTER)
    index_documents(session, request_documents(session, None))
    commit(session)
    page = client_as(Role.COORDINATOR).get("/search", query_string={"q": typed}).get_data(as_text=True)
    assert f'href="/requests/{asked.id}">Просят принять</a>' in page


def test_search_without_a_find_says_what_to_try(client_as: Callable[..., Any]) -> None:
    assert "Ничего не найдено" in client_as(Role.COORDINATOR).get("/search?q=никогда").get_data(as_text=True)


def test_visit_page_shows_what_is_missing_with_links(client_as: Callable[..., Any], make: Any) -> None:
    visit = make.visit(title_ru="Гости")
    page = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<h1>Гости</h1>" in text
    assert "Следующий шаг" in text


def test_visit_page_names_its_papers_by_their_kind_in_the_readers_language(
    client_as: Callable[..., Any], make: Any, session: Session
) -> None:
    visit = make.visit()
    draft_paper(session, SYSTEM, clock_now(), visit.id, "invitation", languages=["ru"])
    commit(session)
    for language, kind, state in (("ru", "Приглашение", "Черновик"), ("en", "Invitation", "Draft")):
        reader = client_as(account=make.account(Role.COORDINATOR, language=language))
        page = reader.get(f"/visits/{visit.id}").get_data(as_text=True)
        papers = page.partition('id="papers"')[2].partition("</section>")[0]
        assert f">{kind}</a>" in papers
        assert f">{state}<" in re.sub(r"<svg.*?</svg>", "", papers)


@pytest.mark.parametrize(("standing", "told"), [("cancelled", 1), ("postponed", 1), ("live", 0)])
def test_visit_that_does_not_go_on_says_why(
    client_as: Callable[..., Any], make: Any, session: Session, standing: str, told: int
) -> None:
    visit = make.visit()
    session.execute(update(Visit).values(standing=standing, standing_reason="нет средств"))
    commit(session)
    page = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert page.count("Причина: нет средств") == told


def test_visit_of_nobody_is_not_found(client_as: Callable[..., Any]) -> None:
    assert client_as(Role.MANAGER).get("/visits/999").status_code == 404


def test_copy_proposes_the_same_weekday_and_opens_a_visit(
    client_as: Callable[..., Any], make: Any, session: Any
) -> None:
    source = make.visit(title_ru="Ярмарка", arrival=date(2026, 5, 12), nights=3)
    source.place_en, source.purpose_en, source.host_name_en = "Stavropol", "to show our books", "Ivan Obraztsov"
    commit(session)
    browser = client_as(Role.COORDINATOR)
    assert 'value="2027-05-11"' in browser.get(f"/visits/{source.id}/copy").get_data(as_text=True)
    answer = browser.post(f"/visits/{source.id}/copy", {"arrival": "2027-05-11", "departure": "2027-05-14"})
    assert answer.status_code == 303
    made = session.scalars(select(Visit).where(Visit.copied_from_id == source.id)).one()
    assert (made.title_ru, made.arrival, made.departure) == ("Ярмарка", date(2027, 5, 11), date(2027, 5, 14))
    assert (made.place_en, made.purpose_en, made.host_name_en) == ("Stavropol", "to show our books", "Ivan Obraztsov")


def test_copy_into_the_past_says_so_beside_the_field(client_as: Callable[..., Any], make: Any, session: Any) -> None:
    source = make.visit()
    answer = client_as(Role.COORDINATOR).post(f"/visits/{source.id}/copy",
                                              {"arrival": "2020-05-11", "departure": "2020-05-14"})
    assert answer.status_code == 422
    assert 'id="f-arrival-error"' in answer.get_data(as_text=True)
    assert session.scalars(select(Visit).where(Visit.copied_from_id == source.id)).all() == []


def test_red_visit_of_which_nothing_is_missing_says_what_is_late(
    session: Session, now: datetime, client_as: Callable[..., Any], make: Any
) -> None:
    visit = make.visit(process_key="courtesy-call", stage="opened", arrival=now.date(), nights=0,
                       responsible_id=make.account(Role.COORDINATOR).id,
                       substitute_id=make.account(Role.COORDINATOR).id)
    sync_deadlines(session, now, [visit.id])
    commit(session)
    advance_frozen(timedelta(days=10))
    page = client_as(Role.MANAGER).get(f"/visits/{visit.id}").get_data(as_text=True)
    shown = page.partition('id="next"')[2].partition("</section>")[0]
    assert "требует внимания" in shown
    assert '<a href="#due">просрочено 1 дело</a>' in shown
    assert "Всё готово" not in shown
