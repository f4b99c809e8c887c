"""What workers do for the process after a change elsewhere: bring deadlines in line, publish the office's pack."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.jobs import JobHandler, PermanentFailure, enqueue
from workflow.office.queries import our_pack
from workflow.process.deadlines import sync_deadlines
from workflow.process.loading import DefinitionErrors
from workflow.process.publishing import publish_definitions
from workflow.process.reactions import PUBLISH, RECOMPUTE
from workflow.reminders.rules import batches
from workflow.visas.recompute import visits_of_person
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

AT_ONCE = 200


def _recompute(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Bring visits in line: one, or some, or those of a person; or, after a change of our own calendar, all that go on.

    Those are given to jobs of their own, so that nobody who saves something meanwhile waits for all of them.
    """
    visit_id = payload.get("visit_id")
    ids = [visit_id] if visit_id is not None else payload.get("visit_ids")
    if payload.get("subject_kind") == "person":
        ids = [visit.id for visit in visits_of_person(session, payload["subject_id"])]
    if ids is not None:
        sync_deadlines(session, now, ids)
        return
    all_ids = session.scalars(
        select(Visit.id).where(Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value])).order_by(Visit.id)
    ).all()
    for part in batches(all_ids, AT_ONCE):
        key = f"{RECOMPUTE}.event.{payload['event_id']}.from.{part[0]}"
        enqueue(session, now, RECOMPUTE, key, {"visit_ids": part})


def _publish(session: Session, _payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Publish the processes of the pack that the office has just chosen; what is published already stays as it is."""
    pack = our_pack(session)
    if pack is None:
        return
    try:
        publish_definitions(session, now, pack=pack)
    except DefinitionErrors as error:
        raise PermanentFailure(f"the definitions have faults: {'; '.join(map(str, error.faults))}") from error


HANDLERS = [JobHandler(RECOMPUTE, record=_recompute), JobHandler(PUBLISH, record=_publish)]
