"""Several borders in one trip: each with its own days, areas with one visa, citizens, transits, moved visits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.servers import both_databases
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Conflict, Invalid, NotFound
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.people.service import PassportData, add_passport
from workflow.visas import crossing, opening, queries, recompute, service
from workflow.visas.borders import Border, Days, borders_of
from workflow.visas.conditions import passports_valid
from workflow.visas.crossing import Told
from workflow.visas.due import sync_visit
from workflow.visas.models import BorderCrossing, VisaCase
from workflow.visas.rules import CaseState, Entries
from workflow.visits.rules import Dates
from workflow.visits.service import write_dates

AREA = ("DE", "FR", "IT")
VISIT = Days(date(2027, 5, 10), date(2027, 5, 16))


@dataclass(frozen=True)
class One:
    """What somebody told of one border."""

    country: str
    first_day: date | None = None
    last_day: date | None = None
    entries: str = "single"
    transit: bool = False


def day(number: int) -> date:
    return date(2027, 5, number)


def ask(*told: One, base: tuple[str, str] | None = ("outbound", "DE"), own: tuple[str, ...] = ("RU",)) -> list[Border]:
    return borders_of(base, told, our_country="RU", citizenships=own, days=VISIT, areas=[AREA])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((), [Border("outbound", "DE")]),
        ((One("TR", day(8), day(9)),), [Border("outbound", "DE"), Border("outbound", "TR", day(8), day(9))]),
        ((One("DE", day(11), day(12), "double"),), [Border("outbound", "DE", day(11), day(12), "double")]),
        ((One("RU", day(8), day(9)),), [Border("outbound", "DE")]),
        (
            (One("IT", day(12), day(13)),),
            [Border("outbound", "DE", day(10), day(16), through=("IT",))],
        ),
        (
            (One("DE", day(10), day(11)), One("IT", day(12), day(16))),
            [Border("outbound", "IT", day(10), day(16), through=("DE",))],
        ),
        (
            (One("DE", day(10), day(11)), One("TR", day(12), day(13)), One("FR", day(14), day(14))),
            [
                Border("outbound", "DE", day(10), day(14), "double", through=("FR",)),
                Border("outbound", "TR", day(12), day(13)),
            ],
        ),
        (
            (One("DE", day(12), day(12)), One("IT", day(10), day(16), transit=True)),
            [Border("outbound", "DE", day(10), day(16), through=("IT",))],
        ),
    ],
)
def test_borders_of_one_traveller(told: tuple[One, ...], expected: list[Border]) -> None:
    assert ask(*told) == expected


def test_citizen_of_a_country_does_not_cross_its_border() -> None:
    assert ask(One("TR"), own=("RU", "TR")) == [Border("outbound", "DE")]
    assert ask(One("TR"), base=None, own=("RU",)) == [Border("outbound", "TR")]
    assert ask(One("RU"), base=None, own=("TR",)) == [Border("inbound", "RU")]


@pytest.fixture
def actor(make: Any) -> Actor:
    given: Actor = make.actor(Role.COORDINATOR)
    return given


@pytest.fixture
def trip(session: Session, make: Any, now: datetime) -> Any:
    """Two of ours go to Türkiye, one of them a citizen of Bulgaria too; cases are open."""
    made = make.visit(direction="outgoing", country="TR", place="Анкара", nights=6)
    for number, citizenships in enumerate((["RU"], ["RU", "BG"])):
        person = make.person(citizenships=citizenships)
        add_passport(session, SYSTEM, now, person, PassportData("RU", f"75000000{number}",
                     issued_on=date(2022, 1, 1), expires_on=date(2032, 1, 1), biometric=True))  # fmt: skip
        make.member(made, person)
    opening.open_cases(session, SYSTEM, now, made)
    commit(session)
    return made


def told(session: Session, actor: Actor, now: datetime, visit: Any, *some: Told) -> list[VisaCase]:
    for one in some:
        crossing.tell_crossing(session, actor, now, visit, one)
    recompute.recompute_visit(session, SYSTEM, now, visit)
    commit(session)
    return opening.load_cases(session, visit.id)


def borders(cases: list[VisaCase]) -> list[tuple[str, date | None, date | None]]:
    return sorted((case.destination, case.first_day, case.last_day) for case in cases)


@both_databases
def test_each_member_has_a_case_for_each_border_with_its_days(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    first = trip.arrival + timedelta(days=3)
    cases = told(session, actor, now, trip, Told("BG", first, trip.departure))
    assert borders(cases) == [("BG", first, trip.departure), ("TR", None, None), ("TR", None, None)]
    bulgarian = next(case for case in cases if case.destination == "BG")
    view = queries.view_case(session, trip, bulgarian, now)
    (route,) = view.answer.routes
    assert (route.rule.id, view.facts.first_day, view.facts.stay_days) == ("out.schengen.c", first, 4)
    assert route.milestones["submit_latest"].anchor_day == first


def test_moved_visit_moves_its_borders_and_their_due_days(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    first = trip.arrival + timedelta(days=3)
    cases = told(session, actor, now, trip, Told("DE", first, trip.departure))
    german = next(case for case in cases if case.destination == "DE")
    service.choose_route(session, actor, now, trip, german, "out.schengen.c")
    before = german.goes_off_on
    write_dates(session, actor, now, trip, Dates(trip.arrival + timedelta(days=7), trip.departure + timedelta(days=7)))
    changes = recompute.recompute_visit(session, SYSTEM, now, trip)
    commit(session)
    assert (german.first_day, german.last_day) == (first + timedelta(days=7), trip.departure)
    assert before is not None
    assert german.goes_off_on is not None
    assert german.goes_off_on > before
    assert "visas.change-goes-off" in [one["code"] for change in changes for one in change.changes]


def test_longer_visit_leaves_its_borders_alone_and_says_when_they_lie_outside(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    told(session, actor, now, trip, Told("DE", trip.departure - timedelta(days=1), trip.departure))
    (row,) = crossing.crossings_of(session, trip.id)
    assert crossing.lies_outside(row, trip) is False
    write_dates(session, actor, now, trip, Dates(trip.arrival, trip.departure - timedelta(days=2)))
    recompute.recompute_visit(session, SYSTEM, now, trip)
    assert crossing.lies_outside(row, trip) is True


def test_transit_is_asked_for_and_never_taken_for_a_stay(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    cases = told(session, actor, now, trip, Told("AM", trip.arrival, trip.arrival, transit=True))
    transits = [case for case in cases if case.destination == "AM"]
    assert [(case.state, case.options) for case in transits] == [(CaseState.ASKED, [])] * 2
    cases = told(session, actor, now, trip, Told("AM", trip.arrival, trip.arrival))
    assert [case.state for case in cases if case.destination == "AM"] == [CaseState.TO_CHOOSE] * 2


def test_second_entry_closes_a_route_for_one_entry_and_says_why(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    visit = make.visit()
    person = make.person(citizenships=["TR"])
    add_passport(session, SYSTEM, now, person, PassportData("TR", "U5550001", expires_on=date(2032, 1, 1)))
    make.member(visit, person)
    (case,) = told(session, actor, now, visit)
    assert "in.ru.evisa" in [option["rule"] for option in case.options]
    (case,) = told(session, actor, now, visit, Told("RU", entries=Entries.DOUBLE))
    assert [option["rule"] for option in case.options] == ["in.ru.ordinary.mvd-invitation"]


def test_main_country_of_an_area_may_change_and_the_checklist_stays(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    first = trip.arrival
    told(session, actor, now, trip, Told("DE", first, first + timedelta(days=1)))
    cases = opening.load_cases(session, trip.id)
    german = next(case for case in cases if case.destination == "DE")
    service.choose_route(session, actor, now, trip, german, "out.schengen.c")
    cases = told(session, actor, now, trip, Told("FR", first + timedelta(days=2), trip.departure))
    assert german in cases
    assert (german.destination, german.through, german.state) == ("FR", ["DE"], CaseState.COLLECTING)
    assert german.stay(trip) == (first, trip.departure)


def test_old_passport_is_refused_by_any_country_of_the_area(
    session: Session, make: Any, actor: Actor, now: datetime
) -> None:
    visit = make.visit(direction="outgoing", country="IT", place="Рим", nights=6)
    person = make.person(citizenships=["RU"])
    add_passport(session, SYSTEM, now, person, PassportData("RU", "750000009", issued_on=date(2025, 1, 1),
                 expires_on=date(2030, 1, 1), biometric=False))  # fmt: skip
    make.member(visit, person)
    (case,) = told(session, actor, now, visit)
    service.choose_route(session, actor, now, visit, case, "out.schengen.c")

    def biometric() -> str:
        item = next(one for one in case.items if one.code == "passport")
        return next(str(one["result"]) for one in item.verdicts if one["rule"] == "biometric_required")

    assert biometric() == "passed"
    told(session, actor, now, visit, Told("DE", visit.departure, visit.departure))
    assert biometric() == "failed"


def test_border_taken_back_withdraws_its_cases_only(session: Session, trip: Any, actor: Actor, now: datetime) -> None:
    told(session, actor, now, trip, Told("US", trip.arrival, trip.departure))
    (row,) = crossing.crossings_of(session, trip.id)
    crossing.drop_crossing(session, actor, now, trip, row)
    recompute.recompute_visit(session, SYSTEM, now, trip)
    commit(session)
    assert {case.destination for case in opening.load_cases(session, trip.id)} == {"TR"}
    reasons = session.scalars(select(Event.changes).where(Event.kind == "visas.case.withdrawn")).all()
    assert [change["reason"][1] for change in reasons] == ["visas.border-gone"] * 2


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (Told("QQ"), "country", "visas.unknown-country"),
        (Told("DE", date(2027, 5, 1)), "last_day", "visas.both-days"),
        (Told("DE", date(2027, 5, 2), date(2027, 5, 1)), "last_day", "visas.validity-swapped"),
        (Told("DE", date(27, 5, 1), date(27, 5, 2)), "first_day", "visas.no-such-day"),
        (Told("DE", date(2027, 5, 1), date(2029, 5, 1)), "last_day", "visas.stay-too-long"),
    ],
)
def test_impossible_border_is_refused_beside_its_field(
    session: Session, trip: Any, actor: Actor, now: datetime, wrong: Told, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        crossing.tell_crossing(session, actor, now, trip, wrong)
    assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]


def test_meeting_online_crosses_no_border(session: Session, make: Any, actor: Actor, now: datetime) -> None:
    with pytest.raises(Conflict):
        crossing.tell_crossing(session, actor, now, make.visit(direction="online"), Told("DE"))


def test_border_of_another_visit_is_not_found(
    session: Session, trip: Any, make: Any, actor: Actor, now: datetime
) -> None:
    row = crossing.tell_crossing(session, actor, now, trip, Told("DE"))
    commit(session)
    with pytest.raises(NotFound):
        crossing.find_crossing(session, make.visit(), row.id)


def test_passport_must_last_to_the_last_day_at_the_border(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    last = date(2032, 1, 3)
    told(session, actor, now, trip, Told("US", last - timedelta(days=5), last))
    found = passports_valid(session, [trip.id], {})[trip.id]
    assert [(one.code, one.params["last"]) for one in found] == [("visas.passport-too-short", last)] * 2


def test_reminders_count_travellers_not_cases(session: Session, trip: Any, actor: Actor, now: datetime) -> None:
    from workflow.reminders.models import Reminder

    cases = told(session, actor, now, trip, Told("GB", trip.arrival, trip.departure),
                 Told("US", trip.arrival, trip.departure))  # fmt: skip
    assert len(cases) == 6
    for case in cases:
        case.alarm = "visas.alarm-route-gone"
    sync_visit(session, now, trip)
    commit(session)
    due = session.scalars(select(Reminder).where(Reminder.title_code == "visas.due-alarm")).one()
    assert due.title_params == {"number": 2}


def test_an_alarm_after_midnight_is_of_the_day_that_it_is_in_our_office(
    session: Session, trip: Any, actor: Actor, now: datetime
) -> None:
    from workflow.reminders.models import Reminder

    (case, *_others) = told(session, actor, now, trip, Told("GB", trip.arrival, trip.departure))
    case.alarm, case.changes_at = "visas.alarm-route-gone", datetime(2027, 3, 15, 22, 30, tzinfo=UTC)
    sync_visit(session, now, trip)
    commit(session)
    due = session.scalars(select(Reminder).where(Reminder.title_code == "visas.due-alarm")).one()
    assert due.due_on == date(2027, 3, 16)


@both_databases
def test_page_adds_changes_and_takes_back_a_border(
    session: Session, trip: Any, client_as: Callable[..., Any], make: Any
) -> None:
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    url, first, last = f"/visits/{trip.id}/visas", trip.arrival.isoformat(), trip.departure.isoformat()
    wrong = browser.post(url + "/borders", {"country": "DE", "first_day": first})
    assert (wrong.status_code, "Give both days, or neither" in wrong.get_data(as_text=True)) == (422, True)
    sent = {"country": "DE", "first_day": first, "last_day": last, "entries": "double", "note": "via Berlin"}
    assert browser.post(url + "/borders", sent).status_code == 303
    page = browser.get(url).get_data(as_text=True)
    assert [text in page for text in ("→ Germany", "→ Türkiye", "via Berlin", "twice")] == [True] * 4
    history = browser.get(f"/visits/{trip.id}/history").get_data(as_text=True)
    told_of = history.split("Border of a visit told or changed")[1][:600]
    assert ("Germany" in told_of, "first day" in told_of) == (True, True)
    key, version = session.execute(select(BorderCrossing.id, BorderCrossing.lock_version)).one()
    session.rollback()
    assert browser.post(f"{url}/borders/{key}/drop", {"version": version + 1}).status_code == 409
    assert browser.post(f"{url}/borders/{key}/drop", {"version": version}).status_code == 303
    assert "→ Germany" not in browser.get(url).get_data(as_text=True)
    assert browser.post(f"{url}/borders/{key}/drop").status_code == 404
    assert client_as(Role.TRANSLATOR).post(url + "/borders", sent).status_code == 403


def test_who_has_no_case_is_named_with_the_citizenship(
    session: Session, make: Any, client_as: Callable[..., Any], now: datetime
) -> None:
    visit = make.visit()
    make.member(visit, make.person(citizenships=["TR"]))
    make.member(visit, make.person(citizenships=["TR", "RU"], latin_family="DUALCITIZEN"))
    opening.open_cases(session, SYSTEM, now, visit)
    commit(session)
    browser = client_as(account=make.account(Role.COORDINATOR, language="en"))
    page = browser.get(f"/visits/{visit.id}/visas").get_data(as_text=True)
    told_of = page.split("No visa case:")[1][:300]
    assert [text in told_of for text in ("DUALCITIZEN", "Türkiye, Russia", "country of which he is a citizen")] == [
        True] * 3  # fmt: skip
