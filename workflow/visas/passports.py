"""With which passport, and so as whose citizen, somebody crosses a border: as said, chosen, or without a choice."""

from collections.abc import Iterable
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
    return fitting_passport(_live(case, claims), case.citizenship, case.passport_type, chosen_id=_chosen(case, claims))


def _live(case: VisaCase, claims: Claims) -> list[Passport | Claim]:
    person = case.member.person
    return [*(one for one in person.passports if one.retired_at is None), *claims.get(person.id, ())]


def _chosen(case: VisaCase, claims: Claims) -> int | None:
    waiting = claims.get(case.member.person_id, ())
    return next((one.id for one in waiting if one.member_id == case.member_id), case.member.passport_id)


def goes_as(case: VisaCase, claims: Claims) -> tuple[str | None, str | None]:
    """Give the citizenship and kind of passport to travel with, as far as said, chosen, or without another choice."""
    own = case.member.person.citizenships or []
    live = [one for one in _live(case, claims) if one.type in RULE_PASSPORTS]
    chosen_id = _chosen(case, claims)
    chosen = fitting_passport([one for one in live if one.id == chosen_id], case.citizenship, case.passport_type)
    citizenship = case.citizenship or (own[0] if len(own) == 1 else None)
    if citizenship is None and chosen is not None and chosen.country in own:
        citizenship = chosen.country
    of_country = [one for one in live if one.country == citizenship] if len(own) > 1 else []
    kinds = {one.type for one in ([chosen] if chosen else of_country or live)}
    return citizenship, case.passport_type or (kinds.pop() if len(kinds) == 1 else None)
