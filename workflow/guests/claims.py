"""The passports that guests typed and that wait, as the visa room judges by them: without numbers and names."""

from collections import defaultdict

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from workflow.guests.deciding import passport_of
from workflow.guests.models import GuestProposal
from workflow.guests.proposing import ASIDE
from workflow.visas.claims import Claim, Claims
from workflow.visits.models import Member


def waiting_claims(session: Session) -> Claims:
    """Give the passports that wait, by person.

    The words of the condition are those of the partial index, so that decided proposals are not read; persons are
    looked up for each, as a join would begin with all members of the house.
    """
    person_id = select(Member.person_id).where(Member.id == GuestProposal.member_id).scalar_subquery()
    rows = session.execute(
        select(GuestProposal.id, GuestProposal.member_id, GuestProposal.content, person_id.label("person_id"))
        .where(GuestProposal.state == literal_column("'waiting'"), GuestProposal.member_id.is_not(None),
               GuestProposal.kind == literal_column("'passport'"))
        .order_by(GuestProposal.id)
    )  # fmt: skip
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        typed = passport_of(row.content["passport"])
        found[row.person_id].append(Claim(
            row.id, typed.type, typed.country, typed.issued_on, typed.expires_on,
            None if row.content.get(ASIDE) else row.member_id,
        ))  # fmt: skip
    return found
