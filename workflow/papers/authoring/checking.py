"""Every fault of a wording at once, with its line: names that are no facts, filters, blocks, parts of a paper.

The wording is parsed, never run. What a wording asks for is held against the facts of its kind (`meanings`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.exceptions import TemplateSyntaxError

from workflow.papers.authoring.meanings import Shape, known_to, names_in, sections
from workflow.papers.blocks import FRAMES, LEAVES, MarkupError, parse
from workflow.papers.editions import Kind
from workflow.papers.wording import MAX_SOURCE, is_allowed, open_sandbox

LOOP = Shape("loop", parts={name: Shape(f"loop.{name}") for name in ("index", "index0", "first", "last", "length")})
WORDS_OF_JINJA = {
    "call": "()", "mul": "*", "div": "/", "floordiv": "//", "mod": "%", "pow": "**", "neg": "-", "pos": "+",
    "include": "include", "import": "import", "fromimport": "import", "extends": "extends", "macro": "macro",
    "callblock": "call", "filterblock": "filter", "block": "block", "with": "with", "list": "[ ]", "dict": "{ }",
    "slice": "[:]", "assignblock": "set", "scope": "with", "autoescape": "autoescape", "do": "do",
}  # fmt: skip
"""Parts of Jinja2 that wordings may not use, as an author wrote them."""
MAX_FAULTS = 30
PART, PARTS = "frame-unknown", sorted(FRAMES | LEAVES)

Known = Mapping[str, Shape | None]


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: the line, a code (`papers.wording-<code>`), what stands there, what may be meant."""

    line: int
    code: str
    detail: str = ""
    meant: str = ""
    place: str = ""
    """Of a DOCX template: body, header, footer, footnotes."""


def _near(name: str, names: Sequence[str]) -> str:
    found = get_close_matches(name, names, 1, 0.6)
    return found[0] if found else ""


def _ending_near(name: str, names: Sequence[str]) -> str:
    """The fact that a last word means, whatever stands before it: `guest.passprt` is `identity.one.passport`."""
    begun: dict[str, str] = {}
    for each in names:
        steps = each.split(".")
        for at, step in enumerate(steps[1:], 2):
            begun.setdefault(step, ".".join(steps[:at]))
    found = get_close_matches(name.rpartition(".")[2], begun, 1, 0.8)
    return begun[found[0]] if found else ""


