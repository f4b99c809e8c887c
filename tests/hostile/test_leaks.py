"""What must not be read by those who copy the disk, the logs or a backup, or who send a false address."""

import io
import logging
import re
import shutil
import tarfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tests.conftest import NOW, Client, make_settings
from tests.hostile.conftest import table_of
from tests.hostile.test_pages import PART, addresses, method_of
from workflow.accounts import service
from workflow.accounts.models import Account
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.database import Base
from workflow.base.events import Event
from workflow.base.jobs import Job
from workflow.base.running import drain
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit, detach_nudge
from workflow.cli.backup import make_backup
from workflow.demo.cast import PASSWORD
from workflow.demo.loading import load
from workflow.mail.models import Mail
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport, correct_person, register_person, reveal_person
from workflow.process.publishing import publish_definitions
from workflow.visas.opening import open_cases
from workflow.visits.delegation import add_member
from workflow.visits.models import Told, Visit, VisitAccess, VisitRequest
from workflow.web.database import db
from workflow.web.logs import set_up_logs

EMAIL, PHONE, BORN = "aylin.private@mail.example", "+90 532 000 11 22", "1961-02-28"


def secrets_of(session: Session) -> set[bytes]:
    """Give what is personal of all travellers and askers, as it would stand in clear."""
    found: set[str | None] = set(session.scalars(select(Passport.number)))
    for person in session.scalars(select(Person)):
        found |= {person.birth_date, person.birth_place, person.email, person.phone}
    for asked in session.scalars(select(VisitRequest)):
        found |= {asked.contact_email, asked.contact_phone}
    found |= {mail.text for mail in session.scalars(select(Mail))}
    found |= {told.address for told in session.scalars(select(Told))}
    session.rollback()
    return {text.encode() for text in found if text and len(text) > 5}


def add_private_person(session: Session) -> None:
    """Add a traveller with everything that is personal."""
    register_person(session, SYSTEM, clock.now(), {
        "latin_family": "PRIVATE", "latin_given": "AYLIN", "sex": "female", "citizenships": ["TR"],
        "birth_date": BORN, "birth_place": "Üsküdar-İstanbul", "email": EMAIL, "phone": PHONE})
    commit(session)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, in the form in which an installation writes it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    set_up_logs("DEBUG")
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def found_in(data: bytes, wanted: set[bytes]) -> set[bytes]:
    """Give the secrets that stand in clear in some bytes."""
    return {secret for secret in wanted if secret in data}


@pytest.mark.slow
def test_nothing_personal_is_readable_on_disk_in_logs_or_in_a_backup(
    empty_database: Path, tmp_path: Path, log: io.StringIO
) -> None:
    detach_nudge()
    settings = make_settings(tmp_path / "own")
    settings.data_dir.mkdir()
    shutil.copy(empty_database, settings.data_dir / "test.db")
    application = create_app(settings, testing=True)
    with application.app_context():
        own = Session(db.engine, expire_on_commit=False)
        publish_definitions(own, NOW)
        commit(own)
        load(own, NOW)
        add_private_person(own)
        drain(own, clock.now)
        wanted = secrets_of(own)
        numbers = {number.encode() for number in own.scalars(select(Passport.number))}
        own.close()
        make_backup(settings, NOW, tmp_path / "backup.tar.gz", progress=lambda _said: None)
        db.engine.dispose()
    assert {EMAIL.encode(), BORN.encode()} <= wanted
    assert len(wanted) > 20
    leaks = {place.name: found for place in sorted(settings.data_dir.rglob("*"))
             if place.is_file() and settings.mail_dir not in place.parents
             and (found := found_in(place.read_bytes(), wanted))}
    assert leaks == {}
    mailed = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in settings.mail_dir.glob("*.eml")]
    parts = b"".join(part.get_payload(decode=True) or b"" for mail in mailed for part in mail.walk())  # type: ignore[misc]
    assert len(mailed) > 3
    assert found_in(parts, numbers) == set()
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        members = {member.name: (archive.extractfile(member) or io.BytesIO()).read() for member in archive
                   if member.isfile()}
    assert len(members) > 3
    assert found_in(b"".join(members.values()), wanted) == set()
    keys = {*settings.fernet_keys, settings.secret_key, settings.index_key}
    assert found_in(b"".join(members.values()), {key.encode() for key in keys}) == set()
    assert found_in(log.getvalue().encode(), wanted) == set()


