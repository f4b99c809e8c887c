"""Jobs that stopped: who sees them, and what a person decides."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.events import Event
from workflow.base.jobs import Job, JobState
from workflow.base.unit_of_work import commit
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, queue_worded_mail

pytestmark = pytest.mark.usefixtures("published")


@pytest.fixture
def stopped(make: Any, session: Any, now: datetime) -> Callable[..., int]:
    """Make an official letter whose job stopped in a state."""

    def stop(state: JobState, visit_id: int | None) -> int:
        mail = queue_worded_mail(
            session, now, "letter", Recipient("mayor@kadikoy.example", "Ayşe Specimen", "en"), subject="Our invitation",
            text="Dear colleagues", key=f"letter.{state}.{visit_id}", visit_id=visit_id, official=True)
        assert mail is not None
        session.execute(update(Job).where(Job.key == f"mail.{mail.id}").values(state=state.value, error="SMTP 451"))
        mail.state = MailState.UNCERTAIN if state is JobState.UNCERTAIN else MailState.FAILED
        commit(session)
        return mail.id

    return stop


def job_of(session: Any, mail_id: int) -> tuple[int, str]:
    """Give a mail's job and its state, and leave no transaction open."""
    row = session.execute(select(Job.id, Job.state).where(Job.key == f"mail.{mail_id}")).one()
    session.rollback()
    return row.id, row.state


def state_of(session: Any, mail_id: int) -> str:
    """Give a mail's state, and leave no transaction open."""
    state = session.scalar(select(Mail.state).where(Mail.id == mail_id))
    session.rollback()
    return str(state)


def test_coordinator_sees_what_was_not_sent_on_the_desk(
    client_as: Callable[..., Any], make: Any, stopped: Callable[..., int]
) -> None:
    stopped(JobState.UNCERTAIN, make.visit().id)
    page = client_as(Role.COORDINATOR).get("/?whose=all").get_data(as_text=True)
    assert "Our invitation" in page
    assert "Обработчик остановился во время отправки." in page


def test_administrator_sees_the_job_but_not_the_mail(
    client_as: Callable[..., Any], make: Any, stopped: Callable[..., int]
) -> None:
    stopped(JobState.FAILED, make.visit().id)
    page = client_as(Role.ADMINISTRATOR).get("/admin/jobs").get_data(as_text=True)
    assert "SMTP 451" in page
    assert "Our invitation" not in page
    assert "Specimen" not in page


@pytest.mark.parametrize(("verdict", "job_state", "mail_state"), [
    ("again", JobState.OPEN, MailState.QUEUED),
    ("happened", JobState.DONE, MailState.SENT),
    ("dropped", JobState.WITHDRAWN, MailState.WITHDRAWN),
])
def test_decision_settles_the_job_and_its_mail_once(
    client_as: Callable[..., Any], make: Any, session: Any, stopped: Callable[..., int], verdict: str,
    job_state: JobState, mail_state: MailState,
) -> None:
    mail_id = stopped(JobState.UNCERTAIN, make.visit().id)
    browser = client_as(Role.COORDINATOR)
    url = f"/admin/jobs/{job_of(session, mail_id)[0]}"
    assert browser.post(url, {"verdict": verdict, "back": "today"}).status_code == 303
    assert job_of(session, mail_id)[1] == job_state
    assert state_of(session, mail_id) == mail_state
    assert session.scalar(select(func.count()).where(Event.kind == "desk.job.settled")) == 1
    session.rollback()
    assert browser.post(url, {"verdict": verdict}).status_code == 409


def test_sent_again_arrives(client_as: Callable[..., Any], make: Any, session: Any, stopped: Callable[..., int],
                            run_jobs: Callable[[], int], outbox: Callable[[], list[Any]]) -> None:
    mail_id = stopped(JobState.FAILED, make.visit().id)
    client_as(Role.COORDINATOR).post(f"/admin/jobs/{job_of(session, mail_id)[0]}", {"verdict": "again"})
    run_jobs()
    assert [message["Subject"] for message in outbox()] == ["Our invitation"]


def test_what_failed_over_a_weekend_is_tried_again_at_once_and_what_may_have_gone_is_not(
    client_as: Callable[..., Any], make: Any, session: Any, stopped: Callable[..., int], run_jobs: Callable[[], int],
    outbox: Callable[[], list[Any]],
) -> None:
    failed = [stopped(JobState.FAILED, make.visit().id) for _ in range(3)]
    uncertain = stopped(JobState.UNCERTAIN, make.visit().id)
    browser = client_as(Role.COORDINATOR)
    assert "Повторить всё, что не удалось" in browser.get("/admin/jobs").get_data(as_text=True)
    assert browser.post("/admin/jobs/again").status_code == 303
    assert "3 задания будут выполнены ещё раз." in browser.get("/admin/jobs").get_data(as_text=True)
    run_jobs()
    assert len(outbox()) == 3
    assert [state_of(session, mail_id) for mail_id in failed] == [MailState.SENT] * 3
    assert state_of(session, uncertain) == MailState.UNCERTAIN
    assert client_as(Role.TRANSLATOR).post("/admin/jobs/again").status_code == 403


def test_translator_may_not_decide(client_as: Callable[..., Any], make: Any, session: Any,
                                   stopped: Callable[..., int]) -> None:
    mail_id = stopped(JobState.FAILED, make.visit().id)
    assert client_as(Role.TRANSLATOR).post(f"/admin/jobs/{job_of(session, mail_id)[0]}",
                                           {"verdict": "again"}).status_code == 403
    assert job_of(session, mail_id)[1] == JobState.FAILED


def test_verdict_that_does_not_exist_changes_nothing(
    client_as: Callable[..., Any], make: Any, session: Any, stopped: Callable[..., int]
) -> None:
    mail_id = stopped(JobState.FAILED, make.visit().id)
    answer = client_as(Role.COORDINATOR).post(f"/admin/jobs/{job_of(session, mail_id)[0]}", {"verdict": "x"})
    assert answer.status_code == 422
    assert job_of(session, mail_id)[1] == JobState.FAILED


@pytest.mark.parametrize("role", list(Role))
def test_desk_says_when_the_worker_seems_to_be_stopped(
    client_as: Callable[..., Any], make: Any, session: Any, now: datetime, role: Role
) -> None:
    browser = client_as(role)
    queue_worded_mail(session, now, "letter", Recipient("a@b.example", "A", "en"), subject="S", text="T", key="k")
    commit(session)
    assert "Похоже, обработчик остановлен." not in browser.get("/").get_data(as_text=True)
    clock.advance_frozen(timedelta(minutes=6))
    page = browser.get("/").get_data(as_text=True)
    assert "Похоже, обработчик остановлен." in page
    here = role is Role.ADMINISTRATOR
    assert ("сообщите администратору" in page, "delegations doctor" in page) == (not here, here)
