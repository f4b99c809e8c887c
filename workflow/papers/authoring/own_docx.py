"""DOCX templates that an office makes in Word: examined against the facts of a kind, and filled, in the sandbox.

docxtpl runs Jinja2 over the body, headers, footers, footnotes and properties; each of them gets the sandbox of
wordings, whose filters and operators are a short list. Runs in the child process only.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape as escape_xml

from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

from workflow.papers.authoring.checking import MAX_FAULTS, Fault, Known, read
from workflow.papers.authoring.meanings import known_to
from workflow.papers.authoring.scrubbing import repack, scrub
from workflow.papers.blocks import parse_runs, plain
from workflow.papers.editions import Kind
from workflow.papers.wording import WordingError, open_sandbox

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
MAX_TEXT = 20_000_000
_PARAGRAPH = re.compile(r"<w:p([ >])")


@dataclass(frozen=True)
class FilledDocx:
    """A template filled with facts."""

    data: bytes
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Examined:
    """A template that was sent: scrubbed, with what was taken out and every fault."""

    data: bytes
    removed: dict[str, int]
    faults: tuple[Fault, ...]


def _words(value: str) -> str:
    return escape_xml(value, {'"': "&quot;"})


def _marked(value: str) -> str:
    return "\n".join(_words(plain(parse_runs(line))) for line in value.split("\n"))


def _sources(template: Any) -> Iterator[tuple[str, str]]:
    """Every text that docxtpl runs, as it runs it."""
    template.init_docx()
    yield "body", template.get_xml()
    for place, uri in (("header", template.HEADER_URI), ("footer", template.FOOTER_URI)):
        for _key, part in template.get_headers_footers(uri):
            yield place, template.get_part_xml(part)
    for part in template.docx.part.package.parts:
        if part.content_type == FOOTNOTES:
            yield "footnotes", part.blob.decode() if isinstance(part.blob, bytes) else part.blob


def _read(place: str, xml: str, template: Any, known: Known) -> list[Fault]:
    source = _PARAGRAPH.sub(r"\n<w:p\1", template.patch_xml(xml.replace("\n", " ")))
    found = read(source, known, place)
    return [Fault(max(one.line - 1, 1), one.code, one.detail, one.meant, place) for one in found]


def examine(data: bytes, kind: Kind) -> Examined:
    """Scrub a template and hold everything that it asks for against the facts of the kind.

    Raises:
        scrubbing.TemplateError: it is no Word document, is damaged, or is too large.
    """
    clean = scrub(data)
    template, known = DocxTemplate(io.BytesIO(clean.data)), known_to(kind.sections)
    faults = [fault for place, xml in _sources(template) for fault in _read(place, xml, template, known)]
    for name in PROPERTIES:
        told = getattr(template.docx.core_properties, name) or ""
        faults += [Fault(1, one.code, one.detail, one.meant, "properties") for one in read(told, known)]
    return Examined(clean.data, clean.removed, tuple(faults[:MAX_FAULTS]))


def fill(data: bytes, facts: Mapping[str, Any], language: str, *, title: str) -> FilledDocx:
    """Fill a scrubbed template with facts of one language; a missing fact stands in it by its name and is listed.

    Raises:
        WordingError: it is not allowed, fails, or has no end.
    """
    opened = open_sandbox(facts, language, write=_words, verbatim=_marked)
    template = DocxTemplate(io.BytesIO(data))
    try:
        template.render(dict(opened.names), opened.environment)
    except (SecurityError, UndefinedError) as wrong:
        raise WordingError("forbidden", detail=str(wrong)) from wrong
    except TemplateError as wrong:
        raise WordingError("syntax", detail=wrong.message or "") from wrong
    except WordingError:
        raise
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError) as wrong:
        raise WordingError("failed", detail=type(wrong).__name__) from wrong
    told = template.docx.core_properties
    told.title, told.language, told.revision, told.last_modified_by = title[:255], language, 1, ""
    told.created = told.modified = _moment(facts)
    stream = io.BytesIO()
    template.save(stream)
    return FilledDocx(repack(stream.getvalue()), opened.missing, opened.unknown)


def _moment(facts: Mapping[str, Any]) -> datetime:
    told = (facts.get("paper") or {}).get("date")
    day = date.fromisoformat(told) if isinstance(told, str) and told else date(2000, 1, 1)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - OOXML properties hold no zone
