"""JSON of outcomes and reports."""

from datetime import date, datetime

from pydantic import Field

from workflow.base.actor import Permission
from workflow.outcomes import queries, rules, service
from workflow.outcomes.models import Outcome, VisitReport
from workflow.outcomes.rules import OutcomeKind, OutcomeState, OutcomeVerb, ReportState
from workflow.outcomes.service import MAX_TEXT, OutcomeData
from workflow.visits.queries import get_visit
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("outcomes", __name__)
READ = needs(Permission.OUTCOMES_READ)
WRITE = needs(Permission.OUTCOMES_WRITE)


class OutcomeIn(ApiModel):
    """An outcome; owned by an account or by a name outside, not both."""

    kind: OutcomeKind
    what: str = Field(min_length=1, max_length=1000)
    owner_id: int | None = Field(None, ge=1, le=2**31)
    owner_name: str = Field("", max_length=300)
    owner_name_en: str = Field("", max_length=300)
    due_on: date | None = None
    note: str = Field("", max_length=MAX_TEXT)
    what_en: str = Field("", max_length=1000)


class OutcomeOut(ApiModel):
    """An outcome."""

    id: int
    version: int
    visit_id: int
    kind: OutcomeKind
    what: str
    what_en: str
    owner_id: int | None
    owner_name: str
    owner_name_en: str
    due_on: date | None
    state: OutcomeState
    note: str
    settled_at: datetime | None
    allowed_actions: list[str]


class SettleIn(ApiModel):
    """How an outcome is settled; `decline` and `hand-over` need a note."""

    verb: OutcomeVerb
    note: str = Field("", max_length=MAX_TEXT)


class ReportIn(ApiModel):
    """The text of a report; what is absent stays."""

    aim: str | None = Field(None, max_length=MAX_TEXT)
    done: str | None = Field(None, max_length=MAX_TEXT)
    results: str | None = Field(None, max_length=MAX_TEXT)
    proposals: str | None = Field(None, max_length=MAX_TEXT)
    not_done: str | None = Field(None, max_length=MAX_TEXT)
    highlight: str | None = Field(None, max_length=1000)
    contacts: str | None = Field(None, max_length=MAX_TEXT)
    materials: str | None = Field(None, max_length=MAX_TEXT)
    media: str | None = Field(None, max_length=MAX_TEXT)
    evaluation: str | None = Field(None, max_length=MAX_TEXT)
    enclosures: str | None = Field(None, max_length=MAX_TEXT)
    aim_en: str | None = Field(None, max_length=MAX_TEXT)
    done_en: str | None = Field(None, max_length=MAX_TEXT)
    results_en: str | None = Field(None, max_length=MAX_TEXT)
    proposals_en: str | None = Field(None, max_length=MAX_TEXT)
    not_done_en: str | None = Field(None, max_length=MAX_TEXT)
    highlight_en: str | None = Field(None, max_length=1000)
    contacts_en: str | None = Field(None, max_length=MAX_TEXT)
    materials_en: str | None = Field(None, max_length=MAX_TEXT)
    media_en: str | None = Field(None, max_length=MAX_TEXT)
    evaluation_en: str | None = Field(None, max_length=MAX_TEXT)
    enclosures_en: str | None = Field(None, max_length=MAX_TEXT)
    sent_to: str | None = Field(None, max_length=300)
    sent_to_en: str | None = Field(None, max_length=300)


class ReportOut(ApiModel):
    """A visit's report."""

    version: int
    visit_id: int
    state: ReportState
    aim: str
    done: str
    results: str
    proposals: str
    not_done: str
    highlight: str
    contacts: str
    materials: str
    media: str
    evaluation: str
    enclosures: str
    aim_en: str
    done_en: str
    results_en: str
    proposals_en: str
    not_done_en: str
    highlight_en: str
    contacts_en: str
    materials_en: str
    media_en: str
    evaluation_en: str
    enclosures_en: str
    sent_to: str
    sent_to_en: str
    no_outcomes: bool
    filed_at: datetime | None
    filed_by_id: int | None
    allowed_actions: list[str]


class NoneIn(ApiModel):
    """Whether there are no outcomes."""

    none: bool = True


def _show(call: Call, row: Outcome) -> OutcomeOut:
    special = {"version", "allowed_actions"}
    values = {name: getattr(row, name) for name in OutcomeOut.model_fields if name not in special}
    writes = call.actor.may(Permission.OUTCOMES_WRITE)
    verbs = [verb.value for verb in rules.allowed(OutcomeState(row.state))] if writes else []
    return OutcomeOut.model_validate(values | {"version": row.lock_version, "allowed_actions": verbs}, strict=False)


def _show_report(call: Call, row: VisitReport) -> ReportOut:
    special = {"version", "allowed_actions"}
    values = {name: getattr(row, name) for name in ReportOut.model_fields if name not in special}
    acts = ["reopen"] if row.state == ReportState.FILED else ["write", "file"]
    writes = call.actor.may(Permission.OUTCOMES_WRITE)
    return ReportOut.model_validate(
        values | {"version": row.lock_version, "allowed_actions": acts if writes else []}, strict=False)


