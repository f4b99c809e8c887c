"""Errors that a person can act on.

Each carries a code `room.what-is-wrong` and parameters. The web turns them into a sentence beside the field or into
`application/problem+json`; nothing else words them.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.base.reasons import Reason, Sentence


@dataclass(frozen=True)
class Problem:
    """One wrong value: the field it stands in ("" for the whole), a code and parameters."""

    field: str
    code: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """The problem as a sentence."""
        return Sentence(self.code, self.params)


class DomainError(Exception):
    """Something that a person asked for and that cannot be done, with the reason why."""

    status = 409

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params: dict[str, Any] = params

    @property
    def sentence(self) -> Sentence:
        """The error as a sentence."""
        return Sentence(self.code, self.params)

    @property
    def problems(self) -> Sequence[Problem]:
        """The wrong values, for the form or the problem document."""
        return (Problem(self.field, self.code, self.params),)


class NotFound(DomainError):
    """There is no such thing, or not for this actor: the two are never told apart."""

    status = 404

    def __init__(self, what: str = "thing") -> None:
        super().__init__("base.not-found", what=what)


class Forbidden(DomainError):
    """The actor's roles do not allow acts of this kind."""

    status = 403

    def __init__(self, code: str = "base.forbidden", **params: Any) -> None:
        super().__init__(code, **params)


class Invalid(DomainError):
    """One or more values are wrong; nothing was changed."""

    status = 422

    def __init__(self, code: str = "base.invalid", *, field: str = "", problems: Sequence[Problem] = (),
                 **params: Any) -> None:
        super().__init__(code, field=field, **params)
        self._problems = tuple(problems) or (Problem(field, code, params),)

    @property
    def problems(self) -> Sequence[Problem]:
        """All wrong values at once."""
        return self._problems


class Conflict(DomainError):
    """The thing is no longer in a state in which this can be done; says who and when where known."""

    status = 409


class Stale(Conflict):
    """Somebody else saved this row after the actor had opened it."""

    status = 409

    def __init__(self, current: Mapping[str, Any] | None = None) -> None:
        super().__init__("base.stale")
        self.current = dict(current or {})


class CommitLost(DomainError):
    """The connection to the database broke while it was told to keep what was written: nobody knows whether it did."""

    status = 503

    def __init__(self) -> None:
        super().__init__("base.commit-lost")


class Refused(DomainError):
    """A step is refused; `reasons` lists every reason with the place where it is put right."""

    status = 409

    def __init__(self, code: str, reasons: Sequence[Reason], **params: Any) -> None:
        super().__init__(code, **params)
        self.reasons = tuple(reasons)


class TooMany(DomainError):
    """The limit for such acts is used up for now; `seconds` until it opens again."""

    status = 429

    def __init__(self, code: str = "base.too-many", *, seconds: int, **params: Any) -> None:
        super().__init__(code, seconds=seconds, **params)
        self.seconds = seconds


class TooLarge(DomainError):
    """A file or body is over its limit."""

    status = 413
