"""Pages of requests and of a visit's own facts."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.database import read_key
from workflow.base.errors import NotFound
from workflow.base.files import SCANS, StoredFile, keep_file, read_file
from workflow.office.queries import our_country
from workflow.partners.queries import partner_names
from workflow.visits import members_pages, queries, requesting, service
from workflow.visits.choices import process_choices, request_choices
from workflow.visits.days_off import days_off_asked
from workflow.visits.forms import BasisForm, CorrectedBasisForm, RequestForm, TextForm, VisitForm
from workflow.visits.models import VisitRequest
from workflow.visits.rules import RequestSource, RequestState, request_acts
from workflow.visits.scans import read_scan, scans_of_removed_bases, scans_of_request
from workflow.visits.wording import changes_of, note_of
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.downloads import offer_stored
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.uploads import upload_limit

door = Door("visits", __name__)
doors = [door, members_pages.door]

READ_REQUESTS = needs(Permission.REQUESTS_READ)
WRITE_REQUESTS = needs(Permission.REQUESTS_WRITE)
DECIDE = needs(Permission.REQUESTS_DECIDE)
WRITE = needs(Permission.VISITS_WRITE)


@door.get("/requests", READ_REQUESTS)
def requests(act: Act) -> ResponseReturnValue:
    """List requests."""
    chosen = request.args.get("state", "")
    states = [RequestState(chosen)] if chosen in set(RequestState) else (
        [] if chosen == "all" else [RequestState.SUBMITTED, RequestState.MORE_ASKED])
    found = queries.list_requests(act.session, act.actor, states=states, cursor=request.args.get("cursor"))
    names = partner_names(act.session, [row.partner_id for row in found.rows])
    return act.page("visits/requests.html", rows=found.rows, next_cursor=found.next_cursor, chosen=chosen,
                    partners=names)


@door.get("/requests/new", WRITE_REQUESTS)
def new_request(act: Act) -> ResponseReturnValue:
    """Show the form for a request that came by letter, or that we ourselves begin."""
    ours = request.args.get("source") == "ourselves"
    form = Form.of(RequestForm, {"received_on": None, "direction": "outgoing" if ours else "incoming",
                                 "process_key": "outgoing" if ours else "incoming",
                                 "basis_kind": "plan" if ours else "request"})
    return _request_form(act, form, ours=ours)


def _request_form(act: Act, form: Form[RequestForm], *, ours: bool, row: VisitRequest | None = None
                  ) -> ResponseReturnValue:
    named = row.process_key if row else "outgoing" if ours else "incoming"
    return act.page("visits/request_form.html", form.status, form=form, ours=ours, row=row,
                    processes=process_choices(act.session, named), **request_choices(act.session))


@door.post("/requests/new", WRITE_REQUESTS)
def register_request(act: Act) -> ResponseReturnValue:
    """Register a request with its scan."""
    ours = request.form.get("source") == "ourselves"
    form = Form.posted(RequestForm)
    if form.data:
        with form.guarding(act):
            row = requesting.register_request(
                act.session, act.actor, act.now, _values(form.data),
                source=RequestSource.OURSELVES if ours else RequestSource.LETTER, scan=_scan(act))
            flash(_("Request %(reference)s is registered.", reference=row.reference))
            return act.to("visits.request", request_id=row.id)
    _with_the_rest(act, form)
    return _request_form(act, form, ours=ours)


def _with_the_rest(act: Act, form: Form[RequestForm]) -> None:
    """Add what this room finds wrong to what could not be read: else it is told only when the form comes again."""
    if form.rest is None:
        return
    told = {*form.errors, *(["process_key"] if "direction" in form.errors else [])}
    for problem in requesting.problems_with(act.session, _values(form.rest)):
        if problem.field not in told:
            form.add(problem)


def _values(data: RequestForm) -> dict[str, Any]:
    values = data.model_dump(exclude={"version"})
    for name in ("contact_name", "contact_email", "contact_phone"):
        values[name] = values[name] or None
    if values["received_on"] is None:
        del values["received_on"]
    if values["date_to"] is None:
        values["date_to"] = values["date_from"]
    return values


def _scan(act: Act) -> StoredFile | None:
    upload = uploaded("scan")
    if upload is None:
        return None
    return keep_file(act.session, act.actor, act.now, upload, allowed=SCANS, limit=upload_limit(), field="scan")


@door.get("/requests/<int:request_id>", READ_REQUESTS, endpoint="request")
def show_request(act: Act, request_id: int) -> ResponseReturnValue:
    """Show a request and what can be done with it."""
    return _request_page(act, request_id, Form.of(TextForm), "")


def _request_page(act: Act, request_id: int, form: Form[TextForm], open_act: str) -> ResponseReturnValue:
    row = queries.get_request(act.session, act.actor, request_id)
    partners = partner_names(act.session, [row.partner_id])
    scans = scans_of_request(act.session, row)
    acting = [row.decided_by, row.created_by, *(scan.replaced_by for scan in scans)]
    names = account_names(act.session, acting, language())
    choices = request_choices(act.session)
    return act.page("visits/request.html", form.status, row=row, acts=set(request_acts(RequestState(row.state))),
                    partner=partners.get(row.partner_id or 0), names=names, form=form, open_act=open_act,
                    scans=scans, days_off=days_off_asked(act.session, row),
                    twins=queries.same_letter(act.session, act.actor, row), **choices)


@door.get("/requests/<int:request_id>/edit", WRITE_REQUESTS)
def edit_request(act: Act, request_id: int) -> ResponseReturnValue:
    """Show the form for correcting an undecided request."""
    row = queries.get_request(act.session, act.actor, request_id)
    form = Form.of(RequestForm, row)
    form.settle_version(row.lock_version)
    return _request_form(act, form, ours=row.source == RequestSource.OURSELVES, row=row)


@door.post("/requests/<int:request_id>/edit", WRITE_REQUESTS)
def correct_request(act: Act, request_id: int) -> ResponseReturnValue:
    """Correct an undecided request."""
    form = Form.posted(RequestForm)
    if form.data:
        with form.guarding(act):
            row = queries.get_request(act.session, act.actor, request_id)
            requesting.correct_request(act.session, act.actor, act.now, row, _values(form.data),
                                       version=form.data.version, scan=_scan(act))
            flash(_("The request is corrected."))
            return act.to("visits.request", request_id=request_id)
    _with_the_rest(act, form)
    row = queries.get_request(act.session, act.actor, request_id)
    form.settle_version(row.lock_version)
    return _request_form(act, form, ours=row.source == RequestSource.OURSELVES, row=row)


@door.get("/requests/<int:request_id>/scan", READ_REQUESTS)
def request_scan(act: Act, request_id: int) -> ResponseReturnValue:
    """Offer the scan of the letter."""
    row = queries.get_request(act.session, act.actor, request_id)
    if row.scan_file_id is None:
        raise NotFound("file")
    return offer_stored(*read_file(act.session, row.scan_file_id))


@door.get("/requests/<int:request_id>/scans/<int:file_id>", READ_REQUESTS)
def earlier_scan(act: Act, request_id: int, file_id: int) -> ResponseReturnValue:
    """Offer a scan that another one replaced."""
    row = queries.get_request(act.session, act.actor, request_id)
    return offer_stored(*read_scan(act.session, scans_of_request(act.session, row), file_id))


def _act_on_request(act: Act, request_id: int, name: str, done: str) -> ResponseReturnValue:
    form = Form.posted(TextForm)
    if form.data:
        with form.guarding(act):
            deed = {"ask-more": requesting.ask_more, "answer": requesting.answer_more,
                    "decline": requesting.decline_request, "withdraw": requesting.withdraw_request}[name]
            deed(act.session, act.actor, act.now, request_id, form.data.text)
            flash(done)
            return act.to("visits.request", request_id=request_id)
    return _request_page(act, request_id, form, name)


@door.post("/requests/<int:request_id>/ask-more", WRITE_REQUESTS)
def ask_more(act: Act, request_id: int) -> ResponseReturnValue:
    """Ask the asker for more."""
    return _act_on_request(act, request_id, "ask-more", _("The question is noted; enter the answer when it comes."))


@door.post("/requests/<int:request_id>/answer", WRITE_REQUESTS)
def answer_more(act: Act, request_id: int) -> ResponseReturnValue:
    """Enter the asker's answer."""
    return _act_on_request(act, request_id, "answer", _("The answer is noted; the request waits for a decision."))


