"""Pages of the sending queue: what waits, one mail as it will go out, what was released."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.database import FARTHEST_KEY, read_key
from workflow.base.reasons import Sentence
from workflow.papers.issuing import attachments_of, carries_event
from workflow.papers.queries import get_paper
from workflow.papers.sending import queries, service, words
from workflow.papers.sending.forms import ReleaseForm, RemoveForm, VersionForm, WordsForm
from workflow.papers.sending.rules import LINK, OutgoingAct, OutgoingState, refusal
from workflow.papers.words import MAILS, kind_name
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form, FormModel

door = Door("sending", __name__)

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)

F = TypeVar("F", bound=FormModel)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _key(name: str) -> int | None:
    found = read_key(request.values.get(name, ""))
    return found if found is not None and 0 < found <= FARTHEST_KEY else None


@door.get("/sending", READ)
def index(act: Act) -> ResponseReturnValue:
    """Show the queue: of all visits, or of one."""
    return _index(act, Form.of(ReleaseForm), _key("visit"))


def _index(act: Act, form: Form[ReleaseForm], visit_id: int | None) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id) if visit_id else None
    waiting = queries.queue(act.session, act.actor, visit_id=visit_id, after=_key("after") or 0)
    gone = queries.queue(act.session, act.actor, visit_id=visit_id, waiting=False, after=_key("before") or 0)
    names = account_names(act.session, [line.row.released_by for line in gone], reader_language())
    return act.page(
        "sending/index.html", form.status, visit=visit, waiting=waiting, gone=gone, form=form, words=words,
        coded=Sentence, looked_at=set(form.values["shown"] or ()),
        mails=MAILS, kind_name=kind_name, accounts=names, page=queries.PAGE,
        count=queries.waiting_count(act.session, act.actor, visit_id),
        may_write=act.actor.may(Permission.PAPERS_WRITE),
    )  # fmt: skip


@door.post("/sending/release", WRITE)
def release_many(act: Act) -> ResponseReturnValue:
    """Let the ticked mails go, or all that the page showed; one that was changed meanwhile keeps all of them here."""
    form = Form.posted(ReleaseForm)
    visit_id = form.data.visit if form.data else _key("visit")
    if form.data:
        with form.guarding(act):
            count = service.release_many(act.session, act.actor, act.now, form.data.seen)
            flash(ngettext("%(num)d mail is released.", "%(num)d mails are released.", count))
            return act.to("sending.index", visit=visit_id)
    return _index(act, form, visit_id)


@door.get("/sending/<int:outgoing_id>", READ)
def show(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Show a mail as it will go out."""
    return _page(act, outgoing_id)


def _page(act: Act, outgoing_id: int, *, form: Form[Any] | None = None, form_name: str = "") -> ResponseReturnValue:
    row = queries.get_outgoing(act.session, act.actor, outgoing_id)
    visit = get_visit(act.session, act.actor, row.visit_id)
    paper = get_paper(act.session, act.actor, row.paper_id)
    may = {one.value for one in OutgoingAct if refusal(OutgoingState(row.state), one) is None}
    dispatch = next((one for one in paper.dispatches if one.id == row.dispatch_id), None)
    shown = {name: getattr(row, name) for name in ("to_name", "to_address", "subject", "text")}
    return act.page(
        "sending/mail.html", form.status if form else 200, visit=visit, tab="papers", row=row, paper=paper, form=form,
        form_name=form_name, coded=Sentence, words=words, mails=MAILS,
        may=may if act.actor.may(Permission.PAPERS_WRITE) else set(),
        edit=form if form and form_name == "words" else Form.of(WordsForm, {**shown, "version": row.lock_version}),
        kind_name=kind_name, texts=[text for text in paper.texts if text.pdf_file_id],
        files=len(attachments_of(paper)), has_link=LINK in row.text, link_mark=LINK,
        has_event=carries_event(paper.kind) and visit.arrival is not None and visit.departure is not None,
        mail_state=next(iter(_mail_state(act, dispatch)), ""),
        accounts=account_names(act.session, [row.queued_by, row.released_by], reader_language()),
    )  # fmt: skip


def _mail_state(act: Act, dispatch: Any) -> list[str]:
    return [queries.mail_state(act.session, dispatch.mail_id)] if dispatch is not None and dispatch.mail_id else []


def _do(act: Act, outgoing_id: int, model: type[F], name: str, run: Callable[[F], str]) -> ResponseReturnValue:
    form = Form.posted(model)
    row = queries.get_outgoing(act.session, act.actor, outgoing_id)
    visit_id = row.visit_id
    if form.data:
        with form.guarding(act):
            told = run(form.data)
            act.session.flush()
            flash(told)
            if name == "release":
                return act.to("sending.index", visit=visit_id)
            return act.to("sending.show", outgoing_id=outgoing_id)
        form.settle_version(row.lock_version)
    return _page(act, outgoing_id, form=form, form_name=name)


@door.post("/sending/<int:outgoing_id>/words", WRITE)
def edit(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Change the words."""

    def run(data: WordsForm) -> str:
        service.edit_outgoing(act.session, act.actor, act.now, outgoing_id, to_name=data.to_name,
                              to_address=data.to_address, subject=data.subject, text=data.text,
                              version=data.version)  # fmt: skip
        return _("Saved.")

    return _do(act, outgoing_id, WordsForm, "words", run)


@door.post("/sending/<int:outgoing_id>/hold", WRITE)
def hold(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Hold it back."""

    def run(data: VersionForm) -> str:
        service.hold_outgoing(act.session, act.actor, act.now, outgoing_id, version=data.version)
        return _("The mail is held.")

    return _do(act, outgoing_id, VersionForm, "act", run)


@door.post("/sending/<int:outgoing_id>/resume", WRITE)
def resume(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Let it wait again."""

    def run(data: VersionForm) -> str:
        service.resume_outgoing(act.session, act.actor, act.now, outgoing_id, version=data.version)
        return _("The mail waits for its release.")

    return _do(act, outgoing_id, VersionForm, "act", run)


@door.post("/sending/<int:outgoing_id>/release", WRITE)
def release(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Let it go."""

    def run(data: VersionForm) -> str:
        service.release_outgoing(act.session, act.actor, act.now, outgoing_id, version=data.version)
        return _("The mail is released. The queue says what became of it.")

    return _do(act, outgoing_id, VersionForm, "release", run)


@door.post("/sending/<int:outgoing_id>/remove", WRITE)
def remove(act: Act, outgoing_id: int) -> ResponseReturnValue:
    """Take it out of the queue."""

    def run(data: RemoveForm) -> str:
        service.remove_outgoing(act.session, act.actor, act.now, outgoing_id, data.reason, version=data.version)
        return _("The mail is taken out of the queue.")

    return _do(act, outgoing_id, RemoveForm, "remove", run)
