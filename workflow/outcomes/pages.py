"""Pages of what a visit has led to: the tab with outcomes and report, their forms."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.accounts.queries import account_names, people_to_choose
from workflow.base.actor import Permission, Role
from workflow.outcomes import protocol_pages, queries, rules, service
from workflow.outcomes.forms import OutcomeForm, ReportForm, SettleForm, kinds, states
from workflow.outcomes.models import Outcome
from workflow.outcomes.rules import OutcomeState, OutcomeVerb
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language
from workflow.web.forms import Form

door = Door("outcomes", __name__)
doors = [door, protocol_pages.door]
READ = needs(Permission.OUTCOMES_READ)
WRITE = needs(Permission.OUTCOMES_WRITE)


@door.get("/visits/<int:visit_id>/outcomes", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit's outcomes and its report."""
    return _index(act, visit_id, None, 0)


def _index(act: Act, visit_id: int, form: Form[SettleForm] | None, open_id: int) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    rows = queries.outcomes_of(act.session, visit.id)
    report = queries.report_of(act.session, visit.id)
    people = account_names(act.session, [report.filed_by_id, report.no_outcomes_by_id] if report else [], language())
    return act.page(
        "outcomes/index.html", form.status if form else 200, visit=visit, tab="outcomes", report=report, people=people,
        lines=queries.lines(act.session, act.actor, act.now, [(row, visit) for row in rows]), kinds=dict(kinds()),
        states=states(), form=form, open_id=open_id, open=visit.standing != Standing.CANCELLED,
        verbs={row.id: {verb.value for verb in rules.allowed(OutcomeState(row.state))} for row in rows},
    )


@door.get("/visits/<int:visit_id>/outcomes/new", WRITE)
def new(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form for a new outcome."""
    visit = get_visit(act.session, act.actor, visit_id)
    return _form(act, visit, Form.of(OutcomeForm, {"kind": "promise", "owner_id": visit.responsible_id}))


def _form(act: Act, visit: Visit, form: Form[OutcomeForm], row: Outcome | None = None) -> ResponseReturnValue:
    return act.page("outcomes/outcome.html", form.status, visit=visit, tab="outcomes", form=form, row=row,
                    kinds=kinds(), people=people_to_choose(act.session, language(), Role.COORDINATOR, Role.MANAGER))


@door.post("/visits/<int:visit_id>/outcomes/new", WRITE)
def add(act: Act, visit_id: int) -> ResponseReturnValue:
    """Write an outcome down."""
    form = Form.posted(OutcomeForm)
    if form.data:
        with form.guarding(act):
            row = service.add_outcome(act.session, act.actor, act.now, visit_id, form.data.outcome())
            flash(_("The outcome is written down."))
            if request.form.get("then") == "another":
                return act.to("outcomes.new", visit_id=visit_id)
            return act.to("outcomes.index", visit_id=visit_id, fragment=f"outcome-{row.id}")
    return _form(act, get_visit(act.session, act.actor, visit_id), form)


@door.get("/outcomes/<int:outcome_id>/edit", WRITE)
def edit(act: Act, outcome_id: int) -> ResponseReturnValue:
    """Show an outcome for correcting."""
    row, visit = queries.get_outcome(act.session, act.actor, outcome_id)
    form = Form.of(OutcomeForm, row)
    form.settle_version(row.lock_version)
    return _form(act, visit, form, row)


@door.post("/outcomes/<int:outcome_id>/edit", WRITE)
def change(act: Act, outcome_id: int) -> ResponseReturnValue:
    """Correct an outcome."""
    form = Form.posted(OutcomeForm)
    if form.data:
        with form.guarding(act):
            row = service.change_outcome(act.session, act.actor, act.now, outcome_id, form.data.outcome(),
                                         version=form.data.version)
            act.session.flush()
            flash(_("Saved."))
            return act.to("outcomes.index", visit_id=row.visit_id, fragment=f"outcome-{row.id}")
    row, visit = queries.get_outcome(act.session, act.actor, outcome_id)
    form.settle_version(row.lock_version)
    return _form(act, visit, form, row)


@door.post("/outcomes/<int:outcome_id>/settle", WRITE)
def settle(act: Act, outcome_id: int) -> ResponseReturnValue:
    """Finish, decline, hand over, reopen or remove an outcome."""
    row, visit = queries.get_outcome(act.session, act.actor, outcome_id)
    form = Form.posted(SettleForm)
    if form.data:
        with form.guarding(act):
            if form.data.verb is OutcomeVerb.REMOVE:
                service.remove_outcome(act.session, act.actor, act.now, outcome_id, version=form.data.version)
                flash(_("The outcome is removed."))
                return act.to("outcomes.index", visit_id=visit.id)
            service.settle_outcome(act.session, act.actor, act.now, outcome_id, form.data.verb, note=form.data.note,
                                   version=form.data.version)
            flash(_("Saved."))
            return act.to("outcomes.index", visit_id=visit.id, fragment=f"outcome-{row.id}")
    return _index(act, visit.id, form, outcome_id)


@door.post("/visits/<int:visit_id>/outcomes/none", WRITE)
def none(act: Act, visit_id: int) -> ResponseReturnValue:
    """Say that nothing is left to be done after a visit, or take that back."""
    said = request.form.get("none") == "1"
    service.record_no_outcomes(act.session, act.actor, act.now, visit_id, none=said)
    flash(_("Recorded: no outcomes.") if said else _("Saved."))
    return act.to("outcomes.index", visit_id=visit_id)


@door.get("/visits/<int:visit_id>/report", WRITE)
def report(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the report for writing."""
    visit = get_visit(act.session, act.actor, visit_id)
    row = queries.report_of(act.session, visit.id)
    form = Form.of(ReportForm, row if row is not None else {"aim": visit.purpose})
    if row is not None:
        form.settle_version(row.lock_version)
    return _report(act, visit, form)


def _report(act: Act, visit: Visit, form: Form[ReportForm]) -> ResponseReturnValue:
    return act.page("outcomes/report.html", form.status, visit=visit, tab="outcomes", form=form,
                    row=queries.report_of(act.session, visit.id))


@door.post("/visits/<int:visit_id>/report", WRITE)
def write(act: Act, visit_id: int) -> ResponseReturnValue:
    """Save the report; with the button "file", file it."""
    form = Form.posted(ReportForm)
    if form.data:
        with form.guarding(act):
            texts = form.data.model_dump(exclude={"version"})
            service.write_report(act.session, act.actor, act.now, visit_id, texts, version=form.data.version)
            if request.form.get("then") == "file":
                service.file_report(act.session, act.actor, act.now, visit_id)
                flash(_("The report is filed."))
            else:
                flash(_("Saved."))
            act.session.flush()
            return act.to("outcomes.index", visit_id=visit_id, fragment="report")
    visit = get_visit(act.session, act.actor, visit_id)
    row = queries.report_of(act.session, visit.id)
    if row is not None:
        form.settle_version(row.lock_version)
    return _report(act, visit, form)


@door.post("/visits/<int:visit_id>/report/reopen", WRITE)
def reopen(act: Act, visit_id: int) -> ResponseReturnValue:
    """Open a filed report again."""
    service.reopen_report(act.session, act.actor, act.now, visit_id)
    flash(_("The report is open again."))
    return act.to("outcomes.report", visit_id=visit_id)
