"""Visits relative to today, carried through the real services to different stages, some of them late or blocked.

Everything here is invented but the partners. What people did is dated back, so that deadlines stand as they would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.clock import local_date, local_moment
from workflow.base.files import SCANS, Upload, keep_file
from workflow.demo.cast import Cast
from workflow.demo.travellers import TRAVELLERS, register
from workflow.invitations.rules import Answer, Channel
from workflow.invitations.service import ensure_invitation, record_answer, set_reply_by
from workflow.outcomes.service import OutcomeData, add_outcome, open_report
from workflow.papers.models import Paper
from workflow.papers.service import draft_paper, edit_text, submit_paper
from workflow.partners.models import Partner
from workflow.process.opening import Acceptance, open_visit_for_request
from workflow.process.service import advance_visit, postpone_visit
from workflow.programme.service import ItemData, add_item
from workflow.translations.ordering import OrderData, order_assignment, publish_assignment
from workflow.translations.service import claim_assignment
from workflow.visas.service import choose_for_all, open_cases
from workflow.visits.delegation import add_member, close_composition, confirm_member
from workflow.visits.models import Visit, VisitRequest
from workflow.visits.queries import bases
from workflow.visits.requesting import ask_more, decline_request, register_request
from workflow.visits.rules import RequestSource

FILES = Path(__file__).resolve().parent / "data" / "files"
ZONE = "Europe/Moscow"


@dataclass(frozen=True)
class Stage:
    """What every scene is played on: the session, the cast, now, and the partners by key."""

    session: Session
    cast: Cast
    now: datetime
    partners: Mapping[str, Partner]

    def ago(self, days: int, hours: int = 0) -> datetime:
        """Give a moment in the past."""
        return self.now - timedelta(days=days, hours=hours)

    def day(self, ahead: int) -> date:
        """Give a working day about so many days ahead of today."""
        day = local_date(self.now, ZONE) + timedelta(days=ahead)
        return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day

    def plain_day(self, ahead: int) -> date:
        """Give the day exactly so many days ahead of today, or before it."""
        return local_date(self.now, ZONE) + timedelta(days=ahead)

    def request(self, key: str | None, when: datetime, **values: Any) -> VisitRequest:
        """Enter a request of a partner as a letter, or as *source* says."""
        source = values.pop("source", RequestSource.LETTER)
        scan = values.pop("scan", None)
        partner = self.partners[key] if key else None
        known = {} if partner is None else {"partner_id": partner.id, "country": partner.country,
                                            "languages": list(partner.languages)}
        clerk = self.cast["coordinator"]
        kept = None
        if scan:
            upload = Upload(scan, (FILES / scan).read_bytes())
            kept = keep_file(self.session, clerk, when, upload, allowed=SCANS, limit=1_000_000)
        return register_request(self.session, clerk, when, known | values, source=source, scan=kept)

    def accept(self, request: VisitRequest, when: datetime, **values: Any) -> Visit:
        """Have the manager accept a request; the first coordinator is responsible."""
        people = {"responsible_id": self.cast.id_of("coordinator"), "substitute_id": self.cast.id_of("coordinator2")}
        return open_visit_for_request(self.session, self.cast["manager"], when, request.id,
                                      Acceptance(**(people | values)))

    def delegation(
        self, visit: Visit, key: str, when: datetime, *, confirmed: bool = False, close: bool = False
    ) -> None:
        """Enter a delegation's members, the first as its head."""
        actor = self.cast["coordinator"]
        for number, traveller in enumerate(TRAVELLERS[key]):
            person = register(self.session, actor, when, traveller)
            member = add_member(self.session, actor, when, visit, person, {"is_head": number == 0})
            if confirmed:
                confirm_member(self.session, actor, when, visit, member)
        if close:
            close_composition(self.session, actor, when, visit, closed=True)

    def advance(self, visit: Visit, step: str, when: datetime) -> None:
        """Take a step as the responsible officer."""
        advance_visit(self.session, self.cast["coordinator"], when, visit.id, step)

    def submitted(self, visit: Visit, kind: str, when: datetime, actor: Actor | None = None) -> Paper:
        """Draft a paper and hand it to the manager."""
        writer = actor or self.cast["coordinator"]
        paper = draft_paper(self.session, writer, when, visit.id, kind)
        return submit_paper(self.session, writer, when, paper.id)

    def items(self, visit: Visit, *items: ItemData, days_ago: int = 6) -> None:
        """Enter programme items."""
        for item in items:
            add_item(self.session, self.cast["coordinator"], self.ago(days_ago), visit.id, item)


