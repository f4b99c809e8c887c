"""Which words keep their capital when a text goes on in the middle of a sentence: names, and what is made of them.

«Условия оплаты: Кадыкёй оплачивает проезд», "The purpose of the visit is a forum", but "Russian-Turkish talks". Russian
names are told by the dictionary; what it does not have and is no adjective or verb is a name rather than not. English
words are told by the Unicode lists of countries and languages, by months and days, and by the names among the facts.
"""

import re
from collections.abc import Collection
from functools import cache, lru_cache

from babel import Locale

from workflow.knowledge.grammar.dictionary import is_known, readings

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PROPER = frozenset({"Geox", "Name", "Surn", "Patr", "Orgn", "Trad", "Abbr"})
_MADE_OF_NAMES = frozenset(
    """
    american african asian balkan british caucasian christian christmas easter european eurasian muslim orthodox olympic
    paralympic scottish soviet victory january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()  # noqa: SIM905 - words read best as words
)
_SERVANTS = frozenset(
    """
    a an the this that these those our your their its his her my each all both no some any one two to of in on at by for
    from with within during after before under between and or as upon through into
    """.split()  # noqa: SIM905 - the same
)
_NAMED = frozenset({"day", "days", "week", "year", "games", "cup", "nations", "union", "republic", "federation"})


_PLAIN = frozenset(
    """
    old middle low high northern southern eastern western central north south east west southeast southwest northwest
    northeast islands island new united ancient modern standard classical world church early upper lower outer inner
    simplified traditional literary sign unknown language languages states saint colloquial basin plains woods special
    multiple no content
    """.split()  # noqa: SIM905 - the same
)
"""Words of such names that are words of the language, too."""


@cache
def _english_names() -> frozenset[str]:
    """English names of countries and languages, word by word; "Turkish" is a language and an adjective."""
    known = Locale("en")
    named = " ".join([*known.languages.values(), *known.territories.values()])
    words = {word.lower() for word in _WORD.findall(named) if word[0].isupper()}
    return frozenset(words - _PLAIN) | _MADE_OF_NAMES


_POSTS = frozenset({"врио", "врип", "кмет", "аким", "хоким", "тимлид"})
"""Posts that the dictionary lacks."""


def _is_russian_name(word: str) -> bool:
    low = word.lower()
    first = readings(low)[0].tag
    if is_known(low) or low in _POSTS:
        return not _PROPER.isdisjoint(first.grammemes) and low not in _POSTS
    return first.POS in (None, "NOUN") and "-" not in word


def _is_english_name(word: str, after: str) -> bool:
    parts = word.lower().split("-")
    if word.lower() in _SERVANTS:
        return False
    if not word.isascii() or not _english_names().isdisjoint(parts):
        return True
    return after[:1].isupper() and after.lower() in _NAMED


@lru_cache(maxsize=1024)
def _begins_with_a_name(text: str, language: str) -> bool:
    found = _WORD.match(text)
    if found is None:
        return False
    word = found[0]
    if any(sign.isupper() for sign in word[1:]):  # «МЧС», "Russian-Turkish", "McDonald"
        return True
    if language == "ru":
        return "а" <= word[0].lower() <= "я" and _is_russian_name(word)
    following = _WORD.match(text, found.end() + 1)
    return language == "en" and _is_english_name(word, following[0] if following else "")


def begins_with_a_name(text: str, language: str, known: Collection[str] = ()) -> bool:
    """Tell whether the first word of a text keeps its capital wherever it stands; *known* are names among the facts."""
    if not text[:1].isupper():
        return False
    first = _WORD.match(text)
    return (first is not None and first[0] in known) or _begins_with_a_name(text, language)
