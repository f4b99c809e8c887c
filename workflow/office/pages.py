"""The office's pages for administrators: by what we work, who signs, how numbers run, on which days we work."""

from datetime import date
from typing import Any, Literal

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.base import clock
from workflow.base.actor import Permission
from workflow.base.errors import Invalid, NotFound
from workflow.knowledge.countries import country_choices
from workflow.knowledge.zones import zone_choices
from workflow.office import bodies_pages, numbers, queries, service
from workflow.office.bodies_pages import BodyForm, body_values
from workflow.office.models import Signatory
from workflow.office.packs import PACK_WORDS, pack_keys
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel

door = Door("office", __name__, url_prefix="/admin/office")
doors = [door, bodies_pages.door]
EDITS = needs(Permission.OFFICE_EDIT)


class SettingsForm(FormModel):
    """By what the office works."""

    country: str = Field(default="RU", max_length=8)
    zone: str = Field(default="Europe/Moscow", max_length=60)
    pack_key: str = Field(default="ru-municipal", max_length=60)
    version: int | None = None


class OfficeForm(BodyForm, SettingsForm):
    """By what the office works, and its first body."""


class SignatoryForm(FormModel):
    """Somebody who signs."""

    issuing_body_id: int | None = None
    name_ru: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)
    post_ru: str = Field(default="", max_length=300)
    post_en: str = Field(default="", max_length=300)
    short_ru: str = Field(default="", max_length=120)
    short_en: str = Field(default="", max_length=120)
    name_genitive: str = Field(default="", max_length=200)
    name_dative: str = Field(default="", max_length=200)
    post_genitive: str = Field(default="", max_length=300)
    post_dative: str = Field(default="", max_length=300)
    gender: str = Field(default="", max_length=1)
    kinds: list[str] = Field(default_factory=list, max_length=100)
    is_default: bool = False
    version: int | None = None


class SignatoryWordsForm(FormModel):
    """A signatory's name and post in one more language."""

    language: str = Field(max_length=2)
    name: str = Field(default="", max_length=200)
    post: str = Field(default="", max_length=300)
    version: int | None = None


class SeriesForm(FormModel):
    """A register of numbers."""

    issuing_body_id: int | None = None
    key: str = Field(max_length=40)
    title_ru: str = Field(default="", max_length=200)
    title_en: str = Field(default="", max_length=200)
    pattern: str = Field(max_length=60)
    given_at: Literal["approval", "signature"] = "approval"


class SeriesChangeForm(FormModel):
    """A register's pattern, and from where it goes on."""

    title_ru: str = Field(default="", max_length=200)
    title_en: str = Field(default="", max_length=200)
    pattern: str = Field(max_length=60)
    given_at: Literal["approval", "signature"] = "approval"
    next_value: int | None = Field(default=None, ge=1, le=1_000_000)
    version: int | None = None


class DayForm(FormModel):
    """A day that differs from the calendar."""

    calendar: str = Field(default="RU", max_length=8)
    day: date
    works: bool = False
    note: str = Field(default="", max_length=300)


def _countries() -> list[tuple[str, str]]:
    return [(choice.code, choice.name) for choice in country_choices(language())]


@door.get("", EDITS)
def index(act: Act) -> ResponseReturnValue:
    """Show by what we work; before the office is set up, ask for its first body, too."""
    row = queries.office(act.session)
    if row is None:
        return _index(act, Form.of(OfficeForm, {"zone": act.actor.zone}))
    form = Form.of(SettingsForm, row)
    form.settle_version(row.lock_version)
    return _index(act, form)


@door.post("", EDITS, endpoint="index_now")
def index_now(act: Act) -> ResponseReturnValue:
    """Keep by what we work; the first time this sets the office up."""
    row = queries.office(act.session)
    form: Form[Any] = Form.posted(OfficeForm if row is None else SettingsForm)
    if form.data:
        with form.guarding(act):
            if form.data.pack_key not in pack_keys():
                raise Invalid("base.not-a-choice", field="pack_key")
            working = {name: getattr(form.data, name) for name in ("country", "zone", "pack_key")}
            if row is None:
                service.set_up_office(act.session, act.actor, act.now, **working, **body_values(form.data))
                flash(_("Saved. What is still to be entered stands here."))
                return act.to("desk.today")
            service.change_office(act.session, act.actor, act.now, working, version=form.data.version)
            flash(_("Saved."))
            return act.to("office.index")
    if form.theirs and row is not None:
        form.settle_version(row.lock_version)
    return _index(act, form)


