"""Russian case forms of cities and countries.

The partner cities' forms are kept in a table: dictionaries miss half of them. A foreign name after «город» stays as it
is (Розенталь, § 197); a name nobody knows stays as it is and is doubtful.
"""

import re
from functools import lru_cache

from workflow.knowledge.grammar.cases import OBLIQUE, Case, Proposal
from workflow.knowledge.grammar.dictionary import CASES, as_written, is_known, readings
from workflow.knowledge.grammar.nouns import phrase_form
from workflow.knowledge.names import normalise

_HARD = ("{0}а", "{0}у", "{0}", "{0}ом", "{0}е")
_SOFT_Y = ("{0}я", "{0}ю", "{0}й", "{0}ем", "{0}е")
_STILL = ("{0}",) * 5
_HARD_NAMES = """
    Магас Нальчик Черкесск Сухум Пазарджик Ереван Чжэньцзян Де-Мойн Стамбул Пекин Белград Бургас Лион Нант Милан Турин
    Измир Мадрид
    """.split()  # noqa: SIM905 - words read best as words
_STILL_NAMES = """
    Безье Чанчжоу Темуко Хэйхэ Сочи Осло Токио Гуанчжоу Баку Тбилиси Батуми Ханчжоу Сучжоу Лас-Пальмас
    Джульяно-ин-Кампания Бордо Монпелье Чикаго Торонто
    """.split()  # noqa: SIM905 - the same
_TABLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_HARD_NAMES, _HARD),
    **dict.fromkeys(_STILL_NAMES, _STILL),
    "Любляна": ("Любляны", "Любляне", "Любляну", "Любляной", "Любляне"),
    "Кадыкё": _SOFT_Y,
    "Шанха": _SOFT_Y,
    "Ростов-на-Дону": ("Ростова-на-Дону", "Ростову-на-Дону", "Ростов-на-Дону", "Ростовом-на-Дону", "Ростове-на-Дону"),
    "Грозный": ("Грозного", "Грозному", "Грозный", "Грозным", "Грозном"),
    "Патры": ("Патр", "Патрам", "Патры", "Патрами", "Патрах"),
    "Ставрополь": ("Ставрополя", "Ставрополю", "Ставрополь", "Ставрополем", "Ставрополе"),
    "Минеральные Воды": ("Минеральных Вод", "Минеральным Водам", "Минеральные Воды", "Минеральными Водами",
                         "Минеральных Водах"),
    "Абхазия": ("Абхазии", "Абхазии", "Абхазию", "Абхазией", "Абхазии"),
}  # fmt: skip
_FORMS: dict[str, dict[Case, str]] = {
    (f"{name}й" if pattern is _SOFT_Y else name): dict(
        zip(OBLIQUE, (form.format(name) for form in pattern), strict=True)
    )
    for name, pattern in _TABLE.items()
}
_GENERIC = re.compile(
    r"(город-герой|город|г\.|посёлок|село|станица|деревня|муниципалитет|республика)\s+(.+)", re.IGNORECASE
)
_TOWN_WITH_ADJECTIVE = re.compile(r"([А-ЯЁ][а-яё]+)-([А-ЯЁ][а-яё]+ск)ий")
_ADJECTIVE = ("ого", "ому", "ий", "им", "ом")
_SOFT_END = re.compile(r"[аэёу]й$")
_BRACKET = re.compile(r"^([^(]+?)(\s*\(.*)$")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def _dictionary_form(word: str, case: Case) -> Proposal | None:
    named = [
        one for one in readings(word.lower())
        if one.tag.POS == "NOUN" and "Geox" in one.tag and one.tag.case == "nomn"
    ]  # fmt: skip
    if not named or not is_known(word.lower()):
        return None
    if "Fixd" in named[0].tag:
        return Proposal(word, True)
    made = named[0].inflect(frozenset({CASES[case]}))
    return Proposal(as_written(made.word, word, named[0].word), True) if made else None


def _simple(name: str, case: Case) -> Proposal:
    if name in _FORMS:
        return Proposal(_FORMS[name][case], True)
    if " " not in name:
        found = _dictionary_form(name, case)
        if found is not None:
            return found
        return _by_ending(name, case)
    return phrase_form(name, case)


def _by_ending(name: str, case: Case) -> Proposal:
    """The form of a name that no dictionary has: by its last letter, and doubtful."""
    last = name[-1:].lower()
    if last in "оеиуюыэё" or name == name.upper():
        return Proposal(name, True)
    at = OBLIQUE.index(case)
    if last == "а" and name[-2:-1].lower() not in "аеёиоуыэюя":
        soft = "и" if name[-2].lower() in "гкхжшчщ" else "ы"
        return Proposal(name[:-1] + (soft, "е", "у", "ой", "е")[at], False)
    if last in "бвгдзклмнпрстфх":
        return Proposal(_HARD[at].format(name), False)
    if found := _TOWN_WITH_ADJECTIVE.fullmatch(name):
        return Proposal(f"{_simple(found[1], case).form}-{found[2]}{_ADJECTIVE[at]}", False)
    if _SOFT_END.search(name):
        return Proposal(_SOFT_Y[at].format(name[:-1]), False)
    return Proposal(name, False)


def _home(name: str) -> bool:
    """Whether a name after «город» changes: Russian ones do."""
    return name in {"Ставрополь", "Грозный", "Минеральные Воды", "Ростов-на-Дону"} or (
        name not in _FORMS and any("Geox" in one.tag for one in readings(name.lower())) and is_known(name.lower())
    )


def _one(text: str, case: Case) -> Proposal:
    if found := _BRACKET.match(text):
        inner = _one(found[1], case)
        return Proposal(f"{inner.form}{found[2]}", inner.sure)
    if found := _GENERIC.fullmatch(text):
        word, name = found[1], found[2]
        head = Proposal(word, True) if word.endswith(".") else phrase_form(word, case)
        tail = _simple(name, case) if word.lower() != "республика" and _home(name) else Proposal(name, True)
        return Proposal(f"{head.form} {tail.form}", head.sure and tail.sure)
    return _simple(text, case)


@lru_cache(maxsize=1024)
def place_form(text: str, case: Case) -> Proposal:
    """Propose the form of a city, a country, or both with a comma between: «Ереван, Армения»."""
    given = normalise(text)
    if case is Case.NOMINATIVE or not _CYRILLIC.search(given):
        return Proposal(given, True)
    made = [_one(piece, case) for piece in given.split(", ")]
    return Proposal(", ".join(one.form for one in made), all(one.sure for one in made))
