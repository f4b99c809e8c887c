"""The tab “Logistics” of a visit: estimate, hotels, journeys, gifts, and what papers must say beside them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from babel import Locale
from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from workflow.base.actor import Permission
from workflow.base.errors import NotFound
from workflow.partners.queries import partners_to_choose
from workflow.partners.rules import PartnerKind
from workflow.programme.logistics import queries, service
from workflow.programme.logistics.forms import blank, model_of, shown, values_of
from workflow.programme.logistics.models import CostLine, OfVisit
from workflow.programme.logistics.registers import CHOICES, REGISTERS, Field, Kind, Register, word
from workflow.programme.logistics.rules import amount_text, line_sum, over_norm
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, members
from workflow.visits.rules import Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.formats import day, language
from workflow.web.forms import Form, FormModel

door = Door("logistics", __name__)
READ = needs(Permission.VISITS_READ)
WRITE = needs(Permission.PROGRAMME_WRITE)
HERE = "/visits/<int:visit_id>/logistics"


@door.get(HERE, READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show all that is entered, register by register."""
    visit, rows = queries.logistics_of(act.session, act.actor, visit_id)
    currency = queries.currency_of(act.session, visit.id)
    names = _names(act, visit)

    def cell(field: Field, row: OfVisit) -> str:
        return _shown(field, row, currency, names)

    lines = [row for row in rows["costs"] if isinstance(row, CostLine)]
    total = sum(line_sum(price=line.price, quantity=line.quantity, days=line.days) for line in lines)
    spent = [line.spent for line in lines if line.spent is not None]
    return act.page(
        "programme/logistics.html", visit=visit, tab="logistics", rows=rows, cell=cell,
        registers=[one for one in REGISTERS.values() if _wanted(one, visit) or rows[one.key]],
        open=visit.standing not in (Standing.CLOSED, Standing.CANCELLED), lines=_sums(lines, currency),
        total=amount_text(total, currency, language()) if lines else "",
        spent=amount_text(sum(spent), currency, language()) if spent else "",
    )  # fmt: skip


def _wanted(register: Register, visit: Visit) -> bool:
    """Say whether a register belongs to a visit: own travellers' tasks to outgoing ones, visa papers to borders."""
    if register.key == "tasks":
        return visit.direction == "outgoing"
    return register.key != "entry" or visit.crosses_border


def _sums(lines: Sequence[CostLine], currency: str) -> Mapping[int, tuple[str, bool]]:
    """Give for each line what it comes to, and whether its price is above the norm."""
    return {line.id: (amount_text(line_sum(price=line.price, quantity=line.quantity, days=line.days), currency,
                                  language()), over_norm(line.price, line.norm)) for line in lines}  # fmt: skip


Names = Mapping[Kind, Mapping[int, str]]


def _names(act: Act, visit: Visit) -> Names:
    travellers = {one.id: one.person.shown_name(language()) for one in members(act.session, visit.id)}
    return {Kind.MEMBER: travellers if act.actor.may(Permission.PEOPLE_READ) else {}}


