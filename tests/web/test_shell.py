"""The shell: headers, forged requests, languages, error pages with a request id, health."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, abort, request
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.errors import DomainError
from workflow.base.jobs import enqueue
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.web.database import db
from workflow.web.shell import CSP


def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for url in ("/sign-in", "/nothing-here", "/healthz"):
        headers = client.get(url).headers
        assert headers["Content-Security-Policy"] == CSP
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])


def test_csp_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in CSP
    assert "http" not in CSP
    assert CSP.startswith("default-src 'none'")


def test_every_icon_that_a_page_names_is_in_the_sprite(app: Flask) -> None:
    sprite = Path(str(app.static_folder), "vendor/icons/sprite.svg").read_text(encoding="utf-8")
    pages = Path(str(app.root_path), str(app.template_folder)).rglob("*.html")
    named = {name for page in pages for name in re.findall(r'\bicon\("([\w-]+)"', page.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert named - set(re.findall(r'id="([\w-]+)"', sprite)) == set()


def test_post_without_token_is_refused_and_changes_nothing(client_as: Callable[..., Client]) -> None:
    clerk = client_as(Role.COORDINATOR)
    answer = clerk.raw.post("/requests/new", data={"title_ru": "x"})
    assert answer.status_code == 400
    assert "request_id" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


@pytest.mark.parametrize(("accept", "title"), [("ru", "Не найдено"), ("en", "Not found"), ("fr", "Not found")])
def test_error_page_speaks_the_readers_language(client: Client, accept: str, title: str) -> None:
    page = client.get("/nothing-here", headers={"Accept-Language": accept})
    assert page.status_code == 404
    assert f"<h1>{title}</h1>" in page.get_data(as_text=True)
    assert page.headers["X-Request-Id"] in page.get_data(as_text=True)


@pytest.mark.parametrize(("status", "russian", "english"), [
    (400, "Запрос не удалось прочитать", "The request could not be read"),
    (403, "Вам это недоступно", "This is not open to you"), (404, "Не найдено", "Not found"),
    (409, "Сейчас это сделать нельзя", "This cannot be done now"), (413, "Слишком большой объём", "Too large"),
    (429, "Слишком много попыток", "Too many attempts"),
    (500, "Ошибка на нашей стороне", "Something went wrong on our side"),
    (503, "Сейчас недоступно", "Not available for a moment"),
])
def test_each_error_has_its_page_in_both_languages_with_the_number_of_the_request(
    fresh_app: Flask, status: int, russian: str, english: str
) -> None:
    fresh_app.testing = False
    fresh_app.add_url_rule("/fails", view_func=lambda: abort(status))
    for language, title in (("ru", russian), ("en", english)):
        page = fresh_app.test_client().get("/fails", headers={"Accept-Language": language})
        shown = page.get_data(as_text=True)
        assert page.status_code == status
        assert (f'<html lang="{language}">' in shown, f"<h1>{title}</h1>" in shown) == (True, True)
        assert page.headers["X-Request-Id"] in shown


def test_stranger_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/requests?state=all")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/requests?state%3Dall"


def test_language_switch_never_leads_to_another_site(client: Client) -> None:
    for hostile in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = client.post("/language/en", {"back": hostile})
        assert answer.location == "/"
    assert client.post("/language/en", {"back": "/ask"}).location == "/ask"
    assert 'lang="en"' in client.get("/ask").get_data(as_text=True)


def test_switch_of_somebody_signed_in_is_kept_with_the_account(client_as: Callable[..., Client],
                                                               session: Session) -> None:
    clerk = client_as(Role.COORDINATOR)
    assert '<html lang="ru">' in clerk.get("/requests").get_data(as_text=True)
    clerk.post("/language/en", {"back": "/requests"})
    assert '<html lang="en">' in clerk.get("/requests").get_data(as_text=True)
    session.refresh(clerk.account)  # type: ignore[attr-defined]
    assert clerk.account.locale == "en"  # type: ignore[attr-defined]


def test_fault_is_a_500_page_that_names_no_inner_thing(fresh_app: Flask) -> None:
    app, client = fresh_app, Client(fresh_app)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def break_down() -> str:
        raise RuntimeError("secret inner detail")

    app.add_url_rule("/broken", "broken", break_down)
    page = client.get("/broken", headers={"Accept-Language": "en"})
    assert page.status_code == 500
    assert "Something went wrong on our side" in page.get_data(as_text=True)
    assert "secret inner detail" not in page.get_data(as_text=True)
    assert page.headers["X-Request-Id"] in page.get_data(as_text=True)


def test_too_large_upload_is_refused_with_a_clear_page(app: Flask, client_as: Callable[..., Client]) -> None:
    clerk = client_as(Role.COORDINATOR)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = clerk.post("/requests/new", {"title_ru": "x" * 5000})
    assert answer.status_code == 413


def test_health_tells_how_long_work_has_waited(client: Client, session: Session, make: Make) -> None:
    assert client.get("/healthz").json == {"status": "ok", "oldest_due_job_seconds": 0, "work_is_late": False}
    enqueue(session, clock.now(), "visits.index", "k", {"visit_id": make.visit().id})
    commit(session)
    clock.advance_frozen(timedelta(minutes=10))
    assert client.get("/healthz").json == {"status": "ok", "oldest_due_job_seconds": 600, "work_is_late": True}
    assert client.get("/readyz").json == {"status": "ready"}


def test_unknown_code_fails_loudly_instead_of_showing_a_code() -> None:
    from workflow.web.sentences import say

    with pytest.raises(LookupError, match="unknown sentence"):
        say(DomainError("nothing.of-the-kind"))


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_address_is_taken_from_as_many_proxies_as_are_trusted_and_from_no_others(
    settings: Settings, proxies: int, seen: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies), testing=True)
    app.add_url_rule("/whence", "whence", lambda: request.remote_addr or "")
    sent = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    assert app.test_client().get("/whence", headers=sent).get_data(as_text=True) == seen
    with app.app_context():
        db.engine.dispose()
