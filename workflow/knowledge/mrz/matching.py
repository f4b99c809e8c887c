"""Compares the name that was typed with the name in the zone, and explains how they part.

The zone has no check digit over the name, so nothing but this comparison catches a wrong letter. Letters with marks are
written out by ICAO Doc 9303 part 3, section 6 (Ä as AE or A, Ö as OE or O, Ü as UE, UXX or U, Ñ as N or NXX, ß as SS);
Russian names stand in real passports by several tables, so spellings that sound alike are told from wrong letters.
"""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from workflow.knowledge.names import comparable_latin, normalise, propose_latin

_NOT_NAME = re.compile(r"[^A-Z ]+")
_CYRILLIC = re.compile("[А-Яа-яЁё]")
_LONG_I = re.compile("I+")
_ALIKE = 0.7
_WRITTEN_OUT = {
    "Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ñ": "NXX", "Ø": "OE", "Æ": "AE", "Œ": "OE", "ß": "SS", "ẞ": "SS",
    "Þ": "TH", "Ð": "D", "Ĳ": "IJ",
}  # fmt: skip
_PLAIN = (("UXX", "U"), ("NXX", "N"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A"))
_SOUNDS = (
    ("SHCH", "3"), ("SCH", "3"), ("SH", "2"), ("CH", "4"), ("KH", "H"), ("ZH", "J"), ("TS", "C"), ("TZ", "C"),
    ("YU", "U"), ("IU", "U"), ("JU", "U"), ("YA", "A"), ("IA", "A"), ("JA", "A"), ("YE", "E"), ("IE", "E"),
    ("JE", "E"), ("YO", "E"), ("IO", "E"), ("JO", "E"), ("X", "KS"), ("W", "V"), ("PH", "F"), ("TH", "T"),
    ("Y", "I"), ("J", "I"), ("Q", "K"),
)  # fmt: skip


class Apart(StrEnum):
    """How a typed name and the zone's may part; the last three want a person's eye."""

    MARKS = "marks"
    TRANSLITERATION = "transliteration"
    ORDER = "order"
    CUT = "cut"
    SPACING = "spacing"
    INITIAL = "initial"
    ONLY_IN_ZONE = "only-in-zone"
    ONLY_TYPED = "only-typed"
    MARKS_LOST = "marks-lost"
    LETTERS = "letters"
    OTHER = "other"


EXPLAINED = frozenset(Apart) - {Apart.MARKS_LOST, Apart.LETTERS, Apart.OTHER}


class Note(NamedTuple):
    """One difference: what was typed and what the zone has."""

    kind: Apart
    typed: str
    zone: str


class Match(NamedTuple):
    """The comparison: no notes mean the same name."""

    notes: tuple[Note, ...]

    @property
    def same(self) -> bool:
        """Whether the names are the same letter for letter."""
        return not self.notes

    @property
    def explained(self) -> bool:
        """Whether every difference is one that passports bring with them."""
        return all(note.kind in EXPLAINED for note in self.notes)


def explain(family: str, given: str, zone_family: str, zone_given: str, *, cut: bool = False) -> Match:
    """Compare a typed name with a zone's; *cut* says that the zone's name field is full to its end."""
    family, given = _in_latin(family), _in_latin(given)
    ours = (_words(family), _words(given))
    theirs = (_words(zone_family), _words(zone_given))
    if ours == theirs:
        return Match(())
    if sorted(ours[0] + ours[1]) == sorted(theirs[0] + theirs[1]):
        return Match((Note(Apart.ORDER, _shown(ours), _shown(theirs)),))
    marked = (_marked(family), _marked(given))
    straight = _parts(ours, marked, theirs, cut=cut)
    if all(note.kind in EXPLAINED for note in straight):
        return Match(tuple(straight))
    turned = _parts((ours[1], ours[0]), (marked[1], marked[0]), theirs, cut=cut)
    if _weight(turned) < _weight(straight):
        return Match((Note(Apart.ORDER, _shown(ours), _shown(theirs)), *turned))
    return Match(tuple(straight))


def _in_latin(name: str) -> str:
    """Write a Russian name by the international table; what is Latin already stays."""
    return (propose_latin(name) or name) if _CYRILLIC.search(name) else name


def _words(name: str) -> list[str]:
    return _NOT_NAME.sub("", comparable_latin(name)).split()


def _marked(name: str) -> dict[str, str]:
    """Give each plain word its spelling with marks written out."""
    whole = normalise(name).upper()
    written = "".join(_WRITTEN_OUT.get(letter, letter) for letter in whole)
    plain, out = _words(whole), _words(written)
    return dict(zip(plain, out, strict=True)) if len(plain) == len(out) else {}


def _shown(parts: tuple[list[str], list[str]]) -> str:
    return ", ".join(" ".join(part) for part in parts if part)


def _weight(notes: Sequence[Note]) -> int:
    weights = {Apart.OTHER: 10, Apart.LETTERS: 4}
    return sum(weights.get(note.kind, 1) for note in notes)


def _parts(
    ours: tuple[list[str], list[str]],
    marked: tuple[dict[str, str], dict[str, str]],
    theirs: tuple[list[str], list[str]],
    *,
    cut: bool,
) -> list[Note]:
    """Compare family names with family names and given names with given names."""
    found: list[Note] = []
    for place in (0, 1):
        found += _compare(ours[place], marked[place], theirs[place], cut=cut)
    return found


def _compare(typed: list[str], marked: dict[str, str], zone: list[str], *, cut: bool) -> list[Note]:
    if typed == zone:
        return []
    if typed and "".join(typed) == "".join(zone):
        return [Note(Apart.SPACING, " ".join(typed), " ".join(zone))]
    left, notes, unmatched = list(zone), [], []
    for word in typed:
        if word in left:
            left.remove(word)
        else:
            unmatched.append(word)
    still = []
    for word in unmatched:
        note = _best(word, marked.get(word, word), left, cut=cut)
        if note is None:
            still.append(word)
        else:
            left.remove(note.zone)
            notes.append(note)
    if still and left and not notes and len(unmatched) == len(typed):
        return [Note(Apart.OTHER, " ".join(typed), " ".join(zone))]
    notes += [Note(Apart.CUT if cut else Apart.ONLY_TYPED, word, "") for word in still]
    notes += [Note(Apart.ONLY_IN_ZONE, "", word) for word in left]
    return notes


def _best(word: str, written: str, left: Sequence[str], *, cut: bool) -> Note | None:
    """Find the zone's word that this one is, explained as harmlessly as possible."""
    marked = written != word
    tests: tuple[tuple[Apart, Callable[[str], bool]], ...] = (
        (Apart.MARKS, lambda other: other == written or (marked and _plain(other) == _plain(word))),
        (Apart.TRANSLITERATION, lambda other: sound(other) == sound(word)),
        (Apart.CUT, lambda other: cut and (word.startswith(other) or written.startswith(other))),
        (Apart.INITIAL, lambda other: 1 in (len(word), len(other)) and word[0] == other[0]),
        (Apart.MARKS_LOST, lambda other: _plain(other) == _plain(word)),
    )
    for kind, holds in tests:
        for other in left:
            if holds(other):
                return Note(kind, word, other)
    scored = [(SequenceMatcher(None, word, other, autojunk=False).ratio(), other) for other in left]
    ratio, nearest = max(scored, default=(0.0, ""))
    return Note(Apart.LETTERS, word, nearest) if ratio >= _ALIKE else None


def _plain(word: str) -> str:
    for written, plain in _PLAIN:
        word = word.replace(written, plain)
    return word


def sound(word: str) -> str:
    """Fold a Latin word so that the spellings which several tables give one Russian name fall together."""
    for written, plain in _SOUNDS:
        word = word.replace(written, plain)
    return _LONG_I.sub("I", word)
