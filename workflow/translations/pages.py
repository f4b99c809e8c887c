"""Pages of those who translate and check: the board, an assignment with its verbs, its files."""

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.errors import Conflict
from workflow.base.unit_of_work import rollback
from workflow.papers.paper_page import names
from workflow.translations import into_papers, order_pages, queries, rules, service
from workflow.translations.door import door
from workflow.translations.forms import ActForm, IntoPaperForm, moments, purposes, states
from workflow.translations.models import Assignment
from workflow.translations.rules import AssignmentState, Verb
from workflow.translations.wording import VERBS, direction
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, needs, uploaded
from workflow.web.downloads import offer_stored
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say
from workflow.web.uploads import upload_limit

__all__ = ["door", "order_pages"]

READ = needs(Permission.TRANSLATIONS_READ)
ORDER = needs(Permission.TRANSLATIONS_ORDER)
TAKE = needs(Permission.TRANSLATIONS_TAKE)


@door.get("/translations", READ)
def board(act: Act) -> ResponseReturnValue:
    """Show a translator's work, and to those who order everything that is ordered."""
    return _board(act)


def _board(act: Act, *, refused: str = "", status: int = 200) -> ResponseReturnValue:
    takes, orders = act.actor.may(Permission.TRANSLATIONS_TAKE), act.actor.may(Permission.TRANSLATIONS_ORDER)
    chosen = request.args.get("state", "") if request.method == "GET" else ""
    chosen = chosen if chosen in set(AssignmentState) else ""
    listed = next_cursor = None
    if orders:
        found = queries.list_assignments(act.session, act.actor, state=chosen, cursor=request.args.get("cursor"))
        listed, next_cursor = queries.cards(act.session, act.actor, act.now, found.rows), found.next_cursor
    return act.page(
        "translations/board.html", status, board=queries.board(act.session, act.actor, act.now) if takes else None,
        to_check=queries.to_check(act.session, act.actor, act.now) if orders else None, listed=listed,
        next_cursor=next_cursor, chosen=chosen, states=states(), direction=direction, decimal=format_decimal,
        refused=refused, takes=takes,
    )


