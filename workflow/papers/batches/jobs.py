"""What workers do for batches: steps by chunks, laying out, and the files for printing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.clock import local_date
from workflow.base.database import lock_row
from workflow.base.events import record
from workflow.base.files import PDF, ZIP, StoredFile, keep_bytes, store
from workflow.base.jobs import JobHandler, JobState
from workflow.base.slow_work import Known, SlowWork, do_all, knowing, works_for
from workflow.office.queries import our_zone
from workflow.papers import editions, trials
from workflow.papers.approving import edition_of, facts_of
from workflow.papers.arms import office_arms
from workflow.papers.batches.layout import PASSING, Laid, Order, archive, lay_out, merge
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.rules import Doing, archive_names, safe_name
from workflow.papers.batches.working import (
    ISSUE,
    LAY_OUT,
    MERGE,
    STEP,
    chunk_of,
    end_layout,
    finish,
    take_step,
)
from workflow.papers.composing import RenderError
from workflow.papers.models import Paper, PaperText
from workflow.papers.rules import PaperState
from workflow.papers.sending.officer import officer
from workflow.papers.together import gathered_once

Payload = Mapping[str, Any]


def _held(session: Session, payload: Payload) -> PaperBatch | None:
    """The batch, held to the end of the transaction; None when the work was cancelled or begun anew meanwhile."""
    batch = lock_row(session, PaperBatch, payload["batch_id"])
    if batch is None or batch.run != payload["run"] or batch.doing != payload["doing"]:
        return None
    return batch


def _wanted(session: Session, payload: Payload) -> PaperBatch | None:
    batch = session.get(PaperBatch, payload["batch_id"])
    return batch if batch and batch.run == payload["run"] and batch.doing == payload["doing"] else None


def _load_step(session: Session, payload: Payload, now: datetime) -> Sequence[SlowWork[Any]] | None:
    """The words of a chunk's drafts; other steps need nothing of the child process."""
    batch = _wanted(session, payload)
    if batch is None:
        return None
    return works_for(lambda: take_step(session, now, batch, payload["chunk"])) if batch.doing == Doing.DRAFT else []


def _write_drafts(works: Sequence[SlowWork[Any]]) -> Known:
    """Have them written; a failure of the machine is tried again."""
    known = do_all(works)
    for wrong in known.values():
        if isinstance(wrong, RenderError) and wrong.code in PASSING:
            raise wrong
    return known


def _step(session: Session, payload: Payload, known: Known, now: datetime) -> None:
    batch = _held(session, payload)
    if batch is not None:
        with knowing(known):
            take_step(session, now, batch, payload["chunk"])


def _load_trials(session: Session, payload: Payload, now: datetime) -> list[trials.Trial] | None:
    batch = _wanted(session, payload)
    if batch is None:
        return None
    wanted = [row.paper_id for row in chunk_of(session, batch.id, payload["chunk"]) if row.paper_id]
    papers = session.scalars(select(Paper).where(Paper.id.in_(wanted), Paper.facts.is_(None)).order_by(Paper.id))
    with gathered_once():
        return [trial for paper in papers for trial in trials.wanted_trials(session, now, paper)]


def _issue(
    session: Session, payload: Payload, outcome: list[tuple[trials.Trial, RenderError | None]], now: datetime
) -> None:
    batch = _held(session, payload)
    if batch is not None:
        tried = frozenset(trial.hash for trial, wrong in outcome if wrong is None)
        faults = {trial.text_id: wrong for trial, wrong in outcome if wrong is not None}
        take_step(session, now, batch, payload["chunk"], tried=tried, faults=faults)


def _load_chunk(session: Session, payload: Payload, now: datetime) -> list[Order] | None:
    batch = _wanted(session, payload)
    if batch is None:
        return None
    kind = editions.kind(batch.kind)
    wanted = [row.paper_id for row in chunk_of(session, batch.id, payload["chunk"])
              if row.paper_id and row.purged_at is None]  # fmt: skip
    papers = session.scalars(select(Paper).where(Paper.id.in_(wanted)).order_by(Paper.id))
    with gathered_once():
        return [
            Order(text.id, edition_of(paper, text, kind, arms), facts)
            for paper in papers
            if paper.state == PaperState.APPROVED and paper.facts is not None
            for arms, facts in [(office_arms(session, paper.issuing_body_id), facts_of(session, now, paper, kind))]
            for text in paper.texts
            if text.rendered_no != paper.render_no
        ]


@dataclass(frozen=True)
class _Kept:
    """One letter that lies in the file store, or its fault."""

    text_id: int
    token: str
    size: int
    laid: Laid


def _lay_out_chunk(orders: list[Order]) -> list[_Kept]:
    return [_Kept(laid.key, "" if laid.fault else store().write(laid.data), len(laid.data), laid)
            for laid in lay_out(orders)]  # fmt: skip


