"""What an actor can do with a paper now: by its state, by what it has, by permission, and by what is asked of them."""

from collections.abc import Set

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.papers import editions
from workflow.papers.checks import live_checks
from workflow.papers.models import Paper
from workflow.papers.numbering import numbers_at
from workflow.papers.rules import MOVES, CheckDecision, PaperAct, PaperState, acts
from workflow.papers.signing import current_signer


def allowed_acts(session: Session, actor: Actor, paper: Paper, *, being_replaced: bool) -> Set[PaperAct]:
    """The acts that are offered; an act that is not here is refused with its reason."""
    kind = editions.kind(paper.kind)
    found = {
        act
        for act in acts(
            PaperState(paper.state), numbered=kind.numbered, has_number=bool(paper.number),
            has_scan=paper.scan_file_id is not None, being_replaced=being_replaced,
        )
        if actor.may(MOVES[act].permission)
    }  # fmt: skip
    if not _is_asked(actor, paper):
        found.discard(PaperAct.CHECK)
    at_signature = kind.numbered and numbers_at(session, paper, kind) == "signature"
    if paper.state == PaperState.APPROVED:
        if at_signature:
            found.discard(PaperAct.NUMBER)
        if paper.signature is not None:
            found -= {PaperAct.SIGN, PaperAct.SIGN_ELECTRONICALLY, PaperAct.NUMBER}
        if current_signer() is None or (kind.numbered and not paper.number and not at_signature):
            found.discard(PaperAct.SIGN_ELECTRONICALLY)
    if paper.signature is not None:
        found.discard(PaperAct.ADD_SCAN)
    return found


def _is_asked(actor: Actor, paper: Paper) -> bool:
    return any(
        each.account_id == actor.account_id and each.decision == CheckDecision.OPEN and each.asked_at is not None
        for each in live_checks(paper)
    )
