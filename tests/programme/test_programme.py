"""A programme through the real database: order, warnings, conditions, who sees what, what is printed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import Actor, Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from workflow.base.events import Event
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.programme import queries, service
from workflow.programme.conditions import CONDITIONS
from workflow.programme.facts import programme
from workflow.programme.models import ProgrammeItem
from workflow.programme.rules import Clash, Direction
from workflow.programme.service import ItemData
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by

MEETING = ItemData(day=date(2027, 5, 14), starts=time(10), ends=time(11, 30), title_ru="Встреча с главой города",
                   title_en="Meeting with the Mayor", place_ru="пр. К. Маркса, 96", host_ru="И. Ульянченко",
                   internal_note="Подарок у Петровой")


@pytest.fixture
def boss(make: Make) -> Actor:
    """A coordinator."""
    return make.actor(Role.COORDINATOR)


@pytest.fixture
def visit(make: Make) -> Any:
    """A visit from 14 May 2027."""
    return make.visit(arrival=date(2027, 5, 14))


def order(session: Session, visit: Any) -> list[str]:
    """Give the titles of a visit's programme in order."""
    return [item.title_ru for item in queries.items_of(session, visit.id)]


def test_items_stand_by_hour_and_move_by_hand(session: Session, now: datetime, boss: Actor, visit: Any) -> None:
    for title, hour in (("обед", 13), ("встреча", 10), ("музей", 15)):
        service.add_item(session, boss, now, visit.id, replace(MEETING, title_ru=title, starts=time(hour), ends=None))
    commit(session)
    assert order(session, visit) == ["встреча", "обед", "музей"]
    last = queries.items_of(session, visit.id)[2]
    service.move_item(session, boss, now, last.id, Direction.UP)
    commit(session)
    assert order(session, visit) == ["встреча", "музей", "обед"]
    with pytest.raises(Conflict, match=r"programme\.at-the-edge"):
        service.move_item(session, boss, now, queries.items_of(session, visit.id)[0].id, Direction.UP)


