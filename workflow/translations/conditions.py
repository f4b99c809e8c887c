"""What steps of a process may ask of translations."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, Reason, ReminderCheck, Where
from workflow.translations.dues import CHECK, assignment_outstanding
from workflow.translations.queries import open_counts


def assignments_released(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]  # noqa: ARG001
) -> Mapping[int, Sequence[Reason]]:
    """Hold when no assignment of a visit waits for anybody: each is accepted, released or cancelled."""
    counts = open_counts(session, visit_ids)
    return {
        visit_id: [Reason("translations.not-all-accepted", {"count": counts[visit_id]},
                          Where("translations.index", {"visit_id": visit_id}))] if visit_id in counts else []
        for visit_id in visit_ids
    }


CONDITIONS: dict[str, ConditionCheck] = {"translations.assignments_released": assignments_released}
REMINDER_CHECKS: dict[str, ReminderCheck] = {CHECK: assignment_outstanding}
