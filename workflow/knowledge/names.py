"""People's names: one spelling to store, one key to search, a Latin proposal, comparison by letters.

The passport wins: `propose_latin` only suggests, and a difference is a warning that a person settles.
"""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import iuliia

_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(
    code for code in (0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ`´ʹ"), "'")
_FOLDED = str.maketrans(
    {"ё": "е", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"}
)
_LATIN_LETTERS = str.maketrans({"Ø": "O", "Ł": "L", "Đ": "D", "Æ": "AE", "Œ": "OE", "ẞ": "SS", "İ": "I"})
_PASSPORT = re.compile(r"[A-Z '-]+")
_SHORT_I = ("и", "И")
_BREVE = "\u0306"


def normalise(text: str) -> str:
    """Give the spelling to store: composed letters, single spaces, plain dashes, nothing invisible."""
    if text.isascii() and "`" not in text:
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text).translate(_INVISIBLE).translate(_DASHES).translate(_QUOTES)
    return _SPACES.sub(" ", composed).strip()


def normalise_name(text: str) -> str:
    """Normalise a name; a shouted one (ИВАНОВ) gets its usual capitals, mixed case is left alone."""
    name = normalise(text)
    if len(name) < 2 or name != name.upper() or name == name.lower():
        return name
    capitals = "".join(part.capitalize() for part in re.split(r"([ .'-])", name))
    return capitals.replace("i\u0307", "i")  # a small Turkish İ is a plain i, not an i with a second dot


def normalise_latin(text: str) -> str:
    """Give a Latin name as a passport prints it: capitals, no accents."""
    upper = normalise(text).upper().translate(_LATIN_LETTERS)
    return _without_marks(upper)


def fold(text: str) -> str:
    """Give the search key: no case, ё as е, no accents, single spaces; й stays a letter of its own."""
    if text.isascii():
        return normalise(text).lower()
    return _without_marks(normalise(text).casefold().translate(_FOLDED)).translate(_FOLDED)


def _without_marks(text: str) -> str:
    kept: list[str] = []
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            if letter == _BREVE and kept and kept[-1] in _SHORT_I:
                kept.append(letter)
            continue
        kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))


def is_passport_latin(text: str) -> bool:
    """Tell whether the text has only what a passport's Latin name may have."""
    return _PASSPORT.fullmatch(text) is not None


def propose_latin(cyrillic: str) -> str | None:
    """Propose the passport's Latin spelling of a Russian name (ICAO Doc 9303), or None for other scripts."""
    proposal = iuliia.ICAO_DOC_9303.translate(normalise(cyrillic)).upper().strip()
    return proposal if is_passport_latin(proposal) else None


class DifferenceKind(StrEnum):
    """How two spellings part."""

    MISSING = "missing"
    EXTRA = "extra"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the second spelling departs from the first; positions count letters from 0."""

    kind: DifferenceKind
    position: int
    first: str
    second: str


def comparable_latin(text: str) -> str:
    """Give the letters that count: a passport's lines know neither hyphens nor apostrophes."""
    letters = normalise_latin(text).replace("-", " ").replace("'", "").replace("<", " ")
    return _SPACES.sub(" ", letters).strip()


def compare_latin(first: str, second: str) -> list[Difference]:
    """List where two Latin spellings differ, letter by letter; an empty list means the same name."""
    one, two = comparable_latin(first), comparable_latin(second)
    kind = DifferenceKind
    kinds = {"delete": kind.MISSING, "insert": kind.EXTRA, "replace": kind.OTHER}
    if one == two:
        return []
    return [
        Difference(kind=kinds[tag], position=start, first=one[start:end], second=two[begin:stop])
        for tag, start, end, begin, stop in SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
