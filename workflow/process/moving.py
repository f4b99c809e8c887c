"""Moving running visits to another version of their process, on purpose; a dry run comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.events import record
from workflow.process.deadlines import sync_visits
from workflow.process.definitions import Definition
from workflow.process.publishing import definition_of
from workflow.process.rules import ANSWERS, Action
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, seen_by
from workflow.visits.rules import Standing


@dataclass(frozen=True)
class Moving:
    """What moving one visit would do; `stage` None where its stage has no place in the other version."""

    visit_id: int
    title: dict[str, str]
    from_version: int
    old_stage: str
    stage: str | None


def preview_move(
    session: Session, actor: Actor, key: str, to_version: int, renamed: Mapping[str, str] | None = None
) -> Sequence[Moving]:
    """List the visits that run by another version of process *key* and where each would stand in *to_version*.

    *renamed* maps old stage keys to new ones where they differ.

    Raises:
        NotFound: that version was never published.
    """
    target = definition_of(session, key, to_version)
    visits = session.scalars(
        select(Visit).where(Visit.process_key == key, Visit.process_version != to_version,
                            Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]),
                            seen_by(actor, Visit.id))
        .order_by(Visit.id)
    )
    return [
        Moving(visit.id, {"ru": visit.title("ru"), "en": visit.title("en")}, visit.process_version, visit.stage,
               _target_stage(target, visit.stage, renamed))
        for visit in visits
    ]


def _target_stage(target: Definition, stage: str, renamed: Mapping[str, str] | None) -> str | None:
    wanted = (renamed or {}).get(stage, stage)
    return wanted if target.has(wanted) else None


def move_visit(
    session: Session, actor: Actor, now: datetime, visit_id: int, to_version: int, version: int | None = None, *,
    renamed: Mapping[str, str] | None = None,
) -> Visit:
    """Let one visit go on by another version of its process; its stage is kept or renamed, nothing is redone.

    Raises:
        NotFound: there is no such visit for this actor, or no such version.
        Forbidden: the actor may not go past conditions, which this can amount to.
        Conflict: the visit's standing does not allow it, or it runs by that version already.
        Stale: somebody else changed the visit meanwhile.
        Invalid: its stage has no place in that version.
    """
    visit = get_visit(session, actor, visit_id, for_update=True)
    if not actor.may(Permission.CONDITIONS_OVERRIDE):
        raise Forbidden
    code = ANSWERS[(Standing(visit.standing), Action.MOVE_VERSION)]
    if code is not None:
        raise Conflict(code)
    if visit.process_version == to_version:
        raise Conflict("process.version-same")
    target = definition_of(session, visit.process_key, to_version)
    stage = _target_stage(target, visit.stage, renamed)
    if stage is None:
        raise Invalid("process.no-such-stage", field="stage", stage=visit.stage)
    expect_version(visit, version, {"process_version": visit.process_version})
    before = (visit.process_version, visit.stage)
    visit.process_version, visit.stage = to_version, stage
    record(session, actor, now, "process.visit.moved", subject=visit, visit_id=visit.id,
           changes={"process_version": (before[0], to_version), "stage": (before[1], stage)})
    sync_visits(session, now, [visit])
    return visit
