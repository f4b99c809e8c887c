"""The public page on which a recipient answers an invitation over a personal link.

Opening it changes nothing: mail scanners open every link. The link shows one recipient's own invitation and answer, and
nothing else of the visit.
"""

from datetime import timedelta
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import Field

from workflow.base.errors import NotFound, TooMany
from workflow.base.limits import spend
from workflow.office.queries import issuing_body
from workflow.papers.batches import answering, words
from workflow.papers.batches.queries import live_link
from workflow.papers.batches.rules import Answer
from workflow.web.doors import ANYONE, Act, Door
from workflow.web.forms import Form, FormModel

door = Door("answers", __name__)

PER_HOUR = 60
"""Answers and wrong links from one address: a whole town hall may stand behind one."""


class AnswerForm(FormModel):
    """What the recipient says."""

    answer: Answer = Answer.NONE
    deputy: str = Field("", max_length=200)
    deputy_post: str = Field("", max_length=300)
    remark: str = Field("", max_length=2000)
    version: int | None = None


@door.get("/answer/<string:token>", ANYONE)
def show(act: Act, token: str) -> ResponseReturnValue:
    """Show the invitation's answer page, or one page for every link that opens nothing."""
    return _page(act, token)


def _page(act: Act, token: str, form: Form[AnswerForm] | None = None) -> ResponseReturnValue:
    try:
        _link, row, batch, visit = live_link(act.session, act.now, token)
    except NotFound:
        return act.page("guests/answer_spent.html", 404)
    shown = {"answer": row.answer, "version": row.lock_version} | (row.answer_text or {})
    return act.page(
        "guests/answer.html", form.status if form else 200, form=form or Form.of(AnswerForm, shown), row=row,
        visit=visit, office=issuing_body(act.session, kind=batch.kind), words=words,
        takes=answering.takes_answers(visit, batch), given=row.answer_text or {},
    )  # fmt: skip


@door.post("/answer/<string:token>", ANYONE)
def answer(act: Act, token: str) -> ResponseReturnValue:
    """Take the answer."""
    form = Form.posted(AnswerForm)
    try:
        spend(act.session, act.now, "answer", request.remote_addr or "", limit=PER_HOUR, window=timedelta(hours=1))
    except TooMany:
        act.keep()
        raise
    act.keep()
    if form.data:
        told: dict[str, Any] = form.data.model_dump(exclude={"answer"})
        try:
            with form.guarding(act):
                answering.answer_by_link(act.session, act.now, token, form.data.answer,
                                         request_id=act.actor.request_id, **told)  # fmt: skip
                act.session.flush()
                flash(str(gettext("Thank you. Your answer has been recorded.")))
                return act.to("answers.show", token=token)
        except NotFound:
            return _page(act, token)
        try:
            form.settle_version(live_link(act.session, act.now, token)[1].lock_version)
        except NotFound:
            return _page(act, token)
    return _page(act, token, form)
