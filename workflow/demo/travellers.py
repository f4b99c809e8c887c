"""Invented travellers with specimen passports. Family names mean "specimen" or "example" in their languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.people.models import Person
from workflow.people.service import PassportData, add_passport, register_person


@dataclass(frozen=True)
class Traveller:
    """One invented traveller. `years_left` says how long the passport is still good, from today."""

    country: str
    number: str
    latin: tuple[str, str]
    russian: tuple[str, str]
    sex: str
    born: str
    post_ru: str
    post_en: str
    native: tuple[str, str] = ("", "")
    patronymic: str = ""
    organisation_ru: str = ""
    organisation_en: str = ""
    languages: tuple[str, ...] = ()
    years_left: float = 6.0
    passport_type: str = "ordinary"


_KADIKOY = ("муниципалитет Кадыкёй", "Kadıköy Municipality")
_HEALTH = ("Европейская сеть «Здоровые города»", "European Healthy Cities Network")
_OURS_RU, _OURS_EN = "администрация города Ставрополя", "Administration of the City of Stavropol"

TRAVELLERS: Mapping[str, tuple[Traveller, ...]] = {
    "kadikoy": (
        Traveller("TR", "U00000001", ("ORNEK", "AYLIN"), ("Орнек", "Айлин"), "female", "1974-03-09", "мэр", "Mayor",
                  ("Örnek", "Aylin"), "", *_KADIKOY, ("tr", "en")),
        Traveller("TR", "U00000002", ("DENEME", "DENIZ"), ("Денеме", "Дениз"), "male", "1985-11-21",
                  "начальник отдела внешних связей", "Head of External Relations", ("Deneme", "Deniz"), "", *_KADIKOY,
                  ("tr", "en")),
        Traveller("TR", "U00000003", ("TASLAK", "ELIF"), ("Таслак", "Элиф"), "female", "1990-07-02",
                  "начальник отдела культуры", "Head of Culture", ("Taslak", "Elif"), "", *_KADIKOY, ("tr",)),
        Traveller("TR", "U00000004", ("NUMUNE", "KEREM"), ("Нумуне", "Керем"), "male", "1969-01-30",
                  "руководитель службы спасения", "Head of Emergency Services", ("Numune", "Kerem"), "", *_KADIKOY,
                  ("tr",), years_left=0.09),
    ),
    "experts": (
        Traveller("GB", "000000001", ("SPECIMEN", "HARRIET JANE"), ("Спесимен", "Харриет Джейн"), "female",
                  "1968-05-14", "советник по здравоохранению", "Public Health Adviser",
                  ("Specimen", "Harriet Jane"), "",
                  *_HEALTH, ("en",)),
        Traveller("GR", "AA0000002", ("DEIGMA", "NIKOLAOS"), ("Дигма", "Николаос"), "male", "1979-09-27",
                  "профессор городского планирования", "Professor of Urban Planning", ("Δείγμα", "Νικόλαος"), "",
                  *_HEALTH, ("el", "en")),
    ),
    "grozny": (
        Traveller("RU", "0000000011", ("OBRAZTSOVA", "OLGA"), ("Образцова", "Ольга"), "female", "1977-02-18",
                  "заместитель главы администрации", "Deputy Head of the Administration", patronymic="Николаевна",
                  organisation_ru=_OURS_RU, organisation_en=_OURS_EN, languages=("ru",),
                  passport_type="internal"),
        Traveller("RU", "0000000012", ("PRIMEROV", "IGOR"), ("Примеров", "Игорь"), "male", "1982-12-05",
                  "руководитель комитета культуры", "Head of the Culture Committee", patronymic="Павлович",
                  organisation_ru=_OURS_RU, organisation_en=_OURS_EN, languages=("ru",),
                  passport_type="internal"),
    ),
    "pazardzhik": (
        Traveller("RU", "000000031", ("SHABLONOVA", "ELENA"), ("Шаблонова", "Елена"), "female", "1975-04-22",
                  "заместитель главы администрации", "Deputy Head of the Administration", patronymic="Сергеевна",
                  organisation_ru=_OURS_RU, organisation_en=_OURS_EN, languages=("ru", "en")),
        Traveller("RU", "000000032", ("MAKETOV", "PAVEL"), ("Макетов", "Павел"), "male", "1988-08-19",
                  "директор школы искусств", "Director of the School of Arts", patronymic="Андреевич",
                  organisation_ru="школа искусств города Ставрополя",
                  organisation_en="School of Arts of the City of Stavropol", languages=("ru",)),
    ),
    "elista": (
        Traveller("RU", "0000000041", ("SHABLONOV", "SERGEI"), ("Шаблонов", "Сергей"), "male", "1971-09-30",
                  "заместитель главы администрации", "Deputy Head of the Administration", patronymic="Викторович",
                  organisation_ru=_OURS_RU, organisation_en=_OURS_EN, languages=("ru",),
                  passport_type="internal"),
        Traveller("RU", "0000000042", ("OBRAZTSOVA", "MARIIA"), ("Образцова", "Мария"), "female", "1986-06-17",
                  "главный архитектор города", "Chief Architect of the City", patronymic="Андреевна",
                  organisation_ru=_OURS_RU, organisation_en=_OURS_EN, languages=("ru", "en"),
                  passport_type="internal"),
    ),
    "consul": (
        Traveller("GR", "AA0000003", ("PARADIGMAS", "NIKOLAOS"), ("Парадигмас", "Николаос"), "male", "1966-06-11",
                  "генеральный консул Греции", "Consul General of Greece", ("Παράδειγμας", "Νικόλαος"), "",
                  "Генеральное консульство Греции в Новороссийске", "Consulate General of Greece in Novorossiysk",
                  ("el", "ru"), passport_type="diplomatic"),
    ),
    "simferopol": (
        Traveller("RU", "0000000021", ("MAKETOVA", "TATIANA"), ("Макетова", "Татьяна"), "female", "1980-10-10",
                  "начальник управления", "Head of Department", patronymic="Ивановна",
                  organisation_ru="администрация города Симферополя",
                  organisation_en="Administration of the City of Simferopol", languages=("ru",),
                  passport_type="internal"),
    ),
}  # fmt: skip


def register(session: Session, actor: Actor, now: datetime, one: Traveller) -> Person:
    """Enter a traveller with a passport; an internal one is not asked for a term."""
    person = register_person(session, actor, now, {
        "latin_family": one.latin[0], "latin_given": one.latin[1], "russian_family": one.russian[0],
        "russian_given": one.russian[1], "russian_patronymic": one.patronymic, "native_family": one.native[0],
        "native_given": one.native[1], "sex": one.sex, "citizenships": [one.country], "birth_date": one.born,
        "languages": list(one.languages), "post_ru": one.post_ru, "post_en": one.post_en,
        "organisation_ru": one.organisation_ru, "organisation_en": one.organisation_en,
    })  # fmt: skip
    until = (now + timedelta(days=365 * one.years_left)).date()
    issued: date = until - timedelta(days=3652)
    abroad = one.passport_type != "internal"
    add_passport(session, actor, now, person, PassportData(
        country=one.country, number=one.number, type=one.passport_type, issued_on=issued,
        expires_on=until if abroad else None, latin_family=one.latin[0], latin_given=one.latin[1],
    ))  # fmt: skip
    return person
