"""Fills an empty installation with the demo, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.accounts.queries import is_empty
from workflow.base.actor import SYSTEM
from workflow.base.jobs import Job
from workflow.base.unit_of_work import unit_of_work
from workflow.demo.borders import cross_borders
from workflow.demo.cast import PASSWORD, STAFF, furnish, hire, introduce
from workflow.demo.history import STAVROPOL, import_record
from workflow.demo.journeys import come_home
from workflow.demo.logistics import equip
from workflow.demo.protocol import furnish_protocol
from workflow.demo.upcoming import play

BEGAN = timedelta(days=60)
"""How long ago the department began to use the software, as the demo tells it."""


def load(session: Session, now: datetime, tell: Callable[[str], None] = lambda _part: None) -> bool:
    """Load the demo in one transaction and *tell* each part; do nothing, and say so, where accounts are already."""
    with unit_of_work(session):
        if not is_empty(session):
            return False
        began = now - BEGAN
        tell("the office and its people")
        furnish(session, began)
        cast = hire(session, began)
        tell("the department's record of past visits")
        import_record(session, SYSTEM, began, STAVROPOL)
        introduce(session, began)
        tell("visits that are coming, with travellers and papers")
        play(session, cast, now)
        equip(session, cast, now)
        cross_borders(session, cast, now)
        furnish_protocol(session, cast, now)
        come_home(session, cast, now)
        session.execute(update(Job).where(Job.due_at < now).values(due_at=now))  # else the works would seem to stand
    return True


def users() -> list[tuple[str, str, str]]:
    """Give what `make run` prints: (role, address, password), one line for each role."""
    seen: dict[str, tuple[str, str, str]] = {}
    for player in STAFF:
        seen.setdefault(player.role.value, (player.role.value, player.email, PASSWORD))
    return list(seen.values())
