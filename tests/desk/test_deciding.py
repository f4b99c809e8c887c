"""The desks with a visit on its way: what is red and why, and what a manager decides right there."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.papers.models import Paper
from workflow.papers.service import draft_paper, submit_paper
from workflow.process.opening import enter_visit
from workflow.process.service import change_dates
from workflow.visits.models import Visit, VisitRequest
from workflow.visits.requesting import register_request
from workflow.visits.rules import Dates, Direction, RequestSource
from workflow.visits.service import VisitData

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def visit_in(make: Any, session: Any) -> Callable[..., Visit]:
    """Enter a visit in the first stage of the department's real process."""

    def enter(title: str, arrival: date, responsible: Any, *, country: str = "TR") -> Visit:
        made = enter_visit(
            session, SYSTEM, clock.now(),
            VisitData(title_ru=title, direction=Direction.INCOMING, country=country, place="Ставрополь",
                      dates=Dates(arrival, arrival + timedelta(days=2)), responsible_id=responsible.id),
            "incoming")
        commit(session)
        return made

    return enter


def section(page: Any, name: str) -> str:
    """Give the text of one card of a page."""
    text = page.get_data(as_text=True)
    return text.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_visit_of_tomorrow_with_things_missing_is_blocked_with_links(
    client_as: Callable[..., Any], make: Any, visit_in: Callable[..., Visit]
) -> None:
    me = make.account(Role.COORDINATOR)
    soon = visit_in("Завтрашние гости", date(2027, 3, 16), me)
    visit_in("Гости через год", date(2028, 3, 14), me)
    blocked = section(client_as(account=me).get("/"), "blocked")
    assert "Завтрашние гости" in blocked
    assert "Гости через год" not in blocked
    assert blocked.count("<li>") >= 2
    assert f'href="/visits/{soon.id}' in blocked.partition("reasons")[2]


def test_mine_and_all_differ_by_whose_visit_it_is(
    client_as: Callable[..., Any], make: Any, visit_in: Callable[..., Visit]
) -> None:
    me, other = make.account(Role.COORDINATOR), make.account(Role.COORDINATOR)
    visit_in("Мои гости", date(2027, 3, 16), me)
    visit_in("Чужие гости", date(2027, 3, 16), other)
    browser = client_as(account=me)
    mine, everybody = browser.get("/"), browser.get("/?whose=all")
    assert "Мои гости" in section(mine, "this-week")
    assert "Чужие гости" not in mine.get_data(as_text=True)
    assert "Чужие гости" in section(everybody, "this-week")


def test_manager_accepts_a_request_on_the_desk(
    client_as: Callable[..., Any], make: Any, session: Any
) -> None:
    officer = make.account(Role.COORDINATOR)
    asked = register_request(session, SYSTEM, clock.now(), {
        "title_ru": "Просят принять", "asking_body": "Kadıköy", "country": "TR", "direction": "incoming",
        "process_key": "incoming", "date_from": date(2027, 5, 12), "date_to": date(2027, 5, 14)},
        source=RequestSource.LETTER)
    commit(session)
    browser = client_as(Role.MANAGER)
    decide = section(browser.get("/"), "decide")
    assert "Просят принять" in decide
    assert f'action="/requests/{asked.id}/accept"' in decide
    answer = browser.post(f"/requests/{asked.id}/accept", {
        "process_key": "incoming", "title_ru": "Просят принять", "arrival": "2027-05-12", "departure": "2027-05-14",
        "visa_purpose": "official", "responsible_id": str(officer.id)})
    assert answer.status_code == 303
    opened = session.scalars(select(Visit)).one()
    assert answer.headers["Location"].endswith(f"/visits/{opened.id}")
    assert opened.responsible_id == officer.id
    session.rollback()
    assert "Просят принять" not in section(browser.get("/"), "decide")
    assert "Просят принять" in section(browser.get("/"), "stages")


def test_manager_declines_a_request_on_the_desk_with_a_reason(
    client_as: Callable[..., Any], make: Any, session: Any
) -> None:
    asked = register_request(session, SYSTEM, clock.now(), {
        "title_ru": "Просят принять", "asking_body": "Kadıköy", "direction": "incoming", "process_key": "incoming"},
        source=RequestSource.LETTER)
    commit(session)
    browser = client_as(Role.MANAGER)
    assert f'action="/requests/{asked.id}/decline"' in section(browser.get("/"), "decide")
    assert browser.post(f"/requests/{asked.id}/decline", {"text": "Нет дат"}).status_code == 303
    assert session.scalars(select(VisitRequest.state)).one() == "declined"


@pytest.fixture
def handed_in(make: Any, session: Any, visit_in: Callable[..., Visit]) -> Paper:
    """An order that its coordinator has handed in for approval."""
    officer = make.account(Role.COORDINATOR)
    visit = visit_in("Гости", date(2027, 5, 12), officer)
    actor = make.actor(Role.COORDINATOR, account=officer)
    paper = draft_paper(session, actor, clock.now(), visit.id, "order-receiving")
    submit_paper(session, actor, clock.now(), paper.id)
    commit(session)
    return paper


def test_paper_handed_in_is_approved_on_the_desk(
    client_as: Callable[..., Any], session: Any, handed_in: Paper
) -> None:
    paper = handed_in
    decide = section(client_as(Role.MANAGER).get("/"), "decide")
    assert paper.subject in decide
    assert f'action="/papers/{paper.id}/approve"' in decide
    assert session.scalars(select(Paper.state)).one() == "submitted"


def test_paper_whose_facts_changed_since_is_not_approved_unseen_from_the_desk(
    client_as: Callable[..., Any], session: Any, handed_in: Paper
) -> None:
    paper = handed_in
    change_dates(session, SYSTEM, clock.now(), paper.visit_id, dates=Dates(date(2027, 5, 19), date(2027, 5, 21)))
    commit(session)
    manager = client_as(Role.MANAGER)
    sent = {"version": paper.lock_version, "source": "later", "back": "desk"}
    answer = manager.post(f"/papers/{paper.id}/approve", sent)
    assert (answer.status_code, answer.location) == (303, f"/papers/{paper.id}#changes")
    shown = manager.get(f"/papers/{paper.id}").get_data(as_text=True)
    assert "Пока не утверждено: после составления текста изменились сведения." in shown
    assert 'id="changes"' in shown
    session.expire_all()
    assert session.scalars(select(Paper.state)).one() == "submitted"
