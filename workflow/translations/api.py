"""JSON of assignments: every verb, and `allowed_actions` from the same rule that draws the buttons."""

import base64
import binascii
from datetime import datetime

from pydantic import AwareDatetime, Field

from workflow.base.actor import Permission
from workflow.base.errors import Invalid
from workflow.base.files import StoredFile, Upload
from workflow.translations import ordering, queries, rules, service
from workflow.translations.models import Assignment
from workflow.translations.ordering import OrderData
from workflow.translations.queries import Pairs
from workflow.translations.rules import MAX_CHARACTERS, AssignmentState, Purpose
from workflow.translations.slip_words import SlipWords
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs
from workflow.web.uploads import upload_limit

api = ApiDoor("translations", __name__)
READ = needs(Permission.TRANSLATIONS_READ)
ORDER = needs(Permission.TRANSLATIONS_ORDER)
TAKE = needs(Permission.TRANSLATIONS_TAKE)
MAX_BASE64 = 48 * 1024 * 1024


class FileIn(ApiModel):
    """A file: its name and its bytes in Base64."""

    name: str = Field(min_length=1, max_length=200)
    content: str = Field(max_length=MAX_BASE64)


class FileOut(ApiModel):
    """A file: its name, true type, hash, and its bytes in Base64."""

    name: str
    media_type: str
    sha256: str
    content: str


class AssignmentIn(ApiModel, SlipWords):
    """An order of a translation. Names and posts only, never numbers of passports."""

    title: str = Field(min_length=1, max_length=300)
    purpose: Purpose | None = None
    due_at: AwareDatetime | None = None
    source_file: FileIn | None = None


class AssignmentPatch(ApiModel):
    """Corrections of an order that nobody has taken; what is absent stays."""

    title: str | None = Field(None, min_length=1, max_length=300)
    source_language: str | None = Field(None, max_length=8)
    target_language: str | None = Field(None, max_length=8)
    characters: int | None = Field(None, ge=1, le=MAX_CHARACTERS)
    purpose: Purpose | None = None
    due_at: AwareDatetime | None = None
    text_user: str | None = Field(None, max_length=300)
    names: str | None = Field(None, max_length=10_000)
    instructions: str | None = Field(None, max_length=10_000)
    text_version: str | None = Field(None, max_length=100)
    reference_texts: str | None = Field(None, max_length=2_000)
    layout: str | None = Field(None, max_length=300)
    confidentiality: str | None = Field(None, max_length=300)
    title_en: str | None = Field(None, max_length=300)
    text_user_en: str | None = Field(None, max_length=300)
    instructions_en: str | None = Field(None, max_length=10_000)
    text_version_en: str | None = Field(None, max_length=100)
    reference_texts_en: str | None = Field(None, max_length=2_000)
    layout_en: str | None = Field(None, max_length=300)
    confidentiality_en: str | None = Field(None, max_length=300)
    reviser_id: int | None = Field(None, ge=1, le=2**31)
    source_file: FileIn | None = None


class AssignmentOut(ApiModel):
    """An assignment."""

    id: int
    version: int
    visit_id: int
    title: str
    state: AssignmentState
    source_language: str
    target_language: str
    characters: int | None
    pages: float | None
    count_method: str
    purpose: str
    due_at: datetime | None
    text_user: str
    names: str
    instructions: str
    text_version: str
    reference_texts: str
    layout: str
    confidentiality: str
    title_en: str
    text_user_en: str
    instructions_en: str
    text_version_en: str
    reference_texts_en: str
    layout_en: str
    confidentiality_en: str
    translator_id: int | None
    reviser_id: int | None
    return_count: int
    revised: bool | None
    claimed_at: datetime | None
    submitted_at: datetime | None
    accepted_at: datetime | None
    accepted_by_id: int | None
    released_at: datetime | None
    has_source: bool
    has_result: bool
    allowed_actions: list[str]


class ReasonIn(ApiModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=10_000)


class RemarkIn(ApiModel):
    """What has to be corrected."""

    remark: str = Field(min_length=1, max_length=10_000)


