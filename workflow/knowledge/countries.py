"""Countries: our own table of codes, their names, Russian genitives, and what people type in a list.

The keys are the 249 codes of ISO 3166-1 and `XA-ABK` for Abkhazia, which has none. Names come from the
Unicode data that Babel ships.
"""

from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from workflow.knowledge.names import fold

_ISO = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
ABKHAZIA = "XA-ABK"
HOME = "RU"
_CODES = (*_ISO.split(), ABKHAZIA)
_KNOWN = frozenset(_CODES)

_OWN_NAMES = {
    ABKHAZIA: {"ru": "Абхазия", "en": "Abkhazia", "tr": "Abhazya"},
    "HK": {"ru": "Гонконг", "en": "Hong Kong"},
    "US": {"ru": "США"},
    "GB": {"ru": "Великобритания"},
    "CZ": {"ru": "Чехия"},
    "KR": {"ru": "Южная Корея"},
}

_GENITIVE = {
    "RU": "России", "BY": "Беларуси", "KZ": "Казахстана", "AM": "Армении", "AZ": "Азербайджана",
    "GE": "Грузии",
    "KG": "Киргизии", "TJ": "Таджикистана", "UZ": "Узбекистана", "TM": "Туркменистана", "MD": "Молдовы",
    ABKHAZIA: "Абхазии", "BG": "Болгарии", "RS": "Сербии", "TR": "Турции", "CN": "Китая", "IN": "Индии",
    "FR": "Франции", "IT": "Италии", "DE": "Германии", "SI": "Словении", "GR": "Греции",
    "GB": "Великобритании",
    "US": "США", "CL": "Чили", "IL": "Израиля", "IR": "Ирана", "MN": "Монголии", "VN": "Вьетнама",
    "JP": "Японии",
    "ES": "Испании", "PL": "Польши", "CZ": "Чехии", "SK": "Словакии", "HU": "Венгрии", "RO": "Румынии",
    "FI": "Финляндии", "EE": "Эстонии", "LV": "Латвии", "LT": "Литвы", "UA": "Украины",
    "BA": "Боснии и Герцеговины",
    "ME": "Черногории", "MK": "Северной Македонии", "HR": "Хорватии", "EG": "Египта", "CU": "Кубы",
    "CY": "Кипра",
}  # fmt: skip

_ALIASES = {
    "RU": "РФ; Российская Федерация; Russian Federation; Rusya Federasyonu; российское; российская; Russian; Rus; "
    "russe; ruso; rusa; руско; руски",
    "TR": "Turkey; Turkiye Cumhuriyeti; T.C.; TC; Турецкая Республика; турецкое; турецкая; Turkish; Türk; turc; "
    "turque; turco; turca; турско; турски",
    "CN": "КНР; PRC; P.R. China; People's Republic of China; Китайская Народная Республика; китайское; "
    "Chinese; Çin Halk Cumhuriyeti; Çinli; chinois; chinoise; chino; china; китайско; китайски; 中国; 中华人民共和国",
    "GB": "UK; U.K.; Great Britain; England; Scotland; Wales; Англия; Соединённое Королевство; British; "
    "İngiltere; İngiliz; britannique; británico; británica; британское; британско; британски; GBD",
    "US": "USA; U.S.A.; U.S.; United States of America; Соединённые Штаты Америки; America; Америка; American; ABD; "
    "américain; américaine; estadounidense; американское; американско",
    "DE": "D; ФРГ; Federal Republic of Germany; Deutschland; German; немецкое; германское; allemand; allemande; "
    "Alman; alemán; alemana; немски; германско",
    "GR": "Hellas; Hellenic Republic; Греческая Республика; Greek; греческое; grec; grecque; Yunan; griego; griega; "
    "гръцки; гръцко; Ελλάδα",
    "BG": "България; Republic of Bulgaria; Bulgarian; болгарское; bulgare; Bulgar; búlgaro; búlgara; български; "
    "българско",
    "FR": "French; французское; French Republic; français; française; Fransız; francés; francesa; френско; френски",
    "IT": "Italia; Italian; итальянское; Italian Republic; italien; italienne; İtalyan; italiano; italiana; италианско",
    "RS": "Srbija; Србија; Serbian; сербское; serbe; Sırp; serbio; serbia; сръбско; сръбски",
    "SI": "Slovenija; Slovenian; словенское",
    "AM": "Республика Армения; Armenian; армянское",
    "BY": "Белоруссия; Республика Беларусь; Byelorussia; Belarusian; белорусское",
    "KZ": "Республика Казахстан; Kazakh; казахстанское",
    "KG": "Кыргызстан; Киргизия; Кыргызская Республика",
    "MD": "Молдавия; Республика Молдова",
    "AZ": "Азербайджанская Республика; Azerbaijani",
    "GE": "Gürcistan; Georgian",
    "CZ": "Czech Republic; Чешская Республика",
    "KR": "Республика Корея; Republic of Korea; Korea",
    "KP": "КНДР; DPRK",
    "AE": "ОАЭ; UAE; U.A.E.",
    "NL": "Holland; Голландия; The Netherlands",
    "IR": "Islamic Republic of Iran; ИРИ",
    "SY": "Syrian Arab Republic; САР",
    "VN": "Viet Nam; СРВ",
    "MK": "Macedonia; Македония",
    "CL": "Chilean; чилийское; chilien; chilienne; Şilili; chileno; chilena",
    "IN": "Indian; индийское",
    ABKHAZIA: "Республика Абхазия; Republic of Abkhazia; Apsny; Апсны; ABKH",
}


