"""Lists of countries that visa rules lean on: kept by the office in versions, over those of its pack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.knowledge.countries import country_name, find_country
from workflow.knowledge.visa_rule_files import GroupDoubt
from workflow.knowledge.visa_rules import Rule
from workflow.visas.keeping import keep_version, our_rules, pack_in_use
from workflow.visas.models import KeptCountryList
from workflow.visas.pack import pack_rules

_BETWEEN = re.compile(r"[\n\r,;]+")
LONGEST = 20_000


@dataclass(frozen=True)
class CountryList:
    """One list as it counts now: its countries, what is doubtful of it, the rules that lean on it, its versions."""

    name: str
    countries: frozenset[str]
    doubt: GroupDoubt | None
    rules: Sequence[Rule]
    versions: Sequence[KeptCountryList]

    @property
    def version(self) -> int:
        """The number of the version that counts; 0 is the pack's own."""
        return self.versions[0].version if self.versions else 0


def country_lists(session: Session) -> list[CountryList]:
    """Give all lists that our rules lean on, those with doubts first."""
    rules = our_rules(session)
    kept = _kept(session)
    found = [
        CountryList(name, codes, rules.group_doubts.get(name), _leaning(rules.current, name), kept.get(name, ()))
        for name, codes in rules.groups.items()
    ]
    return sorted(found, key=lambda one: (one.doubt is None, one.name))


def find_list(session: Session, name: str) -> CountryList:
    """Give one list.

    Raises:
        NotFound: there is none of that name.
    """
    for one in country_lists(session):
        if one.name == name:
            return one
    raise NotFound("country-list")


def _kept(session: Session) -> Mapping[str, Sequence[KeptCountryList]]:
    pack = pack_in_use(session)
    found: dict[str, list[KeptCountryList]] = {}
    for row in session.scalars(
        select(KeptCountryList).where(KeptCountryList.pack == pack).order_by(KeptCountryList.version.desc())
    ):
        found.setdefault(row.name, []).append(row)
    return found


def _leaning(rules: Sequence[Rule], name: str) -> list[Rule]:
    return [
        rule
        for rule in rules
        if name in (*rule.applies_to.destination.group_names(), *rule.applies_to.nationality.group_names())
    ]


def list_text(countries: frozenset[str], language: str) -> str:
    """Write countries as a person edits them: one name a line, in the order of the names."""
    return "\n".join(sorted(country_name(code, language) for code in countries))


def read_countries(text: str) -> frozenset[str]:
    """Read names or codes of countries, one a line or between commas.

    Raises:
        Invalid: a name is none of a country that we know, or there is none at all.
    """
    if len(text) > LONGEST:
        raise Invalid("base.too-long", field="text", limit=LONGEST)
    names = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    codes = {name: find_country(name) for name in names}
    unknown = [name[:60] for name, code in codes.items() if code is None]
    if unknown:
        raise Invalid("visas.unknown-countries", field="text", names="; ".join(unknown[:10]))
    if not names:
        raise Invalid("base.required", field="text")
    return frozenset(code for code in codes.values() if code)


def keep_list(
    session: Session, actor: Actor, now: datetime, name: str, text: str, *, compared: bool, remark: str,
    seen_version: int,
) -> KeptCountryList:  # fmt: skip
    """Keep a list in its next version; *compared* says that a person held it against the whole official list.

    Raises:
        Forbidden: the actor does not keep visa rules.
        NotFound: there is no such list.
        Invalid: a country is not known, or nothing says by what source the list was changed.
        Conflict: somebody kept a version meanwhile, or nothing is changed.
    """
    if not actor.may(Permission.VISAS_RULES):
        raise Forbidden
    before = find_list(session, name)
    if before.version != seen_version:
        raise Conflict("visas.rule-meanwhile")
    countries = read_countries(text)
    if countries == before.countries and compared == (before.doubt is None):
        raise Conflict("visas.rule-unchanged")
    row = KeptCountryList(name=name, version=before.version + 1, countries=sorted(countries), compared=compared)
    keep_version(session, actor, now, row, remark, event="kept",
                 changes={"list": (None, f"{name} {row.version}"),
                          "added": (None, sorted(countries - before.countries)),
                          "removed": (None, sorted(before.countries - countries))})  # fmt: skip
    return row


@dataclass(frozen=True)
class ListVersion:
    """One version of a list, with what it added to and took from the one before."""

    row: KeptCountryList
    added: frozenset[str]
    removed: frozenset[str]


def versions_of(session: Session, one: CountryList) -> list[ListVersion]:
    """List the versions that the office kept, the newest first."""
    before = pack_rules(pack_in_use(session)).groups.get(one.name, frozenset())
    found = []
    for row in reversed(one.versions):
        codes = frozenset(row.countries)
        found.append(ListVersion(row, codes - before, before - codes))
        before = codes
    return found[::-1]
