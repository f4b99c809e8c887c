"""The partner's own term for our answer becomes a deadline of the outgoing visit, three working days before it."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.invitations.service import set_reply_by
from workflow.process.opening import enter_visit
from workflow.process.publishing import publish_definitions
from workflow.reminders.models import Reminder
from workflow.visits.rules import Dates, Direction
from workflow.visits.service import VisitData


def test_partners_term_becomes_a_deadline_and_moves_with_it(
    session: Session, make: Make, run_jobs: Callable[[], int]
) -> None:
    publish_definitions(session, clock.now())
    officer = make.account(Role.COORDINATOR)
    visit = enter_visit(
        session, SYSTEM, clock.now(),
        VisitData(title_ru="День города Грозного", direction=Direction.OUTGOING, country="RU", place="Грозный",
                  dates=Dates(date(2027, 10, 4), date(2027, 10, 5)), responsible_id=officer.id),
        "outgoing")
    commit(session)

    def due() -> list[date]:
        return list(session.scalars(select(Reminder.due_on).where(
            Reminder.visit_id == visit.id, Reminder.key == "reply", Reminder.state == "pending")))

    assert due() == []
    for term, expected in ((date(2027, 4, 16), date(2027, 4, 13)), (date(2027, 4, 23), date(2027, 4, 20))):
        set_reply_by(session, make.actor(Role.COORDINATOR), clock.now(), visit.id, term)
        commit(session)
        run_jobs()
        assert due() == [expected]
