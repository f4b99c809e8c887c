"""Pages of a visit's course: the next step, dates, putting off, cancelling; processes and their drawings."""

import re
from datetime import timedelta
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import DomainError, Invalid
from workflow.base.reasons import Sentence
from workflow.office.queries import our_zone
from workflow.process import definition_pages, opening_pages, service
from workflow.process.definitions import Condition
from workflow.process.door import door
from workflow.process.forms import DatesForm, ReasonForm, StepForm
from workflow.process.publishing import definitions_of
from workflow.process.readiness import Readiness, StepView, readiness
from workflow.process.rules import ANSWERS, Action
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Dates, Standing
from workflow.web.database import current_session
from workflow.web.doors import Act, needs
from workflow.web.forms import Form
from workflow.web.sentences import SENTENCE_TABLE, pick, say

PARTS = (opening_pages, definition_pages)
"""Further pages of the same door."""

READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.VISITS_WRITE)
SHIFT = re.compile(r"-?[0-9]{1,3}")


@door.blueprint.app_context_processor
def _names() -> dict[str, Any]:
    return {"stage_bar": stage_bar, "course_actions": course_actions, "asks": asks}


def asks(check: Condition) -> str:
    """Word what a named check asks; one that nobody has worded is shown by its key."""
    if check.title is not None:
        return str(pick(check.title.model_dump()))
    code = f"process.asks.{check.check}"
    return say(Sentence(code, check.params)) if code in SENTENCE_TABLE else check.key


def stage_bar(visit: Visit) -> list[tuple[str, str]]:
    """Give the stages of a visit's process for the bar: (titles, "done" | "now" | "ahead"); nothing where unknown."""
    found = definitions_of(current_session(), [(visit.process_key, visit.process_version)])
    definition = found.get((visit.process_key, visit.process_version))
    if definition is None or not definition.has(visit.stage):
        return []
    here = definition.position(visit.stage)
    return [
        (stage.title.model_dump(), "done" if number < here else "now" if number == here else "ahead")  # type: ignore[misc]
        for number, stage in enumerate(definition.stages)
    ]


def course_actions(visit: Visit) -> frozenset[str]:
    """Name the actions that a visit's standing allows, for the links of its page."""
    return frozenset(action.value for action in Action if ANSWERS[(Standing(visit.standing), action)] is None)


def _view(act: Act, visit: Visit) -> Readiness:
    found = readiness(act.session, [visit.id], act.actor, act.now).get(visit.id)
    if found is None:
        raise Invalid("process.no-such-process", field="process_key", process=visit.process_key)
    return found


def _step_view(view: Readiness, key: str) -> StepView | None:
    return next((one for one in view.steps if one.step.key == key), None)


@door.get("/visits/<int:visit_id>/step/<step>", READ)
def step(act: Act, visit_id: int, step: str) -> ResponseReturnValue:
    """Show what a step asks, what is missing, and the form to take it."""
    form = Form.of(StepForm, {"step": step})
    return _step_page(act, visit_id, form, step, {})


