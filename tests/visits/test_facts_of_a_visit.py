"""A visit's own facts: what cannot be is refused beside its field, by page and by API alike."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base.actor import Role
from workflow.visits.models import Visit

FACTS = {"title_ru": "Делегация Кадыкёя", "country": "TR", "zone": "Europe/Moscow", "visa_purpose": "official"}


@pytest.mark.parametrize(("field", "value"), [
    ("country", "XX"), ("zone", "Mars/Olympus"), ("zone", ""), ("visa_purpose", "tourism"),
])
def test_value_that_is_not_offered_is_refused_beside_its_field(
    client_as: Callable[..., Client], session: Session, make: Make, field: str, value: str
) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    before = (visit.country, visit.zone, visit.visa_purpose)
    answer = clerk.post(f"/visits/{visit.id}/edit", FACTS | {field: value, "version": visit.lock_version})
    if value:
        assert answer.status_code == 422
        assert f'id="f-{field}-error"' in answer.get_data(as_text=True)
    session.expire_all()
    found = session.get_one(Visit, visit.id)
    assert (found.country, found.zone, found.visa_purpose) == before
    assert clerk.get(f"/visits/{visit.id}/programme").status_code == 200
