"""JSON of visa cases and their checklists; it never holds passport or visa numbers."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.visas import holding, items, opening, queries, recompute, service, steps
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import CaseAct, CaseState, Entries, Holder, ItemState, Outcome
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("visas", __name__)

READ, WRITE = needs(Permission.VISAS_READ), needs(Permission.VISAS_WRITE)
Step = Literal["check", "file", "invitation", "apply", "issue", "refuse", "not_needed", "withdraw", "reopen"]


class TitleOut(ApiModel):
    """A title in both languages."""

    ru: str
    en: str


class ItemOut(ApiModel):
    """One thing to be brought."""

    id: int
    case_id: int
    code: str
    title: TitleOut
    kind: str
    scope: str
    required: bool
    wanted: bool
    flag_only: bool
    has_file: bool
    state: ItemState
    reason: str
    basis: str
    due_on: date | None
    due_calendars: list[str]
    due: dict[str, Any]
    verdicts: list[Any]
    questions: list[str]
    version: int
    allowed_actions: list[str]


class OptionOut(ApiModel):
    """A route that the rules offer, or would offer were it in force."""

    rule: str
    version: int
    standing: str


class CaseOut(ApiModel):
    """One traveller's way through one border."""

    id: int
    visit_id: int
    member_id: int
    direction: str
    destination: str
    first_day: date | None
    last_day: date | None
    entries: Entries
    transit: bool
    through: list[str]
    state: CaseState
    citizenship: str | None
    passport_type: str | None
    accompanied_by_parent: bool | None
    blank_pages: int | None
    rule_id: str | None
    rule_version: int | None
    outcome: Outcome | None
    title: TitleOut
    confirmed: bool
    by_hand: bool
    hand_answered_by: str
    hand_answered_on: date | None
    goes_off_on: date | None
    held_by: Holder
    held_since: date | None
    held_note: str
    appointment_on: date | None
    appointment_at: str
    appointment_place: str
    filed_on: date | None
    decided_on: date | None
    valid_from: date | None
    valid_to: date | None
    alarm: str
    questions: list[str]
    options: list[OptionOut]
    changes: list[Any]
    items: list[ItemOut]
    version: int
    allowed_actions: list[str]


class FactsIn(ApiModel):
    """What only a person can say of a traveller; what is absent stays."""

    citizenship: str | None = Field(None, max_length=8)
    passport_type: Literal["ordinary", "service", "diplomatic"] | None = None
    accompanied_by_parent: bool | None = None
    blank_pages: int | None = Field(None, ge=0, le=200)


class ChooseIn(ApiModel):
    """The rule of the route to take."""

    rule_id: str = Field(min_length=1, max_length=80)


class NewItemIn(ApiModel):
    """A thing to be brought, entered by hand."""

    title_ru: str = Field(min_length=1, max_length=300)
    title_en: str = Field("", max_length=300)
    kind: Literal["original", "upload", "data"] = "original"
    due_on: date | None = None


class HandIn(ApiModel):
    """A route that somebody told us."""

    title_ru: str = Field(min_length=1, max_length=300)
    title_en: str = Field("", max_length=300)
    outcome: Outcome
    answered_by: str = Field(min_length=1, max_length=300)
    answered_on: date
    note: str = Field("", max_length=2000)
    items: list[NewItemIn] = Field(default_factory=list, max_length=40)


class StepIn(ApiModel):
    """How a case goes on."""

    act: Step
    reason: str = Field("", max_length=500)
    on: date | None = None
    visa_number: str = Field("", max_length=40)
    valid_from: date | None = None
    valid_to: date | None = None


class HolderIn(ApiModel):
    """Who has a case in hand; an absent day is today."""

    held_by: Holder
    since: date | None = None
    note: str = Field("", max_length=300)


class AppointmentIn(ApiModel):
    """A day at the consulate; the hour is local there."""

    on: date | None = None
    at: str = Field("", max_length=5)
    place: str = Field("", max_length=300)


class DocumentIn(ApiModel):
    """What is written in a paper."""

    issued: date | None = None
    expires: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    amount: int | None = Field(None, ge=0, le=10**9)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    names_all_destinations: bool | None = None
    names_escort: bool | None = None


class ReasonIn(ApiModel):
    """A reason."""

    reason: str = Field(min_length=1, max_length=500)


class CountOut(ApiModel):
    """How many cases an act touched."""

    cases: int


def _titles(thing: VisaCase | ChecklistItem) -> TitleOut:
    return TitleOut(ru=thing.title("ru"), en=thing.title("en"))


