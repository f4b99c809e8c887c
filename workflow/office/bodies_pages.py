"""Pages of the bodies in whose name papers go out, for administrators."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.base.actor import Permission
from workflow.base.errors import Invalid, NotFound
from workflow.base.files import read_file
from workflow.office import bodies, queries
from workflow.office.models import IssuingBody
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.downloads import offer_stored
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel

door = Door("issuing_bodies", __name__, url_prefix="/admin/office/bodies")
EDITS = needs(Permission.OFFICE_EDIT)


class BodyForm(FormModel):
    """What a body says of itself."""

    name_ru: str = Field(default="", max_length=400)
    name_en: str = Field(default="", max_length=400)
    department_ru: str = Field(default="", max_length=400)
    department_en: str = Field(default="", max_length=400)
    city_ru: str = Field(default="", max_length=120)
    city_en: str = Field(default="", max_length=120)
    city_in_ru: str = Field(default="", max_length=160)
    city_in_en: str = Field(default="", max_length=160)
    address_ru: str = Field(default="", max_length=400)
    address_en: str = Field(default="", max_length=400)
    letterhead_ru: str = Field(default="", max_length=1000)
    letterhead_en: str = Field(default="", max_length=1000)
    phone: str = Field(default="", max_length=60)
    email: str = Field(default="", max_length=254)
    website: str = Field(default="", max_length=200)
    languages: list[str] = Field(default_factory=list, max_length=100)
    kinds: list[str] = Field(default_factory=list, max_length=100)
    version: int | None = None


class LetterheadForm(FormModel):
    """A letterhead in one more language."""

    language: str = Field(max_length=2)
    lines: str = Field(default="", max_length=1000)
    version: int | None = None


def body_values(data: BodyForm) -> dict[str, Any]:
    """Give what was typed of a body, as the service takes it."""
    names = [*bodies.LINES, *bodies.BLOCKS]
    return {
        **{name: getattr(data, name) for name in names},
        "languages": data.languages,
        "kinds": data.kinds,
    }


def body_name(row: IssuingBody) -> str:
    """Name a body in the reader's language."""
    return (row.name_ru or row.name_en) if language() == "ru" else (row.name_en or row.name_ru)


@door.get("", EDITS)
def index(act: Act) -> ResponseReturnValue:
    """List the bodies."""
    rows = queries.issuing_bodies(act.session, with_retired=True)
    return act.page("office/bodies.html", rows=rows, body_name=body_name, tab="bodies",
                    several=sum(row.active for row in rows) > 1)


@door.get("/new", EDITS)
def new(act: Act) -> ResponseReturnValue:
    """Show an empty body."""
    return _page(act, Form.of(BodyForm), None)


@door.post("/new", EDITS, endpoint="new_now")
def new_now(act: Act) -> ResponseReturnValue:
    """Enter a body."""
    form = Form.posted(BodyForm)
    if form.data:
        with form.guarding(act):
            row = bodies.add_body(act.session, act.actor, act.now, **body_values(form.data))
            flash(_("The body is entered. Now add its arms and who signs for it."))
            return act.to("issuing_bodies.body", body_id=row.id)
    return _page(act, form, None)


@door.get("/<int:body_id>", EDITS)
def body(act: Act, body_id: int) -> ResponseReturnValue:
    """Show a body."""
    row = bodies.get_body(act.session, body_id)
    return _page(act, _filled(row), row)


def _filled(row: IssuingBody) -> Form[BodyForm]:
    told = {name: getattr(row, name, "") for name in BodyForm.model_fields}
    form = Form.of(BodyForm, {**told, "languages": list(row.languages), "kinds": list(row.kinds)})
    form.settle_version(row.lock_version)
    return form


@door.post("/<int:body_id>", EDITS, endpoint="body_now")
def body_now(act: Act, body_id: int) -> ResponseReturnValue:
    """Keep what a body says of itself."""
    form = Form.posted(BodyForm)
    if form.data:
        with form.guarding(act):
            bodies.change_body(act.session, act.actor, act.now, body_id, body_values(form.data),
                               version=form.data.version)
            flash(_("Saved."))
            return act.to("issuing_bodies.body", body_id=body_id)
    row = bodies.get_body(act.session, body_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    return _page(act, form, row)


def _page(
    act: Act, form: Form[BodyForm], row: IssuingBody | None, *, letterhead: Form[LetterheadForm] | None = None
) -> ResponseReturnValue:
    return act.page(
        "office/body.html", letterhead.status if letterhead else form.status, form=form, letterhead=letterhead,
        body=row, name=body_name(row) if row else "", tab="bodies",
        signatories=queries.signatories(act.session, body_id=row.id) if row else (),
        series=queries.series(act.session, row.id) if row else (),
    )  # fmt: skip


@door.post("/<int:body_id>/letterhead", EDITS)
def letterhead(act: Act, body_id: int) -> ResponseReturnValue:
    """Keep a letterhead in one more language, or take it away."""
    form = Form.posted(LetterheadForm)
    if form.data:
        with form.guarding(act):
            bodies.set_letterhead(act.session, act.actor, act.now, body_id, form.data.language, form.data.lines,
                                  version=form.data.version)
            flash(_("Saved."))
            return act.to("issuing_bodies.body", body_id=body_id, fragment="letterheads")
    row = bodies.get_body(act.session, body_id)
    return _page(act, _filled(row), row, letterhead=form)


@door.post("/<int:body_id>/arms", EDITS)
def arms(act: Act, body_id: int) -> ResponseReturnValue:
    """Keep the picture of a body's arms."""
    upload = uploaded("arms")
    if upload is None:
        raise Invalid("base.required", field="arms")
    bodies.set_arms(act.session, act.actor, act.now, body_id, upload)
    flash(_("The arms are kept."))
    return act.to("issuing_bodies.body", body_id=body_id, fragment="arms")


@door.get("/<int:body_id>/arms", EDITS, endpoint="arms_file")
def arms_file(act: Act, body_id: int) -> ResponseReturnValue:
    """Offer the picture of a body's arms."""
    row = bodies.get_body(act.session, body_id)
    if row.arms_file_id is None:
        raise NotFound("file")
    return offer_stored(*read_file(act.session, row.arms_file_id))


@door.post("/<int:body_id>/retire", EDITS)
def retire(act: Act, body_id: int) -> ResponseReturnValue:
    """Let a body issue no more papers."""
    bodies.retire_body(act.session, act.actor, act.now, body_id)
    flash(_("This body issues no more new papers."))
    return act.to("issuing_bodies.index")
