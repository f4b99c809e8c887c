"""Kinds of data with a term, grounds of an erasure, and what an act names. Pure decisions."""

from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What is kept for a term of its own."""

    SCANS = "scans"
    PASSPORTS = "passports"
    GUESTS = "guests"
    LISTS = "lists"
    PREVIEWS = "previews"
    MAILS = "mails"
    PAPERS = "papers"
    ADDRESSEES = "addressees"


DAYS = {
    Kind.SCANS: 30, Kind.PASSPORTS: 365, Kind.GUESTS: 30, Kind.LISTS: 30, Kind.PREVIEWS: 30, Kind.MAILS: 365,
    Kind.PAPERS: 1825, Kind.ADDRESSEES: 365,
}  # fmt: skip
"""Days until an administrator says otherwise: placeholders of our own, no law gives them. Each office confirms its own
by its list of files and its rules on personal data (152-FZ, article 5, part 7: no longer than the purpose asks)."""
LONGEST = 36_500
ONLY_CONFIRMED = frozenset({Kind.PAPERS})
"""What no proposal of ours destroys: letters and their signed scans belong to the office's files, whose terms only the
office knows."""

FORGOTTEN_NOTICE = timedelta(days=30)
"""How long before a visit without days counts as forgotten its people are told: our own habit."""
ACT_YEARS = 3
"""Acts and the extract of the log are kept three years (order 179 of Roskomnadzor of 28.10.2022, paragraph 8)."""
ERASED_RU, ERASED = "удалено", "erased"


class Ground(StrEnum):
    """Why a person's data are destroyed (152-FZ, articles 20 and 21)."""

    REACHED = "reached"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"
    UNLAWFUL = "unlawful"


class Part(StrEnum):
    """What of a person is destroyed: the categories that an act names."""

    CARD = "card"
    PASSPORTS = "passports"
    PHOTO = "photo"
    MEMBERS = "members"
    VISAS = "visas"
    SCANS = "scans"
    GUESTS = "guests"
    PAPERS = "papers"
    MAILS = "mails"
    LISTS = "lists"
    FORMS = "forms"
    MENTIONS = "mentions"


def kept_until(day: date) -> date:
    """The last day on which an act of *day* must be there."""
    try:
        return day.replace(year=day.year + ACT_YEARS)
    except ValueError:
        return date(day.year + ACT_YEARS, 3, 1)


def variants(family: str, given: str, patronymic: str = "") -> set[str]:
    """Every usual way to write a whole name: both orders, with and without patronymic, with initials."""
    family, given, patronymic = family.strip(), given.strip(), patronymic.strip()
    if not family or not given:
        return set()
    found = {f"{family} {given}", f"{given} {family}", f"{family}, {given}"}
    initials = {f"{given[0]}."}
    if patronymic:
        found |= {f"{family} {given} {patronymic}", f"{given} {patronymic} {family}", f"{given} {patronymic}"}
        initials |= {f"{given[0]}.{patronymic[0]}.", f"{given[0]}. {patronymic[0]}."}
    for short in initials:
        found |= {f"{family} {short}", f"{short} {family}", f"{short}{family}"}
    return found
