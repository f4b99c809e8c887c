"""What people do with a paper until it is approved: draft, edit, submit, return, approve, delete."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow.base.actor import Actor
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.events import record
from workflow.base.jobs import enqueue
from workflow.office.models import IssuingBody
from workflow.office.queries import issuing_body, our_country
from workflow.papers import editions
from workflow.papers.authoring.queries import DELIVERED, kind_now
from workflow.papers.checks import ask_for_checks, void_checks
from workflow.papers.composing import RenderError, check_text
from workflow.papers.editions import Kind
from workflow.papers.facts import collect
from workflow.papers.letterheads import entered, with_letterhead
from workflow.papers.making import written
from workflow.papers.models import Paper, PaperText
from workflow.papers.plain import fingerprint
from workflow.papers.queries import get_paper, get_text
from workflow.papers.rules import ENDED, MOVES, PaperAct, PaperState, languages_for, refusal
from workflow.papers.signatories import with_signatory
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit

MAX_TEXT = 100_000
TRY = "papers.try_layout"
"""The job that lays a paper out on trial once it is handed in."""


def require(actor: Actor, act: PaperAct) -> None:
    """Refuse an act that the actor's roles do not allow.

    Raises:
        Forbidden: they do not.
    """
    if not actor.may(MOVES[act].permission):
        raise Forbidden


def require_state(paper: Paper, act: PaperAct) -> None:
    """Refuse an act that the paper's state does not allow.

    Raises:
        Conflict: with the reason.
    """
    code = refusal(PaperState(paper.state), act)
    if code:
        raise Conflict(code)


def move(session: Session, paper: Paper, act: PaperAct, **values: Any) -> None:
    """Take the state on, by one conditional UPDATE.

    Raises:
        Conflict: somebody else was quicker.
    """
    target = MOVES[act].to
    assert target is not None  # noqa: S101 - only acts that move come here
    done = advance(
        session, Paper, paper.id, from_=[state.value for state in MOVES[act].from_], to=target.value, **values
    )
    if not done:
        raise Conflict(refusal(PaperState(paper.state), act) or "papers.not-approved")


def open_paper(
    session: Session, actor: Actor, paper_id: int, act: PaperAct, *, version: int | None = None
) -> tuple[Paper, Kind]:
    """Load a paper for an act: seen by the actor, allowed, in the right state and version.

    Raises:
        NotFound, Forbidden, Conflict, Stale: which of these fails.
    """
    paper = get_paper(session, actor, paper_id)
    require(actor, act)
    require_state(paper, act)
    expect_version(paper, version)
    return paper, kind_now(session, paper.kind)


def draft_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    visit_id: int,
    kind_key: str,
    *,
    languages: Sequence[str] = (),
    subject: str = "",
    about: tuple[str, int] | None = None,
    body_id: int | None = None,
) -> Paper:
    """Draft a paper of a kind from the facts of a visit, in the languages given or in those that suit the visit.

    *about* names one member or another thing beneath the visit, for kinds that are about one; the caller has checked
    that it belongs to the visit. *body_id* is the issuing body; by default the one that issues this kind.

    Raises:
        NotFound: no such visit for this actor.
        Forbidden: the actor may not write papers.
        Invalid: no such kind, or it has no wording in a language.
    """
    visit = get_visit(session, actor, visit_id)
    require(actor, PaperAct.EDIT)
    if kind_key not in editions.kinds() or not editions.kind(kind_key).official:
        raise Invalid("papers.unknown-kind", field="kind")
    kind = kind_now(session, kind_key)
    body = _body_for(session, kind, body_id)
    facts = collect(session, now, visit.id, kind, about, None if body is None else body.id)
    chosen = list(dict.fromkeys(languages)) or _suitable(session, visit, kind, facts, body)
    if any(language not in kind.wordings for language in chosen):
        raise Invalid("papers.no-wording", field="languages")
    words = _written(kind, chosen, facts)
    paper = Paper(
        visit_id=visit.id,
        kind=kind.key,
        issuing_body_id=None if body is None else body.id,
        about_kind=about[0] if about else "",
        about_id=about[1] if about else None,
        state=PaperState.DRAFT,
        subject=(subject or kind.subject_line("ru"))[:300],
        created_at=now,
        created_by=actor.account_id,
        facts_hash=fingerprint(facts),
        told=facts,
    )
    paper.texts = [
        PaperText(
            language=language,
            text=words[language],
            wording_n=kind.versions.get(language, DELIVERED),
        )
        for language in chosen
    ]
    session.add(paper)
    session.flush()
    record(session, actor, now, "papers.paper.drafted", subject=paper, visit_id=visit.id,
           changes={"kind": (None, kind.key)})  # fmt: skip
    return paper


def _body_for(session: Session, kind: Kind, body_id: int | None) -> IssuingBody | None:
    body = issuing_body(session, body_id, kind=kind.key)
    if body_id is not None and (body is None or not body.active):
        raise Invalid("base.not-a-choice", field="issuing_body")
    return body


def _suitable(
    session: Session, visit: Visit, kind: Kind, facts: Mapping[str, Any], body: IssuingBody | None
) -> list[str]:
    partner = facts.get("partner") or {}
    written = [each for each in kind.languages if body is None or not body.languages or each in body.languages]
    abroad = bool(visit.country) and visit.country != our_country(session)
    return languages_for(written or kind.languages, partner_languages=partner.get("languages") or [], abroad=abroad)


def _written(kind: Kind, languages: Sequence[str], facts: Mapping[str, Any]) -> dict[str, str]:
    try:
        return written(kind, languages, facts)
    except RenderError as wrong:
        raise fault(wrong) from wrong


def live_paper(session: Session, visit_id: int, kind_key: str) -> Paper | None:
    """Give the visit's paper of a kind that is still of use, the newest, whatever its state; unscoped, for jobs."""
    return session.scalars(
        select(Paper)
        .where(Paper.visit_id == visit_id, Paper.kind == kind_key,
               Paper.state.not_in([state.value for state in ENDED]))
        .order_by(Paper.id.desc())
    ).first()  # fmt: skip


