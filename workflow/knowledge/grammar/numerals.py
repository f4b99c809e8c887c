"""Numbers as letters write them: ordinals, anniversaries, sums in words, in Russian and English."""

from workflow.knowledge.grammar.cases import Gender

_UNITS = """
    ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать
    пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
    """.split()  # noqa: SIM905 - words read best as words
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()  # noqa: SIM905
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()  # noqa: SIM905
_SCALES = (
    ("", "", "", Gender.MALE),
    ("тысяча", "тысячи", "тысяч", Gender.FEMALE),
    ("миллион", "миллиона", "миллионов", Gender.MALE),
    ("миллиард", "миллиарда", "миллиардов", Gender.MALE),
)
_EN_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """.split()  # noqa: SIM905 - the same
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_EN_SCALES = ("", "thousand", "million", "billion")
_ORDINALS = {
    "ноль": "нулевой", "один": "первый", "два": "второй", "три": "третий", "четыре": "четвёртый", "пять": "пятый",
    "шесть": "шестой", "семь": "седьмой", "восемь": "восьмой", "девять": "девятый", "десять": "десятый",
    "одиннадцать": "одиннадцатый", "двадцать": "двадцатый", "тридцать": "тридцатый", "сорок": "сороковой",
    "пятьдесят": "пятидесятый", "шестьдесят": "шестидесятый", "семьдесят": "семидесятый",
    "восемьдесят": "восьмидесятый", "девяносто": "девяностый", "сто": "сотый", "двести": "двухсотый",
    "триста": "трёхсотый", "четыреста": "четырёхсотый", "пятьсот": "пятисотый", "шестьсот": "шестисотый",
    "семьсот": "семисотый", "восемьсот": "восьмисотый", "девятьсот": "девятисотый", "тысяча": "тысячный",
}  # fmt: skip
_EN_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
                "twelve": "twelfth"}  # fmt: skip
LIMIT = 10**12
ORDINAL_LIMIT = 1001


def _checked(number: int, limit: int = LIMIT) -> int:
    if not 0 <= number < limit:
        raise ValueError("number")
    return number


def plural_form(number: int, one: str, few: str, many: str) -> str:
    """The Russian form of a noun after a number."""
    tail, tens = abs(number) % 10, abs(number) % 100
    if tail == 1 and tens != 11:
        return one
    return few if 2 <= tail <= 4 and not 12 <= tens <= 14 else many


def _below_thousand(number: int, gender: Gender) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        words.append(_TENS[rest // 10 - 2])
        rest %= 10
    if rest:
        unit = _UNITS[rest]
        words.append({"один": "одна", "два": "две"}.get(unit, unit) if gender is Gender.FEMALE else unit)
    return words


def _russian(number: int, gender: Gender) -> str:
    if number == 0:
        return _UNITS[0]
    words: list[str] = []
    for scale in range(len(_SCALES) - 1, -1, -1):
        group = number // 1000**scale % 1000
        if not group:
            continue
        one, few, many, own = _SCALES[scale]
        if scale and group == 1 and not words:
            words.append(one)
            continue
        words += _below_thousand(group, own if scale else gender)
        if scale:
            words.append(plural_form(group, one, few, many))
    return " ".join(words)


def _english_below(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_EN_UNITS[hundreds]} hundred"] if hundreds else []
    if rest:
        tens = (
            _EN_UNITS[rest]
            if rest < 20
            else _EN_TENS[rest // 10 - 2] + (f"-{_EN_UNITS[rest % 10]}" if rest % 10 else "")
        )
        words.append(f"and {tens}" if hundreds else tens)
    return " ".join(words)


def _english(number: int) -> str:
    if number == 0:
        return _EN_UNITS[0]
    words = [
        f"{_english_below(group)} {_EN_SCALES[scale]}".strip()
        for scale in range(len(_EN_SCALES) - 1, -1, -1)
        if (group := number // 1000**scale % 1000)
    ]
    if len(words) > 1 and 0 < number % 1000 < 100:
        words.insert(-1, "and")
    return " ".join(words)


def in_words(number: int, language: str, gender: Gender = Gender.MALE) -> str:
    """«двадцать одна», "twenty-one"; other languages than Russian and English read English.

    Raises:
        ValueError: below zero, or too large.
    """
    _checked(number)
    return _russian(number, gender) if language == "ru" else _english(number)


def sum_in_words(kopecks: int, language: str) -> str:
    """«тысяча двести рублей 50 копеек», "one thousand two hundred roubles 50 kopecks".

    Raises:
        ValueError: below zero, or too large.
    """
    roubles, small = divmod(_checked(kopecks, LIMIT * 100), 100)
    if language == "ru":
        return (f"{in_words(roubles, 'ru')} {plural_form(roubles, 'рубль', 'рубля', 'рублей')} "
                f"{small:02} {plural_form(small, 'копейка', 'копейки', 'копеек')}")  # fmt: skip
    return (f"{in_words(roubles, 'en')} {'rouble' if roubles == 1 else 'roubles'} "
            f"{small:02} {'kopeck' if small == 1 else 'kopecks'}")  # fmt: skip


def money(kopecks: int, language: str) -> str:
    """«1 200,50 руб.», "1,200.50 roubles"."""
    sign = "-" if kopecks < 0 else ""
    roubles, small = divmod(abs(kopecks), 100)
    if language == "ru":
        return f"{sign}{number_with_spaces(roubles, 'ru')},{small:02}\u00a0руб."
    return f"{sign}{roubles:,}.{small:02}\u00a0roubles"


def number_with_spaces(number: int, language: str) -> str:
    """«1200», «12 500» (a Russian number of four figures is not parted), "12,500"."""
    if language != "ru":
        return f"{number:,}"
    return f"{number:,}".replace(",", "\u00a0") if abs(number) >= 10_000 else str(number)


def _english_suffix(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def ordinal(number: int, language: str, gender: Gender = Gender.MALE) -> str:
    """«10-й», «10-я», "10th"."""
    _checked(number)
    if language == "ru":
        return f"{number}-{'я' if gender is Gender.FEMALE else 'й'}"
    return f"{number}{_english_suffix(number)}"


def ordinal_in_words(number: int, language: str, gender: Gender = Gender.MALE) -> str:
    """«двести девятый», «десятая», "two hundred and ninth".

    Raises:
        ValueError: above one thousand.
    """
    _checked(number, ORDINAL_LIMIT)
    words = in_words(number, language).split(" ")
    last = words[-1]
    if language == "ru":
        stem = _ORDINALS.get(last) or f"{last[:-1]}ый"
        if gender is Gender.FEMALE:
            stem = "третья" if stem == "третий" else f"{stem[:-2]}ая"
        return " ".join([*words[:-1], stem])
    first, dash, tail = last.rpartition("-")
    ordinal_ = _EN_ORDINALS.get(tail) or (f"{tail[:-1]}ieth" if tail.endswith("y") else f"{tail}th")
    return " ".join([*words[:-1], f"{first}{dash}{ordinal_}"])


def anniversary(years: int, language: str) -> str:
    """«209-летие», "209th anniversary"."""
    _checked(years)
    return f"{years}-летие" if language == "ru" else f"{years}{_english_suffix(years)} anniversary"
