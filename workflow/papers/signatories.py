"""Who signs a text that stands in a language without a wording: a copy to be translated, or a translation.

Such a text brings the signatory's name and post in the language that it was written from. Here they become facts
again, so that what an administrator entered for the text's own language stands under it, and its lack is told before
approval. What a translator wrote stays where nothing was entered.
"""

import re
from collections.abc import Mapping
from typing import Any

_FRAME = re.compile(r"(?<=^::: signature\n)(.*?)(?=^:::[ \t]*$)", re.MULTILINE | re.DOTALL)
_PARTS = ("post", "short")


def with_signatory(text: str, base: str, facts: Mapping[str, Any], source: str, language: str) -> str:
    """The text signed by its body's signatory in its own language.

    *base* is the text in the language *source* that it was copied or translated from: where the signatory stands in
    that one, here stand the facts, unless the place holds a translation and nothing is entered for *language*.
    """
    signatory = (facts.get("office") or {}).get("signatory") or {}
    old, new = _lines(base), _lines(text)
    if len(old) != len(new):
        return text
    put = iter([
        _signed(line, before, signatory, source, language) for line, before in zip(new, old, strict=True)
    ])
    return _FRAME.sub(lambda found: "".join(f"{next(put)}\n" for _ in found[1].splitlines()), text)


def _lines(text: str) -> list[str]:
    return [line for frame in _FRAME.findall(text) for line in frame.splitlines()]


def _signed(line: str, before: str, signatory: Mapping[str, Any], source: str, language: str) -> str:
    here, there = line.split("|"), before.split("|")
    if len(here) != len(there) or len(there) != len(_PARTS):
        return line
    told = [part.strip() for part in here]
    for at, name in enumerate(_PARTS):
        fact = f"{{{{ office.signatory.{name} }}}}"
        stood = _plain(there[at])
        if stood not in (_plain(_by_language(signatory, name, source)), fact) or not stood:
            continue
        if _plain(told[at]) == stood or _by_language(signatory, name, language):
            told[at] = fact
    return " | ".join(told)


def _by_language(signatory: Mapping[str, Any], name: str, language: str) -> str:
    found = signatory.get(name)
    return str(found.get(language) or "") if isinstance(found, Mapping) else ""


def _plain(text: str) -> str:
    """Words as they are compared: without marks of light Markdown and without regard to the kind of space."""
    return " ".join(text.replace("\\", "").split())
