"""The JSON API's kit: tokens, problems, versions, replays, cursors, and a document that fits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make, release
from workflow.accounts.sessions import issue_api_token
from workflow.base import clock
from workflow.base.actor import Permission, Role, person
from workflow.base.unit_of_work import commit
from workflow.visits.models import VisitRequest

BODY = {"title_ru": "Визит", "asking_body": "City of Patras"}


@pytest.fixture
def caller(app: Flask, session: Session, make: Make) -> Callable[[], Callable[..., Any]]:
    """Make one more coordinator who calls the API with a token of all that role's permissions."""
    return lambda: calls_of(app, session, make)


@pytest.fixture
def call(caller: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """Call the API as a coordinator."""
    return caller()


def calls_of(app: Flask, session: Session, make: Make) -> Callable[..., Any]:
    """Give a function that calls the API as a coordinator of its own."""
    account = make.account(Role.COORDINATOR)
    owner = person(account.id, account.name_ru, frozenset({Role.COORDINATOR}))
    _row, token = issue_api_token(session, owner, clock.now(), name="tests", scope=owner.permissions, days=30)
    commit(session)
    client = app.test_client()

    def send(method: str, url: str, body: Any = None, **headers: str) -> Any:
        release()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(f"/api/v1{url}", method=method, json=body,
                           headers={"Authorization": f"Bearer {token}", **named})

    return send


def test_call_without_a_token_is_refused_as_a_problem(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/requests")
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert answer.json["code"] == "base.sign-in-first"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_signed_in_browser_cannot_be_made_to_post_without_its_token(client_as: Callable[..., Client]) -> None:
    clerk = client_as(Role.COORDINATOR)
    assert clerk.raw.get("/api/v1/requests").status_code == 200
    assert clerk.raw.post("/api/v1/requests", json=BODY).status_code == 400


def test_created_request_comes_back_with_its_version_and_what_may_be_done(call: Callable[..., Any]) -> None:
    made = call("POST", "/requests", BODY)
    assert made.status_code == 201
    assert made.headers["ETag"] == f'"{made.json["version"]}"'
    assert made.json["allowed_actions"] == ["ask_more", "withdraw", "correct"]
    read = call("GET", f"/requests/{made.json['id']}")
    assert read.json == made.json
    assert call("GET", f"/requests/{made.json['id']}", If_None_Match=read.headers["ETag"]).status_code == 304


def test_wrong_values_are_listed_with_pointers_and_nothing_is_saved(call: Callable[..., Any],
                                                                    session: Session) -> None:
    answer = call("POST", "/requests", {**BODY, "date_from": "2027-02-31", "size": "6", "colour": "red"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert sorted((fault["pointer"], fault["code"]) for fault in answer.json["errors"]) == [
        ("/colour", "base.unknown-field"), ("/date_from", "base.not-a-date"), ("/size", "base.not-a-number")]
    assert session.scalar(select(func.count(VisitRequest.id))) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"title_ru": "\\u0000"}', b"[" * 100_000])
def test_body_that_is_no_object_is_a_clear_refusal(app: Flask, call: Callable[..., Any], body: bytes) -> None:
    token = call("GET", "/requests").request.headers["Authorization"]
    answer = app.test_client().post("/api/v1/requests", data=body, content_type="application/json",
                                    headers={"Authorization": token})
    assert answer.status_code == 422
    assert answer.json["code"] in ("base.not-json", "base.control-characters")


def test_same_key_twice_acts_once_and_gives_the_stored_answer(call: Callable[..., Any], session: Session) -> None:
    first = call("POST", "/requests", BODY, Idempotency_Key="a1")
    again = call("POST", "/requests", BODY, Idempotency_Key="a1")
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (201, first.json, "true")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = call("POST", "/requests", {**BODY, "title_ru": "Другой"}, Idempotency_Key="a1")
    assert (other.status_code, other.json["code"]) == (409, "base.idempotency-mismatch")
    assert session.scalar(select(func.count(VisitRequest.id))) == 1


def test_key_of_one_account_is_nothing_to_another(caller: Callable[[], Callable[..., Any]]) -> None:
    one, other = caller(), caller()
    first, second = (of("POST", "/requests", BODY, Idempotency_Key="a1") for of in (one, other))
    assert (first.status_code, second.status_code, first.json["id"] != second.json["id"]) == (201, 201, True)
    again = [of("POST", "/requests", BODY, Idempotency_Key="a1").json["id"] for of in (other, one)]
    assert again == [second.json["id"], first.json["id"]]


def test_refused_call_does_not_use_its_key_up(call: Callable[..., Any]) -> None:
    assert call("POST", "/requests", {"title_ru": ""}, Idempotency_Key="a2").status_code == 422
    assert call("POST", "/requests", BODY, Idempotency_Key="a2").status_code == 201


def test_correction_needs_the_version_it_saw(call: Callable[..., Any]) -> None:
    made = call("POST", "/requests", BODY).json
    url = f"/requests/{made['id']}"
    assert call("PATCH", url, {"title_ru": "Новый"}).status_code == 428
    saved = call("PATCH", url, {"title_ru": "Новый"}, If_Match=f'"{made["version"]}"')
    assert (saved.status_code, saved.json["title_ru"]) == (200, "Новый")
    late = call("PATCH", url, {"title_ru": "Поздний"}, If_Match=f'"{made["version"]}"')
    assert (late.status_code, late.json["code"], late.json["current"]) == (409, "base.stale", {"title_ru": "Новый"})


def test_pages_of_a_list_follow_one_another_without_gap_or_twin(call: Callable[..., Any]) -> None:
    made = [call("POST", "/requests", BODY).json["id"] for _number in range(5)]
    seen: list[int] = []
    cursor = ""
    while True:
        page = call("GET", f"/requests?limit=2{cursor}").json
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == sorted(made, reverse=True)
    assert call("GET", "/requests?limit=0").status_code == 422
    assert call("GET", "/requests?cursor=nonsense").status_code == 404


def test_token_gives_no_more_than_its_scope(app: Flask, session: Session, make: Make) -> None:
    account = make.account(Role.MANAGER)
    owner = person(account.id, account.name_ru, frozenset({Role.MANAGER}))
    _row, token = issue_api_token(session, owner, clock.now(), name="narrow", scope=[Permission.REQUESTS_READ], days=1)
    commit(session)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/requests", headers=headers).status_code == 200
    assert client.get("/api/v1/visits", headers=headers).status_code == 403
    assert client.post("/api/v1/requests", json=BODY, headers=headers).status_code == 403
    clock.advance_frozen(timedelta(days=2))
    assert client.get("/api/v1/requests", headers=headers).status_code == 401


def test_unknown_thing_and_method_are_problems_too(call: Callable[..., Any]) -> None:
    assert call("GET", "/requests/999999").json["code"] == "base.not-found"
    missing, wrong = call("GET", "/nothing"), call("DELETE", "/requests")
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    assert (wrong.status_code, wrong.content_type) == (405, "application/problem+json")
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_stranger_is_told_how_to_show_who_they_are(app: Flask) -> None:
    refused = app.test_client().get("/api/v1/visits", headers={"Authorization": "Bearer dlg_wrong"})
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="delegations"')


@pytest.mark.parametrize("seen", ['"{}"', 'W/"{}"', '"0", "{}"', "*"])
def test_what_has_not_changed_is_not_sent_again(call: Callable[..., Any], seen: str) -> None:
    made = call("POST", "/requests", BODY).json
    path = f"/requests/{made['id']}"
    assert call("GET", path, If_None_Match=seen.format(made["version"])).status_code == 304
    if seen != "*":
        assert call("GET", path, If_None_Match=seen.format(99)).status_code == 200


def test_document_promises_versions_and_repeats_where_they_are_kept(call: Callable[..., Any]) -> None:
    paths = call("GET", "/openapi.json").json["paths"]
    one, many, made = paths["/api/v1/visits/{visit_id}"]["get"], paths["/api/v1/visits"]["get"], paths[
        "/api/v1/requests"]["post"]
    assert ("ETag" in one["responses"]["200"]["headers"], "304" in one["responses"]) == (True, True)
    assert ("headers" in many["responses"]["200"], "304" in many["responses"]) == (False, False)
    assert set(made["responses"]["201"]["headers"]) == {"ETag", "Idempotency-Replayed"}
    assert ("428" in made["responses"], "503" in made["responses"]) == (False, True)
    again = [call("POST", "/requests", BODY, Idempotency_Key="one") for _ in range(2)]
    assert [answer.headers.get("Idempotency-Replayed") for answer in again] == [None, "true"]
    assert [answer.headers["ETag"] for answer in again] == ['"1"', '"1"']


def test_document_describes_every_operation_with_its_permission(app: Flask, call: Callable[..., Any]) -> None:
    document = call("GET", "/openapi.json").json
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    declared = {(rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"), method.lower())
                for rule in app.url_map.iter_rules() for method in (rule.methods or ())
                if rule.endpoint.startswith("api_") and method not in ("HEAD", "OPTIONS")}
    assert document["openapi"] == "3.1.0"
    assert described == declared
    assert all(operation["x-permission"] for methods in document["paths"].values() for operation in methods.values())
