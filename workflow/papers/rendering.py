"""`render(edition, facts, format)`: one pure function from wording and facts to bytes.

Number, date, addresses are facts; nothing is read from a clock, a database or the network. The same input gives the
same bytes. `workflow.papers.engine.render` is the same function in a child process with limits.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow.papers import pdf, plan, preview, word
from workflow.papers.blocks import MarkupError, parse
from workflow.papers.editions import Edition
from workflow.papers.facts import freeze, localise
from workflow.papers.glyphs import unprintable
from workflow.papers.wording import Filled, WordingError, fill

Format = Literal["pdf", "docx", "html"]

MIMES: dict[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
}


class RenderError(ValueError):
    """A paper that cannot be made, for a person to read: code, line, detail."""

    def __init__(self, code: str, *, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} (line {line}): {detail}")
        self.code, self.line, self.detail = code, line, detail

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.code, self.line, self.detail)


def _again(code: str, line: int, detail: str) -> RenderError:
    return RenderError(code, line=line, detail=detail)


@dataclass(frozen=True)
class Rendered:
    """A paper in one format."""

    data: bytes
    mime: str
    sha256: str
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def _clean(value: Any) -> Any:
    """Facts in composed letters, without control and joining signs that no font prints."""
    if isinstance(value, str):
        return "".join(
            " " if sign == "\t" else sign
            for sign in unicodedata.normalize("NFC", value)
            if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
        )
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def prepare(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Facts as plain values of one language."""
    prepared = _clean(localise(freeze(facts), language))
    assert isinstance(prepared, dict)  # noqa: S101 - a dict goes in
    return prepared


def draft(edition: Edition, facts: Mapping[str, Any]) -> Filled:
    """The wording filled with what is known: the text that a coordinator edits; gaps keep their placeholders.

    Raises:
        RenderError: the wording is faulty.
    """
    try:
        return fill(edition.wording, prepare(facts, edition.language), edition.language, keep=True)
    except WordingError as wrong:
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong


def render(edition: Edition, facts: Mapping[str, Any], format: Format) -> Rendered:  # noqa: A002 - the house's word for it
    """Make the paper.

    A missing fact stands in the paper by its name and is listed in `missing`; whoever approves refuses then.

    Raises:
        RenderError: the wording or its markup is faulty, or the fonts lack a character.
    """
    told = prepare(facts, edition.language)
    try:
        filled = fill(edition.wording, told, edition.language, keep=False)
        blocks = parse(_clean(filled.text))
    except (WordingError, MarkupError) as wrong:
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong
    laid = plan.build(blocks, told, edition)
    if gaps := unprintable(plan.words(laid)):
        raise RenderError("glyph", detail=gaps[:20])
    arms = edition.images.get("arms")
    if format == "pdf":
        data = pdf.to_pdf(laid, arms)
    elif format == "docx":
        data = word.to_docx(laid, arms)
    else:
        data = preview.to_html(laid).encode()
    return Rendered(data, MIMES[format], hashlib.sha256(data).hexdigest(), filled.missing, filled.unknown)
