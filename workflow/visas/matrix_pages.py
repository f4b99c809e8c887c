"""All travellers of a visit on one page: the matrix, whom it waits for, and what is done for many at once."""

from flask import flash
from flask.typing import ResponseReturnValue

from workflow.base.errors import Invalid
from workflow.knowledge.countries import country_choices
from workflow.office.queries import our_country
from workflow.visas import bulk, crossing, forms, opening, queries, recompute, service
from workflow.visas.door import READ, WRITE, confirm, door, names
from workflow.visas.matrix import matrix_of
from workflow.visas.rules import Entries, Holder, ItemAct
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.web.doors import Act
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say


@door.get("/visits/<int:visit_id>/visas", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show members and the things to be brought, crossed."""
    return _index(act, get_visit(act.session, act.actor, visit_id))


def _index(act: Act, visit: Visit, form: Form[forms.BulkForm] | None = None) -> ResponseReturnValue:
    return show_index(act, visit, bulk_form=form)


def show_index(
    act: Act, visit: Visit, *, bulk_form: Form[forms.BulkForm] | None = None,
    border: Form[forms.CrossingForm] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Show all travellers of a visit, with what was wrong in a form just sent."""
    shown = names(act, visit)
    matrix = matrix_of(act.session, visit.id, shown["today_here"])
    together = queries.routes_for_all(act.session, visit, act.now) if matrix.undecided > 1 else []
    sent = bulk_form or border
    home = our_country(act.session)
    return act.page(
        "visas/index.html", sent.status if sent else 200, matrix=matrix, together=together, bulk=bulk_form,
        unknown_passports=matrix.passports_unknown, holders=list(Holder), item_acts=list(ItemAct),
        told=crossing.crossings_of(act.session, visit.id), lies_outside=crossing.lies_outside, border=border,
        exempt=crossing.without_case(act.session, visit), home=home, countries=country_choices(language()),
        entries=list(Entries), **shown,
    )  # fmt: skip


@door.post("/visits/<int:visit_id>/visas/open", WRITE, endpoint="open_cases")
def open_cases(act: Act, visit_id: int) -> ResponseReturnValue:
    """Open cases for members who have none yet."""
    visit = get_visit(act.session, act.actor, visit_id)
    new = opening.open_cases(act.session, act.actor, act.now, visit)
    confirm("visas.done-opened", number=len(new))
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/recompute", WRITE, endpoint="reckon")
def reckon(act: Act, visit_id: int) -> ResponseReturnValue:
    """Reckon all cases anew."""
    visit = get_visit(act.session, act.actor, visit_id)
    changed = recompute.recompute_visit(act.session, act.actor, act.now, visit)
    confirm("visas.done-recomputed", number=len(changed))
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/choose", WRITE, endpoint="choose_for_all")
def choose_for_all(act: Act, visit_id: int) -> ResponseReturnValue:
    """Take one route for every traveller to whom it is open."""
    visit = get_visit(act.session, act.actor, visit_id)
    form = Form.posted(forms.ChooseForm)
    if form.data is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    taken, left = service.choose_for_all(act.session, act.actor, act.now, visit, form.data.rule_id)
    confirm("visas.done-chosen-all", number=taken, left=left)
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/passports", WRITE, endpoint="passport_for_all")
def passport_for_all(act: Act, visit_id: int) -> ResponseReturnValue:
    """State one kind of passport for every traveller of whom it is not known."""
    visit = get_visit(act.session, act.actor, visit_id)
    form = Form.posted(forms.FactsForm)
    kind = form.data.passport_type if form.data else None
    if kind is None:
        raise Invalid("base.not-a-choice", field="passport_type")
    service.state_passport_for_all(act.session, act.actor, act.now, visit, kind.value)
    recompute.recompute_visit(act.session, act.actor, act.now, visit)
    confirm("visas.done-answered")
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/together", WRITE, endpoint="act_together")
def act_together(act: Act, visit_id: int) -> ResponseReturnValue:
    """Do one thing for every traveller ticked; say of each who was left out why."""
    visit = get_visit(act.session, act.actor, visit_id)
    form = Form.posted(forms.BulkForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            done = _do(act, visit, data)
            confirm("visas.done-together", number=len(done.cases), left=len(done.left))
            for left in done.left:
                name = left.case.member.person.shown_name(act.actor.locale)
                flash(f"{name}: {say(left.error.sentence)}", "warning")
            return act.to("visas.index", visit_id=visit.id)
    return _index(act, visit, form)


def _do(act: Act, visit: Visit, data: forms.BulkForm) -> bulk.Done:
    kind, _, value = data.what.partition(":")
    if kind == "hand" and value in set(Holder):
        return bulk.hand_over(act.session, act.actor, act.now, visit, data.case_ids, Holder(value), note=data.reason)
    if kind in set(ItemAct) and value:
        return bulk.act_on_items(act.session, act.actor, act.now, visit, data.case_ids, value, ItemAct(kind),
                                 reason=data.reason)  # fmt: skip
    raise Invalid("base.not-a-choice", field="what")

