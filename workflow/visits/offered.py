"""The processes that a request can name, and the directions of travel that each is made for.

They are published three floors above: `app.py` hands over who knows them by `use_processes`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow.base.errors import Problem
from workflow.visits.rules import Direction

Titles = Mapping[str, str]


@dataclass(frozen=True)
class Offered:
    """A published process: its title by language, and the directions that it is made for; none named: any."""

    titles: Titles
    directions: frozenset[Direction] = frozenset()

    def suits(self, direction: str) -> bool:
        """Say whether visits of that direction can go by it."""
        return not self.directions or direction in self.directions


ProcessSource = Callable[[Session], Mapping[str, Offered]]
PROCESS_SOURCE: list[ProcessSource] = []


def use_processes(source: ProcessSource) -> None:
    """Set who knows the published processes; once at start."""
    PROCESS_SOURCE[:] = [source]


def offered_processes(session: Session) -> Mapping[str, Offered]:
    """Give the processes that are published now, by key."""
    return PROCESS_SOURCE[0](session) if PROCESS_SOURCE else {}


def process_problems(session: Session, key: str, direction: str) -> list[Problem]:
    """Say what is wrong with the process *key* for a visit of that direction.

    Where nothing is published yet nothing can be chosen: a letter is registered all the same, and accepting it asks.
    """
    offered = offered_processes(session)
    if not offered:
        return []
    if key not in offered:
        return [Problem("process_key", "visits.no-such-process", {"offered": ", ".join(offered)})]
    if not offered[key].suits(direction):
        suiting = [{"ru": one.titles["ru"], "en": one.titles["en"]} for one in offered.values() if one.suits(direction)]
        return [Problem("process_key", "visits.process-of-another-direction",
                        {"process": dict(offered[key].titles), "suiting": suiting})]
    return []
