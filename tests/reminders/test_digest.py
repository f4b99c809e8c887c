"""The morning digest: one for each person and day, only when there is something, never about what is done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.reminders.conftest import Cast, Done, item
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.database import make_engine
from workflow.base.jobs import Job
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.reminders.jobs import DIGEST, tick
from workflow.reminders.models import Reminder
from workflow.visits.rules import Standing
from workflow.visits.service import write_standing

Want = Callable[..., None]
Outbox = Callable[[], list[EmailMessage]]
Run = Callable[[], int]
MONDAY = date(2027, 3, 15)


def ring(session: Session) -> int:
    """The scheduler's minute."""
    session.commit()
    return tick(session, clock.now())


def at(moment: datetime) -> None:
    """Let the clock show *moment*."""
    clock.advance_frozen(moment - clock.now())


def mails(outbox: Outbox) -> list[tuple[str, str]]:
    return sorted((str(mail["To"].addresses[0].addr_spec), str(mail["Subject"])) for mail in outbox())


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_digest_names_visit_thing_day_lateness_and_link(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", date(2027, 3, 10)), item("b", MONDAY), item("c", date(2027, 4, 1)))
    ring(session)
    run_jobs()
    [mail] = [one for one in outbox() if "olga" in str(one["To"])]
    said = text(mail)
    ids = {row.key: row.id for row in session.scalars(select(Reminder))}
    assert "Делегация Кадыкёя" in said
    assert "Дело a" in said
    assert "просрочено на 3 рабочих дня" in said
    assert "Дело b" in said
    assert "Дело c" not in said
    assert f"http://localhost/due/{ids['a']}" in said
    assert said.index("Дело a") < said.index("Дело b")


def test_each_is_told_in_their_language_and_why(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", date(2027, 3, 10)))
    ring(session)
    run_jobs()
    said = {str(mail["To"].addresses[0].addr_spec): text(mail) for mail in outbox()}
    assert set(said) == {"olga@city.example", "ivan@city.example", "marina@city.example"}
    assert "Вы получили это как замещающий" in said["ivan@city.example"]
    assert "You are told as a manager, because it is late." in said["marina@city.example"]
    assert "Delegation of Kadıköy" in said["marina@city.example"]


def test_digest_comes_once_a_day_and_again_tomorrow(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", MONDAY))
    for _ in range(3):
        ring(session)
        run_jobs()
    assert len(outbox()) == 1
    at(datetime(2027, 3, 16, 4, 59, tzinfo=UTC))
    ring(session)
    run_jobs()
    assert len(outbox()) == 1
    at(datetime(2027, 3, 16, 5, 0, tzinfo=UTC))
    ring(session)
    run_jobs()
    assert [address for address, _ in mails(outbox)].count("olga@city.example") == 2


def test_nothing_due_is_no_mail(session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox) -> None:
    want(item("a", date(2027, 4, 1)))
    ring(session)
    run_jobs()
    assert outbox() == []


def test_what_is_done_between_tick_and_digest_is_not_mentioned(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox, done: Done
) -> None:
    want(item("a", MONDAY), item("b", MONDAY))
    ring(session)
    done.keys.add("a")
    run_jobs()
    [mail] = outbox()
    assert "Дело b" in text(mail)
    assert "Дело a" not in text(mail)


@pytest.mark.parametrize("standing", [Standing.POSTPONED, Standing.CANCELLED, Standing.CLOSED])
def test_what_does_not_go_on_between_tick_and_digest_is_not_mentioned(
    session: Session, now: datetime, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox, standing: Standing
) -> None:
    want(item("a", MONDAY))
    ring(session)
    write_standing(session, SYSTEM, now, cast.visit, standing, reason="x")
    commit(session)
    run_jobs()
    assert [mail for mail in outbox() if "Дело" in text(mail)] == []


def test_moved_thing_is_told_again_and_marked_once(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", MONDAY))
    ring(session)
    run_jobs()
    want(item("a", date(2027, 3, 17)))
    for day in (16, 17):
        at(datetime(2027, 3, day, 6, 0, tzinfo=UTC))
        ring(session)
        run_jobs()
    said = [text(mail) for mail in outbox() if "olga" in str(mail["To"])]
    assert ["перенесено" in one for one in said] == [False, True, False]


def test_worker_that_was_off_all_day_does_not_send_yesterdays_digest(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", MONDAY))
    ring(session)
    at(datetime(2027, 3, 16, 6, 0, tzinfo=UTC))
    ring(session)
    run_jobs()
    assert [address for address, _ in mails(outbox)].count("olga@city.example") == 1


def test_day_off_is_quiet_but_for_what_may_not_wait(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    at(datetime(2027, 3, 20, 6, 0, tzinfo=UTC))  # a Saturday
    want(item("a", date(2027, 3, 20)), at=clock.now())
    ring(session)
    run_jobs()
    assert outbox() == []
    at(datetime(2027, 3, 21, 6, 0, tzinfo=UTC))
    want(item("a", date(2027, 3, 20)), item("b", date(2027, 3, 21), ignore_quiet=True), at=clock.now())
    ring(session)
    run_jobs()
    [mail] = outbox()
    assert ("Дело b" in text(mail), "Дело a" in text(mail)) == (True, False)


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        ((date(2027, 3, 26), date(2027, 3, 29)), (7, 6)),  # Vienna: summer time begins on 28 March 2027
        ((date(2027, 10, 29), date(2027, 11, 1)), (6, 7)),  # and ends on 31 October
    ],
)
def test_summer_time_moves_the_moment_and_not_the_hour(
    session: Session, want: Want, cast: Cast, days: tuple[date, date], hours: tuple[int, int]
) -> None:
    cast.officer.zone = "Europe/Vienna"
    commit(session)
    for day, hour in zip(days, hours, strict=True):
        key = f"digest.{cast.officer.id}.{day.isoformat()}"
        for minute, there in ((-1, 0), (0, 1)):
            at(datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC) + timedelta(minutes=minute))
            ring(session)
            assert session.scalar(select(func.count(Job.id)).where(Job.key == key)) == there


def test_person_who_left_gets_none(
    session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(item("a", MONDAY))
    ring(session)
    cast.officer.active = False
    commit(session)
    run_jobs()
    assert [address for address, _ in mails(outbox) if address == "olga@city.example"] == []


@both_databases
def test_two_schedulers_at_once_make_one_digest(
    app: Flask, settings: Settings, session: Session, want: Want, cast: Cast, run_jobs: Run, outbox: Outbox
) -> None:
    want(*(item(f"k{number}", MONDAY) for number in range(20)))
    session.commit()
    moment, gate, asked = clock.now(), Barrier(4), []

    def schedule() -> None:
        engine = make_engine(settings.database_url)
        with Session(engine) as own:
            gate.wait()
            asked.append(tick(own, moment))
        engine.dispose()

    threads = [Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(asked) == 3
    assert session.scalar(select(func.count(Job.id)).where(Job.kind == DIGEST)) == 3
    run_jobs()
    assert [address for address, _ in mails(outbox)] == ["olga@city.example"]


def test_link_of_a_digest_leads_to_the_page_for_those_who_may(
    session: Session, want: Want, cast: Cast, client_as: Callable[..., Any], client: Any, make: Any
) -> None:
    from workflow.base.actor import Role

    want(item("a", MONDAY))
    row_id = session.scalars(select(Reminder.id)).one()
    answer = client_as(account=cast.officer).get(f"/due/{row_id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/visits/1")
    assert client_as(Role.TRANSLATOR).get(f"/due/{row_id}").status_code == 404
    assert client.get(f"/due/{row_id}").headers["Location"].startswith("/sign-in")


def test_digest_and_its_mail_name_the_job_that_the_clock_asked_for(
    session: Session, want: Want, cast: Cast, run_jobs: Run
) -> None:
    want(item("a", date(2027, 3, 10)))
    ring(session)
    run_jobs()
    session.rollback()
    digests = {f"job-{row.id}" for row in session.scalars(select(Job).where(Job.kind == DIGEST))}
    mails = set(session.scalars(select(Job.request_id).where(Job.kind == "mail.send")))
    assert len(digests) == 3
    assert mails == digests
