"""Signing in as a person does it, and what guards it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from workflow.accounts import passwords, service, sessions
from workflow.accounts.models import Account, AccountSession, ApiToken
from workflow.accounts.rules import SESSION_IDLE, TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, TRIES_WINDOW
from workflow.base import clock
from workflow.base.actor import SYSTEM, Permission, Role
from workflow.base.errors import Invalid
from workflow.base.limits import RateLimit
from workflow.base.unit_of_work import commit, unit_of_work

GOOD = "correct horse battery"


def sign_in(client: Any, email: str, password: str = GOOD, **more: str) -> Any:
    return client.post("/sign-in", {"email": email, "password": password, **more})


def test_person_signs_in_goes_on_and_signs_out(client: Any, make: Any) -> None:
    account = make.account(Role.COORDINATOR)
    assert client.get("/me").location == "/sign-in?next=/me"
    answer = sign_in(client, f" {account.email.upper()} ", next="/me")
    assert (answer.status_code, answer.location) == (303, "/me")
    page = client.get("/me")
    assert page.status_code == 200
    assert account.email in page.text
    assert client.post("/sign-out").status_code == 303
    assert client.get("/me").location == "/sign-in?next=/me"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_never_leads_to_another_site(client: Any, make: Any, onward: str) -> None:
    account = make.account(Role.COORDINATOR)
    assert sign_in(client, account.email, next=onward).location == "/"


def test_unknown_address_and_wrong_password_get_the_same_answer(app: Flask, make: Any, client: Any) -> None:
    account = make.account(Role.COORDINATOR)
    answers = [
        sign_in(client, account.email, "wrong wrong wrong"),
        sign_in(client, "nobody@city.example"),
        sign_in(client, account.email, "wrong\udc80".encode("utf-8", "replace").decode()),
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    texts = [answer.text.replace(account.email, "@").replace("nobody@city.example", "@") for answer in answers]
    assert (
        len({text.count("The e-mail address or the password is wrong.") + text.count("неверны") for text in texts}) == 1
    )


def test_unknown_address_costs_a_hash_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = passwords._hashers[0]
    verified: list[str] = []

    class Counting:
        def hash(self, password: str) -> str:
            return hasher.hash(password)

        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return hasher.verify(kept, password)

    monkeypatch.setattr(passwords, "_hashers", [Counting()])
    for kept in (None, (1, hasher.hash(GOOD))):
        with pytest.raises(Invalid):
            sessions.find_by_password(kept, "wrong")
    assert len(verified) == 2
    with pytest.raises(Invalid):  # what the hash of nobody was made of opens nothing
        sessions.find_by_password(None, "nobody has this password")


def test_account_is_shut_after_too_many_attempts_even_for_the_right_password(
    client: Any, make: Any, session: Session
) -> None:
    email = make.account(Role.COORDINATOR).email
    for _ in range(TRIES_PER_ACCOUNT):
        assert sign_in(client, email, "wrong wrong wrong").status_code == 422
    refused = sign_in(client, email)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == TRIES_WINDOW.total_seconds()
    counted = session.scalars(select(RateLimit.count).order_by(RateLimit.count)).all()
    assert counted == [TRIES_PER_ACCOUNT, TRIES_PER_ACCOUNT + 1]
    session.rollback()
    clock.advance_frozen(TRIES_WINDOW)
    assert sign_in(client, email).status_code == 303


def test_address_is_shut_after_too_many_attempts_on_many_accounts(client: Any, make: Any, session: Session) -> None:
    account = make.account(Role.COORDINATOR)
    for number in range(TRIES_PER_ADDRESS):
        assert sign_in(client, f"guess{number}@city.example").status_code == 422
    assert sign_in(client, account.email).status_code == 429


def test_whole_office_behind_one_address_signs_in_in_one_morning(app: Flask, make: Any) -> None:
    people = [make.account(Role.COORDINATOR).email for _ in range(TRIES_PER_ADDRESS + 2)]
    assert [sign_in(Client(app), email).status_code for email in people] == [303] * len(people)


def test_own_account_does_not_buy_more_guesses_at_others(app: Flask, client: Any, make: Any) -> None:
    own, answers = make.account(Role.TRANSLATOR).email, []
    for number in range(TRIES_PER_ADDRESS + 1):
        answers.append(sign_in(client, f"guess{number}@city.example").status_code)
        if number < TRIES_PER_ADDRESS - 1:
            assert sign_in(Client(app), own).status_code == 303
    assert answers == [422] * TRIES_PER_ADDRESS + [429]


def test_good_sign_in_forgives_the_account_earlier_mistakes(client: Any, make: Any) -> None:
    account = make.account(Role.COORDINATOR)
    for _ in range(2):
        for _ in range(TRIES_PER_ACCOUNT - 1):
            sign_in(client, account.email, "wrong wrong wrong")
        assert sign_in(client, account.email).status_code == 303


def test_sign_in_without_the_limit_table_is_refused(client: Any, make: Any, session: Session, app: Flask) -> None:
    account = make.account(Role.COORDINATOR)
    with unit_of_work(session):
        session.connection().exec_driver_sql("DROP TABLE rate_limit")
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert sign_in(client, account.email).status_code == 500
    assert session.scalar(select(func.count()).select_from(AccountSession)) == 0


def test_session_secret_is_not_in_the_database_and_old_sessions_end(session: Session, make: Any) -> None:
    account = make.account(Role.COORDINATOR)
    opened = sessions.open_session(session, clock.now(), account.id, password=GOOD)
    commit(session)
    row = session.scalars(select(AccountSession)).one()
    assert opened.token not in (row.token_hash, row.browser)
    assert sessions.load_actor(session, clock.now(), session_token=opened.token) is not None
    assert sessions.load_actor(session, clock.now() + SESSION_IDLE, session_token=opened.token) is None
    assert sessions.load_actor(session, clock.now(), session_token=row.token_hash) is None


def test_used_session_stays_alive_but_not_for_ever(session: Session, make: Any) -> None:
    account = make.account(Role.COORDINATOR)
    moment = clock.now()
    opened = sessions.open_session(session, moment, account.id, password=GOOD)
    for _ in range(9):
        moment += timedelta(days=3)
        assert sessions.load_actor(session, moment, session_token=opened.token) is not None
        sessions.touch(session, moment, session_token=opened.token, api_token=None)
    moment += timedelta(days=3)
    assert sessions.load_actor(session, moment, session_token=opened.token) is None


def test_closed_account_is_signed_out_at_its_next_request(
    client_as: Callable[..., Any], make: Any, session: Session
) -> None:
    browser = client_as(Role.COORDINATOR)
    assert browser.get("/me").status_code == 200
    with unit_of_work(session):
        service.deactivate(session, SYSTEM, clock.now(), browser.account.id)
    assert browser.get("/me").location == "/sign-in?next=/me"


def test_zone_and_language_of_the_first_administrator_are_proposed_after(client: Any, session: Session) -> None:
    client.post("/language/en", {"back": "/first-administrator"})
    assert 'value="Asia/Omsk"' in client.get("/first-administrator").text
    client.post("/first-administrator", {"name_ru": "Иванова Мария", "email": "m@city.example", "password": GOOD,
                                         "again": GOOD, "zone": "Asia/Omsk"})
    assert session.scalars(select(Account.zone)).all() == ["Asia/Omsk"]
    chosen = re.compile(r'<option value="([^"]+)" selected')
    assert chosen.findall(client.get("/admin/accounts/new").text) == ["en", "Asia/Omsk"]
    assert "Asia/Omsk" in chosen.findall(client.get("/admin/office").text)


def test_empty_installation_asks_for_its_first_administrator(client: Any, app: Flask) -> None:
    assert client.get("/sign-in").location == "/first-administrator"
    answer = client.post(
        "/first-administrator", {"name_ru": "Иванова Мария", "email": "m@city.example", "password": GOOD, "again": GOOD}
    )
    assert (answer.status_code, answer.location) == (303, "/admin/office")
    assert client.get("/admin/accounts").status_code == 200
    assert client.get("/first-administrator").location == "/sign-in"
    again = client.post(
        "/first-administrator", {"name_ru": "Другой", "email": "x@city.example", "password": GOOD, "again": GOOD}
    )
    assert again.status_code == 409


def test_api_token_acts_within_its_scope_and_until_it_ends(session: Session, make: Any) -> None:
    account = make.account(Role.MANAGER)
    actor = make.actor(Role.MANAGER, account=account)
    row, secret = sessions.issue_api_token(
        session, actor, clock.now(), name="Отчёты", scope=["visits:read", "reports:read"], days=30
    )
    commit(session)
    acting = sessions.load_actor(session, clock.now(), api_token=secret)
    assert acting is not None
    assert acting.permissions == {Permission.SIGNED_IN, Permission.VISITS_READ, Permission.REPORTS_READ}
    assert secret not in (row.token_hash, row.shown)
    assert sessions.load_actor(session, clock.now() + timedelta(days=30), api_token=secret) is None
    with pytest.raises(Exception, match=r"base\.forbidden"):
        sessions.issue_api_token(session, acting, clock.now(), name="Ещё", scope=["visits:read"], days=30)
    with unit_of_work(session):
        service.change_roles(session, SYSTEM, clock.now(), account.id, [Role.TRANSLATOR])
    acting = sessions.load_actor(session, clock.now(), api_token=secret)
    assert acting is not None
    assert acting.permissions == {Permission.SIGNED_IN}


@pytest.mark.parametrize(("values", "field", "code"), [
    ({"scope": ["accounts:edit"]}, "scope", "accounts.scope-too-wide"), ({"scope": []}, "scope", "accounts.no-scope"),
    ({"scope": ["fly"]}, "scope", "base.not-a-choice"), ({"days": 0}, "days", "base.out-of-range"),
    ({"days": 10**9}, "days", "base.out-of-range"), ({"name": " "}, "name", "base.required"),
])  # fmt: skip
def test_api_token_with_a_wrong_value_is_refused(
    session: Session, make: Any, values: dict[str, Any], field: str, code: str
) -> None:
    actor = make.actor(Role.MANAGER)
    given = {"name": "Отчёты", "scope": ["visits:read"], "days": 30} | values
    with pytest.raises(Invalid) as refused:
        sessions.issue_api_token(session, actor, clock.now(), **given)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_one_cannot_end_anothers_session_or_token(client_as: Callable[..., Any], make: Any, session: Session) -> None:
    victim = make.account(Role.MANAGER)
    opened = sessions.open_session(session, clock.now(), victim.id, password=GOOD)
    token, secret = sessions.issue_api_token(
        session, make.actor(Role.MANAGER, account=victim), clock.now(), name="x", scope=["visits:read"], days=3
    )
    commit(session)
    row = session.scalars(select(AccountSession)).one()
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/me/sessions/{row.id}/end").status_code == 404
    assert browser.post(f"/me/tokens/{token.id}/revoke").status_code == 404
    assert sessions.load_actor(session, clock.now(), session_token=opened.token) is not None
    assert sessions.load_actor(session, clock.now(), api_token=secret) is not None


def test_own_page_issues_a_token_once_and_revokes_it(client_as: Callable[..., Any], session: Session) -> None:
    browser = client_as(Role.MANAGER)
    shown = browser.post("/me/tokens", {"name": "Отчёты", "days": "30", "scope": ["visits:read"]})
    assert shown.status_code == 200
    token_id, beginning = session.execute(select(ApiToken.id, ApiToken.shown)).one()
    session.rollback()
    assert f"<code>{beginning}" in shown.text
    secret = shown.text.split("<code>dlg_")[1].split("</code>")[0]
    assert secret not in browser.get("/me").text
    assert sessions.load_actor(session, clock.now(), api_token=f"dlg_{secret}") is not None
    session.rollback()
    assert browser.post(f"/me/tokens/{token_id}/revoke").status_code == 303
    assert sessions.load_actor(session, clock.now(), api_token=f"dlg_{secret}") is None


def test_settings_are_kept_and_change_the_language(client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.TRANSLATOR)
    assert "Где я вошёл" in browser.get("/me").text
    saved = browser.post("/me", {"locale": "en", "zone": "Asia/Omsk", "digest_hour": "7", "version": "1"})
    assert saved.status_code == 303
    page = browser.get("/me").text
    assert "Where I am signed in" in page
    wrong = browser.post("/me", {"locale": "fr", "zone": "Asia/Omsk", "digest_hour": "25"})
    assert wrong.status_code == 422


def test_password_changed_between_judging_and_opening_opens_nothing(session: Session, make: Any) -> None:
    account = make.account(Role.COORDINATOR)
    kept = sessions.kept_hash(session, account.email)
    assert kept is not None
    account_id = sessions.find_by_password(kept, GOOD)
    with unit_of_work(session):
        account.password_hash = passwords.hash_password("river stone lamp seven")
    with pytest.raises(Invalid):
        sessions.open_session(session, clock.now(), account_id, password=GOOD, judged=kept[1])
    assert session.scalar(select(func.count()).select_from(AccountSession)) == 0
