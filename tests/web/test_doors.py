"""The doors of pages: what is refused leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base.actor import Role
from workflow.base.errors import Conflict
from workflow.base.limits import RateLimit, spend
from workflow.base.unit_of_work import commit
from workflow.visits.models import Member
from workflow.web.database import db
from workflow.web.doors import ANYONE, Act, Door

on_postgres = pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (400, 0), (409, 0), (422, 0)])
def test_post_is_kept_only_when_its_answer_is_no_refusal(fresh_app: Flask, status: int, kept: int) -> None:
    door = Door("trial", __name__)

    @door.post("/trial", ANYONE)
    def write(act: Act) -> ResponseReturnValue:
        spend(act.session, act.now, "trial", "somebody", limit=5, window=timedelta(hours=1))
        if status == 409:
            raise Conflict("base.clash")
        return "answer", status

    fresh_app.register_blueprint(door.blueprint)
    assert Client(fresh_app).post("/trial").status_code == status
    with fresh_app.app_context(), Session(db.engine) as session:
        assert session.scalar(select(func.count(RateLimit.id))) == kept


@on_postgres
def test_character_that_no_database_keeps_is_refused_and_no_fault(
    client_as: Callable[..., Client], make: Make, session: Session
) -> None:
    desk = client_as(Role.MANAGER)
    for path in ("/processes/%00/1", "/partners?state=%00", "/papers/register?kind=a%00b", "/api/v1/visits?stage=%00"):
        assert (path, desk.get(path).status_code) == (path, 404)
    member = make.member(make.visit())
    commit(session)
    answer = desk.post(f"/members/{member.id}/remove", {"text": "a\0b"})
    assert answer.status_code == 400
    assert "не удалось прочитать" in answer.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Member, member.id).ended_at is None