def _record_chunk(session: Session, payload: Payload, outcome: list[_Kept], now: datetime) -> None:
    batch = _held(session, payload)
    if batch is None:
        return
    rows = session.execute(
        select(PaperText, Paper)
        .join(Paper, Paper.id == PaperText.paper_id)
        .where(PaperText.id.in_([kept.text_id for kept in outcome]), Paper.state == PaperState.APPROVED.value)
    )
    found = {row[0].id: (row[0], row[1]) for row in rows}
    for kept in outcome:
        if kept.text_id not in found:
            continue
        text, paper = found[kept.text_id]
        if kept.laid.fault:
            row = session.scalars(select(BatchRecipient).where(BatchRecipient.paper_id == paper.id)).one()
            row.faulty = True
            row.problems = [{"code": "papers.recipient-text", "params": {"what": kept.laid.fault, "detail": ""}}]
            continue
        name = safe_name(f"{paper.kind}-{paper.number or paper.id}-{text.language}")
        file = keep_bytes(session, SYSTEM, now, kept.laid.data, name=name, media_type=PDF, visit_id=paper.visit_id,
                          token=kept.token)  # fmt: skip
        session.execute(
            update(PaperText)
            .where(PaperText.id == text.id)
            .values(pdf_file_id=file.id, sha256=kept.laid.sha256, rendered_no=paper.render_no)
            .execution_options(synchronize_session=False)
        )
    session.flush()
    end_layout(session, now, batch)


@dataclass(frozen=True)
class _Bundle:
    """What the files for printing are made of."""

    names: list[str]
    tokens: list[str]
    dated: date


@dataclass(frozen=True)
class _Bound:
    printed: bytes
    print_token: str
    archived: bytes
    archive_token: str
    letters: int


def _load_bundle(session: Session, payload: Payload, now: datetime) -> _Bundle | None:
    batch = _wanted(session, payload)
    if batch is None:
        return None
    rows = session.execute(
        select(BatchRecipient, Paper.number, PaperText.language, StoredFile.token)
        .join(Paper, Paper.id == BatchRecipient.paper_id)
        .join(PaperText, PaperText.paper_id == Paper.id)
        .join(StoredFile, StoredFile.id == PaperText.pdf_file_id)
        .where(BatchRecipient.batch_id == batch.id, Paper.state == PaperState.APPROVED.value,
               PaperText.rendered_no == Paper.render_no)
        .order_by(BatchRecipient.position, PaperText.id)
    ).all()  # fmt: skip
    letters = [(row.language, row.number, row[0].said("name") or row[0].said("organisation")) for row in rows]
    dated = batch.dated or local_date(now, our_zone(session))
    return _Bundle(archive_names(letters), [row.token for row in rows], dated)


def _bind(bundle: _Bundle) -> _Bound:
    letters = [store().read(token) for token in bundle.tokens]
    archived = archive(bundle.names, letters, bundle.dated)
    printed = merge(letters) if letters else b""
    return _Bound(
        printed, store().write(printed), archived, store().write(archived), len(letters)
    )


def _record_bundle(session: Session, payload: Payload, bound: _Bound, now: datetime) -> None:
    batch = _held(session, payload)
    if batch is None:
        return
    if not bound.letters:
        batch.print_file_id, batch.archive_file_id, batch.letters = None, None, 0
        finish(session, officer(session, batch.begun_by), now, batch)
        return
    name = safe_name(batch.title)
    printed = keep_bytes(session, SYSTEM, now, bound.printed, name=name, media_type=PDF, visit_id=batch.visit_id,
                         token=bound.print_token)  # fmt: skip
    archived = keep_bytes(session, SYSTEM, now, bound.archived, name=name, media_type=ZIP, visit_id=batch.visit_id,
                          token=bound.archive_token)  # fmt: skip
    batch.print_file_id, batch.archive_file_id, batch.letters = printed.id, archived.id, bound.letters
    finish(session, officer(session, batch.begun_by), now, batch)


def _settled_badly(session: Session, payload: Payload, _state: JobState, now: datetime) -> None:
    batch = _held(session, payload)
    if batch is not None:
        batch.stopped = True
        record(session, SYSTEM, now, "papers.batch.stopped", subject=batch, visit_id=batch.visit_id)


HANDLERS = [
    JobHandler(STEP, load=_load_step, perform=_write_drafts, record=_step, lease=timedelta(minutes=2),
               settled_badly=_settled_badly),
    JobHandler(ISSUE, load=_load_trials, perform=trials.perform, record=_issue, lease=timedelta(minutes=5),
               settled_badly=_settled_badly),
    JobHandler(LAY_OUT, load=_load_chunk, perform=_lay_out_chunk, record=_record_chunk, lease=timedelta(minutes=5),
               settled_badly=_settled_badly),
    JobHandler(MERGE, load=_load_bundle, perform=_bind, record=_record_bundle, lease=timedelta(minutes=5),
               settled_badly=_settled_badly),
]  # fmt: skip
