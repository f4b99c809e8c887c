"""Nothing of guests' pages falls back to another language: every sentence is worded in all seven."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from workflow.base.languages import translations
from workflow.guests import consents, entering, letters, tasks
from workflow.guests.rules import AUTONYMS
from workflow.visits.lists.blank import LANGUAGES
from workflow.visits.lists.blank_word import blank_document
from workflow.web.sentences import SENTENCE_TABLE

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("_frame", "again", "link", "link_ended", "link_unknown", "refused", "home", "data", "passport", "coming",
         "consent", "clerk", "clerk_member", "clerk_new", "_newcomer", "stays")  # fmt: skip
FRAME = ("public_layout.html", "macros/_top.html", "macros/forms.html", "visas/_stays.html")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@cache
def spoken() -> frozenset[str]:
    """Collect every sentence that a guest or a clerk can read, page, mail or refusal."""
    found = {*letters.MAIL_WORDS, *entering.FLASHES, *tasks.ITEM_TITLES.values()}
    for name in (*(f"guests/{page}.html" for page in PAGES), *FRAME):
        with (ROOT / "templates" / name).open("rb") as file:
            for _line, message, _comments, _context in extract("jinja2", file, keywords={"_": None},
                                                               options={"silent": "false"}):  # fmt: skip
                found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def holes(text: str) -> list[tuple[str, ...]]:
    """Name what a sentence leaves open, in any order."""
    return sorted(PLACEHOLDER.findall(text))


def codes(app: object) -> set[str]:
    """Collect the sentences of refusals; the application has filled the table."""
    assert app
    return {SENTENCE_TABLE.get(code) for code in entering.WORDED}


@pytest.mark.parametrize("language", [code for code in AUTONYMS if code != "en"])
def test_every_sentence_is_worded(app: object, language: str) -> None:
    catalogue = translations(language)
    known = {said for said in spoken() | codes(app) if catalogue.gettext(said) != said}
    assert sorted((spoken() | codes(app)) - known) == []


@pytest.mark.parametrize("language", ["zh", "fr", "bg", "tr", "es"])
def test_wording_keeps_the_placeholders_and_holds_nothing_more(app: object, language: str) -> None:
    with (ROOT / "workflow/translations" / language / "guests.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    wrong = [message.id for message in catalogue
             if message.id and holes(str(message.id)) != holes(str(message.string))]
    assert wrong == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []
    assert sorted({message.id for message in catalogue if message.id} - spoken() - codes(app)) == []


@pytest.mark.parametrize("language", list(AUTONYMS))
def test_consent_and_blank_form_are_there_in_each_language(language: str) -> None:
    words = (consents.TEXTS / consents.VERSION / f"{language}.txt").read_text()
    assert all(mark in words for mark in ("[operator]", "[address]", "[email]"))
    assert len(words.split("\n\n")) >= 7
    assert language in LANGUAGES
    assert blank_document(language)[:2] == b"PK"


def test_texts_of_languages_differ() -> None:
    texts = {(consents.TEXTS / consents.VERSION / f"{code}.txt").read_text() for code in AUTONYMS}
    assert len(texts) == len(AUTONYMS)
