"""Signing a paper electronically: asked for by a manager, done by a job, with no transaction open.

The number is entered first and the mark is laid out with it, then the file is signed: from there on nothing of it
changes, and its SHA-256 is that of the signed file.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor
from workflow.base.clock import local_date
from workflow.base.database import advance
from workflow.base.errors import Conflict
from workflow.base.events import record
from workflow.base.jobs import JobState, PermanentFailure, enqueue
from workflow.office.queries import our_zone
from workflow.papers import editions
from workflow.papers.approving import ask_for_layout
from workflow.papers.issuing import number_at_signature, supersede_older
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.rules import NumberSource, PaperAct, PaperState
from workflow.papers.service import open_paper
from workflow.papers.signing import SignerError, current_signer

SIGN = "papers.sign_electronically"


def ask_to_sign(
    session: Session, actor: Actor, now: datetime, paper_id: int, *, numbering: Numbering | None = None,
    version: int | None = None,
) -> Paper:
    """Have an approved paper signed electronically.

    Raises:
        Forbidden: the actor does not approve papers.
        Conflict: it is not approved, is being signed, has no number, nobody is set up to sign, or the certificate is
            not valid now.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.SIGN_ELECTRONICALLY, version=version)
    signer = current_signer()
    if signer is None:
        raise Conflict("papers.no-signer")
    if paper.signature is not None:
        raise Conflict("papers.being-signed")
    try:
        certificate = signer.certificate()
    except SignerError:
        raise Conflict("papers.no-signer") from None
    if not certificate.is_valid(now):
        raise Conflict("papers.certificate-expired", name=certificate.name)
    number_at_signature(session, actor, now, paper, kind, numbering or Numbering(NumberSource.OWN))
    if kind.numbered and not paper.number:
        raise Conflict("papers.not-numbered-yet")
    paper.signature, paper.signing_error = certificate.plain(our_zone(session)), ""
    paper.render_no += 1
    paper.render_error = ""
    session.flush()
    enqueue(session, now, SIGN, f"{SIGN}.{paper.id}.{paper.render_no}",
            {"paper_id": paper.id, "render_no": paper.render_no}, visit_id=paper.visit_id,
            request_id=actor.request_id)  # fmt: skip
    record(session, actor, now, "papers.paper.signing-asked", subject=paper, visit_id=paper.visit_id)
    return paper


def sign_file(pdf: bytes) -> bytes:
    """Sign one file; what cannot be helped by trying again is said so.

    Raises:
        PermanentFailure: nobody is set up to sign any more, or the certificate does not sign.
    """
    signer = current_signer()
    if signer is None:
        raise PermanentFailure("no signer is set up")
    try:
        return signer.sign(pdf)
    except SignerError as wrong:
        raise PermanentFailure(f"signature: {wrong}") from wrong


Keep = Callable[[Session, Paper, Mapping[str, Any], Sequence[Any], datetime], None]


def record_signature(
    session: Session, payload: Mapping[str, Any], outcome: Sequence[Any], now: datetime, keep: Keep
) -> None:
    """Take the paper to *signed* with its signed files, unless something else was decided meanwhile."""
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.render_no != payload["render_no"]:
        return
    day = local_date(now, our_zone(session))
    done = advance(
        session, Paper, paper.id, from_=[PaperState.APPROVED.value], to=PaperState.SIGNED.value, signed_on=day
    )
    if not done:
        return
    keep(session, paper, payload, outcome, now)
    if not editions.kind(paper.kind).numbered and not paper.dated:
        paper.dated = day
    record(session, SYSTEM, now, "papers.paper.signed", subject=paper, visit_id=paper.visit_id,
           changes={"signed_on": (None, day), "kind": (None, paper.kind), "how": (None, "electronic")})  # fmt: skip
    supersede_older(session, SYSTEM, now, paper)


def signing_failed(session: Session, payload: Mapping[str, Any], _state: JobState, now: datetime) -> None:
    """Say that it could not be signed, and make its files anew without the mark."""
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.render_no != payload["render_no"] or paper.state != PaperState.APPROVED:
        return
    paper.signature, paper.signing_error = None, "failed"
    record(session, SYSTEM, now, "papers.paper.not-signed", subject=paper, visit_id=paper.visit_id)
    ask_for_layout(session, SYSTEM, now, paper)
