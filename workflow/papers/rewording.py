"""The words that came back from Word, put into the wording of their paper.

Blocks that nobody touched keep the wording's own lines, placeholders and all; what was changed is written anew in light
Markdown, and a placeholder whose gap is still in it («‹visit.purpose›») becomes that placeholder again.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from workflow.knowledge.comparing import steps
from workflow.papers import phrases
from workflow.papers.blocks import Block, Frame, Heading, Items, PageBreak, Paragraph, Run, Runs, Table, escape, located
from workflow.papers.plain import clean, prepare
from workflow.papers.wording import fill

_PLACEHOLDER = re.compile(r"\{\{-?\s*([a-z_]+(?:\.\w+)*)[^{}]*\}\}")
_GAP = re.compile(r"‹([a-z_]+(?:\.\w+)*)›")
_RULES = {"left": "{0}", "center": ":{0}:", "right": "{0}:"}
Key = tuple[Any, ...]


def reworded(text: str, found: Sequence[Block], facts: Mapping[str, Any], language: str) -> str:
    """The paper's text with the words of a document that was made of it and edited."""
    lines = text.split("\n")
    told = prepare(facts, language)
    ours = [
        (_keys(_filled("\n".join(lines[first:last]), told, language), language), block, "\n".join(lines[first:last]))
        for block, first, last in located(text)
    ]
    found = _in_order([block for _, block, _ in ours], found)
    theirs = [_key(block, language) for block in found]
    again = {match[1]: match[0] for match in _PLACEHOLDER.finditer(text)}
    parts: list[str] = []
    for tag, start, end, first, last in steps([keys for keys, _, _ in ours], [(key,) for key in theirs]):
        if tag == "equal":
            parts += [source for _, _, source in ours[start:end]]
        else:
            old = [block for _, block, _ in ours[start:end]]
            for number, block in enumerate(found[first:last]):
                like = old[number] if number < len(old) else None
                parts.append(_GAP.sub(lambda gap: again.get(gap[1], gap[0]), write(block, like)))
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _filled(source: str, told: Mapping[str, Any], language: str) -> tuple[Block, ...]:
    text = fill(source, told, language, keep=False).text
    return tuple(block for block, _, _ in located(clean(text)))


def _in_order(ours: Sequence[Block], found: Sequence[Block]) -> list[Block]:
    """A document has its executor at the foot, wherever the wording has it: put it back there."""
    placed = list(found)
    at = next((n for n, block in enumerate(ours) if isinstance(block, Frame) and block.name == "executor"), None)
    theirs = next((n for n, block in enumerate(placed) if isinstance(block, Frame) and block.name == "executor"), None)
    if at is not None and theirs is not None and at != len(ours) - 1:
        block = placed.pop(theirs)
        placed.insert(min(at, len(placed)), block)
    return placed


def _plain(runs: Runs, language: str) -> Key:
    styled = [
        (phrases.typography(run.text, language).replace("\u00a0", " "), run.bold, run.italic)
        for run in runs
        if run.text
    ]
    joined: list[tuple[str, bool, bool]] = []
    for text, bold, italic in styled:
        if joined and joined[-1][1:] == (bold, italic):
            joined[-1] = (joined[-1][0] + text, bold, italic)
        else:
            joined.append((text, bold, italic))
    words: list[tuple[str, bool, bool]] = [
        (re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r"[ \t]+", " ", text)), bold, italic) for text, bold, italic in joined
    ]
    if words:
        words[0] = (words[0][0].lstrip(), *words[0][1:])
        words[-1] = (words[-1][0].rstrip(), *words[-1][1:])
    return tuple(each for each in words if each[0])


def _bare(runs: Runs, language: str) -> Key:
    return _plain(tuple(Run(run.text) for run in runs), language)


def _keys(blocks: Sequence[Block], language: str) -> tuple[Key, ...]:
    return tuple(_key(block, language) for block in blocks)


def _key(block: Block, language: str) -> Key:
    match block:
        case Heading():
            return ("heading", block.level, _bare(block.runs, language))
        case Paragraph():
            return ("paragraph", _plain(block.runs, language))
        case Items():
            return ("items", block.ordered, tuple((item.label, _plain(item.runs, language)) for item in block.items))
        case Table():
            rows = tuple(tuple(_plain(_flat(cell), language) for cell in row) for row in block.rows)
            return ("table", tuple(_bare(_flat(cell), language) for cell in block.head), rows)
        case Frame(name="reference"):
            return ("reference", block.argument, tuple(_bare(line, language) for line in block.lines))
        case Frame():
            bare = block.name in ("letterhead", "title", "signature")
            lines = [_bare(line, language) if bare else _plain(line, language) for line in block.lines]
            if block.name == "letterhead" and lines and lines[-1] == (("---", False, False),):
                lines.pop()
            return (block.name, block.argument, tuple(lines))
        case PageBreak():
            return ("pagebreak",)


def _flat(runs: Runs) -> Runs:
    return tuple(Run(run.text.replace("\n", " "), run.bold, run.italic) for run in runs)


def write(block: Block, like: Block | None = None) -> str:
    """A block in light Markdown; a table takes the widths of the one that it replaces."""
    match block:
        case Heading():
            return "#" * block.level + " " + _inline(block.runs)
        case Paragraph():
            return _inline(block.runs)
        case Items():
            return "\n".join(f"{item.label if block.ordered else '-'} {_inline(item.runs)}" for item in block.items)
        case Table():
            return _table(block, like)
        case Frame():
            lines = [_inline(line) for line in block.lines]
            if block.name == "signature":
                lines = [f"{lines[at]} | {lines[at + 1]}".strip() for at in range(0, len(lines), 2)]
            name = f"::: {block.name} {block.argument}".rstrip()
            return "\n".join([name, *(line.removeprefix("\\") if line == "\\---" else line for line in lines), ":::"])
        case PageBreak():
            return "::: pagebreak"


def _table(block: Table, like: Block | None) -> str:
    kept = like if isinstance(like, Table) and len(like.head) == len(block.head) else block
    rules = [_RULES[align].format("-" * max(1, width)) for width, align in zip(kept.widths, kept.aligns, strict=True)]
    rows = [[_inline(_flat(cell)) for cell in row] for row in (block.head, *block.rows)]
    shown = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([shown[0], f"|{'|'.join(rules)}|", *shown[1:]])


def _inline(runs: Runs) -> str:
    written, bold, italic = "", False, False
    for run in (*runs, Run("")):
        written += ("**" if run.bold != bold else "") + ("*" if run.italic != italic else "")
        bold, italic = run.bold, run.italic
        pieces = [escape(piece) for piece in run.text.split("\n")]
        written += "\\\n".join(pieces)
    return written


Mark = Literal["same", "gone", "new"]


def difference(old: str, new: str) -> list[tuple[Mark, str]]:
    """Two texts line by line: what stays, what goes, what comes; long stretches that stay are cut to three lines."""
    before, after = old.rstrip("\n").split("\n"), new.rstrip("\n").split("\n")
    rows: list[tuple[Mark, str]] = []
    for tag, start, end, first, last in steps(before, after):
        if tag == "equal":
            rows += [("same", line) for line in before[start:end]]
        else:
            rows += [("gone", line) for line in before[start:end] if line.strip()]
            rows += [("new", line) for line in after[first:last] if line.strip()]
    shortened: list[tuple[Mark, str]] = []
    for mark, group in groupby(rows, key=lambda row: row[0]):
        stretch = list(group)
        if mark == "same" and len(stretch) > 7:
            stretch = [*stretch[:3], ("same", "…"), *stretch[-3:]]
        shortened += stretch
    return shortened
