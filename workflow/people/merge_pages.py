"""Two entries of one person side by side, merged into one, and parted again."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from workflow.base.actor import Permission
from workflow.base.reasons import Sentence
from workflow.people import queries
from workflow.people.forms import MergeForm
from workflow.people.merging import CARRIED, known, merge_persons, undo_merge
from workflow.people.models import Person
from workflow.people.returning import visit_id
from workflow.people.service import PERSONAL
from workflow.web.doors import Act, Door, needs
from workflow.web.forms import Form
from workflow.web.sentences import say

door = Door("merging", __name__)
WRITE = needs(Permission.PEOPLE_WRITE)


ORDER = (
    "latin_family", "latin_given", "russian_family", "russian_given", "russian_patronymic", "native_family",
    "native_given", "native_patronymic", "birth_date", "birth_place", "birth_place_latin", "sex", "citizenships",
    "residence",
)  # fmt: skip
"""What tells two people apart, in the order in which one looks; the rest follows."""


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name), "") if name in ORDER else (len(ORDER), name)


def _other(act: Act, value: str) -> Person | None:
    sent = value if value.isascii() and value.isdigit() and len(value) < 10 else ""
    return queries.get_person(act.session, act.actor, int(sent)) if sent else None


@door.get("/people/<int:person_id>/merge", WRITE)
def compare(act: Act, person_id: int) -> ResponseReturnValue:
    """Show two entries side by side; personal values are masked, that they differ is said."""
    person = queries.get_person(act.session, act.actor, person_id)
    other = _other(act, request.args.get("with", ""))
    return _page(act, person, other, Form.of(MergeForm, {"other": other.id if other else None}))


def _page(act: Act, person: Person, other: Person | None, form: Form[MergeForm]) -> ResponseReturnValue:
    rows: list[tuple[str, Any, Any, bool, bool]] = []
    if other is not None:
        pairs = [(name, known(person, name), known(other, name)) for name in sorted(CARRIED, key=_place)]
        rows = [(name, one, two, name in PERSONAL, one == two) for name, one, two in pairs if one or two]
    born = bool(other and person.birth_date and other.birth_date and person.birth_date != other.birth_date)
    return act.page(
        "people/merge.html", form.status, born_differs=born, person=person, other=other, form=form, rows=rows,
        visit_id=visit_id(),
    )  # fmt: skip


@door.post("/people/<int:person_id>/merge", WRITE)
def merge(act: Act, person_id: int) -> ResponseReturnValue:
    """Let the other entry go into this one."""
    person = queries.get_person(act.session, act.actor, person_id)
    form = Form.posted(MergeForm)
    other = queries.get_person(act.session, act.actor, form.data.other) if form.data and form.data.other else None
    if form.data and other is not None:
        with form.guarding(act):
            merge_persons(act.session, act.actor, act.now, person, other, dict.fromkeys(form.data.theirs, True),
                          form.data.reason)  # fmt: skip
            flash(say(Sentence("people.done-merged")), "success")
            return act.to("people.card", person_id=person.id, visit=visit_id())
        other = queries.get_person(act.session, act.actor, other.id)
    form.status = max(form.status, 422)
    return _page(act, queries.get_person(act.session, act.actor, person_id), other, form)


@door.post("/people/<int:person_id>/merges/<int:act_id>/undo", WRITE)
def undo(act: Act, person_id: int, act_id: int) -> ResponseReturnValue:
    """Take a merge back."""
    person = queries.get_person(act.session, act.actor, person_id)
    undo_merge(act.session, act.actor, act.now, queries.get_merge(act.session, person, act_id))
    flash(say(Sentence("people.done-parted")), "success")
    return act.to("people.card", person_id=person.id, visit=visit_id())
