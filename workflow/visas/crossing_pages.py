"""What is told of a visit's borders, and as whom a traveller crosses one."""

from flask.typing import ResponseReturnValue

from workflow.visas import crossing, forms, queries, recompute, ways
from workflow.visas.door import WRITE, confirm, door
from workflow.visas.matrix_pages import show_index
from workflow.visits.queries import get_visit
from workflow.web.doors import Act
from workflow.web.forms import Form

BORDERS = "/visits/<int:visit_id>/visas/borders"


@door.post(BORDERS, WRITE, endpoint="tell_border")
def tell_border(act: Act, visit_id: int) -> ResponseReturnValue:
    """Enter a border or change what was told of it; cases open and are reckoned anew."""
    visit = get_visit(act.session, act.actor, visit_id)
    form = Form.posted(forms.CrossingForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            told = crossing.Told(data.country, data.first_day, data.last_day, data.entries, data.transit, data.note)
            crossing.tell_crossing(act.session, act.actor, act.now, visit, told)
            recompute.recompute_visit(act.session, act.actor, act.now, visit)
            confirm("visas.done-border")
            return act.to("visas.index", visit_id=visit.id, fragment="borders")
    return show_index(act, visit, border=form)


@door.post(BORDERS + "/<int:crossing_id>/drop", WRITE, endpoint="drop_border")
def drop_border(act: Act, visit_id: int, crossing_id: int) -> ResponseReturnValue:
    """Take a border back; its cases are withdrawn."""
    visit = get_visit(act.session, act.actor, visit_id)
    row = crossing.find_crossing(act.session, visit, crossing_id)
    form = Form.posted(forms.SeenForm)
    version = form.data.version if form.data else None
    crossing.drop_crossing(act.session, act.actor, act.now, visit, row, version=version)
    recompute.recompute_visit(act.session, act.actor, act.now, visit)
    confirm("visas.done-border-dropped")
    return act.to("visas.index", visit_id=visit.id, fragment="borders")


@door.post("/visits/<int:visit_id>/visas/<int:case_id>/travels-as", WRITE, endpoint="travel_on")
def travel_on(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Say as a citizen of which country, and on which passport, a traveller crosses a border."""
    visit = get_visit(act.session, act.actor, visit_id)
    case = queries.get_case(act.session, act.actor, case_id, visit_id=visit.id)
    form = Form.posted(forms.WayForm)
    citizenship = form.data.citizenship if form.data else ""
    passport_id = form.data.passport_id if form.data else None
    version = form.data.version if form.data else None
    ways.travel_on(act.session, act.actor, act.now, visit, case, citizenship, passport_id, version=version)
    recompute.recompute_visit(act.session, act.actor, act.now, visit)
    confirm("visas.done-answered")
    return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="routes")
