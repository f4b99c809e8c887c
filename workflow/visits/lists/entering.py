"""Enters a compared list into the delegation: all of it in the caller's transaction, many rows in few statements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import Base
from workflow.base.encryption import blind_index
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import EVENT_REACTIONS, Event, record
from workflow.base.jobs import enqueue
from workflow.people.keys import sounds_of
from workflow.people.models import Passport, Person, PersonKey, Sex
from workflow.people.service import (
    PassportData,
    add_passport,
    correct_person,
    hold_living_entries,
    name_key_of,
)
from workflow.visits.delegation import correct_member, name_head, remove_member, replace_member
from workflow.visits.lists.comparing import Comparison, Match, person_values, posts_of
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER

KEEP, REMOVE, REPLACED = "keep", "remove", "row:"
_BLANK: dict[str, Any] = {"citizenships": [], "languages": []} | {
    f"{script}_{part}": "" for script in ("latin", "russian", "native") for part in ("family", "given")
}
_PARTS = ("post_ru", "post_en", "organisation_ru", "organisation_en")


@dataclass
class Entered:
    """What an import did, in numbers."""

    added: int = 0
    removed: int = 0
    replaced: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0

    def plain(self) -> dict[str, int]:
        """Give what is stored."""
        return dict(vars(self))


def enter(
    session: Session, actor: Actor, now: datetime, visit: Visit, comparison: Comparison, leaving: Mapping[int, str],
    reason: str,
) -> Entered:
    """Do what the comparison shows. *leaving* says for each missing member: keep, remove, or "row:7" who comes instead.

    Raises:
        Conflict: somebody entered one of these people, or merged two of them, at the same time.
        Invalid: a choice cannot be.
    """
    successors = _successors(comparison, leaving)
    entered = Entered(added=len(comparison.added), changed=len(comparison.changed), same=len(comparison.same),
                      left_out=comparison.left_out)  # fmt: skip
    known = (match.person.id for match in [*comparison.added, *comparison.changed] if match.person is not None)
    if not hold_living_entries(session, known):
        raise Conflict("visits.list-changed-meanwhile")
    try:
        people = _enter_persons(session, actor, now, visit, comparison.added)
        for match in [*comparison.added, *comparison.changed]:
            _correct(session, actor, now, visit, match)
        _let_go(session, actor, now, visit, comparison, leaving, successors, reason, entered, people)
        _enter_members(session, actor, now, visit, comparison.added, set(successors.values()), people)
    except IntegrityError:
        raise Conflict("visits.list-changed-meanwhile") from None
    _seat_head(session, actor, now, visit, comparison, people)
    return entered


def _successors(comparison: Comparison, leaving: Mapping[int, str]) -> dict[int, int]:
    """Read who comes instead of whom: member → row."""
    added = {match.row.index for match in comparison.added}
    missing = {member.id for member in comparison.removed}
    found = {member_id: int(choice.removeprefix(REPLACED)) for member_id, choice in leaving.items()
             if member_id in missing and re.fullmatch(REPLACED + r"\d{1,6}", choice, re.ASCII)}  # fmt: skip
    if len(set(found.values())) < len(found) or not set(found.values()) <= added:
        raise Invalid("visits.list-replaced-by-whom")
    if any(leaving.get(member_id) not in (KEEP, REMOVE) for member_id in missing - set(found)):
        raise Invalid("visits.list-say-who-leaves")
    return found


def _table(model: type[Base]) -> Table:
    """Give a model's table: thousands of rows enter it in half the time that the ORM's bulk insert takes."""
    return cast("Table", model.__table__)


def _insert_all(session: Session, model: type[Person] | type[Member] | type[Passport], rows: list[dict[str, Any]]
                ) -> list[int]:  # fmt: skip
    """Insert rows in few statements and give their keys in the same order.

    SQLite cannot return the keys of many rows in order, but holds the only write lock: ours are the newest, in order.
    """
    if not rows:
        return []
    if session.get_bind().dialect.name != "sqlite":
        return list(session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows))
    last = session.scalar(select(func.max(model.id))) or 0
    session.execute(insert(_table(model)), rows)
    return list(session.scalars(select(model.id).where(model.id > last).order_by(model.id)))


def _enter_persons(
    session: Session, actor: Actor, now: datetime, visit: Visit, added: Sequence[Match]
) -> dict[int, int]:
    """Enter who is new with their passports; give the person of each added row, known or new."""
    session.flush()
    fresh = [match for match in added if match.person is None]
    rows = []
    for match in fresh:
        values = _BLANK | person_values(match.row)
        born = values.get("birth_date")
        rows.append({"birth_date": None, "birth_place": None, "email": None, "phone": None, "sex": Sex.UNKNOWN.value,
                     **dict.fromkeys(_PARTS, ""), **values, "created_at": now, "name_key": name_key_of(values),
                     "birth_index": blind_index(f"birth{born}") if born else None})  # fmt: skip
    people = dict(zip((match.row.index for match in fresh), _insert_all(session, Person, rows), strict=True))
    keys = [
        {"person_id": person_id, "key": key}
        for row, person_id in zip(rows, people.values(), strict=True) for key in sorted(sounds_of(row))
    ]  # fmt: skip
    if keys:
        session.execute(insert(_table(PersonKey)), keys)
    passports = [
        {"person_id": people[match.row.index], "country": given["country"], "number": given["number"],
         "type": given["type"], "number_index": blind_index(given["number"]), "issued_on": given["issued_on"],
         "expires_on": given["expires_on"]}
        for match in fresh if (given := match.row.passport)
    ]  # fmt: skip
    _write_events(session, actor, now, "people.person.registered", "person", None, people.values())
    _write_events(session, actor, now, "people.passport.changed", "passport", visit.id,
                  _insert_all(session, Passport, passports), dict.fromkeys(("number", "issued_on", "expires_on")))
    return people | {match.row.index: match.person.id for match in added if match.person is not None}


def _correct(session: Session, actor: Actor, now: datetime, visit: Visit, match: Match) -> None:
    if match.person is not None and match.person_values:
        correct_person(session, actor, now, match.person, match.person_values, visit_id=visit.id)
    if match.person is not None and match.passport_changes:
        given = match.row.passport
        add_passport(session, actor, now, match.person, PassportData(
            country=given["country"], number=given["number"], type=given["type"] if given.get("type_given") else "",
            issued_on=given["issued_on"], expires_on=given["expires_on"]), visit_id=visit.id)  # fmt: skip
    if match.member is not None and match.member_values:
        correct_member(session, actor, now, visit, match.member, match.member_values)


def _let_go(
    session: Session, actor: Actor, now: datetime, visit: Visit, comparison: Comparison, leaving: Mapping[int, str],
    successors: Mapping[int, int], reason: str, entered: Entered, people: Mapping[int, int],
) -> None:
    by_row = {match.row.index: match for match in comparison.added}
    for member in comparison.removed:
        if member.id in successors:
            match = by_row[successors[member.id]]
            newcomer = session.get_one(Person, people[match.row.index])
            match.member = replace_member(session, actor, now, visit, member, newcomer, posts_of(match.row), reason)
            entered.replaced += 1
            entered.removed += 1
        elif leaving[member.id] == REMOVE:
            remove_member(session, actor, now, visit, member, reason)
            entered.removed += 1


def _enter_members(
    session: Session, actor: Actor, now: datetime, visit: Visit, added: Sequence[Match], replacing: set[int],
    people: Mapping[int, int],
) -> None:
    last = session.scalar(select(func.max(Member.position)).where(Member.visit_id == visit.id)) or 0
    fresh = [match for match in added if match.row.index not in replacing]
    rows = [
        {"visit_id": visit.id, "person_id": people[match.row.index], "position": last + number, "added_at": now,
         "note": "", **{name: getattr(match.person, name, "") for name in _PARTS}, **posts_of(match.row)}
        for number, match in enumerate(fresh, 1)
    ]  # fmt: skip
    _write_events(session, actor, now, "visits.member.added", "member", visit.id, _insert_all(session, Member, rows))


def _seat_head(
    session: Session, actor: Actor, now: datetime, visit: Visit, comparison: Comparison, people: Mapping[int, int]
) -> None:
    for match in comparison.matches:
        if match.row.kept and match.row.head:
            person_id = match.member.person_id if match.member is not None else people[match.row.index]
            member = session.scalars(select(Member).where(
                Member.visit_id == visit.id, Member.person_id == person_id, Member.state.in_(LIVE_MEMBER))).one()
            if not member.is_head:
                name_head(session, actor, now, visit, member)


def _write_events(
    session: Session, actor: Actor, now: datetime, kind: str, subject_kind: str, visit_id: int | None,
    subjects: Iterable[int], changes: Mapping[str, Any] | None = None,
) -> None:
    """Write one event for each subject, as `events.record` does, in one statement; reactions follow once for all."""
    rows = [
        {"at": now, "kind": kind, "actor_kind": actor.kind.value, "account_id": actor.account_id,
         "actor_name": actor.name, "subject_kind": subject_kind, "subject_id": subject, "visit_id": visit_id,
         "changes": dict(changes or {}), "note": "", "request_id": actor.request_id}
        for subject in subjects
    ]  # fmt: skip
    if rows:
        session.execute(insert(_table(Event)), rows)


def record_import(session: Session, actor: Actor, now: datetime, visit: Visit, list_id: int, entered: Entered) -> None:
    """Write the event of the whole import, and ask once for each reaction that its members' events would set off."""
    whole = "visits.members.imported"
    event_id = record(session, actor, now, whole, subject=("member_list", list_id), visit_id=visit.id,
                      changes={name: (None, count) for name, count in entered.plain().items()})  # fmt: skip
    asked = set(_reactions(whole))
    for kind in ("visits.member.added", "people.passport.changed") if entered.added else ():
        for job in _reactions(kind):
            if job not in asked:
                asked.add(job)
                enqueue(session, now, job, f"{job}.event.{event_id}",
                        {"event_id": event_id, "visit_id": visit.id, "subject_kind": "visit", "subject_id": visit.id,
                         "account_id": actor.account_id}, visit_id=visit.id, request_id=actor.request_id)


def _reactions(kind: str) -> tuple[str, ...]:
    return EVENT_REACTIONS.get(kind) if kind in EVENT_REACTIONS else ()
