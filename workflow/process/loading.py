"""Reading process definitions from packs, remembering the file and line of everything.

A definition may say `extends: generic`: then it is the definition of the same key in that pack, with these
differences. Stages, steps and deadlines are matched by key: a listed one with a new key is added (after the one
named in `after`, else at the end), with a known key its given fields replace the old ones. `also:` adds conditions to
a step or reactions to a stage, and `drop:` lists keys to leave out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from workflow.process.definitions import Definition, SafeLoader

_LISTS = {"stages": "reactions", "steps": "conditions", "deadlines": ""}


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, counted from one."""

    file: str
    line: int


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with a definition, and where it is written."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.message}"


class DefinitionErrors(Exception):
    """All that is wrong with a set of definitions, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PlacedDict(dict[str, Any]):
    """A mapping that knows where it and each of its values stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        """Set a value written at *place*."""
        self[key] = value
        self.places[key] = place


class PlacedList(list[Any]):
    """A list that knows where it and each of its items stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def put(self, value: Any, place: Place, at: int | None = None) -> None:
        """Insert an item written at *place*, by default at the end."""
        at = len(self) if at is None else at
        self.insert(at, value)
        self.places.insert(at, place)


@dataclass(frozen=True)
class Source:
    """The placed data of a definition, so that checks can name lines, and what was made of it.

    `definition` is None where the data have a wrong shape.
    """

    definition: Definition | None
    data: PlacedDict

    def place(self, *path: str | int) -> Place:
        """Give the place of the deepest part of *path* that exists."""
        return place_of(self.data, path)


def place_of(data: PlacedDict, path: Sequence[str | int]) -> Place:
    """Walk *path* down from *data* as far as it goes and say where that is written."""
    here: Any = data
    place = data.place
    for part in path:
        known = (isinstance(here, PlacedDict) and part in here) or (
            isinstance(here, PlacedList) and isinstance(part, int) and part < len(here)
        )
        if not known:
            break
        place, here = here.places[part], here[part]
    return place


def read_yaml(text: str, file: str) -> tuple[PlacedDict | None, list[Fault]]:
    """Read one YAML text with places; faults of syntax, twin keys and keys that YAML takes for yes or no.

    None in place of the data when it is no mapping at all.
    """
    faults: list[Fault] = []
    loader = SafeLoader(text)
    try:
        node = loader.get_single_node()
        if isinstance(node, yaml.MappingNode):
            return _build(loader, node, file, faults, ()), faults
        faults.append(Fault(Place(file, 1), "a definition is a mapping of keys"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        faults.append(Fault(Place(file, mark.line + 1 if mark else 1), str(problem)))
    finally:
        loader.dispose()
    return None, faults


def _build(loader: Any, node: yaml.Node, file: str, faults: list[Fault], above: tuple[int, ...]) -> Any:
    place = Place(file, node.start_mark.line + 1)
    if id(node) in above:
        faults.append(Fault(place, "an alias may not contain itself"))
        return None
    above = (*above, id(node))
    if isinstance(node, yaml.MappingNode):
        mapping = PlacedDict(place)
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            at = Place(file, key_node.start_mark.line + 1)
            if not isinstance(key, str):
                faults.append(Fault(at, f"YAML reads the key {key_node.value!r} as {key!r}; write another word"))
            elif key in mapping:
                faults.append(Fault(at, f"duplicate key {key!r}"))
            else:
                mapping.put(key, _build(loader, value_node, file, faults, above), at)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = PlacedList(place)
        for item in node.value:
            items.put(_build(loader, item, file, faults, above), Place(file, item.start_mark.line + 1))
        return items
    return loader.construct_object(node, deep=True)


def extend(parent: PlacedDict, child: PlacedDict, faults: list[Fault]) -> PlacedDict:
    """Work the differences in *child* into a copy of *parent*."""
    merged = PlacedDict(child.place)
    for name, value in parent.items():
        merged.put(name, value, parent.places[name])
    drop = child.get("drop") or {}
    for name, value in child.items():
        if name in {"extends", "drop"}:
            continue
        if name in _LISTS and isinstance(value, PlacedList) and isinstance(merged.get(name), PlacedList):
            merged.put(name, _extend_list(merged[name], value, _LISTS[name], faults), parent.places[name])
        else:
            merged.put(name, value, child.places[name])
    for name, keys in drop.items() if isinstance(drop, Mapping) else ():
        _drop(merged, str(name), keys, place_of(child, ("drop", str(name))), faults)
    return merged


def _drop(merged: PlacedDict, name: str, keys: Any, place: Place, faults: list[Fault]) -> None:
    items = merged.get(name)
    if name not in _LISTS or not isinstance(items, PlacedList) or not isinstance(keys, list):
        faults.append(Fault(place, f"drop: {name!r} is not stages, steps or deadlines with a list of keys"))
        return
    kept = PlacedList(items.place)
    for item, at in zip(items, items.places, strict=True):
        if not (isinstance(item, dict) and item.get("key") in keys):
            kept.put(item, at)
    known = {item.get("key") for item in items if isinstance(item, dict)}
    faults.extend(Fault(place, f"drop: there is no {key!r} among the {name}") for key in keys if key not in known)
    merged.put(name, kept, merged.places[name])


def _extend_list(old: PlacedList, new: PlacedList, added: str, faults: list[Fault]) -> PlacedList:
    result = PlacedList(old.place)
    for item, place in zip(old, old.places, strict=True):
        result.put(item, place)
    for item, place in zip(new, new.places, strict=True):
        if not isinstance(item, PlacedDict):
            result.put(item, place)
            continue
        keys = [other.get("key") if isinstance(other, dict) else None for other in result]
        key = item.get("key")
        if key in keys:
            at = keys.index(key)
            result[at] = _extend_item(result[at], item, added)
            continue
        after = item.get("after")
        if after is not None and after not in keys:
            faults.append(Fault(place_of(item, ("after",)), f"after: there is no {after!r} to stand after"))
        position = keys.index(after) + 1 if after in keys else None
        result.put(_extend_item(PlacedDict(item.place), item, added), place, position)
    return result


def _extend_item(old: PlacedDict, new: PlacedDict, added: str) -> PlacedDict:
    merged = PlacedDict(new.place)
    for name, value in old.items():
        merged.put(name, value, old.places[name])
    for name, value in new.items():
        if name == "after":
            continue
        if name == "also" and added and isinstance(value, PlacedList):
            joined = PlacedList(value.place)
            for part in (merged.get(added) or PlacedList(value.place), value):
                for item, place in zip(part, part.places, strict=True):
                    joined.put(item, place)
            merged.put(added, joined, new.places[name])
        else:
            merged.put(name, value, new.places[name])
    return merged


def build(data: PlacedDict, faults: list[Fault]) -> Source:
    """Make the typed definition of placed data, or add what is wrong with its shape to *faults*."""
    try:
        return Source(Definition.model_validate(data), data)
    except ValidationError as error:
        for found in error.errors():
            path = found["loc"]
            name = ".".join(str(part) for part in path)
            said = str(found["msg"]).removeprefix("Value error, ")
            faults.append(Fault(place_of(data, path), f"{name}: {said}" if name else said))
    return Source(None, data)


def load_packs(folder: Path) -> tuple[dict[str, dict[str, Source]], list[Fault]]:
    """Read every `<pack>/processes/*.yaml` under *folder*: pack → process key → source, and all faults of shape."""
    faults: list[Fault] = []
    raw: dict[str, dict[str, PlacedDict]] = {}
    for path in sorted(folder.glob("*/processes/*.yaml")):
        file = path.relative_to(folder).as_posix()
        data, found = read_yaml(path.read_text(encoding="utf-8"), file)
        faults += found
        if data is None:
            continue
        key = data.get("key")
        if key is not None and key != path.stem:
            faults.append(Fault(place_of(data, ("key",)), f"the key {key!r} must be the file's name, {path.stem!r}"))
        raw.setdefault(path.parent.parent.name, {})[path.stem] = data
    sources: dict[str, dict[str, Source]] = {}
    for pack, definitions in raw.items():
        for key in definitions:
            source = _resolve(raw, pack, key, faults)
            if source is not None:
                sources.setdefault(pack, {})[key] = source
    return sources, faults


def _resolve(raw: Mapping[str, Mapping[str, PlacedDict]], pack: str, key: str, faults: list[Fault]) -> Source | None:
    chain: list[PlacedDict] = []
    seen: list[str] = []
    name: Any = pack
    while name is not None:
        if name in seen:
            faults.append(Fault(place_of(chain[-1], ("extends",)), f"extends runs in a circle: {', '.join(seen)}"))
            return None
        if key not in raw.get(str(name), {}):
            faults.append(Fault(place_of(chain[-1], ("extends",)), f"extends: pack {name!r} has no process {key!r}"))
            return None
        seen.append(str(name))
        chain.append(raw[str(name)][key])
        name = chain[-1].get("extends")
    data = extend(PlacedDict(chain[-1].place), chain[-1], faults)
    for child in reversed(chain[:-1]):
        data = extend(data, child, faults)
    return build(data, faults)
