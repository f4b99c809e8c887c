"""What a coordinator decides about a guest's words stands in the history as that, not as something the guest did."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.guests.test_personal_links import OTHERS, House, text_of
from workflow.base.actor import Role
from workflow.guests.models import GuestProposal


@pytest.fixture
def house(make: Any, session: Session, app: Flask) -> House:
    return House(make, session, app)


def test_passport_that_waited_is_typed_by_the_guest_and_decided_by_staff(
    house: House, client_as: Callable[..., Client]
) -> None:
    house.entered(house.member).post("/guest/passport", {"country": "CN", "number": OTHERS, "type": "ordinary"})
    waiting = house.session.scalars(select(GuestProposal)).one()
    house.session.rollback()
    desk = client_as(Role.MANAGER)
    assert desk.post(f"/guest-proposals/{waiting.id}/refuse").status_code == 303
    page = text_of(desk.get(f"/visits/{house.visit.id}/history"))
    assert page.count("Паспорт введён на личной странице") == 1
    assert page.count("Решено о паспорте, который ждал проверки") == 1
