"""Forms of address by language and rank: how a letter begins.

Rank is read from the post; gender from the facts or from a patronymic, never guessed: without it the form is neutral.
Ambassadors and consuls general are "Your Excellency" in English; Russian letters address them by rank.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from workflow.knowledge.grammar.asian_names import is_asian_name
from workflow.knowledge.grammar.cases import Gender
from workflow.knowledge.grammar.given_names import is_given_name
from workflow.knowledge.grammar.people import patronymic_gender


class Rank(StrEnum):
    """Posts that have an address of their own."""

    AMBASSADOR = "ambassador"
    CONSUL_GENERAL = "consul-general"
    GOVERNOR = "governor"
    MAYOR = "mayor"
    MINISTER = "minister"
    RECTOR = "rector"
    PLAIN = ""


def _signs(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_DEPUTY = _signs(
    "заместител", "вице-", "vice[- ]", "deputy", "adjoint", "yardımcı", "副", "помощник", "assistant", "советник",
    "former", "бывш", "секретар", "secretary",
)  # fmt: skip
_RANKS = (
    (Rank.AMBASSADOR, _signs(r"\bпосол\b", r"\bambassador\b", r"\bambassad(?:eur|rice)\b", "büyükelçi",
                             "大使(?!馆)")),
    (Rank.CONSUL_GENERAL, _signs("генеральный консул", "генконсул", "consul[- ]general", "consule? général",
                                 "başkonsolos", "总领事(?!馆)")),
    (Rank.GOVERNOR, _signs(r"\bгубернатор\b", r"\bgovernor\b", r"\bgouverneur\b", r"\bvali(?:si)?\b", "省长")),
    (Rank.MINISTER, _signs(r"^министр\b", r"^minister\b", r"^ministre\b", r"\bbakanı?\b", "部长")),
    (Rank.MAYOR, _signs(r"\bмэр\b", "^глава (?:города|муниципал|администрации города)", r"\bmayor\b",
                        r"\bmaire\b", "belediye başkanı", "市长")),
    (Rank.RECTOR, _signs(r"^ректор\b", r"^rector\b", r"^recteur\b", "rektör", "校长")),
)  # fmt: skip


def rank_of(post: str) -> Rank:
    """Read a rank from a post in any of the languages; deputies have none."""
    if not post or _DEPUTY.search(post):
        return Rank.PLAIN
    return next((rank for rank, signs in _RANKS if signs.search(post.strip())), Rank.PLAIN)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a letter addresses: what is known of the person."""

    name: str = ""
    post: str = ""
    gender: Gender = Gender.UNKNOWN
    family: str = ""
    """The family name where somebody knows which part of the name it is."""


_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,4}")
_PINYIN_FAMILIES = frozenset(
    """
    wang li zhang liu chen yang zhao huang zhou wu xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han
    feng deng cao peng zeng xiao tian dong yuan pan yu jiang cai cheng wei shen lu ding yao fan fang su jia xia xi mao
    """.split()  # noqa: SIM905 - words read best as words
)


def _russian_family(words: list[str], name: str) -> str:
    if is_asian_name(words):
        return words[0]
    if patronymic_gender(name) is not Gender.UNKNOWN:
        courteous = _given_and_patronymic(name)
        return name.replace(courteous, "").strip() or name
    given = [is_given_name(words[0]), is_given_name(words[-1])]
    if len(words) == 2 and given[0] != given[1]:
        return words[1] if given[0] else words[0]
    return name


def family_name(name: str, language: str) -> str:
    """The family name where the writing tells it, or the whole name."""
    words = name.split(" ")
    if language == "ru":
        initials = [word for word in words if re.fullmatch(r"(?:[А-ЯЁ]\.-?)+", word)]
        if initials and len(words) > len(initials):
            return " ".join(word for word in words if word not in initials)
        return _russian_family(words, name)
    if language == "zh" or len(words) == 1:
        return name
    return words[0] if words[0].lower() in _PINYIN_FAMILIES else words[-1]


def _given_and_patronymic(name: str) -> str:
    """«Иван Петрович» of «Иванов Иван Петрович» or of «Иван Петрович Иванов»."""
    words = name.split(" ")
    if len(words) != 3 or patronymic_gender(name) is Gender.UNKNOWN or {"оглы", "кызы"} & set(words):
        return ""
    return " ".join(words[1:]) if re.search(r"(?:ич|на)$", words[2]) and not re.search(
        r"(?:ович|евич|овна|евна)$", words[1]) else " ".join(words[:2])  # fmt: skip


