"""Pages of those who order: a visit's translations, an order, the languages of translators."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow.accounts.queries import people_to_choose, staff
from workflow.base.actor import Actor, Permission, Role
from workflow.base.database import read_key
from workflow.base.errors import Invalid, NotFound
from workflow.base.files import DOCX, StoredFile, keep_bytes
from workflow.knowledge.zones import zone_name as zone_city
from workflow.papers import editions
from workflow.papers.models import Paper
from workflow.papers.queries import get_paper, papers_of
from workflow.translations import into_papers, ordering, queries, service
from workflow.translations.door import door
from workflow.translations.forms import OrderForm, PairsForm, languages, purposes, states
from workflow.translations.models import Assignment
from workflow.translations.wording import direction
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, members
from workflow.web.doors import Act, needs, uploaded
from workflow.web.formats import language, zone_name
from workflow.web.forms import Form
from workflow.web.uploads import upload_limit

READ = needs(Permission.TRANSLATIONS_READ)
ORDER = needs(Permission.TRANSLATIONS_ORDER)


@door.get("/visits/<int:visit_id>/translations", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit's translations."""
    visit = get_visit(act.session, act.actor, visit_id)
    rows = queries.assignments_of_visit(act.session, act.actor, visit_id)
    return act.page("translations/visit.html", visit=visit, tab="translations", states=states(), direction=direction,
                    decimal=format_decimal, cards=queries.cards(act.session, act.actor, act.now, rows))


