"""Merges two entries of one person without losing history, and takes a merge back.

Everything that points at the one who goes is moved to the one who stays: every foreign key to `person` in the whole
database, found in the tables' own definitions, so that no room has to be asked. Events and papers keep what they say.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import Base
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.people.models import Person, PersonKey, PersonMerge, Sex
from workflow.people.service import EDITABLE, correct_person, refresh_keys

CARRIED = tuple(sorted(EDITABLE - {"ask_about_health", "post_since"}))
_NOT_MOVED = frozenset({"person", "person_key", "person_merge"})
_PARTED = "member"
"""The table in which a clash means that both are in one delegation: a person says who leaves it first."""
_PHOTO = "person.photo_file_id"


def merge_persons(
    session: Session, actor: Actor, now: datetime, survivor: Person, merged: Person, theirs: Mapping[str, bool],
    reason: str = "",
) -> PersonMerge:
    """Let *merged* go into *survivor*. *theirs* names the fields whose value is taken from the one who goes.

    Fields that the survivor lacks are filled in any case. The one who goes stays as a record and leads to the survivor.

    Raises:
        Conflict: one of them was merged meanwhile, or both are members of one visit.
        Invalid: they are the same entry.
    """
    if survivor.id == merged.id:
        raise Invalid("people.merge-with-itself")
    _lock(session, survivor, merged)
    values = {
        name: value for name in CARRIED
        if (value := known(merged, name)) and (theirs.get(name) or not known(survivor, name))
    }  # fmt: skip
    moved = _move_all(session, merged.id, survivor.id)
    earlier = session.scalars(select(Person).where(Person.merged_into_id == merged.id).order_by(Person.id)).all()
    for person in earlier:  # whoever was merged into the one who goes now leads to the one who stays
        person.merged_into_id = survivor.id
    if earlier:
        moved["person.merged_into_id"] = [person.id for person in earlier]
    if merged.photo_file_id is not None and survivor.photo_file_id is None:
        survivor.photo_file_id = merged.photo_file_id
        moved[_PHOTO] = [merged.photo_file_id]
    asked_on = None
    if merged.ask_about_health and not survivor.ask_about_health:
        values["ask_about_health"], asked_on = True, merged.ask_about_health_on
    before = {name: getattr(survivor, name) for name in values}
    act = PersonMerge(survivor_id=survivor.id, merged_id=merged.id, moved=moved, before=before, after=values,
                      reason=reason.strip()[:300], merged_at=now, merged_by=actor.account_id)  # fmt: skip
    session.add(act)
    correct_person(session, actor, now, survivor, values)
    survivor.ask_about_health_on = asked_on or survivor.ask_about_health_on
    refresh_keys(session, survivor)
    session.execute(delete(PersonKey).where(PersonKey.person_id == merged.id))
    session.expire(survivor, ["passports"])
    session.expire(merged, ["passports"])
    for person in (survivor, merged):
        record(session, actor, now, "people.person.merged", subject=person,
               changes={"survivor": (None, survivor.id), "merged": (None, merged.id)})  # fmt: skip
    return act


def known(person: Person, name: str) -> Any:
    """Give what an entry says of a field; empty where it says that this is not known."""
    value = getattr(person, name)
    return "" if name == "sex" and value == Sex.UNKNOWN else value or ""


def _lock(session: Session, survivor: Person, merged: Person) -> None:
    """Hold both rows, in the order of their keys, and mark the one who goes; only one of two who merge at once can."""
    session.flush()
    pair = {survivor.id, merged.id}
    held = _hold(session, or_(Person.id.in_(pair), Person.merged_into_id == merged.id))
    if not pair <= held or survivor.merged_into_id is not None:
        raise Conflict("people.already-merged")
    done = session.execute(
        update(Person).where(Person.id == merged.id, Person.merged_into_id.is_(None))
        .values(merged_into_id=survivor.id, lock_version=Person.lock_version + 1)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    session.refresh(merged)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("people.already-merged")


def _hold(session: Session, which: ColumnElement[bool]) -> set[int]:
    """Lock entries, always in the order of their keys so that two who lock never wait for each other; read them anew.

    Whatever an act will write to is locked at its beginning.
    """
    return {person.id for person in session.scalars(
        select(Person).where(which).order_by(Person.id).with_for_update().execution_options(populate_existing=True)
    )}  # fmt: skip


def references() -> list[tuple[Table, Column[Any]]]:
    """List every column of the database that points at a person."""
    person = Base.metadata.tables["person"]
    return [
        (table, column) for table in Base.metadata.sorted_tables if table.name not in _NOT_MOVED
        for column in table.columns if any(key.column is person.c.id for key in column.foreign_keys)
    ]  # fmt: skip


def _move_all(session: Session, from_id: int, to_id: int) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for table, column in references():
        rows = session.scalars(select(table.c.id).where(column == from_id).order_by(table.c.id)).all()
        gone = [row_id for row_id in rows if _move(session, table, column, row_id, to_id)]
        if gone:
            moved[f"{table.name}.{column.name}"] = gone
    session.expire_all()
    return moved


def _move(session: Session, table: Table, column: Column[Any], row_id: int, to_id: int) -> bool:
    """Move one row; one that the survivor has already (a confirmed form of the name) stays with the record."""
    values: dict[str, Any] = {column.name: to_id}
    if "lock_version" in table.c:
        values["lock_version"] = table.c.lock_version + 1
    try:
        with session.begin_nested():
            session.execute(update(table).where(table.c.id == row_id).values(values))
    except IntegrityError:
        if table.name == _PARTED:
            raise Conflict("people.merge-both-in-one-visit") from None
        return False
    return True


def undo_merge(session: Session, actor: Actor, now: datetime, act: PersonMerge) -> Person:
    """Take a merge back: rows that are still with the survivor return, fields that nobody changed since are restored.

    Raises:
        Conflict: it was taken back already, or the survivor was merged into somebody else since.
    """
    _hold(session, Person.id.in_({act.survivor_id, act.merged_id, *act.moved.get("person.merged_into_id", ())}))
    done = session.execute(
        update(PersonMerge).where(PersonMerge.id == act.id, PersonMerge.undone_at.is_(None))
        .values(undone_at=now, undone_by=actor.account_id).execution_options(synchronize_session="fetch")
    )  # fmt: skip
    survivor, merged = session.get_one(Person, act.survivor_id), session.get_one(Person, act.merged_id)
    if not done.rowcount or survivor.merged_into_id is not None:  # type: ignore[attr-defined]
        raise Conflict("people.merge-undone-already")
    for person in session.scalars(select(Person).where(Person.id.in_(act.moved.get("person.merged_into_id", ())))):
        person.merged_into_id = merged.id
    session.flush()
    tables = {f"{table.name}.{column.name}": (table, column) for table, column in references()}
    for place, ids in act.moved.items():
        if place not in tables:
            continue
        table, column = tables[place]
        still = session.scalars(select(table.c.id).where(table.c.id.in_(ids), column == survivor.id)).all()
        for row_id in still:
            _move(session, table, column, row_id, merged.id)
    merged.merged_into_id = None
    session.flush()
    session.expire_all()
    if survivor.photo_file_id in act.moved.get(_PHOTO, ()):  # the face of somebody else by now
        survivor.photo_file_id = None
    untouched = {name: old for name, old in act.before.items() if getattr(survivor, name) == act.after.get(name)}
    correct_person(session, actor, now, survivor, untouched)
    refresh_keys(session, merged)
    for person in (survivor, merged):
        record(session, actor, now, "people.person.parted", subject=person,
               changes={"survivor": (survivor.id, None), "merged": (merged.id, None)})  # fmt: skip
    return merged


def live_merges(session: Session, person: Person) -> list[PersonMerge]:
    """List who was merged into a person, the last first."""
    return list(session.scalars(
        select(PersonMerge).where(PersonMerge.survivor_id == person.id, PersonMerge.undone_at.is_(None))
        .order_by(PersonMerge.id.desc())
    ))  # fmt: skip
