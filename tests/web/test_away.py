"""The database stops or has no room, the disk is full: people are told politely, and nobody restarts anything."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.servers import both_databases, free_port
from workflow.app import create_app
from workflow.base.actor import Role
from workflow.base.database import make_engine
from workflow.base.files import FileStore, use_store
from workflow.base.settings import Settings
from workflow.visits.models import VisitRequest
from workflow.web.database import db

LETTER = {
    "title_ru": "Визит делегации", "asking_body": "Kadıköy Belediyesi", "country": "TR", "direction": "incoming",
    "date_from": "2027-05-12", "date_to": "2027-05-15", "size": "6", "purpose": "обмен опытом", "basis_kind": "request",
    "incoming_number": "214", "incoming_date": "2027-03-12",
}  # fmt: skip


@pytest.fixture
def without_database(settings: Settings) -> Iterator[Flask]:
    """An application whose PostgreSQL is stopped."""
    away = replace(settings, database_url=f"postgresql+psycopg://office@127.0.0.1:{free_port()}/office")
    application = create_app(away, testing=True)
    application.testing = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("language", "title"), [("en", "Not available for a moment"), ("ru", "Сейчас недоступно")])
def test_page_says_that_the_database_is_away_and_when_to_come_again(
    without_database: Flask, language: str, title: str
) -> None:
    page = without_database.test_client().get("/sign-in", headers={"Accept-Language": language})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "15")
    assert f"<h1>{title}</h1>" in page.get_data(as_text=True)
    assert "127.0.0.1" not in page.get_data(as_text=True)
    assert page.headers["X-Request-Id"] in page.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/api/v1/visits", "/healthz", "/readyz"])
def test_programs_are_told_that_the_database_is_away_in_their_own_language(without_database: Flask, path: str) -> None:
    answer = without_database.test_client().get(path, headers={"Authorization": "Bearer dlg_x"})
    assert answer.status_code == 503
    assert answer.mimetype in ("application/json", "application/problem+json")


@both_databases
def test_full_disk_is_said_and_no_half_of_the_change_stays(
    app: Flask, client_as: Callable[..., Client], session: Session
) -> None:
    clerk = client_as(Role.COORDINATOR)
    app.testing = False
    use_store(_FullDisk(Path("unused")))
    answer = clerk.post("/requests/new", {**LETTER, "scan": (BytesIO(b"%PDF-1.7 scan"), "letter.pdf")},
                        content_type="multipart/form-data", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "диске" in answer.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(VisitRequest)) == 0


def test_database_without_room_refuses_whole_changes_only(
    app: Flask, client_as: Callable[..., Client], session: Session, settings: Settings
) -> None:
    clerk = client_as(Role.COORDINATOR)
    app.testing = False
    pages = session.scalar(text("PRAGMA page_count"))
    session.rollback()
    with app.app_context():
        engine = db.engines[None] = make_engine(settings.database_url)

    @event.listens_for(engine, "connect")
    def shut(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    statuses = []
    for number in map(str, range(30)):
        given = LETTER | {"title_ru": f"Визит {number}", "incoming_number": number, "purpose": "мост " * 300}
        statuses.append(clerk.post("/requests/new", given).status_code)
    assert set(statuses) == {303, 503}
    assert session.scalar(select(func.count()).select_from(VisitRequest)) == statuses.count(303)
    engine.dispose()


class _FullDisk(FileStore):
    """A store on a disk that is full: the kernel itself says so."""

    def write(self, data: bytes) -> str:
        """Write where there is never room."""
        with Path("/dev/full").open("wb") as file:
            file.write(data)
        raise AssertionError("/dev/full took it")
