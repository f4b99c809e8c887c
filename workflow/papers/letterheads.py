"""The letterhead of a text that stands in a language without a wording: a copy to be translated, or a translation.

Such a text brings the letterhead of the language that it was written from. What an administrator entered for its own
language on the page of the issuing body takes its place.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.papers.blocks import escape

_FRAME = re.compile(r"^::: letterhead[ \t]*\n(.*?)^:::[ \t]*$", re.MULTILINE | re.DOTALL)
RULE = "---"
"""Parts the names on a letterhead from its address."""


def entered(facts: Mapping[str, Any], language: str) -> Sequence[str]:
    """The lines of the letterhead that the issuing body has in a language; none where nobody entered it."""
    found = (facts.get("office") or {}).get("letterhead")
    lines = found.get(language) if isinstance(found, Mapping) else None
    return [str(line) for line in lines or ()]


def with_letterhead(text: str, lines: Sequence[str]) -> str:
    """The text under these lines; its address stays unless the lines hold one, after a line of three dashes."""
    if not lines:
        return text

    def put(found: re.Match[str]) -> str:
        kept = [] if RULE in lines else found[1].split("\n")
        address = kept[kept.index(RULE):] if RULE in kept else []
        own = [line if line == RULE else escape(line) for line in lines]
        return "\n".join(["::: letterhead", *own, *(line for line in address if line), ":::"])

    return _FRAME.sub(put, text, count=1)
