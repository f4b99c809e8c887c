"""JSON of a visit's invitation."""

from datetime import date

from pydantic import Field
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.invitations import service
from workflow.invitations.models import Invitation
from workflow.invitations.queries import invitation_of
from workflow.invitations.rules import Answer, Channel
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, allowed
from workflow.web.doors import needs

api = ApiDoor("invitations", __name__)

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)


class InvitationOut(ApiModel):
    """An invitation and its answer."""

    visit_id: int
    version: int
    reply_by: date | None
    answer: Answer
    channel: Channel
    answered_on: date | None
    note: str | None
    allowed_actions: list[str]


class ReplyByIn(ApiModel):
    """By when an answer is wanted; null means no term."""

    reply_by: date | None


class AnswerIn(ApiModel):
    """The answer, and how it came."""

    answer: Answer
    channel: Channel = Channel.NONE
    answered_on: date | None = None
    note: str = Field("", max_length=2000)


def _out(actor: Actor, row: Invitation) -> InvitationOut:
    return InvitationOut(
        visit_id=row.visit_id, version=row.lock_version, reply_by=row.reply_by, answer=Answer(row.answer),
        channel=Channel(row.channel), answered_on=row.answered_on, note=row.note,
        allowed_actions=allowed(actor, {"reply-by": Permission.PAPERS_WRITE, "answer": Permission.PAPERS_WRITE}),
    )  # fmt: skip


def _find(session: Session, actor: Actor, visit_id: int) -> Invitation:
    row = invitation_of(session, get_visit(session, actor, visit_id).id)
    if row is None:
        raise NotFound("invitation")
    return row


@api.get("/visits/<int:visit_id>/invitation", READ, out=InvitationOut)
def invitation(call: Call, visit_id: int) -> InvitationOut:
    """Give a visit's invitation."""
    return _out(call.actor, _find(call.session, call.actor, visit_id))


@api.post("/visits/<int:visit_id>/invitation/reply-by", WRITE, body=ReplyByIn, out=InvitationOut)
def set_reply_by(call: Call, visit_id: int, body: ReplyByIn) -> InvitationOut:
    """Say by when an answer is wanted."""
    row = service.set_reply_by(call.session, call.actor, call.now, visit_id, body.reply_by, version=call.version)
    call.session.flush()
    return _out(call.actor, row)


@api.post("/visits/<int:visit_id>/invitation/answer", WRITE, body=AnswerIn, out=InvitationOut)
def record_answer(call: Call, visit_id: int, body: AnswerIn) -> InvitationOut:
    """Record the answer to an invitation."""
    row = service.record_answer(
        call.session, call.actor, call.now, visit_id, body.answer, channel=body.channel, answered_on=body.answered_on,
        note=body.note, version=call.version,
    )  # fmt: skip
    call.session.flush()
    return _out(call.actor, row)
