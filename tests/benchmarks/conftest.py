"""Houses are filled once for a whole module, so the clock is not held here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture(autouse=True)
def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)
