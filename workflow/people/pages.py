"""A person's card, reached from the visits in which the person takes part: masked until somebody asks to see."""

from typing import Any

from flask import Response, flash
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.files import JPEG
from workflow.base.reasons import Sentence
from workflow.knowledge.countries import HOME, country_choices
from workflow.knowledge.names import compare_latin, propose_latin
from workflow.people import merge_pages, passport_pages, queries, service
from workflow.people.duplicates import alike
from workflow.people.forms import BESIDE_THE_ROW, KEPT_WHEN_EMPTY, PersonForm, known_first, values_of
from workflow.people.merging import live_merges
from workflow.people.models import Person
from workflow.people.panels import PANELS
from workflow.people.photos import keep_photo, show_photo
from workflow.people.returning import visit_id
from workflow.people.service import NewPost
from workflow.web.doors import Act, Door, needs, uploaded
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel
from workflow.web.sentences import say

door = Door("people", __name__)
doors = [door, passport_pages.door, merge_pages.door]
READ, WRITE, REVEAL = (
    needs(Permission.PEOPLE_READ), needs(Permission.PEOPLE_WRITE), needs(Permission.PEOPLE_REVEAL)
)  # fmt: skip


class PhotoForm(FormModel):
    """A photo: the file itself comes beside the form."""


def _card(
    act: Act, person: Person, *, revealed: bool = False, photo: Form[PhotoForm] | None = None
) -> ResponseReturnValue:
    russian = f"{person.russian_family} {person.russian_given}".strip()
    latin = f"{person.latin_family} {person.latin_given}".strip()
    both = person.russian_given and person.latin_given and HOME in (person.citizenships or [])
    proposal = propose_latin(russian) if both else None
    passports = queries.live_passports(person)
    return act.page(
        "people/card.html", photo.status if photo else 200, person=person, revealed=revealed, passports=passports,
        retired=[one for one in person.passports if one.retired_at is not None], visit_id=visit_id(), photo=photo,
        proposal=proposal if proposal and latin and compare_latin(latin, proposal) else None,
        differing=[one.id for one in passports if _differs(person, one)],
        posts=queries.left_posts(act.session, person), merges=live_merges(act.session, person),
        alike=[(one, [say(Sentence(f"people.alike-{reason}")) for reason in one.reasons])
               for one in alike(act.session, act.actor, person)],
        panels=[panel for _name, source in PANELS.items()
                for panel in source(act.session, act.actor, act.now, person.id)],
        may_write=act.actor.may(Permission.PEOPLE_WRITE), may_reveal=act.actor.may(Permission.PEOPLE_REVEAL),
    )  # fmt: skip


def _differs(person: Person, passport: Any) -> bool:
    theirs = f"{passport.latin_family} {passport.latin_given}".strip()
    return bool(theirs) and compare_latin(f"{person.latin_family} {person.latin_given}", theirs) != []


@door.get("/people/<int:person_id>", READ)
def card(act: Act, person_id: int) -> ResponseReturnValue:
    """Show a person's card with personal data masked; an entry that was merged leads to the one that stayed."""
    survivor = queries.survivor_of(act.session, act.actor, person_id)
    if survivor is not None:
        return act.to("people.card", person_id=survivor, visit=visit_id())
    return _card(act, queries.get_person(act.session, act.actor, person_id))


@door.post("/people/<int:person_id>/reveal", REVEAL)
def reveal(act: Act, person_id: int) -> ResponseReturnValue:
    """Show the card unmasked; that somebody looked is recorded first."""
    person = queries.get_person(act.session, act.actor, person_id)
    service.reveal_person(act.session, act.actor, act.now, person)
    return _card(act, person, revealed=True)


@door.post("/people/<int:person_id>/checked", WRITE)
def checked(act: Act, person_id: int) -> ResponseReturnValue:
    """Note that everything kept of a person was said to be still right."""
    person = queries.get_person(act.session, act.actor, person_id)
    service.note_checked(act.session, act.actor, act.now, person)
    flash(say(Sentence("people.done-checked")), "success")
    return act.to("people.card", person_id=person.id, visit=visit_id())


@door.post("/people/<int:person_id>/photo", REVEAL)
def photo(act: Act, person_id: int) -> ResponseReturnValue:
    """Show a person's photo by itself; that somebody looked is recorded."""
    person = queries.get_person(act.session, act.actor, person_id)
    data = show_photo(act.session, act.actor, act.now, person)
    return Response(data, content_type=JPEG, headers={
        "Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store"})  # fmt: skip


@door.post("/people/<int:person_id>/photo/new", WRITE)
def add_photo(act: Act, person_id: int) -> ResponseReturnValue:
    """Keep a photo, drawn anew."""
    person = queries.get_person(act.session, act.actor, person_id)
    form: Form[PhotoForm] = Form.posted(PhotoForm)
    sent = uploaded("photo")
    if sent is None:
        return act.to("people.card", person_id=person.id, visit=visit_id())
    with form.guarding(act):
        keep_photo(act.session, act.actor, act.now, person, sent)
        flash(say(Sentence("people.done-photo")), "success")
        return act.to("people.card", person_id=person.id, visit=visit_id())
    return _card(act, queries.get_person(act.session, act.actor, person_id), photo=form)


@door.get("/people/<int:person_id>/edit", WRITE)
def edit(act: Act, person_id: int) -> ResponseReturnValue:
    """Show a person's data for correcting; personal fields stand empty and stay as they are unless typed anew."""
    person = queries.get_person(act.session, act.actor, person_id)
    hidden = {*KEPT_WHEN_EMPTY, *BESIDE_THE_ROW}
    known = {name: getattr(person, name, None) for name in PersonForm.model_fields if name not in hidden}
    known |= {"languages": ", ".join(person.languages or []), "version": person.lock_version,
              "post_since": person.post_since}  # fmt: skip
    return _edit_page(act, person, Form.of(PersonForm, known))


def _edit_page(act: Act, person: Person, form: Form[PersonForm]) -> ResponseReturnValue:
    return act.page("people/edit.html", form.status, person=person, form=form, visit_id=visit_id(),
                    kept=[name for name in KEPT_WHEN_EMPTY if getattr(person, name)],
                    countries=[(one.code, one.name) for one in country_choices(language())])  # fmt: skip


@door.post("/people/<int:person_id>/edit", WRITE, endpoint="correct")
def correct(act: Act, person_id: int) -> ResponseReturnValue:
    """Correct a person's data."""
    person = queries.get_person(act.session, act.actor, person_id)
    form = Form.posted(PersonForm)
    if form.data:
        data = form.data
        values = values_of(data)
        values["citizenships"] = known_first(person.citizenships or [], data.citizenships)
        with form.guarding(act):
            service.correct_person(
                act.session, act.actor, act.now, person, values, version=data.version,
                new_post=NewPost(data.post_since) if data.post_is_new else None,
            )  # fmt: skip
            flash(say(Sentence("people.done-saved")), "success")
            return act.to("people.card", person_id=person.id, visit=visit_id())
        form.theirs = {name: value for name, value in form.theirs.items() if name not in KEPT_WHEN_EMPTY}
        form.settle_version(person.lock_version)
    return _edit_page(act, person, form)


