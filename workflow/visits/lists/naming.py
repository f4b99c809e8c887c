"""Reads names out of a row: whole or in parts, native, Latin or Russian; two people in one cell are refused."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflow.knowledge.names import fold, is_passport_latin, normalise, normalise_latin, normalise_name
from workflow.visits.lists.columns import NAME_FIELDS, WHOLE_NAMES
from workflow.visits.lists.values import Fault, text_fault

MAX_NAME = 120
_LATIN, _CYRILLIC, _OTHER = "latin", "russian", "native"
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_ANY_LETTER = re.compile(r"[^\W\d_]")
_PLAIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1effА-Яа-яЁё .,'’\-\u4e00-\u9fff·]*")
_TITLES = frozenset(
    map(fold, ("mr", "mrs", "ms", "miss", "dr", "prof", "sayın", "sn", "bay", "bayan", "mm", "mme", "mlle", "m", "г-н",
               "г-жа", "господин", "госпожа", "先生", "女士"))
)  # fmt: skip
_TWO_PEOPLE = re.compile(r"[;&+；、＆]|\s(?:и|and|ve|ile|et|with|和|与|及)\s", re.IGNORECASE)
_PATRONYMIC = re.compile(r".+(?:вич|вна|ична)", re.IGNORECASE)
_SON_OF = ("оглы", "кызы")
_PARENTHESES = re.compile(r"^(.*?)[(（](.+?)[)）]\s*$", re.DOTALL)
_PARTICLES = frozenset(
    "de du des da dos la le del della di van von der den ter zu el al bin ibn y".split()  # noqa: SIM905 — read as words
)
_AS_AIRLINES = re.compile(r"[A-Z'-]{2,}/[A-Z' -]{2,}")
_DOUBLE_SURNAMES = frozenset(
    re.findall("..", "欧阳司马上官诸葛夏侯东方皇甫尉迟公孙慕容令狐长孙宇文司徒端木")
)


@dataclass
class Names:
    """The parts found, as the person's fields, and what is wrong in which column."""

    parts: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, Fault]] = field(default_factory=list)


def read_names(cells: Mapping[str, str], orders: Mapping[str, str]) -> Names:
    """Read all name columns of a row; *orders* tells for each whole-name column which part comes first."""
    names = Names()
    clean: dict[str, str] = {}
    for name in sorted(NAME_FIELDS & cells.keys()):
        if not cells[name]:
            continue
        fault = text_fault(cells[name], MAX_NAME * 2, leftward=name == "native_name") or _name_fault(cells[name])
        if fault:
            names.faults.append((name, fault))
        else:
            clean[name] = cells[name]
    for name in WHOLE_NAMES:
        if name in clean:
            _read_whole(names, name, clean[name], orders.get(name, ""))
    _read_parts(names, clean)
    if "native_name" in clean:
        family, given = _split(normalise(clean["native_name"]), "family") or (normalise(clean["native_name"]), "")
        names.parts |= {"native_family": normalise_name(family), "native_given": normalise_name(given)}
    for part, text in names.parts.items():
        if len(text) > MAX_NAME:
            names.faults.append((_column_of(cells), Fault("visits.list-too-long", {"limit": MAX_NAME})))
            names.parts[part] = text[:MAX_NAME]
    if not names.faults and not any(text for part, text in names.parts.items() if part.endswith("_family")):
        names.faults.append((_column_of(cells), Fault("visits.list-name-missing")))
    return names


def _column_of(cells: Mapping[str, str]) -> str:
    order = ("family", "latin_family", "full_name", "latin_name", "given", "native_name", "latin_given")
    return next((name for name in order if name in cells), "")


def _name_fault(text: str) -> Fault | None:
    bare = normalise(text.replace("\n", " "))
    if not _PLAIN.fullmatch(bare):
        for letter in bare:
            if letter not in " .,'-()/·（）" and unicodedata.category(letter)[0] not in "LM":
                if letter in ";&+；、＆":
                    return Fault("visits.list-two-people")
                return Fault("visits.list-name-characters", {"letter": letter})
    for word in re.split(r"[\s()/,（）]+", bare):
        if _LATIN_LETTER.search(word) and _CYRILLIC_LETTER.search(word):
            return Fault("visits.list-mixed-letters")
    return None


def _script(text: str) -> str:
    if _CYRILLIC_LETTER.search(text):
        return _CYRILLIC
    letters = _ANY_LETTER.findall(text)
    return _LATIN if all(_LATIN_LETTER.match(letter) for letter in letters) else _OTHER


def _two_in_commas(text: str) -> bool:
    """Tell "SMITH John, JONES Mary" from "SMITH, John": on both sides of the comma capitals show a whole name."""
    sides = [part.split() for part in text.split(",")]
    return len(sides) > 1 and all(_split_by_capitals(side) for side in sides)


def _read_whole(names: Names, column: str, text: str, order: str) -> None:
    if column == "latin_name" and _AS_AIRLINES.fullmatch(text):
        text = text.replace("/", ", ")
    if _TWO_PEOPLE.search(text) or _two_in_commas(text):
        names.faults.append((column, Fault("visits.list-two-people")))
        return
    inside = _PARENTHESES.match(text)
    pieces = [inside[1], inside[2]] if inside else re.split(r"[/\n]", text)
    pieces = [piece for piece in map(_untitled, pieces) if piece]
    scripts = [_script(piece) for piece in pieces]
    if len(set(scripts)) < len(pieces):
        if any(len(piece.split()) < 2 for piece in pieces) and "\n" in text and "/" not in text:
            pieces, scripts = [" ".join(pieces)], scripts[:1]
        else:
            names.faults.append((column, Fault("visits.list-two-people")))
            return
    splits = [_split(piece, order) for piece in pieces]
    known = next(((piece, split) for piece, split in zip(pieces, splits, strict=True) if split and split[1]), None)
    if known is not None:
        order = "family" if known[0].startswith(known[1][0]) else "given"
    for piece, script in zip(pieces, scripts, strict=True):
        split = _split(piece, order)
        if split is None:
            names.faults.append((column, Fault("visits.list-name-order")))
            return
        family, given = split
        patronymic = ""
        if script == _CYRILLIC:
            words = given.split()
            tail = 2 if words and words[-1].lower() in _SON_OF else 1
            if len(words) > tail and (tail == 2 or _PATRONYMIC.fullmatch(words[-1])):
                given, patronymic = " ".join(words[:-tail]), " ".join(words[-tail:])
        _put(names, column, script, family, given, patronymic)