class SubmitIn(ApiModel):
    """A translation."""

    file: FileIn
    remark: str = Field("", max_length=10_000)


class AcceptIn(ApiModel):
    """How a translation is accepted."""

    without_revision: bool = False
    remark: str = Field("", max_length=10_000)


def _upload(given: FileIn | None, field: str) -> Upload | None:
    if given is None:
        return None
    try:
        return Upload(given.name, base64.b64decode(given.content, validate=True))
    except (binascii.Error, ValueError):
        raise Invalid("base.wrong-value", field=f"{field}.content") from None


def _show(call: Call, row: Assignment, pairs: Pairs | None = None) -> AssignmentOut:
    how = queries.standing(call.actor, row, queries.my_pairs(call.session, call.actor) if pairs is None else pairs)
    special = {"version", "pages", "has_source", "has_result", "allowed_actions"}
    values = {name: getattr(row, name) for name in AssignmentOut.model_fields if name not in special}
    return AssignmentOut.model_validate(values | {
        "version": row.lock_version, "pages": rules.pages(row.characters), "has_source": row.source_file_id is not None,
        "has_result": row.result_file_id is not None,
        "allowed_actions": [verb.value for verb in rules.allowed(AssignmentState(row.state), how)],
    }, strict=False)


def _file(found: tuple[StoredFile, bytes]) -> FileOut:
    row, data = found
    return FileOut(name=row.name, media_type=row.media_type, sha256=row.sha256,
                   content=base64.b64encode(data).decode())


@api.get("/assignments", READ, out=AssignmentOut, many=True, filters={"state": AssignmentState})
def list_assignments(call: Call) -> Many:
    """List the assignments that the caller may see now, the newest first; narrowed by state."""
    found = queries.list_assignments(call.session, call.actor, state=call.narrowing.get("state", ""),
                                     cursor=call.cursor, limit=call.limit)
    pairs = queries.my_pairs(call.session, call.actor)
    return Many([_show(call, row, pairs) for row in found.rows], found.next_cursor)


@api.get("/visits/<int:visit_id>/assignments", READ, out=AssignmentOut, many=True)
def list_of_visit(call: Call, visit_id: int) -> Many:
    """List a visit's assignments that the caller may see now, the newest first."""
    get_visit(call.session, call.actor, visit_id)
    found = queries.list_assignments(call.session, call.actor, visit_id=visit_id, cursor=call.cursor,
                                     limit=call.limit)
    pairs = queries.my_pairs(call.session, call.actor)
    return Many([_show(call, row, pairs) for row in found.rows], found.next_cursor)


@api.post("/visits/<int:visit_id>/assignments", ORDER, body=AssignmentIn, out=AssignmentOut, status=201)
def order_assignment(call: Call, visit_id: int, body: AssignmentIn) -> AssignmentOut:
    """Order a translation as a draft."""
    visit = get_visit(call.session, call.actor, visit_id)
    values = body.model_dump(exclude={"source_file", "purpose"})
    row = ordering.order_assignment(
        call.session, call.actor, call.now, visit, OrderData(purpose=body.purpose or "", **values),
        upload=_upload(body.source_file, "source_file"), limit=upload_limit())
    return _show(call, row)


@api.get("/assignments/<int:assignment_id>", READ, out=AssignmentOut)
def get_assignment(call: Call, assignment_id: int) -> AssignmentOut:
    """Read an assignment."""
    return _show(call, queries.get_assignment(call.session, call.actor, assignment_id)[0])


@api.patch("/assignments/<int:assignment_id>", ORDER, body=AssignmentPatch, out=AssignmentOut)
def edit_assignment(call: Call, assignment_id: int, body: AssignmentPatch) -> AssignmentOut:
    """Correct an order that nobody has taken; what is absent stays."""
    row, _how = queries.get_assignment(call.session, call.actor, assignment_id)
    kept = {name: getattr(row, name) for name in OrderData.__dataclass_fields__}
    given = {name: value for name, value in body.model_dump(exclude={"source_file"}, exclude_unset=True).items()
             if value is not None or name in ("characters", "due_at", "reviser_id")}
    row = ordering.edit_assignment(
        call.session, call.actor, call.now, assignment_id, OrderData(**(kept | given)), version=call.version,
        upload=_upload(body.source_file, "source_file"), limit=upload_limit())
    call.session.flush()
    return _show(call, row)


