"""Approving a paper: composing it as it stands, telling what it lacks, freezing its facts, asking for its files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.errors import Conflict, Invalid, Refused
from workflow.base.events import record
from workflow.base.jobs import enqueue
from workflow.base.reasons import Reason, Sentence, Where
from workflow.mail.composing import page_address
from workflow.office.queries import our_zone
from workflow.office.rules import GivenAt
from workflow.papers import editions
from workflow.papers.authoring.meanings import meaning_of
from workflow.papers.changes import changes_between, changes_of
from workflow.papers.checks import pending_checks
from workflow.papers.composing import Composed, RenderError, compose
from workflow.papers.editions import Edition, Kind
from workflow.papers.entering import entered_at
from workflow.papers.facts import collect, with_paper
from workflow.papers.models import Paper, PaperText
from workflow.papers.numbering import Numbering, give_number, numbers_at
from workflow.papers.plain import fingerprint
from workflow.papers.rules import CheckDecision, PaperAct, new_code
from workflow.papers.service import move, open_paper
from workflow.visits.models import Visit

NAMED_FACTS = frozenset({
    "office.name", "office.city", "office.address", "office.letterhead", "office.signatory.post",
    "office.signatory.short", "partner.name", "partner.city", "visit.first_day", "visit.purpose", "visit.place",
    "visit.title", "visit.responsible.name", "visit.responsible.short", "delegation.head.name",
    "delegation.head.short", "delegation.members.name", "outcomes.report.done", "outcomes.report.results",
})  # fmt: skip
"""Facts whose gaps are told in words: `papers.fact.<name>` in `sentences.py`."""
RENDER = "papers.render_pdf"


@dataclass(frozen=True)
class Gap:
    """A fact that a text needs and that is not there."""

    language: str
    name: str
    unknown: bool


def edition_of(paper: Paper, text: PaperText, kind: Kind, arms: bytes | None = None) -> Edition:
    """Exactly what is laid out of a paper in one language."""
    title = f"{kind.title(text.language)} {paper.number}".strip()
    images = {"arms": arms} if arms else {}
    return Edition(kind.key, text.language, text.text, kind.layout, title, kind.official, images)


def is_as_drafted(text: PaperText) -> bool:
    """Whether a text stands as its wording wrote it, and nobody has edited it."""
    return text.edited_at is None and text.wording_n is not None


def verify_address(code: str | None) -> str:
    """The public address that says whether a paper is genuine."""
    return page_address(f"/verify/{code}") if code else ""


def facts_of(session: Session, now: datetime, paper: Paper, kind: Kind) -> dict[str, Any]:
    """The facts of a paper: frozen ones with its number and date, or for a draft what is known now, with blanks."""
    if paper.facts is None:
        told = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
        return _as_draft(told)
    return with_paper(
        paper.facts,
        number=paper.number,
        dated=paper.dated,
        code=paper.code,
        verify_url=verify_address(paper.code),
        final=True,
        signature=paper.signature,
    )


def _as_draft(told: Mapping[str, Any]) -> dict[str, Any]:
    return with_paper(told, number="", dated=None, code=None, verify_url="", final=False)


def compose_all(
    session: Session, now: datetime, paper: Paper, told: Mapping[str, Any] | None = None
) -> dict[str, Composed | RenderError]:
    """Compose every language of a paper as it stands, or say what is wrong with it; *told* are facts just collected."""
    kind = editions.kind(paper.kind)
    facts = _as_draft(told) if told is not None else facts_of(session, now, paper, kind)
    made: dict[str, Composed | RenderError] = {}
    for text in paper.texts:
        try:
            made[text.language] = compose(edition_of(paper, text, kind), facts)
        except RenderError as wrong:
            made[text.language] = wrong
    return made


def gaps_of(made: Mapping[str, Composed | RenderError]) -> list[Gap]:
    """The facts that are missing in any language."""
    return [
        Gap(language, name, unknown)
        for language, one in made.items()
        if isinstance(one, Composed)
        for unknown, names in ((False, one.missing), (True, one.unknown))
        for name in names
    ]


def approve_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    paper_id: int,
    *,
    numbering: Numbering | None = None,
    override_reason: str = "",
    tried: Collection[str] = (),
    layout: bool = True,
    version: int | None = None,
) -> Paper:
    """Approve a submitted paper: freeze its facts, give it its number if wished, and have the worker lay it out.

    *tried* holds the hashes that this request has laid out on trial (`trials.try_now`); what a job has tried is kept
    beside each text. *override_reason* lets the manager approve without the checks that are still wanted. Without
    *layout* the caller has its files made.

    Raises:
        Forbidden: the actor does not approve papers.
        Conflict: it is not waiting any more, was not laid out on trial as it stands now, or its series gives numbers
            at signature.
        Refused: with every missing fact, fault and check that is still wanted, and where each is put right.
        Invalid: the number or date typed cannot be one.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.APPROVE, version=version)
    facts = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    made = compose_all(session, now, paper, facts)
    reasons = _reasons(session, paper, made)
    if reasons:
        raise Refused("papers.not-ready", reasons)
    pending = pending_checks(paper)
    words = override_reason.strip()
    if pending and not words:
        raise Refused("papers.not-checked", _check_reasons(session, paper))
    if len(words) > 2000:
        raise Invalid("base.too-long", field="override_reason", limit=2000)
    for text in paper.texts:
        wanted = trial_hash(kind, text, facts)
        if wanted != text.trial_hash and wanted not in tried:
            raise Conflict("papers.not-tried")
        text.trial_hash, text.trial_fault = wanted, None
    if numbering is not None and numbers_at(session, paper, kind) is GivenAt.SIGNATURE:
        raise Conflict("papers.number-at-signature", field="source")
    # Whose text was written from facts that have changed since stays marked: approving it makes its words no truer.
    written_from = paper.facts_hash if changes_between(paper, kind, facts) else fingerprint(facts)
    move(session, paper, PaperAct.APPROVE, approved_at=now, approved_by=actor.account_id, facts=facts,
         facts_hash=written_from, code=new_code())  # fmt: skip
    if pending:
        paper.override_reason = words
        record(session, actor, now, "papers.checks.overridden", subject=paper, visit_id=paper.visit_id, note=words,
               changes={"checks": (len(pending), 0)})  # fmt: skip
    record(session, actor, now, "papers.paper.approved", subject=paper, visit_id=paper.visit_id)
    if numbering is not None and kind.numbered:
        give_number(session, actor, now, paper, kind, numbering)
    elif not kind.numbered:
        paper.dated = local_date(now, our_zone(session))
    ask_for_layout(session, actor, now, paper, job=layout)
    return paper


