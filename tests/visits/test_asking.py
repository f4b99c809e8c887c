"""A new visit asks only for what is missing, has expired or may have changed; entry asks who is meant."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Role
from workflow.base.unit_of_work import commit
from workflow.people.models import Person
from workflow.people.service import PassportData, add_passport, note_checked, retire_passport
from workflow.visits.asking import Why, months_after, questions
from workflow.visits.models import Member

TODAY, LAST = date(2027, 3, 15), date(2027, 5, 17)


@pytest.fixture
def person(session: Session, make: Any, now: datetime) -> Any:
    """Somebody of whom everything is known and was checked."""
    made = make.person(email="a@b.example", post_ru="Мэр")
    add_passport(session, SYSTEM, now, made, PassportData("TR", "U1", expires_on=date(2032, 1, 1)))
    note_checked(session, SYSTEM, now, made)
    commit(session)
    return made


def ask(person: Any, **options: Any) -> list[tuple[str, str]]:
    given: dict[str, Any] = {"needs_passport": True, "last_day": LAST, "today": TODAY} | options
    return [(one.what, one.why.value) for one in questions(person, given.pop("passport_id", None), **given)]


def test_nothing_is_asked_of_whom_everything_is_known(person: Any) -> None:
    assert ask(person) == []


@pytest.mark.parametrize(
    ("expires", "why"),
    [(date(2027, 5, 16), Why.EXPIRED), (date(2027, 5, 17), Why.ENDS_TOO_SOON), (date(2027, 11, 16), Why.ENDS_TOO_SOON),
     (date(2027, 11, 17), None)],
)  # fmt: skip
def test_passport_is_held_against_the_whole_stay(
    session: Session, make: Any, now: datetime, person: Any, expires: date, why: Why | None
) -> None:
    add_passport(session, SYSTEM, now, person, PassportData("TR", "U1", expires_on=expires))
    assert ask(person) == ([("passport", why.value)] if why else [])


def test_two_passports_ask_which_one_until_it_is_chosen(session: Session, now: datetime, person: Any) -> None:
    second = add_passport(session, SYSTEM, now, person, PassportData("TR", "U2", expires_on=date(2027, 4, 1)))
    assert ask(person) == [("passport", "choose")]
    assert ask(person, passport_id=second.id) == [("passport", "expired")]
    retire_passport(session, SYSTEM, now, second)
    assert ask(person, passport_id=second.id) == []


def test_missing_data_are_asked_and_an_online_meeting_asks_no_passport(make: Any) -> None:
    bare = make.person(birth_date=None, sex="unknown", citizenships=[], russian_family="", russian_given="")
    asked = [("birth_date", "missing"), ("citizenships", "missing"), ("sex", "missing"), ("russian_family", "missing"),
             ("post_ru", "missing"), ("contact", "missing"), ("passport", "missing"),
             ("all", "may-have-changed")]  # fmt: skip
    assert ask(bare) == asked
    assert ask(bare, needs_passport=False) == [one for one in asked if one[0] not in
                                               ("birth_date", "citizenships", "sex", "passport")]  # fmt: skip


def test_data_are_asked_again_after_a_year(person: Any) -> None:
    assert ask(person, today=date(2028, 3, 14), last_day=date(2028, 3, 20)) == []
    assert ask(person, today=date(2028, 3, 16), last_day=date(2028, 3, 20)) == [("all", "may-have-changed")]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2027, 8, 31), 6, date(2028, 2, 29)), (date(2026, 11, 30), 3, date(2027, 2, 28)),
     (date(2027, 12, 1), 1, date(2028, 1, 1)), (date(2027, 6, 15), 6, date(2027, 12, 15))],
)  # fmt: skip
def test_months_end_with_the_month(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_passport_is_chosen_on_the_members_page_and_only_their_own(
    session: Session, make: Any, now: datetime, person: Any, client_as: Callable[..., Any]
) -> None:
    member = make.member(make.visit(), person)
    second = add_passport(session, SYSTEM, now, person, PassportData("TR", "U70000002", type="service"))
    strange = add_passport(session, SYSTEM, now, make.person(), PassportData("TR", "U3"))
    commit(session)
    browser = client_as(Role.COORDINATOR)
    page = browser.get(f"/members/{member.id}").get_data(as_text=True)
    assert "U70000002" not in page
    assert browser.post(f"/members/{member.id}/passport", {"passport": str(second.id)}).status_code == 303
    session.refresh(member)
    commit(session)
    assert member.passport_id == second.id
    assert browser.post(f"/members/{member.id}/passport", {"passport": str(strange.id)}).status_code == 422


def test_member_who_may_be_known_is_asked_about_before_a_second_entry(
    session: Session, make: Any, client_as: Callable[..., Any]
) -> None:
    known = make.person(latin_family="SHCHERBAKOV", latin_given="IURII", birth_date="1970-01-02")
    make.member(make.visit(), known)
    visit = make.visit()
    browser = client_as(Role.COORDINATOR)
    url = f"/visits/{visit.id}/members/new"
    typed = {"latin_family": "SCHERBAKOV", "latin_given": "YURIY", "sex": "male", "birth_date": "1970-01-02",
             "citizenship": "RU"}  # fmt: skip
    people = select(func.count(Person.id))
    before = session.scalar(people) or 0
    commit(session)
    asked = browser.post(url, typed)
    assert (asked.status_code, f'value="{known.id}"' in asked.get_data(as_text=True)) == (422, True)
    assert (session.scalar(people), session.scalars(select(Member).where(Member.visit_id == visit.id)).all()) == (
        before, [])  # fmt: skip
    assert browser.post(url, typed | {"same_as": str(known.id)}).status_code == 303
    assert session.scalars(select(Member.person_id).where(Member.visit_id == visit.id)).all() == [known.id]
    assert browser.post(url, typed | {"same_as": "new"}).status_code == 303
    assert session.scalar(people) == before + 1


def test_zone_fills_a_new_members_form(make: Any, client_as: Callable[..., Any]) -> None:
    from tests.people.test_passport_pages import ZONE

    browser = client_as(Role.COORDINATOR)
    page = browser.post(f"/visits/{make.visit().id}/members/new", {"zone": ZONE, "read": "1"}).get_data(as_text=True)
    for value in ("U98765432", "OZTURK", "AYSE NUR", "1980-05-17", "2032-01-01"):
        assert f'value="{value}"' in page


def test_members_form_asks_for_a_passport_at_once_only_where_a_border_is_crossed(
    make: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    folded = "<summary>Паспорт и имя на других языках"
    abroad = browser.get(f"/visits/{make.visit().id}/members/new").get_data(as_text=True)
    assert (folded in abroad, abroad.index("f-latin_family") < abroad.index("f-russian_family")) == (False, True)
    url = f"/visits/{make.visit(country='RU').id}/members/new"
    at_home = browser.get(url).get_data(as_text=True)
    assert at_home.index("f-russian_family") < at_home.index(folded) < at_home.index("f-passport_number")
    assert '<details class="card-plain" open>' not in at_home
    refused = browser.post(url, {"russian_family": "Иванов", "passport_number": "1", "passport_expires": "31.02.2030"})
    assert (refused.status_code, '<details class="card-plain" open>' in refused.get_data(as_text=True)) == (422, True)
