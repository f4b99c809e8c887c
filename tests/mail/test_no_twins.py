"""No letter twice and none lost: rude servers, files of the same name, mails withdrawn in flight."""

import asyncio
import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base import clock
from workflow.base.jobs import OutcomeUnknown
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.mail import jobs as mail_jobs
from workflow.mail import transport
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, queue_worded_mail, withdraw_mails
from workflow.mail.transport import Letter, send

LETTER = Letter(key="paper.7.mail.1", to_name="Eleni", to_address="eleni@patras.example", subject="S", text="T",
                html=None, attachments=(), queued_at=clock.now(), official=True)


class Talk:
    """A server that says exactly what a test wants, line for line."""

    def __init__(self, after_text: bytes, after_quit: bytes) -> None:
        self.after_text, self.after_quit, self.taken = after_text, after_quit, 0
        self.lines: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk SMTP."""
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                while (text := await reader.readline()) != b".\r\n":
                    if not text:  # the letter broke off
                        writer.close()
                        return
                    self.lines.append(text.removesuffix(b"\r\n"))
                self.lines.append(b".")
                self.taken += 1
                writer.write(self.after_text)
            elif word == b"QUIT":
                writer.write(self.after_quit)
                break
            else:
                writer.write(b"250 good\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def hand_over(settings: Settings, talk: Talk, letter: Letter = LETTER) -> None:
    """Send one letter to the server."""

    async def both() -> None:
        server = await asyncio.start_server(talk.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        there = replace(settings, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none")
        try:
            await asyncio.to_thread(send, letter, there)
        finally:
            server.close()
            await server.wait_closed()

    asyncio.run(both())


@pytest.mark.parametrize("farewell", [b"421 too busy\r\n", b"500 what?\r\n", b"", b"nonsense\r\n"])
def test_rude_farewell_after_a_taken_letter_is_no_failure(settings: Settings, farewell: bytes) -> None:
    talk = Talk(b"250 taken\r\n", farewell)
    hand_over(settings, talk)
    assert talk.taken == 1


def test_answer_that_cannot_be_read_leaves_a_letter_uncertain_and_a_reminder_to_be_sent_again(
    settings: Settings,
) -> None:
    with pytest.raises(OutcomeUnknown):
        hand_over(settings, Talk(b"nonsense\r\n", b"221 bye\r\n"))
    with pytest.raises(smtplib.SMTPException):
        hand_over(settings, Talk(b"nonsense\r\n", b"221 bye\r\n"), replace(LETTER, official=False))


def test_verdict_on_a_letter_is_waited_for_longer_than_other_answers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    really = smtplib.SMTP.getreply

    def noting(server: smtplib.SMTP) -> tuple[int, bytes]:
        assert server.sock is not None
        waited.append(server.sock.gettimeout())
        return really(server)

    monkeypatch.setattr(smtplib.SMTP, "getreply", noting)
    hand_over(settings, Talk(b"250 taken\r\n", b"221 bye\r\n"))
    *before, verdict, farewell = waited
    assert set(before) == {farewell} == {transport.WORD_SECONDS}
    assert verdict >= 90  # a server that looks for viruses takes its time; given up early, a reminder goes out twice
    for handler in mail_jobs.HANDLERS:  # nobody else takes the mail up while the first still waits
        assert handler.lease.total_seconds() > transport.LONGEST_SECONDS > sum(waited)


def test_server_too_slow_before_the_text_gets_no_letter(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BEFORE_TEXT_SECONDS", -1)
    talk = Talk(b"250 taken\r\n", b"221 bye\r\n")
    with pytest.raises(TimeoutError):
        hand_over(settings, talk)
    assert talk.taken == 0


@pytest.mark.parametrize("cut_in", ["send", "quit"])
def test_worker_out_of_time_never_has_a_letter_sent_again(
    app: Any, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, cut_in: str
) -> None:
    class OutOfTime(Exception):
        pass

    really = getattr(smtplib.SMTP, cut_in)

    def cut(server: smtplib.SMTP, *given: Any) -> Any:
        if cut_in == "quit" or given[0][-3:] == b".\r\n":
            raise OutOfTime
        return really(server, *given)

    monkeypatch.setattr(smtplib.SMTP, cut_in, cut)
    talk = Talk(b"250 taken\r\n", b"221 bye\r\n")
    if cut_in == "quit":
        hand_over(settings, talk)
    else:
        with pytest.raises(OutcomeUnknown):
            hand_over(settings, talk)
    assert talk.taken == (cut_in == "quit")


def test_lines_that_begin_with_a_dot_arrive_as_written(settings: Settings) -> None:
    talk = Talk(b"250 taken\r\n", b"221 bye\r\n")
    hand_over(settings, talk, replace(LETTER, text="One\n.\n.two\n..three\n"))
    assert talk.lines[-6:] == [b"", b"One", b"..", b"..two", b"...three", b"."]


def test_mails_whose_keys_begin_alike_are_kept_apart_and_the_same_mail_twice_is_one_file(
    settings: Settings, outbox: Callable[[], list[EmailMessage]]
) -> None:
    keys = ["x" * 110 + "1", "x" * 110 + "2", "digest:1", "digest-1", "digest-1"]
    for key in keys:
        send(replace(LETTER, key=key), settings)
    assert len(outbox()) == len(set(keys))


def test_mail_withdrawn_while_a_try_fails_is_not_tried_again(
    app: Any, session: Session, make: Make, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visit = make.visit()
    mail = queue_worded_mail(session, clock.now(), "note", Recipient("a@b.example", "A", "en"), subject="S", text="T",
                             key="in-flight", visit_id=visit.id)
    commit(session)
    assert mail is not None
    fails = [True]
    really = mail_jobs.send

    def cancelled_meanwhile(letter: Letter, settings: Settings) -> None:
        if fails.pop() if fails else False:
            withdraw_mails(session, clock.now(), visit.id)
            commit(session)
            raise OSError("the line is down")
        really(letter, settings)

    monkeypatch.setattr(mail_jobs, "send", cancelled_meanwhile)
    run_jobs()
    clock.advance_frozen(timedelta(hours=2))
    run_jobs()
    session.expire_all()
    assert session.get_one(Mail, mail.id).state == MailState.WITHDRAWN
    assert outbox() == []
