"""Links that set a password: invitations and resets, by mail."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.accounts.models import Account, PasswordToken
from workflow.accounts.rules import FIRST_PASSWORD_VALID, RESET_VALID, RESETS_PER_ACCOUNT
from workflow.base import clock
from workflow.base.actor import Role
from workflow.mail.models import Mail

NEW = "river stone lamp seven"


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost(/password/\S+)", body.get_content())
    assert found is not None
    return found.group(1)


def test_administrator_makes_an_account_and_its_owner_sets_the_password(
    client_as: Callable[..., Any], client: Any, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    made = admin.post(
        "/admin/accounts/new",
        {
            "name_ru": "Ли Анна Викторовна",
            "name_en": "Anna Lee",
            "email": "Lee@City.Example",
            "locale": "en",
            "roles": ["translator", "coordinator"],
            "zone": "Europe/Moscow",
            "digest_hour": "8",
        },
    )
    assert made.status_code == 303
    run_jobs()
    (mail,) = outbox()
    assert mail["To"].addresses[0].addr_spec == "lee@city.example"
    assert mail["Subject"] == "Your account in Delegations"
    assert client.post("/sign-in", {"email": "lee@city.example", "password": ""}).status_code == 422
    link = link_in(mail)
    assert "lee@city.example" in client.get(link).text
    differ = client.post(link, {"password": NEW, "again": "other words here now"})
    assert differ.status_code == 422
    assert "The two passwords differ" in differ.text or "Пароли различаются" in differ.text
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 303
    assert client.get(link).status_code == 410
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 410
    assert client.post("/sign-in", {"email": "lee@city.example", "password": NEW}).status_code == 303
    assert "Anna Lee" in client.get("/me").text


def test_administrator_without_a_mail_server_is_told_where_the_link_lies(
    app: Flask, client_as: Callable[..., Any], make: Any
) -> None:
    admin, person = client_as(Role.ADMINISTRATOR), make.account(Role.COORDINATOR)
    settings = app.config["DELEGATIONS"]
    told = admin.get(admin.post(f"/admin/accounts/{person.id}/invite").location).text
    assert (settings.smtp_host, str(settings.mail_dir) in told) == (None, True)
    assert str(settings.mail_dir) in admin.get("/admin").text
    app.config["DELEGATIONS"] = replace(settings, smtp_host="mail.city.example")
    told = admin.get(admin.post(f"/admin/accounts/{person.id}/invite").location).text
    assert str(settings.mail_dir) not in told
    assert "mail.city.example" in admin.get("/admin").text


def test_forgotten_password_gets_the_same_answer_known_or_not(
    client: Any, make: Any, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]], session: Session
) -> None:
    account = make.account(Role.MANAGER)
    known, unknown = (client.post("/forgot", {"email": email}) for email in (account.email, "nobody@city.example"))
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location) == (303, "/sign-in")
    run_jobs()
    (mail,) = outbox()
    assert mail["To"].addresses[0].addr_spec == account.email
    assert mail["Subject"] == "Новый пароль для системы «Делегации»"


def test_reset_ends_every_session_and_every_other_link(
    client_as: Callable[..., Any], client: Any, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    browser = client_as(Role.MANAGER)
    email = browser.account.email
    for _ in range(2):
        client.post("/forgot", {"email": email})
    run_jobs()
    first, second = (link_in(mail) for mail in outbox())
    assert client.post(second, {"password": NEW, "again": NEW}).status_code == 303
    assert client.get(first).status_code == 410
    assert browser.get("/me").location == "/sign-in?next=/me"
    assert client.post("/sign-in", {"email": email, "password": "correct horse battery"}).status_code == 422
    assert client.post("/sign-in", {"email": email, "password": NEW}).status_code == 303


def test_link_runs_out(
    client: Any, make: Any, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    client.post("/forgot", {"email": make.account(Role.MANAGER).email})
    run_jobs()
    link = link_in(outbox()[0])
    clock.advance_frozen(RESET_VALID - timedelta(seconds=1))
    assert client.get(link).status_code == 200
    clock.advance_frozen(timedelta(seconds=1))
    assert client.get(link).status_code == 410
    assert RESET_VALID < FIRST_PASSWORD_VALID


def test_only_so_many_resets_an_hour_for_one_address_known_or_not(client: Any, make: Any, session: Session) -> None:
    email = make.account(Role.MANAGER).email
    for asked in (email, "nobody@city.example"):
        answers = [client.post("/forgot", {"email": asked}).status_code for _ in range(RESETS_PER_ACCOUNT + 1)]
        assert answers == [303] * RESETS_PER_ACCOUNT + [429]
    assert session.scalar(select(func.count()).select_from(Mail)) == RESETS_PER_ACCOUNT


def test_secret_of_a_link_is_nowhere_in_the_clear(
    client: Any, make: Any, session: Session, run_jobs: Any, outbox: Any
) -> None:
    client.post("/forgot", {"email": make.account(Role.MANAGER).email})
    run_jobs()
    secret = link_in(outbox()[0]).rsplit("/", 1)[1]
    assert session.scalars(select(PasswordToken)).one().token_hash != secret
    raw = session.connection().exec_driver_sql("SELECT text, subject FROM mail").one()
    assert all(secret.encode() not in bytes(value) for value in raw)
    jobs = session.connection().exec_driver_sql("SELECT payload FROM job").scalars().all()
    assert all(secret not in payload for payload in jobs)


def test_person_changes_own_password_knowing_the_present_one(client_as: Callable[..., Any], client: Any) -> None:
    browser = client_as(Role.MANAGER)
    email = browser.account.email
    wrong = browser.post("/me/password", {"current": "not this one", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    right = browser.post("/me/password", {"current": "correct horse battery", "password": NEW, "again": NEW})
    assert right.status_code == 303
    assert browser.get("/me").status_code == 200
    assert client.post("/sign-in", {"email": email, "password": NEW}).status_code == 303


def test_administrator_edits_closes_and_opens_an_account(
    client_as: Callable[..., Any], make: Any, session: Session
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    account_id = make.account(Role.COORDINATOR).id
    url = f"/admin/accounts/{account_id}"
    fields = {
        "name_ru": "Новое Имя",
        "email": "new@city.example",
        "roles": ["manager"],
        "locale": "ru",
        "zone": "Asia/Omsk",
        "digest_hour": "9",
        "version": "1",
    }
    assert admin.post(url, fields).status_code == 303
    stale = admin.post(url, {**fields, "name_ru": "Третье Имя"})
    assert stale.status_code == 409
    assert "Новое Имя" in stale.text
    assert admin.post(f"{url}/close").status_code == 303
    assert "Закрыта" in admin.get("/admin/accounts").text or "Закрыто" in admin.get("/admin/accounts").text
    assert admin.post(f"{url}/open").status_code == 303
    own = admin.post(f"/admin/accounts/{admin.account.id}/close")
    assert own.status_code == 409
    row = session.get(Account, account_id)
    assert row is not None
    assert (row.email, row.roles, row.active) == ("new@city.example", {Role.MANAGER}, True)


def test_coordinator_finds_no_administration(client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    for url in ("/admin/accounts", "/admin/accounts/new", "/admin/accounts/1", "/admin/office"):
        assert browser.get(url).status_code == 403
    assert browser.post("/admin/accounts/new", {"name_ru": "Я", "email": "x@city.example"}).status_code == 403
