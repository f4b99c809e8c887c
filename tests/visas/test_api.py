"""Visa cases and checklist items over JSON."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import opening

NUMBER = "U77788899"


@pytest.fixture
def visit(session: Session, make: Any, now: datetime) -> Any:
    made = make.visit()
    person = make.person()
    data = PassportData("TR", NUMBER, expires_on=made.departure + timedelta(days=900))
    add_passport(session, SYSTEM, now, person, data)
    make.member(made, person)
    opening.open_cases(session, SYSTEM, now, made)
    commit(session)
    return made


class Api:
    """A browser that speaks JSON."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def get(self, path: str) -> Any:
        return self.browser.get(f"/api/v1{path}")

    def send(self, path: str, body: dict[str, Any] | None = None, *, version: int | None = None,
             method: str = "POST") -> Any:  # fmt: skip
        headers = {"X-CSRFToken": self.browser.token()} | ({"If-Match": f'"{version}"'} if version else {})
        return self.browser.raw.open(f"/api/v1{path}", method=method, json=body if body is not None else None,
                                     headers=headers)  # fmt: skip


@pytest.fixture
def api(client_as: Callable[..., Any]) -> Api:
    return Api(client_as(Role.COORDINATOR))


def test_case_goes_from_facts_to_issue(api: Api, visit: Any) -> None:
    (case,) = api.get(f"/visits/{visit.id}/visa-cases").json["items"]
    path = f"/visa-cases/{case['id']}"
    assert [option["rule"] for option in case["options"]] == ["in.ru.ordinary.mvd-invitation", "in.ru.evisa"]
    assert api.send(path + "/choose", {"rule_id": "in.ru.evisa"}).status_code == 428
    chosen = api.send(path + "/choose", {"rule_id": "in.ru.evisa"}, version=case["version"])
    assert (chosen.status_code, chosen.json["state"], chosen.json["confirmed"]) == (200, "collecting", False)
    stale = api.send(path + "/choose", {"rule_id": "in.ru.evisa"}, version=case["version"])
    assert stale.status_code == 409
    photo = next(item for item in chosen.json["items"] if item["code"] == "photo")
    item = f"/checklist-items/{photo['id']}"
    received = api.send(item + "/receive", {}, version=photo["version"])
    assert (received.status_code, received.json["state"]) == (200, "received")
    verified = api.send(item + "/verify", version=received.json["version"])
    assert (verified.json["state"], verified.json["allowed_actions"]) == ("verified", ["reject", "reopen"])
    version = api.get(path).json["version"]
    filed = api.send(path + "/step", {"act": "file"}, version=version)
    missing = api.send(path + "/step", {"act": "issue"}, version=filed.json["version"])
    assert (missing.status_code, missing.content_type) == (422, "application/problem+json")
    body = {"act": "issue", "visa_number": "112233445", "valid_from": visit.arrival.isoformat(),
            "valid_to": visit.departure.isoformat()}  # fmt: skip
    issued = api.send(path + "/step", body, version=filed.json["version"])
    assert (issued.status_code, issued.json["state"]) == (200, "issued")
    everything = api.get(path).get_data(as_text=True) + api.get(f"/visits/{visit.id}/visa-cases").get_data(as_text=True)
    assert (NUMBER in everything, "112233445" in everything) == (False, False)


