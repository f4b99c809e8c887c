"""What people do with a programme: add, change, move, remove, copy. Every act is one event `programme.item.changed`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import person
from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version, lock_row
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.programme import rules
from workflow.programme.models import ProgrammeItem
from workflow.programme.queries import get_item, items_of
from workflow.programme.rules import Direction
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Capacity, Standing
from workflow.visits.service import end_access, grant_access

EVENT = "programme.item.changed"
MAX_ITEMS = 500
_LENGTHS = {
    "title_ru": 300, "title_en": 300, "place_ru": 300, "place_en": 300, "host_ru": 300, "host_en": 300, "dress_ru": 200,
    "dress_en": 200, "note_ru": 1000, "note_en": 1000, "internal_note": 5000, "internal_note_en": 5000,
    "interpreter_name": 200, "interpreter_name_en": 200,
    **{f"{name}{mark}": 300 for name in ("menu", "press", "security", "equipment", "plan_b") for mark in ("", "_en")},
}


@dataclass(frozen=True)
class ItemData:
    """What an item says. One of the titles must be there; times may still be open."""

    day: date
    starts: time | None = None
    ends: time | None = None
    title_ru: str = ""
    title_en: str = ""
    place_ru: str = ""
    place_en: str = ""
    host_ru: str = ""
    host_en: str = ""
    dress_ru: str = ""
    dress_en: str = ""
    note_ru: str = ""
    note_en: str = ""
    internal_note: str = ""
    menu: str = ""
    press: str = ""
    security: str = ""
    equipment: str = ""
    plan_b: str = ""
    responsible_id: int | None = None
    interpreter_needed: bool = False
    interpreter_id: int | None = None
    interpreter_name: str = ""
    internal_note_en: str = ""
    menu_en: str = ""
    press_en: str = ""
    security_en: str = ""
    equipment_en: str = ""
    plan_b_en: str = ""
    interpreter_name_en: str = ""


def add_item(session: Session, actor: Actor, now: datetime, visit_id: int, data: ItemData) -> ProgrammeItem:
    """Add an item; among its day's it stands where its hour belongs.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled, or the programme is full.
        Invalid: a value cannot be.
    """
    visit = _to_write(session, actor, visit_id)
    _check(session, visit, data)
    there = _fresh(session, visit.id)
    if len(there) >= MAX_ITEMS:
        raise Conflict("programme.full", limit=MAX_ITEMS)
    item = ProgrammeItem(visit_id=visit.id, created_at=now, created_by_id=actor.account_id, **_values(data))
    of_day = [other for other in there if other.day == data.day]
    of_day.insert(rules.place_for(data.starts, [other.starts for other in of_day]), item)
    session.add(item)
    _number(of_day)
    session.flush()
    _seat_interpreter(session, now, item, None)
    record(session, actor, now, EVENT, subject=item, visit_id=visit.id,
           changes={"title": (None, item.title_ru or item.title_en), "day": (None, item.day)}, note="added")
    return item


def change_item(
    session: Session, actor: Actor, now: datetime, item_id: int, data: ItemData, *, version: int | None = None
) -> ProgrammeItem:
    """Change an item; with another day or hour it moves to where that belongs.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled.
        Stale: somebody else saved meanwhile.
        Invalid: a value cannot be.
    """
    item, _ = get_item(session, actor, item_id)
    visit = _to_write(session, actor, item.visit_id)
    _reread(session, item)
    values = _values(data)
    expect_version(item, version, {name: getattr(item, name) for name in values})
    _check(session, visit, data)
    was_named = item.interpreter_id
    differences = changed(item, values)
    if not differences:
        return item
    if {"day", "starts"} & set(differences):
        of_day = [other for other in _fresh(session, visit.id) if other.day == item.day and other.id != item.id]
        of_day.insert(rules.place_for(item.starts, [other.starts for other in of_day]), item)
        _number(of_day)
    _seat_interpreter(session, now, item, was_named)
    internal = [name for name in ("internal_note", "internal_note_en") if differences.pop(name, None)]
    record(session, actor, now, EVENT, subject=item, visit_id=visit.id, changes=_plain(differences), personal=internal,
           note="changed")
    return item


def move_item(session: Session, actor: Actor, now: datetime, item_id: int, direction: Direction) -> ProgrammeItem:
    """Move an item one place up or down within its day.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled, or the item already stands at that end of its day.
    """
    item, _ = get_item(session, actor, item_id)
    visit = _to_write(session, actor, item.visit_id)
    of_day = {other.id: other for other in _fresh(session, visit.id) if other.day == item.day}
    order = rules.moved(list(of_day), item.id, direction)
    if order == list(of_day):
        raise Conflict("programme.at-the-edge")
    before = item.position
    _number([of_day[key] for key in order])
    record(session, actor, now, EVENT, subject=item, visit_id=visit.id, changes={"position": (before, item.position)},
           note="moved")
    return item


def remove_item(
    session: Session, actor: Actor, now: datetime, item_id: int, *, version: int | None = None
) -> None:
    """Take an item out of the programme; its interpreter's access ends with it.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled.
        Stale: somebody else changed it meanwhile.
    """
    item, _ = get_item(session, actor, item_id)
    visit = _to_write(session, actor, item.visit_id)
    _reread(session, item)
    expect_version(item, version)
    end_access(session, now, visit.id, reason=_reason(item))
    record(session, actor, now, EVENT, subject=item, visit_id=visit.id,
           changes={"title": (item.title_ru or item.title_en, None), "day": (item.day, None)}, note="removed")
    session.delete(item)
    session.flush()


def copy_programme(
    session: Session, actor: Actor, now: datetime, from_visit_id: int, to_visit_id: int
) -> int:
    """Copy an earlier visit's programme, its first day onto the new visit's first; people and notes are not copied.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the new visit has a programme already, or is closed.
        Invalid: one of the visits has no dates.
    """
    source = get_visit(session, actor, from_visit_id)
    visit = _to_write(session, actor, to_visit_id)
    if source.arrival is None or visit.arrival is None:
        raise Invalid("programme.dates-missing")
    if items_of(session, visit.id):
        raise Conflict("programme.not-empty")
    by = visit.arrival - source.arrival
    copied = 0
    for item in items_of(session, source.id):
        row = ProgrammeItem(
            visit_id=visit.id, day=item.day + by, starts=item.starts, ends=item.ends, position=item.position,
            title_ru=item.title_ru, title_en=item.title_en, place_ru=item.place_ru, place_en=item.place_en,
            host_ru=item.host_ru, host_en=item.host_en, dress_ru=item.dress_ru, dress_en=item.dress_en,
            note_ru=item.note_ru, note_en=item.note_en, interpreter_needed=item.interpreter_needed, created_at=now,
            created_by_id=actor.account_id,
        )
        session.add(row)
        session.flush()
        record(session, actor, now, EVENT, subject=row, visit_id=visit.id,
               changes={"title": (None, row.title_ru or row.title_en), "day": (None, row.day)}, note="copied")
        copied += 1
    return copied


def move_onto_dates(session: Session, actor: Actor, now: datetime, visit_id: int) -> int:
    """Move the whole programme by as many days as bring its first day onto the visit's first; give how many items.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled.
        Invalid: the visit has no dates.
    """
    visit = _to_write(session, actor, visit_id)
    if visit.arrival is None:
        raise Invalid("programme.dates-missing")
    items = _fresh(session, visit.id)
    by = visit.arrival - items[0].day if items else timedelta(0)
    if not by:
        return 0
    for item in items:
        before = item.day
        item.day = before + by
        record(session, actor, now, EVENT, subject=item, visit_id=visit.id, changes={"day": (before, item.day)},
               note="moved")
    return len(items)


def _to_write(session: Session, actor: Actor, visit_id: int) -> Visit:
    """Load a visit and hold it, so that two who reorder its programme do so one after the other."""
    visit = get_visit(session, actor, visit_id)
    if not actor.may(Permission.PROGRAMME_WRITE):
        raise Forbidden
    lock_row(session, Visit, visit.id)
    if visit.standing in (Standing.CLOSED, Standing.CANCELLED):
        raise Conflict("programme.visit-over")
    return visit


def _reread(session: Session, item: ProgrammeItem) -> None:
    """Read an item again, now that its visit is held: whoever held it before may have changed it, or taken it out."""
    if lock_row(session, ProgrammeItem, item.id) is None:
        raise NotFound("programme item")


def _fresh(session: Session, visit_id: int) -> Sequence[ProgrammeItem]:
    """List a visit's items as they are now, after its row was locked."""
    session.flush()
    for item in (items := items_of(session, visit_id)):
        session.refresh(item)
    return items


