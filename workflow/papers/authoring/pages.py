"""Pages of wordings: every kind, one language's editor with its preview, versions, two languages side by side."""

from collections.abc import Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.database import begin_read_only
from workflow.base.errors import Conflict, Refused
from workflow.base.unit_of_work import rollback
from workflow.knowledge.grammar.address import UNREVIEWED
from workflow.papers import words as paper_words
from workflow.papers.authoring import previewing, queries, service, template_pages, words
from workflow.papers.authoring.checking import environment
from workflow.papers.authoring.forms import LanguageForm, VersionForm, WordingForm
from workflow.papers.authoring.meanings import palette
from workflow.papers.authoring.queries import Version
from workflow.papers.authoring.rules import VersionState, beside, difference
from workflow.papers.composing import RenderError
from workflow.papers.service import fault
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import language as reader_language
from workflow.web.forms import Form

door = Door("wordings", __name__, url_prefix="/wordings")
doors = [door, template_pages.door]

READ = needs(Permission.WORDINGS_READ)
WRITE = needs(Permission.WORDINGS_WRITE)
ACTIVATE = needs(Permission.WORDINGS_ACTIVATE)


def _(message: str, **values: Any) -> str:
    return str(gettext(message, **values))


def names() -> dict[str, Any]:
    """What all templates of these pages say by."""
    return {"words": words, "paper_words": paper_words, "kind_name": paper_words.kind_name, "unreviewed": UNREVIEWED}


@door.get("", READ)
def index(act: Act) -> ResponseReturnValue:
    """List every kind of paper with its languages."""
    return act.page("papers_authoring/index.html", kinds=queries.overview(act.session, act.actor), **names())


@door.get("/<kind>", READ)
def show(act: Act, kind: str) -> ResponseReturnValue:
    """Show one kind: its languages, what is being written, what is older."""
    return _show(act, kind, Form.of(LanguageForm))


def _show(act: Act, key: str, form: Form[LanguageForm]) -> ResponseReturnValue:
    queries.get_kind(key)
    (line,) = queries.overview(act.session, act.actor, [key])
    present = {each.language for each in line.languages}
    choices = [(code, _(name)) for code, name in paper_words.LANGUAGES.items() if code not in present]
    return act.page("papers_authoring/kind.html", form.status, line=line, kind=line.kind, form=form, choices=choices,
                    may_write=act.actor.may(Permission.WORDINGS_WRITE), **names())  # fmt: skip


@door.post("/<kind>/languages", WRITE)
def add_language(act: Act, kind: str) -> ResponseReturnValue:
    """Begin one more language."""
    form = Form.posted(LanguageForm)
    if form.data:
        with form.guarding(act):
            service.add_language(act.session, act.actor, act.now, kind, form.data.language)
            flash(_("The language is begun as a copy. Translate it and have it put into use."))
            return act.to("wordings.edit", kind=kind, language=form.data.language)
    return _show(act, kind, form)


