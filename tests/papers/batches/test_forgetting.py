"""What a batch keeps of its recipients ends: by the term of their kind, and at once for a person who is erased."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.batches.stages import drafted, queued_batch, ready, settle
from tests.papers.batches.test_batches import text_of
from tests.papers.conftest import Desk
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.errors import NotFound
from workflow.base.files import StoredFile, read_file, store
from workflow.base.jobs import Job
from workflow.base.running import run_job
from workflow.base.unit_of_work import commit
from workflow.guests.privacy import erasing, purging
from workflow.guests.privacy.retention import set_terms, terms
from workflow.guests.privacy.rules import Ground, Kind
from workflow.papers import issuing
from workflow.papers.batches import answering, recipients
from workflow.papers.batches import service as batches
from workflow.papers.batches.jobs import HANDLERS
from workflow.papers.batches.models import PaperBatch
from workflow.papers.batches.queries import live_link, recipients_of
from workflow.papers.batches.rules import Answer, AnswerBy
from workflow.papers.batches.working import LAY_OUT
from workflow.papers.models import Paper
from workflow.papers.rules import How
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.service import release_outgoing
from workflow.visits.rules import Standing

Run = Callable[[], int]
BatchOf = Callable[..., PaperBatch]


def erase(session: Session, make: Make, *, email: str) -> None:
    """Erase somebody who is known by this address."""
    person = make.person(latin_family="Specimen", latin_given="Guest", email=email)
    erasing.erase(session, SYSTEM, clock.now(), person, Ground.ASKED, "Letter")
    commit(session)
    session.expire_all()


@both_databases
def test_recipients_and_mails_in_the_queue_go_by_their_terms_and_what_they_answered_stays(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(2)
    queued_batch(session, desk, now, batch, run_jobs)
    release_outgoing(session, desk.coordinator, now, session.scalars(select(OutgoingMail.id)).first() or 0)
    row = recipients_of(session, batch.id)[0]
    answering.record_answer(session, desk.coordinator, now, row.id, Answer.DEPUTY, AnswerBy.PHONE, deputy="Pat Example")
    paper = session.get_one(Paper, recipients_of(session, batch.id)[1].paper_id)
    issuing.record_sent(session, desk.coordinator, now, paper.id, How.POST, to_whom="Guest 2, City 2")
    token = answering.make_link(session, desk.coordinator, now, row.id, "en").rpartition("/")[2]
    desk.visit.standing, desk.visit.closed_at = Standing.CLOSED, now
    settle(session, run_jobs)
    assert purging.purge(session, now + timedelta(days=365), kind=Kind.ADDRESSEES) == 0
    assert purging.purge(session, now + timedelta(days=366), kind=Kind.ADDRESSEES) == 2
    assert purging.purge(session, now + timedelta(days=366), kind=Kind.ADDRESSEES) == 0
    assert purging.purge(session, now + timedelta(days=366), kind=Kind.MAILS) > 0
    commit(session)
    session.expire_all()
    kept = recipients_of(session, batch.id)
    assert [(one.particulars, one.answer_text, one.answer) for one in kept] == [
        ({"name": "удалено"}, None, "deputy"), ({"name": "удалено"}, None, "")]
    with pytest.raises(NotFound):
        live_link(session, now, token)
    queued = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.state, bool(mail.text + mail.to_address)) for mail in queued] == [
        ("handed", False), ("waiting", True)]
    later = now + timedelta(days=2000)
    assert purging.purge(session, later, kind=Kind.PAPERS) == 0
    set_terms(session, SYSTEM, now, {kind: term.days for kind, term in terms(session).items()}, {Kind.PAPERS},
              seen=None)  # fmt: skip
    assert purging.purge(session, later, kind=Kind.PAPERS) == 2
    commit(session)
    session.expire_all()
    (line,) = session.get_one(Paper, paper.id).dispatches
    assert (line.how, line.to_whom, line.sent_on is not None, paper.number) == ("post", "", True, "01-12/2")


@both_databases
def test_letters_bound_together_for_the_printer_are_bound_anew_without_an_erased_person(
    session: Session, make: Make, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(3)
    ready(session, desk, now, batch, run_jobs)
    before = [session.get_one(StoredFile, key).token for key in (batch.print_file_id, batch.archive_file_id)]
    erase(session, make, email="guest2@city.example")
    assert (batch.print_file_id, batch.archive_file_id) == (None, None)
    assert not any(store().path(token).exists() for token in before)
    run_jobs()
    session.expire_all()
    assert (batch.state, batch.doing, batch.letters) == ("ready", "", 2)
    assert batch.print_file_id is not None
    assert batch.archive_file_id is not None
    printed = " ".join(text_of(read_file(session, batch.print_file_id)[1]))
    assert ("Guest 2" in printed, "Город 3" in printed) == (False, True)
    with zipfile.ZipFile(io.BytesIO(read_file(session, batch.archive_file_id)[1])) as box:
        assert [name.split("/")[1][:3] for name in box.namelist()] == ["001", "002"]
        assert not any("Guest-2" in name for name in box.namelist())
    batches.sign_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)
    batches.queue_batch(session, desk.coordinator, now, batch.id)
    commit(session)
    run_jobs()
    assert session.scalars(select(Paper.state).order_by(Paper.id)).all() == ["signed", "approved", "signed"]
    assert sorted(session.scalars(select(OutgoingMail.to_address))) == ["guest1@city.example", "guest3@city.example"]


def test_a_letter_being_laid_out_as_its_recipient_is_erased_is_not_kept(
    session: Session, make: Make, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(3)
    drafted(session, desk, now, batch, run_jobs)
    batches.submit_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)
    batches.approve_batch(session, desk.manager, now, batch.id)
    commit(session)
    issue = session.scalars(select(Job.id).where(Job.kind == "papers.batch_issue", Job.state == "open")).one()
    session.rollback()
    run_job(session, clock.now, issue)
    payload = session.scalars(select(Job.payload).where(Job.kind == LAY_OUT)).one()
    handler: Any = next(one for one in HANDLERS if one.kind == LAY_OUT)
    orders = handler.load(session, payload, now)
    session.rollback()
    laid = handler.perform(orders)
    erase(session, make, email="guest2@city.example")
    handler.record(session, payload, laid, now)
    settle(session, run_jobs)
    assert (batch.state, batch.letters) == ("ready", 2)
    texts = [session.get_one(Paper, row.paper_id).texts[0] for row in recipients_of(session, batch.id)]
    assert [text.pdf_file_id is not None for text in texts] == [True, False, True]
    assert purging.purge_left_files(session, now + timedelta(days=2)) == 0


def test_who_is_merely_listed_is_listed_no_more_and_gets_no_letter(
    session: Session, make: Make, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    listing, begun, handed_in, others = batch_of(3), batch_of(2), batch_of(1), batch_of(1)
    for batch, email in ((handed_in, "guest2@city.example"), (others, "guest4@city.example")):
        batch.preview = {"columns": [], "ignored": [], "rows": [[2, {"name": "Guest", "email": email}, "en", ""]]}
    commit(session)
    batches.start_drafts(session, desk.coordinator, now, begun.id)
    commit(session)
    erase(session, make, email="guest2@city.example")
    assert [row.said("email") for row in recipients_of(session, listing.id)] == [
        "guest1@city.example", "guest3@city.example"]
    assert (handed_in.preview, others.preview is None) == (None, False)
    run_jobs()
    session.expire_all()
    assert [row.paper_id is None for row in recipients_of(session, begun.id)] == [False, True]
    assert begun.state == "drafted"
    recipients.add_recipient(session, desk.coordinator, now, listing.id, {"name": "Guest 9"}, language="en")
    assert [row.position for row in recipients_of(session, listing.id)] == [1, 3, 4]
