"""The page on which a manager accepts a request and the visit is opened."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.process.door import door
from workflow.process.forms import AcceptForm
from workflow.process.opening import Acceptance, open_visit_for_request
from workflow.process.publishing import latest_definitions
from workflow.visits.choices import request_choices, stand_ins
from workflow.visits.days_off import days_off_asked
from workflow.visits.queries import get_request
from workflow.visits.rules import Dates
from workflow.web.doors import Act, needs
from workflow.web.formats import language
from workflow.web.forms import Form

DECIDE = needs(Permission.REQUESTS_DECIDE)


@door.get("/requests/<int:request_id>/accept", DECIDE)
def accept_form(act: Act, request_id: int) -> ResponseReturnValue:
    """Show what the visit will be opened with."""
    row = get_request(act.session, act.actor, request_id)
    able = stand_ins(act.session)
    lead = row.created_by if row.created_by in able else act.actor.account_id
    form = Form.of(AcceptForm, {
        "responsible_id": lead, "substitute_id": next((one for one in able if one != lead), None),
        "process_key": row.process_key,
        "title_ru": row.title_ru, "title_en": row.title_en, "arrival": row.date_from, "departure": row.date_to,
        "place": row.place,
    })
    return _page(act, request_id, form)


def _page(act: Act, request_id: int, form: Form[AcceptForm]) -> ResponseReturnValue:
    shown = language()
    processes = [(key, definition.title.in_language(shown))
                 for (key, _version), definition in latest_definitions(act.session).items()]
    row = get_request(act.session, act.actor, request_id)
    return act.page("process/accept.html", form.status, row=row, form=form, processes=processes,
                    days_off=days_off_asked(act.session, row), **request_choices(act.session))


@door.post("/requests/<int:request_id>/accept", DECIDE)
def accept(act: Act, request_id: int) -> ResponseReturnValue:
    """Accept a request and open its visit."""
    form = Form.posted(AcceptForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            dates = Dates(data.arrival, data.departure) if data.arrival or data.departure else None
            visit = open_visit_for_request(
                act.session, act.actor, act.now, request_id,
                Acceptance(dates=dates, **data.model_dump(exclude={"arrival", "departure"})),
            )
            flash(_("The request is accepted and the visit is opened."), "success")
            return act.to("desk.visit", visit_id=visit.id)
    return _page(act, request_id, form)
