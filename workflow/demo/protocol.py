"""What protocol papers of the demo say: a talk with its record, an address, a briefing, a press release, diplomas."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.demo.cast import Cast
from workflow.demo.upcoming import Stage
from workflow.outcomes import protocol
from workflow.outcomes.models import Outcome
from workflow.outcomes.service import OutcomeData, add_outcome, change_outcome, open_report, write_report
from workflow.partners.models import Partner
from workflow.partners.service import change_partner
from workflow.programme.models import ProgrammeItem
from workflow.visits.identity import proper
from workflow.visits.models import Visit
from workflow.visits.queries import members
from workflow.visits.service import correct_visit

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "grozny": {"founded": "1818", "population": 324000, "profile_ru": "Столица Чеченской Республики. День города – "
               "5 октября.", "profile_en": "Capital of the Chechen Republic. City Day is on 5 October."},
    "kadikoy": {
        "founded": "1984", "population": 483000,
        "profile_ru": "Район Стамбула на азиатском берегу Босфора: театры, книжные ярмарки, порт. Гордится службой "
                      "спасения и сетью районных библиотек.",
        "profile_en": "A district of Istanbul on the Asian shore of the Bosphorus: theatres, book fairs, a port. Proud "
                      "of its rescue service and of its libraries.",
        "head_about_ru": "Инженер-строитель, второй срок на посту. Говорит по-английски (пример).",
        "head_about_en": "A civil engineer in her second term. Speaks English (an example).",
        "head_pronounced": "Айли́н Орне́к", "head_pronounced_en": "eye-LEEN or-NEK",
    },
    "simferopol": {"founded": "1784"},
    "pazardzhik": {"founded": "1485"},
    "temuco": {"founded": "1881-02-24"},
}
"""Years of founding are real; what is told of people is invented."""


def both(name: str, ru: str, en: str) -> dict[str, str]:
    """Give a text for the two fields of a form."""
    return {f"{name}_ru": ru, f"{name}_en": en}


def _find(stage: Stage, title: str) -> Visit:
    return stage.session.scalars(select(Visit).where(Visit.title_en == title, Visit.source == "")).one()


def kadikoy(stage: Stage) -> None:
    """Kadıköy: the talk with the Head of the City is planned and its record begun; badges, diplomas, a release."""
    visit = _find(stage, "Visit of the Kadıköy delegation")
    actor, when = stage.cast["coordinator"], stage.ago(3)
    first = visit.arrival or stage.day(26)
    listed = members(stage.session, visit.id)
    guests = {code: "\n".join(f"{proper(row.person.shown_name(code))}, {row.post_ru if code == 'ru' else row.post_en}"
                              for row in listed) for code in ("ru", "en")}  # fmt: skip
    talk = protocol.add_conversation(stage.session, actor, when, visit.id, {
        **both("title", "Встреча главы города Ставрополя с делегацией Кадыкёя",
               "Meeting of the Head of the City of Stavropol with the Kadıköy delegation"),
        "held_on": first, "starts": time(15), "ends": time(16, 30),
        **both("place", "Администрация города, зал 1", "City Administration, hall 1"),
        **both("chair", "Климов Андрей Юрьевич, Глава города Ставрополя", "Andrei Klimov, Head of the City"),
        **both("ours", "Климов Андрей Юрьевич, Глава города Ставрополя\n"
                       "Соколова Елена Викторовна, начальник отдела международных и межрегиональных связей",
               "Andrei Klimov, Head of the City of Stavropol\nElena Sokolova, Head of International Relations"),
        "theirs_ru": guests["ru"], "theirs_en": guests["en"], "interpreting": "consecutive",
        **both("interpreter", "Агаев Тимур Рустамович", "Timur Agaev"),
        "recorder_id": stage.cast.id_of("coordinator"),
        **both("distribution", "глава города, управление по делам ГО и ЧС", "Head of the City, emergency department"),
    })  # fmt: skip
    for topic in _topics(first):
        protocol.add_topic(stage.session, actor, when, talk.id, topic)
    protocol.write_notes(stage.session, actor, when, visit.id, {**_NOTES, "embargo_on": first})
    protocol.add_award(stage.session, actor, when, visit.id, {
        **both("nomination", "за вклад в развитие дружественных связей городов Ставрополя и Кадыкёя",
               "for contributing to the friendly ties of Stavropol and Kadıköy"), "serial": "2027-1",
        **both("dispatch", "вручено на встрече с главой города", "handed over at the meeting in the Administration"),
    })  # fmt: skip
    add_outcome(stage.session, actor, when, visit.id, OutcomeData(
        kind="promise", what="Прислать программу книжной ярмарки", what_en="Send the programme of the book fair",
        owner_name="Дениз Денеме", owner_name_en="Deniz Deneme", due_on=first))  # fmt: skip
    _working(stage, visit)


def _topics(first: date) -> list[dict[str, Any]]:
    return [
        {**both("title", "Сотрудничество служб спасения", "Cooperation of rescue services"),
         **both("speaker", "Керем Нумуне", "Kerem Numune"), "minutes": 15,
         **both("questions", "Как устроена служба 112", "How the service 112 is organised"),
         **both("ours", "Готовы показать центр 112 и принять двух специалистов на стажировку",
                "We are ready to show Centre 112 and to receive two specialists for training"),
         **both("theirs", "Предлагают совместное учение осенью", "They propose a joint exercise in autumn"),
         **both("agreed", "Обменяться планами учений", "Exchange plans of exercises"), "due_on": first},
        {**both("title", "Обмен выставками и книжными ярмарками", "Exchange of exhibitions and book fairs"),
         **both("speaker", "Элиф Таслак", "Elif Taslak"), "minutes": 10,
         **both("ours", "Предложили площадку городской библиотеки", "We offered the hall of the city library"),
         **both("theirs", "Пришлют программу ярмарки", "They will send the programme of the fair"),
         **both("agreed", "Включить выставку в план на следующий год", "Put the exhibition in next year’s plan")},
    ]  # fmt: skip


_NOTES: Mapping[str, Any] = {
    **both("aims", "Договориться об обмене опытом служб спасения и о выставке",
           "To agree on an exchange of experience of rescue services and on an exhibition"),
    **both("position", "Поддержать обмен специалистами. О бюджете выставки говорить после согласования с финансистами",
           "Support the exchange of specialists. Speak of the budget only after the finance department agrees"),
    **both("avoid", "Не называть сроков подписания соглашения", "Name no date for signing an agreement"),
    **both("toast", "За дружбу двух морских и степных городов!", "To the friendship of a city of the sea and one of "
           "the steppe!"),
    **both("occasion", "с началом визита в наш город", "the opening of your visit to our city"),
    **both("greeting", "Пусть эта встреча откроет новую страницу в отношениях наших городов",
           "May this meeting open a new page in the relations of our cities"),
    **both("presenter", "Климов А. Ю., Глава города", "Andrei Klimov, Head of the City"),
    **both("folder", "адресная папка с гербом", "address folder with the arms"),
    **both("headline", "Ставрополь и Кадыкёй договорились об обмене опытом служб спасения",
           "Stavropol and Kadıköy agree to share experience of their rescue services"),
    **both("release", "В Ставрополе прошла встреча главы города с делегацией Кадыкёя (Стамбул).\n"
           "Стороны обсудили работу служб спасения, выставки и школьные обмены. Гости посетили центр 112 и школу № 1.",
           "The Head of the City of Stavropol met a delegation of Kadıköy (Istanbul).\n"
           "The sides discussed rescue services, exhibitions and school exchanges. The guests saw Centre 112 and "
           "School No. 1."),
    **both("quote", "Нам есть чему поучиться друг у друга", "We have much to learn from each other"),
    **both("quoted", "глава города Ставрополя Андрей Климов", "the Head of the City of Stavropol, Andrei Klimov"),
    "quote_approved_by": "А. Ю. Климов", "quote_approved_by_en": "A. Klimov", "photo_credit": "demo.example",
    **both("badge_category", "Официальный гость", "Official guest"), **both("badge_zone", "А, Б", "A, B"),
}  # fmt: skip


def _working(stage: Stage, visit: Visit) -> None:
    meeting = stage.session.scalars(select(ProgrammeItem).where(
        ProgrammeItem.visit_id == visit.id, ProgrammeItem.title_ru == "Встреча с главой города")).one()
    meeting.menu, meeting.press = "чай, кофе, сладости Ставрополья", "две камеры, первые пять минут"
    meeting.security, meeting.equipment = "список на пост охраны накануне", "микрофоны, экран"
    meeting.plan_b = "зал 2"
    meeting.menu_en, meeting.press_en = "tea, coffee, local sweets", "two cameras, the first five minutes"
    meeting.security_en, meeting.equipment_en = "list of guests to the guards the day before", "microphones, screen"
    meeting.plan_b_en = "Hall 2"


def grozny(stage: Stage) -> None:
    """Grozny: the address that our delegation reads on City Day, with the right anniversary."""
    visit = _find(stage, "Grozny City Day")
    protocol.write_notes(stage.session, stage.cast["coordinator"], stage.ago(3), visit.id, {
        **both("occasion", "с Днём города", "City Day"),
        **both("greeting", "Грозный сегодня – современный, гостеприимный город, которым гордятся его жители",
               "Grozny today is a modern and hospitable city of which its people are proud"),
        **both("presenter", "Образцова О. Н., заместитель главы администрации",
               "Olga Obraztsova, Deputy Head of the Administration"),
        **both("folder", "адресная папка с гербом", "address folder with the arms"), "read_on": visit.arrival,
        **both("badge_category", "Почётный гость", "Guest of honour"),
    })  # fmt: skip


def simferopol(stage: Stage) -> None:
    """Simferopol: the report is written in both languages but not filed."""
    visit = _find(stage, "Working meeting with colleagues from Simferopol")
    actor, when = stage.cast["coordinator"], stage.ago(1)
    correct_visit(stage.session, actor, when, visit, {"place_en": "Stavropol"})
    open_report(stage.session, actor, when, visit.id)
    write_report(stage.session, actor, when, visit.id, {
        "aim": "Обменяться опытом благоустройства дворов.", "aim_en": "To share experience of improving courtyards.",
        "done": "Рабочая встреча в администрации.\nОсмотр трёх дворов.",
        "done_en": "A working meeting at the City Administration.\nA walk through three courtyards.",
        "results": "Согласован обмен образцами договоров.", "results_en": "An exchange of model contracts was agreed.",
        "proposals": "Провести ответную поездку осенью.", "proposals_en": "A return visit in autumn.",
        "highlight": "интерес коллег к школьным садам.", "highlight_en": "the interest in our school gardens.",
        "contacts": "Управление благоустройства Симферополя", "contacts_en": "The works department of Simferopol",
        "materials": "Альбом проектов дворов", "materials_en": "An album of courtyard projects",
        "media": "Новость на сайте города", "media_en": "A news item on the city’s site",
        "evaluation": "Цель достигнута", "evaluation_en": "The aim was reached",
        "enclosures": "Программа, список участников", "enclosures_en": "Programme, list of participants",
    })  # fmt: skip
    row = stage.session.scalars(select(Outcome).where(Outcome.visit_id == visit.id)).first()
    if row is not None:
        change_outcome(stage.session, actor, when, row.id, OutcomeData(
            kind=row.kind, what=row.what, owner_id=row.owner_id, due_on=row.due_on,
            what_en="Send a model contract for planting courtyards"))  # fmt: skip


def furnish_protocol(session: Session, cast: Cast, now: datetime) -> None:
    """Give the demo's partners and visits what protocol papers say."""
    partners = {row.key: row for row in session.scalars(select(Partner))}
    stage = Stage(session, cast, now, partners)
    for key, values in PROFILES.items():
        change_partner(session, cast["coordinator"], stage.ago(30), partners[key].id, values)
    for scene in (kadikoy, grozny, simferopol):
        scene(stage)
    session.flush()
