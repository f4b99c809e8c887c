"""The back-plan of real visits: anchors read from rows, deadlines handed to the reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from workflow.base.clock import local_date
from workflow.base.events import Event
from workflow.base.reasons import DueItem, Sentence, Where
from workflow.invitations.models import Invitation
from workflow.knowledge.calendars import Overrides, working_calendar
from workflow.knowledge.countries import is_known_country
from workflow.office.queries import DEFAULT_COUNTRY, DEFAULT_ZONE, office, overrides
from workflow.process.checking import ENTERED
from workflow.process.conditions import DEADLINE
from workflow.process.definitions import Deadline, Definition, Owner
from workflow.process.publishing import Version, definitions_of
from workflow.process.rules import OfficeCalendars, Planned, plan
from workflow.reminders.service import sync_due_many
from workflow.visas.models import BorderCrossing
from workflow.visits.days_off import sides_of_many
from workflow.visits.models import Visit, VisitRequest
from workflow.visits.rules import Dates, Direction, Standing

SOURCE = "process"
STAGE_ENTERED = "process.stage.entered"

_VISITS: BindParameter[Sequence[int]] = bindparam("visits", expanding=True)
"""The statements below are built once: building them took as long as running them."""
_TOLD = (
    select(Visit.id, VisitRequest.received_on, Invitation.reply_by)
    .outerjoin(VisitRequest, VisitRequest.visit_id == Visit.id)
    .outerjoin(Invitation, Invitation.visit_id == Visit.id).where(Visit.id.in_(_VISITS))
)  # fmt: skip
_STAGES = (
    select(Event.visit_id, Event.at, Event.changes)
    .where(Event.subject_kind == Visit.__tablename__, Event.subject_id.in_(_VISITS), Event.kind == STAGE_ENTERED)
    .order_by(Event.id)
)
_STOPS = (
    select(BorderCrossing.visit_id, BorderCrossing.country)
    .where(BorderCrossing.visit_id.in_(_VISITS), BorderCrossing.transit.is_(False)).order_by(BorderCrossing.id)
)  # fmt: skip


@dataclass
class Planner:
    """Plans many visits with a fixed number of queries: anchors and definitions are read for all of them at once."""

    zone: str
    country: str
    definitions: dict[Version, Definition]
    received: dict[int, date]
    reply_by: dict[int, date]
    entered: dict[int, dict[str, date]]
    sides: dict[int, list[str]]
    corrected: Overrides
    calendars: dict[tuple[str, ...], OfficeCalendars]

    @classmethod
    def of(cls, session: Session, visits: Sequence[Visit]) -> "Planner":
        """Read what planning these visits needs."""
        ids = [visit.id for visit in visits]
        ours = office(session)
        zone = DEFAULT_ZONE if ours is None else ours.zone
        told = session.execute(_TOLD, {"visits": ids}).all()
        entered: dict[int, dict[str, date]] = {}
        for row in session.execute(_STAGES, {"visits": ids}):
            entered.setdefault(row.visit_id, {})[row.changes["stage"][1]] = local_date(row.at, zone)
        return cls(
            zone, DEFAULT_COUNTRY if ours is None else ours.country,
            definitions_of(session, {(visit.process_key, visit.process_version) for visit in visits}),
            {row.id: row.received_on for row in told if row.received_on is not None},
            {row.id: row.reply_by for row in told if row.reply_by is not None}, entered,
            _sides(session, visits), overrides(session), {},
        )

    def runs(self, visit: Visit) -> bool:
        """Say whether the visit's process is published and knows its stage."""
        definition = self.definitions.get((visit.process_key, visit.process_version))
        return definition is not None and definition.has(visit.stage)

    def definition(self, visit: Visit) -> Definition:
        """Give the definition that the visit runs by."""
        return self.definitions[(visit.process_key, visit.process_version)]

    def calendars_for(self, visit: Visit) -> OfficeCalendars:
        """Give our calendar and that of all countries of the other side; ours alone where theirs is not known."""
        foreign = tuple(key for key in self.sides[visit.id] if key != self.country and is_known_country(key))
        if foreign not in self.calendars:
            self.calendars[foreign] = OfficeCalendars(
                working_calendar(self.country, overrides=self.corrected),
                working_calendar(*(foreign or (self.country,)), overrides=self.corrected),
                working_calendar(self.country, *foreign, overrides=self.corrected),
            )
        return self.calendars[foreign]

    def anchors(self, visit: Visit, dates: Dates | None = None) -> Mapping[str, date]:
        """Give the days that the visit's deadlines hang on, perhaps with other *dates* than it has."""
        definition = self.definition(visit)
        dates = dates or Dates(visit.arrival, visit.departure)
        found: dict[str, date | None] = {
            "arrival": dates.arrival, "departure": dates.departure, "request_received": self.received.get(visit.id),
            "reply_by": self.reply_by.get(visit.id),
            ENTERED + definition.start.key: local_date(visit.opened_at, self.zone),
            ENTERED + visit.stage: local_date(visit.stage_entered_at, self.zone),
        }
        found.update({ENTERED + stage: day for stage, day in self.entered.get(visit.id, {}).items()})
        return {name: day for name, day in found.items() if day is not None}

    def plan(self, visit: Visit, dates: Dates | None = None) -> list[Planned]:
        """Back-plan the visit, perhaps with other *dates* than it has."""
        return plan(
            self.definition(visit), self.anchors(visit, dates), self.calendars_for(visit),
            opened_on=local_date(visit.opened_at, self.zone),
        )

    def wanted(self, visit: Visit) -> list[DueItem]:
        """Give the due things that the visit's stage asks for now."""
        definition = self.definition(visit)
        return [
            DueItem(
                key=item.deadline.key,
                title=Sentence("process.titled", {"title": item.deadline.title.model_dump()}),
                due_on=item.due_on,
                check=DEADLINE,
                subject=("visit", visit.id),
                where=_where(item.deadline, visit.id),
                owner_id=visit.substitute_id if item.deadline.owner is Owner.SUBSTITUTE else None,
                basis=item.deadline.basis.value,
                calendars=item.calendars,
            )
            for item in self.plan(visit)
            if item.deadline.since is None or definition.reached(visit.stage, item.deadline.since)
        ]


