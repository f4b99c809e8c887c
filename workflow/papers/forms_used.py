"""Which case forms a paper's Russian text stands on: shown before approval, the doubtful ones first.

A paper's own text holds the forms as words already, so the wording it was drafted from is filled once more, in the
child process, and of the forms that it asks for those are told that the text still has.
"""

from collections.abc import Mapping
from typing import Any

from workflow.papers.composing import RenderError
from workflow.papers.declining import FormUsed
from workflow.papers.editions import Edition, Kind
from workflow.papers.engine import RENDERER
from workflow.papers.models import Paper

_ORDER = {"doubtful": 0, "sure": 1, "confirmed": 2}
LANGUAGE = "ru"


def forms_used(paper: Paper, kind: Kind, facts: Mapping[str, Any]) -> list[FormUsed]:
    """The forms in the paper's Russian text, the doubtful first; empty when it has no Russian text or wording."""
    text = next((text.text for text in paper.texts if text.language == LANGUAGE), None)
    if text is None or LANGUAGE not in kind.wordings:
        return []
    edition = Edition(kind.key, LANGUAGE, kind.wordings[LANGUAGE], kind.layout, "")
    try:
        forms = RENDERER.draft(edition, facts).forms
    except RenderError:
        return []
    written = " ".join(text.split()).casefold()
    kept = [one for one in forms if " ".join(one.form.split()).casefold() in written]
    return sorted(kept, key=lambda one: (_ORDER[one.state], one.text, one.case))


def in_doubt(forms: list[FormUsed]) -> int:
    """How many forms nobody is sure of."""
    return sum(1 for one in forms if one.state == "doubtful")
