"""A visit's own page, and the form that opens one like it."""

from datetime import date

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.events import Event
from workflow.base.reasons import Sentence
from workflow.desk import queries, rules
from workflow.desk.pages.door import door
from workflow.papers import words as paper_words
from workflow.papers.queries import papers_of
from workflow.partners.queries import partner_names
from workflow.process.opening import copy_last_visit
from workflow.process.readiness import readiness
from workflow.programme.queries import days_off_of
from workflow.reminders.queries import due_things
from workflow.visits.queries import bases, get_visit, history, members, request_of
from workflow.visits.rules import Dates, Standing
from workflow.web.doors import Act, needs
from workflow.web.forms import Form, FormModel
from workflow.web.sentences import SENTENCE_TABLE, say


class CopyForm(FormModel):
    """When the new visit is to be."""

    arrival: date | None = None
    departure: date | None = None


@door.get("/visits/<int:visit_id>", needs(Permission.VISITS_READ))
def visit(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit: where it stands, what comes next and what is missing."""
    found = get_visit(act.session, act.actor, visit_id)
    lately = history(act.session, found.id, limit=8).rows
    shown = [found.responsible_id, found.substitute_id, *(event.account_id for event in lately)]
    people = account_names(act.session, shown, act.actor.locale)
    partner = partner_names(act.session, [found.partner_id]).get(found.partner_id or 0)
    return act.page(
        "desk/visit.html", visit=found, tab="overview", partner=partner, people=people,
        ready=readiness(act.session, [found.id], act.actor, act.now).get(found.id),
        papers=papers_of(act.session, act.actor, found.id), paper_words=paper_words,
        due=due_things(act.session, act.actor, act.now, visit_id=found.id), bases=bases(act.session, found.id),
        asked=request_of(act.session, found.id),
        members=members(act.session, found.id) if act.actor.may(Permission.PEOPLE_READ) else [],
        days_off=days_off_of(act.session, found) if found.standing == Standing.LIVE else [],
        history=[(event, said(event)) for event in lately],
    )


def said(event: Event) -> str:
    """Word an event; one without a sentence is left at its code."""
    if event.kind not in SENTENCE_TABLE:
        return event.kind
    changes = {name: pair[1] for name, pair in event.changes.items() if pair}
    return say(Sentence(event.kind, changes))


@door.get("/visits/<int:visit_id>/copy", needs(Permission.VISITS_WRITE))
def copy_form(act: Act, visit_id: int) -> ResponseReturnValue:
    """Ask when a visit like this one is to be."""
    source = get_visit(act.session, act.actor, visit_id)
    arrival, departure = rules.same_days_next_year(source.arrival, source.departure,
                                                   queries.today_of(act.session, act.now))
    form = Form.of(CopyForm, {"arrival": arrival, "departure": departure})
    return act.page("desk/copy.html", form=form, visit=source)


@door.post("/visits/<int:visit_id>/copy", needs(Permission.VISITS_WRITE))
def copy(act: Act, visit_id: int) -> ResponseReturnValue:
    """Open a visit like this one."""
    form = Form.posted(CopyForm)
    if form.data:
        with form.guarding(act):
            made = copy_last_visit(act.session, act.actor, act.now, visit_id,
                                   Dates(form.data.arrival, form.data.departure))
            flash(gettext("The new visit is opened. Look through it: people and papers are not copied."), "success")
            return act.to("desk.visit", visit_id=made.id)
    return act.page("desk/copy.html", form.status, form=form, visit=get_visit(act.session, act.actor, visit_id))
