"""Scans that a guest hands in for the visa checklist: whose, how often, as a phone takes them, and nothing left."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, release
from workflow.base import clock
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.events import Event
from workflow.base.files import PDF, SCANS, StoredFile, Upload, keep_bytes, keep_file, read_file, store
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.guests.links import issue_link
from workflow.guests.models import GuestScan
from workflow.guests.privacy.purging import purge_left_files
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.people.photos import keep_photo
from workflow.people.service import PassportData, add_passport
from workflow.visas.items import reject_item, verify_item
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.opening import load_cases, open_cases
from workflow.visas.service import choose_route
from workflow.visits.models import Member, Visit

GPS = 0x8825


def picture(colour: str = "white") -> bytes:
    """Make a small PNG."""
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def photograph() -> bytes:
    """Make what a phone's camera makes: lying on its side, to be turned, with the place where it was taken."""
    image = Image.new("RGB", (400, 300), "white")
    image.paste("red", (0, 0, 400, 40))
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = 6, "PhoneMaker"
    exif.get_ifd(GPS)[2] = (45.0, 2.0, 41.0)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


class Checklist:
    """Two guests from China on the way with an electronic visa, each with a link that was opened."""

    def __init__(self, make: Any, session: Session, app: Flask) -> None:
        self.session = session
        self.visit: Visit = make.visit(arrival=date(2027, 5, 12), country="CN")
        self.members: list[Member] = []
        for number in (1, 2):
            person = make.person(latin_family=f"YANGBEN{number}", citizenships=["CN"])
            add_passport(session, SYSTEM, clock.now(), person,
                         PassportData("CN", f"E0000000{number}", "ordinary", expires_on=date(2033, 1, 1)))
            self.members.append(make.member(self.visit, person))
        self.actor: Actor = make.actor(Role.COORDINATOR)
        open_cases(session, SYSTEM, clock.now(), self.visit)
        commit(session)
        for case in load_cases(session, self.visit.id):
            choose_route(session, self.actor, clock.now(), self.visit, case, "in.ru.evisa")
        commit(session)
        self.guests = [self._enter(app, member) for member in self.members]

    def _enter(self, app: Flask, member: Member) -> Client:
        issued = issue_link(self.session, SYSTEM, clock.now(), self.visit, member, language="en")
        commit(self.session)
        browser = Client(app)
        assert browser.post(issued.address.replace("http://localhost", "")).status_code == 303
        return browser

    def item(self, code: str, guest: int = 0) -> ChecklistItem:
        """Read a thing of a guest's checklist anew."""
        release()
        return self.session.scalars(
            select(ChecklistItem).join(VisaCase, VisaCase.id == ChecklistItem.case_id)
            .where(VisaCase.member_id == self.members[guest].id, ChecklistItem.code == code)
            .execution_options(populate_existing=True)
        ).one()  # fmt: skip

    def send(self, item: int | str, data: bytes, name: str = "IMG_0001.JPG", guest: int = 0) -> Any:
        """Hand a file in."""
        return self.guests[guest].post("/guest/scans", {"item": str(item), "file": (BytesIO(data), name)})

    def page(self, guest: int = 0) -> str:
        """Read a guest's own page."""
        return str(self.guests[guest].get("/guest").get_data(as_text=True))

    def files(self) -> set[int]:
        """Give the keys of all files that are kept."""
        release()
        return set(self.session.scalars(select(StoredFile.id)))


@pytest.fixture
def checklist(make: Any, session: Session, app: Flask) -> Checklist:
    return Checklist(make, session, app)


def test_photograph_for_the_checklist_comes_upright_and_without_its_place(
    checklist: Checklist, settings: Settings, client_as: Callable[..., Client]
) -> None:
    item = checklist.item("photo")
    assert f'<option value="{item.id}">Digital photo</option>' in checklist.page()
    assert 'type="file" accept="image/jpeg,image/png,application/pdf"' in checklist.page()  # camera and files both
    assert checklist.send(item.id, photograph()).status_code == 303
    item = checklist.item("photo")
    assert (item.state, item.file_id is not None) == ("received", True)
    row, kept = read_file(checklist.session, int(item.file_id or 0))
    raw = store().path(row.token).read_bytes()
    checklist.session.rollback()
    drawn = Image.open(BytesIO(kept))
    assert (drawn.size, dict(drawn.getexif())) == ((300, 400), {})
    assert b"PhoneMaker" not in kept
    red, green, _blue = drawn.convert("RGB").crop((285, 200, 286, 201)).tobytes()
    assert (red > 200, green < 90) == (True, True)  # what was the upper edge is the right one
    assert kept[:3] not in raw
    assert checklist.session.scalar(select(GuestScan.id)) is None
    checklist.session.rollback()
    shown = client_as(Role.COORDINATOR).post(
        f"/visits/{checklist.visit.id}/visas/{item.case_id}/items/{item.id}/file")
    assert (shown.status_code, shown.get_data()) == (200, kept)
    looks = checklist.session.scalars(select(Event.subject_id).where(Event.kind.like("%.shown"))).all()
    assert looks == [item.id]


