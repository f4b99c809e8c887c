"""What goes wrong is told in the logs with its place, and never with what a person entered."""

import json
import logging
import sys
from collections.abc import Callable

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.servers import both_databases
from workflow.web.logs import json_lines

PASSPORT = "U12345678"


class Traveller(BaseModel):
    """What a form takes."""

    age: int


def by_value() -> None:
    int(PASSPORT)


def by_validation() -> None:
    Traveller.model_validate({"age": PASSPORT})


def by_a_missing_key() -> None:
    dict[str, str]()[PASSPORT]


def by_a_cause() -> None:
    try:
        by_value()
    except ValueError as error:
        raise RuntimeError("the list could not be read") from error


def logged(call: Callable[[], object]) -> dict[str, str]:
    """Give the line that is logged when *call* fails."""
    try:
        call()
    except Exception:  # noqa: BLE001 - whatever it is, it is logged
        record = logging.LogRecord("workflow.web.shell", logging.ERROR, __file__, 1, "request failed", (),
                                   sys.exc_info())  # fmt: skip
    line: dict[str, str] = json.loads(json_lines().format(record))
    return line


@pytest.mark.parametrize("call", [by_value, by_validation, by_a_missing_key, by_a_cause])
def test_words_of_an_exception_are_not_logged_where_they_may_quote_a_person(call: Callable[[], None]) -> None:
    line = logged(call)
    assert line["event"] == "request failed"
    assert call.__name__ in line["exception"]
    assert PASSPORT not in json.dumps(line)


def test_task_that_fails_is_logged_without_its_words() -> None:
    said = "Task %(name)s[%(id)s] raised unexpected: %(exc)s"
    given = {"name": "jobs.sweep", "id": "7", "exc": f"ValueError('{PASSPORT}')"}
    record = logging.LogRecord("celery.app.trace", logging.ERROR, __file__, 1, said, (given,), None)
    record.data = {"exc": PASSPORT}
    assert json.loads(json_lines().format(record))["event"] == "Task jobs.sweep[7] raised unexpected: ValueError"
    assert PASSPORT not in json_lines().format(record)


def test_cause_is_told_with_its_place() -> None:
    told = logged(by_a_cause)["exception"]
    assert "RuntimeError: the list could not be read\nwhich came of\n" in told
    assert told.endswith("ValueError")


@both_databases
def test_broken_constraint_is_logged_without_the_row(session: Session) -> None:
    def twice() -> None:
        for _ in range(2):
            session.execute(text("INSERT INTO twin VALUES (:number)"), {"number": PASSPORT})

    session.execute(text("CREATE TABLE twin (number VARCHAR(20) PRIMARY KEY)"))
    line = logged(twice)
    assert IntegrityError.__name__ in line["exception"]
    assert PASSPORT not in json.dumps(line)
