"""What papers may say of one recipient of a batch (`docs/facts.md`, section `recipient`)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.reasons import FactCollector, FactScope
from workflow.papers.batches.models import BatchRecipient

PARTICULARS = ("name", "post", "organisation", "city", "country", "address", "salutation")
"""Texts of a recipient that papers use; each is kept in the recipient's own language only."""

SUBJECT = "recipient"


def recipient_facts(particulars: Mapping[str, str], language: str, gender: str) -> dict[str, Any]:
    """Write the section for one recipient: every text in their language, missing in all others."""
    told: dict[str, Any] = {
        name: {"ru": "", "en": "", language: particulars[name]} if particulars.get(name) else None
        for name in PARTICULARS
    }
    return {**told, "gender": gender or None, "language": language or None}


def collect(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the section; every value is None where the paper is about nobody of a batch."""
    row = None
    if scope.subject is not None and scope.subject[0] == SUBJECT:
        row = session.get(BatchRecipient, scope.subject[1])
    if row is None:
        return recipient_facts({}, "", "")
    return recipient_facts(row.particulars, row.language, row.gender)


SECTIONS: dict[str, FactCollector] = {SUBJECT: collect}
