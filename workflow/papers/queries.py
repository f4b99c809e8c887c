"""Reads of papers, each scoped to the actor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.base.files import StoredFile
from workflow.mail.models import Mail
from workflow.office.queries import issuing_body
from workflow.papers.checks import pending_checks, unasked
from workflow.papers.editions import IDENTITY_KINDS
from workflow.papers.models import Paper, PaperCheck, PaperText
from workflow.papers.numbering import numbers_at_approval
from workflow.papers.rules import COUNTING, CheckDecision, PaperState
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by


def readable(actor: Actor) -> ColumnElement[bool]:
    """Ask of each paper whether the actor may read its kind: those with passport data need `people:read` too."""
    if actor.may(Permission.PEOPLE_READ):
        return true()
    return Paper.kind.not_in(sorted(IDENTITY_KINDS))


def get_paper(session: Session, actor: Actor, paper_id: int) -> Paper:
    """Load a paper of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    paper: Paper | None = None
    if actor.may(Permission.PAPERS_READ):
        allowed = Paper.id == paper_id, seen_by(actor, Paper.visit_id), readable(actor)
        paper = session.identity_map.get(session.identity_key(Paper, paper_id))
        if paper is None:
            paper = session.scalars(select(Paper).where(*allowed)).one_or_none()
        elif session.scalar(select(Paper.id).where(*allowed)) is None:  # read already, with its texts and checks
            paper = None
    if paper is None:
        raise NotFound("paper")
    return paper


def get_text(paper: Paper, language: str) -> PaperText:
    """Give the paper's text in a language.

    Raises:
        NotFound: it has none.
    """
    for text in paper.texts:
        if text.language == language:
            return text
    raise NotFound("text")


def papers_of(session: Session, actor: Actor, visit_id: int) -> Sequence[Paper]:
    """List a visit's papers, the newest first; those of a batch stand on its own page."""
    if not actor.may(Permission.PAPERS_READ):
        return []
    query = select(Paper).where(Paper.visit_id == visit_id, Paper.about_kind != "recipient",
                                seen_by(actor, Paper.visit_id), readable(actor))  # fmt: skip
    return session.scalars(query.order_by(Paper.id.desc())).all()


def furthest_of_kind(session: Session, actor: Actor, visit_id: int, kind: str) -> Paper | None:
    """Give the visit's paper of a kind that still counts and has come furthest, the newest of equals."""
    counting = [row for row in papers_of(session, actor, visit_id)
                if row.kind == kind and PaperState(row.state) in COUNTING]
    return max(counting, key=lambda row: (COUNTING.index(PaperState(row.state)), row.id), default=None)


def replacement_of(session: Session, paper_id: int) -> Paper | None:
    """Give the paper that replaces this one, or is to."""
    return session.scalars(select(Paper).where(Paper.supersedes_id == paper_id)).one_or_none()


@dataclass(frozen=True)
class Waiting:
    """A paper that waits for a manager's approval, or for somebody's check."""

    paper: Paper
    visit: Visit
    numbers: bool = False
    """Whether its register gives numbers at approval, so that one may be given with it."""

    @property
    def pending(self) -> int:
        """How many of those who check it have not agreed yet."""
        return len(pending_checks(self.paper))

    @property
    def unasked(self) -> int:
        """How many decided before the text was changed and were not asked again."""
        return len(unasked(self.paper))


def waiting_for_approval(session: Session, actor: Actor, *, limit: int = 100) -> Sequence[Waiting]:
    """List papers that await the actor's approval, the longest waiting first; for the manager's desk.

    Those of a batch are decided together, on its page.
    """
    if not actor.may(Permission.PAPERS_APPROVE):
        return []
    rows = session.execute(
        select(Paper, Visit)
        .join(Visit, Visit.id == Paper.visit_id)
        .where(Paper.state == PaperState.SUBMITTED.value, Paper.about_kind != "recipient",
               seen_by(actor, Paper.visit_id), readable(actor))
        .order_by(Paper.submitted_at, Paper.id)
        .limit(limit)
    ).all()
    at_once: dict[tuple[int | None, str], bool] = {}
    for paper, _visit in rows:
        key = (paper.issuing_body_id, paper.kind)
        if key not in at_once:
            at_once[key] = numbers_at_approval(session, paper)
    return [Waiting(paper, visit, at_once[paper.issuing_body_id, paper.kind]) for paper, visit in rows]


def waiting_for_check(session: Session, actor: Actor, *, limit: int = 100) -> Sequence[Waiting]:
    """List papers that the actor is asked to check now, the longest waiting first; for the checker's desk."""
    if not actor.may(Permission.PAPERS_READ) or actor.account_id is None:
        return []
    asked = (
        select(PaperCheck.paper_id)
        .where(PaperCheck.account_id == actor.account_id, PaperCheck.decision == CheckDecision.OPEN.value,
               PaperCheck.voided_at.is_(None), PaperCheck.asked_at.is_not(None))
    )  # fmt: skip
    rows = session.execute(
        select(Paper, Visit)
        .join(Visit, Visit.id == Paper.visit_id)
        .where(Paper.state == PaperState.SUBMITTED.value, Paper.id.in_(asked), seen_by(actor, Paper.visit_id))
        .order_by(Paper.submitted_at, Paper.id)
        .limit(limit)
    )
    return [Waiting(paper, visit) for paper, visit in rows]


def mail_states(session: Session, paper: Paper) -> Mapping[int, str]:
    """Give what became of the mails by which a paper was sent: mail id → state."""
    ids = [each.mail_id for each in paper.dispatches if each.mail_id]
    if not ids:
        return {}
    return {row.id: row.state for row in session.execute(select(Mail.id, Mail.state).where(Mail.id.in_(ids)))}


@dataclass(frozen=True)
class Verified:
    """What anyone may know of a paper whose code they hold."""

    kind: str
    state: PaperState
    number: str
    dated: date | None
    replaced_by: str
    """The number of the paper that replaced it."""
    hashes: tuple[str, ...]
    issuer: Mapping[str, str]
    """The name of the body that issued it, by language."""


def _scan_hash(session: Session, paper: Paper) -> Sequence[str]:
    scan = session.get(StoredFile, paper.scan_file_id) if paper.scan_file_id else None
    return [scan.sha256] if scan is not None else []


def verify(session: Session, code: str) -> Verified | None:
    """Find a paper by its exact code; unscoped, for the public page."""
    paper = session.scalars(select(Paper).where(Paper.code == code)).one_or_none()
    if paper is None:
        return None
    body = issuing_body(session, paper.issuing_body_id, kind=paper.kind)
    newer = replacement_of(session, paper.id) if paper.state == PaperState.SUPERSEDED else None
    return Verified(
        paper.kind,
        PaperState(paper.state),
        paper.number,
        paper.dated,
        newer.number if newer else "",
        (*(text.sha256 for text in paper.texts if text.sha256), *_scan_hash(session, paper)),
        {} if body is None else {"ru": body.name_ru or body.name_en, "en": body.name_en or body.name_ru},
    )
