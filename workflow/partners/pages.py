"""Partners: the list, the card with what other rooms add to it, and the forms."""

import re
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.errors import Invalid, NotFound
from workflow.knowledge.countries import country_choices, country_name
from workflow.partners import queries, service
from workflow.partners.models import PartnerContact
from workflow.partners.panels import PANELS
from workflow.partners.rules import anniversary, is_language
from workflow.partners.words import KIND_WORDS, TIE_WORDS
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language, language_code, language_name, partial_day
from workflow.web.forms import Form, FormModel

door = Door("partners", __name__, url_prefix="/partners")
READS = needs(Permission.PARTNERS_READ)
WRITES = needs(Permission.PARTNERS_WRITE)


class PartnerForm(FormModel):
    """A partner."""

    key: str = Field(default="", max_length=60)
    kind: str = Field(max_length=16)
    tie: str = Field(default="contact", max_length=16)
    name_ru: str = Field(default="", max_length=400)
    name_en: str = Field(default="", max_length=400)
    name_own: str = Field(default="", max_length=400)
    short_name: str = Field(default="", max_length=60)
    city_ru: str = Field(default="", max_length=120)
    city_en: str = Field(default="", max_length=120)
    city_own: str = Field(default="", max_length=120)
    country: str = Field(default="", max_length=8)
    languages: str = Field(default="", max_length=200)
    address_ru: str = Field(default="", max_length=400)
    address_en: str = Field(default="", max_length=400)
    website: str = Field(default="", max_length=300)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=60)
    head_name_ru: str = Field(default="", max_length=200)
    head_name_en: str = Field(default="", max_length=200)
    head_name_own: str = Field(default="", max_length=200)
    head_post_ru: str = Field(default="", max_length=300)
    head_post_en: str = Field(default="", max_length=300)
    head_post_own: str = Field(default="", max_length=300)
    head_gender: str = Field(default="", max_length=1)
    addressee_ru: str = Field(default="", max_length=600)
    addressee_en: str = Field(default="", max_length=600)
    addressee_own: str = Field(default="", max_length=600)
    salutation_ru: str = Field(default="", max_length=300)
    salutation_en: str = Field(default="", max_length=300)
    salutation_own: str = Field(default="", max_length=300)
    founded: str = Field(default="", max_length=10)
    population: int | None = Field(default=None, ge=1, le=service.MAX_POPULATION)
    profile_ru: str = Field(default="", max_length=3000)
    profile_en: str = Field(default="", max_length=3000)
    head_about_ru: str = Field(default="", max_length=1500)
    head_about_en: str = Field(default="", max_length=1500)
    head_pronounced: str = Field(default="", max_length=200)
    head_pronounced_en: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=5000)
    version: int | None = None


class ContactForm(FormModel):
    """A person at a partner."""

    name: str = Field(max_length=200)
    post: str = Field(default="", max_length=300)
    language: str = Field(default="", max_length=60)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=60)
    version: int | None = None


class AgreementForm(FormModel):
    """An agreement with a partner."""

    title_ru: str = Field(default="", max_length=500)
    title_en: str = Field(default="", max_length=500)
    own_party: str = Field(default="", max_length=200)
    signed: str = Field(default="", max_length=10)
    valid_until: str = Field(default="", max_length=10)
    ended: str = Field(default="", max_length=10)
    scope: str = Field(default="", max_length=1000)
    has_plan: bool = False
    version: int | None = None


def _words(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(str(key), _(word)) for key, word in table.items()]


def _partner_values(data: PartnerForm) -> dict[str, Any]:
    values = data.model_dump(exclude={"version", "key"})
    return {**values, "languages": _languages(data.languages)}


def _languages(text: str) -> list[str]:
    return [code for part in re.split("[,;]", text) for code in _codes(part)]


def _codes(part: str) -> list[str]:
    """Read one language by its name, of however many words, or several codes with spaces between."""
    return [language_code(part)] if is_language(language_code(part)) else [language_code(word) for word in part.split()]


def _contact_values(data: ContactForm) -> dict[str, Any]:
    """Give what was entered of a contact person.

    Raises:
        Invalid: no language is named so.
    """
    code = language_code(data.language)
    if code and not is_language(code):
        raise Invalid("partners.language", field="language")
    return {**data.model_dump(exclude={"version"}), "language": code}


