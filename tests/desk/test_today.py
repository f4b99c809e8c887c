"""Today, as each role sees it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit


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
