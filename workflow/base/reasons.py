"""Sentences before they are sentences: a code with parameters, and where to go to put a thing right.

Rooms speak in codes; `web` and `mail` turn them into the reader's language through each room's `sentences.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Sentence:
    """A translatable sentence: the code of a room's `SENTENCES` and its parameters.

    Parameters may be str, int, date, datetime, or a nested `Sentence`; dates are shown as the reader's locale does.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Where:
    """A page of ours, by endpoint and values, optionally at a fragment."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    fragment: str = ""


@dataclass(frozen=True)
class Reason:
    """One thing that keeps a condition from being met, and where it is put right."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    where: Where | None = None

    @property
    def sentence(self) -> Sentence:
        """The reason as a sentence."""
        return Sentence(self.code, self.params)


ConditionCheck = Callable[[Session, Sequence[int], Mapping[str, Any]], Mapping[int, Sequence[Reason]]]
"""Asks one condition of many visits: ids → reasons why not; no reasons means met. Reads unscoped, never writes."""


@dataclass(frozen=True)
class DueItem:
    """A thing that somebody must have done by a day.

    `key` is unique within (source, visit). `due_on` is a local date of our office. `check` names the reminder check
    that says, when it fires, whether the thing is still outstanding. `owner_id` None means the visit's responsible
    officer. `basis` is law, practice or internal. `calendars` names the calendars it was computed with.
    """

    key: str
    title: Sentence
    due_on: date
    check: str
    subject: tuple[str, int]
    where: Where
    owner_id: int | None = None
    basis: str = "internal"
    calendars: tuple[str, ...] = ("RU",)
    ignore_quiet: bool = False


@dataclass(frozen=True)
class DueSubject:
    """What a reminder check is asked about: the reminder's visit, key and subject."""

    visit_id: int
    key: str
    subject: tuple[str, int]


ReminderCheck = Callable[[Session, Sequence[DueSubject], datetime], Sequence[bool]]
"""Says for each subject, in order, whether it is still outstanding."""


@dataclass(frozen=True)
class FactScope:
    """What facts are collected for: a visit, perhaps one member or another subject of it, in a language.

    `issuing_body` is the body in whose name the paper goes out; None for the first one.
    """

    visit_id: int
    language: str
    now: datetime
    subject: tuple[str, int] | None = None
    issuing_body: int | None = None


FactCollector = Callable[[Session, FactScope], dict[str, Any]]
"""Collects one section of facts as plain values (str, int, float, bool, date, list, dict)."""
