"""Conditions about a visit itself."""

from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Role
from workflow.visits.conditions import responsible_named


def test_substitute_is_asked_only_where_somebody_else_could_be_one(session: Session, make: Make) -> None:
    visit = make.visit()
    make.account(Role.TRANSLATOR)
    assert not responsible_named(session, [visit.id], {})[visit.id]
    make.account(Role.MANAGER)
    assert [reason.code for reason in responsible_named(session, [visit.id], {})[visit.id]] == ["visits.no-substitute"]
