"""A journey of ours that is over: from the invitation to the filed report, closed, its promise kept."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.demo.cast import Cast
from workflow.demo.upcoming import Stage
from workflow.invitations.rules import Answer, Channel
from workflow.invitations.service import ensure_invitation, record_answer
from workflow.outcomes.rules import OutcomeVerb
from workflow.outcomes.service import OutcomeData, add_outcome, file_report, settle_outcome, write_report
from workflow.partners.models import Partner
from workflow.process.service import advance_visit
from workflow.programme.service import ItemData

REPORT = {
    "aim": "изучение опыта Элисты в благоустройстве общественных пространств",
    "aim_en": "to study how Elista designs its public spaces",
    "done": "Осмотрены парк и набережная, проведена рабочая встреча с главой города, передан приветственный адрес.",
    "done_en": "The park and the embankment were visited, a working meeting was held, a welcome address presented.",
    "results": "Стороны договорились обменяться проектами благоустройства и провести ответный визит в следующем году.",
    "results_en": "The cities will exchange their designs and hold a return visit next year.",
    "proposals": "Включить ответный визит в план международных и межрегиональных мероприятий.",
    "highlight": "тёплый приём и подробный рассказ специалистов о реконструкции парка",
    "highlight_en": "the warm welcome and the thorough account of how the park was rebuilt",
}
NO_ORDER = {"papers.paper_signed(kind=order-sending)": "Распоряжение подписано на бумаге до начала работы в системе."}


def elista(stage: Stage) -> None:
    """Elista: two went, came back, reported; what was promised is done, and the visit is closed."""
    session, clerk, first = stage.session, stage.cast["coordinator"], stage.plain_day(-34)
    request = stage.request(
        "elista", stage.ago(58), incoming_number="118", incoming_date=stage.plain_day(-58), direction="outgoing",
        process_key="outgoing", title_ru="Рабочая поездка в Элисту", title_en="Working visit to Elista", size=2,
        place="Элиста", purpose="изучение опыта благоустройства общественных пространств", basis_kind="agreement",
        basis_text="соглашение о сотрудничестве с городом Элистой", date_from=first,
        date_to=first + timedelta(days=1), payer="Проезд оплачивает направляющая сторона, проживание — принимающая.",
    )  # fmt: skip
    visit = stage.accept(request, stage.ago(56))
    ensure_invitation(session, stage.ago(56), visit.id)
    record_answer(session, clerk, stage.ago(55), visit.id, Answer.COMING, channel=Channel.MAIL)
    stage.advance(visit, "compose", stage.ago(55))
    stage.delegation(visit, "elista", stage.ago(52), confirmed=True, close=True)
    stage.advance(visit, "prepare", stage.ago(50))
    stage.items(
        visit,
        ItemData(day=first, starts=time(7), title_ru="Выезд из Ставрополя", title_en="Departure from Stavropol"),
        ItemData(day=first, starts=time(15), ends=time(16, 30), title_ru="Встреча с главой города",
                 title_en="Meeting with the Head of the City", place_ru="Администрация города Элисты",
                 place_en="City Administration of Elista", host_ru="Глава города Элисты"),
        ItemData(day=first + timedelta(days=1), starts=time(10), ends=time(13), title_ru="Осмотр парка и набережной",
                 title_en="Tour of the park and the embankment", place_ru="Парк «Дружба»", place_en="Druzhba Park"),
        days_ago=45,
    )  # fmt: skip
    advance_visit(session, stage.cast["manager"], stage.ago(37), visit.id, "confirm_ready", overrides=NO_ORDER)
    stage.advance(visit, "depart", stage.ago(34))
    stage.advance(visit, "return", stage.ago(32))
    write_report(session, clerk, stage.ago(31), visit.id, REPORT)
    promise = add_outcome(session, clerk, stage.ago(31), visit.id, OutcomeData(
        kind="promise", what="Выслать в Элисту проект благоустройства бульвара", due_on=stage.plain_day(-20),
        what_en="Send Elista the design of the boulevard", owner_id=stage.cast.id_of("coordinator")))
    file_report(session, clerk, stage.ago(30), visit.id)
    stage.advance(visit, "follow_up", stage.ago(30))
    settle_outcome(session, clerk, stage.ago(22), promise.id, OutcomeVerb.FINISH, note="Проект выслан почтой.")
    stage.advance(visit, "close", stage.ago(21))


def come_home(session: Session, cast: Cast, now: datetime) -> None:
    """Play the journeys that are over."""
    elista(Stage(session, cast, now, {row.key: row for row in session.scalars(select(Partner))}))
    session.flush()
