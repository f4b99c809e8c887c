"""The processes that a request can name.

They are published three floors above: `app.py` hands over who knows them by `use_processes`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.errors import Problem

Titles = Mapping[str, str]
ProcessSource = Callable[[Session], Mapping[str, Titles]]
PROCESS_SOURCE: list[ProcessSource] = []


def use_processes(source: ProcessSource) -> None:
    """Set who knows the published processes; once at start."""
    PROCESS_SOURCE[:] = [source]


def offered_processes(session: Session) -> Mapping[str, Titles]:
    """Give the processes that are published now: key → title by language."""
    return PROCESS_SOURCE[0](session) if PROCESS_SOURCE else {}


def process_problems(session: Session, differences: Mapping[str, Any]) -> list[Problem]:
    """Say what is wrong with the process that a request is to be given: *differences* are its values before and after.

    Where nothing is published yet nothing can be chosen: a letter is registered all the same, and accepting it asks.
    """
    if "process_key" not in differences:
        return []
    offered = offered_processes(session)
    if not offered or differences["process_key"][1] in offered:
        return []
    return [Problem("process_key", "visits.no-such-process", {"offered": ", ".join(offered)})]
