"""The loader of a pack's visa rules: all files together, every problem at once with file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import Field, ValidationError

from workflow.knowledge.lined_yaml import InvalidFilesError, LinedYaml, Problem, read_lined_yaml
from workflow.knowledge.visa_rules import CountryCode, Rule, RulePart


class RuleFile(RulePart):
    """One file of a pack's `visas/` folder."""

    groups: dict[str, tuple[CountryCode, ...]] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """All rules of a pack."""

    groups: Mapping[str, frozenset[str]]
    rules: tuple[Rule, ...]
    _of_border: dict[tuple[str, str | None, str | None], tuple[Rule, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of_border(self, direction: str, destination: str | None, citizenship: str | None) -> tuple[Rule, ...]:
        """Give the current rules that a border and a citizenship do not rule out; an unknown one rules nothing out.

        A delegation asks the same for each of its members, so the answers are kept.
        """
        key = (direction, destination, citizenship)
        if key not in self._of_border:
            self._of_border[key] = tuple(
                rule
                for rule in self.current
                if rule.applies_to.direction == direction
                and (destination is None or rule.applies_to.destination.contains(destination, self.groups))
                and (citizenship is None or rule.applies_to.nationality.contains(citizenship, self.groups))
            )
        return self._of_border[key]

    @cached_property
    def current(self) -> tuple[Rule, ...]:
        """The newest version of each rule that is not retired."""
        newest: dict[str, Rule] = {}
        for rule in self.rules:
            if rule.id not in newest or newest[rule.id].version < rule.version:
                newest[rule.id] = rule
        return tuple(rule for rule in newest.values() if rule.status != "retired")

    def find(self, rule_id: str, version: int) -> Rule | None:
        """Give one version of a rule, so that an old case can be explained."""
        return next((rule for rule in self.rules if (rule.id, rule.version) == (rule_id, version)), None)


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    files: list[tuple[LinedYaml, RuleFile]] = field(default_factory=list)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    rules: dict[tuple[str, int], Rule] = field(default_factory=dict)

    def read(self, name: str, text: str) -> None:
        try:
            lined = read_lined_yaml(name, text)
        except InvalidFilesError as error:
            self.problems.extend(error.problems)
            return
        try:
            self.files.append((lined, RuleFile.model_validate(lined.data or {})))
        except ValidationError as error:
            self.problems.extend(lined.problems_of(error))

    def gather_groups(self) -> None:
        for lined, file in self.files:
            for name, codes in file.groups.items():
                if name in self.groups:
                    self.problems.append(lined.problem(("groups", name), "another file has a group of this name"))
                self.groups[name] = frozenset(codes)

    def gather_rules(self, *, every_file_was_read: bool) -> None:
        for lined, file in self.files:
            for number, rule in enumerate(file.rules):
                key = (rule.id, rule.version)
                if key in self.rules:
                    told = f"{rule.id} version {rule.version} stands twice"
                    self.problems.append(lined.problem(("rules", number, "id"), told))
                self.rules[key] = rule
                if every_file_was_read:
                    self.problems.extend(self._unknown_groups(lined, number, rule))

    def _unknown_groups(self, lined: LinedYaml, number: int, rule: Rule) -> list[Problem]:
        sets = (("destination", rule.applies_to.destination), ("nationality", rule.applies_to.nationality))
        return [
            lined.problem(("rules", number, "applies_to", name), f"there is no group {group}")
            for name, countries in sets
            for group in countries.group_names()
            if group not in self.groups
        ]


def load_rules(folder: Path | Traversable) -> RuleSet:
    """Load all `*.yaml` of a folder; anything wrong raises `InvalidFilesError` with every problem."""
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda f: f.name)
    return load_rule_texts((each.name, each.read_text(encoding="utf-8")) for each in files)


def load_rule_texts(texts: Iterable[tuple[str, str]]) -> RuleSet:
    """Load rules from named texts."""
    reading = _Reading()
    for name, text in texts:
        reading.read(name, text)
    every_file_was_read = not reading.problems
    reading.gather_groups()
    reading.gather_rules(every_file_was_read=every_file_was_read)
    if reading.problems:
        raise InvalidFilesError(reading.problems)
    return RuleSet(reading.groups, tuple(reading.rules.values()))
