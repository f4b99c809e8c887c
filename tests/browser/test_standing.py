"""Putting a visit off and taking it up again, by the buttons that people see."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.process.opening import enter_visit
from workflow.visits.rules import Direction
from workflow.visits.service import VisitData

OF_A_VISIT = re.compile(r"/visits/\d+$")


def test_visit_is_postponed_taken_up_and_cancelled(
    desk_of: Callable[..., Any], make: Any, session: Session
) -> None:
    window = desk_of(Role.MANAGER)
    visit = enter_visit(session, SYSTEM, clock.now(), VisitData(
        title_ru="Делегация Кадыкёя", direction=Direction.INCOMING, country="TR", place="Ставрополь",
        responsible_id=make.account(Role.COORDINATOR).id), "incoming")
    commit(session)
    page = window.go(f"/visits/{visit.id}")
    page.get_by_role("link", name="Отложить визит").click()
    page.fill("#f-reason", "Просят перенести")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(OF_A_VISIT)
    assert "Отложено" in page.locator(".visit-line").inner_text()
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
