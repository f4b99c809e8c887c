"""Invitations: drafted by the process, answered by telephone, waited for, reminded of."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.errors import Forbidden, Invalid, NotFound, Stale
from workflow.base.jobs import enqueue
from workflow.base.reasons import DueSubject
from workflow.base.unit_of_work import commit
from workflow.invitations import service
from workflow.invitations.conditions import answer_recorded, no_answer
from workflow.invitations.models import Invitation
from workflow.invitations.rules import Answer, Channel
from workflow.papers.models import Paper
from workflow.papers.rules import PaperState
from workflow.papers.service import draft_paper
from workflow.reminders.models import Reminder


def test_the_process_drafts_the_invitation_once(
    session: Session,
    desk: Desk,
    now: datetime,
    run_jobs: Callable[[], int],
) -> None:
    for turn in range(2):
        enqueue(session, now, "invitations.draft_invitation", f"d.{turn}", {"visit_id": desk.visit.id})
    commit(session)
    run_jobs()
    assert session.scalars(select(Paper.kind)).all() == ["invitation"]
    assert session.scalar(select(func.count(Invitation.id))) == 1


def test_the_term_stands_in_the_letter_and_is_reminded_of(
    session: Session,
    desk: Desk,
    now: datetime,
) -> None:
    row = service.set_reply_by(session, desk.coordinator, now, desk.visit.id, date(2027, 4, 10))
    commit(session)
    paper = draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    assert "до 10\u00a0апреля 2027\u00a0года" in paper.texts[0].text
    reminder = session.scalars(select(Reminder).where(Reminder.source == "invitations")).one()
    assert reminder.due_on == date(2027, 4, 10)
    subject = DueSubject(desk.visit.id, "answer", ("invitation", row.id))
    assert no_answer(session, [subject], now) == [True]
    service.record_answer(session, desk.coordinator, now, desk.visit.id, Answer.SILENT)
    assert no_answer(session, [subject], now) == [True]
    service.record_answer(session, desk.coordinator, now, desk.visit.id, Answer.DEPUTY, channel=Channel.PHONE)
    commit(session)
    assert no_answer(session, [subject], now) == [False]
    session.refresh(reminder)
    assert reminder.state != "open"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2027, 3, 14), "invitations.day-past"), (date(2027, 5, 14), "invitations.day-after-arrival")]
)
def test_terms_that_cannot_be_kept_are_refused(
    session: Session,
    desk: Desk,
    now: datetime,
    day: date,
    code: str,
) -> None:
    with pytest.raises(Invalid) as wrong:
        service.set_reply_by(session, desk.coordinator, now, desk.visit.id, day)
    assert (wrong.value.code, wrong.value.field) == (code, "reply_by")


def test_the_condition_is_met_by_any_answer_but_silence(
    session: Session,
    desk: Desk,
    make: Make,
    now: datetime,
) -> None:
    ours, other = desk.visit.id, make.visit().id

    def said() -> dict[int, list[str]]:
        return {
            key: [reason.code for reason in reasons]
            for key, reasons in answer_recorded(session, [ours, other], {}).items()
        }

    assert said() == {ours: ["invitations.reason-no-answer"], other: ["invitations.reason-no-answer"]}
    service.record_answer(session, desk.coordinator, now, ours, Answer.SILENT)
    assert said()[ours] == ["invitations.reason-silent"]
    for answer in (Answer.COMING, Answer.DEPUTY, Answer.GREETING, Answer.DECLINED):
        row = service.record_answer(session, desk.coordinator, now, ours, answer, channel=Channel.MAIL, note="ок")
        assert said() == {ours: [], other: ["invitations.reason-no-answer"]}
        assert row.answered_on == date(2027, 3, 15)


def test_bad_answers_and_strangers_are_refused(
    session: Session,
    desk: Desk,
    make: Make,
    now: datetime,
) -> None:
    with pytest.raises(Invalid, match="channel-required"):
        service.record_answer(session, desk.coordinator, now, desk.visit.id, Answer.COMING)
    with pytest.raises(Invalid, match="day-ahead"):
        service.record_answer(
            session,
            desk.coordinator,
            now,
            desk.visit.id,
            Answer.COMING,
            channel=Channel.PHONE,
            answered_on=date(2027, 3, 16),
        )
    with pytest.raises((Forbidden, NotFound)):
        service.record_answer(session, make.actor(Role.TRANSLATOR), now, desk.visit.id, Answer.SILENT)
    row = service.record_answer(session, desk.coordinator, now, desk.visit.id, Answer.SILENT)
    commit(session)
    with pytest.raises(Stale):
        service.record_answer(
            session, desk.coordinator, now, desk.visit.id, Answer.SILENT, version=row.lock_version + 1
        )


@pytest.mark.parametrize(("direction", "word"), [("incoming", "Приглашение"), ("outgoing", "Приглашение нам")])
def test_the_page_records_an_answer_by_telephone(
    session: Session, make: Make, client_as: Callable[..., Any], direction: str, word: str
) -> None:
    browser = client_as(Role.COORDINATOR)
    visit = make.visit(direction=direction)
    page = f"/visits/{visit.id}/invitation"
    assert word in browser.get(page).get_data(as_text=True)
    wrong = browser.post(f"{page}/answer", {"answer": "coming"})
    assert wrong.status_code == 422
    assert 'href="#f-channel"' in wrong.get_data(as_text=True)
    done = browser.post(f"{page}/answer", {"answer": "coming", "channel": "phone", "note": "Секретарь мэра"})
    assert done.status_code == 303
    assert browser.get(page).get_data(as_text=True).count("Секретарь мэра") == 2
    row = session.scalars(select(Invitation)).one()
    assert (row.answer, row.channel) == ("coming", "phone")
    assert browser.post(f"{page}/reply-by", {"reply_by": "2027-04-10", "version": "99"}).status_code == 409
    assert browser.post(f"{page}/reply-by", {"reply_by": "2027-04-10"}).status_code == 303
    assert browser.get(f"/api/v1/visits/{visit.id}/invitation").json["reply_by"] == "2027-04-10"


def test_the_page_says_where_the_letter_stands(
    session: Session, desk: Desk, now: datetime, client_as: Callable[..., Any]
) -> None:
    paper = draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    paper.state = PaperState.SUBMITTED
    commit(session)
    shown = client_as(Role.COORDINATOR).get(f"/visits/{desk.visit.id}/invitation").get_data(as_text=True)
    letter = shown.partition("<dt>Письмо</dt>")[2].partition("</dd>")[0]
    assert "Ждёт утверждения" in letter
    assert "Черновик" not in letter
