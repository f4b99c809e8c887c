"""What desks show, read through the other rooms; the number of queries does not grow with the number of visits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.database import read_key
from workflow.base.errors import NotFound
from workflow.base.jobs import Job, JobState, oldest_due_at
from workflow.desk.rules import due_on_a_sheet, monday_of, seems_stopped, sheet_density
from workflow.mail.models import Mail
from workflow.mail.service import SEND, SEND_OFFICIAL
from workflow.office.queries import our_zone
from workflow.papers.queries import Waiting, waiting_for_approval
from workflow.partners.queries import partner_names
from workflow.process.definitions import Definition
from workflow.process.publishing import definitions_of, latest_definitions
from workflow.process.readiness import Readiness, readiness
from workflow.process.rules import Colour
from workflow.programme.models import ProgrammeItem
from workflow.programme.queries import interpreter_of, people_names
from workflow.reminders.queries import DueThing, due_things
from workflow.visits.models import Visit, VisitRequest
from workflow.visits.queries import VisitFilter, filtered, list_requests, seen_by, visits_between
from workflow.visits.rules import RequestState, Standing

PAGE = 50
COMING = 10
"""How many visits a desk names beyond this week; the list of visits has them all."""
UNDATED = date(9999, 12, 31)
TROUBLED: ColumnElement[bool] = literal_column("job.state IN ('failed', 'uncertain')")
"""Written as a literal, so that both databases take the partial index."""

GOING = [Standing.LIVE.value, Standing.POSTPONED.value]


@dataclass(frozen=True)
class VisitRow:
    """A visit as lists show it. `definition` is None when its process was never published here."""

    visit: Visit
    partner: str
    responsible: str
    substitute: str
    definition: Definition | None
    readiness: Readiness | None = None

    @property
    def colour(self) -> str:
        """Red, amber or green while the visit goes on; grey otherwise."""
        if self.readiness is None or self.visit.standing not in GOING:
            return "grey"
        return self.readiness.colour.value

    def stage(self, language: str) -> str:
        """The title of the stage it stands in."""
        stages = () if self.definition is None else self.definition.stages
        titles = {stage.key: stage.title.in_language(language) for stage in stages}
        return titles.get(self.visit.stage, self.visit.stage)


@dataclass(frozen=True)
class TroubledJob:
    """A job that waits for a person, with what may be shown of the mail that it should have sent."""

    job: Job
    visit: Visit | None
    mail: Mail | None

    @property
    def is_mail(self) -> bool:
        """Whether it is about a mail."""
        return self.job.kind in (SEND, SEND_OFFICIAL)


@dataclass(frozen=True)
class Health:
    """Whether somebody works through the jobs: when the oldest waiting one became due."""

    oldest_due_at: datetime | None
    stopped: bool


@dataclass(frozen=True)
class CoordinatorDesk:
    """What a coordinator begins the day with."""

    late: Sequence[DueThing]
    due: Sequence[DueThing]
    blocked: Sequence[VisitRow]
    this_week: Sequence[VisitRow]
    coming: Sequence[VisitRow]
    troubled: Sequence[TroubledJob]


@dataclass(frozen=True)
class ManagerDesk:
    """What a manager decides and watches. `next_cursor` continues the visits by stage."""

    requests: Sequence[VisitRequest]
    papers: Sequence[Waiting]
    stages: Sequence[tuple[str, Sequence[VisitRow]]]
    next_cursor: str | None


@dataclass(frozen=True)
class WeekItem:
    """One line of the week's sheet."""

    item: ProgrammeItem
    visit: Visit
    responsible: str
    interpreter: str


@dataclass(frozen=True)
class WeekDay:
    """One day of the week's sheet."""

    day: date
    arriving: Sequence[Visit]
    going_on: Sequence[Visit]
    leaving: Sequence[Visit]
    items: Sequence[WeekItem]


@dataclass(frozen=True)
class Week:
    """The week's sheet."""

    first: date
    last: date
    rows: Sequence[VisitRow]
    days: Sequence[WeekDay]
    due: Sequence[DueThing]

    @property
    def density(self) -> str:
        """How small its letters are printed, so that it fits one sheet."""
        return sheet_density(self._lines)

    @property
    def shown_due(self) -> Sequence[DueThing]:
        """As many of the due things as have room on the sheet."""
        return self.due[: due_on_a_sheet(self._lines)]

    @property
    def _lines(self) -> int:
        lines = sum(len(day.items) + (len(day.arriving) + len(day.leaving)) / 2 for day in self.days)
        return len(self.rows) + round(lines)


def today_of(session: Session, now: datetime) -> date:
    """Give today's date in our office."""
    return local_date(now, our_zone(session))


