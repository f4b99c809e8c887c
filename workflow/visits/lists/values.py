"""Reads one cell: dates in every usual order, sex, passports, countries, text. Says what is wrong, never guesses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from workflow.knowledge.countries import find_country
from workflow.knowledge.names import fold, normalise
from workflow.people.models import PassportType, Sex

DAY_FIRST = "day"
MONTH_FIRST = "month"
NUMBER = "number"
FIRST_YEAR, LAST_YEAR = 1900, 2100

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_PICTURE = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3\U000e0000-\U000e007f\ue000-\uf8ff\ufffd]"
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a value: a code and parameters; `grave` ones keep a row from being imported."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = True


def text_fault(text: str, limit: int, *, leftward: bool = False) -> Fault | None:
    """Judge any text: control characters, hidden turns of direction, pictures, length, letters from right to left."""
    if len(text) > limit:
        return Fault("visits.list-too-long", {"limit": limit})
    if text.isascii() and text.isprintable():
        return None
    if _CONTROL.search(text):
        return Fault("visits.list-control-characters")
    if _TURNED.search(text):
        return Fault("visits.list-turned-text")
    if _PICTURE.search(text):
        return Fault("visits.list-pictures")
    if not leftward and _LEFTWARD.search(text):
        return Fault("visits.list-right-to-left")
    return None


_MONTHS = {
    1: "январь января янв january jan ocak oca janvier janv enero ene януари",
    2: "февраль февраля фев февр february feb şubat şub février févr fev febrero февруари",
    3: "март марта мар march mar mart mars marzo",
    4: "апрель апреля апр april apr nisan nis avril avr abril abr април",
    5: "май мая may mayıs mai mayo май",
    6: "июнь июня июн june jun haziran haz juin junio юни",
    7: "июль июля июл july jul temmuz tem juillet juil julio юли",
    8: "август августа авг august aug ağustos ağu août aout agosto ago",
    9: "сентябрь сентября сен сент september sep sept eylül eyl septembre septiembre септември",
    10: "октябрь октября окт october oct ekim eki octobre octubre октомври",
    11: "ноябрь ноября ноя нояб november nov kasım kas novembre noviembre ноември",
    12: "декабрь декабря дек december dec aralık ara décembre déc diciembre dic декември",
}
_MONTH_OF = {fold(name): number for number, names in _MONTHS.items() for name in names.split()}
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ T]\d\d:\d\d(?::\d\d)?(?:\.0+)?)?"
)
_NUMBERS = re.compile(r"(\d{1,2})\s*([-./\s])\s*(\d{1,2})\s*\2\s*(\d{4})(?:\s\d\d:\d\d(?::\d\d)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{2}")
_PACKED = re.compile(r"\d{8}")
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\s?er)?[\s.-]*(?:de\s)?([^\W\d_]+)|([^\W\d_]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?)[\s.,-]*(?:de\s)?(\d{4})"
)
_DAY_NUMBER = re.compile(r"[1-6]\d{4}|7[0-2]\d{3}")
"""A day as spreadsheets count them, from 1927 to 2099."""
_DAY_NONE = date(1899, 12, 30)
_YEAR_WORD = re.compile(r"\s*(г\.?|года|год|y\.?)$", re.IGNORECASE)


@dataclass(frozen=True)
class ReadDate:
    """A date as read: `value`, or the `fault`.

    `evidence` is the order that its numbers alone prove, or "both", or `NUMBER` for a day that a spreadsheet counted.
    """

    value: date | None = None
    fault: Fault | None = None
    evidence: str = ""


@lru_cache(maxsize=16384)
def read_date(text: str, order: str = "", numbers: bool = False) -> ReadDate:
    """Read a date; of 03/04/1975 it says that it is ambiguous unless *order* tells which number is the day.

    With points the day comes first everywhere, so 03.04.1975 is clear. A day that a spreadsheet left as its number is
    asked about too, unless *numbers* says that the column's numbers are days.
    """
    plain = _YEAR_WORD.sub("", normalise(text))
    if found := _YEAR_FIRST.fullmatch(plain):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(plain):
        return _ordered(int(found[1]), int(found[3]), int(found[4]), DAY_FIRST if found[2] == "." else order,
                        asked=found[2] != ".")  # fmt: skip
    if found := _WORDS.fullmatch(plain):
        month = _MONTH_OF.get(fold(found[2] or found[3]))
        if month is not None:
            return _made(int(found[5]), month, int(found[1] or found[4]))
    if _SHORT_YEAR.fullmatch(plain):
        return ReadDate(fault=Fault("visits.list-year-short"))
    if _PACKED.fullmatch(plain):
        if FIRST_YEAR <= int(plain[:4]) <= LAST_YEAR and 1 <= int(plain[4:6]) <= 12:
            return _made(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        return _ordered(int(plain[:2]), int(plain[2:4]), int(plain[4:]), order, asked=True)
    if _DAY_NUMBER.fullmatch(plain):
        counted = _DAY_NONE + timedelta(days=int(plain))
        return ReadDate(counted) if numbers else ReadDate(fault=Fault("visits.list-day-number", {"day": counted}),
                                                          evidence=NUMBER)  # fmt: skip
    return ReadDate(fault=Fault("visits.list-not-a-date"))


def _ordered(first: int, second: int, year: int, order: str, *, asked: bool) -> ReadDate:
    if first > 12 and second > 12:
        return ReadDate(fault=Fault("visits.list-no-such-day", {"day": first, "month": second}))
    if not asked:
        return _made(year, second, first)
    evidence = DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 else "" if first == second else "both"
    if order and evidence in (DAY_FIRST, MONTH_FIRST) and evidence != order:
        code = "visits.list-against-day-first" if order == DAY_FIRST else "visits.list-against-month-first"
        return ReadDate(fault=Fault(code), evidence=evidence)
    if evidence == "both" and not order:
        return ReadDate(fault=Fault("visits.list-date-ambiguous"), evidence=evidence)
    day_first = (order or evidence) != MONTH_FIRST
    made = _made(year, *((second, first) if day_first else (first, second)))
    return ReadDate(made.value, made.fault, evidence)


def _made(year: int, month: int, day: int) -> ReadDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ReadDate(fault=Fault("visits.list-year-unlikely", {"year": year}))
    try:
        return ReadDate(date(year, month, day))
    except ValueError:
        return ReadDate(fault=Fault("visits.list-no-such-day", {"day": day, "month": month}))


def _words(listed: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listed.split(";"))


_SEXES = {
    Sex.MALE: _words(
        "m;male;man;mr;м;муж;мужской;мужчина;e;erkek;bay;男;男性;h;homme;masculin;masc;мъж;hombre;masculino"
    ),
    Sex.FEMALE: _words(
        "f;female;woman;ms;mrs;ж;жен;женский;женщина;k;kadın;bayan;kız;女;女性;femme;féminin;fem;w;жена;mujer;femenino"
    ),
}
_TYPES = {
    PassportType.ORDINARY: _words(
        "ordinary;regular;normal;p;pn;обычный;общегражданский;заграничный;загранпаспорт;umumi;umuma mahsus;"
        "bordo;普通;普通护照;因私;因私普通护照;ordinaire;national"
    ),
    PassportType.SERVICE: _words(
        "service;official;special;s;ps;служебный;hizmet;gri;hususi;yeşil;公务;公务护照;公务普通;公务普通护照;"
        "因公;因公普通护照;de service;special passport;service passport"
    ),
    PassportType.DIPLOMATIC: _words(
        "diplomatic;d;pd;дипломатический;diplomatik;siyah;外交;外交护照;diplomatique"
    ),
    PassportType.INTERNAL: _words(
        "internal;внутренний;паспорт рф;паспорт гражданина рф;общегражданский рф;id card"
    ),
}
_YES = _words(
    "yes;y;да;x;х;v;+;✓;✔;1;true;evet;是;oui;sí;si;глава;глава делегации;руководитель;руководитель делегации;head;"
    "head of delegation;head of the delegation;leader;başkan;heyet başkanı;团长;代表团团长;chef;"
    "chef de délégation;chef de la délégation"
)
_NO = _words(
    "no;n;нет;-;–;—;0;false;hayır;否;non;member;член;участник;член делегации;участник делегации;üye;团员;"
    "成员;membre;delegate"
)
_WIDE = {0xFF01 + at: 0x21 + at for at in range(94)}
"""Figures and letters as wide as a Chinese sign, which keyboards there write."""
_NUMBER = re.compile(r"[A-Z0-9]{5,20}")
_EMAIL = re.compile(r"[^\s@<>,;\"']+@[^\s@<>,;\"']+\.[^\s@<>,;\"'.]{2,}")
_PHONE = re.compile(r"[\d\s()+./,;-]{5,60}")


@lru_cache(maxsize=1024)
def read_sex(text: str) -> Sex | None:
    """Read a sex in one of five languages; None when it is not known."""
    plain = fold(text).strip(" .")
    return next((sex for sex, words in _SEXES.items() if plain in words), None)


@lru_cache(maxsize=1024)
def read_passport_type(text: str) -> PassportType | None:
    """Read a kind of passport; None when it is not known."""
    bare, _, inside = fold(text).partition("(")
    for plain in (fold(text).strip(" ."), bare.strip(" ."), inside.strip(" .)")):
        kind = next((kind for kind, words in _TYPES.items() if plain in words), None)
        if kind is not None:
            return kind
    return None


@lru_cache(maxsize=1024)
def read_yes(text: str) -> bool | None:
    """Read a tick; None when it is neither yes nor no."""
    plain = fold(text).strip(" .")
    return True if plain in _YES else False if plain in _NO or not plain else None


@lru_cache(maxsize=2048)
def read_citizenships(text: str) -> tuple[str, ...] | None:
    """Read one or more countries ("RU / AM"); None when one of them is not known."""
    whole = find_country(text.removesuffix("籍"))
    if whole:
        return (whole,)
    found = [find_country(part) for part in re.split(r"[/,;&+\n]| и | and | ve | et ", text) if part.strip()]
    return tuple(dict.fromkeys(code for code in found if code)) if found and all(found) else None


def read_passport_number(text: str) -> str | Fault:
    """Give a passport's number without blanks and signs, or what is wrong with it."""
    plain = re.sub(r"[\s.№#-]", "", normalise(text).translate(_WIDE)).upper()
    if _NUMBER.fullmatch(plain) and any(letter.isdigit() for letter in plain):
        return plain
    if plain.isalnum() and not plain.isascii():
        return Fault("visits.list-passport-letters")
    return Fault("visits.list-passport-number")


def read_email(text: str) -> str | None:
    """Read one e-mail address; None when it is none."""
    return text if _EMAIL.fullmatch(text) else None


def read_phone(text: str) -> str | None:
    """Read telephone numbers; None when they are none."""
    plain = normalise(text)
    return plain if _PHONE.fullmatch(plain) and sum(letter.isdigit() for letter in plain) >= 5 else None