@door.get("", READS)
def index(act: Act) -> ResponseReturnValue:
    """List partners, narrowed by words, kind, tie and country."""
    asked = request.args
    chosen = queries.Filter(text=asked.get("q", "").strip()[:100], kind=asked.get("kind", ""), tie=asked.get("tie", ""),
                            country=asked.get("country", ""), archived=asked.get("archived") == "1")
    start = asked.get("after", "0")
    after = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    rows, total = queries.list_partners(act.session, act.actor, chosen, language=language(), after=after)
    countries = sorted(((code, country_name(code, language())) for code in queries.countries(act.session)),
                       key=lambda pair: pair[1])
    return act.page(
        "partners/index.html", rows=rows, total=total, chosen=chosen, kinds=_words(KIND_WORDS), ties=_words(TIE_WORDS),
        countries=countries, kind_words=KIND_WORDS, tie_words=TIE_WORDS,
        next_after=after + queries.PAGE if after + queries.PAGE < total else None,
        prev_after=max(0, after - queries.PAGE) if after else None,
        values={name: asked.get(name, "") for name in ("q", "kind", "tie", "country", "archived")},
    )  # fmt: skip


@door.get("/new", WRITES)
def new(act: Act) -> ResponseReturnValue:
    """Show an empty partner."""
    return _form_page(act, Form.of(PartnerForm, {"kind": "city"}), None)


@door.post("/new", WRITES, endpoint="new_now")
def new_now(act: Act) -> ResponseReturnValue:
    """Enter a partner."""
    form = Form.posted(PartnerForm)
    if form.data:
        with form.guarding(act):
            row = service.add_partner(act.session, act.actor, act.now, key=form.data.key, **_partner_values(form.data))
            flash(_("The partner is entered."))
            return act.to("partners.show", partner_id=row.id)
    return _form_page(act, form, None)


@door.get("/<int:partner_id>", READS)
def show(act: Act, partner_id: int) -> ResponseReturnValue:
    """Show a partner's card."""
    return _card(act, partner_id)


def _card(act: Act, partner_id: int, revealed: PartnerContact | None = None) -> ResponseReturnValue:
    row = queries.partner(act.session, act.actor, partner_id)
    panels = [panel for _name, source in PANELS.items()
              for panel in source(act.session, act.actor, act.now, partner_id)]
    return act.page(
        "partners/card.html", partner=row, panels=panels, revealed=revealed.id if revealed else None,
        anniversary=anniversary(row.founded, local_date(act.now, act.actor.zone).year),
        contacts=queries.contacts(act.session, partner_id), agreements=queries.agreements(act.session, partner_id),
        membership=queries.membership(act.session, partner_id), posts=queries.body_posts(act.session, partner_id),
        awards=queries.awards(act.session, partner_id), kind_words=KIND_WORDS, tie_words=TIE_WORDS,
    )  # fmt: skip


@door.get("/<int:partner_id>/edit", WRITES)
def edit(act: Act, partner_id: int) -> ResponseReturnValue:
    """Show a partner's form."""
    row = queries.partner(act.session, act.actor, partner_id)
    values = {name: getattr(row, name, "") for name in PartnerForm.model_fields}
    form = Form.of(PartnerForm, {**values, "languages": ", ".join(map(language_name, row.languages))})
    form.settle_version(row.lock_version)
    return _form_page(act, form, partner_id)


@door.post("/<int:partner_id>/edit", WRITES, endpoint="edit_now")
def edit_now(act: Act, partner_id: int) -> ResponseReturnValue:
    """Keep what we know of a partner."""
    form = Form.posted(PartnerForm)
    if form.data:
        with form.guarding(act):
            service.change_partner(act.session, act.actor, act.now, partner_id, _partner_values(form.data),
                                   version=form.data.version)
            flash(_("Saved."))
            return act.to("partners.show", partner_id=partner_id)
        _name_their_languages(form)
    return _form_page(act, form, partner_id)


