"""Typed tables that let a lower room set off a higher one without importing it.

They are filled in `workflow/app.py` only and then frozen; an unknown name fails at start or on first use, loudly.
"""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Names → things of one type."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> None:
        """Enter a thing; the same name twice for different things is an error."""
        if self._things.get(name, thing) is not thing:
            raise ValueError(f"{self.what} {name!r} is registered twice")
        self._things[name] = thing

    def add_all(self, things: Mapping[str, T]) -> None:
        """Enter many."""
        for name, thing in things.items():
            self.add(name, thing)

    def get(self, name: str) -> T:
        """Give the thing of that name.

        Raises:
            LookupError: nobody registered it; the message lists what is there.
        """
        try:
            return self._things[name]
        except KeyError:
            known = ", ".join(sorted(self._things)) or "none"
            raise LookupError(f"unknown {self.what} {name!r}; known: {known}") from None

    def names(self) -> frozenset[str]:
        """All names."""
        return frozenset(self._things)

    def items(self) -> Iterator[tuple[str, T]]:
        """All pairs."""
        return iter(list(self._things.items()))

    def __contains__(self, name: object) -> bool:
        return name in self._things
