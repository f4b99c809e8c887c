"""What changed, in words: the history of a visit shows fields by name and values as people say them.

A field without a name here is bookkeeping and is not shown. Values that other rooms own (a stage's title) come from
`CHANGE_WORDS`, filled in `app.py`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.events import Event
from workflow.base.languages import N_
from workflow.base.reasons import Sentence
from workflow.base.registry import Registry
from workflow.knowledge.countries import country_name
from workflow.partners.queries import partner_names
from workflow.visits.models import Visit
from workflow.web.formats import day, language
from workflow.web.sentences import SENTENCE_TABLE, say

CHANGE_WORDS: Registry[Callable[[Session, Visit, str, str], str]] = Registry("words of a changed field")
"""Field → function(session, visit, value, language) that words its value; for values that higher rooms own."""

FIELDS: Mapping[str, str] = {
    "state": N_("state"), "stage": N_("stage"), "standing": N_("standing"), "title": N_("title"),
    "title_ru": N_("title in Russian"), "title_en": N_("title in English"), "arrival": N_("first day"),
    "departure": N_("last day"), "day": N_("day"), "purpose": N_("purpose"), "place": N_("place"),
    "host_name": N_("host"), "host_name_en": N_("host, in English"),
    "responsible_id": N_("responsible"), "substitute_id": N_("substitute"),
    "partner_id": N_("partner"), "country": N_("country"), "is_head": N_("head of the delegation"),
    "composition_closed": N_("list complete"), "post_ru": N_("post in Russian"), "post_en": N_("post in English"),
    "organisation_ru": N_("body in Russian"), "organisation_en": N_("body in English"), "note": N_("note"),
    "what": N_("outcome"), "subject": N_("subject"), "number": N_("number"), "dated": N_("dated"), "how": N_("sent by"),
    "reason": N_("reason"), "answer": N_("answer"), "answered_on": N_("answered on"), "reply_by": N_("reply by"),
    "basis": N_("basis"), "basis_en": N_("basis, in English"), "scan": N_("scan"),
    "due_on": N_("due"), "name": N_("name"), "item": N_("item"), "kind": N_("kind"),
    "source_language": N_("from the language"), "target_language": N_("into the language"),
}
_VALUES: Mapping[str, str] = {
    "proposed": N_("proposed"), "confirmed": N_("confirmed"), "declined": N_("declined "), "removed": N_("removed"),
    "draft": N_("draft"), "submitted": N_("submitted"), "approved": N_("approved"), "signed": N_("signed"),
    "sent": N_("sent"), "returned": N_("returned"), "superseded": N_("superseded"), "revoked": N_("revoked"),
    "open": N_("open"), "claimed": N_("taken"), "accepted": N_("accepted "), "released": N_("handed over"),
    "cancelled": N_("cancelled"), "postponed": N_("postponed"), "live": N_("going on"), "closed": N_("closed"),
    "done": N_("done"), "to_choose": N_("route to be chosen"), "asked": N_("asked"), "collecting": N_("collecting"),
    "checked": N_("checked"), "filed": N_("filed"), "issued": N_("issued"), "refused": N_("refused"),
    "invitation_issued": N_("invitation issued"), "applied": N_("handed to the consulate"),
    "not_needed": N_("no visa needed"), "withdrawn": N_("withdrawn"),
    "missing": N_("missing"), "received": N_("received"), "verified": N_("verified"), "rejected": N_("rejected"),
    "waived": N_("waived"), "coming": N_("coming"), "mail": N_("mail"), "hand": N_("by hand"), "post": N_("post"),
    "invitation": N_("invitation"), "agreement": N_("agreement"), "plan": N_("plan"),
    "association": N_("association's event"), "request": N_("request"),
    "ru": N_("Russian"), "en": N_("English"), "tr": N_("Turkish"), "zh": N_("Chinese"), "fr": N_("French"),
    "bg": N_("Bulgarian"), "es": N_("Spanish"), "el": N_("Greek"), "hy": N_("Armenian"), "de": N_("German"),
    "it": N_("Italian"), "sl": N_("Slovenian"),
}
_CODE = re.compile(r"[a-z]+([_-][a-z]+)*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Change:
    """One changed field as a person reads it; both values empty when it is personal."""

    field: str
    before: str
    after: str
    personal: bool = False


def changes_of(session: Session, visit: Visit, events: Sequence[Event]) -> dict[int, list[Change]]:
    """Word the changes of many events: event key → changes worth showing, in a constant number of queries."""
    officers = account_names(session, _named(events, "responsible_id", "substitute_id"), language())
    bodies = {key: found.name(language())
              for key, found in partner_names(session, _named(events, "partner_id")).items()}
    named: dict[str, Mapping[int, str]] = {"responsible_id": officers, "substitute_id": officers, "partner_id": bodies}

    def word(name: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if name in CHANGE_WORDS:
            return CHANGE_WORDS.get(name)(session, visit, str(value), language())
        if name in named:
            return named[name].get(int(value), "")
        return country_name(str(value), language()) if name == "country" else _plain(value)

    return {event.id: [change for name, pair in event.changes.items() if name in FIELDS
                       if (change := _change(name, pair, word)) is not None] for event in events}


def _change(name: str, pair: Any, word: Callable[[str, Any], str]) -> Change | None:
    if pair is None:
        return Change(_(FIELDS[name]), "", "", personal=True)
    before, after = word(name, pair[0]), word(name, pair[1])
    return Change(_(FIELDS[name]), before, after) if before or after else None


def _named(events: Sequence[Event], *fields: str) -> set[int]:
    return {int(value) for event in events for name, pair in event.changes.items() if name in fields and pair
            for value in pair if value}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return str(value.get(language()) or value.get("ru") or "")
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    text = str(value)
    if text in _VALUES:
        return str(_(_VALUES[text])).strip()
    if _DATE.fullmatch(text):
        return day(date.fromisoformat(text))
    if text in SENTENCE_TABLE:
        return say(Sentence(text)).rstrip(".")
    return "" if _CODE.fullmatch(text) else text


def note_of(event: Event) -> str:
    """Give the note of an event when a person wrote it; a bare code word is bookkeeping."""
    return "" if _CODE.fullmatch(event.note) else event.note
