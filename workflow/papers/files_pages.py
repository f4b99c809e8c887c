"""Downloads: a paper's files, its signed scan, and working papers printed at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.database import read_key
from workflow.base.errors import DomainError, NotFound
from workflow.base.files import read_file
from workflow.base.unit_of_work import rollback
from workflow.papers import approving, editions, queries, service
from workflow.papers.arms import office_arms
from workflow.papers.authoring.queries import kind_now, over_template
from workflow.papers.composing import RenderError
from workflow.papers.engine import RENDERER
from workflow.papers.facts import collect, with_paper
from workflow.papers.rendering import MIMES, Format
from workflow.people.photos import badge_photos
from workflow.visits.queries import get_visit, members
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer, offer_stored

door = Door("paper_files", __name__)

READ = needs(Permission.PAPERS_READ)
BADGES = "badges"


@door.get("/visits/<int:visit_id>/papers/print/<kind>.<language>.<form>", READ)
def print_paper(act: Act, visit_id: int, kind: str, language: str, form: str) -> ResponseReturnValue:
    """Print a working paper at once from today's facts."""
    edition, facts = _working(act, visit_id, kind, language)
    if form not in ("pdf", "docx"):
        raise NotFound("paper")
    rollback(act.session)
    return _rendered(edition, facts, form, f"{kind}-{visit_id}-{language}")


@door.post("/visits/<int:visit_id>/papers/print/badges/<language>", needs(Permission.PEOPLE_REVEAL))
def print_badges(act: Act, visit_id: int, language: str) -> ResponseReturnValue:
    """Print badges with the photos of those who have one; that somebody took each photo is recorded."""
    edition, facts = _working(act, visit_id, BADGES, language)
    listed = members(act.session, visit_id)
    photos = badge_photos(act.session, act.actor, act.now, [one.person for one in listed])
    images = {f"{editions.PHOTO}{place}": photos[one.person_id] for place, one in enumerate(listed, start=1)
              if one.person_id in photos}  # fmt: skip
    act.keep()
    return _rendered(replace(edition, images=images), facts, "pdf", f"{BADGES}-{visit_id}-{language}")


def _working(act: Act, visit_id: int, kind: str, language: str) -> tuple[editions.Edition, Mapping[str, Any]]:
    """A working paper of a visit and what it says.

    Raises:
        NotFound: no such paper or language, or not for this actor.
    """
    visit = get_visit(act.session, act.actor, visit_id)
    found = kind_now(act.session, service.find_kind(kind).key)
    official = found.official or found.subject == "year"
    if official or language not in found.wordings or not act.actor.may(Permission.PAPERS_READ):
        raise NotFound("paper")
    told = collect(act.session, act.now, visit.id, found, _asked(act, visit.id, found))
    facts = with_paper(told, number="", dated=None, code=None, verify_url="", final=True)
    edition = editions.edition(kind, language, wording=found.wordings[language])
    return over_template(act.session, edition), facts


def _asked(act: Act, visit_id: int, kind: editions.Kind) -> tuple[str, int] | None:
    """What the printed paper is about, as the address names it; collectors look within the visit only."""
    if kind.subject == "assignment":
        key = read_key(request.args.get("assignment", ""))
        if key is None:
            raise NotFound("paper")
        return ("assignment", key)
    return _asked_paper(act, visit_id)


def _asked_paper(act: Act, visit_id: int) -> tuple[str, int] | None:
    """The paper whose approval sheet is printed, as the address names it."""
    key = read_key(request.args["paper"]) if "paper" in request.args else None
    if key is None:
        return None
    paper = queries.get_paper(act.session, act.actor, key)
    if paper.visit_id != visit_id:
        raise NotFound("paper")
    return ("paper", paper.id)


def _rendered(edition: editions.Edition, facts: Mapping[str, Any], form: str, name: str) -> Response:
    wanted: Format = "pdf" if form == "pdf" else "docx"
    try:
        made = RENDERER.render(edition, facts, wanted)
    except RenderError as wrong:
        raise service.fault(wrong) from wrong
    return offer(made.data, name=f"{name}.{wanted}", media_type=MIMES[wanted])


@door.get("/papers/<int:paper_id>/files/<language>.<form>", READ)
def download(act: Act, paper_id: int, language: str, form: str) -> ResponseReturnValue:
    """Download a paper: the file kept of an approved one, or a draft made now and marked so.

    Papers of a batch are kept as PDF only; their DOCX is made when it is asked for, of the frozen facts.
    """
    paper = queries.get_paper(act.session, act.actor, paper_id)
    text = queries.get_text(paper, language)
    if form not in ("pdf", "docx"):
        raise NotFound("file")
    if paper.facts is not None:
        file_id = text.pdf_file_id if form == "pdf" else text.docx_file_id
        if text.rendered_no != paper.render_no or (file_id is None and form == "pdf"):
            raise DomainError("papers.files-not-ready")
        if file_id is not None:
            row, data = read_file(act.session, file_id)
            return offer_stored(row, data)
    kind = editions.kind(paper.kind)
    edition = approving.edition_of(paper, text, kind, office_arms(act.session, paper.issuing_body_id))
    edition = over_template(act.session, edition, as_drafted=approving.is_as_drafted(text))
    facts = approving.facts_of(act.session, act.now, paper, kind)
    rollback(act.session)
    status = "draft-" if paper.facts is None else ""
    return _rendered(edition, facts, form, f"{status}{edition.kind}-{paper_id}-{language}")


@door.get("/papers/<int:paper_id>/scan", READ)
def scan(act: Act, paper_id: int) -> ResponseReturnValue:
    """Download the signed scan."""
    paper = queries.get_paper(act.session, act.actor, paper_id)
    if paper.scan_file_id is None:
        raise NotFound("file")
    row, data = read_file(act.session, paper.scan_file_id)
    return offer_stored(row, data)