@api.get("/assignments/<int:assignment_id>/source", READ, out=FileOut)
def get_source(call: Call, assignment_id: int) -> FileOut:
    """Read the text to be translated, as far as it is open to the caller now."""
    return _file(service.read_source(call.session, call.actor, assignment_id))


@api.get("/assignments/<int:assignment_id>/result", READ, out=FileOut)
def get_result(call: Call, assignment_id: int) -> FileOut:
    """Read the translation last handed in."""
    return _file(service.read_result(call.session, call.actor, assignment_id))


@api.post("/assignments/<int:assignment_id>/publish", ORDER, out=AssignmentOut)
def publish_assignment(call: Call, assignment_id: int) -> AssignmentOut:
    """Open a draft to the translators of its languages."""
    return _show(call, ordering.publish_assignment(call.session, call.actor, call.now, assignment_id,
                                                   version=call.version))


@api.post("/assignments/<int:assignment_id>/claim", TAKE, out=AssignmentOut)
def claim_assignment(call: Call, assignment_id: int) -> AssignmentOut:
    """Take an open assignment; 409 says who was faster and when."""
    return _show(call, service.claim_assignment(call.session, call.actor, call.now, assignment_id))


@api.post("/assignments/<int:assignment_id>/give-back", READ, body=ReasonIn, out=AssignmentOut)
def give_back_assignment(call: Call, assignment_id: int, body: ReasonIn) -> AssignmentOut:
    """Let go of an assignment, or take it from its translator; it is open again."""
    return _show(call, service.give_back_assignment(call.session, call.actor, call.now, assignment_id,
                                                    reason=body.reason, version=call.version))


@api.post("/assignments/<int:assignment_id>/submit", TAKE, body=SubmitIn, out=AssignmentOut)
def submit_assignment(call: Call, assignment_id: int, body: SubmitIn) -> AssignmentOut:
    """Hand in the translation."""
    return _show(call, service.submit_assignment(
        call.session, call.actor, call.now, assignment_id, _upload(body.file, "file"), remark=body.remark,
        version=call.version, limit=upload_limit()))


@api.post("/assignments/<int:assignment_id>/return", READ, body=RemarkIn, out=AssignmentOut)
def return_assignment(call: Call, assignment_id: int, body: RemarkIn) -> AssignmentOut:
    """Return a translation with remarks; never by its translator."""
    return _show(call, service.return_assignment(call.session, call.actor, call.now, assignment_id,
                                                 remark=body.remark, version=call.version))


@api.post("/assignments/<int:assignment_id>/accept", READ, body=AcceptIn, out=AssignmentOut)
def accept_assignment(call: Call, assignment_id: int, body: AcceptIn) -> AssignmentOut:
    """Accept a translation as a second person, or as manager without revision."""
    return _show(call, service.accept_assignment(
        call.session, call.actor, call.now, assignment_id, without_revision=body.without_revision,
        remark=body.remark, version=call.version))


@api.post("/assignments/<int:assignment_id>/release", ORDER, out=AssignmentOut)
def release_assignment(call: Call, assignment_id: int) -> AssignmentOut:
    """Record that the text was handed over to the one who uses it."""
    return _show(call, service.release_assignment(call.session, call.actor, call.now, assignment_id,
                                                  version=call.version))


@api.post("/assignments/<int:assignment_id>/cancel", ORDER, body=ReasonIn, out=AssignmentOut)
def cancel_assignment(call: Call, assignment_id: int, body: ReasonIn) -> AssignmentOut:
    """Call an assignment off."""
    return _show(call, service.cancel_assignment(call.session, call.actor, call.now, assignment_id,
                                                 reason=body.reason, version=call.version))
