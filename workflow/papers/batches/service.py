"""What people do with a batch: begin it, start the drafts, hand in, decide once, sign, prepare mails, cancel."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import expect_version, lock_row
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.events import record
from workflow.office.queries import our_zone
from workflow.papers.batches.checking import check_rows
from workflow.papers.batches.models import PaperBatch
from workflow.papers.batches.queries import batch_kinds, get_batch, recipients_of
from workflow.papers.batches.rules import APPROVERS, DECIDED, BatchAct, BatchState, Doing, refusal
from workflow.papers.batches.working import begin
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing

NEVER_BEFORE = timedelta(days=366)


def open_batch(
    session: Session, actor: Actor, batch_id: int, act: BatchAct, *, version: int | None = None
) -> PaperBatch:
    """Load a batch for an act and hold it against others who act: seen, allowed, in the right state and version.

    Raises:
        NotFound, Forbidden, Conflict, Stale: which of these fails.
    """
    batch = get_batch(session, actor, batch_id)
    if not actor.may(Permission.PAPERS_APPROVE if act in APPROVERS else Permission.PAPERS_WRITE):
        raise Forbidden
    lock_row(session, PaperBatch, batch.id)
    code = refusal(BatchState(batch.state), Doing(batch.doing), act, stopped=batch.stopped)
    if code:
        raise Conflict(code)
    expect_version(batch, version)
    return batch


def _note(session: Session, actor: Actor, now: datetime, batch: PaperBatch, what: str, **more: Any) -> None:
    record(session, actor, now, what, subject=batch, visit_id=batch.visit_id, **more)


def create_batch(session: Session, actor: Actor, now: datetime, visit_id: int, kind: str, *, title: str = ""
                 ) -> PaperBatch:  # fmt: skip
    """Begin a batch of a kind of paper for a visit.

    Raises:
        NotFound, Forbidden.
        Invalid: papers of this kind are not made for recipients.
        Conflict: the visit is over.
    """
    visit = get_visit(session, actor, visit_id)
    if not actor.may(Permission.PAPERS_WRITE):
        raise Forbidden
    if kind not in batch_kinds():
        raise Invalid("papers.unknown-kind", field="kind")
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")
    words = " ".join(title.split()) or batch_kinds()[kind].title(actor.locale)
    if len(words) > 300:
        raise Invalid("base.too-long", field="title", limit=300)
    batch = PaperBatch(visit_id=visit.id, kind=kind, title=words, created_at=now, created_by=actor.account_id)
    session.add(batch)
    session.flush()
    _note(session, actor, now, batch, "papers.batch.created", changes={"kind": (None, kind)})
    return batch


def check_batch(session: Session, actor: Actor, now: datetime, batch_id: int) -> int:
    """Check every recipient again, keep what is wrong with each, and give how many have something wrong.

    Raises:
        NotFound, Forbidden, Conflict.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.START)
    return check_rows(session, now, batch, recipients_of(session, batch.id))


def start_drafts(session: Session, actor: Actor, now: datetime, batch_id: int, *, version: int | None = None
                 ) -> PaperBatch:  # fmt: skip
    """Check every recipient, and have the drafts written when nothing is wrong with any (`check_batch` tells what).

    Raises:
        NotFound, Forbidden, Stale.
        Conflict: nobody is listed, rows have faults, or it is not the time.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.START, version=version)
    rows = recipients_of(session, batch.id)
    if not rows:
        raise Conflict("papers.batch-empty")
    faulty = check_rows(session, now, batch, rows)
    if faulty:
        raise Conflict("papers.batch-faulty", count=faulty)
    begin(session, actor, now, batch, Doing.DRAFT)
    _note(session, actor, now, batch, "papers.batch.started", changes={"recipients": (None, len(rows))})
    return batch


def submit_batch(session: Session, actor: Actor, now: datetime, batch_id: int, *, version: int | None = None
                 ) -> PaperBatch:  # fmt: skip
    """Hand the drafts in for one decision.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.SUBMIT, version=version)
    batch.submitted_at, batch.submitted_by, batch.remark = now, actor.account_id, ""
    begin(session, actor, now, batch, Doing.SUBMIT)
    _note(session, actor, now, batch, "papers.batch.submitted")
    return batch


