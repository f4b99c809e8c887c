"""Consent to the processing of personal data: a separate, versioned text in each language, kept as a row when given.

Article 9 of 152-FZ as amended by 156-FZ from 01.09.2025: its own document with purpose, data, actions, recipients, term
and operator. The texts stand in `templates/guests/consent/<version>/`; a changed text is a new version, the old ones
stay. A lawyer must read them before use (visas.md §10).
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.errors import Conflict, Invalid
from workflow.base.events import record
from workflow.guests.models import GuestConsent
from workflow.guests.proposing import check_open
from workflow.office.queries import issuing_body
from workflow.visits.models import Member, Visit

VERSION = "2026-11-22"
"""The text that is given now. The Chinese one names the operator as 个人信息处理者, the word of the law, since then."""
TEXTS = Path(__file__).resolve().parent.parent.parent / "templates" / "guests" / "consent"


def consent_text(session: Session, language: str, version: str = VERSION) -> str:
    """Give the text of a consent, with our body as the operator; of an older version for whoever gave that one."""
    body = issuing_body(session)
    text = (TEXTS / version / f"{language}.txt").read_text(encoding="utf-8")
    russian = language == "ru"
    name = ((body.name_ru if russian else body.name_en or body.name_ru) if body else "") or "—"
    address = ((body.address_ru if russian else body.address_en or body.address_ru) if body else "") or "—"
    email = (body.email if body else "") or "—"
    return text.replace("[operator]", name).replace("[address]", address).replace("[email]", email)


def give_consent(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, *, language: str, version: str,
    link_id: int | None = None, representative: str = "",
) -> GuestConsent:  # fmt: skip
    """Keep that somebody consented: to which version, in which language, when.

    Raises:
        Conflict: the visit is over, or a consent is there already.
        Invalid: the text has changed since the page was opened.
    """
    check_open(visit, member)
    if version != VERSION:
        raise Invalid("guests.consent-changed")
    words = consent_text(session, language)
    row = GuestConsent(member_id=member.id, link_id=link_id, text_version=VERSION, language=language, given_at=now,
                       text_hash=hashlib.sha256(words.encode()).hexdigest(),
                       representative=representative.strip()[:200] or None)  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict("guests.consent-there") from None
    record(session, actor, now, "guests.consent.given", subject=row, visit_id=visit.id,
           changes={"version": (None, VERSION), "language": (None, language)})  # fmt: skip
    return row


def withdraw_consent(session: Session, actor: Actor, now: datetime, visit: Visit, member: Member) -> None:
    """Keep that a consent was withdrawn; what follows (erasure within the terms of the law) is the office's to do.

    Raises:
        Conflict: there is none.
    """
    row = live_consent(session, member.id)
    done = session.execute(
        update(GuestConsent).where(GuestConsent.member_id == member.id, GuestConsent.withdrawn_at.is_(None))
        .values(withdrawn_at=now).execution_options(synchronize_session="fetch")
    )
    if row is None or not done.rowcount:  # type: ignore[attr-defined]
        raise Conflict("guests.no-consent")
    record(session, actor, now, "guests.consent.withdrawn", subject=row, visit_id=visit.id)


def live_consent(session: Session, member_id: int) -> GuestConsent | None:
    """Give a member's consent that stands."""
    return session.scalars(
        select(GuestConsent).where(GuestConsent.member_id == member_id, GuestConsent.withdrawn_at.is_(None))
    ).one_or_none()


def consents_of(session: Session, visit_id: int) -> Sequence[GuestConsent]:
    """List the consents of a visit's members, withdrawn ones too; the caller has checked the visit."""
    return session.scalars(
        select(GuestConsent).join(Member, Member.id == GuestConsent.member_id).where(Member.visit_id == visit_id)
        .order_by(GuestConsent.id)
    ).all()
