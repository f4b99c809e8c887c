"""What steps of a process may ask of a programme."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import ConditionCheck, Reason, Where
from workflow.programme import queries


def items_planned(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Hold when a programme has at least `min` items (one when not said)."""
    wanted = int(params.get("min", 1))
    found = queries.counts(session, visit_ids)
    return {
        visit_id: [] if found.get(visit_id, 0) >= wanted else [
            Reason("programme.too-few-items", {"count": found.get(visit_id, 0), "min": wanted},
                   Where("programme.index", {"visit_id": visit_id}))]
        for visit_id in visit_ids
    }


def interpreters_named(
    session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]  # noqa: ARG001
) -> Mapping[int, Sequence[Reason]]:
    """Hold when every item that needs an interpreter names one; each that does not is a reason of its own."""
    reasons: dict[int, list[Reason]] = {visit_id: [] for visit_id in visit_ids}
    for item in queries.without_interpreter(session, visit_ids):
        reasons[item.visit_id].append(
            Reason("programme.interpreter-missing", {"title": {"ru": item.title_ru, "en": item.title_en},
                                                     "day": item.day},
                   Where("programme.edit", {"visit_id": item.visit_id, "item_id": item.id}))
        )
    return reasons


CONDITIONS: dict[str, ConditionCheck] = {
    "programme.items_planned": items_planned,
    "programme.interpreters_named": interpreters_named,
}
