"""Cheap password hashes: the tests are about the rules around them."""

import pytest
from argon2 import PasswordHasher

from workflow.accounts import passwords


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hashers", [PasswordHasher(time_cost=1, memory_cost=256, parallelism=1)])
