"""The mail with a personal link, worded in the reader's language; also what must be translated for guests' pages."""

from datetime import datetime

from babel.dates import format_date
from sqlalchemy.orm import Session

from workflow.base.clock import local_date
from workflow.base.languages import N_, translations
from workflow.guests.rules import LinkKind
from workflow.office.queries import issuing_body
from workflow.visits.models import Visit

SUBJECT = N_("Your page for the visit")
HELLO = N_("Good day!")
FOR_GUEST = N_("On your personal page you see what is needed for the visit and by when, and can give your data.")
FOR_CLERK = N_("On this page you see your delegation's list, what is still missing, and can send corrections.")
OPEN = N_("Open this link and press the button on the page:")
UNTIL = N_("The link works until %(day)s. It is yours alone: please do not pass it on.")
NO_LINK = N_("If you cannot open it, write to us: we will send the form as a file.")

MAIL_WORDS = (SUBJECT, HELLO, FOR_GUEST, FOR_CLERK, OPEN, UNTIL, NO_LINK)


def invite_words(
    session: Session, visit: Visit, kind: LinkKind, language: str, *, address: str, until: datetime
) -> tuple[str, str]:
    """Word the mail with a link: subject and text; neither names anybody's data."""
    say = translations(language).gettext
    body = issuing_body(session)
    sender = ((body.name_ru if language == "ru" else body.name_en or body.name_ru) if body else "").strip()
    contact = " · ".join(part for part in (body.phone, body.email) if part) if body else ""
    day = format_date(local_date(until, visit.zone), "long", locale=language)
    title = visit.title(language)
    lines = [say(HELLO), "", title, "", say(FOR_GUEST if kind is LinkKind.GUEST else FOR_CLERK), "", say(OPEN), "",
             address, "", say(UNTIL) % {"day": day}, say(NO_LINK), "", sender, contact]  # fmt: skip
    return say(SUBJECT), "\n".join(lines).strip() + "\n"
