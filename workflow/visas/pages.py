"""The pages of a visit's visas: the matrix, a case with its routes side by side, an item."""

from datetime import date
from typing import Any

from flask import Response, flash
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import Invalid
from workflow.base.events import record
from workflow.base.reasons import Sentence
from workflow.knowledge.countries import country_choices
from workflow.office.queries import our_zone
from workflow.visas import forms, items, opening, queries, recompute, service, showing, steps, words
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import FINISHED, UNCHOSEN, CaseAct, ItemAct
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say

door = Door("visas", __name__)
READ, WRITE = needs(Permission.VISAS_READ), needs(Permission.VISAS_WRITE)
CASE = "/visits/<int:visit_id>/visas/<int:case_id>"
ITEM = CASE + "/items/<int:item_id>"


def _names(act: Act, visit: Visit) -> dict[str, Any]:
    today = local_date(act.now, our_zone(act.session))
    return {"visit": visit, "tab": "visas", "words": words, "showing": showing, "today_here": today,
            "finished": FINISHED, "may_write": act.actor.may(Permission.VISAS_WRITE),
            "may_reveal": act.actor.may(Permission.PEOPLE_REVEAL)}  # fmt: skip


def _case(act: Act, visit_id: int, case_id: int) -> tuple[Visit, VisaCase]:
    visit = get_visit(act.session, act.actor, visit_id)
    return visit, queries.get_case(act.session, act.actor, case_id, visit_id=visit.id)


def _say(code: str, **params: Any) -> None:
    flash(say(Sentence(code, params)), "success")


