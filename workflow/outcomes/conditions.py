"""What steps of a process may ask of outcomes and reports."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, Reason, ReminderCheck, Where
from workflow.outcomes.dues import OUTCOME_CHECK, outcome_outstanding
from workflow.outcomes.queries import tallies


def _where(visit_id: int, fragment: str) -> Where:
    return Where("outcomes.index", {"visit_id": visit_id}, fragment)


def report_filed(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]  # noqa: ARG001
) -> Mapping[int, Sequence[Reason]]:
    """Hold when a visit's report is filed."""
    found = tallies(session, visit_ids)
    return {visit_id: [] if found[visit_id].filed
            else [Reason("outcomes.report-missing", {}, _where(visit_id, "report"))] for visit_id in visit_ids}


def outcomes_recorded(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]  # noqa: ARG001
) -> Mapping[int, Sequence[Reason]]:
    """Hold when outcomes are written down, or somebody has said that there are none."""
    found = tallies(session, visit_ids)
    return {visit_id: [] if found[visit_id].total or found[visit_id].no_outcomes
            else [Reason("outcomes.none-recorded", {}, _where(visit_id, "outcomes"))] for visit_id in visit_ids}


def outcomes_settled(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]  # noqa: ARG001
) -> Mapping[int, Sequence[Reason]]:
    """Hold when no outcome is open: each is done, declined or handed over."""
    found = tallies(session, visit_ids)
    return {visit_id: [Reason("outcomes.still-open", {"count": found[visit_id].open}, _where(visit_id, "outcomes"))]
            if found[visit_id].open else [] for visit_id in visit_ids}


CONDITIONS: dict[str, ConditionCheck] = {
    "outcomes.report_filed": report_filed,
    "outcomes.outcomes_recorded": outcomes_recorded,
    "outcomes.outcomes_settled": outcomes_settled,
}
REMINDER_CHECKS: dict[str, ReminderCheck] = {OUTCOME_CHECK: outcome_outstanding}
