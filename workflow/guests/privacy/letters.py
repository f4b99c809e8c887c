"""What letters to a person leave behind beside the letter: recipients of batches, the sending queue, lines of dispatch.

Names and addresses are encrypted there: rows are found by their keyed hashes (`mail.addressees`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.search import fold
from workflow.guests.privacy.mentions import whole_names
from workflow.guests.privacy.purging import empty_outgoing, empty_recipients
from workflow.guests.privacy.rules import ERASED_RU
from workflow.mail.models import Mail
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.working import forget_recipients
from workflow.papers.models import Dispatch
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.people.models import Person

Row = TypeVar("Row", BatchRecipient, OutgoingMail, Dispatch, Mail)


@dataclass(frozen=True)
class Letters:
    """Rows that say whom letters were meant for: all of them one person."""

    recipients: Sequence[BatchRecipient]
    outgoing: Sequence[OutgoingMail]
    dispatches: Sequence[Dispatch]
    handed_in: Sequence[PaperBatch]
    """Batches for which a list with the person in it was handed in and not taken yet."""

    @property
    def count(self) -> int:
        """How many rows hold the person's name or address."""
        return len(self.recipients) + len(self.outgoing) + len(self.dispatches) + len(self.handed_in)


def addresses_of(people: Iterable[Person]) -> frozenset[str]:
    """Give the e-mail addresses of a person's entries in one spelling."""
    return frozenset((one.email or "").strip().casefold() for one in people) - {""}


def letters_to(session: Session, people: Sequence[Person]) -> Letters:
    """Find whatever was addressed to a person, by address or by the whole name."""
    addresses, names = addresses_of(people), whole_names(people)
    handed_in = session.scalars(select(PaperBatch).where(PaperBatch.preview.is_not(None)))
    return Letters(
        _addressed(session, BatchRecipient, names, addresses),
        _addressed(session, OutgoingMail, names, addresses),
        _addressed(session, Dispatch, names, addresses),
        [row for row in handed_in for rows in [(row.preview or {})["rows"]]
         if any(_meant((said.get("name", ""), said.get("email", "")), names, addresses) for _row, said, *_ in rows)],
    )  # fmt: skip


def mails_to(session: Session, people: Sequence[Person]) -> Sequence[Mail]:
    """Find mails to a person outside, by address or by the whole name."""
    return [mail for mail in _addressed(session, Mail, whole_names(people), addresses_of(people))
            if mail.purged_at is None]  # fmt: skip


def _addressed(
    session: Session, model: type[Row], names: frozenset[str], addresses: frozenset[str]
) -> list[Row]:  # fmt: skip
    found = session.scalars(select(model).where(model.meant_for(names, addresses)))
    return sorted((row for row in found if _meant(row.addressee, names, addresses)), key=lambda row: row.id)


def _meant(addressee: tuple[str, str], names: frozenset[str], addresses: frozenset[str]) -> bool:
    name, address = addressee
    return address.strip().casefold() in addresses or fold(name).strip() in names


def empty_letters(session: Session, letters: Letters, now: datetime) -> None:
    """Take name, address and words out of such rows; a mail that has not left never leaves, an answer's link ends.

    Who is merely listed yet is listed no more. Letters that were bound together are bound anew without the person's.
    """
    empty_recipients(session, letters.recipients, now)
    forget_recipients(session, now, letters.recipients)
    empty_outgoing(letters.outgoing, now)
    for batch in letters.handed_in:
        batch.preview = None
    for mail in letters.outgoing:
        if mail.state not in (OutgoingState.HANDED, OutgoingState.REMOVED):
            mail.state, mail.reason = OutgoingState.REMOVED, ERASED_RU
    for dispatch in letters.dispatches:
        dispatch.to_whom, dispatch.note = ERASED_RU, ""
    session.flush()
