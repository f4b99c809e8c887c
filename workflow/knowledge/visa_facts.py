"""The facts of one traveller, and whether a visa rule is for that traveller.

A missing fact is a question, never a default. Age is counted in full years on the first day of the journey; a
rule is judged against the whole stay, exit included.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from workflow.knowledge.countries import HOME
from workflow.knowledge.visa_rules import Direction, PassportType, Purpose, Rule, When

ADULT = 18
_Value = TypeVar("_Value")


class Fact(StrEnum):
    """What may have to be asked of the coordinator."""

    DESTINATION = "destination"
    CITIZENSHIP = "citizenship"
    PASSPORT_TYPE = "passport_type"
    PURPOSE = "purpose"
    DATES = "dates"
    ENTRIES = "entries"
    BIRTH_DATE = "birth_date"
    PARENT = "accompanied_by_parent"


@dataclass(frozen=True, slots=True)
class Traveller:
    """The facts of one traveller at one border; None is not known.

    `home` is the country of our own office; `through` are further countries that the same visa serves.
    """

    direction: Direction
    destination: str | None = None
    citizenship: str | None = None
    passport_type: PassportType | None = None
    purpose: Purpose | None = None
    first_day: date | None = None
    last_day: date | None = None
    entries: str | None = None
    birth_date: date | None = None
    accompanied_by_parent: bool | None = None
    home: str = HOME
    transit: bool = False
    through: tuple[str, ...] = ()

    @property
    def stay_days(self) -> int | None:
        """Count the days of the stay, both ends included."""
        if self.first_day is None or self.last_day is None:
            return None
        return (self.last_day - self.first_day).days + 1

    @property
    def age(self) -> int | None:
        """Count the full years on the first day of the journey."""
        if self.birth_date is None or self.first_day is None:
            return None
        born, day = self.birth_date, self.first_day
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Standing(StrEnum):
    """Whether a rule is in force for the whole stay."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"


def unmatched_facts(rule: Rule, facts: Traveller, groups: Mapping[str, frozenset[str]]) -> frozenset[Fact] | None:
    """Tell whether a rule is for this traveller: None is no, an empty set yes, else the facts still needed."""
    about = rule.applies_to
    if about.direction != facts.direction or about.transit != facts.transit:
        return None
    answers = _answers(rule, facts, groups)
    if any(matches is False for _, matches in answers):
        return None
    return frozenset(fact for fact, matches in answers if matches is None)


CHANGEABLE = frozenset({Fact.PASSPORT_TYPE, Fact.PURPOSE, Fact.DATES, Fact.ENTRIES})
"""The facts of a journey that could be other ones; a border, a citizenship and an age could not."""


def nearly_matches(rule: Rule, facts: Traveller, groups: Mapping[str, frozenset[str]]) -> frozenset[Fact]:
    """Name the facts that alone keep a rule from being for this traveller; none when it is too far off, or for them."""
    about = rule.applies_to
    if about.direction != facts.direction or about.transit != facts.transit:
        return frozenset()
    against = frozenset(fact for fact, matches in _answers(rule, facts, groups) if matches is False)
    return against if against <= CHANGEABLE else frozenset()


def _answers(
    rule: Rule, facts: Traveller, groups: Mapping[str, frozenset[str]]
) -> list[tuple[Fact, bool | None]]:
    """Ask what the rule asks: whether each fact that matters fits it, None when it is not known."""
    about = rule.applies_to
    stay, age = facts.stay_days, facts.age
    asked: list[tuple[Fact, bool, bool | None]] = [
        (
            Fact.DESTINATION,
            not about.destination.every,
            _maybe(facts.destination, lambda code: about.destination.contains(code, groups)),
        ),
        (
            Fact.CITIZENSHIP,
            not about.nationality.every,
            _maybe(facts.citizenship, lambda code: about.nationality.contains(code, groups)),
        ),
        (
            Fact.PASSPORT_TYPE,
            about.passport_type != "any",
            _maybe(facts.passport_type, lambda kind: kind in about.passport_type),
        ),
        (Fact.PURPOSE, about.purpose != "any", _maybe(facts.purpose, lambda why: why in about.purpose)),
        (Fact.ENTRIES, about.entries is not None, _maybe(facts.entries, lambda one: one == about.entries)),
        (
            Fact.BIRTH_DATE,
            about.minor is not None,
            _maybe(age, lambda years: (years < ADULT) == about.minor),
        ),
    ]
    if about.stay_days is not None:
        span = about.stay_days
        fits = _maybe(stay, lambda days: span.min <= days and (span.max is None or days <= span.max))
        asked.append((Fact.DATES, True, fits))
    if rule.valid_from or rule.valid_to:
        asked.append((Fact.DATES, True, None if stay is None else True))
    return [(fact, matches) for fact, matters, matches in asked if matters]


def _maybe(value: _Value | None, test: Callable[[_Value], bool]) -> bool | None:
    return None if value is None else test(value)


def standing_of(rule: Rule, facts: Traveller) -> Standing:
    """Judge the whole stay against the rule's dates."""
    if rule.valid_from and facts.first_day and facts.first_day < rule.valid_from:
        return Standing.NOT_YET
    if rule.valid_to and facts.last_day and facts.last_day > rule.valid_to:
        return Standing.ENDED
    return Standing.IN_FORCE


def unmet_when(when: When | None, facts: Traveller) -> frozenset[Fact] | None:
    """Tell whether an item is asked of this traveller: None is no, empty is yes, else the facts needed."""
    if when is None:
        return frozenset()
    answers: list[tuple[Fact, bool | None]] = []
    if when.purpose is not None:
        wanted = when.purpose
        answers.append((Fact.PURPOSE, _maybe(facts.purpose, lambda why: why in wanted)))
    if when.stay_days_gt is not None:
        limit = when.stay_days_gt
        answers.append((Fact.DATES, _maybe(facts.stay_days, lambda days: days > limit)))
    if when.min_age is not None:
        youngest = when.min_age
        answers.append((Fact.BIRTH_DATE, _maybe(facts.age, lambda years: years >= youngest)))
    if when.max_age is not None:
        oldest = when.max_age
        answers.append((Fact.BIRTH_DATE, _maybe(facts.age, lambda years: years <= oldest)))
    if when.accompanied_by_parent is not None:
        wish = when.accompanied_by_parent
        answers.append((Fact.PARENT, _maybe(facts.accompanied_by_parent, lambda yes: yes == wish)))
    if any(holds is False for _, holds in answers):
        return None
    return frozenset(fact for fact, holds in answers if holds is None)
