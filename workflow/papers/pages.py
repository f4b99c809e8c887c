"""Pages of papers: a visit's list, one paper with its texts and acts, downloads."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.errors import DomainError, Refused
from workflow.office.bodies_pages import body_name
from workflow.office.queries import issuing_bodies
from workflow.papers import approving, editions, files_pages, issuing, queries, service, verify_pages, words
from workflow.papers.authoring.queries import kind_now
from workflow.papers.composing import RenderError
from workflow.papers.declining import FormUsed
from workflow.papers.forms import (
    ApproveForm,
    DraftForm,
    LanguageForm,
    MailForm,
    NumberForm,
    ReturnForm,
    RevokeForm,
    SendForm,
    SignForm,
    SubjectForm,
    TextForm,
    VersionForm,
)
from workflow.papers.forms_used import LANGUAGE, forms_used
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.preview import to_html
from workflow.papers.rules import MOVES, How, NumberSource, PaperState, acts
from workflow.visits.queries import get_visit
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form, FormModel

door = Door("papers", __name__)
doors = [door, files_pages.door, verify_pages.door]

READ = needs(Permission.PAPERS_READ)
WRITE = needs(Permission.PAPERS_WRITE)
APPROVE = needs(Permission.PAPERS_APPROVE)

F = TypeVar("F", bound=FormModel)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _names() -> dict[str, Any]:
    return {"words": words, "kind_name": words.kind_name, "kinds": editions.kinds()}


@door.get("/visits/<int:visit_id>/papers", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """List a visit's papers."""
    return _index(act, visit_id, Form.of(DraftForm, {"kind": request.args.get("kind", "")}))


def _index(act: Act, visit_id: int, form: Form[DraftForm]) -> ResponseReturnValue:
    visit = get_visit(act.session, act.actor, visit_id)
    rows = queries.papers_of(act.session, act.actor, visit_id)
    bodies = [(row.id, body_name(row)) for row in issuing_bodies(act.session)]
    return act.page("papers_pages/index.html", form.status, visit=visit, tab="papers", rows=rows, form=form,
                    bodies=bodies, may_write=act.actor.may(Permission.PAPERS_WRITE), **_names())  # fmt: skip


@door.post("/visits/<int:visit_id>/papers", WRITE)
def draft(act: Act, visit_id: int) -> ResponseReturnValue:
    """Draft a paper."""
    form = Form.posted(DraftForm)
    if form.data:
        with form.guarding(act):
            paper = service.draft_paper(act.session, act.actor, act.now, visit_id, form.data.kind,
                                        languages=form.data.languages, body_id=form.data.issuing_body)  # fmt: skip
            flash(_("The paper is drafted. Check its text."))
            return act.to("papers.paper", paper_id=paper.id)
    return _index(act, visit_id, form)


@door.get("/papers/<int:paper_id>", READ)
def paper(act: Act, paper_id: int) -> ResponseReturnValue:
    """Show a paper: its texts, preview, files, and what can be done with it."""
    return _page(act, paper_id)


