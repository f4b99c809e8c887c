"""Short mails at once: an assignment is open, handed in, returned, accepted, or no longer wanted of its translator."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.actor import Actor
from workflow.mail.service import Recipient, queue_mail
from workflow.translations import rules
from workflow.translations.models import Assignment
from workflow.translations.queries import glances, qualified, remarks
from workflow.translations.wording import direction
from workflow.visits.models import Visit


def tell_open(session: Session, actor: Actor, now: datetime, row: Assignment) -> None:
    """Tell the translators of its languages that an assignment can be taken, but not the one who opened it."""
    wanted = [key for key in qualified(session, row.source_language, row.target_language)
              if key not in (actor.account_id, row.reviser_id)]
    _tell(session, actor, now, row, "translation_open", wanted, f"open.{row.lock_version}")


def tell_submitted(session: Session, actor: Actor, now: datetime, row: Assignment) -> None:
    """Tell those who have to check a translation: its reviser, else the visit's officers."""
    visit = session.get(Visit, row.visit_id)
    officers = [visit.responsible_id, visit.substitute_id] if visit is not None else []
    wanted = [row.reviser_id] if row.reviser_id is not None else [key for key in officers if key is not None][:1]
    _tell(session, actor, now, row, "translation_submitted", [key for key in wanted if key != actor.account_id],
          f"submitted.{row.lock_version}")


def tell_returned(session: Session, actor: Actor, now: datetime, row: Assignment) -> None:
    """Tell the translator that there are remarks."""
    _tell(session, actor, now, row, "translation_returned", [row.translator_id], f"returned.{row.lock_version}")


def tell_accepted(session: Session, actor: Actor, now: datetime, row: Assignment) -> None:
    """Tell the translator that the work is accepted."""
    _tell(session, actor, now, row, "translation_accepted", [row.translator_id], f"accepted.{row.lock_version}")


def tell_taken_away(session: Session, actor: Actor, now: datetime, row: Assignment, translator_id: int) -> None:
    """Tell a translator that an assignment was cancelled or taken back."""
    _tell(session, actor, now, row, "translation_taken_away", [translator_id], f"taken.{row.lock_version}")


def _tell(
    session: Session, actor: Actor, now: datetime, row: Assignment, kind: str, account_ids: Iterable[int | None],
    mark: str,
) -> None:
    wanted = list(dict.fromkeys(key for key in account_ids if key is not None))
    found = people(session, [*wanted, actor.account_id])
    by = found.get(actor.account_id or 0)
    visit = glances(session, [row.visit_id])[row.visit_id]
    said = remarks(session, row.id)
    last = said[-1].text if said else ""
    for account_id in wanted:
        one = found.get(account_id)
        if one is None or not one.active:
            continue
        language = one.locale
        values = {
            "name": one.name(language), "title": row.title, "visit": visit.title(language),
            "direction": direction(row.source_language, row.target_language, language),
            "pages": rules.pages(row.characters), "due_at": row.due_at, "zone": one.zone, "remark": last,
            "by": by.name(language) if by is not None else "",
            "path": f"/translations/{row.id}",
        }
        queue_mail(session, now, kind, Recipient(one.email, one.name(language), language, one.id), values,
                   key=f"translations.{row.id}.{mark}.{one.id}", visit_id=row.visit_id, request_id=actor.request_id)
