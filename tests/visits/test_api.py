"""Every change of a request, a visit and its members can be made by another system, as a page makes it."""

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Make, release
from workflow.accounts.sessions import issue_api_token
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role, person
from workflow.base.files import read_file
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.process.publishing import publish_definitions
from workflow.visits.models import Member, VisitRequest
from workflow.visits.queries import bases, members

SCAN = {"name": "вх-214.pdf", "content": base64.b64encode(b"%PDF-1.7 scan").decode()}


@pytest.fixture
def call(app: Flask, session: Session, make: Make) -> Callable[..., Any]:
    """Call the API as a coordinator with a token of all that role's permissions."""
    account = make.account(Role.COORDINATOR)
    owner = person(account.id, account.name_ru, frozenset({Role.COORDINATOR}))
    _row, token = issue_api_token(session, owner, clock.now(), name="tests", scope=owner.permissions, days=30)
    commit(session)
    client = app.test_client()

    def send(method: str, url: str, body: Any = None, version: int | None = None) -> Any:
        release()
        headers = {"Authorization": f"Bearer {token}"} | ({"If-Match": f'"{version}"'} if version else {})
        return client.open(f"/api/v1{url}", method=method, json=body, headers=headers)

    return send


def test_request_comes_with_its_scan(call: Callable[..., Any], session: Session) -> None:
    made = call("POST", "/requests", {"title_ru": "Визит", "asking_body": "City of Patras", "scan": SCAN})
    assert (made.status_code, made.json["has_scan"]) == (201, True)
    row = session.get_one(VisitRequest, made.json["id"])
    assert read_file(session, row.scan_file_id or 0)[1] == b"%PDF-1.7 scan"
    for content, code in (("%%%", "base.wrong-value"), (base64.b64encode(b"MZ nonsense").decode(), "base.file-type")):
        refused = call("POST", "/requests", {"title_ru": "Визит", "asking_body": "x",
                                             "scan": {"name": "a.pdf", "content": content}})
        assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, code)
        assert refused.json["errors"][0]["pointer"] == "/scan/content"


def test_every_scan_of_a_request_is_read_with_who_replaced_it(call: Callable[..., Any], session: Session) -> None:
    made = call("POST", "/requests", {"title_ru": "Визит", "asking_body": "City of Patras", "scan": SCAN}).json
    second = {"name": "вх-214 снова.pdf", "content": base64.b64encode(b"%PDF-1.7 again").decode()}
    path = f"/requests/{made['id']}"
    assert call("PATCH", path, {"scan": second}, made["version"]).status_code == 200
    listed = call("GET", f"{path}/scans").json["items"]
    whoever = session.get_one(VisitRequest, made["id"]).created_by
    at = clock.now().isoformat().replace("+00:00", "Z")
    assert [(one["name"], one["replaced_at"], one["replaced_by"]) for one in listed] == [
        ("вх-214 снова.pdf", None, None), ("вх-214.pdf", at, whoever)]
    contents = [call("GET", f"{path}/scans/{one['id']}").json["content"] for one in listed]
    assert [base64.b64decode(content) for content in contents] == [b"%PDF-1.7 again", b"%PDF-1.7 scan"]
    other = call("POST", "/requests", {"title_ru": "Визит", "asking_body": "x"}).json
    assert call("GET", f"/requests/{other['id']}/scans").json["items"] == []
    assert call("GET", f"/requests/{other['id']}/scans/{listed[1]['id']}").status_code == 404


def test_process_that_is_none_is_refused_where_it_is_named(call: Callable[..., Any], session: Session) -> None:
    publish_definitions(session, clock.now())
    commit(session)
    asked = {"title_ru": "Визит", "asking_body": "City of Patras"}
    refused = call("POST", "/requests", asked | {"process_key": "incomming"})
    assert (refused.status_code, [(fault["pointer"], fault["code"]) for fault in refused.json["errors"]]) == (
        422, [("/process_key", "visits.no-such-process")])
    made = call("POST", "/requests", asked).json
    corrected = call("PATCH", f"/requests/{made['id']}", {"process_key": "incomming"}, made["version"])
    assert (corrected.status_code, corrected.json["errors"][0]["pointer"]) == (422, "/process_key")
    assert call("GET", f"/requests/{made['id']}").json["process_key"] == "incoming"


def test_empty_words_point_at_their_field(call: Callable[..., Any]) -> None:
    made = call("POST", "/requests", {"title_ru": "Визит", "asking_body": "City of Patras"}).json
    refused = call("POST", f"/requests/{made['id']}/ask-more", {"text": ""})
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/text"]


