"""How visits stand: what their next steps ask, what is missing and why. Many visits, a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.reasons import Reason
from workflow.office.queries import our_zone
from workflow.process.conditions import ask
from workflow.process.definitions import Condition, Definition, Stage, Step
from workflow.process.models import ConditionOverride
from workflow.process.publishing import Version, definitions_of
from workflow.process.rules import Colour, Finding, Verdict, before_the_days, colour, judge, next_step, open_steps
from workflow.reminders.queries import late_counts
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by
from workflow.visits.rules import Standing


@dataclass(frozen=True)
class StepView:
    """One step that leads on from where the visit stands."""

    step: Step
    verdict: Verdict[Reason]
    permitted: bool


@dataclass(frozen=True)
class Passed:
    """A condition that a manager went past and that is still not met."""

    condition: Condition
    reasons: tuple[Reason, ...]
    override: ConditionOverride


@dataclass(frozen=True)
class Readiness:
    """What can be said of a visit at a glance. `next` is None at the end of the process."""

    visit_id: int
    standing: Standing
    definition: Definition
    stage: Stage
    steps: tuple[StepView, ...]
    next: StepView | None
    passed: tuple[Passed, ...]
    late: int
    colour: Colour

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that keeps the next step from being taken, then what was gone past and is still not true."""
        blocking = () if self.next is None else reasons_of(self.next.verdict.blocking)
        return (*blocking, *(reason for passed in self.passed for reason in passed.reasons))

    @property
    def blocked(self) -> bool:
        """Whether something that a person can put right keeps the visit from going on."""
        found = () if self.next is None else self.next.verdict.blocking
        return any(not finding.condition.waiting for finding in found)


def reasons_of(findings: Sequence[Finding[Reason]]) -> tuple[Reason, ...]:
    """Give the reasons of findings, each said once; a check that must not be met has none of its own and gets one."""
    found: list[Reason] = []
    for finding in findings:
        if finding.negated:
            found.append(Reason("process.must-not-hold", {"condition": finding.condition.key}))
        found += [reason for reason in finding.reasons if reason not in found]
    return tuple(found)


def readiness(session: Session, visit_ids: Sequence[int], actor: Actor, now: datetime) -> dict[int, Readiness]:
    """Say how visits stand; those that the actor may not see are left out."""
    visits = session.scalars(select(Visit).where(Visit.id.in_(visit_ids), seen_by(actor, Visit.id))).all()
    definitions = definitions_of(session, {(visit.process_key, visit.process_version) for visit in visits})
    overrides: dict[int, list[ConditionOverride]] = {}
    for row in session.scalars(
        select(ConditionOverride).where(ConditionOverride.visit_id.in_([visit.id for visit in visits]))
        .order_by(ConditionOverride.id)
    ):
        overrides.setdefault(row.visit_id, []).append(row)
    known = [visit for visit in visits if _runs(visit, definitions)]
    questions: list[tuple[int, Condition]] = []
    for visit in known:
        definition = definitions[(visit.process_key, visit.process_version)]
        if visit.standing in (Standing.LIVE, Standing.POSTPONED):
            questions += [(visit.id, condition) for step in open_steps(definition, visit.stage)
                          for condition in step.conditions]
        questions += [(visit.id, check) for check in _named(definition, overrides.get(visit.id, ()))]
    answers = ask(session, questions)
    late = late_counts(session, now, [visit.id for visit in known])
    today = local_date(now, our_zone(session))
    return {
        visit.id: _view(visit, definitions[(visit.process_key, visit.process_version)], actor, today,
                        answers.get(visit.id, {}), overrides.get(visit.id, ()), late.get(visit.id, 0))
        for visit in known
    }


def _runs(visit: Visit, definitions: Mapping[Version, Definition]) -> bool:
    definition = definitions.get((visit.process_key, visit.process_version))
    return definition is not None and definition.has(visit.stage)


def _named(definition: Definition, overrides: Sequence[ConditionOverride]) -> list[Condition]:
    wanted = {row.condition_key for row in overrides}
    found = {check.key: check for step in definition.steps for check in step.checks() if check.key in wanted}
    return list(found.values())


def _view(
    visit: Visit, definition: Definition, actor: Actor, today: date, answers: Mapping[str, Sequence[Reason]],
    overrides: Sequence[ConditionOverride], late: int,
) -> Readiness:
    standing = Standing(visit.standing)
    going = standing in (Standing.LIVE, Standing.POSTPONED)
    offered = open_steps(definition, visit.stage) if going or standing is Standing.CLOSED else ()
    steps = tuple(
        StepView(step, judge(step.conditions, answers) if going else Verdict(open=True), actor.may(step.permission))
        for step in offered
    )
    first = next_step(definition, visit.stage) if going else None
    following = next((view for view in steps if first is not None and view.step.key == first.key), None)
    checks = {check.key: check for check in _named(definition, overrides)}
    passed = tuple(
        Passed(checks[row.condition_key], tuple(answers[row.condition_key]), row)
        for row in overrides
        if row.condition_key in checks and answers.get(row.condition_key)
    )
    shown = Verdict[Reason](open=True) if following is None else following.verdict
    if passed:
        over = tuple(Finding(item.condition, item.reasons, overridden=True) for item in passed)
        shown = Verdict(shown.open, (*shown.blocking, *over))
    counts = standing is Standing.LIVE and visit.arrival is not None and before_the_days(definition, visit.stage)
    days_left = (visit.arrival - today).days if counts and visit.arrival is not None else None
    how = colour(shown, late=late, days_left=days_left) if going else Colour.GREEN
    return Readiness(visit.id, standing, definition, definition.stage(visit.stage), steps, following, passed,
                     late if going else 0, how)
