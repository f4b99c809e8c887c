"""Bilingual one-page letters with arms, a table of six rows and a QR code: the same ones for us and for the peer.

Texts are drawn from a seeded generator, so that both lay out the same words and no letter repeats another; they are
so long that each fits on its page in either layout.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from workflow.papers.editions import Edition

ARMS = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 70"><defs><linearGradient id="g" x1="0" y1="0" x2="0"
y2="1"><stop offset="0" stop-color="#c9a227"/><stop offset="1" stop-color="#7d5a00"/></linearGradient></defs>
<path d="M2 2h56v38c0 16-12 24-28 28C14 64 2 56 2 40z" fill="#14532d" stroke="url(#g)" stroke-width="3"/>
<path d="M30 12l5 11 12 1-9 8 3 12-11-6-11 6 3-12-9-8 12-1z" fill="url(#g)"/>
<path d="M8 50h44v4H8z" fill="#fff"/></svg>"""
RU = [
    "сотрудничество", "развитие", "образование", "городской", "муниципальный", "делегация", "встреча", "совет",
    "форум", "культура", "предприятие", "участие", "программа", "соглашение", "партнёр", "университет",
    "молодёжь", "выставка", "транспорт", "благоустройство", "туризм", "здравоохранение", "представитель",
    "направление", "опыт", "проект", "заседание", "вопрос", "предложение", "результат",
]  # fmt: skip
EN = [
    "cooperation", "development", "education", "municipal", "delegation", "meeting", "council", "forum",
    "culture", "enterprise", "participation", "programme", "agreement", "partner", "university", "youth",
    "exhibition", "transport", "improvement", "tourism", "healthcare", "representative", "direction",
    "experience", "project", "session", "question", "proposal", "result",
]  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """What differs from letter to letter."""

    number: int
    name: str
    city: str
    russian: tuple[str, ...]
    english: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]

    @property
    def url(self) -> str:
        """Where it can be verified."""
        return f"https://delegations.example.org/verify/{self.code}"

    @property
    def code(self) -> str:
        """Its code."""
        return f"K7QM-P2XD-{self.number:04}"


def _sentence(source: random.Random, words: list[str], length: int) -> str:
    text = " ".join(source.choice(words) for _ in range(length))
    return f"{text[0].upper()}{text[1:]}."


def letter(number: int, *, same_text: bool = False) -> Letter:
    """Make the letter of that number; with *same_text* only name, city and numbers differ."""
    source = random.Random(7 if same_text else number)
    russian, english = (
        tuple(" ".join(_sentence(source, words, 8) for _ in range(2)) for _ in range(2)) for words in (RU, EN)
    )
    rows = tuple(
        (f"{10 + row}:00–{11 + row}:00", _sentence(source, RU, 2), _sentence(source, EN, 3)) for row in range(6)
    )
    own = random.Random(number)
    city, name = (own.choice(RU).capitalize() for _ in range(2))
    return Letter(number, f"{name} {number}", f"{city}бург-{number}", russian, english, rows)


def wording(one: Letter) -> str:
    """Write the text of a letter in our light Markdown, with the placeholders that an edited paper keeps."""
    russian, english = ("\n\n".join(each) for each in (one.russian, one.english))
    rows = "\n".join(f"| {at} | {ru} | {en} |" for at, ru, en in one.rows)
    return f"""::: letterhead
АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ
ADMINISTRATION OF THE CITY OF STAVROPOL
---
{{{{ office.address }}}}, {{{{ office.phone }}}}
:::

::: reference
:::

::: addressee
{{{{ recipient.name }}}}
{{{{ recipient.city }}}}
:::

::: subject
Об участии делегации города {{{{ recipient.city }}}} (镇江市友好交流中心)
:::

::: salutation
Уважаемый господин {{{{ recipient.name }}}}! Dear Mr {{{{ recipient.name }}}},
:::

{russian}

{english}

| Время | Мероприятие | Event |
|---|--------|-------|
{rows}

::: closing
С уважением, yours sincerely,
:::

::: signature
{{{{ office.signatory.post }}}} | {{{{ office.signatory.short }}}}
:::

::: executor
Иванова Мария Петровна, +7 (8652) 00-00-00
:::
"""


def edition(one: Letter) -> Edition:
    """Give what is laid out of a letter."""
    return Edition("invitation", "ru", wording(one), "letter", "Приглашение / Invitation", images={"arms": ARMS})


def facts(one: Letter) -> dict[str, Any]:
    """Give the facts of a letter."""
    return {
        "office": {
            "name": "администрация города Ставрополя", "address": "пр. К. Маркса, 96, г. Ставрополь",
            "phone": "+7 (8652) 00-00-00",
            "signatory": {"post": "Глава города Ставрополя", "short": "И. П. Образцов"},
        },
        "recipient": {"name": one.name, "city": one.city},
        "basis": {"letter_number": "214", "letter_date": "2027-02-02"},
        "paper": {
            "number": f"01-12/{one.number}", "date": "2027-03-15", "code": one.code, "verify_url": one.url,
            "status": "final",
        },
    }  # fmt: skip


def page(one: Letter) -> str:
    """Write the same letter as HTML with CSS, as a department would for WeasyPrint."""
    told = facts(one)
    text = "".join(f"<p>{each}</p>" for each in (*one.russian, *one.english))
    rows = "".join(f"<tr><td>{at}</td><td>{ru}</td><td>{en}</td></tr>" for at, ru, en in one.rows)
    return f"""<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Приглашение / Invitation</title><style>
@page{{size:A4;margin:18mm 15mm 20mm 30mm}}body{{font:12pt/1.2 'Noto Serif','Noto Serif CJK SC';margin:0}}
p{{margin:0;text-indent:12.5mm;text-align:justify}}header,header p,p.c{{text-align:center}}
header p,.f p,p.c{{text-indent:0}}
header{{border-bottom:1.2pt solid;margin-bottom:5mm}}table{{width:100%;border-collapse:collapse;font-size:10pt;
margin:3mm 0}}td,th{{border:.5pt solid #888;padding:4pt 5pt;text-align:left}}th{{background:#eee}}
.h{{display:flex;justify-content:space-between}}.h p,.s{{text-indent:0}}.s{{width:55%}}
footer{{font-size:8pt;display:flex;
justify-content:space-between;margin-top:8mm}}footer img{{width:19mm}}header img{{height:22mm}}</style></head><body>
<header><img src="asset:arms" alt="Герб"><p><b>АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ</b></p>
<p><b>ADMINISTRATION OF THE CITY OF STAVROPOL</b></p>
<p>{told["office"]["address"]}, {told["office"]["phone"]}</p></header>
<div class="h"><p>15.03.2027 № {told["paper"]["number"]}<br>На № 214 от 02.02.2027</p>
<p>{one.name}<br>{one.city}</p></div>
<p class="s">Об участии делегации города {one.city} (镇江市友好交流中心)</p>
<p class="c">Уважаемый господин {one.name}! Dear Mr {one.name},</p>{text}
<table><thead><tr><th>Время</th><th>Мероприятие</th><th>Event</th></tr></thead><tbody>{rows}</tbody></table>
<p>С уважением, yours sincerely,</p><div class="h"><p>Глава города Ставрополя</p><p>И. П. Образцов</p></div>
<footer><div class="f"><p>Иванова Мария Петровна, +7 (8652) 00-00-00</p><p>{one.url}<br>{one.code}</p></div>
<img src="asset:qr" alt="QR"></footer></body></html>"""
