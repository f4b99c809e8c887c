"""Compares a judged list with whom we know and who is in the delegation: added, removed, changed from what to what."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.knowledge.names import fold
from workflow.people.models import Passport, Person
from workflow.visits.lists.judging import Judged, Mark, Row
from workflow.visits.models import Member

PERSON_FIELDS = (
    "latin_family", "latin_given", "russian_family", "russian_given", "russian_patronymic", "native_family",
    "native_given", "sex", "citizenships", "birth_date", "birth_place", "email", "phone",
)  # fmt: skip
_HIDDEN = frozenset({"birth_date", "birth_place", "birth_place_latin", "email", "phone"})
_CYRILLIC = re.compile("[\u0400-\u052f]")
DOTS = "••••"


@dataclass(frozen=True)
class Change:
    """One thing that the list says otherwise than we have it; personal values are masked already."""

    field: str
    old: Any
    new: Any


@dataclass
class Match:
    """A row and whom it means: a person we know (`by` passport or name), perhaps a member of this delegation."""

    row: Row
    person: Person | None = None
    member: Member | None = None
    by: str = ""
    person_values: dict[str, Any] = field(default_factory=dict)
    member_values: dict[str, Any] = field(default_factory=dict)
    passport_changes: bool = False
    becomes_head: bool = False
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """Whom we know that a list may mean: by passport, by birth date, and the live members of the visit."""

    passports: dict[tuple[str, str], tuple[Passport, Person]]
    births: dict[str, list[Person]]
    members: Sequence[Member]


@dataclass
class Comparison:
    """What an import would do."""

    matches: list[Match]
    added: list[Match]
    changed: list[Match]
    same: list[Match]
    removed: list[Member]
    left_out: int
    seen: str = ""


def name_keys(person: Person | Row) -> set[tuple[str, str]]:
    """Give the folded names in each writing, for finding the same person whichever of them a list uses."""
    found = set()
    for script in ("latin", "russian", "native"):
        if isinstance(person, Row):
            family, given = (person.values.get(f"{script}_{part}", "") for part in ("family", "given"))
        else:
            family, given = (getattr(person, f"{script}_{part}") for part in ("family", "given"))
        if family:
            found.add((_folded(family), _folded(given)))
    return found


def _folded(text: str) -> str:
    return text.lower() if text.isascii() and text.isalpha() else fold(text)


def masked(name: str, value: Any) -> str:
    """Show that a personal value is there without showing it: the year of birth, the end of a passport's number."""
    if value in (None, ""):
        return ""
    text = str(value)
    if name == "birth_date":
        return f"{DOTS}{text[:4]}"
    return DOTS + (text[-3:] if name == "passport_number" else "")


def compare(judged: Judged, known: Known) -> Comparison:
    """Find for each row whom it means, and what the whole list changes. Adds marks to rows that cannot be."""
    matches = [_match(row, known) for row in judged.rows]
    _match_members(matches, known)
    _mark_twice(matches)
    kept = [match for match in matches if match.row.kept]
    for match in kept:
        if match.person is not None:
            _note_changes(match)
    heads = [match for match in kept if match.row.head]
    for match in heads:
        if match.member is not None and not match.member.is_head:
            match.becomes_head = True
            match.changes.append(Change("head", "", "yes"))
    met = {match.member.id for match in matches if match.member is not None}
    comparison = Comparison(
        matches,
        added=[match for match in kept if match.member is None],
        changed=[match for match in kept if match.member is not None and match.changes],
        same=[match for match in kept if match.member is not None and not match.changes],
        removed=[member for member in known.members if member.id not in met],
        left_out=len(matches) - len(kept),
    )
    comparison.seen = _fingerprint(comparison)
    return comparison


def _match(row: Row, known: Known) -> Match:
    if row.passport:
        found = known.passports.get((row.passport["country"], row.passport["number"]))
        if found is not None:
            if _is_another(row, found[1]):
                row.marks.append(Mark("passport_number", "visits.list-passport-of-another"))
                return Match(row)
            return Match(row, found[1], by="passport")
    keys = name_keys(row)
    for person in known.births.get(row.values.get("birth_date", ""), ()):
        if keys & name_keys(person):
            return Match(row, person, by="name")
    return Match(row)


def _is_another(row: Row, person: Person) -> bool:
    """Say whether the passport's known bearer is plainly somebody else: neither a name nor the birth date agrees."""
    born = row.values.get("birth_date")
    if born and born == person.birth_date:
        return False
    ours = {word for pair in name_keys(row) for part in pair for word in part.split()}
    theirs = {word for pair in name_keys(person) for part in pair for word in part.split()}
    return bool(ours and theirs) and not ours & theirs


