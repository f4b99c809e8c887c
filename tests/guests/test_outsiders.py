"""Who is no traveller ends too: drivers, whom we told the days, words of an answer, who asked, former contacts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from tests.servers import both_databases
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.guests.privacy import purging
from workflow.guests.privacy.retention import set_terms
from workflow.guests.privacy.rules import Kind
from workflow.invitations.models import Invitation
from workflow.partners.models import PartnerContact
from workflow.partners.service import add_contact, archive_contact
from workflow.programme.logistics.models import Transfer
from workflow.visits.models import Told, Visit, VisitRequest
from workflow.visits.rules import RequestState, Standing
from workflow.visits.service import note_told

DRIVER, CONTACT, NOTE = "Колесов Иван, +7 900 000 11 22", "Deniz Deneme", "His assistant Aylin called"
ONE_YEAR, FIVE_YEARS = timedelta(days=365), timedelta(days=1825)
COUNT = Callable[..., int]


def entered(session: Session, visit: Visit) -> tuple[Transfer, Invitation]:
    """Enter a driver, an answer in words and somebody whom we told the days."""
    ride = Transfer(visit_id=visit.id, day=date(2027, 5, 12), car_ru="А 001 АА", driver_ru=DRIVER, driver_en=DRIVER,
                    created_at=clock.now())
    answer = Invitation(visit_id=visit.id, answer="coming", channel="mail", note=NOTE, created_at=clock.now())
    session.add_all([ride, answer])
    note_told(session, clock.now(), visit.id, name=CONTACT, address="deniz@kadikoy.example", language="en")
    commit(session)
    return ride, answer


def asked(session: Session, reference: str, **values: Any) -> VisitRequest:
    """Keep a request with a contact."""
    made = VisitRequest(**{"reference": reference, "source": "letter", "received_on": date(2027, 3, 15),
                           "title_ru": "Визит", "asking_body": "Кадыкёй", "contact_name": CONTACT,
                           "contact_email": "deniz@kadikoy.example", "contact_phone": "+90 1",
                           "created_at": clock.now()} | values)
    session.add(made)
    commit(session)
    return made


def contact_of(session: Session, request: VisitRequest) -> set[str | None]:
    """Give what is still known of a request's contact."""
    session.refresh(request)
    return {request.contact_name, request.contact_email, request.contact_phone}


def night(session: Session, at: datetime) -> int:
    """Purge outsiders as of a moment."""
    done = purging.purge(session, at, kind=Kind.ADDRESSEES)
    commit(session)
    return done


def closed(session: Session, visit: Visit) -> None:
    """Close a visit now."""
    visit.standing, visit.closed_at = Standing.CLOSED.value, clock.now()
    commit(session)


@both_databases
def test_drivers_whom_we_told_and_words_of_an_answer_go_a_year_after_the_visit_is_closed(
    session: Session, make: Make
) -> None:
    visit, going_on = make.visit(), make.visit()
    (ride, answer), (other_ride, other_answer) = entered(session, visit), entered(session, going_on)
    closed(session, visit)
    assert night(session, clock.now() + ONE_YEAR) == 0
    assert ride.driver_ru == DRIVER
    assert night(session, clock.now() + ONE_YEAR + timedelta(days=1)) == 1
    session.expire_all()
    assert (ride.driver_ru, ride.driver_en, ride.car_ru) == (None, None, "А 001 АА")
    assert (answer.note, answer.answer, answer.channel) == (None, "coming", "mail")
    assert session.scalars(select(Told.visit_id)).all() == [going_on.id]
    assert (other_ride.driver_ru, other_answer.note) == (DRIVER, NOTE)
    told = session.scalars(select(Event).where(Event.kind == "privacy.purge.done")).one()
    assert (told.changes["kind"], told.changes["count"]) == ([None, "addressees"], [None, 1])
    assert night(session, clock.now() + 2 * ONE_YEAR) == 0


@both_databases
@pytest.mark.parametrize("state", [RequestState.DECLINED, RequestState.WITHDRAWN])
def test_contact_of_a_request_that_led_to_no_visit_goes_a_year_after_the_decision(
    session: Session, state: RequestState
) -> None:
    request = asked(session, "R-1", state=state.value, reason="no time", decided_at=clock.now())
    known = contact_of(session, request)
    assert night(session, clock.now() + ONE_YEAR) == 0
    assert contact_of(session, request) == known
    assert night(session, clock.now() + ONE_YEAR + timedelta(days=1)) == 1
    assert contact_of(session, request) == {None}
    assert (request.asking_body, request.reason, request.state) == ("Кадыкёй", "no time", state.value)