@door.get("/<kind>/<language>", READ)
def edit(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Open the editor: on the draft, on the version in use, or on an earlier one."""
    found = queries.versions(act.session, act.actor, kind, language)
    draft = queries.draft_of(found)
    chosen = draft or queries.current(found) or found[0]
    asked = request.args.get("from", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 7:
        chosen = queries.version(act.session, act.actor, kind, language, int(asked))
        if chosen.state is VersionState.DELETED:
            raise Conflict("papers.wording-deleted", n=chosen.n)
    visits = previewing.visits_to_try(act.session, act.actor)
    form = Form.of(WordingForm, {
        "text": chosen.text, "remark": draft.remark if draft else "",
        "based_on": draft.based_on if draft and chosen is draft else chosen.n,
        "draft": draft.n if draft else None, "version": draft.lock_version if draft else None,
        "visit": visits[0].id if visits else None,
    })  # fmt: skip
    return _editor(act, kind, language, form, found)


def _editor(
    act: Act, key: str, language: str, form: Form[WordingForm], found: Sequence[Version], *, preview: Any = None
) -> ResponseReturnValue:
    kind = queries.get_kind(key)
    (line,) = queries.overview(act.session, act.actor, [key])
    own = next((each for each in line.languages if each.language == language), None)
    people = account_names(
        act.session, [who for one in found for who in (one.saved_by, one.activated_by)], reader_language()
    )
    known = environment().filters
    return act.page(
        "papers_authoring/edit.html", form.status, kind=kind, language=language, form=form, versions=found,
        draft=queries.draft_of(found), active=queries.current(found), own=own, people=people,
        others=[each.language for each in line.languages if each.language != language and each.active is not None],
        shelves=palette(kind.sections, reader_language()), visits=previewing.visits_to_try(act.session, act.actor),
        forms_of_facts=[each for each in words.FORMS if each[0] in known], preview=preview,
        may_write=act.actor.may(Permission.WORDINGS_WRITE), may_activate=act.actor.may(Permission.WORDINGS_ACTIVATE),
        **names(),
    )  # fmt: skip


@door.post("/<kind>/<language>", WRITE)
def save(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Save what was written as a draft."""
    form = Form.posted(WordingForm)
    if form.data:
        data = form.data
        seen = (data.draft, data.version) if data.draft and data.version is not None else None
        with form.guarding(act):
            row = service.save_wording(act.session, act.actor, act.now, kind, language, data.text,
                                       remark=data.remark, based_on=data.based_on, seen=seen)  # fmt: skip
            flash(_("Saved as version %(n)s. It is used once it has been put into use.", n=row.n))
            return act.to("wordings.edit", kind=kind, language=language)
    found = queries.versions(act.session, act.actor, kind, language)
    draft = queries.draft_of(found)
    if form.theirs and draft is not None and draft.lock_version is not None:
        form.settle_version(draft.lock_version)
        form.values["draft"] = str(draft.n)
    return _editor(act, kind, language, form, found)


@door.post("/<kind>/<language>/preview", READ)
def preview(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Show what is being written on a visit: a part of the page for scripts, the whole page without them."""
    begin_read_only(act.session)
    form = Form.posted(WordingForm)
    found = queries.versions(act.session, act.actor, kind, language)
    delivered = queries.get_kind(kind)
    text = form.data.text if form.data else str(form.values.get("text") or "")
    made = None
    if form.data:
        facts = previewing.facts_to_try(act.session, act.actor, act.now, delivered, form.data.visit)
        rollback(act.session)
        made = previewing.try_wording(delivered, language, text, facts)
    shown = _shown(made)
    if request.headers.get("HX-Request"):
        return act.page("papers_authoring/_preview.html", preview=shown, form=form, language=language, **names())
    return _editor(act, kind, language, form, found, preview=shown)


def _shown(made: previewing.Preview | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {
        "html": Markup(made.html),  # noqa: S704 - `preview.to_html` of ours escaped it
        "missing": made.missing,
        "faults": [service.sentence_of(each) for each in made.faults],
        "error": fault(made.error).sentence if made.error else None,
    }


@door.post("/<kind>/<language>/preview.pdf", READ)
def preview_pdf(act: Act, kind: str, language: str) -> ResponseReturnValue:
    """Give what is being written on a visit as PDF."""
    begin_read_only(act.session)
    form = Form.posted(WordingForm)
    found = queries.versions(act.session, act.actor, kind, language)
    delivered = queries.get_kind(kind)
    if form.data:
        facts = previewing.facts_to_try(act.session, act.actor, act.now, delivered, form.data.visit)
        rollback(act.session)
        made = previewing.try_wording(delivered, language, form.data.text, facts)
        if not made.faults and made.error is None:
            try:
                pdf = previewing.try_format(
                    previewing.edition_to_try(delivered, language, form.data.text), facts, "pdf"
                )
                return offer(pdf.data, name=f"{kind}-{language}-preview.pdf", media_type=pdf.mime)
            except RenderError as wrong:
                made = previewing.Preview(error=wrong)
        form.status = 422
        return _editor(act, kind, language, form, found, preview=_shown(made))
    return _editor(act, kind, language, form, found)


@door.get("/<kind>/<language>/versions/<int:n>", READ)
def version(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Show a version and what differs from another one."""
    return _version(act, kind, language, n)


def _version(act: Act, key: str, language: str, n: int, *, refused: Refused | None = None,
             form: Form[VersionForm] | None = None) -> ResponseReturnValue:  # fmt: skip
    found = queries.versions(act.session, act.actor, key, language)
    one = queries.version(act.session, act.actor, key, language, n)
    asked = request.args.get("with", "")
    others = [each for each in found if each.n != n and each.state is not VersionState.DELETED]
    active = queries.current(found)
    default = active.n if active and active.n != n else one.based_on
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else default
    other = next((each for each in others if each.n == wanted), others[0] if others else None)
    rows = difference(other.text, one.text) if other and one.state is not VersionState.DELETED else []
    people = account_names(act.session, [one.saved_by, one.activated_by], reader_language())
    return act.page(
        "papers_authoring/version.html", form.status if form else 200, kind=queries.get_kind(key), language=language,
        one=one, other=other, others=others, rows=rows, people=people, refused=refused, form=form,
        may_write=act.actor.may(Permission.WORDINGS_WRITE), may_activate=act.actor.may(Permission.WORDINGS_ACTIVATE),
        **names(),
    )  # fmt: skip


@door.post("/<kind>/<language>/versions/<int:n>/activate", ACTIVATE)
def activate(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Put a version into use, after it has been laid out once."""
    form = Form.posted(VersionForm)
    refused: Refused | None = None
    if form.data:
        wrong = _trial(act, kind, language, n)
        with form.guarding(act):
            try:
                if wrong is not None:
                    raise fault(wrong)
                service.activate_wording(act.session, act.actor, act.now, kind, language, n,
                                         lock_version=form.data.version)  # fmt: skip
            except Refused as error:
                refused = error
                raise
            flash(_("Version %(n)s is in use. Papers drafted from now on are written from it.", n=n) if n
                  else _("The wording as delivered is in use. Papers drafted from now on are written from it."))
            return act.to("wordings.edit", kind=kind, language=language)
    return _version(act, kind, language, n, refused=refused, form=form)


def _trial(act: Act, key: str, language: str, n: int) -> RenderError | None:
    """Lay a version out without facts, with no transaction open."""
    begin_read_only(act.session)
    one = queries.version(act.session, act.actor, key, language, n)
    kind = queries.get_kind(key)
    facts = previewing.facts_to_try(act.session, act.actor, act.now, kind, None)
    rollback(act.session)
    made = previewing.try_wording(kind, language, one.text, facts) if one.text else None
    return made.error if made else None


@door.post("/<kind>/<language>/versions/<int:n>/delete", WRITE)
def delete(act: Act, kind: str, language: str, n: int) -> ResponseReturnValue:
    """Delete a version."""
    form = Form.posted(VersionForm)
    if form.data:
        with form.guarding(act):
            service.delete_version(act.session, act.actor, act.now, kind, language, n, lock_version=form.data.version)
            flash(_("Version %(n)s is deleted.", n=n))
            return act.to("wordings.show", kind=kind)
    return _version(act, kind, language, n, form=form)


@door.get("/<kind>/beside", READ)
def side_by_side(act: Act, kind: str) -> ResponseReturnValue:
    """Show two languages side by side."""
    queries.get_kind(kind)
    (line,) = queries.overview(act.session, act.actor, [kind])
    languages = [each.language for each in line.languages]
    left, right = request.args.get("left", "ru"), request.args.get("right", "en")
    left = left if left in languages else languages[0]
    right = right if right in languages and right != left else next((one for one in languages if one != left), left)
    texts = [_newest(act, kind, language) for language in (left, right)]
    lines = {each.language: each for each in line.languages}
    return act.page("papers_authoring/beside.html", kind=line.kind, languages=languages, left=left, right=right,
                    left_line=lines[left], right_line=lines[right], rows=beside(*texts), **names())  # fmt: skip


def _newest(act: Act, key: str, language: str) -> str:
    found = queries.versions(act.session, act.actor, key, language)
    one = queries.current(found) or queries.draft_of(found)
    return one.text if one else ""

