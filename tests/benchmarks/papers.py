"""Papers against WeasyPrint in the same run, where our time goes, memory, and the wait for one paper.

Ratios are of CPU time, which other work on the machine disturbs least, and beside it of the clock, where ours has two
processes as a worker has. The peer lays out fewer letters and is scaled.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from ctypes.util import find_library
from datetime import timedelta
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy.orm import Session

from tasks.celery_app import Pace, make_celery
from tasks.embedded import Embedded
from tasks.nudge import make_nudge
from tasks.runtime import make_runtime
from tasks.work import register
from tests.benchmarks.house import FilledHouse
from tests.benchmarks.letters import EN, RU, edition, facts, letter
from tests.benchmarks.line import Line
from tests.benchmarks.processes import cpu_of, peak_of
from tests.servers import wait_until
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.database import make_engine
from workflow.base.unit_of_work import attach_nudge, detach_nudge, unit_of_work
from workflow.papers import editions
from workflow.papers.approving import ask_for_layout
from workflow.papers.engine import Renderer
from workflow.papers.facts import collect
from workflow.papers.models import Paper, PaperText
from workflow.papers.rules import PaperState
from workflow.papers.service import draft_paper

LETTERS, PEER, WORKERS = 500, 24, 2
NEEDS = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0", "harfbuzz-subset": "libharfbuzz-subset0"}
FONTS = {"NotoSerif-Regular.ttf": "fonts-noto-core", "NotoSerifCJK-Regular.ttc": "fonts-noto-cjk"}
STAGED = 120


def lacking() -> str:
    """Say what WeasyPrint lacks here, so that it would be slow for no fault of its own; empty when nothing."""
    packages = [package for library, package in NEEDS.items() if not find_library(library)]
    packages += [package for name, package in FONTS.items() if not any(Path("/usr/share/fonts").rglob(name))]
    if packages:
        return f"apt install {' '.join(packages)}"
    return "" if find_spec("weasyprint") else "make bench installs weasyprint"


def _load() -> str:
    return f"{os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"


def _pid(renderer: Renderer) -> int:
    return renderer._child.pid if renderer._child else 0


def ours(count: int, *, same_text: bool) -> tuple[float, float, int, int]:
    """Lay letters out on two warm children; give CPU and wall seconds, peak megabytes, bytes of one.

    Raises:
        ValueError: a letter is longer than the one page that both are to make.
    """
    renderers = [Renderer() for _ in range(WORKERS)]
    letters = [letter(number, same_text=same_text) for number in range(count)]  # inventing texts is no part of it
    made: list[bytes] = []

    def work(worker: int) -> None:
        own = renderers[worker]
        made.extend(own.render(edition(one), facts(one), "pdf").data for one in letters[worker::WORKERS])

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(WORKERS)]
    first = letter(count + 1, same_text=same_text)
    for each in renderers:
        each.render(edition(first), facts(first), "pdf")
    before = sum(cpu_of(_pid(each)) for each in renderers)
    wall, cpu = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.process_time() - cpu + sum(cpu_of(_pid(each)) for each in renderers) - before
    elapsed, peak = time.perf_counter() - wall, max(peak_of(_pid(each)) for each in renderers)
    for each in renderers:
        each.close()
    if longer := sum(len(PdfReader(BytesIO(letter)).pages) != 1 for letter in made):
        raise ValueError(f"{longer} letters are not of one page")
    return taken, elapsed, peak, len(made[0])


def peer(count: int, *, same_text: bool) -> dict[str, Any]:
    """Have WeasyPrint lay letters out in as many processes at once as we do; give seconds for each letter.

    Raises:
        ValueError: a letter is longer than one page.
    """
    kind = "same" if same_text else "different"
    running = [
        subprocess.Popen([sys.executable, "-m", "tests.benchmarks.peer", str(worker * count), str(count), kind],
                         stdout=subprocess.PIPE, text=True)
        for worker in range(WORKERS)
    ]  # fmt: skip
    told = [json.loads(each.communicate()[0]) for each in running]
    if any(each["pages"] != count + 1 for each in told):
        raise ValueError("letters of the peer are not of one page")
    found = {name: statistics.mean(each[name] for each in told) for name in ("cpu", "wall")}
    return {**found, **{name: max(each[name] for each in told) for name in ("memory", "bytes")}}


def compared(count: int) -> list[Line]:
    """Letters with all texts different, and the real batch: one wording, different people."""
    if reason := lacking():
        return [Line("letters against WeasyPrint", f"not compared: {reason}", "compared", kept=False)]
    lines = []
    for same_text, what, goal in ((False, "all texts different", 14), (True, "one wording", 40)):
        before = peer(PEER // WORKERS, same_text=same_text)
        cpu, wall, peak, size = ours(count, same_text=same_text)
        after = peer(PEER // WORKERS, same_text=same_text)  # a machine is not equally free all the time
        theirs = {name: (before[name] + after[name]) / 2 for name in before}
        ratio, clock_ratio = theirs["cpu"] * count / cpu, theirs["wall"] * count / WORKERS / wall
        said = (
            f"{ratio:.1f} × less CPU, {clock_ratio:.1f} × on the clock: {cpu / count * 1000:.1f} ms a letter "
            f"({size // 1000} kB), {wall:.1f} s for {count} by {WORKERS}, load {_load()}"
            f"\n    WeasyPrint {theirs['cpu'] * 1000:.0f} ms ({theirs['bytes'] / 1000:.0f} kB), "
            f"{theirs['wall'] * count / WORKERS:.0f} s for {count} by {WORKERS} (scaled from {2 * PEER}), "
            f"{theirs['memory']:.0f} MB"
        )
        lines.append(Line(f"{count} letters, {what}", said, f"{goal} ×", ratio >= goal))
        lines.append(Line(f"one worker's memory, {what}", f"{peak} MB", "under 250 MB", peak < 250))
    return lines


def stages(count: int) -> list[Line]:
    """Where our time goes, in a process of its own: with all texts different, and in the real batch."""
    lines = []
    for kind, what in (("different", "all texts different"), ("same", "one wording")):
        done = subprocess.run([sys.executable, "-m", "tests.benchmarks.stages", str(count), kind], capture_output=True,
                              text=True, check=True)  # fmt: skip
        lines.append(Line(f"where it goes, {what}, CPU", done.stdout.strip(), "told", kept=True))
    return lines


def batch(count: int) -> list[Line]:
    """A batch from list to printed letters, in a process of its own: what a paper costs, and what the worker holds."""
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.batch", str(count)], capture_output=True, text=True,
                          check=True)  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    steps = ", ".join(f"{step} {taken:.0f} ms" for step, taken in found["own"].items())
    said = f"{steps} of its own; layout {found['child']:.0f} ms; binding {found['binding']:.0f} ms"
    worker, laying_out = found["worker"], found["memory"]
    return [
        Line(f"a batch of {count}, CPU a paper", said, "told", kept=True),
        Line(f"memory that lays out, after {count} papers", f"{laying_out} MB", "under 250 MB", laying_out < 250),
        Line("memory of the process that ran the batch", f"{worker} MB with this bench's imports", "told",
             kept=True),
    ]  # fmt: skip


def programme(times: int) -> list[Line]:
    """A programme of twelve pages, with other words every time; and what the worker holds after it."""
    renderer = Renderer()
    taken, spent, pages = [], [], 0
    for run in range(times + 2):
        told = _programme_facts(run)
        started, before = time.perf_counter(), time.process_time() + (cpu_of(_pid(renderer)) if run else 0)
        made = renderer.render(editions.edition("programme-guest", "ru"), told, "pdf")
        taken.append(time.perf_counter() - started)
        spent.append(time.process_time() + cpu_of(_pid(renderer)) - before)
        pages = len(PdfReader(BytesIO(made.data)).pages)
    peak = peak_of(_pid(renderer))
    renderer.close()
    median, cpu = statistics.median(taken[2:]), statistics.median(spent[2:])
    said = f"median {cpu:.2f} s CPU, {median:.2f} s on the clock"
    return [
        Line(f"a programme of {pages} pages", said, "under 0.3 s", median < 0.3 and pages >= 12),
        Line("one worker's memory with programmes", f"{peak} MB", "under 300 MB", peak < 300),
    ]


def _programme_facts(run: int) -> dict[str, Any]:
    def words(number: int, source: list[str], count: int) -> str:
        return " ".join(source[(number * 7 + run * 3 + step * 5) % len(source)] for step in range(count))

    def both(number: int, count: int) -> dict[str, str]:
        return {"ru": f"{words(number, RU, count)} {number}", "en": f"{words(number, EN, count)} {number}"}

    days = [
        {"date": f"2027-05-{day:02}", "items": [
            {"from": f"{9 + item // 2:02}:{item % 2 * 3}0", "to": f"{9 + item // 2:02}:{item % 2 * 3}5",
             "title": both(day * 20 + item, 4), "place": both(day + item, 2), "host": both(item, 2),
             "interpreter": None}
            for item in range(21)]}
        for day in range(1, 13)
    ]  # fmt: skip
    return {
        **facts(letter(run)),
        "partner": {"city": both(run, 1), "country": both(run, 1)},
        "visit": {"place": both(1, 1), "first_day": "2027-05-01", "last_day": "2027-05-12", "responsible": {}},
        "programme": {"days": days, "languages": ["en"]}, "delegation": {"head": {}, "members": [], "size": 0},
    }  # fmt: skip


def click(folder: Path, times: int) -> list[Line]:
    """From the commit that a click makes to the PDFs of both languages in the store, with an idle worker."""
    house = FilledHouse(folder / "click", 1)
    with ExitStack() as stack:
        runtime = make_runtime(house.settings, house.app)
        celery = make_celery(None, pace=Pace(*[timedelta(hours=1)] * 3))
        register(celery, runtime)
        embedded = Embedded(celery, runtime)
        embedded.start()
        attach_nudge(make_nudge(celery))
        stack.callback(embedded.stop)
        stack.callback(detach_nudge)
        engine = make_engine(house.settings.database_url)
        stack.callback(engine.dispose)
        taken = []
        with house.app.app_context(), Session(engine, expire_on_commit=False) as session:
            paper = _approved(session, house.visit_id)
            for _ in range(times + 2):
                started = time.perf_counter()
                with unit_of_work(session):
                    ask_for_layout(session, SYSTEM, clock.now(), paper)
                wait_until(lambda: _made(session, paper), seconds=30, what="the PDF")
                taken.append(time.perf_counter() - started)
    house.close()
    median = statistics.median(taken[2:])
    return [Line("from click to visible PDF, idle worker", f"median {median:.2f} s", "under 0.5 s", median < 0.5)]


def _approved(session: Session, visit_id: int) -> Paper:
    with unit_of_work(session):
        paper = draft_paper(session, SYSTEM, clock.now(), visit_id, "invitation", languages=["ru", "en"])
        kind = editions.kind(paper.kind)
        paper.facts = collect(session, clock.now(), visit_id, kind, paper.about, paper.issuing_body_id)
        paper.state, paper.code, paper.dated = PaperState.APPROVED, "K7QMP2XD9HTR", clock.now().date()
    return paper


def _made(session: Session, paper: Paper) -> bool:
    session.rollback()
    texts = session.query(PaperText).filter(PaperText.paper_id == paper.id).populate_existing().all()
    done = all(text.rendered_no == paper.render_no for text in texts)
    session.rollback()
    return done


def papers(folder: Path, times: int) -> list[Line]:
    """Measure all of it."""
    load = Line("load of the machine, five minutes", _load(), "told", kept=True)
    return [load, *compared(LETTERS), *stages(STAGED), *batch(LETTERS), *programme(times), *click(folder, times)]
