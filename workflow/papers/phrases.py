"""How a language writes dates, numbers, lists and small print: the filters of a wording, pure and by language."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from workflow.knowledge.grammar import numerals
from workflow.knowledge.grammar.capitals import begins_with_a_name
from workflow.knowledge.grammar.cases import Gender
from workflow.knowledge.grammar.typography import typeset

NBSP = "\u00a0"

_MONTHS = {
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_WEEKDAYS = {
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
LABELS: dict[str, dict[str, str]] = {
    "ru": {
        "number": "№",
        "on": "от",
        "reply": "На №",
        "and": "и",
        "draft": "ПРОЕКТ",
        "page": "Страница",
        "verify": "Подлинность документа проверяется по адресу",
        "code": "код",
        "year_word": "года",
        "logo": "Герб",
        "qr": "QR-код страницы проверки подлинности",
        "photo": "Фотография",
    },
    "en": {
        "number": "No.",
        "on": "of",
        "reply": "In reply to No.",
        "and": "and",
        "draft": "DRAFT",
        "page": "Page",
        "verify": "This document can be verified at",
        "code": "code",
        "year_word": "",
        "logo": "Coat of arms",
        "qr": "QR code of the verification page",
        "photo": "Photograph",
    },
    "zh": {
        "number": "编号",
        "on": "日期",
        "reply": "回复贵方来函编号",
        "and": "和",
        "draft": "草案",
        "page": "页",
        "verify": "本文件真伪可通过以下网址核验",
        "code": "验证码",
        "year_word": "",
        "logo": "市徽",
        "qr": "核验页面二维码",
        "photo": "照片",
    },
}


def label(language: str, name: str) -> str:
    """A fixed word of the layouts; English stands in for languages without their own."""
    return LABELS.get(language, LABELS["en"])[name]


def as_date(value: object) -> date:
    """A date from a date or from its ISO text, as frozen facts hold it.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, datetime):
        raise ValueError("a date, not a moment")  # noqa: TRY004 - one kind of error for the wording
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _months(language: str) -> tuple[str, ...]:
    return _MONTHS.get(language, _MONTHS["en"])


def long_date(value: object, language: str) -> str:
    """«12 мая 2027 года», "12 May 2027", 2027年5月12日."""
    day = as_date(value)
    if language == "zh":
        return f"{day.year}年{day_month(day, language)}"
    if language == "ru":
        return f"{day.day}{NBSP}{_months(language)[day.month - 1]} {day.year}{NBSP}года"
    return f"{day.day}{NBSP}{_months(language)[day.month - 1]} {day.year}"


def short_date(value: object, language: str) -> str:
    """«12.05.2027», "12 May 2027"."""
    day = as_date(value)
    return f"{day:%d.%m.%Y}" if language == "ru" else long_date(day, language)


def day_month(value: object, language: str) -> str:
    """«12 мая», "12 May", 5月12日."""
    day = as_date(value)
    if language == "zh":
        return f"{day.month}月{day.day}日"
    return f"{day.day}{NBSP}{_months(language)[day.month - 1]}"


def weekday(value: object, language: str) -> str:
    """«среда», "Wednesday"."""
    return _WEEKDAYS.get(language, _WEEKDAYS["en"])[as_date(value).weekday()]