def edit_text(
    session: Session, actor: Actor, now: datetime, paper_id: int, language: str, text: str, *, version: int | None
) -> PaperText:
    """Save a paper's words in one language.

    Raises:
        Conflict: the paper is past editing.
        Stale: somebody saved this text meanwhile.
        Invalid: the text has a fault; the line is named.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.EDIT)
    row = get_text(paper, language)
    expect_version(row, version, {"text": row.text})
    words = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if not words:
        raise Invalid("papers.empty-text", field="text")
    if len(words) > MAX_TEXT:
        raise Invalid("base.too-long", field="text", limit=MAX_TEXT)
    try:
        check_text(words)
    except RenderError as wrong:
        raise fault(wrong) from wrong
    if row.text != words + "\n":
        row.text, row.edited_at, row.edited_by, row.trial_fault = words + "\n", now, actor.account_id, None
        _note_other_words(paper)
        void_checks(session, actor, now, paper)
        record(session, actor, now, "papers.paper.edited", subject=paper, visit_id=paper.visit_id,
               changes={"language": (None, language)}, personal=("text",))  # fmt: skip
    return row


def _note_other_words(paper: Paper) -> None:
    """Count the paper's version up: who hands it in, deletes it or writes it anew must have seen these words."""
    flag_modified(paper, "state")


def fault(wrong: RenderError) -> Invalid:
    """The error of a text as a person reads it."""
    return Invalid(f"papers.text-{wrong.code}", field="text", line=wrong.line, detail=wrong.detail)


def rename_paper(
    session: Session, actor: Actor, now: datetime, paper_id: int, subject: str, *, version: int | None = None
) -> Paper:
    """Change what the register says the paper is about, before it is approved.

    Raises:
        Conflict, Stale, Invalid.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.EDIT, version=version)
    words = " ".join(subject.split())
    if not words:
        raise Invalid("base.required", field="subject")
    if len(words) > 300:
        raise Invalid("base.too-long", field="subject", limit=300)
    if words != paper.subject:
        record(session, actor, now, "papers.paper.edited", subject=paper, visit_id=paper.visit_id,
               changes={"subject": (paper.subject, words)})  # fmt: skip
        paper.subject = words
    return paper


def redraft_paper(session: Session, actor: Actor, now: datetime, paper_id: int, *, version: int | None = None) -> Paper:
    """Write all texts anew from the wording and today's facts; what was edited by hand is lost.

    Raises:
        Conflict: the paper is past editing.
        Stale: it was changed meanwhile.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.REDRAFT, version=version)
    facts = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    words = _written(kind, [row.language for row in paper.texts if row.language in kind.wordings], facts)
    for row in paper.texts:
        if row.language in words:
            row.text, row.edited_at, row.edited_by = words[row.language], None, None
            row.wording_n = kind.versions.get(row.language, DELIVERED)
            row.trial_fault = None
    paper.facts_hash, paper.told = fingerprint(facts), facts
    _note_other_words(paper)
    void_checks(session, actor, now, paper)
    record(session, actor, now, "papers.paper.redrafted", subject=paper, visit_id=paper.visit_id)
    return paper


