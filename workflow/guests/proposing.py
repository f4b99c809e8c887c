"""What a guest or a partner's clerk sends: entered where we hold nothing yet, waiting where it contradicts that.

Nothing overwrites: an empty field of the card is filled at once, a passport that nobody has is entered at once, and
everything else waits for the coordinator's check. A clerk's word always waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.guests.models import GuestProposal
from workflow.guests.rules import ProposalKind, ProposalState
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport, correct_person, find_passport
from workflow.visits.delegation import choose_passport, confirm_member, correct_member
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, MemberState, Standing

PERSON_FIELDS = ("latin_family", "latin_given", "native_family", "native_given", "birth_date", "birth_place", "sex",
                 "citizenships", "email", "phone")  # fmt: skip
MEMBER_FIELDS = ("post_en", "organisation_en")
NEWCOMER = ("latin_family", "latin_given", "native_family", "native_given", "email")
PASSPORT_FIELDS = ("country", "number", "type", "issued_on", "expires_on", "latin_family", "latin_given", "authority")


ASIDE = "aside"
"""Marks a passport that waits and is no longer the one its guest typed last."""
EARLIER = "earlier"
"""Names the passports that a guest typed before the one that waits and that would have waited too.

Had they been free, all would be on the card by now: so their bearer must be judged by all of them.
"""
MOST_EARLIER = 50


@dataclass(frozen=True)
class Taken:
    """What became of what was sent: how many fields were entered at once, and how many wait."""

    entered: int = 0
    waiting: int = 0


def check_open(visit: Visit, member: Member | None = None) -> None:
    """Refuse what comes too late.

    Raises:
        Conflict: the visit is over, or the member has left the delegation.
    """
    if visit.standing not in (Standing.LIVE, Standing.POSTPONED):
        raise Conflict("visits.visit-over")
    if member is not None and member.state not in [state.value for state in LIVE_MEMBER]:
        raise Conflict("visits.member-gone")


def take_data(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, values: Mapping[str, Any], *,
    link_id: int | None = None,
) -> Taken:  # fmt: skip
    """Take what a guest says of themselves.

    Raises:
        Conflict: the visit is over, or the member has left.
        Invalid: a value that cannot be.
    """
    check_open(visit, member)
    of_person = {name: values[name] for name in PERSON_FIELDS if values.get(name) not in (None, "", [], "unknown")}
    of_member = {name: values[name] for name in MEMBER_FIELDS if values.get(name)}
    if place := of_person.pop("birth_place", None):
        of_person[member.person.birth_place_field(place)] = place
    new, other = _sorted_out(member.person, of_person)
    if new:
        correct_person(session, actor, now, member.person, new, visit_id=visit.id)
    new_part, other_part = _sorted_out(member, of_member)
    if new_part:
        correct_member(session, actor, now, visit, member, new_part)
    if other or other_part:
        propose(session, actor, now, visit, member, ProposalKind.CORRECT, {"person": other, "member": other_part},
                link_id=link_id)  # fmt: skip
    return Taken(len(new) + len(new_part), len(other) + len(other_part))


def _sorted_out(row: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part what fills a gap from what contradicts; what we hold already is neither."""
    new: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, value in values.items():
        held = getattr(row, name)
        if held in (None, "", [], "unknown"):
            new[name] = value
        elif held != value and not (name == "citizenships" and set(value) <= set(held)):
            other[name] = value
    return new, other


