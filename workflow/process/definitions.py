"""What a process definition is: the shape of the YAML in `workflow/packs/*/processes/`.

A definition says which stages a visit passes, which steps lead from one to the next, what must be true for a step,
what a stage sets in motion, and by when things are due. It holds names of checks and jobs, never expressions: there
is nothing in it to evaluate. `loading` reads the files, `checking` says what is wrong with them, `rules` answers
questions about them. Cancelling, postponing and resuming belong to the engine and are in no definition.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from workflow.knowledge.calendars import Unit
from workflow.visits.rules import Direction

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
CheckName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Params = dict[str, str | int | bool | list[str]]


class _Part(BaseModel):
    """Immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Titles(_Part):
    """A name in both languages of the office."""

    en: Text
    ru: Text

    def in_language(self, language: str) -> str:
        """Give the title in *language*; English where we do not have it."""
        return self.ru if language.startswith("ru") else self.en


class Condition(_Part):
    """One named check with parameters, or several joined by all, any or not.

    `law`: nobody may override it. `waiting`: only time can meet it, so it is nobody's arrears while it is open.
    """

    check: CheckName | None = None
    params: Params = Field(default_factory=dict)
    law: bool = False
    overridable: bool = True
    waiting: bool = False
    title: Titles | None = None
    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None
    not_: "Condition | None" = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in (self.check, self.all, self.any, self.not_) if kind is not None]
        if len(given) != 1:
            raise ValueError("a condition has exactly one of: check, all, any, not")
        if self.check is None and (self.params or self.law or not self.overridable or self.waiting or self.title):
            raise ValueError("params, law, overridable, waiting and title belong to a check")
        if self.all == () or self.any == ():
            raise ValueError("all and any need at least one condition")
        return self

    @property
    def key(self) -> str:
        """The name under which a check is overridden and shown: the check and its parameters."""
        listed = ",".join(f"{name}={_plain(value)}" for name, value in sorted(self.params.items()))
        return f"{self.check}({listed})" if listed else str(self.check)

    @property
    def may_be_overridden(self) -> bool:
        """Whether a manager may go past it with a reason; never past law."""
        return self.overridable and not self.law

    def checks(self) -> Iterator["Condition"]:
        """Walk all named checks in it, in the order of writing."""
        if self.check is not None:
            yield self
        for part in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from part.checks()


def _plain(value: str | int | bool | list[str]) -> str:
    return "+".join(value) if isinstance(value, list) else str(value)


class Reaction(_Part):
    """A job that entering a stage sets in motion."""

    job: CheckName
    params: Params = Field(default_factory=dict)


class Stage(_Part):
    """Where the whole visit can stand. The first one listed is where it begins; a final one is an end."""

    key: Key
    title: Titles
    final: bool = False
    reactions: tuple[Reaction, ...] = ()


class Step(_Part):
    """A way from one or more stages to another, what must be true to take it, and who may.

    A step `back` leads to an earlier stage; it is not offered as the next one.
    """

    key: Key
    from_: tuple[Key, ...] = Field(alias="from", min_length=1)
    to: Key
    title: Titles
    permission: str = "visits:write"
    needs_reason: bool = False
    back: bool = False
    conditions: tuple[Condition, ...] = ()

    def checks(self) -> Iterator[Condition]:
        """Walk all named checks of the step."""
        for condition in self.conditions:
            yield from condition.checks()


class Calendars(StrEnum):
    """Whose working days are counted."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Owner(StrEnum):
    """Who has to see to it."""

    RESPONSIBLE = "responsible"
    SUBSTITUTE = "substitute"


class Basis(StrEnum):
    """What a deadline rests on."""

    LAW = "law"
    PRACTICE = "practice"
    INTERNAL = "internal"


def _as_unit(value: Any) -> Any:
    return value[:-1] if isinstance(value, str) and value.endswith("s") else value


class Deadline(_Part):
    """A thing that must be done by a day that hangs on an anchor.

    A negative offset counts back from the anchor. It is wanted from stage `since` (by default from the beginning)
    and outstanding until `done_when` is true.
    """

    key: Key
    title: Titles
    anchor: str
    offset: int = Field(ge=-3660, le=3660)
    unit: Annotated[Unit, BeforeValidator(_as_unit)]
    calendars: Calendars = Calendars.OURS
    owner: Owner = Owner.RESPONSIBLE
    done_when: Condition
    since: Key | None = None
    basis: Basis = Basis.INTERNAL
    source: Titles
    page: str = Field(default="desk.visit", pattern=r"^[a-z_]+\.[a-z_]+$")


class Definition(_Part):
    """A whole process: what `ProcessDefinition` rows hold, with what it extends already worked in.

    `directions` are those of the visits that it is made for; none named: any.
    """

    key: Key
    title: Titles
    directions: tuple[Direction, ...] = ()
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...] = ()

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        if len(self.stages) < 2 or not self.steps:
            raise ValueError("a process has at least two stages and a step between them")
        return self

    @property
    def start(self) -> Stage:
        """The stage in which a visit begins."""
        return self.stages[0]

    def stage(self, key: str) -> Stage:
        """Give a stage by its key.

        Raises:
            LookupError: there is none.
        """
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise LookupError(f"process {self.key!r} has no stage {key!r}")

    def has(self, key: str) -> bool:
        """Say whether there is a stage of that key."""
        return any(stage.key == key for stage in self.stages)

    def position(self, key: str) -> int:
        """Give how far along the stage is; the first is 0.

        Raises:
            LookupError: there is no such stage.
        """
        return self._positions[key]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {stage.key: position for position, stage in enumerate(self.stages)}

    def reached(self, current: str, key: str) -> bool:
        """Say whether a visit standing in *current* has come to stage *key* or further."""
        return self.position(current) >= self.position(key)


def dump(definition: Definition) -> str:
    """Write a definition as the YAML that is published: complete, canonical, free of `extends`."""
    plain = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110)


def parse(text: str) -> Definition:
    """Read back what `dump` wrote."""
    return Definition.model_validate(yaml.load(text, Loader=SafeLoader))  # noqa: S506 — a safe loader, in C


def fingerprint(text: str) -> str:
    """Give the SHA-256 by which a published definition is known."""
    return hashlib.sha256(text.encode()).hexdigest()


SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader where there is one: thirty times as fast."""
