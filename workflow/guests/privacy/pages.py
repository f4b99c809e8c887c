"""Pages of the administrator who watches over personal data, and of those who answer a person's request."""

from datetime import date
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.accounts.queries import account_names, people_to_choose
from workflow.base.actor import Permission, Role
from workflow.base.clock import local_date
from workflow.base.errors import Invalid, NotFound
from workflow.base.files import XLSX, ZIP
from workflow.guests.privacy import copy_page, erasing, retention, watching, words
from workflow.guests.privacy.everything import archive
from workflow.guests.privacy.models import ErasureAct
from workflow.guests.privacy.rules import LONGEST, Ground, Kind
from workflow.guests.privacy.watching import Asked, Look
from workflow.people.models import Person
from workflow.people.queries import get_person
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import language, moment
from workflow.web.forms import Form, FormModel
from workflow.web.sentences import event_words
from workflow.web.workbooks import Sheet, workbook

door = Door("privacy", __name__)
KEEP = needs(Permission.PRIVACY_KEEP)
REVEAL = needs(Permission.PEOPLE_REVEAL)
ERASE = needs(Permission.PEOPLE_ERASE)


class LogForm(FormModel):
    """What the log is narrowed to."""

    account: int | None = Field(None, ge=1, le=2**62)
    first: date | None = None
    last: date | None = None
    before: int | None = Field(None, ge=1, le=2**62)


class TermsForm(FormModel):
    """How many days each kind is kept, and which of them are confirmed."""

    scans: int = Field(ge=1, le=LONGEST)
    passports: int = Field(ge=1, le=LONGEST)
    guests: int = Field(ge=1, le=LONGEST)
    lists: int = Field(ge=1, le=LONGEST)
    previews: int = Field(ge=1, le=LONGEST)
    mails: int = Field(ge=1, le=LONGEST)
    papers: int = Field(ge=1, le=LONGEST)
    addressees: int = Field(ge=1, le=LONGEST)
    confirmed: list[Kind] = Field(default_factory=list)
    version: int | None = None


class ErasureForm(FormModel):
    """Why a person's data are destroyed."""

    ground: Ground
    reason: str = Field(max_length=500)
    asked_on: date | None = None
    understood: bool = False
    version: int | None = None


def _asked(form: Form[LogForm]) -> Asked:
    data = form.data
    return Asked(data.account, data.first, data.last, data.before) if data else Asked()


def _who(act: Act, found: list[Look]) -> dict[int, str]:
    return account_names(act.session, [look.event.account_id for look in found], language())


@door.get("/admin/personal-data", KEEP)
def log(act: Act) -> ResponseReturnValue:
    """Show who looked at whose personal data, the last first."""
    form = Form.posted(LogForm, request.args)
    found = list(watching.looks(act.session, act.actor, _asked(form)))
    more = found[-1].event.id if len(found) == watching.PAGE else None
    given = {name: value for name, value in form.values.items() if value and name != "before"} if form.data else {}
    return act.page("privacy/log.html", form.status, form=form, looks=found, who=_who(act, found), more=more,
                    given=given, staff=people_to_choose(act.session, language(), *Role), tab="log")  # fmt: skip


@door.post("/admin/personal-data/log", KEEP)
def log_file(act: Act) -> ResponseReturnValue:
    """Give the log as a workbook; that it left the house is recorded."""
    form = Form.posted(LogForm)
    asked = _asked(form)
    asked = Asked(asked.account_id, asked.first, asked.last)
    found = list(watching.looks(act.session, act.actor, asked, limit=watching.MOST))
    who = _who(act, found)
    rows = [(str(moment(look.event.at)), who.get(look.event.account_id or 0, look.event.actor_name),
             str(event_words(look.event.kind)), ", ".join(sorted(look.event.changes or {})), str(look.person_id or ""),
             str(look.event.visit_id or "")) for look in found]  # fmt: skip
    headings = [(_("When"), 20), (_("Who"), 28), (_("What was done"), 34), (_("Fields"), 34),
                (_("Person's number"), 14), (_("Visit's number"), 14)]  # fmt: skip
    watching.record_export(act.session, act.actor, act.now, asked)
    title = _("Who saw what")
    name = f"looks-{local_date(act.now, act.actor.zone)}.xlsx"
    return offer(workbook(title, [Sheet(title, headings, rows)]), name=name, media_type=XLSX)


@door.get("/admin/personal-data/terms", KEEP)
def terms(act: Act) -> ResponseReturnValue:
    """Show how long what is kept."""
    kept = retention.terms(act.session)
    values: dict[str, Any] = {kind.value: term.days for kind, term in kept.items()}
    values |= {"confirmed": [kind for kind, term in kept.items() if term.confirmed],
               "version": retention.version(act.session)}  # fmt: skip
    return _terms(act, Form.of(TermsForm, values))


