"""Which case forms a paper's Russian text stands on: shown before approval, the doubtful ones first.

A paper's own text holds the forms as words already, so the wording it was drafted from is filled once more, in the
child process, and of the forms that it asks for those are told that the text still has.
"""

from collections.abc import Mapping
from typing import Any

from workflow.base.slow_work import outcome_of
from workflow.knowledge.grammar.cases import Case, Gender, Role, gender_of
from workflow.knowledge.grammar.forms import propose, role_of
from workflow.papers.composing import RenderError
from workflow.papers.declining import FormUsed, confirmed_in, corrected_in
from workflow.papers.editions import Kind
from workflow.papers.facts import russian_texts
from workflow.papers.making import Words
from workflow.papers.models import Paper
from workflow.papers.plain import forms_key

_ORDER = {"doubtful": 0, "sure": 1, "confirmed": 2}
LANGUAGE = "ru"


def forms_used(paper: Paper, kind: Kind, facts: Mapping[str, Any]) -> list[FormUsed]:
    """The forms in the paper's Russian text, the doubtful first; empty when it has no Russian text or wording."""
    text = next((text.text for text in paper.texts if text.language == LANGUAGE), None)
    if text is None or LANGUAGE not in kind.wordings:
        return []
    try:
        forms = outcome_of(Words.of(kind, LANGUAGE, facts)).forms
    except RenderError:
        return []
    written = " ".join(text.split()).casefold()
    kept = [one for one in forms if " ".join(one.form.split()).casefold() in written]
    return sorted(kept, key=lambda one: (_ORDER[one.state], one.text, one.case))


def in_doubt(forms: list[FormUsed]) -> int:
    """How many forms nobody is sure of."""
    return sum(1 for one in forms if one.state == "doubtful")


def form_changes(paper: Paper, before: Mapping[str, Any], known: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Corrections that came after the text was written: what is declined, the form in the text, the form it has now.

    Only forms that stand in the Russian text are told.
    """
    text = next((text.text for text in paper.texts if text.language == LANGUAGE), "")
    written = " ".join(text.split()).casefold()
    old, new = confirmed_in(before), corrected_in(known)
    nominatives = {forms_key(one): one for one in russian_texts(known)} if new else {}
    told: list[tuple[str, str, str]] = []
    for key, by_gender in new.items():
        nominative = nominatives.get(key, key)
        for gender, forms in by_gender.items():
            for case, form in forms.items():
                stood = ((old.get(key) or {}).get(gender) or {}).get(case) or _proposed(nominative, case, gender)
                if stood.casefold() != form.casefold() and stood.casefold() in written:
                    told.append((nominative, stood, form))
    return list(dict.fromkeys(told))


def _proposed(nominative: str, case: str, gender: str) -> str:
    known = gender_of(gender)
    role = Role.PERSON if known is not Gender.UNKNOWN else role_of(nominative)
    return propose(nominative, Case(case), role, known).form
