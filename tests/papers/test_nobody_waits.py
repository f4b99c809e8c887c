"""While the child process works, no transaction is open: on SQLite everybody else may write."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.lists.lists import HEADINGS, person, xlsx
from tests.papers.conftest import Desk
from tests.servers import both_databases
from workflow.base.actor import Role
from workflow.base.jobs import Job, enqueue
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.papers import jobs
from workflow.papers.batches import service as batches
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.engine import Renderer
from workflow.papers.models import Paper, PaperText
from workflow.visits.lists import spreadsheets
from workflow.visits.models import MemberList
from workflow.web.database import db

Run = Callable[[], int]


@pytest.fixture
def works(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the child processes did; each time another writer has been at the database, without waiting for anybody."""
    done: list[str] = []
    with app.app_context():
        engine = db.engine

    def look(what: str) -> None:
        assert engine.pool.checkedout() == 0, f"a transaction is open while {what} is done"  # type: ignore[attr-defined]
        if settings.database_url.startswith("sqlite"):
            with closing(sqlite3.connect(str(make_url(settings.database_url).database), timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("CREATE TABLE IF NOT EXISTS written_meanwhile (at INTEGER)")
                other.commit()
        done.append(what)

    ask, ask_list = Renderer._ask, spreadsheets._ask
    monkeypatch.setattr(Renderer, "_ask", lambda own, order: (look(order["do"]), ask(own, order))[1])
    monkeypatch.setattr(spreadsheets, "_ask", lambda data: (look("open"), ask_list(data))[1])
    return done


@both_databases
def test_a_paper_is_drafted_redrafted_and_gets_a_language(
    session: Session, desk: Desk, client_as: Callable[..., Client], works: list[str]
) -> None:
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/visits/{desk.visit.id}/papers", {"kind": "invitation", "languages": "en"}).status_code == 303
    paper = session.scalars(select(Paper)).one()
    number = paper.id
    assert "Kadıköy" in paper.texts[0].text
    assert browser.post(f"/papers/{number}/languages", {"language": "ru"}).status_code == 303
    session.expire_all()
    version = paper.lock_version
    assert browser.post(f"/papers/{number}/redraft", {"version": str(version)}).status_code == 303
    made = browser.post(f"/visits/{desk.visit.id}/papers", {"kind": "letter-thanks"})
    assert made.status_code == 303
    session.expire_all()
    assert sorted(row.language for row in session.get_one(Paper, number).texts) == ["en", "ru"]
    assert works == ["draft"] * (1 + 1 + 2 + 2)


def test_the_interface_drafts_once_and_says_the_same_again_for_the_same_key(
    session: Session, desk: Desk, client_as: Callable[..., Client], works: list[str]
) -> None:
    browser = client_as(Role.COORDINATOR)
    asked = {"json": {"kind": "invitation", "languages": ["en"]},
             "headers": {"X-CSRFToken": browser.token(), "Idempotency-Key": "once"}}  # fmt: skip
    answers = [browser.raw.post(f"/api/v1/visits/{desk.visit.id}/papers", **asked) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert (len(session.scalars(select(Paper.id)).all()), works) == (1, ["draft"])


def test_facts_that_change_while_the_words_are_written_are_in_the_words(
    session: Session, desk: Desk, client_as: Callable[..., Client], works: list[str], settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    look = Renderer._ask

    def meanwhile(own: Renderer, order: dict[str, Any]) -> Any:
        answer = look(own, order)
        if len(works) == 1:
            with closing(sqlite3.connect(str(make_url(settings.database_url).database), timeout=0)) as other:
                other.execute("UPDATE visit SET purpose_en = 'a school exchange', lock_version = lock_version + 1")
                other.commit()
        return answer

    monkeypatch.setattr(Renderer, "_ask", meanwhile)
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/visits/{desk.visit.id}/papers", {"kind": "invitation", "languages": "en"}).status_code == 303
    assert works == ["draft", "draft"]
    words = session.scalars(select(PaperText.text)).one()
    assert "school exchange" in words
    assert "co-operation in education" not in words


def test_a_stage_has_its_paper_drafted_by_a_worker(
    session: Session, desk: Desk, now: datetime, run_jobs: Run, works: list[str]
) -> None:
    enqueue(session, now, jobs.DRAFT, "draft", {"visit_id": desk.visit.id, "kind": "letter-thanks"})
    enqueue(session, now, jobs.DRAFT, "twice", {"visit_id": desk.visit.id, "kind": "letter-thanks"})
    enqueue(session, now, jobs.DRAFT, "none", {"visit_id": desk.visit.id, "kind": "no-such-kind"})
    commit(session)
    run_jobs()
    assert session.scalars(select(Paper.kind)).all() == ["letter-thanks"]
    states = dict(session.execute(select(Job.key, Job.state).where(Job.kind == jobs.DRAFT)).tuples().all())
    assert (states, works) == ({"draft": "done", "twice": "done", "none": "failed"}, ["draft", "draft"])


def test_a_list_of_recipients_is_opened_checked_and_drafted(
    session: Session, desk: Desk, now: datetime, client_as: Callable[..., Client], run_jobs: Run, works: list[str]
) -> None:
    batch = batches.create_batch(session, desk.coordinator, now, desk.visit.id, "invitation-event")
    commit(session)
    number = batch.id
    browser = client_as(Role.COORDINATOR)
    listed = xlsx(("Name", "Organisation", "City", "Language"), ("Anna Berg", "City of Oslo", "Oslo", "en"),
                  ("Иванов Иван", "Мэрия", "Грозный", "ru"))  # fmt: skip
    assert browser.post(f"/batches/{number}/list", {"file": (BytesIO(listed), "list.xlsx")}).status_code == 303
    assert works == ["open"]
    session.expire_all()
    version = session.get_one(PaperBatch, number).lock_version
    session.rollback()
    taken = browser.post(f"/batches/{number}/list/take", {"language": "en", "version": str(version)})
    assert taken.status_code == 303
    assert session.scalars(select(BatchRecipient.position).order_by(BatchRecipient.position)).all() == [1, 2]
    session.rollback()
    added = browser.post(f"/batches/{number}/recipients/new", {"name": "Oleg Ivanov", "language": "en", "city": "Oslo"})
    assert added.status_code == 303
    works.clear()
    release_problems(session, number)
    assert browser.post(f"/batches/{number}/start").status_code == 303
    session.rollback()
    run_jobs()
    assert session.get_one(PaperBatch, number).state == "drafted"
    assert len(set(session.scalars(select(PaperText.text)))) == 3
    assert set(works) == {"draft"}


def release_problems(session: Session, batch_id: int) -> None:
    """Show what is wrong with rows, if anything: the test's own list must have no faults."""
    session.expire_all()
    wrong = session.scalars(select(BatchRecipient.problems).where(BatchRecipient.batch_id == batch_id)).all()
    assert wrong == [None] * len(wrong)
    session.rollback()


def test_a_text_for_the_translator_is_made_of_a_draft(
    session: Session, desk: Desk, client_as: Callable[..., Client], works: list[str]
) -> None:
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/visits/{desk.visit.id}/papers", {"kind": "letter-thanks"}).status_code == 303
    works.clear()
    asked = {"title": "Письмо", "paper": str(session.scalars(select(Paper.id)).one()), "source_language": "ru"}
    sent = browser.post(f"/visits/{desk.visit.id}/translations/new", asked)
    assert (sent.status_code, works) == (303, ["render"])
    assert session.scalar(text("SELECT count(*) FROM stored_file")) == 1


@both_databases
def test_a_partners_list_is_opened(
    session: Session, desk: Desk, client_as: Callable[..., Client], works: list[str]
) -> None:
    listed = xlsx(HEADINGS, person(1), person(2))
    path = f"/visits/{desk.visit.id}/members/import"
    sent = client_as(Role.COORDINATOR).post(path, {"file": (BytesIO(listed), "list.xlsx")})
    assert (sent.status_code, works) == (303, ["open"])
    assert len(session.scalars(select(MemberList)).one().sheet["tables"][0]["rows"]) == 3
