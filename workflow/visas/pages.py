"""The pages of one traveller: a case with its routes side by side, who has it in hand, an item."""

import re
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.errors import Invalid
from workflow.base.events import record
from workflow.knowledge.countries import country_choices
from workflow.visas import (
    crossing_pages,
    forms,
    holding,
    items,
    lists_pages,
    matrix_pages,
    queries,
    recompute,
    rules_pages,
    service,
    stays,
    steps,
)
from workflow.visas.claims import claims_now
from workflow.visas.door import READ, WRITE, confirm, door, names
from workflow.visas.keeping import our_rules
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import CaseAct, Holder, ItemAct, slack_days
from workflow.visas.sharing import also_for
from workflow.visits.lists.values import read_date
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, needs, uploaded
from workflow.web.formats import language
from workflow.web.forms import Form

__all__ = ["crossing_pages", "door", "lists_pages", "matrix_pages", "rules_pages"]

_DAY_AT_END = re.compile(
    r"(?P<title>.+?)[\s,:–—]+(?:(?:до|к|by|until)\s)?(?P<day>\d+[-./]\d+[-./]\d+|\d{1,2} [^\W\d_]+ \d{4})(?:\s?г\.?)?"
)
CASE = "/visits/<int:visit_id>/visas/<int:case_id>"
ITEM = CASE + "/items/<int:item_id>"


def _case(act: Act, visit_id: int, case_id: int) -> tuple[Visit, VisaCase]:
    visit = get_visit(act.session, act.actor, visit_id)
    return visit, queries.get_case(act.session, act.actor, case_id, visit_id=visit.id)


@door.get(CASE, READ, endpoint="case")
def case_page(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Show a case: its questions, the routes on offer, the checklist of the one taken."""
    visit, case = _case(act, visit_id, case_id)
    return _case_page(act, visit, case)


def _case_page(
    act: Act, visit: Visit, case: VisaCase, *, facts: Form[forms.FactsForm] | None = None,
    step: Form[forms.StepForm] | None = None, new_item: Form[forms.NewItemForm] | None = None,
    held: Form[forms.HolderForm] | None = None, appointment: Form[forms.AppointmentForm] | None = None,
    earlier: Form[forms.StaysForm] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    view = queries.view_case(act.session, visit, case, act.now)
    asked = facts or Form.of(forms.FactsForm, _known_facts(case))
    status = max(form.status if form else 200 for form in (facts, step, new_item, held, appointment, earlier))
    return act.page(
        "visas/case.html", status, case=case, view=view, facts=asked, step=step, new_item=new_item,
        held=held or Form.of(forms.HolderForm, _known_holder(case)),
        appointment=appointment or Form.of(forms.AppointmentForm, _known_appointment(case)), holders=list(Holder),
        slack_days=slack_days, stays_told=stays.told_spans, told_earlier=earlier is not None,
        earlier=earlier or Form.of(forms.StaysForm, {**forms.StaysForm.known(case.earlier_stays),
                                                     "version": case.lock_version}),
        steps=[one for one in view.acts if one not in (CaseAct.CHOOSE, CaseAct.ENTER_BY_HAND)],
        may_choose=CaseAct.CHOOSE in view.acts, countries=country_choices(language()),
        acts_of_item=queries.acts_of_item, stay=case.stay(visit),
        people=account_names(act.session, [item.acted_by for item in case.items], act.actor.locale),
        **names(act, visit),
    )  # fmt: skip


def _known_facts(case: VisaCase) -> dict[str, Any]:
    parent = case.accompanied_by_parent
    return {
        "citizenship": case.citizenship, "passport_type": case.passport_type, "blank_pages": case.blank_pages,
        "accompanied_by_parent": None if parent is None else "yes" if parent else "no",
        "version": case.lock_version,
    }  # fmt: skip


def _known_holder(case: VisaCase) -> dict[str, Any]:
    return {"held_by": case.held_by, "note": case.held_note, "version": case.lock_version}


def _known_appointment(case: VisaCase) -> dict[str, Any]:
    return {"appointment_on": case.appointment_on, "appointment_at": case.appointment_at,
            "appointment_place": case.appointment_place, "version": case.lock_version}  # fmt: skip


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
            confirm("visas.done-answered")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id)
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, facts=form)


@door.post(CASE + "/stays", WRITE, endpoint="tell_stays")
def tell_stays(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Write down the traveller's earlier stays there and count anew."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.StaysForm)
    if form.data:
        with form.guarding(act):
            stays.tell_stays(act.session, act.actor, act.now, visit, case, form.data.told, form.data.days,
                             version=form.data.version)  # fmt: skip
            recompute.recompute_visit(act.session, act.actor, act.now, visit)
            confirm("visas.done-stays")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="stays")
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, earlier=form)


@door.post(CASE + "/route", WRITE, endpoint="choose")
def choose(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Take one of the routes on offer."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.ChooseForm)
    if form.data is None:
        raise Invalid("visas.route-not-offered", field="rule_id")
    service.choose_route(act.session, act.actor, act.now, visit, case, form.data.rule_id, version=form.data.version)
    confirm("visas.done-chosen")
    return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")


@door.get(CASE + "/by-hand", WRITE, endpoint="by_hand")
def by_hand(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Ask for a route that somebody told us."""
    visit, case = _case(act, visit_id, case_id)
    shown = names(act, visit)
    form = Form.of(forms.HandForm, {"answered_on": shown["today_here"], "version": case.lock_version})
    return act.page("visas/by_hand.html", form=form, case=case, **shown)


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
            confirm("visas.done-by-hand")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")
        form.settle_version(case.lock_version)
    return act.page("visas/by_hand.html", form.status, form=form, case=case, **names(act, visit))


def _listed(text: str) -> tuple[service.HandItem, ...]:
    """Read one thing a line; a day at its end («Фото 2027-04-01», «Фото до 1 апреля 2027») is when it is due.

    Raises:
        Invalid: a day that may be another one, or none.
    """
    found = []
    for line in filter(None, (" ".join(each.split()) for each in text.splitlines())):
        dated = _DAY_AT_END.fullmatch(line)
        read = read_date(dated["day"]) if dated else None
        if dated and read and read.value:
            found.append(service.HandItem(dated["title"][:300], due_on=read.value))
        elif dated and dated["day"].isascii():
            raise Invalid("visas.paper-day", field="items", line=line[:100])
        else:
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
            confirm("visas.done-step")
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
            confirm("visas.done-item")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id, fragment="checklist")
    return _case_page(act, visit, case, new_item=form)


