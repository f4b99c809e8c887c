"""One door to all forms: by what a text names."""

import re

from workflow.knowledge.grammar.cases import Case, Gender, Proposal, Role
from workflow.knowledge.grammar.nouns import phrase_form
from workflow.knowledge.grammar.people import name_form, patronymic_gender
from workflow.knowledge.grammar.places import place_form

_WORDS_OF_A_NAME = re.compile(r"(?:[А-ЯЁ][а-яё'-]+|[А-ЯЁ]\.)(?: (?:[А-ЯЁ][а-яё'-]+|[А-ЯЁ]\.)){1,3}")


def role_of(text: str) -> Role:
    """What a text names when nothing else tells: a person by patronymic or initials, otherwise a noun phrase."""
    if _WORDS_OF_A_NAME.fullmatch(text) and ("." in text or patronymic_gender(text) is not Gender.UNKNOWN):
        return Role.PERSON
    return Role.POST


def propose(text: str, case: Case, role: Role, gender: Gender = Gender.UNKNOWN, *, family_first: bool = False,
            ) -> Proposal:  # fmt: skip
    """Propose the form of a text; *family_first* for names of which the writer knows that order."""
    if not any("а" <= sign <= "я" or sign == "ё" for sign in text.lower()):
        return Proposal(text, True)
    if role is Role.PERSON:
        return name_form(text, case, gender, family_first=True if family_first else None)
    if role is Role.PLACE:
        return place_form(text, case)
    made = phrase_form(text, case)
    if made.sure:
        return made
    as_place = place_form(text, case)  # a partner's name may be its city's
    return as_place if as_place.sure else made
