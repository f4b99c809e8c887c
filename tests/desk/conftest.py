"""A published process, for visits whose readiness is asked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow.base.unit_of_work import commit
from workflow.process.publishing import publish_definitions


@pytest.fixture
def published(session: Session, now: datetime) -> None:
    """The department's processes, as published at its first start."""
    publish_definitions(session, now)
    commit(session)


@pytest.fixture
def count_queries(app: Any) -> Callable[[Callable[[], object]], int]:
    """Count the statements that a call sends to the database."""
    from sqlalchemy import event

    from workflow.web.database import db

    def count(call: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", note)
            try:
                call()
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count
