"""`render(edition, facts, format)`: one pure function from wording and facts to bytes.

Number, date, addresses are facts; nothing is read from a clock, a database or the network. The same input gives the
same bytes. `workflow.papers.engine` is the same function in a child process with limits.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow.papers import pdf, preview, word
from workflow.papers.authoring import own_docx
from workflow.papers.composing import RenderError, compose
from workflow.papers.editions import PHOTO, Edition
from workflow.papers.plain import prepare
from workflow.papers.wording import WordingError

Format = Literal["pdf", "docx", "html"]

MIMES: dict[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
}


@dataclass(frozen=True)
class Rendered:
    """A paper in one format."""

    data: bytes
    mime: str
    sha256: str
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def _own(edition: Edition, facts: Mapping[str, Any]) -> Rendered | None:
    """The paper's DOCX over the office's own template.

    None for a paper that goes out and for which the template lacks a fact or fails: what was approved is the wording,
    so the paper is then laid out from it.
    """
    told = prepare(facts, edition.language)
    final = (told.get("paper") or {}).get("status") == "final"
    try:
        made = own_docx.fill(edition.template, told, edition.language, title=edition.title)
    except WordingError as wrong:
        if final:
            return None
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong
    if final and (made.missing or made.unknown):
        return None
    return Rendered(made.data, MIMES["docx"], hashlib.sha256(made.data).hexdigest(), made.missing, made.unknown)


def pictures(edition: Edition) -> dict[str, bytes]:
    """The photos of an edition, by the argument of the badge that they belong to."""
    return {name.removeprefix(PHOTO): data for name, data in edition.images.items() if name.startswith(PHOTO)}


def render(edition: Edition, facts: Mapping[str, Any], format: Format) -> Rendered:  # noqa: A002 - the house's word
    """Make the paper.

    A missing fact stands in the paper by its name and is listed in `missing`; whoever approves refuses then.

    Raises:
        RenderError: the wording or its markup is faulty, or the fonts lack a character.
    """
    if format == "docx" and edition.template and (own := _own(edition, facts)) is not None:
        return own
    made = compose(edition, facts)
    arms = edition.images.get("arms")
    if format == "pdf":
        data = pdf.to_pdf(made.plan, arms, pictures(edition))
    elif format == "docx":
        data = word.to_docx(made.plan, arms)
    else:
        data = preview.to_html(made.plan).encode()
    return Rendered(data, MIMES[format], hashlib.sha256(data).hexdigest(), made.missing, made.unknown)
