"""What the coordinator does with proposals: takes them over, refuses them, or writes down what was told to us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import advance
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import record
from workflow.guests.models import GuestLink, GuestProposal, GuestScan
from workflow.guests.proposing import check_open, newcomer, propose, take_answer
from workflow.guests.rules import ProposalKind, ProposalState
from workflow.people.service import PassportData, add_passport, correct_person, register_person
from workflow.visits.delegation import add_member, choose_passport, correct_member, remove_member, replace_member
from workflow.visits.models import Member, Visit
from workflow.visits.queries import get_visit, seen_by

ANSWERS = (ProposalKind.CONFIRM, ProposalKind.DECLINE, ProposalKind.SUBSTITUTE)


def get_proposal(session: Session, actor: Actor, proposal_id: int) -> tuple[GuestProposal, Visit]:
    """Load a proposal of a visit that the actor may see, for those who may read people.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    row = None
    if actor.may(Permission.PEOPLE_READ):
        row = session.scalars(
            select(GuestProposal).where(GuestProposal.id == proposal_id, seen_by(actor, GuestProposal.visit_id))
            .options(joinedload(GuestProposal.member).joinedload(Member.person))
        ).one_or_none()
    if row is None:
        raise NotFound("proposal")
    return row, get_visit(session, actor, row.visit_id)


def get_link(session: Session, actor: Actor, link_id: int) -> GuestLink:
    """Load a link of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    link = None
    if actor.may(Permission.PEOPLE_READ):
        link = session.scalars(
            select(GuestLink).where(GuestLink.id == link_id, seen_by(actor, GuestLink.visit_id))
        ).one_or_none()
    if link is None:
        raise NotFound("link")
    return link


def get_scan(session: Session, actor: Actor, scan_id: int) -> tuple[GuestScan, Member]:
    """Load a scan of a member of a visit that the actor may see, for those who may see personal data.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    scan = None
    if actor.may(Permission.PEOPLE_REVEAL):
        scan = session.scalars(
            select(GuestScan).join(Member, Member.id == GuestScan.member_id)
            .where(GuestScan.id == scan_id, seen_by(actor, Member.visit_id)).options(joinedload(GuestScan.member))
        ).one_or_none()
    if scan is None:
        raise NotFound("scan")
    return scan, scan.member


def accept(session: Session, actor: Actor, now: datetime, proposal: GuestProposal, visit: Visit) -> None:
    """Take a proposal over: all of it or nothing.

    Raises:
        Forbidden: the actor may not change people.
        Conflict: somebody decided it before, the visit is over, or the member has left.
        Invalid: what is proposed cannot be, such as a passport that is somebody else's.
    """
    _decide(session, actor, now, proposal, ProposalState.ACCEPTED)
    check_open(visit, proposal.member)
    content = proposal.content
    if proposal.member is None:
        person = register_person(session, actor, now, content.get("person") or {})
        add_member(session, actor, now, visit, person, content.get("member") or {})
        return
    _apply(session, actor, now, visit, proposal.member, ProposalKind(proposal.kind), content)


def _apply(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, kind: ProposalKind,
    content: Mapping[str, Any],
) -> None:  # fmt: skip
    if kind is ProposalKind.CORRECT:
        if content.get("person"):
            correct_person(session, actor, now, member.person, content["person"], visit_id=visit.id)
        if content.get("member"):
            correct_member(session, actor, now, visit, member, content["member"])
    elif kind is ProposalKind.PASSPORT:
        taken = add_passport(session, actor, now, member.person, passport_of(content["passport"]), visit_id=visit.id)
        choose_passport(session, actor, now, visit, member, taken.id)
    elif kind is ProposalKind.DECLINE:
        remove_member(session, actor, now, visit, member, content.get("reason", ""), declined=True)
    elif kind is ProposalKind.SUBSTITUTE:
        person = register_person(session, actor, now, content.get("person") or {})
        replace_member(session, actor, now, visit, member, person, content.get("member") or {},
                       content.get("reason", ""))  # fmt: skip


