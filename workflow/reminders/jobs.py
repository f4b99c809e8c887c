"""What the scheduler and the workers do: check what is due, and mail each person one digest a day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import Person, person, staff
from workflow.base import actor as actors
from workflow.base.clock import local_date
from workflow.base.database import begin_read_only
from workflow.base.jobs import Job, JobHandler, enqueue
from workflow.base.unit_of_work import reading, unit_of_work
from workflow.mail.composing import page_address, word
from workflow.mail.service import Recipient, queue_mail
from workflow.office.queries import our_calendar, our_zone
from workflow.reminders.queries import DueThing, due_things
from workflow.reminders.rules import batches, digest_day, digest_key, horizon
from workflow.reminders.service import BATCH, mark_told, recheck_due, wake_undone, withdraw_visit

DIGEST = "reminders.digest"
WAKE = "reminders.wake"


def tick(session: Session, now: datetime) -> int:
    """Do what is due at *now*: end what is done, ask for the digests of those whose hour has come. Give how many.

    The scheduler calls this each minute with a fresh session; every batch is a transaction of its own. Several
    schedulers may call it at once: rows are claimed, and a digest's key is its person and day.
    """
    with reading(session):
        begin_read_only(session)
        today = local_date(now, our_zone(session))
        until = horizon(today, our_calendar(session))
    taken = BATCH
    while taken == BATCH:
        with unit_of_work(session):
            taken = recheck_due(session, now, until=until, limit=BATCH)
    with reading(session):
        begin_read_only(session)
        due = _digests_due(session, now)
    asked = 0
    for part in batches(due, BATCH):
        with unit_of_work(session):
            for account_id in part:
                day = due[account_id]
                key = digest_key(account_id, day)
                payload = {"account_id": account_id, "day": day.isoformat()}
                asked += enqueue(session, now, DIGEST, key, payload) is not None
    return asked


def _digests_due(session: Session, now: datetime) -> dict[int, date]:
    days: dict[int, date] = {}
    for one in staff(session):
        day = digest_day(now, one.zone, one.digest_hour)
        if day is not None:
            days[one.id] = day
    keys = {digest_key(account_id, day): account_id for account_id, day in days.items()}
    there = set(session.scalars(select(Job.key).where(Job.key.in_(list(keys)))))
    return {account_id: days[account_id] for key, account_id in keys.items() if key not in there}


def _make_digest(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    """Word and queue one person's digest, if there is anything in it; a day that is past has a newer one."""
    reader = person(session, payload["account_id"])
    day = date.fromisoformat(payload["day"])
    if reader is None or not reader.active or local_date(now, reader.zone) != day:
        return
    things = things_for(session, reader, now)
    if not things:
        return
    language = "ru" if reader.locale.startswith("ru") else "en"
    queue_mail(
        session, now, "digest", Recipient(reader.email, reader.name(language), language, reader.id),
        {"name": reader.name(language), "day": day, "things": [_line(thing, language) for thing in things],
         "late": sum(thing.late for thing in things), "desk": page_address("/")},
        key=digest_key(reader.id, day),
    )
    mark_told(session, now, {thing.reminder_id: thing.generation for thing in things})


def things_for(session: Session, reader: Person, now: datetime) -> list[DueThing]:
    """Give what a digest for *reader* names now. On a day off only what may not wait for the next working day."""
    me = actors.person(reader.id, reader.name_ru, reader.roles, locale=reader.locale, zone=reader.zone)
    things = due_things(session, me, now, mine=True)
    if our_calendar(session).is_working(local_date(now, our_zone(session))):
        return things
    return [thing for thing in things if thing.ignore_quiet]


def _line(thing: DueThing, language: str) -> dict[str, Any]:
    return {
        "visit_id": thing.visit_id, "visit": thing.visit_title[language], "what": word(thing.title, language),
        "due_on": thing.due_on, "late": thing.late, "days_late": thing.days_late, "rung": str(thing.rung or ""),
        "moved_from": thing.moved_from,
        "link": page_address(f"/due/{thing.reminder_id}"),
    }


def _withdraw(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    withdraw_visit(session, now, payload["visit_id"])


def _wake(session: Session, payload: Mapping[str, Any], _outcome: Any, now: datetime) -> None:
    wake_undone(session, now, payload["visit_id"])


HANDLERS = [
    JobHandler(DIGEST, record=_make_digest),
    JobHandler("reminders.withdraw", record=_withdraw),
    JobHandler(WAKE, record=_wake),
]
