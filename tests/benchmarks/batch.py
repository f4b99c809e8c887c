"""A batch of invitations from its list to the printed letters: `python -m tests.benchmarks.batch COUNT`; prints JSON.

The jobs run in this process, as they do in a worker, so that its memory and CPU are the worker's and its child's.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from tests.benchmarks.processes import cpu_of, peak_of
from tests.conftest import Make, build_tables, make_settings
from tests.papers.conftest import set_up_office
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.files import Upload
from workflow.base.running import drain
from workflow.base.unit_of_work import commit
from workflow.papers.batches import recipients, service
from workflow.papers.engine import RENDERER
from workflow.web.database import db

STEPS: dict[str, Callable[..., Any]] = {
    "draft": service.start_drafts, "submit": service.submit_batch, "approve": service.approve_batch,
    "sign": service.sign_batch,
}  # fmt: skip


def _child() -> int:
    return RENDERER._child.pid if RENDERER._child else 0


def _ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _list(count: int) -> Upload:
    """Every second one is a Russian mayor, the others are abroad."""
    rows = [
        f"Гость {number},Мэр,Администрация города {number},Город {number},ru" if number % 2
        else f"Guest {number},Mayor,City {number},City {number},en"
        for number in range(1, count + 1)
    ]  # fmt: skip
    return Upload("list.csv", "\n".join(["ФИО,Должность,Организация,Город,Язык", *rows]).encode())


def run(folder: Path, count: int) -> dict[str, Any]:
    """Take the batch through; give milliseconds of CPU a paper by step, and megabytes."""
    settings = make_settings(folder)
    application = create_app(settings, testing=True)
    own: dict[str, float] = {}
    with application.app_context():
        build_tables(settings)
        session = Session(db.engine, expire_on_commit=False)
        set_up_office(session, clock.now())
        make = Make(session)
        manager = make.actor(Role.MANAGER)
        visit = make.visit(country="RU", title_ru="День города", title_en="City Day", purpose="праздник",
                           responsible_id=manager.account_id)  # fmt: skip
        batch = service.create_batch(session, manager, clock.now(), visit.id, "invitation-event")
        recipients.receive_list(session, manager, clock.now(), batch.id, _list(count))
        recipients.take_list(session, manager, clock.now(), batch.id, language="ru")
        commit(session)
        for name, step in STEPS.items():
            started = time.process_time()
            step(session, manager, clock.now(), batch.id)
            commit(session)
            with Session(db.engine, expire_on_commit=False) as worker:
                drain(worker, clock.now, limit=100_000)
            own[name] = (time.process_time() - started) / count * 1000
            session.expire_all()
        if (batch.state, batch.letters) != ("signed", count):
            raise RuntimeError(f"the batch ended as {batch.state} with {batch.letters} letters")
        child, memory = cpu_of(_child()), peak_of(_child())
        session.close()
    RENDERER.close()
    return {
        "own": own, "child": child / count * 1000, "binding": (_ended() - child) / count * 1000, "memory": memory,
        "worker": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def main() -> None:
    """Run it in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="delegations-batch-") as folder:
        sys.stdout.write(json.dumps(run(Path(folder), int(sys.argv[1]))) + "\n")


if __name__ == "__main__":
    main()