def _name_their_languages(form: Form[PartnerForm]) -> None:
    """Name the languages that somebody else saved meanwhile; the same ones, named or by code, are no difference."""
    if "languages" in form.theirs:
        theirs = form.theirs.pop("languages").split(", ")
        if theirs != _languages(form.values["languages"]):
            form.theirs["languages"] = ", ".join(map(language_name, theirs))


def _form_page(act: Act, form: Form[PartnerForm], partner_id: int | None) -> ResponseReturnValue:
    row = None if partner_id is None else queries.partner(act.session, act.actor, partner_id)
    if form.theirs and row is not None:
        form.settle_version(row.lock_version)
    return act.page(
        "partners/form.html", form.status, form=form, partner=row, kinds=_words(KIND_WORDS), ties=_words(TIE_WORDS),
        countries=[(choice.code, choice.name) for choice in country_choices(language())],
    )  # fmt: skip


@door.post("/<int:partner_id>/archive", WRITES)
def archive(act: Act, partner_id: int) -> ResponseReturnValue:
    """Take a partner out of the lists."""
    service.archive_partner(act.session, act.actor, act.now, partner_id)
    flash(_("The partner is archived; its history stays."))
    return act.to("partners.show", partner_id=partner_id)


@door.post("/<int:partner_id>/restore", WRITES)
def restore(act: Act, partner_id: int) -> ResponseReturnValue:
    """Bring a partner back from the archive."""
    service.archive_partner(act.session, act.actor, act.now, partner_id, back=True)
    flash(_("The partner is back in the lists."))
    return act.to("partners.show", partner_id=partner_id)


@door.get("/<int:partner_id>/contacts/new", WRITES)
def new_contact(act: Act, partner_id: int) -> ResponseReturnValue:
    """Show an empty contact person."""
    return _contact_page(act, Form.of(ContactForm), partner_id, None)


@door.post("/<int:partner_id>/contacts/new", WRITES, endpoint="new_contact_now")
def new_contact_now(act: Act, partner_id: int) -> ResponseReturnValue:
    """Enter a contact person."""
    form = Form.posted(ContactForm)
    if form.data:
        with form.guarding(act):
            service.add_contact(act.session, act.actor, act.now, partner_id,
                                **_contact_values(form.data))
            flash(_("Saved."))
            return act.to("partners.show", partner_id=partner_id, fragment="contacts")
    return _contact_page(act, form, partner_id, None)


@door.get("/<int:partner_id>/contacts/<int:contact_id>", needs(Permission.PEOPLE_REVEAL))
def contact(act: Act, partner_id: int, contact_id: int) -> ResponseReturnValue:
    """Show a contact person's form, with the name and post only: address and number are typed anew or kept."""
    row = _contact(act, partner_id, contact_id)
    spoken = language_name(row.language) if row.language else ""
    form = Form.of(ContactForm, {"name": row.name, "post": row.post, "language": spoken})
    form.settle_version(row.lock_version)
    return _contact_page(act, form, partner_id, contact_id)


@door.post("/<int:partner_id>/contacts/<int:contact_id>", WRITES, endpoint="contact_now")
def contact_now(act: Act, partner_id: int, contact_id: int) -> ResponseReturnValue:
    """Keep a contact person's data; an address or number left empty stays as it was."""
    _contact(act, partner_id, contact_id)
    form = Form.posted(ContactForm)
    if form.data:
        with form.guarding(act):
            values = {name: value for name, value in _contact_values(form.data).items()
                      if value or name not in ("email", "phone")}
            service.change_contact(act.session, act.actor, act.now, contact_id, values, version=form.data.version)
            flash(_("Saved."))
            return act.to("partners.show", partner_id=partner_id, fragment="contacts")
    return _contact_page(act, form, partner_id, contact_id)


def _contact(act: Act, partner_id: int, contact_id: int) -> PartnerContact:
    row = act.session.get(PartnerContact, contact_id)
    if row is None or row.partner_id != partner_id:
        raise NotFound("contact")
    return row


def _contact_page(
    act: Act, form: Form[ContactForm], partner_id: int, contact_id: int | None
) -> ResponseReturnValue:
    row = queries.partner(act.session, act.actor, partner_id)
    if form.theirs and contact_id is not None:
        form.settle_version(_contact(act, partner_id, contact_id).lock_version)
    return act.page("partners/contact.html", form.status, form=form, partner=row, contact_id=contact_id)