def _page(
    act: Act, paper_id: int, status: int = 200, *, refused: Refused | None = None, form_name: str = "",
    form: Form[Any] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    paper = queries.get_paper(act.session, act.actor, paper_id)
    visit = get_visit(act.session, act.actor, paper.visit_id)
    kind = editions.kind(paper.kind)
    made = approving.compose_all(act.session, act.now, paper)
    newer = queries.replacement_of(act.session, paper.id)
    allowed = {
        act_.value
        for act_ in acts(
            PaperState(paper.state), numbered=kind.numbered, has_number=bool(paper.number),
            has_scan=paper.scan_file_id is not None, being_replaced=newer is not None,
        )
        if act.actor.may(MOVES[act_].permission)
    }  # fmt: skip
    previews = {
        language: (None, service.fault(one)) if isinstance(one, RenderError) else (to_html(one.plan), None)
        for language, one in made.items()
    }
    gaps = {gap.name: gap for gap in approving.gaps_of(made)} if paper.facts is None else {}
    names = account_names(
        act.session,
        [paper.created_by, paper.submitted_by, paper.approved_by, *(each.recorded_by for each in paper.dispatches)],
        reader_language(),
    )
    return act.page(
        "papers_pages/paper.html", status, visit=visit, tab="papers", paper=paper, kind=kind, may=allowed,
        previews=previews, gaps=[(gap, approving.fact_name(gap.name)) for gap in gaps.values()], refused=refused,
        newer=newer, older=_older(act, paper.supersedes_id), accounts=names,
        mails=queries.mail_states(act.session, paper), contact=_contact(paper),
        drifted=approving.drifted(act.session, act.now, paper), forms_used=_forms_used(act, paper),
        files_ready=all(text.rendered_no == paper.render_no for text in paper.texts), form=form, form_name=form_name,
        **_names(),
    )  # fmt: skip


def _forms_used(act: Act, paper: Paper) -> list[FormUsed]:
    """The case forms to look at before approval."""
    if paper.facts is not None or not any(text.language == LANGUAGE for text in paper.texts):
        return []
    kind = kind_now(act.session, paper.kind)
    return forms_used(paper, kind, approving.facts_of(act.session, act.now, paper, kind))


def _contact(paper: Paper) -> Mapping[str, Any]:
    """Whom a mail would go to, as the partner's page says."""
    told = ((paper.facts or {}).get("partner") or {}).get("contact") or {}
    return {"name": told.get("name") or "", "email": told.get("email") or ""}


def _older(act: Act, paper_id: int | None) -> Any:
    return queries.get_paper(act.session, act.actor, paper_id) if paper_id else None


def _do(
    act: Act, paper_id: int, model: type[F], name: str, run: Callable[[F], str], *, fragment: str | None = None
) -> ResponseReturnValue:
    """Run an act from its form: the browser goes back to where it was asked, or the paper shows what is wrong."""
    form = Form.posted(model)
    refused: Refused | None = None
    if form.data:
        with form.guarding(act):
            try:
                told = run(form.data)
                act.session.flush()
            except Refused as error:
                refused = error
                raise
            flash(told)
            if getattr(form.data, "back", "") == "desk":
                return act.to("desk.today", fragment="decide")
            return act.to("papers.paper", paper_id=paper_id, fragment=fragment)
    return _page(act, paper_id, form.status, refused=refused, form_name=name, form=form)


@door.post("/papers/<int:paper_id>/subject", WRITE)
def rename(act: Act, paper_id: int) -> ResponseReturnValue:
    """Change what the register says it is about."""

    def run(data: SubjectForm) -> str:
        service.rename_paper(act.session, act.actor, act.now, paper_id, data.subject, version=data.version)
        return _("Saved.")

    return _do(act, paper_id, SubjectForm, "subject", run)


@door.post("/papers/<int:paper_id>/texts/<language>", WRITE)
def save_text(act: Act, paper_id: int, language: str) -> ResponseReturnValue:
    """Save a text."""

    def run(data: TextForm) -> str:
        service.edit_text(act.session, act.actor, act.now, paper_id, language, data.text, version=data.version)
        return _("The text is saved.")

    return _do(act, paper_id, TextForm, f"text-{language}", run, fragment=f"text-{language}")


@door.post("/papers/<int:paper_id>/languages", WRITE)
def add_language(act: Act, paper_id: int) -> ResponseReturnValue:
    """Add a language."""

    def run(data: LanguageForm) -> str:
        service.add_language(act.session, act.actor, act.now, paper_id, data.language)
        return _("The language is added. Check its text.")

    return _do(act, paper_id, LanguageForm, "language", run)


def _plain_act(act: Act, paper_id: int, run: Callable[[int | None], Any], told: str) -> ResponseReturnValue:
    def go(data: VersionForm) -> str:
        run(data.version)
        return told

    return _do(act, paper_id, VersionForm, "act", go)


@door.post("/papers/<int:paper_id>/redraft", WRITE)
def redraft(act: Act, paper_id: int) -> ResponseReturnValue:
    """Write the texts anew from the facts."""
    return _plain_act(
        act, paper_id,
        lambda version: service.redraft_paper(act.session, act.actor, act.now, paper_id, version=version),
        _("The texts are written anew from today’s facts."),
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
    return _page(act, paper_id, form.status, form_name="act", form=form)


@door.post("/papers/<int:paper_id>/submit", WRITE)
def submit(act: Act, paper_id: int) -> ResponseReturnValue:
    """Hand it in for approval."""
    return _plain_act(
        act, paper_id,
        lambda version: service.submit_paper(act.session, act.actor, act.now, paper_id, version=version),
        _("Handed in for approval."),
    )  # fmt: skip


@door.post("/papers/<int:paper_id>/take-back", WRITE)
def take_back(act: Act, paper_id: int) -> ResponseReturnValue:
    """Take it back for more editing."""
    return _plain_act(
        act, paper_id, lambda _version: service.take_back(act.session, act.actor, act.now, paper_id),
        _("Taken back. You can edit it again."),
    )  # fmt: skip


@door.post("/papers/<int:paper_id>/return", APPROVE)
def return_(act: Act, paper_id: int) -> ResponseReturnValue:
    """Send it back with a remark."""

    def run(data: ReturnForm) -> str:
        service.return_paper(act.session, act.actor, act.now, paper_id, data.remark)
        return _("Returned with your remark.")

    return _do(act, paper_id, ReturnForm, "return", run)


@door.post("/papers/<int:paper_id>/approve", APPROVE)
def approve(act: Act, paper_id: int) -> ResponseReturnValue:
    """Approve it, with its number at once or later."""

    def run(data: ApproveForm) -> str:
        chosen = None if data.source == "later" else Numbering(NumberSource(data.source), data.number, data.dated)
        approving.approve_paper(act.session, act.actor, act.now, paper_id, numbering=chosen, version=data.version)
        return _("Approved. Its files are being made.")

    return _do(act, paper_id, ApproveForm, "approve", run)


@door.post("/papers/<int:paper_id>/number", WRITE)
def number(act: Act, paper_id: int) -> ResponseReturnValue:
    """Give it its number."""

    def run(data: NumberForm) -> str:
        chosen = Numbering(NumberSource(data.source), data.number, data.dated)
        row = issuing.number_paper(act.session, act.actor, act.now, paper_id, chosen, version=data.version)
        return _("Number %(number)s is entered.", number=row.number)

    return _do(act, paper_id, NumberForm, "number", run)


@door.post("/papers/<int:paper_id>/sign", WRITE)
def sign(act: Act, paper_id: int) -> ResponseReturnValue:
    """Record the signature, with the scan."""

    def run(data: SignForm) -> str:
        issuing.record_signed(act.session, act.actor, act.now, paper_id, signed_on=data.signed_on,
                              scan=uploaded("scan"), version=data.version)  # fmt: skip
        return _("The signature is recorded.")

    return _do(act, paper_id, SignForm, "sign", run)


@door.post("/papers/<int:paper_id>/scan", WRITE)
def add_scan(act: Act, paper_id: int) -> ResponseReturnValue:
    """Add the scan later."""

    def run(data: VersionForm) -> str:
        scan = uploaded("scan")
        if scan is None:
            raise DomainError("papers.nothing-sent")
        issuing.add_scan(act.session, act.actor, act.now, paper_id, scan, version=data.version)
        return _("The scan is added.")

    return _do(act, paper_id, VersionForm, "scan", run)


@door.post("/papers/<int:paper_id>/send", WRITE)
def send(act: Act, paper_id: int) -> ResponseReturnValue:
    """Record how it went out."""

    def run(data: SendForm) -> str:
        issuing.record_sent(act.session, act.actor, act.now, paper_id, How(data.how), to_whom=data.to_whom,
                            sent_on=data.sent_on, note=data.note, version=data.version)  # fmt: skip
        return _("The dispatch is recorded.")

    return _do(act, paper_id, SendForm, "send", run)


@door.post("/papers/<int:paper_id>/mail", WRITE)
def mail(act: Act, paper_id: int) -> ResponseReturnValue:
    """Send it by our mail."""

    def run(data: MailForm) -> str:
        issuing.send_by_mail(act.session, act.actor, act.now, paper_id, to_name=data.to_name,
                             to_address=data.to_address, subject=data.mail_subject, text=data.mail_text,
                             language=data.mail_language, version=data.version)  # fmt: skip
        return _("The mail waits to be sent. This page will say what became of it.")

    return _do(act, paper_id, MailForm, "mail", run)


@door.post("/papers/<int:paper_id>/supersede", WRITE)
def supersede(act: Act, paper_id: int) -> ResponseReturnValue:
    """Begin the paper that replaces this one."""
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            newer = issuing.supersede_paper(act.session, act.actor, act.now, paper_id)
            flash(_("This draft will replace the earlier paper once it is signed."))
            return act.to("papers.paper", paper_id=newer.id)
    return _page(act, paper_id, form.status, form_name="act", form=form)


@door.post("/papers/<int:paper_id>/revoke", APPROVE)
def revoke(act: Act, paper_id: int) -> ResponseReturnValue:
    """Revoke it."""

    def run(data: RevokeForm) -> str:
        issuing.revoke_paper(act.session, act.actor, act.now, paper_id, data.reason)
        return _("The paper is revoked.")

    return _do(act, paper_id, RevokeForm, "revoke", run)
