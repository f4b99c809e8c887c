"""A visit's logistics through the real database and its pages: who enters what, what is refused, what papers get."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base.actor import Actor, Role
from workflow.base.database import lock_row
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from workflow.base.events import Event
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.programme import service as programme
from workflow.programme.logistics import facts, service
from workflow.programme.logistics.models import CostLine, Lodging, Transfer
from workflow.programme.logistics.queries import rows_of
from workflow.programme.logistics.registers import COSTS, ESTIMATE, GIFTS, LODGING, REGISTERS, TASKS, TRANSPORT
from workflow.programme.logistics.rules import amount, amount_text, line_sum, over_norm, plain_amount
from workflow.visits.models import Visit, VisitAccess
from workflow.visits.rules import Standing

LUNCH = {"heading": "meals", "what_ru": "Обед", "what_en": "Lunch", "unit": "person", "quantity": 5, "days": 3,
         "price": 250_050, "norm": 250_000, "payer": "host", "budget_line": "0113 244"}  # fmt: skip
HOTEL = {"hotel_ru": "гостиница «Образец»", "first_day": date(2027, 5, 14), "last_day": date(2027, 5, 17), "rooms": 4,
         "payer": "sending"}  # fmt: skip
FLIGHT = {"leg": "arrival", "vehicle": "flight", "number": "XX 101", "day": date(2027, 5, 14), "at": time(11, 20),
          "driver_ru": "Примеров Олег"}  # fmt: skip


@pytest.fixture
def clerk(make: Make) -> Actor:
    """A coordinator."""
    return make.actor(Role.COORDINATOR)


@pytest.fixture
def visit(make: Make) -> Any:
    """A visit from 14 May 2027."""
    return make.visit(arrival=date(2027, 5, 14))


on_postgres = pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)


@pytest.fixture
def taken_out(session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Have somebody else take a row out in the moment before its visit is held."""
    doomed: list[Any] = []

    def lock_late(own: Session, model: Any, row_id: int) -> Any:
        while doomed:
            with own.get_bind().engine.begin() as rival:
                rival.execute(delete(type(doomed[0])).where(type(doomed[0]).id == doomed.pop().id))
        return lock_row(own, model, row_id)

    monkeypatch.setattr(service, "lock_row", lock_late)
    monkeypatch.setattr(programme, "lock_row", lock_late)
    return doomed.append


def scope(visit: Any, now: datetime, subject: tuple[str, int] | None = None) -> FactScope:
    return FactScope(visit.id, "*", now, subject)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("12 500,50", 1_250_050), ("12500.5", 1_250_050), ("7", 700), ("0", 0), ("12\u00a0500", 1_250_000), ("-1", None),
     ("1e9", None), ("1,234,567", None), ("1.005", None), ("", None), ("٣", None), ("9" * 14, None)],
)  # fmt: skip
def test_amount_is_read_exactly_or_not_at_all(typed: str, minor: int | None) -> None:
    assert amount(typed) == minor


def test_amounts_are_written_by_language() -> None:
    assert plain_amount(1_250_050, "ru") == "12\u00a0500,50"
    assert amount_text(1_250_050, "RUB", "ru") == "12\u00a0500,50\u00a0руб."
    assert amount_text(1_250_050, "EUR", "ru") == "12\u00a0500,50\u00a0EUR"
    assert amount_text(1_250_050, "RUB", "en") == "RUB\u00a012,500.50"
    assert line_sum(price=250_050, quantity=5, days=3) == 3_750_750
    assert [over_norm(5, norm) for norm in (None, 5, 4)] == [False, False, True]


def test_estimate_adds_up_by_payer(session: Session, now: datetime, clerk: Actor, visit: Any) -> None:
    service.add_row(session, clerk, now, visit.id, COSTS, LUNCH)
    service.add_row(session, clerk, now, visit.id, COSTS, {**LUNCH, "payer": "sending", "price": 100, "norm": None})
    service.add_row(session, clerk, now, visit.id, ESTIMATE, {"currency": "EUR", "source_ru": "бюджет города"})
    commit(session)
    told = facts.costs(session, scope(visit, now))
    assert (told["currency"], told["total"], told["source"]) == ("EUR", 3_752_250, {"ru": "бюджет города", "en": ""})
    assert [(part["payer"]["ru"], part["sum"]) for part in told["by_payer"]] == [
        ("принимающая сторона", 3_750_750), ("направляющая сторона", 1500)]  # fmt: skip
    assert [line["over_norm"] for line in told["lines"]] == [True, False]
    assert told["lines"][0]["sum_text"] == {"ru": "37\u00a0507,50", "en": "37,507.50"}
    assert told["host_total_text"]["en"] == "EUR\u00a037,507.50"


