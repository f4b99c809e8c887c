"""What can be wrong with a well-formed definition: names nobody knows, stages nobody reaches, ways that do not end.

All faults are found at once; each names the file and line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workflow.process.definitions import Condition, Definition
from workflow.process.loading import DefinitionErrors, Fault, Source, load_packs

ANCHORS = frozenset({"arrival", "departure", "request_received", "reply_by"})
ENTERED = "entered:"
STAGE_REACHED = "process.stage_reached"


@dataclass(frozen=True)
class Vocabulary:
    """The names that a definition may use: what the rooms have registered."""

    conditions: frozenset[str]
    reactions: frozenset[str]
    permissions: frozenset[str]
    pages: frozenset[str] | None = field(default=None)


def check_definition(source: Source, words: Vocabulary) -> list[Fault]:
    """Find everything that is wrong with one definition."""
    faults = [*_twins(source), *_names(source, words), *_stages(source)]
    if not faults:
        faults = [*_ways(source)]
    return faults


def load_definitions(folder: Path, words: Vocabulary) -> dict[str, dict[str, Definition]]:
    """Load and check every pack under *folder*.

    Raises:
        DefinitionErrors: with all that is wrong anywhere.
    """
    sources, faults = load_packs(folder)
    for definitions in sources.values():
        for source in definitions.values():
            faults += check_definition(source, words)
    if faults:
        raise DefinitionErrors(faults)
    return {
        pack: {key: source.definition for key, source in definitions.items()} for pack, definitions in sources.items()
    }


def _twins(source: Source) -> Iterator[Fault]:
    definition = source.definition
    keys = {
        "stages": [stage.key for stage in definition.stages],
        "steps": [step.key for step in definition.steps],
        "deadlines": [deadline.key for deadline in definition.deadlines],
    }
    for name, listed in keys.items():
        for index, key in enumerate(listed):
            if key in listed[:index]:
                yield Fault(source.place(name, index, "key"), f"duplicate key {key!r} among the {name}")
    for index, step in enumerate(definition.steps):
        named = [check.key for check in step.checks()]
        for key in sorted({key for key in named if named.count(key) > 1}):
            yield Fault(source.place("steps", index, "conditions"), f"step {step.key!r} asks {key} twice")


def _names(source: Source, words: Vocabulary) -> Iterator[Fault]:
    for index, stage in enumerate(source.definition.stages):
        for at, reaction in enumerate(stage.reactions):
            if reaction.job not in words.reactions:
                yield Fault(source.place("stages", index, "reactions", at, "job"), f"unknown reaction {reaction.job!r}")
    for index, step in enumerate(source.definition.steps):
        if step.permission not in words.permissions:
            yield Fault(source.place("steps", index, "permission"), f"unknown permission {step.permission!r}")
        for at, condition in enumerate(step.conditions):
            yield from _condition(source, words, condition, ("steps", index, "conditions", at))
    for index, deadline in enumerate(source.definition.deadlines):
        yield from _condition(source, words, deadline.done_when, ("deadlines", index, "done_when"))
        if words.pages is not None and deadline.page not in words.pages:
            yield Fault(source.place("deadlines", index, "page"), f"unknown page {deadline.page!r}")


def _condition(
    source: Source, words: Vocabulary, condition: Condition, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    if condition.check is not None:
        if condition.check not in words.conditions:
            yield Fault(source.place(*path, "check"), f"unknown condition {condition.check!r}")
        elif condition.check == STAGE_REACHED and condition.params.get("stage") not in _keys(source):
            yield Fault(source.place(*path, "params", "stage"), f"unknown stage {condition.params.get('stage')!r}")
    for name, parts in (("all", condition.all), ("any", condition.any)):
        for at, part in enumerate(parts or ()):
            yield from _condition(source, words, part, (*path, name, at))
    if condition.not_ is not None:
        yield from _condition(source, words, condition.not_, (*path, "not"))


def _keys(source: Source) -> set[str]:
    return {stage.key for stage in source.definition.stages}


def _stages(source: Source) -> Iterator[Fault]:
    keys = _keys(source)
    for index, step in enumerate(source.definition.steps):
        for at, name in enumerate(step.from_):
            if name not in keys:
                yield Fault(source.place("steps", index, "from", at), f"step {step.key!r}: unknown stage {name!r}")
        if step.to not in keys:
            yield Fault(source.place("steps", index, "to"), f"step {step.key!r}: unknown stage {step.to!r}")
    for index, deadline in enumerate(source.definition.deadlines):
        anchor = deadline.anchor
        known = anchor.removeprefix(ENTERED) in keys if anchor.startswith(ENTERED) else anchor in ANCHORS
        if not known:
            yield Fault(source.place("deadlines", index, "anchor"), f"unknown anchor {anchor!r}")
        if deadline.since is not None and deadline.since not in keys:
            yield Fault(source.place("deadlines", index, "since"), f"unknown stage {deadline.since!r}")


def _ways(source: Source) -> Iterator[Fault]:
    definition = source.definition
    ahead: dict[str, set[str]] = {stage.key: set() for stage in definition.stages}
    behind: dict[str, set[str]] = {stage.key: set() for stage in definition.stages}
    for step in definition.steps:
        for name in step.from_:
            ahead[name].add(step.to)
            behind[step.to].add(name)
    ends = {stage.key for stage in definition.stages if stage.final}
    if not ends:
        yield Fault(source.place("stages"), "no stage is final: the process has no end")
    reached = _closure({definition.start.key}, ahead)
    ending = _closure(ends, behind)
    for index, stage in enumerate(definition.stages):
        if stage.key not in reached:
            yield Fault(source.place("stages", index, "key"), f"stage {stage.key!r} can never be reached")
        elif ends and stage.key not in ending:
            yield Fault(source.place("stages", index, "key"), f"from stage {stage.key!r} no way leads to the end")
    for index, step in enumerate(definition.steps):
        if not step.needs_reason and (step.back or ends & set(step.from_)):
            message = f"step {step.key!r} goes back or leaves an end: it needs a reason"
            yield Fault(source.place("steps", index), message)


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for key in edges[waiting.pop()] - found:
            found.add(key)
            waiting.append(key)
    return found
