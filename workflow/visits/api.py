"""JSON of requests, visits and members."""

from datetime import date
from typing import Any, TypeVar

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.office.queries import our_country
from workflow.people.service import register_person
from workflow.visits import delegation, queries, requesting, service
from workflow.visits.models import Member, Visit, VisitRequest
from workflow.visits.queries import VisitFilter
from workflow.visits.rules import (
    BasisKind,
    Direction,
    MemberState,
    RequestAct,
    RequestSource,
    RequestState,
    Standing,
    request_acts,
)
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("visits", __name__)

READ_REQUESTS = needs(Permission.REQUESTS_READ)
WRITE_REQUESTS = needs(Permission.REQUESTS_WRITE)
READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.VISITS_WRITE)
READ_PEOPLE = needs(Permission.PEOPLE_READ)
WRITE_PEOPLE = needs(Permission.PEOPLE_WRITE)

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
    visit_id: int | None
    allowed_actions: list[str]


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
    host_name: str | None = Field(None, max_length=300)
    place: str | None = Field(None, max_length=200)
    responsible_id: int | None = Key
    substitute_id: int | None = Key


class MemberIn(ApiModel):
    """A new member: the person's name and part. Passports are entered on the pages, never here."""

    latin_family: str = Field("", max_length=120)
    latin_given: str = Field("", max_length=120)
    russian_family: str = Field("", max_length=120)
    russian_given: str = Field("", max_length=120)
    citizenships: list[str] = Field(default_factory=list, max_length=5)
    post_ru: str = Text
    post_en: str = Text
    organisation_ru: str = Text
    organisation_en: str = Text
    is_head: bool = False


class MemberPatch(ApiModel):
    """Corrections of a member's part; what is absent stays."""

    post_ru: str | None = Field(None, max_length=300)
    post_en: str | None = Field(None, max_length=300)
    organisation_ru: str | None = Field(None, max_length=300)
    organisation_en: str | None = Field(None, max_length=300)
    note: str | None = Field(None, max_length=500)


class MemberOut(ApiModel):
    """A member, without personal data."""

    id: int
    version: int
    visit_id: int
    person_id: int
    name_ru: str
    name_latin: str
    state: MemberState
    is_head: bool
    post_ru: str
    post_en: str
    organisation_ru: str
    organisation_en: str
    allowed_actions: list[str]


def show_request(actor: Actor, row: VisitRequest) -> RequestOut:
    """Show a request to the API's caller."""
    acts = [act.value for act in request_acts(RequestState(row.state)) if actor.may(_ACT_PERMISSION[act])]
    return _show(RequestOut, row, version=row.lock_version, allowed_actions=acts)


def show_visit(actor: Actor, visit: Visit) -> VisitOut:
    """Show a visit to the API's caller."""
    acts = ["correct"] if actor.may(Permission.VISITS_WRITE) else []
    live = visit.standing in (Standing.LIVE, Standing.POSTPONED)
    if live and actor.may(Permission.PEOPLE_WRITE):
        acts.append("add_member")
    if live and actor.may(Permission.VISITS_WRITE):
        acts += ["change_dates", "cancel", "postpone" if visit.standing == Standing.LIVE else "resume"]
    return _show(VisitOut, visit, version=visit.lock_version, allowed_actions=acts)


def _show_member(actor: Actor, member: Member) -> MemberOut:
    acts = ["confirm", "correct", "make_head", "remove"] if member.ended_at is None else []
    return _show(MemberOut, member, version=member.lock_version, name_ru=member.person.shown_name("ru"),
                 name_latin=member.person.latin_name,
                 allowed_actions=acts if actor.may(Permission.PEOPLE_WRITE) else [])


def _show(model: type[M], row: object, **more: Any) -> M:
    values = {name: getattr(row, name) for name in model.model_fields if name not in more}
    return model.model_validate(values | more, strict=False)


@api.get("/requests", READ_REQUESTS, out=RequestOut, many=True)
def list_requests(call: Call) -> Many:
    """List requests, the newest first."""
    found = queries.list_requests(call.session, call.actor, cursor=call.cursor, limit=call.limit)
    return Many([show_request(call.actor, row) for row in found.rows], found.next_cursor)


@api.post("/requests", WRITE_REQUESTS, body=RequestIn, out=RequestOut, status=201)
def register_request(call: Call, body: RequestIn) -> RequestOut:
    """Register a request."""
    row = requesting.register_request(call.session, call.actor, call.now, body.model_dump(),
                                      source=RequestSource.API)
    return show_request(call.actor, row)


@api.get("/requests/<int:request_id>", READ_REQUESTS, out=RequestOut)
def get_request(call: Call, request_id: int) -> RequestOut:
    """Read a request."""
    return show_request(call.actor, queries.get_request(call.session, call.actor, request_id))


@api.patch("/requests/<int:request_id>", WRITE_REQUESTS, body=RequestIn, out=RequestOut)
def correct_request(call: Call, request_id: int, body: RequestIn) -> RequestOut:
    """Correct an undecided request; what is absent stays."""
    row = queries.get_request(call.session, call.actor, request_id)
    requesting.correct_request(call.session, call.actor, call.now, row, body.model_dump(exclude_unset=True),
                               version=call.version)
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


@api.get("/visits/<int:visit_id>/members", READ_PEOPLE, out=MemberOut, many=True)
def list_members(call: Call, visit_id: int) -> Many:
    """List a delegation, its head first."""
    queries.get_visit(call.session, call.actor, visit_id)
    return Many([_show_member(call.actor, row) for row in queries.members(call.session, visit_id)], None)


@api.post("/visits/<int:visit_id>/members", WRITE_PEOPLE, body=MemberIn, out=MemberOut, status=201)
def add_member(call: Call, visit_id: int, body: MemberIn) -> MemberOut:
    """Add a member."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    values = body.model_dump()
    person = register_person(call.session, call.actor, call.now,
                             {name: value for name, value in values.items() if name != "is_head"})
    member = delegation.add_member(call.session, call.actor, call.now, visit, person, {"is_head": body.is_head})
    call.session.flush()
    return _show_member(call.actor, member)


@api.get("/members/<int:member_id>", READ_PEOPLE, out=MemberOut)
def get_member(call: Call, member_id: int) -> MemberOut:
    """Read a member."""
    return _show_member(call.actor, queries.get_member(call.session, call.actor, member_id))


@api.patch("/members/<int:member_id>", WRITE_PEOPLE, body=MemberPatch, out=MemberOut)
def correct_member(call: Call, member_id: int, body: MemberPatch) -> MemberOut:
    """Correct a member's part in the delegation."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    values = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    delegation.correct_member(call.session, call.actor, call.now, visit, member, values, version=call.version)
    call.session.flush()
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/confirm", WRITE_PEOPLE, out=MemberOut)
def confirm_member(call: Call, member_id: int) -> MemberOut:
    """Note that a member is coming."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.confirm_member(call.session, call.actor, call.now, visit, member)
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/make-head", WRITE_PEOPLE, out=MemberOut)
def make_head(call: Call, member_id: int) -> MemberOut:
    """Make a member the head of the delegation."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.name_head(call.session, call.actor, call.now, visit, member)
    call.session.flush()
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/remove", WRITE_PEOPLE, body=TextIn, out=MemberOut)
def remove_member(call: Call, member_id: int, body: TextIn) -> MemberOut:
    """Take a member out of the delegation."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.remove_member(call.session, call.actor, call.now, visit, member, body.text)
    return _show_member(call.actor, member)