def take_passport(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, data: PassportData, *,
    link_id: int | None = None,
) -> Taken:  # fmt: skip
    """Take a passport that a guest typed: a number that nobody has is entered; another's or a changed one waits.

    What a guest types last is the passport with which they travel: whoever has two needs no other way to say which.
    That a number is somebody else's is told to the coordinator and never to the guest.

    Raises:
        Conflict: the visit is over, or the member has left.
        Invalid: no number, or dates in the wrong order.
    """
    check_open(visit, member)
    number = "".join(data.number.split()).upper()
    if not number:
        raise Invalid("people.passport-number-missing", field="number")
    if data.issued_on and data.expires_on and data.expires_on <= data.issued_on:
        raise Invalid("people.passport-dates", field="expires_on")
    found = find_passport(session, data.country, number)
    if found is None:
        found = add_passport(session, actor, now, member.person, data, visit_id=visit.id)
    if found.person_id == member.person_id and not _contradicts(found, data):
        choose_passport(session, actor, now, visit, member, found.id)
        _set_aside(session, actor, now, visit, member)
        return Taken(entered=1)
    content = {name: _plain(getattr(data, name)) for name in PASSPORT_FIELDS if getattr(data, name)}
    waiting = _waiting(session, member, ProposalKind.PASSPORT)
    before = waiting.content if waiting is not None else None
    known, others = _typed_before(before, content)
    sent = {"passport": {**known, **content}, ASIDE: False, **({EARLIER: others} if others else {})}
    row = propose(session, actor, now, visit, member, ProposalKind.PASSPORT, sent, link_id=link_id)
    if row.content != before:
        note_claims(session, actor, now, visit.id, member)
    return Taken(waiting=1)


def _typed_before(
    before: Mapping[str, Any] | None, content: Mapping[str, str]
) -> tuple[Mapping[str, str], list[Mapping[str, str]]]:
    """Part what was typed before of this passport from the other passports that were typed before it."""
    if before is None:
        return {}, []
    typed = [*before.get(EARLIER, ()), before["passport"]]
    same = [one for one in typed if same_passport(one) == same_passport(content)]
    others = [one for one in typed if same_passport(one) != same_passport(content)]
    return same[-1] if same else {}, others[-MOST_EARLIER:]


def same_passport(content: Mapping[str, str]) -> tuple[str, str]:
    """Give what makes two passports that were typed the same: country and number, however it was spaced."""
    return content.get("country", ""), "".join(content["number"].split()).upper()


def _set_aside(session: Session, actor: Actor, now: datetime, visit: Visit, member: Member) -> None:
    """Note with a passport that waits that its guest has typed another one since."""
    waiting = _waiting(session, member, ProposalKind.PASSPORT)
    if waiting is not None and not waiting.content.get(ASIDE):
        waiting.content = {**waiting.content, ASIDE: True}
        note_claims(session, actor, now, visit.id, member)


def note_claims(session: Session, actor: Actor, now: datetime, visit_id: int, member: Member) -> None:
    """Note that other passports of a guest wait than before: visas are reckoned anew, as after one that was entered."""
    record(session, actor, now, "guests.passport.typed", subject=member.person, visit_id=visit_id, personal=("number",))


def is_anothers(session: Session, proposal: GuestProposal) -> bool:
    """Tell whether the passport that is proposed is on file with somebody else; for staff only."""
    typed = proposal.content.get("passport") or {}
    found = find_passport(session, typed.get("country", ""), typed["number"]) if typed else None
    return found is not None and (proposal.member is None or found.person_id != proposal.member.person_id)


def _contradicts(found: Passport, data: PassportData) -> bool:
    given = {name: getattr(data, name) for name in PASSPORT_FIELDS if name not in ("number", "country")}
    return any(value not in (None, "") and getattr(found, name) != value for name, value in given.items())


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


def take_answer(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, answer: ProposalKind, *,
    substitute: Mapping[str, str] | None = None, reason: str = "", link_id: int | None = None,
) -> None:  # fmt: skip
    """Take whether somebody is coming: a confirmation counts at once, a refusal or a substitute waits.

    Raises:
        Conflict: the visit is over, or the member has left.
        Invalid: a substitute without a name.
    """
    check_open(visit, member)
    if answer is ProposalKind.CONFIRM:
        if member.state == MemberState.PROPOSED:
            confirm_member(session, actor, now, visit, member)
        return
    content: dict[str, Any] = {"reason": reason.strip()[:300]}
    if answer is ProposalKind.SUBSTITUTE:
        content |= newcomer(substitute or {})
    propose(session, actor, now, visit, member, answer, content, link_id=link_id)


