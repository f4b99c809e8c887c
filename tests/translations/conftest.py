"""Things that these tests need: an assignment in any state, and those who work on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Actor, Role
from workflow.base.files import Upload
from workflow.base.unit_of_work import commit
from workflow.translations import ordering, service
from workflow.translations.models import Assignment
from workflow.translations.ordering import OrderData
from workflow.translations.rules import AssignmentState

SPEECH = Upload("Речь главы.txt", ("Дорогие друзья! " * 300).encode())
RESULT = Upload("konuşma.txt", b"Sevgili dostlar!")


@dataclass
class Stage:
    """A visit, a coordinator, a manager and two translators, and orders to play with."""

    session: Session
    make: Make
    now: datetime
    coordinator: Actor
    manager: Actor
    translator: Actor
    colleague: Actor
    visit: Any

    def data(self, **values: Any) -> OrderData:
        """Give a complete order, changed by *values*."""
        whole = OrderData(
            title="Речь главы на Дне города", source_language="ru", target_language="tr", purpose="speech",
            due_at=self.now + timedelta(days=5), text_user="глава города, вслух на площади",
            names="Иван Ульянченко, глава города — İvan Ulyançenko, Belediye Başkanı", instructions="Торжественно.",
        )
        return replace(whole, **values)

    def order(self, *, upload: Upload | None = SPEECH, visit: Any = None, **values: Any) -> Assignment:
        """Order a translation as a draft."""
        row = ordering.order_assignment(self.session, self.coordinator, self.now, visit or self.visit,
                                        self.data(**values), upload=upload)
        commit(self.session)
        return row

    def at(self, state: AssignmentState, **values: Any) -> Assignment:
        """Bring a new assignment to a state through the service."""
        row = self.order(**values)
        for wanted, step in self._way(row.id):
            if row.state == state:
                break
            if state is AssignmentState.CANCELLED:
                service.cancel_assignment(self.session, self.coordinator, self.now, row.id, reason="визит отменён")
            elif wanted is not AssignmentState.RETURNED or state is AssignmentState.RETURNED:
                if wanted is AssignmentState.ACCEPTED and state is AssignmentState.RETURNED:
                    break
                step()
        commit(self.session)
        assert row.state == state
        return row

    def _way(self, key: int) -> list[tuple[AssignmentState, Callable[[], object]]]:
        session, now = self.session, self.now
        return [
            (AssignmentState.OPEN, lambda: ordering.publish_assignment(session, self.coordinator, now, key)),
            (AssignmentState.CLAIMED, lambda: service.claim_assignment(session, self.translator, now, key)),
            (AssignmentState.SUBMITTED,
             lambda: service.submit_assignment(session, self.translator, now, key, RESULT)),
            (AssignmentState.RETURNED,
             lambda: service.return_assignment(session, self.coordinator, now, key, remark="Проверьте имена.")),
            (AssignmentState.ACCEPTED, lambda: service.accept_assignment(session, self.coordinator, now, key)),
            (AssignmentState.RELEASED, lambda: service.release_assignment(session, self.coordinator, now, key)),
            (AssignmentState.CANCELLED, lambda: None),
        ]


@pytest.fixture
def stage(session: Session, make: Make, now: datetime) -> Stage:
    """People, a visit and the means to make assignments."""
    return Stage(
        session, make, now, make.actor(Role.COORDINATOR), make.actor(Role.MANAGER), make.actor(Role.TRANSLATOR),
        make.actor(Role.TRANSLATOR), make.visit(),
    )
