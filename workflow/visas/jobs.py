"""What a worker does for visa cases: open them, and reckon them anew when dates, citizenships or passports change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM
from workflow.base.jobs import JobHandler
from workflow.people.models import Passport
from workflow.visas.due import sync_visit
from workflow.visas.opening import open_cases
from workflow.visas.recompute import recompute_visit, visits_of_person
from workflow.visits.models import Visit
from workflow.visits.rules import Standing


def _open(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    for visit in _visits(session, payload):
        open_cases(session, SYSTEM, now, visit)


def _recompute(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    for visit in _visits(session, payload):
        if visit.standing in (Standing.LIVE, Standing.POSTPONED):
            recompute_visit(session, SYSTEM, now, visit)
        else:
            sync_visit(session, now, visit)


def _visits(session: Session, payload: Mapping[str, Any]) -> Sequence[Visit]:
    """Give the visit that the job names, and for a person or passport every visit under way of that person.

    They are held: else a change of dates in that moment would be reckoned by its old days.
    """
    kind, subject_id = payload.get("subject_kind"), payload.get("subject_id")
    person_id = subject_id if kind == "person" else None
    if kind == "passport" and subject_id is not None:
        passport = session.get(Passport, subject_id)
        person_id = passport.person_id if passport else None
    if person_id is not None:
        return visits_of_person(session, int(person_id))
    visit_id = payload.get("visit_id")
    visit = session.get(Visit, int(visit_id), populate_existing=True, with_for_update={"key_share": True}) \
        if visit_id else None  # fmt: skip
    return [visit] if visit is not None else []


HANDLERS: list[JobHandler] = [
    JobHandler("visas.open_cases", record=_open),
    JobHandler("visas.recompute", record=_recompute),
]