def show_item(actor: Actor, item: ChecklistItem) -> ItemOut:
    """Show an item; what is written in it and its file stay inside."""
    may = actor.may(Permission.VISAS_WRITE)
    return ItemOut(
        id=item.id, case_id=item.case_id, code=item.code, title=_titles(item), kind=item.kind, scope=item.scope,
        required=item.required, wanted=item.wanted, flag_only=item.flag_only, has_file=item.file_id is not None,
        state=ItemState(item.state), reason=item.reason, basis=item.basis, due_on=item.due_on,
        due_calendars=list(item.due_calendars), due=dict(item.due), verdicts=list(item.verdicts),
        questions=list(item.questions), version=item.lock_version,
        allowed_actions=[str(act) for act in queries.acts_of_item(item)] if may else [],
    )  # fmt: skip


_CHOICES: Mapping[CaseAct, str] = {CaseAct.CHOOSE: "choose", CaseAct.ENTER_BY_HAND: "enter-by-hand"}


def show_case(actor: Actor, case: VisaCase) -> CaseOut:
    """Show a case with its checklist."""
    may = actor.may(Permission.VISAS_WRITE)
    return CaseOut(
        id=case.id, visit_id=case.visit_id, member_id=case.member_id, direction=case.direction,
        destination=case.destination, first_day=case.first_day, last_day=case.last_day,
        entries=Entries(case.entries), transit=case.transit, through=list(case.through),
        state=CaseState(case.state), citizenship=case.citizenship,
        passport_type=case.passport_type, accompanied_by_parent=case.accompanied_by_parent,
        blank_pages=case.blank_pages, rule_id=case.rule_id, rule_version=case.rule_version, outcome=case.regime,
        title=_titles(case), confirmed=case.confirmed, by_hand=case.by_hand, hand_answered_by=case.hand_answered_by,
        hand_answered_on=case.hand_answered_on, goes_off_on=case.goes_off_on, held_by=Holder(case.held_by),
        held_since=case.held_since, held_note=case.held_note, appointment_on=case.appointment_on,
        appointment_at=case.appointment_at, appointment_place=case.appointment_place, filed_on=case.filed_on,
        decided_on=case.decided_on, valid_from=case.valid_from, valid_to=case.valid_to, alarm=case.alarm,
        questions=list(case.questions), options=[OptionOut(**option) for option in case.options],
        changes=list(case.changes), items=[show_item(actor, item) for item in case.items], version=case.lock_version,
        allowed_actions=[_CHOICES.get(act, str(act)) for act in queries.acts_of(case)] if may else [],
    )  # fmt: skip


def _case(call: Call, case_id: int) -> tuple[Visit, VisaCase]:
    case = queries.get_case(call.session, call.actor, case_id)
    return get_visit(call.session, call.actor, case.visit_id), case


def _item(call: Call, item_id: int) -> tuple[Visit, ChecklistItem]:
    item = queries.get_item(call.session, call.actor, item_id)
    return get_visit(call.session, call.actor, item.case.visit_id), item


def _shown(call: Call, case: VisaCase) -> CaseOut:
    call.session.flush()
    return show_case(call.actor, case)


def _shown_item(call: Call, item: ChecklistItem) -> ItemOut:
    call.session.flush()
    return show_item(call.actor, item)


@api.get("/visits/<int:visit_id>/visa-cases", READ, out=CaseOut, many=True)
def list_cases(call: Call, visit_id: int) -> Many:
    """List a visit's visa cases."""
    _visit, cases = queries.cases_of_visit(call.session, call.actor, visit_id)
    return Many([show_case(call.actor, case) for case in cases], None)


@api.post("/visits/<int:visit_id>/visa-cases/open", WRITE, out=CountOut)
def open_cases(call: Call, visit_id: int) -> CountOut:
    """Open a case for each member who crosses a border and has none."""
    visit = get_visit(call.session, call.actor, visit_id)
    return CountOut(cases=len(opening.open_cases(call.session, call.actor, call.now, visit)))


@api.post("/visits/<int:visit_id>/visa-cases/recompute", WRITE, out=CountOut)
def recompute_cases(call: Call, visit_id: int) -> CountOut:
    """Reckon a visit's cases anew; tells how many changed."""
    visit = get_visit(call.session, call.actor, visit_id)
    return CountOut(cases=len(recompute.recompute_visit(call.session, call.actor, call.now, visit)))


@api.get("/visa-cases/<int:case_id>", READ, out=CaseOut)
def get_case(call: Call, case_id: int) -> CaseOut:
    """Read a visa case with its checklist."""
    return show_case(call.actor, queries.get_case(call.session, call.actor, case_id))


