"""JSON of papers: a visit's list, one paper, and every act on it."""

import base64
import binascii
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from workflow.base.actor import Permission
from workflow.base.database import read_key
from workflow.base.errors import Invalid, NotFound
from workflow.base.files import Upload
from workflow.papers import approving, checking, electronic, issuing, queries, service, trials
from workflow.papers.allowed import allowed_acts
from workflow.papers.changes import changes_of
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.rules import CheckDecision, How, NumberSource, PaperState
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("papers", __name__)

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
APPROVE = needs(Permission.PAPERS_APPROVE)


class TextOut(ApiModel):
    """A paper's words in one language."""

    language: str
    version: int
    text: str
    sha256: str


class DispatchOut(ApiModel):
    """One sending."""

    how: How
    to_whom: str
    sent_on: date | None
    note: str


class CheckOut(ApiModel):
    """One line of the approval sheet; `voided_at` when a later change of the text made it void."""

    account_id: int
    decision: CheckDecision
    remark: str
    decided_at: datetime | None
    voided_at: datetime | None


class ChangeOut(ApiModel):
    """A fact that is no longer what the paper says; values of personal facts are never given."""

    fact: str
    place: str
    old: str | int | date | None
    new: str | int | date | None
    hidden: bool


class ChangesOut(ApiModel):
    """What makes a paper outdated; empty when nothing does."""

    changes: list[ChangeOut]


class PaperOut(ApiModel):
    """A paper."""

    id: int
    version: int
    visit_id: int
    kind: str
    state: PaperState
    subject: str
    number: str
    dated: date | None
    code: str | None
    remark: str
    reason: str
    supersedes_id: int | None
    signed_on: date | None
    has_scan: bool
    signed_electronically: bool
    checks: list[CheckOut]
    texts: list[TextOut]
    dispatches: list[DispatchOut]
    allowed_actions: list[str]


class DraftIn(ApiModel):
    """Which paper to draft; without languages those that suit the visit are taken."""

    kind: str = Field(max_length=40)
    languages: list[str] = Field(default_factory=list, max_length=10)
    subject: str = Field("", max_length=300)


class TextIn(ApiModel):
    """The words, and the version of this text (not of the paper) that was read."""

    text: str = Field(max_length=100_000)
    version: int = Field(ge=1, le=2**31)


class SubmitIn(ApiModel):
    """Who is to check the paper, in order or all at once."""

    checkers: list[int] = Field(min_length=1, max_length=20)
    in_order: bool = False


class CheckIn(ApiModel):
    """What a checker says of it."""

    decision: Literal["agreed", "remarked", "refused"]
    remark: str = Field("", max_length=2000)


class ScanIn(ApiModel):
    """A signed scan: PDF, PNG or JPEG, in Base64."""

    name: str = Field(max_length=200)
    content: str = Field(max_length=36_000_000)


class RemarkIn(ApiModel):
    """What should be changed, or why."""

    text: str = Field(max_length=2000)


class NumberIn(ApiModel):
    """A number: from our own series, or as typed; without a date, today's."""

    source: Literal["own", "typed"]
    number: str = Field("", max_length=60)
    dated: date | None = None


class ApproveIn(ApiModel):
    """Approval, with a number at once or without."""

    number: NumberIn | None = None
    override_reason: str = Field("", max_length=2000)


class SignIn(ApiModel):
    """The day of the signature, its scan if there is one, and the number where the series gives it now."""

    signed_on: date | None = None
    scan: ScanIn | None = None
    number: NumberIn | None = None


class SendIn(ApiModel):
    """How it went out, other than by our mail."""

    how: Literal["hand", "post", "system"]
    to_whom: str = Field(max_length=300)
    sent_on: date | None = None
    note: str = Field("", max_length=500)


class MailIn(ApiModel):
    """A mail that carries it."""

    to_name: str = Field(max_length=300)
    to_address: str = Field(max_length=254)
    subject: str = Field("", max_length=300)
    text: str = Field(max_length=20_000)
    language: Literal["ru", "en"] = "en"


def _out(call: Call, paper: Paper) -> PaperOut:
    call.session.flush()
    newer = queries.replacement_of(call.session, paper.id)
    return PaperOut(
        id=paper.id, version=paper.lock_version, visit_id=paper.visit_id, kind=paper.kind,
        state=PaperState(paper.state), subject=paper.subject, number=paper.number, dated=paper.dated, code=paper.code,
        remark=paper.remark, reason=paper.reason, supersedes_id=paper.supersedes_id, signed_on=paper.signed_on,
        has_scan=paper.scan_file_id is not None,
        signed_electronically=paper.signature is not None and paper.signed_on is not None,
        checks=[CheckOut(account_id=each.account_id, decision=CheckDecision(each.decision), remark=each.remark,
                         decided_at=each.decided_at, voided_at=each.voided_at) for each in paper.checks],
        texts=[TextOut(language=text.language, version=text.lock_version, text=text.text, sha256=text.sha256)
               for text in paper.texts],
        dispatches=[DispatchOut(how=How(each.how), to_whom=each.to_whom, sent_on=each.sent_on, note=each.note)
                    for each in paper.dispatches],
        allowed_actions=sorted(
            act.value for act in allowed_acts(call.session, call.actor, paper, being_replaced=newer is not None)
        ),
    )  # fmt: skip


