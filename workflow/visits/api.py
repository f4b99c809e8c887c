"""JSON of visits; that of requests is in `requests_api`, that of members in `members_api`."""

import base64
import binascii
from datetime import date
from typing import Any, TypeVar

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Invalid
from workflow.base.files import SCANS, StoredFile, Upload, keep_file
from workflow.office.queries import our_country
from workflow.visits import queries, service
from workflow.visits.models import Visit, VisitBasis
from workflow.visits.queries import VisitFilter
from workflow.visits.rules import (
    BasisKind,
    Direction,
    Standing,
)
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs
from workflow.web.uploads import upload_limit

api = ApiDoor("visits", __name__)

READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.VISITS_WRITE)

M = TypeVar("M", bound=ApiModel)

Text = Field("", max_length=300)
Long = Field("", max_length=4000)
Key = Field(None, ge=1, le=2**31)


class ScanIn(ApiModel):
    """A scanned letter: PDF, PNG or JPEG, in Base64."""

    name: str = Field(max_length=200)
    content: str = Field(max_length=36_000_000)


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
    host_name_en: str
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
    host_name_en: str | None = Field(None, max_length=300)
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


class BasisPatch(ApiModel):
    """Corrections of what a visit rests on; what is absent stays. If-Match carries the visit's version."""

    kind: BasisKind | None = None
    text: str | None = Field(None, min_length=1, max_length=400)
    text_en: str | None = Field(None, max_length=400)
    number: str | None = Field(None, max_length=60)
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


def keep_scan(call: Call, given: ScanIn | None) -> StoredFile | None:
    """Keep a scan that came in Base64.

    Raises:
        Invalid, TooLarge: it is no Base64, or see `base.files.keep_file`.
    """
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
    scan = keep_scan(call, body.scan)
    return _show_basis(service.add_basis(call.session, call.actor, call.now, visit,
                                         file_id=scan.id if scan else None, **body.model_dump(exclude={"scan"})))


@api.patch("/visits/<int:visit_id>/bases/<int:basis_id>", WRITE, body=BasisPatch, out=BasisOut)
def correct_basis(call: Call, visit_id: int, basis_id: int, body: BasisPatch) -> BasisOut:
    """Correct what a visit rests on."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    values = {name: value for name, value in body.model_dump(exclude_unset=True, exclude={"scan"}).items()
              if value is not None or name == "dated"}
    return _show_basis(service.correct_basis(call.session, call.actor, call.now, visit, basis_id, values,
                                             version=call.version, scan=keep_scan(call, body.scan)))


@api.post("/visits/<int:visit_id>/bases/<int:basis_id>/remove", WRITE, status=204)
def remove_basis(call: Call, visit_id: int, basis_id: int) -> None:
    """Take away a basis entered by mistake."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    service.remove_basis(call.session, call.actor, call.now, visit, basis_id)