@door.post("/<int:partner_id>/contacts/<int:contact_id>/reveal", needs(Permission.PEOPLE_REVEAL))
def reveal_contact(act: Act, partner_id: int, contact_id: int) -> ResponseReturnValue:
    """Show a contact's address and number; that it was done is recorded."""
    _contact(act, partner_id, contact_id)
    row = service.reveal_contact(act.session, act.actor, act.now, contact_id)
    return _card(act, partner_id, row)


@door.post("/<int:partner_id>/contacts/<int:contact_id>/archive", WRITES)
def archive_contact(act: Act, partner_id: int, contact_id: int) -> ResponseReturnValue:
    """Take a contact person out of the lists."""
    _contact(act, partner_id, contact_id)
    service.archive_contact(act.session, act.actor, act.now, contact_id)
    flash(_("The contact person is archived."))
    return act.to("partners.show", partner_id=partner_id, fragment="contacts")


@door.get("/<int:partner_id>/agreements/new", WRITES)
def new_agreement(act: Act, partner_id: int) -> ResponseReturnValue:
    """Show an empty agreement."""
    return _agreement_page(act, Form.of(AgreementForm), partner_id, None)


@door.post("/<int:partner_id>/agreements/new", WRITES, endpoint="new_agreement_now")
def new_agreement_now(act: Act, partner_id: int) -> ResponseReturnValue:
    """Enter an agreement."""
    form = Form.posted(AgreementForm)
    if form.data:
        with form.guarding(act):
            service.add_agreement(act.session, act.actor, act.now, partner_id, **_agreement_values(form.data))
            flash(_("The agreement is entered."))
            return act.to("partners.show", partner_id=partner_id, fragment="agreements")
    return _agreement_page(act, form, partner_id, None)


@door.get("/<int:partner_id>/agreements/<int:agreement_id>", WRITES)
def agreement(act: Act, partner_id: int, agreement_id: int) -> ResponseReturnValue:
    """Show an agreement's form."""
    row = queries.agreement_of(act.session, agreement_id)
    values = {name: getattr(row, name, "") for name in AgreementForm.model_fields}
    dates = {name: partial_day_value(values[name]) for name in ("signed", "valid_until", "ended")}
    form = Form.of(AgreementForm, {**values, **dates, "scope": "; ".join(row.scope)})
    form.settle_version(row.lock_version)
    return _agreement_page(act, form, partner_id, agreement_id)


def partial_day_value(text: str) -> str:
    """Give a partial date as the form takes it back: "2018-03" stays readable as "03.2018"."""
    return ".".join(reversed(text.split("-")))


@door.post("/<int:partner_id>/agreements/<int:agreement_id>", WRITES, endpoint="agreement_now")
def agreement_now(act: Act, partner_id: int, agreement_id: int) -> ResponseReturnValue:
    """Keep an agreement's data."""
    form = Form.posted(AgreementForm)
    if form.data:
        with form.guarding(act):
            service.change_agreement(act.session, act.actor, act.now, agreement_id, _agreement_values(form.data),
                                     version=form.data.version)
            flash(_("Saved."))
            return act.to("partners.show", partner_id=partner_id, fragment="agreements")
    return _agreement_page(act, form, partner_id, agreement_id)


def _agreement_values(data: AgreementForm) -> dict[str, Any]:
    return {**data.model_dump(exclude={"version", "scope"}), "scope": data.scope.split(";")}


def _agreement_page(
    act: Act, form: Form[AgreementForm], partner_id: int, agreement_id: int | None
) -> ResponseReturnValue:
    row = queries.partner(act.session, act.actor, partner_id)
    if agreement_id is not None:
        found = queries.agreement_of(act.session, agreement_id)
        if found.partner_id != partner_id:
            raise NotFound("agreement")
        if form.theirs:
            form.settle_version(found.lock_version)
    return act.page("partners/agreement.html", form.status, form=form, partner=row, agreement_id=agreement_id,
                    shown=partial_day)
