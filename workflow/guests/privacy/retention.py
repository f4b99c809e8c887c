"""How long what is kept: the terms in force, and what an administrator changes."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Invalid, Stale
from workflow.base.events import record
from workflow.guests.privacy.models import RetentionTerm
from workflow.guests.privacy.rules import DAYS, LONGEST, Kind


@dataclass(frozen=True)
class Term:
    """The term of one kind: ours until somebody confirmed or changed it."""

    kind: Kind
    days: int
    confirmed: bool
    changed_at: datetime | None = None


def terms(session: Session) -> Mapping[Kind, Term]:
    """Give the term of every kind."""
    kept = {row.kind: row for row in session.scalars(select(RetentionTerm))}
    return {
        kind: Term(kind, kept[kind].days, kept[kind].confirmed, kept[kind].changed_at) if kind in kept
        else Term(kind, DAYS[kind], confirmed=False)
        for kind in Kind
    }  # fmt: skip


def version(session: Session) -> int:
    """A number that grows with every change of any term."""
    return sum(session.scalars(select(RetentionTerm.lock_version)))


def set_terms(
    session: Session, actor: Actor, now: datetime, days: Mapping[Kind, int], confirmed: Set[Kind], *, seen: int | None
) -> None:
    """Keep terms and say which of them the office has confirmed.

    Raises:
        Stale: somebody else changed a term meanwhile.
        Invalid: a term is shorter than a day or longer than a hundred years.
    """
    if seen is not None and seen != version(session):
        raise Stale
    kept = {row.kind: row for row in session.scalars(select(RetentionTerm))}
    for kind, term in terms(session).items():
        wanted, sure = days.get(kind, term.days), kind in confirmed
        if not 1 <= wanted <= LONGEST:
            raise Invalid("base.out-of-range", field=kind.value)
        if (wanted, sure) == (term.days, term.confirmed):
            continue
        row = kept.get(kind)
        if row is None:
            row = RetentionTerm(kind=kind, days=wanted)
            session.add(row)
        row.days, row.confirmed, row.changed_at, row.changed_by = wanted, sure, now, actor.account_id
        record(session, actor, now, "privacy.term.changed", subject=row,
               changes={"kind": (None, kind), "days": (term.days, wanted), "confirmed": (term.confirmed, sure)})
