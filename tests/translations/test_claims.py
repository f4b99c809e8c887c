"""Fifty translators claim twenty assignments at once: twenty claims, thirty clear refusals, on both databases."""

import threading
from collections import Counter

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.servers import both_databases
from tests.translations.conftest import Stage
from workflow.base import clock
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict
from workflow.base.unit_of_work import unit_of_work
from workflow.translations import service
from workflow.translations.models import Assignment
from workflow.translations.rules import AssignmentState
from workflow.visits.models import VisitAccess
from workflow.web.database import db

CLAIMERS, ASSIGNMENTS = 50, 20


@both_databases
def test_each_assignment_is_claimed_once_and_every_loser_reads_who(app: Flask, stage: Stage) -> None:
    rows = [stage.at(AssignmentState.OPEN) for _ in range(ASSIGNMENTS)]
    people = [stage.make.actor(Role.TRANSLATOR) for _ in range(CLAIMERS)]
    start = threading.Barrier(CLAIMERS)
    won: list[tuple[int, int]] = []
    lost: list[Conflict] = []
    broken: list[BaseException] = []

    def claim(actor: Actor, key: int) -> None:
        with app.app_context():
            own = Session(db.engine, expire_on_commit=False)
            try:
                start.wait(60)
                with unit_of_work(own):
                    service.claim_assignment(own, actor, clock.now(), key)
                won.append((key, actor.account_id or 0))
            except Conflict as refusal:
                lost.append(refusal)
            except BaseException as fault:  # noqa: BLE001 - the test shows whatever went wrong
                broken.append(fault)
            finally:
                own.close()

    threads = [threading.Thread(target=claim, args=(actor, rows[number % ASSIGNMENTS].id))
               for number, actor in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert broken == []
    assert Counter(key for key, _ in won) == Counter(row.id for row in rows)
    stage.session.expire_all()
    holders = dict(stage.session.execute(select(Assignment.id, Assignment.translator_id)).all())
    assert holders == dict(won)
    names = {one.account_id: one.name for one in people}
    assert Counter(refusal.code for refusal in lost) == {"translations.already-claimed": CLAIMERS - ASSIGNMENTS}
    assert {refusal.params["who"]["ru"] for refusal in lost} <= {names[holder] for holder in holders.values()}
    assert {refusal.params["at"] for refusal in lost} == {stage.now}
    granted = stage.session.execute(select(VisitAccess.reason, VisitAccess.account_id)
                                    .where(VisitAccess.capacity == "translator")).all()
    assert dict(granted) == {f"assignment:{key}": holder for key, holder in won}
