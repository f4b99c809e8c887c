"""The facts of one invented visit, complete by `docs/facts.md`."""

from datetime import date
from typing import Any

from tests.papers.sample_logistics import logistics_facts
from tests.papers.sample_protocol import protocol_facts


def both(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def _members() -> list[dict[str, Any]]:
    body, country = both("муниципалитет Кадыкёй", "Kadıköy Municipality"), both("Турция", "Türkiye")
    return [
        {
            "n": 1,
            "name": both("Одабаши Шердиль Дара", "Şerdil Dara Odabaşı"),
            "latin": "SERDIL DARA ODABASI",
            "international": {"name": "Şerdil Dara Odabaşı", "post": "Mayor", "body": "Kadıköy Municipality"},
            "post": both("Глава муниципалитета", "Mayor"),
            "body": body,
            "role": both("глава делегации", "head"),
            "is_head": True,
            "gender": "m",
            "country": country,
        },
        {
            "n": 2,
            "name": both("Йылмаз Айше", "Ayşe Yılmaz"),
            "latin": "AYSE YILMAZ",
            "international": {"name": "Ayşe Yılmaz", "post": "Director", "body": "Kadıköy Municipality"},
            "post": both("Начальник управления", "Director"),
            "body": body,
            "role": both("", ""),
            "is_head": False,
            "gender": "f",
            "country": country,
        },
        {
            "n": 3,
            "name": both("Ма Цзюньцзянь (马俊健)", "Ma Junjian (马俊健)"),
            "latin": "MA JUNJIAN",
            "international": {"name": "Ma Junjian (马俊健)", "post": None, "body": None},
            "post": both("", ""),
            "body": both("", ""),
            "role": both("", ""),
            "is_head": False,
            "gender": None,
            "country": both("Китай", "China"),
        },
    ]


def facts() -> dict[str, Any]:
    members = _members()
    told = _told(members)
    return {**logistics_facts(members[0], told["partner"]), **told}


def _told(members: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "office": {
            "name": both("администрация города Ставрополя", "Administration of the City of Stavropol"),
            "letterhead": {
                "ru": ["АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ", "Отдел международных связей"],
                "en": ["ADMINISTRATION OF THE CITY OF STAVROPOL", "International Relations"],
            },
            "city": both("Ставрополь", "Stavropol"),
            "city_in": both("в городе Ставрополе", "in Stavropol"),
            "address": both("пр. К. Маркса, 96, г. Ставрополь, 355035", "96 K. Marx Avenue, Stavropol, 355035"),
            "phone": "+7 (8652) 00-00-00",
            "email": "office@example.org",
            "website": "",
            "department": both("", ""),
            "signatory": {
                "name": both("Образцов Иван Петрович", "Ivan Obraztsov"),
                "short": both("И. П. Образцов", "I. Obraztsov"),
                "post": both("Глава города Ставрополя", "Mayor of Stavropol"),
            },
            "arms_file_id": None,
        },
        "partner": {
            "name": both("муниципалитет Кадыкёй", "Kadıköy Municipality"),
            "city": both("Кадыкёй", "Kadıköy"),
            "country": both("Турция", "Türkiye"),
            "address": both("", ""),
            "head": {
                "name": both("Шердиль Дара Одабаши", "Şerdil Dara Odabaşı"),
                "post": both("Глава муниципалитета", "Mayor"),
                "gender": "m",
            },
            "addressee": both("Главе муниципалитета Кадыкёй\nгосподину Ш. Д. Одабаши\nг. Стамбул, Турция", ""),
            "salutation": both("Уважаемый господин Одабаши!", "Dear Mr Mayor,"),
            "contact": {"name": "", "phone": "", "email": ""},
            "languages": ["en"],
        },
        "visit": {
            "title": both("Визит делегации Кадыкёя на День города", "Visit of the Kadıköy delegation for City Day"),
            "number": "2027-014",
            "direction": "incoming",
            "first_day": date(2027, 5, 12),
            "last_day": date(2027, 5, 15),
            "purpose": both("обсуждение сотрудничества в области образования", "to discuss co-operation in education"),
            "place": both("Ставрополь", "Stavropol"),
            "basis": both("соглашение о сотрудничестве", "the co-operation agreement"),
            "payer": both("Проезд оплачивает направляющая сторона.", "Travel is paid by the sending side."),
            "responsible": {
                "name": both("Иванова Мария Петровна", "Mariia Ivanova"),
                "short": both("М. П. Иванова", "M. Ivanova"),
                "post": both("Главный специалист", "Chief specialist"),
                "phone": "+7 (8652) 00-00-01",
                "email": "m.ivanova@example.org",
            },
            "substitute": {},
            "size": 6,
        },
        "delegation": {
            "head": {
                "name": members[0]["name"],
                "latin": "",
                "short": both("Ш. Д. Одабаши", "Ş. D. Odabaşı"),
                "post": members[0]["post"],
                "body": members[0]["body"],
            },
            "members": members,
            "size": 3,
            "closed": False,
        },
        "basis": {
            "text": both("соглашение о сотрудничестве от 2019 года", "the co-operation agreement of 2019"),
            "letter_number": "214",
            "letter_date": date(2027, 2, 2),
            "our_number": "",
            "our_date": None,
        },
        "programme": {
            "languages": ["en"],
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
                            "interpreter": None,
                        },
                        {
                            "from": "14:00",
                            "to": None,
                            "title": both("Посещение гимназии № 25", "Visit to Gymnasium No. 25"),
                            "place": both("", ""),
                            "host": both("", ""),
                            "interpreter": None,
                        },
                    ],
                }
            ],
        },
        "outcomes": {
            "report": {
                "aim": both("", ""),
                "done": both("Проведены две встречи.", "Two meetings were held."),
                "results": both("Согласован обмен школьниками.", "A school exchange was agreed."),
                "proposals": both("Подготовить план на 2028 год.", "Draft a plan for 2028."),
                "not_done": both("", ""),
                "highlight": both("школьную выставку.", "the school exhibition."),
                "contacts": both("Отдел образования Кадыкёя", "The education department of Kadıköy"),
                "materials": both("Альбом о городе", "An album about the city"),
                "media": both("Три сообщения на сайте города", "Three items on the city’s site"),
                "evaluation": both("Цели достигнуты", "The aims were reached"),
                "enclosures": both("Программа, список", "Programme, list"),
                "sent_to": both("управление делами", "the Office"),
            },
            "items": [
                {
                    "what": both("Направить проект плана", "Send a draft plan"),
                    "owner": both("Иванова М. П.", "M. Ivanova"),
                    "due": date(2027, 6, 30),
                    "state": both("в работе", "open"),
                }
            ],
        },
        **protocol_facts(),
        "invitation": {"reply_by": date(2027, 4, 10)},
        "paper": {
            "number": "01-12/45",
            "date": date(2027, 3, 15),
            "code": "K7QM-P2XD-9HTR",
            "status": "final",
            "verify_url": "https://delegations.example.org/verify/K7QM-P2XD-9HTR",
        },
    }