def _untitled(text: str) -> str:
    if text.isascii() and text.isalpha():
        return text
    words = normalise(text).split(" ")
    while len(words) > 1 and fold(words[0]).strip(".") in _TITLES:
        words.pop(0)
    return " ".join(words)


def _split(text: str, order: str) -> tuple[str, str] | None:
    """Split a whole name into family and given; None when nothing tells which is which."""
    if "," in text:
        family, given = text.split(",", 1)
        return family.strip(), given.strip()
    words = text.replace("·", " ").split()
    if not words:
        return None
    if len(words) == 1:
        return _split_chinese(text)
    return _split_by_capitals(words) or _split_by_order(words, order) or _split_by_patronymic(words)


def _split_chinese(text: str) -> tuple[str, str]:
    if "\u4e00" <= text[0] <= "\u9fff" and 2 <= len(text) <= 4:
        cut = 2 if text[:2] in _DOUBLE_SURNAMES and len(text) > 2 else 1
        return text[:cut], text[cut:]
    return text, ""


def _split_by_capitals(words: list[str]) -> tuple[str, str] | None:
    """Split "YILMAZ Ayşe" or "Ayşe YILMAZ": the shouted words are the family name."""
    shouted = [len(word) > 1 and "." not in word and word == word.upper() and word != word.lower() for word in words]
    for at in range(len(words) - 2, -1, -1):  # "de la FONTAINE": what leads up to a shouted word goes with it
        shouted[at] = shouted[at] or (shouted[at + 1] and words[at] in _PARTICLES)
    if not any(shouted) or all(shouted):
        return None
    lead = shouted[0]
    cut = shouted.index(not lead)
    if any(loud is lead for loud in shouted[cut:]):
        return None
    first, rest = " ".join(words[:cut]), " ".join(words[cut:])
    return (first, rest) if lead else (rest, first)


def order_shown(text: str) -> str:
    """Tell which part of a whole name comes first where capitals show it: "family" or "given", or nothing."""
    found = _split_by_capitals(_untitled(text).replace("·", " ").split())
    if found is None or "," in text or _TWO_PEOPLE.search(text):
        return ""
    return "family" if _untitled(text).startswith(found[0]) else "given"


def _split_by_order(words: list[str], order: str) -> tuple[str, str] | None:
    if order == "family":
        return words[0], " ".join(words[1:])
    return (words[-1], " ".join(words[:-1])) if order == "given" else None


def _split_by_patronymic(words: list[str]) -> tuple[str, str] | None:
    if (len(words) == 4 and words[-1].lower() in _SON_OF) or (len(words) == 3 and _PATRONYMIC.fullmatch(words[2])):
        return words[0], " ".join(words[1:])
    if len(words) == 3 and _PATRONYMIC.fullmatch(words[1]):
        return words[2], " ".join(words[:2])
    return None


def _read_parts(names: Names, clean: Mapping[str, str]) -> None:
    for columns in (("family", "given", "patronymic"), ("latin_family", "latin_given", "")):
        texts = [_untitled(clean.get(column, "").replace("\n", " ")) for column in columns]
        if not any(texts):
            continue
        given = [(name, text) for name, text in zip(columns, texts, strict=True) if text]
        column = given[0][0]
        two = [name for name, text in given if _TWO_PEOPLE.search(text) or "/" in text]
        if two:
            names.faults.append((two[0], Fault("visits.list-two-people")))
            continue
        scripts = {_script(text) for text in texts if text}
        if len(scripts) > 1 or (column.startswith("latin") and scripts != {_LATIN}):
            names.faults.append((column, Fault("visits.list-mixed-letters")))
            continue
        _put(names, column, scripts.pop(), *texts)


def _put(names: Names, column: str, script: str, family: str, given: str, patronymic: str) -> None:
    parts = names.parts
    if script == _LATIN:
        latin = [_latin(family), _latin(f"{given} {patronymic}".strip())]
        if not all(is_passport_latin(text) for text in latin if text):
            names.faults.append((column, Fault("visits.list-not-latin")))
            return
        parts |= {"latin_family": latin[0], "latin_given": latin[1]}
        if not (family + given).isascii():
            parts |= {"native_family": _native(family), "native_given": _native(given)}
    elif script == _CYRILLIC:
        parts |= {"russian_family": normalise_name(family), "russian_given": normalise_name(given),
                  "russian_patronymic": normalise_name(patronymic)}  # fmt: skip
    else:
        parts |= {"native_family": normalise(family), "native_given": normalise(given)}


def _latin(text: str) -> str:
    return text.upper() if text.isascii() and text.isalpha() else normalise_latin(text.replace(".", " "))


def _native(text: str) -> str:
    """Take a shouted name down to its usual capitals, unless its I may be the Turkish one, which has no dot below."""
    return normalise(text) if "I" in text and text == text.upper() else normalise_name(text)
