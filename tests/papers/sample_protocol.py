"""Facts of protocol papers for the invented visit of `sample.py`."""

from datetime import date
from typing import Any


def both(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def _person(name_ru: str, post_ru: str, name_en: str, post_en: str) -> dict[str, Any]:
    return {
        "name": both(f"{name_ru}, {post_ru}", f"{name_en}, {post_en}"),
        "short": both(name_ru, name_en),
        "post": both(post_ru, post_en),
        "international": {"name": name_en, "post": post_en},
    }


def _conversation() -> dict[str, Any]:
    ours = _person("Образцов Иван Петрович", "Глава города", "Ivan Obraztsov", "Mayor")
    theirs = _person("Одабаши Шердиль Дара", "глава муниципалитета", "Şerdil Dara Odabaşı", "Mayor of Kadıköy")
    return {
        "title": both("Встреча главы города с делегацией Кадыкёя", "Meeting of the Mayor with the Kadıköy delegation"),
        "date": date(2027, 5, 12),
        "from": "10:00",
        "to": "11:30",
        "place": both("Зал заседаний", "Conference room"),
        "chair": both("Образцов И. П.", "Ivan Obraztsov"),
        "interpreting": both("последовательный перевод", "consecutive interpreting"),
        "interpreter": both("Агаев Т. Р.", "Timur Agaev"),
        "distribution": both("управление образования", "education department"),
        "ours": [ours],
        "theirs": [theirs],
        "ours_names": ours["name"],
        "theirs_names": theirs["name"],
        "subjects": both("Обмен школьниками", "School exchange"),
        "recorder": {
            "name": both("Иванова Мария Петровна", "Mariia Ivanova"),
            "short": both("М. П. Иванова", "M. Ivanova"),
            "post": both("главный специалист", "chief specialist"),
        },
        "topics": [
            {
                "n": 1,
                "title": both("Обмен школьниками", "School exchange"),
                "speaker": both("Одабаши Ш. Д.", "Ş. D. Odabaşı"),
                "minutes": 20,
                "questions": both("Сколько детей приедет", "How many children will come"),
                "ours": both("Готовы принять 12 детей", "We can receive 12 children"),
                "theirs": both("Просят приехать осенью", "They ask for the autumn"),
                "agreed": both("Обменяться списками школ", "Exchange lists of schools"),
                "due": date(2027, 6, 30),
            }
        ],
        "minutes": 20,
    }


def _protocol() -> dict[str, Any]:
    return {
        "occasion": both("с Днём города", "City Day"),
        "greeting": both("Пусть дружба наших городов крепнет\nи приносит радость.", "May it grow.\nAlways."),
        "presenter": both("Образцов И. П.", "Ivan Obraztsov"),
        "folder": both("красная, с гербом", "red, with the arms"),
        "read_on": date(2027, 5, 14),
        "aims": both("Договориться об обменах", "To agree on exchanges"),
        "position": both("Поддержать", "To support it"),
        "avoid": both("Не обсуждать выборы", "Do not discuss elections"),
        "toast": both("За дружбу", "To friendship"),
        "headline": both("Делегация Кадыкёя в Ставрополе", "The Kadıköy delegation in Stavropol"),
        "release": both("Гости приехали на три дня.\nОни посетили гимназию.", "The guests came for three days.\nFine."),
        "quote": both("Мы рады гостям", "We are glad to have guests"),
        "quoted": both("глава города Иван Образцов", "the Mayor, Ivan Obraztsov"),
        "quote_approved_by": both("И. П. Образцов", "I. Obraztsov"),
        "photo_credit": both("пресс-служба", "the press office"),
        "embargo_on": date(2027, 5, 15),
        "minors_consent": True,
        "badge_category": both("Гость", "Guest"),
        "badge_zone": both("А", "A"),
    }


def _working() -> dict[str, Any]:
    return {
        "days": [
            {
                "date": date(2027, 5, 12),
                "items": [
                    {
                        "from": "10:00",
                        "to": "11:30",
                        "title": both("Встреча с главой города", "Meeting with the Mayor"),
                        "place": both("Зал заседаний", "Conference room"),
                        "host": both("И. П. Образцов", "I. Obraztsov"),
                        "dress": both("деловая", "business"),
                        "note": both("", ""),
                        "responsible": both("М. П. Иванова", "M. Ivanova"),
                        "phone": "+7 (8652) 00-00-01",
                        "interpreter": both("Агаев Т. Р.", "Timur Agaev"),
                        "interpreter_needed": True,
                        "internal_note": both("Вода и таблички", "Water and plates"),
                        "menu": both("чай", "tea"),
                        "press": both("две камеры", "two cameras"),
                        "security": both("пропуска", "passes"),
                        "equipment": both("экран", "a screen"),
                        "plan_b": both("малый зал", "the small hall"),
                    }
                ],
            }
        ]
    }


def protocol_facts() -> dict[str, Any]:
    """The sections of protocol papers, every fact known."""
    return {
        "founding": {
            "year": 1818,
            "date": None,
            "anniversary": 209,
            "ordinal": both("209-й", "209th"),
            "in_year": 2027,
        },
        "conversation": _conversation(),
        "protocol": _protocol(),
        "working": _working(),
        "award": {
            "name": both("Одабаши Шердиль Дара", "Şerdil Dara Odabaşı"),
            "post": both("глава муниципалитета", "Mayor"),
            "body": both("муниципалитет Кадыкёй", "Kadıköy Municipality"),
            "nomination": both("за участие в Дне города", "for taking part in the City Day"),
            "degree": both("I степень", "First degree"),
            "serial": "17",
            "dispatched_on": date(2027, 5, 15),
            "dispatch": both("вручено лично", "handed over in person"),
        },
        "history": {
            "count": 2,
            "since": 2018,
            "visits": [
                {
                    "title": both("Приём в мэрии", "Reception at the city hall"),
                    "direction": "outgoing",
                    "first_day": date(2019, 6, 1),
                    "last_day": date(2019, 6, 3),
                    "when": None,
                },
                {
                    "title": both("Первый визит", "The first visit"),
                    "direction": "incoming",
                    "first_day": None,
                    "last_day": None,
                    "when": "03.2018",
                },
            ],
            "agreements": [
                {"title": both("Соглашение", "Agreement"), "signed": date(2019, 6, 2), "year": 2019, "ended": False}
            ],
            "promises": [
                {
                    "what": both("Прислать план", "Send a plan"),
                    "owner": both("М. П. Иванова", "M. Ivanova"),
                    "due": date(2027, 6, 1),
                    "state": both("Открыто", "Open"),
                    "open": True,
                }
            ],
        },
        "receptions": {
            "year": 2027,
            "rows": [
                {
                    "n": 1,
                    "first_day": date(2027, 5, 12),
                    "last_day": date(2027, 5, 15),
                    "when": None,
                    "place": both("Ставрополь", "Stavropol"),
                    "visitors": both("Одабаши Шердиль Дара, Йылмаз Айше", "Şerdil Dara Odabaşı, Ayşe Yılmaz"),
                    "body": both("муниципалитет Кадыкёй", "Kadıköy Municipality"),
                    "country": both("Турция", "Türkiye"),
                    "basis": both("письмо муниципалитета", "letter of the municipality"),
                    "purpose": both("обмен школьниками", "school exchange"),
                    "content": both("Две встречи, экскурсия", "Two meetings, an excursion"),
                    "participants": both("И. П. Образцов, Глава города", "I. Obraztsov, Mayor"),
                    "permitted": both("Е. В. Соколова, начальник отдела", "E. Sokolova, Head of Department"),
                    "permitted_on": date(2027, 3, 1),
                    "report_on": date(2027, 5, 18),
                    "sent_to": both("управление делами", "the Office"),
                }
            ],
            "keeper": {
                "short": both("М. П. Иванова", "M. Ivanova"),
                "post": both("главный специалист", "chief specialist"),
            },
        },
    }
