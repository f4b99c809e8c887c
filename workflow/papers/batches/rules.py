"""The life of a batch, what a worker does for it, and the names of its files. Pure decisions."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_RECIPIENTS = 500
CHUNK = 25
"""How many papers one job takes: a killed worker loses at most these, and holds SQLite's write lock that long."""


class BatchState(StrEnum):
    """Where a batch stands."""

    LISTING = "listing"
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    READY = "ready"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Doing(StrEnum):
    """What a worker is doing for a batch; nothing when it waits for a person."""

    NOTHING = ""
    DRAFT = "draft"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ISSUE = "issue"
    LAY_OUT = "lay_out"
    MERGE = "merge"
    SIGN = "sign"
    QUEUE = "queue"
    CLEAR = "clear"


class BatchAct(StrEnum):
    """What a person does with a batch."""

    LIST = "list"
    START = "start"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    SIGN = "sign"
    QUEUE = "queue"
    RETRY = "retry"
    CANCEL = "cancel"


class Answer(StrEnum):
    """What a recipient answered."""

    NONE = ""
    COMING = "coming"
    DEPUTY = "deputy"
    DECLINED = "declined"


class AnswerBy(StrEnum):
    """How the answer came."""

    NONE = ""
    LINK = "link"
    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"
    IN_PERSON = "in_person"


_S = BatchState
ENDS: dict[Doing, BatchState] = {
    Doing.DRAFT: _S.DRAFTED,
    Doing.SUBMIT: _S.SUBMITTED,
    Doing.TAKE_BACK: _S.DRAFTED,
    Doing.MERGE: _S.READY,
    Doing.SIGN: _S.SIGNED,
    Doing.QUEUE: _S.SIGNED,
    Doing.CLEAR: _S.CANCELLED,
}
"""The state in which a piece of work leaves the batch; issuing goes on to laying out, that to merging."""

FROM: dict[BatchAct, frozenset[BatchState]] = {
    BatchAct.LIST: frozenset({_S.LISTING}),
    BatchAct.START: frozenset({_S.LISTING}),
    BatchAct.SUBMIT: frozenset({_S.DRAFTED}),
    BatchAct.TAKE_BACK: frozenset({_S.SUBMITTED}),
    BatchAct.RETURN: frozenset({_S.SUBMITTED}),
    BatchAct.APPROVE: frozenset({_S.SUBMITTED}),
    BatchAct.SIGN: frozenset({_S.READY}),
    BatchAct.QUEUE: frozenset({_S.SIGNED}),
    BatchAct.RETRY: frozenset({_S.APPROVED, _S.READY}),
    BatchAct.CANCEL: frozenset({_S.LISTING, _S.DRAFTED, _S.SUBMITTED, _S.APPROVED, _S.READY}),
}

APPROVERS = frozenset({BatchAct.RETURN, BatchAct.APPROVE})
DECIDED = frozenset({_S.APPROVED, _S.READY})
"""States in which papers have numbers: whoever cancels then annuls them, and must be allowed to revoke."""


def refusal(state: BatchState, doing: Doing, act: BatchAct, *, stopped: bool = False) -> str | None:
    """Why the act cannot be done now, as a code; None when it can.

    While a worker is busy a batch may only be cancelled, and tried again when the work has *stopped*.
    """
    if state is _S.CANCELLED or doing is Doing.CLEAR:
        return None if act is BatchAct.RETRY and stopped and doing else "papers.batch-cancelled"
    if doing:
        if act is BatchAct.RETRY and stopped:
            return None
        if act is not BatchAct.CANCEL:
            return "papers.batch-busy"
    if state in FROM[act]:
        return None
    if act is BatchAct.CANCEL:
        return "papers.batch-signed"
    return "papers.batch-not-now"


def chunk_count(recipients: int) -> int:
    """How many chunks so many recipients make."""
    return -(-recipients // CHUNK)


@dataclass(frozen=True)
class Progress:
    """How far the work is: what is being done, how many of how many, how many cannot go on."""

    doing: Doing
    done: int
    total: int
    failed: int = 0

    @property
    def percent(self) -> int:
        """Whole per cent, 100 only when all is done."""
        return min(99, self.done * 100 // self.total) if self.total and self.done < self.total else 100


def safe_name(text: str, *, most: int = 60) -> str:
    """A file name that any system takes: letters, digits, dots and hyphens; never a path, never empty."""
    kept = "".join(
        sign if sign.isalnum() else "-" if sign in "-./\\_ \u00a0№" else ""
        for sign in unicodedata.normalize("NFC", text)
    )
    return "-".join(part for part in kept.split("-") if part)[:most].strip("-") or "letter"


def archive_names(letters: Sequence[tuple[str, str, str]]) -> list[str]:
    """Names in the archive of (language, number, recipient): a folder for each language, no name twice."""
    used: set[str] = set()
    names = []
    for at, (language, number, name) in enumerate(letters, start=1):
        stem = "-".join(filter(None, (f"{at:03}", safe_name(number, most=30) if number else "", safe_name(name))))
        path = f"{safe_name(language, most=8)}/{stem}.pdf"
        if path.casefold() in used:  # cannot be, for the place in the list is in it; kept as a guard of the archive
            path = f"{path[:-4]}-{at}.pdf"
        used.add(path.casefold())
        names.append(path)
    return names
