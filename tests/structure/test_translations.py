"""Every sentence of the interface has its Russian: nothing missing or fuzzy, the same placeholders, all plurals."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "workflow/translations/ru").glob("*.po"))
KEYWORDS = {
    "_": None, "N_": None, "_l": None, "gettext": None, "lazy_gettext": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|%[sd]")
RUSSIAN_PLURAL = "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"

Key = tuple[str | None, str]


@cache
def spoken() -> dict[Key, set[str]]:
    """Collect every msgid of program and pages, with the places that say it."""
    found: dict[Key, set[str]] = defaultdict(set)
    sources = [
        ("workflow", [("**.py", "python")], {}),
        ("tasks", [("**.py", "python")], {}),
        ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")], {"**": {"silent": "false", "trimmed": "true"}}),
    ]
    for folder, methods, options in sources:
        for name, line, message, _comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=KEYWORDS, strip_comment_tags=True
        ):
            if name.startswith("papers/"):
                continue
            singular = message[0] if isinstance(message, tuple) else message
            found[context, singular].add(f"{folder}/{name}:{line}")
    return found


@cache
def catalogues() -> dict[str, Catalog]:
    """Read every room's catalogue."""
    read = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            read[path.name] = read_po(file, locale="ru", abort_invalid=True)
    return read


def messages() -> list[tuple[str, Message]]:
    """All entries of all catalogues but their headers."""
    return [(name, message) for name, catalogue in catalogues().items() for message in catalogue if message.id]


def key(message: Message) -> Key:
    """Return what a message is looked up by."""
    return message.context, message.id[0] if isinstance(message.id, tuple | list) else message.id


def translated(message: Message) -> bool:
    """Say whether every form of a message has a text."""
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and (not message.pluralizable or len(texts) == 3)


def placeholders(text: str) -> list[str]:
    """Name what a text leaves open, in any order."""
    return sorted(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def test_every_sentence_has_its_russian() -> None:
    known = {key(message) for _, message in messages() if translated(message)}
    missing = {said: min(places) for said, places in spoken().items() if said not in known and said[1]}
    assert missing == {}


def test_no_translation_is_a_guess() -> None:
    assert [(name, message.id) for name, message in messages() if message.fuzzy] == []


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for name, message in messages():
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = placeholders(ids[-1])
        for text in filter(None, texts):
            found = placeholders(text)
            one_without_number = message.pluralizable and set(found) < set(wanted)
            if found != wanted and not one_without_number:
                wrong.append((name, ids[-1], text))
    assert wrong == []


def test_one_sentence_has_one_translation() -> None:
    texts: dict[Key, set[str]] = defaultdict(set)
    for _, message in messages():
        texts[key(message)].add(str(message.string))
    assert {said: sorted(found) for said, found in texts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.name for path in CATALOGUES])
def test_catalogue_knows_russian_plurals(path: Path) -> None:
    header = next(iter(catalogues()[path.name])).string
    assert f"nplurals=3; plural={RUSSIAN_PLURAL}" in header.replace(";\n", "; ")
