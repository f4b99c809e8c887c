"""The month and the week's sheet: what goes on, and nothing of visits that the reader may not see."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.visits.models import VisitAccess
from workflow.visits.rules import Standing


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", ["/calendar?month=2027-03", "/week?of=2027-03-17"])
def test_calendar_shows_visits_of_its_days_that_the_reader_may_see(
    client_as: Callable[..., Any], make: Make, session: Session, address: str
) -> None:
    browser = client_as(Role.COORDINATOR)
    day = date(2027, 3, 17)
    make.visit(title_ru="Открытый визит", arrival=day)
    hidden = make.visit(title_ru="Скрытый визит", arrival=day)
    off = make.visit(title_ru="Отменённый визит", arrival=day)
    make.visit(title_ru="Летний визит", arrival=day.replace(month=7))
    off.standing = Standing.CANCELLED
    session.execute(update(VisitAccess).where(VisitAccess.visit_id == hidden.id).values(ended_at=clock.now()))
    commit(session)
    page = browser.get(address).get_data(as_text=True)
    named = ("Открытый визит", "Скрытый визит", "Отменённый визит", "Летний визит")
    assert [title for title in named if title in page] == ["Открытый визит"]
