"""What was addressed to a person is found by keyed hashes, not by reading every mail that was ever kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from tests.old_databases import insert, run
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.database import make_engine
from workflow.base.encryption import encrypt_bytes
from workflow.base.unit_of_work import commit
from workflow.cli.migrating import alembic_config
from workflow.guests.privacy import erasing, everything, purging
from workflow.guests.privacy.letters import letters_to, mails_to
from workflow.guests.privacy.rules import Kind
from workflow.mail.addressees import address_index, name_index
from workflow.mail.models import Mail, MailState
from workflow.mail.service import Recipient, queue_worded_mail
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.models import Dispatch, Paper
from workflow.papers.sending.models import OutgoingMail
from workflow.papers.sending.rules import OutgoingState
from workflow.people.models import Person
from workflow.visits.models import Visit

MOMENT = "2027-03-15 07:00:00+00:00"
FAMILY = "Zorlutunaoğlu"


@pytest.fixture
def person(make: Make) -> Person:
    return make.person(latin_family=FAMILY, latin_given="Aylin", email="Aylin@Mail.example")


def queued(session: Session, name: str, address: str, account_id: int | None = None) -> Mail:
    mail = queue_worded_mail(session, clock.now(), "guest-link", Recipient(address, name, "en", account_id),
                             subject="S", text="T", key=f"m{session.scalar(select(func.count(Mail.id)))}")
    assert mail is not None
    return mail


@pytest.fixture
def visit(make: Make) -> Visit:
    return make.visit()


def outgoing(session: Session, visit: Visit, name: str, address: str) -> OutgoingMail:
    paper = Paper(visit_id=visit.id, kind="invitation", state="sent", subject="S", facts={}, told={},
                  created_at=clock.now())
    session.add(paper)
    session.flush()
    row = OutgoingMail(visit_id=visit.id, paper_id=paper.id, state=OutgoingState.WAITING, to_name=name,
                       to_address=address, language="en", subject="S", text="T", queued_at=clock.now())
    session.add_all([row, Dispatch(paper_id=paper.id, how="mail", to_whom=f"{name} <{address}>",
                                   recorded_at=clock.now())])
    session.flush()
    return row


@both_databases
def test_mails_are_found_by_address_and_by_name_however_they_are_spelled(session: Session, person: Person) -> None:
    mine = [queued(session, "Her office", " aylin@mail.EXAMPLE "),
            queued(session, "Zorlutunaoglu, Aylin", "x@y.example"),
            queued(session, "A. ZORLUTUNAOĞLU", "x@y.example")]  # fmt: skip
    queued(session, "Aylin", "aylinmail@example")  # an index knows no signs
    queued(session, f"Ayla {FAMILY}", "ayla@mail.example")
    gone = queued(session, f"Aylin {FAMILY}", "aylin@mail.example")
    gone.purged_at = clock.now()
    commit(session)
    assert [mail.id for mail in mails_to(session, [person])] == [mail.id for mail in mine]


@both_databases
def test_an_address_put_right_is_found_and_the_old_one_no_more(
    session: Session, visit: Visit, person: Person, make: Make
) -> None:
    row = outgoing(session, visit, "Mayor", "ayla@mail.example")
    commit(session)
    ayla = make.person(latin_family="Other", latin_given="Ayla", email="ayla@mail.example")
    assert [each.id for each in letters_to(session, [ayla]).outgoing] == [row.id]
    row.to_address = "aylin@mail.example"
    commit(session)
    assert letters_to(session, [ayla]).outgoing == []
    found = letters_to(session, [person])
    assert ([each.id for each in found.outgoing], found.dispatches) == ([row.id], [])


@both_databases
def test_the_page_of_an_erasure_reads_no_mail_of_others(
    session: Session, visit: Visit, person: Person, make: Make, client_as: Callable[[Role], Client]
) -> None:
    """What cannot be read shows who reads it: another's rows are damaged here."""
    make.member(visit, person)
    queued(session, f"Aylin {FAMILY}", "office@city.example")
    outgoing(session, visit, "Her office", "aylin@mail.example")
    others = [queued(session, "Otto Quarterbridge", "otto@mail.example").id,
              outgoing(session, visit, "Otto Quarterbridge", "otto@mail.example").id]  # fmt: skip
    commit(session)
    for table, key in zip(("mail", "outgoing_mail"), others, strict=True):
        session.execute(text(f"UPDATE {table} SET to_name = :lost WHERE id = :id"), {"id": key, "lost": b"lost"})  # noqa: S608
    commit(session)
    answer = client_as(Role.MANAGER).get(f"/people/{person.id}/erasure")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="cannot decrypt"):
        session.scalars(select(Mail)).all()


