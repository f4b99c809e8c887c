"""Decisions of the process engine, without a database: open steps, verdicts, the back-plan, the answer tables.

Every state and action has one answer here (`ANSWERS`), so that nothing is silently ignored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from workflow.knowledge.calendars import Unit, WorkingCalendar, roll_back, roll_forward, shift
from workflow.process.definitions import Calendars, Condition, Deadline, Definition, Step
from workflow.visits.rules import Standing

R = TypeVar("R")


class Action(StrEnum):
    """What can be asked of the engine."""

    ADVANCE = "advance"
    CANCEL = "cancel"
    POSTPONE = "postpone"
    RESUME = "resume"
    CHANGE_DATES = "change-dates"
    MOVE_VERSION = "move-version"


_POSTPONED = "process.visit-postponed"
_CANCELLED = "process.visit-cancelled"
_CLOSED = "process.visit-closed"

ANSWERS: Mapping[tuple[Standing, Action], str | None] = {
    (Standing.LIVE, Action.ADVANCE): None,
    (Standing.LIVE, Action.CANCEL): None,
    (Standing.LIVE, Action.POSTPONE): None,
    (Standing.LIVE, Action.RESUME): "process.visit-not-postponed",
    (Standing.LIVE, Action.CHANGE_DATES): None,
    (Standing.LIVE, Action.MOVE_VERSION): None,
    (Standing.POSTPONED, Action.ADVANCE): _POSTPONED,
    (Standing.POSTPONED, Action.CANCEL): None,
    (Standing.POSTPONED, Action.POSTPONE): "process.visit-already-postponed",
    (Standing.POSTPONED, Action.RESUME): None,
    (Standing.POSTPONED, Action.CHANGE_DATES): None,
    (Standing.POSTPONED, Action.MOVE_VERSION): None,
    (Standing.CANCELLED, Action.ADVANCE): _CANCELLED,
    (Standing.CANCELLED, Action.CANCEL): "process.visit-already-cancelled",
    (Standing.CANCELLED, Action.POSTPONE): _CANCELLED,
    (Standing.CANCELLED, Action.RESUME): _CANCELLED,
    (Standing.CANCELLED, Action.CHANGE_DATES): _CANCELLED,
    (Standing.CANCELLED, Action.MOVE_VERSION): _CANCELLED,
    # A closed visit advances only by a step that the definition lets lead out of its end: reopening.
    (Standing.CLOSED, Action.ADVANCE): None,
    (Standing.CLOSED, Action.CANCEL): _CLOSED,
    (Standing.CLOSED, Action.POSTPONE): _CLOSED,
    (Standing.CLOSED, Action.RESUME): _CLOSED,
    (Standing.CLOSED, Action.CHANGE_DATES): _CLOSED,
    (Standing.CLOSED, Action.MOVE_VERSION): _CLOSED,
}
"""None: it can be done (where the step's conditions hold); otherwise the code of the error that says why not."""


def open_steps(definition: Definition, stage: str) -> tuple[Step, ...]:
    """Give the steps that lead on from *stage*, in the order of the definition."""
    return tuple(step for step in definition.steps if stage in step.from_)


def next_step(definition: Definition, stage: str) -> Step | None:
    """Give the step that the process expects next: the first that does not go back."""
    final = definition.stage(stage).final
    return None if final else next((step for step in open_steps(definition, stage) if not step.back), None)


def before_the_days(definition: Definition, stage: str) -> bool:
    """Say whether a visit in *stage* is still being prepared: the step that waits for its first day is ahead."""
    waiting = [
        definition.position(name)
        for step in definition.steps
        if any(check.waiting for check in step.checks())
        for name in step.from_
    ]
    return bool(waiting) and definition.position(stage) < min(waiting)


@dataclass(frozen=True)
class Finding(Generic[R]):
    """A check that is not met, with its reasons; `overridden` when a manager has gone past it."""

    condition: Condition
    reasons: tuple[R, ...]
    overridden: bool = False
    negated: bool = False


@dataclass(frozen=True)
class Verdict(Generic[R]):
    """Whether a step's conditions let it be taken, and everything that is not truly met."""

    open: bool
    findings: tuple[Finding[R], ...] = ()

    @property
    def blocking(self) -> tuple[Finding[R], ...]:
        """What keeps the step from being taken."""
        return () if self.open else tuple(found for found in self.findings if not found.overridden)

    @property
    def overridden(self) -> tuple[Finding[R], ...]:
        """What a manager has gone past and is still not true."""
        return tuple(found for found in self.findings if found.overridden)


def judge(
    conditions: Sequence[Condition], answers: Mapping[str, Sequence[R]], overridden: frozenset[str] = frozenset()
) -> Verdict[R]:
    """Combine the answers of the named checks (by `Condition.key`; no reasons means met) into one verdict."""
    verdicts = [_judge(condition, answers, overridden) for condition in conditions]
    findings = tuple(found for verdict in verdicts for found in verdict.findings)
    return Verdict(all(verdict.open for verdict in verdicts), findings)


def _judge(condition: Condition, answers: Mapping[str, Sequence[R]], overridden: frozenset[str]) -> Verdict[R]:
    if condition.all is not None:
        return judge(condition.all, answers, overridden)
    if condition.any is not None:
        verdicts = [_judge(part, answers, overridden) for part in condition.any]
        if any(verdict.open and not verdict.findings for verdict in verdicts):
            return Verdict(open=True)
        findings = tuple(found for verdict in verdicts for found in verdict.findings)
        return Verdict(any(verdict.open for verdict in verdicts), findings)
    if condition.not_ is not None:
        if not _judge(condition.not_, answers, frozenset()).open:
            return Verdict(open=True)
        leaves = tuple(condition.not_.checks())
        passed = all(leaf.key in overridden and leaf.may_be_overridden for leaf in leaves)
        return Verdict(passed, tuple(Finding(leaf, (), passed, negated=True) for leaf in leaves))
    reasons = tuple(answers[condition.key])
    if not reasons:
        return Verdict(open=True)
    passed = condition.key in overridden and condition.may_be_overridden
    return Verdict(passed, (Finding(condition, reasons, passed),))


class Colour(StrEnum):
    """What a glance at the board should say of a visit."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


RED_DAYS = 2
"""So many days before a visit begins, anything that is still missing is red."""


def colour(verdict: Verdict[R], *, late: int, days_left: int | None) -> Colour:
    """Say how a live visit stands: *late* things past their day, *days_left* to its first day (None: no date).

    Red: something is late, or was overridden and is still untrue, or is missing at the last moment. Amber: something
    is missing, with time left. Green: nothing but time stands before the next step.
    """
    missing = [found for found in verdict.blocking if not found.condition.waiting]
    if late or verdict.overridden or (missing and days_left is not None and days_left <= RED_DAYS):
        return Colour.RED
    return Colour.AMBER if missing else Colour.GREEN


@dataclass(frozen=True)
class OfficeCalendars:
    """The calendars a visit's working days are counted by: ours, the partner's, and days on which both work."""

    ours: WorkingCalendar
    theirs: WorkingCalendar
    both: WorkingCalendar

    def of(self, which: Calendars) -> WorkingCalendar:
        """Give the calendar that a deadline names."""
        return {Calendars.OURS: self.ours, Calendars.THEIRS: self.theirs, Calendars.BOTH: self.both}[which]


@dataclass(frozen=True)
class Planned:
    """A deadline with its day. `ideal_on` is the day by the offset; `due_on` is later when notice was too short.

    `uncertain` names countries whose free days of that year nobody has confirmed yet.
    """

    deadline: Deadline
    anchor_on: date
    ideal_on: date
    due_on: date
    calendars: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()

    @property
    def short_notice(self) -> bool:
        """Whether the visit was opened too late for the offset."""
        return self.due_on != self.ideal_on


def day_of(deadline: Deadline, anchor_on: date, calendar: WorkingCalendar) -> date:
    """Count a deadline's offset from its anchor, ending on a working day.

    What falls on a free day is due on the working day before it when counted back, after it when counted on.
    """
    day = shift(anchor_on, deadline.offset, deadline.unit, calendar)
    return roll_back(day, calendar) if deadline.offset < 0 else roll_forward(day, calendar)


def plan(
    definition: Definition, anchors: Mapping[str, date], calendars: OfficeCalendars, *, opened_on: date | None = None
) -> list[Planned]:
    """Back-plan a visit: every deadline whose anchor has a date, in order of due days.

    Nothing is due before the working day after *opened_on*: what the offset puts earlier is due then, and marked.
    """
    soonest = None if opened_on is None else shift(opened_on, 1, Unit.WORKDAY, calendars.ours)
    planned = []
    for deadline in definition.deadlines:
        anchor_on = anchors.get(deadline.anchor)
        if anchor_on is None:
            continue
        calendar = calendars.of(deadline.calendars)
        ideal = day_of(deadline, anchor_on, calendar)
        due = ideal if soonest is None or ideal >= soonest else soonest
        uncertain = calendar.uncertain_keys(due.year)
        planned.append(Planned(deadline, anchor_on, ideal, due, calendar.keys, uncertain))
    return sorted(planned, key=lambda item: (item.due_on, item.deadline.key))


@dataclass(frozen=True)
class Move:
    """What a change does to one deadline; None on the side where it is not wanted."""

    deadline: Deadline
    before: date | None
    after: date | None


def moves(before: Sequence[Planned], after: Sequence[Planned]) -> list[Move]:
    """Compare two plans and list only what changes, by the new day."""
    old = {item.deadline.key: item for item in before}
    new = {item.deadline.key: item for item in after}
    found = []
    for key in old | new:
        was = old[key].due_on if key in old else None
        will = new[key].due_on if key in new else None
        if was != will:
            found.append(Move((new.get(key) or old[key]).deadline, was, will))
    return sorted(found, key=lambda move: (move.after or move.before or date.max, move.deadline.key))


def draw(definition: Definition, current: str | None = None, language: str = "en") -> str:
    """Draw the definition as a Mermaid state diagram; *current* is marked."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{_label(stage.title.in_language(language))}" as {_node(stage.key)}'
              for stage in definition.stages]
    lines.append(f"    [*] --> {_node(definition.start.key)}")
    for step in definition.steps:
        label = _label(step.title.in_language(language))
        lines += [f"    {_node(name)} --> {_node(step.to)} : {label}" for name in step.from_]
    lines += [f"    {_node(stage.key)} --> [*]" for stage in definition.stages if stage.final]
    if current is not None:
        lines += ["    classDef here fill:#1f5f8b,color:#ffffff", f"    class {_node(current)} here"]
    return "\n".join(lines) + "\n"


def _node(key: str) -> str:
    return key.replace("-", "_")


def _label(text: str) -> str:
    return text.replace('"', "'").replace(":", " -").replace(";", ",").replace("\n", " ")