@door.get("/visits/<int:visit_id>/translations/new", ORDER)
def new(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form of an order, filled from the delegation's names and perhaps from a paper of the visit."""
    visit = get_visit(act.session, act.actor, visit_id)
    paper = _paper(act, visit)
    text_language = request.args.get("language", "")
    foreign = next((one for one in visit.languages if one != "ru"), "")
    values = {
        "title": f"{paper.subject} ({paper.number})" if paper and paper.number else paper.subject if paper else "",
        "purpose": "letter" if paper else "", "source_language": text_language or ("ru" if paper else ""),
        "target_language": foreign if paper and text_language in ("", "ru") else "",
        "names": _names(act.session, act.actor, visit), "reviser_id": None,
    }
    return _form(act, visit, Form.of(OrderForm, values), paper=paper)


def _names(session: Session, actor: Actor, visit: Visit) -> str:
    """Write down the names and posts of a delegation in both languages: all that a translator needs of it."""
    if not actor.may(Permission.PEOPLE_READ):
        return ""
    lines = []
    for member in members(session, visit.id):
        sides = [", ".join(filter(None, (member.person.shown_name(code), post, body))) for code, post, body in (
            ("ru", member.post_ru, member.organisation_ru), ("en", member.post_en, member.organisation_en))]
        lines.append(" — ".join(dict.fromkeys(sides)))
    return "\n".join(lines)


def _paper(act: Act, visit: Visit) -> Paper | None:
    asked = request.values.get("paper", "")
    key = read_key(asked)
    if key is None:
        return None
    paper = get_paper(act.session, act.actor, key)
    if paper.visit_id != visit.id:
        raise NotFound("paper")
    if editions.carries_identity(paper.kind):
        raise Invalid("translations.paper-with-passports")
    return paper


def _form(act: Act, visit: Visit, form: Form[OrderForm], *, row: Assignment | None = None, paper: Paper | None = None
          ) -> ResponseReturnValue:
    source = queries.file_names(act.session, [row.source_file_id]) if row is not None else {}
    return act.page(
        "translations/order.html", form.status, visit=visit, tab="translations", form=form, row=row, paper=paper,
        english=any(form.values.get(f"{name}_en") for name in ordering.IN_ENGLISH),
        languages=languages(), purposes=purposes(), zone=zone_city(zone_name(), language()),
        source=next(iter(source.values()), ""),
        revisers=people_to_choose(act.session, language(), Role.TRANSLATOR, Role.COORDINATOR, Role.MANAGER),
        papers=_papers(act, visit) if row is None else [],
    )


def _papers(act: Act, visit: Visit) -> list[Paper]:
    """List the papers that may be given to a translator: never one with passports in it."""
    return [one for one in papers_of(act.session, act.actor, visit.id) if not editions.carries_identity(one.kind)]


@door.post("/visits/<int:visit_id>/translations/new", ORDER)
def order(act: Act, visit_id: int) -> ResponseReturnValue:
    """Write an order down; with the button "open", open it at once, or say all that is missing."""
    visit = get_visit(act.session, act.actor, visit_id)
    paper = _paper(act, visit)
    form = Form.posted(OrderForm)
    if form.data:
        with form.guarding(act):
            upload = uploaded("source_file")
            row = ordering.order_assignment(
                act.session, act.actor, act.now, visit, form.data.order(), upload=upload,
                source=_file_of(act, paper, form.data) if paper and upload is None else None,
                paper_id=paper.id if paper else None, limit=upload_limit())
            return _saved(act, row)
        visit = get_visit(act.session, act.actor, visit_id)
    return _form(act, visit, form, paper=paper)


def _file_of(act: Act, paper: Paper, data: OrderForm) -> StoredFile | None:
    """Give a paper's words in the source language as a DOCX: the one kept of an approved paper, else the draft's."""
    text = next((one for one in paper.texts if one.language == data.source_language), None)
    if text is None:
        raise Invalid("translations.paper-has-no-text", field="source_language")
    kept = act.session.get(StoredFile, text.docx_file_id) if text.docx_file_id is not None else None
    return kept or keep_bytes(
        act.session, act.actor, act.now, into_papers.document_of(act.session, act.now, paper, text.language),
        name=f"{paper.subject}.docx", media_type=DOCX, visit_id=paper.visit_id)


def _tell_opened(act: Act, row: Assignment) -> None:
    """Say that translators are told, or that there is none of these languages who could be."""
    if queries.qualified(act.session, row.source_language, row.target_language):
        flash(_("The assignment is open. Translators of these languages are told."))
    else:
        flash(_("The assignment is open, but no translator works in these languages. Add the direction on the page "
                "“Languages of translators”, or cancel the assignment."), "warning")


def _saved(act: Act, row: Assignment) -> ResponseReturnValue:
    if request.form.get("then") == "publish":
        _tell_opened(act, ordering.publish_assignment(act.session, act.actor, act.now, row.id))
    else:
        flash(_("Saved."))
    return act.to("translations.show", assignment_id=row.id)


@door.get("/translations/<int:assignment_id>/edit", ORDER)
def edit(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Show an order that nobody has taken yet, for correcting."""
    row, _how = queries.get_assignment(act.session, act.actor, assignment_id)
    form = Form.of(OrderForm, row)
    form.settle_version(row.lock_version)
    return _form(act, get_visit(act.session, act.actor, row.visit_id), form, row=row)


@door.post("/translations/<int:assignment_id>/edit", ORDER)
def correct(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Correct an order."""
    form = Form.posted(OrderForm)
    if form.data:
        with form.guarding(act):
            row = ordering.edit_assignment(
                act.session, act.actor, act.now, assignment_id, form.data.order(), version=form.data.version,
                upload=uploaded("source_file"), limit=upload_limit())
            act.session.flush()
            return _saved(act, row)
    return _again(act, assignment_id, form)


def publish_draft(act: Act, assignment_id: int) -> ResponseReturnValue:
    """Open a draft; when something is missing, show the order's form with every missing field marked."""
    row, _how = queries.get_assignment(act.session, act.actor, assignment_id)
    form = Form.of(OrderForm, row)
    with form.guarding(act):
        _tell_opened(act, ordering.publish_assignment(act.session, act.actor, act.now, assignment_id))
        return act.to("translations.show", assignment_id=assignment_id)
    return _again(act, assignment_id, form)


def _again(act: Act, assignment_id: int, form: Form[OrderForm]) -> ResponseReturnValue:
    row, _how = queries.get_assignment(act.session, act.actor, assignment_id)
    form.settle_version(row.lock_version)
    return _form(act, get_visit(act.session, act.actor, row.visit_id), form, row=row)


@door.get("/translations/translators", ORDER)
def translators(act: Act) -> ResponseReturnValue:
    """Show in which languages each translator works."""
    return _translators(act, Form.of(PairsForm), None)


def _translators(act: Act, form: Form[PairsForm], account_id: int | None) -> ResponseReturnValue:
    return act.page("translations/translators.html", form.status, form=form, open_id=account_id,
                    people=staff(act.session, Role.TRANSLATOR), pairs=queries.translator_pairs(act.session),
                    languages=languages(), direction=direction)


@door.post("/translations/translators/<int:account_id>", ORDER)
def set_pairs(act: Act, account_id: int) -> ResponseReturnValue:
    """Keep the ticked directions of a translator and add a new one."""
    form = Form.posted(PairsForm)
    if form.data:
        with form.guarding(act):
            asked = [tuple(pair.split("-", 1)) for pair in form.data.pairs if "-" in pair]
            pairs = [(source, target, f"{source}-{target}" in form.data.interprets) for source, target in asked]
            if form.data.source or form.data.target:
                pairs.append((form.data.source, form.data.target, False))
                if form.data.both:
                    pairs.append((form.data.target, form.data.source, False))
            service.set_pairs(act.session, act.actor, act.now, account_id, pairs)
            flash(_("Saved."))
            return act.to("translations.translators")
    return _translators(act, form, account_id)
