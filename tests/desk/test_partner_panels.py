"""A partner's page: last contact, history of visits, promises; each as the reader may see it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import unit_of_work
from workflow.desk import partner_panels
from workflow.outcomes.service import OutcomeData, add_outcome


def test_card_tells_history_last_contact_and_promises(
    client_as: Callable[..., Any], make: Any, session: Session
) -> None:
    partner, other = make.partner(name_ru="Омск", country="RU"), make.partner(name_ru="Тула", country="RU")
    today = clock.now().date()
    past = make.visit(partner_id=partner.id, arrival=today - timedelta(days=40), title_ru="Прошлый визит")
    make.visit(partner_id=partner.id, arrival=today + timedelta(days=20), title_ru="Будущий визит")
    make.visit(partner_id=other.id, arrival=today - timedelta(days=3), title_ru="Чужой визит")
    with unit_of_work(session):
        add_outcome(session, SYSTEM, clock.now(), past.id, OutcomeData(kind="promise", what="Выслать каталог"))
        past.dates_text = "2027-02"
    url = f"/partners/{partner.id}"
    session.rollback()
    page = client_as(Role.COORDINATOR).get(url).text.replace("\xa0", " ")
    history = page.rpartition("История визитов")[2]
    assert history.index("Будущий визит") < history.index("Прошлый визит")
    assert "февраль 2027" in page.rpartition("Последний контакт")[2].partition("История визитов")[0]
    assert "Выслать каталог" in page
    assert '<th scope="col">Срок</th>' in page.rpartition("Обещания")[2]
    assert "Чужой визит" not in page


def test_history_longer_than_a_page_leads_to_the_whole_list(
    client_as: Callable[..., Any], make: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partner_panels, "SHOWN", 2)
    partner = make.partner(name_ru="Омск", country="RU")
    for number in range(2):
        make.visit(partner_id=partner.id, arrival=clock.now().date() - timedelta(days=number),
                   title_ru=f"Визит {number}")
    url, browser = f"/partners/{partner.id}", client_as(Role.COORDINATOR)
    session.rollback()
    page = browser.get(url).text
    assert "Все визиты с этим партнёром" not in page
    assert 'История визитов <span class="count">2</span>' in page
    make.visit(partner_id=partner.id, arrival=clock.now().date() - timedelta(days=9), title_ru="Давний визит")
    session.rollback()
    page = browser.get(url).text
    history = page.rpartition("История визитов")[2]
    assert ("Визит 1" in history, "Давний визит" in history) == (True, False)
    assert 'История визитов <span class="count">' not in page, "two is not the number of visits"
    whole = re.search(r'<a href="([^"]+)">Все визиты с этим партнёром</a>', page)
    assert whole is not None
    assert "Давний визит" in browser.get(unescape(whole[1])).text


def test_partner_without_visits_says_so(client_as: Callable[..., Any], make: Any, session: Session) -> None:
    url = f"/partners/{make.partner().id}"
    session.rollback()
    page = client_as(Role.MANAGER).get(url).text
    assert "Визитов с этим партнёром ещё не было" in page
    assert "Договорённостей пока нет" in page
