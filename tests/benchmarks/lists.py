"""A list of five thousand rows: previewed and imported, of strangers and of people whom we know already."""

from __future__ import annotations

import resource
from pathlib import Path

from sqlalchemy.orm import Session

from tests.benchmarks.line import Line
from tests.conftest import Make, build_tables, make_settings
from tests.lists.lists import list_of, person
from workflow.app import create_app
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.database import make_engine, use_wal
from workflow.base.files import Upload
from workflow.base.unit_of_work import commit
from workflow.cli.serving import spare_what_was_loaded
from workflow.visits.lists import service

ROWS = 5000


def cpu() -> float:
    """Give the seconds of CPU of this process and of its children so far."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def lists(folder: Path, _times: int) -> list[Line]:
    """Measure preview and import in CPU, the child's that opens the file too: of strangers, then of known people."""
    home = folder / "lists"
    home.mkdir()
    settings = make_settings(home)
    app = create_app(settings, testing=True)
    lines = []
    with app.app_context():
        build_tables(settings)
        spare_what_was_loaded()  # as every server does
        engine = make_engine(settings.database_url)
        use_wal(engine)
        with Session(engine, expire_on_commit=False) as session:
            make = Make(session)
            actor = make.actor(Role.COORDINATOR)
            changed = [person(number, post="Deputy mayor") for number in range(ROWS)]
            for what, rows in (("strangers", [person(number) for number in range(ROWS)]), ("known people", changed)):
                visit, data = make.visit(), list_of(rows)
                session.expunge_all()
                started = cpu()
                now = clock.now()
                found = service.receive_list(session, actor, now, visit, Upload("list.xlsx", data))
                _sheet, judged, compared = service.compare_list(session, found, visit, now)
                seen = cpu()
                service.import_list(session, actor, now, visit, found, version=None, seen=compared.seen, leaving={},
                                    reason="")  # fmt: skip
                commit(session)
                done = cpu()
                assert not judged.bad
                said = f"{seen - started:.1f} s preview, {done - seen:.1f} s import"
                lines.append(Line(f"a list of {ROWS} {what}", said, "under 3 s", done - started < 3))
        engine.dispose()
    return lines
