"""The doors of pages: what is refused leaves nothing behind."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from workflow.base.errors import Conflict
from workflow.base.limits import RateLimit, spend
from workflow.web.database import db
from workflow.web.doors import ANYONE, Act, Door


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
