"""The passports that guests typed and that wait for a look: for guests' pages, and for the visa room without numbers.

Guests' pages show them like those that were entered. Else whoever types a number would learn whether it is on file with
somebody else, on this visit's page or on another's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Row, literal_column, select
from sqlalchemy.orm import Session

from workflow.base.encryption import blind_index
from workflow.guests.deciding import passport_of
from workflow.guests.models import GuestProposal
from workflow.guests.proposing import ASIDE, EARLIER, MOST_EARLIER, same_passport
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData
from workflow.visas.claims import LATER, Claim, Claims
from workflow.visits.asking import chosen_of, passports_in_use
from workflow.visits.models import Member

_WAITS: tuple[ColumnElement[bool], ...] = (
    GuestProposal.state == literal_column("'waiting'"), GuestProposal.member_id.is_not(None),
    GuestProposal.kind == literal_column("'passport'"),
)  # fmt: skip
"""The words of the partial index, so that decided proposals are not read."""


@dataclass(frozen=True)
class Typed:
    """A passport that waits: its key, at whose visit its guest shows it, and whose row of our table it would change.

    `member_id` is None where another one was typed since.
    """

    id: int
    member_id: int | None
    data: PassportData
    instead_of: int | None

    @property
    def number(self) -> str:
        """As it was typed."""
        return self.data.number

    @property
    def expires_on(self) -> date | None:
        """Its last day, if told."""
        return self.data.expires_on


def typed_passports(
    session: Session, person_ids: Collection[int] | None = None
) -> Mapping[int, Sequence[Typed]]:
    """Give the passports that wait by person, those typed last at the end; of everybody, or of some.

    Persons are looked up for each, as a join would begin with all members of the house.
    """
    person_id = select(Member.person_id).where(Member.id == GuestProposal.member_id).scalar_subquery()
    query = (
        select(GuestProposal.id, GuestProposal.member_id, GuestProposal.content, person_id.label("person_id"))
        .where(*_WAITS).order_by(GuestProposal.id)
    )  # fmt: skip
    if person_ids is not None:
        query = query.where(GuestProposal.member_id.in_(select(Member.id).where(Member.person_id.in_(person_ids))))
    rows = session.execute(query).all()
    ours = _ours(session, rows)
    found: dict[int, list[Typed]] = defaultdict(list)
    for row in rows:
        typed = [*row.content.get(EARLIER, ()), row.content["passport"]]
        for place, content in enumerate(typed, MOST_EARLIER + 1 - len(typed)):
            last = place == MOST_EARLIER and not row.content.get(ASIDE)
            found[row.person_id].append(Typed(
                LATER + row.id * (MOST_EARLIER + 1) + place, row.member_id if last else None, passport_of(content),
                ours.get((row.person_id, *same_passport(content))),
            ))  # fmt: skip
    return found


def _ours(session: Session, rows: Sequence[Row[tuple[int, int | None, dict[str, object], int]]]) -> dict[
    tuple[int, str, str], int
]:  # fmt: skip
    """Find the rows of our table with a number that its own bearer typed again, with other data."""
    typed = {(row.person_id, *same_passport(content)): blind_index(same_passport(content)[1])
             for row in rows for content in (*row.content.get(EARLIER, ()), row.content["passport"])}  # fmt: skip
    if not typed:
        return {}
    kept = {(one.person_id, one.country, one.number_index): one.id for one in session.execute(
        select(Passport.id, Passport.person_id, Passport.country, Passport.number_index)
        .where(Passport.number_index.in_(set(typed.values())), Passport.retired_at.is_(None))
    )}  # fmt: skip
    found = {key: kept.get((key[0], key[1], index)) for key, index in typed.items()}
    return {key: passport_id for key, passport_id in found.items() if passport_id is not None}


def waiting_claims(session: Session) -> Claims:
    """Give the passports that wait, by person, as the visa room judges by them: without numbers and names."""
    return {
        person_id: [Claim(one.id, one.data.type, one.data.country, one.data.issued_on, one.expires_on, one.member_id,
                          one.instead_of) for one in some]
        for person_id, some in typed_passports(session).items()
    }  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """A person's passports as guests' pages show them, and which of them was chosen or typed last for this visit."""

    passports: Sequence[Passport | Typed]
    chosen_id: int | None

    @property
    def in_hand(self) -> Passport | Typed | None:
        """The one with which the guest travels; None where that is not known."""
        return chosen_of(self.passports, self.chosen_id)


def carried_by(person: Person, member: Member, typed: Sequence[Typed]) -> Carried:
    """Give with which passports a member may travel, those that wait (*typed*) among them."""
    crossing = [one for one in typed if one.data.type != "internal"]
    shown = next((one.id for one in crossing if one.member_id == member.id), member.passport_id)
    told_anew = {one.instead_of for one in crossing} - {shown}
    ours = [one for one in passports_in_use(person) if one.id not in told_anew]
    return Carried([*ours, *crossing], shown)
