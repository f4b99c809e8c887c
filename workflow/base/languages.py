"""Languages of the interface: catalogues read straight from `.po` files, one for each room.

Message ids are English sentences. A catalogue never has to be compiled, so none can be forgotten; all rooms' files of
a language are merged into one `gettext` translation when first needed (about 0.1 s for both languages).
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = ("ru", "en")
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


def N_(message: str) -> str:  # noqa: N802 — gettext's usual name for "mark, do not translate yet"
    """Mark a msgid that stands in a table and is translated when shown."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Give the merged catalogue of *language*; English gives message ids back.

    Where two rooms translate one msgid the first one counts: a test sees to it that they say the same.
    """
    if language == "en" or not (CATALOGUES / language).is_dir():
        return NullTranslations()
    merged: Catalog | None = None
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        if merged is None:
            merged = Catalog(locale=language)
        for message in catalogue:
            if not message.id or message.fuzzy or not message.string:
                continue
            merged.add(message.id, message.string, context=message.context)
    if merged is None:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def choose(language: str, *, ru: str, en: str) -> str:
    """Pick the text in *language* of a pair kept in both; the other one where it is empty."""
    first, second = (ru, en) if language.startswith("ru") else (en, ru)
    return first or second


def twin(text: str, english: str) -> dict[str, str] | str | None:
    """Give papers a text with the English one beside it; where nobody wrote one, the text alone, as it was typed."""
    return {"ru": text, "en": english} if english else text or None