def take_batch_back(session: Session, actor: Actor, now: datetime, batch_id: int, *, version: int | None = None
                    ) -> PaperBatch:  # fmt: skip
    """Take the drafts back for more work before they are decided on.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.TAKE_BACK, version=version)
    begin(session, actor, now, batch, Doing.TAKE_BACK)
    _note(session, actor, now, batch, "papers.batch.taken-back")
    return batch


def return_batch(session: Session, actor: Actor, now: datetime, batch_id: int, remark: str, *,
                 version: int | None = None) -> PaperBatch:  # fmt: skip
    """Send the drafts back with a remark.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
        Invalid: no remark.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.RETURN, version=version)
    batch.remark = _words(remark, "papers.remark-required", "remark")
    begin(session, actor, now, batch, Doing.TAKE_BACK)
    _note(session, actor, now, batch, "papers.batch.returned", note=batch.remark)
    return batch


def _words(text: str, missing: str, field: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid(missing, field=field)
    if len(words) > 1000:
        raise Invalid("base.too-long", field=field, limit=1000)
    return words


def approve_batch(session: Session, actor: Actor, now: datetime, batch_id: int, *, dated: date | None = None,
                  version: int | None = None) -> PaperBatch:  # fmt: skip
    """Approve all papers of a batch by one decision: a worker numbers them without a gap, and lays them out.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
        Invalid: the date cannot be meant.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.APPROVE, version=version)
    today = local_date(now, our_zone(session))
    if dated is not None and not today - NEVER_BEFORE <= dated <= today + NEVER_BEFORE:
        raise Invalid("papers.date-implausible", field="dated")
    batch.state, batch.dated = BatchState.APPROVED, dated or today
    batch.approved_at, batch.approved_by = now, actor.account_id
    begin(session, actor, now, batch, Doing.ISSUE)
    _note(session, actor, now, batch, "papers.batch.approved", changes={"dated": (None, batch.dated)})
    return batch


def retry_batch(session: Session, actor: Actor, now: datetime, batch_id: int, *, version: int | None = None
                ) -> PaperBatch:  # fmt: skip
    """Go on with work that stopped, or try those papers again that could not be made.

    Papers not approved yet are decided on again, so that takes somebody who approves.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.RETRY, version=version)
    doing = Doing(batch.doing)
    if not doing:
        if not actor.may(Permission.PAPERS_APPROVE):
            raise Forbidden
        doing = Doing.ISSUE
        batch.approved_at, batch.approved_by = now, actor.account_id
    for row in recipients_of(session, batch.id):
        row.faulty, row.problems = False, None
    begin(session, actor, now, batch, doing)
    _note(session, actor, now, batch, "papers.batch.retried")
    return batch


def sign_batch(session: Session, actor: Actor, now: datetime, batch_id: int, *, signed_on: date | None = None,
               version: int | None = None) -> PaperBatch:  # fmt: skip
    """Record that all papers of a batch were signed.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
        Invalid: the day lies ahead, or long before the approval.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.SIGN, version=version)
    today = local_date(now, our_zone(session))
    day = signed_on or today
    if day > today:
        raise Invalid("papers.day-ahead", field="signed_on")
    if day < today - NEVER_BEFORE:
        raise Invalid("papers.date-implausible", field="signed_on")
    batch.signed_on = day
    begin(session, actor, now, batch, Doing.SIGN)
    _note(session, actor, now, batch, "papers.batch.signed", changes={"signed_on": (None, day)})
    return batch


def queue_batch(session: Session, actor: Actor, now: datetime, batch_id: int, *, version: int | None = None
                ) -> PaperBatch:  # fmt: skip
    """Have a mail prepared for each recipient with an address; they wait in the sending queue for somebody's release.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.QUEUE, version=version)
    begin(session, actor, now, batch, Doing.QUEUE)
    _note(session, actor, now, batch, "papers.batch.queued")
    return batch


def cancel_batch(session: Session, actor: Actor, now: datetime, batch_id: int, reason: str, *,
                 version: int | None = None) -> PaperBatch:  # fmt: skip
    """Cancel a batch, also in the middle of the work: drafts are deleted, numbered papers annulled with the reason.

    Raises:
        NotFound, Conflict, Stale.
        Forbidden: numbered papers are annulled only by somebody who approves.
        Invalid: no reason.
    """
    batch = open_batch(session, actor, batch_id, BatchAct.CANCEL, version=version)
    if batch.state in DECIDED and not actor.may(Permission.PAPERS_APPROVE):
        raise Forbidden("papers.batch-cancel-approver")
    batch.remark = _words(reason, "papers.reason-required", "reason")
    if batch.state == BatchState.LISTING and not batch.doing:
        batch.state, batch.preview = BatchState.CANCELLED, None
    else:
        begin(session, actor, now, batch, Doing.CLEAR)
    _note(session, actor, now, batch, "papers.batch.cancelled", note=batch.remark)
    return batch
