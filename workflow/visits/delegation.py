"""What people do with the members of a delegation: add, correct, confirm, name the head, replace, remove."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import changed, record
from workflow.people.models import Person
from workflow.people.service import living_entry
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, MemberState, Standing

FIELDS = frozenset({"post_ru", "post_en", "organisation_ru", "organisation_en", "note", "position", "role_ru",
                    "role_en", "seat", "seat_en"})
_LIVE = [state.value for state in LIVE_MEMBER]


def add_member(
    session: Session, actor: Actor, now: datetime, visit: Visit, person: Person, values: Mapping[str, Any]
) -> Member:
    """Add a person to a delegation; posts default to the person's own. `is_head` in *values* makes them its head.

    Raises:
        Conflict: the person is in it already, or the visit is over.
        Invalid: an unknown field.
    """
    _check_live(visit)
    given = dict(values)
    is_head = bool(given.pop("is_head", False))
    state = given.pop("state", MemberState.PROPOSED)
    _check_fields(given)
    person = living_entry(session, person)
    last = session.scalar(select(func.max(Member.position)).where(Member.visit_id == visit.id)) or 0
    defaults = {name: getattr(person, name) for name in ("post_ru", "post_en", "organisation_ru", "organisation_en")}
    position = given.pop("position", None) or last + 1
    member = Member(visit_id=visit.id, person_id=person.id, state=state, position=position, added_at=now,
                    **(defaults | {name: value for name, value in given.items() if value not in ("", None)}))
    member.person = person
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError:
        raise Conflict("visits.member-already", name=person.shown_name("en")) from None
    record(session, actor, now, "visits.member.added", subject=member, visit_id=visit.id)
    if is_head:
        name_head(session, actor, now, visit, member)
    return member


def _check_fields(values: Mapping[str, Any]) -> None:
    unknown = set(values) - FIELDS
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))


def _live_members(session: Session, visit_id: int) -> int:
    session.flush()
    counted = select(func.count(Member.id)).where(Member.visit_id == visit_id, Member.state.in_(_LIVE))
    return session.scalar(counted) or 0


def _check_live(visit: Visit) -> None:
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")


def correct_member(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, values: Mapping[str, Any], *,
    version: int | None = None,
) -> None:
    """Correct a member's post, organisation or note in this delegation.

    Raises:
        Stale: somebody else saved meanwhile.
        Conflict: the visit is over.
    """
    _check_live(visit)
    _check_fields(values)
    expect_version(member, version, {name: getattr(member, name) for name in values})
    differences = changed(member, values)
    if differences:
        record(session, actor, now, "visits.member.changed", subject=member, visit_id=visit.id, changes=differences)


def choose_passport(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, passport_id: int | None
) -> None:
    """Say with which of their passports a member travels; None leaves it open.

    Raises:
        Invalid: it is no passport in use of this person.
        Conflict: the visit is over.
    """
    _check_live(visit)
    live = {passport.id for passport in member.person.passports if passport.retired_at is None}
    if passport_id is not None and passport_id not in live:
        raise Invalid("visits.not-their-passport", field="passport")
    if member.passport_id != passport_id:
        member.passport_id = passport_id
        record(session, actor, now, "visits.member.passport-chosen", subject=member, visit_id=visit.id,
               personal=("passport_id",))


def confirm_member(session: Session, actor: Actor, now: datetime, visit: Visit, member: Member) -> None:
    """Note that a proposed member is coming.

    Raises:
        Conflict: the member has left the delegation, or the visit is over.
    """
    _check_live(visit)
    _move(session, actor, now, member, [MemberState.PROPOSED], MemberState.CONFIRMED, "visits.member.changed")


def name_head(session: Session, actor: Actor, now: datetime, visit: Visit, member: Member) -> None:
    """Make a member the head of the delegation; the one before ceases to be.

    Raises:
        Conflict: the member has left the delegation.
    """
    _check_live(visit)
    if member.state not in _LIVE:
        raise Conflict("visits.member-gone")
    session.flush()
    session.execute(
        update(Member).where(Member.visit_id == visit.id, Member.is_head, Member.id != member.id)
        .values(is_head=False, lock_version=Member.lock_version + 1).execution_options(synchronize_session="fetch")
    )
    if not member.is_head:
        member.is_head = True
        session.flush()
        record(session, actor, now, "visits.member.changed", subject=member, visit_id=visit.id,
               changes={"is_head": (False, True)})


def remove_member(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, reason: str, *, declined: bool = False
) -> None:
    """Take a member out of the delegation, or note that they declined; the row stays.

    A list that nobody is left in is complete no more.

    Raises:
        Conflict: already out, or the visit is over.
    """
    _take_out(session, actor, now, visit, member, reason, declined=declined)
    if visit.composition_closed and not _live_members(session, visit.id):
        close_composition(session, actor, now, visit, closed=False)


def _take_out(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, reason: str, *, declined: bool = False
) -> None:
    _check_live(visit)
    to = MemberState.DECLINED if declined else MemberState.REMOVED
    member.is_head = False
    session.flush()
    _move(session, actor, now, member, LIVE_MEMBER, to, "visits.member.removed", ended_at=now,
          end_reason=reason.strip()[:300])


def replace_member(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, person: Person,
    values: Mapping[str, Any], reason: str,
) -> Member:
    """Put another person in a member's place; head and position pass on.

    Raises:
        Conflict: already out, the new person is in the delegation already, or the visit is over.
    """
    was_head, position = member.is_head, member.position
    _take_out(session, actor, now, visit, member, reason)
    successor = add_member(session, actor, now, visit, person, {**values, "position": position, "is_head": was_head})
    member.replaced_by_id = successor.id
    session.flush()
    record(session, actor, now, "visits.member.replaced", subject=member, visit_id=visit.id,
           changes={"replaced_by": (None, successor.id)})
    return successor


def close_composition(session: Session, actor: Actor, now: datetime, visit: Visit, *, closed: bool) -> None:
    """Say that the list is complete, or open it again.

    Raises:
        Conflict: the visit is over, or nobody is in the list that is said to be complete.
    """
    _check_live(visit)
    if closed and not _live_members(session, visit.id):
        raise Conflict("visits.composition-empty")
    if visit.composition_closed is not closed:
        visit.composition_closed = closed
        record(session, actor, now, "visits.composition.closed" if closed else "visits.composition.opened",
               subject=visit, visit_id=visit.id, changes={"composition_closed": (not closed, closed)})


def _move(
    session: Session, actor: Actor, now: datetime, member: Member, from_: Any, to: MemberState, kind: str,
    **values: Any,
) -> None:
    before = member.state
    done = session.execute(
        update(Member).where(Member.id == member.id, Member.state.in_([state.value for state in from_]))
        .values(state=to.value, lock_version=Member.lock_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(member, attribute_names=["state", "lock_version", "ended_at", "end_reason"])
    if not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("visits.member-gone")
    record(session, actor, now, kind, subject=member, visit_id=member.visit_id, changes={"state": (before, to)})
