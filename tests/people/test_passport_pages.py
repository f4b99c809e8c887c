"""The zone on a page: pasted, judged, filled in, saved; photos drawn anew; needs and posts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.knowledge.mrz.composing import ZoneData, compose
from workflow.knowledge.mrz.shapes import Format
from workflow.people import queries, service
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData

DATA = ZoneData("PP", "TUR", "U98765432", "TUR", date(1980, 5, 17), "female", date(2032, 1, 1), "OZTURK", "AYSE NUR")
ZONE = "\n".join(compose(Format.TD3, DATA))


@pytest.fixture
def guest(session: Session, make: Any) -> Any:
    """A member of a visit whose name was typed with a wrong letter and without the middle name."""
    person = make.person(latin_family="OZTURC", latin_given="AYSE", birth_date=None, sex="unknown", citizenships=["TR"])
    make.member(make.visit(), person)
    commit(session)
    return person


def fresh(session: Session, row: Any) -> Any:
    session.refresh(row)
    commit(session)
    return row


def test_zone_fills_the_form_judges_its_digits_and_saves_nothing(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url = f"/people/{guest.id}/passports"
    assert browser.get(f"{url}/new").status_code == 200
    answer = browser.post(url, {"zone": ZONE.lower(), "read": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for name, value in (("number", "U98765432"), ("latin_family", "OZTURK"), ("latin_given", "AYSE NUR"),
                        ("expires_on", "2032-01-01")):  # fmt: skip
        assert f'name="{name}"' in page
        assert f'value="{value}"' in page
    assert (page.count("is-wrong"), page.count("is-right")) == (0, 5)
    assert "«OZTURC»" in page
    assert session.scalars(select(Passport)).all() == []


def test_wrong_character_is_marked_and_its_correction_is_one_button_away(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url = f"/people/{guest.id}/passports"
    page = browser.post(url, {"zone": ZONE.replace("U98765432", "U9876S432"), "read": "1"}).get_data(as_text=True)
    assert page.count("is-wrong") == 2
    assert '<mark class="is-doubt">S</mark>' in page
    mended = browser.post(url, {"zone": ZONE.replace("U98765432", "U9876S432"), "instead": ZONE})
    assert 'value="U98765432"' in mended.get_data(as_text=True)


def test_text_that_is_no_zone_is_said_to_be_none(guest: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    for text in ("hello", "", "<script>alert(1)</script>" * 20):
        answer = browser.post(f"/people/{guest.id}/passports", {"zone": text, "read": "1"})
        assert answer.status_code == (200 if text else 422)
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_saving_what_the_zone_said_takes_name_and_birth_to_the_card(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    values = {"zone": ZONE, "country": "TR", "number": "U98765432", "expires_on": "2032-01-01", "to_card": "1",
              "latin_family": "OZTURK", "latin_given": "AYSE NUR", "authority": "Kadıköy"}  # fmt: skip
    assert browser.post(f"/people/{guest.id}/passports", values).status_code == 303
    person = fresh(session, guest)
    (passport,) = session.scalars(select(Passport)).all()
    commit(session)
    assert (person.latin_family, person.latin_given, person.birth_date, person.sex) == (
        "OZTURK", "AYSE NUR", "1980-05-17", "female")  # fmt: skip
    assert (passport.number, passport.authority, passport.zone_read_on is not None) == ("U98765432", "Kadıköy", True)


def test_zone_that_says_another_number_proves_nothing(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    values = {"zone": ZONE, "country": "TR", "number": "U00000000", "expires_on": "2032-01-01"}
    assert browser.post(f"/people/{guest.id}/passports", values).status_code == 303
    assert session.scalars(select(Passport)).one().zone_read_on is None


def test_passport_is_corrected_and_an_empty_number_stays(
    session: Session, guest: Any, now: datetime, client_as: Callable[..., Any]
) -> None:
    service.add_passport(session, SYSTEM, now, guest, PassportData("TR", "U1"))
    passport = service.add_passport(session, SYSTEM, now, guest, PassportData("TR", "U2", type="service"))
    commit(session)
    browser = client_as(Role.COORDINATOR)
    url = f"/people/passports/{passport.id}/edit"
    page = browser.get(url).get_data(as_text=True)
    assert 'value="U2"' not in page
    values = {"country": "TR", "type": "service", "number": "", "expires_on": "2030-05-05", "version": "1"}
    assert browser.post(url, values).status_code == 303
    assert (fresh(session, passport).number, passport.expires_on) == ("U2", date(2030, 5, 5))
    assert browser.post(url, values).status_code == 409
    assert browser.post(url, values | {"number": "U1", "version": "2"}).status_code == 422


def picture(kind: str, *, size: tuple[int, int] = (1600, 2000)) -> bytes:
    out = BytesIO()
    image = Image.new("RGB", size, (200, 180, 170))
    exif = Image.Exif()
    exif[0x010E] = "SECRET-REMARK"
    image.save(out, kind, exif=exif) if kind == "JPEG" else image.save(out, kind)
    return out.getvalue()


def test_photo_is_drawn_anew_kept_encrypted_and_every_look_is_recorded(
    session: Session, guest: Any, settings: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    sent = {"photo": (BytesIO(picture("JPEG")), "me.jpg")}
    assert browser.post(f"/people/{guest.id}/photo/new", sent).status_code == 303
    person = fresh(session, guest)
    assert person.photo_file_id is not None
    raw = b"".join(path.read_bytes() for path in settings.files_dir.glob("*/*"))
    assert (b"SECRET-REMARK" in raw, b"\xff\xd8\xff" in raw) == (False, False)
    answer = browser.post(f"/people/{guest.id}/photo")
    shown = Image.open(BytesIO(answer.data))
    assert (answer.mimetype, shown.format, max(shown.size) <= 900, b"SECRET" in answer.data) == (
        "image/jpeg", "JPEG", True, False)  # fmt: skip
    looks = session.scalars(select(Event).where(Event.kind == "people.person.revealed")).all()
    commit(session)
    assert [look.changes for look in looks] == [{"photo": None}]
    assert browser.get(f"/people/{guest.id}/photo").status_code == 405


@pytest.mark.parametrize(
    "data",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><p>x", b"%PDF-1.4", b"\xff\xd8\xff broken", b""],
    ids=["svg", "html", "pdf", "broken", "empty"],
)
def test_what_is_no_photo_is_refused(session: Session, guest: Any, client_as: Callable[..., Any], data: bytes) -> None:
    browser = client_as(Role.COORDINATOR)
    answer = browser.post(f"/people/{guest.id}/photo/new", {"photo": (BytesIO(data), "me.jpg")})
    assert answer.status_code == 422
    assert fresh(session, guest).photo_file_id is None


def test_post_left_goes_into_the_history_only_when_it_is_a_new_one(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url, base = f"/people/{guest.id}/edit", {"latin_family": "OZTURK", "sex": "female", "citizenships": "TR"}
    browser.post(url, base | {"post_ru": "Депутат", "post_since": "2020-01-01"})
    browser.post(url, base | {"post_ru": "Депутатт", "post_since": "2020-01-01"})
    browser.post(url, base | {"post_ru": "Мэр", "post_since": "2026-04-01", "post_is_new": "1"})
    person = fresh(session, guest)
    posts = queries.left_posts(session, person)
    commit(session)
    assert [(post.post_ru, post.since, post.until) for post in posts] == [
        ("Депутатт", date(2020, 1, 1), date(2026, 4, 1))]  # fmt: skip
    assert (person.post_ru, person.post_since) == ("Мэр", date(2026, 4, 1))
    wrong = browser.post(url, base | {"post_ru": "Глава", "post_since": "2019-01-01", "post_is_new": "1"})
    assert wrong.status_code == 422


def test_needs_are_encrypted_masked_and_can_be_deleted(
    session: Session, guest: Any, settings: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url, base = f"/people/{guest.id}/edit", {"latin_family": "OZTURK", "sex": "female", "citizenships": "TR"}
    needs = {"diet": "halal-diet", "access_needs": "wheelchair", "ask_about_health": "1", "emergency_name": "Mehmet-E",
             "emergency_phone": "+90 555 000"}  # fmt: skip
    assert browser.post(url, base | needs).status_code == 303
    person = fresh(session, guest)
    assert (person.diet, person.access_needs, person.ask_about_health, person.ask_about_health_on) == (
        "halal-diet", ["wheelchair"], True, date(2027, 3, 15))  # fmt: skip
    card = browser.get(f"/people/{guest.id}").get_data(as_text=True)
    assert [text for text in ("halal-diet", "Mehmet-E", "+90 555 000") if text in card] == []
    session.close()
    raw = b"".join(path.read_bytes() for path in settings.data_dir.glob("test.db*"))
    assert [text for text in ("halal-diet", "Mehmet-E", "wheelchair", "+90 555") if text.encode() in raw] == []
    assert browser.post(url, base | {"access_needs": "cancer"}).status_code == 422
    assert browser.post(url, base | {"forget": ["diet", "emergency_name"]}).status_code == 303
    again = session.get_one(Person, guest.id)
    assert (again.diet, again.emergency_name, again.emergency_phone, again.ask_about_health_on) == (
        None, None, "+90 555 000", None)  # fmt: skip


def test_a_zone_read_after_midnight_was_read_on_that_day(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    values = {"zone": ZONE, "country": "TR", "number": "U98765432", "expires_on": "2032-01-01"}
    with clock.frozen_at(datetime(2027, 3, 15, 22, 30, tzinfo=UTC)):
        sent = client_as(Role.COORDINATOR).post(f"/people/{guest.id}/passports", values)
    assert (sent.status_code, session.scalars(select(Passport.zone_read_on)).one()) == (303, date(2027, 3, 16))
