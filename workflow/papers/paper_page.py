"""The page of one paper, and how an act asked for there answers."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash
from flask.typing import ResponseReturnValue

from workflow.accounts.queries import account_names, people_to_choose
from workflow.base.actor import Role
from workflow.base.errors import Refused
from workflow.base.languages import choose
from workflow.papers import approving, checks, editions, issuing, queries, service, words
from workflow.papers.allowed import allowed_acts
from workflow.papers.authoring.queries import kind_now
from workflow.papers.changes import changes_of
from workflow.papers.composing import RenderError
from workflow.papers.declining import FormUsed
from workflow.papers.entering import entered_at
from workflow.papers.forms_used import LANGUAGE, forms_used
from workflow.papers.models import Paper
from workflow.papers.numbering import numbers_at
from workflow.papers.preview import to_html
from workflow.papers.rules import PaperAct
from workflow.papers.signing import Certificate, SignerError, current_signer
from workflow.visits.queries import get_visit
from workflow.web.doors import Act
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form, FormModel
from workflow.web.sentences import address_of

F = TypeVar("F", bound=FormModel)


def names() -> dict[str, Any]:
    """What every page of papers shows codes with."""
    return {"words": words, "kind_name": words.kind_name, "kinds": editions.kinds()}


def show(
    act: Act, paper_id: int, status: int = 200, *, refused: Refused | None = None, form_name: str = "",
    form: Form[Any] | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Show a paper: its texts, its checks, what has changed, its files, and what can be done with it."""
    paper = queries.get_paper(act.session, act.actor, paper_id)
    visit = get_visit(act.session, act.actor, paper.visit_id)
    kind = editions.kind(paper.kind)
    made = approving.compose_all(act.session, act.now, paper)
    newer = queries.replacement_of(act.session, paper.id)
    may = {each.value for each in allowed_acts(act.session, act.actor, paper, being_replaced=newer is not None)}
    previews = {
        language: (None, service.fault(one)) if isinstance(one, RenderError) else (to_html(one.plan), None)
        for language, one in made.items()
    }
    gaps = {gap.name: gap for gap in approving.gaps_of(made)} if paper.facts is None else {}
    known = account_names(
        act.session,
        [paper.created_by, paper.submitted_by, paper.approved_by, *(each.recorded_by for each in paper.dispatches),
         *(each.account_id for each in paper.checks)],
        reader_language(),
    )  # fmt: skip
    return act.page(
        "papers_pages/paper.html", status, visit=visit, tab="papers", paper=paper, kind=kind, may=may,
        previews=previews, refused=refused,
        gaps=[(gap, approving.fact_name(gap.name), address_of(entered_at(gap.name, visit.id, visit.partner_id)))
              for gap in gaps.values()],
        newer=newer, older=_older(act, paper.supersedes_id), accounts=known,
        mails=queries.mail_states(act.session, paper), contact=_contact(paper),
        changes=changes_of(act.session, act.now, paper), forms_used=_forms_used(act, paper),
        files_ready=all(text.rendered_no == paper.render_no for text in paper.texts), form=form, form_name=form_name,
        live_checks=checks.live_checks(paper), pending=checks.pending_checks(paper),
        old_checks=[each for each in paper.checks if each.voided_at is not None],
        staff=_staff(act) if PaperAct.SUBMIT.value in may else [], proposed=checks.checkers(paper),
        unasked=[known.get(key, "") for key in checks.unasked(paper)],
        number_at=numbers_at(act.session, paper, kind).value, faults=_faults(paper),
        signing=_signing(paper) if PaperAct.SIGN_ELECTRONICALLY.value in may else None,
        mail_subjects={code: issuing.mail_subject(paper, code) for code in ("ru", "en")}, **names(),
    )  # fmt: skip


def _staff(act: Act) -> list[tuple[int, str]]:
    """Who may be asked to check a paper: everybody who reads papers, but not the one who hands it in."""
    people = people_to_choose(act.session, reader_language(), Role.COORDINATOR, Role.MANAGER)
    return [(key, name) for key, name in people if key != act.actor.account_id]


def _faults(paper: Paper) -> list[Any]:
    """What a trial layout found wrong, by language."""
    told = [(text.language, text.trial_fault) for text in paper.texts if text.trial_fault and paper.facts is None]
    return [
        approving.fault_reason(paper.id, language, RenderError(one["code"], line=one["line"], detail=one["detail"]))
        for language, one in told
    ]


def _forms_used(act: Act, paper: Paper) -> list[FormUsed]:
    """The case forms to look at before approval."""
    if paper.facts is not None or not any(text.language == LANGUAGE for text in paper.texts):
        return []
    kind = kind_now(act.session, paper.kind)
    return forms_used(paper, kind, approving.facts_of(act.session, act.now, paper, kind))


def _signing(paper: Paper) -> tuple[Certificate, str] | None:
    """With whose certificate it would be signed, and by whom it says that it is: to be compared before the click."""
    signer = current_signer()
    try:
        certificate = signer.certificate() if signer else None
    except SignerError:
        return None  # whoever clicks is told why
    named = ((paper.facts or {}).get("office") or {}).get("signatory") or {}
    name = named.get("name") or {}
    said = choose(reader_language(), ru=name.get("ru") or "", en=name.get("en") or "")
    return (certificate, said) if certificate else None


def _contact(paper: Paper) -> Mapping[str, Any]:
    """Whom a mail would go to and in which language, as the partner's page says."""
    partner = (paper.facts or {}).get("partner") or {}
    told = partner.get("contact") or {}
    russian = "ru" in (partner.get("languages") or []) or [text.language for text in paper.texts] == ["ru"]
    name, email = told.get("name") or "", told.get("email") or ""
    return {"name": name, "email": email, "language": "ru" if russian else "en"}


def _older(act: Act, paper_id: int | None) -> Any:
    return queries.get_paper(act.session, act.actor, paper_id) if paper_id else None


def do(
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
    return show(act, paper_id, form.status, refused=refused, form_name=name, form=form)
