"""Pages of a batch's recipients: typed, from a list, from the partners; their answers and personal links."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from workflow.base.actor import Permission
from workflow.knowledge.countries import country_name
from workflow.papers import editions
from workflow.papers.authoring.queries import kind_now
from workflow.papers.batches import answering, queries, recipients, words
from workflow.papers.batches.checking import sentence_of
from workflow.papers.batches.forms import AnswerForm, ListForm, PartnersForm, RecipientForm, TakeForm
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.reading import Preview
from workflow.papers.batches.rules import BatchState
from workflow.papers.words import LANGUAGES
from workflow.partners.queries import Filter, list_partners
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form

door = Door("recipients", __name__)

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
MOST_PARTNERS = 500


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _frame(act: Act, batch: PaperBatch) -> dict[str, Any]:
    written = kind_now(act.session, batch.kind).languages if batch.kind in editions.kinds() else ("ru", "en")
    names = [(code, _(LANGUAGES.get(code, code))) for code in written]
    return {"visit": get_visit(act.session, act.actor, batch.visit_id), "tab": "papers", "batch": batch,
            "words": words, "languages": names}  # fmt: skip


@door.get("/batches/<int:batch_id>/recipients/new", WRITE)
def new(act: Act, batch_id: int) -> ResponseReturnValue:
    """Show the form for one recipient."""
    return _new(act, batch_id, Form.of(RecipientForm, {"language": "ru"}))


def _new(act: Act, batch_id: int, form: Form[RecipientForm]) -> ResponseReturnValue:
    batch = queries.get_batch(act.session, act.actor, batch_id)
    return act.page("batches/recipient_form.html", form.status, form=form, row=None, **_frame(act, batch))


@door.post("/batches/<int:batch_id>/recipients/new", WRITE)
def add(act: Act, batch_id: int) -> ResponseReturnValue:
    """Add one recipient."""
    form = Form.posted(RecipientForm)
    queries.get_batch(act.session, act.actor, batch_id)
    if form.data:
        with form.guarding(act):
            recipients.add_recipient(act.session, act.actor, act.now, batch_id, form.data.model_dump(),
                                     language=form.data.language, gender=form.data.gender)  # fmt: skip
            flash(_("The recipient is listed."))
            return act.to("batches.show", batch_id=batch_id, fragment="recipients")
    return _new(act, batch_id, form)


@door.get("/recipients/<int:recipient_id>", READ)
def show(act: Act, recipient_id: int) -> ResponseReturnValue:
    """Show one recipient: what is known, the paper, the answer."""
    return _page(act, recipient_id)


def _page(
    act: Act, recipient_id: int, *, edit: Form[RecipientForm] | None = None, answer: Form[AnswerForm] | None = None
) -> ResponseReturnValue:
    row, batch = queries.get_recipient(act.session, act.actor, recipient_id)
    form: Form[Any] | None = edit or answer
    said = row.answer_text or {}
    given = {"answer": row.answer, "by": row.answer_by, "version": row.lock_version} | said
    return act.page(
        "batches/recipient.html", form.status if form else 200, row=row, form=form, faults=sentence_of,
        edit=edit or Form.of(RecipientForm, _shown(row)), answer=answer or Form.of(AnswerForm, given),
        paper=queries.papers_of_batch(act.session, batch.id).get(row.id),
        has_link=row.id in queries.live_links(act.session, act.now, batch.id),
        may_write=act.actor.may(Permission.PAPERS_WRITE),
        may_edit=batch.state == BatchState.LISTING and not batch.doing,
        may_answer=batch.state in (BatchState.READY, BatchState.SIGNED), **_frame(act, batch),
    )  # fmt: skip


def _shown(row: BatchRecipient) -> dict[str, Any]:
    return {**row.particulars, "language": row.language, "gender": row.gender, "version": row.lock_version}


@door.post("/recipients/<int:recipient_id>", WRITE)
def change(act: Act, recipient_id: int) -> ResponseReturnValue:
    """Correct a recipient."""
    form = Form.posted(RecipientForm)
    row, batch = queries.get_recipient(act.session, act.actor, recipient_id)
    if form.data:
        with form.guarding(act):
            recipients.change_recipient(act.session, act.actor, act.now, recipient_id, form.data.model_dump(),
                                        language=form.data.language, gender=form.data.gender,
                                        version=form.data.version)  # fmt: skip
            flash(_("Saved."))
            return act.to("batches.show", batch_id=batch.id, fragment="recipients")
        form.settle_version(row.lock_version)
    return _page(act, recipient_id, edit=form)


@door.post("/recipients/<int:recipient_id>/remove", WRITE)
def remove(act: Act, recipient_id: int) -> ResponseReturnValue:
    """Take a recipient off the list."""
    _row, batch = queries.get_recipient(act.session, act.actor, recipient_id)
    batch_id = batch.id
    recipients.remove_recipient(act.session, act.actor, act.now, recipient_id)
    flash(_("Taken off the list."))
    return act.to("batches.show", batch_id=batch_id, fragment="recipients")


@door.get("/batches/<int:batch_id>/partners", WRITE)
def partners(act: Act, batch_id: int) -> ResponseReturnValue:
    """Show the partners to be ticked."""
    return _partners(act, batch_id, Form.of(PartnersForm))


def _partners(act: Act, batch_id: int, form: Form[PartnersForm]) -> ResponseReturnValue:
    batch = queries.get_batch(act.session, act.actor, batch_id)
    rows, total = list_partners(act.session, act.actor, Filter(), language=reader_language(), limit=MOST_PARTNERS)
    listed = {row.partner_id for row in queries.recipients_of(act.session, batch.id)}
    return act.page("batches/partners.html", form.status, form=form, rows=rows, total=total, listed=listed,
                    country_name=country_name, **_frame(act, batch))  # fmt: skip


@door.post("/batches/<int:batch_id>/partners", WRITE)
def add_partners(act: Act, batch_id: int) -> ResponseReturnValue:
    """List the heads of the partners ticked."""
    form = Form.posted(PartnersForm)
    queries.get_batch(act.session, act.actor, batch_id)
    if form.data:
        with form.guarding(act):
            made = recipients.add_partners(act.session, act.actor, act.now, batch_id, form.data.partners)
            flash(ngettext("%(num)d recipient is listed.", "%(num)d recipients are listed.", len(made)))
            return act.to("batches.show", batch_id=batch_id, fragment="recipients")
    return _partners(act, batch_id, form)


@door.get("/batches/<int:batch_id>/list", WRITE)
def list_page(act: Act, batch_id: int) -> ResponseReturnValue:
    """Show where a list is handed in, or what was read of it."""
    return _list(act, batch_id, Form.of(ListForm), Form.of(TakeForm))


def _list(act: Act, batch_id: int, form: Form[ListForm], take: Form[TakeForm]) -> ResponseReturnValue:
    batch = queries.get_batch(act.session, act.actor, batch_id)
    preview = Preview.of(batch.preview) if batch.preview else None
    if take.status == 200:
        take.settle_version(batch.lock_version)
    status = max(form.status, take.status)
    return act.page("batches/list.html", status, form=take if take.status > 200 else form, take=take, preview=preview,
                    **_frame(act, batch))  # fmt: skip


@door.post("/batches/<int:batch_id>/list", WRITE)
def receive_list(act: Act, batch_id: int) -> ResponseReturnValue:
    """Read a list and show it; nobody is added yet."""
    form = Form.of(ListForm)
    queries.get_batch(act.session, act.actor, batch_id)
    sent = uploaded("file")
    if sent is None:
        form.status = 422
        form.errors["file"] = [_("Choose a file.")]
        form.problems.append(("file", _("Choose a file.")))
        return _list(act, batch_id, form, Form.of(TakeForm))
    with form.guarding(act):
        recipients.receive_list(act.session, act.actor, act.now, batch_id, sent)
        return act.to("recipients.list_page", batch_id=batch_id)
    return _list(act, batch_id, form, Form.of(TakeForm))


@door.post("/batches/<int:batch_id>/list/take", WRITE)
def take_list(act: Act, batch_id: int) -> ResponseReturnValue:
    """Add the recipients of the list."""
    form = Form.posted(TakeForm)
    queries.get_batch(act.session, act.actor, batch_id)
    if form.data:
        with form.guarding(act):
            made = recipients.take_list(act.session, act.actor, act.now, batch_id, language=form.data.language,
                                        version=form.data.version)  # fmt: skip
            flash(ngettext("%(num)d recipient is listed.", "%(num)d recipients are listed.", len(made)))
            return act.to("batches.show", batch_id=batch_id, fragment="recipients")
    return _list(act, batch_id, Form.of(ListForm), form)


@door.post("/batches/<int:batch_id>/list/drop", WRITE)
def drop_list(act: Act, batch_id: int) -> ResponseReturnValue:
    """Forget the list."""
    recipients.drop_list(act.session, act.actor, batch_id)
    return act.to("recipients.list_page", batch_id=batch_id)


@door.post("/recipients/<int:recipient_id>/answer", WRITE)
def record_answer(act: Act, recipient_id: int) -> ResponseReturnValue:
    """Record what they answered."""
    form = Form.posted(AnswerForm)
    row, _batch = queries.get_recipient(act.session, act.actor, recipient_id)
    if form.data:
        with form.guarding(act):
            data = form.data
            answering.record_answer(act.session, act.actor, act.now, recipient_id, data.answer, data.by,
                                    deputy=data.deputy, deputy_post=data.deputy_post, remark=data.remark,
                                    version=data.version)  # fmt: skip
            flash(_("The answer is recorded."))
            return act.to("recipients.show", recipient_id=recipient_id)
        form.settle_version(row.lock_version)
    return _page(act, recipient_id, answer=form)


@door.post("/recipients/<int:recipient_id>/link/revoke", WRITE)
def revoke_link(act: Act, recipient_id: int) -> ResponseReturnValue:
    """End their personal link."""
    answering.revoke_link(act.session, act.actor, act.now, recipient_id)
    flash(_("The personal link no longer opens."))
    return act.to("recipients.show", recipient_id=recipient_id)
