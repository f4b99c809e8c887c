"""Whatever is kept encrypted ends: each column is emptied by night, or stands here with the reason why it stays."""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Column, Engine, TypeDecorator, select, update
from sqlalchemy.orm import Session

from tasks.runtime import Runtime
from tasks.work import nightly
from tests.conftest import Make, release
from tests.servers import both_databases
from workflow.accounts.models import AccountSession
from workflow.base import clock
from workflow.base.actor import SYSTEM
from workflow.base.database import Base
from workflow.base.encryption import EncryptedJson, EncryptedText
from workflow.base.files import PDF, keep_bytes
from workflow.base.settings import Settings
from workflow.base.unit_of_work import commit
from workflow.guests.models import GuestConsent, GuestProposal
from workflow.guests.privacy.retention import set_terms
from workflow.guests.privacy.rules import ERASED_RU, Kind
from workflow.invitations.models import Invitation
from workflow.mail.models import Mail, MailState
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.models import Dispatch, Paper, PaperText
from workflow.papers.sending.models import OutgoingMail
from workflow.partners.models import PartnerContact
from workflow.people.models import Passport, PersonMerge
from workflow.programme.logistics.models import Transfer
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visits.models import MemberList, Told, VisitRequest
from workflow.visits.rules import Standing
from workflow.web.api import IdempotentCall

STAYS = {
    "account_session.address": "a colleague's own: where the account was signed in from",
    "account_session.browser": "a colleague's own: with what the account was signed in",
    "guest_consent.representative": "proves who consented for a minor; goes when the person's data are destroyed",
    "partner.email": "an organisation's, not a person's",
    "partner.phone": "an organisation's, not a person's",
    "partner_contact.email": "whom to write to at a partner today; goes when archived long ago",
    "partner_contact.phone": "whom to call at a partner today; goes when archived long ago",
    "person.email": "keeps the tie with who came once; goes when the person's data are destroyed",
    "person.phone": "keeps the tie with who came once; goes when the person's data are destroyed",
    "stored_file.name": "goes with the file; what a colleague handed in may be the only copy of a letter",
}
"""What no night empties, and why."""
WORDS = "Zorlutunaoglu"
EMPTY: tuple[object, ...] = (None, "", {}, [], {"name": ERASED_RU})


def encrypted() -> Iterator[Column[Any]]:
    """Give every column that is kept encrypted."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, EncryptedText | EncryptedJson))


def full(column: Column[Any]) -> object:
    """Give what a column holds that says something."""
    return {"words": WORDS} if isinstance(column.type, EncryptedJson) else WORDS


def rows(session: Session) -> Callable[..., Any]:
    """Give a maker of rows that puts something into every column that must not be empty."""
    count = itertools.count(1)
    kinds: dict[type, Callable[[], object]] = {
        str: lambda: f"x{next(count)}", int: lambda: 1, date: lambda: clock.now().date(), datetime: clock.now
    }

    def row(model: type[Base], **given: Any) -> Any:
        for column in model.__table__.columns:
            wanted = not (column.nullable or column.default or column.server_default or column.primary_key)
            if wanted and column.name not in given:
                hidden = isinstance(column.type, EncryptedText | EncryptedJson)
                plain = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
                given[column.name] = full(column) if hidden else kinds[plain.python_type]()
        made = model(**given)
        session.add(made)
        session.flush()
        return made

    return row


def hold_one_of_each(session: Session, make: Make) -> None:
    """Keep a row of every table with encrypted columns, of a visit that is closed, and fill all these columns."""
    visit, other = make.visit(), make.visit()
    member, account = make.member(visit), make.account()
    survivor, partner = make.person(), make.partner()
    row = rows(session)
    file = keep_bytes(session, make.actor(account=account), clock.now(), b"%PDF-1.7", name=WORDS, media_type=PDF)
    case = row(VisaCase, visit_id=visit.id, member_id=member.id, direction="inbound", destination="RU")
    row(ChecklistItem, case_id=case.id, kind="upload")
    row(Passport, person_id=member.person_id, country="TR")
    row(PersonMerge, survivor_id=member.person_id, merged_id=survivor.id)
    row(GuestConsent, member_id=member.id, language="en")
    row(GuestProposal, visit_id=visit.id, member_id=member.id, kind="correct", told_by=WORDS, told_on=date(2027, 3, 1))
    row(MemberList, visit_id=visit.id, file_id=file.id)
    row(Mail, language="en", state=MailState.SENT)
    paper = row(Paper, visit_id=visit.id, state="sent")
    row(PaperText, paper_id=paper.id, language="en")
    row(Dispatch, paper_id=paper.id, how="mail")
    row(OutgoingMail, visit_id=visit.id, paper_id=paper.id, language="en")
    batch = row(PaperBatch, visit_id=visit.id)
    row(BatchRecipient, batch_id=batch.id, language="en")
    row(Invitation, visit_id=visit.id)
    row(Told, visit_id=visit.id)
    row(Transfer, visit_id=visit.id)
    row(VisitRequest, source="letter", visit_id=visit.id, state="accepted", decided_at=clock.now())
    row(VisitRequest, source="letter", state="withdrawn", decided_at=clock.now())
    row(VisitRequest, source="public_form")
    row(PartnerContact, partner_id=partner.id)
    row(AccountSession, account_id=account.id)
    row(IdempotentCall, account_id=account.id)
    for one in (visit, other):
        one.standing, one.closed_at = Standing.CLOSED.value, clock.now()
    session.flush()
    for column in encrypted():
        session.execute(update(column.table).values({column.name: full(column)}))
    set_terms(session, SYSTEM, clock.now(), {}, set(Kind), seen=None)
    commit(session)


def held(session: Session) -> set[str]:
    """Name the encrypted columns in which something stands."""
    return {str(column) for column in encrypted()
            if any(value not in EMPTY for value in session.scalars(select(column)))}  # fmt: skip


@both_databases
def test_every_encrypted_column_is_emptied_by_night_or_stays_for_a_named_reason(
    app: Flask, session: Session, settings: Settings, make: Make
) -> None:
    hold_one_of_each(session, make)
    assert held(session) == {str(column) for column in encrypted()}  # a new table wants a row above
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    release()
    with clock.frozen_at(clock.now().replace(hour=0) + timedelta(days=366 * 20)):
        assert nightly(Runtime(settings, app, engine))
    session.expire_all()
    assert held(session) == set(STAYS)
