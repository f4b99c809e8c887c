"""The demo stands after one call, and a second changes nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOW, Client, make_settings
from workflow.accounts import passwords
from workflow.accounts.models import Account
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.database import Base, make_engine
from workflow.base.jobs import Job, oldest_due_at
from workflow.base.running import drain
from workflow.base.settings import Settings
from workflow.demo import loading
from workflow.demo.cast import CONTACTS, OFFICE, PARTNERS, PASSWORD, STAFF
from workflow.demo.travellers import TRAVELLERS
from workflow.office import queries as office_queries
from workflow.papers.models import Paper
from workflow.people.models import Person
from workflow.translations.models import Assignment
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.models import Member, Visit, VisitRequest
from workflow.web.database import db

HERE = Path(__file__).resolve().parents[2] / "workflow" / "demo"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hashers", [PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """The folder of an installation with the demo just loaded, its jobs still to do; each test works on a copy."""
    folder = tmp_path_factory.mktemp("loaded")
    (folder / "test.db").write_bytes(empty_database.read_bytes())
    application = create_app(make_settings(folder), testing=True)
    with clock.frozen_at(NOW), application.app_context():
        with Session(db.engine, expire_on_commit=False) as own:
            assert loading.load(own, NOW)
        db.engine.dispose()
    return folder


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The demo's installation where a test asks for it, otherwise an empty one."""
    source = request.getfixturevalue("loaded" if "demo" in request.fixturenames else "empty_database")
    if source.is_dir():
        copytree(source, tmp_path, dirs_exist_ok=True)
    else:
        (tmp_path / "test.db").write_bytes(source.read_bytes())
    return make_settings(tmp_path)


@pytest.fixture
def demo(session: Session) -> Iterator[Session]:
    yield session
    session.rollback()


def test_demo_is_loaded_once(demo: Session) -> None:
    counts = [demo.scalar(select(func.count()).select_from(table)) for table in (Account, Visit, VisitRequest)]
    assert not loading.load(demo, clock.now())
    assert counts == [7, 58, 14]
    assert [demo.scalar(select(func.count()).select_from(table)) for table in (Account, Visit, VisitRequest)] == counts


def test_work_of_the_played_past_is_due_now_and_no_sign_of_a_stopped_worker(demo: Session) -> None:
    assert oldest_due_at(demo, clock.now()) == clock.now()


def test_visits_stand_at_different_stages_relative_to_today(demo: Session) -> None:
    today = date(2027, 3, 15)
    rows = demo.scalars(select(Visit).where(Visit.source == "").order_by(Visit.id)).all()
    standing = [(row.process_key, row.stage, row.standing) for row in rows]
    assert standing == [
        ("incoming", "preparing", "live"), ("incoming", "invited", "live"), ("incoming", "preparing", "live"),
        ("outgoing", "preparing", "live"), ("courtesy-call", "opened", "live"), ("online-meeting", "agreed", "live"),
        ("incoming", "debrief", "live"), ("incoming", "opened", "postponed"), ("incoming", "invited", "live"),
        ("outgoing", "composing", "live"), ("outgoing", "closed", "closed"),
    ]  # fmt: skip
    by_process = {row.title_en: row for row in rows}
    call = by_process["Courtesy call of the Consul General of Greece"]
    assert call.arrival == today + timedelta(days=1)
    over_a_border = [number for number, row in enumerate(rows) if row.crosses_border]
    assert over_a_border == [0, 1, 2, 7, 8, 9]


def test_light_visit_has_no_visa_case_and_guests_from_abroad_have(demo: Session) -> None:
    cases = demo.execute(
        select(Visit.title_en, func.count())
        .join(Member, Member.visit_id == Visit.id)
        .join(VisaCase, VisaCase.member_id == Member.id)
        .group_by(Visit.title_en)
        .order_by(Visit.title_en)
    ).tuples()
    assert list(cases) == [
        ("Experts from Britain and Greece at the Healthy Cities conference", 2),
        ("Festival in Pazardzhik", 4),
        ("Visit of the Kadıköy delegation", 4),
    ]
    papers = demo.execute(select(Paper.kind, Paper.state).order_by(Paper.id)).tuples()
    assert list(papers) == [("invitation", "draft"), ("invitation", "submitted"), ("order-sending", "submitted")]
    assert sorted(demo.scalars(select(Assignment.state))) == ["claimed", "draft", "open"]


