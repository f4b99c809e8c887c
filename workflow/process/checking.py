"""What can be wrong with a definition: names nobody knows, stages nobody reaches, ways that do not end.

All faults are found at once; each names the file and line. Names are looked up in the definition as it is written, so
that one whose shape is wrong tells its unknown names in the same run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.process.definitions import Definition
from workflow.process.loading import DefinitionErrors, Fault, PlacedDict, PlacedList, Source, load_packs, place_of

ANCHORS = frozenset({"arrival", "departure", "request_received", "reply_by"})
ENTERED = "entered:"
STAGE_REACHED = "process.stage_reached"

Written = tuple[str | int, ...]
"""Where in a definition something is written: keys and numbers, from the outside in."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that a definition may use: what the rooms have registered."""

    conditions: frozenset[str]
    reactions: frozenset[str]
    permissions: frozenset[str]
    pages: frozenset[str] | None = field(default=None)


def check_definition(source: Source, words: Vocabulary) -> list[Fault]:
    """Find everything that is wrong with one definition beside its shape."""
    skeleton = [*_twins(source.data), *_stages(source.data)]
    faults = [*skeleton, *_names(source.data, words)]
    if source.definition is not None:
        faults += _asked_twice(source, source.definition)
        faults += () if skeleton else _ways(source, source.definition)
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
        pack: {key: source.definition for key, source in definitions.items() if source.definition is not None}
        for pack, definitions in sources.items()
    }


def _parts(here: Any, name: str) -> Iterator[tuple[int, PlacedDict]]:
    """Give the mappings listed under *name*, each with its number; what has another shape is told elsewhere."""
    listed = here.get(name) if isinstance(here, PlacedDict) else None
    for index, part in enumerate(listed) if isinstance(listed, PlacedList) else ():
        if isinstance(part, PlacedDict):
            yield index, part


def _unknown(data: PlacedDict, path: Written, name: Any, known: frozenset[str] | set[str], what: str
             ) -> Iterator[Fault]:
    if isinstance(name, str) and name not in known:
        yield Fault(place_of(data, path), f"{what} {name!r}")


def _keys(data: PlacedDict, name: str = "stages") -> list[str]:
    return [part["key"] for _index, part in _parts(data, name) if isinstance(part.get("key"), str)]


def _twins(data: PlacedDict) -> Iterator[Fault]:
    for name in ("stages", "steps", "deadlines"):
        seen: set[str] = set()
        for index, part in _parts(data, name):
            key = part.get("key")
            if isinstance(key, str) and key in seen:
                yield Fault(place_of(data, (name, index, "key")), f"duplicate key {key!r} among the {name}")
            seen |= {key} if isinstance(key, str) else set()


def _asked_twice(source: Source, definition: Definition) -> Iterator[Fault]:
    for index, step in enumerate(definition.steps):
        named = [check.key for check in step.checks()]
        for key in sorted({key for key in named if named.count(key) > 1}):
            yield Fault(source.place("steps", index, "conditions"), f"step {step.key!r} asks {key} twice")


def _names(data: PlacedDict, words: Vocabulary) -> Iterator[Fault]:
    for index, stage in _parts(data, "stages"):
        for at, reaction in _parts(stage, "reactions"):
            yield from _unknown(data, ("stages", index, "reactions", at, "job"), reaction.get("job"), words.reactions,
                                "unknown reaction")
    for index, step in _parts(data, "steps"):
        yield from _unknown(data, ("steps", index, "permission"), step.get("permission"), words.permissions,
                            "unknown permission")
        for at, condition in _parts(step, "conditions"):
            yield from _condition(data, words, condition, ("steps", index, "conditions", at))
    for index, deadline in _parts(data, "deadlines"):
        yield from _condition(data, words, deadline.get("done_when"), ("deadlines", index, "done_when"))
        if words.pages is not None:
            yield from _unknown(data, ("deadlines", index, "page"), deadline.get("page"), words.pages, "unknown page")


def _condition(data: PlacedDict, words: Vocabulary, condition: Any, path: Written) -> Iterator[Fault]:
    if not isinstance(condition, PlacedDict):
        return
    yield from _unknown(data, (*path, "check"), condition.get("check"), words.conditions, "unknown condition")
    if condition.get("check") == STAGE_REACHED:
        params = condition.get("params")
        stage = params.get("stage") if isinstance(params, PlacedDict) else None
        if stage not in _keys(data):
            yield Fault(place_of(data, (*path, "params", "stage")), f"unknown stage {stage!r}")
    for name in ("all", "any"):
        for at, part in _parts(condition, name):
            yield from _condition(data, words, part, (*path, name, at))
    yield from _condition(data, words, condition.get("not"), (*path, "not"))


def _stages(data: PlacedDict) -> Iterator[Fault]:
    keys = set(_keys(data))
    for index, step in _parts(data, "steps"):
        named = f"step {step.get('key')!r}: unknown stage"
        origins = step.get("from")
        for at, name in enumerate(origins) if isinstance(origins, PlacedList) else ():
            yield from _unknown(data, ("steps", index, "from", at), name, keys, named)
        yield from _unknown(data, ("steps", index, "to"), step.get("to"), keys, named)
    anchors = ANCHORS | {ENTERED + key for key in keys}
    for index, deadline in _parts(data, "deadlines"):
        yield from _unknown(data, ("deadlines", index, "anchor"), deadline.get("anchor"), anchors, "unknown anchor")
        yield from _unknown(data, ("deadlines", index, "since"), deadline.get("since"), keys, "unknown stage")


def _ways(source: Source, definition: Definition) -> Iterator[Fault]:
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
