"""A wording and facts → a plan of what is printed: everything but the drawing, in pure Python and small steps.

A paper's own text, which a person edits, may hold plain placeholders only (`check_text`): filling it takes time in
proportion to its length, so a page or a service may do it. Wordings with loops run in `workflow.papers.child`, or
here when they are ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.papers import plan
from workflow.papers.blocks import MarkupError, parse
from workflow.papers.declining import FormUsed
from workflow.papers.editions import Edition
from workflow.papers.glyphs import unprintable
from workflow.papers.plain import clean, prepare
from workflow.papers.wording import Filled, WordingError, check, fill


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
class Composed:
    """What is printed, and what it lacks."""

    plan: plan.Plan
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    forms: tuple[FormUsed, ...] = ()


def check_text(text: str) -> None:
    """Refuse a paper's text that could not be filled or laid out.

    Raises:
        RenderError: with the line and what is wrong there.
    """
    try:
        check(text, only_placeholders=True)
        parse(text)
    except (WordingError, MarkupError) as wrong:
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong


def draft(edition: Edition, facts: Mapping[str, Any]) -> Filled:
    """The wording filled with what is known: the text that a coordinator edits; gaps keep their placeholders.

    Raises:
        RenderError: the wording is faulty.
    """
    try:
        return fill(edition.wording, prepare(facts, edition.language), edition.language, keep=True)
    except WordingError as wrong:
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong


def _whence(signs: str, wording: str, told: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Say where signs that cannot be printed come from: the line of the wording, or the facts that hold them.

    The line of a fact is the first one that names its section.
    """
    wanted = set(signs)
    lines = wording.split("\n")
    for number, line in enumerate(lines, 1):
        if wanted & set(line):
            return number, []
    holders = [name for name, text in _leaves("", told) if wanted & set(text)]
    sections = {name.split(".")[0] for name in holders}
    named = (number for number, line in enumerate(lines, 1) if any(f"{each}." in line for each in sections))
    return next(named, 0), list(dict.fromkeys(holders))[:3]


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text among facts with its dotted name, without the places in lists."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(name, each)
    elif isinstance(value, str):
        yield name, value


def compose(edition: Edition, facts: Mapping[str, Any]) -> Composed:
    """Fill the wording and arrange what is printed.

    A missing fact stands in the paper by its name and is listed; whoever approves refuses then.

    Raises:
        RenderError: the wording or its markup is faulty, or the fonts lack a character.
    """
    told = prepare(facts, edition.language)
    try:
        filled = fill(edition.wording, told, edition.language, keep=False)
        blocks = parse(clean(filled.text))
    except (WordingError, MarkupError) as wrong:
        raise RenderError(wrong.code, line=wrong.line, detail=wrong.detail) from wrong
    made = plan.build(blocks, told, edition)
    if gaps := unprintable(plan.words(made))[:20]:
        line, holders = _whence(gaps, edition.wording, told)
        raise RenderError("glyph", line=line, detail=" ".join(gaps) + (f" ({', '.join(holders)})" if holders else ""))
    return Composed(made, filled.missing, filled.unknown, filled.forms)
