"""JSON of requests and visits; that of members is in `members_api`."""

import base64
import binascii
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Invalid
from workflow.base.files import SCANS, StoredFile, Upload, keep_file
from workflow.office.queries import our_country
from workflow.visits import queries, requesting, service
from workflow.visits.models import Visit, VisitBasis, VisitRequest
from workflow.visits.queries import VisitFilter
from workflow.visits.rules import (
    BasisKind,
    Direction,
    RequestAct,
    RequestSource,
    RequestState,
    Standing,
    request_acts,
)
from workflow.visits.scans import read_scan, scans_of_request
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs
from workflow.web.uploads import upload_limit

api = ApiDoor("visits", __name__)

READ_REQUESTS = needs(Permission.REQUESTS_READ)
WRITE_REQUESTS = needs(Permission.REQUESTS_WRITE)
READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.VISITS_WRITE)

M = TypeVar("M", bound=ApiModel)

Text = Field("", max_length=300)
Long = Field("", max_length=4000)
Key = Field(None, ge=1, le=2**31)

_ACT_PERMISSION = {
    RequestAct.ASK_MORE: Permission.REQUESTS_WRITE,
    RequestAct.ANSWER: Permission.REQUESTS_WRITE,
    RequestAct.ACCEPT: Permission.REQUESTS_DECIDE,
    RequestAct.DECLINE: Permission.REQUESTS_DECIDE,
    RequestAct.WITHDRAW: Permission.REQUESTS_WRITE,
    RequestAct.CORRECT: Permission.REQUESTS_WRITE,
}


class ScanIn(ApiModel):
    """A scanned letter: PDF, PNG or JPEG, in Base64."""

    name: str = Field(max_length=200)
    content: str = Field(max_length=36_000_000)


class RequestIn(ApiModel):
    """A request as another system gives it."""

    direction: Direction = Direction.INCOMING
    process_key: str = Field("incoming", max_length=40)
    incoming_number: str = Field("", max_length=60)
    incoming_date: date | None = None
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


class TextIn(ApiModel):
    """A question, an answer or a reason."""

    text: str = Field(max_length=4000)


class VisitOut(ApiModel):
    """A visit."""

    id: int
    version: int
    title_ru: str
    title_en: str
    direction: Direction
    process_key: str
    process_version: int
    stage: str
    standing: Standing
    partner_id: int | None
    country: str
    place: str
    zone: str
    arrival: date | None
    departure: date | None
    purpose: str
    purpose_en: str
    place_en: str
    payer_ru: str
    payer_en: str
    visa_purpose: str
    host_name: str
    languages: list[str]
    responsible_id: int | None
    substitute_id: int | None
    composition_closed: bool
    crosses_border: bool
    allowed_actions: list[str]


class VisitIn(ApiModel):
    """Corrections of a visit's own facts; what is absent stays."""

    title_ru: str | None = Field(None, max_length=300)
    title_en: str | None = Field(None, max_length=300)
    purpose: str | None = Field(None, max_length=4000)
    purpose_en: str | None = Field(None, max_length=4000)
    host_name: str | None = Field(None, max_length=300)
    place: str | None = Field(None, max_length=200)
    place_en: str | None = Field(None, max_length=200)
    payer_ru: str | None = Field(None, max_length=300)
    payer_en: str | None = Field(None, max_length=300)
    visa_purpose: str | None = Field(None, max_length=20)
    country: str | None = Field(None, max_length=8)
    zone: str | None = Field(None, max_length=60)
    languages: list[str] | None = Field(None, max_length=20)
    partner_id: int | None = Key
    responsible_id: int | None = Key
    substitute_id: int | None = Key


class BasisIn(ApiModel):
    """What a visit rests on, perhaps with its scan."""

    kind: BasisKind = BasisKind.INVITATION
    text: str = Field(min_length=1, max_length=400)
    text_en: str = Field("", max_length=400)
    number: str = Field("", max_length=60)
    dated: date | None = None
    scan: ScanIn | None = None


class BasisOut(ApiModel):
    """What a visit rests on."""

    id: int
    visit_id: int
    kind: BasisKind
    text: str
    text_en: str
    number: str
    dated: date | None
    has_scan: bool


def show_request(actor: Actor, row: VisitRequest) -> RequestOut:
    """Show a request to the API's caller."""
    acts = [act.value for act in request_acts(RequestState(row.state)) if actor.may(_ACT_PERMISSION[act])]
    return show(RequestOut, row, version=row.lock_version, has_scan=row.scan_file_id is not None, allowed_actions=acts)


