"""What the process asks of papers: conditions and the job that drafts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.jobs import Job, enqueue
from workflow.base.unit_of_work import commit
from workflow.papers import approving, issuing
from workflow.papers.conditions import paper_sent, paper_signed
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.rules import How, NumberSource

KIND = {"kind": "invitation"}
OWN = Numbering(NumberSource.OWN)


def codes(answers: Any) -> dict[int, list[str]]:
    return {visit_id: [reason.code for reason in reasons] for visit_id, reasons in answers.items()}


def test_conditions_say_how_far_the_paper_has_come(
    session: Session, desk: Desk, make: Make, now: datetime, submitted: Callable[..., Any]
) -> None:
    visit, other = desk.visit.id, make.visit().id

    def said() -> tuple[list[str], list[str]]:
        return codes(paper_signed(session, [visit], KIND))[visit], codes(paper_sent(session, [visit], KIND))[visit]

    assert said() == (["papers.reason-none"], ["papers.reason-none"])
    paper = submitted()
    assert said() == (["papers.reason-submitted"], ["papers.reason-submitted"])
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    assert said() == (["papers.reason-approved"], ["papers.reason-approved"])
    issuing.record_signed(session, desk.coordinator, now, paper.id)
    assert said() == ([], ["papers.reason-signed"])
    issuing.record_sent(session, desk.coordinator, now, paper.id, How.HAND, to_whom="x")
    assert said() == ([], [])
    assert codes(paper_sent(session, [visit, other], KIND)) == {visit: [], other: ["papers.reason-none"]}
    issuing.revoke_paper(session, desk.manager, now, paper.id, "x")
    assert said() == (["papers.reason-none"], ["papers.reason-none"])


def test_a_stage_drafts_one_paper_however_often_it_asks(
    session: Session, desk: Desk, now: datetime, run_jobs: Callable[[], int]
) -> None:
    for turn in range(2):
        enqueue(session, now, "papers.draft", f"draft.{turn}", {"visit_id": desk.visit.id, "kind": "order-receiving"})
    commit(session)
    run_jobs()
    assert session.scalar(select(func.count(Paper.id))) == 1


def test_a_draft_of_an_unknown_kind_is_listed_for_staff(
    session: Session, desk: Desk, now: datetime, run_jobs: Callable[[], int]
) -> None:
    enqueue(session, now, "papers.draft", "draft.x", {"visit_id": desk.visit.id, "kind": "bogus"})
    commit(session)
    run_jobs()
    job = session.scalars(select(Job).where(Job.key == "draft.x")).one()
    assert (job.state, job.error) == ("failed", "papers.unknown-kind")