def _index(act: Act, form: Form[Any]) -> ResponseReturnValue:
    row = queries.office(act.session)
    return act.page(
        "office/index.html", form.status, form=form, office=row, countries=_countries(),
        zones=zone_choices(language(), row.zone if row else ""), tab="index",
        packs=[(key, _(PACK_WORDS.get(key, key))) for key in pack_keys()],
    )  # fmt: skip


@door.get("/signatories", EDITS)
def signatories(act: Act) -> ResponseReturnValue:
    """List who signs."""
    return act.page("office/signatories.html", signatories=queries.signatories(act.session, with_retired=True),
                    tab="signatories", **_bodies(act))


@door.get("/signatories/new", EDITS)
def new_signatory(act: Act) -> ResponseReturnValue:
    """Show an empty signatory, of the body from whose page it was asked for."""
    form = Form.of(SignatoryForm, {"issuing_body_id": request.args.get("body", type=int)})
    return act.page("office/signatory.html", form=form, signatory=None, tab="signatories", **_bodies(act))


@door.post("/signatories/new", EDITS, endpoint="new_signatory_now")
def new_signatory_now(act: Act) -> ResponseReturnValue:
    """Enter a signatory."""
    form = Form.posted(SignatoryForm)
    if form.data:
        with form.guarding(act):
            service.add_signatory(act.session, act.actor, act.now, **_signatory_values(form.data))
            flash(_("Saved."))
            return act.to("office.signatories")
    return act.page("office/signatory.html", form.status, form=form, signatory=None, tab="signatories", **_bodies(act))


@door.get("/signatories/<int:signatory_id>", EDITS)
def signatory(act: Act, signatory_id: int) -> ResponseReturnValue:
    """Show a signatory."""
    row = _signatory(act, signatory_id)
    return _signatory_page(act, _filled(row), row)


def _filled(row: Signatory) -> Form[SignatoryForm]:
    told = {name: getattr(row, name, "") for name in SignatoryForm.model_fields}
    form = Form.of(SignatoryForm, {**told, "kinds": list(row.kinds)})
    form.settle_version(row.lock_version)
    return form


def _signatory_page(
    act: Act, form: Form[SignatoryForm], row: Signatory, *, words: Form[SignatoryWordsForm] | None = None
) -> ResponseReturnValue:
    return act.page("office/signatory.html", words.status if words else form.status, form=form, signatory=row,
                    words=words, tab="signatories", **_bodies(act))  # fmt: skip