@lru_cache(maxsize=1)
def known_countries() -> tuple[str, ...]:
    """Give all codes of the table, ISO first."""
    return _CODES


def is_known_country(code: str) -> bool:
    """Tell whether the table has this code."""
    return code in _KNOWN


@lru_cache(maxsize=16)
def _territories(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {code: str(territories[code]) for code in _CODES if code in territories}


def country_name(code: str, locale: str) -> str:
    """Give the short name in `ru`, `en` or another language of Babel; an unknown code comes back as it is."""
    language = locale.replace("-", "_").split("_")[0]
    own = _OWN_NAMES.get(code, {})
    if language in own:
        return own[language]
    name = _territories(language).get(code) if code in _KNOWN else None
    return name or own.get("en") or code


def country_genitive(code: str) -> str | None:
    """Give the Russian genitive (Турции) where the table has it; otherwise None, and a person writes it."""
    return _GENITIVE.get(code)


@dataclass(frozen=True, slots=True)
class CountryChoice:
    """One line of a list to choose from."""

    code: str
    name: str


@lru_cache(maxsize=8)
def country_choices(locale: str) -> tuple[CountryChoice, ...]:
    """Give all countries sorted by their names, for a field to choose from."""
    choices = [CountryChoice(code, country_name(code, locale)) for code in _CODES]
    return tuple(sorted(choices, key=lambda choice: fold(choice.name)))


def _key(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    return " ".join(kept.split())


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    index: dict[str, str] = {}
    for alpha3, codes in get_global("territory_aliases").items():
        if len(alpha3) == 3 and alpha3.isalpha() and len(codes) == 1 and codes[0] in _KNOWN:
            index[_key(alpha3)] = codes[0]
    for language in ("zh", "fr", "bg", "es", "de", "tr", "en", "ru"):
        for code, name in _territories(language).items():
            index[_key(name)] = code
    for code, names in _OWN_NAMES.items():
        index.update((_key(name), code) for name in names.values())
    index.update((_key(code), code) for code in _CODES)
    for code, aliases in _ALIASES.items():  # last: "TC" in a list is the Republic of Türkiye, not islands of its code
        index.update((_key(alias), code) for alias in aliases.split(";"))
    return index


def find_country(text: str) -> str | None:
    """Read a typed country or citizenship (Турция, TURKIYE, TUR, tr); None when it is not certain."""
    return _index().get(_key(text)) if len(text) <= 200 else None