def show_visit(actor: Actor, visit: Visit) -> VisitOut:
    """Show a visit to the API's caller."""
    acts = ["correct"] if actor.may(Permission.VISITS_WRITE) else []
    live = visit.standing in (Standing.LIVE, Standing.POSTPONED)
    if live and actor.may(Permission.PEOPLE_WRITE):
        acts += ["add_member", "composition"]
    if live and actor.may(Permission.VISITS_WRITE):
        acts += ["add_basis", "change_dates", "cancel", "postpone" if visit.standing == Standing.LIVE else "resume"]
    return show(VisitOut, visit, version=visit.lock_version, allowed_actions=acts)


def show(model: type[M], row: object, **more: Any) -> M:
    """Fill an answer from a row's attributes; *more* holds what the row has under another name, or not at all."""
    values = {name: getattr(row, name) for name in model.model_fields if name not in more}
    return model.model_validate(values | more, strict=False)


def _keep(call: Call, given: ScanIn | None) -> StoredFile | None:
    if given is None:
        return None
    try:
        upload = Upload(given.name, base64.b64decode(given.content, validate=True))
    except (ValueError, binascii.Error):
        raise Invalid("base.wrong-value", field="scan.content") from None
    return keep_file(call.session, call.actor, call.now, upload, allowed=SCANS, limit=upload_limit(),
                     field="scan.content")


def _show_basis(basis: VisitBasis) -> BasisOut:
    return show(BasisOut, basis, has_scan=basis.file_id is not None)


@api.get("/requests", READ_REQUESTS, out=RequestOut, many=True)
def list_requests(call: Call) -> Many:
    """List requests, the newest first."""
    found = queries.list_requests(call.session, call.actor, cursor=call.cursor, limit=call.limit)
    return Many([show_request(call.actor, row) for row in found.rows], found.next_cursor)


@api.post("/requests", WRITE_REQUESTS, body=RequestIn, out=RequestOut, status=201)
def register_request(call: Call, body: RequestIn) -> RequestOut:
    """Register a request."""
    row = requesting.register_request(call.session, call.actor, call.now, body.model_dump(exclude={"scan"}),
                                      source=RequestSource.API, scan=_keep(call, body.scan))
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
                               scan=_keep(call, body.scan))
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


@api.get("/visits", READ, out=VisitOut, many=True,
         filters={"direction": Direction, "standing": Standing, "stage": None})
def list_visits(call: Call) -> Many:
    """List visits, the latest arrival first; narrowed by direction, standing or stage."""
    given = call.narrowing
    narrowing = VisitFilter(direction=given.get("direction", ""), standing=given.get("standing", ""),
                            stage=given.get("stage", ""))
    found = queries.list_visits(call.session, call.actor, narrowing, cursor=call.cursor, limit=call.limit)
    return Many([show_visit(call.actor, row) for row in found.rows], found.next_cursor)


@api.get("/visits/<int:visit_id>", READ, out=VisitOut)
def get_visit(call: Call, visit_id: int) -> VisitOut:
    """Read a visit."""
    return show_visit(call.actor, queries.get_visit(call.session, call.actor, visit_id))


@api.patch("/visits/<int:visit_id>", WRITE, body=VisitIn, out=VisitOut)
def correct_visit(call: Call, visit_id: int, body: VisitIn) -> VisitOut:
    """Correct a visit's own facts."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    values = {name: value for name, value in body.model_dump(exclude_unset=True).items()
              if value is not None or name.endswith("_id")}
    service.correct_visit(call.session, call.actor, call.now, visit, values, version=call.version,
                          our_country=our_country(call.session))
    call.session.flush()
    return show_visit(call.actor, visit)


@api.get("/visits/<int:visit_id>/bases", READ, out=BasisOut, many=True)
def list_bases(call: Call, visit_id: int) -> Many:
    """List what a visit rests on."""
    queries.get_visit(call.session, call.actor, visit_id)
    return Many([_show_basis(row) for row in queries.bases(call.session, visit_id)], None)


@api.post("/visits/<int:visit_id>/bases", WRITE, body=BasisIn, out=BasisOut, status=201)
def add_basis(call: Call, visit_id: int, body: BasisIn) -> BasisOut:
    """Add what a visit rests on."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    scan = _keep(call, body.scan)
    return _show_basis(service.add_basis(call.session, call.actor, call.now, visit,
                                         file_id=scan.id if scan else None, **body.model_dump(exclude={"scan"})))


@api.post("/visits/<int:visit_id>/bases/<int:basis_id>/remove", WRITE, status=204)
def remove_basis(call: Call, visit_id: int, basis_id: int) -> None:
    """Take away a basis entered by mistake."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    service.remove_basis(call.session, call.actor, call.now, visit, basis_id)
