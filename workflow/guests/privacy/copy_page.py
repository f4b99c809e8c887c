"""The copy for a person as a page that any browser opens: its fields and values in words.

What only joins our rows (their numbers, hashes, marks of the program) stands in the JSON beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from flask_babel import gettext as _

from workflow.base.languages import N_
from workflow.guests import words as guest_words
from workflow.guests.privacy import words
from workflow.guests.privacy.everything import Everything
from workflow.papers.words import kind_name
from workflow.visas import words as visa_words
from workflow.web.formats import country, day, language, language_name, moment
from workflow.web.sentences import event_words

OURS = frozenset({
    "id", "text_hash", "official", "flag_only", "scope", "faulty", "rule_version", "purged_at", "particulars",
    "due_calendars", "goes_off_on", "changes_at", "acted_at", "alarm", "basis", "role",
})  # fmt: skip
"""Columns that are left to the JSON; so are all that end in `_id`."""
_SEXES = {"male": N_("male"), "female": N_("female"), "m": N_("male"), "f": N_("female")}
_HIDDEN = frozenset({("checklist", "code"), ("mails", "kind"), ("mails", "state")})
_CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("person", "sex"): _SEXES, ("name_forms", "gender"): _SEXES, ("letters", "gender"): _SEXES,
    ("proposals", "sex"): _SEXES,
    ("passports", "type"): visa_words.PASSPORT_WORDS, ("visa_cases", "passport_type"): visa_words.PASSPORT_WORDS,
    ("visa_cases", "state"): visa_words.CASE_WORDS, ("visa_cases", "outcome"): visa_words.OUTCOME_WORDS,
    ("visa_cases", "entries"): visa_words.ENTRIES_WORDS, ("checklist", "state"): visa_words.ITEM_WORDS,
    ("visa_cases", "direction"): {"inbound": N_("into our country"), "outbound": N_("abroad")},
    ("checklist", "kind"): visa_words.KIND_WORDS,
    ("members", "state"): {"proposed": N_("proposed"), "confirmed": N_("confirmed"), "declined": N_("declined"),
                           "removed": N_("removed")},
    ("proposals", "kind"): guest_words.KINDS, ("proposals", "state"): guest_words.STATES,
}  # fmt: skip
_NAMES: Mapping[str, Callable[[str], str]] = {
    "citizenships": country, "citizenship": country, "residence": country, "country": country, "destination": country,
    "through": country, "languages": language_name, "language": language_name,
}  # fmt: skip
_STYLE = (
    "body{font:15px/1.45 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:0 0 1.2em;width:100%}"
    "th,td{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top}"
    "th{width:32%;font-weight:normal;background:#f4f4f4}td{white-space:pre-wrap}"
)


def write(found: Everything, files: Sequence[str], heading: str) -> str:
    """Write everything held of a person in the reader's language, with links to the files beside the page."""
    body = [f"<h1>{escape(heading)}</h1>"]
    for section, rows in found.sections.items():
        if rows:
            body.append(f"<h2>{escape(_(words.SECTIONS[section]))}</h2>")
            body += [_table(section, row) for row in rows]
    if files:
        body.append(f"<h2>{escape(_(words.SECTIONS['files']))}</h2><ul>")
        body += [f"<li><a href='{escape(name)}'>{escape(name)}</a></li>" for name in files]
        body.append("</ul>")
    return (f"<!doctype html><html lang='{language()}'><head><meta charset='utf-8'><title>{escape(heading)}</title>"
            f"<style>{_STYLE}</style></head><body>{''.join(body)}</body></html>")  # fmt: skip


def _table(section: str, row: Mapping[str, Any]) -> str:
    cells = [
        f"<tr><th scope='row'>{escape(label(name))}</th><td>{escape(in_words(section, name, value))}</td></tr>"
        for name, value in row.items()
        if name not in OURS and (section, name) not in _HIDDEN and not name.endswith("_id")
    ]  # fmt: skip
    return f"<table>{''.join(cells)}</table>"


def label(name: str) -> str:
    """What a column is called; in a text that was entered, the field of the guest's page."""
    known = words.LABELS.get(name) or guest_words.FIELDS.get(name)
    return str(_(known)) if known else name.replace("_", " ")


def in_words(section: str, name: str, value: Any) -> str:
    """A value as people read it: dates written out, countries and languages by name, codes in words."""
    if isinstance(value, dict):
        return "\n".join(f"{label(key)}: {in_words(section, key, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(in_words(section, name, each) for each in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    text = "" if value is None else str(value)
    if (section, name) == ("papers", "kind"):
        return kind_name(text, language())
    if (section, name) == ("looks", "kind"):
        return event_words(text)
    if (section, name) in _CODES:
        known = _CODES[section, name].get(text)
        return str(_(known)) if known else text
    if name in _NAMES and text.isalpha() and len(text) <= 3:
        return _NAMES[name](text)
    return _when(text)


def _when(text: str) -> str:
    """A day or moment of the database written out; any other text as it is."""
    if len(text) < 10 or text[4:5] != "-":
        return text
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else moment(datetime.fromisoformat(text))
    except ValueError:
        return text
