"""Facts of logistics, identity and assignments for the invented visit of `sample.py`."""

from datetime import date
from typing import Any


def both(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


FIRST, LAST = date(2027, 5, 12), date(2027, 5, 15)
HOST = both("принимающая сторона", "host side")


def _costs() -> dict[str, Any]:
    line = {
        "n": 1, "heading": both("Питание", "Meals"), "what": both("Обед", "Lunch"), "unit": both("чел.", "person"),
        "quantity": 6, "days": 3, "price": 250_000, "price_text": both("2 500,00", "2,500.00"), "sum": 4_500_000,
        "sum_text": both("45 000,00", "45,000.00"), "norm_text": both("2 000,00", "2,000.00"), "over_norm": True,
        "payer": HOST, "budget_line": "0113 244",
    }  # fmt: skip
    total = both("45 000,00 руб.", "RUB 45,000.00")
    return {
        "currency": "RUB", "category": both("II", "II"), "source": both("бюджет города", "the city budget"),
        "norms": both("нормы", "norms"), "lines": [line], "total": 4_500_000, "total_text": total,
        "host_total_text": total, "by_payer": [{"payer": HOST, "sum": 4_500_000, "sum_text": total}],
        "actual": {
            "lines": [{
                "n": 1, "heading": both("Питание", "Meals"), "what": both("Обед", "Lunch"),
                "planned_text": both("45 000,00", "45,000.00"), "spent_text": both("43 500,50", "43,500.50"),
                "difference_text": both("−1 499,50", "−1,499.50"),
            }],
            "planned_text": total, "spent_text": both("43 500,50 руб.", "RUB 43,500.50"),
            "difference_text": both("−1 499,50 руб.", "−RUB 1,499.50"),
        },
        "meals": [{"people": 6, "days": 3, "price_text": both("2 500,00 руб.", "RUB 2,500.00"),
                   "what": both("Обед", "Lunch")}],
    }  # fmt: skip


def _identity() -> dict[str, Any]:
    one = {
        "n": 1, "name": both("Одабаши Шердиль", "SERDIL ODABASI"), "russian": "Одабаши Шердиль",
        "latin": "ODABASI SERDIL", "sex": both("мужской", "male"), "birth_date": date(1970, 2, 3),
        "birth_place": "ISTANBUL", "citizenship": both("Турция", "Türkiye"), "residence": both("Турция", "Türkiye"),
        "address": "ORNEK SOKAK 1", "post": both("глава муниципалитета", "Mayor"),
        "employer": both("муниципалитет Кадыкёй", "Kadıköy Municipality"),
        "passport": {"kind": both("обычный", "ordinary"), "number": "U00000009", "country": both("Турция", "Türkiye"),
                     "issued": date(2020, 1, 1), "expires": date(2030, 1, 1)},
    }  # fmt: skip
    return {"members": [one], "one": one, "children": []}


def logistics_facts(member: dict[str, Any], partner: dict[str, Any]) -> dict[str, Any]:
    """Every section of logistics, complete."""
    journey = {
        "vehicle": both("самолёт", "flight"), "number": "XX 101", "date": FIRST, "time": "11:20",
        "place": both("аэропорт", "the airport"), "people": 6, "luggage": "6", "greeter": both("Иванова", "Ivanova"),
        "lounge": True, "car": "А000АА", "driver": "Водитель",
    }  # fmt: skip
    association = {**partner, "name": both("ассоциация", "Association"), "addressee": None,
                   "address": both("Казань", "Kazan")}  # fmt: skip
    return {
        "costs": _costs(),
        "lodging": {"stays": [{
            "hotel": both("гостиница «Образец»", "Hotel Obrazets"), "address": both("ул. Примерная, 2", "2 Primernaya"),
            "phone": "1", "first_day": FIRST, "last_day": LAST, "nights": 3, "rooms": 6,
            "category": both("три звезды", "three stars"), "payer": HOST, "confirmation": "123",
        }]},
        "gifts": {"given": [], "received": []},
        "transport": {"arrivals": [journey], "departures": [journey], "rides": []},
        "duties": {"rows": [{"n": 1, "who": both("управление делами", "the Office"),
                             "what": both("обеспечить зал", "to provide a room"), "due": FIRST}]},
        "entry": {
            "places": both("Ставрополь", "Stavropol"), "relation": both("партнёр", "partner"),
            "petition_to": both("Управление\nпо вопросам миграции", "Migration\nDepartment"),
            "consulate": both("Генеральное консульство", "Consulate General"),
            "guideline": both("перечень", "the list"), "insurance": both("полисы", "policies"),
            "embassy": both("Посольство", "Embassy"), "checkpoint": both("аэропорт", "the airport"),
            "entries": both("однократная", "single entry"), "days": 4, "association": association,
        },
        "interpreting": {
            "needed": True,
            "topic": both("образование", "education"), "speakers": both("глава", "the Mayor"),
            "materials": both("слово", "the address"), "dress": both("деловая", "business"),
            "rest": both("перерыв", "a break"), "confidentiality": both("не разглашать", "not to be disclosed"),
            "language": both("турецкий", "Turkish"), "mode": both("последовательный", "consecutive"),
            "way": both("в обе стороны", "in both directions"), "materials_due": FIRST,
            "interpreters": [{"name": both("Агаев Тимур", "Timur Agaev"), "phone": "2", "length": both("2 ч", "2 h"),
                              "items": [{"date": FIRST, "from": "10:00", "to": "12:00",
                                         "title": both("Встреча", "Meeting"), "place": both("Зал", "Hall"),
                                         "host": both("глава", "Mayor"), "dress": both("костюм", "a suit")}]}],
        },
        "trip": {"task": both("вручить адрес", "to present the address"), "result": both("план", "a plan"),
                 "materials": both("адрес", "the address"), "report": both("письменный", "in writing")},
        "member": {**member, "family": both("Одабаши", "Odabaşı"), "given": both("Шердиль", "Şerdil"), "gender": "m",
                   "short": both("Ш. Д. Одабаши", "Ş. D. Odabaşı")},
        "identity": _identity(),
        "recipient": dict.fromkeys(("name", "post", "organisation", "city", "country", "address", "salutation",
                                    "gender", "language")),
        "visas": {"cases": [], "evisa": {
            "travellers": [member["name"]], "stay_days": 30, "validity_days": 120, "processing_days": 4,
            "apply_by": FIRST, "as_of": date(2025, 8, 28)}},
        "assignment": {
            "title": both("Слово", "Address"), "version": "2", "file": "a.docx",
            "direction": both("ru → tr", "ru → tr"), "characters": 1800,
            "pages": both("1", "1"), "purpose": both("Речь", "Speech"),
            "text_user": both("Глава", "the Mayor"), "glossary": both("Имя", "Name"), "references": None,
            "instructions": None, "due": FIRST, "due_time": "18:00", "translator": None, "reviser": None,
            "layout": None, "confidentiality": None,
        },
        "checks": {
            "paper": both("Приглашение", "Invitation"), "subject": "О направлении", "number": None, "date": None,
            "author": {"name": both("Иванова Мария", "Mariia Ivanova"), "post": both("Специалист", "Specialist")},
            "rows": [{"n": 1, "name": both("Белова Ирина", "Irina Belova"), "post": both("Юрист", "Lawyer"),
                      "decided": FIRST, "decision": both("согласовано", "agreed"), "remark": None}],
        },
    }  # fmt: skip
