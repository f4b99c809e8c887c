"""What sets what in motion: one table from event kinds to job kinds. Stages' reactions stand in the definitions."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.jobs import enqueue
from workflow.process.definitions import Stage
from workflow.visits.models import Visit

RECOMPUTE = "process.recompute_deadlines"
PUBLISH = "process.publish"
TELL = "visits.tell_people"
VISAS = "visas.recompute"
CALL_OFF_TRANSLATIONS = "translations.call_off"
WAKE = "reminders.wake"
FIND_VISIT = "visits.index"
FIND_REQUEST = "desk.index_request"
FIND_PAPER = "papers.index"

EVENT_REACTIONS: Mapping[str, tuple[str, ...]] = {
    "visits.request.registered": (FIND_REQUEST,),
    "visits.request.corrected": (FIND_REQUEST,),
    "visits.visit.opened": (FIND_VISIT,),
    "visits.visit.corrected": (RECOMPUTE, VISAS, FIND_VISIT),
    "visits.basis.added": (FIND_VISIT,),
    "visits.dates.changed": (VISAS, TELL),
    "visits.basis.removed": (WAKE,),
    "visits.composition.opened": (WAKE,),
    "visits.member.added": (RECOMPUTE, VISAS, FIND_VISIT),
    "visits.member.changed": (VISAS, FIND_VISIT, WAKE),
    "visits.member.removed": (RECOMPUTE, VISAS, FIND_VISIT, WAKE),
    "visits.member.replaced": (RECOMPUTE, VISAS, FIND_VISIT, WAKE),
    "papers.paper.drafted": (FIND_PAPER,),
    "papers.paper.edited": (FIND_PAPER,),
    "papers.paper.deleted": (FIND_PAPER,),
    "papers.paper.numbered": (FIND_PAPER,),
    "papers.paper.superseded": (WAKE,),
    "papers.paper.revoked": (WAKE,),
    "programme.item.changed": (WAKE,),
    "translations.assignment.ordered": (WAKE,),
    "translations.assignment.opened": (WAKE,),
    "translations.assignment.returned": (WAKE,),
    "visas.border.told": (RECOMPUTE,),
    "visas.border.dropped": (RECOMPUTE,),
    "visas.case.opened": (WAKE,),
    "visas.case.answered": (WAKE,),
    "visas.stays.told": (VISAS,),
    "outcomes.outcome.added": (WAKE,),
    "outcomes.outcome.removed": (WAKE,),
    "outcomes.outcome.reopened": (WAKE,),
    "outcomes.report.reopened": (WAKE,),
    "office.set-up": (PUBLISH,),
    "office.changed": (RECOMPUTE, PUBLISH),
    "office.calendar.changed": (RECOMPUTE,),
    "invitations.reply-by.set": (RECOMPUTE,),
    "people.passport.changed": (VISAS,),
    "guests.passport.decided": (VISAS,),
    "guests.passport.typed": (VISAS,),
    "people.person.corrected": (RECOMPUTE, VISAS),
    "people.person.merged": (RECOMPUTE, VISAS),
    "people.person.parted": (RECOMPUTE, VISAS),
    "visits.member.passport-chosen": (VISAS,),
    "process.visit.cancelled": (TELL, CALL_OFF_TRANSLATIONS),
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
