"""Facts as plain values: frozen as JSON, seen in one language, composed and without signs that no font prints."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_CYRILLIC = frozenset({"ru", "bg", "sr", "mk", "uk", "be", "kk", "ky", "tg", "mn", "tt", "ba"})
_CYRILLIC_WORD = re.compile(r"[\u0400-\u04ff]{3}")
_LANGUAGE = re.compile(r"^[a-z]{2}$")
_OURS = frozenset({"ru", "en"})
_PLAIN = frozenset({str, int, bool, type(None)})


def _is_by_language(value: Mapping[str, Any]) -> bool:
    """Whether a dict holds one text in several languages (`docs/facts.md`)."""
    return not _OURS.isdisjoint(value) and all(_LANGUAGE.match(key) for key in value)


AS_WRITTEN = frozenset({"number", "letter_number", "our_number", "serial", "file", "budget_line"})
"""Marks of a thing rather than words: «исх-45/27» stands in a letter of any language as it does in the register."""


def _own(value: Any) -> Any:
    """The text that was entered for this very language."""
    return list(value) if isinstance(value, list | tuple) and value else value or None


def localise(value: Any, language: str) -> Any:
    """Facts as one language sees them; a text without this language is missing.

    So is a text in Cyrillic that was entered for all languages alike, where the language is written otherwise: a
    Russian purpose must not stand in an English letter.
    """
    if isinstance(value, Mapping):
        if _is_by_language(value):
            return _own(value.get(language))
        return {
            str(key): item if key in AS_WRITTEN and isinstance(item, str) else localise(item, language)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [localise(item, language) for item in value]
    if isinstance(value, str) and language not in _CYRILLIC and _CYRILLIC_WORD.search(value):
        return None
    return value


class Elsewhere:
    """Stands for a text that is known in the other language of our pages and lacks in this one."""

    def __bool__(self) -> bool:
        return False


ELSEWHERE = Elsewhere()
TWINS = (
    "visit.payer", "visit.basis", "basis.text", "protocol.photo_credit", "identity.one.birth_place",
    *(f"outcomes.report.{name}" for name in ("proposals", "not_done", "contacts", "materials", "media", "evaluation",
                                            "enclosures")),
)  # fmt: skip
"""Facts that wordings say only where they are known, each with a field for Russian and one for English: entered in one
of them only, it is told as missing in the other. Left out in silence it would let two editions say different things."""
SINGLE = (
    *(f"assignment.{name}" for name in ("version", "references", "layout", "confidentiality", "instructions")),
    *(f"working.days[].items[].{name}" for name in ("internal_note", "menu", "press", "security", "equipment", "plan_b",
                                                    "interpreter")),
    *(f"transport.{leg}[].{name}" for leg in ("arrivals", "departures", "rides") for name in ("car", "driver",
                                                                                              "luggage")),
    "outcomes.items[].owner", "outcomes.report.sent_to", "history.promises[].owner", "delegation.members[].seat",
    "partner.head.pronounced", "checks.rows[].remark",
    *(f"receptions.rows[].{name}" for name in ("place", "basis", "purpose", "content", "participants", "sent_to")),
)  # fmt: skip
"""The same of what our own people read: no approval waits for it, but a paper must not claim that there is none («без
ограничений») where it is only typed in the other language; it names the other edition."""
_TOLD_APART = tuple(tuple(dotted.split(".")) for dotted in (*TWINS, *SINGLE))


def _tell_twins(facts: Mapping[str, Any], told: dict[str, Any], language: str) -> None:
    for steps in _TOLD_APART if language in ("ru", "en") else ():
        if steps[0] in facts:
            _tell_apart(facts, told, steps)


def _tell_apart(known: Any, shown: Any, steps: Sequence[str]) -> None:
    """Mark what is known among the facts and cannot be shown in this language."""
    if not isinstance(known, Mapping) or not isinstance(shown, dict):
        return
    name = steps[0].removesuffix("[]")
    text = known.get(name)
    if steps[0].endswith("[]"):
        for one, other in zip(text or (), shown.get(name) or (), strict=True):
            _tell_apart(one, other, steps[1:])
    elif len(steps) > 1:
        _tell_apart(text, shown.get(name), steps[1:])
    elif (any(text.values()) if isinstance(text, Mapping) else text) and not shown.get(name):
        shown[name] = ELSEWHERE


def clean(value: Any) -> Any:
    """Facts in composed letters, without control and joining signs that no font prints."""
    if isinstance(value, str):
        composed = unicodedata.normalize("NFC", value)
        if composed.replace("\n", "").replace("\u00a0", "").isprintable():
            return composed
        return "".join(
            " " if sign == "\t" else sign
            for sign in composed
            if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
        )
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def prepare(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Facts as plain values of one language."""
    told = {name: clean(localise(freeze(section), language)) for name, section in facts.items()}
    _tell_twins(facts, told, language)
    return told


def freeze(value: Any) -> Any:
    """Facts as plain JSON values: dates as ISO text, nothing that a database or a browser could change later.

    Raises:
        TypeError: a collector gave something that is no plain value.
    """
    if type(value) in _PLAIN or isinstance(value, int | str):
        return value
    if isinstance(value, date) and type(value) is date:
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): freeze(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [freeze(item) for item in value]
    raise TypeError(f"a fact must be a plain value, not {type(value).__name__}")


def forms_key(text: str) -> str:
    """Under which key the confirmed case forms of a text stand: without regard to capitals and spaces."""
    return " ".join(text.split()).casefold()[:300]


def _without_confirmations(value: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without the case forms that a person merely confirmed as proposed: they change no word of a paper."""
    kept = dict(value)
    if isinstance(forms := kept.get("forms"), Mapping) and "confirmed" in forms:
        kept["forms"] = {name: item for name, item in forms.items() if name != "confirmed"}
        if not kept["forms"].get("corrected"):
            del kept["forms"]
    if isinstance(inner := kept.get("facts"), Mapping):
        kept["facts"] = _without_confirmations(inner)
    return kept


def fingerprint(facts: Mapping[str, Any]) -> str:
    """A hash that changes when any of these facts does."""
    plain = json.dumps(freeze(_without_confirmations(facts)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
