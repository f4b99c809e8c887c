"""What workers do for papers: lay them out, draft them when a stage asks, hear what became of their mails."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.errors import DomainError
from workflow.base.events import record
from workflow.base.files import DOCX, PDF, StoredFile, keep_bytes, store
from workflow.base.jobs import JobHandler, JobState, PermanentFailure, enqueue
from workflow.base.search import forget_document, index_documents
from workflow.base.slow_work import in_two_runs
from workflow.mail.jobs import MAIL_SETTLED
from workflow.papers import editions, electronic, trials
from workflow.papers.approving import RENDER, edition_of, facts_of, is_as_drafted
from workflow.papers.arms import office_arms
from workflow.papers.authoring.queries import over_template
from workflow.papers.composing import RenderError
from workflow.papers.editions import Edition
from workflow.papers.engine import RENDERER
from workflow.papers.issuing import MAIL_KIND, mail_settled
from workflow.papers.models import Paper, PaperText
from workflow.papers.rendering import Format
from workflow.papers.search import PAPER, paper_documents
from workflow.papers.service import TRY, draft_paper, live_paper
from workflow.papers.signing import digest

DRAFT = "papers.draft"
WORD = "papers.render_docx"
"""Asked for by the layout of the PDF, so that nobody waits for a DOCX before they see their paper."""
FIND = "papers.index"


@dataclass(frozen=True)
class _Order:
    text_id: int
    language: str
    edition: Edition
    facts: dict[str, Any]


@dataclass(frozen=True)
class _Made:
    """One file of a paper in one language, kept in the file store."""

    text_id: int
    language: str
    data: bytes
    token: str


def _load(session: Session, payload: Mapping[str, Any], now: datetime) -> list[_Order] | None:
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.render_no != payload["render_no"] or paper.facts is None:
        return None
    kind = editions.kind(paper.kind)
    facts, arms = facts_of(session, now, paper, kind), office_arms(session, paper.issuing_body_id)
    return [
        _Order(
            text.id,
            text.language,
            over_template(session, edition_of(paper, text, kind, arms), as_drafted=is_as_drafted(text)),
            facts,
        )
        for text in paper.texts
    ]


def _perform(orders: list[_Order]) -> list[_Made]:
    return _made(orders, "pdf")


def _perform_signing(orders: list[_Order]) -> list[_Made]:
    return _made(orders, "pdf", electronic.sign_file)


def _perform_word(orders: list[_Order]) -> list[_Made]:
    return _made(orders, "docx")


def _made(orders: list[_Order], form: Format, finish: Callable[[bytes], bytes] = bytes) -> list[_Made]:
    """Lay out every language; *finish* takes each file to what is kept."""
    made = []
    for order in orders:
        try:
            laid = RENDERER.render(order.edition, order.facts, form)
        except RenderError as wrong:
            if wrong.code in {"time", "died"}:
                raise
            raise PermanentFailure(f"{wrong.code}, line {wrong.line}, language {order.language}") from wrong
        kept = finish(laid.data)
        made.append(_Made(order.text_id, order.language, kept, store().write(kept)))
    return made


def _record(session: Session, payload: Mapping[str, Any], outcome: list[_Made], now: datetime) -> None:
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.render_no != payload["render_no"]:
        return
    _keep(session, paper, payload, outcome, now)


def _record_signing(session: Session, payload: Mapping[str, Any], outcome: list[_Made], now: datetime) -> None:
    electronic.record_signature(session, payload, outcome, now, _keep)


def _keep(session: Session, paper: Paper, payload: Mapping[str, Any], outcome: Sequence[_Made], now: datetime) -> None:
    for made in outcome:
        file = _kept(session, paper, made, PDF, now)
        _change(session, made.text_id, pdf_file_id=file.id, docx_file_id=None, sha256=digest(made.data),
                rendered_no=payload["render_no"])  # fmt: skip
    asked = {"paper_id": paper.id, "render_no": paper.render_no}
    enqueue(session, now, WORD, f"{WORD}.{paper.id}.{paper.render_no}", asked, visit_id=paper.visit_id)


def _record_word(session: Session, payload: Mapping[str, Any], outcome: list[_Made], now: datetime) -> None:
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.render_no != payload["render_no"]:
        return
    for made in outcome:
        _change(session, made.text_id, docx_file_id=_kept(session, paper, made, DOCX, now).id)


def _kept(session: Session, paper: Paper, made: _Made, media_type: str, now: datetime) -> StoredFile:
    name = f"{paper.kind}-{paper.number or paper.id}-{made.language}".replace("/", "-")
    name += ".pdf" if media_type == PDF else ".docx"
    return keep_bytes(session, SYSTEM, now, made.data, name=name, media_type=media_type, visit_id=paper.visit_id,
                      token=made.token)  # fmt: skip


def _change(session: Session, text_id: int, **values: Any) -> None:
    session.execute(
        update(PaperText)
        .where(PaperText.id == text_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _settled_badly(session: Session, payload: Mapping[str, Any], _state: JobState, now: datetime) -> None:
    paper = session.get(Paper, payload["paper_id"])
    if paper is not None and paper.render_no == payload["render_no"]:
        paper.render_error = "failed"
        record(session, SYSTEM, now, "papers.paper.not-laid-out", subject=paper, visit_id=paper.visit_id)


def _draft(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Draft a paper for a stage that asks for it, unless the visit has one of its kind."""
    if live_paper(session, payload["visit_id"], payload["kind"]) is not None:
        return
    try:
        draft_paper(session, SYSTEM, now, payload["visit_id"], payload["kind"])
    except DomainError as wrong:
        raise PermanentFailure(wrong.code) from wrong


def _find(session: Session, payload: Mapping[str, Any], _outcome: Any, _now: datetime) -> None:
    """Bring papers' lines of the search index in line with them; a deleted draft's goes."""
    keys = payload.get("subject_ids") or [payload["subject_id"]]
    documents = list(paper_documents(session, keys))
    for gone in sorted(set(keys) - {document.key for document in documents}):
        forget_document(session, PAPER, gone)
    index_documents(session, documents)


MAIL_SETTLED.add(MAIL_KIND, mail_settled)

HANDLERS = [
    JobHandler(
        RENDER, load=_load, perform=_perform, record=_record, lease=timedelta(minutes=3), settled_badly=_settled_badly
    ),
    JobHandler(
        electronic.SIGN, load=_load, perform=_perform_signing, record=_record_signing, lease=timedelta(minutes=3),
        settled_badly=electronic.signing_failed,
    ),
    JobHandler(WORD, load=_load, perform=_perform_word, record=_record_word, lease=timedelta(minutes=3)),
    JobHandler(TRY, load=trials.load, perform=trials.perform, record=trials.record_trials, lease=timedelta(minutes=3)),
    in_two_runs(DRAFT, _draft),
    JobHandler(FIND, record=_find),
]
