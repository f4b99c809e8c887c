"""How a language sets its text: non-breaking spaces and quotation marks.

One pass over what is laid out, for all formats alike; twice is the same as once. Web and mail addresses and codes are
left as they are. Rules: Milchin and Cheltsova, «Справочник издателя и автора» (short words, initials, № and units are
not parted from what they belong to; «ёлочки» outside, „лапки“ inside); English curly quotes.
"""

import re
from functools import lru_cache

NBSP = "\u00a0"
REMEMBERED = 2000
"""Texts up to this length are remembered once they are set."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_CODE = re.compile(r"\b[A-Z0-9]{3,}(?:-[A-Z0-9]+)+\b")
_DIGIT = re.compile("[0-9]")
_FIRST_HOLE = 0xE000
_HOLE = re.compile("[\ue000-\uf8ff]")
# Patterns begin with the space that they replace and look back from it: so most of a text is passed over at once.
_SHORT_WORDS = re.compile(
    r" (?=\S)(?:(?<=(?<![\w-])[АаВвИиКкОоСсУуЯя] )"
    r"|(?<=(?<![\w-])(?:на|об|от|до|по|из|за|не|ни|со|во|ко|На|Об|От|До|По|Из|За) ))"
)
_NUMBER_SIGN = re.compile(
    r" (?=\S)(?:(?<=№ )|(?<=(?<!\w)(?:д\.|Mr|Ms|Dr) )|(?<=(?<!\w)(?<!\d[ \u00a0])г\. )"
    r"|(?<=(?<!\w)(?:No\.|ул\.|пр\.|пл\.|кв\.|Mrs) )|(?<=(?<!\w)(?:стр\.|тел\.) )|(?<=(?<!\w)корп\. ))"
)
_BARE_SIGN = re.compile(r"№(?=\d)")
_ANNEX = re.compile(
    r"(приложени[еюя]|Приложени[еюя]|Annex|пункт[ае]?|гимназия|школа|зал[ае]?|[Кк]абинет[ае]?|[Hh]all|[Rr]oom) (?=№?\d)"
)
_UNIT = re.compile(
    r" (?<=\d )(?=(?:год|года|году|г\.|гг\.|в\.|ч\.|мин\.|час|часа|часов|руб\.|рублей|рубля|рубль|коп\.|копеек|чел\.|"
    r"человек|человека|мест|места|место|минут|минуты|дней|дня|день|номеров|номера|номер|раз|раза|экз\.|л\.|км|кг|м|%|тыс\.|млн)(?:\W|$))"
)
_PHONE = re.compile(r"\+\d{1,3}[\d ()\u00a0-]{6,20}\d")
_INITIAL = re.compile(r"[A-ZА-ЯЁ]\.")
_INITIALS = re.compile(r"(?<![\w.])([A-ZА-ЯЁ]\.) ?([A-ZА-ЯЁ]\.)? (?=[A-ZА-ЯЁ])")
_AFTER_SURNAME = re.compile(r" (?<=[а-яё] )(?=[А-ЯЁ]\.[ \u00a0]?[А-ЯЁ]\.)")
_PAIRS = {
    "ru": ("«", "»", "„", "“"),
    "en": ("“", "”", "‘", "’"),
    "fr": ("«\u00a0", "\u00a0»", "“", "”"),
    "de": ("„", "“", "‚", "‘"),
    "bg": ("„", "“", "«", "»"),
}
_ANY_QUOTE = re.compile('["«»„“”‘’‚]')
_BEFORE_OPENING = '([{«„“‘—–-/"'
_ALIKE = {"tr": "en", "zh": "en", "be": "ru", "hy": "ru", "sr": "bg"}


def _quotes(text: str, language: str) -> str:
    """Straight quotes as the language has them, by the signs beside them, inner ones inside."""
    pair = _PAIRS.get(_ALIKE.get(language, language))
    if pair is None or '"' not in text:
        return text
    opening, closing = (pair[0].strip(), pair[2]), (pair[1].strip(), pair[3])
    depth = 0

    def turn(found: re.Match[str]) -> str:
        nonlocal depth
        sign, at = found[0], found.start()
        if sign != '"':
            depth = depth + 1 if sign in opening else max(depth - 1, 0) if sign in closing else depth
            return sign
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        opens = (not before or before.isspace() or before in _BEFORE_OPENING) and bool(after) and not after.isspace()
        if before == '"' and depth and not (after.isalnum() or after == '"'):
            opens = False
        if opens:
            depth += 1
            return pair[0] if depth == 1 else pair[2]
        depth = max(depth - 1, 0)
        return pair[1] if depth == 0 else pair[3]

    return _ANY_QUOTE.sub(turn, text)


def _apostrophes(text: str) -> str:
    if "'" not in text:
        return text
    return re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z])", "’", text)


def typeset(text: str, language: str) -> str:
    """Put non-breaking spaces and quotation marks where the language wants them."""
    return _remembered(text, language) if len(text) <= REMEMBERED else _typeset(text, language)


@lru_cache(maxsize=1024)
def _remembered(text: str, language: str) -> str:
    """Letters of one batch share most of their paragraphs."""
    return _typeset(text, language)


def _bind(text: str) -> str:
    """Keep numbers, signs and initials with what they belong to; each rule is tried only where it could apply."""
    if "№" in text:
        text = _BARE_SIGN.sub(f"№{NBSP}", text)
    text = _NUMBER_SIGN.sub(NBSP, text)
    if _DIGIT.search(text):
        text = _ANNEX.sub(lambda found: found[1] + NBSP, text)
    if _INITIAL.search(text):
        text = _INITIALS.sub(lambda found: NBSP.join(part for part in found.groups() if part) + NBSP, text)
    return text


def _bind_russian(text: str) -> str:
    """Keep units, initials and dashes with what stands before them, short words with what follows."""
    if _DIGIT.search(text):
        text = _UNIT.sub(NBSP, text)
    text = _SHORT_WORDS.sub(NBSP, text)
    if _INITIAL.search(text):
        text = _AFTER_SURNAME.sub(NBSP, text)
    return text.replace(" – ", f"{NBSP}– ").replace(" — ", f"{NBSP}— ")


def _typeset(text: str, language: str) -> str:
    if _HOLE.search(text):
        return text
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        if len(kept) > 6000:
            return found[0]
        kept.append(found[0])
        return chr(_FIRST_HOLE + len(kept) - 1)

    if "@" in text or "://" in text or "www." in text:
        text = _ADDRESS.sub(hide, text)
    if "+" in text:  # before the codes: «000-00-00» of a telephone reads as one
        text = _PHONE.sub(lambda found: found[0].replace(" ", NBSP), text)
    if "-" in text:
        text = _CODE.sub(hide, text)
    text = _quotes(text, language)
    text = _bind(text)
    if language == "ru":
        text = _bind_russian(text)
    elif language == "en":
        text = _apostrophes(text)
    return _HOLE.sub(lambda found: kept[ord(found[0]) - _FIRST_HOLE], text) if kept else text
