"""Facts as a wording sees them: plain values by dotted name, and gaps that keep their own placeholder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import UndefinedError

from workflow.papers.declining import Decliner, Word
from workflow.papers.plain import ELSEWHERE


class WordingError(ValueError):
    """A wording that cannot run: where, and what is wrong with it."""

    def __init__(self, code: str, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} (line {line}): {detail}")
        self.code, self.line, self.detail = code, line, detail


SEEN = " seen"
"""Under which a run finds its `Seen` among its names: with a space, so that no wording can name it."""


@dataclass
class Seen:
    """What a run met."""

    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    decliner: Decliner = field(default_factory=Decliner)

    def note(self, lack: "Missing") -> None:
        """List a gap once."""
        names = self.unknown if lack.stranger else self.missing
        if lack.path not in names:
            names.append(lack.path)


class Missing(Undefined):
    """A fact that is not there; false in a condition, its own placeholder in the text.

    One that is known in the other language (`elsewhere`) is true in a condition: the edition must say it, too.
    """

    def __init__(
        self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: type[Exception] = UndefinedError
    ) -> None:
        super().__init__(hint=hint, name=name, exc=exc)  # type: ignore[arg-type]
        self.path: str = name or "?"
        self.stranger: bool = True
        self.expression: str = self.path
        self.seen: Seen | None = None
        self.elsewhere = False
        self.obj = obj

    def __bool__(self) -> bool:
        return self.elsewhere

    def __str__(self) -> str:
        return "{{ " + self.expression + " }}"

    def through(self, step: str) -> "Missing":
        """The same gap behind a filter: its placeholder keeps the filter."""
        made = gap(self.path, self.seen, stranger=self.stranger, expression=f"{self.expression}|{step}")
        made.elsewhere = self.elsewhere
        return made

    def __iter__(self) -> Iterator[Any]:
        if self.seen is not None:
            self.seen.note(self)
        return iter(())


def gap(path: str, seen: Seen | None, *, stranger: bool = False, expression: str = "") -> Missing:
    """A gap at a dotted name; *expression* is what stands in the text for it."""
    made = Missing(name=path)
    made.seen, made.stranger, made.expression = seen, stranger, expression or path
    return made


@dataclass(frozen=True)
class Facts:
    """A dict of facts that knows its dotted name."""

    path: str
    values: Mapping[str, Any]
    seen: Seen

    def get(self, name: str) -> Any:
        """A fact of this group, or the gap that it leaves."""
        path = f"{self.path}.{name}" if self.path else name
        if name not in self.values:
            return gap(path, self.seen, stranger=True)
        value = self.values[name]
        return Word.of(name, value, self.values) if isinstance(value, str) and value else wrap(path, value, self.seen)

    def __bool__(self) -> bool:
        return any(value not in (None, "", [], {}) for value in self.values.values())


def wrap(path: str, value: Any, seen: Seen) -> Any:
    """A plain value as a wording may see it."""
    if value is None or value in ("", {}):
        return gap(path, seen)
    if value is ELSEWHERE:
        lack = gap(path, seen)
        lack.elsewhere = True
        return lack
    if isinstance(value, Mapping):
        return Facts(path, value, seen)
    if isinstance(value, list | tuple):
        return tuple(wrap(f"{path}.{index}", item, seen) for index, item in enumerate(value))
    return value


class Verbatim(str):
    """Text that a filter has already made safe; it keeps its line feeds."""

    __slots__ = ()
