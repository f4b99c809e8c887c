"""Redis is a doorbell: stopped, restarted or emptied, pages answer, and every mail arrives once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import redis

from tasks.celery_app import QUEUE, make_celery
from tasks.nudge import make_nudge
from tasks.schedule import SWEEP, TICK_REMINDERS
from tests.faults.conftest import House
from tests.servers import RedisServer, both_databases, wait_until
from workflow.accounts.service import create_account
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.reasons import DueItem, Sentence, Where
from workflow.base.unit_of_work import attach_nudge, detach_nudge, unit_of_work
from workflow.mail.models import MailState
from workflow.outcomes.dues import OUTCOME_CHECK
from workflow.outcomes.models import Outcome
from workflow.outcomes.rules import OutcomeKind
from workflow.reminders.service import sync_due
from workflow.visits.rules import Dates, Direction
from workflow.visits.service import Opening, VisitData, open_visit

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.postgres]
on_postgres = pytest.mark.parametrize("settings", ["postgres"], indirect=True)


@pytest.fixture
def broker(house: House, redis_server: RedisServer) -> Iterator[RedisServer]:
    """Redis, with this test's web process ringing it."""
    attach_nudge(make_nudge(make_celery(redis_server.url)))
    yield redis_server
    detach_nudge()
    if not redis_server.answers():
        redis_server.start()


def request_and_mail(house: House, key: str) -> float:
    """Answer a page and commit a mail, as a request does; give the seconds that it took."""
    started = time.monotonic()
    assert house.app.test_client().get("/sign-in").status_code in {200, 302}
    house.queue(key)
    return time.monotonic() - started


def all_once(house: House, keys: list[str]) -> bool:
    """Say whether every mail has been sent, and the sink has each once."""
    return (
        house.mail_states() == dict.fromkeys(keys, MailState.SENT)
        and Counter(message.subject for message in house.sink.arrived()) == Counter(keys)
    )


def rung_again(broker: RedisServer, task: str, *, schedulers: int, settled: bool = True) -> None:
    """Wait until each scheduler has rung twice more for a task, and the workers have heard everything.

    What was in hand as Redis went away stays unacknowledged there: *settled* says that there can be no such thing.
    """
    rung: Counter[tuple[str, str]] = Counter()
    with closing(redis.Redis.from_url(broker.url, socket_timeout=60)) as client:
        with client.monitor() as monitor:
            for told in monitor.listen():
                if told["command"].startswith("LPUSH") and task in told["command"]:
                    rung[told["client_address"], told["client_port"]] += 1
                if len([times for times in rung.values() if times >= 2]) >= schedulers:
                    break
        wait_until(lambda: not client.llen(QUEUE) and not (settled and client.hlen("unacked")),
                   what="the bells to be heard")  # fmt: skip


@on_postgres
def test_redis_stopped_restarted_and_flushed(house: House, broker: RedisServer) -> None:
    house.start("worker", "--concurrency", "2")
    house.start("scheduler")
    keys = [f"mail-{number:03}" for number in range(100)]
    took = [request_and_mail(house, key) for key in keys[:20]]
    wait_until(lambda: all_once(house, keys[:20]), seconds=60, what="the mails before the fault")

    broker.halt(kill=True)
    took += [request_and_mail(house, key) for key in keys[20:50]]
    broker.start()
    took += [request_and_mail(house, key) for key in keys[50:60]]
    wait_until(lambda: all_once(house, keys[:60]), seconds=90, what="the mails left while Redis was away")

    for number, key in enumerate(keys[60:]):
        took.append(request_and_mail(house, key))
        if number % 10 == 5:
            broker.flush()
    broker.halt()
    broker.start()
    wait_until(lambda: all_once(house, keys), seconds=90, what="the mails whose messages were flushed")
    rung_again(broker, SWEEP, schedulers=1, settled=False)  # it finds nothing to double
    assert all_once(house, keys)
    assert max(took) < 10  # a hung request would be as long as the broker is away
    assert sorted(took)[len(took) // 2] < 1


@on_postgres
def test_two_schedulers_and_two_workers_do_everything_once(house: House, broker: RedisServer) -> None:
    now = clock.now()
    with house.session() as session, unit_of_work(session), house.app.app_context():
        people = [
            create_account(session, SYSTEM, now, email=f"officer{number}@city.example", name_en=f"Officer {number}",
                           name_ru=f"Сотрудник {number}", roles={Role.COORDINATOR},
                           digest_hour=now.astimezone(ZoneInfo("Europe/Moscow")).hour)
            for number in range(5)
        ]  # fmt: skip
        today = now.date()
        for person in people:
            visit = open_visit(
                session, SYSTEM, now,
                VisitData(title_ru="Делегация", title_en="Delegation", direction=Direction.INCOMING, country="TR",
                          place="Ставрополь", dates=Dates(today + timedelta(days=40), today + timedelta(days=43)),
                          responsible_id=person.id),
                Opening(process_key="incoming", process_version=1, stage="requested"),
            )  # fmt: skip
            promise = Outcome(visit_id=visit.id, kind=OutcomeKind.PROMISE, what="Send the book", created_at=now)
            session.add(promise)
            session.flush()
            sync_due(session, now, source="tests", visit_id=visit.id, items=[
                DueItem(key="answer", title=Sentence("base.required"), due_on=today, check=OUTCOME_CHECK,
                        subject=("outcome", promise.id), where=Where("visits.show", {"visit_id": visit.id}),
                        owner_id=person.id, ignore_quiet=True),
            ])  # fmt: skip
    for command in ("worker", "worker", "scheduler", "scheduler"):
        house.start(command)
    keys = [f"mail-{number:03}" for number in range(100)]
    for key in keys:
        house.queue(key)
    wait_until(lambda: {key: state for key, state in house.mail_states().items() if key in keys}
               == dict.fromkeys(keys, MailState.SENT), seconds=90, what="every mail to be sent")  # fmt: skip
    digests = {f"officer{number}@city.example" for number in range(5)}

    def told() -> Counter[str]:
        others = [message for message in house.sink.arrived() if message.subject not in keys]
        return Counter(message.recipient.split("<")[-1].rstrip(">") for message in others)

    wait_until(lambda: set(told()) == digests, seconds=150, what="each officer's digest")
    rung_again(broker, TICK_REMINDERS, schedulers=2)
    assert told() == Counter(digests)
    assert set(Counter(message.message_id for message in house.sink.arrived()).values()) == {1}


@both_databases
def test_mail_left_by_a_killed_process_goes_out_after_the_next_start(house: House) -> None:
    house.queue("mail-1")  # committed, and the process died before it could ring
    if house.redis is not None:
        house.start("scheduler")
    house.start_workers()
    wait_until(lambda: all_once(house, ["mail-1"]), seconds=60, what="the mail")
