"""Eight who approve at the same moment: no gap, no twin."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from tests.servers import both_databases
from workflow.base.errors import Conflict, Invalid
from workflow.base.unit_of_work import unit_of_work
from workflow.papers import approving, issuing, service
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.rules import NumberSource
from workflow.web.database import db


def together(app: Flask, runs: list[Callable[[Session], Any]]) -> list[Any]:
    barrier = threading.Barrier(len(runs))
    results: list[Any] = [None] * len(runs)

    def go(at: int) -> None:
        with app.app_context():
            own = Session(db.engine, expire_on_commit=False)
            barrier.wait()
            try:
                with unit_of_work(own):
                    results[at] = runs[at](own)
            except Exception as error:  # noqa: BLE001 - the test looks at whatever came
                results[at] = error
            finally:
                own.close()

    threads = [threading.Thread(target=go, args=(at,)) for at in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@both_databases
def test_eight_approvals_at_once_take_eight_numbers_in_a_row(
    app: Flask, session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any]
) -> None:
    ids = [submitted().id for _ in range(8)]

    def approve(paper_id: int) -> Callable[[Session], Any]:
        own = Numbering(NumberSource.OWN)
        return lambda one: approving.approve_paper(one, desk.manager, now, paper_id, numbering=own).number

    results = together(app, [approve(paper_id) for paper_id in ids])
    assert sorted(results) == [f"01-12/{n}" for n in range(1, 9)]


@both_databases
def test_two_managers_who_decide_one_paper_make_one_decision(
    app: Flask, session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any]
) -> None:
    paper_id = submitted().id
    own = Numbering(NumberSource.OWN)
    results = together(app, [
        lambda one: approving.approve_paper(one, desk.manager, now, paper_id, numbering=own).number,
        lambda one: approving.approve_paper(one, desk.manager, now, paper_id, numbering=own).number,
        lambda one: service.return_paper(one, desk.manager, now, paper_id, "нет").state,
    ])  # fmt: skip
    assert sum(isinstance(result, Conflict) for result in results) == 2
    session.expire_all()
    state, number = session.execute(select(Paper.state, Paper.number)).one()
    assert (state, number) in {("approved", "01-12/1"), ("returned", "")}


def test_a_number_comes_back_when_the_approval_fails(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any]
) -> None:
    first, second = submitted(), submitted()
    approving.approve_paper(session, desk.manager, now, first.id, numbering=Numbering(NumberSource.OWN))
    session.rollback()
    with unit_of_work(session):
        approving.approve_paper(session, desk.manager, now, second.id, numbering=Numbering(NumberSource.OWN))
    assert second.number == "01-12/1"


def test_paper_decided_from_another_zone_bears_the_offices_day_and_the_number_of_its_year(
    session: Session, desk: Desk, submitted: Callable[..., Any]
) -> None:
    night = datetime(2027, 12, 31, 19, tzinfo=UTC)  # 22:00 in Stavropol, in Zhenjiang already the new year
    abroad = replace(desk.manager, zone="Asia/Shanghai")
    paper = submitted()
    approving.approve_paper(session, abroad, night, paper.id, numbering=Numbering(NumberSource.OWN))
    assert (paper.dated, paper.number, paper.number_year) == (date(2027, 12, 31), "01-12/1", 2027)
    with pytest.raises(Invalid):
        issuing.record_signed(session, abroad, night, paper.id, signed_on=date(2028, 1, 1))
    issuing.record_signed(session, abroad, night, paper.id)
    assert paper.signed_on == date(2027, 12, 31)