def keep_text(session: Session, actor: Actor, now: datetime, paper_id: int, *, version: int | None = None) -> Paper:
    """Say that a text is right with today's facts as it stands: looked through, or corrected by hand.

    Raises:
        Conflict: the paper is past editing.
        Stale: it was changed meanwhile.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.EDIT, version=version)
    facts = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    paper.facts_hash, paper.told = fingerprint(facts), facts
    record(session, actor, now, "papers.paper.looked-through", subject=paper, visit_id=paper.visit_id)
    return paper


def add_language(session: Session, actor: Actor, now: datetime, paper_id: int, language: str) -> PaperText:
    """Give a paper a text in one more language: from the wording, or, where there is none, as a copy to be translated.

    Raises:
        Invalid: not a language code.
        Conflict: it has that language, or is past editing.
    """
    paper, kind = open_paper(session, actor, paper_id, PaperAct.ADD_LANGUAGE)
    if not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
        raise Invalid("papers.not-a-language", field="language")
    if any(text.language == language for text in paper.texts):
        raise Conflict("papers.has-language", field="language")
    facts = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    if language in kind.wordings:
        words = _written(kind, [language], facts)[language]
    else:
        base = next((text for text in paper.texts if text.language == "en"), paper.texts[0])
        words = with_letterhead(base.text, entered(facts, language))
        words = with_signatory(words, base.text, facts, base.language, language)
    drafted_from = kind.versions.get(language, DELIVERED) if language in kind.wordings else None
    row = PaperText(language=language, text=words, wording_n=drafted_from)
    paper.texts.append(row)
    _note_other_words(paper)
    void_checks(session, actor, now, paper)
    record(session, actor, now, "papers.paper.edited", subject=paper, visit_id=paper.visit_id,
           changes={"language": (None, language)})  # fmt: skip
    return row


def delete_draft(session: Session, actor: Actor, now: datetime, paper_id: int, *, version: int | None = None) -> None:
    """Delete a paper that was never approved; nothing else of it is ever deleted.

    Raises:
        Conflict: it is past that.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.DELETE, version=version)
    record(session, actor, now, "papers.paper.deleted", subject=paper, visit_id=paper.visit_id,
           changes={"kind": (paper.kind, None)})  # fmt: skip
    session.delete(paper)
    session.flush()


def submit_paper(
    session: Session,
    actor: Actor,
    now: datetime,
    paper_id: int,
    *,
    checkers: Sequence[int] = (),
    in_order: bool = False,
    trial: bool = True,
    version: int | None = None,
) -> Paper:
    """Hand a paper in: to those who are to check it, in order or all at once, else straight to the manager.

    Missing facts are told now, and stop it only at approval. A *trial* layout is asked for, except where the caller
    has it made with others.

    Raises:
        Conflict, Stale.
        Invalid: somebody named cannot check it.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.SUBMIT, version=version)
    move(session, paper, PaperAct.SUBMIT, submitted_at=now, submitted_by=actor.account_id, remark="")
    record(session, actor, now, "papers.paper.submitted", subject=paper, visit_id=paper.visit_id)
    session.refresh(paper, ["submitted_by"])
    ask_for_checks(session, actor, now, paper, checkers, in_order=in_order)
    if trial:
        enqueue(session, now, TRY, f"{TRY}.{paper.id}.{paper.lock_version}", {"paper_id": paper.id},
                visit_id=paper.visit_id, request_id=actor.request_id)  # fmt: skip
    return paper


def take_back(session: Session, actor: Actor, now: datetime, paper_id: int, *, version: int | None = None) -> Paper:
    """Take a submitted paper back for more editing.

    Raises:
        Conflict, Stale: it is not waiting any more, or was handed in anew meanwhile.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.TAKE_BACK, version=version)
    move(session, paper, PaperAct.TAKE_BACK)
    record(session, actor, now, "papers.paper.taken-back", subject=paper, visit_id=paper.visit_id)
    return paper


def return_paper(
    session: Session, actor: Actor, now: datetime, paper_id: int, remark: str, *, version: int | None = None
) -> Paper:
    """Send a submitted paper back with a remark.

    Raises:
        Forbidden: the actor does not approve papers.
        Invalid: no remark.
        Conflict, Stale: it is not waiting any more, or was handed in anew meanwhile.
    """
    paper, _ = open_paper(session, actor, paper_id, PaperAct.RETURN, version=version)
    words = remark.strip()
    if not words:
        raise Invalid("papers.remark-required", field="remark")
    if len(words) > 2000:
        raise Invalid("base.too-long", field="remark", limit=2000)
    move(session, paper, PaperAct.RETURN, remark=words)
    record(session, actor, now, "papers.paper.returned", subject=paper, visit_id=paper.visit_id, note=words)
    return paper


def find_kind(key: str) -> Kind:
    """The kind of that name.

    Raises:
        NotFound: there is none.
    """
    try:
        return editions.kind(key)
    except LookupError:
        raise NotFound("kind") from None
