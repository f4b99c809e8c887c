"""Pure decisions on wordings: states of a version, what differs between two, which language is older."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest

from workflow.knowledge.comparing import steps


class VersionState(StrEnum):
    """Where a version stands; version 0, as delivered, has no row and applies where none is active."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"
    DELETED = "deleted"


class Piece(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


Words = tuple[tuple[Piece, str], ...]


@dataclass(frozen=True)
class Line:
    """One line of a difference; a number of None means that the line is not in that version."""

    piece: Piece
    old: int | None
    new: int | None
    words: Words


@dataclass(frozen=True)
class Skipped:
    """So many lines that are the same in both."""

    count: int


AROUND = 2
TOGETHER = timedelta(days=1)
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def _words(old: str, new: str) -> tuple[Words, Words]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    left: list[tuple[Piece, str]] = []
    right: list[tuple[Piece, str]] = []
    for tag, a1, a2, b1, b2 in steps(before, after):
        same = tag == "equal"
        if a2 > a1:
            left.append((Piece.SAME if same else Piece.GONE, "".join(before[a1:a2])))
        if b2 > b1:
            right.append((Piece.SAME if same else Piece.NEW, "".join(after[b1:b2])))
    return tuple(left), tuple(right)


def _changed(old: Sequence[str], new: Sequence[str], at_old: int, at_new: int) -> list[Line]:
    gone: list[Line] = []
    added: list[Line] = []
    for number, (before, after) in enumerate(zip_longest(old, new)):
        if before is None:
            added.append(Line(Piece.NEW, None, at_new + number, ((Piece.NEW, after),)))
        elif after is None:
            gone.append(Line(Piece.GONE, at_old + number, None, ((Piece.GONE, before),)))
        else:
            left, right = _words(before, after)
            gone.append(Line(Piece.GONE, at_old + number, None, left))
            added.append(Line(Piece.NEW, None, at_new + number, right))
    return gone + added


def difference(old: str, new: str) -> list[Line | Skipped]:
    """Compare two versions line by line, and changed lines word by word; long stretches of the same are counted."""
    before, after = old.splitlines(), new.splitlines()
    rows: list[Line | Skipped] = []
    codes = steps(before, after)
    for number, (tag, a1, a2, b1, b2) in enumerate(codes):
        if tag != "equal":
            rows += _changed(before[a1:a2], after[b1:b2], a1 + 1, b1 + 1)
            continue
        head = AROUND if number else 0
        tail = AROUND if number < len(codes) - 1 else 0
        same = [Line(Piece.SAME, a1 + at + 1, b1 + at + 1, ((Piece.SAME, before[a1 + at]),)) for at in range(a2 - a1)]
        if len(same) <= head + tail + 1:
            rows += same
        else:
            rows += [*same[:head], Skipped(len(same) - head - tail), *same[len(same) - tail :]]
    return rows if any(isinstance(row, Line) and row.piece is not Piece.SAME for row in rows) else []


def _passages(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _sign(passage: str) -> str:
    head = passage.lstrip().split("\n", 1)[0]
    if head.startswith(":::"):
        return head
    if head.startswith("{%"):
        return "".join(re.findall(r"{%.*?%}", passage))
    return "".join(sorted(re.findall(r"{{\s*([\w.]+)", passage))) or "text"


def beside(left: str, right: str) -> list[tuple[str, str]]:
    """Two languages' wordings passage by passage, those that say the same side by side."""
    ours, theirs = _passages(left), _passages(right)
    rows: list[tuple[str, str]] = []
    signs = [_sign(one) for one in ours], [_sign(one) for one in theirs]
    for _tag, a1, a2, b1, b2 in steps(*signs):
        rows += zip_longest(ours[a1:a2], theirs[b1:b2], fillvalue="")
    return rows


def older_languages(changed: Mapping[str, datetime | None]) -> dict[str, str]:
    """Name the languages whose wording is older than another's: language → the one changed last.

    A wording as delivered has no moment; all as delivered are of one age. What was written within a day counts as
    written together.
    """
    dated = {language: moment for language, moment in changed.items() if moment is not None}
    if not dated:
        return {}
    newest = max(dated, key=lambda language: dated[language])
    since = dated[newest] - TOGETHER
    return {language: newest for language, moment in changed.items() if moment is None or moment < since}


def is_language(code: str) -> bool:
    """Whether it can be the code of a language."""
    return len(code) == 2 and code.isascii() and code.isalpha() and code.islower()
