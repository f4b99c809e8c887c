"""As whom a traveller may go: citizens of two countries and bearers of two passports, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Invalid
from workflow.knowledge.visa_routes import Answer, routes_for
from workflow.knowledge.visa_rules import PassportType
from workflow.people.models import Passport
from workflow.visas.models import VisaCase
from workflow.visas.passports import RULE_PASSPORTS, fitting_passport
from workflow.visas.reckoning import Rulebook, documents_with, facts_of
from workflow.visas.service import state_facts
from workflow.visits.delegation import choose_passport
from workflow.visits.models import Visit


@dataclass(frozen=True)
class Way:
    """What the rules say of a traveller who goes as a citizen of one country, on one kind of passport.

    `passport` is the one that would be shown, None when none of this citizenship is entered.
    """

    citizenship: str
    passport: Passport | None
    answer: Answer
    chosen: bool


def ways_of(case: VisaCase, visit: Visit, book: Rulebook) -> Sequence[Way]:
    """List as whom the traveller may go, each with the routes it opens; empty when there is nothing to choose."""
    person = case.member.person
    live = [one for one in person.passports if one.retired_at is None and one.type in RULE_PASSPORTS]
    own = list(dict.fromkeys([*(person.citizenships or []), *([case.citizenship] if case.citizenship else [])]))
    options: list[tuple[str, Passport | None]] = []
    for citizenship in own:
        of_country = [one for one in live if one.country == citizenship]
        kinds = list(dict.fromkeys(one.type for one in of_country))
        best = [fitting_passport(of_country, citizenship, kind, chosen_id=case.member.passport_id) for kind in kinds]
        options += [(citizenship, one) for one in best or [None]]
    if len(options) < 2:
        return []
    facts = facts_of(case, visit, book)
    return [
        Way(
            citizenship, passport,
            routes_for(
                book.rules,
                replace(facts, citizenship=citizenship,
                        passport_type=cast("PassportType | None", passport.type if passport else None)),
                book.today, documents=documents_with(case, passport), calendars=book.calendars,
            ),
            (citizenship, passport.type if passport else None) == (facts.citizenship, facts.passport_type),
        )
        for citizenship, passport in options
    ]  # fmt: skip


def travel_on(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, citizenship: str,
    passport_id: int | None, *, version: int | None = None,
) -> None:  # fmt: skip
    """Say as a citizen of which country and on which passport somebody crosses this border.

    At the border of the visit's own country it is also the passport that letters name.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: it is no citizenship or passport of this person.
        Conflict: the visit is over.
    """
    expect_version(case, version)
    person = case.member.person
    passport = next((one for one in person.passports if one.id == passport_id and one.retired_at is None), None)
    fits = passport_id is None if passport is None else passport.country == citizenship
    if citizenship not in (person.citizenships or []) or not fits:
        raise Invalid("visas.not-their-citizenship", field="citizenship")
    kind = passport.type if passport else None
    state_facts(session, actor, now, visit, case, {"citizenship": citizenship, "passport_type": kind})
    if passport is not None and (case.direction == "inbound" or case.destination == visit.country):
        choose_passport(session, actor, now, visit, case.member, passport.id)
