"""Pages of batches: a visit's list, one batch with its progress and acts, its files."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.errors import Conflict, NotFound
from workflow.base.files import read_file
from workflow.papers.batches import queries, recipients_pages, service, words
from workflow.papers.batches.checking import sentence_of
from workflow.papers.batches.forms import ActForm, ApproveForm, BatchForm, CancelForm, ReturnForm, SignForm
from workflow.papers.batches.models import PaperBatch
from workflow.papers.batches.rules import DECIDED, BatchAct, BatchState, Doing, refusal
from workflow.papers.batches.waiting import waiting_for
from workflow.papers.sending.queries import waiting_count
from workflow.papers.words import STATES as PAPER_STATES
from workflow.papers.words import kind_name, language_name
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer_stored
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form, FormModel

door = Door("batches", __name__)
doors = [door, recipients_pages.door]

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
APPROVE = needs(Permission.PAPERS_APPROVE)

F = TypeVar("F", bound=FormModel)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


@door.get("/visits/<int:visit_id>/batches", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """List a visit's batches."""
    return _index(act, visit_id, Form.of(BatchForm))


def _index(act: Act, visit_id: int, form: Form[BatchForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    rows = queries.batches_of(act.session, act.actor, visit_id)
    return act.page(
        "batches/index.html", form.status, visit=visit, tab="papers", rows=rows, form=form, words=words,
        kind_name=kind_name, kinds=queries.batch_kinds(), may_write=act.actor.may(Permission.PAPERS_WRITE),
        counts=queries.recipient_counts(act.session, [row.id for row in rows]),
    )  # fmt: skip


@door.post("/visits/<int:visit_id>/batches", WRITE)
def create(act: Act, visit_id: int) -> ResponseReturnValue:
    """Begin a batch."""
    form = Form.posted(BatchForm)
    if form.data:
        with form.guarding(act):
            batch = service.create_batch(act.session, act.actor, act.now, visit_id, form.data.kind,
                                         title=form.data.title)  # fmt: skip
            flash(_("The batch is begun. List its recipients."))
            return act.to("batches.show", batch_id=batch.id)
    return _index(act, visit_id, form)


@door.get("/batches/<int:batch_id>", READ)
def show(act: Act, batch_id: int) -> ResponseReturnValue:
    """Show a batch: where it stands, its recipients, what can be done now."""
    return _page(act, batch_id)


def allowed(act: Act, batch: PaperBatch) -> frozenset[str]:
    """What the actor may do with a batch now."""
    state, doing = BatchState(batch.state), Doing(batch.doing)
    approver, writer = act.actor.may(Permission.PAPERS_APPROVE), act.actor.may(Permission.PAPERS_WRITE)
    found = {one for one in BatchAct if refusal(state, doing, one, stopped=batch.stopped) is None}
    if not approver:
        found -= {BatchAct.APPROVE, BatchAct.RETURN}
        found -= {BatchAct.CANCEL} if state in DECIDED else set()
        found -= {BatchAct.RETRY} if not doing else set()
    return frozenset(one.value for one in found) if writer else frozenset()


def _page(act: Act, batch_id: int, *, form: Form[Any] | None = None, form_name: str = "") -> ResponseReturnValue:
    batch = queries.get_batch(act.session, act.actor, batch_id)
    visit = get_visit(act.session, act.actor, batch.visit_id)
    rows = queries.recipients_of(act.session, batch.id)
    return act.page(
        "batches/batch.html", form.status if form else 200, visit=visit, tab="papers", batch=batch, rows=rows,
        may=allowed(act, batch), form=form, form_name=form_name, words=words, kind_name=kind_name,
        language_name=language_name, paper_states=PAPER_STATES, faults=sentence_of,
        papers=queries.papers_of_batch(act.session, batch.id), mails=queries.mails_of_batch(act.session, batch.id),
        links=queries.live_links(act.session, act.now, batch.id), counts=queries.answer_counts(act.session, batch.id),
        waiting=waiting_count(act.session, act.actor, batch.visit_id),
        accounts=account_names(act.session, [batch.submitted_by, batch.approved_by], reader_language()),
        **_progress(act, batch),
    )  # fmt: skip


def _progress(act: Act, batch: PaperBatch) -> dict[str, Any]:
    told, wait = queries.progress(act.session, batch), waiting_for(act.session, batch, act.now)
    awaited = (wait.cause, wait.until) if wait else None
    mark = hashlib.sha256(f"{told}{batch.run}{batch.stopped}{awaited}".encode()).hexdigest()[:16]
    return {"progress": told, "mark": mark, "wait": wait}


@door.get("/batches/<int:batch_id>/progress", READ)
def progress(act: Act, batch_id: int) -> ResponseReturnValue:
    """Answer a page that asks how far the work is: nothing new (204), the new line, or that the page is to be read
    again.
    """
    batch = queries.get_batch(act.session, act.actor, batch_id)
    told = _progress(act, batch)
    if not batch.doing or batch.stopped:
        return Response(status=200, headers={"HX-Refresh": "true"})
    if request.args.get("seen") == told["mark"]:
        return Response(status=204)
    return render_template("batches/_progress.html", batch=batch, words=words, **told)


def _do(act: Act, batch_id: int, model: type[F], name: str, run: Callable[[F], str]) -> ResponseReturnValue:
    form = Form.posted(model)
    queries.get_batch(act.session, act.actor, batch_id)
    if form.data:
        with form.guarding(act):
            told = run(form.data)
            act.session.flush()
            flash(told)
            return act.to("batches.show", batch_id=batch_id)
    return _page(act, batch_id, form=form, form_name=name)


@door.post("/batches/<int:batch_id>/start", WRITE)
def start(act: Act, batch_id: int) -> ResponseReturnValue:
    """Check every row and have the drafts written; what is wrong stays with the rows."""

    def run(data: ActForm) -> str:
        faulty = service.check_batch(act.session, act.actor, act.now, batch_id)
        if faulty:
            act.keep()
            raise Conflict("papers.batch-faulty", count=faulty)
        service.start_drafts(act.session, act.actor, act.now, batch_id, version=data.version)
        return _("The drafts are being written.")

    return _do(act, batch_id, ActForm, "act", run)


@door.post("/batches/<int:batch_id>/submit", WRITE)
def submit(act: Act, batch_id: int) -> ResponseReturnValue:
    """Hand the drafts in."""

    def run(data: ActForm) -> str:
        service.submit_batch(act.session, act.actor, act.now, batch_id, version=data.version)
        return _("Handed in for approval.")

    return _do(act, batch_id, ActForm, "act", run)


@door.post("/batches/<int:batch_id>/take-back", WRITE)
def take_back(act: Act, batch_id: int) -> ResponseReturnValue:
    """Take the drafts back."""

    def run(data: ActForm) -> str:
        service.take_batch_back(act.session, act.actor, act.now, batch_id, version=data.version)
        return _("Taken back. You can edit it again.")

    return _do(act, batch_id, ActForm, "act", run)


@door.post("/batches/<int:batch_id>/return", APPROVE)
def return_(act: Act, batch_id: int) -> ResponseReturnValue:
    """Send the drafts back with a remark."""

    def run(data: ReturnForm) -> str:
        service.return_batch(act.session, act.actor, act.now, batch_id, data.remark, version=data.version)
        return _("Returned with your remark.")

    return _do(act, batch_id, ReturnForm, "return", run)


@door.post("/batches/<int:batch_id>/approve", APPROVE)
def approve(act: Act, batch_id: int) -> ResponseReturnValue:
    """Approve all papers by one decision."""

    def run(data: ApproveForm) -> str:
        service.approve_batch(act.session, act.actor, act.now, batch_id, dated=data.dated, version=data.version)
        return _("Approved. The papers are being numbered and laid out.")

    return _do(act, batch_id, ApproveForm, "approve", run)


@door.post("/batches/<int:batch_id>/retry", WRITE)
def retry(act: Act, batch_id: int) -> ResponseReturnValue:
    """Try what stopped or failed again."""

    def run(data: ActForm) -> str:
        service.retry_batch(act.session, act.actor, act.now, batch_id, version=data.version)
        return _("The work goes on.")

    return _do(act, batch_id, ActForm, "act", run)


@door.post("/batches/<int:batch_id>/sign", WRITE)
def sign(act: Act, batch_id: int) -> ResponseReturnValue:
    """Record that all were signed."""

    def run(data: SignForm) -> str:
        service.sign_batch(act.session, act.actor, act.now, batch_id, signed_on=data.signed_on, version=data.version)
        return _("The signatures are being recorded.")

    return _do(act, batch_id, SignForm, "sign", run)


@door.post("/batches/<int:batch_id>/mails", WRITE)
def prepare_mails(act: Act, batch_id: int) -> ResponseReturnValue:
    """Prepare a mail for each recipient with an address."""

    def run(data: ActForm) -> str:
        service.queue_batch(act.session, act.actor, act.now, batch_id, version=data.version)
        return _("The mails are being prepared. Nothing leaves before you release it in the sending queue.")

    return _do(act, batch_id, ActForm, "act", run)


@door.post("/batches/<int:batch_id>/cancel", WRITE)
def cancel(act: Act, batch_id: int) -> ResponseReturnValue:
    """Cancel it."""

    def run(data: CancelForm) -> str:
        service.cancel_batch(act.session, act.actor, act.now, batch_id, data.reason, version=data.version)
        return _("The batch is cancelled.")

    return _do(act, batch_id, CancelForm, "cancel", run)


@door.get("/batches/<int:batch_id>/letters.<form>", READ)
def letters(act: Act, batch_id: int, form: str) -> ResponseReturnValue:
    """Download all letters: one PDF for the printer, or an archive."""
    batch = queries.get_batch(act.session, act.actor, batch_id)
    file_id = {"pdf": batch.print_file_id, "zip": batch.archive_file_id}.get(form)
    if file_id is None or batch.state == BatchState.CANCELLED:
        raise NotFound("file")
    row, data = read_file(act.session, file_id)
    return offer_stored(row, data)
