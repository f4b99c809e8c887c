"""Pure decisions on a programme: order, clashes, editions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflow.knowledge.names import fold

UNSAID_LENGTH = timedelta(hours=1)
"""How long an item without an end is taken to last when clashes are looked for."""


class Edition(StrEnum):
    """For whom a programme is printed. The guests' edition holds no internal notes and no names of our officers."""

    GUEST = "guest"
    WORKING = "working"


class Clash(StrEnum):
    """Who would have to be in two places at once."""

    RESPONSIBLE = "responsible"
    INTERPRETER = "interpreter"
    HOST = "host"


class Direction(StrEnum):
    """Where an item moves among those of its day."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Slot:
    """When an item takes place and who is bound by it; `people` holds what makes a person known: (part, key)."""

    item_id: int
    visit_id: int
    begins: datetime
    ends: datetime
    people: frozenset[tuple[Clash, str]]


@dataclass(frozen=True)
class Warning_:  # noqa: N801 — `Warning` is Python's own
    """Two items that ask for the same person at the same time. A warning, never a block."""

    item_id: int
    other_id: int
    kind: Clash


def moment(day: date, at: time, zone: str) -> datetime:
    """Give the moment at which clocks of *zone* show *at* on *day*, so that visits in two zones can be compared."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def slot(
    *, item_id: int, visit_id: int, day: date, starts: time | None, ends: time | None, zone: str,
    responsible_id: int | None, interpreter_id: int | None, interpreter_name: str, host: str,
) -> Slot | None:
    """Make the slot of an item; None when its hour is not known, for then nothing can clash."""
    if starts is None:
        return None
    begins = moment(day, starts, zone)
    people: set[tuple[Clash, str]] = set()
    if responsible_id is not None:
        people.add((Clash.RESPONSIBLE, f"#{responsible_id}"))
    if interpreter_id is not None:
        people.add((Clash.INTERPRETER, f"#{interpreter_id}"))
    elif fold(interpreter_name):
        people.add((Clash.INTERPRETER, fold(interpreter_name)))
    if fold(host):
        people.add((Clash.HOST, fold(host)))
    finish = moment(day, ends, zone) if ends is not None else begins + UNSAID_LENGTH
    return Slot(item_id, visit_id, begins, finish, frozenset(people))


def clashes(slots: Iterable[Slot]) -> list[Warning_]:
    """Find all pairs of overlapping items that bind the same person; an end equal to a start is no overlap.

    One officer who is responsible for one item and interprets another at that time clashes as interpreter.
    """
    by_person: dict[str, list[tuple[Slot, Clash]]] = defaultdict(list)
    for one in slots:
        for kind, key in one.people:
            by_person[f"host {key}" if kind is Clash.HOST else key].append((one, kind))
    found: set[Warning_] = set()
    for bound in by_person.values():
        bound.sort(key=lambda pair: (pair[0].begins, pair[0].item_id))
        for number, (first, kind) in enumerate(bound):
            for second, other_kind in bound[number + 1:]:
                if second.begins >= first.ends:
                    break
                if second.item_id == first.item_id:
                    continue
                worse = Clash.INTERPRETER if Clash.INTERPRETER in (kind, other_kind) else kind
                found.add(Warning_(first.item_id, second.item_id, worse))
                found.add(Warning_(second.item_id, first.item_id, worse))
    return sorted(found, key=lambda warning: (warning.item_id, warning.other_id, warning.kind))


def place_for(starts: time | None, others: Sequence[time | None]) -> int:
    """Give the position (from 0) of a new item among its day's: before the first that begins later, else last."""
    if starts is None:
        return len(others)
    return next((number for number, other in enumerate(others) if other is not None and other > starts), len(others))


def moved(order: Sequence[int], item_id: int, direction: Direction) -> list[int]:
    """Give the day's order after an item has moved one step; unchanged at the edge."""
    ids = list(order)
    at = ids.index(item_id)
    to = at - 1 if direction is Direction.UP else at + 1
    if 0 <= to < len(ids):
        ids[at], ids[to] = ids[to], ids[at]
    return ids
