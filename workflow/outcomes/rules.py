"""Pure decisions on outcomes and reports."""

from collections.abc import Mapping
from enum import StrEnum


class OutcomeKind(StrEnum):
    """What sort of thing came out of a visit."""

    AGREEMENT = "agreement"
    PROMISE = "promise"
    INVITATION = "invitation"
    PROPOSAL = "proposal"
    PRACTICE = "practice"
    OTHER = "other"


class OutcomeState(StrEnum):
    """Where an outcome stands; all but `open` settle it."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"


class OutcomeVerb(StrEnum):
    """What a person does with an outcome."""

    EDIT = "edit"
    FINISH = "finish"
    DECLINE = "decline"
    HAND_OVER = "hand-over"
    REOPEN = "reopen"
    REMOVE = "remove"


class ReportState(StrEnum):
    """Where a visit's report stands."""

    DRAFT = "draft"
    FILED = "filed"


class Interpreting(StrEnum):
    """How a talk is interpreted; consecutive interpreting doubles its time."""

    NONE = "none"
    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"


REPORT_TEXTS = ("aim", "done", "results", "proposals", "not_done", "highlight", "contacts", "materials", "media",
                "evaluation", "enclosures")
REPORT_FIELDS = (*REPORT_TEXTS, *(f"{name}_en" for name in REPORT_TEXTS), "sent_to",
                 "sent_to_en")
REPORT_LIMITS: Mapping[str, int] = {"highlight": 1000, "highlight_en": 1000, "sent_to": 300, "sent_to_en": 300}
"""Longest report texts, where they are shorter than others."""
REQUIRED_FIELDS = ("aim", "results")

_S, _V = OutcomeState, OutcomeVerb

_STEPS: Mapping[tuple[OutcomeState, OutcomeVerb], OutcomeState] = {
    (_S.OPEN, _V.EDIT): _S.OPEN,
    (_S.OPEN, _V.FINISH): _S.DONE,
    (_S.OPEN, _V.DECLINE): _S.DECLINED,
    (_S.OPEN, _V.HAND_OVER): _S.HANDED_OVER,
    (_S.OPEN, _V.REMOVE): _S.OPEN,
    (_S.DONE, _V.REOPEN): _S.OPEN,
    (_S.DECLINED, _V.REOPEN): _S.OPEN,
    (_S.HANDED_OVER, _V.REOPEN): _S.OPEN,
}

ANSWERS: Mapping[tuple[OutcomeState, OutcomeVerb], OutcomeState | str] = {
    (state, verb): _STEPS.get((state, verb), "outcomes.is-open" if state is _S.OPEN else "outcomes.is-settled")
    for state in OutcomeState
    for verb in OutcomeVerb
}
"""Each state × verb pair → the next state, or the code that says why not."""


def allowed(state: OutcomeState) -> tuple[OutcomeVerb, ...]:
    """Give the verbs that have an effect now."""
    return tuple(verb for verb in OutcomeVerb if (state, verb) in _STEPS)


def sources(verb: OutcomeVerb) -> tuple[OutcomeState, ...]:
    """Give the states from which a verb may be used."""
    return tuple(state for state in OutcomeState if (state, verb) in _STEPS)


def missing(values: Mapping[str, str]) -> tuple[str, ...]:
    """Give the fields without which a report is not filed."""
    return tuple(name for name in REQUIRED_FIELDS if not values.get(name, "").strip())


def shown_minutes(minutes: int | None, mode: Interpreting) -> int | None:
    """Give how long a point takes: twice its speaking time when it is interpreted consecutively."""
    return minutes * 2 if minutes is not None and mode is Interpreting.CONSECUTIVE else minutes
