"""A kind of paper for recipients, and a batch of as many as a test wants."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.unit_of_work import commit
from workflow.papers import editions
from workflow.papers.batches import recipients, service
from workflow.papers.batches.models import PaperBatch

KIND = "invitation-sample"
FOLDER = Path(__file__).parent / "kinds"


@pytest.fixture
def sample_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The sample beside the kinds that the program has."""
    known = dict(editions.kinds())
    known[KIND] = editions._read(FOLDER / KIND)
    monkeypatch.setattr(editions, "kinds", lambda: known)
    return KIND


def person(number: int, **values: Any) -> dict[str, Any]:
    return {"name": f"Приглашённый {number}" if number % 2 else f"Guest {number}", "organisation": f"City {number}"
            if number % 2 == 0 else f"Город {number}", "city": "Ankara" if number % 2 == 0 else "Грозный",
            "email": f"guest{number}@city.example"} | values  # fmt: skip


@pytest.fixture
def batch_of(session: Session, desk: Desk, now: datetime, sample_kind: str) -> Callable[..., PaperBatch]:
    """A batch with so many recipients, every second one in English; committed."""

    def make(count: int, *, kind: str = sample_kind) -> PaperBatch:
        batch = service.create_batch(session, desk.coordinator, now, desk.visit.id, kind)
        for number in range(1, count + 1):
            recipients.add_recipient(session, desk.coordinator, now, batch.id, person(number),
                                     language="ru" if number % 2 else "en")  # fmt: skip
        commit(session)
        return batch

    return make
