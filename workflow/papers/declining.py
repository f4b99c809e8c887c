"""Case forms inside a wording: `{{ member.name|dative }}`.

A fact knows what it names by its place among its neighbours. Forms that a person has confirmed come with the facts
(section `forms`) and win; the rest is proposed by `knowledge.grammar`. What was used is gathered, to be shown before
approval. In languages other than Russian a value stays as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from workflow.knowledge.grammar.address import Addressed, salutation
from workflow.knowledge.grammar.cases import Case, Gender, Role, gender_of
from workflow.knowledge.grammar.forms import propose, role_of
from workflow.knowledge.grammar.people import patronymic_gender
from workflow.papers.plain import forms_key

State = Literal["confirmed", "sure", "doubtful"]

_OF_PERSONS = frozenset({"short", "latin", "gender"})
_PLACES = frozenset({"city", "country", "place"})
_WITH_NAMES = ("office", "partner", "recipient", "delegation", "member")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NAMES = frozenset({"name", "short", "family", "given", "russian"})


@dataclass(frozen=True)
class FormUsed:
    """One form that a wording asked for, and how sure it is."""

    text: str
    case: str
    form: str
    state: State
    role: str = Role.POST.value
    gender: str = ""


class Word(str):
    """A text of the facts that knows what it names by its own name and its neighbours: read from them when asked."""

    __slots__ = ("beside", "name", "origin")

    name: str
    beside: Mapping[str, Any]
    """The group of facts that it belongs to."""
    origin: str
    """As it stands among the facts, however it is written here."""

    @classmethod
    def of(cls, name: str, text: str, beside: Mapping[str, Any]) -> "Word":
        """A fact by its name among its neighbours."""
        word = cls(text)
        word.name, word.beside, word.origin = name, beside, text
        return word

    def like(self, text: str) -> "Word":
        """Another writing of the same, such as with a small first letter."""
        word = Word(text)
        word.name, word.beside, word.origin = self.name, self.beside, self.origin
        return word

    @property
    def is_person(self) -> bool:
        """Whether it is a name of the person whom the group describes."""
        return self.name in _NAMES and not _OF_PERSONS.isdisjoint(self.beside)

    @property
    def family_first(self) -> bool:
        """Whether the name begins with the family's, as a traveller's does."""
        return self.is_person and "latin" in self.beside

    @property
    def role(self) -> Role:
        """What it names."""
        if self.is_person:
            return Role.PERSON
        is_place = self.name in _PLACES or self.origin == self.beside.get("city")  # some are called as their city
        return Role.PLACE if is_place else role_of(self.origin)

    @property
    def gender(self) -> Gender:
        """The gender of the person it names, where one is known or told by a patronymic."""
        if self.is_person:
            return gender_of(self.beside.get("gender")) or patronymic_gender(str(self.beside.get("name") or ""))
        return patronymic_gender(self.origin) if self.role is Role.PERSON else Gender.UNKNOWN

    def stated(self, case: Case) -> str:
        """The form that stands beside the fact, as a signatory's does (`name_dative`); else empty."""
        form = self.beside.get(f"{self.name}_{case.value}")
        return form if isinstance(form, str) else ""


@dataclass
class Decliner:
    """The case filters of one run: what was confirmed, and what was used."""

    confirmed: Mapping[str, Any] = field(default_factory=dict)
    used: dict[tuple[str, str], FormUsed] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Where names are looked for, in one language."""

    @cached_property
    def names(self) -> frozenset[str]:
        """Words that are written with a capital wherever they stand: of cities, countries and people."""
        return frozenset(_names({name: self.facts.get(name) for name in _WITH_NAMES}))

    def form(self, value: str, case: Case) -> str:
        """The form of a fact or of a plain text."""
        text = str(value)
        if not text.strip():
            return text
        role = value.role if isinstance(value, Word) else role_of(text)
        gender = value.gender if isinstance(value, Word) else patronymic_gender(text)
        stated = value.stated(case) if isinstance(value, Word) else ""
        known = _as_capital(stated, text) if stated else self._confirmed(text, gender, case)
        state: State = "confirmed"
        if known is None:
            made = propose(text, case, role, gender, family_first=isinstance(value, Word) and value.family_first)
            known, state = made.form, "sure" if made.sure else "doubtful"
        self.used[(text, case.value)] = FormUsed(text, case.value, known, state, role.value, gender.value)
        return known

    def _confirmed(self, text: str, gender: Gender, case: Case) -> str | None:
        by_gender = self.confirmed.get(forms_key(text))
        if not isinstance(by_gender, Mapping) or not by_gender:
            return None
        forms = by_gender.get(gender.value or "-") or by_gender.get("-")
        if forms is None and gender is Gender.UNKNOWN and len(by_gender) == 1:
            forms = next(iter(by_gender.values()))
        form = forms.get(case.value) if isinstance(forms, Mapping) else None
        return _as_capital(str(form), text) if form else None


def _names(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        is_person = not _OF_PERSONS.isdisjoint(value)
        for name, item in value.items():
            yield from _names(item, name if name in ("city", "country") or (is_person and name in _NAMES) else "")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names(item)
    elif key and isinstance(value, str):
        yield from (word for word in _WORD.findall(value) if word[0].isupper())


def _as_capital(form: str, text: str) -> str:
    if len(text) > 1 and text == text.upper():
        return form.upper()
    return (form[0].upper() if text[0].isupper() else form[0].lower()) + form[1:]


def confirmed_in(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The confirmed forms that came with frozen facts."""
    section = facts.get("forms")
    if not isinstance(section, Mapping):
        return {}
    return {**(section.get("confirmed") or {}), **(section.get("corrected") or {})}


def corrected_in(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the confirmed forms those that differ from the proposal."""
    section = facts.get("forms")
    return section.get("corrected") or {} if isinstance(section, Mapping) else {}


def addressed(group: Mapping[str, Any]) -> Addressed:
    """Whom a group of facts (`partner.head`, `member`, `recipient`) describes."""
    name, short = str(group.get("name") or ""), str(group.get("short") or "")
    family = str(group.get("family") or group.get("surname") or "")
    if not family and ". " in short:
        family = short.rsplit(". ", 1)[1]
    return Addressed(name, str(group.get("post") or ""), gender_of(group.get("gender")), family)


def salute(group: Mapping[str, Any], language: str) -> str:
    """How a letter to this person begins: as somebody wrote it on the page, otherwise by post, name and gender."""
    written = group.get("salutation")
    if written:
        return str(written)
    head = group.get("head")
    return salutation(addressed(head if isinstance(head, Mapping) else group), language)