def _check(session: Session, visit: Visit, data: ItemData) -> None:
    problems = [Problem(name, "base.too-long", {"limit": limit}) for name, limit in _LENGTHS.items()
                if len(getattr(data, name)) > limit]
    if not (data.title_ru.strip() or data.title_en.strip()):
        problems.append(Problem("title_ru", "base.required"))
    problems += _wrong_times(visit, data)
    if data.interpreter_id is not None:
        problems += [Problem(name, "programme.two-interpreters") for name in ("interpreter_name", "interpreter_name_en")
                     if getattr(data, name).strip()]
    for name in ("responsible_id", "interpreter_id"):
        account_id = getattr(data, name)
        account = person(session, account_id) if account_id is not None else None
        if account_id is not None and (account is None or not account.active):
            problems.append(Problem(name, "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)


def _wrong_times(visit: Visit, data: ItemData) -> list[Problem]:
    zoned = [name for name, at in (("starts", data.starts), ("ends", data.ends)) if at is not None and at.tzinfo]
    if zoned:
        return [Problem(name, "programme.local-times") for name in zoned]
    problems = []
    if data.ends is not None and data.starts is None:
        problems.append(Problem("starts", "base.required"))
    if data.ends is not None and data.starts is not None and _minute(data.ends) <= _minute(data.starts):
        problems.append(Problem("ends", "programme.times-swapped"))
    if visit.arrival is not None and abs((data.day - visit.arrival).days) > 366:
        problems.append(Problem("day", "programme.day-far-off"))
    elif not 1950 <= data.day.year <= 2200:
        problems.append(Problem("day", "base.out-of-range"))
    return problems


def _minute(at: time) -> time:
    return at.replace(second=0, microsecond=0)


def _values(data: ItemData) -> Mapping[str, Any]:
    values: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value
                              for name, value in asdict(data).items()}
    for name, at in (("starts", data.starts), ("ends", data.ends)):
        values[name] = _minute(at) if at is not None else None
    values["interpreter_needed"] = bool(
        data.interpreter_needed or data.interpreter_id is not None or values["interpreter_name"]
        or values["interpreter_name_en"]
    )
    return values


def _number(items: list[ProgrammeItem]) -> None:
    for number, item in enumerate(items):
        if item.position != number:
            item.position = number


def _plain(differences: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    def shown(value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    return {name: (shown(old), shown(new)) for name, (old, new) in differences.items()}


def _seat_interpreter(session: Session, now: datetime, item: ProgrammeItem, before: int | None) -> None:
    """Let a named interpreter see the visit's programme, and no longer the one who was named before."""
    if before == item.interpreter_id:
        return
    if before is not None:
        end_access(session, now, item.visit_id, reason=_reason(item))
    if item.interpreter_id is not None:
        grant_access(session, now, item.visit_id, item.interpreter_id, Capacity.INTERPRETER, reason=_reason(item))


def _reason(item: ProgrammeItem) -> str:
    return f"programme:{item.id}"
