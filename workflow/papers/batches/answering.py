"""What recipients answer: recorded by hand, or by themselves over a personal link.

A link opens the answer of one recipient of one batch and nothing else, until it expires or is revoked. Opening it
changes nothing, for mail scanners open every link; only the form's button does.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.accounts.rules import new_token, token_hash
from workflow.base.actor import Actor, Permission, public
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.events import record
from workflow.knowledge.names import normalise
from workflow.mail.composing import page_address
from workflow.papers.batches.facts import SUBJECT
from workflow.papers.batches.models import AnswerLink, BatchRecipient, PaperBatch
from workflow.papers.batches.queries import get_recipient, live_link
from workflow.papers.batches.rules import Answer, AnswerBy, BatchState
from workflow.papers.sending.service import ANSWER_LINKS
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

LONGEST = timedelta(days=180)
SHORTEST = timedelta(days=7)
LIMITS = {"deputy": 200, "deputy_post": 300, "remark": 2000}


def expiry(now: datetime, visit: Visit) -> datetime:
    """When a link ends: as the visit begins, but after a week at least and half a year at most."""
    end = now + LONGEST
    if visit.arrival is not None:
        end = min(end, datetime.combine(visit.arrival, time(), ZoneInfo(visit.zone)))
    return max(end, now + SHORTEST)


def make_link(session: Session, actor: Actor, now: datetime, recipient_id: int, language: str) -> str:
    """Make the personal link of a recipient and give its address; links made before end now."""
    row = session.get_one(BatchRecipient, recipient_id)
    batch = session.get_one(PaperBatch, row.batch_id)
    visit = session.get_one(Visit, batch.visit_id)
    _end_links(session, now, row.id)
    token = new_token()
    session.add(AnswerLink(recipient_id=row.id, token_hash=token_hash(token), created_at=now,
                           expires_at=expiry(now, visit), language=language))  # fmt: skip
    session.flush()
    record(session, actor, now, "papers.answer-link.made", subject=row, visit_id=batch.visit_id)
    return page_address(f"/answer/{token}")


ANSWER_LINKS.add(SUBJECT, make_link)


def _end_links(session: Session, now: datetime, recipient_id: int) -> int:
    done = session.execute(
        update(AnswerLink)
        .where(AnswerLink.recipient_id == recipient_id, AnswerLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def revoke_link(session: Session, actor: Actor, now: datetime, recipient_id: int) -> None:
    """End a recipient's personal link.

    Raises:
        NotFound, Forbidden.
        Conflict: there is none that still opens.
    """
    row, batch = get_recipient(session, actor, recipient_id)
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    if not _end_links(session, now, row.id):
        raise Conflict("papers.no-answer-link")
    record(session, actor, now, "papers.answer-link.revoked", subject=row, visit_id=batch.visit_id)


def _write(session: Session, actor: Actor, now: datetime, row: BatchRecipient, batch: PaperBatch, answer: Answer,
           by: AnswerBy, said: dict[str, str]) -> None:  # fmt: skip
    texts = {name: normalise(said.get(name, "")) if name != "remark" else said.get(name, "").strip() for name in LIMITS}
    for name, text in texts.items():
        if len(text) > LIMITS[name]:
            raise Invalid("base.too-long", field=name, limit=LIMITS[name])
    if answer is Answer.DEPUTY and not texts["deputy"]:
        raise Invalid("papers.deputy-nameless", field="deputy")
    if answer is not Answer.DEPUTY:
        texts["deputy"] = texts["deputy_post"] = ""
    before = row.answer
    row.answer, row.answer_by = answer.value, by.value
    row.answer_text = {name: text for name, text in texts.items() if text} or None
    row.answered_at, row.answered_to = now, actor.account_id
    record(session, actor, now, "papers.answer.recorded", subject=row, visit_id=batch.visit_id,
           changes={"answer": (before, answer.value), "answer_by": (None, by.value)},
           personal=("answer_text",) if row.answer_text else ())  # fmt: skip


def record_answer(
    session: Session, actor: Actor, now: datetime, recipient_id: int, answer: Answer, by: AnswerBy, *, deputy: str = "",
    deputy_post: str = "", remark: str = "", version: int | None = None,
) -> BatchRecipient:  # fmt: skip
    """Record what a recipient answered by letter, mail, telephone or in person.

    Raises:
        NotFound, Forbidden, Stale.
        Conflict: their paper was not issued, so nobody can have answered it.
        Invalid: the way is not said, or a deputy without a name.
    """
    row, batch = get_recipient(session, actor, recipient_id)
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    if batch.state not in (BatchState.READY, BatchState.SIGNED):
        raise Conflict("papers.batch-not-out")
    expect_version(row, version)
    if answer is not Answer.NONE and by in (AnswerBy.NONE, AnswerBy.LINK):
        raise Invalid("papers.answer-way", field="by")
    _write(session, actor, now, row, batch, answer, by if answer else AnswerBy.NONE,
           {"deputy": deputy, "deputy_post": deputy_post, "remark": remark})  # fmt: skip
    return row


def takes_answers(visit: Visit, batch: PaperBatch) -> bool:
    """Say whether recipients may still answer: not when the visit or the batch is called off."""
    return visit.standing in (Standing.LIVE, Standing.POSTPONED) and batch.state != BatchState.CANCELLED


def answer_by_link(
    session: Session, now: datetime, token: str, answer: Answer, *, deputy: str = "", deputy_post: str = "",
    remark: str = "", version: int | None = None, request_id: str = "",
) -> BatchRecipient:  # fmt: skip
    """Take the answer of whoever holds a personal link; until the link ends they may change their mind.

    Raises:
        NotFound: the link opens nothing.
        Conflict: the visit is called off.
        Stale: they, or we for them, answered in another window meanwhile.
        Invalid: no answer chosen, a deputy without a name, or too much text.
    """
    _link, row, batch, visit = live_link(session, now, token)
    if not takes_answers(visit, batch):
        raise Conflict("papers.answers-closed")
    expect_version(row, version)
    if answer is Answer.NONE:
        raise Invalid("papers.answer-choose", field="answer")
    _write(session, public(request_id=request_id), now, row, batch, answer, AnswerBy.LINK,
           {"deputy": deputy, "deputy_post": deputy_post, "remark": remark})  # fmt: skip
    return row