@pytest.mark.parametrize(("direction", "ours"), [("incoming", "host"), ("hosted", "host"), ("outgoing", "sending")])
def test_what_was_spent_is_set_against_what_we_planned_to_pay(
    session: Session, make: Make, now: datetime, clerk: Actor, direction: str, ours: str
) -> None:
    theirs = "sending" if ours == "host" else "host"
    visit = make.visit(arrival=date(2027, 5, 14), direction=direction)
    service.add_row(session, clerk, now, visit.id, COSTS, {**LUNCH, "payer": theirs})
    first = service.add_row(session, clerk, now, visit.id, COSTS, {**LUNCH, "payer": ours, "spent": 4_000_000})
    second = service.add_row(session, clerk, now, visit.id, COSTS, {**LUNCH, "payer": ours, "price": 10_000})
    commit(session)
    told = facts.costs(session, scope(visit, now))["actual"]
    assert [line["n"] for line in told["lines"]] == [2, 3]
    assert told["lines"][0]["spent_text"]["en"] == "40,000.00"
    assert told["lines"][0]["difference_text"] == {"ru": "+2\u00a0492,50", "en": "+2,492.50"}
    assert (told["lines"][1]["spent_text"], told["spent_text"], told["difference_text"]) == (None, None, None)
    service.change_row(session, clerk, now, COSTS, second.id, {**LUNCH, "payer": ours, "price": 10_000, "spent": 0},
                       version=second.lock_version)  # fmt: skip
    service.change_row(session, clerk, now, COSTS, first.id, {**LUNCH, "payer": ours, "spent": 3_000_000},
                       version=first.lock_version)  # fmt: skip
    commit(session)
    told = facts.costs(session, scope(visit, now))["actual"]
    assert told["planned_text"]["ru"] == "39\u00a0007,50\u00a0руб."
    assert told["spent_text"]["ru"] == "30\u00a0000,00\u00a0руб."
    assert told["difference_text"] == {"ru": "−9\u00a0007,50\u00a0руб.", "en": "−RUB\u00a09,007.50"}


def test_nothing_entered_is_empty_and_never_a_guess(session: Session, now: datetime, visit: Any) -> None:
    costs = facts.costs(session, scope(visit, now))
    assert costs["total_text"] is None
    assert costs["actual"] == {"lines": [], "planned_text": None, "spent_text": None, "difference_text": None}
    assert facts.lodging(session, scope(visit, now)) == {"stays": []}
    assert facts.gifts(session, scope(visit, now)) == {"given": [], "received": []}
    assert facts.transport(session, scope(visit, now)) == {"arrivals": [], "departures": [], "rides": []}
    entry = facts.entry(session, scope(visit, now))
    assert (entry["entries"], entry["consulate"], entry["association"]["name"], entry["days"]) == (None, None, None, 4)
    assert facts.trip(session, scope(visit, now, ("member", 1))) == dict.fromkeys(
        ("task", "result", "materials", "report"))  # fmt: skip


def test_every_register_has_an_empty_form_that_says_what_it_needs(
    session: Session, now: datetime, clerk: Actor, visit: Any
) -> None:
    for register in REGISTERS.values():
        with pytest.raises(Invalid) as refused:
            service.add_row(session, clerk, now, visit.id, register, {})
        wanted = {field.columns[0] for field in register.fields if field.required}
        assert {problem.field for problem in refused.value.problems if problem.code == "base.required"} == wanted


