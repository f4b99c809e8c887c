"""JSON of requests: entered, corrected, asked, declined, withdrawn, and the scans of their letters."""

import base64
from datetime import date, datetime

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.visits import queries, requesting
from workflow.visits.api import Key, Long, ScanIn, Text, TextIn, keep_scan, show
from workflow.visits.models import VisitRequest
from workflow.visits.rules import BasisKind, Direction, RequestAct, RequestSource, RequestState, request_acts
from workflow.visits.scans import read_scan, scans_of_request
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("requests", __name__)

READ_REQUESTS = needs(Permission.REQUESTS_READ)
WRITE_REQUESTS = needs(Permission.REQUESTS_WRITE)

_ACT_PERMISSION = {
    RequestAct.ASK_MORE: Permission.REQUESTS_WRITE,
    RequestAct.ANSWER: Permission.REQUESTS_WRITE,
    RequestAct.ACCEPT: Permission.REQUESTS_DECIDE,
    RequestAct.DECLINE: Permission.REQUESTS_DECIDE,
    RequestAct.WITHDRAW: Permission.REQUESTS_WRITE,
    RequestAct.CORRECT: Permission.REQUESTS_WRITE,
}


class RequestIn(ApiModel):
    """A request as another system gives it."""

    direction: Direction = Direction.INCOMING
    process_key: str = Field("", max_length=40, description="Empty: the usual one of the direction")
    incoming_number: str = Field("", max_length=60, description="Under which we received their letter")
    incoming_date: date | None = None
    their_number: str = Field("", max_length=60, description="The number that their letter bears")
    their_date: date | None = None
    partner_id: int | None = Key
    asking_body: str = Text
    country: str = Field("", max_length=8)
    contact_name: str | None = Field(None, max_length=200)
    contact_email: str | None = Field(None, max_length=200)
    contact_phone: str | None = Field(None, max_length=60)
    title_ru: str = Text
    title_en: str = Text
    purpose: str = Long
    head_name: str = Text
    size: int | None = Field(None, ge=1, le=2000)
    languages: list[str] = Field(default_factory=list, max_length=20)
    payer: str = Text
    wishes: str = Long
    needs: str = Long
    date_from: date | None = None
    date_to: date | None = None
    place: str = Field("", max_length=200)
    basis_kind: BasisKind = BasisKind.REQUEST
    basis_text: str = Field("", max_length=400)
    scan: ScanIn | None = None


class RequestOut(ApiModel):
    """A request; contact data is not given out by the API."""

    id: int
    version: int
    reference: str
    state: RequestState
    source: RequestSource
    direction: Direction
    process_key: str
    incoming_number: str
    incoming_date: date | None
    their_number: str
    their_date: date | None
    received_on: date
    partner_id: int | None
    asking_body: str
    country: str
    title_ru: str
    title_en: str
    purpose: str
    head_name: str
    size: int | None
    languages: list[str]
    date_from: date | None
    date_to: date | None
    place: str
    basis_kind: BasisKind
    basis_text: str
    question: str
    answer: str
    reason: str
    has_scan: bool
    visit_id: int | None
    allowed_actions: list[str]


class ScanOut(ApiModel):
    """A scan of a request's letter; `replaced_at` is empty for the one that counts."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    kept_at: datetime
    kept_by: int | None
    replaced_at: datetime | None
    replaced_by: int | None


class ScanContentOut(ApiModel):
    """A scan with its bytes in Base64."""

    id: int
    name: str
    media_type: str
    sha256: str
    content: str


def show_request(actor: Actor, row: VisitRequest) -> RequestOut:
    """Show a request to the API's caller."""
    acts = [act.value for act in request_acts(RequestState(row.state)) if actor.may(_ACT_PERMISSION[act])]
    return show(RequestOut, row, version=row.lock_version, has_scan=row.scan_file_id is not None, allowed_actions=acts)


