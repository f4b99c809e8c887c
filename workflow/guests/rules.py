"""Kinds of links and proposals, how long links and cookies last, and the languages of guests' pages. Pure decisions."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum


class LinkKind(StrEnum):
    """Whose link it is."""

    CLERK = "clerk"
    GUEST = "guest"


class ProposalKind(StrEnum):
    """What is proposed."""

    CORRECT = "correct"
    PASSPORT = "passport"
    CONFIRM = "confirm"
    DECLINE = "decline"
    SUBSTITUTE = "substitute"
    ADD = "add"


class ProposalState(StrEnum):
    """Where a proposal stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


AUTONYMS = {"ru": "Русский", "en": "English", "zh": "中文", "fr": "Français", "bg": "Български", "tr": "Türkçe",
            "es": "Español"}  # fmt: skip
"""The languages of guests' pages, each by its own name."""
REVIEWED = ("ru", "en")
"""Languages whose wording somebody of ours has read; the others are marked so to staff."""

AFTER_VISIT = timedelta(days=7)
UNDATED = timedelta(days=30)
COOKIE = timedelta(hours=4)
OPENINGS_PER_HOUR = 60
ACTS_PER_HOUR = 120
PERSONAL = frozenset({
    "birth_date", "birth_place", "birth_place_latin", "email", "phone", "number", "issued_on", "expires_on",
    "authority",
})  # fmt: skip
"""Fields whose values are shown to staff only when they ask to see them, which is recorded."""


def expiry(now: datetime, last_day: date | None) -> datetime:
    """When a link ends: a week after the visit's last day; of an undated visit in a month, and never at once."""
    if last_day is None:
        return now + UNDATED
    return max(datetime.combine(last_day, time(), UTC) + AFTER_VISIT, now + timedelta(days=1))


def best_language(wanted: list[str]) -> str:
    """Choose the first wanted language that guests' pages have; English otherwise."""
    return next((code for code in wanted if code in AUTONYMS), "en")