@pytest.mark.parametrize(
    ("register", "values", "field", "code"),
    [
        (COSTS, {**LUNCH, "heading": "bribes"}, "heading", "base.not-a-choice"),
        (COSTS, {**LUNCH, "quantity": 0}, "quantity", "base.out-of-range"),
        (COSTS, {**LUNCH, "price": -1}, "price", "base.out-of-range"),
        (COSTS, {**LUNCH, "price": 10**14}, "price", "base.out-of-range"),
        (COSTS, {**LUNCH, "spent": -1}, "spent", "base.out-of-range"),
        (COSTS, {**LUNCH, "what_ru": "я" * 301}, "what_ru", "base.too-long"),
        (LODGING, {**HOTEL, "last_day": date(2027, 5, 14)}, "last_day", "programme.nights-swapped"),
        (TRANSPORT, {**FLIGHT, "day": date(2031, 1, 1)}, "day", "programme.day-far-off"),
        (TRANSPORT, {**FLIGHT, "at": time.fromisoformat("11:20+03:00")}, "at", "programme.local-times"),
        (ESTIMATE, {"currency": "XXX"}, "currency", "base.not-a-choice"),
        (TASKS, {"member": 999_999, "task_ru": "x"}, "member", "base.not-a-choice"),
    ],
)
def test_wrong_value_is_named_at_its_field(
    session: Session, now: datetime, clerk: Actor, visit: Any, register: Any, values: dict[str, Any], field: str,
    code: str,
) -> None:  # fmt: skip
    with pytest.raises(Invalid) as refused:
        service.add_row(session, clerk, now, visit.id, register, values)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


def test_one_estimate_and_one_task_for_each_traveller(
    session: Session, make: Make, now: datetime, clerk: Actor, visit: Any
) -> None:
    member = make.member(visit)
    task = {"member": member.id, "task_ru": "вручить адрес", "task_en": "to present the address"}
    service.add_row(session, clerk, now, visit.id, ESTIMATE, {"currency": "RUB"})
    service.add_row(session, clerk, now, visit.id, TASKS, task)
    commit(session)
    with pytest.raises(Conflict, match=r"programme\.entered-already"):
        service.add_row(session, clerk, now, visit.id, ESTIMATE, {"currency": "EUR"})
    with pytest.raises(Invalid) as refused:
        service.add_row(session, clerk, now, visit.id, TASKS, task)
    assert [(one.field, one.code) for one in refused.value.problems] == [("member", "programme.task-entered-already")]
    told = facts.trip(session, scope(visit, now, ("member", member.id)))
    assert told["task"] == {"ru": "вручить адрес", "en": "to present the address"}
    assert facts.trip(session, scope(make.visit(), now, ("member", member.id)))["task"] is None


def test_change_is_one_event_without_the_driver(session: Session, now: datetime, clerk: Actor, visit: Any) -> None:
    row = service.add_row(session, clerk, now, visit.id, TRANSPORT, FLIGHT)
    commit(session)
    seen = row.lock_version
    service.change_row(session, clerk, now, TRANSPORT, row.id, {**FLIGHT, "at": time(12), "driver_ru": "Иной Водитель"},
                       version=seen)  # fmt: skip
    commit(session)
    event = session.scalars(select(Event).where(Event.kind == service.EVENT, Event.note == "changed")).one()
    assert event.changes == {"register": [None, "transport"], "at": ["11:20", "12:00"], "driver_ru": None}
    with pytest.raises(Stale):
        service.change_row(session, clerk, now, TRANSPORT, row.id, FLIGHT, version=seen)


def test_strangers_and_translators_reach_no_logistics(
    session: Session, make: Make, now: datetime, clerk: Actor, visit: Any
) -> None:
    row = service.add_row(session, clerk, now, visit.id, GIFTS, {"way": "given", "what_ru": "альбом"})
    commit(session)
    with pytest.raises(NotFound):
        service.change_row(session, make.actor(Role.TRANSLATOR), now, GIFTS, row.id, {})
    with pytest.raises((Forbidden, NotFound)):
        service.add_row(session, make.actor(Role.TRANSLATOR), now, visit.id, GIFTS, {"way": "given", "what_ru": "x"})
    for access in session.scalars(select(VisitAccess)):
        access.ended_at = now
    commit(session)
    with pytest.raises(NotFound):
        service.remove_row(session, clerk, now, GIFTS, row.id)


def test_closed_visit_keeps_its_estimate(session: Session, now: datetime, clerk: Actor, visit: Any) -> None:
    row = service.add_row(session, clerk, now, visit.id, COSTS, LUNCH)
    session.get_one(Visit, visit.id).standing = Standing.CLOSED.value
    commit(session)
    with pytest.raises(Conflict, match=r"programme\.visit-over"):
        service.remove_row(session, clerk, now, COSTS, row.id)


