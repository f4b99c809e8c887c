"""What people do with an invitation: say by when an answer is wanted, record the answer."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import expect_version, insert_or_ignore
from workflow.base.errors import Forbidden, Invalid
from workflow.base.events import changed, record
from workflow.base.reasons import DueItem, Sentence, Where
from workflow.invitations.models import Invitation
from workflow.invitations.queries import invitation_of
from workflow.invitations.rules import Answer, Channel, is_answered, reply_by_fault
from workflow.reminders.service import sync_due
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit

SOURCE = "invitations"
CHECK = "invitations.no_answer"
MAX_NOTE = 2000


def ensure_invitation(session: Session, now: datetime, visit_id: int) -> Invitation:
    """Give a visit's invitation, made now if there is none; two at once make one."""
    row = invitation_of(session, visit_id)
    if row is None:
        insert = insert_or_ignore(session)
        session.execute(
            insert(Invitation)
            .values(visit_id=visit_id, answer="", channel="", created_at=now, lock_version=1)
            .on_conflict_do_nothing(index_elements=["visit_id"])
        )
        row = invitation_of(session, visit_id)
    assert row is not None  # noqa: S101 - it was just made
    return row


def _open(
    session: Session, actor: Actor, now: datetime, visit_id: int, version: int | None
) -> tuple[Visit, Invitation]:
    visit = get_visit(session, actor, visit_id)
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    row = ensure_invitation(session, now, visit.id)
    expect_version(row, version, {"reply_by": row.reply_by, "answer": row.answer, "note": row.note})
    return visit, row


def set_reply_by(
    session: Session, actor: Actor, now: datetime, visit_id: int, reply_by: date | None, *, version: int | None = None
) -> Invitation:
    """Say by when an answer is wanted; the letter says so, and somebody is reminded of it.

    Raises:
        NotFound, Forbidden, Stale.
        Invalid: the day is past, or not before the visit.
    """
    visit, row = _open(session, actor, now, visit_id, version)
    if reply_by is not None and reply_by != row.reply_by:
        fault = reply_by_fault(reply_by, today=local_date(now, actor.zone), arrival=visit.arrival)
        if fault:
            raise Invalid(fault, field="reply_by")
    differences = changed(row, {"reply_by": reply_by})
    if differences:
        record(session, actor, now, "invitations.reply-by.set", subject=row, visit_id=visit.id, changes=differences)
    sync_answer_due(session, now, row)
    return row


def record_answer(
    session: Session,
    actor: Actor,
    now: datetime,
    visit_id: int,
    answer: Answer,
    *,
    channel: Channel = Channel.NONE,
    answered_on: date | None = None,
    note: str = "",
    version: int | None = None,
) -> Invitation:
    """Record what the partner answered and how, or that there was silence.

    Raises:
        NotFound, Forbidden, Stale.
        Invalid: an answer without its channel, or on a day to come.
    """
    visit, row = _open(session, actor, now, visit_id, version)
    today = local_date(now, actor.zone)
    if is_answered(answer) and channel is Channel.NONE:
        raise Invalid("invitations.channel-required", field="channel")
    if answered_on is not None and answered_on > today:
        raise Invalid("invitations.day-ahead", field="answered_on")
    if len(note) > MAX_NOTE:
        raise Invalid("base.too-long", field="note", limit=MAX_NOTE)
    said = is_answered(answer)
    differences = changed(
        row,
        {
            "answer": answer.value,
            "channel": channel.value if said else "",
            "answered_on": (answered_on or today) if said else None,
        },
    )
    words = note.strip() or None
    personal = ["note"] if words != row.note else []
    row.note, row.recorded_at, row.recorded_by = words, now, actor.account_id
    record(
        session, actor, now, "invitations.answer.recorded", subject=row, visit_id=visit.id, changes=differences,
        personal=personal,
    )  # fmt: skip
    sync_answer_due(session, now, row)
    return row


def sync_answer_due(session: Session, now: datetime, row: Invitation) -> None:
    """Keep the reminder of a missing answer in line with the invitation."""
    session.flush()
    items = []
    if row.reply_by is not None and not is_answered(row.answer):
        items = [
            DueItem(
                key="answer", title=Sentence("invitations.answer-due"), due_on=row.reply_by, check=CHECK,
                subject=("invitation", row.id), where=Where("invitations.show", {"visit_id": row.visit_id}),
            )
        ]  # fmt: skip
    sync_due(session, now, source=SOURCE, visit_id=row.visit_id, items=items)
