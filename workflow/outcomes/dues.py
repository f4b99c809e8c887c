"""What is due after a visit: its report, and each open outcome with a day."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.reasons import DueItem, DueSubject, Sentence, Where
from workflow.knowledge.calendars import Unit, shift
from workflow.office.queries import our_calendar, our_country
from workflow.outcomes.models import Outcome, VisitReport
from workflow.outcomes.rules import OutcomeState, ReportState
from workflow.reminders.service import sync_due
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

SOURCE = "outcomes"
REPORT_CHECK = "outcomes.report_outstanding"
OUTCOME_CHECK = "outcomes.outcome_outstanding"
REPORT_DAYS = 3
"""Working days after the last day within which a report is filed (as Rostov's and Ivanovo's rules ask)."""


def due_items(session: Session, visit_id: int) -> list[DueItem]:
    """Say what is due of a visit's outcomes and report now."""
    items = []
    visit = session.get(Visit, visit_id)
    report = session.scalars(select(VisitReport).where(VisitReport.visit_id == visit_id)).one_or_none()
    if visit is not None and visit.departure is not None and report is not None and report.state != ReportState.FILED:
        country = our_country(session)
        items.append(DueItem(
            key="report", title=Sentence("outcomes.due-report"),
            due_on=shift(visit.departure, REPORT_DAYS, Unit.WORKDAY, our_calendar(session)), check=REPORT_CHECK,
            subject=("visit_report", report.id), basis="practice", calendars=(country,),
            where=Where("outcomes.index", {"visit_id": visit_id}, "report"),
        ))
    dated = session.scalars(
        select(Outcome).where(Outcome.visit_id == visit_id, Outcome.state == OutcomeState.OPEN.value,
                              Outcome.due_on.is_not(None)).order_by(Outcome.id)
    )
    items.extend(
        DueItem(
            key=f"outcome.{row.id}", title=Sentence("outcomes.due-outcome", {"what": row.what[:200]}),
            due_on=row.due_on, check=OUTCOME_CHECK, subject=("outcome", row.id), owner_id=row.owner_id,
            where=Where("outcomes.index", {"visit_id": visit_id}, f"outcome-{row.id}"),
        )
        for row in dated if row.due_on is not None
    )
    return items


def sync_dues(session: Session, now: datetime, visit_id: int) -> None:
    """Tell the reminders what is due of a visit's outcomes and report now."""
    session.flush()
    sync_due(session, now, source=SOURCE, visit_id=visit_id, items=due_items(session, visit_id))


def report_outstanding(
    session: Session, subjects: Sequence[DueSubject], now: datetime  # noqa: ARG001
) -> Sequence[bool]:
    """Say of each report whether it is still to be filed, its visit not cancelled or postponed."""
    ids = {subject.subject[1] for subject in subjects}
    there = set(session.scalars(
        select(VisitReport.id).join(Visit, Visit.id == VisitReport.visit_id)
        .where(VisitReport.id.in_(ids), VisitReport.state == ReportState.DRAFT.value,
               Visit.standing.in_([Standing.LIVE.value, Standing.CLOSED.value]))
    ))
    return [subject.subject[1] in there for subject in subjects]


def outcome_outstanding(
    session: Session, subjects: Sequence[DueSubject], now: datetime  # noqa: ARG001
) -> Sequence[bool]:
    """Say of each outcome whether it is still open; those of a cancelled visit are nobody's business any more."""
    ids = {subject.subject[1] for subject in subjects}
    there = set(session.scalars(
        select(Outcome.id).join(Visit, Visit.id == Outcome.visit_id)
        .where(Outcome.id.in_(ids), Outcome.state == OutcomeState.OPEN.value,
               Visit.standing != Standing.CANCELLED.value)
    ))
    return [subject.subject[1] in there for subject in subjects]
