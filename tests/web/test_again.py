"""A form sent too late is given back to be sent once more: nothing typed is lost, nobody else's is offered."""

import html
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.accounts.models import AccountSession
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.visits.models import VisitRequest

LETTER = {"title_ru": "Визит «Кадыкёя»", "asking_body": "Kadıköy\r\nBelediyesi", "direction": "incoming",
          "process_key": "incoming", "basis_kind": "request", "languages": ["tr", "en"]}
OURS = {"Sec-Fetch-Site": "same-origin"}


def given_back(answer: Any) -> dict[str, Any]:
    """Read the fields of the page that holds what was typed, as a browser would send them."""
    shown = answer.get_data(as_text=True).partition("<h1>")[2].partition("</main>")[0]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def end_sessions(session: Session) -> None:
    for row in session.scalars(select(AccountSession)):
        session.delete(row)
    commit(session)


def test_letter_typed_while_the_session_ended_is_sent_after_signing_in_again(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    account = make.account(Role.COORDINATOR)
    clerk = client_as(account=account)
    end_sessions(session)
    answer = clerk.post("/requests/new", LETTER, headers=OURS)
    shown = answer.get_data(as_text=True)
    assert (answer.status_code, "Вы вышли из системы." in shown) == (400, True)
    assert '<a href="/sign-in" target="_blank"' in shown
    assert session.scalars(select(VisitRequest)).all() == []
    session.rollback()
    clerk.post("/sign-in", {"email": account.email, "password": "correct horse battery"})
    again = clerk.raw.post("/requests/new", data=given_back(answer), headers=OURS)
    if again.status_code == 400:
        again = clerk.raw.post("/requests/new", data=given_back(again), headers=OURS)
    assert again.status_code == 303
    row = session.scalars(select(VisitRequest)).one()
    assert (row.title_ru, row.asking_body, row.languages) == (
        LETTER["title_ru"], LETTER["asking_body"], LETTER["languages"])


def test_form_that_stood_open_overnight_is_sent_with_one_more_click(
    client_as: Callable[..., Client], session: Session
) -> None:
    clerk = client_as(Role.COORDINATOR)
    late = {"data": {**LETTER, "csrf_token": "stale", "scan": (BytesIO(b"%PDF-1.7"), "письмо.pdf")}, "headers": OURS,
            "content_type": "multipart/form-data"}
    answer = clerk.raw.post("/requests/new", **late)
    shown = answer.get_data(as_text=True)
    assert "Страница была открыта слишком долго." in shown
    assert "выберите его ещё раз" in shown
    assert "/sign-in" not in shown
    once_more = clerk.raw.post("/requests/new", data=given_back(answer) | {"csrf_token": "stale"}, headers=OURS)
    assert "выберите его ещё раз" in once_more.get_data(as_text=True)
    assert clerk.raw.post("/requests/new", data=given_back(answer)).status_code == 303
    assert session.scalars(select(VisitRequest.title_ru)).all() == [LETTER["title_ru"]]


@pytest.mark.parametrize(("path", "sent", "headers"), [
    ("/requests/new", LETTER, {}),
    ("/requests/new", LETTER, {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}),
    ("/requests/new", LETTER, {"Origin": "null"}),
    ("/sign-in", {"email": "a@city.example", "password": "correct horse battery"}, OURS),
])
def test_words_of_a_strangers_page_and_passwords_are_not_given_back(
    client_as: Callable[..., Client], path: str, sent: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = client_as(Role.COORDINATOR).raw.post(path, data={**sent, "csrf_token": "stale"}, headers=headers)
    assert answer.status_code == 400
    assert given_back(answer) == {}
    assert "correct horse" not in answer.get_data(as_text=True)


def test_our_own_origin_is_enough_where_a_browser_tells_no_more(client_as: Callable[..., Client]) -> None:
    answer = client_as(Role.COORDINATOR).raw.post("/requests/new", data={**LETTER, "csrf_token": "stale"},
                                                  headers={"Origin": "http://localhost"})
    assert given_back(answer)["title_ru"] == [LETTER["title_ru"]]
