"""Answers to an invitation, and by when one is wanted."""

from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """What became of an invitation. *Silent* is no answer: somebody asked and nobody replied."""

    NONE = ""
    COMING = "coming"
    DEPUTY = "deputy"
    GREETING = "greeting"
    DECLINED = "declined"
    SILENT = "silent"


class Channel(StrEnum):
    """How the answer came; staff record it on the partner's behalf."""

    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"
    IN_PERSON = "in_person"
    NONE = ""


ANSWERED = frozenset({Answer.COMING, Answer.DEPUTY, Answer.GREETING, Answer.DECLINED})
"""Answers that end the waiting; silence does not."""


def is_answered(answer: str) -> bool:
    """Tell whether the partner has said anything."""
    return answer in ANSWERED


def reply_by_fault(reply_by: date, *, today: date, arrival: date | None) -> str | None:
    """Say why an answer cannot be asked for by that day, as a code; None when it can."""
    if reply_by < today:
        return "invitations.day-past"
    if arrival is not None and reply_by >= arrival:
        return "invitations.day-after-arrival"
    return None