@api.get("/outcomes", READ, out=OutcomeOut, many=True, filters={"state": OutcomeState})
def list_outcomes(call: Call) -> Many:
    """List outcomes, the newest first; narrowed by state."""
    found = queries.list_outcomes(call.session, call.actor, state=call.narrowing.get("state", ""),
                                  cursor=call.cursor, limit=call.limit)
    return Many([_show(call, row) for row in found.rows], found.next_cursor)


@api.get("/visits/<int:visit_id>/outcomes", READ, out=OutcomeOut, many=True)
def list_of_visit(call: Call, visit_id: int) -> Many:
    """List a visit's outcomes."""
    get_visit(call.session, call.actor, visit_id)
    found = queries.list_outcomes(call.session, call.actor, visit_id=visit_id, cursor=call.cursor, limit=call.limit)
    return Many([_show(call, row) for row in found.rows], found.next_cursor)


@api.post("/visits/<int:visit_id>/outcomes", WRITE, body=OutcomeIn, out=OutcomeOut, status=201)
def add_outcome(call: Call, visit_id: int, body: OutcomeIn) -> OutcomeOut:
    """Write an outcome down."""
    row = service.add_outcome(call.session, call.actor, call.now, visit_id, OutcomeData(**body.model_dump()))
    return _show(call, row)


@api.get("/outcomes/<int:outcome_id>", READ, out=OutcomeOut)
def get_outcome(call: Call, outcome_id: int) -> OutcomeOut:
    """Read an outcome."""
    return _show(call, queries.get_outcome(call.session, call.actor, outcome_id)[0])


@api.patch("/outcomes/<int:outcome_id>", WRITE, body=OutcomeIn, out=OutcomeOut)
def change_outcome(call: Call, outcome_id: int, body: OutcomeIn) -> OutcomeOut:
    """Correct an open outcome."""
    row = service.change_outcome(call.session, call.actor, call.now, outcome_id, OutcomeData(**body.model_dump()),
                                 version=call.version)
    call.session.flush()
    return _show(call, row)


@api.post("/outcomes/<int:outcome_id>/settle", WRITE, body=SettleIn, out=OutcomeOut)
def settle_outcome(call: Call, outcome_id: int, body: SettleIn) -> OutcomeOut:
    """Finish, decline, hand over or reopen an outcome."""
    return _show(call, service.settle_outcome(call.session, call.actor, call.now, outcome_id, body.verb,
                                              note=body.note, version=call.version))


@api.post("/outcomes/<int:outcome_id>/remove", WRITE, versioned=True)
def remove_outcome(call: Call, outcome_id: int) -> None:
    """Take away an open outcome that was written down by mistake."""
    service.remove_outcome(call.session, call.actor, call.now, outcome_id, version=call.version)


@api.post("/visits/<int:visit_id>/outcomes/none", WRITE, body=NoneIn, out=ReportOut)
def record_no_outcomes(call: Call, visit_id: int, body: NoneIn) -> ReportOut:
    """Say that nothing is left to be done after a visit, or take that back."""
    row = service.record_no_outcomes(call.session, call.actor, call.now, visit_id, none=body.none)
    call.session.flush()
    return _show_report(call, row)


@api.get("/visits/<int:visit_id>/report", READ, out=ReportOut)
def get_report(call: Call, visit_id: int) -> ReportOut:
    """Read a visit's report; an unbegun one is empty, of version 0."""
    visit = get_visit(call.session, call.actor, visit_id)
    row = queries.report_of(call.session, visit.id)
    if row is None:
        row = VisitReport(visit_id=visit.id, state=ReportState.DRAFT, lock_version=0, no_outcomes=False,
                          **dict.fromkeys(rules.REPORT_FIELDS, ""))
    return _show_report(call, row)


@api.post("/visits/<int:visit_id>/report", WRITE, body=ReportIn, out=ReportOut)
def write_report(call: Call, visit_id: int, body: ReportIn) -> ReportOut:
    """Save the report's text without filing it."""
    values = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    row = service.write_report(call.session, call.actor, call.now, visit_id, values, version=call.version or None)
    call.session.flush()
    return _show_report(call, row)


@api.post("/visits/<int:visit_id>/report/file", WRITE, out=ReportOut)
def file_report(call: Call, visit_id: int) -> ReportOut:
    """File the report."""
    return _show_report(call, service.file_report(call.session, call.actor, call.now, visit_id, version=call.version))


@api.post("/visits/<int:visit_id>/report/reopen", WRITE, out=ReportOut)
def reopen_report(call: Call, visit_id: int) -> ReportOut:
    """Open a filed report again."""
    return _show_report(call, service.reopen_report(call.session, call.actor, call.now, visit_id,
                                                    version=call.version))
