"""One line of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measured promise."""

    what: str
    measured: str
    promised: str
    kept: bool
