"""What a checker does with a paper: agree, agree with a remark, or refuse."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.papers.checks import ask_next, live_checks, pending_checks, tell
from workflow.papers.models import PaperCheck
from workflow.papers.rules import CheckDecision, PaperAct
from workflow.papers.service import open_paper


def decide_check(
    session: Session, actor: Actor, now: datetime, paper_id: int, decision: CheckDecision, remark: str = "", *,
    version: int | None = None,
) -> PaperCheck:
    """Write a checker's line of the approval sheet. A remark says what was noticed; a refusal says why.

    Raises:
        NotFound: no such paper for this actor.
        Conflict: the paper does not wait, or nothing is asked of this actor now.
        Stale: it was taken back and handed in anew meanwhile, so other words may stand in it.
        Invalid: a remark is wanted.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.CHECK, version=version)
    check = next((each for each in live_checks(paper) if each.account_id == actor.account_id), None)
    if check is None:
        raise Conflict("papers.check-not-asked")
    if check.decision != CheckDecision.OPEN:
        raise Conflict("papers.check-decided")
    if check.asked_at is None:
        raise Conflict("papers.check-not-yet")
    words = remark.strip()
    if not words and decision in (CheckDecision.REMARKED, CheckDecision.REFUSED):
        raise Invalid("papers.check-remark", field="remark")
    if len(words) > 2000:
        raise Invalid("base.too-long", field="remark", limit=2000)
    if decision is CheckDecision.AGREED and words:
        decision = CheckDecision.REMARKED
    written = session.execute(
        update(PaperCheck)
        .where(PaperCheck.id == check.id, PaperCheck.decision == CheckDecision.OPEN.value,
               PaperCheck.voided_at.is_(None))
        .values(decision=decision.value, decided_at=now, remark=words)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if not written.rowcount:  # type: ignore[attr-defined]
        raise Conflict("papers.check-decided")
    session.refresh(check)
    record(session, actor, now, f"papers.check.{decision.value}", subject=paper, visit_id=paper.visit_id, note=words)
    if decision is CheckDecision.REFUSED:
        tell(session, actor, now, paper, "paper_checked", [paper.submitted_by], f"refused.{check.id}", remark=words,
             outcome="refused")  # fmt: skip
    else:
        ask_next(session, actor, now, paper)
        if not pending_checks(paper):
            tell(session, actor, now, paper, "paper_checked", [paper.submitted_by], f"checked.{check.id}",
                 remark=words, outcome="agreed")  # fmt: skip
    return check