@both_databases
def test_contact_of_an_accepted_request_is_kept_while_its_visit_goes_on(session: Session, make: Make) -> None:
    visit = make.visit()
    request = asked(session, "R-1", state="accepted", decided_at=clock.now(), visit_id=visit.id)
    assert night(session, clock.now() + 3 * ONE_YEAR) == 0
    assert CONTACT in contact_of(session, request)
    closed(session, visit)
    assert night(session, clock.now() + ONE_YEAR + timedelta(days=1)) == 1
    assert contact_of(session, request) == {None}


@both_databases
def test_contact_of_a_request_that_nobody_decided_is_kept_as_long_as_papers_and_no_shorter_than_others(
    session: Session,
) -> None:
    request = asked(session, "R-1")
    assert night(session, clock.now() + FIVE_YEARS) == 0
    set_terms(session, SYSTEM, clock.now(), {Kind.PAPERS: 1, Kind.ADDRESSEES: 730}, set(), seen=None)
    assert night(session, clock.now() + 2 * ONE_YEAR) == 0
    assert CONTACT in contact_of(session, request)
    set_terms(session, SYSTEM, clock.now(), {Kind.PAPERS: 1825}, set(), seen=None)
    assert night(session, clock.now() + FIVE_YEARS + timedelta(days=1)) == 1
    assert contact_of(session, request) == {None}


@both_databases
def test_night_takes_outsiders_in_batches_with_as_many_questions_for_many_as_for_few(
    session: Session, make: Make, count_queries: COUNT, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 20)

    def questions(number: int) -> int:
        visit = make.visit()
        for _ in range(number):
            asked(session, f"R-{next(make.count)}", state="withdrawn", decided_at=clock.now())
            session.add(Transfer(visit_id=visit.id, day=date(2027, 5, 12), driver_ru=DRIVER, created_at=clock.now()))
            note_told(session, clock.now(), visit.id, name=CONTACT, address=f"{next(make.count)}@x.example",
                      language="en")
        closed(session, visit)
        return count_queries(lambda: night(session, clock.now() + 2 * ONE_YEAR))

    assert questions(1) == questions(20)
    questions(25)
    assert session.scalar(select(func.count(Told.id))) == 5
    assert session.scalar(select(func.count(Transfer.id)).where(Transfer.driver_ru.is_not(None))) == 5
    assert night(session, clock.now() + 2 * ONE_YEAR) == 5
    assert session.scalar(select(func.count(Told.id))) == 0


@both_databases
def test_archived_contact_of_a_partner_goes_a_year_later_and_those_of_today_stay(session: Session, make: Make) -> None:
    partner = make.partner()
    contacts = [add_contact(session, SYSTEM, clock.now(), partner.id, name=name, email="a@kadikoy.example")
                for name in ("Deniz", "Otto")]  # fmt: skip
    archive_contact(session, SYSTEM, clock.now(), contacts[0].id)
    commit(session)
    assert night(session, clock.now() + ONE_YEAR) == 0
    assert night(session, clock.now() + ONE_YEAR + timedelta(days=1)) == 1
    assert session.scalars(select(PartnerContact.name)).all() == ["Otto"]


def test_page_of_terms_says_in_both_languages_who_else_goes_and_when(
    session: Session, make: Make, client_as: Callable[..., Client]
) -> None:
    pages = [client_as(account=make.account(Role.ADMINISTRATOR, language=language)).get("/admin/personal-data/terms")
             for language in ("ru", "en")]  # fmt: skip
    russian, english = (unescape(page.get_data(as_text=True)) for page in pages)
    for words in ("водители, кому сообщали даты, текст ответов на приглашения",
                  "контактные лица обращений, архивные контактные лица партнёров",
                  "дней после закрытия визита, отклонения обращения или архивирования",
                  "Контактное лицо обращения, по которому нет решения, удаляется по истечении срока документов."):
        assert words in russian
    for words in ("drivers, whom we told the days, words of answers to invitations",
                  "contacts of requests, archived contacts of partners",
                  "days after the visit was closed, the request turned down or the contact archived",
                  "The contact of a request that nobody has decided goes after the term of papers."):
        assert words in english