def _step_page(act: Act, visit_id: int, form: Form[StepForm], key: str, why: dict[str, str]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    view = _view(act, visit)
    chosen = _step_view(view, key)
    if chosen is None:
        if form.problems:
            flash(_("This step does not lead on from here: the visit stands at “%(stage)s” now.",
                    stage=pick(view.stage.title.model_dump())), "error")
        return act.to("desk.visit", visit_id=visit_id)
    return act.page("process/step.html", form.status, visit=visit, tab="overview", form=form, view=view,
                    chosen=chosen, why=why)


@door.post("/visits/<int:visit_id>/advance", WRITE)
def advance(act: Act, visit_id: int) -> ResponseReturnValue:
    """Take a step; a refusal shows every reason with the place where it is put right."""
    form = Form.posted(StepForm)
    why = {name.removeprefix("why:"): text.strip()[:1000] for name, text in request.form.items()
           if name.startswith("why:")}
    key = str(form.values.get("step", ""))
    if form.data:
        overrides = {name: why.get(name, "") for name in form.data.past}
        with form.guarding(act):
            service.advance_visit(act.session, act.actor, act.now, visit_id, form.data.step, form.data.version,
                                  overrides=overrides, reason=form.data.reason)
            flash(_("Done. The visit has moved on."), "success")
            return act.to("desk.visit", visit_id=visit_id)
    return _step_page(act, visit_id, form, key, why)


@door.get("/visits/<int:visit_id>/dates", WRITE)
def dates(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the dates; with new ones in the address, what would move with them."""
    visit = get_visit(act.session, act.actor, visit_id)
    later = _shifted(visit)
    if later is not None:  # the address then names the days: going back to it once they are set moves nothing again
        return act.to("process.dates", visit_id=visit_id, arrival=later.arrival, departure=later.departure)
    wanted = None
    form = Form.of(DatesForm, {"arrival": visit.arrival, "departure": visit.departure})
    if "arrival" in request.args:
        form = Form.posted(DatesForm, request.args)
        wanted = form.data.dates if form.data else None
    return _dates_page(act, visit, form, wanted)


def _shifted(visit: Visit) -> Dates | None:
    """Read "so many days later" from the address; None for what is no number or leads out of the calendar."""
    shift = request.args.get("shift", "")
    if not visit.arrival or not visit.departure or not SHIFT.fullmatch(shift):
        return None
    try:
        return Dates(visit.arrival + timedelta(days=int(shift)), visit.departure + timedelta(days=int(shift)))
    except OverflowError:
        return None


def _dates_page(act: Act, visit: Visit, form: Form[DatesForm], wanted: Dates | None) -> ResponseReturnValue:
    preview = None
    if wanted is not None and wanted != Dates(visit.arrival, visit.departure):
        try:
            preview = service.preview_change_of_dates(act.session, act.actor, act.now, visit.id, wanted)
        except DomainError as error:
            form.status = error.status
            for problem in error.problems:
                form.add(problem)
    return act.page("process/dates.html", form.status, visit=visit, tab="overview", form=form, preview=preview,
                    first_day=local_date(act.now, our_zone(act.session)))


@door.post("/visits/<int:visit_id>/dates", WRITE)
def change_dates(act: Act, visit_id: int) -> ResponseReturnValue:
    """Move the visit."""
    form = Form.posted(DatesForm)
    if form.data:
        with form.guarding(act):
            service.change_dates(act.session, act.actor, act.now, visit_id, form.data.version, dates=form.data.dates,
                                 reason=form.data.reason)
            flash(_("The dates are changed and the deadlines moved. Visa checklists follow at once; "
                    "people are told by mail."), "success")
            return act.to("desk.visit", visit_id=visit_id)
    return _dates_page(act, get_visit(act.session, act.actor, visit_id), form, None)


def _course_page(act: Act, visit_id: int, action: Action, form: Form[Any]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    return act.page("process/course.html", form.status, visit=visit, tab="overview", form=form, action=action.value,
                    possible=ANSWERS[(Standing(visit.standing), action)] is None)


@door.get("/visits/<int:visit_id>/cancel", WRITE)
def cancel_form(act: Act, visit_id: int) -> ResponseReturnValue:
    """Ask why the visit is cancelled."""
    return _course_page(act, visit_id, Action.CANCEL, Form.of(ReasonForm))


@door.post("/visits/<int:visit_id>/cancel", WRITE)
def cancel(act: Act, visit_id: int) -> ResponseReturnValue:
    """Cancel the visit."""
    form = Form.posted(ReasonForm)
    if form.data:
        with form.guarding(act):
            service.cancel_visit(act.session, act.actor, act.now, visit_id, form.data.version, reason=form.data.reason)
            flash(_("The visit is cancelled. Reminders are withdrawn, and people are told."), "success")
            return act.to("desk.visit", visit_id=visit_id)
    return _course_page(act, visit_id, Action.CANCEL, form)


@door.get("/visits/<int:visit_id>/postpone", WRITE)
def postpone_form(act: Act, visit_id: int) -> ResponseReturnValue:
    """Ask why the visit is put off."""
    return _course_page(act, visit_id, Action.POSTPONE, Form.of(ReasonForm))


@door.post("/visits/<int:visit_id>/postpone", WRITE)
def postpone(act: Act, visit_id: int) -> ResponseReturnValue:
    """Put the visit off."""
    form = Form.posted(ReasonForm)
    if form.data:
        with form.guarding(act):
            service.postpone_visit(act.session, act.actor, act.now, visit_id, form.data.version,
                                   reason=form.data.reason)
            flash(_("The visit is postponed. Its reminders wait, and people are told."), "success")
            return act.to("desk.visit", visit_id=visit_id)
    return _course_page(act, visit_id, Action.POSTPONE, form)


@door.get("/visits/<int:visit_id>/resume", WRITE)
def resume_form(act: Act, visit_id: int) -> ResponseReturnValue:
    """Ask for the new dates of a postponed visit."""
    visit = get_visit(act.session, act.actor, visit_id)
    return _course_page(act, visit_id, Action.RESUME,
                        Form.of(DatesForm, {"arrival": visit.arrival, "departure": visit.departure}))


@door.post("/visits/<int:visit_id>/resume", WRITE)
def resume(act: Act, visit_id: int) -> ResponseReturnValue:
    """Take a postponed visit up again."""
    form = Form.posted(DatesForm)
    if form.data:
        with form.guarding(act):
            given = form.data.dates if form.data.arrival or form.data.departure else None
            service.resume_visit(act.session, act.actor, act.now, visit_id, form.data.version, dates=given,
                                 reason=form.data.reason)
            flash(_("The visit goes on. Its reminders are planned anew, and people are told."), "success")
            return act.to("desk.visit", visit_id=visit_id)
    return _course_page(act, visit_id, Action.RESUME, form)
