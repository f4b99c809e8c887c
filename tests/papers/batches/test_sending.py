"""The sending queue and the answers: nothing leaves unseen, each mail leaves once, a link answers for one person."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.batches.stages import queued_batch, settle
from tests.papers.conftest import Desk
from tests.papers.test_pages import text_of
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM, Permission, Role
from workflow.base.errors import Conflict, Forbidden, NotFound
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.mail.models import Mail, MailState
from workflow.papers import issuing
from workflow.papers.batches import answering
from workflow.papers.batches import service as batches
from workflow.papers.batches.models import AnswerLink, BatchRecipient, PaperBatch
from workflow.papers.batches.queries import recipients_of
from workflow.papers.batches.rules import Answer, AnswerBy
from workflow.papers.models import Paper
from workflow.papers.sending import service
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import LINK
from workflow.visits import service as visits
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

Outbox = Callable[[], list[EmailMessage]]
Run = Callable[[], int]
BatchOf = Callable[..., PaperBatch]


@pytest.fixture
def prepared(session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run) -> PaperBatch:
    """A signed batch of three whose mails wait in the queue."""
    batch = batch_of(3)
    queued_batch(session, desk, now, batch, run_jobs)
    return batch


def waiting(session: Session) -> list[OutgoingMail]:
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def words_of(mail: EmailMessage) -> str:
    return mail.get_body().get_content()  # type: ignore[union-attr]


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://localhost(/answer/\S+)", words_of(mail))
    assert found is not None
    return found[1]


@both_databases
def test_nothing_leaves_before_it_is_released_and_each_mail_leaves_once(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, run_jobs: Run, outbox: Outbox
) -> None:
    rows = waiting(session)
    assert [row.state for row in rows] == ["waiting"] * 3
    assert outbox() == []
    reader = replace(desk.coordinator, permissions=frozenset({Permission.PAPERS_READ}))
    with pytest.raises(Forbidden):
        service.release_outgoing(session, reader, now, rows[0].id)
    service.edit_outgoing(session, desk.coordinator, now, rows[0].id, to_name="Мэр", to_address="mayor@city.example",
                          subject="Праздник", text=f"Ждём Вас.\n{LINK}\n", version=rows[0].lock_version)  # fmt: skip
    commit(session)
    service.release_outgoing(session, desk.coordinator, now, rows[0].id)
    service.hold_outgoing(session, desk.coordinator, now, rows[1].id)
    service.remove_outgoing(session, desk.coordinator, now, rows[2].id, "Sent by post")
    commit(session)
    run_jobs()
    rows = waiting(session)
    assert [row.state for row in rows] == ["handed", "held", "removed"]
    (mail,) = outbox()
    assert (mail["Subject"], mail["To"].addresses[0].addr_spec) == ("Праздник", "mayor@city.example")
    assert "Ждём Вас." in words_of(mail)
    assert LINK not in words_of(mail)
    kinds = sorted(part.get_content_type() for part in mail.iter_attachments())
    assert kinds == ["application/pdf", "text/calendar"]
    assert (rows[0].released_by, rows[0].released_at) == (desk.coordinator.account_id, now)
    paper = session.get_one(Paper, rows[0].paper_id)
    assert paper.state == "sent"
    with pytest.raises(Conflict):
        service.release_outgoing(session, desk.coordinator, now, rows[0].id)
    with pytest.raises(Conflict):
        service.release_outgoing(session, desk.coordinator, now, rows[1].id)
    service.resume_outgoing(session, desk.coordinator, now, rows[1].id)
    commit(session)
    assert service.release_many(session, desk.coordinator, now, [(rows[1].id, rows[1].lock_version)]) == 1
    commit(session)
    run_jobs()
    assert len(outbox()) == 2
    batches.queue_batch(session, desk.coordinator, now, prepared.id)
    commit(session)
    run_jobs()
    assert len(waiting(session)) == 3


def test_mails_ticked_in_an_old_page_are_not_released(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch
) -> None:
    rows = waiting(session)
    seen = [(row.id, row.lock_version) for row in rows]
    service.edit_outgoing(session, desk.coordinator, now, rows[1].id, to_name="A", to_address="a@city.example",
                          subject="S", text="T")  # fmt: skip
    commit(session)
    with pytest.raises(Conflict) as lost:
        service.release_many(session, desk.coordinator, now, seen)
    assert lost.value.code == "papers.outgoing-changed"
    session.rollback()
    assert [row.state for row in waiting(session)] == ["waiting"] * 3
    with pytest.raises(Conflict):
        service.release_many(session, desk.coordinator, now, [])


def test_a_paper_revoked_after_release_stays_here_and_says_why(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, run_jobs: Run, outbox: Outbox
) -> None:
    row = waiting(session)[0]
    service.release_outgoing(session, desk.coordinator, now, row.id)
    issuing.revoke_paper(session, desk.manager, now, row.paper_id, "Wrong day")
    commit(session)
    run_jobs()
    row = waiting(session)[0]
    assert (row.state, row.trouble) == ("held", "papers.is-revoked")
    assert outbox() == []


def test_an_uncertain_mail_is_shown_in_the_queue(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, client_as: Callable[..., Any], run_jobs: Run
) -> None:
    row = waiting(session)[0]
    service.release_outgoing(session, desk.coordinator, now, row.id)
    commit(session)
    run_jobs()
    session.execute(text("UPDATE mail SET state = :state"), {"state": MailState.UNCERTAIN.value})
    commit(session)
    page = client_as(Role.COORDINATOR).get(f"/sending?visit={desk.visit.id}").get_data(as_text=True)
    assert "неизвестно, ушло ли" in page


@pytest.fixture
def mailed(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, run_jobs: Run, outbox: Outbox
) -> tuple[BatchRecipient, str]:
    """The first recipient and the path of their personal link."""
    row = waiting(session)[0]
    service.release_outgoing(session, desk.coordinator, now, row.id)
    settle(session, run_jobs)
    return recipients_of(session, prepared.id)[0], link_in(outbox()[0])


def test_a_letter_whose_dates_have_changed_meanwhile_does_not_leave_unseen(
    session: Session, desk: Desk, prepared: PaperBatch, now: datetime, run_jobs: Run, outbox: Outbox,
    client_as: Callable[..., Any],
) -> None:  # fmt: skip
    visit = session.get_one(Visit, desk.visit.id)
    assert visit.arrival is not None
    visit.arrival -= timedelta(days=7)
    commit(session)
    first, second = (row.id for row in waiting(session)[:2])
    for key in (first, second):
        service.release_outgoing(session, desk.coordinator, now, key)
    settle(session, run_jobs)
    assert outbox() == []
    clerk = client_as(Role.COORDINATOR)
    said = "Сведения этого письма с тех пор изменились"
    assert text_of(clerk.get(f"/sending?visit={desk.visit.id}")).count(said) == 2
    service.resume_outgoing(session, desk.coordinator, now, first)
    commit(session)
    assert said in text_of(clerk.get(f"/sending/{first}"))
    service.release_outgoing(session, desk.coordinator, now, first)
    settle(session, run_jobs)
    assert len(outbox()) == 1
    rows = {row.id: row for row in session.scalars(select(OutgoingMail))}
    assert [(rows[key].state, rows[key].trouble) for key in (first, second)] == [
        ("handed", ""), ("held", "papers.outgoing-outdated")]


def test_an_invitation_to_a_visit_that_is_off_does_not_leave_unseen(
    session: Session, desk: Desk, prepared: PaperBatch, now: datetime, run_jobs: Run, outbox: Outbox
) -> None:
    key = waiting(session)[0].id
    visits.write_standing(session, SYSTEM, now, session.get_one(Visit, desk.visit.id), Standing.CANCELLED, reason="")
    service.release_outgoing(session, desk.coordinator, now, key)
    settle(session, run_jobs)
    row = session.get_one(OutgoingMail, key)
    assert (row.state, row.trouble) == ("held", "papers.outgoing-visit-off")
    assert [mail for mail in outbox() if "guest" in str(mail["To"])] == []
    service.resume_outgoing(session, desk.coordinator, now, key)
    service.release_outgoing(session, desk.coordinator, now, key)
    settle(session, run_jobs)
    assert session.get_one(OutgoingMail, key).state == "handed"
    assert len([mail for mail in outbox() if "guest" in str(mail["To"])]) == 1


def test_the_page_of_an_answer_names_the_place_in_the_guests_language(
    session: Session, desk: Desk, prepared: PaperBatch, now: datetime, run_jobs: Run, outbox: Outbox, client: Any
) -> None:
    visit = session.get_one(Visit, desk.visit.id)
    visit.place, visit.place_en = "Ставрополь", "Stavropol"
    commit(session)
    service.release_outgoing(session, desk.coordinator, now, waiting(session)[1].id)
    settle(session, run_jobs)
    page = client.get(link_in(outbox()[0]), headers={"Accept-Language": "tr"}).get_data(as_text=True)
    assert ("Guest 2" in page, "Stavropol<" in page, "Ставрополь<" in page) == (True, True, False)


def test_opening_the_link_changes_nothing_and_the_button_answers(
    session: Session, client: Any, client_as: Callable[..., Any], mailed: tuple[BatchRecipient, str]
) -> None:
    row, path = mailed
    events = len(session.scalars(select(Event.id)).all())
    session.rollback()
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
    shown = page.get_data(as_text=True)
    assert "Приглашённый 1" in shown
    assert "Guest 2" not in shown
    assert "guest1@city.example" not in shown
    assert len(session.scalars(select(Event.id)).all()) == events
    session.rollback()
    version = str(row.lock_version)
    refused = client.post(path, {"answer": "deputy", "version": version})
    assert refused.status_code == 422
    answered = client.post(path, {"answer": "deputy", "deputy": "Петров П. П.", "deputy_post": "заместитель",
                                  "remark": "<script>alert(1)</script>", "version": version})  # fmt: skip
    assert answered.status_code == 303
    session.expire_all()
    session.refresh(row)
    assert (row.answer, row.answer_by, row.answer_text) == (
        "deputy", "link",
        {"deputy": "Петров П. П.", "deputy_post": "заместитель", "remark": "<script>alert(1)</script>"},
    )  # fmt: skip
    assert client.post(path, {"answer": "coming", "version": version}).status_code == 409
    ours = client_as(Role.COORDINATOR).get(f"/batches/{row.batch_id}").get_data(as_text=True)
    assert "Петров П. П." in ours
    assert "<script>alert" not in ours
    event = session.scalars(select(Event).where(Event.kind == "papers.answer.recorded")).one()
    assert (event.actor_kind, event.changes["answer_text"]) == ("public", None)


def test_a_link_that_ended_was_revoked_or_never_was_opens_the_same_page(
    session: Session, desk: Desk, now: datetime, client: Any, mailed: tuple[BatchRecipient, str]
) -> None:
    row, path = mailed
    never = client.get("/answer/" + "x" * 43)
    answering.revoke_link(session, desk.coordinator, now, row.id)
    commit(session)
    revoked = client.get(path)
    assert (never.status_code, revoked.status_code) == (404, 404)
    assert re.sub(r'"[^"]{60,}"|/answer/\S+', "", never.get_data(as_text=True)) == re.sub(
        r'"[^"]{60,}"|/answer/\S+', "", revoked.get_data(as_text=True)
    )
    assert client.post(path, {"answer": "coming", "version": "1"}).status_code == 404
    with pytest.raises(Conflict):
        answering.revoke_link(session, desk.coordinator, now, row.id)


def test_a_new_link_ends_the_one_before(
    session: Session, desk: Desk, now: datetime, client: Any, mailed: tuple[BatchRecipient, str]
) -> None:
    row, path = mailed
    newer = answering.make_link(session, desk.coordinator, now, row.id, "en").removeprefix("http://localhost")
    commit(session)
    assert [client.get(each).status_code for each in (path, newer)] == [404, 200]


def test_a_link_ends_as_the_visit_begins_and_when_it_is_called_off(
    session: Session, desk: Desk, now: datetime, client: Any, mailed: tuple[BatchRecipient, str]
) -> None:
    row, path = mailed
    link = session.scalars(select(AnswerLink)).one()
    visit = session.get_one(Visit, desk.visit.id)
    assert visit.arrival is not None
    assert link.expires_at.date() <= visit.arrival
    visits.write_standing(session, SYSTEM, now, visit, Standing.CANCELLED, reason="Flood")
    commit(session)
    assert client.post(path, {"answer": "coming", "version": str(row.lock_version)}).status_code == 409
    clock.advance_frozen(timedelta(days=90))
    assert client.get(path).status_code == 404


def test_an_answer_is_recorded_by_hand(
    session: Session, desk: Desk, make: Make, now: datetime, prepared: PaperBatch, client_as: Callable[..., Any]
) -> None:
    row = recipients_of(session, prepared.id)[1]
    commit(session)
    clerk = client_as(Role.COORDINATOR)
    page = f"/recipients/{row.id}"
    assert clerk.post(f"{page}/answer", {"answer": "coming", "version": str(row.lock_version)}).status_code == 422
    assert clerk.post(f"{page}/answer", {"answer": "coming", "by": "phone",
                                         "version": str(row.lock_version)}).status_code == 303  # fmt: skip
    session.expire_all()
    assert (recipients_of(session, prepared.id)[1].answer, row.answer_by) == (Answer.COMING, AnswerBy.PHONE)
    session.execute(text("UPDATE visit_access SET ended_at = granted_at"))
    commit(session)
    with pytest.raises(NotFound):
        answering.record_answer(session, make.actor(), now, row.id, Answer.DECLINED, AnswerBy.PHONE)


def test_the_single_letter_still_leaves_at_once(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, run_jobs: Run
) -> None:
    row = waiting(session)[0]
    issuing.send_by_mail(session, desk.coordinator, now, row.paper_id, to_name="A", to_address="a@city.example",
                         subject="S", text="T")  # fmt: skip
    commit(session)
    run_jobs()
    assert session.scalars(select(Mail.state).where(Mail.kind == "paper_letter")).all() == ["sent"]


def test_a_held_mail_says_that_it_is_held_and_stays(
    session: Session, desk: Desk, now: datetime, prepared: PaperBatch, run_jobs: Run, outbox: Outbox
) -> None:
    row = waiting(session)[0]
    service.hold_outgoing(session, desk.coordinator, now, row.id)
    commit(session)
    with pytest.raises(Conflict, match=r"papers\.outgoing-held"):
        service.release_outgoing(session, desk.coordinator, now, row.id)
    session.rollback()
    run_jobs()
    assert (waiting(session)[0].state, outbox()) == ("held", [])


def shown_in(page: str) -> list[str]:
    """What the page of the queue would post as looked at: key and version of each mail."""
    return re.findall(r'name="shown" value="([\d.]+)"', page)


def test_release_of_all_lets_go_exactly_what_the_page_showed(
    session: Session, desk: Desk, client_as: Callable[..., Any], prepared: PaperBatch, run_jobs: Run, outbox: Outbox
) -> None:
    browser = client_as(Role.COORDINATOR)
    shown = shown_in(browser.get(f"/sending?visit={desk.visit.id}").get_data(as_text=True))
    assert len(shown) == 3
    looked_at = {"shown": shown[:2], "all": "1", "visit": str(desk.visit.id)}  # the third came after the page was read
    assert browser.post("/sending/release", looked_at).status_code == 303
    run_jobs()
    first, second, newer = waiting(session)
    assert [row.state for row in (first, second, newer)] == ["handed", "handed", "waiting"]
    assert sorted(str(mail["To"].addresses[0].addr_spec) for mail in outbox()) == sorted(
        [first.to_address, second.to_address])


def test_a_mail_changed_while_the_page_lay_open_keeps_all_of_them_and_is_pointed_out(
    session: Session, make: Make, desk: Desk, now: datetime, client_as: Callable[..., Any], prepared: PaperBatch,
    run_jobs: Run, outbox: Outbox,
) -> None:  # fmt: skip
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    looked_at = {"visit": str(desk.visit.id), "all": "1",
                 "shown": shown_in(browser.get(f"/sending?visit={desk.visit.id}").get_data(as_text=True))}  # fmt: skip
    changed = waiting(session)[1]
    service.edit_outgoing(session, desk.coordinator, now, changed.id, to_name="Other", to_address="other@city.example",
                          subject="Other words", text="T")  # fmt: skip
    commit(session)
    refused = browser.post("/sending/release", looked_at)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, page.count("Changed, or new, since you looked")) == (409, 1)
    assert page.index("Other words") < page.index("Changed, or new, since you looked")
    run_jobs()
    assert ([row.state for row in waiting(session)], outbox()) == (["waiting"] * 3, [])
    again = looked_at | {"shown": shown_in(page)}
    assert browser.post("/sending/release", again).status_code == 303
    run_jobs()
    assert len(outbox()) == 3
