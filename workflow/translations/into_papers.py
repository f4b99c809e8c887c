"""A paper's words to the translator as a document, and the accepted translation back into that paper.

What comes back is read like a text edited in Word: blocks that the translator left alone keep the lines of the paper
they were made of, number and date are drawn by the system. Nothing is saved before somebody has seen the difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.files import DOCX, TEXT, Upload
from workflow.base.slow_work import outcome_of
from workflow.papers import approving, editions
from workflow.papers.arms import office_arms
from workflow.papers.composing import RenderError, check_text
from workflow.papers.from_word import read_word
from workflow.papers.letterheads import entered, with_letterhead
from workflow.papers.making import PaperFile
from workflow.papers.models import Paper
from workflow.papers.queries import get_text, papers_of
from workflow.papers.rewording import Mark, difference, reworded
from workflow.papers.rules import PaperAct, PaperState, refusal
from workflow.papers.service import MAX_TEXT, add_language, edit_text, fault, open_paper
from workflow.papers.signatories import with_signatory
from workflow.translations.models import Assignment
from workflow.translations.queries import get_assignment
from workflow.translations.rules import AssignmentState
from workflow.translations.service import read_result

READY = (AssignmentState.ACCEPTED, AssignmentState.RELEASED)


@dataclass(frozen=True)
class Proposal:
    """What a translation would make of a paper's text in its language."""

    paper: Paper
    language: str
    words: str
    version: int | None
    """The version of the text that is there; None where the paper has none in this language yet."""
    rows: Sequence[tuple[Mark, str]]


def document_of(session: Session, now: datetime, paper: Paper, language: str) -> bytes:
    """Make the DOCX of a paper that is not approved yet, its facts filled in, for the translator to write over.

    Raises:
        NotFound: the paper has no text in that language.
        Invalid: the text has a fault; the line is named.
    """
    text = get_text(paper, language)
    kind = editions.kind(paper.kind)
    edition = approving.edition_of(paper, text, kind, office_arms(session, paper.issuing_body_id))
    try:
        return outcome_of(PaperFile(edition, approving.facts_of(session, now, paper, kind), "docx")).data
    except RenderError as wrong:
        found = fault(wrong)
        raise Invalid(found.code, field="source_language", **found.params) from wrong


def papers_for(session: Session, actor: Actor, row: Assignment) -> Sequence[Paper]:
    """List the papers of the visit that could take this translation now; the one it was ordered for comes first."""
    if AssignmentState(row.state) not in READY or row.result_file_id is None or not _may(actor):
        return []
    found = [each for each in papers_of(session, actor, row.visit_id)
             if refusal(PaperState(each.state), PaperAct.EDIT) is None
             and any(text.language == row.source_language for text in each.texts)]
    return sorted(found, key=lambda each: each.id != row.paper_id)


def _may(actor: Actor) -> bool:
    return actor.may(Permission.PAPERS_WRITE) and actor.may(Permission.TRANSLATIONS_ORDER)


def propose(session: Session, actor: Actor, now: datetime, assignment_id: int, paper_id: int) -> Proposal:
    """Read an accepted translation as the text of a paper of the same visit, and say what it would change.

    Raises:
        NotFound, Forbidden: not for this actor, or the paper is another visit's.
        Conflict: the translation is not accepted yet, or the paper is past editing.
        Invalid: the file is neither Word nor plain text, or cannot be a paper's text.
    """
    row, _how = get_assignment(session, actor, assignment_id)
    if not _may(actor):
        raise Forbidden
    if AssignmentState(row.state) not in READY:
        raise Conflict("translations.not-accepted")
    paper, kind = open_paper(session, actor, paper_id, PaperAct.EDIT)
    if paper.visit_id != row.visit_id:
        raise NotFound("paper")
    base = next((text.text for text in paper.texts if text.language == row.source_language), None)
    if base is None:
        raise Invalid("translations.paper-has-no-text", field="paper_id")
    file, data = read_result(session, actor, row.id)
    if file.media_type == DOCX:
        facts = approving.facts_of(session, now, paper, editions.kind(kind.key))
        words = reworded(base, read_word(Upload(Path(file.name).name, data)), facts, row.source_language)
        words = with_letterhead(words, entered(facts, row.target_language))
        words = with_signatory(words, base, facts, row.source_language, row.target_language)
    elif file.media_type == TEXT:
        words = data.decode("utf-8", "replace").lstrip("\ufeff").replace("\r\n", "\n").strip() + "\n"
    else:
        raise Invalid("translations.not-a-text", field="paper_id")
    if len(words) > MAX_TEXT:
        raise Invalid("base.too-long", field="paper_id", limit=MAX_TEXT)
    try:
        check_text(words)
    except RenderError as wrong:
        found = fault(wrong)
        raise Invalid(found.code, field="paper_id", **found.params) from wrong
    there = next((text for text in paper.texts if text.language == row.target_language), None)
    return Proposal(paper, row.target_language, words, None if there is None else there.lock_version,
                    difference(base if there is None else there.text, words))


def take_into_paper(
    session: Session, actor: Actor, now: datetime, assignment_id: int, paper_id: int, *, version: int | None
) -> Paper:
    """Make an accepted translation the paper's text in its language; *version* is the text's that was seen, if any.

    Raises:
        As `propose`; Stale when the text was changed meanwhile.
    """
    found = propose(session, actor, now, assignment_id, paper_id)
    if found.version is None:
        row = add_language(session, actor, now, found.paper.id, found.language)
        session.flush()
        version = row.lock_version
    else:
        expect_version(get_text(found.paper, found.language), version)
    edit_text(session, actor, now, found.paper.id, found.language, found.words, version=version)
    return found.paper
