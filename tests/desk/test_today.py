"""Today, as each role sees it."""

from collections.abc import Callable
from typing import Any

import pytest

from workflow.base.actor import Role


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
