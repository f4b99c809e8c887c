"""Schemathesis against our own OpenAPI document: whatever it sends, an answer that the document promised.

Each operation is called with data that keeps to its schema (half of it on rows that exist, with the version they
have) and with data that breaks it. The seed is fixed; nothing leaves the process.
"""

import json
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.hostile.conftest import keys_of, table_of
from workflow.accounts.models import Account
from workflow.accounts.sessions import issue_api_token
from workflow.base import clock
from workflow.base.actor import person
from workflow.base.database import Base
from workflow.base.unit_of_work import commit

EXAMPLES = 16
PART = re.compile(r"{(\w+)}")
load_all_checks()
CHECKS = [schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]

pytestmark = pytest.mark.slow


@pytest.fixture
def token(session: Session, everybody: Account) -> str:
    """An API token with every permission that the account has."""
    actor = person(everybody.id, everybody.name_ru, everybody.roles)
    _row, secret = issue_api_token(session, actor, clock.now(), name="hostile", scope=actor.permissions, days=30)
    commit(session)
    return secret


@pytest.fixture
def operations(app: Flask) -> list[APIOperation]:
    """Every operation of the document that the application gives out."""
    document = json.loads(app.test_client().get("/api/v1/openapi.json").get_data())
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    return [found.ok() for found in schema.get_all_operations()]


class Rows:
    """Keys and versions of rows that exist, for calls that should get past "not found"."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.keys: dict[str, list[int]] = {}

    def aim(self, case: Case, nth: int) -> None:
        """Point a case's path at rows that exist, and its version at theirs."""
        for name in PART.findall(case.path):
            table = table_of(name, case.path)
            if table is None:
                case.path_parameters[name] = "ru"
                continue
            keys = self.keys.setdefault(table, keys_of(self.session, table) or [1])
            key = case.path_parameters[name] = keys[nth % len(keys)]
            columns = Base.metadata.tables[table].c
            if "lock_version" in columns and "If-Match" in (case.headers or {}):
                version = self.session.scalar(select(columns.lock_version).where(columns.id == key))
                self.session.rollback()
                case.headers["If-Match"] = f'"{version or 1}"'


def attack(operation: APIOperation, mode: GenerationMode, rows: Rows, send: Callable[[Case], None]) -> None:
    """Send a bounded number of cases of one operation."""
    try:
        cases = operation.as_strategy(generation_mode=mode)
    except Exception:
        if mode is GenerationMode.NEGATIVE:  # a schema that cannot be broken has no negative cases
            return
        raise

    @given(case=cases, aimed=st.booleans(), nth=st.integers(0, 50))
    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    def run(case: Case, aimed: bool, nth: int) -> None:
        if mode is GenerationMode.POSITIVE and aimed:
            rows.aim(case, nth)
        send(case)

    run()


@pytest.fixture
def quiet() -> Iterator[None]:
    """Hypothesis' and Schemathesis' own remarks are no fault of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_documented(
    app: Flask, session: Session, token: str, operations: list[APIOperation], mode: GenerationMode, quiet: None,
) -> None:
    rows = Rows(session)
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS
    failures: dict[str, str] = {}
    statuses: dict[int, int] = {}

    def send(case: Case) -> None:
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses[response.status_code] = statuses.get(response.status_code, 0) + 1
        try:
            case.validate_response(response, checks=checks)
        except (Failure, FailureGroup) as error:
            found = error.exceptions if isinstance(error, FailureGroup) else [error]
            for failure in found:
                known = f"{case.method} {case.operation.path}: {failure.title} {response.status_code}"
                failures.setdefault(known, f"{case.as_curl_command()}\n{response.text[:600]}\n{failure}"[:3000])

    for operation in operations:
        attack(operation, mode, rows, send)
    assert failures == {}, "\n\n".join(f"{name}\n{text}" for name, text in failures.items())
    assert len(operations) > 60
    expected: set[Any] = {200, 404, 422} if mode is GenerationMode.POSITIVE else {422}
    assert expected <= set(statuses), statuses
