"""Who comes instead: a guest, a clerk and staff on the telephone are asked the same, and nothing told is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.guests.test_personal_links import House, text_of
from workflow.base.actor import Role
from workflow.guests.models import GuestProposal
from workflow.visits.models import Member

TOLD = {"latin_family": "ZHAO", "latin_given": "MIN", "native_family": "赵", "native_given": "敏", "citizenship": "CN",
        "post_en": "Deputy director", "organisation_en": "City hospital", "email": "zhao@hospital.example"}  # fmt: skip


@pytest.fixture
def house(make: Any, session: Session, app: Flask) -> House:
    return House(make, session, app)


def newcomer(house: House) -> dict[str, Any]:
    """Give what is kept of whoever took the member's place, in the words of the form."""
    house.session.expire_all()
    left = house.session.get_one(Member, house.member.id)
    came = house.session.get_one(Member, left.replaced_by_id)
    person = came.person
    return {"latin_family": person.latin_family, "latin_given": person.latin_given,
            "native_family": person.native_family, "native_given": person.native_given,
            "citizenship": " ".join(person.citizenships), "email": person.email, "post_en": came.post_en,
            "organisation_en": came.organisation_en}  # fmt: skip


def test_substitute_told_by_telephone_brings_all_that_the_guests_form_takes(
    house: House, client_as: Callable[..., Client]
) -> None:
    desk = client_as(Role.COORDINATOR)
    url = f"/members/{house.member.id}/told"
    told = {"answer": "substitute", "told_on": "2027-03-15", "told_by": "Ms Wu by telephone", "reason": "illness"}
    wrong = desk.post(url, {**told, **TOLD, "citizenship": "XX"})
    assert wrong.status_code == 422
    assert "City hospital" in text_of(wrong)
    assert desk.post(url, {**told, **TOLD}).status_code == 303
    assert newcomer(house) == TOLD


@pytest.mark.parametrize("by_clerk", [False, True], ids=["guest", "clerk"])
def test_substitute_of_a_personal_page_is_taken_over_whole(
    house: House, client_as: Callable[..., Client], by_clerk: bool
) -> None:
    browser = house.entered(None if by_clerk else house.member, "zh")
    page = text_of(browser.get("/clerk/new" if by_clerk else "/guest/answer"))
    assert [name for name in TOLD if f'name="{name}"' not in page] == []
    sent = (browser.post("/clerk/new", {**TOLD, "member": str(house.member.id)}) if by_clerk
            else browser.post("/guest/answer", {**TOLD, "answer": "substitute"}))  # fmt: skip
    assert sent.status_code == 303
    proposal = house.session.scalars(select(GuestProposal)).one()
    house.session.rollback()
    desk = client_as(Role.COORDINATOR)
    shown = text_of(desk.get(f"/visits/{house.visit.id}/links"))
    assert ("City hospital" in shown, "<td>Китай</td>" in shown) == (True, True)
    assert "zhao@hospital.example" not in shown
    assert desk.post(f"/guest-proposals/{proposal.id}/accept").status_code == 303
    assert newcomer(house) == TOLD
