"""What keeps a recipient's paper from being made, told for each row before anything is begun."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.errors import Conflict
from workflow.base.languages import translations
from workflow.base.reasons import Sentence
from workflow.base.slow_work import ask_for, outcome_of
from workflow.knowledge.names import fold
from workflow.papers.approving import fact_name
from workflow.papers.authoring.queries import kind_now
from workflow.papers.batches.facts import PARTICULARS, SUBJECT, recipient_facts
from workflow.papers.batches.layout import PASSING
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.composing import RenderError
from workflow.papers.editions import Kind
from workflow.papers.facts import collect
from workflow.papers.glyphs import unprintable
from workflow.papers.making import Words
from workflow.papers.words import language_name
from workflow.visits.identity import in_writing_of

Fault = dict[str, Any]
"""A code and parameters, as they are kept with the row."""


def _fault(code: str, **params: Any) -> Fault:
    return {"code": code, "params": params}


def sentence_of(fault: Fault) -> Sentence:
    """Word a kept fault: facts and languages by their names."""
    params = dict(fault["params"])
    if "fact" in params:
        params["name"] = fact_name(params["fact"])
    if "language" in params:
        named = language_name(params["language"])
        params["language"] = {"ru": translations("ru").gettext(named), "en": named}
    return Sentence(fault["code"], params)


PRINTED = ("name", "post", "organisation", "city")
"""What every letter says of its recipient, and so must stand in letters that its readers know."""


def _in_letters_of(language: str, name: str, text: str) -> bool:
    """Say whether a letter can print this: in Russian and English not «王», in English nothing in Cyrillic only.

    A post is declined in a Russian letter, so it stands in Russian there.
    """
    if language not in ("ru", "en") or not any(sign.isalpha() for sign in text):
        return True
    if language == "ru" and name == "post":
        return any(unicodedata.name(sign, "").startswith("CYRILLIC") for sign in text)
    return in_writing_of(language, text) is not None


class Checker:
    """Checks recipients against one kind and what is known of the visit now.

    Which facts a wording misses depends only on which of a recipient's particulars are filled in, so one filling
    answers for all recipients alike: five hundred rows take a few fillings.
    """

    def __init__(self, session: Session, now: datetime, batch: PaperBatch, rows: Sequence[BatchRecipient]) -> None:
        self.kind: Kind = kind_now(session, batch.kind)
        known = collect(session, now, batch.visit_id, self.kind)
        alike = {_alike(row): row for row in reversed(rows) if row.language in self.kind.wordings and not _signs(row)}
        fillings = {
            key: Words.of(self.kind, row.language,
                          {**known, SUBJECT: recipient_facts(row.particulars, row.language, row.gender)})
            for key, row in alike.items()
        }  # fmt: skip
        ask_for(list(fillings.values()))
        self._missing = {key: _missing(words) for key, words in fillings.items()}

    def faults(self, row: BatchRecipient) -> list[Fault]:
        """Everything that is wrong with one row; nothing when its paper can be made."""
        if not row.language:
            return [_fault("papers.recipient-language")]
        if row.language not in self.kind.wordings:
            return [_fault("papers.recipient-no-wording", language=row.language)]
        found = [] if row.said("name") else [_fault("papers.recipient-nameless")]
        found += [_fault("papers.recipient-script", text=row.said(name), language=row.language)
                  for name in PRINTED if not _in_letters_of(row.language, name, row.said(name))]
        if signs := _signs(row):
            return [*found, _fault("papers.recipient-glyph", signs=" ".join(signs[:20]))]
        return found + self._missing[_alike(row)]


def _alike(row: BatchRecipient) -> tuple[Any, ...]:
    """Rows alike in this miss the same facts."""
    return row.language, row.gender, tuple(bool(row.said(name)) for name in PARTICULARS)


def _signs(row: BatchRecipient) -> str:
    """The signs of a row that no font prints."""
    return unprintable(row.particulars.get(name, "") for name in PARTICULARS)


def _missing(words: Words) -> list[Fault]:
    try:
        made = outcome_of(words)
    except RenderError as wrong:
        if wrong.code in PASSING:
            raise Conflict("papers.batch-machine") from wrong
        return [_fault("papers.recipient-text", what=wrong.code, detail=wrong.detail)]
    return [_fault("papers.recipient-fact", fact=name) for name in (*made.missing, *made.unknown)]


def check_rows(session: Session, now: datetime, batch: PaperBatch, rows: Sequence[BatchRecipient]) -> int:
    """Check rows, keep with each what is wrong, and give how many have something wrong.

    Somebody listed twice is told at the later row.
    """
    checker = Checker(session, now, batch, rows)
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        faults = checker.faults(row)
        mark = (fold(row.said("name")), fold(row.said("organisation")), row.said("email").casefold())
        if any(mark) and mark in seen:
            faults.append(_fault("papers.recipient-twice", place=seen[mark]))
        seen.setdefault(mark, row.position)
        if faults != (row.problems or []):
            row.problems = faults or None
        row.faulty = bool(faults)
    session.flush()
    return sum(row.faulty for row in rows)