@door.get("/visits/<int:visit_id>/visas", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show members and the things to be brought, crossed."""
    visit, cases = queries.cases_of_visit(act.session, act.actor, visit_id)
    together = queries.routes_for_all(act.session, visit, cases, act.now)
    unknown = sum("passport_type" in case.questions for case in cases if case.state in UNCHOSEN)
    return act.page("visas/index.html", matrix=queries.matrix(cases), together=together, unknown_passports=unknown,
                    **_names(act, visit))  # fmt: skip


@door.post("/visits/<int:visit_id>/visas/open", WRITE, endpoint="open_cases")
def open_cases(act: Act, visit_id: int) -> ResponseReturnValue:
    """Open cases for members who have none yet."""
    visit = get_visit(act.session, act.actor, visit_id)
    new = opening.open_cases(act.session, act.actor, act.now, visit)
    _say("visas.done-opened", number=len(new))
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/recompute", WRITE, endpoint="reckon")
def reckon(act: Act, visit_id: int) -> ResponseReturnValue:
    """Reckon all cases anew."""
    visit = get_visit(act.session, act.actor, visit_id)
    changed = recompute.recompute_visit(act.session, act.actor, act.now, visit)
    _say("visas.done-recomputed", number=len(changed))
    return act.to("visas.index", visit_id=visit.id)


@door.post("/visits/<int:visit_id>/visas/choose", WRITE, endpoint="choose_for_all")
def choose_for_all(act: Act, visit_id: int) -> ResponseReturnValue:
    """Take one route for every traveller to whom it is open."""
    visit = get_visit(act.session, act.actor, visit_id)
    form = Form.posted(forms.ChooseForm)
    if form.data is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    taken, left = service.choose_for_all(act.session, act.actor, act.now, visit, form.data.rule_id)
    _say("visas.done-chosen-all", number=taken, left=left)
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
    _say("visas.done-answered")
    return act.to("visas.index", visit_id=visit.id)


@door.get(CASE, READ, endpoint="case")
def case_page(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Show a case: its questions, the routes on offer, the checklist of the one taken."""
    visit, case = _case(act, visit_id, case_id)
    return _case_page(act, visit, case)


def _case_page(
    act: Act, visit: Visit, case: VisaCase, *, facts: Form[forms.FactsForm] | None = None,
    step: Form[forms.StepForm] | None = None, new_item: Form[forms.NewItemForm] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    view = queries.view_case(act.session, visit, case, act.now)
    asked = facts or Form.of(forms.FactsForm, _known_facts(case))
    status = max(form.status if form else 200 for form in (facts, step, new_item))
    return act.page(
        "visas/case.html", status, case=case, view=view, facts=asked, step=step, new_item=new_item,
        steps=[one for one in view.acts if one not in (CaseAct.CHOOSE, CaseAct.ENTER_BY_HAND)],
        may_choose=CaseAct.CHOOSE in view.acts, countries=country_choices(language()),
        acts_of_item=queries.acts_of_item, **_names(act, visit),
    )  # fmt: skip


def _known_facts(case: VisaCase) -> dict[str, Any]:
    parent = case.accompanied_by_parent
    return {
        "citizenship": case.citizenship, "passport_type": case.passport_type, "blank_pages": case.blank_pages,
        "accompanied_by_parent": None if parent is None else "yes" if parent else "no",
        "version": case.lock_version,
    }  # fmt: skip


@door.post(CASE + "/facts", WRITE, endpoint="state_facts")
def state_facts(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Answer a case's questions and look the routes up again."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.FactsForm)
    if form.data:
        data = form.data
        values = {
            "citizenship": data.citizenship, "blank_pages": data.blank_pages,
            "passport_type": data.passport_type.value if data.passport_type else None,
            "accompanied_by_parent": None if data.accompanied_by_parent is None
            else data.accompanied_by_parent is forms.YesNo.YES,
        }  # fmt: skip
        with form.guarding(act):
            service.state_facts(act.session, act.actor, act.now, visit, case, values, version=data.version)
            recompute.recompute_visit(act.session, act.actor, act.now, visit)
            _say("visas.done-answered")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id)
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, facts=form)


@door.post(CASE + "/route", WRITE, endpoint="choose")
def choose(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Take one of the routes on offer."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.ChooseForm)
    if form.data is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    service.choose_route(act.session, act.actor, act.now, visit, case, form.data.rule_id, version=form.data.version)
    _say("visas.done-chosen")
    return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")


@door.get(CASE + "/by-hand", WRITE, endpoint="by_hand")
def by_hand(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Ask for a route that somebody told us."""
    visit, case = _case(act, visit_id, case_id)
    names = _names(act, visit)
    form = Form.of(forms.HandForm, {"answered_on": names["today_here"], "version": case.lock_version})
    return act.page("visas/by_hand.html", form=form, case=case, **names)


@door.post(CASE + "/by-hand", WRITE, endpoint="enter_by_hand")
def enter_by_hand(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Enter a route with who answered and when."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.HandForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            told = service.HandRoute(
                title_ru=data.title_ru, title_en=data.title_en, outcome=data.outcome.value, note=data.note,
                answered_by=data.answered_by, answered_on=data.answered_on, items=_listed(data.items),
            )  # fmt: skip
            service.enter_route_by_hand(act.session, act.actor, act.now, visit, case, told, version=data.version)
            _say("visas.done-by-hand")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")
        form.settle_version(case.lock_version)
    return act.page("visas/by_hand.html", form.status, form=form, case=case, **_names(act, visit))


def _listed(text: str) -> tuple[service.HandItem, ...]:
    """Read one thing a line; a day at its end («Фото 2027-04-01») is when it is due."""
    found = []
    for line in (each.strip() for each in text.splitlines()):
        if not line:
            continue
        title, _space, last = line.rpartition(" ")
        try:
            found.append(service.HandItem(title[:300], due_on=date.fromisoformat(last)))
        except ValueError:
            found.append(service.HandItem(line[:300]))
    return tuple(found)


@door.post(CASE + "/step", WRITE, endpoint="record_step")
def record_step(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Record how the case goes on."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.StepForm)
    if form.data:
        data = form.data
        step = steps.Step(data.act, data.reason, data.on, data.visa_number, data.valid_from, data.valid_to)
        with form.guarding(act):
            steps.record_step(act.session, act.actor, act.now, visit, case, step, version=data.version)
            _say("visas.done-step")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id)
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, step=form)


@door.post(CASE + "/items", WRITE, endpoint="add_item")
def add_item(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Add a thing to be brought."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.NewItemForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            told = service.HandItem(data.title_ru, data.title_en, data.kind.value, data.due_on)
            service.add_item(act.session, act.actor, act.now, visit, case, told)
            _say("visas.done-item")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")
    return _case_page(act, visit, case, new_item=form)


def _item(act: Act, visit_id: int, case_id: int, item_id: int) -> tuple[Visit, ChecklistItem]:
    visit, case = _case(act, visit_id, case_id)
    return visit, queries.get_item(act.session, act.actor, item_id, case_id=case.id)


@door.get(ITEM, READ, endpoint="item")
def item_page(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Show an item: how its day was reckoned, its checks, and what may be done."""
    visit, item = _item(act, visit_id, case_id, item_id)
    return _item_page(act, visit, item)


def _item_page(act: Act, visit: Visit, item: ChecklistItem, form: Form[Any] | None = None) -> ResponseReturnValue:
    document = item.document or {}
    shown = Form.of(forms.ReceiveForm, {**document, "version": item.lock_version})
    for name in ("names_all_destinations", "names_escort"):
        if name in document:
            shown.values[name] = "yes" if document[name] else "no"
    if form is not None and form.model is forms.ReceiveForm:
        shown = form
    reason = form if form is not None and form.model is forms.ReasonForm else None
    return act.page(
        "visas/item.html", form.status if form else 200, item=item, case=item.case, form=shown, reason_form=reason,
        acts=queries.acts_of_item(item), asks={one["rule"] for one in item.verdicts}, **_names(act, visit),
    )  # fmt: skip


@door.post(ITEM + "/receive", WRITE, endpoint="receive_item")
def receive_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Note that a thing has come, perhaps verified at once."""
    visit, item = _item(act, visit_id, case_id, item_id)
    form = Form.posted(forms.ReceiveForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            written = forms.document_of(data)
            items.receive_item(act.session, act.actor, act.now, visit, item, upload=uploaded("file"),
                               document=written or None, version=data.version)  # fmt: skip
            if data.verify:
                items.verify_item(act.session, act.actor, act.now, visit, item)
            _say("visas.done-item")
            return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")
        form.settle_version(item.lock_version)
    return _item_page(act, visit, item, form)


@door.post(ITEM + "/verify", WRITE, endpoint="verify_item")
def verify_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Note that a thing was looked at and is right."""
    visit, item = _item(act, visit_id, case_id, item_id)
    items.verify_item(act.session, act.actor, act.now, visit, item, version=_seen())
    _say("visas.done-item")
    return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")


@door.post(ITEM + "/reopen", WRITE, endpoint="reopen_item")
def reopen_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Ask for a thing again."""
    visit, item = _item(act, visit_id, case_id, item_id)
    items.reopen_item(act.session, act.actor, act.now, visit, item, version=_seen())
    _say("visas.done-item")
    return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")


def _seen() -> int | None:
    form = Form.posted(forms.SeenForm)
    return form.data.version if form.data else None


@door.post(ITEM + "/reject", WRITE, endpoint="reject_item")
def reject_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Send a thing back with the reason."""
    return _with_reason(act, visit_id, case_id, item_id, ItemAct.REJECT)


@door.post(ITEM + "/waive", WRITE, endpoint="waive_item")
def waive_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Do without a thing, with the reason."""
    return _with_reason(act, visit_id, case_id, item_id, ItemAct.WAIVE)


def _with_reason(act: Act, visit_id: int, case_id: int, item_id: int, what: ItemAct) -> ResponseReturnValue:
    visit, item = _item(act, visit_id, case_id, item_id)
    form = Form.posted(forms.ReasonForm)
    if form.data:
        do = items.reject_item if what is ItemAct.REJECT else items.waive_item
        with form.guarding(act):
            do(act.session, act.actor, act.now, visit, item, form.data.reason, version=form.data.version)
            _say("visas.done-item")
            return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")
        form.settle_version(item.lock_version)
    return _item_page(act, visit, item, form)


@door.post(ITEM + "/file", needs(Permission.PEOPLE_REVEAL), endpoint="item_file")
def item_file(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Give the scan to somebody who may see personal data; that it was opened is recorded."""
    visit, item = _item(act, visit_id, case_id, item_id)
    row, data = queries.item_file(act.session, act.actor, item.id)
    record(act.session, act.actor, act.now, "visas.file.shown", subject=item, visit_id=visit.id, personal=["file"])
    answer = Response(data, mimetype=row.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=row.name)
    return answer