def test_changed_hour_moves_the_item(session: Session, now: datetime, boss: Actor, visit: Any) -> None:
    for title, hour in (("а", 9), ("б", 10), ("в", 11)):
        service.add_item(session, boss, now, visit.id, replace(MEETING, title_ru=title, starts=time(hour), ends=None))
    first = queries.items_of(session, visit.id)[0]
    service.change_item(session, boss, now, first.id, replace(MEETING, title_ru="а", starts=time(12), ends=None))
    commit(session)
    assert order(session, visit) == ["б", "в", "а"]
    event = session.scalars(select(Event).where(Event.kind == "programme.item.changed", Event.note == "changed")).one()
    assert event.changes["starts"] == ["09:00", "12:00"]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title_ru": " ", "title_en": ""}, "title_ru", "base.required"),
        ({"ends": time(9)}, "ends", "programme.times-swapped"),
        ({"starts": None}, "starts", "base.required"),
        ({"day": date(2031, 1, 1)}, "day", "programme.day-far-off"),
        ({"interpreter_id": 1, "interpreter_name": "Кто-то"}, "interpreter_name", "programme.two-interpreters"),
        ({"responsible_id": 999_999}, "responsible_id", "base.not-a-choice"),
        ({"place_ru": "я" * 301}, "place_ru", "base.too-long"),
        ({"starts": time.fromisoformat("10:00+03:00")}, "starts", "programme.local-times"),
    ],
)
def test_wrong_value_is_named_at_its_field(
    session: Session, now: datetime, boss: Actor, visit: Any, change: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.add_item(session, boss, now, visit.id, replace(MEETING, **change))
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


def test_clash_in_another_visit_is_a_warning_and_never_a_block(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any
) -> None:
    other = make.visit(arrival=date(2027, 5, 14), title_ru="Консул")
    service.add_item(session, boss, now, visit.id, replace(MEETING, responsible_id=boss.account_id))
    service.add_item(session, boss, now, other.id, replace(MEETING, title_ru="Приём консула", starts=time(11),
                                                           ends=time(12), responsible_id=boss.account_id, host_ru=""))
    commit(session)
    notes = queries.clash_notes(session, boss, visit)
    assert [[(note.kind, note.who, note.other_title_ru, note.other_visit_title, note.starts) for note in found]
            for found in notes.values()] == [[(Clash.RESPONSIBLE, boss.name, "Приём консула", "Консул", "11:00")]]
    session.execute(update(Visit).where(Visit.id == other.id).values(standing="cancelled"))
    commit(session)
    assert queries.clash_notes(session, boss, visit) == {}


def test_named_interpreter_sees_the_visit_until_another_is_named(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any
) -> None:
    first, second = make.actor(Role.TRANSLATOR), make.actor(Role.TRANSLATOR)

    def seen(actor: Actor) -> list[int]:
        return list(session.scalars(select(Visit.id).where(seen_by(actor, Visit.id))))

    item = service.add_item(session, boss, now, visit.id, replace(MEETING, interpreter_id=first.account_id))
    commit(session)
    assert item.interpreter_needed
    assert (seen(first), seen(second)) == ([visit.id], [])
    service.change_item(session, boss, now, item.id, replace(MEETING, interpreter_id=second.account_id))
    commit(session)
    assert (seen(first), seen(second)) == ([], [visit.id])
    service.remove_item(session, boss, now, item.id)
    commit(session)
    assert seen(second) == []


def test_only_those_who_write_programmes_change_them(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any
) -> None:
    interpreter = make.actor(Role.TRANSLATOR)
    item = service.add_item(session, boss, now, visit.id, replace(MEETING, interpreter_id=interpreter.account_id))
    commit(session)
    with pytest.raises(Forbidden):
        service.change_item(session, interpreter, now, item.id, MEETING)
    with pytest.raises(NotFound):
        service.change_item(session, make.actor(Role.TRANSLATOR), now, item.id, MEETING)


def test_lost_race_shows_what_is_saved(session: Session, make: Make, now: datetime, boss: Actor, visit: Any) -> None:
    item = service.add_item(session, boss, now, visit.id, MEETING)
    commit(session)
    seen = item.lock_version
    service.change_item(session, boss, now, item.id, replace(MEETING, place_ru="Дума"), version=seen)
    commit(session)
    with pytest.raises(Stale) as refused:
        service.change_item(session, boss, now, item.id, replace(MEETING, place_ru="Музей"), version=seen)
    assert refused.value.current["place_ru"] == "Дума"


def test_conditions_name_each_item_without_an_interpreter(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any
) -> None:
    empty = make.visit()
    needing = service.add_item(session, boss, now, visit.id, replace(MEETING, interpreter_needed=True))
    service.add_item(session, boss, now, visit.id, replace(MEETING, interpreter_name="Мария Ивановна"))
    planned = CONDITIONS["programme.items_planned"](session, [visit.id, empty.id], {"min": 2})
    assert {key: [reason.params for reason in found] for key, found in planned.items()} == {
        visit.id: [], empty.id: [{"count": 0, "min": 2}]}
    named = CONDITIONS["programme.interpreters_named"](session, [visit.id, empty.id], {})
    assert named[empty.id] == []
    assert [reason.where.values for reason in named[visit.id] if reason.where] == [
        {"visit_id": visit.id, "item_id": needing.id}]


def test_facts_hold_both_languages_and_no_internal_note(
    session: Session, now: datetime, boss: Actor, visit: Any
) -> None:
    service.add_item(session, boss, now, visit.id, MEETING)
    facts = programme(session, FactScope(visit.id, "ru", now))
    assert facts["days"][0]["date"] == date(2027, 5, 14)
    shown = facts["days"][0]["items"][0]
    assert (shown["from"], shown["to"], shown["title"], shown["interpreter"]) == (
        "10:00", "11:30", {"ru": "Встреча с главой города", "en": "Meeting with the Mayor"}, None)
    assert "Подарок" not in str(facts)


def test_last_years_programme_is_copied_onto_new_dates(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any
) -> None:
    service.add_item(session, boss, now, visit.id, replace(MEETING, responsible_id=boss.account_id))
    service.add_item(session, boss, now, visit.id, replace(MEETING, day=date(2027, 5, 15), title_ru="Отъезд"))
    following = make.visit(arrival=date(2028, 5, 12))
    assert service.copy_programme(session, boss, now, visit.id, following.id) == 2
    copied = queries.items_of(session, following.id)
    assert [(item.day, item.title_ru, item.responsible_id, item.internal_note) for item in copied] == [
        (date(2028, 5, 12), "Встреча с главой города", None, ""), (date(2028, 5, 13), "Отъезд", None, "")]
    with pytest.raises(Conflict, match=r"programme\.not-empty"):
        service.copy_programme(session, boss, now, visit.id, following.id)


def test_programme_follows_moved_dates(session: Session, now: datetime, boss: Actor, visit: Any) -> None:
    service.add_item(session, boss, now, visit.id, MEETING)
    visit.arrival, visit.departure = visit.arrival + timedelta(days=14), visit.departure + timedelta(days=14)
    commit(session)
    assert service.move_onto_dates(session, boss, now, visit.id) == 1
    assert [item.day for item in queries.items_of(session, visit.id)] == [date(2027, 5, 28)]
    assert service.move_onto_dates(session, boss, now, visit.id) == 0


def test_closed_visit_keeps_its_programme(session: Session, now: datetime, boss: Actor, visit: Any) -> None:
    item = service.add_item(session, boss, now, visit.id, MEETING)
    visit.standing = "closed"
    commit(session)
    with pytest.raises(Conflict, match=r"programme\.visit-over"):
        service.remove_item(session, boss, now, item.id)


def test_pages_print_for_guests_without_notes_and_for_us_with_them(
    session: Session, make: Make, now: datetime, boss: Actor, visit: Any, client_as: Any
) -> None:
    account = make.account(Role.TRANSLATOR, name="Переводчица")
    service.add_item(session, boss, now, visit.id, replace(MEETING, interpreter_id=account.id))
    commit(session)
    staff, interpreter = client_as(Role.COORDINATOR), client_as(account=account)
    guest = staff.get(f"/visits/{visit.id}/programme/print?edition=guest&language=en").get_data(as_text=True)
    assert ("Meeting with the Mayor" in guest, "Подарок" in guest, "Programme of the visit" in guest) == (
        True, False, True)
    assert "1 item is not written wholly in this language" in guest
    working = staff.get(f"/visits/{visit.id}/programme/print?edition=working&language=ru").get_data(as_text=True)
    assert ("Подарок у Петровой" in working, "Переводчица" in working) == (True, True)
    seen = interpreter.get(f"/visits/{visit.id}/programme")
    assert (seen.status_code, "Подарок" in seen.get_data(as_text=True)) == (200, False)
    refused = interpreter.get(f"/visits/{visit.id}/programme/print?edition=working")
    assert (refused.status_code, "Подарок" in refused.get_data(as_text=True)) == (403, False)
    stranger = client_as(Role.TRANSLATOR)
    assert stranger.get(f"/visits/{visit.id}/programme").status_code == 404
    assert stranger.get(f"/visits/{visit.id}/programme.ics").status_code == 404


def test_pages_add_change_move_and_remove(session: Session, visit: Any, client_as: Any) -> None:
    browser = client_as(Role.COORDINATOR)
    new = f"/visits/{visit.id}/programme/new"
    wrong = browser.post(new, {"day": "2027-05-14", "starts": "12:00", "ends": "11:00", "title_ru": "Обед"})
    assert (wrong.status_code, "Окончание должно быть позже начала." in wrong.get_data(as_text=True)) == (422, True)
    for title, hour in (("Обед", "13:00"), ("Встреча", "10:00")):
        assert browser.post(new, {"day": "2027-05-14", "starts": hour, "title_ru": title}).status_code == 303
    first, second = session.scalars(select(ProgrammeItem).order_by(ProgrammeItem.position)).all()
    assert (first.title_ru, second.title_ru) == ("Встреча", "Обед")
    edit = f"/visits/{visit.id}/programme/{first.id}/edit"
    assert 'value="10:00"' in browser.get(edit).get_data(as_text=True)
    saved = browser.post(edit, {"day": "2027-05-14", "starts": "10:30", "title_ru": "Встреча в Думе", "version": "1"})
    assert saved.status_code == 303
    lost = browser.post(edit, {"day": "2027-05-14", "starts": "10:00", "title_ru": "Встреча в музее", "version": "1"})
    assert (lost.status_code, "Встреча в Думе" in lost.get_data(as_text=True)) == (409, True)
    assert browser.post(f"/visits/{visit.id}/programme/{second.id}/move", {"direction": "up"}).status_code == 303
    assert browser.post(f"/visits/{visit.id}/programme/{first.id}/remove").status_code == 303
    session.expire_all()
    assert [item.title_ru for item in session.scalars(select(ProgrammeItem))] == ["Обед"]
    assert "Обед" in browser.get(f"/visits/{visit.id}/programme").get_data(as_text=True)


def test_day_of_the_programme_on_which_somebody_does_not_work_is_marked(
    session: Session, now: datetime, boss: Actor, visit: Any, client_as: Any
) -> None:
    for day in (14, 15):
        service.add_item(session, boss, now, visit.id, replace(MEETING, day=date(2027, 5, day)))
    commit(session)
    shown = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/programme").get_data(as_text=True)
    friday, saturday = shown.partition('id="day-2027-05-14"')[2].split('id="day-2027-05-15"')
    assert "выходной" not in friday
    assert "выходной: Россия, Турция" in saturday


def test_calendar_file_gives_moments_and_no_notes(
    session: Session, now: datetime, boss: Actor, visit: Any, client_as: Any
) -> None:
    service.add_item(session, boss, now, visit.id, MEETING)
    service.add_item(session, boss, now, visit.id, replace(MEETING, day=date(2027, 5, 15), starts=None, ends=None,
                                                           title_ru="Отъезд"))
    commit(session)
    answer = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/programme.ics")
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [(str(event["summary"]), event["dtstart"].dt.isoformat()) for event in events] == [
        ("Встреча с главой города", "2027-05-14T07:00:00+00:00"), ("Отъезд", "2027-05-15")]
    assert "Подарок" not in answer.get_data(as_text=True)
