"""What a worker does for a batch, chunk by chunk: each chunk is one job, one transaction, and the same again changes
nothing.

Chunks that draft, number and sign follow one another, so that numbers run in the order of the list; chunks that lay
out are independent. The batch's row is held while a chunk is written: whoever cancels waits for its end, and what an
earlier run left in the queue finds another `run` and does nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import lock_row
from workflow.base.errors import DomainError, Refused
from workflow.base.events import record, told_together
from workflow.base.files import release_files
from workflow.base.jobs import enqueue
from workflow.base.slow_work import NotDoneYet, SlowWork, ask_for
from workflow.office.rules import GivenAt
from workflow.papers import issuing, service
from workflow.papers.approving import approve_paper
from workflow.papers.authoring.queries import kind_now
from workflow.papers.batches.facts import SUBJECT
from workflow.papers.batches.letters import letter_for
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.rules import CHUNK, ENDS, BatchState, Doing, chunk_count
from workflow.papers.composing import RenderError
from workflow.papers.models import Paper, PaperText
from workflow.papers.numbering import Numbering, numbers_at
from workflow.papers.rules import EDITABLE, ISSUED, NumberSource, PaperState
from workflow.papers.sending.officer import officer
from workflow.papers.sending.service import may_wait, queue_letter
from workflow.papers.together import gathered_once

STEP = "papers.batch_step"
LAY_OUT = "papers.batch_lay_out"
MERGE = "papers.batch_merge"

ISSUE = "papers.batch_issue"
INDEX = "papers.index"
"""The job that brings the search index in line: asked for once for all papers of a chunk."""


@dataclass(frozen=True)
class Work:
    """One chunk under way: who decided it, and what was laid out on trial before its transaction began."""

    session: Session
    actor: Actor
    now: datetime
    batch: PaperBatch
    tried: frozenset[str] = frozenset()
    faults: Mapping[int, RenderError] = field(default_factory=dict)
    """What is wrong with a text, by its key."""


Step = Callable[[Work, BatchRecipient, Paper | None], None]
_JOBS: Mapping[Doing, str] = {Doing.MERGE: MERGE, Doing.ISSUE: ISSUE}


def begin(session: Session, actor: Actor, now: datetime, batch: PaperBatch, doing: Doing) -> None:
    """Begin a piece of work: from now on jobs of earlier runs change nothing."""
    batch.doing, batch.run, batch.stopped = doing, batch.run + 1, False
    batch.begun_by = actor.account_id
    session.flush()
    if doing is Doing.LAY_OUT:
        count = session.scalar(select(func.count()).where(BatchRecipient.batch_id == batch.id)) or 0
        for chunk in range(chunk_count(count)):
            _ask(session, now, batch, LAY_OUT, chunk)
    else:
        _ask(session, now, batch, _JOBS.get(doing, STEP), 0)


def _ask(session: Session, now: datetime, batch: PaperBatch, kind: str, chunk: int) -> None:
    payload = {"batch_id": batch.id, "run": batch.run, "doing": str(batch.doing), "chunk": chunk}
    enqueue(session, now, kind, f"{kind}.{batch.id}.{batch.run}.{chunk}", payload, visit_id=batch.visit_id)


def chunk_of(session: Session, batch_id: int, chunk: int) -> Sequence[BatchRecipient]:
    """The recipients of one chunk; the list does not change any more once the drafts are begun."""
    return session.scalars(
        select(BatchRecipient)
        .where(BatchRecipient.batch_id == batch_id)
        .order_by(BatchRecipient.position)
        .offset(chunk * CHUNK)
        .limit(CHUNK)
    ).all()


def take_step(
    session: Session, now: datetime, batch: PaperBatch, chunk: int, *, tried: frozenset[str] = frozenset(),
    faults: Mapping[int, RenderError] | None = None,
) -> None:  # fmt: skip
    """Do one chunk of what is being done, and ask for the next or end the work."""
    doing = Doing(batch.doing)
    work = Work(session, officer(session, batch.begun_by), now, batch, tried, faults or {})
    rows = chunk_of(session, batch.id, chunk)
    wanted = [row.paper_id for row in rows if row.paper_id]
    papers = {paper.id: paper for paper in session.scalars(select(Paper).where(Paper.id.in_(wanted)))}
    to_do: list[SlowWork[Any]] = []
    with gathered_once(), told_together(session, now, [INDEX], visit_id=batch.visit_id):
        for row in rows:
            if row.purged_at is not None and doing is not Doing.CLEAR:
                continue
            try:
                with session.begin_nested():
                    _STEPS[doing](work, row, papers.get(row.paper_id or 0))
            except NotDoneYet as stopped:
                to_do += stopped.works
            except DomainError as wrong:
                session.refresh(row)
                fail(row, wrong)
    ask_for(to_do)
    if len(rows) == CHUNK:
        _ask(session, now, batch, _JOBS.get(doing, STEP), chunk + 1)
    else:
        finish(session, work.actor, now, batch)


def fail(row: BatchRecipient, wrong: DomainError) -> None:
    """Keep with a recipient why their paper could not go on; the others do."""
    params = {name: value for name, value in wrong.params.items() if isinstance(value, str | int)}
    code = wrong.code
    if isinstance(wrong, Refused):
        names = [reason.params["fact"] for reason in wrong.reasons if "fact" in reason.params]
        code, params = ("papers.recipient-fact", {"fact": names[0]}) if names else (code, params)
    row.faulty, row.problems = True, [{"code": code, "params": params}]


def finish(session: Session, actor: Actor, now: datetime, batch: PaperBatch) -> None:
    """End a piece of work, or go on to the next of issuing, laying out, merging."""
    doing = Doing(batch.doing)
    if doing is Doing.ISSUE:
        begin(session, actor, now, batch, Doing.LAY_OUT)
    elif doing is Doing.LAY_OUT:
        begin(session, actor, now, batch, Doing.MERGE)
    else:
        batch.state, batch.doing = ENDS[doing], Doing.NOTHING
        record(session, actor, now, "papers.batch.done", subject=batch, visit_id=batch.visit_id,
               changes={"doing": (doing.value, None)})  # fmt: skip
    session.flush()


def end_layout(session: Session, now: datetime, batch: PaperBatch) -> None:
    """Go on to merging when no letter is left to be laid out, whichever chunk came last."""
    left = session.scalar(
        select(func.count(PaperText.id))
        .join(Paper, Paper.id == PaperText.paper_id)
        .join(BatchRecipient, BatchRecipient.paper_id == Paper.id)
        .where(BatchRecipient.batch_id == batch.id, BatchRecipient.faulty.is_(False),
               BatchRecipient.purged_at.is_(None), Paper.state == PaperState.APPROVED.value,
               PaperText.rendered_no != Paper.render_no)
    )  # fmt: skip
    if not left:
        finish(session, officer(session, batch.begun_by), now, batch)


def forget_recipients(session: Session, now: datetime, rows: Sequence[BatchRecipient]) -> None:
    """Take people whose data were erased out of what their batches hold beside them.

    Who is merely listed is listed no more. The files in which all letters were bound together go, for theirs is among
    them; where the others are still to be printed they are bound anew, and what a worker is making of the batch just
    now is begun again without them.
    """
    session.flush()
    wanted = sorted({row.batch_id for row in rows})
    batches = {batch.id: batch for key in wanted if (batch := lock_row(session, PaperBatch, key)) is not None}
    files: list[int] = []
    for batch in batches.values():
        files += [file for file in (batch.print_file_id, batch.archive_file_id) if file is not None]
        batch.print_file_id = batch.archive_file_id = None
        if batch.state == BatchState.READY or batch.doing in (Doing.LAY_OUT, Doing.MERGE):
            doing = Doing.LAY_OUT if batch.doing == Doing.LAY_OUT else Doing.MERGE
            begin(session, officer(session, batch.begun_by), now, batch, doing)
    for row in rows:
        listing = batches[row.batch_id]
        if listing.state == BatchState.LISTING and not listing.doing and row.paper_id is None:
            session.delete(row)
    session.flush()
    release_files(session, files)


def _draft(work: Work, row: BatchRecipient, paper: Paper | None) -> None:
    if paper is None:
        made = service.draft_paper(work.session, work.actor, work.now, work.batch.visit_id, work.batch.kind,
                                   languages=[row.language], about=(SUBJECT, row.id))  # fmt: skip
        row.paper_id = made.id
        work.session.flush()


def _submit(work: Work, _row: BatchRecipient, paper: Paper | None) -> None:
    if paper is not None and paper.state in EDITABLE:
        service.submit_paper(work.session, work.actor, work.now, paper.id, trial=False)  # tried with its chunk


def _take_back(work: Work, _row: BatchRecipient, paper: Paper | None) -> None:
    if paper is not None and paper.state == PaperState.SUBMITTED:
        service.take_back(work.session, work.actor, work.now, paper.id)


def _issue(work: Work, row: BatchRecipient, paper: Paper | None) -> None:
    _submit(work, row, paper)
    if paper is None or paper.state != PaperState.SUBMITTED:
        return
    for text in paper.texts:
        if text.id in work.faults:
            raise service.fault(work.faults[text.id])
    kind = kind_now(work.session, work.batch.kind)
    at_once = kind.numbered and numbers_at(work.session, paper, kind) is not GivenAt.SIGNATURE
    numbering = Numbering(NumberSource.OWN, dated=work.batch.dated) if at_once else None
    approve_paper(work.session, work.actor, work.now, paper.id, numbering=numbering, tried=work.tried,
                  layout=False)  # laid out with its chunk


def _sign(work: Work, row: BatchRecipient, paper: Paper | None) -> None:
    if paper is not None and paper.state == PaperState.APPROVED and not row.faulty:
        issuing.record_signed(work.session, work.actor, work.now, paper.id, signed_on=work.batch.signed_on)


def _queue(work: Work, row: BatchRecipient, paper: Paper | None) -> None:
    if paper is None or paper.state not in ISSUED or not row.said("email") or not may_wait(work.session, paper.id):
        return
    worded = letter_for(work.session, work.batch, row)
    queue_letter(work.session, work.actor, work.now, paper, to_name=row.said("name") or row.said("organisation"),
                 to_address=row.said("email"), language=worded.language, subject=worded.subject,
                 text=worded.text)  # fmt: skip


def _clear(work: Work, row: BatchRecipient, paper: Paper | None) -> None:
    if paper is None:
        return
    _take_back(work, row, paper)
    if paper.state in EDITABLE:
        row.paper_id = None
        work.session.flush()
        service.delete_draft(work.session, work.actor, work.now, paper.id)
    elif paper.state == PaperState.APPROVED:
        issuing.revoke_paper(work.session, work.actor, work.now, paper.id, work.batch.remark)


_STEPS: dict[Doing, Step] = {
    Doing.DRAFT: _draft, Doing.SUBMIT: _submit, Doing.TAKE_BACK: _take_back, Doing.ISSUE: _issue, Doing.SIGN: _sign,
    Doing.QUEUE: _queue, Doing.CLEAR: _clear,
}  # fmt: skip