@door.get("/translations/<int:assignment_id>", READ)
def show(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Show an assignment and what can be done with it now."""
    return show_with(act, assignment_id, Form.of(ActForm), None)


def show_with(act: Act, assignment_id: int, form: Form[Any], verb: str | None) -> ResponseReturnValue:
    """Show an assignment with a form that was refused; *verb* says which of the page's forms it is."""
    row, how = queries.get_assignment(act.session, act.actor, assignment_id)
    state = AssignmentState(row.state)
    said = queries.remarks(act.session, row.id)
    people = account_names(
        act.session, [row.translator_id, row.reviser_id, row.accepted_by_id, row.released_by_id, row.created_by_id,
                      *(one.account_id for one in said)], language())
    visit = queries.glances(act.session, [row.visit_id])[row.visit_id]
    return act.page(
        "translations/show.html", form.status, row=row, visit=visit, form=form, open_verb=verb, how=how, people=people,
        remarks=said, verbs={one.value for one in rules.allowed(state, how)}, pages=rules.pages(row.characters),
        due=moments(row.due_at, visit.zone), states=states(), purposes=dict(purposes()), verb_names=VERBS,
        files=queries.file_names(act.session, [row.source_file_id, row.result_file_id]),
        source_is_open=rules.may_read_files(state, how), direction=direction, decimal=format_decimal,
        late=_late(act, row), papers=into_papers.papers_for(act.session, act.actor, row),
    )


def _late(act: Act, row: Assignment) -> bool:
    return row.due_at is not None and row.due_at < act.now and AssignmentState(row.state) in rules.LIVE


@door.post("/translations/<int:assignment_id>/claim", TAKE)
def claim(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Take an assignment; whoever comes late stays on the board and reads who has it."""
    try:
        service.claim_assignment(act.session, act.actor, act.now, assignment_id)
    except Conflict as refusal:
        rollback(act.session)
        return _board(act, refused=say(refusal), status=409)
    flash(_("The assignment is yours. You can download the text."))
    return act.to("translations.show", assignment_id=assignment_id)


@door.post("/translations/<int:assignment_id>/publish", ORDER)
def publish(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Open a draft to translators; what is missing is shown on the order's own form."""
    return order_pages.publish_draft(act, assignment_id)


@door.post("/translations/<int:assignment_id>/give-back", READ, endpoint="give_back")
def give_back(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Let go of an assignment."""
    return _act(act, assignment_id, Verb.GIVE_BACK, _("The assignment is open again."), lambda data: (
        service.give_back_assignment(act.session, act.actor, act.now, assignment_id, reason=data.remark,
                                     version=data.version)))


@door.post("/translations/<int:assignment_id>/submit", TAKE)
def submit(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Hand in a translation."""
    return _act(act, assignment_id, Verb.SUBMIT, _("The translation is handed in. A second person will check it."),
                lambda data: service.submit_assignment(
                    act.session, act.actor, act.now, assignment_id, uploaded("result_file"), remark=data.remark,
                    version=data.version, limit=upload_limit()))


@door.post("/translations/<int:assignment_id>/return", READ, endpoint="return_")
def return_(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Return a translation with remarks."""
    return _act(act, assignment_id, Verb.RETURN, _("The translation is returned to its translator."), lambda data: (
        service.return_assignment(act.session, act.actor, act.now, assignment_id, remark=data.remark,
                                  version=data.version)))


@door.post("/translations/<int:assignment_id>/accept", READ)
def accept(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Accept a translation."""
    return _act(act, assignment_id, Verb.ACCEPT, _("The translation is accepted."), lambda data: (
        service.accept_assignment(act.session, act.actor, act.now, assignment_id, remark=data.remark,
                                  without_revision=data.without_revision, version=data.version)))


@door.post("/translations/<int:assignment_id>/release", ORDER)
def release(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Record that the text was handed over to the one who uses it."""
    return _act(act, assignment_id, Verb.RELEASE, _("Recorded: the text is handed over."), lambda data: (
        service.release_assignment(act.session, act.actor, act.now, assignment_id, version=data.version)))


@door.post("/translations/<int:assignment_id>/cancel", ORDER)
def cancel(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Call an assignment off."""
    return _act(act, assignment_id, Verb.CANCEL, _("The assignment is cancelled."), lambda data: (
        service.cancel_assignment(act.session, act.actor, act.now, assignment_id, reason=data.remark,
                                  version=data.version)))


def _act(act: Act, assignment_id: int, verb: Verb, done: str, step: Callable[[ActForm], Assignment]
         ) -> ResponseReturnValue:
    """Take a step; a refusal stays on the assignment's page, beside the form of its verb."""
    form = Form.posted(ActForm)
    if form.data:
        with form.guarding(act):
            row = step(form.data)
            flash(done)
            if verb is Verb.GIVE_BACK and not act.actor.may(Permission.TRANSLATIONS_ORDER):
                return act.to("translations.board")
            if verb is Verb.CANCEL:
                return act.to("translations.index", visit_id=row.visit_id)
            return act.to("translations.show", assignment_id=assignment_id)
    return show_with(act, assignment_id, form, verb)


@door.get("/translations/<int:assignment_id>/source", READ)
def source(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Offer the text to be translated to those who may have it as things stand."""
    return offer_stored(*service.read_source(act.session, act.actor, assignment_id))


@door.get("/translations/<int:assignment_id>/result", READ)
def result(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Offer the translation last handed in."""
    return offer_stored(*service.read_result(act.session, act.actor, assignment_id))


@door.post("/translations/<int:assignment_id>/paper", ORDER)
def into_paper(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Show what the translation makes of the paper's text; nothing is saved."""
    form = Form.posted(IntoPaperForm)
    if form.data:
        with form.guarding(act):
            found = into_papers.propose(act.session, act.actor, act.now, assignment_id, form.data.paper_id)
            return act.page(
                "translations/into_paper.html", visit=get_visit(act.session, act.actor, found.paper.visit_id),
                tab="translations", found=found, assignment_id=assignment_id,
                changed=any(mark != "same" for mark, _line in found.rows), **names())
    return show_with(act, assignment_id, form, "paper")


@door.post("/translations/<int:assignment_id>/paper/save", ORDER)
def save_into_paper(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Save the translation as the paper's text in its language."""
    form = Form.posted(IntoPaperForm)
    if form.data:
        with form.guarding(act):
            paper = into_papers.take_into_paper(act.session, act.actor, act.now, assignment_id, form.data.paper_id,
                                                version=form.data.version)
            flash(_("The translation is now the text of the paper. Check how it looks."))
            return act.to("papers.paper", paper_id=paper.id)
    return show_with(act, assignment_id, form, "paper")
