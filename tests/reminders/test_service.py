"""Due things as rows: kept by sources, moved, withdrawn, re-checked; and who sees them on the desk."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.reminders.conftest import Cast, Done, item
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role, person
from workflow.base.errors import NotFound
from workflow.base.unit_of_work import commit
from workflow.reminders.models import Reminder
from workflow.reminders.queries import due_things, late_counts, place_of
from workflow.reminders.rules import Rung
from workflow.reminders.service import mark_told, recheck_due, sync_due, withdraw_visit
from workflow.visits.rules import Standing
from workflow.visits.service import write_standing

Want = Callable[..., None]
MONDAY = date(2027, 3, 15)  # the day of `now`


def rows(session: Session) -> list[tuple[str, str, int]]:
    session.expire_all()
    return [(row.key, str(row.state), row.generation)
            for row in session.scalars(select(Reminder).order_by(Reminder.source, Reminder.key))]


def me(account: Any, *roles: Role) -> Any:
    return person(account.id, account.name_ru, frozenset(roles or {Role.COORDINATOR}))


def keys(session: Session, account: Any, *roles: Role, **options: Any) -> list[str]:
    things = due_things(session, me(account, *roles), clock.now(), mine=True, **options)
    return [thing.title.params["title"]["en"].removeprefix("Thing ") for thing in things]


def test_what_is_wanted_again_changes_nothing(session: Session, want: Want) -> None:
    want(item("a", MONDAY), item("b", MONDAY))
    want(item("a", MONDAY), item("b", MONDAY))
    assert rows(session) == [("a", "pending", 1), ("b", "pending", 1)]


def test_what_is_no_longer_wanted_is_withdrawn_and_comes_back_as_a_new_generation(
    session: Session, want: Want
) -> None:
    want(item("a", MONDAY), item("b", MONDAY))
    want(item("b", MONDAY))
    assert rows(session) == [("a", "withdrawn", 1), ("b", "pending", 1)]
    want(item("a", MONDAY), item("b", MONDAY))
    assert rows(session) == [("a", "pending", 2), ("b", "pending", 1)]


def test_one_source_leaves_anothers_things_alone(session: Session, want: Want) -> None:
    want(item("a", MONDAY), source="one")
    want(item("a", MONDAY), source="two")
    want(source="one")
    assert rows(session) == [("a", "withdrawn", 1), ("a", "pending", 1)]


def test_moved_thing_is_a_new_generation_that_nobody_was_told_of(
    session: Session, now: datetime, want: Want, cast: Cast
) -> None:
    want(item("a", MONDAY))
    row = session.scalars(select(Reminder)).one()
    mark_told(session, now, {row.id: 1})
    commit(session)
    assert rows(session) == [("a", "told", 1)]
    want(item("a", MONDAY + timedelta(days=1)))
    assert rows(session) == [("a", "pending", 2)]
    [thing] = due_things(session, me(cast.officer), now, mine=True)
    assert (thing.due_on, thing.moved_from) == (date(2027, 3, 16), MONDAY)
    mark_told(session, now, {thing.reminder_id: thing.generation})
    commit(session)
    assert due_things(session, me(cast.officer), now, mine=True)[0].moved_from is None


def test_told_of_the_old_day_while_it_moved_is_not_told_of_the_new_one(
    session: Session, now: datetime, want: Want
) -> None:
    want(item("a", MONDAY))
    row_id = session.scalars(select(Reminder.id)).one()
    want(item("a", MONDAY + timedelta(days=1)))
    mark_told(session, now, {row_id: 1})
    commit(session)
    assert rows(session) == [("a", "pending", 2)]


def test_done_thing_leaves_the_desk_at_once_and_the_table_with_the_next_check(
    session: Session, now: datetime, want: Want, cast: Cast, done: Done
) -> None:
    want(item("a", MONDAY), item("b", MONDAY))
    done.keys.add("a")
    assert keys(session, cast.officer) == ["b"]
    assert recheck_due(session, now, until=MONDAY) == 2
    commit(session)
    assert rows(session) == [("a", "done", 1), ("b", "pending", 1)]
    assert recheck_due(session, now, until=MONDAY) == 0


def test_done_thing_that_came_undone_is_due_again(session: Session, now: datetime, want: Want, done: Done) -> None:
    want(item("a", MONDAY))
    done.keys.add("a")
    recheck_due(session, now, until=MONDAY)
    commit(session)
    want(item("a", MONDAY))
    assert rows(session) == [("a", "done", 1)]
    done.keys.clear()
    want(item("a", MONDAY))
    assert rows(session) == [("a", "pending", 2)]


def test_checking_takes_at_most_its_batch(session: Session, now: datetime, want: Want) -> None:
    want(*(item(f"k{number}", MONDAY) for number in range(5)))
    taken = []
    while not taken or taken[-1] == 2:
        taken.append(recheck_due(session, now, until=MONDAY, limit=2))
        commit(session)
    assert taken == [2, 2, 1]


def test_what_was_long_past_when_first_heard_of_is_shown_on_the_visit_and_never_mailed(
    session: Session, now: datetime, want: Want, cast: Cast
) -> None:
    want(item("old", MONDAY - timedelta(days=40)))
    assert rows(session) == [("old", "missed", 1)]
    assert keys(session, cast.officer) == []
    [thing] = due_things(session, me(cast.officer), now, visit_id=cast.visit.id)
    assert thing.missed


@pytest.mark.parametrize(
    ("due_on", "officer", "substitute", "manager"),
    [
        (date(2027, 3, 18), [], [], []),  # three working days on
        (date(2027, 3, 17), ["a"], [], []),
        (date(2027, 3, 15), ["a"], [], []),
        (date(2027, 3, 13), ["a"], ["a"], []),  # a Saturday; Monday is one working day later
        (date(2027, 3, 12), ["a"], ["a"], []),
        (date(2027, 3, 11), ["a"], ["a"], ["a"]),
        (date(2027, 3, 1), ["a"], ["a"], ["a"]),
    ],
)
def test_desk_shows_what_has_climbed_to_whom(
    session: Session, want: Want, cast: Cast, due_on: date, officer: list[str], substitute: list[str],
    manager: list[str],
) -> None:
    want(item("a", due_on))
    assert keys(session, cast.officer) == officer
    assert keys(session, cast.substitute) == substitute
    assert keys(session, cast.manager, Role.MANAGER) == manager


def test_thing_says_why_a_person_sees_it(session: Session, now: datetime, want: Want, cast: Cast) -> None:
    want(item("a", MONDAY - timedelta(days=7)))
    said = {
        account.name_ru: due_things(session, me(account, role), now, mine=True)[0].rung
        for account, role in ((cast.officer, Role.COORDINATOR), (cast.substitute, Role.COORDINATOR),
                              (cast.manager, Role.MANAGER))
    }
    assert said == {"Ольга": Rung.OWNER, "Иван": Rung.SUBSTITUTE, "Марина": Rung.MANAGER}


def test_thing_with_an_owner_of_its_own_is_theirs(session: Session, want: Want, cast: Cast, make: Any) -> None:
    other = make.account(Role.COORDINATOR)
    want(item("a", MONDAY, owner_id=other.id))
    assert (keys(session, other), keys(session, cast.officer)) == (["a"], [])


def test_thing_of_nobody_goes_to_the_managers_at_once(session: Session, want: Want, cast: Cast) -> None:
    cast.visit.responsible_id = cast.visit.substitute_id = None
    commit(session)
    want(item("a", MONDAY))
    assert keys(session, cast.manager, Role.MANAGER) == ["a"]


def test_translator_does_not_see_anothers_things(session: Session, now: datetime, want: Want, make: Any) -> None:
    translator = make.account(Role.TRANSLATOR)
    want(item("a", MONDAY))
    assert due_things(session, me(translator, Role.TRANSLATOR), now) == []
    row_id = session.scalars(select(Reminder.id)).one()
    with pytest.raises(NotFound):
        place_of(session, me(translator, Role.TRANSLATOR), row_id)


@pytest.mark.parametrize("standing", [Standing.POSTPONED, Standing.CANCELLED, Standing.CLOSED])
def test_visit_that_does_not_go_on_reminds_nobody(
    session: Session, now: datetime, want: Want, cast: Cast, standing: Standing
) -> None:
    want(item("a", MONDAY - timedelta(days=3)))
    assert late_counts(session, now, [cast.visit.id]) == {cast.visit.id: 1}
    write_standing(session, SYSTEM, now, cast.visit, standing, reason="x")
    commit(session)
    assert keys(session, cast.officer) == []
    assert late_counts(session, now, [cast.visit.id]) == {}
    assert recheck_due(session, now, until=MONDAY) == 0


@pytest.mark.parametrize("standing", [Standing.CANCELLED, Standing.CLOSED])
def test_ended_visit_wants_nothing_more(
    session: Session, now: datetime, want: Want, cast: Cast, standing: Standing
) -> None:
    want(item("a", MONDAY))
    write_standing(session, SYSTEM, now, cast.visit, standing, reason="x")
    want(item("a", MONDAY), item("b", MONDAY))
    assert rows(session) == [("a", "withdrawn", 1)]


def test_withdrawing_a_visit_takes_all_sources(session: Session, now: datetime, want: Want, cast: Cast) -> None:
    want(item("a", MONDAY), source="one")
    want(item("b", MONDAY - timedelta(days=60)), source="two")
    assert withdraw_visit(session, now, cast.visit.id) == 2
    commit(session)
    assert rows(session) == [("a", "withdrawn", 1), ("b", "withdrawn", 1)]


def test_reading_many_things_asks_a_fixed_number_of_questions(
    session: Session, now: datetime, want: Want, cast: Cast, make: Any, done: Done
) -> None:
    def count() -> tuple[int, int]:
        statements: list[str] = []
        session.expire_all()
        done.asked = 0

        def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        try:
            due_things(session, me(cast.officer), now)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(statements), done.asked

    want(item("a", MONDAY))
    few = count()
    for number in range(12):
        visit = make.visit(responsible_id=cast.officer.id)
        sync_due(session, now, source="test", visit_id=visit.id,
                 items=[item(f"k{number}-{part}", MONDAY) for part in range(4)])
    commit(session)
    assert count() == few


def test_place_of_a_thing_is_where_it_is_done(session: Session, want: Want, cast: Cast) -> None:
    want(item("a", MONDAY))
    row_id = session.scalars(select(Reminder.id)).one()
    where = place_of(session, me(cast.officer), row_id)
    assert (where.endpoint, where.values) == ("desk.visit", {"visit_id": 1})
