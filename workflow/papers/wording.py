"""A wording and facts → text: Jinja2 in a sandbox that sees plain values only.

No calls, no globals, no attributes of Python objects, no `*`, `**`, `%`; filters are a short list. A fact that nobody
entered does not stop the run: it stays in the text as its own placeholder and is listed, all of them at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from jinja2 import Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workflow.papers import phrases
from workflow.papers.blocks import escape

MAX_SOURCE = 100_000
MAX_OUTPUT = 1_000_000

_ALLOWED_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Test,
    nodes.Add,
    nodes.Sub,
    nodes.Concat,
    nodes.Tuple,
)
_PLACEHOLDER_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Filter,
)
_LOOP_NAMES = frozenset({"index", "index0", "first", "last", "length"})
_TESTS = ("defined", "undefined", "none", "string", "number", "odd", "even", "in", "eq", "ne", "lt", "gt", "le", "ge")


class WordingError(ValueError):
    """A wording that cannot run: where, and what is wrong with it."""

    def __init__(self, code: str, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} (line {line}): {detail}")
        self.code, self.line, self.detail = code, line, detail


@dataclass(frozen=True)
class Filled:
    """A wording filled with facts."""

    text: str
    missing: tuple[str, ...] = ()
    """Facts that the wording needs and that nobody has entered."""
    unknown: tuple[str, ...] = ()
    """Names that are no facts at all: a slip in the wording."""


@dataclass
class _Seen:
    """What a run met."""

    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def note(self, gap: "Missing") -> None:
        names = self.unknown if gap.stranger else self.missing
        if gap.path not in names:
            names.append(gap.path)


class Missing(Undefined):
    """A fact that is not there; false in a condition, its own placeholder in the text."""

    def __init__(
        self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: type[Exception] = UndefinedError
    ) -> None:
        super().__init__(hint=hint, name=name, exc=exc)  # type: ignore[arg-type]
        self.path: str = name or "?"
        self.stranger: bool = True
        self.expression: str = self.path
        self.seen: _Seen | None = None
        self.obj = obj

    def __str__(self) -> str:
        return "{{ " + self.expression + " }}"

    def __iter__(self) -> Iterator[Any]:
        if self.seen is not None:
            self.seen.note(self)
        return iter(())


def _gap(path: str, seen: _Seen | None, *, stranger: bool = False, expression: str = "") -> Missing:
    gap = Missing(name=path)
    gap.seen, gap.stranger, gap.expression = seen, stranger, expression or path
    return gap


@dataclass(frozen=True)
class _Facts:
    """A dict of facts that knows its dotted name."""

    path: str
    values: Mapping[str, Any]
    seen: _Seen

    def get(self, name: str) -> Any:
        path = f"{self.path}.{name}" if self.path else name
        if name not in self.values:
            return _gap(path, self.seen, stranger=True)
        return _wrap(path, self.values[name], self.seen)

    def __bool__(self) -> bool:
        return any(value not in (None, "", [], {}) for value in self.values.values())


def _wrap(path: str, value: Any, seen: _Seen) -> Any:
    if value is None or value in ("", {}):
        return _gap(path, seen)
    if isinstance(value, Mapping):
        return _Facts(path, value, seen)
    if isinstance(value, list | tuple):
        return tuple(_wrap(f"{path}.{index}", item, seen) for index, item in enumerate(value))
    return value


class Verbatim(str):
    """Text that a filter has already made safe; it keeps its line feeds."""

    __slots__ = ()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 without anything that reaches Python."""

    intercepted_binops = frozenset({"*", "**", "%", "/", "//"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 - Jinja2's signature
        """Refuse arithmetic that can grow without end."""
        raise SecurityError(f"operator {operator}")

    def call(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - Jinja2's signature
        """Refuse every call."""
        raise SecurityError("call")

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Facts by name, a loop's counters, nothing else."""
        if isinstance(obj, _Facts):
            return obj.get(attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_NAMES:
            return getattr(obj, attribute)
        if isinstance(obj, Missing):
            return _gap(f"{obj.path}.{attribute}", obj.seen, stranger=obj.stranger)
        raise SecurityError(f"attribute {attribute}")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Facts by name and items by number."""
        if isinstance(obj, tuple) and isinstance(argument, int) and not isinstance(argument, bool):
            if 0 <= argument < len(obj):
                return obj[argument]
            raise SecurityError(f"item {argument}")
        return self.getattr(obj, str(argument))


def _environment(
    language: str, seen: _Seen, *, keep: bool, write: Callable[[str], str] = escape, verbatim: Callable[[str], str] = str
) -> Sandbox:
    def finalize(value: Any) -> str:
        if isinstance(value, Missing):
            seen.note(value)
            return str(value) if keep else f"‹{value.path}›"
        if isinstance(value, Verbatim):
            return verbatim(str(value))
        if isinstance(value, date):
            value = phrases.long_date(value, language)
        if isinstance(value, _Facts | tuple | LoopContext):
            raise SecurityError("a group of facts cannot be printed")
        return write(str(value))

    environment = Sandbox(
        finalize=finalize,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters = _filters(language)
    environment.tests = {name: test for name, test in environment.tests.items() if name in _TESTS}
    return environment


def _passing(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that hands a missing fact on, so that its placeholder keeps the filter's name."""

    def run(value: Any, *args: Any) -> Any:
        gap = next((each for each in (value, *args) if isinstance(each, Missing)), None)
        if gap is not None:
            if gap is not value:
                return gap
            arguments = "(" + ", ".join(repr(arg) for arg in args) + ")" if args else ""
            return _gap(gap.path, gap.seen, stranger=gap.stranger, expression=f"{gap.expression}|{name}{arguments}")
        try:
            return function(value, *args)
        except (TypeError, ValueError, AttributeError, IndexError) as wrong:
            raise WordingError("filter", detail=name) from wrong

    return run


def _dates(form: Callable[[object, object, str], str], language: str, name: str, facts: Any) -> Any:
    """A period from a group of facts with `first_day` and `last_day`."""
    if not isinstance(facts, _Facts):
        raise TypeError("a visit is needed")
    first, last = facts.get("first_day"), facts.get("last_day")
    if isinstance(first, Missing):
        return _gap(first.path, facts.seen, stranger=first.stranger, expression=f"{facts.path}|{name}")
    return form(first, first if isinstance(last, Missing) else last, language)


def _join(values: Any, between: str = ", ") -> str:
    return between.join(_words(values))


def _words(values: Any) -> list[str]:
    if not isinstance(values, tuple):
        raise TypeError("a list is needed")
    return [str(value) for value in values if not isinstance(value, Missing)]


def _pick(values: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(values, tuple):
        raise TypeError("a list is needed")
    return tuple(value.get(name) for value in values)


def _lines(value: Any) -> Verbatim:
    given: Sequence[Any] = value if isinstance(value, tuple) else str(value).split("\n")
    return Verbatim("\n".join(escape(str(line).strip()) for line in given if str(line).strip()))


def _default(value: Any, other: Any = "") -> Any:
    return other if isinstance(value, Missing) else value


def _filters(language: str) -> dict[str, Callable[..., Any]]:
    by_language: dict[str, Callable[..., Any]] = {
        "date": lambda value: phrases.long_date(value, language),
        "short_date": lambda value: phrases.short_date(value, language),
        "day_month": lambda value: phrases.day_month(value, language),
        "weekday": lambda value: phrases.weekday(value, language),
        "dates": partial(_dates, phrases.span, language, "dates"),
        "from_to": partial(_dates, phrases.from_to, language, "from_to"),
        "plural": lambda number, *forms: phrases.plural(int(number), forms, language),
        "listing": lambda values: phrases.listing(_words(values), language),
        "join": _join,
        "pick": _pick,
        "lines": _lines,
        "upper": lambda value: str(value).upper(),
        "upper_first": lambda value: phrases.upper_first(str(value)),
        "lower_first": lambda value: phrases.lower_first(str(value)),
        "full_stop": lambda value: phrases.full_stop(str(value)),
        "length": len,
    }
    filters = {name: _passing(name, function) for name, function in by_language.items()}
    return {**filters, "default": _default}


@dataclass(frozen=True)
class Opened:
    """The sandbox with facts in it, for a template of another form than light Markdown."""

    environment: Sandbox
    names: Mapping[str, Any]
    seen: _Seen

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that were asked for and that nobody has entered."""
        return tuple(self.seen.missing)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names that were asked for and that are no facts."""
        return tuple(self.seen.unknown)


def open_sandbox(
    facts: Mapping[str, Any], language: str, *, write: Callable[[str], str], verbatim: Callable[[str], str]
) -> Opened:
    """The sandbox with facts of one language; *write* and *verbatim* turn plain and marked-up words into the form."""
    seen = _Seen()
    environment = _environment(language, seen, keep=False, write=write, verbatim=verbatim)
    return Opened(environment, {name: _wrap(name, value, seen) for name, value in facts.items()}, seen)


def is_allowed(node: nodes.Node) -> bool:
    """Whether wordings may use this part of Jinja2 at all."""
    return isinstance(node, _ALLOWED_NODES)


def check(source: str, *, only_placeholders: bool = False) -> None:
    """Refuse a wording that uses what wordings may not use; `only_placeholders` allows neither loops nor conditions.

    Raises:
        WordingError: with the line and what stands there.
    """
    if len(source) > MAX_SOURCE:
        raise WordingError("too-long")
    environment = _environment("en", _Seen(), keep=False)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as wrong:
        raise WordingError("syntax", wrong.lineno, wrong.message or "") from wrong
    except RecursionError as wrong:
        raise WordingError("too-deep") from wrong
    pending: list[nodes.Node] = [tree]
    while pending:
        node = pending.pop()
        if not isinstance(node, _PLACEHOLDER_NODES if only_placeholders else _ALLOWED_NODES):
            raise WordingError("forbidden", node.lineno, type(node).__name__.lower())
        if isinstance(node, nodes.Filter) and node.name not in environment.filters:
            raise WordingError("filter-unknown", node.lineno, node.name)
        if isinstance(node, nodes.Test) and node.name not in environment.tests:
            raise WordingError("forbidden", node.lineno, node.name)
        pending.extend(node.iter_child_nodes())


def _gather(pieces: Iterator[str]) -> str:
    parts: list[str] = []
    size = 0
    for part in pieces:
        size += len(part)
        if size > MAX_OUTPUT:
            raise WordingError("too-long")
        parts.append(part)
    return "".join(parts)


def fill(source: str, facts: Mapping[str, Any], language: str, *, keep: bool = True) -> Filled:
    """Fill a wording with facts of one language (`facts.localise`).

    `keep` leaves a missing fact's placeholder in the text, to be filled later; otherwise its name stands in ‹ ›.

    Raises:
        WordingError: the wording is not allowed, fails, or its result is endless.
    """
    check(source)
    seen = _Seen()
    environment = _environment(language, seen, keep=keep)
    names = {name: _wrap(name, value, seen) for name, value in facts.items()}
    try:
        text = _gather(environment.from_string(source).generate(names))
    except (SecurityError, UndefinedError) as wrong:
        raise WordingError("forbidden", detail=str(wrong)) from wrong
    except WordingError:
        raise
    except (TypeError, ValueError, RecursionError) as wrong:
        raise WordingError("failed", detail=type(wrong).__name__) from wrong
    return Filled(text, tuple(seen.missing), tuple(seen.unknown))