def test_coordinator_enters_by_clicking_and_reads_it_back(
    session: Session, visit: Any, client_as: Callable[..., Client]
) -> None:
    browser = client_as(Role.COORDINATOR)
    here = f"/visits/{visit.id}/logistics"
    for key in REGISTERS:
        assert browser.get(f"{here}/{key}/new").status_code == 200, key
    assert browser.get(f"{here}/bribes/new").status_code == 404
    form = {"heading": "meals", "what_ru": "Обед", "unit": "person", "quantity": "5", "days": "3", "price": "2 500,50",
            "payer": "host"}  # fmt: skip
    assert browser.post(f"{here}/costs/new", form).status_code == 303
    row = session.scalars(select(CostLine)).one()
    session.rollback()
    page = browser.get(here).get_data(as_text=True)
    assert "37\u00a0507,50\u00a0руб." in page
    assert "Израсходовано" not in page
    again = browser.get(f"{here}/costs/{row.id}").get_data(as_text=True)
    assert 'value="2500,50"' in again
    assert "Фактически израсходовано по строке" in again
    paid = {**form, "spent": "36 000", "version": row.lock_version}
    assert browser.post(f"{here}/costs/{row.id}", paid).status_code == 303
    session.refresh(row)
    assert row.spent == 3_600_000
    session.rollback()
    assert "израсходовано: 36\u00a0000,00\u00a0руб." in browser.get(here).get_data(as_text=True)
    assert "Израсходовано по документам: 36\u00a0000,00\u00a0руб." in browser.get(here).get_data(as_text=True)
    wrong = browser.post(f"{here}/costs/{row.id}", {**form, "price": "много", "version": row.lock_version})
    assert wrong.status_code == 422
    assert "Напишите сумму цифрами" in wrong.get_data(as_text=True)
    stale = browser.post(f"{here}/costs/{row.id}", {**form, "price": "1", "version": 99})
    assert stale.status_code == 409
    assert browser.post(f"{here}/costs/{row.id}/remove", {"version": row.lock_version}).status_code == 303
    assert session.scalars(select(CostLine)).all() == []


def test_row_of_another_visit_is_not_found(
    session: Session, make: Make, now: datetime, clerk: Actor, visit: Any, client_as: Callable[..., Client]
) -> None:
    row = service.add_row(session, clerk, now, visit.id, LODGING, HOTEL)
    other = make.visit()
    commit(session)
    browser = client_as(Role.COORDINATOR)
    assert browser.get(f"/visits/{other.id}/logistics/lodging/{row.id}").status_code == 404
    assert browser.get(f"/visits/{visit.id}/logistics/lodging/{row.id}").status_code == 200
    assert [one.id for one in rows_of(session, LODGING, visit.id)] == [row.id]
    assert (session.get_one(Lodging, row.id).rooms, session.scalars(select(Transfer)).all()) == (4, [])


def test_translator_has_no_page_of_logistics(visit: Any, client_as: Callable[..., Client]) -> None:
    assert client_as(Role.TRANSLATOR).get(f"/visits/{visit.id}/logistics").status_code == 403


def test_page_takes_the_same_number_of_queries_however_long(
    session: Session, now: datetime, clerk: Actor, visit: Any, client_as: Callable[..., Client],
    count_queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    browser = client_as(Role.COORDINATOR)
    service.add_row(session, clerk, now, visit.id, COSTS, LUNCH)
    commit(session)
    browser.get(f"/visits/{visit.id}/logistics")
    few = count_queries(lambda: browser.get(f"/visits/{visit.id}/logistics"))
    for _ in range(20):
        service.add_row(session, clerk, now, visit.id, COSTS, LUNCH)
        service.add_row(session, clerk, now, visit.id, GIFTS, {"way": "given", "what_ru": "альбом"})
    commit(session)
    assert count_queries(lambda: browser.get(f"/visits/{visit.id}/logistics")) == few


@on_postgres
def test_row_that_somebody_took_out_a_moment_before_is_not_found(
    session: Session, now: datetime, clerk: Actor, visit: Any, taken_out: Callable[[Any], None]
) -> None:
    for act in (
        lambda row: service.remove_row(session, clerk, now, COSTS, row.id),
        lambda row: service.change_row(session, clerk, now, COSTS, row.id, LUNCH),
    ):
        row = service.add_row(session, clerk, now, visit.id, COSTS, LUNCH)
        commit(session)
        taken_out(row)
        with pytest.raises(NotFound):
            act(row)
    meeting = programme.ItemData(day=date(2027, 5, 14), title_ru="Встреча")
    for act in (
        lambda item: programme.remove_item(session, clerk, now, item.id),
        lambda item: programme.change_item(session, clerk, now, item.id, meeting),
    ):
        item = programme.add_item(session, clerk, now, visit.id, meeting)
        commit(session)
        taken_out(item)
        with pytest.raises(NotFound):
            act(item)