def passport_of(content: Mapping[str, str]) -> PassportData:
    """Make a passport of what a proposal keeps of it."""
    days = {name: date.fromisoformat(content[name]) for name in ("issued_on", "expires_on") if content.get(name)}
    texts = {name: content[name] for name in ("type", "latin_family", "latin_given", "authority") if content.get(name)}
    return PassportData(country=content.get("country", ""), number=content["number"], **texts, **days)  # type: ignore[arg-type]


def refuse(session: Session, actor: Actor, now: datetime, proposal: GuestProposal) -> None:
    """Leave things as they are.

    Raises:
        Forbidden: the actor may not change people.
        Conflict: somebody decided it before.
    """
    _decide(session, actor, now, proposal, ProposalState.REFUSED)


def _decide(session: Session, actor: Actor, now: datetime, proposal: GuestProposal, to: ProposalState) -> None:
    if not actor.may(Permission.PEOPLE_WRITE):
        raise Forbidden
    if not advance(session, GuestProposal, proposal.id, from_=[ProposalState.WAITING], to=to, decided_at=now,
                   decided_by=actor.account_id):  # fmt: skip
        raise Conflict("guests.proposal-decided")
    record(session, actor, now, "guests.proposal.decided", subject=proposal, visit_id=proposal.visit_id,
           changes={"state": (ProposalState.WAITING.value, to.value), "kind": (None, proposal.kind)})  # fmt: skip
    if proposal.kind == ProposalKind.PASSPORT and proposal.member is not None:
        record(session, actor, now, "guests.passport.decided", subject=proposal.member.person,
               visit_id=proposal.visit_id)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An answer that reached us by telephone or otherwise: what, from whom, when."""

    answer: ProposalKind
    told_by: str
    told_on: date
    reason: str = ""
    substitute: Mapping[str, str] = field(default_factory=dict)


def record_told(session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, told: Told) -> None:
    """Write down an answer that was told to us, with who told it and when, and act on it at once.

    Raises:
        Invalid: who told it is missing, the day lies ahead, no such answer, or a substitute without a name.
        Conflict: the visit is over, or the member has left.
    """
    check_open(visit, member)
    problems = []
    if not told.told_by.strip():
        problems.append(Problem("told_by", "guests.who-told"))
    if told.told_on > local_date(now, visit.zone):
        problems.append(Problem("told_on", "guests.day-ahead"))
    if told.answer not in ANSWERS:
        problems.append(Problem("answer", "base.not-a-choice"))
    if told.answer is ProposalKind.SUBSTITUTE and not told.substitute.get("latin_family"):
        problems.append(Problem("latin_family", "base.required"))
    if problems:
        raise Invalid(problems=problems)
    content: dict[str, Any] = {"reason": told.reason.strip()[:300]}
    if told.answer is ProposalKind.SUBSTITUTE:
        content |= newcomer(told.substitute)
    row = propose(session, actor, now, visit, member, told.answer, content, told_by=told.told_by.strip(),
                  told_on=told.told_on)  # fmt: skip
    _decide(session, actor, now, row, ProposalState.ACCEPTED)
    if told.answer is ProposalKind.CONFIRM:
        take_answer(session, actor, now, visit, member, told.answer)
    else:
        _apply(session, actor, now, visit, member, told.answer, content)


def proposals_of(
    session: Session, visit_id: int, *, waiting: bool = True, limit: int = 200
) -> list[GuestProposal]:
    """List proposals that wait, or those decided, the newest first; the caller has checked the visit."""
    state = GuestProposal.state == ProposalState.WAITING
    return list(session.scalars(
        select(GuestProposal).where(GuestProposal.visit_id == visit_id, state if waiting else ~state)
        .options(joinedload(GuestProposal.member).joinedload(Member.person))
        .order_by(GuestProposal.id.desc()).limit(limit)
    ))  # fmt: skip
