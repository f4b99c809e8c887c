"""`kill -9` of the worker in the middle of a batch: no paper twice, no gap in the numbers, each letter once."""

from __future__ import annotations

import io
import os
import random
import signal
import time
import zipfile
from collections import Counter

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.conftest import Make
from tests.faults.conftest import House
from tests.papers.conftest import set_up_office
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import Actor, Role
from workflow.base.files import Upload, read_file
from workflow.base.unit_of_work import unit_of_work
from workflow.papers.batches import recipients, service
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.queries import recipients_of
from workflow.papers.batches.rules import CHUNK
from workflow.papers.models import Paper, PaperText

pytestmark = [pytest.mark.slow, pytest.mark.redis]

SEED = 20270612
KILLS = 3
RECIPIENTS = 2 * CHUNK + 5


def _begin(house: House) -> tuple[int, Actor]:
    with house.app.app_context(), house.session() as session:
        now = clock.now()
        set_up_office(session, now)
        make = Make(session)
        manager = make.actor(Role.MANAGER)
        visit = make.visit(country="RU", title_ru="День города", title_en="City Day", purpose="празднование",
                           responsible_id=manager.account_id)  # fmt: skip
        with unit_of_work(session):
            batch = service.create_batch(session, manager, now, visit.id, "invitation-event")
            rows = [f"Гость {number},Мэр,Город {number},Город {number}" for number in range(1, RECIPIENTS + 1)]
            listed = "\n".join(["ФИО,Должность,Организация,Город", *rows]).encode()
            recipients.receive_list(session, manager, now, batch.id, Upload("list.csv", listed))
            recipients.take_list(session, manager, now, batch.id, language="ru")
            assert [row.problems for row in recipients_of(session, batch.id) if row.faulty] == []
            service.start_drafts(session, manager, now, batch.id)
        return batch.id, manager


def _state(house: House, batch_id: int) -> tuple[str, str, bool]:
    with house.session() as session:
        row = session.execute(
            select(PaperBatch.state, PaperBatch.doing, PaperBatch.stopped).where(PaperBatch.id == batch_id)
        ).one()
        return row[0], row[1], row[2]


@both_databases
def test_worker_killed_in_the_middle_of_a_batch(house: House) -> None:
    chance = random.Random(SEED)
    batch_id, manager = _begin(house)
    if house.redis is not None:
        house.start("scheduler")
    done, kills = False, 0
    deadline = time.monotonic() + 300
    worker = house.start_workers()
    kill_at = time.monotonic() + chance.uniform(2.0, 4.0)
    while not done and time.monotonic() < deadline:
        time.sleep(0.1)
        state, doing, stopped = _state(house, batch_id)
        assert not stopped
        if not doing and state in ("drafted", "submitted"):
            act = service.submit_batch if state == "drafted" else service.approve_batch
            with house.session() as session, house.app.app_context(), unit_of_work(session):
                act(session, manager, clock.now(), batch_id)
        done = (state, doing) == ("ready", "")
        if kills < KILLS and time.monotonic() > kill_at and doing:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(20)
            kills += 1
            house.expire_leases()
            worker = house.start_workers()
            kill_at = time.monotonic() + chance.uniform(1.5, 3.0)
    assert done, house.log("up") + house.log("worker")
    assert kills == KILLS
    with house.session() as session, house.app.app_context():
        batch = session.get_one(PaperBatch, batch_id)
        rows = recipients_of(session, batch_id)
        papers = session.scalars(select(Paper).order_by(Paper.id)).all()
        assert len(papers) == RECIPIENTS
        assert sorted(paper.id for paper in papers) == sorted(row.paper_id or 0 for row in rows)
        assert Counter(paper.about_id for paper in papers) == Counter(row.id for row in rows)
        numbers = {row.id: session.get_one(Paper, row.paper_id).number for row in rows}
        assert list(numbers.values()) == [f"01-12/{number}" for number in range(1, RECIPIENTS + 1)]
        assert session.scalars(select(PaperText.rendered_no)).all() == [1] * RECIPIENTS
        assert session.scalars(select(BatchRecipient.faulty)).all() == [False] * RECIPIENTS
        assert batch.print_file_id is not None
        assert batch.archive_file_id is not None
        printed = PdfReader(io.BytesIO(read_file(session, batch.print_file_id)[1]))
        pages = [page.extract_text() for page in printed.pages]
        names = zipfile.ZipFile(io.BytesIO(read_file(session, batch.archive_file_id)[1])).namelist()
    firsts = [page for page in pages if "01-12/" in page]
    assert len(firsts) == RECIPIENTS
    assert [number for number, page in enumerate(firsts, 1) if f"01-12/{number}" not in page] == []
    assert len(set(names)) == RECIPIENTS
