"""Passports: entered from the machine-readable zone or by hand, corrected, retired."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.reasons import Sentence
from workflow.knowledge.countries import country_choices
from workflow.people import queries, service
from workflow.people.forms import PassportCorrection, PassportForm
from workflow.people.models import Passport, Person
from workflow.people.returning import visit_id
from workflow.people.service import PassportData
from workflow.people.zone_forms import ask_for_zone, asked_to_read, fill, reading_of
from workflow.people.zones import Reading, is_proof, read_zone
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say

door = Door("passports", __name__)
WRITE = needs(Permission.PEOPLE_WRITE)
FILLED = ("country", "number", "type", "expires_on", "latin_family", "latin_given")


def _page(
    act: Act, person: Person, form: Form[Any], *, passport: Passport | None = None, reading: Reading | None = None
) -> ResponseReturnValue:
    birth = reading.zone.birth if reading and reading.zone.birth else None
    differs = bool(birth and birth.day and person.birth_date and birth.day.isoformat() != person.birth_date)
    return act.page(
        "people/passport.html", form.status, person=person, form=form, passport=passport, reading=reading,
        birth_differs=differs, visit_id=visit_id(),
        countries=[(one.code, one.name) for one in country_choices(language())],
    )  # fmt: skip


def _data(act: Act, person: Person, form: PassportForm) -> PassportData:
    today = local_date(act.now, act.actor.zone)
    reading = read_zone(form.zone, today) if form.zone else None
    proved = reading is not None and is_proof(reading, number=form.number, expires_on=form.expires_on)
    if form.to_card and reading is not None and reading.zone.format is not None:
        _take_over(act, person, reading, form)
    return PassportData(
        country=form.country, number=form.number, type=form.type.value, issued_on=form.issued_on,
        expires_on=form.expires_on, biometric={"yes": True, "no": False}.get(form.biometric),
        latin_family=form.latin_family, latin_given=form.latin_given, authority=form.authority,
        zone_read_on=today if proved else None,
    )  # fmt: skip


def _take_over(act: Act, person: Person, reading: Reading, form: PassportForm) -> None:
    """Write the name as printed, birth date, sex and citizenship onto the card: the passport wins."""
    fields = reading.fields
    values: dict[str, Any] = {"latin_family": form.latin_family, "latin_given": form.latin_given}
    if "birth_date" in fields:
        values["birth_date"] = fields["birth_date"].isoformat()
    if "sex" in fields:
        values["sex"] = fields["sex"]
    citizenship = fields.get("citizenship")
    if citizenship and citizenship not in (person.citizenships or []):
        values["citizenships"] = [*(person.citizenships or []), citizenship]
    service.correct_person(act.session, act.actor, act.now, person,
                           {name: value for name, value in values.items() if value})  # fmt: skip


def _shown_again(act: Act, person: Person, form: Form[Any], passport: Passport | None) -> ResponseReturnValue:
    """Show the form with what the pasted zone fills in; nothing is saved."""
    reading = reading_of(local_date(act.now, act.actor.zone), family=person.latin_family, given=person.latin_given)
    if reading is None:
        ask_for_zone(form)
    else:
        filled = {name: value for name, value in reading.fields.items() if name in FILLED}
        fill(form, filled | {"zone": "\n".join(reading.zone.lines) or reading.text})
    return _page(act, person, form, passport=passport, reading=reading)


@door.get("/people/<int:person_id>/passports/new", WRITE)
def new(act: Act, person_id: int) -> ResponseReturnValue:
    """Show the form for a passport, with the helper that reads its zone."""
    person = queries.get_person(act.session, act.actor, person_id)
    return _page(act, person, Form.of(PassportForm, {"country": (person.citizenships or [""])[0], "type": "ordinary"}))


@door.post("/people/<int:person_id>/passports", WRITE)
def add(act: Act, person_id: int) -> ResponseReturnValue:
    """Enter a passport, or read the zone that was pasted; the same number again corrects its dates."""
    person = queries.get_person(act.session, act.actor, person_id)
    form = Form.posted(PassportForm)
    if asked_to_read():
        return _shown_again(act, person, form, None)
    if form.data:
        with form.guarding(act):
            data = _data(act, person, form.data)
            service.add_passport(act.session, act.actor, act.now, person, data)
            flash(say(Sentence("people.done-passport")), "success")
            return act.to("people.card", person_id=person.id, visit=visit_id())
        person = queries.get_person(act.session, act.actor, person_id)
    reading = reading_of(local_date(act.now, act.actor.zone), family=person.latin_family, given=person.latin_given)
    return _page(act, person, form, reading=reading)


@door.get("/people/passports/<int:passport_id>/edit", WRITE)
def edit(act: Act, passport_id: int) -> ResponseReturnValue:
    """Show a passport for correcting; its number stands empty and stays unless typed anew."""
    passport = queries.get_passport(act.session, act.actor, passport_id)
    known = {name: getattr(passport, name) for name in ("country", "type", "issued_on", "expires_on", "latin_family",
                                                        "latin_given", "authority")}  # fmt: skip
    known |= {"biometric": {True: "yes", False: "no"}.get(passport.biometric, "") if passport.biometric is not None
              else "", "version": passport.lock_version}  # fmt: skip
    return _page(act, passport.person, Form.of(PassportCorrection, known), passport=passport)


@door.post("/people/passports/<int:passport_id>/edit", WRITE)
def correct(act: Act, passport_id: int) -> ResponseReturnValue:
    """Correct a passport, or read the zone that was pasted."""
    passport = queries.get_passport(act.session, act.actor, passport_id)
    form = Form.posted(PassportCorrection)
    if asked_to_read():
        return _shown_again(act, passport.person, form, passport)
    if form.data:
        with form.guarding(act):
            data = _data(act, passport.person, form.data)
            service.correct_passport(act.session, act.actor, act.now, passport, data, version=form.data.version)
            flash(say(Sentence("people.done-passport")), "success")
            return act.to("people.card", person_id=passport.person_id, visit=visit_id())
        passport = queries.get_passport(act.session, act.actor, passport_id)
        form.settle_version(passport.lock_version)
    return _page(act, passport.person, form, passport=passport)


@door.post("/people/passports/<int:passport_id>/retire", WRITE)
def retire(act: Act, passport_id: int) -> ResponseReturnValue:
    """Mark a passport as no longer in use."""
    passport = queries.get_passport(act.session, act.actor, passport_id)
    service.retire_passport(act.session, act.actor, act.now, passport)
    flash(say(Sentence("people.done-retired")), "success")
    return act.to("people.card", person_id=passport.person_id, visit=visit_id())