@dataclass
class _Reading:
    """Goes through a parsed wording and notes what is no fact."""

    known: Known
    filters: Sequence[str]
    tests: Sequence[str]
    place: str = ""
    faults: list[Fault] = field(default_factory=list)

    def note(self, line: int, code: str, detail: str = "", meant: str = "") -> None:
        fault = Fault(line, code, detail, meant, self.place)
        if fault not in self.faults:
            self.faults.append(fault)

    def body(self, statements: Sequence[nodes.Node], scope: dict[str, Shape | None]) -> None:
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node: nodes.Node, scope: dict[str, Shape | None]) -> None:
        match node:
            case nodes.Output(nodes=parts):
                for part in parts:
                    if not isinstance(part, nodes.TemplateData):
                        self.printed(part, scope)
            case nodes.If(test=test, body=body, elif_=others, else_=last):
                self.value(test, scope)
                self.body(body, scope)
                self.body(others, scope)
                self.body(last, scope)
            case nodes.For():
                self.loop(node, scope)
            case nodes.Assign(target=nodes.Name(name=name), node=inner):
                scope[name] = self.value(inner, scope)
            case _ if not is_allowed(node):
                self.forbidden(node)
            case _:
                self.rest(node, scope)

    def loop(self, node: nodes.For, scope: dict[str, Shape | None]) -> None:
        through = self.value(node.iter, scope)
        inner: dict[str, Shape | None] = {**scope, "loop": LOOP}
        item: Shape | None = None
        if through is not None:
            if through.item is not None:
                item = through.item
            elif through.form == "lines":
                item = Shape(through.path)
            else:
                self.note(node.lineno, "not-a-list", through.path)
        for name in node.target.find_all(nodes.Name) if not isinstance(node.target, nodes.Name) else [node.target]:
            inner[name.name] = item
        if node.recursive:
            self.note(node.lineno, "forbidden", "recursive")
        if node.test is not None:
            self.value(node.test, inner)
        self.body(node.body, inner)
        self.body(node.else_, scope)

    def forbidden(self, node: nodes.Node) -> None:
        name = type(node).__name__.lower()
        self.note(node.lineno, "forbidden", WORDS_OF_JINJA.get(name, name))

    def printed(self, node: nodes.Expr, scope: dict[str, Shape | None]) -> None:
        shape = self.value(node, scope)
        if shape is not None and (shape.is_group or shape.item is not None or shape.form == "lines"):
            first = next(iter((shape.item or shape).parts), "")
            inner = f"{(shape.item or shape).path}.{first}" if first else ""
            self.note(node.lineno, "printed-list" if shape.is_list else "printed-group", shape.path, inner)

    def value(self, node: nodes.Node, scope: dict[str, Shape | None]) -> Shape | None:
        """What an expression stands for; None when it is no fact of a known shape."""
        match node:
            case nodes.Name(name=name):
                return self.name(node, name, scope)
            case nodes.Getattr(node=inner, attr=name):
                if stranger := self.stranger(node, scope):
                    facts = self.everywhere()
                    meant = _near(stranger, facts) or _ending_near(stranger, facts)
                    self.note(node.lineno, "fact-unknown", stranger, meant)
                    return None
                return self.part(node.lineno, self.value(inner, scope), name)
            case nodes.Getitem(node=inner, arg=argument):
                return self.item(node.lineno, self.value(inner, scope), argument, scope)
            case nodes.Filter():
                return self.filtered(node, scope)
            case nodes.Test(node=inner, name=name, args=args):
                if name not in self.tests:
                    self.note(node.lineno, "test-unknown", name, _near(name, self.tests))
                for one in (inner, *args):
                    self.value(one, scope)
                return None
            case _ if not is_allowed(node):
                self.forbidden(node)
                return None
        self.rest(node, scope)
        return None

    def rest(self, node: nodes.Node, scope: dict[str, Shape | None]) -> None:
        for child in node.iter_child_nodes():
            self.value(child, scope)

    def name(self, node: nodes.Node, name: str, scope: dict[str, Shape | None]) -> Shape | None:
        if name in scope:
            return scope[name]
        if name in self.known:
            return self.known[name]
        if name in sections():
            self.note(node.lineno, "section-elsewhere", name)
        else:
            self.note(node.lineno, "fact-unknown", name, _near(name, [*self.known, *scope]))
        return None

    def stranger(self, node: nodes.Expr, scope: Mapping[str, Shape | None]) -> str:
        """The whole dotted name, when not even its first word is known."""
        steps: list[str] = []
        while isinstance(node, nodes.Getattr):
            steps.append(node.attr)
            node = node.node
        if not isinstance(node, nodes.Name) or node.name in scope or node.name in self.known or node.name in sections():
            return ""
        return ".".join([node.name, *reversed(steps)])

    def everywhere(self) -> list[str]:
        return [each for root in self.known.values() if root is not None for each in names_in(root)]

    def part(self, line: int, shape: Shape | None, name: str) -> Shape | None:
        if name.startswith("_"):
            self.note(line, "forbidden", f".{name}")
            return None
        if shape is None:
            return None
        if name in shape.parts:
            return shape.parts[name]
        path = f"{shape.path}.{name}"
        if shape.is_list:
            self.note(line, "list-not-gone-through", shape.path)
            return None
        own = [part.path for part in shape.parts.values()]
        self.note(line, "fact-unknown", path, _near(path, own) or _near(path, self.everywhere()))
        return None

    def item(
        self, line: int, shape: Shape | None, argument: nodes.Expr, scope: dict[str, Shape | None]
    ) -> Shape | None:
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
            return self.part(line, shape, argument.value)
        self.value(argument, scope)
        return shape.item if shape is not None else None

    def filtered(self, node: nodes.Filter, scope: dict[str, Shape | None]) -> Shape | None:
        shape = self.value(node.node, scope) if node.node is not None else None
        for argument in (*node.args, *(pair.value for pair in node.kwargs)):
            self.value(argument, scope)
        if node.name not in self.filters:
            self.note(node.lineno, "filter-unknown", node.name, _near(node.name, self.filters))
            return None
        if node.name == "pick" and shape is not None and shape.item is not None and node.args:
            wanted = node.args[0]
            if isinstance(wanted, nodes.Const) and isinstance(wanted.value, str):
                self.part(node.lineno, shape.item, wanted.value)
        return shape if node.name in ("default", "elsewhere") and shape is not None and not shape.is_group else None


def environment() -> Environment:
    """The sandbox of wordings, empty: for parsing only."""
    return open_sandbox({}, "en", write=str, verbatim=str).environment


