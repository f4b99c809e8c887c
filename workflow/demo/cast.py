"""Invented people of the demo's department, its office, and what is invented about a few partners.

Nobody here exists. Addresses end in .example, telephone numbers in zeros.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.service import create_account
from workflow.base.actor import SYSTEM, Actor, Role, person
from workflow.office.bodies import add_body
from workflow.office.numbers import change_series, set_next_number
from workflow.office.queries import series
from workflow.office.service import add_signatory, set_up_office
from workflow.partners.models import Partner
from workflow.partners.service import add_contact, change_partner
from workflow.translations.service import set_pairs

PASSWORD = "demo-delegations"  # noqa: S105 — printed by `make run` for everybody to use


@dataclass(frozen=True)
class Player:
    """One invented colleague."""

    key: str
    role: Role
    name_ru: str
    name_en: str
    post_ru: str
    post_en: str
    locale: str = "ru"
    also: frozenset[Role] = frozenset()

    @property
    def email(self) -> str:
        """The address that this player signs in with."""
        return f"{self.key}@demo.example"


STAFF = (
    Player("manager", Role.MANAGER, "Соколова Елена Викторовна", "Elena Sokolova",
           "начальник отдела международных и межрегиональных связей", "Head of International Relations"),
    Player("coordinator", Role.COORDINATOR, "Морозова Анна Игоревна", "Anna Morozova",
           "консультант отдела международных и межрегиональных связей", "International Relations Officer"),
    Player("coordinator2", Role.COORDINATOR, "Гречко Павел Андреевич", "Pavel Grechko",
           "главный специалист отдела международных и межрегиональных связей", "International Relations Officer", "en",
           frozenset({Role.RULES_KEEPER})),
    Player("translator", Role.TRANSLATOR, "Лисицына Марина Сергеевна", "Marina Lisitsyna", "переводчик", "Translator"),
    Player("translator2", Role.TRANSLATOR, "Агаев Тимур Рустамович", "Timur Agaev", "переводчик", "Translator"),
    Player("admin", Role.ADMINISTRATOR, "Воронцов Дмитрий Олегович", "Dmitrii Vorontsov", "системный администратор",
           "Systems Administrator"),
    Player("keeper", Role.RULES_KEEPER, "Юрьева Вера Максимовна", "Vera Iureva", "юрисконсульт", "Legal Adviser"),
)  # fmt: skip

OFFICE: Mapping[str, str] = {
    "name_ru": "администрация города Ставрополя", "name_en": "Administration of the City of Stavropol",
    "department_ru": "отдел международных и межрегиональных связей",
    "department_en": "International and Interregional Relations Department",
    "city_ru": "Ставрополь", "city_en": "Stavropol", "city_in_ru": "в городе Ставрополе", "city_in_en": "in Stavropol",
    "address_ru": "355000, г. Ставрополь, ул. Примерная, д. 1",
    "address_en": "1 Primernaya Street, Stavropol 355000, Russia",
    "letterhead_ru": "АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ\nОтдел международных и межрегиональных связей",
    "letterhead_en": "ADMINISTRATION OF THE CITY OF STAVROPOL\nInternational and Interregional Relations Department",
    "phone": "+7 (8652) 00-00-00", "email": "international@demo.example", "website": "https://demo.example",
    "country": "RU", "zone": "Europe/Moscow", "pack_key": "ru-municipal",
}  # fmt: skip

PARTNERS: Mapping[str, Mapping[str, Any]] = {
    "kadikoy": {
        "name_ru": "муниципалитет Кадыкёй", "name_en": "Kadıköy Municipality", "name_own": "Kadıköy Belediyesi",
        "city_ru": "Стамбул", "city_en": "Istanbul", "city_own": "İstanbul",
        "languages": ["tr", "en"], "head_name_ru": "Айлин Орнек", "head_name_en": "Aylin Örnek",
        "head_name_own": "Aylin Örnek", "head_post_ru": "мэр Кадыкёя", "head_post_en": "Mayor of Kadıköy",
        "head_post_own": "Kadıköy Belediye Başkanı", "head_gender": "f",
        "addressee_ru": "Мэру Кадыкёя\nгоспоже Айлин Орнек", "addressee_en": "Ms Aylin Örnek\nMayor of Kadıköy",
        "addressee_own": "Sayın Aylin Örnek\nKadıköy Belediye Başkanı",
        "salutation_ru": "Уважаемая госпожа Орнек!", "salutation_en": "Dear Mayor Örnek,",
        "salutation_own": "Sayın Başkan,", "email": "protocol@kadikoy.example", "phone": "+90 216 000 0000",
    },
    "zhenjiang": {
        "name_own": "镇江市人民政府", "city_own": "镇江", "languages": ["zh", "en"], "head_name_ru": "Ван Шили",
        "head_name_en": "Wang Shili", "head_name_own": "王示例", "head_post_ru": "мэр города Чжэньцзян",
        "head_post_en": "Mayor of Zhenjiang", "head_post_own": "镇江市市长", "head_gender": "m",
        "addressee_ru": "Мэру города Чжэньцзян\nгосподину Ван Шили",
        "addressee_en": "Mr Wang Shili\nMayor of Zhenjiang", "addressee_own": "镇江市市长\n王示例先生",
        "salutation_ru": "Уважаемый господин Мэр!", "salutation_en": "Dear Mr Mayor,",
        "salutation_own": "尊敬的市长先生：",
        "email": "fao@zhenjiang.example", "phone": "+86 511 0000 0000",
    },
    "grozny": {
        "head_name_ru": "Образцов Ахмед Русланович", "head_name_en": "Akhmed Obraztsov",
        "head_post_ru": "мэр города Грозного", "head_post_en": "Mayor of Grozny", "head_gender": "m",
        "addressee_ru": "Мэру города Грозного\nА. Р. Образцову", "salutation_ru": "Уважаемый Ахмед Русланович!",
        "salutation_en": "Dear Mr Obraztsov,", "email": "meria@grozny.example",
    },
    "consulate-gr-novorossiysk": {
        "city_ru": "Новороссийск", "city_en": "Novorossiysk", "head_name_ru": "Николаос Парадигмас",
        "head_name_en": "Nikolaos Paradigmas", "head_post_ru": "генеральный консул Греции в Новороссийске",
        "head_post_en": "Consul General of Greece in Novorossiysk", "head_gender": "m",
        "addressee_ru": "Генеральному консулу Греции\nв Новороссийске\nгосподину Николаосу Парадигмасу",
        "addressee_en": "Mr Nikolaos Paradigmas\nConsul General of Greece\nin Novorossiysk",
        "salutation_ru": "Уважаемый господин Генеральный консул!", "salutation_en": "Dear Consul General,",
        "email": "consulate@gr-novorossiysk.example",
    },
    "who-healthy-cities": {"languages": ["en"], "email": "network@healthycities.example"},
}  # fmt: skip

CONTACTS: Mapping[str, Mapping[str, str]] = {
    "kadikoy": {"name": "Deniz Deneme", "post": "Dış ilişkiler sorumlusu", "language": "tr",
                "email": "deniz.deneme@kadikoy.example", "phone": "+90 216 000 0001"},
    "zhenjiang": {"name": "Li Ceshi (李测试)", "post": "外事办公室", "language": "en",
                  "email": "li.ceshi@zhenjiang.example", "phone": "+86 511 0000 0001"},
}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """The staff as actors, by key."""

    actors: Mapping[str, Actor]

    def __getitem__(self, key: str) -> Actor:
        return self.actors[key]

    def id_of(self, key: str) -> int:
        """Give the account's key in the table."""
        return self.actors[key].account_id or 0


