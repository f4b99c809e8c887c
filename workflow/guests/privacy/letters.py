"""What letters to a person leave behind beside the letter: recipients of batches, the sending queue, lines of dispatch.

Names and addresses are encrypted there, so each row is looked at; it is rarely done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.guests.privacy.mentions import same_name
from workflow.guests.privacy.purging import empty_outgoing, empty_recipients
from workflow.guests.privacy.rules import ERASED_RU
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.working import forget_recipients
from workflow.papers.models import Dispatch
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.people.models import Person


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
    addresses = addresses_of(people)

    def meant(name: str, address: str) -> bool:
        return address.strip().casefold() in addresses or any(same_name(one, name) for one in people)

    def told(dispatch: Dispatch) -> bool:
        name, _, rest = dispatch.to_whom.partition(" <")
        return meant(name, rest.removesuffix(">"))

    return Letters(
        [row for row in session.scalars(select(BatchRecipient).order_by(BatchRecipient.id))
         if meant(row.said("name"), row.said("email"))],
        [row for row in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
         if meant(row.to_name, row.to_address)],
        [row for row in session.scalars(select(Dispatch).order_by(Dispatch.id)) if told(row)],
        [row for row in session.scalars(select(PaperBatch).where(PaperBatch.preview.is_not(None)))
         if any(meant(said.get("name", ""), said.get("email", "")) for _row, said, *_ in (row.preview or {})["rows"])],
    )  # fmt: skip


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