@api.get("/visits/<int:visit_id>/papers", READ, out=PaperOut, many=True)
def papers(call: Call, visit_id: int) -> Many:
    """List a visit's papers, the newest first."""
    get_visit(call.session, call.actor, visit_id)
    rows = queries.papers_of(call.session, call.actor, visit_id)
    if call.cursor:
        before = read_key(call.cursor)
        if before is None:
            raise NotFound("page")
        rows = [row for row in rows if row.id < before]
    shown = rows[: call.limit]
    return Many([_out(call, row) for row in shown], str(shown[-1].id) if len(rows) > call.limit else None)


@api.post("/visits/<int:visit_id>/papers", WRITE, body=DraftIn, out=PaperOut, status=201)
def draft(call: Call, visit_id: int, body: DraftIn) -> PaperOut:
    """Draft a paper from the facts of a visit."""
    paper = service.draft_paper(call.session, call.actor, call.now, visit_id, body.kind, languages=body.languages,
                                subject=body.subject)  # fmt: skip
    return _out(call, paper)


@api.get("/papers/<int:paper_id>", READ, out=PaperOut)
def paper(call: Call, paper_id: int) -> PaperOut:
    """Give a paper."""
    return _out(call, queries.get_paper(call.session, call.actor, paper_id))


@api.post("/papers/<int:paper_id>/texts/<language>", WRITE, body=TextIn, out=PaperOut)
def edit_text(call: Call, paper_id: int, language: str, body: TextIn) -> PaperOut:
    """Save a paper's words in one language."""
    service.edit_text(call.session, call.actor, call.now, paper_id, language, body.text, version=body.version)
    return _out(call, queries.get_paper(call.session, call.actor, paper_id))


@api.post("/papers/<int:paper_id>/redraft", WRITE, out=PaperOut, versioned=True)
def redraft(call: Call, paper_id: int) -> PaperOut:
    """Write a paper's texts anew from today's facts."""
    return _out(call, service.redraft_paper(call.session, call.actor, call.now, paper_id, version=call.version))


@api.post("/papers/<int:paper_id>/keep-text", WRITE, out=PaperOut, versioned=True)
def keep_text(call: Call, paper_id: int) -> PaperOut:
    """Say that a paper's text is right as it stands although facts have changed."""
    return _out(call, service.keep_text(call.session, call.actor, call.now, paper_id, version=call.version))


@api.post("/papers/<int:paper_id>/delete", WRITE, versioned=True, status=204)
def delete(call: Call, paper_id: int) -> None:
    """Delete a draft that was never approved."""
    service.delete_draft(call.session, call.actor, call.now, paper_id, version=call.version)


@api.post("/papers/<int:paper_id>/submit", WRITE, out=PaperOut, versioned=True)
def submit(call: Call, paper_id: int) -> PaperOut:
    """Hand a paper in straight for approval."""
    return _out(call, service.submit_paper(call.session, call.actor, call.now, paper_id, version=call.version))


@api.post("/papers/<int:paper_id>/submit-to-checkers", WRITE, body=SubmitIn, out=PaperOut, versioned=True)
def submit_to_checkers(call: Call, paper_id: int, body: SubmitIn) -> PaperOut:
    """Hand a paper in to those who are to check it first."""
    return _out(call, service.submit_paper(call.session, call.actor, call.now, paper_id, checkers=body.checkers,
                                           in_order=body.in_order, version=call.version))  # fmt: skip


@api.post("/papers/<int:paper_id>/check", READ, body=CheckIn, out=PaperOut)
def check(call: Call, paper_id: int, body: CheckIn) -> PaperOut:
    """Write the caller's line of a paper's approval sheet."""
    checking.decide_check(call.session, call.actor, call.now, paper_id, CheckDecision(body.decision), body.remark,
                          version=call.version)  # fmt: skip
    return _out(call, queries.get_paper(call.session, call.actor, paper_id))


@api.get("/papers/<int:paper_id>/changes", READ, out=ChangesOut)
def changes(call: Call, paper_id: int) -> ChangesOut:
    """Give the facts of a paper that have changed since it was written or approved."""
    row = queries.get_paper(call.session, call.actor, paper_id)
    return ChangesOut(changes=[
        ChangeOut(fact=each.fact, place=each.place, old=each.old, new=each.new, hidden=each.hidden)
        for each in changes_of(call.session, call.now, row)
    ])  # fmt: skip


