"""Pages of a visit's programme: the tab, an item's form, prints for guests and for us, a calendar file."""

from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow.accounts.queries import people_to_choose, person
from workflow.base.actor import Permission, Role
from workflow.base.errors import Forbidden, NotFound
from workflow.base.languages import LANGUAGES
from workflow.programme import queries, service
from workflow.programme.calendar_file import calendar_file
from workflow.programme.forms import ItemForm, shown
from workflow.programme.models import ProgrammeItem
from workflow.programme.rules import Direction, Edition
from workflow.programme.working import INTERNAL
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing
from workflow.web.doors import Act, Door, needs
from workflow.web.downloads import offer
from workflow.web.formats import language
from workflow.web.forms import Form

door = Door("programme", __name__)
READ = needs(Permission.PROGRAMME_READ)
WRITE = needs(Permission.PROGRAMME_WRITE)


@door.get("/visits/<int:visit_id>/programme", READ)
def index(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show a visit's programme day by day with its warnings."""
    visit = get_visit(act.session, act.actor, visit_id)
    items = queries.items_of(act.session, visit.id)
    days = queries.days_of(visit, items)
    internal = queries.may_read_internal(act.actor)
    return act.page(
        "programme/index.html", visit=visit, tab="programme", programme_days=days, internal=internal,
        names=queries.people_names(act.session, items, language()), interpreter_of=queries.interpreter_of,
        days_off={one.day: one for one in queries.days_off_of(act.session, visit)},
        clashes=queries.clash_notes(act.session, act.actor, visit) if internal else {}, item_count=len(items),
        open=visit.standing not in (Standing.CLOSED, Standing.CANCELLED), languages=LANGUAGES,
        shift=_shift(visit, items), copy_from=_copy_from(act, visit) if not items else None,
    )


def _shift(visit: Visit, items: Any) -> int:
    """Give by how many days the whole programme lies beside the visit's dates; 0 when part of it is inside."""
    if not items or visit.arrival is None or not all(queries.outside_dates(visit, item.day) for item in items):
        return 0
    return int((visit.arrival - items[0].day).days)


def _copy_from(act: Act, visit: Visit) -> Visit | None:
    if visit.copied_from_id is None:
        return None
    try:
        return get_visit(act.session, act.actor, visit.copied_from_id)
    except NotFound:
        return None


@door.get("/visits/<int:visit_id>/programme/new", WRITE)
def new(act: Act, visit_id: int) -> ResponseReturnValue:
    """Show the form for a new item, on the day asked for or the visit's first."""
    visit = get_visit(act.session, act.actor, visit_id)
    day = request.args.get("day") or (visit.arrival.isoformat() if visit.arrival else "")
    values = {"day": day, "responsible_id": visit.responsible_id, "interpreter_needed": visit.crosses_border}
    return _form(act, visit, Form.of(ItemForm, values))


def _form(act: Act, visit: Visit, form: Form[ItemForm], item: ProgrammeItem | None = None) -> ResponseReturnValue:
    inside = {f"{name}_en" for name in (*INTERNAL, "interpreter_name")}
    filled = {name for name in form.values if name.endswith("_en") and form.values.get(name)}
    return act.page(
        "programme/item.html", form.status, visit=visit, tab="programme", form=form, item=item,
        english=bool(filled - inside) or any(code != "ru" for code in visit.languages),
        english_inside=bool(filled & inside),
        people=people_to_choose(act.session, language(), Role.COORDINATOR, Role.MANAGER),
        interpreters=people_to_choose(act.session, language(), Role.TRANSLATOR, Role.COORDINATOR),
    )


@door.post("/visits/<int:visit_id>/programme/new", WRITE)
def add(act: Act, visit_id: int) -> ResponseReturnValue:
    """Add an item."""
    form = Form.posted(ItemForm)
    if form.data:
        with form.guarding(act):
            item = service.add_item(act.session, act.actor, act.now, visit_id, form.data.item())
            flash(_("The item is added."))
            if request.form.get("then") == "another":
                return act.to("programme.new", visit_id=visit_id, day=item.day.isoformat())
            return act.to("programme.index", visit_id=visit_id, fragment=f"item-{item.id}")
    return _form(act, get_visit(act.session, act.actor, visit_id), form)


@door.get("/visits/<int:visit_id>/programme/<int:item_id>/edit", WRITE)
def edit(act: Act, visit_id: int, item_id: int) -> ResponseReturnValue:
    """Show an item for changing."""
    item, visit = _item(act, visit_id, item_id)
    form = Form.of(ItemForm, shown(item))
    form.settle_version(item.lock_version)
    return _form(act, visit, form, item)


def _item(act: Act, visit_id: int, item_id: int) -> tuple[ProgrammeItem, Visit]:
    item, visit = queries.get_item(act.session, act.actor, item_id)
    if visit.id != visit_id:
        raise NotFound("programme item")
    return item, visit


@door.post("/visits/<int:visit_id>/programme/<int:item_id>/edit", WRITE)
def change(act: Act, visit_id: int, item_id: int) -> ResponseReturnValue:
    """Change an item."""
    _item(act, visit_id, item_id)
    form = Form.posted(ItemForm)
    if form.data:
        with form.guarding(act):
            service.change_item(act.session, act.actor, act.now, item_id, form.data.item(), version=form.data.version)
            act.session.flush()
            flash(_("Saved."))
            return act.to("programme.index", visit_id=visit_id, fragment=f"item-{item_id}")
    item, visit = _item(act, visit_id, item_id)
    form.settle_version(item.lock_version)
    return _form(act, visit, form, item)


@door.post("/visits/<int:visit_id>/programme/<int:item_id>/move", WRITE)
def move(act: Act, visit_id: int, item_id: int) -> ResponseReturnValue:
    """Move an item one place up or down within its day."""
    _item(act, visit_id, item_id)
    direction = Direction.UP if request.form.get("direction") == "up" else Direction.DOWN
    service.move_item(act.session, act.actor, act.now, item_id, direction)
    return act.to("programme.index", visit_id=visit_id, fragment=f"item-{item_id}")


@door.post("/visits/<int:visit_id>/programme/<int:item_id>/remove", WRITE)
def remove(act: Act, visit_id: int, item_id: int) -> ResponseReturnValue:
    """Take an item out of the programme."""
    _item(act, visit_id, item_id)
    version = request.form.get("version", "")
    service.remove_item(act.session, act.actor, act.now, item_id,
                        version=int(version) if version.isascii() and version.isdigit() else None)
    flash(_("The item is removed."))
    return act.to("programme.index", visit_id=visit_id)


@door.post("/visits/<int:visit_id>/programme/shift", WRITE)
def shift(act: Act, visit_id: int) -> ResponseReturnValue:
    """Move the whole programme onto the visit's dates."""
    visit = get_visit(act.session, act.actor, visit_id)
    moved = service.move_onto_dates(act.session, act.actor, act.now, visit.id)
    flash(_("Items moved: %(count)s.", count=moved))
    return act.to("programme.index", visit_id=visit_id)


@door.post("/visits/<int:visit_id>/programme/copy", WRITE)
def copy(act: Act, visit_id: int) -> ResponseReturnValue:
    """Copy the programme of the visit that this one was copied from."""
    visit = get_visit(act.session, act.actor, visit_id)
    source = _copy_from(act, visit)
    if source is None:
        raise NotFound("visit")
    copied = service.copy_programme(act.session, act.actor, act.now, source.id, visit.id)
    flash(_("Items copied: %(count)s.", count=copied))
    return act.to("programme.index", visit_id=visit_id)


@door.get("/visits/<int:visit_id>/programme/print", READ, endpoint="print")
def print_(act: Act, visit_id: int) -> ResponseReturnValue:
    """Print the programme on A4, for guests or for us, in one language whatever the reader's own is."""
    visit = get_visit(act.session, act.actor, visit_id)
    edition = Edition.WORKING if request.args.get("edition") == Edition.WORKING else Edition.GUEST
    if edition is Edition.WORKING and not queries.may_read_internal(act.actor):
        raise Forbidden
    asked = request.args.get("language", "")
    wanted = asked if asked in LANGUAGES else language()
    items = queries.items_of(act.session, visit.id)
    lacking = sum(queries.lacks_language(item, wanted) for item in items)
    with force_locale(wanted):
        return render_template(
            "programme/print.html", visit=visit, edition=edition.value, print_language=wanted, lacking=lacking,
            programme_days=queries.days_of(visit, items), interpreter_of=queries.interpreter_of,
            names=queries.people_names(act.session, items, wanted), reader_language=act.actor.locale,
            contact=person(act.session, visit.responsible_id) if visit.responsible_id else None,
        )


@door.get("/visits/<int:visit_id>/programme.ics", READ)
def calendar(act: Act, visit_id: int) -> ResponseReturnValue:
    """Offer the programme as a calendar file."""
    visit = get_visit(act.session, act.actor, visit_id)
    asked = request.args.get("language", "")
    wanted = asked if asked in LANGUAGES else language()
    data = calendar_file(visit, queries.items_of(act.session, visit.id), wanted, act.now)
    return offer(data, name=f"programme-{visit.id}.ics", media_type="text/calendar; charset=utf-8")