def _terms(act: Act, form: Form[TermsForm]) -> ResponseReturnValue:
    return act.page("privacy/terms.html", form.status, form=form, terms=retention.terms(act.session), kinds=words.KINDS,
                    tab="terms")  # fmt: skip


@door.post("/admin/personal-data/terms", KEEP)
def set_terms(act: Act) -> ResponseReturnValue:
    """Keep the terms; the next night works by them."""
    form = Form.posted(TermsForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            retention.set_terms(act.session, act.actor, act.now, {kind: getattr(data, kind.value) for kind in Kind},
                                set(data.confirmed), seen=data.version)  # fmt: skip
            flash(_("The terms are kept. The next night works by them."))
            return act.to("privacy.terms")
        form.settle_version(retention.version(act.session))
    return _terms(act, form)


@door.get("/admin/personal-data/acts", KEEP)
def acts(act: Act) -> ResponseReturnValue:
    """List the acts of destroyed personal data."""
    found = erasing.acts(act.session)
    return act.page("privacy/acts.html", acts=found, who=account_names(act.session, [one.done_by for one in found],
                                                                       language()),
                    grounds=words.GROUNDS, tab="acts")  # fmt: skip


@door.get("/admin/personal-data/acts/<int:act_id>", KEEP)
def act_page(act: Act, act_id: int) -> ResponseReturnValue:
    """Show an act for printing."""
    found = act.session.get(ErasureAct, act_id)
    if found is None:
        raise NotFound("act")
    return _act_page(act, found)


@door.get("/people/erasures/<int:act_id>", ERASE)
def own_act(act: Act, act_id: int) -> ResponseReturnValue:
    """Show the act of a person whom the reader may see."""
    found = act.session.get(ErasureAct, act_id)
    if found is None:
        raise NotFound("act")
    get_person(act.session, act.actor, found.person_id)
    return _act_page(act, found)


def _act_page(act: Act, found: ErasureAct) -> ResponseReturnValue:
    who = account_names(act.session, [found.done_by], language()).get(found.done_by or 0, "")
    return act.page("privacy/act.html", one=found, grounds=words.GROUNDS, parts_named=words.PARTS, who=who)


@door.get("/people/<int:person_id>/data", REVEAL)
def data(act: Act, person_id: int) -> ResponseReturnValue:
    """Say what the copy for a person holds."""
    person = get_person(act.session, act.actor, person_id)
    return act.page("privacy/data.html", person=person, erased=erasing.is_erased(act.session, person.id))


@door.post("/people/<int:person_id>/data", REVEAL)
def give_out(act: Act, person_id: int) -> ResponseReturnValue:
    """Give everything held of one person as a ZIP; recorded."""
    person = get_person(act.session, act.actor, person_id)
    heading = _("Everything held of %(name)s", name=person.shown_name(language()))
    packed = archive(act.session, act.actor, act.now, person,
                     page=lambda found, files: copy_page.write(found, files, heading))  # fmt: skip
    return offer(packed, name=f"person-{person.id}.zip", media_type=ZIP)


@door.get("/people/<int:person_id>/erasure", ERASE)
def erasure(act: Act, person_id: int) -> ResponseReturnValue:
    """Say what will go, what stays and what stands in the way."""
    person = get_person(act.session, act.actor, person_id)
    form = Form.of(ErasureForm, {"version": person.lock_version, "ground": ""})
    return _erasure(act, person, form)


def _erasure(act: Act, person: Person, form: Form[ErasureForm]) -> ResponseReturnValue:
    subject = erasing.gather(act.session, person)
    return act.page(
        "privacy/erasure.html", form.status, person=person, form=form, counts=erasing.counts(act.session, subject),
        hindrances=erasing.hindrances(act.session, subject), erased=erasing.is_erased(act.session, person.id),
        parts_named=words.PARTS, grounds=[(key, _(text)) for key, text in words.GROUNDS.items()],
    )  # fmt: skip


@door.post("/people/<int:person_id>/erasure", ERASE)
def erase(act: Act, person_id: int) -> ResponseReturnValue:
    """Destroy a person's data and show the act."""
    person = get_person(act.session, act.actor, person_id)
    form = Form.posted(ErasureForm)
    if form.data:
        given = form.data
        with form.guarding(act):
            if not given.understood:
                raise Invalid("privacy.not-understood", field="understood")
            made = erasing.erase(act.session, act.actor, act.now, person, given.ground, given.reason,
                                 asked_on=given.asked_on, version=given.version)  # fmt: skip
            flash(_("The data are destroyed. Print the act and have it signed."))
            return act.to("privacy.own_act", act_id=made.id)
        person = get_person(act.session, act.actor, person_id)
        form.settle_version(person.lock_version)
    return _erasure(act, person, form)