@door.post(CASE + "/holder", WRITE, endpoint="pass_on")
def pass_on(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Record who has the case in hand."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.HolderForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            holding.pass_on(act.session, act.actor, act.now, visit, case, data.held_by, since=data.since,
                            note=data.note, version=data.version)  # fmt: skip
            confirm("visas.done-handed")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id)
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, held=form)


@door.post(CASE + "/appointment", WRITE, endpoint="set_appointment")
def set_appointment(act: Act, visit_id: int, case_id: int) -> ResponseReturnValue:
    """Note, move or drop the appointment at the consulate."""
    visit, case = _case(act, visit_id, case_id)
    form = Form.posted(forms.AppointmentForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            told = holding.Appointment(data.appointment_on, data.appointment_at, data.appointment_place)
            holding.set_appointment(act.session, act.actor, act.now, visit, case, told, version=data.version)
            confirm("visas.done-appointed")
            return act.to("visas.case", visit_id=visit.id, case_id=case.id)
        form.settle_version(case.lock_version)
    return _case_page(act, visit, case, appointment=form)


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
        people=account_names(act.session, [item.acted_by], act.actor.locale),
        acts=queries.acts_of_item(item), asks={one["rule"] for one in item.verdicts},
        also_for=also_for(act.session, item.case, our_rules(act.session), claims_now(act.session))[item.id],
        **names(act, visit),
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
            confirm("visas.done-item")
            return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")
        form.settle_version(item.lock_version)
    return _item_page(act, visit, item, form)


@door.post(ITEM + "/verify", WRITE, endpoint="verify_item")
def verify_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Note that a thing was looked at and is right."""
    visit, item = _item(act, visit_id, case_id, item_id)
    items.verify_item(act.session, act.actor, act.now, visit, item, version=_seen())
    confirm("visas.done-item")
    return act.to("visas.case", visit_id=visit.id, case_id=case_id, fragment="checklist")


@door.post(ITEM + "/reopen", WRITE, endpoint="reopen_item")
def reopen_item(act: Act, visit_id: int, case_id: int, item_id: int) -> ResponseReturnValue:
    """Ask for a thing again."""
    visit, item = _item(act, visit_id, case_id, item_id)
    items.reopen_item(act.session, act.actor, act.now, visit, item, version=_seen())
    confirm("visas.done-item")
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
            confirm("visas.done-item")
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
