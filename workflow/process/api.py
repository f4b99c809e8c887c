"""The course of visits as JSON: accept a request, look at the next steps, advance, cancel, postpone, resume, move."""

from datetime import date

from pydantic import Field

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Invalid
from workflow.process import moving, service
from workflow.process.opening import Acceptance, copy_last_visit, open_visit_for_request
from workflow.process.publishing import latest_definitions
from workflow.process.readiness import Readiness, StepView, readiness, reasons_of
from workflow.process.rules import ANSWERS, Action
from workflow.visits.days_off import Occasion
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Dates, Standing
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs
from workflow.web.sentences import address_of, pick, say

api = ApiDoor("process", __name__)

READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.VISITS_WRITE)
DECIDE = needs(Permission.REQUESTS_DECIDE)
OVERRIDE = needs(Permission.CONDITIONS_OVERRIDE)
BIGGEST = 2**31


class ReasonOut(ApiModel):
    """One thing that is missing, and the page where it is put right."""

    code: str
    detail: str
    where: str


class StepOut(ApiModel):
    """A step that leads on from where the visit stands."""

    key: str
    title: str
    to: str
    open: bool
    permitted: bool
    needs_reason: bool
    reasons: list[ReasonOut]
    overridable: list[str] = Field(description="Condition keys that a manager may go past")


class CourseOut(ApiModel):
    """Where a visit stands and what comes next."""

    id: int
    version: int
    process_key: str
    process_version: int
    stage: str
    stage_title: str
    standing: str
    arrival: date | None
    departure: date | None
    colour: str
    late: int
    next_step: str | None
    steps: list[StepOut]
    gone_past: list[str] = Field(description="Condition keys that were gone past and are still not met")
    allowed_actions: list[str]


class ProcessOut(ApiModel):
    """A process that visits can be opened with."""

    key: str
    latest_version: int
    title: str
    stages: list[str]


class AcceptIn(ApiModel):
    """What whoever accepts decides; what is left out is taken from the request."""

    responsible_id: int | None = Field(None, ge=1, le=BIGGEST)
    substitute_id: int | None = Field(None, ge=1, le=BIGGEST)
    process_key: str = Field("", max_length=40)
    arrival: date | None = None
    departure: date | None = None
    place: str = Field("", max_length=200)


class AdvanceIn(ApiModel):
    """A step, with reasons where they are needed."""

    step: str = Field(min_length=1, max_length=64)
    reason: str = Field("", max_length=1000)
    overrides: dict[str, str] = Field(default_factory=dict, description="Condition key → why it is gone past")


class ReasonIn(ApiModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=1000)


class ResumeIn(ApiModel):
    """New dates of a postponed visit, if they are known."""

    arrival: date | None = None
    departure: date | None = None
    reason: str = Field("", max_length=1000)


class DatesIn(ApiModel):
    """First and last local day."""

    arrival: date
    departure: date
    reason: str = Field("", max_length=1000)


class CopyIn(ApiModel):
    """When a visit like this one is to be."""

    arrival: date | None = None
    departure: date | None = None


class VersionIn(ApiModel):
    """Another version of the process; `stage` where the present one has no place in it."""

    to_version: int = Field(ge=1, le=BIGGEST)
    stage: str = Field("", max_length=64)


class MoveOut(ApiModel):
    """A deadline that a change of dates moves."""

    key: str
    title: str
    before: date | None
    after: date | None
    past_already: bool


class DayOffOut(ApiModel):
    """A day on which our side or the other does not work, and what falls on it."""

    day: date
    occasions: list[Occasion]
    countries: list[str]


class PreviewOut(ApiModel):
    """What a change of dates would do."""

    moves: list[MoveOut]
    told_outside: int
    told_staff: int
    days_off: list[DayOffOut] = Field(description="A warning, never a block; the programme is taken to move along")


@api.get("/processes", READ, out=ProcessOut, many=True)
def list_processes(call: Call) -> Many:
    """List the processes that visits can be opened with."""
    return Many([
        ProcessOut(key=key, latest_version=version, title=str(pick(definition.title.model_dump())),
                   stages=[stage.key for stage in definition.stages])
        for (key, version), definition in latest_definitions(call.session).items()
    ], None)


@api.post("/requests/<int:request_id>/accept", DECIDE, body=AcceptIn, out=CourseOut, status=201)
def accept_request(call: Call, request_id: int, body: AcceptIn) -> CourseOut:
    """Accept a request and open its visit."""
    dates = Dates(body.arrival, body.departure) if body.arrival or body.departure else None
    visit = open_visit_for_request(
        call.session, call.actor, call.now, request_id,
        Acceptance(responsible_id=body.responsible_id, substitute_id=body.substitute_id,
                   process_key=body.process_key, dates=dates, place=body.place),
    )
    return _course(call, visit)


@api.get("/visits/<int:visit_id>/course", READ, out=CourseOut)
def show_course(call: Call, visit_id: int) -> CourseOut:
    """Show where a visit stands, its next steps and what each asks."""
    return _course(call, get_visit(call.session, call.actor, visit_id))


@api.post("/visits/<int:visit_id>/advance", WRITE, body=AdvanceIn, out=CourseOut, versioned=True)
def advance(call: Call, visit_id: int, body: AdvanceIn) -> CourseOut:
    """Take a step; a refusal lists every reason."""
    return _course(call, service.advance_visit(call.session, call.actor, call.now, visit_id, body.step, call.version,
                                               overrides=body.overrides, reason=body.reason))


