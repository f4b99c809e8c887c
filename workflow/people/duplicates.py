"""Finds who may be the same person: by passport, by birth date, by a name that sounds the same in any script.

Only suggestions, and only among those whom the actor may see; a person decides and merges, or joins at entry.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.encryption import blind_index
from workflow.people.keys import NAMES, sounds_of
from workflow.people.models import Passport, Person, PersonKey
from workflow.people.queries import visible_persons

MOST = 10


class Likeness(StrEnum):
    """Why two entries may be one person."""

    PASSPORT = "passport"
    NAME = "name"
    BIRTH_DATE = "birth-date"


_WEIGHTS = {Likeness.PASSPORT: 4, Likeness.NAME: 2, Likeness.BIRTH_DATE: 1}


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be the same person, and why."""

    person: Person
    reasons: tuple[Likeness, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(_WEIGHTS[reason] for reason in self.reasons)


def find_alike(
    session: Session, actor: Actor, values: Mapping[str, Any], numbers: Sequence[str] = (), *, but: int | None = None
) -> list[Suggestion]:
    """Find persons like these values (names in any writing, `birth_date`) or with one of these passport numbers.

    Whoever has only the birth date in common is named when the names also share a word, or cannot be compared.
    """
    keys = sounds_of({name: values.get(name) or "" for name in NAMES})
    born = values.get("birth_date")
    reasons: dict[int, list[Likeness]] = defaultdict(list)
    if numbers:
        indexes = [blind_index(number) for number in numbers if number]
        for person_id in session.scalars(select(Passport.person_id).where(Passport.number_index.in_(indexes))):
            reasons[person_id].append(Likeness.PASSPORT)
    if keys:
        same = select(PersonKey.person_id).where(PersonKey.key.in_(keys)).distinct().limit(50)
        for person_id in session.scalars(same):
            reasons[person_id].append(Likeness.NAME)
    if born:
        index = blind_index(f"birth{born}")
        for person_id in session.scalars(select(Person.id).where(Person.birth_index == index).limit(50)):
            reasons[person_id].append(Likeness.BIRTH_DATE)
    reasons.pop(but or 0, None)
    if not reasons:
        return []
    people = session.scalars(
        visible_persons(actor).where(Person.id.in_(reasons), Person.merged_into_id.is_(None)).order_by(Person.id)
    ).all()
    known = _keys_of(session, people)
    found = [Suggestion(person, tuple(dict.fromkeys(reasons[person.id]))) for person in people]
    kept = [one for one in found if _plausible(one, keys, known[one.person.id], born)]
    return sorted(kept, key=lambda one: (-one.weight, one.person.id))[:MOST]


def _keys_of(session: Session, people: Sequence[Person]) -> dict[int, set[str]]:
    known: dict[int, set[str]] = defaultdict(set)
    rows = select(PersonKey).where(PersonKey.person_id.in_([person.id for person in people]))
    for row in session.scalars(rows):
        known[row.person_id].add(row.key)
    return known


def _plausible(one: Suggestion, keys: frozenset[str], theirs: set[str], born: str | None) -> bool:
    if Likeness.PASSPORT in one.reasons:
        return True
    if Likeness.NAME in one.reasons:  # namesakes whose birth dates are both known and differ are two people
        theirs_born = one.person.birth_date
        return Likeness.BIRTH_DATE in one.reasons or not (born and theirs_born) or _turned_round(born, theirs_born)
    words = {word for key in keys for word in key.split()}
    others = {word for key in theirs for word in key.split()}
    comparable = any(word.isascii() for word in words) and any(word.isascii() for word in others)
    return bool(words & others) or not comparable


def _turned_round(born: str, other: str) -> bool:
    """Whether two birth dates differ only by day and month taken for each other, as lists from abroad have them."""
    return (born[:4], born[5:7], born[8:]) == (other[:4], other[8:], other[5:7])


def alike(session: Session, actor: Actor, person: Person) -> list[Suggestion]:
    """Find who may be the same as a person we keep."""
    values = {name: getattr(person, name) for name in (*NAMES, "birth_date")}
    return find_alike(session, actor, values, [passport.number for passport in person.passports], but=person.id)
