"""Papers through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.actor import Role


class Api:
    """JSON calls of a signed-in browser."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def get(self, path: str) -> Any:
        return self.browser.get(f"/api/v1{path}")

    def post(self, path: str, body: Any = None, version: int | None = None) -> Any:
        headers = {"X-CSRFToken": self.browser.token()} | ({"If-Match": f'"{version}"'} if version else {})
        options = {"json": body} if body is not None else {}
        return self.browser.raw.post(f"/api/v1{path}", headers=headers, **options)


@pytest.fixture
def clerk(client_as: Callable[..., Any], desk: Desk) -> Api:
    return Api(client_as(Role.COORDINATOR))


@pytest.fixture
def head(client_as: Callable[..., Any], desk: Desk) -> Api:
    return Api(client_as(Role.MANAGER))


def test_a_paper_goes_from_draft_to_sent(desk: Desk, clerk: Api, head: Api, session: Session) -> None:
    made = clerk.post(f"/visits/{desk.visit.id}/papers", {"kind": "invitation"})
    assert made.status_code == 201, made.json
    paper = made.json
    here = f"/papers/{paper['id']}"
    assert "submit" in paper["allowed_actions"]
    assert "approve" not in paper["allowed_actions"]
    edited = clerk.post(f"{here}/texts/ru", {"text": "Приглашаем.", "version": paper["texts"][0]["version"]})
    assert edited.json["texts"][0]["text"] == "Приглашаем.\n"
    assert clerk.post(f"{here}/texts/ru", {"text": "x", "version": 1}).status_code == 409
    assert clerk.post(f"{here}/submit").status_code == 428
    submitted = clerk.post(f"{here}/submit", version=edited.json["version"])
    assert submitted.json["state"] == "submitted"
    assert clerk.post(f"{here}/approve", {}, version=submitted.json["version"]).status_code == 403
    approved = head.post(f"{here}/approve", {"number": {"source": "own"}}, version=submitted.json["version"])
    assert (approved.json["state"], approved.json["number"]) == ("approved", "01-12/1")
    signed = clerk.post(f"{here}/sign", {}, version=approved.json["version"])
    assert signed.json["state"] == "signed"
    sent = clerk.post(f"{here}/send", {"how": "hand", "to_whom": "Kadıköy"}, version=signed.json["version"])
    assert (sent.json["state"], len(sent.json["dispatches"])) == ("sent", 1)
    assert clerk.post(f"{here}/supersede").status_code == 201
    listed = clerk.get(f"/visits/{desk.visit.id}/papers?limit=1").json
    assert (len(listed["items"]), listed["next_cursor"]) == (1, str(listed["items"][0]["id"]))
    rest = clerk.get(f"/visits/{desk.visit.id}/papers?limit=1&cursor={listed['next_cursor']}").json
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([paper["id"]], None)


@pytest.mark.parametrize("body", [
    {"kind": 5}, {"kind": "bogus"}, {}, {"kind": "invitation", "languages": ["zz"]}, {"kind": "invitation", "x": 1},
    {"kind": "programme-guest"}, {"kind": "../invitation"},
])  # fmt: skip
def test_bad_bodies_are_told_and_change_nothing(desk: Desk, clerk: Api, body: Any) -> None:
    answer = clerk.post(f"/visits/{desk.visit.id}/papers", body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert clerk.get(f"/visits/{desk.visit.id}/papers").json == {"items": [], "next_cursor": None}


def test_what_is_not_ours_is_not_there(clerk: Api) -> None:
    assert clerk.get("/papers/77777").status_code == 404
    assert clerk.get("/visits/77777/papers").status_code == 404
    assert clerk.post("/papers/77777/submit", version=1).status_code == 404
