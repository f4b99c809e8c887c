"""Russian case forms of personal names: pytrovich with the rules that it lacks.

Rules: foreign surnames in a consonant inflect for men and never for women; names in -о, -е, -и, -у, -ю, -ы, -э never;
initials, particles and other scripts stay; of a Chinese or Korean name the last part alone inflects (the first is
disputed); before «оглы» and «кызы» nothing does (Д. Э. Розенталь, «Справочник по правописанию», §§ 149, 150; the
weaknesses of pytrovich as measured). Gender is told, or follows from a patronymic; without it nothing is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pytrovich.enums import Case as Theirs
from pytrovich.enums import Gender as TheirGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from workflow.knowledge.grammar.asian_names import is_asian_name
from workflow.knowledge.grammar.cases import Case, Gender, Proposal
from workflow.knowledge.grammar.given_names import is_given_name
from workflow.knowledge.names import normalise, normalise_name

_CASES = {
    Case.GENITIVE: Theirs.GENITIVE,
    Case.DATIVE: Theirs.DATIVE,
    Case.ACCUSATIVE: Theirs.ACCUSATIVE,
    Case.INSTRUMENTAL: Theirs.INSTRUMENTAL,
    Case.PREPOSITIONAL: Theirs.PREPOSITIONAL,
}
_ORDER = tuple(_CASES)
_CYRILLIC = re.compile(r"[А-Яа-яЁё'’.\- ]+")
_INITIAL = re.compile(r"[А-ЯЁ]\.(?:-?[А-ЯЁ]\.)*")
_MALE_PATRONYMIC = re.compile(r".{2,}(?:ович|евич|ьич|мич|ваич|тич|ксич|инич|ич)$")
_USUAL_PATRONYMIC = re.compile(r".{2,}(?:ович|евич|ьич)$")
_FEMALE_PATRONYMIC = re.compile(r".{2,}(?:овна|евна|ична|инична)$")
_SON, _DAUGHTER = frozenset({"оглы", "оглу", "улы", "уулу"}), frozenset({"кызы", "гызы"})
_PARTICLES = frozenset(
    """
    аль ас ад ан ар ат аш эль эс эд эн абу ибн бин бен бинт фон фан ван дер ден цу де ди да дю ду дель делла дос дас
    ла ле лос тер сен сент сан санта мак бонч грум нол дон
    """.split()  # noqa: SIM905 - words read best as words
)
_FROZEN_FIRST = frozenset(
    """
    бонч грум нол сен сент сан санта тер мак кёр кер шах аль ас эль эс ибн абу бен о д л
    """.split()  # noqa: SIM905 - words read best as words
)
_FROZEN_WHOLE = re.compile(r".*-(?:оглы|оглу|кызы|заде)$")
_STILL = re.compile(r".*(?:[оеэиыую]|[иуоаеэ]а)$")
_RUSSIAN_FAMILY = re.compile(
    r".{2,}(?:[оеё]в|[иы]н|[оы]й|кий|[оеё]ва|[иы]на|кая|енко|[иы]х|дзе|швили|янц?|оглу|пулос)$"
)
_FOREIGN_IN_OV = frozenset({"чаплин", "дарвин", "бюлов", "флотов", "вирхов", "франклин", "кронин", "грин", "кельвин"})
_FAMILIES: dict[str, tuple[str, str, str, str, str]] = {
    "рева": ("ревы", "реве", "реву", "ревой", "реве"),
    "соловей": ("соловья", "соловью", "соловья", "соловьём", "соловье"),
    "воробей": ("воробья", "воробью", "воробья", "воробьём", "воробье"),
    "заяц": ("зайца", "зайцу", "зайца", "зайцем", "зайце"),
    "ткач": ("ткача", "ткачу", "ткача", "ткачом", "ткаче"),
    "гойя": ("гойи", "гойе", "гойю", "гойей", "гойе"),
}
_STILL_FAMILIES = frozenset({"золя", "дюма", "петипа", "люка", "фуко"})
_DOUBTED = frozenset({"соловей", "воробей", "заяц", "лев", "орёл", "дуб", "рева"})
_HUSHING = "жшчщц"
_MONOSYLLABLE = re.compile(r"[^аеёиоуыэюя]*[аеёиоуыэюя][^аеёиоуыэюя]*[жшчщц]")


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@dataclass(frozen=True, slots=True)
class _Part:
    word: str
    kind: str
    """given, family, middle or still."""


def patronymic_gender(name: str) -> Gender:
    """The gender that a Russian patronymic, «оглы» or «кызы» in the name states; unknown without one."""
    words = normalise_name(name).lower().split(" ")
    if len(words) < 2:
        return Gender.UNKNOWN
    if _SON.intersection(words):
        return Gender.MALE
    if _DAUGHTER.intersection(words):
        return Gender.FEMALE
    where = _middle(words)
    if where is None:
        return Gender.UNKNOWN
    return Gender.FEMALE if _FEMALE_PATRONYMIC.match(words[where]) else Gender.MALE


def _middle(words: Sequence[str]) -> int | None:
    """Where the patronymic stands; a surname in -ич («Бабич Иван») is none."""
    if len(words) < 3:
        last = words[-1].lower()
        stated = _FEMALE_PATRONYMIC.match(last) or last.endswith(("ович", "евич", "ьич"))
        return 1 if len(words) == 2 and stated else None
    low = [word.lower() for word in words]
    for signs in (_FEMALE_PATRONYMIC, _USUAL_PATRONYMIC, _MALE_PATRONYMIC):
        for where in (2, 1):
            if signs.match(low[where]):
                return where
    return None


def _parts(words: Sequence[str], *, family_first: bool) -> list[_Part]:
    """What each word of a name is."""
    kinds = ["family"] * len(words)
    low = [word.lower() for word in words]
    for at, word in enumerate(words):
        if _INITIAL.fullmatch(word) or (low[at] in _PARTICLES and (word == low[at] or len(word) < 3)):
            kinds[at] = "still"
        if low[at] in _SON | _DAUGHTER:
            kinds[at] = "still"
            if at > 1:
                kinds[at - 1] = "still"
    open_ = [at for at, kind in enumerate(kinds) if kind == "family"]
    where = _middle(words)
    if where is not None and kinds[where] == "family":
        kinds[where] = "middle"
        kinds[where - 1] = "given"
    elif any(_INITIAL.fullmatch(word) for word in words):
        pass
    elif len(open_) > 1:
        given = open_[1:] if family_first else open_[:1]
        for at in given:
            kinds[at] = "given"
    return [_Part(word, kind) for word, kind in zip(words, kinds, strict=True)]


def _theirs(word: str, part: NamePart, gender: Gender, case: Case) -> str:
    whose = TheirGender.MALE if gender is Gender.MALE else TheirGender.FEMALE
    return str(_maker().make(part, whose, _CASES[case], word))


def _spelt(form: str, word: str) -> str:
    """Spelling after hushing and back consonants: «Хадиджи», never «Хадиджы»; «Хадиджей», never «Хадиджой»."""
    if word.endswith("а") and len(word) > 2:
        before = word[-2].lower()
        if before in _HUSHING[:4] + "гкх" and form.endswith("ы"):
            return f"{form[:-1]}и"
        if before in _HUSHING and form.endswith("ой"):
            return f"{form[:-2]}ей"
    return form


def _one(word: str, kind: str, gender: Gender, case: Case) -> Proposal:
    low = word.lower()
    if len(word) < 2:
        return Proposal(word, False)
    if kind == "still" or _FROZEN_WHOLE.match(low):
        return Proposal(word, True)
    if kind == "middle":
        return Proposal(_theirs(word, NamePart.MIDDLENAME, gender, case), True)
    if "-" in word:
        return _double(word, kind, gender, case)
    if _STILL.match(low) or low in _STILL_FAMILIES:
        return Proposal(word, True)
    if kind == "family" and low in _FAMILIES and (gender is Gender.MALE or low.endswith(("а", "я"))):
        form = _FAMILIES[low][_ORDER.index(case)]
        return Proposal(word[0] + form[1:], low not in _DOUBTED)
    return _given(word, gender, case) if kind == "given" else _family(word, gender, case)


def _family(word: str, gender: Gender, case: Case) -> Proposal:
    low = word.lower()
    if low.endswith("ая") and len(low) < 5:
        return Proposal(word[:-1] + ("и", "е", "ю", "ей", "е")[_ORDER.index(case)], False)
    form, sure = _spelt(_theirs(word, NamePart.LASTNAME, gender, case), word), low not in _DOUBTED
    if gender is Gender.MALE and case is Case.INSTRUMENTAL:
        if low in _FOREIGN_IN_OV:
            form = f"{word}ом"
        elif form.endswith("ем") and _MONOSYLLABLE.fullmatch(low):
            form, sure = f"{form[:-2]}ом", False
    return Proposal(form, sure)


def _given(word: str, gender: Gender, case: Case) -> Proposal:
    low = word.lower()
    form = _spelt(_theirs(word, NamePart.FIRSTNAME, gender, case), word)
    if gender is Gender.MALE and low.endswith("ия") and form.endswith("ие"):
        form = f"{form[:-1]}и"
    doubted = gender is Gender.FEMALE and low.endswith("ь") and low not in _FEMALE_SOFT
    return Proposal(form, not doubted)


_FEMALE_SOFT = frozenset({"любовь", "нинель", "рахиль", "эсфирь", "юдифь", "адель"})


def _double(word: str, kind: str, gender: Gender, case: Case) -> Proposal:
    """Double names: both parts of a Russian one, the last of a foreign one."""
    first, _, rest = word.partition("-")
    low = first.lower()
    last = _one(rest, kind, gender, case)
    if low in _FROZEN_FIRST:
        return Proposal(f"{first}-{last.form}", last.sure)
    consonant = low[-1] not in "аеёиоуыэюяьй"
    if kind == "given" and consonant:
        return Proposal(f"{first}-{last.form}", last.sure and low in {"жан", "анн", "пьер", "хуан", "ханс", "карл"})
    if kind == "family" and consonant and not _RUSSIAN_FAMILY.match(low) and gender is Gender.MALE:
        before = _one(first, kind, gender, case)
        return Proposal(f"{before.form}-{last.form}", False)
    before = _one(first, kind, gender, case)
    return Proposal(f"{before.form}-{last.form}", before.sure and last.sure)


def _whole(words: Sequence[str], gender: Gender, case: Case, *, family_first: bool) -> Proposal:
    parts = _parts(words, family_first=family_first)
    if is_asian_name(words):
        return _asian(words, gender, case)
    made = [_one(part.word, part.kind, gender, case) for part in parts]
    sure = all(one.sure for one in made)
    has_middle = any(part.kind == "middle" for part in parts)
    foreign = not has_middle and case is Case.INSTRUMENTAL and gender is Gender.MALE
    if foreign and any(part.kind == "family" and re.match(r".*[иы]н$", part.word.lower()) for part in parts):
        sure = False
    return Proposal(" ".join(one.form for one in made), sure)


def _asian(words: Sequence[str], gender: Gender, case: Case) -> Proposal:
    *first, last = words
    if gender is Gender.FEMALE or last.lower()[-1] in "аеёиоуыэюя":
        return Proposal(" ".join(words), last.lower()[-1] not in "ая")
    made = _one(last, "given", gender, case)
    disputed = any(word[-1].lower() not in "аеёиоуыэюя" for word in first)
    return Proposal(" ".join([*first, made.form]), made.sure and not disputed)


def _family_first(words: Sequence[str]) -> bool | None:
    """Tell the order of a name from its endings; None where they do not tell."""
    if _middle(words) is not None or len(words) < 2:
        return True
    known = [is_given_name(word) for word in (words[0], words[-1])]
    if known[0] != known[1]:
        return known[1]
    looks = [_RUSSIAN_FAMILY.match(word.lower()) is not None for word in (words[0], words[-1])]
    return looks[0] if looks[0] != looks[1] else None


def _with_gender(words: Sequence[str], gender: Gender, case: Case, order: bool | None) -> Proposal:
    if order is None:
        order = _family_first(words)
    if order is not None:
        return _whole(words, gender, case, family_first=order)
    one = _whole(words, gender, case, family_first=False)
    other = _whole(words, gender, case, family_first=True)
    return Proposal(one.form, one.sure and other.sure and one.form == other.form)


@lru_cache(maxsize=4096)
def name_form(name: str, case: Case, gender: Gender = Gender.UNKNOWN, *, family_first: bool | None = None) -> Proposal:
    """Propose the form of a person's name.

    *family_first* tells the order where the writer knows it. An unknown gender that no patronymic states leaves a name
    as it is, unless men and women would write it alike.
    """
    if not any("а" <= sign <= "я" or sign == "ё" for sign in name.lower()):
        return Proposal(name, True)
    given = normalise(name)
    plain = normalise_name(given)
    if case is Case.NOMINATIVE or not given:
        return Proposal(given, True)
    if not _CYRILLIC.fullmatch(plain):
        return Proposal(given, True)
    words = plain.split(" ")
    known = gender if gender is not Gender.UNKNOWN else patronymic_gender(plain)
    if known is Gender.UNKNOWN:
        alike = all(
            _with_gender(words, Gender.MALE, each, family_first).form
            == _with_gender(words, Gender.FEMALE, each, family_first).form
            for each in _ORDER
        )
        made = _with_gender(words, Gender.FEMALE, case, family_first) if alike else Proposal(plain, False)
    else:
        made = _with_gender(words, known, case, family_first)
    return Proposal(made.form.upper(), made.sure) if given != plain and given == given.upper() else made
