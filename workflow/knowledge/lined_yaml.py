"""YAML read together with the line of every value, so that a wrong value is named by file and line."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.composer import ComposerError

DEEPEST = 30
"""Values within each other; our deepest file has nine."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.where}: {self.message}" if self.where else f"{place}: {self.message}"


class InvalidFilesError(ValueError):
    """All the problems that were found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class LinedYaml:
    """The data of a file and the line on which each value stands."""

    file: str
    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Give the line of a value, or of the nearest thing around it."""
        found: Path = ()
        for part in path:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines.get(found, 1)

    def problem(self, path: Path, message: str) -> Problem:
        """Name a problem at a value."""
        return Problem(self.file, self.line_of(path), ".".join(map(str, path)), message)

    def problems_of(self, error: ValidationError, within: Path = ()) -> list[Problem]:
        """Turn what the schema refused into problems with lines."""
        return [self.problem((*within, *each["loc"]), each["msg"]) for each in error.errors(include_url=False)]


class _Loader(yaml.SafeLoader):
    """Stops where a short text would grow without end: by aliases of aliases, or by values within values."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a value, unless it is an alias or lies too deep."""
        at = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(problem="an alias is not read here: write its value out", problem_mark=at)
        if self._depth == DEEPEST:
            raise ComposerError(problem=f"more than {DEEPEST} values within each other", problem_mark=at)
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def read_lined_yaml(file: str, text: str) -> LinedYaml:
    """Read one YAML document; a fault of its grammar, an alias and a key given twice are `InvalidFilesError`."""
    loader = _Loader(text)
    lines: dict[Path, int] = {}
    problems: list[Problem] = []
    try:
        root = loader.get_single_node()
        data = _build(loader, root, (), lines, problems, file) if root is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(file, line, "", error.problem or "not YAML"))
        data = None
    except (yaml.YAMLError, ValueError) as error:
        problems.append(Problem(file, 1, "", str(error)))
        data = None
    finally:
        loader.dispose()
    if problems:
        raise InvalidFilesError(problems)
    return LinedYaml(file, data, lines)


def _build(
    loader: yaml.SafeLoader,
    node: yaml.Node,
    path: Path,
    lines: dict[Path, int],
    problems: list[Problem],
    file: str,
) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                problems.append(Problem(file, line, "", f"the key {key!r} is not a text: quote it"))
                continue
            if key in mapping:
                problems.append(Problem(file, line, ".".join(map(str, path)), f"the key {key!r} stands twice"))
            mapping[key] = _build(loader, value_node, (*path, key), lines, problems, file)
            lines[(*path, key)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, each, (*path, number), lines, problems, file) for number, each in enumerate(node.value)]
    try:
        return loader.construct_object(node)
    except ValueError as error:
        problems.append(Problem(file, lines[path], ".".join(map(str, path)), str(error)))
        return None
