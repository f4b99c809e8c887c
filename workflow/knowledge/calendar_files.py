"""A pack's own calendar days: `calendars/*.yaml`, for what the library lacks or a new decree changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, StrictInt, ValidationError

from workflow.knowledge.calendars import WorkingCalendar, working_calendar
from workflow.knowledge.lined_yaml import InvalidFilesError, Problem, read_lined_yaml
from workflow.knowledge.visa_rules import CountryCode


class CalendarFile(BaseModel):
    """One country's own days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: CountryCode
    years_checked: tuple[StrictInt, ...] = ()
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class PackCalendars:
    """The own days of a pack; `calendar` makes calendars that heed them."""

    overrides: Mapping[str, Mapping[date, bool]] = field(default_factory=dict)
    known_years: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def calendar(self, *keys: str) -> WorkingCalendar:
        """Give the working calendar of these countries."""
        return working_calendar(*keys, overrides=self.overrides, known_years=self.known_years)


def load_calendars(folder: Path | Traversable) -> PackCalendars:
    """Load a pack's calendars; anything wrong raises `InvalidFilesError` with every problem."""
    problems: list[Problem] = []
    overrides: dict[str, dict[date, bool]] = {}
    known: dict[str, tuple[int, ...]] = {}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if not entry.name.endswith(".yaml"):
            continue
        try:
            lined = read_lined_yaml(entry.name, entry.read_text(encoding="utf-8"))
        except InvalidFilesError as error:
            problems.extend(error.problems)
            continue
        try:
            own = CalendarFile.model_validate(lined.data)
        except ValidationError as error:
            problems.extend(lined.problems_of(error))
            continue
        if own.country in known:
            problems.append(lined.problem(("country",), "another file is of this country"))
        days = dict.fromkeys(own.days_off, False) | dict.fromkeys(own.working_days, True)
        if len(days) < len(own.days_off) + len(own.working_days):
            problems.append(lined.problem(("working_days",), "a day stands twice"))
        overrides[own.country] = days
        known[own.country] = own.years_checked
    if problems:
        raise InvalidFilesError(problems)
    return PackCalendars(overrides, known)
