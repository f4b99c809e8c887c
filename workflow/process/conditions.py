"""The engine's own condition, and the asking of many named checks of many visits at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, DueSubject, Reason, ReminderCheck, Where
from workflow.base.registries import CONDITIONS as CONDITION_CHECKS
from workflow.process.checking import STAGE_REACHED
from workflow.process.definitions import Condition
from workflow.process.publishing import definitions_of
from workflow.process.rules import judge
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

Answers = Mapping[str, Sequence[Reason]]
"""Condition key → why it is not met; nothing means met."""

DEADLINE = "process.deadline"


def ask(session: Session, questions: Iterable[tuple[int, Condition]]) -> dict[int, dict[str, Sequence[Reason]]]:
    """Ask every check of every visit that needs it: visit id → condition key → reasons.

    Each check with its parameters is asked once for all its visits, so the number of queries does not grow with them.
    """
    grouped: dict[tuple[str, str], tuple[Condition, dict[int, None]]] = {}
    for visit_id, condition in questions:
        for check in condition.checks():
            known = (str(check.check), json.dumps(check.params, sort_keys=True))
            grouped.setdefault(known, (check, {}))[1][visit_id] = None
    answers: dict[int, dict[str, Sequence[Reason]]] = {}
    for (name, _), (check, visits) in grouped.items():
        found = CONDITION_CHECKS.get(name)(session, list(visits), check.params)
        for visit_id in visits:
            answers.setdefault(visit_id, {})[check.key] = tuple(found.get(visit_id, ()))
    return answers


def is_met(condition: Condition, answers: Answers) -> bool:
    """Say whether a condition is truly met by these answers."""
    return judge((condition,), answers).open


def stage_reached(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """The visit has come to the stage named in `stage`, or further."""
    rows = session.execute(
        select(Visit.id, Visit.stage, Visit.process_key, Visit.process_version).where(Visit.id.in_(visit_ids))
    ).all()
    definitions = definitions_of(session, {(row.process_key, row.process_version) for row in rows})
    found: dict[int, Sequence[Reason]] = {}
    for row in rows:
        definition = definitions.get((row.process_key, row.process_version))
        if definition is None or not definition.has(row.stage):
            continue
        wanted = definition.stage(str(params["stage"]))
        if not definition.reached(row.stage, wanted.key):
            where = Where("desk.visit", {"visit_id": row.id}, "stage")
            found[row.id] = (Reason("process.stage-not-reached", {"stage": wanted.title.model_dump()}, where),)
    return found


def deadline_outstanding(session: Session, subjects: Sequence[DueSubject], now: datetime) -> Sequence[bool]:
    """Say of each deadline of a process whether its visit goes on, is far enough for it, and it is not done."""
    del now
    rows = session.execute(
        select(Visit.id, Visit.stage, Visit.standing, Visit.process_key, Visit.process_version)
        .where(Visit.id.in_({subject.visit_id for subject in subjects}))
    ).all()
    visits = {row.id: row for row in rows}
    definitions = definitions_of(session, {(row.process_key, row.process_version) for row in rows})
    wanted: dict[tuple[int, str], Condition] = {}
    for subject in subjects:
        row = visits.get(subject.visit_id)
        definition = definitions.get((row.process_key, row.process_version)) if row is not None else None
        if row is None or definition is None or row.standing != Standing.LIVE or not definition.has(row.stage):
            continue
        for deadline in definition.deadlines:
            due = deadline.since is None or definition.reached(row.stage, deadline.since)
            if deadline.key == subject.key and due:
                wanted[(subject.visit_id, subject.key)] = deadline.done_when
    answers = ask(session, ((visit_id, condition) for (visit_id, _), condition in wanted.items()))
    return [
        (subject.visit_id, subject.key) in wanted
        and not is_met(wanted[(subject.visit_id, subject.key)], answers[subject.visit_id])
        for subject in subjects
    ]


CONDITIONS: dict[str, ConditionCheck] = {STAGE_REACHED: stage_reached}
REMINDER_CHECKS: dict[str, ReminderCheck] = {DEADLINE: deadline_outstanding}
