"""Russian case forms of posts and other noun phrases: the head noun and its adjectives change, the tail stays.

«глава города Ставрополя» gives «главе города Ставрополя». Several posts joined by a comma, a dash or «и» change each.
"""

import re
from functools import lru_cache
from typing import Any

from workflow.knowledge.grammar.cases import Case, Proposal
from workflow.knowledge.grammar.dictionary import CASES, as_written, is_known, readings

_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_WORD = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_JOINT = re.compile(r"(,\s+|\s+[–—-]\s+|\s*\(.*\)\s*)")
_ACTING = re.compile(r"(?:и\.\s?о\.|врио|врип|зам\.)", re.IGNORECASE)
_ABBREVIATION = re.compile(r"[А-ЯЁ]{2,}")
_FROZEN_FIRST = frozenset({"вице", "пресс", "экс", "обер", "генерал", "штаб", "арт", "медиа", "интернет", "бизнес"})
_ADJECTIVES = ("ADJF", "PRTF")
_SERVANTS = frozenset({"PREP", "CONJ", "PRCL"})


def _nominative(word: str, kinds: tuple[str, ...]) -> list[Any]:
    found = readings(word.lower())
    if not found or any(one.tag.POS in _SERVANTS for one in found[:1]) or len(word) < 2:
        return []
    return [one for one in found if one.tag.POS in kinds and one.tag.case == "nomn"]


def _agrees(adjective: Any, noun: Any) -> bool:
    if adjective.tag.number != noun.tag.number:
        return False
    return adjective.tag.number == "plur" or "ms-f" in noun.tag or adjective.tag.gender == noun.tag.gender


def _noun(word: str) -> Any | None:
    """The reading as a noun in the nominative: a person rather than a thing, one rather than many."""
    found = _nominative(word, ("NOUN",))
    usual = [one for one in found if not {"Surn", "Name", "Patr"} & one.tag.grammemes]
    if not usual:
        return found[0] if found else None
    return max(usual, key=lambda one: (one.tag.number == "sing", one.tag.animacy == "anim", one.score))


def _inflect(word: str, reading: Any, case: Case, noun: Any | None = None) -> str | None:
    wanted = {CASES[case]}
    if noun is not None:
        wanted.add(noun.tag.number)
        if noun.tag.number == "sing":
            wanted.add("masc" if "ms-f" in noun.tag and reading.tag.gender == "masc" else reading.tag.gender)
        if case is Case.ACCUSATIVE and (noun.tag.number == "plur" or "masc" in wanted):
            wanted.add(noun.tag.animacy or "inan")
    made = reading.inflect(frozenset(wanted))
    return as_written(made.word, word, reading.word) if made is not None else None


def _head(word: str, case: Case) -> Proposal | None:
    """The form of the head noun itself; None when the word is no noun in the nominative."""
    low = word.lower()
    first, _, last = low.partition("-")
    if last and (first in _FROZEN_FIRST or not is_known(low)):
        tail = _head(word[len(first) + 1 :], case)
        if tail is None:
            return None
        before = None if first in _FROZEN_FIRST else _head(word[: len(first)], case)
        return Proposal(f"{before.form if before else word[: len(first)]}-{tail.form}", tail.sure)
    noun = _noun(low)
    if noun is None:
        return None
    if "Fixd" in noun.tag:
        return Proposal(word, True)
    form = _inflect(word, noun, case)
    return Proposal(form, is_known(low)) if form else None


def _substantive(word: str, case: Case) -> Proposal | None:
    """The form of an adjective or participle that stands for a person: «заведующий», «управляющий»."""
    for reading in _nominative(word, _ADJECTIVES):
        if reading.tag.gender in {"masc", "femn"}:
            wanted = {CASES[case], "sing", reading.tag.gender}
            if case is Case.ACCUSATIVE and reading.tag.gender == "masc":
                wanted.add("anim")
            made = reading.inflect(frozenset(wanted))
            if made is not None:
                return Proposal(as_written(made.word, word, reading.word), is_known(word.lower()))
    return None


