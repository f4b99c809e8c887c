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
from workflow.base.files import DOCX, PDF, keep_bytes, store
from workflow.base.jobs import JobHandler, JobState, PermanentFailure
from workflow.base.search import forget_document, index_documents
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
from workflow.papers.search import PAPER, paper_documents
from workflow.papers.service import TRY, draft_paper, live_paper
from workflow.papers.signing import digest

DRAFT = "papers.draft"
FIND = "papers.index"


@dataclass(frozen=True)
class _Order:
    text_id: int
    language: str
    edition: Edition
    facts: dict[str, Any]


@dataclass(frozen=True)
class _Made:
    text_id: int
    language: str
    pdf: bytes
    pdf_token: str
    docx: bytes
    docx_token: str
    sha256: str


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
    return _made(orders, lambda pdf: pdf)


def _perform_signing(orders: list[_Order]) -> list[_Made]:
    return _made(orders, electronic.sign_file)


def _made(orders: list[_Order], finish: Callable[[bytes], bytes]) -> list[_Made]:
    """Lay out every language in both formats; *finish* takes each PDF to what is kept."""
    made = []
    for order in orders:
        try:
            pdf = RENDERER.render(order.edition, order.facts, "pdf")
            docx = RENDERER.render(order.edition, order.facts, "docx")
        except RenderError as wrong:
            if wrong.code in {"time", "died"}:
                raise
            raise PermanentFailure(f"{wrong.code}, line {wrong.line}, language {order.language}") from wrong
        kept = finish(pdf.data)
        made.append(
            _Made(
                order.text_id,
                order.language,
                kept,
                store().write(kept),
                docx.data,
                store().write(docx.data),
                digest(kept),
            )
        )
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
        name = f"{paper.kind}-{paper.number or paper.id}-{made.language}".replace("/", "-")
        pdf = keep_bytes(session, SYSTEM, now, made.pdf, name=f"{name}.pdf", media_type=PDF, visit_id=paper.visit_id,
                         token=made.pdf_token)  # fmt: skip
        docx = keep_bytes(session, SYSTEM, now, made.docx, name=f"{name}.docx", media_type=DOCX,
                          visit_id=paper.visit_id, token=made.docx_token)  # fmt: skip
        session.execute(
            update(PaperText)
            .where(PaperText.id == made.text_id)
            .values(pdf_file_id=pdf.id, docx_file_id=docx.id, sha256=made.sha256, rendered_no=payload["render_no"])
            .execution_options(synchronize_session=False)
        )


def _settled_badly(session: Session, payload: Mapping[str, Any], _state: JobState, now: datetime) -> None:
    paper = session.get(Paper, payload["paper_id"])
    if paper is not None and paper.render_no == payload["render_no"]:
        paper.render_error = "failed"
        record(session, SYSTEM, now, "papers.paper.not-laid-out", subject=paper, visit_id=paper.visit_id)


def _draft(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Draft a paper for a stage that asks for it, unless the visit has one of its kind."""
    if live_paper(session, payload["visit_id"], payload["kind"]) is not None:
        return
    try:
        draft_paper(session, SYSTEM, now, payload["visit_id"], payload["kind"])
    except DomainError as wrong:
        raise PermanentFailure(wrong.code) from wrong


def _find(session: Session, payload: Mapping[str, Any], _outcome: Any, _now: datetime) -> None:
    """Bring a paper's line of the search index in line with it; a deleted draft's goes."""
    forget_document(session, PAPER, payload["subject_id"])
    index_documents(session, paper_documents(session, [payload["subject_id"]]))


MAIL_SETTLED.add(MAIL_KIND, mail_settled)

HANDLERS = [
    JobHandler(
        RENDER, load=_load, perform=_perform, record=_record, lease=timedelta(minutes=3), settled_badly=_settled_badly
    ),
    JobHandler(
        electronic.SIGN, load=_load, perform=_perform_signing, record=_record_signing, lease=timedelta(minutes=3),
        settled_badly=electronic.signing_failed,
    ),
    JobHandler(TRY, load=trials.load, perform=trials.perform, record=trials.record_trials, lease=timedelta(minutes=3)),
    JobHandler(DRAFT, record=_draft),
    JobHandler(FIND, record=_find),
]
