"""Mail: worded in the recipient's language, one Message-ID for each key, handed over at most once when official."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.files import PDF, keep_bytes
from workflow.base.jobs import Job, JobState, OutcomeUnknown, PermanentFailure
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.mail.jobs import use_mail_settings
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, purge_mails, queue_mail, queue_worded_mail, withdraw_mails
from workflow.mail.transport import Letter, build_message, message_id, send

ELENI = Recipient("eleni@patras.example", "Eleni Specimen", "en")
NEWS = {"news": "dates", "title_ru": "Визит", "title_en": "Visit", "arrival": None, "departure": None, "place": "",
        "old_arrival": None, "old_departure": None, "reason": "", "outside": True}
LETTER = Letter(key="paper.7.mail.1", to_name="Eleni", to_address="eleni@patras.example", subject="S", text="T",
                html=None, attachments=(), queued_at=clock.now(), official=True)


class Server:
    """An SMTP server that really listens; `answer` is what it says to the message's text."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.answer = "250 taken"
        self.drop = False

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        """Take the message, refuse it, or hang up."""
        if self.drop:
            server.transport.abort()
            return "421 gone"
        if self.answer.startswith("250"):
            self.received.append((envelope.rcpt_tos[0], envelope.content))
        return self.answer


@pytest.fixture
def smtp(settings: Settings) -> Iterator[tuple[Server, Settings]]:
    """A listening server and the settings that lead to it."""
    server = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, replace(settings, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none")
    controller.stop()


def state_of(session: Session, mail: Mail) -> tuple[str, str]:
    """Read the states of a mail and of its job."""
    session.refresh(mail)
    job = session.scalars(select(Job).where(Job.key == f"mail.{mail.id}")).one()
    return mail.state, job.state


def test_mail_goes_out_in_the_recipients_language(
    app: Any, session: Session, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="a.1")
    queue_mail(session, clock.now(), "visit-news", replace(ELENI, language="ru"), NEWS, key="a.2")
    commit(session)
    run_jobs()
    assert [mail["Subject"] for mail in outbox()] == ["New dates: Visit", "Новые даты: Визит"]
    assert "Dear colleagues," in outbox()[0].get_content()
    assert "Уважаемые коллеги!" in outbox()[1].get_content()


def test_same_key_twice_queues_one(app: Any, session: Session, run_jobs: Callable[[], int],
                                   outbox: Callable[[], list[EmailMessage]]) -> None:
    assert queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="b.1") is not None
    assert queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="b.1") is None
    commit(session)
    run_jobs()
    assert len(outbox()) == 1


def test_text_and_address_are_unreadable_in_the_table(app: Any, session: Session) -> None:
    queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="c.1")
    commit(session)
    row = session.execute(text("SELECT * FROM mail")).one()
    assert not [value for value in row if b"patras" in (value if isinstance(value, bytes) else str(value).encode())]


@pytest.mark.parametrize("key", ["a.1", "rem:12:timer1", "письмо 7", "a/b c<d>e\r\nBcc: x"])
def test_message_id_survives_whole(key: str) -> None:
    message = build_message(replace(LETTER, key=key), "delegations@city.example")
    assert message["Message-ID"] == message_id(key, "city.example")
    assert message["Message-ID"].endswith("@city.example>")


def test_line_breaks_in_names_and_subjects_add_no_header() -> None:
    hostile = replace(LETTER, to_name="Eve\r\nBcc: all@city.example", subject="S\r\nBcc: all@city.example")
    message = build_message(hostile, "delegations@city.example")
    assert message["Bcc"] is None
    assert message["Subject"] == "S Bcc: all@city.example"


@pytest.mark.parametrize("address", ["nobody", "", "a@b@c@", "two@x.example, three@x.example", "a b@x.example"])
def test_address_that_is_none_fails_for_good(address: str) -> None:
    with pytest.raises(PermanentFailure):
        build_message(replace(LETTER, to_address=address), "delegations@city.example")