def test_facts_by_hand_and_own_items(api: Api, visit: Any) -> None:
    (case,) = api.get(f"/visits/{visit.id}/visa-cases").json["items"]
    path = f"/visa-cases/{case['id']}"
    patched = api.send(path, {"passport_type": "service"}, version=case["version"], method="PATCH")
    assert [option["rule"] for option in patched.json["options"]] == ["in.ru.service-visa"]
    told = {"title_ru": "Виза", "outcome": "visa_required", "answered_by": "Консул", "answered_on": "2027-03-10",
            "items": [{"title_ru": "Анкета", "due_on": "2027-04-01"}]}  # fmt: skip
    entered = api.send(path + "/enter-by-hand", told, version=patched.json["version"])
    assert (entered.status_code, entered.json["by_hand"]) == (200, True)
    added = api.send(path + "/items", {"title_ru": "Фото"})
    assert (added.status_code, added.json["code"]) == (201, "own-2")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/visa-cases/{id}/choose", {"rule_id": "no.such"}),
        ("/visa-cases/{id}/choose", {"rule_id": 5}),
        ("/visa-cases/{id}/step", {"act": "fly"}),
        ("/visa-cases/{id}/step", {"act": "refuse"}),
        ("/visa-cases/{id}/enter-by-hand", {"title_ru": "x", "outcome": "evisa", "answered_by": " ",
                                            "answered_on": "2027-03-10"}),
        ("/visa-cases/{id}/enter-by-hand", {"title_ru": "x", "outcome": "evisa", "answered_by": "y",
                                            "answered_on": "2027-02-31"}),
    ],
)  # fmt: skip
def test_wrong_body_is_a_problem(api: Api, visit: Any, path: str, body: dict[str, Any]) -> None:
    (case,) = api.get(f"/visits/{visit.id}/visa-cases").json["items"]
    answer = api.send(path.format(id=case["id"]), body, version=case["version"])
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_unknown_things_are_not_found(api: Api, visit: Any) -> None:
    found = [api.get("/visa-cases/999").status_code, api.get("/checklist-items/999").status_code,
             api.get("/visits/999/visa-cases").status_code]  # fmt: skip
    assert found == [404, 404, 404]


def test_cases_are_opened_and_recomputed(api: Api, visit: Any, make: Any) -> None:
    make.member(visit)
    assert api.send(f"/visits/{visit.id}/visa-cases/open").json == {"cases": 1}
    assert api.send(f"/visits/{visit.id}/visa-cases/recompute").json == {"cases": 0}


def test_translator_gets_nothing(visit: Any, client_as: Callable[..., Any]) -> None:
    other = Api(client_as(Role.TRANSLATOR))
    assert other.get(f"/visits/{visit.id}/visa-cases").status_code == 403


def test_hands_and_appointment_are_set_and_refused(api: Api, visit: Any) -> None:
    (case,) = api.get(f"/visits/{visit.id}/visa-cases").json["items"]
    path = f"/visa-cases/{case['id']}"
    handed = api.send(path + "/holder", {"held_by": "association", "note": "исх. 77"}, version=case["version"])
    assert (handed.status_code, handed.json["held_by"], handed.json["held_note"]) == (200, "association", "исх. 77")
    wrong = api.send(path + "/appointment", {"at": "10:00"}, version=handed.json["version"])
    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")
    assert api.send(path + "/holder", {"held_by": "nobody"}, version=handed.json["version"]).status_code == 422


def test_border_is_told_listed_and_dropped(api: Api, visit: Any) -> None:
    path = f"/visits/{visit.id}/borders"
    assert api.send(path, {"country": "QQ"}).status_code == 422
    assert api.send(path, {"country": "DE", "first_day": visit.arrival.isoformat()}).status_code == 422
    days = {"first_day": visit.arrival.isoformat(), "last_day": visit.departure.isoformat()}
    told = api.send(path, {"country": "BY", **days, "transit": True})
    assert (told.status_code, told.json["transit"], told.json["outside_of_visit"]) == (201, True, False)
    assert [one["country"] for one in api.get(path).json["items"]] == ["BY"]
    cases = api.get(f"/visits/{visit.id}/visa-cases").json["items"]
    assert [(case["destination"], case["first_day"], case["transit"]) for case in cases] == [
        ("RU", None, False), ("BY", days["first_day"], True)]  # fmt: skip
    drop = f"{path}/{told.json['id']}/drop"
    assert api.send(drop).status_code == 428
    assert api.send(drop, version=told.json["version"] + 5).status_code == 409
    assert api.send(drop, version=told.json["version"]).status_code == 200
    assert api.get(path).json["items"] == []
    assert len(api.get(f"/visits/{visit.id}/visa-cases").json["items"]) == 1