def dress(session: Session, actor: Actor, now: datetime, visits: Sequence[Visit]) -> list[VisitRow]:
    """Add names and readiness to visits that the actor may see."""
    ready = readiness(session, [visit.id for visit in visits], actor, now) if visits else {}
    return [replace(row, readiness=ready.get(row.visit.id)) for row in name_rows(session, actor, visits)]


def name_rows(session: Session, actor: Actor, visits: Sequence[Visit]) -> list[VisitRow]:
    """Add names and the stage's title to visits, without asking how ready they are."""
    if not visits:
        return []
    partners = partner_names(session, [visit.partner_id for visit in visits])
    people = account_names(session, [key for visit in visits for key in (visit.responsible_id, visit.substitute_id)],
                           actor.locale)
    definitions = definitions_of(session, {(visit.process_key, visit.process_version) for visit in visits})
    return [
        VisitRow(
            visit, partner.name(actor.locale) if (partner := partners.get(visit.partner_id or 0)) else "",
            people.get(visit.responsible_id or 0, ""), people.get(visit.substitute_id or 0, ""),
            definitions.get((visit.process_key, visit.process_version)),
        )
        for visit in visits
    ]


def going_visits(session: Session, actor: Actor, *, mine: bool = False, narrowing: VisitFilter | None = None,
                 cursor: str | None = None, limit: int = PAGE) -> tuple[Sequence[Visit], str | None]:
    """List one page of visits that go on or are postponed, the next arrival first, undated ones last.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    key = func.coalesce(Visit.arrival, UNDATED)
    query = filtered(actor, narrowing or VisitFilter()).where(Visit.standing.in_(GOING))
    if mine:
        query = query.where(or_(Visit.responsible_id == actor.account_id, Visit.substitute_id == actor.account_id))
    if cursor:
        day, visit_id = _read_cursor(cursor)
        query = query.where(or_(key > day, and_(key == day, Visit.id > visit_id)))
    rows = session.scalars(query.order_by(key, Visit.id).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], f"{(last.arrival or UNDATED).isoformat()}.{last.id}" if last else None


def _read_cursor(cursor: str) -> tuple[date, int]:
    text, _, key = cursor.partition(".")
    try:
        day, visit_id = date.fromisoformat(text), read_key(key)
    except ValueError:
        raise NotFound("page") from None
    if visit_id is None:
        raise NotFound("page")
    return day, visit_id


def going_rows(session: Session, actor: Actor, now: datetime, *, mine: bool = False, cursor: str | None = None
               ) -> tuple[list[VisitRow], str | None]:  # fmt: skip
    """Give one page of visits that go on, with names and readiness, and the cursor of the next.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    going, following = going_visits(session, actor, mine=mine, cursor=cursor)
    return dress(session, actor, now, going), following


def coordinator_desk(
    session: Session, actor: Actor, now: datetime, rows: Sequence[VisitRow], *, mine: bool
) -> CoordinatorDesk:
    """Give what is due, late, blocked, failed and happening this week; *rows* are visits that go on."""
    things = due_things(session, actor, now, mine=mine, limit=2 * PAGE)
    monday = monday_of(today_of(session, now))
    sunday = monday + timedelta(days=6)
    return CoordinatorDesk(
        late=[thing for thing in things if thing.late],
        due=[thing for thing in things if not thing.late],
        blocked=[row for row in rows if row.colour == Colour.RED and row.readiness and row.readiness.reasons],
        this_week=[row for row in rows if _meets(row.visit, monday, sunday)],
        coming=[row for row in rows if row.visit.arrival is None or row.visit.arrival > sunday][:COMING],
        troubled=troubled_jobs(session, actor),
    )


def _meets(visit: Visit, first: date, last: date) -> bool:
    return visit.arrival is not None and visit.arrival <= last and (visit.departure or visit.arrival) >= first


def manager_desk(session: Session, actor: Actor, rows: Sequence[VisitRow], following: str | None) -> ManagerDesk:
    """Give what awaits a manager's decision among requests, and a page of visits by stage, the reddest first."""
    order = {Colour.RED.value: 0, Colour.AMBER.value: 1, Colour.GREEN.value: 2}
    stages: dict[str, list[VisitRow]] = {}
    for row in sorted(rows, key=_stage_position):
        stages.setdefault(row.stage(actor.locale), []).append(row)
    for listed in stages.values():
        listed.sort(key=lambda row: (order.get(row.colour, 3), row.visit.arrival or UNDATED))
    waiting = list_requests(session, actor, states=[RequestState.SUBMITTED]).rows
    return ManagerDesk(list(reversed(waiting)), waiting_for_approval(session, actor), list(stages.items()), following)


def _stage_position(row: VisitRow) -> tuple[int, str]:
    if row.definition is None or not row.definition.has(row.visit.stage):
        return 99, row.visit.stage
    return row.definition.position(row.visit.stage), row.visit.stage


