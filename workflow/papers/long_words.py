"""Where a word that is longer than its line may break: an address of the web, a chemical name, a German compound.

Typst lets such a word run off the page. Word and browsers break it by themselves, so only the PDF needs this. Nothing
is added to the text: what is copied from the paper is the word as it was typed.
"""

import re
from functools import cache

BREAK = ["", "w"]
"""A run that prints nothing and lets the line break."""
Runs = list[list[str]]

_WIDEST = 1.08
_WIDTHS = {
    **dict.fromkeys(".,:;'’|!ijl()[]/-I\u00a0", 0.33), **dict.fromkeys('frst"', 0.44),
    **dict.fromkeys("жшщюфмыdmwЖШЩЮФМЫMW@%&", 0.86),
}  # fmt: skip
_LETTER, _CAPITAL = 0.57, 0.72
_PLACES = re.compile(r"(?<=[/?&=_:;,@+\u00a0])(?=[^/])|(?<=[.])(?=\w)|(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
"""Where a break disturbs least: after the signs of an address, between words that are tied or run together."""
_BIT = 4


@cache
def _long(signs: int) -> re.Pattern[str]:
    """Words of so many signs: after a hyphen, a dash or a Chinese sign a line breaks anyway."""
    return re.compile(rf"[^ \n\t\-\u2012-\u2014\u2e80-\uffff]{{{signs},}}")


def width(text: str) -> float:
    """About how wide a text is, in units of its size."""
    return sum(_WIDTHS.get(sign) or (_CAPITAL if sign.isupper() else _LETTER) for sign in text)


def _bits(word: str, room: float) -> list[str]:
    found: list[str] = []
    for part in _PLACES.split(word):
        if width(part) <= room:
            found.append(part)
        else:
            found += (part[at : at + _BIT] for at in range(0, len(part), _BIT))
    return [bit for bit in found if bit]


def parts(text: str, room: float) -> tuple[str, ...]:
    """The text in parts between which a line may break, where a word is wider than *room*; else the text alone."""
    found, done = [""], 0
    for word in _long(int(room / _WIDEST)).finditer(text):
        if width(word[0]) > room:
            first, *others = _bits(word[0], room)
            found[-1] += text[done : word.start()] + first
            found += others
            done = word.end()
    found[-1] += text[done:]
    return tuple(found)


def breakable(runs: Runs, room: float) -> Runs:
    """The runs with breaks where a word is wider than *room*, in units of the text's size; else the same runs."""
    signs = int(room / _WIDEST)
    if all(len(text) < signs or max(map(len, text.split(" "))) < signs for text, _ in runs):
        return runs
    found: Runs = []
    for text, style in runs:
        for number, part in enumerate(parts(text, room)):
            if number:
                found.append(BREAK)
            found.append([part, style])
    return found
