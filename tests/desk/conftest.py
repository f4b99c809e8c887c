"""A published process, for visits whose readiness is asked."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from workflow.base.unit_of_work import commit
from workflow.process.publishing import publish_definitions


@pytest.fixture
def published(session: Session, now: datetime) -> None:
    """The department's processes, as published at its first start."""
    publish_definitions(session, now)
    commit(session)
