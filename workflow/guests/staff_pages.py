"""What staff do about personal pages: issue and revoke links, decide proposals, open scans, write down answers."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import Conflict
from workflow.base.events import record
from workflow.base.files import read_file
from workflow.guests import consents, deciding, links, proposing, tasks, words
from workflow.guests.deciding import ANSWERS, Told
from workflow.guests.entering import country_options
from workflow.guests.forms import ToldForm
from workflow.guests.links import Issued
from workflow.guests.models import GuestProposal
from workflow.guests.rules import AUTONYMS, PERSONAL, REVIEWED
from workflow.visits.lists.pages import blank_file
from workflow.visits.models import Member, Visit
from workflow.visits.queries import get_member, get_visit, members
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer_stored
from workflow.web.forms import Form

door = Door("guest_links", __name__)
READ, WRITE, REVEAL = (
    needs(Permission.PEOPLE_READ), needs(Permission.PEOPLE_WRITE), needs(Permission.PEOPLE_REVEAL)
)  # fmt: skip


def _overview(
    act: Act, visit: Visit, *, issued: Issued | None = None, revealed: GuestProposal | None = None, status: int = 200
) -> ResponseReturnValue:
    newest: dict[int, Any] = {}
    for link in links.links_of(act.session, visit.id):
        newest.setdefault(link.member_id or 0, link)
    waiting = deciding.proposals_of(act.session, visit.id)
    return act.page(
        "guests/staff.html", status, visit=visit, tab="members", people=members(act.session, visit.id), newest=newest,
        uses=links.uses_of(act.session, visit.id), is_live=lambda link: links.is_live(link, act.now), issued=issued,
        ends_at=links.ends_at,
        waiting=[(one, proposing.differences(one)) for one in waiting],
        anothers={one.id for one in waiting if proposing.is_anothers(act.session, one)},
        revealed=revealed.id if revealed else None, personal=PERSONAL,
        decided=deciding.proposals_of(act.session, visit.id, waiting=False, limit=20),
        consents={one.member_id: one for one in consents.consents_of(act.session, visit.id)}, autonyms=AUTONYMS,
        reviewed=REVIEWED, scans=tasks.scan_counts(act.session, visit.id), words=words,
        language_of=lambda member: links.language_for(act.session, visit, member) if member is None else "",
    )  # fmt: skip


@door.get("/visits/<int:visit_id>/links", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the personal links of a visit, their use, and what waits to be checked."""
    return _overview(act, get_visit(act.session, act.actor, visit_id))


def _issue(act: Act, visit: Visit, member: Member | None) -> ResponseReturnValue:
    mail = request.form.get("mail") == "1"
    address = (member.person.email or "") if member else request.form.get("address", "").strip()[:254]
    if mail and ("@" not in address or any(ch.isspace() for ch in address) or not address.isprintable()):
        raise Conflict("guests.no-address")
    issued = links.issue_link(act.session, act.actor, act.now, visit, member, language=request.form.get("language", ""),
                              mail_to=address if mail else "",
                              name=member.person.shown_name("en") if member else "")  # fmt: skip
    if mail:
        flash(_("The link is on its way by e-mail. Links issued before no longer open."))
        return act.to("guest_links.index", visit_id=visit.id)
    return _overview(act, visit, issued=issued)


@door.post("/visits/<int:visit_id>/links/clerk", WRITE)
def issue_clerk(act: Act, visit_id: int) -> ResponseReturnValue:
    """Issue the clerk's link: mailed, or shown once."""
    return _issue(act, get_visit(act.session, act.actor, visit_id), None)


@door.post("/members/<int:member_id>/link", WRITE)
def issue_guest(act: Act, member_id: int) -> ResponseReturnValue:
    """Issue a guest's link: mailed, or shown once."""
    member = get_member(act.session, act.actor, member_id)
    return _issue(act, get_visit(act.session, act.actor, member.visit_id), member)


@door.post("/visits/<int:visit_id>/links/all", WRITE)
def issue_all(act: Act, visit_id: int) -> ResponseReturnValue:
    """Mail a link to every member who has none."""
    visit = get_visit(act.session, act.actor, visit_id)
    sent, without = links.issue_to_all(act.session, act.actor, act.now, visit)
    flash(ngettext("%(num)s link is on its way.", "%(num)s links are on their way.", sent))
    if without:
        flash(_("No e-mail address: %(names)s", names=", ".join(without)), "warning")
    return act.to("guest_links.index", visit_id=visit_id)


