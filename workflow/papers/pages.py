"""Pages of papers: a visit's list, one paper with its texts and acts, downloads."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.base.actor import Permission
from workflow.base.errors import DomainError, Invalid, NotFound
from workflow.office.bodies_pages import body_name
from workflow.office.queries import issuing_bodies, our_country
from workflow.papers import (
    checks_pages,
    editions,
    files_pages,
    issuing,
    queries,
    register_pages,
    service,
    verify_pages,
    word_pages,
)
from workflow.papers.authoring.queries import kinds_now
from workflow.papers.changes import outdated
from workflow.papers.editions import Kind
from workflow.papers.forms import (
    DraftForm,
    LanguageForm,
    MailForm,
    NumberForm,
    RevokeForm,
    SendForm,
    SignForm,
    SubjectForm,
    TextForm,
    VersionForm,
)
from workflow.papers.numbering import Numbering
from workflow.papers.paper_page import do, names, show
from workflow.papers.rules import How, NumberSource
from workflow.papers.words import LANGUAGES, kind_name, kinds_by_name, language_name
from workflow.visits.models import Member, Visit
from workflow.visits.queries import get_visit, members
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import language
from workflow.web.forms import Form

door = Door("papers", __name__)
doors = [door, checks_pages.door, files_pages.door, register_pages.door, verify_pages.door, word_pages.door]

door.blueprint.add_app_template_global(kind_name, "paper_kind_name")
door.blueprint.add_app_template_global(kinds_by_name, "paper_kinds_by_name")
door.blueprint.add_app_template_global(language_name, "paper_language_name")
door.blueprint.add_app_template_global(LANGUAGES.items, "paper_languages")

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
APPROVE = needs(Permission.PAPERS_APPROVE)

def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


@door.get("/visits/<int:visit_id>/papers", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """List a visit's papers."""
    return _index(act, visit_id, Form.of(DraftForm, {"kind": request.args.get("kind", "")}))


@door.get("/visits/<int:visit_id>/papers/of/<kind>", READ)
def of_kind(act: Act, visit_id: int, kind: str) -> ResponseReturnValue:
    """Lead to the paper of this kind, else to where it is drafted: a deadline does not know which it will be."""
    get_visit(act.session, act.actor, visit_id)
    if kind not in kinds_now(act.session):
        raise NotFound("paper")
    found = queries.furthest_of_kind(act.session, act.actor, visit_id, kind)
    if found is None:
        return act.to("papers.index", visit_id=visit_id, kind=kind, fragment="draft")
    return act.to("papers.paper", paper_id=found.id)


