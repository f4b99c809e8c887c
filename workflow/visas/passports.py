"""With which passport, and so as whose citizen, somebody crosses a border: as said, chosen, or without a choice."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from workflow.people.models import Passport
from workflow.visas.claims import Claim, Claims
from workflow.visas.models import VisaCase

RULE_PASSPORTS = frozenset({"ordinary", "service", "diplomatic"})


class KnownPassport(Protocol):
    """What the choice among a person's passports is made by: a row of the table, or these columns of it."""

    @property
    def id(self) -> int:
        """Its key; the later of two alike is chosen."""

    @property
    def type(self) -> str:
        """A `PassportType`."""

    @property
    def country(self) -> str:
        """Whose it is."""

    @property
    def expires_on(self) -> date | None:
        """Its last day, if known."""


P = TypeVar("P", bound=KnownPassport)


def fitting_passport(
    live: Iterable[P], citizenship: str | None, passport_type: str | None, *, chosen_id: int | None = None
) -> P | None:
    """Choose among passports not retired: the one chosen for the visit, or else the longest valid.

    What was said of a border comes first: a citizen of two countries may show another passport there.
    """
    known = list(live)
    fitting = [
        passport
        for passport in known
        if passport.type in RULE_PASSPORTS
        and (citizenship is None or passport.country == citizenship)
        and (passport_type is None or passport.type == passport_type)
    ]
    said = citizenship is not None or passport_type is not None
    for passport in fitting if said else known:
        if passport.id == chosen_id:
            return passport
    return max(fitting, key=lambda one: (one.expires_on or date.min, one.id), default=None)


def passport_of(case: VisaCase, claims: Claims) -> Passport | Claim | None:
    """Give the passport that the case is judged by: one that waits counts as one that was entered."""
    live, chosen_id = _of_case(case, claims)
    return fitting_passport(live, case.citizenship, case.passport_type, chosen_id=chosen_id)


def with_claims(
    kept: Iterable[P], claims: Sequence[Claim], member_id: int, passport_id: int | None
) -> tuple[list[P | Claim], int | None]:
    """Give a member's passports in use, those that wait among them, and which of them is shown at this visit.

    One that waits is the same as one of the table with its number, in newer words; only a choice still means that one.
    """
    chosen_id = next((one.id for one in claims if one.member_id == member_id), passport_id)
    told_anew = {one.instead_of for one in claims} - {chosen_id}
    return [*(one for one in kept if one.id not in told_anew), *claims], chosen_id


def _of_case(case: VisaCase, claims: Claims) -> tuple[list[Passport | Claim], int | None]:
    member = case.member
    kept = [one for one in member.person.passports if one.retired_at is None]
    return with_claims(kept, claims.get(member.person_id, ()), member.id, member.passport_id)


def goes_as(case: VisaCase, claims: Claims) -> tuple[str | None, str | None]:
    """Give the citizenship and kind of passport to travel with, as far as said, chosen, or without another choice."""
    own = case.member.person.citizenships or []
    known, chosen_id = _of_case(case, claims)
    live = [one for one in known if one.type in RULE_PASSPORTS]
    chosen = fitting_passport([one for one in live if one.id == chosen_id], case.citizenship, case.passport_type)
    citizenship = case.citizenship or (own[0] if len(own) == 1 else None)
    if citizenship is None and chosen is not None and chosen.country in own:
        citizenship = chosen.country
    of_country = [one for one in live if one.country == citizenship] if len(own) > 1 else []
    kinds = {one.type for one in ([chosen] if chosen else of_country or live)}
    return citizenship, case.passport_type or (kinds.pop() if len(kinds) == 1 else None)