def read(source: str, known: Known, place: str = "") -> list[Fault]:
    """The faults of what stands in braces."""
    made = environment()
    try:
        tree = made.parse(source)
    except TemplateSyntaxError as wrong:
        return [_syntax(wrong, made, source, place), *_pieces(source, known, place)]
    except RecursionError:
        return [Fault(0, "too-deep", place=place)]
    reading = _Reading(known, sorted(made.filters), sorted(made.tests), place)
    try:
        reading.body(tree.body, {})
    except RecursionError:
        return [Fault(0, "too-deep", place=place)]
    return reading.faults


_PLACEHOLDER = re.compile(r"{{(?:(?!{{|}}|{%|%}).)*}}", re.DOTALL)
_NAMED = re.compile(r"{%-?\s*(?:for|set)\s+(\w+)(?:\s*,\s*(\w+))?")


def _pieces(source: str, known: Known, place: str) -> list[Fault]:
    """The faults of each placeholder by itself, where the whole cannot be parsed."""
    own = {name: None for found in _NAMED.finditer(source) for name in found.groups() if name}
    made, faults = environment(), list[Fault]()
    for found in _PLACEHOLDER.finditer(source):
        try:
            tree = made.parse(found[0])
        except (TemplateSyntaxError, RecursionError):
            continue
        reading = _Reading({**known, **own, "loop": LOOP}, sorted(made.filters), sorted(made.tests), place)
        reading.body(tree.body, {})
        above = source.count("\n", 0, found.start())
        faults += [Fault(one.line + above, one.code, one.detail, one.meant, place) for one in reading.faults]
    return faults


_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_UNCLOSED = re.compile(r"innermost block that needs to be closed is '(\w+)'")
TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set")


def _begun(made: Environment, source: str, block: str, line: int) -> int:
    """The line on which the innermost open block of that name was begun."""
    begun: list[tuple[str, int]] = []
    awaited = False
    for number, kind, value in made.lex(source):
        if awaited and kind == "name":
            awaited = False
            if value in ("if", "for"):
                begun.append((value, number))
            elif value in ("endif", "endfor") and begun:
                begun.pop()
        awaited = kind == "block_begin" or (awaited and kind == "whitespace")
    return next((number for name, number in reversed(begun) if name == block), line)


def _syntax(wrong: TemplateSyntaxError, made: Environment, source: str, place: str) -> Fault:
    told = wrong.message or ""
    unclosed = _UNCLOSED.search(told)
    unknown = _UNKNOWN_TAG.search(told)
    if unclosed:
        return Fault(_begun(made, source, unclosed[1], wrong.lineno), "block-open", unclosed[1], place=place)
    if unknown and unknown[1] in {"endif", "endfor", "else", "elif"}:
        return Fault(wrong.lineno, "block-not-begun", unknown[1], place=place)
    if unknown:
        return Fault(wrong.lineno, "tag-unknown", unknown[1], _near(unknown[1], TAGS), place)
    return Fault(wrong.lineno, "syntax", place=place)


_EXPRESSION = re.compile(r"{{.*?}}|{#.*?#}", re.DOTALL)
_STATEMENT = re.compile(r"{%.*?%}", re.DOTALL)


def read_markup(source: str) -> list[Fault]:
    """The fault of the paper's parts and tables, as they stand in the wording itself."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    flat = _EXPRESSION.sub(lambda found: "x" + blank(found), source)
    lines: list[str] = []
    numbers: list[int] = []
    for number, written in enumerate(_STATEMENT.sub(lambda found: "\x00" + blank(found), flat).split("\n"), 1):
        kept = written.replace("\x00", "")
        if kept.strip() or "\x00" not in written:
            lines.append(kept)
            numbers.append(number)
    try:
        parse("\n".join(lines))
    except MarkupError as wrong:
        line = numbers[wrong.line - 1] if 0 < wrong.line <= len(numbers) else 0
        return [Fault(line, wrong.code, wrong.detail, _near(wrong.detail, PARTS) if wrong.code == PART else "")]
    return []


def check_wording(source: str, kind: Kind) -> list[Fault]:
    """Every fault of a wording of a kind, in the order of its lines; none when it may be used."""
    if not source.strip():
        return [Fault(0, "empty")]
    if len(source) > MAX_SOURCE:
        return [Fault(0, "too-long")]
    found = [*read(source, known_to(kind.sections)), *read_markup(source)]
    return sorted(found)[:MAX_FAULTS]


def plainly(fault: Fault) -> dict[str, Any]:
    """A fault as plain values, to be sent by the child."""
    return {"line": fault.line, "code": fault.code, "detail": fault.detail, "meant": fault.meant, "place": fault.place}