def _find_head(words: list[str]) -> tuple[int, list[int]] | None:
    """Where the head noun stands and which adjectives before it agree; None when the first words tell neither."""
    adjectives: list[int] = []
    for at, word in enumerate(words):
        if not _WORD.fullmatch(word):
            return None
        if word.lower() == "и" and adjectives:
            continue
        later = next((one for one in words[at + 1 :] if one.lower() != "и"), "")
        follows = _nominative(later, ("NOUN", *_ADJECTIVES)) if _WORD.fullmatch(later) else []
        attributive = [one for one in _nominative(word, _ADJECTIVES) if any(_agrees(one, next_) for next_ in follows)]
        if attributive:
            adjectives.append(at)
            continue
        return at, adjectives
    return None


def _adjective(word: str, noun: Any, case: Case) -> str | None:
    if noun.tag.POS in _ADJECTIVES:
        made = _substantive(word, case)
        return made.form if made else None
    for reading in _nominative(word, _ADJECTIVES):
        if _agrees(reading, noun):
            return _inflect(word, reading, case, noun)
    return None


def _segment(text: str, case: Case) -> Proposal:
    words = text.split(" ")
    if _ACTING.match(text) or _ABBREVIATION.fullmatch(words[0]):
        return Proposal(text, True)
    found = _find_head(words)
    if found is None:
        return Proposal(text, False)
    at, adjectives = found
    noun = _noun(words[at]) or next(iter(_nominative(words[at], _ADJECTIVES)), None)
    if case is Case.ACCUSATIVE and noun is not None and noun.tag.animacy == "inan" and noun.word.endswith(("ый", "ий")):
        case = Case.GENITIVE  # «поверенный» is a thing to the dictionary
    head = _head(words[at], case) or _substantive(words[at], case)
    if head is None:
        return Proposal(text, False)
    made, sure = [*words], head.sure
    made[at] = head.form
    for where in adjectives:
        form = _adjective(words[where], noun, case) if noun is not None else None
        made[where], sure = (form, sure) if form else (words[where], False)
    return _second(made, words, at, case, sure=sure)


def _second(made: list[str], words: list[str], at: int, case: Case, *, sure: bool) -> Proposal:
    """Another post after «и»: «глава города и председатель Думы»; a thing after it belongs to the tail."""
    for where in range(at + 1, len(words) - 1):
        noun = _noun(words[where + 1]) if words[where] == "и" and _WORD.fullmatch(words[where + 1]) else None
        if noun is not None and noun.tag.animacy == "anim" and noun.tag.number == "sing":
            rest = _segment(" ".join(words[where + 1 :]), case)
            return Proposal(" ".join([*made[: where + 1], rest.form]), sure and rest.sure)
    return Proposal(" ".join(made), sure)


def _starts_a_post(text: str) -> bool:
    """Tell whether words after a comma or dash name one more post, rather than go on with the first."""
    found = _find_head(text.split(" "))
    if found is None:
        return False
    noun = _noun(text.split(" ")[found[0]])
    return noun is not None and noun.tag.animacy == "anim" and noun.tag.number == "sing"


@lru_cache(maxsize=4096)
def phrase_form(text: str, case: Case) -> Proposal:
    """Propose the form of a post or another noun phrase; what is not Russian stays as it is."""
    given = " ".join(text.split())
    if case is Case.NOMINATIVE or not _CYRILLIC.search(given):
        return Proposal(given, True)
    made: list[str] = []
    sure = True
    for number, piece in enumerate(_JOINT.split(given)):
        first = number == 0
        if number % 2 or not piece or not (first or _starts_a_post(piece)):
            made.append(piece)
            continue
        one = _segment(piece, case)
        made.append(one.form)
        sure = sure and one.sure
    return Proposal("".join(made), sure)
