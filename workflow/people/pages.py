"""A person's card, reached from the visits in which the person takes part: masked until somebody asks to see."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.reasons import Sentence
from workflow.knowledge.countries import HOME, country_choices
from workflow.knowledge.names import compare_latin, propose_latin
from workflow.people import queries, service
from workflow.people.forms import KEPT_WHEN_EMPTY, PassportForm, PersonForm, values_of
from workflow.people.models import Person
from workflow.people.service import PassportData
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say

door = Door("people", __name__)
READ, WRITE, REVEAL = (
    needs(Permission.PEOPLE_READ), needs(Permission.PEOPLE_WRITE), needs(Permission.PEOPLE_REVEAL)
)  # fmt: skip


def _visit_id() -> int | None:
    """Give the visit from which the card was opened, for the way back; it grants nothing."""
    sent = request.values.get("visit", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def _card(
    act: Act, person: Person, *, revealed: bool = False, passport: Form[PassportForm] | None = None
) -> ResponseReturnValue:
    russian = f"{person.russian_family} {person.russian_given}".strip()
    latin = f"{person.latin_family} {person.latin_given}".strip()
    both = person.russian_given and person.latin_given and HOME in (person.citizenships or [])
    proposal = propose_latin(russian) if both else None
    return act.page(
        "people/card.html", passport.status if passport else 200, person=person, revealed=revealed,
        passports=queries.live_passports(person), visit_id=_visit_id(), form=passport,
        proposal=proposal if proposal and latin and compare_latin(latin, proposal) else None,
        differing=[one.id for one in queries.live_passports(person) if _differs(person, one)],
        may_write=act.actor.may(Permission.PEOPLE_WRITE), may_reveal=act.actor.may(Permission.PEOPLE_REVEAL),
        countries=[(one.code, one.name) for one in country_choices(language())],
    )  # fmt: skip


def _differs(person: Person, passport: Any) -> bool:
    theirs = f"{passport.latin_family} {passport.latin_given}".strip()
    return bool(theirs) and compare_latin(f"{person.latin_family} {person.latin_given}", theirs) != []


@door.get("/people/<int:person_id>", READ)
def card(act: Act, person_id: int) -> ResponseReturnValue:
    """Show a person's card with birth, contact and passport data masked."""
    return _card(act, queries.get_person(act.session, act.actor, person_id))


@door.post("/people/<int:person_id>/reveal", REVEAL)
def reveal(act: Act, person_id: int) -> ResponseReturnValue:
    """Show the card unmasked; that somebody looked is recorded first."""
    person = queries.get_person(act.session, act.actor, person_id)
    service.reveal_person(act.session, act.actor, act.now, person)
    return _card(act, person, revealed=True)


@door.get("/people/<int:person_id>/edit", WRITE)
def edit(act: Act, person_id: int) -> ResponseReturnValue:
    """Show a person's data for correcting; personal fields stand empty and stay as they are unless typed anew."""
    person = queries.get_person(act.session, act.actor, person_id)
    known = {name: getattr(person, name, None) for name in PersonForm.model_fields if name not in KEPT_WHEN_EMPTY}
    known |= {"languages": ", ".join(person.languages or []), "version": person.lock_version}
    return _edit_page(act, person, Form.of(PersonForm, known))


def _edit_page(act: Act, person: Person, form: Form[PersonForm]) -> ResponseReturnValue:
    return act.page("people/edit.html", form.status, person=person, form=form, visit_id=_visit_id(),
                    countries=[(one.code, one.name) for one in country_choices(language())])  # fmt: skip


@door.post("/people/<int:person_id>/edit", WRITE, endpoint="correct")
def correct(act: Act, person_id: int) -> ResponseReturnValue:
    """Correct a person's data."""
    person = queries.get_person(act.session, act.actor, person_id)
    form = Form.posted(PersonForm)
    if form.data:
        with form.guarding(act):
            service.correct_person(act.session, act.actor, act.now, person, values_of(form.data),
                                   version=form.data.version)
            flash(say(Sentence("people.done-saved")), "success")
            return act.to("people.card", person_id=person.id, visit=_visit_id())
        form.theirs = {name: value for name, value in form.theirs.items() if name not in KEPT_WHEN_EMPTY}
        form.settle_version(person.lock_version)
    return _edit_page(act, person, form)


@door.post("/people/<int:person_id>/passports", WRITE, endpoint="add_passport")
def add_passport(act: Act, person_id: int) -> ResponseReturnValue:
    """Enter a passport; the same number again corrects its dates."""
    person = queries.get_person(act.session, act.actor, person_id)
    form = Form.posted(PassportForm)
    if form.data:
        data = form.data
        with form.guarding(act):
            given = PassportData(
                country=data.country, number=data.number, type=data.type.value, issued_on=data.issued_on,
                expires_on=data.expires_on, biometric={"yes": True, "no": False}.get(data.biometric),
                latin_family=data.latin_family, latin_given=data.latin_given,
            )  # fmt: skip
            service.add_passport(act.session, act.actor, act.now, person, given)
            flash(say(Sentence("people.done-passport")), "success")
            return act.to("people.card", person_id=person.id, visit=_visit_id())
    return _card(act, person, passport=form)


@door.post("/people/passports/<int:passport_id>/retire", WRITE, endpoint="retire_passport")
def retire_passport(act: Act, passport_id: int) -> ResponseReturnValue:
    """Mark a passport as no longer in use."""
    passport = queries.get_passport(act.session, act.actor, passport_id)
    service.retire_passport(act.session, act.actor, act.now, passport)
    flash(say(Sentence("people.done-retired")), "success")
    return act.to("people.card", person_id=passport.person_id, visit=_visit_id())
