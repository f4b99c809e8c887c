"""Enters a compared list into the delegation: all of it in the caller's transaction, many rows in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.encryption import blind_index
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import EVENT_REACTIONS, Event, record
from workflow.base.jobs import enqueue
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport, correct_person, name_key
from workflow.visits.delegation import correct_member, name_head, remove_member, replace_member
from workflow.visits.lists.comparing import Comparison, Match, person_values, posts_of
from workflow.visits.models import Member, Visit

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
        Conflict: somebody entered one of these people at the same time.
        Invalid: a choice cannot be.
    """
    successors = _successors(comparison, leaving)
    try:
        _enter_persons(session, actor, now, visit, comparison.added)
        for match in [*comparison.added, *comparison.changed]:
            _correct(session, actor, now, visit, match)
        entered = Entered(changed=len(comparison.changed), same=len(comparison.same), left_out=comparison.left_out)
        _let_go(session, actor, now, visit, comparison, leaving, successors, reason, entered)
        _enter_members(session, actor, now, visit, comparison.added, set(successors.values()))
        session.flush()
    except IntegrityError:
        raise Conflict("visits.list-changed-meanwhile") from None
    entered.added = len(comparison.added)
    _seat_head(session, actor, now, visit, comparison)
    return entered


def _successors(comparison: Comparison, leaving: Mapping[int, str]) -> dict[int, int]:
    """Read who comes instead of whom: member → row."""
    added = {match.row.index for match in comparison.added}
    found = {member_id: int(choice.removeprefix(REPLACED)) for member_id, choice in leaving.items()
             if choice.startswith(REPLACED) and choice.removeprefix(REPLACED).isdecimal()}  # fmt: skip
    if len(set(found.values())) < len(found) or not set(found.values()) <= added:
        raise Invalid("visits.list-replaced-by-whom")
    known = {KEEP, REMOVE}
    for member in comparison.removed:
        if member.id not in found and leaving.get(member.id) not in known:
            raise Invalid("visits.list-say-who-leaves")
    return found


def _enter_persons(session: Session, actor: Actor, now: datetime, visit: Visit, added: Sequence[Match]) -> None:
    fresh = [match for match in added if match.person is None]
    passports = []
    for match in fresh:
        values = person_values(match.row)
        person = Person(created_at=now, **(_BLANK | values))
        person.name_key = name_key(person)
        person.birth_index = blind_index(f"birth{person.birth_date}") if person.birth_date else None
        match.person = person
    session.add_all([match.person for match in fresh])
    session.flush()
    for match in fresh:
        given = match.row.passport
        if given and match.person is not None:
            passports.append(Passport(
                person_id=match.person.id, country=given["country"], number=given["number"], type=given["type"],
                number_index=blind_index(given["number"]), issued_on=given["issued_on"], expires_on=given["expires_on"],
            ))  # fmt: skip
    session.add_all(passports)
    session.flush()
    _write_events(session, actor, now, "people.person.registered", None,
                  [match.person for match in fresh if match.person is not None])
    _write_events(session, actor, now, "people.passport.changed", visit.id, passports,
                  dict.fromkeys(("number", "issued_on", "expires_on")))


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
    successors: Mapping[int, int], reason: str, entered: Entered,
) -> None:
    by_row = {match.row.index: match for match in comparison.added}
    for member in comparison.removed:
        if member.id in successors:
            match = by_row[successors[member.id]]
            assert match.person is not None  # noqa: S101 — every added row has its person by now
            match.member = replace_member(session, actor, now, visit, member, match.person, posts_of(match.row), reason)
            entered.replaced += 1
            entered.removed += 1
        elif leaving[member.id] == REMOVE:
            remove_member(session, actor, now, visit, member, reason)
            entered.removed += 1


def _enter_members(
    session: Session, actor: Actor, now: datetime, visit: Visit, added: Sequence[Match], replacing: set[int]
) -> None:
    last = session.scalar(select(func.max(Member.position)).where(Member.visit_id == visit.id)) or 0
    fresh = []
    for match in added:
        if match.row.index in replacing or match.person is None:
            continue
        last += 1
        parts = {name: getattr(match.person, name) or "" for name in _PARTS} | posts_of(match.row)
        match.member = Member(visit_id=visit.id, person_id=match.person.id, position=last, added_at=now, **parts)
        fresh.append(match.member)
    session.add_all(fresh)
    session.flush()
    _write_events(session, actor, now, "visits.member.added", visit.id, fresh)


def _seat_head(session: Session, actor: Actor, now: datetime, visit: Visit, comparison: Comparison) -> None:
    for match in comparison.matches:
        if match.row.kept and match.row.head and match.member is not None and not match.member.is_head:
            name_head(session, actor, now, visit, match.member)


def _write_events(
    session: Session, actor: Actor, now: datetime, kind: str, visit_id: int | None, subjects: Iterable[Any],
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write one event for each subject, as `events.record` does, in one statement; reactions follow once for all."""
    rows = [
        {"at": now, "kind": kind, "actor_kind": actor.kind.value, "account_id": actor.account_id,
         "actor_name": actor.name, "subject_kind": subject.__tablename__, "subject_id": subject.id,
         "visit_id": visit_id, "changes": dict(changes or {}), "note": "", "request_id": actor.request_id}
        for subject in subjects
    ]  # fmt: skip
    if rows:
        session.execute(insert(Event), rows)


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