def _match_members(matches: Sequence[Match], known: Known) -> None:
    by_person = {member.person_id: member for member in known.members}
    by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
    for member in known.members:
        for key in name_keys(member.person):
            by_name[key].add(member.person_id)
    taken = {match.person.id for match in matches if match.person is not None}
    for match in matches:
        if match.person is None and not match.row.marks_of("passport_number"):
            match.person = _namesake(match.row, by_person, by_name, taken)
            match.by = "name" if match.person else ""
        if match.person is not None:
            match.member = by_person.get(match.person.id)


def _namesake(
    row: Row, by_person: dict[int, Member], by_name: dict[tuple[str, str], set[int]], taken: Collection[int]
) -> Person | None:
    """Find the one member of the same name, when the list or we know no birth date."""
    ids = {person_id for key in name_keys(row) for person_id in by_name.get(key, ())} - set(taken)
    if len(ids) != 1:
        return None
    person = by_person[ids.pop()].person
    return None if row.values.get("birth_date") and person.birth_date else person


def _mark_twice(matches: Sequence[Match]) -> None:
    meant: dict[int, list[Row]] = defaultdict(list)
    for match in matches:
        if match.person is not None and match.row.kept:
            meant[match.person.id].append(match.row)
    for rows in meant.values():
        for row in rows if len(rows) > 1 else ():
            others = [other.number for other in rows if other is not row][:5]
            if not any(mark.code.endswith("-twice") for mark in row.marks):
                row.marks.append(Mark(_name_column(row), "visits.list-person-twice", {"rows": others}))


def _name_column(row: Row) -> str:
    return next((name for name in ("family", "full_name", "latin_family", "latin_name") if name in row.cells), "")


def _note_changes(match: Match) -> None:
    person, values = match.person, match.row.values
    assert person is not None  # noqa: S101 — the caller has looked
    for told in PERSON_FIELDS:
        value = values.get(told)
        name = person.birth_place_field(value) if told == "birth_place" and value else told
        old = getattr(person, name)
        if value in (None, "", []) or _agree(name, old, value):
            continue
        match.person_values[name] = value
        shown = (masked(name, old), masked(name, value)) if name in _HIDDEN else (old, value)
        match.changes.append(Change(name, *shown))
    if match.row.passport:
        _note_passport(match, person)
    if match.member is not None:
        for name, value in posts_of(match.row).items():
            if value != getattr(match.member, name):
                match.member_values[name] = value
                match.changes.append(Change(name, getattr(match.member, name), value))


def _agree(name: str, old: Any, new: Any) -> bool:
    if name == "citizenships":
        return set(new) <= set(old or ())
    if name.startswith(("native_", "russian_")):
        return fold(old or "") == fold(new)
    return bool((old or "") == new)


def _note_passport(match: Match, person: Person) -> None:
    given = match.row.passport
    live = [passport for passport in person.passports if passport.retired_at is None]
    same = next((one for one in live if (one.country, one.number) == (given["country"], given["number"])), None)
    if same is None:
        old = live[-1].number if live else ""
        match.changes.append(Change("passport_number", masked("passport_number", old),
                                    masked("passport_number", given["number"])))  # fmt: skip
        match.passport_changes = True
        return
    for name in ("issued_on", "expires_on"):
        if given[name] and given[name] != getattr(same, name):
            match.changes.append(Change(name, getattr(same, name) or "", given[name]))
            match.passport_changes = True
    if given.get("type_given") and given["type"] != same.type:
        match.changes.append(Change("passport_type", same.type, given["type"]))
        match.passport_changes = True
    issued, expires = given["issued_on"] or same.issued_on, given["expires_on"] or same.expires_on
    if issued and expires and expires <= issued and not match.row.marks_of("expires_on"):
        match.row.marks.append(Mark("expires_on", "visits.list-dates-swapped"))


def posts_of(row: Row) -> dict[str, str]:
    """Give post and organisation in the language that their letters show."""
    found = {}
    for name in ("post", "organisation"):
        if text := row.values.get(name):
            found[f"{name}_{'ru' if _CYRILLIC.search(text) else 'en'}"] = text
    if note := row.values.get("note"):
        found["note"] = note
    return found


def person_values(row: Row) -> dict[str, Any]:
    """Give a new person's data as a row has them."""
    values = {name: row.values[name] for name in PERSON_FIELDS if row.values.get(name)}
    return values | {name: text for name, text in posts_of(row).items() if name != "note"}


def _fingerprint(comparison: Comparison) -> str:
    """Name this very comparison, so that the import does what was shown or nothing."""
    told = [
        *(f"+{match.row.index}:{match.person.id if match.person else ''}" for match in comparison.added),
        *(f"~{match.row.index}:{match.person.lock_version if match.person else ''}"
          f":{match.member.id}.{match.member.lock_version}" for match in comparison.changed if match.member),
        *(f"-{member.id}.{member.lock_version}" for member in comparison.removed),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]

