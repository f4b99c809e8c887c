"""What people do with a visit's course: advance, go past a condition, cancel, postpone, resume, change dates.

Every verb locks the visit's row, asks `rules.ANSWERS` whether it can be done in this standing, then checks the version
that the actor saw. Each has one answer: done, or an error that says why not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base import jobs
from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import expect_version, insert_or_ignore
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from workflow.base.events import record
from workflow.base.reasons import Reason
from workflow.mail.service import withdraw_mails
from workflow.office.queries import our_zone
from workflow.process.conditions import ask
from workflow.process.deadlines import Planner, sync_visits
from workflow.process.definitions import Definition, Step
from workflow.process.models import ConditionOverride
from workflow.process.publishing import definition_of
from workflow.process.reactions import RECOMPUTE, TELL, VISAS, enqueue_stage_reactions
from workflow.process.readiness import reasons_of
from workflow.process.rules import ANSWERS, Action, Move, Planned, Verdict, judge, moves, open_steps
from workflow.programme.queries import days_off_of
from workflow.reminders.service import withdraw_visit
from workflow.visits.days_off import DayOff
from workflow.visits.models import Told, Visit
from workflow.visits.queries import get_visit, people_of_visit
from workflow.visits.rules import Dates, Standing
from workflow.visits.service import write_dates, write_stage, write_standing


def _hold(session: Session, actor: Actor, visit_id: int, action: Action, version: int | None) -> Visit:
    """Load and lock a visit for an action that its standing allows."""
    visit = get_visit(session, actor, visit_id, for_update=True)
    if not actor.may(Permission.VISITS_WRITE):
        raise Forbidden
    code = ANSWERS[(Standing(visit.standing), action)]
    if code is not None:
        raise Conflict(code)
    expect_version(visit, version, {"stage": visit.stage, "arrival": visit.arrival, "departure": visit.departure})
    return visit


def advance_visit(
    session: Session, actor: Actor, now: datetime, visit_id: int, step: str, version: int | None = None, *,
    overrides: Mapping[str, str] | None = None, reason: str = "",
) -> Visit:
    """Take a step of the visit's process; *overrides* maps condition keys to the reasons for going past them.

    Raises:
        NotFound: there is no such visit for this actor.
        Conflict: the visit is postponed or cancelled, or the step does not lead on from where it stands.
        Stale: somebody else changed the visit meanwhile.
        Forbidden: the step, or going past a condition, is not the actor's to take.
        Invalid: a reason is missing, or an override names what the step does not ask.
        Refused: conditions are not met; lists every reason with the place where it is put right.
    """
    visit = _hold(session, actor, visit_id, Action.ADVANCE, version)
    definition = definition_of(session, visit.process_key, visit.process_version)
    taken = _step(definition, visit, step)
    if not actor.may(taken.permission):
        raise Forbidden("process.step-not-yours")
    if taken.needs_reason and not reason.strip():
        raise Invalid("process.reason-missing", field="reason")
    given = {key: text.strip() for key, text in (overrides or {}).items()}
    _check_overrides(actor, taken, given)
    answers = ask(session, ((visit.id, condition) for condition in taken.conditions)).get(visit.id, {})
    verdict = judge(taken.conditions, answers, frozenset(given))
    if not verdict.open:
        _refuse(verdict, taken, definition, visit)
    _record_overrides(session, actor, now, visit, taken, verdict, given)
    target = definition.stage(taken.to)
    if visit.standing == Standing.CLOSED and not target.final:
        visit.standing, visit.closed_at = Standing.LIVE, None
        record(session, actor, now, "process.visit.reopened", subject=visit, visit_id=visit.id,
               changes={"standing": (Standing.CLOSED, Standing.LIVE)}, note=reason.strip())
    write_stage(session, actor, now, visit, target.key, step=taken.key, note=reason.strip(), closes=target.final)
    enqueue_stage_reactions(session, actor, now, visit, target)
    _follow(session, now, visit)
    return visit


def _step(definition: Definition, visit: Visit, key: str) -> Step:
    for step in open_steps(definition, visit.stage):
        if step.key == key:
            return step
    stage = definition.stage(visit.stage).title.model_dump()
    for step in definition.steps:
        if step.key == key:
            raise Conflict("process.step-not-open", stage=stage, step=step.title.model_dump())
    raise Invalid("process.no-such-step", field="step", stage=stage)


def _check_overrides(actor: Actor, step: Step, given: Mapping[str, str]) -> None:
    if not given:
        return
    if not actor.may(Permission.CONDITIONS_OVERRIDE):
        raise Forbidden("process.override-not-yours")
    checks = {check.key: check for check in step.checks()}
    for key, reason in given.items():
        if key not in checks:
            raise Invalid("process.override-unknown", field="overrides", condition=key)
        if checks[key].law:
            raise Forbidden("process.override-law")
        if not checks[key].may_be_overridden:
            raise Forbidden("process.override-fixed")
        if not reason:
            raise Invalid("process.override-reason-missing", field="overrides", condition=key)


def _refuse(verdict: Verdict[Reason], step: Step, definition: Definition, visit: Visit) -> None:
    raise Refused(
        "process.step-refused", reasons_of(verdict.blocking), step=step.title.model_dump(),
        stage=definition.stage(visit.stage).title.model_dump(),
    )


def _record_overrides(
    session: Session, actor: Actor, now: datetime, visit: Visit, step: Step, verdict: Verdict[Reason],
    given: Mapping[str, str],
) -> None:
    insert = insert_or_ignore(session)
    for key in dict.fromkeys(found.condition.key for found in verdict.overridden):
        values = {"step": step.key, "reason": given[key][:1000], "account_id": actor.account_id, "at": now}
        session.execute(
            insert(ConditionOverride).values(visit_id=visit.id, condition_key=key, **values)
            .on_conflict_do_update(index_elements=["visit_id", "condition_key"], set_=values)
        )
        record(session, actor, now, "process.condition.overridden", subject=visit, visit_id=visit.id,
               changes={"condition": (None, key)}, note=given[key])


def _follow(session: Session, now: datetime, visit: Visit) -> None:
    if visit.standing in (Standing.CANCELLED, Standing.CLOSED):
        withdraw_visit(session, now, visit.id)
    else:
        sync_visits(session, now, [visit])


def _tell_anew(session: Session, now: datetime, visit: Visit) -> None:
    """Drop news of an earlier change that nobody was told yet: the coming news says how things stand then."""
    jobs.withdraw(session, now, visit_id=visit.id, kinds=(TELL,))


def cancel_visit(
    session: Session, actor: Actor, now: datetime, visit_id: int, version: int | None = None, *, reason: str
) -> Visit:
    """Cancel a visit for good: reminders and unsent mails are withdrawn, and those who were told are told, once.

    Raises:
        NotFound, Conflict, Stale, Forbidden: as for every verb.
        Invalid: no reason was given.
    """
    visit = _hold(session, actor, visit_id, Action.CANCEL, version)
    if not reason.strip():
        raise Invalid("process.reason-missing", field="reason")
    definition = definition_of(session, visit.process_key, visit.process_version)
    begun = {reaction.job for stage in definition.stages for reaction in stage.reactions}
    withdraw_mails(session, now, visit.id)
    jobs.withdraw(session, now, visit_id=visit.id, kinds=sorted({*begun, RECOMPUTE, TELL, VISAS}))
    write_standing(session, actor, now, visit, Standing.CANCELLED, reason=reason.strip())
    _follow(session, now, visit)
    return visit


def postpone_visit(
    session: Session, actor: Actor, now: datetime, visit_id: int, version: int | None = None, *, reason: str
) -> Visit:
    """Put a visit off without a day: its stage and all progress are kept, its reminders wait.

    Raises:
        NotFound, Conflict, Stale, Forbidden: as for every verb.
        Invalid: no reason was given.
    """
    visit = _hold(session, actor, visit_id, Action.POSTPONE, version)
    if not reason.strip():
        raise Invalid("process.reason-missing", field="reason")
    _tell_anew(session, now, visit)
    write_standing(session, actor, now, visit, Standing.POSTPONED, reason=reason.strip())
    return visit


def resume_visit(
    session: Session, actor: Actor, now: datetime, visit_id: int, version: int | None = None, *,
    dates: Dates | None = None, reason: str = "",
) -> Visit:
    """Take up a postponed visit where it stood, perhaps with new *dates*; everything due is planned anew.

    Raises:
        NotFound, Conflict, Stale, Forbidden: as for every verb.
        Invalid: the dates cannot be, or are past.
    """
    visit = _hold(session, actor, visit_id, Action.RESUME, version)
    wanted = dates or Dates(visit.arrival, visit.departure)
    _check_dates(session, now, wanted)
    if dates is not None:
        write_dates(session, actor, now, visit, dates, note=reason.strip())
    _tell_anew(session, now, visit)
    write_standing(session, actor, now, visit, Standing.LIVE, reason=reason.strip())
    _follow(session, now, visit)
    return visit


def change_dates(
    session: Session, actor: Actor, now: datetime, visit_id: int, version: int | None = None, *, dates: Dates,
    reason: str = "",
) -> Visit:
    """Move a visit; everything that hangs on its days moves along, and those who were told are told again, once.

    Raises:
        NotFound, Conflict, Stale, Forbidden: as for every verb.
        Invalid: the dates cannot be.
    """
    visit = _hold(session, actor, visit_id, Action.CHANGE_DATES, version)
    _tell_anew(session, now, visit)
    if not write_dates(session, actor, now, visit, dates, note=reason.strip()):
        raise Invalid("process.dates-same", field="arrival")
    _follow(session, now, visit)
    return visit


def _check_dates(session: Session, now: datetime, dates: Dates) -> None:
    if dates.departure is not None and dates.departure < local_date(now, our_zone(session)):
        raise Invalid("process.dates-past", field="departure")


@dataclass(frozen=True)
class DatesPreview:
    """What changing dates would do: what moves, what is late at once, how many are told, what falls on days off."""

    before: Dates
    after: Dates
    moves: Sequence[Move]
    plan: Sequence[Planned]
    late: frozenset[str]
    told_outside: int
    told_staff: int
    days_off: Sequence[DayOff] = ()


def preview_change_of_dates(
    session: Session, actor: Actor, now: datetime, visit_id: int, dates: Dates
) -> DatesPreview:
    """Say what a change of dates would do, without doing it.

    Raises:
        NotFound: there is no such visit for this actor.
        Conflict: the visit's standing does not allow it.
        Invalid: the dates cannot be.
    """
    visit = get_visit(session, actor, visit_id)
    code = ANSWERS[(Standing(visit.standing), Action.CHANGE_DATES)]
    if code is not None:
        raise Conflict(code)
    if dates.problem:
        raise Invalid(dates.problem, field=dates.faulty)
    planner = Planner.of(session, [visit])
    if not planner.runs(visit):
        raise NotFound("process")
    before, after = planner.plan(visit), planner.plan(visit, dates)
    moved = moves(before, after)
    today: date = local_date(now, planner.zone)
    outside = session.scalar(select(func.count(Told.id)).where(Told.visit_id == visit.id)) or 0
    staff = {account for account, _ in people_of_visit(session, visit.id)} - {actor.account_id}
    return DatesPreview(
        Dates(visit.arrival, visit.departure), dates, moved, after,
        frozenset(move.deadline.key for move in moved if move.after is not None and move.after < today),
        outside, len(staff), days_off_of(session, visit, dates),
    )