@door.post("/signatories/<int:signatory_id>", EDITS, endpoint="signatory_now")
def signatory_now(act: Act, signatory_id: int) -> ResponseReturnValue:
    """Keep a signatory's data."""
    form = Form.posted(SignatoryForm)
    if form.data:
        with form.guarding(act):
            values = {name: value for name, value in _signatory_values(form.data).items() if name != "issuing_body_id"}
            service.change_signatory(act.session, act.actor, act.now, signatory_id, values, version=form.data.version)
            flash(_("Saved."))
            return act.to("office.signatories")
    row = _signatory(act, signatory_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    return _signatory_page(act, form, row)


@door.post("/signatories/<int:signatory_id>/words", EDITS)
def signatory_words(act: Act, signatory_id: int) -> ResponseReturnValue:
    """Keep a signatory's name and post in one more language, or take them away."""
    form = Form.posted(SignatoryWordsForm)
    if form.data:
        with form.guarding(act):
            service.set_signatory_words(act.session, act.actor, act.now, signatory_id, form.data.language,
                                        name=form.data.name, post=form.data.post, version=form.data.version)
            flash(_("Saved."))
            return act.to("office.signatory", signatory_id=signatory_id, fragment="languages")
    row = _signatory(act, signatory_id)
    return _signatory_page(act, _filled(row), row, words=form)


@door.post("/signatories/<int:signatory_id>/retire", EDITS)
def retire(act: Act, signatory_id: int) -> ResponseReturnValue:
    """Let somebody sign no more."""
    service.retire_signatory(act.session, act.actor, act.now, signatory_id)
    flash(_("This person signs no more new papers."))
    return act.to("office.signatories")


def _signatory(act: Act, signatory_id: int) -> Signatory:
    row = act.session.get(Signatory, signatory_id)
    if row is None:
        raise NotFound("signatory")
    return row


def _signatory_values(data: SignatoryForm) -> dict[str, Any]:
    return {**data.model_dump(exclude={"version", "kinds"}), "kinds": data.kinds}


def _bodies(act: Act) -> dict[str, Any]:
    """Give the bodies to choose from, and the names of all."""
    rows = queries.issuing_bodies(act.session, with_retired=True)
    names = {row.id: bodies_pages.body_name(row) for row in rows}
    return {"body_names": names, "bodies": [(row.id, names[row.id]) for row in rows if row.active]}


@door.get("/numbers", EDITS)
def series(act: Act) -> ResponseReturnValue:
    """List the registers of numbers."""
    return _series(act, Form.of(SeriesForm))


@door.post("/numbers", EDITS, endpoint="series_now")
def series_now(act: Act) -> ResponseReturnValue:
    """Add a register of numbers."""
    form = Form.posted(SeriesForm)
    if form.data:
        with form.guarding(act):
            values = form.data.model_dump(exclude={"issuing_body_id"})
            numbers.add_series(act.session, act.actor, act.now, **values, body_id=form.data.issuing_body_id)
            flash(_("Saved."))
            return act.to("office.series")
    return _series(act, form)


def _series(act: Act, form: Form[SeriesForm]) -> ResponseReturnValue:
    year = clock.local_date(act.now, queries.our_zone(act.session)).year
    return act.page("office/numbers.html", form.status, form=form, series=queries.series(act.session), year=year,
                    next_values=numbers.next_values(act.session, year), tab="series", **_bodies(act))


@door.get("/numbers/<int:series_id>", EDITS)
def one_series(act: Act, series_id: int) -> ResponseReturnValue:
    """Show a register of numbers."""
    row = numbers.get_series(act.session, series_id)
    form = Form.of(SeriesChangeForm, row)
    form.settle_version(row.lock_version)
    return _one_series(act, form, series_id)


@door.post("/numbers/<int:series_id>", EDITS, endpoint="one_series_now")
def one_series_now(act: Act, series_id: int) -> ResponseReturnValue:
    """Keep a register's pattern, or let it go on from a higher number."""
    form = Form.posted(SeriesChangeForm)
    if form.data:
        with form.guarding(act):
            values = form.data.model_dump(include={"title_ru", "title_en", "pattern", "given_at"})
            row = numbers.change_series(act.session, act.actor, act.now, series_id, values, version=form.data.version)
            if form.data.next_value is not None:
                year = clock.local_date(act.now, queries.our_zone(act.session)).year
                numbers.set_next_number(act.session, act.actor, act.now, row.key, year, form.data.next_value,
                                        body_id=row.issuing_body_id)
            flash(_("Saved."))
            return act.to("office.series")
    return _one_series(act, form, series_id)


def _one_series(act: Act, form: Form[SeriesChangeForm], series_id: int) -> ResponseReturnValue:
    row = numbers.get_series(act.session, series_id)
    if form.theirs:
        form.settle_version(row.lock_version)
    year = clock.local_date(act.now, queries.our_zone(act.session)).year
    upcoming = numbers.next_values(act.session, year).get(row.id, 1)
    return act.page("office/one_series.html", form.status, form=form, series=row, year=year, upcoming=upcoming,
                    tab="series", **_bodies(act))


@door.get("/calendar", EDITS)
def calendar(act: Act) -> ResponseReturnValue:
    """List the days that differ from the calendars."""
    return _calendar(act, Form.of(DayForm, {"calendar": queries.our_country(act.session)}))


@door.post("/calendar", EDITS, endpoint="calendar_now")
def calendar_now(act: Act) -> ResponseReturnValue:
    """Say that people work, or rest, on a day."""
    form = Form.posted(DayForm)
    if form.data:
        with form.guarding(act):
            service.override_day(act.session, act.actor, act.now, **form.data.model_dump())
            flash(_("Saved."))
            return act.to("office.calendar")
    return _calendar(act, form)


def _calendar(act: Act, form: Form[DayForm]) -> ResponseReturnValue:
    year = clock.local_date(act.now, queries.our_zone(act.session)).year
    ours = queries.our_calendar(act.session)
    unsure = [number for number in (year, year + 1) if not ours.covers(number)]
    return act.page("office/calendar.html", form.status, form=form, days_changed=queries.corrected_days(act.session),
                    countries=_countries(), unsure=unsure, tab="calendar")


@door.post("/calendar/<int:override_id>/drop", EDITS)
def drop_day(act: Act, override_id: int) -> ResponseReturnValue:
    """Take a word about a day back."""
    service.drop_override(act.session, act.actor, act.now, override_id)
    flash(_("The day follows the calendar again."))
    return act.to("office.calendar")