def kadikoy(stage: Stage) -> None:
    """Kadıköy, incoming, in preparation: a passport too short, an interpreter missing, a speech claimed."""
    first = stage.day(26)
    last = first + timedelta(days=2)
    request = stage.request(
        "kadikoy", stage.ago(41), incoming_number="214", incoming_date=stage.plain_day(-41),
        their_number="E-58241", their_date=stage.plain_day(-45),
        title_ru="Визит делегации Кадыкёя", title_en="Visit of the Kadıköy delegation", size=5, place="Ставрополь",
        purpose="обсуждение сотрудничества в области защиты от чрезвычайных ситуаций, культуры и образования",
        head_name="Aylin Örnek", payer="Проезд оплачивает направляющая сторона, пребывание — принимающая.",
        basis_kind="invitation", basis_text="письмо муниципалитета Кадыкёй", date_from=first, date_to=last,
        contact_name="Deniz Deneme", contact_email="deniz.deneme@kadikoy.example", scan="kadikoy-letter.pdf",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(38), host_name="Климов Андрей Юрьевич")
    stage.advance(visit, "invite", stage.ago(36))
    ensure_invitation(stage.session, stage.ago(36), visit.id)
    draft_paper(stage.session, stage.cast["coordinator"], stage.ago(36), visit.id, "invitation")
    record_answer(stage.session, stage.cast["coordinator"], stage.ago(25), visit.id, Answer.COMING,
                  channel=Channel.PHONE, note="Подтвердили по телефону, письмо вышлют позже.")
    stage.delegation(visit, "kadikoy", stage.ago(20))
    stage.advance(visit, "prepare", stage.ago(19))
    open_cases(stage.session, stage.cast["coordinator"], stage.ago(19), visit)
    choose_for_all(stage.session, stage.cast["coordinator"], stage.ago(15), visit, "in.ru.evisa")
    anna, timur = stage.cast.id_of("coordinator"), stage.cast.id_of("translator2")
    stage.items(
        visit,
        ItemData(day=first, starts=time(11, 20), ends=time(13), title_ru="Встреча делегации в аэропорту",
                 title_en="Arrival at the airport", place_ru="Аэропорт Ставрополь", place_en="Stavropol Airport",
                 responsible_id=anna, interpreter_id=timur, internal_note="Машина 8 мест, табличка на турецком.",
                 internal_note_en="Car for 8, a sign in Turkish."),
        ItemData(day=first, starts=time(15), ends=time(16, 30), title_ru="Встреча с главой города",
                 title_en="Meeting with the Head of the City", place_ru="Администрация города, зал 1",
                 place_en="City Administration, hall 1", host_ru="Глава города Ставрополя",
                 host_en="Head of the City of Stavropol", responsible_id=anna, interpreter_id=timur),
        ItemData(day=first + timedelta(days=1), starts=time(10), ends=time(12),
                 title_ru="Единая дежурно-диспетчерская служба", title_en="Emergency call centre",
                 place_ru="Центр 112", place_en="Centre 112", responsible_id=anna, interpreter_needed=True,
                 internal_note="Нужен второй переводчик: гости разделятся на две группы.",
                 internal_note_en="A second interpreter is needed: the guests will part in two groups."),
        ItemData(day=last, starts=time(10), ends=time(11, 30), title_ru="Посещение школы № 1",
                 title_en="Visit to School No. 1", place_ru="Школа № 1", place_en="School No. 1", responsible_id=anna,
                 interpreter_id=timur),
    )  # fmt: skip
    speech = _order(stage, visit, "welcome-speech.docx", title="Приветственное слово главы города", target="tr",
                    purpose="speech", user="Глава города", days=9, names="Айлин Орнек, мэр Кадыкёя — Aylin Örnek")
    _order(stage, visit, "emergency-centre.docx", title="Справка о службе 112 для гостей", target="en",
           purpose="presentation", user="Гости на экскурсии", days=12, names="ЕДДС — emergency call centre")
    claim_assignment(stage.session, stage.cast["translator2"], stage.ago(2), speech)