def _where(deadline: Deadline, visit_id: int) -> Where:
    """Give the page on which it is done; what waits for a paper of one kind leads to that paper."""
    kinds = (check.params["kind"] for check in deadline.done_when.checks() if "kind" in check.params)
    kind = next(kinds, None) if deadline.page == "papers.index" else None
    if kind is None:
        return Where(deadline.page, {"visit_id": visit_id})
    return Where("papers.of_kind", {"visit_id": visit_id, "kind": kind})


def _sides(session: Session, visits: Sequence[Visit]) -> dict[int, list[str]]:
    """Name the countries that must work too: where guests come from, and all in which we stop on our way."""
    sides = sides_of_many(session, visits)
    travelling = [visit.id for visit in visits if visit.direction == Direction.OUTGOING]
    if travelling:
        for visit_id, country in session.execute(_STOPS, {"visits": travelling}):
            sides[visit_id].append(country)
    return {visit_id: list(dict.fromkeys(named)) for visit_id, named in sides.items()}


def sync_deadlines(session: Session, now: datetime, visit_ids: Sequence[int]) -> None:
    """Bring the reminders of these visits in line with their process, stage and dates.

    A postponed visit keeps its things as they are; they wait until it is resumed. The visits are held meanwhile: else
    a change of dates in that moment would be planned by its old days.
    """
    held = select(Visit).where(Visit.id.in_(visit_ids)).order_by(Visit.id).with_for_update(key_share=True)
    sync_visits(session, now, session.scalars(held.execution_options(populate_existing=True)).all())


def sync_visits(session: Session, now: datetime, visits: Sequence[Visit]) -> None:
    """Do what `sync_deadlines` does, for visits that are loaded already."""
    session.flush()
    planner = Planner.of(session, visits)
    wanted = {
        visit.id: planner.wanted(visit) if visit.standing in (Standing.LIVE, Standing.POSTPONED) else []
        for visit in visits
        if planner.runs(visit)
    }
    sync_due_many(session, now, source=SOURCE, wanted=wanted, today=local_date(now, planner.zone))