@door.post("/guest-links/<int:link_id>/revoke", WRITE)
def revoke(act: Act, link_id: int) -> ResponseReturnValue:
    """End a link."""
    link = deciding.get_link(act.session, act.actor, link_id)
    links.revoke_link(act.session, act.actor, act.now, link)
    flash(_("The link no longer opens."))
    return act.to("guest_links.index", visit_id=link.visit_id)


@door.post("/guest-proposals/<int:proposal_id>/reveal", REVEAL)
def reveal(act: Act, proposal_id: int) -> ResponseReturnValue:
    """Show what a proposal says of birth, contacts or passport; that somebody looked is recorded."""
    proposal, visit = deciding.get_proposal(act.session, act.actor, proposal_id)
    named = sorted({name for name, _old, _new in proposing.differences(proposal) if name in PERSONAL})
    record(act.session, act.actor, act.now, "guests.proposal.revealed", subject=proposal, visit_id=visit.id,
           personal=named)  # fmt: skip
    return _overview(act, visit, revealed=proposal)


@door.post("/guest-proposals/<int:proposal_id>/accept", WRITE)
def accept(act: Act, proposal_id: int) -> ResponseReturnValue:
    """Take a proposal over."""
    proposal, visit = deciding.get_proposal(act.session, act.actor, proposal_id)
    deciding.accept(act.session, act.actor, act.now, proposal, visit)
    flash(_("Taken over."))
    return act.to("guest_links.index", visit_id=visit.id)


@door.post("/guest-proposals/<int:proposal_id>/refuse", WRITE)
def refuse(act: Act, proposal_id: int) -> ResponseReturnValue:
    """Leave things as they are."""
    proposal, visit = deciding.get_proposal(act.session, act.actor, proposal_id)
    deciding.refuse(act.session, act.actor, act.now, proposal)
    flash(_("Left as it is."))
    return act.to("guest_links.index", visit_id=visit.id)


@door.post("/guest-scans/<int:scan_id>/open", REVEAL)
def open_scan(act: Act, scan_id: int) -> ResponseReturnValue:
    """Give a scan; that somebody looked is recorded."""
    scan, member = deciding.get_scan(act.session, act.actor, scan_id)
    row, content = read_file(act.session, scan.file_id)
    record(act.session, act.actor, act.now, "guests.scan.opened", subject=scan, visit_id=member.visit_id,
           personal=("file",))  # fmt: skip
    return offer_stored(row, content)


@door.get("/members/<int:member_id>/told", WRITE)
def told(act: Act, member_id: int) -> ResponseReturnValue:
    """Show the form for an answer that reached us by telephone."""
    member = get_member(act.session, act.actor, member_id)
    return _told(act, member, Form.of(ToldForm, {"told_on": local_date(act.now, act.actor.zone)}))


def _told(act: Act, member: Member, form: Form[ToldForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, member.visit_id)
    return act.page("guests/told.html", form.status, visit=visit, member=member, form=form, tab="members",
                    countries=country_options())  # fmt: skip


@door.post("/members/<int:member_id>/told", WRITE, endpoint="tell")
def tell(act: Act, member_id: int) -> ResponseReturnValue:
    """Write the answer down, with who told it and when, and act on it."""
    form = Form.posted(ToldForm)
    member = get_member(act.session, act.actor, member_id)
    if form.data:
        data = form.data
        with form.guarding(act):
            visit = get_visit(act.session, act.actor, member.visit_id)
            if data.answer not in ANSWERS or data.told_on is None:
                raise Conflict("base.required", field="told_on" if data.answer in ANSWERS else "answer")
            deciding.record_told(act.session, act.actor, act.now, visit, member, Told(
                answer=data.answer, told_by=data.told_by, told_on=data.told_on, reason=data.reason,
                substitute=data.model_dump(exclude={"answer", "told_by", "told_on", "reason"})))  # fmt: skip
            flash(_("The answer is recorded."))
            return act.to("members.index", visit_id=visit.id)
        member = get_member(act.session, act.actor, member_id)
    return _told(act, member, form)


@door.get("/visits/<int:visit_id>/links/blank/<string:blank>", READ)
def blank(act: Act, visit_id: int, blank: str) -> ResponseReturnValue:
    """Give the empty list in a language, as XLSX or DOCX, for a partner who cannot open links."""
    get_visit(act.session, act.actor, visit_id)
    return blank_file(blank)


@door.get("/admin/guest-languages", needs(Permission.OFFICE_EDIT))
def languages(act: Act) -> ResponseReturnValue:
    """Say which languages of guests' pages somebody of ours has read, and which not yet."""
    return act.page("guests/languages.html", autonyms=AUTONYMS, reviewed=REVIEWED, version=consents.VERSION)