def _order(
    stage: Stage, visit: Visit, file: str, *, title: str, target: str, purpose: str, user: str, days: int, names: str
) -> int:
    actor, when = stage.cast["coordinator"], stage.ago(4)
    due = local_moment(stage.day(days), 18, 0, ZONE)
    row = order_assignment(
        stage.session, actor, when, visit,
        OrderData(title=title, source_language="ru", target_language=target, purpose=purpose, due_at=due,
                  text_user=user, names=names),
        upload=Upload(file, (FILES / file).read_bytes()),
    )  # fmt: skip
    return publish_assignment(stage.session, actor, when, row.id).id


def zhenjiang(stage: Stage) -> None:
    """Zhenjiang, incoming, being invited: the letter waits for the manager and is late."""
    first = stage.day(75)
    request = stage.request(
        "zhenjiang", stage.ago(20), source=RequestSource.OURSELVES, title_ru="Визит делегации города Чжэньцзян",
        title_en="Visit of the Zhenjiang delegation", size=6, place="Ставрополь", date_from=first,
        date_to=first + timedelta(days=3), purpose="подготовка плана сотрудничества городов-побратимов",
        basis_kind="agreement", basis_text="соглашение об установлении побратимских связей (2012)",
        payer="Проезд оплачивает направляющая сторона, проживание и питание — принимающая.",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(16), host_name="Климов Андрей Юрьевич")
    visit.payer_en = "The sending side pays for the journey, the host for lodging and meals."
    for basis in bases(stage.session, visit.id):
        basis.text_en = "agreement on twinning of the two cities (2012)"
    stage.advance(visit, "invite", stage.ago(9))
    ensure_invitation(stage.session, stage.ago(9), visit.id)
    set_reply_by(stage.session, stage.cast["coordinator"], stage.ago(9), visit.id, stage.day(20))
    clerk, when = stage.cast["coordinator"], stage.ago(1, 3)
    letter = draft_paper(stage.session, clerk, when, visit.id, "invitation")
    english = next(text for text in letter.texts if text.language == "en")
    words = english.text.replace("{{ visit.purpose|lower_first|full_stop }}", "to draft a plan of cooperation between "
                                 "the twin cities.")
    edit_text(stage.session, clerk, when, letter.id, "en", words, version=english.lock_version)
    submit_paper(stage.session, clerk, when, letter.id)


def experts(stage: Stage) -> None:
    """Experts from Britain and Greece: one visit, two countries, routes side by side still to be chosen."""
    first = stage.day(52)
    request = stage.request(
        None, stage.ago(30), partner_id=stage.partners["who-healthy-cities"].id, country="GB", languages=["en"],
        title_ru="Эксперты из Великобритании и Греции на конференции «Здоровые города»",
        title_en="Experts from Britain and Greece at the Healthy Cities conference", size=2, place="Ставрополь",
        purpose="участие в городской конференции «Здоровые города»", basis_kind="association",
        basis_text="календарь проекта «Здоровые города»", date_from=first, date_to=first + timedelta(days=3),
        payer="Пребывание оплачивает принимающая сторона.", source=RequestSource.OURSELVES,
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(28))
    stage.advance(visit, "invite", stage.ago(26))
    ensure_invitation(stage.session, stage.ago(26), visit.id)
    record_answer(stage.session, stage.cast["coordinator"], stage.ago(18), visit.id, Answer.COMING,
                  channel=Channel.MAIL)
    stage.delegation(visit, "experts", stage.ago(16), confirmed=True)
    stage.advance(visit, "prepare", stage.ago(15))
    open_cases(stage.session, stage.cast["coordinator"], stage.ago(15), visit)


