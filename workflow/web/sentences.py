"""Turns codes into sentences in the reader's language, and places into addresses."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from workflow.base.errors import DomainError, Problem
from workflow.base.reasons import Reason, Sentence, Where
from workflow.base.registry import Registry
from workflow.web.formats import day, is_russian, moment

SENTENCE_TABLE: Registry[str] = Registry("sentence")
"""Code → English msgid, from every room's `sentences.py`; filled in `app.py`."""


def say(thing: Sentence | Reason | Problem | DomainError | str) -> str:
    """Word a sentence, reason, problem or error in the language of this request.

    Raises:
        LookupError: the code has no sentence; a test sees to it that every code raised has one.
    """
    if isinstance(thing, str):
        return thing
    shown = {name: _shown(value) for name, value in dict(thing.params).items()}
    return str(gettext(SENTENCE_TABLE.get(thing.code))).format_map(_Forgiving(shown))


def _shown(value: Any) -> Any:
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Mapping) and {"ru", "en"} <= set(value):
        return pick(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(_shown(item)) for item in value)
    return value


def pick(pair: Mapping[str, Any]) -> Any:
    """Take the side of a {"ru": …, "en": …} pair that this request's language wants, else the other."""
    first, second = ("ru", "en") if is_russian() else ("en", "ru")
    return pair.get(first) or pair.get(second) or ""


def event_words(kind: str) -> str:
    """Name an event in the language of this request; a kind without words is shown as it is."""
    return str(gettext(SENTENCE_TABLE.get(kind))) if kind in SENTENCE_TABLE else kind.replace(".", " ")


class _Forgiving(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def address_of(where: Where | None) -> str:
    """Give the address of a place, or "" where there is none."""
    if where is None:
        return ""
    return url_for(where.endpoint, **dict(where.values)) + (f"#{where.fragment}" if where.fragment else "")
