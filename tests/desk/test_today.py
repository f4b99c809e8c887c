"""Today, as each role sees it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit, unit_of_work
from workflow.outcomes.service import OutcomeData, add_outcome


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("role", list(Role))
def test_today_with_empty_office_shows_each_role_its_desk(client_as: Callable[..., Any], role: Role) -> None:
    page = client_as(role).get("/")
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    for heading, roles in {
        "Ожидает моего решения": {Role.MANAGER}, "Просрочено": {Role.COORDINATOR, Role.MANAGER},
        "Можно взять": {Role.TRANSLATOR}, "Работа системы": {Role.ADMINISTRATOR},
    }.items():
        assert (f">{heading}" in text) == (role in roles), heading


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(("due", "said"), [
    (date(2027, 3, 18), "чт, 18 мар. просрочено на 1 рабочий день"), (date(2027, 3, 19), "пт, 19 мар. срок прошёл"),
    (date(2027, 3, 21), "вс, 21 мар. сегодня"), (date(2027, 3, 22), "пн, 22 мар. через 1 рабочий день")])
def test_on_a_sunday_fridays_due_day_has_passed_and_is_not_today(
    client_as: Callable[..., Any], make: Make, session: Session, now: datetime, due: date, said: str
) -> None:
    browser = client_as(Role.COORDINATOR)
    with unit_of_work(session):
        visit = make.visit(responsible_id=browser.account.id, arrival=date(2027, 3, 10))
        add_outcome(session, SYSTEM, now, visit.id, OutcomeData(kind="promise", what="Выслать каталог", due_on=due))
    clock.advance_frozen(timedelta(days=6))
    page = browser.get(f"/visits/{visit.id}").get_data(as_text=True)
    assert said in " ".join(re.sub("<[^>]*>", " ", page).replace("\u00a0", " ").split())


@pytest.mark.usefixtures("published")
def test_healthy_visit_stands_on_its_coordinators_desk_from_the_first_day(
    client_as: Callable[..., Any], make: Make, session: Session
) -> None:
    browser = client_as(Role.COORDINATOR)
    make.visit(title_ru="Делегация Омска", responsible_id=browser.account.id, arrival=date(2031, 5, 12))
    make.visit(title_ru="Чужой визит", arrival=date(2031, 5, 13))
    commit(session)
    coming = browser.get("/").get_data(as_text=True).split('id="coming"')[1]
    assert "Делегация Омска" in coming
    assert "Чужой визит" not in coming
