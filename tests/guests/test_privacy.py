"""Protection of people's data: who looked, terms and the nightly purge, one person's copy, erasure with an act."""

import io
import json
import logging
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, func, literal_column, select
from sqlalchemy.orm import Session

from tasks.runtime import Runtime
from tasks.work import nightly
from tests.conftest import Client, release
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.database import Base
from workflow.base.events import Event, record
from workflow.base.files import JPEG, PDF, PNG, SCANS, StoredFile, Upload, keep_bytes, keep_file, read_file, store
from workflow.base.search import SearchWord, index_documents
from workflow.base.settings import Settings, SettingsError, read_settings
from workflow.base.unit_of_work import commit, rollback
from workflow.cli.backup import make_backup
from workflow.cli.doctor import Level, check_secrets
from workflow.guests.models import GuestScan
from workflow.guests.privacy import erasing, purging, retention
from workflow.guests.privacy.models import ErasureAct
from workflow.guests.privacy.retention import set_terms
from workflow.guests.privacy.rules import Ground, Kind, variants
from workflow.knowledge.grammar.cases import OBLIQUE
from workflow.knowledge.grammar.cases import Role as NameRole
from workflow.mail.models import Mail
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.models import Dispatch, Paper, PaperText
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.people.declension.models import NameForm
from workflow.people.models import Passport, Person, PersonKey
from workflow.people.photos import keep_photo
from workflow.people.service import PassportData, add_passport, correct_person, reveal_person
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.opening import load_cases, open_cases
from workflow.visits.delegation import remove_member
from workflow.visits.models import Visit
from workflow.visits.rules import Standing
from workflow.visits.search import visit_documents

NUMBER, BORN, PHONE, EMAIL = "QX7654321", "1961-02-28", "+90 532 000 11 22", "aylin@mail.example"
FAMILY, RUSSIAN = "Zorlutunaoglu", "Зорлутунаоглу"
PLACES = {"birth_place": "Ускюдар", "birth_place_latin": "Üsküdar", "home_address": "ул. Мода, 1",
          "home_address_latin": "Moda Sokak 1"}  # fmt: skip
NEEDS = {"diet": "без орехов", "access_needs": ["wheelchair"], "ask_about_health": True,
         "emergency_name": "Deniz", "emergency_phone": "+90 532 000 33 44"}
OTHER_NUMBER, OTHER_FAMILY = "QY1112223", "Quarterbridge"


def picture(form: str = "PNG") -> bytes:
    """Make a picture with a remark in it."""
    out = io.BytesIO()
    image = Image.new("RGB", (60, 80), "white")
    if form == "JPEG":
        exif = image.getexif()
        exif[0x010E] = "hidden remark"
        image.save(out, form, exif=exif)
    else:
        image.save(out, form)
    return out.getvalue()


@pytest.fixture
def visit(make: Any) -> Visit:
    """A visit of two."""
    made: Visit = make.visit(arrival=date(2027, 5, 12))
    return made


@pytest.fixture
def person(session: Session, make: Any) -> Person:
    """A traveller with everything that is personal."""
    made: Person = make.person(
        latin_family=FAMILY, latin_given="Aylin", russian_family=RUSSIAN, russian_given="Айлин", birth_date=BORN,
        email=EMAIL, phone=PHONE, citizenships=["TR"], **PLACES, **NEEDS)
    add_passport(session, SYSTEM, clock.now(), made, PassportData("TR", NUMBER, expires_on=date(2031, 1, 1)))
    keep_photo(session, SYSTEM, clock.now(), made, Upload("me.png", picture()))
    commit(session)
    return made


@pytest.fixture
def case(session: Session, make: Any, visit: Visit, person: Person) -> VisaCase:
    """The traveller's visa case, with a scan, and a second member with a passport."""
    make.member(visit, person)
    other = make.person(latin_family=OTHER_FAMILY, latin_given="Otto", citizenships=["TR"], birth_date="1970-03-04")
    add_passport(session, SYSTEM, clock.now(), other, PassportData("TR", OTHER_NUMBER, expires_on=date(2031, 1, 1)))
    make.member(visit, other)
    open_cases(session, SYSTEM, clock.now(), visit)
    commit(session)
    made = next(one for one in load_cases(session, visit.id) if one.member.person_id == person.id)
    scan = keep_bytes(session, SYSTEM, clock.now(), b"%PDF-1.7 passport page", name=f"{FAMILY}.pdf", media_type=PDF)
    items = made.items or [_item(session, made)]
    one = next(each for each in items if not each.flag_only)
    one.file_id, one.document, one.state, one.kind = scan.id, {"issued": "2026-01-01"}, "verified", "upload"
    one.scope = "traveller"
    hers = keep_bytes(session, SYSTEM, clock.now(), b"%PDF-1.7 guest scan", name="scan.pdf", media_type=PDF)
    session.add(GuestScan(member_id=made.member_id, file_id=hers.id, received_at=clock.now()))
    commit(session)
    return made