def test_facts_of_a_visit_are_corrected(call: Callable[..., Any], make: Make) -> None:
    visit = make.visit()
    url = f"/visits/{visit.id}"
    saved = call("PATCH", url, {"country": "RU", "zone": "Asia/Omsk", "languages": ["ru"], "payer_en": "Each side"},
                 visit.lock_version)
    assert saved.status_code == 200
    assert [saved.json[name] for name in ("country", "zone", "languages", "payer_en", "crosses_border")] == [
        "RU", "Asia/Omsk", ["ru"], "Each side", False]
    refused = call("PATCH", url, {"country": "Турция", "zone": "x"}, saved.json["version"])
    assert sorted(fault["pointer"] for fault in refused.json["errors"]) == ["/country", "/zone"]


def test_basis_is_entered_listed_and_removed(call: Callable[..., Any], session: Session, make: Make) -> None:
    visit, other = make.visit(), make.visit()
    made = call("POST", f"/visits/{visit.id}/bases", {"kind": "agreement", "text": "Соглашение 2018 года",
                                                      "text_en": "Agreement of 2018", "number": "5", "scan": SCAN})
    assert (made.status_code, made.json["has_scan"]) == (201, True)
    assert call("GET", f"/visits/{visit.id}/bases").json["items"] == [made.json]
    address = f"/visits/{visit.id}/bases/{made.json['id']}"
    mended = call("PATCH", address, {"text": "Соглашение 2019 года", "dated": None}, visit.lock_version)
    assert (mended.status_code, mended.json) == (200, made.json | {"text": "Соглашение 2019 года"})
    assert call("PATCH", address, {"text": "Иное"}, visit.lock_version).status_code == 409
    assert call("POST", f"/visits/{other.id}/bases/{made.json['id']}/remove").status_code == 404
    assert len(bases(session, visit.id)) == 1, "a basis goes only by its own visit"
    removals = [call("POST", f"/visits/{visit.id}/bases/{made.json['id']}/remove").status_code for _ in range(2)]
    assert removals == [204, 404], "who comes second is told that it is gone, and the history has it once"
    session.expire_all()
    assert list(bases(session, visit.id)) == []


@pytest.mark.parametrize(("direction", "process"), [
    (None, "incoming"), ("outgoing", "outgoing"), ("online", "online-meeting"), ("hosted", "incoming")])
def test_request_goes_by_the_usual_process_of_its_direction_where_none_is_named(
    call: Callable[..., Any], session: Session, direction: str | None, process: str
) -> None:
    publish_definitions(session, clock.now())
    commit(session)
    asked = {"title_ru": "Визит", "asking_body": "Кадыкёй", **({"direction": direction} if direction else {})}
    assert call("POST", "/requests", asked).json["process_key"] == process


def test_list_is_marked_as_complete_by_who_saw_it(call: Callable[..., Any], make: Make) -> None:
    visit = make.visit()
    make.member(visit)
    url = f"/visits/{visit.id}/composition"
    assert call("POST", url, {"closed": True}).status_code == 428
    done = call("POST", url, {"closed": True}, visit.lock_version)
    assert (done.status_code, done.json["composition_closed"]) == (200, True)
    assert call("POST", url, {"closed": False}, visit.lock_version).status_code == 409


def test_member_is_replaced_and_takes_the_head(call: Callable[..., Any], session: Session, make: Make) -> None:
    visit = make.visit()
    head = make.member(visit, is_head=True)
    made = call("POST", f"/members/{head.id}/replace", {
        "latin_family": "SPECIMEN", "latin_given": "DENIZ", "citizenships": ["TR"], "post_en": "Deputy Mayor",
        "reason": "заболел"})
    assert (made.status_code, made.json["is_head"], made.json["post_en"]) == (201, True, "Deputy Mayor")
    session.expire_all()
    assert [member.id for member in members(session, visit.id)] == [made.json["id"]]
    assert call("POST", f"/members/{head.id}/replace", {"latin_family": "X"}).status_code == 409


def test_member_declines_and_travels_with_their_own_passport(
    call: Callable[..., Any], session: Session, make: Make
) -> None:
    visit = make.visit()
    member, other = make.member(visit), make.member(visit)
    numbers = [add_passport(session, SYSTEM, clock.now(), one.person,
                            PassportData("TR", number, expires_on=date(2035, 1, 1))).id
               for one, number in ((member, "U00000011"), (other, "U00000012"))]
    commit(session)
    chosen = call("POST", f"/members/{member.id}/choose-passport", {"passport_id": numbers[0]})
    assert chosen.status_code == 200
    assert "U0000001" not in chosen.get_data(as_text=True)
    assert call("POST", f"/members/{member.id}/choose-passport", {"passport_id": numbers[1]}).status_code == 422
    gone = call("POST", f"/members/{member.id}/remove", {"text": "занят", "declined": True})
    assert (gone.json["state"], gone.json["allowed_actions"]) == ("declined", [])
    session.expire_all()
    assert session.get_one(Member, member.id).passport_id == numbers[0]