@api.post("/visits/<int:visit_id>/cancel", WRITE, body=ReasonIn, out=CourseOut, versioned=True)
def cancel(call: Call, visit_id: int, body: ReasonIn) -> CourseOut:
    """Cancel a visit."""
    return _course(call, service.cancel_visit(call.session, call.actor, call.now, visit_id, call.version,
                                              reason=body.reason))


@api.post("/visits/<int:visit_id>/postpone", WRITE, body=ReasonIn, out=CourseOut, versioned=True)
def postpone(call: Call, visit_id: int, body: ReasonIn) -> CourseOut:
    """Put a visit off without a day."""
    return _course(call, service.postpone_visit(call.session, call.actor, call.now, visit_id, call.version,
                                                reason=body.reason))


@api.post("/visits/<int:visit_id>/resume", WRITE, body=ResumeIn, out=CourseOut, versioned=True)
def resume(call: Call, visit_id: int, body: ResumeIn) -> CourseOut:
    """Take up a postponed visit, perhaps with new dates."""
    dates = Dates(body.arrival, body.departure) if body.arrival or body.departure else None
    return _course(call, service.resume_visit(call.session, call.actor, call.now, visit_id, call.version, dates=dates,
                                              reason=body.reason))


@api.post("/visits/<int:visit_id>/change-dates", WRITE, body=DatesIn, out=CourseOut, versioned=True)
def change_dates(call: Call, visit_id: int, body: DatesIn) -> CourseOut:
    """Move a visit."""
    return _course(call, service.change_dates(call.session, call.actor, call.now, visit_id, call.version,
                                              dates=Dates(body.arrival, body.departure), reason=body.reason))


@api.post("/visits/<int:visit_id>/copy", WRITE, body=CopyIn, out=CourseOut, status=201)
def copy(call: Call, visit_id: int, body: CopyIn) -> CourseOut:
    """Open a visit like this one; people and papers are not copied."""
    return _course(call, copy_last_visit(call.session, call.actor, call.now, visit_id,
                                         Dates(body.arrival, body.departure)))


@api.post("/visits/<int:visit_id>/move-version", OVERRIDE, body=VersionIn, out=CourseOut, versioned=True)
def move_version(call: Call, visit_id: int, body: VersionIn) -> CourseOut:
    """Let a running visit go on by another version of its process."""
    stage = get_visit(call.session, call.actor, visit_id).stage
    return _course(call, moving.move_visit(call.session, call.actor, call.now, visit_id, body.to_version, call.version,
                                           renamed={stage: body.stage} if body.stage else {}))


@api.post("/visits/<int:visit_id>/preview-dates", WRITE, body=DatesIn, out=PreviewOut)
def preview_dates(call: Call, visit_id: int, body: DatesIn) -> PreviewOut:
    """Say what a change of dates would do, without doing it."""
    preview = service.preview_change_of_dates(call.session, call.actor, call.now, visit_id,
                                              Dates(body.arrival, body.departure))
    return PreviewOut(
        moves=[MoveOut(key=move.deadline.key, title=str(pick(move.deadline.title.model_dump())), before=move.before,
                       after=move.after, past_already=move.deadline.key in preview.late) for move in preview.moves],
        told_outside=preview.told_outside, told_staff=preview.told_staff,
        days_off=[DayOffOut(day=one.day, occasions=list(one.occasions), countries=list(one.countries))
                  for one in preview.days_off],
    )


def _course(call: Call, visit: Visit) -> CourseOut:
    call.session.flush()
    view = readiness(call.session, [visit.id], call.actor, call.now).get(visit.id)
    if view is None:
        raise Invalid("process.no-such-process", field="process_key", process=visit.process_key)
    return CourseOut(
        id=visit.id, version=visit.lock_version, process_key=visit.process_key,
        process_version=visit.process_version, stage=visit.stage,
        stage_title=str(pick(view.stage.title.model_dump())), standing=str(Standing(visit.standing).value),
        arrival=visit.arrival, departure=visit.departure, colour=view.colour.value, late=view.late,
        next_step=view.next.step.key if view.next else None, steps=[_step(one) for one in view.steps],
        gone_past=[item.condition.key for item in view.passed], allowed_actions=_allowed(call.actor, visit, view),
    )


def _step(view: StepView) -> StepOut:
    blocking = view.verdict.blocking
    return StepOut(
        key=view.step.key, title=str(pick(view.step.title.model_dump())), to=view.step.to, open=view.verdict.open,
        permitted=view.permitted, needs_reason=view.step.needs_reason,
        reasons=[ReasonOut(code=reason.code, detail=say(reason), where=address_of(reason.where))
                 for reason in reasons_of(blocking)],
        overridable=[found.condition.key for found in blocking if found.condition.may_be_overridden],
    )


def _allowed(actor: Actor, visit: Visit, view: Readiness) -> list[str]:
    if not actor.may(Permission.VISITS_WRITE):
        return []
    standing = Standing(visit.standing)
    found = [action.value for action in Action
             if ANSWERS[(standing, action)] is None and action not in (Action.ADVANCE, Action.MOVE_VERSION)]
    if ANSWERS[(standing, Action.ADVANCE)] is None and any(
        one.permitted and (one.verdict.open or actor.may(Permission.CONDITIONS_OVERRIDE)) for one in view.steps
    ):
        found.insert(0, Action.ADVANCE.value)
    return found
