"""The Russian dictionary: pymorphy3, loaded when the first word needs it (about 0.1 s, 27 MB)."""

import logging
from functools import cache, lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer

from workflow.knowledge.grammar.cases import Case

CASES = {
    Case.NOMINATIVE: "nomn",
    Case.GENITIVE: "gent",
    Case.DATIVE: "datv",
    Case.ACCUSATIVE: "accs",
    Case.INSTRUMENTAL: "ablt",
    Case.PREPOSITIONAL: "loct",
}


@cache
def _analyzer() -> MorphAnalyzer:
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)  # it tells each loading
    return MorphAnalyzer(lang="ru")


@lru_cache(maxsize=8192)
def readings(word: str) -> tuple[Any, ...]:
    """How a word may be read, the likeliest first."""
    return tuple(_analyzer().parse(word))


def is_known(word: str) -> bool:
    """Tell whether the dictionary has the word, rather than guessing from its end."""
    return bool(_analyzer().word_is_known(word))


def as_written(form: str, word: str, read_as: str) -> str:
    """Give a form the capitals of the word, and its е for ё where it is written so."""
    if read_as != word.lower():
        form = form.replace("ё", "е")
    if len(word) > 1 and word == word.upper():
        return form.upper()
    pieces, models = form.split("-"), word.split("-")
    if len(pieces) != len(models):
        return form[:1].upper() + form[1:] if word[:1].isupper() else form
    return "-".join(
        piece[:1].upper() + piece[1:] if model[:1].isupper() else piece
        for piece, model in zip(pieces, models, strict=True)
    )