def _shown(field: Field, row: OfVisit, currency: str, names: Names) -> str:
    """Write one value of a row as the reader's language does."""
    if field.both:
        ours, other = ("ru", "en") if language() == "ru" else ("en", "ru")
        return str(getattr(row, f"{field.name}_{ours}") or getattr(row, f"{field.name}_{other}"))
    linked = field.kind in (Kind.MEMBER, Kind.ASSOCIATION)
    value = getattr(row, f"{field.name}_id" if linked else field.name)
    if value is None or value == "":
        return ""
    if linked:
        return names.get(field.kind, {}).get(value, "")
    if field.choices is not None:
        return str(_(word(field.choices, value)))
    if field.kind is Kind.LANGUAGE:
        return _language_name(value)
    if field.kind is Kind.AMOUNT:
        return amount_text(value, currency, language())
    if isinstance(value, date):
        return day(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _language_name(code: str) -> str:
    return str(Locale.parse(language()).languages.get(code, code))


def _choices(act: Act, visit: Visit, register: Register) -> Mapping[str, Sequence[tuple[Any, str]]]:
    """Give what each field of choice offers."""
    made: Mapping[Kind, Callable[[Field], list[tuple[Any, str]]]] = {
        Kind.CHOICE: lambda field: [(one.value, _(word(type(one), one.value))) for one in field.choices or ()],
        Kind.CURRENCY: lambda _field: [(code, code) for code in CHOICES[Kind.CURRENCY]],
        Kind.LANGUAGE: lambda _field: [(code, _language_name(code)) for code in CHOICES[Kind.LANGUAGE]],
        Kind.MEMBER: lambda _field: list(_names(act, visit)[Kind.MEMBER].items()),
        Kind.ASSOCIATION: lambda _field: partners_to_choose(
            act.session, language(), kinds=[PartnerKind.ASSOCIATION]),
    }  # fmt: skip
    return {field.name: made[field.kind](field) for field in register.fields if field.kind in made}


def _form(
    act: Act, visit: Visit, register: Register, form: Form[FormModel], row: OfVisit | None = None
) -> ResponseReturnValue:
    english = any(form.values.get(column) for column in register.columns if column.endswith("_en"))
    return act.page(
        "programme/logistics_form.html", form.status, visit=visit, tab="logistics", register=register, form=form,
        row=row, choices=_choices(act, visit, register),
        english=english or any(code != "ru" for code in visit.languages or ()),
    )  # fmt: skip


@door.get(f"{HERE}/<register>/new", WRITE)
def new(act: Act, visit_id: int, register: str) -> ResponseReturnValue:
    """Show the form of a new row."""
    found, visit = queries.find_register(register), get_visit(act.session, act.actor, visit_id)
    first: dict[str, Any] = {}
    if visit.arrival and visit.departure:
        first = {"first_day": visit.arrival, "last_day": visit.departure, "day": visit.arrival}
    if register == "interpreting":
        first["language"] = next((code for code in visit.languages or () if code != "ru"), "")
    return _form(act, visit, found, blank(found, first))


@door.post(f"{HERE}/<register>/new", WRITE)
def add(act: Act, visit_id: int, register: str) -> ResponseReturnValue:
    """Enter a row."""
    found = queries.find_register(register)
    form = Form.posted(model_of(found.key))
    if form.data:
        with form.guarding(act):
            service.add_row(act.session, act.actor, act.now, visit_id, found, values_of(found, form.data))
            flash(_("Saved."))
            if request.form.get("then") == "another":
                return act.to("logistics.new", visit_id=visit_id, register=found.key)
            return act.to("logistics.index", visit_id=visit_id, fragment=found.key)
    return _form(act, get_visit(act.session, act.actor, visit_id), found, form)


def _row(act: Act, visit_id: int, register: Register, row_id: int) -> OfVisit:
    row = queries.get_row(act.session, act.actor, register, row_id)
    if row.visit_id != visit_id:
        raise NotFound("row")
    return row


@door.get(f"{HERE}/<register>/<int:row_id>", WRITE)
def edit(act: Act, visit_id: int, register: str, row_id: int) -> ResponseReturnValue:
    """Show a row for changing."""
    found = queries.find_register(register)
    row = _row(act, visit_id, found, row_id)
    form: Form[FormModel] = Form.of(model_of(found.key), shown(found, row))
    form.settle_version(row.lock_version)
    return _form(act, get_visit(act.session, act.actor, visit_id), found, form, row)


@door.post(f"{HERE}/<register>/<int:row_id>", WRITE)
def change(act: Act, visit_id: int, register: str, row_id: int) -> ResponseReturnValue:
    """Change a row."""
    found = queries.find_register(register)
    _row(act, visit_id, found, row_id)
    form = Form.posted(model_of(found.key))
    if form.data:
        with form.guarding(act):
            version: int | None = getattr(form.data, "version", None)
            service.change_row(act.session, act.actor, act.now, found, row_id, values_of(found, form.data),
                               version=version)  # fmt: skip
            act.session.flush()
            flash(_("Saved."))
            return act.to("logistics.index", visit_id=visit_id, fragment=found.key)
    row = _row(act, visit_id, found, row_id)
    form.settle_version(row.lock_version)
    return _form(act, get_visit(act.session, act.actor, visit_id), found, form, row)


@door.post(f"{HERE}/<register>/<int:row_id>/remove", WRITE)
def remove(act: Act, visit_id: int, register: str, row_id: int) -> ResponseReturnValue:
    """Take a row out."""
    found = queries.find_register(register)
    _row(act, visit_id, found, row_id)
    version = request.form.get("version", "")
    service.remove_row(act.session, act.actor, act.now, found, row_id,
                       version=int(version) if version.isascii() and version.isdigit() else None)  # fmt: skip
    flash(_("The line is removed."))
    return act.to("logistics.index", visit_id=visit_id, fragment=found.key)