def test_page_of_the_passport_is_offered_once(checklist: Checklist, session: Session) -> None:
    assert checklist.page().count(">Page of the passport<") == 0
    assert checklist.page().count(">Passport scan</option>") == 1
    for item in session.scalars(select(ChecklistItem).where(ChecklistItem.code == "passport")):
        item.wanted = False
    commit(session)
    assert checklist.page().count('<option value="">Page of the passport</option>') == 1


def test_thing_of_another_guest_or_without_a_file_is_not_found(checklist: Checklist) -> None:
    before = checklist.files()
    wrong: list[int | str] = [checklist.item("photo", guest=1).id, checklist.item("migration_registration").id,
             checklist.item("checkpoint").id, 10**9, "x", "-1", "1 OR 1=1"]  # fmt: skip
    assert [checklist.send(item, picture()).status_code for item in wrong] == [404] * len(wrong)
    assert checklist.files() == before
    assert checklist.item("photo", guest=1).state == "missing"


@pytest.mark.parametrize("sent", [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<!doctype html><script>x</script>",
    b"PK\x03\x04 archive", b"GIF89a", b"\x89PNG\r\n\x1a\n broken", b"",
])  # fmt: skip
def test_what_is_no_scan_leaves_the_thing_as_it_was(checklist: Checklist, sent: bytes) -> None:
    item, before = checklist.item("passport"), checklist.files()
    answer = checklist.send(item.id, sent, "passport.jpg")
    assert answer.status_code in (409, 422)
    assert "error-summary" in answer.get_data(as_text=True)
    assert (checklist.item("passport").state, checklist.files()) == ("missing", before)


def test_scan_sent_again_replaces_the_first_and_leaves_no_rest(checklist: Checklist) -> None:
    item = checklist.item("passport")
    checklist.send(item.id, picture("white"))
    first = checklist.item("passport").file_id
    token = checklist.session.get_one(StoredFile, first).token
    assert checklist.send(item.id, picture("black")).status_code == 303
    second = checklist.item("passport").file_id
    assert second not in (None, first)
    assert checklist.files() & {first, second} == {second}
    assert not store().path(token).exists()


def test_rejected_scan_is_asked_for_again_with_the_reason_and_a_verified_one_stays(checklist: Checklist) -> None:
    session, now = checklist.session, clock.now()
    checklist.send(checklist.item("passport").id, picture())
    visit = session.get_one(Visit, checklist.visit.id)
    reject_item(session, checklist.actor, now, visit, checklist.item("passport"), "The lower line is cut off")
    commit(session)
    page = checklist.page()
    assert "Please send it again:</strong> The lower line is cut off" in page
    assert checklist.send(checklist.item("passport").id, picture("black")).status_code == 303
    assert "The lower line is cut off" not in checklist.page()
    verify_item(session, checklist.actor, now, visit, checklist.item("passport"))
    commit(session)
    kept = checklist.item("passport").file_id
    assert checklist.send(checklist.item("passport").id, picture("red")).status_code == 409
    item = checklist.item("passport")
    assert (item.state, item.file_id) == ("verified", kept)
    assert f'<option value="{item.id}"' not in checklist.page()


def test_files_that_nothing_refers_to_go_by_night_and_others_stay(
    checklist: Checklist, make: Any, tmp_path: Any
) -> None:
    session, now = checklist.session, clock.now()
    checklist.send(checklist.item("passport").id, picture())
    needed = checklist.item("passport").file_id
    left = keep_bytes(session, SYSTEM, now, b"%PDF-1.7 laid out before", name="old.pdf", media_type=PDF)
    carried = keep_bytes(session, SYSTEM, now, b"%PDF-1.7 in a mail", name="mail.pdf", media_type=PDF)
    queue_worded_mail(session, now, "letter", Recipient("a@b.example", "A", "en"), subject="S", text="T", key="k",
                      attachments=[carried.id])
    brought = keep_file(session, checklist.actor, now, Upload("letter 214.pdf", b"%PDF-1.7 replaced by a better scan"),
                        allowed=SCANS, limit=1_000_000)
    commit(session)
    gone, place = left.id, store().path(left.token)
    assert purge_left_files(session, now + timedelta(hours=23)) == 0
    assert purge_left_files(session, now + timedelta(hours=25)) == 1
    commit(session)
    assert not place.exists()
    kept = checklist.files()
    assert gone not in kept
    assert {needed, carried.id, brought.id} <= kept
    assert store().path(brought.token).exists()


def test_photo_replaced_leaves_no_rest(session: Session, make: Any) -> None:
    person = make.person()
    for colour in ("white", "black"):
        keep_photo(session, SYSTEM, clock.now(), person, Upload("me.png", picture(colour)))
        commit(session)
    assert session.scalars(select(StoredFile.id)).all() == [person.photo_file_id]