@door.post("/requests/<int:request_id>/decline", DECIDE)
def decline(act: Act, request_id: int) -> ResponseReturnValue:
    """Decline with a reason."""
    return _act_on_request(act, request_id, "decline", _("The request is declined."))


@door.post("/requests/<int:request_id>/withdraw", WRITE_REQUESTS)
def withdraw(act: Act, request_id: int) -> ResponseReturnValue:
    """Withdraw a request that is no longer wanted."""
    return _act_on_request(act, request_id, "withdraw", _("The request is withdrawn."))


@door.get("/visits/<int:visit_id>/edit", WRITE)
def edit(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit's own facts for correcting, and what it rests on."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    form = Form.of(VisitForm, visit)
    form.settle_version(visit.lock_version)
    return _edit_page(act, visit_id, form, Form.of(BasisForm))


def _edit_page(act: Act, visit_id: int, form: Form[VisitForm], basis_form: Form[BasisForm]) -> ResponseReturnValue:
    visit = queries.get_visit(act.session, act.actor, visit_id)
    left = scans_of_removed_bases(act.session, visit.id)
    return act.page("visits/edit.html", max(form.status, basis_form.status), visit=visit, form=form,
                    basis_form=basis_form, bases=queries.bases(act.session, visit_id), tab="overview", left=left,
                    names=account_names(act.session, [scan.replaced_by for scan in left], language()),
                    **request_choices(act.session, visit.zone))


@door.post("/visits/<int:visit_id>/edit", WRITE)
def correct(act: Act, visit_id: int) -> ResponseReturnValue:
    """Correct a visit's own facts."""
    form = Form.posted(VisitForm)
    if form.data:
        with form.guarding(act):
            visit = queries.get_visit(act.session, act.actor, visit_id)
            service.correct_visit(act.session, act.actor, act.now, visit, form.data.model_dump(exclude={"version"}),
                                  version=form.data.version, our_country=our_country(act.session))
            flash(_("Saved."))
            return act.to("desk.visit", visit_id=visit_id)
    visit = queries.get_visit(act.session, act.actor, visit_id)
    form.settle_version(visit.lock_version)
    return _edit_page(act, visit_id, form, Form.of(BasisForm))


@door.post("/visits/<int:visit_id>/basis", WRITE)
def add_basis(act: Act, visit_id: int) -> ResponseReturnValue:
    """Add what a visit rests on, perhaps with its scan."""
    basis_form = Form.posted(BasisForm)
    if basis_form.data:
        with basis_form.guarding(act):
            visit = queries.get_visit(act.session, act.actor, visit_id)
            scan = _scan(act)
            service.add_basis(act.session, act.actor, act.now, visit, file_id=scan.id if scan else None,
                              **basis_form.data.model_dump())
            flash(_("The basis is entered."))
            return act.to("visits.edit", visit_id=visit_id, fragment="basis")
    visit = queries.get_visit(act.session, act.actor, visit_id)
    form = Form.of(VisitForm, visit)
    form.settle_version(visit.lock_version)
    return _edit_page(act, visit_id, form, basis_form)


@door.get("/visits/<int:visit_id>/basis/<int:basis_id>", WRITE)
def edit_basis(act: Act, visit_id: int, basis_id: int) -> ResponseReturnValue:
    """Show one thing that a visit rests on for correcting."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    form = Form.of(CorrectedBasisForm, queries.get_basis(act.session, visit, basis_id))
    return _basis_page(act, visit_id, basis_id, form)


def _basis_page(
    act: Act, visit_id: int, basis_id: int, form: Form[CorrectedBasisForm]
) -> ResponseReturnValue:
    visit = queries.get_visit(act.session, act.actor, visit_id)
    form.settle_version(visit.lock_version)
    return act.page("visits/basis.html", form.status, visit=visit, form=form, tab="overview",
                    basis=queries.get_basis(act.session, visit, basis_id), **request_choices(act.session, visit.zone))


@door.post("/visits/<int:visit_id>/basis/<int:basis_id>", WRITE)
def correct_basis(act: Act, visit_id: int, basis_id: int) -> ResponseReturnValue:
    """Correct what a visit rests on, perhaps with a better scan."""
    form = Form.posted(CorrectedBasisForm)
    if form.data:
        with form.guarding(act):
            visit = queries.get_visit(act.session, act.actor, visit_id)
            service.correct_basis(act.session, act.actor, act.now, visit, basis_id,
                                  form.data.model_dump(exclude={"version"}), version=form.data.version,
                                  scan=_scan(act))
            flash(_("Saved."))
            return act.to("visits.edit", visit_id=visit_id, fragment="basis")
    return _basis_page(act, visit_id, basis_id, form)


@door.post("/visits/<int:visit_id>/basis/<int:basis_id>/remove", WRITE)
def remove_basis(act: Act, visit_id: int, basis_id: int) -> ResponseReturnValue:
    """Take away a basis entered by mistake."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    service.remove_basis(act.session, act.actor, act.now, visit, basis_id)
    flash(_("The basis is removed."))
    return act.to("visits.edit", visit_id=visit_id, fragment="basis")


@door.get("/visits/<int:visit_id>/basis/<int:basis_id>/scan", needs(Permission.VISITS_READ))
def basis_scan(act: Act, visit_id: int, basis_id: int) -> ResponseReturnValue:
    """Offer the scan of what a visit rests on."""
    queries.get_visit(act.session, act.actor, visit_id)
    found = next((row for row in queries.bases(act.session, visit_id) if row.id == basis_id and row.file_id), None)
    if found is None or found.file_id is None:
        raise NotFound("file")
    return offer_stored(*read_file(act.session, found.file_id))


@door.get("/visits/<int:visit_id>/scans/<int:file_id>", WRITE)
def scan_of_removed_basis(act: Act, visit_id: int, file_id: int) -> ResponseReturnValue:
    """Offer the scan that came with a basis which was removed."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    return offer_stored(*read_scan(act.session, scans_of_removed_bases(act.session, visit.id), file_id))


@door.get("/visits/<int:visit_id>/history", needs(Permission.VISITS_READ))
def history(act: Act, visit_id: int) -> ResponseReturnValue:
    """List what was done with a visit, the newest first."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    before = request.args.get("before", "")
    found = queries.history(act.session, visit_id, before=read_key(before))
    names = account_names(act.session, [row.account_id for row in found.rows], language())
    return act.page("visits/history.html", visit=visit, rows=found.rows, next_cursor=found.next_cursor, tab="history",
                    names=names, changes=changes_of(act.session, visit, found.rows), note_of=note_of)
