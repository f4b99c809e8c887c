"""Kinds of partners and ties, and dates known only to the year or month. Pure decisions."""

import re
from datetime import date
from enum import StrEnum

from workflow.knowledge.names import fold, propose_latin

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_WORD = re.compile(r"[^\W_]+")
_NOT_LATIN = re.compile(r"[^a-z0-9]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

KEY_PROPOSED = 40


class PartnerKind(StrEnum):
    """What sort of body a partner is."""

    CITY = "city"
    SCHOOL = "school"
    UNIVERSITY = "university"
    CONSULATE = "consulate"
    ASSOCIATION = "association"
    MINISTRY = "ministry"
    BODY = "body"


class Tie(StrEnum):
    """What ties us: an agreement, sister cities, talks of one, mere contact, or a body of our own city."""

    SISTER = "sister"
    AGREEMENT = "agreement"
    PROSPECT = "prospect"
    CONTACT = "contact"
    MEMBERSHIP = "membership"
    OWN = "own"


def is_partner_key(text: str) -> bool:
    """Tell whether this can be a partner's short key: small Latin letters, digits, dashes."""
    return _KEY.fullmatch(text) is not None


def propose_key(*names: str) -> str:
    """Make a partner's short key from the first of its names that can be written in Latin letters."""
    for name in names:
        words = [_NOT_LATIN.sub("", (propose_latin(word) or fold(word)).lower()) for word in _WORD.findall(name)]
        key = "-".join(filter(None, words))
        if key:
            return key if len(key) <= KEY_PROPOSED else key[:KEY_PROPOSED].rpartition("-")[0] or key[:KEY_PROPOSED]
    return "partner"


def is_language(code: str) -> bool:
    """Tell whether this looks like the code of a language."""
    return _LANGUAGE.fullmatch(code) is not None


def is_partial_date(text: str) -> bool:
    """Tell whether this is a year, a month or a day: "2019", "2018-03", "2020-04-22"."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match.group(1)), int(match.group(2) or 1), int(match.group(3) or 1))
    except ValueError:
        return False
    return True


def read_partial_date(text: str) -> str | None:
    """Read what a person types ("2019", "03.2018", "22.04.2020", "2018-03") as the form that is stored; else None."""
    plain = text.strip()
    if "." in plain:
        plain = "-".join(reversed([part.zfill(2) for part in plain.split(".")]))
    return plain if is_partial_date(plain) else None


def founding_year(founded: str) -> int | None:
    """Give the year of a partial date, or None when nothing is known."""
    return int(founded[:4]) if founded else None


def anniversary(founded: str, year: int) -> int | None:
    """Give which anniversary a year brings: founded in 1818, the 209th in 2027. None before the first."""
    began = founding_year(founded)
    return year - began if began is not None and year > began else None


def english_ordinal(number: int) -> str:
    """Give an English ordinal in figures: "209th", "101st", "112th"."""
    tail = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"
