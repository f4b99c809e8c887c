"""Long Russian headers keep their spaces, however their lines break."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from workflow.mail.folding import MAIL_POLICY


@pytest.mark.parametrize("shift", range(1, 40))
def test_long_subject_and_name_come_back_as_written(shift: int) -> None:
    subject = "Новые даты: " + "Ж" * shift + " из Великобритании и Греции, ещё раз о визите"
    name = "Образцова " + "Ж" * shift + " Мария де ла Крус"
    message = EmailMessage()
    message["Subject"], message["To"] = subject, Address(name, "maria", "partner.example")
    sent = message.as_bytes(policy=MAIL_POLICY)
    read = message_from_bytes(sent, policy=policy.compat32)
    assert str(make_header(decode_header(read["Subject"]))) == subject
    assert str(make_header(decode_header(read["To"]))) == f"{name} <maria@partner.example>"
    assert max(len(line) for line in sent.split(b"\r\n")) <= 78


def test_plain_headers_are_left_to_the_library() -> None:
    message = EmailMessage()
    message["Subject"], message["To"] = "New dates: Visit", Address("Ada", "ada", "partner.example")
    assert message.as_bytes(policy=MAIL_POLICY) == (
        b"Subject: New dates: Visit\r\nTo: Ada <ada@partner.example>\r\n\r\n")
