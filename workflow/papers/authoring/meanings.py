"""The facts by name and meaning: what a kind may ask for, as a tree to check against and a palette to choose from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MEANINGS = Path(__file__).with_name("meanings.yaml")
OWN = "paper"
"""The section that the system enters for every paper."""


@dataclass
class Shape:
    """What stands under a name: a fact, a group of facts, or a list (`item` says of what)."""

    path: str
    title: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    parts: dict[str, "Shape"] = field(default_factory=dict)
    item: "Shape | None" = None

    @property
    def is_group(self) -> bool:
        """Whether it has facts beneath it."""
        return bool(self.parts)

    @property
    def is_list(self) -> bool:
        """Whether it is gone through with `for`."""
        return self.item is not None or self.form == "lines"


@dataclass(frozen=True)
class Offer:
    """One entry of the palette: what to insert and what it means."""

    insert: str
    meaning: str
    inner: bool = False
    """It stands inside a loop over its list."""


@dataclass(frozen=True)
class Shelf:
    """A section of the palette."""

    key: str
    title: str
    offers: Sequence[Offer]


def _title(told: Sequence[str]) -> dict[str, str]:
    if len(told) < 2 or not all(isinstance(each, str) for each in told):
        raise ValueError(f"a meaning is [Russian, English]: {told!r}")
    return {"ru": told[0], "en": told[1]}


def _section(name: str, told: Mapping[str, Any]) -> Shape:
    root = Shape(name, _title(told["title"]))
    for dotted, meaning in told["facts"].items():
        at = root
        steps = dotted.split(".")
        for step in steps:
            plain = step.removesuffix("[]")
            group = at.item or at
            child = group.parts.setdefault(plain, Shape(f"{group.path}.{plain}"))
            if step.endswith("[]") and child.item is None:
                child.item = Shape(plain.removesuffix("s"))
            at = child
        at.title, at.form = _title(meaning), meaning[2] if len(meaning) > 2 else ""
    return root


@cache
def sections() -> Mapping[str, Shape]:
    """Every section whose facts are known by name."""
    with MEANINGS.open(encoding="utf-8") as stream:
        told: dict[str, Any] = yaml.safe_load(stream)
    return {name: _section(name, one) for name, one in told.items()}


def meaning_of(dotted: str) -> dict[str, str] | None:
    """What a fact means in each language, after the name of its section; None where nobody has described it."""
    first, *rest = dotted.split(".")
    section = shape = sections().get(first)
    for step in rest:
        shape = (shape.item or shape).parts.get(step) if shape is not None else None
    if section is None or shape is None or not shape.title or shape is section:
        return None
    return {code: f"{section.title.get(code, first)}: {title}" for code, title in shape.title.items()}


def known_to(kind_sections: Sequence[str]) -> dict[str, Shape | None]:
    """What a kind's wording may ask for by its first word; None for a section whose facts are not listed."""
    return {name: sections().get(name) for name in (*kind_sections, OWN)}


def names_in(shape: Shape) -> Iterator[str]:
    """The dotted names of all facts beneath a shape that can be printed outside loops."""
    for part in shape.parts.values():
        if part.is_group:
            yield from names_in(part)
        else:
            yield part.path


def _form(path: str, shape: Shape) -> str:
    ending = {"date": "|date", "lines": "|lines"}.get(shape.form, "")
    return "{{ " + path + ending + " }}"


def _offers(shape: Shape, language: str, prefix: str, *, inner: bool) -> Iterator[Offer]:
    for name, part in shape.parts.items():
        path = f"{prefix}.{name}"
        meaning = part.title.get(language, "")
        if part.item is not None:
            loop = part.item.path
            yield Offer("{% for " + loop + " in " + path + " %}\n\n{% endfor %}", meaning, inner)
            yield from _offers(part.item, language, loop, inner=True)
        elif part.is_group:
            yield from _offers(part, language, path, inner=inner)
        else:
            yield Offer(_form(path, part), meaning, inner)


def palette(kind_sections: Sequence[str], language: str) -> list[Shelf]:
    """The facts that a kind may use, by section, in the reader's language."""
    spoken = language if language in ("ru", "en") else "en"
    shelves = []
    for name, shape in known_to(kind_sections).items():
        if shape is not None and name != OWN:
            offers = tuple(_offers(shape, spoken, name, inner=False))
            shelves.append(Shelf(name, shape.title[spoken], offers))
    return shelves
