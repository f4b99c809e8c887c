"""What has changed since a paper's text was written or approved: fact by fact, old and new, in words.

Only facts that a wording of the paper asks for are compared. Values of private persons' data are never shown, to
nobody: a changed telephone is told, the numbers are not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, nodes
from sqlalchemy.orm import Session

from workflow.papers import editions
from workflow.papers.authoring.meanings import Shape, sections
from workflow.papers.authoring.queries import kind_now, with_active
from workflow.papers.editions import Kind
from workflow.papers.facts import collect
from workflow.papers.forms_used import form_changes
from workflow.papers.models import Paper
from workflow.papers.plain import fingerprint, localise
from workflow.papers.rules import ENDED
from workflow.papers.together import gathered_once

PERSONAL = frozenset({
    "passport", "passport_number", "number_of_passport", "birth", "birth_date", "birth_place", "born", "phone", "email",
    "mobile", "home_address", "citizenship", "sex", "series", "expires", "issued",
})  # fmt: skip
"""Last names of facts that belong to a private person; `office.phone` and the like are the office's own."""
PUBLIC_SECTIONS = frozenset({"office"})
HOMES = frozenset({"identity.one.address", "identity.members.address"})
"""Where somebody lives; other addresses are those of offices and hotels."""
ALWAYS = frozenset({"basis.letter_number", "basis.letter_date"})
"""What the system prints beside the number without being asked: «На № … от …»."""
MOST = 40
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_READER = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
"""Reads the placeholders of a wording; it never renders one."""

Value = str | int | date | None


@dataclass(frozen=True)
class Change:
    """One fact that is no longer what the paper says."""

    fact: str
    place: str
    """Which item of a list, counted from one; empty when it is in none."""
    old: Value
    new: Value
    hidden: bool = False

    def title(self, language: str) -> str:
        """What the fact means, in the reader's language; its dotted name where nobody has described it."""
        shape: Shape | None = None
        for number, step in enumerate(self.fact.split(".")):
            if number == 0:
                shape = sections().get(step)
            elif shape is not None:
                shape = (shape.item or shape).parts.get(step)
        return (shape.title.get(language) or shape.title.get("en") or self.fact) if shape else self.fact


class _Reader:
    """Follows the names of a wording to the facts that they stand for."""

    def __init__(self) -> None:
        self.names: dict[str, set[str]] = {}
        self.used: set[str] = set()

    def paths(self, node: nodes.Node | None) -> set[str]:
        """The facts that an expression may give."""
        match node:
            case nodes.Name():
                return self.names.get(node.name, {node.name})
            case nodes.Getattr():
                return {f"{path}.{node.attr}" for path in self.paths(node.node)}
            case nodes.Getitem():
                return self.paths(node.node)
            case nodes.Filter() if node.name in ("dates", "from_to"):
                return {f"{path}.{end}" for path in self.paths(node.node) for end in ("first_day", "last_day")}
            case nodes.Filter() if node.name == "pick" and node.args and isinstance(node.args[0], nodes.Const):
                return {f"{path}.{node.args[0].value}" for path in self.paths(node.node)}
            case nodes.Filter():
                return self.paths(node.node)
            case nodes.Or() | nodes.And():
                return self.paths(node.left) | self.paths(node.right)
            case nodes.CondExpr():
                return self.paths(node.expr1) | self.paths(node.expr2)
        return set()

    def read(self, node: nodes.Node) -> None:
        """Note every fact beneath a node, in the order of the wording."""
        if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
            self.names[node.target.name] = self.paths(node.iter)
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            self.names[node.target.name] = self.paths(node.node)
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter):
            self.used |= self.paths(node)
        for child in node.iter_child_nodes():
            self.read(child)


@lru_cache(maxsize=400)
def used_facts(wording: str) -> frozenset[str]:
    """The dotted names of the facts that a wording asks for, without numbers of list items."""
    reader = _Reader()
    reader.read(_READER.parse(wording))
    return frozenset(reader.used)


def _leaves(value: Any, path: str = "", place: str = "") -> Iterator[tuple[tuple[str, str], Value]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key), place)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _leaves(item, path, f"{place}.{number}" if place else str(number))
    elif isinstance(value, list):
        yield (path, place), ", ".join(str(item) for item in value) or None
    else:
        yield (path, place), value if value not in ("", None) else None


def _shown(value: Value) -> Value:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value


def _is_personal(fact: str) -> bool:
    first, *rest = fact.split(".")
    return fact in HOMES or (first not in PUBLIC_SECTIONS and any(step in PERSONAL for step in rest))


def compare(
    wordings: Sequence[str], languages: Sequence[str], old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[Change]:
    """The facts used by any of the wordings that differ between two collections.

    Each is told once, as the first of the languages sees it in which it differs.
    """
    used = ALWAYS.union(*(used_facts(wording) for wording in wordings))
    found: dict[tuple[str, str], Change] = {}
    for language in languages:
        before = dict(_leaves(localise(old, language)))
        after = dict(_leaves(localise(new, language)))
        for key in [*before, *(key for key in after if key not in before)]:
            fact, place = key
            first, second = _shown(before.get(key)), _shown(after.get(key))
            if first == second or fact not in used:
                continue
            hidden = _is_personal(fact)
            change = Change(fact, place, None if hidden else first, None if hidden else second, hidden)
            found.setdefault(key, change)
    return list(found.values())


def changes_of(session: Session, now: datetime, paper: Paper) -> list[Change]:
    """What has changed of the facts that a paper uses, since its text was written or it was approved."""
    if paper.state in ENDED or not paper.facts_hash:
        return []
    kind = kind_now(session, paper.kind)
    known = collect(session, now, paper.visit_id, kind, paper.about, paper.issuing_body_id)
    return changes_between(paper, kind, known)


def outdated(session: Session, now: datetime, papers: Sequence[Paper]) -> frozenset[int]:
    """Which of a visit's papers use facts that have changed: for its list, so what they share is gathered once."""
    live = [paper for paper in papers if paper.state not in ENDED and paper.facts_hash]
    keys = dict.fromkeys(paper.kind for paper in live)
    kinds = {kind.key: kind for kind in with_active(session, [editions.kind(key) for key in keys])}
    with gathered_once():
        return frozenset(
            paper.id for paper in live
            if changes_between(paper, kinds[paper.kind], collect(session, now, paper.visit_id, kinds[paper.kind],
                                                                 paper.about, paper.issuing_body_id))
        )  # fmt: skip


def changes_between(paper: Paper, kind: Kind, known: Mapping[str, Any]) -> list[Change]:
    """What of these facts is not as the paper has it."""
    if fingerprint(known) == paper.facts_hash:
        return []
    before = paper.told if paper.told is not None else paper.facts
    if before is None:
        return []
    languages = [text.language for text in paper.texts]
    found = compare([*kind.wordings.values(), *_placeholders(paper)], languages, before, known)
    found += [Change(nominative, "", old, new) for nominative, old, new in form_changes(paper, before, known)]
    return found[:MOST]


def _placeholders(paper: Paper) -> list[str]:
    """The paper's own texts, for placeholders that a person wrote into them; none that cannot be read."""
    return [text.text for text in paper.texts if "{{" in text.text]