@api.post("/papers/<int:paper_id>/take-back", WRITE, out=PaperOut)
def take_back(call: Call, paper_id: int) -> PaperOut:
    """Take a submitted paper back."""
    return _out(call, service.take_back(call.session, call.actor, call.now, paper_id, version=call.version))


@api.post("/papers/<int:paper_id>/return", APPROVE, body=RemarkIn, out=PaperOut)
def return_(call: Call, paper_id: int, body: RemarkIn) -> PaperOut:
    """Return a submitted paper with a remark."""
    return _out(call, service.return_paper(call.session, call.actor, call.now, paper_id, body.text,
                                           version=call.version))  # fmt: skip


@api.post("/papers/<int:paper_id>/approve", APPROVE, body=ApproveIn, out=PaperOut, versioned=True)
def approve(call: Call, paper_id: int, body: ApproveIn) -> PaperOut:
    """Approve a submitted paper."""
    chosen = _numbering(body.number) if body.number else None
    tried = trials.try_now(call.session, call.actor, call.now, paper_id)
    return _out(call, approving.approve_paper(call.session, call.actor, call.now, paper_id, numbering=chosen,
                                              tried=tried, override_reason=body.override_reason,
                                              version=call.version))  # fmt: skip


def _numbering(given: NumberIn) -> Numbering:
    return Numbering(NumberSource(given.source), given.number, given.dated)


@api.post("/papers/<int:paper_id>/number", WRITE, body=NumberIn, out=PaperOut, versioned=True)
def number(call: Call, paper_id: int, body: NumberIn) -> PaperOut:
    """Give an approved paper its number."""
    return _out(call, issuing.number_paper(call.session, call.actor, call.now, paper_id, _numbering(body),
                                           version=call.version))  # fmt: skip


@api.post("/papers/<int:paper_id>/sign", WRITE, body=SignIn, out=PaperOut, versioned=True)
def sign(call: Call, paper_id: int, body: SignIn) -> PaperOut:
    """Record that a paper was signed."""
    return _out(call, issuing.record_signed(call.session, call.actor, call.now, paper_id, signed_on=body.signed_on,
                                            scan=_upload(body.scan) if body.scan else None,
                                            numbering=_numbering(body.number) if body.number else None,
                                            version=call.version))  # fmt: skip


@api.post("/papers/<int:paper_id>/sign-electronically", APPROVE, out=PaperOut, versioned=True, status=202)
def sign_electronically(call: Call, paper_id: int) -> PaperOut:
    """Have a paper signed electronically; a worker does it."""
    return _out(call, electronic.ask_to_sign(call.session, call.actor, call.now, paper_id, version=call.version))


@api.post("/papers/<int:paper_id>/scan", WRITE, body=ScanIn, out=PaperOut, versioned=True)
def add_scan(call: Call, paper_id: int, body: ScanIn) -> PaperOut:
    """Add the scan of a paper whose signature was recorded without it."""
    return _out(call, issuing.add_scan(call.session, call.actor, call.now, paper_id, _upload(body),
                                       version=call.version))  # fmt: skip


def _upload(given: ScanIn) -> Upload:
    try:
        return Upload(given.name, base64.b64decode(given.content, validate=True))
    except (ValueError, binascii.Error):
        raise Invalid("papers.not-base64", field="content") from None


@api.post("/papers/<int:paper_id>/send", WRITE, body=SendIn, out=PaperOut, versioned=True)
def send(call: Call, paper_id: int, body: SendIn) -> PaperOut:
    """Record that a signed paper went out by hand, post or another system."""
    issuing.record_sent(call.session, call.actor, call.now, paper_id, How(body.how), to_whom=body.to_whom,
                        sent_on=body.sent_on, note=body.note, version=call.version)  # fmt: skip
    return _out(call, queries.get_paper(call.session, call.actor, paper_id))


@api.post("/papers/<int:paper_id>/mail", WRITE, body=MailIn, out=PaperOut, versioned=True, status=202)
def mail(call: Call, paper_id: int, body: MailIn) -> PaperOut:
    """Queue a signed paper as an official mail, sent at most once."""
    values: dict[str, Any] = body.model_dump()
    issuing.send_by_mail(call.session, call.actor, call.now, paper_id, version=call.version, **values)
    return _out(call, queries.get_paper(call.session, call.actor, paper_id))


@api.post("/papers/<int:paper_id>/supersede", WRITE, out=PaperOut, status=201)
def supersede(call: Call, paper_id: int) -> PaperOut:
    """Begin the paper that is to replace this one."""
    return _out(call, issuing.supersede_paper(call.session, call.actor, call.now, paper_id))


@api.post("/papers/<int:paper_id>/revoke", APPROVE, body=RemarkIn, out=PaperOut, versioned=True)
def revoke(call: Call, paper_id: int, body: RemarkIn) -> PaperOut:
    """Revoke a paper."""
    return _out(call, issuing.revoke_paper(call.session, call.actor, call.now, paper_id, body.text,
                                           version=call.version))  # fmt: skip
