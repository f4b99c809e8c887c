"""The approval sheet of a paper: who is asked to check it, in which order, and what still keeps it from approval.

Городское делопроизводство calls it «лист согласования»: lawyers, protocol and finance agree, agree with a remark, or
refuse (ГОСТ Р 7.0.97-2016, 5.17; Правила делопроизводства, 2019).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.actor import ROLE_PERMISSIONS, Actor, Permission
from workflow.base.errors import Invalid
from workflow.base.events import record
from workflow.mail.service import Recipient, queue_mail
from workflow.papers import editions
from workflow.papers.models import Paper, PaperCheck
from workflow.papers.rules import CheckDecision
from workflow.visits.models import Visit
from workflow.visits.rules import Capacity
from workflow.visits.service import grant_access

MOST = 20


def live_checks(paper: Paper) -> list[PaperCheck]:
    """The lines of the sheet that count, in their order."""
    live = [each for each in paper.checks if each.voided_at is None]
    return sorted(live, key=lambda each: (each.place, each.id or 0))


def pending_checks(paper: Paper) -> list[PaperCheck]:
    """The lines that keep the paper from approval: nobody has decided them yet, or somebody refused."""
    return [each for each in live_checks(paper) if each.decision in (CheckDecision.OPEN, CheckDecision.REFUSED)]


def checkers(paper: Paper) -> list[int]:
    """The accounts that check this paper or checked it before, in order: who is proposed when it is handed in again."""
    chosen = sorted(paper.checks, key=lambda each: (each.place, each.id or 0))
    return list(dict.fromkeys(each.account_id for each in chosen))


def unasked(paper: Paper) -> list[int]:
    """The accounts whose decision is void since the text was changed, and who were not asked again yet."""
    asked = {each.account_id for each in live_checks(paper)}
    return [account_id for account_id in checkers(paper) if account_id not in asked]


def void_checks(session: Session, actor: Actor, now: datetime, paper: Paper) -> int:
    """Void what was decided of a paper whose text has changed; the lines stay readable. Give how many."""
    decided = [each for each in live_checks(paper) if each.decision != CheckDecision.OPEN]
    for each in decided:
        each.voided_at = now
    if decided:
        session.flush()
        record(session, actor, now, "papers.checks.voided", subject=paper, visit_id=paper.visit_id,
               changes={"checks": (len(decided), 0)})  # fmt: skip
    return len(decided)


def ask_for_checks(
    session: Session, actor: Actor, now: datetime, paper: Paper, account_ids: Sequence[int], *, in_order: bool
) -> None:
    """Name who checks a paper that is handed in; what they decided of the same text before still counts.

    Raises:
        Invalid: one of them cannot read papers, is the one who hands it in, or there are too many.
    """
    wanted = list(dict.fromkeys(account_ids))
    _judge(session, actor, wanted)
    there = {each.account_id: each for each in live_checks(paper)}
    for account_id, check in there.items():
        if check.decision == CheckDecision.REFUSED:
            check.voided_at = now
        elif check.decision == CheckDecision.OPEN:
            paper.checks.remove(check)
        elif account_id in wanted:
            check.place = wanted.index(account_id) + 1
    session.flush()
    kept = {each.account_id for each in live_checks(paper)}
    for place, account_id in enumerate(wanted, start=1):
        if account_id not in kept:
            paper.checks.append(PaperCheck(account_id=account_id, place=place))
    paper.checks_in_order = in_order
    session.flush()
    if wanted:
        record(session, actor, now, "papers.checks.asked", subject=paper, visit_id=paper.visit_id,
               changes={"checks": (None, len(wanted))})  # fmt: skip
    ask_next(session, actor, now, paper)


def _judge(session: Session, actor: Actor, wanted: Sequence[int]) -> None:
    if len(wanted) > MOST:
        raise Invalid("papers.too-many-checkers", field="checkers", limit=MOST)
    known = people(session, wanted)
    for account_id in wanted:
        one = known.get(account_id)
        roles = one.roles if one is not None and one.active else frozenset()
        if not any(Permission.PAPERS_READ in ROLE_PERMISSIONS[role] for role in roles):
            raise Invalid("papers.no-checker", field="checkers")
        if account_id == actor.account_id:
            raise Invalid("papers.checks-own", field="checkers")


def ask_next(session: Session, actor: Actor, now: datetime, paper: Paper) -> None:
    """Ask those whose turn it is: the next in order once the one before has agreed, or all at once."""
    pending = pending_checks(paper)
    turn = pending[:1] if paper.checks_in_order else pending
    for check in turn:
        if check.asked_at is None and check.decision == CheckDecision.OPEN:
            check.asked_at = now
            session.flush()
            grant_access(session, now, paper.visit_id, check.account_id, Capacity.OBSERVER, reason=f"paper:{paper.id}")
            before = any(each.account_id == check.account_id and each.voided_at is not None for each in paper.checks)
            tell(session, actor, now, paper, "paper_check", [check.account_id], f"check.{check.id}", again=before)


def tell(
    session: Session, actor: Actor, now: datetime, paper: Paper, template: str, account_ids: Sequence[int | None],
    mark: str, *, remark: str = "", outcome: str = "", again: bool = False,
) -> None:
    """Mail people of the house about the checks of a paper, each in their own language."""
    visit = session.get(Visit, paper.visit_id)
    kind = editions.kind(paper.kind)
    known = people(session, [*account_ids, actor.account_id])
    by = known.get(actor.account_id or 0)
    for account_id in dict.fromkeys(account_ids):
        one = known.get(account_id or 0)
        if one is None or not one.active or one.id == actor.account_id:
            continue
        language = one.locale
        values = {
            "name": one.name(language), "paper": kind.title(language), "subject": paper.subject,
            "visit": visit.title(language) if visit else "", "by": by.name(language) if by else "",
            "remark": remark, "outcome": outcome, "again": again, "path": f"/papers/{paper.id}",
        }  # fmt: skip
        queue_mail(session, now, template, Recipient(one.email, one.name(language), language, one.id), values,
                   key=f"papers.{paper.id}.{mark}.{one.id}", visit_id=paper.visit_id,
                   request_id=actor.request_id)  # fmt: skip
