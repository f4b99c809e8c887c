"""A letter by mail when people are hasty: the same form twice, and a letter revoked before it left."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from tests.papers.test_life import signed
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.errors import Stale
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit
from workflow.mail.models import Mail, MailState
from workflow.papers import issuing
from workflow.papers.models import Dispatch, Paper
from workflow.papers.rules import PaperState

Outbox = Callable[[], list[EmailMessage]]


def mail_it(session: Session, desk: Desk, now: datetime, paper: Paper, version: int) -> Dispatch:
    """Ask for the letter to be mailed, from a form that saw *version*."""
    dispatch = issuing.send_by_mail(session, desk.coordinator, now, paper.id, to_name="Mayor",
                                    to_address="mayor@kadikoy.example", subject="Invitation", text="Attached.",
                                    version=version)  # fmt: skip
    commit(session)
    return dispatch


def test_the_same_form_twice_mails_one_letter(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox,
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    seen = paper.lock_version
    mail_it(session, desk, now, paper, seen)
    with pytest.raises(Stale):
        mail_it(session, desk, now, paper, seen)
    session.rollback()
    run_jobs()
    assert len(outbox()) == 1


def test_a_letter_revoked_before_it_left_stays_here(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox,
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    dispatch = mail_it(session, desk, now, paper, paper.lock_version)
    issuing.revoke_paper(session, desk.manager, now, paper.id, "The mayor fell ill.")
    commit(session)
    run_jobs()
    session.expire_all()
    assert outbox() == []
    assert (paper.state, dispatch.sent_on) == (PaperState.REVOKED, None)


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNCERTAIN])
def test_a_mail_that_stopped_is_not_tried_again_once_its_letter_is_revoked(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox, client_as: Callable[..., Any], state: MailState,
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    dispatch = mail_it(session, desk, now, paper, paper.lock_version)
    session.execute(update(Job).where(Job.key == f"mail.{dispatch.mail_id}").values(state=state.value))
    session.execute(update(Mail).where(Mail.id == dispatch.mail_id).values(state=state.value))
    issuing.revoke_paper(session, desk.manager, now, paper.id, "The mayor fell ill.")
    commit(session)
    job_id = session.scalar(select(Job.id).where(Job.key == f"mail.{dispatch.mail_id}"))
    browser = client_as(Role.COORDINATOR)
    refused = browser.post(f"/admin/jobs/{job_id}", {"verdict": "again"})
    assert refused.status_code == 409
    assert "Этот документ отозван." in refused.get_data(as_text=True)
    run_jobs()
    assert outbox() == []
    assert browser.post(f"/admin/jobs/{job_id}", {"verdict": "dropped"}).status_code == 303


@pytest.mark.parametrize(("address", "status"), [("mayor@kadikoy.example", 409), ("office@kadikoy.example", 303)])
def test_a_mail_that_failed_is_not_tried_again_once_a_later_one_went_to_that_address(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
    outbox: Outbox, client_as: Callable[..., Any], address: str, status: int,
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    first = mail_it(session, desk, now, paper, paper.lock_version)
    session.execute(update(Job).where(Job.key == f"mail.{first.mail_id}").values(state=MailState.FAILED.value))
    session.execute(update(Mail).where(Mail.id == first.mail_id).values(state=MailState.FAILED.value))
    issuing.send_by_mail(session, desk.coordinator, now, paper.id, to_name="The Mayor", to_address=address,
                         subject="Invitation", text="Attached.")  # fmt: skip
    commit(session)
    run_jobs()
    job_id = session.scalar(select(Job.id).where(Job.key == f"mail.{first.mail_id}"))
    answer = client_as(Role.COORDINATOR).post(f"/admin/jobs/{job_id}", {"verdict": "again"})
    assert answer.status_code == status
    run_jobs()
    assert sorted(str(mail["To"]).rpartition("<")[2] for mail in outbox()) == sorted(
        {"mayor@kadikoy.example>", f"{address}>"})


def test_a_letter_that_leaves_after_midnight_is_sent_on_our_day(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    dispatch = mail_it(session, desk, now, paper, paper.lock_version)
    clock.advance_frozen(timedelta(hours=13))  # 22:00 in UTC, one in the morning here
    run_jobs()
    session.refresh(dispatch)
    assert dispatch.sent_on == date(2027, 3, 16)
