"""What papers of the demo's visits say of money, beds, flights, gifts and visas; and two more visits, one abroad."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.clock import local_moment
from workflow.base.files import Upload
from workflow.demo.cast import Cast
from workflow.demo.upcoming import Stage
from workflow.invitations.service import ensure_invitation, set_reply_by
from workflow.papers.checking import decide_check
from workflow.papers.checks import ask_for_checks
from workflow.papers.models import Paper
from workflow.papers.rules import CheckDecision
from workflow.partners.models import Partner
from workflow.people.service import correct_person
from workflow.programme.logistics.registers import REGISTERS
from workflow.programme.logistics.service import add_row
from workflow.programme.models import ProgrammeItem
from workflow.programme.service import ItemData
from workflow.translations.ordering import OrderData, order_assignment
from workflow.visits.models import Visit, VisitBasis
from workflow.visits.queries import members
from workflow.visits.rules import RequestSource
from workflow.visits.service import correct_visit

Rows = Mapping[str, Any]
KEYNOTE = "Healthy cities begin with the people who live in them. This talk shows how three cities listened.\n"

HOMES: Mapping[str, tuple[str, str]] = {
    "ORNEK": ("ISTANBUL", "ORNEK SOKAK 1, KADIKOY, ISTANBUL"),
    "DENEME": ("IZMIR", "DENEME CADDESI 2, KADIKOY, ISTANBUL"),
    "TASLAK": ("ANKARA", "TASLAK SOKAK 3, KADIKOY, ISTANBUL"),
    "NUMUNE": ("BURSA", "NUMUNE SOKAK 4, KADIKOY, ISTANBUL"),
}
"""Invented places of birth and homes, as the passports print them."""

ENGLISH: Mapping[str, Mapping[str, str]] = {
    "Visit of the Kadıköy delegation": {
        "purpose_en": "to discuss cooperation in emergency protection, culture and education", "place_en": "Stavropol",
        "payer_ru": "Проезд оплачивает направляющая сторона, пребывание – принимающая.",
        "payer_en": "The sending side pays for travel, the host side for the stay.",
        "basis": "a letter of the Municipality of Kadıköy",
    },
    "Grozny City Day": {
        "purpose_en": "to take part in the celebration of City Day", "place_en": "Grozny",
        "payer_ru": "Проезд и суточные оплачивает направляющая сторона, проживание – принимающая.",
        "payer_en": "The sending side pays for travel and allowances, the host side for lodging.",
        "basis": "an invitation of the Mayor of Grozny",
    },
    "Experts from Britain and Greece at the Healthy Cities conference": {
        "purpose_en": "to take part in the city’s Healthy Cities conference", "place_en": "Stavropol",
        "payer_ru": "Пребывание оплачивает принимающая сторона.", "payer_en": "The host side pays for the stay.",
        "basis": "the calendar of the Healthy Cities project",
    },
    "Working meeting with colleagues from Simferopol": {
        "purpose_en": "to share experience of improving courtyards", "place_en": "Stavropol",
        "basis": "an agreement of the City Dumas of Stavropol and Simferopol",
    },
}  # fmt: skip

PROGRAMME_EN: Mapping[str, tuple[str, str, str]] = {
    "Выезд из Ставрополя": ("Departure from Stavropol", "площадь Ленина", "Lenin Square"),
    "Торжественное собрание": ("Solemn meeting", "", "Theatre and Concert Hall"),
    "Возложение цветов к мемориалу": ("Laying of flowers at the memorial", "", "Memorial of Glory"),
}


def _enter(stage: Stage, visit: Visit, key: str, *rows: Rows) -> None:
    for row in rows:
        add_row(stage.session, stage.cast["coordinator"], stage.ago(5), visit.id, REGISTERS[key], row)


def _both(name: str, ru: str, en: str) -> dict[str, str]:
    return {f"{name}_ru": ru, f"{name}_en": en}


def _speak_english(stage: Stage, visit: Visit, told: Mapping[str, str]) -> None:
    """Give a visit what its English papers say."""
    correct_visit(stage.session, stage.cast["coordinator"], stage.ago(5), visit,
                  {name: text for name, text in told.items() if name != "basis"})  # fmt: skip
    for basis in stage.session.scalars(select(VisitBasis).where(VisitBasis.visit_id == visit.id)):
        basis.text_en = told["basis"]
    for item in stage.session.scalars(select(ProgrammeItem).where(ProgrammeItem.visit_id == visit.id)):
        if item.title_ru in PROGRAMME_EN and not item.title_en:
            item.title_en, place, item.place_en = PROGRAMME_EN[item.title_ru]
            item.place_ru = item.place_ru or place


def _estimate(stage: Stage, visit: Visit, category: tuple[str, str]) -> None:
    _enter(stage, visit, "estimate", {
        "currency": "RUB", **_both("category", *category),
        **_both("source", "средства бюджета города Ставрополя на международную деятельность",
                "the budget of the City of Stavropol for international activity"),
        **_both("norms", "нормы расходов на приём делегаций (пример)", "norms of reception costs (an example)"),
    })  # fmt: skip


def _line(heading: str, unit: str, quantity: int, days: int, price: int, *, norm: int | None = None,
          payer: str = "host", what: tuple[str, str] = ("", ""), spent: int | None = None) -> Rows:  # fmt: skip
    return {"heading": heading, "unit": unit, "quantity": quantity, "days": days, "price": price * 100,
            "spent": None if spent is None else spent * 100,
            "norm": None if norm is None else norm * 100, "payer": payer, "budget_line": "0113 244",
            **_both("what", *what)}  # fmt: skip


def kadikoy(stage: Stage, visit: Visit, first: date, last: date) -> None:
    """Kadıköy: an estimate with one price above its norm, a hotel, two flights, a gift each way, terms for visas."""
    _estimate(stage, visit, ("II", "II"))
    _enter(
        stage, visit, "costs",
        _line("lodging", "room", 4, 2, 6500, norm=7000, what=("гостиница «Образец», одноместный номер",
                                                              "Hotel Obrazets, single room")),
        _line("meals", "person", 5, 3, 2500, norm=2500, what=("Обед и ужин", "Lunch and dinner")),
        _line("interpreters", "hour", 8, 2, 2200, norm=2000, what=("последовательный перевод с турецкого языка",
                                                                   "consecutive interpreting from Turkish")),
        _line("transport", "car", 1, 3, 9000, what=("микроавтобус, 8 мест", "minibus, 8 seats")),
        _line("gifts", "piece", 4, 1, 3000, norm=3000, what=("сувениры с видами города", "souvenirs with city views")),
        _line("travel", "ticket", 4, 1, 28500, payer="sending", what=("перелёт Стамбул – Ставрополь и обратно",
                                                                      "flight Istanbul – Stavropol and back")),
    )  # fmt: skip
    _enter(stage, visit, "lodging", {
        **_both("hotel", "гостиница «Образец»", "Hotel Obrazets"),
        **_both("address", "г. Ставрополь, ул. Примерная, д. 2", "2 Primernaya Street, Stavropol"),
        "phone": "+7 (8652) 00-00-02", "first_day": first, "last_day": last, "rooms": 4,
        **_both("category", "три звезды, одноместные номера", "three stars, single rooms"), "payer": "host",
        "confirmation": "ОБР-000123",
    })  # fmt: skip
    airport = _both("place", "аэропорт Ставрополь", "Stavropol Airport")
    greeter = _both("greeter", "Морозова Анна Игоревна", "Anna Morozova")
    car = {**_both("car", "А000АА126", "A000AA126"),
           **_both("driver", "Примеров Олег, +7 900 000-00-00", "Oleg Primerov, +7 900 000-00-00")}
    _enter(
        stage, visit, "transport",
        {"leg": "arrival", "vehicle": "flight", "number": "XX 101", "day": first, "at": time(11, 20), "people": 4,
         "luggage_ru": "4 × 23", "lounge": True, **car, **airport, **greeter},
        {"leg": "departure", "vehicle": "flight", "number": "XX 102", "day": last, "at": time(17, 45), "people": 4,
         "lounge": True, **car, **airport, **greeter},
    )  # fmt: skip
    _enter(
        stage, visit, "gifts",
        {"way": "given", "value": 300_000, **_both("what", "альбом «Ставрополь»", "Album “Stavropol”"),
         **_both("person", "Айлин Орнек", "Aylin Örnek"),
         **_both("presenter", "Глава города Ставрополя", "Head of the City of Stavropol")},
        {"way": "received", **_both("what", "керамическая тарелка", "Ceramic plate"),
         **_both("person", "муниципалитет Кадыкёй", "Municipality of Kadıköy")},
    )  # fmt: skip
    _enter(
        stage, visit, "duties",
        {**_both("who", "комитет культуры", "the Culture Committee"), "due_on": first - timedelta(days=3),
         **_both("what", "подготовить культурную программу", "to prepare the cultural programme")},
        {**_both("who", "управление делами", "the Administration Office"), "due_on": first,
         **_both("what", "обеспечить автотранспорт и зал для переговоров", "to provide transport and a meeting room")},
    )  # fmt: skip
    _interpreting(stage, visit, "tr", first - timedelta(days=5))
    _enter(stage, visit, "entry", {
        "entries": "single", **_both("places", "Ставрополь", "Stavropol"),
        **_both("relation", "представитель города-партнёра", "representative of a partner city"),
        **_both("petition_to", "Управление по вопросам миграции\nГУ МВД России по Ставропольскому краю",
                "Migration Department of the Ministry of the Interior\nfor the Stavropol Territory"),
        **_both("consulate", "Генеральное консульство Российской Федерации в Стамбуле",
                "Consulate General of the Russian Federation in Istanbul"),
        **_both("guideline", "перечень документов консульства для деловых виз, версия 2026 года",
                "the consulate’s list of documents for business visas, version of 2026"),
        **_both("insurance", "полисы, действующие в Российской Федерации, оформляет направляющая сторона",
                "the sending side provides policies valid in the Russian Federation"),
        **_both("checkpoint", "аэропорт Минеральные Воды", "Mineralnye Vody Airport"),
    })  # fmt: skip
    for member in members(stage.session, visit.id):
        born, home = HOMES[member.person.latin_family]
        correct_person(stage.session, stage.cast["coordinator"], stage.ago(5), member.person,
                       {"birth_place": born, "home_address": home, "residence": "TR"}, visit_id=visit.id)  # fmt: skip


def _interpreting(stage: Stage, visit: Visit, language: str, due: date) -> None:
    _enter(stage, visit, "interpreting", {
        "language": language, "mode": "consecutive", "way": "both", "materials_due": due,
        **_both("topic", "защита от чрезвычайных ситуаций, культура, образование",
                "emergency protection, culture, education"),
        **_both("speakers", "глава города, руководитель службы 112, глава делегации",
                "the Head of the City, the head of Centre 112, the head of the delegation"),
        **_both("materials", "приветственное слово, справка о службе 112",
                "the welcome address, a note on Centre 112"),
        **_both("dress", "деловая", "business"),
        **_both("rest", "перерыв после каждых двух часов, обед вместе с делегацией",
                "a break after every two hours, lunch with the delegation"),
        **_both("confidentiality", "содержание переговоров не разглашается",
                "the contents of the talks are not disclosed"),
    })  # fmt: skip


def grozny(stage: Stage, visit: Visit, first: date, last: date) -> None:
    """Grozny: our two travel; each has a task."""
    _estimate(stage, visit, ("", ""))
    _enter(
        stage, visit, "costs",
        _line("transport", "car", 1, 2, 12000, payer="sending", what=("служебный автомобиль", "official car")),
        _line("gifts", "piece", 1, 1, 3000, norm=3000, payer="sending", what=("памятный подарок городу",
                                                                              "a gift to the city")),
    )  # fmt: skip
    _enter(stage, visit, "lodging", {
        **_both("hotel", "гостиница «Пример»", "Hotel Primer"), "first_day": first, "last_day": last, "rooms": 2,
        **_both("address", "г. Грозный, ул. Образцовая, д. 1", "1 Obraztsovaya Street, Grozny"), "payer": "host",
    })  # fmt: skip
    _enter(stage, visit, "transport",
           {"leg": "departure", "vehicle": "car", "day": first, "at": time(8), "people": 2,
            **_both("car", "А001АА126", "A001AA126"),
            **_both("place", "Ставрополь, площадь Ленина", "Stavropol, Lenin Square")})  # fmt: skip
    _enter(stage, visit, "gifts", {
        "way": "given", "value": 300_000, **_both("what", "картина с видом Ставрополя", "Picture of Stavropol"),
        **_both("person", "город Грозный", "City of Grozny"),
        **_both("presenter", "Образцова Ольга Николаевна", "Olga Obraztsova"),
    })  # fmt: skip
    _tasks(stage, visit)


def _tasks(stage: Stage, visit: Visit) -> None:
    for member in members(stage.session, visit.id):
        head = member.is_head
        _enter(stage, visit, "tasks", {
            "member": member.id,
            **_both("task", "возглавить делегацию, вручить приветственный адрес, провести рабочую встречу" if head
                    else "подготовить предложения по обмену творческими коллективами",
                    "to lead the delegation, present the welcome address and hold a working meeting" if head
                    else "to prepare proposals on an exchange of artists"),
            **_both("result", "договорённость о плане совместных мероприятий на следующий год" if head
                    else "перечень коллективов и сроки обмена",
                    "an agreement on a plan of joint events for the next year" if head
                    else "a list of ensembles and dates of the exchange"),
            **_both("materials", "приветственный адрес, презентация города", "the welcome address, slides of the city"),
            **_both("report", "письменный отчёт в течение трёх рабочих дней после возвращения",
                    "a written report within three working days of the return"),
        })  # fmt: skip


def experts(stage: Stage, visit: Visit, first: date, last: date) -> None:
    """Experts: a hotel for two, a small estimate, flights still without hours."""
    _estimate(stage, visit, ("III", "III"))
    _enter(
        stage, visit, "costs",
        _line("lodging", "room", 2, 3, 6500, norm=7000, what=("одноместный номер", "single room")),
        _line("meals", "person", 2, 4, 2000, norm=2500, what=("Питание экспертов", "Meals of the experts")),
    )  # fmt: skip
    _enter(stage, visit, "lodging", {
        **_both("hotel", "гостиница «Образец»", "Hotel Obrazets"), "first_day": first, "last_day": last, "rooms": 2,
        **_both("address", "г. Ставрополь, ул. Примерная, д. 2", "2 Primernaya Street, Stavropol"), "payer": "host",
    })  # fmt: skip
    _enter(stage, visit, "transport", {
        "leg": "arrival", "vehicle": "flight", "day": first, "people": 2,
        **_both("place", "аэропорт Ставрополь", "Stavropol Airport"),
    })  # fmt: skip
    order_assignment(
        stage.session, stage.cast["coordinator2"], stage.ago(4), visit,
        OrderData(title="Тезисы доклада", title_en="Keynote abstract", source_language="en", target_language="ru",
                  purpose="presentation",
                  due_at=local_moment(stage.day(20), 18, 0, "Europe/Moscow"),
                  text_user="участники конференции, на экране",
                  text_user_en="participants of the conference, on the screen",
                  names="Harriet Jane Specimen — Харриет Джейн Спесимен", text_version="2",
                  reference_texts="глоссарий проекта «Здоровые города»",
                  reference_texts_en="Glossary of the Healthy Cities project", layout="в две колонки",
                  layout_en="two columns", confidentiality="не публикуется до конференции",
                  confidentiality_en="not before the conference"),
        upload=Upload("keynote.txt", KEYNOTE.encode()),
    )  # fmt: skip


def simferopol(stage: Stage, visit: Visit, _first: date, _last: date) -> None:
    """Simferopol: a small estimate, and what was spent in the end, for the report."""
    _estimate(stage, visit, ("III", "III"))
    _enter(
        stage, visit, "costs",
        _line("buffet", "person", 6, 2, 250, norm=300, what=("чай, кофе", "tea and coffee"), spent=2860),
        _line("transport", "car", 1, 1, 4000, what=("автомобиль для осмотра дворов", "car to the courtyards"),
              spent=4000),
    )  # fmt: skip


def city_day(stage: Stage) -> None:
    """City Day, to which we invite: no delegation has answered yet."""
    first = stage.day(120)
    request = stage.request(
        "zhenjiang", stage.ago(12), source=RequestSource.OURSELVES, direction="hosted", size=5,
        title_ru="День города Ставрополя", title_en="Stavropol City Day", place="Ставрополь",
        purpose="празднование Дня города вместе с городами-партнёрами", basis_kind="plan",
        basis_text="план международных мероприятий города", date_from=first, date_to=first + timedelta(days=2),
        payer="Проезд оплачивает направляющая сторона, пребывание – принимающая.",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(11), host_name="Климов Андрей Юрьевич")
    stage.advance(visit, "invite", stage.ago(10))
    ensure_invitation(stage.session, stage.ago(10), visit.id)
    set_reply_by(stage.session, stage.cast["coordinator"], stage.ago(10), visit.id, stage.day(60))
    stage.items(visit, ItemData(day=first, starts=time(10), ends=time(12), title_ru="Торжественное открытие",
                                title_en="Opening ceremony", place_ru="Площадь Ленина", place_en="Lenin Square"))
    _speak_english(stage, visit, {
        "purpose_en": "to celebrate City Day together with partner cities", "place_en": "Stavropol",
        "payer_ru": request.payer, "payer_en": "The sending side pays for travel, the host side for the stay.",
        "basis": "the city’s plan of international events",
    })  # fmt: skip


def pazardzhik(stage: Stage) -> None:
    """Pazardzhik: our two go abroad; an association is asked for help with their visas."""
    first = stage.day(80)
    request = stage.request(
        "pazardzhik", stage.ago(13), incoming_number="225", incoming_date=stage.plain_day(-13), direction="outgoing",
        process_key="outgoing", title_ru="Фестиваль в Пазарджике", title_en="Festival in Pazardzhik", size=2,
        place="Пазарджик, Болгария", purpose="участие в фестивале городов-побратимов", basis_kind="invitation",
        basis_text="приглашение кмета общины Пазарджик", date_from=first, date_to=first + timedelta(days=3),
        payer="Проезд оплачивает направляющая сторона, проживание – принимающая.",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(12))
    stage.advance(visit, "compose", stage.ago(11))
    stage.delegation(visit, "pazardzhik", stage.ago(10), confirmed=True, close=True)
    _speak_english(stage, visit, {
        "purpose_en": "to take part in the festival of sister cities", "place_en": "Pazardzhik, Bulgaria",
        "payer_ru": request.payer, "payer_en": "The sending side pays for travel, the host side for lodging.",
        "basis": "an invitation of the Mayor of Pazardzhik",
    })  # fmt: skip
    _enter(stage, visit, "entry", {
        "entries": "single", **_both("places", "Пазарджик, София", "Pazardzhik, Sofia"),
        **_both("consulate", "Посольство Республики Болгария в Москве", "Embassy of Bulgaria in Moscow"),
        **_both("embassy", "Посольство Республики Болгария в Москве", "Embassy of the Republic of Bulgaria in Moscow"),
        "association": stage.partners["ero-uclg"].id,
    })  # fmt: skip
    _tasks(stage, visit)


def _check_order(stage: Stage) -> None:
    """Have the order on sending to Grozny checked: one colleague agrees, with a remark."""
    order = stage.session.scalars(select(Paper).where(Paper.kind == "order-sending")).one()
    checker = stage.cast["coordinator2"]
    ask_for_checks(stage.session, stage.cast["coordinator"], stage.ago(1), order, [checker.account_id or 0],
                   in_order=True)
    decide_check(stage.session, checker, stage.ago(0, 5), order.id, CheckDecision.REMARKED,
                 "Уточнить время выезда.")  # fmt: skip


def equip(session: Session, cast: Cast, now: datetime) -> None:
    """Give the demo's visits what their papers need."""
    partners = {row.key: row for row in session.scalars(select(Partner))}
    stage = Stage(session, cast, now, partners)
    scenes = {"Visit of the Kadıköy delegation": kadikoy, "Grozny City Day": grozny,
              "Experts from Britain and Greece at the Healthy Cities conference": experts,
              "Working meeting with colleagues from Simferopol": simferopol}  # fmt: skip
    for title, scene in scenes.items():
        visit = session.scalars(select(Visit).where(Visit.title_en == title, Visit.source == "")).one()
        if visit.arrival is None or visit.departure is None:
            raise ValueError(title)
        _speak_english(stage, visit, ENGLISH[title])
        scene(stage, visit, visit.arrival, visit.departure)
    city_day(stage)
    pazardzhik(stage)
    _check_order(stage)
    session.flush()


