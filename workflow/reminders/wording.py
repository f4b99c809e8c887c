"""Sentences as rows keep them: codes with parameters turned into JSON and back, dates and nested sentences too."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from workflow.base.reasons import Sentence

_DATE, _MOMENT, _SENTENCE = "$date", "$moment", "$sentence"


def to_json(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a sentence's parameters into plain JSON."""
    return {name: _plain(value) for name, value in params.items()}


def from_json(params: Mapping[str, Any]) -> dict[str, Any]:
    """Give back the parameters that `to_json` was given."""
    return {name: _value(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    if isinstance(value, Sentence):
        return {_SENTENCE: value.code, "params": to_json(value.params)}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        if _DATE in value:
            return date.fromisoformat(value[_DATE])
        if _MOMENT in value:
            return datetime.fromisoformat(value[_MOMENT])
        if _SENTENCE in value:
            return Sentence(value[_SENTENCE], from_json(value["params"]))
        return dict(value)
    return [_value(one) for one in value] if isinstance(value, list) else value
