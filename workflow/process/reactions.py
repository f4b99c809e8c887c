"""What sets what in motion: one table from event kinds to job kinds. Stages' reactions stand in the definitions."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.jobs import enqueue
from workflow.process.definitions import Stage
from workflow.visits.models import Visit

RECOMPUTE = "process.recompute_deadlines"
TELL = "visits.tell_people"
VISAS = "visas.recompute"

EVENT_REACTIONS: Mapping[str, tuple[str, ...]] = {
    "visits.dates.changed": (VISAS, TELL),
    "visits.visit.corrected": (RECOMPUTE, VISAS),
    "visits.member.added": (VISAS,),
    "visits.member.changed": (VISAS,),
    "visits.member.removed": (VISAS,),
    "visits.member.replaced": (VISAS,),
    "visits.members.imported": (VISAS,),
    "people.passport.changed": (VISAS,),
    "process.visit.cancelled": (TELL,),
    "process.visit.postponed": (TELL,),
    "process.visit.resumed": (TELL,),
}
"""Changes that this room makes itself bring the deadlines in line at once, in the same transaction."""


def enqueue_stage_reactions(session: Session, actor: Actor, now: datetime, visit: Visit, stage: Stage) -> None:
    """Ask for the jobs that entering *stage* sets in motion; entering it again asks again."""
    for number, reaction in enumerate(stage.reactions):
        payload = {**reaction.params, "visit_id": visit.id, "stage": stage.key, "account_id": actor.account_id}
        key = f"{reaction.job}.visit.{visit.id}.{stage.key}.{visit.lock_version}.{number}"
        enqueue(session, now, reaction.job, key, payload, visit_id=visit.id, request_id=actor.request_id)
