"""What one visit must still ask of one traveller: only what is missing, has expired or may have changed.

A person is kept once; a new visit asks for nothing that is there and still good. Pure decisions, in the words of the
form that the traveller or the clerk fills in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from workflow.people.models import Passport, Person

STALE_AFTER = timedelta(days=365)
"""Our habit, not law: after a year somebody asks whether address, telephone and post are still right."""
MARGIN_MONTHS = 6
"""Most states want a passport to be valid six months beyond the stay; the exact rule is judged by the visa room."""


class Why(StrEnum):
    """Why something is asked."""

    MISSING = "missing"
    EXPIRED = "expired"
    ENDS_TOO_SOON = "ends-too-soon"
    MAY_HAVE_CHANGED = "may-have-changed"
    CHOOSE = "choose"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Question:
    """One thing to ask, by field, and why; *day* is the day that matters."""

    what: str
    why: Why
    day: date | None = None


REQUIRED = ("latin_family", "birth_date", "citizenships", "sex")
FOR_LETTERS = ("russian_family", "post_ru")


class Carried(Protocol):
    """What is asked by of a passport: a row of the table, or one that its bearer typed and that waits for a look."""

    @property
    def id(self) -> int:
        """Its key."""

    @property
    def expires_on(self) -> date | None:
        """Its last day, if known."""


C = TypeVar("C", bound=Carried)


def passports_in_use(person: Person) -> list[Passport]:
    """List the passports with which a person may cross a border."""
    return [passport for passport in person.passports if passport.retired_at is None and passport.type != "internal"]


def chosen_of(live: Sequence[C], passport_id: int | None) -> C | None:
    """Give the passport with which a member travels: the chosen one, else the only one in use."""
    for passport in live:
        if passport.id == passport_id:
            return passport
    return live[0] if len(live) == 1 else None


def chosen_passport(person: Person, passport_id: int | None) -> Passport | None:
    """Give the passport of our table with which a member travels."""
    return chosen_of(passports_in_use(person), passport_id)


def questions(
    person: Person, passport_id: int | None, *, needs_passport: bool, last_day: date | None, today: date,
    carried: Sequence[Carried] | None = None,
) -> list[Question]:  # fmt: skip
    """List what is to be asked of a member for a visit that ends on *last_day*.

    *carried* are the person's passports where more are known than those of our table.
    """
    asked = [Question(name, Why.MISSING) for name in REQUIRED if needs_passport and _is_missing(person, name)]
    asked += [Question(name, Why.MISSING) for name in FOR_LETTERS if _is_missing(person, name)]
    if not (person.email or person.phone):
        asked.append(Question("contact", Why.MISSING))
    if needs_passport:
        live = passports_in_use(person) if carried is None else carried
        asked += _of_passport(live, passport_id, last_day or today, today)
    if person.checked_on is None or today - person.checked_on > STALE_AFTER:
        asked.append(Question("all", Why.MAY_HAVE_CHANGED, person.checked_on))
    return asked


def _is_missing(person: Person, name: str) -> bool:
    value = getattr(person, name)
    return not value or (name == "sex" and value == "unknown")


def _of_passport(
    live: Sequence[Carried], passport_id: int | None, last_day: date, today: date
) -> list[Question]:
    if not live:
        return [Question("passport", Why.MISSING)]
    passport = chosen_of(live, passport_id)
    if passport is None:
        return [Question("passport", Why.CHOOSE)]
    ends = passport.expires_on
    if ends is None:
        return [Question("passport_expiry", Why.MISSING)]
    if ends < today or ends < last_day:
        return [Question("passport", Why.EXPIRED, ends)]
    if ends < months_after(last_day, MARGIN_MONTHS):
        return [Question("passport", Why.ENDS_TOO_SOON, ends)]
    return []


def months_after(day: date, months: int) -> date:
    """Give the same day some months later; the last day of the month where it has no such day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def known(person: Person, asked: Sequence[Question]) -> list[str]:
    """Name what is there and is not asked again."""
    open_now = {question.what for question in asked}
    names = (*REQUIRED, *FOR_LETTERS)
    found = [name for name in names if name not in open_now and not _is_missing(person, name)]
    if "contact" not in open_now:
        found.append("contact")
    return found
