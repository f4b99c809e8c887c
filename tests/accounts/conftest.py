"""Cheap password hashes: the tests are about the rules around them."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from workflow.accounts import passwords


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hashers", [PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)])
    yield
