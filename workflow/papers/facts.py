"""Facts: gathered from the rooms that own them, frozen as plain JSON, given to a wording in its own language."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_LANGUAGE = re.compile(r"^[a-z]{2}$")


def _is_by_language(value: Mapping[str, Any]) -> bool:
    """Whether a dict holds one text in several languages (`docs/facts.md`)."""
    return bool(value) and all(_LANGUAGE.match(key) for key in value) and bool({"ru", "en"} & value.keys())


def localise(value: Any, language: str) -> Any:
    """Facts as one language sees them; a text without this language is missing."""
    if isinstance(value, Mapping):
        if _is_by_language(value):
            return localise(value.get(language), language)
        return {str(key): localise(item, language) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [localise(item, language) for item in value]
    return value


def freeze(value: Any) -> Any:
    """Facts as plain JSON values: dates as ISO text, nothing that a database or a browser could change later.

    Raises:
        TypeError: a collector gave something that is no plain value.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date) and type(value) is date:
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    raise TypeError(f"a fact must be a plain value, not {type(value).__name__}")


def fingerprint(facts: Mapping[str, Any]) -> str:
    """A hash that changes when any of these facts does."""
    plain = json.dumps(freeze(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