@api.get("/requests", READ_REQUESTS, out=RequestOut, many=True)
def list_requests(call: Call) -> Many:
    """List requests, the newest first."""
    found = queries.list_requests(call.session, call.actor, cursor=call.cursor, limit=call.limit)
    return Many([show_request(call.actor, row) for row in found.rows], found.next_cursor)


@api.post("/requests", WRITE_REQUESTS, body=RequestIn, out=RequestOut, status=201)
def register_request(call: Call, body: RequestIn) -> RequestOut:
    """Register a request."""
    row = requesting.register_request(call.session, call.actor, call.now, body.model_dump(exclude={"scan"}),
                                      source=RequestSource.API, scan=keep_scan(call, body.scan))
    return show_request(call.actor, row)


@api.get("/requests/<int:request_id>", READ_REQUESTS, out=RequestOut)
def get_request(call: Call, request_id: int) -> RequestOut:
    """Read a request."""
    return show_request(call.actor, queries.get_request(call.session, call.actor, request_id))


@api.get("/requests/<int:request_id>/scans", READ_REQUESTS, out=ScanOut, many=True)
def list_scans(call: Call, request_id: int) -> Many:
    """List the scans of a request's letter: the one that counts first, then those that it replaced."""
    row = queries.get_request(call.session, call.actor, request_id)
    return Many([
        show(ScanOut, scan.file, kept_at=scan.file.created_at, kept_by=scan.file.created_by,
             replaced_at=scan.replaced_at, replaced_by=scan.replaced_by)
        for scan in scans_of_request(call.session, row)
    ], None)


@api.get("/requests/<int:request_id>/scans/<int:file_id>", READ_REQUESTS, out=ScanContentOut)
def read_one_scan(call: Call, request_id: int, file_id: int) -> ScanContentOut:
    """Read one scan of a request's letter, also one that was replaced."""
    row = queries.get_request(call.session, call.actor, request_id)
    file, data = read_scan(call.session, scans_of_request(call.session, row), file_id)
    return show(ScanContentOut, file, content=base64.b64encode(data).decode())


@api.patch("/requests/<int:request_id>", WRITE_REQUESTS, body=RequestIn, out=RequestOut)
def correct_request(call: Call, request_id: int, body: RequestIn) -> RequestOut:
    """Correct an undecided request; what is absent stays."""
    row = queries.get_request(call.session, call.actor, request_id)
    requesting.correct_request(call.session, call.actor, call.now, row,
                               body.model_dump(exclude_unset=True, exclude={"scan"}), version=call.version,
                               scan=keep_scan(call, body.scan))
    call.session.flush()
    return show_request(call.actor, row)


@api.post("/requests/<int:request_id>/ask-more", WRITE_REQUESTS, body=TextIn, out=RequestOut)
def ask_more(call: Call, request_id: int, body: TextIn) -> RequestOut:
    """Ask the asker for more."""
    return show_request(call.actor, requesting.ask_more(call.session, call.actor, call.now, request_id, body.text))


@api.post("/requests/<int:request_id>/answer", WRITE_REQUESTS, body=TextIn, out=RequestOut)
def answer_more(call: Call, request_id: int, body: TextIn) -> RequestOut:
    """Enter the asker's answer."""
    return show_request(call.actor, requesting.answer_more(call.session, call.actor, call.now, request_id, body.text))


@api.post("/requests/<int:request_id>/decline", needs(Permission.REQUESTS_DECIDE), body=TextIn, out=RequestOut)
def decline_request(call: Call, request_id: int, body: TextIn) -> RequestOut:
    """Decline with a reason."""
    return show_request(call.actor,
                        requesting.decline_request(call.session, call.actor, call.now, request_id, body.text))


@api.post("/requests/<int:request_id>/withdraw", WRITE_REQUESTS, body=TextIn, out=RequestOut)
def withdraw_request(call: Call, request_id: int, body: TextIn) -> RequestOut:
    """Withdraw a request that is no longer wanted."""
    return show_request(call.actor,
                        requesting.withdraw_request(call.session, call.actor, call.now, request_id, body.text))
