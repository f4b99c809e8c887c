"""The loader of a pack's visa rules: all files together, every problem at once with file and line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import Field, StrictBool, ValidationError

from workflow.knowledge.lined_yaml import InvalidFilesError, LinedYaml, Problem, read_lined_yaml
from workflow.knowledge.visa_rules import CountryCode, Label, Rule, RulePart


class GroupDoubt(Label):
    """Why a list of countries cannot be leaned on yet: it *lacks* countries, or else those in it were not all seen."""

    lacks: StrictBool


class RuleFile(RulePart):
    """One file of a pack's `visas/` folder; `areas` names the groups in which one visa serves all countries."""

    groups: dict[str, tuple[CountryCode, ...]] = Field(default_factory=dict)
    group_doubts: dict[str, GroupDoubt] = Field(default_factory=dict)
    areas: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """All rules of a pack."""

    groups: Mapping[str, frozenset[str]]
    rules: tuple[Rule, ...]
    group_doubts: Mapping[str, GroupDoubt] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
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

    def doubts_of(self, rule: Rule, destination: str | None, citizenship: str | None) -> tuple[Label, ...]:
        """Give what must be looked at before a rule is leaned on at this border.

        A traveller outside of a list that lacks countries may belong in it; one on a list of countries not all seen
        may not belong there.
        """
        about = rule.applies_to
        border = destination if about.direction == "outbound" else citizenship
        found: list[Label] = [doubt for doubt in rule.doubts if not doubt.where or border in doubt.where]
        for countries in (about.destination, about.nationality):
            for name, lacks in ((countries.group, False), (countries.not_group, True)):
                doubt = self.group_doubts.get(name or "")
                if doubt is not None and doubt.lacks is lacks:
                    found.append(doubt)
        return tuple(found)

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
    doubts: dict[str, GroupDoubt] = field(default_factory=dict)
    areas: list[str] = field(default_factory=list)

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

    def gather_remarks_on_groups(self) -> None:
        for lined, file in self.files:
            for number, name in enumerate(file.areas):
                if name not in self.groups:
                    self.problems.append(lined.problem(("areas", number), f"there is no group {name}"))
                self.areas.append(name)
            for name, doubt in file.group_doubts.items():
                if name not in self.groups:
                    self.problems.append(lined.problem(("group_doubts", name), f"there is no group {name}"))
                self.doubts[name] = doubt

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
    if every_file_was_read:
        reading.gather_remarks_on_groups()
    reading.gather_rules(every_file_was_read=every_file_was_read)
    if reading.problems:
        raise InvalidFilesError(reading.problems)
    return RuleSet(reading.groups, tuple(reading.rules.values()), reading.doubts, tuple(reading.areas))
