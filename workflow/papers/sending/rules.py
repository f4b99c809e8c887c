"""The life of a mail that waits to be released. Pure decisions."""

from enum import StrEnum


class OutgoingState(StrEnum):
    """Where a mail stands before it goes to the mail room; after that the mail's own row says the rest."""

    WAITING = "waiting"
    HELD = "held"
    RELEASED = "released"
    HANDED = "handed"
    REMOVED = "removed"


class OutgoingAct(StrEnum):
    """What a person does with a mail in the queue."""

    EDIT = "edit"
    HOLD = "hold"
    RESUME = "resume"
    RELEASE = "release"
    REMOVE = "remove"


_S = OutgoingState
OPEN = frozenset({_S.WAITING, _S.HELD})

FROM: dict[OutgoingAct, frozenset[OutgoingState]] = {
    OutgoingAct.EDIT: OPEN,
    OutgoingAct.HOLD: frozenset({_S.WAITING}),
    OutgoingAct.RESUME: frozenset({_S.HELD}),
    OutgoingAct.RELEASE: frozenset({_S.WAITING}),
    OutgoingAct.REMOVE: OPEN,
}

LINK = "[[answer-link]]"
"""Stands in the words of a mail where its recipient's personal link is put when it is released."""


def refusal(state: OutgoingState, act: OutgoingAct) -> str | None:
    """Why the act cannot be done now, as a code; None when it can."""
    if state in FROM[act]:
        return None
    if state in (_S.RELEASED, _S.HANDED):
        return "papers.outgoing-released"
    if state is _S.REMOVED:
        return "papers.outgoing-removed"
    return "papers.outgoing-held" if act is OutgoingAct.RELEASE else "papers.outgoing-not-now"