def _index(act: Act, visit_id: int, form: Form[DraftForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    rows = queries.papers_of(act.session, act.actor, visit_id)
    bodies = [(row.id, body_name(row)) for row in issuing_bodies(act.session)]
    travellers = _members(act, visit)
    kinds = kinds_now(act.session)
    return act.page("papers_pages/index.html", form.status, visit=visit, tab="papers", rows=rows, form=form,
                    bodies=bodies, travellers=[(one.id, one.person.shown_name(language())) for one in travellers],
                    outdated=outdated(act.session, act.now, rows), may_write=act.actor.may(Permission.PAPERS_WRITE),
                    **{**names(), "kinds": kinds, "fitting": _fitting(act, visit, travellers, kinds)})  # fmt: skip


def _fitting(act: Act, visit: Visit, travellers: Sequence[Member], kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds that a visit may need: of its direction, and those of a border where somebody may cross one."""
    home = our_country(act.session)
    abroad = visit.crosses_border or any(set(one.person.citizenships) - {home} for one in travellers)
    return {
        key: kind for key, kind in kinds.items()
        if (not kind.directions or visit.direction in kind.directions) and (abroad or "entry" not in kind.sections)
    }  # fmt: skip


@door.post("/visits/<int:visit_id>/papers", WRITE)
def draft(act: Act, visit_id: int) -> ResponseReturnValue:
    """Draft a paper."""
    form = Form.posted(DraftForm)
    if form.data:
        with form.guarding(act):
            about, subject = _about(act, visit_id, form.data)
            paper = service.draft_paper(act.session, act.actor, act.now, visit_id, form.data.kind,
                                        languages=form.data.languages, body_id=form.data.issuing_body, about=about,
                                        subject=subject)  # fmt: skip
            flash(_("The paper is drafted. Check its text."))
            return act.to("papers.paper", paper_id=paper.id)
    return _index(act, visit_id, form)


def _about(act: Act, visit_id: int, data: DraftForm) -> tuple[tuple[str, int] | None, str]:
    """Give the member that a paper of this kind is about, and the subject line that names them.

    Raises:
        Invalid: the kind is about one member, and none of this visit was chosen.
    """
    kind = editions.kinds().get(data.kind)
    if kind is None or kind.subject != "member":
        return None, ""
    visit = get_visit(act.session, act.actor, visit_id)
    chosen = next((one for one in _members(act, visit) if one.id == data.member), None)
    if chosen is None:
        raise Invalid("papers.choose-member", field="member")
    return ("member", chosen.id), f"{kind.subject_line('ru')}: {chosen.person.shown_name('ru')}"


def _members(act: Act, visit: Visit) -> Sequence[Member]:
    return members(act.session, visit.id) if act.actor.may(Permission.PEOPLE_READ) else []


@door.get("/papers/<int:paper_id>", READ)
def paper(act: Act, paper_id: int) -> ResponseReturnValue:
    """Show a paper: its texts, preview, files, and what can be done with it."""
    return show(act, paper_id)


@door.post("/papers/<int:paper_id>/subject", WRITE)
def rename(act: Act, paper_id: int) -> ResponseReturnValue:
    """Change what the register says it is about."""

    def run(data: SubjectForm) -> str:
        service.rename_paper(act.session, act.actor, act.now, paper_id, data.subject, version=data.version)
        return _("Saved.")

    return do(act, paper_id, SubjectForm, "subject", run)


@door.post("/papers/<int:paper_id>/texts/<language>", WRITE)
def save_text(act: Act, paper_id: int, language: str) -> ResponseReturnValue:
    """Save a text."""

    def run(data: TextForm) -> str:
        service.edit_text(act.session, act.actor, act.now, paper_id, language, data.text, version=data.version)
        return _("The text is saved.")

    return do(act, paper_id, TextForm, f"text-{language}", run, fragment=f"text-{language}")


@door.post("/papers/<int:paper_id>/languages", WRITE)
def add_language(act: Act, paper_id: int) -> ResponseReturnValue:
    """Add a language."""

    def run(data: LanguageForm) -> str:
        service.add_language(act.session, act.actor, act.now, paper_id, data.language)
        return _("The language is added. Check its text.")

    return do(act, paper_id, LanguageForm, "language", run)


def _plain_act(act: Act, paper_id: int, run: Callable[[int | None], Any], told: str) -> ResponseReturnValue:
    def go(data: VersionForm) -> str:
        run(data.version)
        return told

    return do(act, paper_id, VersionForm, "act", go)


@door.post("/papers/<int:paper_id>/redraft", WRITE)
def redraft(act: Act, paper_id: int) -> ResponseReturnValue:
    """Write the texts anew from the facts."""
    return _plain_act(
        act, paper_id,
        lambda version: service.redraft_paper(act.session, act.actor, act.now, paper_id, version=version),
        _("The texts are written anew from today’s facts."),
    )  # fmt: skip


@door.post("/papers/<int:paper_id>/keep-text", WRITE)
def keep_text(act: Act, paper_id: int) -> ResponseReturnValue:
    """Keep the text as it stands although facts have changed."""
    return _plain_act(
        act, paper_id,
        lambda version: service.keep_text(act.session, act.actor, act.now, paper_id, version=version),
        _("The text stays as it is."),
    )  # fmt: skip


@door.post("/papers/<int:paper_id>/delete", WRITE)
def delete(act: Act, paper_id: int) -> ResponseReturnValue:
    """Delete a draft."""
    visit_id = queries.get_paper(act.session, act.actor, paper_id).visit_id
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            service.delete_draft(act.session, act.actor, act.now, paper_id, version=form.data.version)
            flash(_("The draft is deleted."))
            return act.to("papers.index", visit_id=visit_id)
    return show(act, paper_id, form.status, form_name="act", form=form)


@door.post("/papers/<int:paper_id>/take-back", WRITE)
def take_back(act: Act, paper_id: int) -> ResponseReturnValue:
    """Take it back for more editing."""
    return _plain_act(
        act, paper_id,
        lambda version: service.take_back(act.session, act.actor, act.now, paper_id, version=version),
        _("Taken back. You can edit it again."),
    )  # fmt: skip


@door.post("/papers/<int:paper_id>/number", WRITE)
def number(act: Act, paper_id: int) -> ResponseReturnValue:
    """Give it its number."""

    def run(data: NumberForm) -> str:
        chosen = Numbering(NumberSource(data.source), data.number, data.dated)
        row = issuing.number_paper(act.session, act.actor, act.now, paper_id, chosen, version=data.version)
        return _("Number %(number)s is entered.", number=row.number)

    return do(act, paper_id, NumberForm, "number", run)


@door.post("/papers/<int:paper_id>/sign", WRITE)
def sign(act: Act, paper_id: int) -> ResponseReturnValue:
    """Record the signature, with the scan."""

    def run(data: SignForm) -> str:
        typed = Numbering(NumberSource.TYPED, data.number, data.signed_on) if data.number else None
        issuing.record_signed(act.session, act.actor, act.now, paper_id, signed_on=data.signed_on,
                              scan=uploaded("scan"), numbering=typed, version=data.version)  # fmt: skip
        return _("The signature is recorded.")

    return do(act, paper_id, SignForm, "sign", run)


@door.post("/papers/<int:paper_id>/scan", WRITE)
def add_scan(act: Act, paper_id: int) -> ResponseReturnValue:
    """Add the scan later."""

    def run(data: VersionForm) -> str:
        scan = uploaded("scan")
        if scan is None:
            raise DomainError("papers.nothing-sent")
        issuing.add_scan(act.session, act.actor, act.now, paper_id, scan, version=data.version)
        return _("The scan is added.")

    return do(act, paper_id, VersionForm, "scan", run)


@door.post("/papers/<int:paper_id>/send", WRITE)
def send(act: Act, paper_id: int) -> ResponseReturnValue:
    """Record how it went out."""

    def run(data: SendForm) -> str:
        issuing.record_sent(act.session, act.actor, act.now, paper_id, How(data.how), to_whom=data.to_whom,
                            sent_on=data.sent_on, note=data.note, version=data.version)  # fmt: skip
        return _("The dispatch is recorded.")

    return do(act, paper_id, SendForm, "send", run)


@door.post("/papers/<int:paper_id>/mail", WRITE)
def mail(act: Act, paper_id: int) -> ResponseReturnValue:
    """Send it by our mail."""

    def run(data: MailForm) -> str:
        issuing.send_by_mail(act.session, act.actor, act.now, paper_id, to_name=data.to_name,
                             to_address=data.to_address, subject=data.mail_subject, text=data.mail_text,
                             language=data.mail_language, version=data.version)  # fmt: skip
        return _("The mail waits to be sent. This page will say what became of it.")

    return do(act, paper_id, MailForm, "mail", run)


@door.post("/papers/<int:paper_id>/supersede", WRITE)
def supersede(act: Act, paper_id: int) -> ResponseReturnValue:
    """Begin the paper that replaces this one."""
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            newer = issuing.supersede_paper(act.session, act.actor, act.now, paper_id)
            flash(_("This draft will replace the earlier paper once it is signed."))
            return act.to("papers.paper", paper_id=newer.id)
    return show(act, paper_id, form.status, form_name="act", form=form)


@door.post("/papers/<int:paper_id>/revoke", APPROVE)
def revoke(act: Act, paper_id: int) -> ResponseReturnValue:
    """Revoke it."""

    def run(data: RevokeForm) -> str:
        issuing.revoke_paper(act.session, act.actor, act.now, paper_id, data.reason, version=data.version)
        return _("The paper is revoked.")

    return do(act, paper_id, RevokeForm, "revoke", run)