def troubled_jobs(session: Session, actor: Actor, *, limit: int = PAGE) -> list[TroubledJob]:
    """List jobs that failed or whose effect is unknown: of visits that the actor sees, or all for administrators.

    The text of mails is shown to those who may see their visit only.
    """
    if not actor.may(Permission.JOBS_READ):
        return []
    query = select(Job).where(TROUBLED).order_by(Job.id.desc()).limit(limit)
    if not actor.may(Permission.ACCOUNTS_EDIT):
        query = query.where(seen_by(actor, Job.visit_id))
    jobs = session.scalars(query).all()
    if not jobs:
        return []
    visits = {
        visit.id: visit
        for visit in session.scalars(select(Visit).where(Visit.id.in_([job.visit_id for job in jobs]),
                                                         seen_by(actor, Visit.id)))
    }
    asked = [job.payload.get("mail_id") for job in jobs if job.kind in (SEND, SEND_OFFICIAL)]
    mails = {mail.id: mail for mail in session.scalars(select(Mail).where(Mail.id.in_([key for key in asked if key])))}
    return [
        TroubledJob(job, visits.get(job.visit_id or 0),
                    mails.get(job.payload.get("mail_id", 0)) if job.visit_id in visits else None)
        for job in jobs
    ]


def get_troubled_job(session: Session, actor: Actor, job_id: int) -> Job:
    """Load a job that this actor may decide about.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    query = select(Job).where(Job.id == job_id)
    if not actor.may(Permission.ACCOUNTS_EDIT):
        query = query.where(seen_by(actor, Job.visit_id))
    job = session.scalars(query).one_or_none() if actor.may(Permission.JOBS_SETTLE) else None
    if job is None:
        raise NotFound("job")
    return job


def failed_jobs(session: Session, actor: Actor, *, limit: int) -> Sequence[int]:
    """Give the keys of jobs that failed for good and that this actor may decide about, the oldest first.

    A job whose effect is unknown is never among them: each of those is a decision of its own.
    """
    if not actor.may(Permission.JOBS_SETTLE):
        return []
    query = select(Job.id).where(TROUBLED, Job.state == JobState.FAILED.value).order_by(Job.id).limit(limit)
    if not actor.may(Permission.ACCOUNTS_EDIT):
        query = query.where(seen_by(actor, Job.visit_id))
    return session.scalars(query).all()


def job_counts(session: Session) -> dict[str, int]:
    """Count the jobs that are not over, by state."""
    rows = session.execute(
        select(Job.state, func.count()).where(Job.state.not_in([JobState.DONE.value, JobState.WITHDRAWN.value]))
        .group_by(Job.state)
    )
    return {row[0]: row[1] for row in rows}


def health(session: Session, now: datetime) -> Health:
    """Say whether the worker seems to be stopped."""
    oldest = oldest_due_at(session, now)
    return Health(oldest, seems_stopped(oldest, now))


def stages_to_choose(session: Session, language: str) -> list[tuple[str, str]]:
    """Give the stages of all processes for a filter, in the order of the definitions."""
    found: dict[str, str] = {}
    for definition in latest_definitions(session).values():
        for stage in definition.stages:
            found.setdefault(stage.key, stage.title.in_language(language))
    return list(found.items())


def week(session: Session, actor: Actor, now: datetime, monday: date) -> Week:
    """Give the sheet of a week: who arrives, is here and leaves, what happens each day, what is due."""
    sunday = monday + timedelta(days=6)
    visits = visits_between(session, actor, monday, sunday)
    items = session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.visit_id.in_([visit.id for visit in visits]), ProgrammeItem.day >= monday,
               ProgrammeItem.day <= sunday)
        .order_by(ProgrammeItem.day, ProgrammeItem.starts, ProgrammeItem.position, ProgrammeItem.id)
    ).all()
    names = people_names(session, items, actor.locale)
    by_id = {visit.id: visit for visit in visits}
    dressed = [WeekItem(item, by_id[item.visit_id], names.get(item.responsible_id or 0, ""),
                        interpreter_of(item, names, actor.locale)) for item in items]
    days = [_week_day(monday + timedelta(days=number), visits, dressed) for number in range(7)]
    due = due_things(session, actor, now, until=sunday, limit=PAGE)
    return Week(monday, sunday, dress(session, actor, now, visits), days, due)


def _week_day(day: date, visits: Sequence[Visit], items: Sequence[WeekItem]) -> WeekDay:
    return WeekDay(
        day,
        arriving=[visit for visit in visits if visit.arrival == day],
        going_on=[visit for visit in visits if visit.arrival and visit.departure and visit.arrival < day
                  and day < visit.departure],
        leaving=[visit for visit in visits if visit.departure == day and visit.arrival != day],
        items=[item for item in items if item.item.day == day],
    )