def ask_for_layout(session: Session, actor: Actor, now: datetime, paper: Paper, *, job: bool = True) -> None:
    """Have the worker make the paper's files, once for each change of what is printed; by a *job* of its own or not."""
    paper.render_no += 1
    paper.render_error = ""
    session.flush()
    if job:
        enqueue(session, now, RENDER, f"{RENDER}.{paper.id}.{paper.render_no}",
                {"paper_id": paper.id, "render_no": paper.render_no}, visit_id=paper.visit_id,
                request_id=actor.request_id)  # fmt: skip


def _reasons(session: Session, paper: Paper, made: Mapping[str, Composed | RenderError]) -> list[Reason]:
    edit = Where("papers.paper", {"paper_id": paper.id})
    gaps = gaps_of(made)
    partner_id = session.get_one(Visit, paper.visit_id).partner_id if gaps else None
    reasons: dict[tuple[str, str], Reason] = {}
    for language, one in made.items():
        if isinstance(one, RenderError):
            reasons[(language, "")] = fault_reason(paper.id, language, one)
    for gap in gaps:
        code = "papers.fact-unknown" if gap.unknown else "papers.fact-missing"
        where = None if gap.unknown else entered_at(gap.name, paper.visit_id, partner_id)
        reasons.setdefault((gap.name, ""), Reason(code, {"name": fact_name(gap.name), "fact": gap.name}, where or edit))
    return list(reasons.values())


def fault_reason(paper_id: int, language: str, wrong: RenderError) -> Reason:
    """What is wrong with one text, and where it is put right."""
    sentence = Sentence(f"papers.text-{wrong.code}", {"line": wrong.line, "detail": wrong.detail})
    where = Where("papers.paper", {"paper_id": paper_id}, f"text-{language}")
    return Reason("papers.text-fault", {"language": language, "what": sentence}, where)


def _check_reasons(session: Session, paper: Paper) -> list[Reason]:
    where = Where("papers.paper", {"paper_id": paper.id}, "checks")
    pending = pending_checks(paper)
    known = people(session, [each.account_id for each in pending])
    return [
        Reason(
            "papers.check-refused" if each.decision == CheckDecision.REFUSED else "papers.check-open",
            {"name": {language: known[each.account_id].name(language) for language in ("ru", "en")}},
            where,
        )
        for each in pending
    ]


def trial_hash(kind: Kind, text: PaperText, facts: Mapping[str, Any]) -> str:
    """A hash of everything that a trial layout depends on: words, facts, language and layout."""
    return fingerprint({
        "kind": kind.key, "layout": kind.layout, "language": text.language, "text": text.text, "facts": facts,
    })  # fmt: skip


def fact_name(dotted: str) -> Sentence:
    """A fact's name in words: its own sentence, else what it means and where it is entered, else its dotted name."""
    known = ".".join(part for part in dotted.split(".") if not part.isdigit())
    if known in NAMED_FACTS:
        return Sentence(f"papers.fact.{known}", {"name": dotted})
    return Sentence("papers.fact", {"name": meaning_of(known) or dotted})


def drifted(session: Session, now: datetime, paper: Paper) -> bool:
    """Tell whether facts that it uses have changed since the paper was drafted or approved."""
    return bool(changes_of(session, now, paper))