def test_refused_statement_shows_no_value_in_the_log(app: Flask, session: Session, log: io.StringIO) -> None:
    table, name = Base.metadata.tables["person"], "hidden".upper() + "NAME"  # whole in no line of a traceback
    with pytest.raises(SQLAlchemyError) as refused:
        session.execute(table.insert().values(latin_family="", native_given=name, created_at=clock.now()))
    session.rollback()
    logging.getLogger("workflow").error("request failed", exc_info=refused.value)
    assert name not in log.getvalue()
    assert "CHECK constraint failed" in log.getvalue()


def test_session_cookie_is_kept_from_scripts_and_other_sites(
    app: Flask, everybody: Account, settings: Settings
) -> None:
    browser = Client(app)
    answer = browser.post("/sign-in", {"email": everybody.email, "password": PASSWORD})
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("delegations=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secure = create_app(make_settings(settings.data_dir, base_url="https://delegations.city.example"), testing=True)
    said = Client(secure).post("/language/ru", {"back": "/"}).headers
    assert "Secure" in said["Set-Cookie"]
    assert said["Strict-Transport-Security"] == "max-age=31536000"
    with secure.app_context():
        db.engine.dispose()


def test_token_of_a_session_dies_with_it(app: Flask, browser: Client) -> None:
    stolen = browser.raw.get_cookie("delegations")
    assert stolen is not None
    assert browser.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("delegations", stolen.value)
    assert thief.get("/visits").status_code == 303


@pytest.mark.slow
def test_no_page_shows_a_secret_of_the_installation_or_a_hash(
    app: Flask, session: Session, browser: Client, settings: Settings
) -> None:
    hidden = {settings.secret_key, settings.index_key, *settings.fernet_keys, "$argon2", "gAAAAA"}
    hidden |= {row for (row,) in session.execute(select(Base.metadata.tables["stored_file"].c.token))}
    session.rollback()
    shown = {}
    for rule in app.url_map.iter_rules():
        if method_of(rule) != "GET" or rule.endpoint == "static" or any(
                table_of(name, rule.rule) is None for name in PART.findall(rule.rule)):
            continue
        for url in addresses(session, rule, most=1):
            text = browser.get(url).get_data().decode("utf-8", errors="replace")
            if found := [secret for secret in hidden if secret in text]:
                shown[url] = found
    assert shown == {}


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "X-Host", "Forwarded"])
def test_false_host_reaches_no_link_in_a_mail(
    app: Flask, session: Session, everybody: Account, settings: Settings, header: str
) -> None:
    thief = Client(app)
    token = thief.token()
    cookie = thief.raw.get_cookie("delegations")
    assert cookie is not None
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    before = {path.name for path in settings.mail_dir.glob("*.eml")}
    answer = app.test_client(use_cookies=False).post("/forgot", data={"email": everybody.email, "csrf_token": token},
                                                     headers={header: value, "Cookie": f"delegations={cookie.value}"})
    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"]
    drain(session, clock.now)
    (made,) = [path for path in settings.mail_dir.glob("*.eml") if path.name not in before]
    text = made.read_bytes()
    assert b"evil.example" not in text
    assert b"http://localhost/password/" in text.replace(b"=\r\n", b"").replace(b"=\n", b"")


ELSEWHERE = ("//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\n/evil.example",
             "\\/evil.example", "javascript:alert(1)", "/\r\nX-Evil: 1", "///evil.example", "/\u2028/evil.example",
             " //evil.example", "evil.example", "/%09/evil.example\x00")


