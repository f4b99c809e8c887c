"""Pages of a delegation: its members, one typed by hand, one replaced."""

from collections.abc import Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.base.clock import local_date
from workflow.base.database import read_key
from workflow.base.reasons import Sentence
from workflow.people.duplicates import Suggestion, find_alike
from workflow.people.models import Person
from workflow.people.queries import get_person, live_passports
from workflow.people.service import PassportData, add_passport, find_passport, find_same_person, register_person
from workflow.people.zone_forms import ask_for_zone, asked_to_read, fill, reading_of
from workflow.people.zones import Reading
from workflow.visits import delegation, forms, queries
from workflow.visits.asking import chosen_passport, known, questions
from workflow.visits.choices import countries
from workflow.visits.forms import MemberForm, MemberPartForm, TextForm
from workflow.visits.models import Member, Visit
from workflow.web.doors import Act, Door, needs
from workflow.web.forms import Form
from workflow.web.sentences import say

door = Door("members", __name__)
READ = needs(Permission.PEOPLE_READ)
WRITE = needs(Permission.PEOPLE_WRITE)


@door.get("/visits/<int:visit_id>/members", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the delegation, who left it, and whoever is in two places on one date."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    everybody = queries.members(act.session, visit_id, ended=True)
    live = [member for member in everybody if member.ended_at is None]
    clashes: dict[int, list[Visit]] = {}
    for ours, other in queries.double_booked(act.session, visit):
        clashes.setdefault(ours.id, []).append(other.visit)
    return act.page("members/index.html", visit=visit, members=live, clashes=clashes, tab="members",
                    gone=[member for member in everybody if member.ended_at is not None])


ZONE_FIELDS = {"number": "passport_number", "country": "passport_country", "type": "passport_type",
               "expires_on": "passport_expires"}  # fmt: skip
"""What a zone says → this form's field; the other fields have one name in both."""


def _form_page(
    act: Act, visit: Visit, form: Form[MemberForm], replaced: Member | None = None, *, reading: Reading | None = None,
    alike: Sequence[Suggestion] = (),
) -> ResponseReturnValue:
    if alike:
        form.status = 422
    return act.page("members/form.html", form.status, visit=visit, form=form, replaced=replaced, tab="members",
                    countries=countries(), sexes=forms.sexes(), passport_types=forms.passport_types(),
                    reading=reading, alike=[
                        (one, [say(Sentence(f"people.alike-{reason}")) for reason in one.reasons]) for one in alike])


def _read_zone(act: Act, form: Form[MemberForm]) -> Reading | None:
    """Fill the form from the zone that was pasted; the name typed before is compared with it."""
    typed = {name: str(form.values.get(name) or "") for name in ("latin_family", "latin_given")}
    reading = reading_of(local_date(act.now, act.actor.zone), family=typed["latin_family"],
                         given=typed["latin_given"])  # fmt: skip
    if reading is None:
        ask_for_zone(form)
    else:
        filled = {ZONE_FIELDS.get(name, name): value for name, value in reading.fields.items()}
        fill(form, filled | {"zone": "\n".join(reading.zone.lines) or reading.text})
    return reading


@door.get("/visits/<int:visit_id>/members/new", WRITE)
def new(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form for a member typed by hand."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    return _form_page(act, visit, Form.of(MemberForm, {"citizenship": visit.country, "sex": "unknown"}))


@door.post("/visits/<int:visit_id>/members/new", WRITE)
def add(act: Act, visit_id: int) -> ResponseReturnValue:
    """Add a member; a person known by passport, or by name and birth date, is joined and not entered twice."""
    form = Form.posted(MemberForm)
    visit = queries.get_visit(act.session, act.actor, visit_id)
    if asked_to_read():
        return _form_page(act, visit, form, reading=_read_zone(act, form))
    if form.data:
        alike = _alike(act, form.data)
        if alike:
            return _form_page(act, visit, form, alike=alike)
        with form.guarding(act):
            person = _person(act, visit, form.data)
            delegation.add_member(act.session, act.actor, act.now, visit, person, _part(form.data))
            flash(_("The member is added."))
            return act.to("members.index", visit_id=visit_id)
    return _form_page(act, queries.get_visit(act.session, act.actor, visit_id), form)


def _values(data: MemberForm) -> dict[str, Any]:
    values: dict[str, Any] = data.model_dump(include={
        "latin_family", "latin_given", "russian_family", "russian_given", "russian_patronymic", "native_family",
        "native_given", "sex", "post_ru", "post_en", "organisation_ru", "organisation_en"})
    values["citizenships"] = [data.citizenship] if data.citizenship else []
    values["birth_date"] = data.birth_date.isoformat() if data.birth_date else None
    values["email"] = data.email or None
    return values


def _known(act: Act, data: MemberForm, values: dict[str, Any]) -> Person | None:
    """Find the person whom these data plainly mean: by passport, or by name and birth date."""
    country = data.passport_country or data.citizenship
    known = find_passport(act.session, country, data.passport_number) if data.passport_number else None
    return known.person if known else find_same_person(act.session, values)


def _alike(act: Act, data: MemberForm) -> Sequence[Suggestion]:
    """Find who may be meant, when nobody is for certain and the question has not been answered yet."""
    values = _values(data)
    if data.same_as or _known(act, data, values) is not None:
        return ()
    return find_alike(act.session, act.actor, values, [data.passport_number] if data.passport_number else [])


def _person(act: Act, visit: Visit, data: MemberForm) -> Person:
    values = _values(data)
    country = data.passport_country or data.citizenship
    chosen = read_key(data.same_as)
    person = _known(act, data, values) if chosen is None else get_person(act.session, act.actor, chosen)
    if person is None:
        person = register_person(act.session, act.actor, act.now, values)
    if data.passport_number:
        add_passport(act.session, act.actor, act.now, person, PassportData(
            country=country, number=data.passport_number, type=data.passport_type, issued_on=data.passport_issued,
            expires_on=data.passport_expires, latin_family=data.latin_family, latin_given=data.latin_given),
            visit_id=visit.id)
    return person


def _part(data: MemberForm) -> dict[str, Any]:
    return data.model_dump(include={"post_ru", "post_en", "organisation_ru", "organisation_en", "is_head"})


@door.get("/members/<int:member_id>", READ)
def panel(act: Act, member_id: int) -> ResponseReturnValue:
    """Show what this visit must still ask of a member, and with which passport they travel."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    asked = questions(member.person, member.passport_id, needs_passport=visit.direction != "online",
                      last_day=visit.departure, today=local_date(act.now, act.actor.zone))
    return act.page("members/panel.html", visit=visit, member=member, tab="members", asked=asked,
                    known=known(member.person, asked), passports=live_passports(member.person),
                    chosen=chosen_passport(member.person, member.passport_id))


@door.post("/members/<int:member_id>/passport", WRITE)
def choose_passport(act: Act, member_id: int) -> ResponseReturnValue:
    """Say with which passport a member travels."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    sent = request.form.get("passport", "")
    passport_id = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    delegation.choose_passport(act.session, act.actor, act.now, visit, member, passport_id)
    flash(_("Saved."))
    return act.to("members.panel", member_id=member_id)


@door.get("/members/<int:member_id>/edit", WRITE)
def edit(act: Act, member_id: int) -> ResponseReturnValue:
    """Show a member's part in this delegation for correcting."""
    member = queries.get_member(act.session, act.actor, member_id)
    form = Form.of(MemberPartForm, member)
    form.settle_version(member.lock_version)
    return _part_page(act, member, form)


def _part_page(act: Act, member: Member, form: Form[MemberPartForm]) -> ResponseReturnValue:
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    return act.page("members/part.html", form.status, visit=visit, member=member, form=form, tab="members",
                    leave=Form.of(TextForm))


@door.post("/members/<int:member_id>/edit", WRITE)
def correct(act: Act, member_id: int) -> ResponseReturnValue:
    """Correct a member's part."""
    form = Form.posted(MemberPartForm)
    member = queries.get_member(act.session, act.actor, member_id)
    if form.data:
        with form.guarding(act):
            visit = queries.get_visit(act.session, act.actor, member.visit_id)
            delegation.correct_member(act.session, act.actor, act.now, visit, member,
                                      form.data.model_dump(exclude={"version"}), version=form.data.version)
            flash(_("Saved."))
            return act.to("members.index", visit_id=visit.id)
        member = queries.get_member(act.session, act.actor, member_id)
        form.settle_version(member.lock_version)
    return _part_page(act, member, form)


@door.post("/members/<int:member_id>/confirm", WRITE)
def confirm(act: Act, member_id: int) -> ResponseReturnValue:
    """Note that a member is coming."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    delegation.confirm_member(act.session, act.actor, act.now, visit, member)
    flash(_("Confirmed."))
    return act.to("members.index", visit_id=visit.id)


@door.post("/members/<int:member_id>/head", WRITE)
def head(act: Act, member_id: int) -> ResponseReturnValue:
    """Make a member the head of the delegation."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    delegation.name_head(act.session, act.actor, act.now, visit, member)
    flash(_("The head of the delegation is named."))
    return act.to("members.index", visit_id=visit.id)


@door.post("/members/<int:member_id>/remove", WRITE)
def remove(act: Act, member_id: int) -> ResponseReturnValue:
    """Take a member out, or note that they declined; the row stays in the history."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    delegation.remove_member(act.session, act.actor, act.now, visit, member, request.form.get("text", "")[:300],
                             declined=request.form.get("declined") == "1")
    flash(_("The member is out of the delegation."))
    return act.to("members.index", visit_id=visit.id)


@door.get("/members/<int:member_id>/replace", WRITE)
def replacing(act: Act, member_id: int) -> ResponseReturnValue:
    """Show the form for putting another person in a member's place."""
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    form = Form.of(MemberForm, {"post_ru": member.post_ru, "post_en": member.post_en, "sex": "unknown",
                                "organisation_ru": member.organisation_ru, "citizenship": visit.country,
                                "organisation_en": member.organisation_en})
    return _form_page(act, visit, form, replaced=member)


@door.post("/members/<int:member_id>/replace", WRITE)
def replace(act: Act, member_id: int) -> ResponseReturnValue:
    """Put another person in a member's place."""
    form = Form.posted(MemberForm)
    member = queries.get_member(act.session, act.actor, member_id)
    visit = queries.get_visit(act.session, act.actor, member.visit_id)
    if asked_to_read():
        return _form_page(act, visit, form, replaced=member, reading=_read_zone(act, form))
    alike = _alike(act, form.data) if form.data else ()
    if alike:
        return _form_page(act, visit, form, replaced=member, alike=alike)
    if form.data:
        with form.guarding(act):
            person = _person(act, visit, form.data)
            delegation.replace_member(act.session, act.actor, act.now, visit, member, person, _part(form.data),
                                      form.data.reason)
            flash(_("The member is replaced."))
            return act.to("members.index", visit_id=visit.id)
        member = queries.get_member(act.session, act.actor, member_id)
        visit = queries.get_visit(act.session, act.actor, member.visit_id)
    return _form_page(act, visit, form, replaced=member)


@door.post("/visits/<int:visit_id>/members/composition", WRITE)
def composition(act: Act, visit_id: int) -> ResponseReturnValue:
    """Say that the list is complete, or open it again."""
    visit = queries.get_visit(act.session, act.actor, visit_id)
    closed = request.form.get("closed") == "1"
    delegation.close_composition(act.session, act.actor, act.now, visit, closed=closed)
    flash(_("The list is marked as complete.") if closed else _("The list is open again."))
    return act.to("members.index", visit_id=visit_id)
