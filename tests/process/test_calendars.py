"""Deadlines on two calendars: every country of the other side counts, and they follow who comes and where we stop."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.unit_of_work import commit
from workflow.people.service import correct_person
from workflow.reminders.models import Reminder
from workflow.visas.crossing import Told, drop_crossing, tell_crossing
from workflow.visits.delegation import add_member, remove_member
from workflow.visits.models import Visit
from workflow.visits.rules import Dates, Direction

Open = Callable[..., Visit]
Due = Callable[..., tuple[date, list[str]]]

GREEK_HOLIDAY = date(2027, 3, 25)
"""A Thursday on which Russia, Turkey and Britain work."""


@pytest.fixture
def due(session: Session) -> Due:
    """Tell when a thing of a visit is due, the list of members unless told otherwise, and by whose working days."""

    def told(visit: Visit, key: str = "composition") -> tuple[date, list[str]]:
        session.expire_all()
        row = session.scalars(select(Reminder).where(Reminder.visit_id == visit.id, Reminder.key == key)).one()
        return row.due_on, row.calendars

    return told


def test_guests_of_another_country_bring_its_days_off(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, make: Any, run_jobs: Callable[[], int],
    due: Due,
) -> None:
    visit = open_one(country="GB", dates=Dates(date(2027, 4, 15), date(2027, 4, 17)))
    assert due(visit) == (GREEK_HOLIDAY, ["RU", "GB"])
    guest = make.person(citizenships=["GR"])
    member = add_member(session, coordinator, now, visit, guest, {})
    commit(session)
    run_jobs()
    assert due(visit) == (date(2027, 3, 24), ["RU", "GB", "GR"])
    correct_person(session, coordinator, now, guest, {"residence": "TR"}, version=guest.lock_version)
    commit(session)
    run_jobs()
    assert due(visit) == (GREEK_HOLIDAY, ["RU", "GB", "TR"]), "a guest has the days off of where the guest lives"
    remove_member(session, coordinator, now, visit, member, "does not come")
    commit(session)
    run_jobs()
    assert due(visit) == (GREEK_HOLIDAY, ["RU", "GB"])


def test_stop_on_our_way_brings_its_days_off_but_a_country_passed_through_does_not(
    session: Session, now: datetime, open_one: Open, coordinator: Actor, run_jobs: Callable[[], int], due: Due
) -> None:
    visit = open_one("preparing", "outgoing", direction=Direction.OUTGOING, country="TR",
                     dates=Dates(date(2027, 4, 9), date(2027, 4, 12)))
    assert due(visit, "visas-settled") == (GREEK_HOLIDAY, ["RU", "TR"])
    tell_crossing(session, coordinator, now, visit, Told("RS", transit=True))
    stop = tell_crossing(session, coordinator, now, visit, Told("GR"))
    commit(session)
    run_jobs()
    assert due(visit, "visas-settled") == (date(2027, 3, 24), ["RU", "TR", "GR"])
    drop_crossing(session, coordinator, now, visit, stop)
    commit(session)
    run_jobs()
    assert due(visit, "visas-settled") == (GREEK_HOLIDAY, ["RU", "TR"])
