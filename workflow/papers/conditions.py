"""What the process asks of papers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, Reason, Where
from workflow.papers import editions
from workflow.papers.models import Paper
from workflow.papers.rules import ISSUED, PaperState

_NOT_YET: Mapping[str, str] = {
    PaperState.DRAFT: "papers.reason-draft",
    PaperState.RETURNED: "papers.reason-returned",
    PaperState.SUBMITTED: "papers.reason-submitted",
    PaperState.APPROVED: "papers.reason-approved",
    PaperState.SIGNED: "papers.reason-signed",
}
_ORDER = list(_NOT_YET)


def _ask(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any], met: frozenset[PaperState]
) -> Mapping[int, Sequence[Reason]]:
    kind = editions.kind(str(params["kind"]))
    rows = session.execute(
        select(Paper.visit_id, Paper.id, Paper.state)
        .where(Paper.visit_id.in_(list(visit_ids)), Paper.kind == kind.key)
        .order_by(Paper.id)
    ).all()
    best: dict[int, tuple[str, int]] = {}
    done: set[int] = set()
    for row in rows:
        if row.state in met:
            done.add(row.visit_id)
        elif row.state in _ORDER:
            best[row.visit_id] = max((row.state, row.id), best.get(row.visit_id, (row.state, row.id)),
                                     key=lambda one: (_ORDER.index(PaperState(one[0])), one[1]))  # fmt: skip
    named = {"kind": dict(kind.titles)}
    answers: dict[int, Sequence[Reason]] = {}
    for visit_id in visit_ids:
        if visit_id in done:
            answers[visit_id] = ()
        elif visit_id in best:
            state, paper_id = best[visit_id]
            answers[visit_id] = [Reason(_NOT_YET[state], named, Where("papers.paper", {"paper_id": paper_id}))]
        else:
            where = Where("papers.index", {"visit_id": visit_id, "kind": kind.key}, "draft")
            answers[visit_id] = [Reason("papers.reason-none", named, where)]
    return answers


def paper_signed(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Say for which visits a paper of `kind` is signed (or sent)."""
    return _ask(session, visit_ids, params, frozenset(ISSUED))


def paper_sent(session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]) -> Mapping[int, Sequence[Reason]]:
    """Say for which visits a paper of `kind` was sent."""
    return _ask(session, visit_ids, params, frozenset({PaperState.SENT}))


CONDITIONS: dict[str, ConditionCheck] = {"papers.paper_signed": paper_signed, "papers.paper_sent": paper_sent}
