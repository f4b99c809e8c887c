"""Passports that a guest typed and that wait for a person's look, because their number is on file with somebody else.

Cases are judged by them as by passports that were entered. Else whoever types a number would see by their checklist
whether it is free. The rooms above know them: `app.py` hands over who does by `use_claims`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

LATER = 10**12
"""Keys of passports that wait lie above: of two alike the later is chosen, and these came last."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A passport that a guest typed; `member_id` is who shows it at their visit, None when another was typed since.

    `id` is a key that no passport of the table has; `instead_of` is the one there with the same number, if it is the
    bearer's own.
    """

    id: int
    type: str
    country: str
    issued_on: date | None
    expires_on: date | None
    member_id: int | None
    instead_of: int | None = None
    biometric: bool | None = None


Claims = Mapping[int, Sequence[Claim]]
"""By the person's key."""
ClaimSource = Callable[[Session], Claims]
CLAIM_SOURCE: list[ClaimSource] = []


def use_claims(source: ClaimSource) -> None:
    """Set who knows the passports that wait; once at start."""
    CLAIM_SOURCE[:] = [source]


def claims_now(session: Session) -> Claims:
    """Give every passport that waits, in one query."""
    return CLAIM_SOURCE[0](session) if CLAIM_SOURCE else {}