def hire(session: Session, now: datetime) -> Cast:
    """Make the accounts; everybody's password is `PASSWORD`."""
    actors = {}
    for player in STAFF:
        account = create_account(
            session, SYSTEM, now, email=player.email, name_ru=player.name_ru, name_en=player.name_en,
            roles={player.role, *player.also}, password=PASSWORD, post_ru=player.post_ru, post_en=player.post_en,
            phone="+7 (8652) 00-00-00", locale=player.locale,
        )  # fmt: skip
        actors[player.key] = person(account.id, account.name_ru, account.roles, locale=account.locale)
    cast = Cast(actors)
    set_pairs(session, actors["manager"], now, cast.id_of("translator"),
              [("ru", "en", True), ("en", "ru", True), ("zh", "ru", False), ("ru", "zh", False)])
    set_pairs(session, actors["manager"], now, cast.id_of("translator2"),
              [("ru", "en", True), ("en", "ru", True), ("tr", "ru", True), ("ru", "tr", True)])
    return cast


BODIES: tuple[tuple[Mapping[str, Any], Mapping[str, str]], ...] = (
    (
        {
            "name_ru": "Ставропольская городская Дума", "name_en": "Stavropol City Duma",
            "city_ru": "Ставрополь", "city_en": "Stavropol",
            "city_in_ru": "в городе Ставрополе", "city_in_en": "in Stavropol",
            "address_ru": "пр. К. Маркса, 96, г. Ставрополь, 355035",
            "address_en": "96 K. Marx Avenue, Stavropol, 355035, Russia",
            "letterhead_ru": "СТАВРОПОЛЬСКАЯ ГОРОДСКАЯ ДУМА", "letterhead_en": "STAVROPOL CITY DUMA",
            "phone": "+7 (8652) 00-00-10", "email": "duma@demo.example",
        },
        {
            "name_ru": "Орлов Сергей Павлович", "name_en": "Sergei Orlov",
            "post_ru": "Председатель Ставропольской городской Думы", "post_en": "Chairman of the Stavropol City Duma",
            "name_genitive": "Орлова Сергея Павловича", "name_dative": "Орлову Сергею Павловичу", "gender": "m",
        },
    ),
    (
        {
            "name_ru": "гимназия № 25 города Ставрополя", "name_en": "Gymnasium No. 25 of the City of Stavropol",
            "city_ru": "Ставрополь", "city_en": "Stavropol",
            "city_in_ru": "в городе Ставрополе", "city_in_en": "in Stavropol",
            "address_ru": "ул. Примерная, 1, г. Ставрополь, 355000", "address_en": "1 Primernaya Street, Stavropol",
            "letterhead_ru": "МУНИЦИПАЛЬНОЕ БЮДЖЕТНОЕ ОБЩЕОБРАЗОВАТЕЛЬНОЕ УЧРЕЖДЕНИЕ\nГИМНАЗИЯ № 25 ГОРОДА СТАВРОПОЛЯ",
            "letterhead_en": "GYMNASIUM No. 25\nCITY OF STAVROPOL",
            "phone": "+7 (8652) 00-00-20", "email": "school@demo.example", "languages": ["ru", "en"],
        },
        {
            "name_ru": "Лебедева Ольга Ивановна", "name_en": "Olga Lebedeva",
            "post_ru": "Директор гимназии № 25", "post_en": "Principal of Gymnasium No. 25",
            "name_genitive": "Лебедевой Ольги Ивановны", "name_dative": "Лебедевой Ольге Ивановне", "gender": "f",
        },
    ),
)  # fmt: skip
"""The Duma and a school, which issue papers in their own name; their people are invented, too."""