def newcomer(values: Mapping[str, str]) -> dict[str, Any]:
    """Give what a proposal keeps of somebody whom we do not know yet, whoever tells it.

    Raises:
        Invalid: no name.
    """
    if not values.get("latin_family"):
        raise Invalid("base.required", field="latin_family")
    person: dict[str, Any] = {name: values[name] for name in NEWCOMER if values.get(name)}
    if values.get("citizenship"):
        person["citizenships"] = [values["citizenship"]]
    part = {name: values[name] for name in MEMBER_FIELDS if values.get(name)}
    return {"person": person, "member": part}


def propose_person(
    session: Session, actor: Actor, now: datetime, visit: Visit, values: Mapping[str, str], *, link_id: int | None,
) -> GuestProposal:  # fmt: skip
    """Take a clerk's wish that one more person comes.

    Raises:
        Conflict: the visit is over.
        Invalid: no name.
    """
    check_open(visit)
    return propose(session, actor, now, visit, None, ProposalKind.ADD, newcomer(values), link_id=link_id)


def propose_correction(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, values: Mapping[str, str], *,
    link_id: int | None,
) -> bool:  # fmt: skip
    """Take a clerk's correction of a name or post; tell whether it says anything new."""
    check_open(visit, member)
    person = {name: values[name] for name in ("latin_family", "latin_given", "native_family", "native_given")
              if values.get(name) and getattr(member.person, name) != values[name]}  # fmt: skip
    part = {name: values[name] for name in MEMBER_FIELDS if values.get(name) and getattr(member, name) != values[name]}
    if not (person or part):
        return False
    propose(session, actor, now, visit, member, ProposalKind.CORRECT, {"person": person, "member": part},
            link_id=link_id)  # fmt: skip
    return True


def propose(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member | None, kind: ProposalKind,
    content: Mapping[str, Any], *, link_id: int | None = None, told_by: str = "", told_on: date | None = None,
) -> GuestProposal:  # fmt: skip
    """Put something before the coordinator; what waits already of the same kind is brought up to date instead.

    Raises:
        Conflict: the same was sent twice in one moment.
    """
    waiting = _waiting(session, member, kind) if member is not None else None
    if waiting is not None:
        merged = {group: _joined(waiting.content.get(group) or {}, value) if isinstance(value, Mapping) else value
                  for group, value in content.items()}  # fmt: skip
        if {**waiting.content, **merged} == waiting.content:
            return waiting
        waiting.content, waiting.made_at = {**waiting.content, **merged}, now
        waiting.link_id, waiting.made_by = link_id, actor.account_id
        waiting.told_by, waiting.told_on = told_by or None, told_on
        row = waiting
    else:
        row = GuestProposal(visit_id=visit.id, member=member, link_id=link_id, kind=kind.value, content=dict(content),
                            state=ProposalState.WAITING, made_at=now, made_by=actor.account_id,
                            told_by=told_by or None, told_on=told_on)  # fmt: skip
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            raise Conflict("base.clash") from None
    named = [name for value in content.values() if isinstance(value, Mapping) for name in value]
    record(session, actor, now, "guests.proposal.made", subject=row, visit_id=visit.id,
           changes={"kind": (None, kind.value)}, personal=sorted(set(named)))  # fmt: skip
    return row


def _waiting(session: Session, member: Member, kind: ProposalKind) -> GuestProposal | None:
    return session.scalars(
        select(GuestProposal).where(GuestProposal.member_id == member.id, GuestProposal.kind == kind.value,
                                    GuestProposal.state == ProposalState.WAITING)
    ).one_or_none()  # fmt: skip


def _joined(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Bring fields that wait up to date; of another passport, nothing of the first is kept."""
    other = any(before.get(name) != now.get(name) for name in ("country", "number"))
    return dict(now) if other else {**before, **now}


def differences(proposal: GuestProposal) -> list[tuple[str, Any, Any]]:
    """List what a proposal would change: field, what we hold, what is proposed."""
    person: Person | None = proposal.member.person if proposal.member else None
    keeps = proposal.kind == ProposalKind.CORRECT
    rows: list[tuple[str, Any, Any]] = []
    for group, row in (("person", person), ("member", proposal.member)):
        for name, value in (proposal.content.get(group) or {}).items():
            rows.append((name, getattr(row, name, None) if keeps and row is not None else None, value))
    rows += [(name, None, value) for name, value in (proposal.content.get("passport") or {}).items()]
    return rows
