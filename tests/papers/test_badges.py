"""Badges: whose photo is on them, who may take it, and what stands where there is none."""

import io
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.events import Event
from workflow.base.files import Upload
from workflow.base.unit_of_work import commit
from workflow.papers import editions, rendering
from workflow.people.photos import keep_photo


def photo(colour: tuple[int, int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", (800, 1000), colour).save(out, "JPEG")
    return out.getvalue()


def pictures(data: bytes) -> list[Any]:
    return [image for page in PdfReader(io.BytesIO(data)).pages for image in page.images]


@pytest.fixture
def guests(session: Session, desk: Desk, make: Make, now: Any) -> list[Any]:
    """Two members, one of them with a photo."""
    pair = [make.member(desk.visit), make.member(desk.visit)]
    keep_photo(session, desk.coordinator, now, pair[0].person, Upload("me.jpg", photo((200, 30, 30))))
    commit(session)
    return pair


def looks(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(Event).where(Event.kind == "people.person.revealed")).all())


def test_badges_with_photos_carry_those_that_there_are_and_it_is_recorded(
    session: Session, desk: Desk, guests: list[Any], client_as: Callable[..., Any]
) -> None:
    clerk = client_as(Role.COORDINATOR)
    address = f"/visits/{desk.visit.id}/papers/print"
    without = clerk.get(f"{address}/badges.ru.pdf")
    assert (without.status_code, len(pictures(without.data)), looks(session)) == (200, 0, 0)
    assert "с фотографиями" in clerk.get(f"/visits/{desk.visit.id}/papers").get_data(as_text=True)
    made = clerk.post(f"{address}/badges/ru")
    assert (made.status_code, made.mimetype, looks(session)) == (200, "application/pdf", 1)
    (shown,) = pictures(made.data)
    red, green, blue = shown.image.convert("RGB").getpixel((100, 100))
    assert (red > 150, green < 80, blue < 80) == (True, True, True)
    assert clerk.get(f"{address}/badges/ru").status_code == 405


def test_photos_are_for_those_who_may_see_them(
    session: Session, desk: Desk, guests: list[Any], client_as: Callable[..., Any]
) -> None:
    translator = client_as(Role.TRANSLATOR)
    assert translator.post(f"/visits/{desk.visit.id}/papers/print/badges/ru").status_code == 403
    stranger = client_as(Role.COORDINATOR)
    assert stranger.post("/visits/999999/papers/print/badges/ru").status_code == 404
    assert stranger.post(f"/visits/{desk.visit.id}/papers/print/badges/xx").status_code == 404
    assert looks(session) == 0


def test_a_badge_of_an_own_wording_without_a_place_for_the_photo_stays_as_it_was() -> None:
    wording = "::: badge\nСобытие\nГОСТЬ\n---\nИванова Мария\n---\n№ 1\n:::\n"
    edition = editions.edition("badges", "ru", wording=wording, images={"photo-1": photo((1, 2, 3))})
    made = rendering.render(edition, {"paper": {"status": "final"}}, "pdf")
    assert pictures(made.data) == []
