"""What a person should look at in a set of visa rules: what is old, unconfirmed, contradictory, or missing.

Gaps and contradictions are found by asking the rules themselves, for each country that they name and each kind of
passport and purpose, about a stay of five days half a year ahead: what a rule says of a longer or earlier stay is
not looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import get_args

from workflow.knowledge.countries import HOME
from workflow.knowledge.visa_facts import Traveller
from workflow.knowledge.visa_routes import routes_for
from workflow.knowledge.visa_rule_files import RuleSet
from workflow.knowledge.visa_rules import Direction, PassportType, Purpose, Rule

AHEAD = timedelta(days=183)
STAY = timedelta(days=4)
BORN = date(1980, 1, 1)


class Look(StrEnum):
    """Why a rule should be looked at."""

    EXPIRED = "expired"
    STALE = "stale"
    UNCONFIRMED = "unconfirmed"
    DOUBTFUL = "doubtful"
    OVERLAP = "overlap"
    GAP = "gap"


@dataclass(frozen=True)
class Finding:
    """One thing to look at. `rules` are ids; `countries` and `passports` say where, for gaps and overlaps.

    `group` names the list of countries that is doubtful, `doubt` says in English what is.
    """

    look: Look
    rules: tuple[str, ...] = ()
    direction: str = ""
    countries: tuple[str, ...] = ()
    passports: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    day: date | None = None
    group: str = ""
    doubt: str = ""


def review(rules: RuleSet, today: date, *, countries: Iterable[str] = (), home: str = HOME) -> list[Finding]:
    """List what should be looked at; *countries* are asked about besides those that the rules name."""
    return [*_of_age(rules.current, today), *_doubtful(rules), *_of_borders(rules, today, countries, home)]


def _doubtful(rules: RuleSet) -> list[Finding]:
    found = [Finding(Look.DOUBTFUL, group=name, doubt=doubt.en) for name, doubt in sorted(rules.group_doubts.items())]
    return found + [
        Finding(Look.DOUBTFUL, (rule.id,), doubt=doubt.en) for rule in rules.current for doubt in rule.doubts
    ]


def _of_age(rules: Sequence[Rule], today: date) -> list[Finding]:
    found = []
    for rule in rules:
        if rule.valid_to is not None and rule.valid_to < today:
            found.append(Finding(Look.EXPIRED, (rule.id,), day=rule.valid_to))
        if rule.is_stale(today):
            found.append(Finding(Look.STALE, (rule.id,), day=rule.review_by))
        if rule.status != "reviewed" or rule.confidence == "low":
            found.append(Finding(Look.UNCONFIRMED, (rule.id,), day=rule.as_of))
    return found


def _of_borders(rules: RuleSet, today: date, countries: Iterable[str], home: str) -> list[Finding]:
    asked = sorted({*_named(rules), *countries} - {home})
    found: list[Finding] = []
    for direction in get_args(Direction):
        for country in asked:
            lacking: dict[str, list[str]] = defaultdict(list)
            clashes: dict[tuple[str, ...], set[str]] = defaultdict(set)
            for passport in get_args(PassportType):
                for purpose in get_args(Purpose):
                    bases = _bases(rules, today, direction, country, passport, purpose, home)
                    if not bases:
                        lacking[passport].append(purpose)
                    free = {rule.id for rule in bases if rule.outcome == "visa_free"}
                    asks = {rule.id for rule in bases if rule.outcome == "visa_required"}
                    if free and asks:
                        clashes[tuple(sorted(free | asks))].add(passport)
            found += _gaps(direction, country, lacking)
            found += [Finding(Look.OVERLAP, ids, direction, (country,), tuple(sorted(kinds)))
                      for ids, kinds in clashes.items()]  # fmt: skip
    return _joined(found)


def _joined(found: Sequence[Finding]) -> list[Finding]:
    """Say of many countries together what is the same of each."""
    alike: dict[Finding, list[str]] = defaultdict(list)
    for one in found:
        alike[replace(one, countries=())] += one.countries
    return [replace(one, countries=tuple(sorted(countries))) for one, countries in alike.items()]


def _gaps(direction: str, country: str, lacking: dict[str, list[str]]) -> list[Finding]:
    """Join gaps of kinds of passport that lack the same purposes."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for passport, purposes in lacking.items():
        alike[tuple(purposes)].append(passport)
    every = len(get_args(Purpose))
    return [
        Finding(Look.GAP, (), direction, (country,), tuple(passports), () if len(purposes) == every else purposes)
        for purposes, passports in alike.items()
    ]


def _bases(
    rules: RuleSet, today: date, direction: Direction, country: str, passport: PassportType, purpose: Purpose, home: str
) -> list[Rule]:
    first = today + AHEAD
    inbound = direction == "inbound"
    traveller = Traveller(
        direction=direction, destination=home if inbound else country, citizenship=country if inbound else home,
        passport_type=passport, purpose=purpose, first_day=first, last_day=first + STAY, entries="single",
        birth_date=BORN, accompanied_by_parent=False, home=home,
    )  # fmt: skip
    return [route.rule for route in routes_for(rules, traveller, today).routes]


def _named(rules: RuleSet) -> set[str]:
    """Name the countries that rules speak of: guests' citizenships of inbound rules, destinations of outbound ones."""
    found: set[str] = set()
    for rule in rules.current:
        about = rule.applies_to
        sets = about.nationality if about.direction == "inbound" else about.destination
        found |= set(sets.only or ()) | set(sets.exclude)
        for group in sets.group_names():
            found |= rules.groups[group]
    return found