def furnish(session: Session, now: datetime) -> None:
    """Set the office up: who we are, who signs, how numbers run."""
    set_up_office(session, SYSTEM, now, **OFFICE)
    add_signatory(
        session, SYSTEM, now, name_ru="Климов Андрей Юрьевич", name_en="Andrei Klimov",
        post_ru="Глава города Ставрополя", post_en="Head of the City of Stavropol",
        name_genitive="Климова Андрея Юрьевича", name_dative="Климову Андрею Юрьевичу",
        post_genitive="Главы города Ставрополя", post_dative="Главе города Ставрополя", gender="m", is_default=True,
    )  # fmt: skip
    add_signatory(
        session, SYSTEM, now, name_ru="Белова Ирина Олеговна", name_en="Irina Belova",
        post_ru="Первый заместитель главы администрации города Ставрополя",
        post_en="First Deputy Head of the Administration of the City of Stavropol",
        name_genitive="Беловой Ирины Олеговны", name_dative="Беловой Ирине Олеговне", gender="f",
        kinds=["order-receiving", "order-sending"],
    )  # fmt: skip
    letters = next(row for row in series(session) if row.key == "outgoing")
    change_series(session, SYSTEM, now, letters.id, {"pattern": "01-15/{n}"})
    for values, signer in BODIES:
        body = add_body(session, SYSTEM, now, **values)
        add_signatory(session, SYSTEM, now, issuing_body_id=body.id, **signer)
    set_next_number(session, SYSTEM, now, "outgoing", now.year, 118)
    set_next_number(session, SYSTEM, now, "orders", now.year, 41)


def introduce(session: Session, now: datetime) -> None:
    """Give a few partners of the record an invented head, addresses and a contact person."""
    keys = {row.key: row.id for row in session.scalars(select(Partner).where(Partner.key.in_(PARTNERS)))}
    for key, values in PARTNERS.items():
        change_partner(session, SYSTEM, now, keys[key], values)
    for key, contact in CONTACTS.items():
        add_contact(session, SYSTEM, now, keys[key], **contact)
