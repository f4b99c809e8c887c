"""Reads whom a list may mean, a few queries for any number of rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from workflow.base.actor import Actor
from workflow.base.encryption import blind_index
from workflow.base.errors import NotFound
from workflow.partners.models import Partner
from workflow.people.models import Passport, Person
from workflow.visits.lists.comparing import Comparison, Known
from workflow.visits.lists.judging import Judged
from workflow.visits.models import Member, MemberList, Visit
from workflow.visits.queries import get_member_list, seen_by
from workflow.visits.rules import LIVE_MEMBER, Standing

CHUNK = 900
T = TypeVar("T")


def get_list(session: Session, actor: Actor, visit_id: int, list_id: int) -> MemberList:
    """Load a list of this very visit.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = get_member_list(session, actor, list_id)
    if found.visit_id != visit_id:
        raise NotFound("list")
    return found


def lists_of(session: Session, visit_id: int) -> Sequence[MemberList]:
    """List a visit's lists, the newest first; the caller has checked that the actor may see the visit."""
    return session.scalars(
        select(MemberList).where(MemberList.visit_id == visit_id).order_by(MemberList.id.desc()).limit(20)
    ).all()


NAMED = "members"
"""Where the result of an import keeps the members whom the list named."""


def named_before(session: Session, visit_id: int) -> set[int]:
    """Give the members whom an imported list named: who is missing from the next one is taken to leave.

    Who was entered by hand and never stood in a list does not leave because a list does not name them.
    """
    results = session.scalars(
        select(MemberList.result).where(MemberList.visit_id == visit_id, MemberList.state == "imported")
    )
    return {key for result in results for key in result.get(NAMED, ())}


def named_now(session: Session, visit_id: int, missing: Sequence[Member]) -> list[int]:
    """Give the members whom the list just imported names: all who are there but those *missing* from it."""
    session.flush()
    live = session.scalars(
        select(Member.id).where(Member.visit_id == visit_id, Member.state.in_(LIVE_MEMBER)).order_by(Member.id)
    ).all()
    kept = {member.id for member in missing}
    return [key for key in live if key not in kept]


def blank_language(session: Session, visit: Visit, offered: Sequence[str]) -> str:
    """Choose the language of the blank list: the partner's, else the visit's, else English."""
    partner = session.get(Partner, visit.partner_id) if visit.partner_id else None
    wanted = [*(partner.languages if partner else ()), *visit.languages]
    return next((language for language in wanted if language in offered), "en")


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def load_known(session: Session, visit_id: int, judged: Judged) -> Known:
    """Load the live members of the visit and everybody whose passport or birth date stands in the list."""
    members = session.scalars(
        select(Member).where(Member.visit_id == visit_id, Member.state.in_([state.value for state in LIVE_MEMBER]))
        .options(joinedload(Member.person).selectinload(Person.passports))
        .order_by(Member.is_head.desc(), Member.position, Member.id)
    ).all()
    numbers = {blind_index(row.passport["number"]) for row in judged.rows if row.passport}
    dates = {blind_index(f"birth{row.values['birth_date']}") for row in judged.rows if row.values.get("birth_date")}
    passports: dict[tuple[str, str], tuple[Passport, Person]] = {}
    births: dict[str, list[Person]] = {}
    for person in _meant(session, numbers, dates):
        for passport in person.passports:
            if passport.retired_at is None and passport.number_index in numbers:
                number = "".join(letter for letter in passport.number.upper() if letter.isalnum())
                passports[passport.country, number] = (passport, person)
        if person.birth_index in dates:
            births.setdefault(person.birth_date or "", []).append(person)
    return Known(passports, births, members)


def _meant(session: Session, numbers: set[str], dates: set[str]) -> Iterator[Person]:
    """Load with their passports whoever has one of these numbers or birth dates; each is decrypted once."""
    ids: set[int] = set()
    for some in _chunks(sorted(numbers)):
        ids.update(session.scalars(
            select(Passport.person_id).where(Passport.number_index.in_(some), Passport.retired_at.is_(None))))
    for some in _chunks(sorted(dates)):
        ids.update(session.scalars(
            select(Person.id).where(Person.birth_index.in_(some), Person.merged_into_id.is_(None))))
    for chunk in _chunks(sorted(ids)):
        yield from session.scalars(
            select(Person).where(Person.id.in_(chunk), Person.merged_into_id.is_(None)).order_by(Person.id)
            .options(selectinload(Person.passports)))


def double_bookings(
    session: Session, actor: Actor, visit: Visit, comparison: Comparison
) -> dict[int, list[Visit]]:
    """Find who of the list is in another live visit on one of these days: person → visits that the actor may see."""
    if not visit.arrival or not visit.departure:
        return {}
    ids = {match.person.id for match in comparison.matches if match.person is not None and match.row.kept}
    return other_visits(session, actor, visit, ids, visit.arrival, visit.departure)


def other_visits(
    session: Session, actor: Actor, visit: Visit, person_ids: Iterable[int], arrival: date, departure: date
) -> dict[int, list[Visit]]:
    """Find the other live visits of these persons with a day in common."""
    found: dict[int, list[Visit]] = {}
    for chunk in _chunks(sorted(person_ids)):
        rows = session.execute(
            select(Member.person_id, Visit).join(Visit, Visit.id == Member.visit_id)
            .where(Member.person_id.in_(chunk), Member.visit_id != visit.id,
                   Member.state.in_([state.value for state in LIVE_MEMBER]),
                   Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]),
                   Visit.arrival <= departure, Visit.departure >= arrival, seen_by(actor, Visit.id))
            .order_by(Visit.arrival, Visit.id)
        )  # fmt: skip
        for person_id, other in rows:
            found.setdefault(person_id, []).append(other)
    return found
