"""Pages of DOCX templates: what there is, handing one in, a sample on a visit, putting it into use."""

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.database import begin_read_only, read_key
from workflow.base.errors import DomainError, Invalid, NotFound
from workflow.base.files import DOCX
from workflow.base.unit_of_work import rollback
from workflow.papers import words as paper_words
from workflow.papers.authoring import previewing, queries, templates, words
from workflow.papers.authoring.forms import TemplateForm, VersionForm
from workflow.papers.authoring.samples import sample_template
from workflow.papers.composing import RenderError
from workflow.papers.editions import Kind
from workflow.papers.service import fault
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.downloads import offer
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form

door = Door("paper_templates", __name__, url_prefix="/wordings/<kind>/<language>/word")

READ = needs(Permission.WORDINGS_READ)
WRITE = needs(Permission.WORDINGS_WRITE)
ACTIVATE = needs(Permission.WORDINGS_ACTIVATE)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def _kind(act: Act, key: str, language: str) -> Kind:
    """The kind with its wordings now; a language that it has not is not found."""
    queries.require_reading(act.actor)
    queries.get_kind(key)
    kind = queries.kind_now(act.session, key)
    if language not in kind.wordings:
        raise NotFound("wording")
    return kind


@door.get("", READ)
def index(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """List the templates of a kind and language."""
    return _index(act, kind, language, Form.of(TemplateForm))


def _index(act: Act, key: str, language: str, form: Form[Any]) -> ResponseReturnValue:
    kind = _kind(act, key, language)
    rows = queries.templates_of(act.session, act.actor, key, language)
    people = account_names(act.session, [who for row in rows for who in (row.saved_by, row.activated_by)],
                           reader_language())  # fmt: skip
    return act.page(
        "papers_authoring/templates.html", form.status, kind=kind, language=language, rows=rows, people=people,
        form=form, visits=previewing.visits_to_try(act.session, act.actor), words=words, paper_words=paper_words,
        kind_name=paper_words.kind_name, may_write=act.actor.may(Permission.WORDINGS_WRITE),
        may_activate=act.actor.may(Permission.WORDINGS_ACTIVATE),
    )  # fmt: skip


@door.post("", WRITE)
def hand_in(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Take a template: scrubbed and examined in the child process, then kept."""
    form = Form.posted(TemplateForm)
    if form.data:
        with form.guarding(act):
            sent = uploaded("file")
            if sent is None:
                raise Invalid("papers.nothing-sent", field="file")
            templates.check_template_upload(sent)
            _kind(act, kind, language)
            rollback(act.session)
            try:
                examined = previewing.PREVIEWER.examine(sent.data, kind)
            except RenderError as wrong:
                raise Invalid(f"papers.text-{wrong.code}", field="file", line=wrong.line,
                              detail=wrong.detail) from wrong  # fmt: skip
            row = templates.hand_in_template(act.session, act.actor, act.now, kind, language, examined,
                                             name=sent.name, remark=form.data.remark)  # fmt: skip
            flash(_("Template %(n)s is kept. Look at a sample; a second person puts it into use.", n=row.n))
            return act.to("paper_templates.index", kind=kind, language=language)
    return _index(act, kind, language, form)


@door.get("/start.docx", READ)
def start(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Give a ready-made template to begin from."""
    found = _kind(act, kind, language)
    return offer(sample_template(found, language), name=f"{kind}-{language}.docx", media_type=DOCX)


@door.get("/<int:n>/file", READ)
def file(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Give a template as it is kept, to be changed in Word."""
    row = queries.get_template(act.session, act.actor, kind, language, n)
    return offer(queries.template_bytes(act.session, row), name=f"{kind}-{language}-{n}.docx", media_type=DOCX)


@door.get("/<int:n>/sample", READ)
def sample(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Give the document that a template makes of a visit."""
    found = _kind(act, kind, language)
    row = queries.get_template(act.session, act.actor, kind, language, n)
    data = queries.template_bytes(act.session, row)
    facts = previewing.facts_to_try(act.session, act.actor, act.now, found, _visit_asked())
    rollback(act.session)
    begin_read_only(act.session)
    try:
        made = previewing.try_format(previewing.edition_to_try(found, language, template=data), facts, "docx")
    except RenderError as wrong:
        raise fault(wrong) from wrong
    return offer(made.data, name=f"{kind}-{language}-{n}-sample.docx", media_type=made.mime)


def _visit_asked() -> int | None:
    asked = request.args.get("visit", "")
    if not asked:
        return None
    found = read_key(asked)
    if found is None:
        raise NotFound("visit")
    return found


def _do(act: Act, kind: str, language: str, run: Callable[[int | None], Any], told: str) -> ResponseReturnValue:
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            run(form.data.version)
            flash(told)
            return act.to("paper_templates.index", kind=kind, language=language)
    return _index(act, kind, language, form)


@door.post("/<int:n>/activate", ACTIVATE)
def activate(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Put a template into use."""

    def run(version: int | None) -> None:
        if (wrong := _trial(act, kind, language, n)) is not None:
            raise wrong
        templates.activate_template(act.session, act.actor, act.now, kind, language, n, version=version)

    return _do(act, kind, language, run, _("Template %(n)s is in use.", n=n))


def _trial(act: Act, key: str, language: str, n: int) -> DomainError | None:
    """Fill a template without facts, with no transaction open."""
    begin_read_only(act.session)
    kind = _kind(act, key, language)
    row = queries.get_template(act.session, act.actor, key, language, n)
    data = queries.template_bytes(act.session, row) if row.file_id is not None else b""
    facts = previewing.facts_to_try(act.session, act.actor, act.now, kind, None)
    rollback(act.session)
    if data:
        try:
            previewing.try_format(previewing.edition_to_try(kind, language, template=data), facts, "docx")
        except RenderError as wrong:
            return fault(wrong)
    return None


@door.post("/<int:n>/retire", ACTIVATE)
def retire(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Put a template out of use."""
    return _do(
        act, kind, language,
        lambda version: templates.retire_template(act.session, act.actor, act.now, kind, language, n, version=version),
        _("Template %(n)s is out of use.", n=n),
    )  # fmt: skip


@door.post("/<int:n>/delete", WRITE)
def delete(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Delete a template."""
    return _do(
        act, kind, language,
        lambda version: templates.delete_template(act.session, act.actor, act.now, kind, language, n, version=version),
        _("Template %(n)s is deleted.", n=n),
    )  # fmt: skip