def _item(session: Session, case: VisaCase) -> ChecklistItem:
    made = ChecklistItem(case_id=case.id, code="photo", title_ru="Фото", title_en="Photo", kind="upload")
    case.items.append(made)
    session.flush()
    return made


def leave(session: Session, actor: Actor, case: VisaCase) -> None:
    """Take the traveller out of the delegation."""
    visit = session.get_one(Visit, case.visit_id)
    remove_member(session, actor, clock.now(), visit, case.member, "cannot come")
    commit(session)


# who saw what


@both_databases
def test_every_look_is_listed_for_the_administrator_without_names(
    session: Session, make: Any, client_as: Callable[..., Client], person: Person, visit: Visit
) -> None:
    officer = make.account(Role.COORDINATOR, name="Осмотрова Вера")
    reveal_person(session, make.actor(account=officer), clock.now(), person, visit_id=visit.id)
    commit(session)
    admin = client_as(Role.ADMINISTRATOR)
    page = admin.get("/admin/personal-data").get_data(as_text=True)
    assert "Осмотрова Вера" in page
    assert f"номер {person.id}" in page
    assert f"номер {visit.id}" in page
    for hidden in (FAMILY, RUSSIAN, NUMBER, BORN):
        assert hidden not in page
    none = admin.get("/admin/personal-data", query_string={"last": "2020-01-01"}).get_data(as_text=True)
    assert "Осмотрова Вера</td>" not in none
    assert admin.get("/admin/personal-data", query_string={"first": "nonsense"}).status_code == 422
    own = admin.get("/admin/personal-data", query_string={"account": str(officer.id)}).get_data(as_text=True)
    assert "Осмотрова Вера</td>" in own


def test_log_is_saved_as_a_workbook_and_that_is_recorded(
    session: Session, make: Any, client_as: Callable[..., Client], person: Person
) -> None:
    reveal_person(session, make.actor(Role.COORDINATOR), clock.now(), person)
    commit(session)
    answer = client_as(Role.ADMINISTRATOR).post("/admin/personal-data/log")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert str(person.id) in rows[1]
    assert session.scalar(select(Event.kind).order_by(Event.id.desc())) == "privacy.log.exported"


# terms and the purge