def test_second_border_and_citizen_of_two_countries_can_be_seen(
    demo: Session, run_jobs: Callable[[], int], client_as: Callable[..., Any]
) -> None:
    trip = demo.scalars(select(Visit).where(Visit.title_en == "Festival in Pazardzhik")).one()
    expert = demo.scalars(select(VisaCase).join(Member, Member.id == VisaCase.member_id)
                          .join(Person, Person.id == Member.person_id)
                          .where(Person.latin_given == "HARRIET JANE")).one()  # fmt: skip
    case = f"/visits/{expert.visit_id}/visas/{expert.id}"
    passports = demo.execute(
        select(VisaCase.destination, VisaCase.state, ChecklistItem.state)
        .join(ChecklistItem, ChecklistItem.case_id == VisaCase.id)
        .where(VisaCase.visit_id == trip.id, ChecklistItem.code == "passport").order_by(VisaCase.id)
    ).tuples()
    assert sorted(passports) == [
        ("BG", "collecting", "missing"), ("BG", "collecting", "received"),
        ("TR", "collecting", "missing"), ("TR", "collecting", "received"),
    ]  # fmt: skip
    demo.rollback()
    run_jobs()
    browser = client_as(Role.COORDINATOR)
    page = browser.get(case).text
    ways = page[page.index('id="ways"'):page.index('id="routes"')]
    assert re.findall(r'<h4 id="way-\d" class="card-title">(\w+)', ways) == ["Великобритания", "Ирландия"]
    assert ways.count("Единая электронная виза") == 1
    borders = browser.get(f"/visits/{trip.id}/visas").text
    assert "обратный рейс через Стамбул, встреча в Кадыкёе" in borders
    assert borders.count("→ Турция") >= 2


def test_everybody_signs_in_and_sees_what_is_theirs(demo: Session, app: Flask, run_jobs: Callable[[], int]) -> None:
    demo.rollback()
    run_jobs()
    assert demo.execute(select(Job.kind, Job.state).where(Job.state.in_(["failed", "uncertain"]))).all() == []
    demo.rollback()
    seen = {}
    for role, email, password in loading.users():
        browser = Client(app)
        assert browser.post("/sign-in", {"email": email, "password": password}).status_code == 303
        page = browser.get("/")
        assert page.status_code == 200
        seen[role] = page.text
    assert set(seen) == set(Role)
    assert "День города Грозного" in seen["manager"]
    assert "Визит делегации Кадыкёя" in seen["coordinator"]
    assert "Справка о службе 112 для гостей" in seen["translator"]


def test_office_and_series_are_set_up(demo: Session) -> None:
    office = office_queries.office(demo)
    assert office is not None
    assert office.pack_key == "ru-municipal"
    assert [row.key for row in office_queries.series(demo, 1)] == ["orders", "outgoing"]
    order = office_queries.signatory_for(demo, "order-sending")
    letter = office_queries.signatory_for(demo, "invitation")
    assert order is not None
    assert letter is not None
    assert (order.name_ru[:6], letter.name_ru[:6]) == ("Белова", "Климов")


def test_nothing_invented_could_reach_anybody() -> None:
    texts: list[Any] = [OFFICE, PARTNERS, CONTACTS, [player.email for player in STAFF]]
    said = repr(texts)
    assert all(address.endswith(".example") for address in re.findall(r"[\w.]+@([\w.-]+)", said))
    for number in re.findall(r"\+\d[\d ()-]{6,}", said):
        assert re.sub(r"\D", "", number)[-5:].strip("0") in {"", "1"}, number
    for travellers in TRAVELLERS.values():
        assert all("00000" in traveller.number for traveller in travellers)
    assert PASSWORD not in (HERE / "upcoming.py").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.postgres
def test_demo_stands_on_postgresql_too(app: Flask, postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as own:
        assert loading.load(own, clock.now())
        assert own.scalar(select(func.count()).select_from(Visit)) == 58
        own.rollback()
        drain(own, clock.now)
        assert (
            own.execute(select(Job.kind, Job.error).where(Job.state.in_(["failed", "uncertain", "open"]))).all() == []
        )
    engine.dispose()
