"""JSON of the members of a delegation."""

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.people.service import register_person
from workflow.visits import delegation, queries
from workflow.visits.api import Key, Text, TextIn, VisitOut, show, show_visit
from workflow.visits.models import Member
from workflow.visits.rules import MemberState
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("members", __name__)

READ = needs(Permission.PEOPLE_READ)
WRITE = needs(Permission.PEOPLE_WRITE)


class NamedIn(ApiModel):
    """A person's name and part. Passports are entered on the pages, never here."""

    latin_family: str = Field("", max_length=120)
    latin_given: str = Field("", max_length=120)
    russian_family: str = Field("", max_length=120)
    russian_given: str = Field("", max_length=120)
    citizenships: list[str] = Field(default_factory=list, max_length=5)
    post_ru: str = Text
    post_en: str = Text
    organisation_ru: str = Text
    organisation_en: str = Text


class MemberIn(NamedIn):
    """A new member."""

    is_head: bool = False


class ReplaceIn(NamedIn):
    """Who comes instead, and why; whoever replaces the head is the head."""

    reason: str = Text


class LeaveIn(TextIn):
    """Why a member leaves; `declined` when they themselves said no."""

    declined: bool = False


class CompositionIn(ApiModel):
    """Whether the list of members is complete."""

    closed: bool


class PassportIn(ApiModel):
    """Which of their passports a member travels with; none leaves it open."""

    passport_id: int | None = Key


class MemberPatch(ApiModel):
    """Corrections of a member's part; what is absent stays."""

    post_ru: str | None = Field(None, max_length=300)
    post_en: str | None = Field(None, max_length=300)
    organisation_ru: str | None = Field(None, max_length=300)
    organisation_en: str | None = Field(None, max_length=300)
    role_ru: str | None = Field(None, max_length=100)
    role_en: str | None = Field(None, max_length=100)
    seat: str | None = Field(None, max_length=40)
    seat_en: str | None = Field(None, max_length=40)
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


def _show_member(actor: Actor, member: Member) -> MemberOut:
    live = member.ended_at is None
    acts = ["confirm", "correct", "make_head", "remove", "replace", "choose_passport"] if live else []
    return show(MemberOut, member, version=member.lock_version, name_ru=member.person.shown_name("ru"),
                name_latin=member.person.latin_name,
                allowed_actions=acts if actor.may(Permission.PEOPLE_WRITE) else [])


@api.get("/visits/<int:visit_id>/members", READ, out=MemberOut, many=True)
def list_members(call: Call, visit_id: int) -> Many:
    """List a delegation, its head first."""
    queries.get_visit(call.session, call.actor, visit_id)
    return Many([_show_member(call.actor, row) for row in queries.members(call.session, visit_id)], None)


@api.post("/visits/<int:visit_id>/members", WRITE, body=MemberIn, out=MemberOut, status=201)
def add_member(call: Call, visit_id: int, body: MemberIn) -> MemberOut:
    """Add a member."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    values = body.model_dump()
    person = register_person(call.session, call.actor, call.now,
                             {name: value for name, value in values.items() if name != "is_head"})
    member = delegation.add_member(call.session, call.actor, call.now, visit, person, {"is_head": body.is_head})
    call.session.flush()
    return _show_member(call.actor, member)


@api.get("/members/<int:member_id>", READ, out=MemberOut)
def get_member(call: Call, member_id: int) -> MemberOut:
    """Read a member."""
    return _show_member(call.actor, queries.get_member(call.session, call.actor, member_id))


@api.patch("/members/<int:member_id>", WRITE, body=MemberPatch, out=MemberOut)
def correct_member(call: Call, member_id: int, body: MemberPatch) -> MemberOut:
    """Correct a member's part in the delegation."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    values = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    delegation.correct_member(call.session, call.actor, call.now, visit, member, values, version=call.version)
    call.session.flush()
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/confirm", WRITE, out=MemberOut)
def confirm_member(call: Call, member_id: int) -> MemberOut:
    """Note that a member is coming."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.confirm_member(call.session, call.actor, call.now, visit, member)
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/make-head", WRITE, out=MemberOut)
def make_head(call: Call, member_id: int) -> MemberOut:
    """Make a member the head of the delegation."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.name_head(call.session, call.actor, call.now, visit, member)
    call.session.flush()
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/remove", WRITE, body=LeaveIn, out=MemberOut)
def remove_member(call: Call, member_id: int, body: LeaveIn) -> MemberOut:
    """Take a member out of the delegation, or note that they declined."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.remove_member(call.session, call.actor, call.now, visit, member, body.text,
                             declined=body.declined)
    return _show_member(call.actor, member)


@api.post("/members/<int:member_id>/replace", WRITE, body=ReplaceIn, out=MemberOut, status=201)
def replace_member(call: Call, member_id: int, body: ReplaceIn) -> MemberOut:
    """Put another person in a member's place; answers with the new member."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    person = register_person(call.session, call.actor, call.now, body.model_dump(exclude={"reason"}))
    successor = delegation.replace_member(call.session, call.actor, call.now, visit, member, person, {}, body.reason)
    return _show_member(call.actor, successor)


@api.post("/members/<int:member_id>/choose-passport", WRITE, body=PassportIn, out=MemberOut)
def choose_passport(call: Call, member_id: int, body: PassportIn) -> MemberOut:
    """Say with which passport a member travels."""
    member = queries.get_member(call.session, call.actor, member_id)
    visit = queries.get_visit(call.session, call.actor, member.visit_id)
    delegation.choose_passport(call.session, call.actor, call.now, visit, member, body.passport_id)
    call.session.flush()
    return _show_member(call.actor, member)


@api.post("/visits/<int:visit_id>/composition", WRITE, body=CompositionIn, out=VisitOut, versioned=True)
def close_composition(call: Call, visit_id: int, body: CompositionIn) -> VisitOut:
    """Say that the list of members is complete, or open it again."""
    visit = queries.get_visit(call.session, call.actor, visit_id)
    expect_version(visit, call.version, {"composition_closed": visit.composition_closed})
    delegation.close_composition(call.session, call.actor, call.now, visit, closed=body.closed)
    call.session.flush()
    return show_visit(call.actor, visit)
