"""A visit's own facts: what cannot be is refused beside its field, by page and by API alike."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.visits.facts import visit_facts
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


def told(session: Session, visit: Visit) -> dict[str, Any]:
    return visit_facts(session, FactScope(visit_id=visit.id, language="*", now=clock.now()))


@pytest.mark.parametrize(
    ("typed", "twin", "russian", "english"),
    [
        ("to discuss schools", "", "", "to discuss schools"),
        ("to discuss schools", "to talk of schools", "", "to talk of schools"),
        ("обсуждение школ", "to discuss schools", "обсуждение школ", "to discuss schools"),
        ("выставка EXPO-2027", "the fair", "выставка EXPO-2027", "the fair"),
    ],
)
def test_english_words_in_the_russian_field_are_no_russian_text(
    session: Session, make: Make, typed: str, twin: str, russian: str, english: str
) -> None:
    visit = make.visit(purpose=typed)
    visit.purpose_en = twin
    assert told(session, visit)["purpose"] == {"ru": russian, "en": english}


def test_visit_entered_with_an_english_title_only_has_no_russian_one(session: Session, make: Make) -> None:
    visit = make.visit(title_ru="", title_en="Visit from Kadıköy", purpose="обсуждение школ", place="112")
    assert visit.title_ru == "Visit from Kadıköy"
    assert told(session, visit)["title"] == {"ru": "", "en": "Visit from Kadıköy"}
    assert told(session, visit)["purpose"] == "обсуждение школ"
    assert told(session, visit)["place"] == "112"
    russian = make.visit(title_ru="Делегация Кадыкёя", title_en="")
    assert told(session, russian)["title"] == {"ru": "Делегация Кадыкёя", "en": ""}


def test_form_names_zones_by_city_and_keeps_a_rare_one(make: Any, client_as: Any, session: Session) -> None:
    visit = make.visit(country="NZ")
    visit.zone = "Pacific/Auckland"
    commit(session)
    page = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/edit").get_data(as_text=True)
    assert re.findall(r'<option value="Pacific/Auckland"([^>]*)>([^<]*)<', page) == [(" selected", "Окленд")]
    assert re.findall(r'<option value="Asia/Shanghai"[^>]*>([^<]*)<', page) == ["Шанхай"]