_RU_RANKS = {
    Rank.AMBASSADOR: "Посол",
    Rank.CONSUL_GENERAL: "Генеральный консул",
    Rank.GOVERNOR: "Губернатор",
    Rank.MINISTER: "Министр",
    Rank.MAYOR: "Мэр",
    Rank.RECTOR: "Ректор",
}
_NEUTRAL = {
    "ru": "Уважаемые коллеги!",
    "en": "Dear Sir or Madam,",
    "fr": "Madame, Monsieur,",
    "tr": "Sayın Yetkili,",
    "zh": "尊敬的先生/女士：",
}


def _russian(who: Addressed) -> str:
    gender = who.gender or patronymic_gender(who.name)
    courteous = _given_and_patronymic(who.name)
    if gender is Gender.UNKNOWN:
        return _NEUTRAL["ru"]
    adjective, title = ("Уважаемая", "госпожа") if gender is Gender.FEMALE else ("Уважаемый", "господин")
    rank = rank_of(who.post)
    if rank in (Rank.AMBASSADOR, Rank.CONSUL_GENERAL):
        return f"{adjective} {title} {_RU_RANKS[rank]}!"
    if courteous:
        return f"{adjective} {courteous}!"
    if who.name or who.family:
        return f"{adjective} {title} {who.family or family_name(who.name, 'ru')}!"
    return f"{adjective} {title} {_RU_RANKS[rank]}!" if rank else _NEUTRAL["ru"]


_EN_RANKS = {Rank.GOVERNOR: "Governor", Rank.MINISTER: "Minister", Rank.MAYOR: "Mayor", Rank.RECTOR: "Rector"}


def _english(who: Addressed) -> str:
    rank, family = rank_of(who.post), who.family or (family_name(who.name, "en") if who.name else "")
    if rank in (Rank.AMBASSADOR, Rank.CONSUL_GENERAL):
        return "Your Excellency,"
    if rank and rank in _EN_RANKS and family:
        return f"Dear {_EN_RANKS[rank]} {family},"
    if family and who.gender:
        return f"Dear {'Ms' if who.gender is Gender.FEMALE else 'Mr'} {family},"
    return f"Dear {_EN_RANKS[rank]}," if rank in _EN_RANKS else _NEUTRAL["en"]


_FR_RANKS = {
    Rank.AMBASSADOR: ("l’Ambassadeur", "l’Ambassadrice"),
    Rank.CONSUL_GENERAL: ("le Consul général", "la Consule générale"),
    Rank.GOVERNOR: ("le Gouverneur", "la Gouverneure"),
    Rank.MINISTER: ("le Ministre", "la Ministre"),
    Rank.MAYOR: ("le Maire", "la Maire"),
    Rank.RECTOR: ("le Recteur", "la Rectrice"),
}


def _french(who: Addressed) -> str:
    if who.gender is Gender.UNKNOWN:
        return _NEUTRAL["fr"]
    woman = who.gender is Gender.FEMALE
    title = "Madame" if woman else "Monsieur"
    ranks = _FR_RANKS.get(rank_of(who.post))
    return f"{title} {ranks[woman]}," if ranks else f"{title},"


_TR_RANKS = {
    Rank.AMBASSADOR: "Sayın Büyükelçi,",
    Rank.CONSUL_GENERAL: "Sayın Başkonsolos,",
    Rank.GOVERNOR: "Sayın Vali,",
    Rank.MINISTER: "Sayın Bakan,",
    Rank.MAYOR: "Sayın Başkan,",
    Rank.RECTOR: "Sayın Rektör,",
}


def _turkish(who: Addressed) -> str:
    rank = rank_of(who.post)
    return _TR_RANKS[rank] if rank else f"Sayın {who.name}," if who.name else _NEUTRAL["tr"]


_ZH_RANKS = {
    Rank.AMBASSADOR: "大使",
    Rank.CONSUL_GENERAL: "总领事",
    Rank.GOVERNOR: "省长",
    Rank.MINISTER: "部长",
    Rank.MAYOR: "市长",
    Rank.RECTOR: "校长",
}


def _chinese(who: Addressed) -> str:
    name = who.name if _CHINESE.fullmatch(who.name) else ""
    rank = _ZH_RANKS.get(rank_of(who.post), "")
    courtesy = {Gender.MALE: "先生", Gender.FEMALE: "女士"}.get(who.gender, "")
    if rank:
        return f"尊敬的{name}{rank}{courtesy}："
    return f"尊敬的{name}{courtesy}：" if name and courtesy else _NEUTRAL["zh"]


_WAYS = {"ru": _russian, "en": _english, "fr": _french, "tr": _turkish, "zh": _chinese}


REVIEWED = frozenset({"ru", "en"})
"""Languages whose forms of address somebody who speaks them has read; the others are used, but marked to authors."""
UNREVIEWED = frozenset(_WAYS) - REVIEWED


def salutation(who: Addressed, language: str) -> str:
    """How a letter to this person begins; languages without a form of their own read English."""
    return _WAYS.get(language, _english)(who)
