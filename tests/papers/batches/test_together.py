"""What a chunk of a batch does once for all its papers: told by counting statements and jobs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.papers.batches.stages import submitted_batch
from tests.papers.batches.test_batches import BatchOf, Run
from tests.papers.conftest import Desk
from workflow.base.jobs import Job
from workflow.base.search import SearchEntry
from workflow.base.unit_of_work import commit
from workflow.papers.batches import service
from workflow.papers.batches.queries import papers_of_batch
from workflow.papers.batches.rules import CHUNK

LISTED = re.compile(r"\((\?|%\([^)]+\)s)(, (\?|%\([^)]+\)s))*\)")
"""The values of a list in a statement: as many as there are papers."""
PER_PAPER = 27
"""Statements that one paper more may cost from approval to the printed letter."""


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that any connection runs meanwhile."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def approve(session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run, count: int) -> Any:
    batch = batch_of(count)
    submitted_batch(session, desk, now, batch, run_jobs)
    service.approve_batch(session, desk.manager, now, batch.id)
    commit(session)
    with counted() as seen:
        run_jobs()
    session.expire_all()
    assert (batch.state, batch.letters) == ("ready", count)
    return batch, Counter(LISTED.sub("(?)", " ".join(one.split())) for one in seen)


def test_one_paper_more_costs_a_bounded_number_of_statements(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    _, few = approve(session, desk, now, batch_of, run_jobs, 4)
    _, many = approve(session, desk, now, batch_of, run_jobs, 14)
    for_ten_more = many - few
    assert sum(for_ten_more.values()) <= 10 * PER_PAPER, for_ten_more.most_common(40)
    alike = ("FROM wording", "FROM visit_basis", "FROM programme_item", "INSERT INTO job", "UPDATE job")
    assert [one for one in for_ten_more if any(each in one for each in alike)] == []


def test_the_index_is_told_of_a_chunk_once_and_finds_every_number(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Callable[[], int]
) -> None:
    batch, _ = approve(session, desk, now, batch_of, run_jobs, CHUNK + 3)
    states = session.scalars(select(Job.state).where(Job.kind == "papers.index")).all()
    assert states == ["done"] * 4  # two chunks drafted, two approved
    papers = papers_of_batch(session, batch.id).values()
    entries = session.scalars(select(SearchEntry).where(SearchEntry.kind == "paper"))
    titles = {entry.thing_id: entry.title_ru for entry in entries}
    assert len(papers) == CHUNK + 3
    assert {paper.id for paper in papers} == titles.keys()
    assert [titles[paper.id] for paper in papers if f"№ {paper.number}" not in titles[paper.id]] == []


def test_jobs_of_single_papers_are_never_asked_for(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Callable[[], int]
) -> None:
    approve(session, desk, now, batch_of, run_jobs, 3)
    kinds = set(session.scalars(select(Job.kind)))
    assert kinds.isdisjoint({"papers.try_layout", "papers.render_pdf"})