def grozny(stage: Stage) -> None:
    """Grozny, our two go: no border, no English; the order waits for its signature and is late."""
    first = stage.day(10)
    request = stage.request(
        "grozny", stage.ago(24), incoming_number="187", incoming_date=stage.plain_day(-24), direction="outgoing",
        process_key="outgoing", title_ru="День города Грозного", title_en="Grozny City Day", size=2, place="Грозный",
        purpose="участие в праздновании Дня города", basis_kind="invitation",
        basis_text="приглашение мэра города Грозного", date_from=first, date_to=first + timedelta(days=1),
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(21))
    stage.advance(visit, "compose", stage.ago(20))
    stage.delegation(visit, "grozny", stage.ago(18), confirmed=True, close=True)
    stage.advance(visit, "prepare", stage.ago(14))
    stage.items(
        visit,
        ItemData(day=first, starts=time(8), title_ru="Выезд из Ставрополя",
                 responsible_id=stage.cast.id_of("coordinator")),
        ItemData(day=first, starts=time(18), ends=time(20), title_ru="Торжественное собрание",
                 place_ru="Театрально-концертный зал", host_ru="Мэр города Грозного"),
        ItemData(day=first + timedelta(days=1), starts=time(10), ends=time(11),
                 title_ru="Возложение цветов к мемориалу", place_ru="Мемориал Славы"),
    )  # fmt: skip
    stage.submitted(visit, "order-sending", stage.ago(1))


def consul(stage: Stage) -> None:
    """A consul calls on the mayor tomorrow: one meeting, nothing else."""
    day = stage.plain_day(1)
    request = stage.request(
        "consulate-gr-novorossiysk", stage.ago(5), incoming_number="231", incoming_date=stage.plain_day(-5),
        process_key="courtesy-call", country="RU", title_ru="Протокольная встреча с генеральным консулом Греции",
        title_en="Courtesy call of the Consul General of Greece", size=2, place="Ставрополь",
        purpose="знакомство; предложение о связях с Патрами", basis_kind="request", basis_text="нота консульства",
        date_from=day, date_to=day,
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(4), host_name="Климов Андрей Юрьевич")
    stage.delegation(visit, "consul", stage.ago(4), confirmed=True)
    stage.items(visit, ItemData(day=day, starts=time(11), ends=time(11, 45), title_ru="Встреча с главой города",
                                title_en="Meeting with the Head of the City", place_ru="Администрация города, каб. 301",
                                place_en="City Administration, room 301", interpreter_needed=False), days_ago=4)


def online(stage: Stage) -> None:
    """An online session of the association: agreed, its agenda late."""
    day = stage.day(8)
    request = stage.request(
        "ero-uclg", stage.ago(18), direction="online", process_key="online-meeting", country="", languages=["ru", "en"],
        title_ru="Онлайн-сессия ЕРО ОГМВ «Цифровой город»", title_en="ERO UCLG online session: The Digital City",
        purpose="доклад о городских сервисах", basis_kind="association", basis_text="календарь ассоциации",
        date_from=day, date_to=day, place="онлайн",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(15), responsible_id=stage.cast.id_of("coordinator2"),
                         substitute_id=stage.cast.id_of("coordinator"))
    stage.advance(visit, "agree", stage.ago(11))


