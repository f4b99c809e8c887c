"""The page of a partner's clerk: the whole list, what is missing, proposals, and the same form as a file.

Never a birth date, a passport or a contact of anybody. What a clerk sends waits for our coordinator.
"""


from flask import flash
from flask.typing import ResponseReturnValue

from workflow.base.clock import local_date
from workflow.base.database import read_key
from workflow.base.errors import Conflict, DomainError, NotFound, TooMany
from workflow.guests import entering, proposing, tasks
from workflow.guests.entering import by_link, country_options, frame, guarding, translated
from workflow.guests.forms import AddForm, FileForm, NameForm
from workflow.guests.models import GuestSession
from workflow.guests.rules import LinkKind, ProposalKind
from workflow.visits.lists.pages import blank_file
from workflow.visits.lists.service import receive_list
from workflow.visits.models import Member
from workflow.visits.queries import members
from workflow.web.doors import BY_LINK, Act, Door, uploaded
from workflow.web.forms import Form

door = Door("clerk", __name__)


@door.get("/clerk", BY_LINK)
@by_link(LinkKind.CLERK)
def home(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the delegation and what each member still lacks."""
    return _home(act, seat, Form.of(FileForm))


def _home(act: Act, seat: GuestSession, form: Form[FileForm]) -> ResponseReturnValue:
    visit = seat.link.visit
    return act.page("guests/clerk.html", form.status, **frame(act, seat), form=form,
                    people=tasks.standings(act.session, visit, local_date(act.now, visit.zone)))  # fmt: skip


def _member(act: Act, seat: GuestSession, member_id: int) -> Member:
    for member in members(act.session, seat.link.visit_id):
        if member.id == member_id:
            return member
    raise NotFound("member")


@door.get("/clerk/members/<int:member_id>", BY_LINK)
@by_link(LinkKind.CLERK)
def member(act: Act, seat: GuestSession, member_id: int) -> ResponseReturnValue:
    """Show a member's name and post for correcting."""
    found = _member(act, seat, member_id)
    known = {name: getattr(found.person, name) for name in ("latin_family", "latin_given", "native_family",
                                                            "native_given")}  # fmt: skip
    known |= {name: getattr(found, name) for name in proposing.MEMBER_FIELDS}
    return _correct(act, seat, found, Form.of(NameForm, known))


def _correct(act: Act, seat: GuestSession, found: Member, form: Form[NameForm]) -> ResponseReturnValue:
    return act.page("guests/clerk_member.html", form.status, **frame(act, seat), form=form, member=found)


@door.post("/clerk/members/<int:member_id>", BY_LINK, endpoint="correct")
@by_link(LinkKind.CLERK, acts=True)
def correct(act: Act, seat: GuestSession, member_id: int) -> ResponseReturnValue:
    """Put a correction before the coordinator."""
    form = Form.posted(NameForm)
    found = _member(act, seat, member_id)
    if form.data:
        with guarding(form, act):
            new = proposing.propose_correction(act.session, act.actor, act.now, seat.link.visit, found,
                                               form.data.model_dump(), link_id=seat.link_id)  # fmt: skip
            flash(translated(entering.SENT if new else entering.NOTHING_NEW), "success")
            return act.to("clerk.home")
    return _correct(act, seat, found, form)


@door.get("/clerk/new", BY_LINK)
@by_link(LinkKind.CLERK)
def new(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Show the form for one more person, or for one who comes instead of another."""
    return _add(act, seat, Form.of(AddForm))


def _add(act: Act, seat: GuestSession, form: Form[AddForm]) -> ResponseReturnValue:
    people = [(one.id, one.person.shown_name(seat.language)) for one in members(act.session, seat.link.visit_id)]
    return act.page("guests/clerk_new.html", form.status, **frame(act, seat), form=form, people=people,
                    countries=country_options())  # fmt: skip


@door.post("/clerk/new", BY_LINK, endpoint="add")
@by_link(LinkKind.CLERK, acts=True)
def add(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Put a new person before the coordinator, alone or in another's place."""
    form = Form.posted(AddForm)
    if form.data:
        told = form.data
        values = {name: str(value or "") for name, value in told.model_dump(exclude={"member"}).items()}
        with guarding(form, act):
            if told.member:
                proposing.take_answer(act.session, act.actor, act.now, seat.link.visit,
                                      _member(act, seat, read_key(told.member) or 0), ProposalKind.SUBSTITUTE,
                                      substitute=values, link_id=seat.link_id)  # fmt: skip
            else:
                proposing.propose_person(act.session, act.actor, act.now, seat.link.visit, values,
                                         link_id=seat.link_id)  # fmt: skip
            flash(translated(entering.SENT), "success")
            return act.to("clerk.home")
    return _add(act, seat, form)


@door.post("/clerk/list", BY_LINK, endpoint="send_list")
@by_link(LinkKind.CLERK, acts=True)
def send_list(act: Act, seat: GuestSession) -> ResponseReturnValue:
    """Take a filled-in list: it goes to the coordinator as a list on its way in."""
    form = Form.of(FileForm)
    sent = uploaded("file")
    with guarding(form, act):
        if sent is None:
            raise Conflict("base.file-empty", field="file")
        try:
            receive_list(act.session, act.actor, act.now, seat.link.visit, sent)
        except TooMany:
            raise
        except DomainError as wrong:
            if wrong.code in entering.WORDED:
                raise
            raise Conflict("guests.list-unreadable", field="file") from wrong
        flash(translated(entering.SENT), "success")
        return act.to("clerk.home")
    return _home(act, seat, form)


@door.get("/clerk/blank/<string:blank>", BY_LINK)
@by_link(LinkKind.CLERK)
def blank(_act: Act, _seat: GuestSession, blank: str) -> ResponseReturnValue:
    """Give the empty list in the clerk's language, as XLSX or DOCX."""
    return blank_file(blank)