@both_databases
def test_hashes_go_with_what_they_were_made_of(session: Session, visit: Visit, person: Person) -> None:
    mail, row = queued(session, f"Aylin {FAMILY}", "aylin@mail.example"), outgoing(session, visit, "A", "a@b.example")
    batch = PaperBatch(visit_id=visit.id, kind="invitation", title="T", created_at=clock.now())
    session.add(batch)
    session.flush()
    to = BatchRecipient(batch_id=batch.id, position=1, language="en", particulars={"name": "A", "email": "a@b.example"})
    session.add(to)
    commit(session)
    assert (mail.address_index, row.name_index) == (address_index("aylin@mail.example"), name_index("A"))
    assert (to.address_index, to.name_index) == (row.address_index, row.name_index)
    mail.state, row.state = MailState.SENT, OutgoingState.HANDED
    commit(session)
    later = clock.now() + timedelta(days=4000)
    assert purging.purge(session, later, kind=Kind.MAILS) == 1
    purging.empty_recipients(session, [to], later)
    commit(session)
    for each in (mail, row, to):
        session.refresh(each)
        assert (each.address_index, each.name_index) == (None, None)


@both_databases
def test_mails_to_ourselves_are_left_out(session: Session, person: Person, make: Make) -> None:
    ours = queued(session, f"Aylin {FAMILY}", "aylin@mail.example", account_id=make.account(Role.MANAGER).id)
    commit(session)
    assert ((ours.address_index, ours.name_index), mails_to(session, [person])) == ((None, None), [])


@both_databases
def test_copy_for_the_person_holds_the_letters_without_hashes(session: Session, visit: Visit, person: Person) -> None:
    queued(session, f"Aylin {FAMILY}", "aylin@mail.example")
    outgoing(session, visit, "Her office", "aylin@mail.example")
    commit(session)
    told = everything.collect(session, erasing.gather(session, person)).sections
    assert [row["to_name"] for row in told["mails"]] == [f"Aylin {FAMILY}"]
    assert [row.get("to_name") or row["to_whom"] for row in told["letters"]] == [
        "Her office", "Her office <aylin@mail.example>"]
    assert [name for row in (*told["mails"], *told["letters"]) for name in row if "index" in name] == []


def test_rows_kept_before_are_found_after_the_migration(empty_url: str) -> None:
    config = alembic_config(empty_url)
    command.upgrade(config, "0022")
    engine = make_engine(empty_url)
    name, address = encrypt_bytes("Aylin Zorlutunaoğlu".encode()), encrypt_bytes(b"Aylin@Mail.example")
    words = {"subject": b"", "text": b"", "language": "en"}
    texts = {"state": "sent", "attachments": "[]", "queued_at": MOMENT, "official": False, "kind": "k", **words}
    insert(engine, "account", name_ru="А", name_en="", post_ru="", post_en="", phone="", email="a@city.example",
           locale="ru", zone="Europe/Moscow", digest_hour=8, active=True, created_at=MOMENT, lock_version=1)
    insert(engine, "mail", key="1", to_name=name, to_address=address, **texts)
    insert(engine, "mail", key="2", to_name=name, to_address=address, account_id=1, **texts)
    insert(engine, "mail", key="3", to_name=b"", to_address=b"", purged_at=MOMENT, **texts)
    engine.dispose()
    wanted = [(address_index("aylin@mail.example"), name_index("AYLIN ZORLUTUNAOGLU")), (None, None), (None, None)]
    try:
        for _ in range(2):
            command.upgrade(config, "0023")
            assert run(engine, "SELECT address_index, name_index FROM mail ORDER BY id") == wanted
            engine.dispose()
            command.downgrade(config, "0022")
    finally:
        engine.dispose()