def simferopol(stage: Stage) -> None:
    """A colleague from Simferopol was here last week: the report is overdue, a promise is open."""
    first = stage.plain_day(-9)
    request = stage.request(
        "simferopol", stage.ago(30), incoming_number="163", incoming_date=stage.plain_day(-30),
        title_ru="Рабочая встреча с коллегами из Симферополя",
        title_en="Working meeting with colleagues from Simferopol",
        size=1, place="Ставрополь", purpose="обмен опытом благоустройства", basis_kind="agreement",
        basis_text="соглашение Ставропольской городской Думы и Симферопольского городского совета",
        date_from=first, date_to=first + timedelta(days=1),
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(29))
    stage.advance(visit, "invite", stage.ago(28))
    ensure_invitation(stage.session, stage.ago(28), visit.id)
    record_answer(stage.session, stage.cast["coordinator"], stage.ago(26), visit.id, Answer.COMING,
                  channel=Channel.PHONE)
    stage.delegation(visit, "simferopol", stage.ago(24), confirmed=True, close=True)
    stage.advance(visit, "prepare", stage.ago(23))
    add_item(stage.session, stage.cast["coordinator"], stage.ago(20), visit.id,
             ItemData(day=first, starts=time(10), ends=time(13), title_ru="Рабочая встреча",
                      place_ru="Администрация города"))
    without_order = {"papers.paper_signed(kind=order-receiving)": "Расходы малы, распоряжение не нужно."}
    advance_visit(stage.session, stage.cast["manager"], stage.ago(10), visit.id, "confirm_ready",
                  overrides=without_order)
    stage.advance(visit, "start", stage.ago(9))
    stage.advance(visit, "finish", stage.ago(7))
    open_report(stage.session, stage.cast["coordinator"], stage.ago(7), visit.id)
    add_outcome(stage.session, stage.cast["coordinator"], stage.ago(6), visit.id, OutcomeData(
        kind="promise", what="Выслать образец договора на озеленение дворов", due_on=stage.plain_day(-2),
        owner_id=stage.cast.id_of("coordinator")))


def temuco(stage: Stage) -> None:
    """Temuco asked, was accepted, and is postponed."""
    first = stage.day(96)
    request = stage.request(
        "temuco", stage.ago(33), incoming_number="149", incoming_date=stage.plain_day(-33), size=4,
        title_ru="Визит делегации города Темуко", title_en="Visit of the Temuco delegation", place="Ставрополь",
        purpose="возобновление побратимских связей", basis_kind="request", basis_text="письмо муниципалитета Темуко",
        date_from=first, date_to=first + timedelta(days=4),
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(31))
    postpone_visit(stage.session, stage.cast["manager"], stage.ago(12), visit.id,
                   reason="Партнёр просит перенести: новые даты сообщит после выборов.")


def requests(stage: Stage) -> None:
    """Requests that wait: one for a decision, one for an answer; one is declined."""
    first = stage.day(64)
    stage.request(
        "changzhou", stage.ago(6), incoming_number="228", incoming_date=stage.plain_day(-6),
        title_ru="Визит делегации города Чанчжоу", title_en="Visit of the Changzhou delegation", size=8,
        purpose="ярмарка экспортных товаров", place="Ставрополь", date_from=first, date_to=first + timedelta(days=4),
        basis_kind="agreement", basis_text="соглашение о побратимских связях (2014)",
    )  # fmt: skip
    asked = stage.request(
        "pazardzhik", stage.ago(10), incoming_number="221", incoming_date=stage.plain_day(-10),
        title_ru="Обмен хореографическими коллективами", title_en="Exchange of dance ensembles",
        purpose="выступление детского ансамбля", place="Ставрополь", basis_kind="request",
        basis_text="письмо общины Пазарджик",
    )  # fmt: skip
    ask_more(stage.session, stage.cast["manager"], stage.ago(8), asked.id,
             "Сколько детей и взрослых приедет и в какие дни?")
    tour = stage.request(
        None, stage.ago(14), source=RequestSource.PUBLIC_FORM, asking_body="Example Tours Ltd", country="GB",
        title_en="Group visit of tourists", title_ru="Групповая поездка туристов", size=30, purpose="экскурсия",
        languages=["en"], place="Ставрополь", basis_kind="request",
    )  # fmt: skip
    decline_request(stage.session, stage.cast["manager"], stage.ago(13), tour.id,
                    "Отдел принимает официальные делегации; туристические группы — нет.")


SCENES: tuple[Callable[[Stage], None], ...] = (
    kadikoy, zhenjiang, experts, grozny, consul, online, simferopol, temuco, requests,
)  # fmt: skip


def play(session: Session, cast: Cast, now: datetime) -> None:
    """Open every visit of the demo and carry it to where it stands today."""
    partners = {row.key: row for row in session.scalars(select(Partner))}
    stage = Stage(session, cast, now, partners)
    for scene in SCENES:
        scene(stage)
