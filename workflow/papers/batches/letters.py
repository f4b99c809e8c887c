"""The words of the mail that carries a recipient's paper: a proposal, which a person may change before it leaves."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow.mail.composing import compose
from workflow.office.queries import issuing_body
from workflow.papers import editions
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.declining import salute
from workflow.papers.sending.rules import LINK
from workflow.visits.models import Visit


@dataclass(frozen=True)
class Worded:
    """A mail as it is proposed."""

    language: str
    subject: str
    text: str


def _salutation(row: BatchRecipient) -> str:
    """As the paper itself begins, where the mail is in the paper's language."""
    if row.language not in ("ru", "en"):
        return ""
    return salute({**row.particulars, "gender": row.gender}, row.language)


def letter_for(session: Session, batch: PaperBatch, row: BatchRecipient) -> Worded:
    """Word the mail in Russian for those who read it, in English for all others, as mails of ours are."""
    language = "ru" if row.language == "ru" else "en"
    kind = editions.kind(batch.kind)
    visit = session.get_one(Visit, batch.visit_id)
    ours = issuing_body(session, kind=batch.kind)
    name = "" if ours is None else (ours.name_ru if language == "ru" else ours.name_en) or ours.name_ru
    worded = compose(
        "batch-letter",
        language,
        {
            "salutation": _salutation(row),
            "title": kind.title(language),
            "visit": visit.title(language),
            "link": LINK if kind.reply else "",
            "office": name,
        },
    )
    return Worded(language, worded.subject, worded.text)
