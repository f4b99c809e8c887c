"""Parts that pages share: a reason is said once, colleagues are named in the reader's language."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Role
from workflow.base.reasons import Reason, Where
from workflow.base.unit_of_work import commit

IMPORT = '{% import "macros/parts.html" as parts with context %}'


@pytest.fixture
def shown(app: Flask) -> Callable[..., str]:
    """Render a call of a macro as a Russian reader sees it."""

    def render(call: str, **values: Any) -> str:
        with app.test_request_context("/", headers={"Accept-Language": "ru"}):
            app.preprocess_request()
            return " ".join(render_template_string(IMPORT + call, **values).replace("\xa0", " ").split())

    return render


def test_reason_that_two_conditions_give_is_said_once(shown: Callable[..., str]) -> None:
    name = {"ru": "Дигма Николаос", "en": "NIKOLAOS DIGMA"}
    first, second = (Where("visas.case", {"visit_id": 1, "case_id": case}) for case in (1, 2))
    page = shown("{{ parts.reasons(found) }}", found=[
        Reason("visas.route-not-chosen", {"name": name}, first),
        Reason("visas.unsettled-to-choose", {"name": name}, first),
        Reason("visas.route-not-chosen", {"name": name}, second)])
    assert page.count("Дигма Николаос: порядок въезда ещё не выбран.") == 2, "once for each place"
    assert page.count('href="/visits/1/visas/1"') == 1


def test_history_names_colleagues_in_the_readers_language(
    client_as: Callable[..., Any], make: Make, session: Session
) -> None:
    clerk = client_as(Role.COORDINATOR)
    account = clerk.account
    visit = make.visit(responsible_id=account.id)
    commit(session)
    clerk.post(f"/visits/{visit.id}/edit", {"title_ru": "Иначе", "country": "TR", "version": "1"})
    assert account.name_ru in clerk.get(f"/visits/{visit.id}").get_data(as_text=True)
    clerk.post("/language/en", {"back": "/"})
    for page in (f"/visits/{visit.id}", f"/visits/{visit.id}/history"):
        lately = clerk.get(page).get_data(as_text=True).partition('id="content"')[2]
        assert "Facts corrected" in lately
        assert account.name_en in lately
        assert account.name_ru not in lately


def test_visit_is_read_in_english_as_far_as_it_is_written_in_it(client_as: Callable[..., Any], make: Make) -> None:
    visit = make.visit(place="Ставрополь", purpose="обмен опытом")
    clerk = client_as(Role.COORDINATOR)
    clerk.post("/language/en", {"back": "/"})
    first = clerk.get(f"/visits/{visit.id}").get_data(as_text=True)
    assert ("Ставрополь" in first, "обмен опытом" in first) == (True, True), "what has no English stands as it is"
    clerk.post(f"/visits/{visit.id}/edit", {
        "title_ru": "Визит", "place": "Ставрополь", "place_en": "Stavropol", "purpose": "обмен опытом",
        "purpose_en": "to share experience", "country": "TR", "version": "1"})
    shown = clerk.get(f"/visits/{visit.id}").get_data(as_text=True)
    assert ("Stavropol" in shown, "to share experience" in shown, "Ставрополь" in shown) == (True, True, False)