def span(first: object, last: object, language: str) -> str:
    """«12–15 мая 2027 года», "28 May – 2 June 2027"."""
    start, end = as_date(first), as_date(last)
    if start == end:
        return long_date(start, language)
    if language == "zh":
        return _chinese_span(start, end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{long_date(end, language)}"
    if start.year == end.year:
        return f"{day_month(start, language)}{NBSP}– {long_date(end, language)}"
    return f"{long_date(start, language)}{NBSP}– {long_date(end, language)}"


def _chinese_span(start: date, end: date) -> str:
    """2027年5月12日至15日: what both days share is said once."""
    if (start.year, start.month) == (end.year, end.month):
        return f"{long_date(start, 'zh')}至{end.day}日"
    last = day_month(end, "zh") if start.year == end.year else long_date(end, "zh")
    return f"{long_date(start, 'zh')}至{last}"


def from_to(first: object, last: object, language: str) -> str:
    """«с 12 по 15 мая 2027 года», "from 12 to 15 May 2027", 2027年5月12日至15日."""
    start, end = as_date(first), as_date(last)
    if language == "zh":
        return span(start, end, language)
    words = {"ru": ("с", "по"), "en": ("from", "to")}.get(language, ("from", "to"))
    if start == end:
        return long_date(start, language) if language == "ru" else f"on {long_date(start, language)}"
    if (start.year, start.month) == (end.year, end.month):
        head = str(start.day)
    elif start.year == end.year:
        head = day_month(start, language)
    else:
        head = long_date(start, language)
    begins = "со" if language == "ru" and start.day == 2 else words[0]  # «со второго»
    return f"{begins}{NBSP}{head} {words[1]}{NBSP}{long_date(end, language)}"


def plural(number: int, forms: Sequence[str], language: str) -> str:
    """The form of a noun after a number: («человек», «человека», «человек») or ("person", "people")."""
    if language != "ru" or len(forms) < 3:
        return forms[0] if number == 1 else forms[-1]
    return numerals.plural_form(number, forms[0], forms[1], forms[2])


def listing(values: Sequence[str], language: str) -> str:
    """«а, б и в», "a, b and c"."""
    if len(values) < 2:
        return "".join(values)
    if language == "zh":
        return f"{'、'.join(values[:-1])}{label(language, 'and')}{values[-1]}"
    return f"{', '.join(values[:-1])} {label(language, 'and')} {values[-1]}"


def upper_first(text: str) -> str:
    """The text with its first letter raised."""
    return text[:1].upper() + text[1:]


def full_stop(text: str) -> str:
    """The text with a full stop, if it does not end in a stop already."""
    return text if text.rstrip()[-1:] in ".!?…" else f"{text.rstrip()}."


_QUOTES = {"«": "»", "“": "”", '"': '"', "„": "“"}


def quotation(text: str, language: str) -> str:
    """Somebody's words before their name follows: «Мы рады», “We are glad,”; typed quotation marks are not doubled."""
    said = text.strip()
    if len(said) > 1 and _QUOTES.get(said[0]) == said[-1] and said[0] not in said[1:] and said[-1] not in said[1:-1]:
        said = said[1:-1].strip()
    ends = said.endswith(("!", "?", "…", "..."))
    said = said if ends else said.rstrip(".,;")
    if language == "ru":
        return f"«{said}»" if ends else f"«{said}»,"
    return f"“{said}”" if ends else f"“{said},”"


def lower_first(text: str, language: str, names: Collection[str] = ()) -> str:
    """The text with its first letter lowered, unless it begins with an abbreviation, a name or what is made of one."""
    return text if begins_with_a_name(text, language, names) else text[:1].lower() + text[1:]


def _gender(told: str) -> Gender:
    if told not in ("m", "f"):
        raise ValueError("gender")
    return Gender(told)


def ordinal(number: int, language: str, gender: str = "m") -> str:
    """«10-й», «10-я», "10th"."""
    return numerals.ordinal(number, language, _gender(gender))


def ordinal_in_words(number: int, language: str, gender: str = "m") -> str:
    """«двести девятый», "two hundred and ninth"."""
    return numerals.ordinal_in_words(number, language, _gender(gender))


def anniversary(years: int, language: str) -> str:
    """«209-летие», "209th anniversary"."""
    return numerals.anniversary(years, language)


def in_words(number: int, language: str, gender: str = "m") -> str:
    """«двадцать одна», "twenty-one"."""
    return numerals.in_words(number, language, _gender(gender))


def sum_in_words(kopecks: int, language: str) -> str:
    """«тысяча двести рублей 50 копеек», "one thousand two hundred roubles 50 kopecks"."""
    return numerals.sum_in_words(kopecks, language)


def money(kopecks: int, language: str) -> str:
    """«12 500,00 руб.», "12,500.00 roubles"."""
    return numerals.money(kopecks, language)


def typography(text: str, language: str) -> str:
    """Put non-breaking spaces and quotation marks where the language wants them (`knowledge.grammar.typography`)."""
    return typeset(text, language)