@both_databases
def test_terms_are_proposals_until_the_administrator_confirms_them(
    session: Session, client_as: Callable[..., Client]
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    assert "предложение" in admin.get("/admin/personal-data/terms").get_data(as_text=True)
    values = {kind.value: str(term.days) for kind, term in retention.terms(session).items()}
    answer = admin.post("/admin/personal-data/terms", {**values, "scans": "45", "confirmed": ["scans"], "version": "0"})
    assert answer.status_code == 303
    release()
    kept = retention.terms(session)[Kind.SCANS]
    assert (kept.days, kept.confirmed) == (45, True)
    again = admin.post("/admin/personal-data/terms", {**values, "version": "0"})
    assert again.status_code in (409, 422)
    wrong = admin.post("/admin/personal-data/terms", {**values, "mails": "0", "version": "1"})
    assert wrong.status_code == 422


@both_databases
def test_scans_go_thirty_days_after_the_last_day_and_the_item_keeps_its_state(
    session: Session, case: VisaCase, visit: Visit
) -> None:
    item = next(one for one in case.items if one.file_id)
    case.earlier_stays = {"stays": [["2027-01-02", "2027-01-05"]], "days": None, "on": "2027-03-15"}
    commit(session)
    tokens = session.scalars(select(StoredFile.token).where(StoredFile.media_type == PDF)).all()
    assert visit.departure is not None
    later = clock.now() + (visit.departure - clock.now().date()) + timedelta(days=30)
    assert purging.purge(session, later, kind=Kind.SCANS) == 0
    assert purging.purge(session, later + timedelta(days=1), kind=Kind.SCANS) > 0
    assert all(store().path(token).exists() for token in tokens)
    commit(session)
    assert not any(store().path(token).exists() for token in tokens)
    session.refresh(item)
    assert (item.state, item.file_id, item.document) == ("verified", None, {})
    session.refresh(case)
    assert case.earlier_stays is None
    assert item.purged_at is not None
    assert session.scalar(select(func.count(GuestScan.id))) == 0
    told = session.scalars(select(Event).where(Event.kind == "privacy.purge.done")).one()
    assert told.changes["kind"] == [None, "scans"]


@both_databases
def test_scans_of_a_visit_called_off_before_it_had_days_go_too(
    session: Session, case: VisaCase, visit: Visit
) -> None:
    visit.arrival = visit.departure = None
    commit(session)
    later = clock.now() + timedelta(days=400)
    assert purging.purge(session, later, kind=Kind.SCANS) == 0
    visit.standing, visit.closed_at = Standing.CANCELLED.value, clock.now()
    commit(session)
    assert purging.purge(session, clock.now() + timedelta(days=30), kind=Kind.SCANS) == 0
    assert purging.purge(session, later, kind=Kind.SCANS) > 0
    commit(session)
    assert session.scalar(select(func.count(GuestScan.id))) == 0


@both_databases
def test_rolled_back_purge_leaves_every_byte(session: Session, case: VisaCase, visit: Visit) -> None:
    tokens = session.scalars(select(StoredFile.token)).all()
    purging.purge(session, clock.now() + timedelta(days=400), kind=Kind.SCANS)
    rollback(session)
    commit(session)
    assert all(store().path(token).exists() for token in tokens)


@both_databases
def test_passports_go_only_when_no_visit_needs_the_person(session: Session, case: VisaCase, visit: Visit) -> None:
    later = clock.now() + timedelta(days=2000)
    visit.standing = Standing.POSTPONED.value
    commit(session)
    assert purging.purge(session, later, kind=Kind.PASSPORTS) == 0
    visit.standing, visit.closed_at = Standing.CLOSED.value, clock.now() + timedelta(days=70)
    commit(session)
    assert purging.purge(session, clock.now() + timedelta(days=200), kind=Kind.PASSPORTS) == 0
    assert purging.purge(session, later, kind=Kind.PASSPORTS) == 2
    commit(session)
    assert session.scalar(select(func.count(Passport.id))) == 0
    people = session.scalars(select(Person)).all()
    gone = ("birth_date", *PLACES, *NEEDS, "ask_about_health_on")
    assert {getattr(one, name) for one in people for name in gone} == {None, False}
    assert [one.email for one in people if one.latin_family == FAMILY] == [EMAIL]
    assert FAMILY in {one.latin_family for one in people}
    assert purging.purge(session, later, kind=Kind.PASSPORTS) == 0


@both_databases
def test_visit_that_nobody_closed_keeps_no_passports_for_ever(
    session: Session, case: VisaCase, visit: Visit
) -> None:
    assert (visit.standing, visit.departure is not None) == (Standing.LIVE.value, True)
    last = clock.now() + (visit.departure - clock.now().date())  # type: ignore[operator]
    assert purging.purge(session, last + timedelta(days=365), kind=Kind.PASSPORTS) == 0
    assert purging.purge(session, last + timedelta(days=367), kind=Kind.PASSPORTS) == 2
    commit(session)
    assert session.scalar(select(func.count(Passport.id))) == 0


@pytest.mark.parametrize("standing", [Standing.LIVE, Standing.POSTPONED])
def test_forgotten_visit_without_days_is_told_and_then_keeps_no_passports(
    session: Session, case: VisaCase, visit: Visit, make: Any, standing: Standing
) -> None:
    responsible = make.account(Role.COORDINATOR)
    visit.responsible_id, visit.standing, visit.arrival, visit.departure = responsible.id, standing.value, None, None
    commit(session)
    last = max(session.scalars(select(Event.at).where(Event.visit_id == visit.id)))

    def night(days: int) -> int:
        at = last + timedelta(days=days)
        purging.tell_forgotten(session, at)
        return sum(purging.purge(session, at, kind=kind) for kind in (Kind.SCANS, Kind.GUESTS, Kind.PASSPORTS))

    def mails() -> list[tuple[int | None, str]]:
        told = session.scalars(select(Mail).where(Mail.kind == "visit-forgotten"))
        return [(one.account_id, one.text) for one in told]

    assert night(330) == 0
    assert mails() == []
    assert night(340) == 0
    assert [account_id for account_id, _text in mails()] == [responsible.id]
    assert visit.title_ru in mails()[0][1]
    assert night(366) == 0
    record(session, make.actor(Role.COORDINATOR), last + timedelta(days=367), "visits.visit.edited", subject=visit,
           visit_id=visit.id)  # fmt: skip
    assert night(371) == 0  # somebody did something: told anew before anything goes
    assert night(710) == 0
    assert len(mails()) == 2
    assert night(739) == 0
    assert night(741) > 0
    commit(session)
    assert session.scalar(select(func.count(Passport.id))) == 0
    assert len(mails()) == 2


def test_purged_paper_keeps_its_line_and_its_page_says_so(
    demo_client: tuple[Flask, Session, Client],
) -> None:
    _app, own, manager = demo_client
    paper = own.scalars(select(Paper).where(Paper.state == "draft").order_by(Paper.id)).first()
    assert paper is not None
    paper.state, paper.number, paper.number_source, paper.facts = "approved", "01-17/204", "typed", {"visit": {}}
    paper.texts[0].sha256 = "ab" * 32
    key, number = paper.id, paper.number
    visit = own.get_one(Visit, paper.visit_id)
    visit.standing, visit.closed_at = Standing.CLOSED.value, clock.now() - timedelta(days=3000)
    hashes = [text.sha256 for text in own.get_one(Paper, key).texts]
    commit(own)
    assert purging.purge(own, clock.now(), kind=Kind.PAPERS) == 0  # a term that nobody confirmed destroys no letter
    set_terms(own, SYSTEM, clock.now(), {}, {Kind.PAPERS}, seen=None)
    assert purging.purge(own, clock.now(), kind=Kind.PAPERS) > 0
    commit(own)
    paper = own.get_one(Paper, key)
    assert (paper.number, paper.facts, paper.told) == (number, {}, {})
    assert [text.sha256 for text in paper.texts] == hashes
    assert {text.text for text in paper.texts} == {""}
    assert {text.pdf_file_id for text in paper.texts} == {None}
    rollback(own)
    page = manager.get(f"/papers/{key}")
    assert page.status_code == 200
    assert "уничтожены" in page.get_data(as_text=True)
    assert number in page.get_data(as_text=True)


@both_databases
@pytest.mark.parametrize("state", [OutgoingState.HANDED, OutgoingState.WAITING])
def test_words_and_address_of_a_letters_mail_go_with_the_letter(
    session: Session, visit: Visit, state: OutgoingState
) -> None:
    paper = Paper(visit_id=visit.id, kind="invitation", state="sent", subject="Invitation", facts={}, told={},
                  created_at=clock.now())  # fmt: skip
    session.add(paper)
    session.flush()
    mail = OutgoingMail(visit_id=visit.id, paper_id=paper.id, state=state, to_name=FAMILY, to_address=EMAIL,
                        language="en", subject="Invitation", text=f"Dear {FAMILY}", queued_at=clock.now())  # fmt: skip
    session.add(mail)
    visit.standing, visit.closed_at = Standing.CLOSED.value, clock.now() - timedelta(days=3000)
    set_terms(session, SYSTEM, clock.now(), {}, {Kind.PAPERS}, seen=None)
    commit(session)
    assert purging.purge(session, clock.now(), kind=Kind.PAPERS) == 1
    commit(session)
    session.refresh(mail)
    assert (mail.to_name, mail.to_address, mail.subject, mail.text) == ("", "", "", "")


@pytest.fixture
def demo_client(demo_database: Path, tmp_path: Path) -> Any:
    """The demo's installation, a copy, and its manager signed in."""
    import shutil

    from tests.conftest import make_settings
    from workflow.app import create_app
    from workflow.demo.cast import PASSWORD
    from workflow.web.database import db

    shutil.copytree(demo_database, tmp_path / "demo")
    application = create_app(make_settings(tmp_path / "demo"), testing=True)
    with application.app_context():
        engine = db.engine
    own = Session(engine, expire_on_commit=False)
    browser = Client(application)
    assert browser.post("/sign-in", {"email": "manager@demo.example", "password": PASSWORD}).status_code == 303
    yield application, own, browser
    own.close()
    engine.dispose()


@both_databases
def test_night_purges_by_the_terms(
    app: Flask, session: Session, settings: Settings, case: VisaCase, visit: Visit
) -> None:
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    release()
    with clock.frozen_at(clock.now().replace(hour=0) + timedelta(days=400)):
        assert nightly(Runtime(settings, app, engine))
    session.expire_all()
    assert session.scalar(select(func.count(GuestScan.id))) == 0


# a person's copy


@both_databases
def test_copy_for_a_person_holds_everything_and_nothing_of_others(
    session: Session, make: Any, client_as: Callable[..., Client], case: VisaCase, person: Person, visit: Visit
) -> None:
    queue_worded_mail(session, clock.now(), "answer", Recipient(EMAIL, "Aylin", "en"), subject="Hello",
                      text="Dear Aylin, welcome", key="one", visit_id=visit.id)
    queue_worded_mail(session, clock.now(), "answer", Recipient("otto@mail.example", "Otto", "en"), subject="S",
                      text="Dear Otto", key="two", visit_id=visit.id)
    commit(session)
    browser = client_as(Role.COORDINATOR)
    assert browser.get(f"/people/{person.id}/data").status_code == 200
    scan = session.scalars(select(GuestScan)).first()
    assert browser.post(f"/guest-scans/{scan.id}/open").status_code == 200
    answer = browser.post(f"/people/{person.id}/data")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
        told = json.loads(packed.read("data.json"))
        names = packed.namelist()
        page = packed.read("data.html").decode()
    assert told["person"][0]["birth_date"] == BORN
    assert {name: told["person"][0][name] for name in PLACES} == PLACES
    assert "Домашний адрес латиницей" in page
    assert [look["kind"] for look in told["looks"]] == ["guests.scan.opened", "privacy.person.exported"]
    for shown in ("28 февраля 1961", "Просмотрен скан гостя", "Турция"):
        assert shown in page.replace("\u00a0", " "), shown
    for raw in (BORN, "text hash", "False", "person id", ">TR<"):
        assert raw not in page, raw
    assert told["passports"][0]["number"] == NUMBER
    assert "welcome" in told["mails"][0]["text"]
    assert b"passport page" in everything
    assert b"guest scan" in everything
    assert len([name for name in names if name.startswith("files/")]) == 3
    assert NUMBER in page
    for hidden in (OTHER_NUMBER, OTHER_FAMILY, "otto@mail.example", "1970-03-04"):
        assert hidden.encode() not in everything
    assert session.scalar(select(Event.kind).order_by(Event.id.desc())) == "privacy.person.exported"
    assert client_as(Role.TRANSLATOR).post(f"/people/{person.id}/data").status_code == 403
    assert client_as(Role.ADMINISTRATOR).post(f"/people/{person.id}/data").status_code == 403


# erasure


@both_databases
def test_person_of_a_visit_that_goes_on_is_not_erased(
    session: Session, make: Any, client_as: Callable[..., Client], case: VisaCase, person: Person
) -> None:
    manager = client_as(Role.MANAGER)
    page = manager.get(f"/people/{person.id}/erasure").get_data(as_text=True)
    assert "Сначала исключите" in page
    answer = manager.post(f"/people/{person.id}/erasure", {"ground": "asked", "reason": "Letter 1", "understood": "1"})
    assert answer.status_code == 409
    session.refresh(person)
    assert person.latin_family == FAMILY
    assert client_as(Role.COORDINATOR).get(f"/people/{person.id}/erasure").status_code == 403


def test_erased_person_is_nowhere_in_plain_text(  # noqa: PLR0915 - one story
    session: Session, make: Any, settings: Settings, client_as: Callable[..., Client], case: VisaCase, person: Person,
    visit: Visit, run_jobs: Callable[[], int], tmp_path: Path,
) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    actor = make.actor(Role.COORDINATOR)
    correct_person(session, actor, clock.now(), person, {"latin_given": "Aylin Su", "russian_given": "Айлин Су"})
    visit.purpose = f"Речь {RUSSIAN} Айлин Су; с Айлин Су {RUSSIAN} говорить о школах; {FAMILY.upper()} A."
    visit.place_en = f"Hotel of {FAMILY} Aylin Su"
    form = dict.fromkeys([case.value for case in OBLIQUE], f"{RUSSIAN} Айлин Су")
    session.add(NameForm(role=NameRole.PERSON, text=f"{RUSSIAN} Айлин Су", text_key=f"{RUSSIAN} Айлин Су".lower(),
                         confirmed_at=clock.now(), **form))  # fmt: skip
    mail = queue_worded_mail(session, clock.now(), "answer", Recipient(EMAIL, "x", "en"), subject=f"For {FAMILY}",
                             text=f"Dear {FAMILY}, born {BORN}", key="one", visit_id=visit.id)
    assert mail is not None
    commit(session)
    index_documents(session, visit_documents(session, [visit.id]))
    commit(session)
    assert session.scalar(select(func.count(SearchWord.id)).where(SearchWord.word == FAMILY.lower()))
    leave(session, actor, case)
    wanted = [text.encode() for text in (FAMILY, FAMILY.upper(), FAMILY.lower(), RUSSIAN, RUSSIAN.lower(), NUMBER, BORN,
                                         EMAIL, PHONE)]  # fmt: skip
    wanted += [json.dumps(RUSSIAN)[1:-1].encode()]
    before = (settings.data_dir / "test.db").read_bytes() + (settings.data_dir / "test.db-wal").read_bytes()
    assert FAMILY.encode() in before
    manager = client_as(Role.MANAGER)
    page = manager.get(f"/people/{person.id}/erasure").get_data(as_text=True)
    assert "Паспорта: 1" in page
    unread = manager.post(f"/people/{person.id}/erasure", {"ground": "asked", "reason": "Letter"})
    assert unread.status_code == 422
    done = manager.post(f"/people/{person.id}/erasure", {"ground": "withdrawn", "reason": "Letter 5 of 2 March",
                                                         "understood": "1", "asked_on": "2027-03-02"})  # fmt: skip
    assert done.status_code == 303
    act = manager.get(done.location).get_data(as_text=True)
    assert "№ 1/2027" in act
    assert "Letter 5 of 2 March" in act
    run_jobs()
    release()
    session.expire_all()
    kept = session.scalars(select(ErasureAct)).one()
    assert (kept.person_id, kept.ground, kept.kept_until) == (person.id, Ground.WITHDRAWN, date(2030, 3, 15))
    assert session.scalar(select(func.count(PersonKey.id)).where(PersonKey.person_id == person.id)) == 0
    assert session.get_one(Person, person.id).russian_family == "удалено"
    assert session.get_one(Mail, mail.id).text == ""
    assert session.scalar(select(func.count(StoredFile.id)).where(StoredFile.media_type.in_((PDF, JPEG)))) == 0
    session.rollback()
    make_backup(settings, clock.now(), tmp_path / "backup.tar.gz", progress=lambda _said: None)
    logging.getLogger().removeHandler(handler)
    with closing(sqlite3.connect(settings.data_dir / "test.db")) as plain:
        plain.execute("PRAGMA wal_checkpoint(PASSIVE)")
    places = {path: path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()
              and settings.mail_dir not in path.parents and not path.name.endswith(".gz")}  # fmt: skip
    assert len(places) >= 2
    leaks = {path.name: found for path, data in places.items() if (found := [each for each in wanted if each in data])}
    assert leaks == {}
    with tarfile.open(tmp_path / "backup.tar.gz") as packed:
        backup = b"".join((packed.extractfile(each) or io.BytesIO()).read() for each in packed if each.isfile())
    assert [each for each in wanted if each in backup] == []
    assert [each for each in wanted if each in written.getvalue().encode()] == []
    assert OTHER_FAMILY.encode() in backup
    assert client_as(Role.ADMINISTRATOR).get("/admin/personal-data/acts").get_data(as_text=True).count("№ 1/2027") == 1


@both_databases
def test_erased_person_stands_in_no_row_of_any_table(
    session: Session, make: Any, client_as: Callable[..., Client], case: VisaCase, person: Person, visit: Visit,
    run_jobs: Callable[[], int],
) -> None:
    actor = make.actor(Role.COORDINATOR)
    visit.purpose = f"Речь {RUSSIAN} Айлин; {FAMILY.upper()} Aylin"
    queue_worded_mail(session, clock.now(), "answer", Recipient(EMAIL, "x", "en"), subject=f"For {FAMILY}",
                      text=f"Dear {FAMILY}, born {BORN}", key="one", visit_id=visit.id)
    commit(session)
    index_documents(session, visit_documents(session, [visit.id]))
    commit(session)
    wanted = (FAMILY.lower(), RUSSIAN.lower(), json.dumps(RUSSIAN)[1:-1].lower(), NUMBER.lower(), BORN, EMAIL, PHONE)
    assert {FAMILY.lower(), RUSSIAN.lower()} <= {each for each in wanted if each in every_row(session)}
    leave(session, actor, case)
    manager = client_as(Role.MANAGER)
    copied = manager.post(f"/people/{person.id}/data")
    assert FAMILY.encode() in zipfile.ZipFile(io.BytesIO(copied.data)).read("data.json")
    done = manager.post(f"/people/{person.id}/erasure", {"ground": "withdrawn", "reason": "Letter 5 of 2 March",
                                                         "understood": "1"})  # fmt: skip
    assert done.status_code == 303, done.get_data(as_text=True)
    run_jobs()
    held = every_row(session)
    assert [each for each in wanted if each in held] == []
    assert OTHER_FAMILY.lower() in held


@both_databases
def test_letters_to_an_erased_person_keep_neither_name_nor_address_and_those_that_wait_never_leave(
    session: Session, visit: Visit, person: Person
) -> None:
    batch = PaperBatch(visit_id=visit.id, kind="invitation", title="Day of the city", created_at=clock.now())
    session.add(batch)
    session.flush()
    kept: list[tuple[BatchRecipient, Paper, OutgoingMail, Dispatch]] = []
    for place, (name, address) in enumerate([(f"Aylin {FAMILY}", "office@city.example"), ("Mayor", EMAIL.upper()),
                                             (f"Otto {OTHER_FAMILY}", "otto@mail.example")], start=1):  # fmt: skip
        to = BatchRecipient(batch_id=batch.id, position=place, language="en", answer_text={"remark": f"From {name}"},
                            particulars={"name": name, "email": address, "address": "1 Sea Street"})  # fmt: skip
        session.add(to)
        session.flush()
        letter = Paper(visit_id=visit.id, kind="invitation", state="sent", subject="Invitation", facts={"to": name},
                       told={}, about_kind="recipient", about_id=to.id, created_at=clock.now())  # fmt: skip
        letter.texts = [PaperText(language="en", text=f"Dear {name}")]
        session.add(letter)
        session.flush()
        mail = OutgoingMail(visit_id=visit.id, paper_id=letter.id, state=OutgoingState.WAITING, to_name=name,
                            to_address=address, language="en", subject="S", text=f"Dear {name}", queued_at=clock.now())
        sent = Dispatch(paper_id=letter.id, how="mail", to_whom=f"{name} <{address}>", recorded_at=clock.now())
        session.add_all([mail, sent])
        kept.append((to, letter, mail, sent))
    commit(session)
    erasing.erase(session, SYSTEM, clock.now(), person, Ground.ASKED, "Letter")
    commit(session)
    session.expire_all()
    for to, letter, mail, sent in kept[:2]:
        assert (to.particulars, to.answer_text) == ({"name": "удалено"}, None)
        assert (letter.facts, [text.text for text in letter.texts]) == ({}, [""])
        assert (mail.state, mail.to_name, mail.to_address, mail.text) == ("removed", "", "", "")
        assert sent.to_whom == "удалено"
    to, letter, mail, sent = kept[2]
    assert (to.said("email"), letter.texts[0].text) == ("otto@mail.example", f"Dear Otto {OTHER_FAMILY}")
    assert (mail.state, mail.to_address) == ("waiting", "otto@mail.example")
    assert sent.to_whom == f"Otto {OTHER_FAMILY} <otto@mail.example>"
    assert session.scalars(select(ErasureAct)).one().parts["mails"] == 6


def every_row(session: Session) -> str:
    """Read all tables as they lie in the database, as one text in small letters."""
    release()
    everything: Any = literal_column("*")
    rows = [repr(tuple(row)) for table in Base.metadata.sorted_tables
            for row in session.execute(select(everything).select_from(table))]
    session.rollback()
    return "\n".join(rows).lower()


@both_databases
def test_family_name_that_others_bear_stays_in_other_texts(session: Session, make: Any, visit: Visit) -> None:
    gone = make.person(latin_family="Kim", latin_given="Min-jun", russian_family="Ким", russian_given="Мин Чжун")
    make.person(latin_family="Kim", latin_given="Ha-eun", russian_family="Ким", russian_given="Ха Ын")
    member = make.member(visit, gone)
    visit.purpose = "Ким Ха Ын и Ким Мин Чжун посетят школу; Кимирсен"
    commit(session)
    remove_member(session, SYSTEM, clock.now(), visit, member, "x")
    erasing.erase(session, SYSTEM, clock.now(), gone, Ground.ASKED, "Letter")
    commit(session)
    session.refresh(visit)
    assert visit.purpose == "Ким Ха Ын и удалено посетят школу; Кимирсен"


def test_mail_that_left_into_the_folder_goes_with_its_words(
    session: Session, settings: Settings, make: Any, run_jobs: Callable[[], int], case: VisaCase, person: Person,
    visit: Visit,
) -> None:
    for key, address in (("mine/1", EMAIL), ("other", "otto@mail.example")):
        queue_worded_mail(session, clock.now(), "answer", Recipient(address, "x", "en"), subject="S",
                          text=f"Passport {NUMBER}", key=key, visit_id=visit.id)
    commit(session)
    run_jobs()
    kept = sorted(settings.mail_dir.glob("*.eml"))
    mine, other = (next(path for path in kept if mark in path.name) for mark in ("mine-1", "other"))
    leave(session, make.actor(Role.COORDINATOR), case)
    erasing.erase(session, SYSTEM, clock.now(), session.get_one(Person, person.id), Ground.ASKED, "Letter")
    assert mine.exists()
    commit(session)
    assert (mine.exists(), other.exists()) == (False, True)
    later = clock.now() + timedelta(days=366)
    assert purging.purge(session, later, kind=Kind.MAILS) > 0
    rollback(session)
    assert other.exists()
    purging.purge(session, later, kind=Kind.MAILS)
    commit(session)
    assert not other.exists()


@both_databases
def test_act_is_kept_three_years_and_then_goes(session: Session, make: Any) -> None:
    erasing.erase(session, SYSTEM, clock.now(), make.person(latin_family="Solo"), Ground.REACHED, "x")
    commit(session)
    assert purging.purge_acts(session, clock.now() + timedelta(days=3 * 365)) == 0
    assert purging.purge_acts(session, clock.now() + timedelta(days=3 * 365 + 3)) == 1


def test_name_is_known_in_every_usual_way() -> None:
    found = variants("Иванов", "Иван", "Ильич")
    assert {"Иванов Иван Ильич", "Иван Ильич Иванов", "Иванов И.И.", "И. И. Иванов", "Иван Иванов"} <= found
    assert variants("", "Иван") == set()


# pictures


@pytest.mark.parametrize(("form", "kind"), [("PNG", PNG), ("JPEG", JPEG)])
def test_scans_are_drawn_anew_without_remarks(session: Session, form: str, kind: str) -> None:
    sent = picture(form) + b"<script>alert(1)</script>"
    row = keep_file(session, SYSTEM, clock.now(), Upload("scan", sent), allowed=SCANS, limit=10**6)
    commit(session)
    kept = read_file(session, row.id)[1]
    assert row.media_type == kind
    assert b"script" not in kept
    assert b"hidden remark" not in kept
    assert Image.open(io.BytesIO(kept)).size == (60, 80)


def test_picture_that_unpacks_to_far_too_much_is_refused(session: Session) -> None:
    from workflow.base.errors import Invalid

    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    for sent in (out.getvalue(), b"\x89PNG\r\n\x1a\n" + b"broken"):
        with pytest.raises(Invalid):
            keep_file(session, SYSTEM, clock.now(), Upload("scan.png", sent), allowed=SCANS, limit=10**6)


@pytest.mark.parametrize("sent", [
    b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml version='1.0'?><svg/>", b"<!-- x --><html>",
    b"<HTML><body>", b"GIF89a<script>", b"RIFF....WEBP",
])  # fmt: skip
def test_svg_html_and_other_pictures_are_no_scans(session: Session, sent: bytes) -> None:
    from workflow.base.errors import Invalid

    with pytest.raises(Invalid):
        keep_file(session, SYSTEM, clock.now(), Upload("scan.png", sent), allowed=SCANS, limit=10**6)


# the demo's keys


def test_demo_makes_marked_keys_that_production_refuses_and_doctor_names(tmp_path: Path) -> None:
    read = {"DELEGATIONS_DATA_DIR": str(tmp_path), "DELEGATIONS_DEMO": "1"}
    demo = read_settings(read, make_keys=True)
    told = check_secrets(demo, clock.now())
    assert (told.level, told.text) == (Level.WARNING, "these are the demo's keys")
    assert check_secrets(replace(demo, demo=False), clock.now()).level is Level.FAILURE
    production = {"DELEGATIONS_DATA_DIR": str(tmp_path), "DELEGATIONS_ENV": "production",
                  "DELEGATIONS_ENCRYPTION_KEYS": demo.fernet_keys[0]}
    for name, value in (("SECRET_KEY", demo.secret_key), ("INDEX_KEY", demo.index_key)):
        other = {"DELEGATIONS_SECRET_KEY": "x" * 40, "DELEGATIONS_INDEX_KEY": "y" * 40, f"DELEGATIONS_{name}": value}
        with pytest.raises(SettingsError, match="demo"):
            read_settings(production | other)
