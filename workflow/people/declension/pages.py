"""Pages of case forms: of one person, and of a post, city or other text."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from workflow.accounts.queries import account_names
from workflow.base.actor import Permission
from workflow.base.reasons import Sentence
from workflow.knowledge.grammar.cases import OBLIQUE, Gender, Role, gender_of
from workflow.knowledge.grammar.forms import role_of
from workflow.knowledge.grammar.people import patronymic_gender
from workflow.people import queries as people
from workflow.people.declension import queries, service
from workflow.people.models import Person
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel
from workflow.web.sentences import say

door = Door("declension", __name__)
READ, WRITE = needs(Permission.PAPERS_READ), needs(Permission.PAPERS_WRITE)
READ_PERSON, WRITE_PERSON = needs(Permission.PEOPLE_READ), needs(Permission.PEOPLE_WRITE)


class FormsForm(FormModel):
    """The five forms."""

    genitive: str = Field(default="", max_length=300)
    dative: str = Field(default="", max_length=300)
    accusative: str = Field(default="", max_length=300)
    instrumental: str = Field(default="", max_length=300)
    prepositional: str = Field(default="", max_length=300)
    version: int | None = None


class TextFormsForm(FormsForm):
    """The five forms of a text, and what it names."""

    text: str = Field(default="", max_length=300)
    role: Role = Role.POST
    gender: Gender = Gender.UNKNOWN


def _key(name: str) -> int | None:
    sent = request.values.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def _values(data: FormsForm) -> dict[str, str]:
    return {case.value: getattr(data, case.value) for case in OBLIQUE}


def _show(
    act: Act, template: str, text: str, role: Role, gender: Gender, form: Form[Any] | None, *,
    person: Person | None = None, **more: Any,
) -> ResponseReturnValue:  # fmt: skip
    shown = " ".join(text.split())[: queries.MAX_TEXT]
    row = queries.confirmed_form(act.session, shown, gender, person_id=person.id if person else None) if shown else None
    own = row is not None and row.person_id == (person.id if person else None)
    made = service.proposals(shown, role, gender, family_first=person is not None) if shown else {}
    known = row.forms if row else {case.value: one.form for case, one in made.items()}
    names = account_names(act.session, [row.confirmed_by if row else None], language())
    if form is None:
        form = Form.of(FormsForm, {**known, "version": row.lock_version if row and own else None})
    elif row and own:
        form.settle_version(row.lock_version)
    return act.page(
        template, form.status, text=shown, role=role.value, gender=gender.value, made=made, row=row, form=form,
        confirmed_by=names.get(row.confirmed_by, "") if row and row.confirmed_by else "", person=person, **more,
    )  # fmt: skip


@door.get("/people/<int:person_id>/forms", READ_PERSON)
def person_forms(act: Act, person_id: int) -> ResponseReturnValue:
    """Show the case forms of a person's Russian name."""
    return _person_page(act, people.get_person(act.session, act.actor, person_id), None)


def _person_page(act: Act, person: Person, form: Form[FormsForm] | None) -> ResponseReturnValue:
    gender = service.gender_of_person(person)
    return _show(act, "declension/person.html", person.russian_name, Role.PERSON, gender, form, person=person,
                 visit_id=_key("visit"), may_write=act.actor.may(Permission.PEOPLE_WRITE))  # fmt: skip


@door.post("/people/<int:person_id>/forms", WRITE_PERSON, endpoint="confirm_person")
def confirm_person(act: Act, person_id: int) -> ResponseReturnValue:
    """Confirm or correct the forms of a person's name."""
    person = people.get_person(act.session, act.actor, person_id)
    form = Form.posted(FormsForm)
    if form.data:
        with form.guarding(act):
            service.confirm_forms(act.session, act.actor, act.now, person.russian_name, Role.PERSON,
                                  service.gender_of_person(person), _values(form.data), person=person,
                                  version=form.data.version)  # fmt: skip
            flash(say(Sentence("declension.done-confirmed")), "success")
            return act.to("people.card", person_id=person.id, visit=_key("visit"))
    return _person_page(act, person, form)


@door.get("/forms", READ)
def text_forms(act: Act) -> ResponseReturnValue:
    """Show the case forms of a post, a city or another text, and what has been confirmed before."""
    text = " ".join(request.args.get("text", "").split())[: queries.MAX_TEXT]
    asked = request.args.get("role", "")
    role = Role(asked) if asked in {role.value for role in Role} else role_of(text)
    gender = gender_of(request.args.get("gender", "")) or patronymic_gender(text)
    return _text_page(act, text, role, gender if role is Role.PERSON else Gender.UNKNOWN, None)


def _text_page(
    act: Act, text: str, role: Role, gender: Gender, form: Form[TextFormsForm] | None
) -> ResponseReturnValue:
    return _show(act, "declension/text.html", text, role, gender, form, paper_id=_key("paper"),
                 rows=queries.confirmed_texts(act.session),
                 may_write=act.actor.may(Permission.PAPERS_WRITE))  # fmt: skip


@door.post("/forms", WRITE, endpoint="confirm_text")
def confirm_text(act: Act) -> ResponseReturnValue:
    """Confirm or correct the forms of a text."""
    form = Form.posted(TextFormsForm)
    paper_id = _key("paper")
    if form.data:
        data = form.data
        with form.guarding(act):
            service.confirm_forms(act.session, act.actor, act.now, data.text, data.role, data.gender, _values(data),
                                  version=data.version)  # fmt: skip
            flash(say(Sentence("declension.done-confirmed")), "success")
            if paper_id:
                return act.to("papers.paper", paper_id=paper_id, fragment="forms")
            return act.to("declension.text_forms", text=data.text, role=data.role.value, gender=data.gender.value)
        return _text_page(act, data.text, data.role, data.gender, form)
    return _text_page(act, str(form.values.get("text") or ""), Role.POST, Gender.UNKNOWN, form)