@pytest.mark.slow
@pytest.mark.parametrize("onward", ELSEWHERE)
def test_nobody_is_led_to_another_site(app: Flask, everybody: Account, browser: Client, onward: str) -> None:
    stranger = Client(app)
    led = [
        stranger.post("/sign-in", {"email": everybody.email, "password": PASSWORD, "next": onward}).location,
        browser.get("/sign-in", query_string={"next": onward}).location,
        Client(app).post("/language/ru", {"back": onward}).location,
    ]
    assert [place for place in led if re.match(r"https?:|//|/[\\\t\n\r]|javascript:", place or "")] == []
    page = Client(app).get("/sign-in", query_string={"next": onward}).get_data(as_text=True)
    asked = [] if "\0" in onward else ["/"]  # an address with a NUL leads to no page at all
    assert re.findall(r'name="next" value="([^"]*)"', page) == asked


NUMBER, HOME = "ZQ48151623", "Moda Caddesi 42-108"


@pytest.fixture
def seeded(session: Session) -> set[bytes]:
    """A traveller of every living visit, with everything that is personal, corrected and looked at once."""
    now = clock.now()
    private = {"birth_date": BORN, "birth_place": "Üsküdar-İstanbul", "email": EMAIL, "phone": PHONE,
               "birth_place_latin": "USKUDAR-BORN", "home_address": HOME, "home_address_latin": "MODA HOME 42",
               "emergency_phone": "+90 532 999 88 77"}
    person = register_person(session, SYSTEM, now, {"latin_family": "PRIVATE", "latin_given": "AYLIN", "sex": "female",
                                                    "citizenships": ["TR"]})
    correct_person(session, SYSTEM, now, person, private)
    add_passport(session, SYSTEM, now, person, PassportData("TR", NUMBER))
    reveal_person(session, SYSTEM, now, person)
    for visit in session.scalars(select(Visit).where(Visit.standing == "live").order_by(Visit.id)):
        add_member(session, SYSTEM, now, visit, person, {})
        open_cases(session, SYSTEM, now, visit)
        for role in ("translator", "administrator"):
            session.add(VisitAccess(visit_id=visit.id, role=role, capacity="observer", granted_at=now))
    commit(session)
    drain(session, clock.now)
    return {text.encode() for text in (NUMBER, BORN, "28.02.1961", PHONE, EMAIL, HOME, "Üsküdar-İstanbul",
                                       "USKUDAR-BORN", "MODA HOME 42", "999 88 77")}


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.ADMINISTRATOR])
def test_translator_and_administrator_meet_no_personal_data_on_any_page(
    app: Flask, session: Session, seeded: set[bytes], role: Role, log: io.StringIO
) -> None:
    account = service.create_account(session, SYSTEM, clock.now(), email="one@city.example", name_ru="Один",
                                     name_en="One", roles=frozenset({role}), password=PASSWORD, locale="ru")
    commit(session)
    reader = Client(app)
    assert reader.post("/sign-in", {"email": account.email, "password": PASSWORD}).status_code == 303
    read, leaks = 0, {}
    for rule in app.url_map.iter_rules():
        if method_of(rule) != "GET" or rule.endpoint == "static" or any(
                table_of(name, rule.rule) is None for name in PART.findall(rule.rule)):
            continue
        for url in addresses(session, rule, most=3):
            answer = reader.get(url)
            read += answer.status_code == 200
            assert answer.status_code < 500, url
            if found := found_in(answer.get_data(), seeded):
                leaks[url] = found
    assert leaks == {}
    assert read > 10
    assert found_in(log.getvalue().encode(), seeded) == set()


def test_no_event_job_or_mail_holds_personal_data(session: Session, seeded: set[bytes], settings: Settings) -> None:
    kept = {f"event {one.kind}": f"{one.changes} {one.note}" for one in session.scalars(select(Event))}
    kept |= {f"job {one.kind}": f"{one.payload} {one.error} {one.key}" for one in session.scalars(select(Job))}
    kept |= {f"mail {one.kind}": f"{one.subject} {one.text} {one.html}" for one in session.scalars(select(Mail))}
    session.rollback()
    assert len(kept) > 20
    assert {name: found for name, text in kept.items() if (found := found_in(text.encode(), seeded))} == {}
    database = settings.data_dir / "test.db"
    for place in (database, database.with_name("test.db-wal")):
        assert found_in(place.read_bytes() if place.exists() else b"", seeded) == set()