@api.patch("/visa-cases/<int:case_id>", WRITE, body=FactsIn, out=CaseOut)
def state_facts(call: Call, case_id: int, body: FactsIn) -> CaseOut:
    """State what the rules must know of a traveller."""
    visit, case = _case(call, case_id)
    service.state_facts(call.session, call.actor, call.now, visit, case, body.model_dump(exclude_unset=True),
                        version=call.version)  # fmt: skip
    recompute.recompute_visit(call.session, call.actor, call.now, visit)
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/choose", WRITE, body=ChooseIn, out=CaseOut, versioned=True)
def choose_route(call: Call, case_id: int, body: ChooseIn) -> CaseOut:
    """Take one of the routes on offer."""
    visit, case = _case(call, case_id)
    service.choose_route(call.session, call.actor, call.now, visit, case, body.rule_id, version=call.version)
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/enter-by-hand", WRITE, body=HandIn, out=CaseOut, versioned=True)
def enter_by_hand(call: Call, case_id: int, body: HandIn) -> CaseOut:
    """Enter a route with who answered and when."""
    visit, case = _case(call, case_id)
    told = service.HandRoute(
        title_ru=body.title_ru, title_en=body.title_en, outcome=body.outcome.value, answered_by=body.answered_by,
        answered_on=body.answered_on, note=body.note,
        items=tuple(service.HandItem(**item.model_dump()) for item in body.items),
    )  # fmt: skip
    service.enter_route_by_hand(call.session, call.actor, call.now, visit, case, told, version=call.version)
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/step", WRITE, body=StepIn, out=CaseOut, versioned=True)
def record_step(call: Call, case_id: int, body: StepIn) -> CaseOut:
    """Record how a case goes on."""
    visit, case = _case(call, case_id)
    step = steps.Step(CaseAct(body.act), body.reason, body.on, body.visa_number, body.valid_from, body.valid_to)
    steps.record_step(call.session, call.actor, call.now, visit, case, step, version=call.version)
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/holder", WRITE, body=HolderIn, out=CaseOut, versioned=True)
def pass_on(call: Call, case_id: int, body: HolderIn) -> CaseOut:
    """Record who has the case in hand."""
    visit, case = _case(call, case_id)
    holding.pass_on(call.session, call.actor, call.now, visit, case, body.held_by, since=body.since, note=body.note,
                    version=call.version)  # fmt: skip
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/appointment", WRITE, body=AppointmentIn, out=CaseOut, versioned=True)
def set_appointment(call: Call, case_id: int, body: AppointmentIn) -> CaseOut:
    """Note, move or, without a day, drop the appointment at the consulate."""
    visit, case = _case(call, case_id)
    holding.set_appointment(call.session, call.actor, call.now, visit, case,
                            holding.Appointment(body.on, body.at, body.place), version=call.version)  # fmt: skip
    return _shown(call, case)


@api.post("/visa-cases/<int:case_id>/items", WRITE, body=NewItemIn, out=ItemOut, status=201)
def add_item(call: Call, case_id: int, body: NewItemIn) -> ItemOut:
    """Add a thing to be brought."""
    visit, case = _case(call, case_id)
    told = service.HandItem(**body.model_dump())
    return _shown_item(call, service.add_item(call.session, call.actor, call.now, visit, case, told))


@api.get("/checklist-items/<int:item_id>", READ, out=ItemOut)
def get_item(call: Call, item_id: int) -> ItemOut:
    """Read a checklist item."""
    return show_item(call.actor, queries.get_item(call.session, call.actor, item_id))


@api.post("/checklist-items/<int:item_id>/receive", WRITE, body=DocumentIn, out=ItemOut, versioned=True)
def receive_item(call: Call, item_id: int, body: DocumentIn) -> ItemOut:
    """Note that a thing has come, and what is written in it."""
    visit, item = _item(call, item_id)
    written = body.model_dump(exclude_none=True) or None
    items.receive_item(call.session, call.actor, call.now, visit, item, document=written, version=call.version)
    return _shown_item(call, item)


@api.post("/checklist-items/<int:item_id>/verify", WRITE, out=ItemOut, versioned=True)
def verify_item(call: Call, item_id: int) -> ItemOut:
    """Note that a thing was looked at and is right."""
    visit, item = _item(call, item_id)
    items.verify_item(call.session, call.actor, call.now, visit, item, version=call.version)
    return _shown_item(call, item)


@api.post("/checklist-items/<int:item_id>/reject", WRITE, body=ReasonIn, out=ItemOut, versioned=True)
def reject_item(call: Call, item_id: int, body: ReasonIn) -> ItemOut:
    """Send a thing back with the reason."""
    visit, item = _item(call, item_id)
    items.reject_item(call.session, call.actor, call.now, visit, item, body.reason, version=call.version)
    return _shown_item(call, item)


@api.post("/checklist-items/<int:item_id>/waive", WRITE, body=ReasonIn, out=ItemOut, versioned=True)
def waive_item(call: Call, item_id: int, body: ReasonIn) -> ItemOut:
    """Do without a thing, with the reason."""
    visit, item = _item(call, item_id)
    items.waive_item(call.session, call.actor, call.now, visit, item, body.reason, version=call.version)
    return _shown_item(call, item)


@api.post("/checklist-items/<int:item_id>/reopen", WRITE, out=ItemOut, versioned=True)
def reopen_item(call: Call, item_id: int) -> ItemOut:
    """Ask for a thing again."""
    visit, item = _item(call, item_id)
    items.reopen_item(call.session, call.actor, call.now, visit, item, version=call.version)
    return _shown_item(call, item)
