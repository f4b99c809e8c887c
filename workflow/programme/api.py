"""JSON of programmes."""

from datetime import date, time

from pydantic import Field

from workflow.base.actor import Permission
from workflow.programme import queries, service
from workflow.programme.models import ProgrammeItem
from workflow.programme.rules import Direction
from workflow.programme.service import ItemData
from workflow.programme.working import INTERNAL
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing
from workflow.web.api import ApiDoor, ApiModel, Call, Many
from workflow.web.doors import needs

api = ApiDoor("programme", __name__)
READ = needs(Permission.PROGRAMME_READ)
WRITE = needs(Permission.PROGRAMME_WRITE)

Text = Field("", max_length=300)
Key = Field(None, ge=1, le=2**31)


class ItemIn(ApiModel):
    """An item of a programme, at local times of the visit's place."""

    day: date
    starts: time | None = None
    ends: time | None = None
    title_ru: str = Text
    title_en: str = Text
    place_ru: str = Text
    place_en: str = Text
    host_ru: str = Text
    host_en: str = Text
    dress_ru: str = Field("", max_length=200)
    dress_en: str = Field("", max_length=200)
    note_ru: str = Field("", max_length=1000)
    note_en: str = Field("", max_length=1000)
    internal_note: str = Field("", max_length=5000)
    responsible_id: int | None = Key
    interpreter_needed: bool = False
    interpreter_id: int | None = Key
    interpreter_name: str = Field("", max_length=200)
    menu: str = Text
    press: str = Text
    security: str = Text
    equipment: str = Text
    plan_b: str = Text
    internal_note_en: str = Field("", max_length=5000)
    menu_en: str = Text
    press_en: str = Text
    security_en: str = Text
    equipment_en: str = Text
    plan_b_en: str = Text
    interpreter_name_en: str = Field("", max_length=200)


class ItemPatch(ApiModel):
    """Changes of an item; what is absent stays, null empties."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    title_ru: str | None = Field(None, max_length=300)
    title_en: str | None = Field(None, max_length=300)
    place_ru: str | None = Field(None, max_length=300)
    place_en: str | None = Field(None, max_length=300)
    host_ru: str | None = Field(None, max_length=300)
    host_en: str | None = Field(None, max_length=300)
    dress_ru: str | None = Field(None, max_length=200)
    dress_en: str | None = Field(None, max_length=200)
    note_ru: str | None = Field(None, max_length=1000)
    note_en: str | None = Field(None, max_length=1000)
    internal_note: str | None = Field(None, max_length=5000)
    responsible_id: int | None = Key
    interpreter_needed: bool | None = None
    interpreter_id: int | None = Key
    interpreter_name: str | None = Field(None, max_length=200)
    menu: str | None = Field(None, max_length=300)
    press: str | None = Field(None, max_length=300)
    security: str | None = Field(None, max_length=300)
    equipment: str | None = Field(None, max_length=300)
    plan_b: str | None = Field(None, max_length=300)
    internal_note_en: str | None = Field(None, max_length=5000)
    menu_en: str | None = Field(None, max_length=300)
    press_en: str | None = Field(None, max_length=300)
    security_en: str | None = Field(None, max_length=300)
    equipment_en: str | None = Field(None, max_length=300)
    plan_b_en: str | None = Field(None, max_length=300)
    interpreter_name_en: str | None = Field(None, max_length=200)


class ItemOut(ApiModel):
    """An item; what is for us only (`internal_note`, `menu` and so on) is null for those who do not read it."""

    id: int
    version: int
    visit_id: int
    day: date
    position: int
    starts: str | None
    ends: str | None
    title_ru: str
    title_en: str
    place_ru: str
    place_en: str
    host_ru: str
    host_en: str
    dress_ru: str
    dress_en: str
    note_ru: str
    note_en: str
    internal_note: str | None
    responsible_id: int | None
    interpreter_needed: bool
    interpreter_id: int | None
    interpreter_name: str
    interpreter_name_en: str
    menu: str | None
    press: str | None
    security: str | None
    equipment: str | None
    plan_b: str | None
    internal_note_en: str | None
    menu_en: str | None
    press_en: str | None
    security_en: str | None
    equipment_en: str | None
    plan_b_en: str | None
    allowed_actions: list[str]


class MoveIn(ApiModel):
    """Where an item moves among those of its day."""

    direction: Direction


def _show(call: Call, item: ProgrammeItem, *, open_: bool) -> ItemOut:
    internal = {name for one in INTERNAL for name in (one, f"{one}_en")}
    special = {"version", "starts", "ends", "allowed_actions"} | internal
    reads = queries.may_read_internal(call.actor)
    values = {name: getattr(item, name) for name in ItemOut.model_fields if name not in special}
    writes = open_ and call.actor.may(Permission.PROGRAMME_WRITE)
    return ItemOut.model_validate(values | {
        "version": item.lock_version, "starts": f"{item.starts:%H:%M}" if item.starts else None,
        "ends": f"{item.ends:%H:%M}" if item.ends else None,
        **{name: getattr(item, name) if reads else None for name in internal},
        "allowed_actions": ["change", "move", "remove"] if writes else [],
    }, strict=False)


@api.get("/visits/<int:visit_id>/programme", READ, out=ItemOut, many=True)
def list_items(call: Call, visit_id: int) -> Many:
    """List a visit's programme in order."""
    visit = get_visit(call.session, call.actor, visit_id)
    open_ = visit.standing not in (Standing.CLOSED, Standing.CANCELLED)
    return Many([_show(call, item, open_=open_) for item in queries.items_of(call.session, visit.id)], None)


@api.post("/visits/<int:visit_id>/programme", WRITE, body=ItemIn, out=ItemOut, status=201)
def add_item(call: Call, visit_id: int, body: ItemIn) -> ItemOut:
    """Add an item."""
    item = service.add_item(call.session, call.actor, call.now, visit_id, ItemData(**body.model_dump()))
    return _show(call, item, open_=True)


@api.get("/programme-items/<int:item_id>", READ, out=ItemOut)
def get_item(call: Call, item_id: int) -> ItemOut:
    """Read an item."""
    item, visit = queries.get_item(call.session, call.actor, item_id)
    return _show(call, item, open_=visit.standing not in (Standing.CLOSED, Standing.CANCELLED))


@api.patch("/programme-items/<int:item_id>", WRITE, body=ItemPatch, out=ItemOut)
def change_item(call: Call, item_id: int, body: ItemPatch) -> ItemOut:
    """Change an item; what is absent stays."""
    item, _visit = queries.get_item(call.session, call.actor, item_id)
    kept = {name: getattr(item, name) for name in ItemData.__dataclass_fields__}
    empties = {"starts", "ends", "responsible_id", "interpreter_id"}
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items()
             if value is not None or name in empties}
    item = service.change_item(call.session, call.actor, call.now, item_id, ItemData(**(kept | given)),
                               version=call.version)
    call.session.flush()
    return _show(call, item, open_=True)


@api.post("/programme-items/<int:item_id>/move", WRITE, body=MoveIn, out=ItemOut)
def move_item(call: Call, item_id: int, body: MoveIn) -> ItemOut:
    """Move an item one place within its day."""
    item = service.move_item(call.session, call.actor, call.now, item_id, body.direction)
    call.session.flush()
    return _show(call, item, open_=True)


@api.post("/programme-items/<int:item_id>/remove", WRITE, versioned=True)
def remove_item(call: Call, item_id: int) -> None:
    """Take an item out of the programme."""
    service.remove_item(call.session, call.actor, call.now, item_id, version=call.version)
