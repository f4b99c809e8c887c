"""The page of a visit's invitation: by when an answer is wanted, and what it was."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import Field

from workflow.base.actor import Permission
from workflow.invitations import service, words
from workflow.invitations.models import Invitation
from workflow.invitations.queries import invitation_of
from workflow.invitations.rules import Answer, Channel
from workflow.papers import words as paper_words
from workflow.papers.queries import papers_of
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs
from workflow.web.forms import Form, FormModel

door = Door("invitations", __name__, url_prefix="/visits/<int:visit_id>/invitation")

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)


class ReplyByForm(FormModel):
    """By when an answer is wanted."""

    reply_by: date | None = None
    version: int | None = None


class AnswerForm(FormModel):
    """The answer."""

    answer: Answer
    channel: Channel = Channel.NONE
    answered_on: date | None = None
    note: str = Field(default="", max_length=2000)
    version: int | None = None


@door.get("", READ)
def show(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the invitation."""
    return _page(act, visit_id)


def _page(
    act: Act, visit_id: int, *, term: Form[ReplyByForm] | None = None, answer: Form[AnswerForm] | None = None
) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    row = invitation_of(act.session, visit_id)
    letters = [paper for paper in papers_of(act.session, act.actor, visit_id) if paper.kind == "invitation"]
    form: Form[Any] | None = term or answer
    return act.page(
        "invitations/show.html", form.status if form else 200, visit=visit, tab="papers", row=row, letters=letters,
        term=term or Form.of(ReplyByForm, _shown(row)), answer=answer or Form.of(AnswerForm, _shown(row)), form=form,
        words=words, paper_words=paper_words, may_write=act.actor.may(Permission.PAPERS_WRITE),
    )  # fmt: skip


def _shown(row: Invitation | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {name: getattr(row, name) for name in ("reply_by", "answer", "channel", "answered_on", "note")} | {
        "version": row.lock_version
    }


def _run(
    act: Act, visit_id: int, form: Form[Any], run: Callable[[Any], object], told: str
) -> ResponseReturnValue | None:
    if form.data:
        with form.guarding(act):
            run(form.data)
            act.session.flush()
            flash(told)
            return act.to("invitations.show", visit_id=visit_id)
        row = invitation_of(act.session, visit_id)
        if row is not None:
            form.settle_version(row.lock_version)
    return None


@door.post("/reply-by", WRITE)
def set_reply_by(act: Act, visit_id: int) -> ResponseReturnValue:
    """Say by when an answer is wanted."""
    form = Form.posted(ReplyByForm)

    def run(data: ReplyByForm) -> object:
        return service.set_reply_by(act.session, act.actor, act.now, visit_id, data.reply_by, version=data.version)

    return _run(act, visit_id, form, run, str(gettext("Saved."))) or _page(act, visit_id, term=form)


@door.post("/answer", WRITE)
def record_answer(act: Act, visit_id: int) -> ResponseReturnValue:
    """Record the answer."""
    form = Form.posted(AnswerForm)

    def run(data: AnswerForm) -> object:
        return service.record_answer(
            act.session, act.actor, act.now, visit_id, data.answer, channel=data.channel,
            answered_on=data.answered_on, note=data.note, version=data.version,
        )  # fmt: skip

    return _run(act, visit_id, form, run, str(gettext("The answer is recorded."))) or _page(act, visit_id, answer=form)