def test_letter_with_its_pdf_reaches_a_real_server(
    app: Any, session: Session, smtp: tuple[Server, Settings], run_jobs: Callable[[], int]
) -> None:
    server, settings = smtp
    use_mail_settings(settings)
    scan = keep_bytes(session, SYSTEM, clock.now(), b"%PDF-1.7 letter", name="письмо.pdf", media_type=PDF)
    mail = queue_worded_mail(session, clock.now(), "paper", ELENI, subject="Invitation", text="Dear Mayor", key="d.1",
                             official=True, attachments=[scan.id])
    commit(session)
    run_jobs()
    assert mail is not None
    assert state_of(session, mail) == (MailState.SENT, JobState.DONE)
    ((to, content),) = server.received
    assert to == "eleni@patras.example"
    assert b"application/pdf" in content
    assert b"Message-ID: <d.1@city.example>" in content


def test_refusal_for_good_fails_and_a_passing_one_is_tried_again(
    app: Any, session: Session, smtp: tuple[Server, Settings], run_jobs: Callable[[], int]
) -> None:
    server, settings = smtp
    use_mail_settings(settings)
    server.answer = "554 no such mailbox"
    dead = queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="e.1")
    commit(session)
    run_jobs()
    server.answer = "451 try later"
    slow = queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="e.2")
    commit(session)
    run_jobs()
    assert dead is not None
    assert slow is not None
    assert state_of(session, dead) == (MailState.FAILED, JobState.FAILED)
    assert state_of(session, slow) == (MailState.QUEUED, JobState.OPEN)
    server.answer = "250 taken"
    clock.advance_frozen(timedelta(hours=1))
    run_jobs()
    assert state_of(session, slow) == (MailState.SENT, JobState.DONE)


def test_line_that_breaks_in_mid_letter_leaves_it_uncertain_and_a_reminder_to_be_sent_again(
    app: Any, session: Session, smtp: tuple[Server, Settings], run_jobs: Callable[[], int]
) -> None:
    server, settings = smtp
    use_mail_settings(settings)
    server.drop = True
    letter = queue_worded_mail(session, clock.now(), "paper", ELENI, subject="S", text="T", key="f.1", official=True)
    reminder = queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="f.2")
    commit(session)
    run_jobs()
    assert letter is not None
    assert reminder is not None
    assert state_of(session, letter) == (MailState.UNCERTAIN, JobState.UNCERTAIN)
    assert state_of(session, reminder) == (MailState.QUEUED, JobState.OPEN)


def test_server_that_is_away_never_makes_a_letter_uncertain(settings: Settings) -> None:
    away = replace(settings, smtp_host="127.0.0.1", smtp_port=1, smtp_tls="none")
    with pytest.raises(OSError, match="refused") as refused:
        send(LETTER, away)
    assert not isinstance(refused.value, OutcomeUnknown)


def test_mails_of_a_cancelled_visit_are_withdrawn(
    app: Any, session: Session, make: Make, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    visit = make.visit()
    mail = queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="g.1", visit_id=visit.id)
    assert withdraw_mails(session, clock.now(), visit.id) == 1
    commit(session)
    run_jobs()
    assert mail is not None
    assert state_of(session, mail) == (MailState.WITHDRAWN, JobState.WITHDRAWN)
    assert outbox() == []


def test_text_and_address_are_emptied_after_a_year_and_the_line_stays(
    app: Any, session: Session, run_jobs: Callable[[], int]
) -> None:
    mail = queue_mail(session, clock.now(), "visit-news", ELENI, NEWS, key="h.1")
    commit(session)
    run_jobs()
    clock.advance_frozen(timedelta(days=364))
    assert purge_mails(session, clock.now()) == 0
    clock.advance_frozen(timedelta(days=2))
    assert purge_mails(session, clock.now()) == 1
    commit(session)
    assert mail is not None
    session.refresh(mail)
    assert (mail.to_address, mail.text, mail.html, mail.state) == ("", "", None, "sent")
    assert purge_mails(session, clock.now()) == 0


def test_mail_that_still_waits_keeps_its_words_however_old(session: Session) -> None:
    mail = queue_worded_mail(session, clock.now(), "letter", ELENI, subject="S", text="T", key="waits")
    commit(session)
    clock.advance_frozen(timedelta(days=800))
    assert purge_mails(session, clock.now()) == 0
    assert mail is not None
    assert (mail.text, mail.to_address) == ("T", "eleni@patras.example")
