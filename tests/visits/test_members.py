"""Members: added once, one head, replaced in place, in two places on one date; and what the history says of it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Conflict, Invalid
from workflow.base.unit_of_work import commit
from workflow.people.models import Passport, Person
from workflow.people.service import PassportData, add_passport, retire_passport
from workflow.visits import delegation
from workflow.visits.models import Member
from workflow.visits.queries import double_booked, members

TYPED = {"latin_family": "SPECIMEN", "latin_given": "AYSE", "russian_family": "Образцова", "russian_given": "Айше",
         "sex": "female", "citizenship": "TR", "birth_date": "1980-05-17", "post_ru": "мэр",
         "passport_type": "ordinary", "passport_number": "U 1234567", "passport_expires": "2030-01-01"}


def test_member_typed_by_hand_is_in_the_list_with_passport_kept_secret(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    assert clerk.post(f"/visits/{visit.id}/members/new", {**TYPED, "is_head": "1"}).status_code == 303
    page = clerk.get(f"/visits/{visit.id}/members").get_data(as_text=True)
    assert "Образцова Айше" in page
    assert "Глава делегации" in page
    assert "1234567" not in page
    passport = session.scalars(select(Passport)).one()
    assert (passport.number, passport.country) == ("U1234567", "TR")


def test_person_known_by_passport_is_joined_and_not_entered_twice(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    first, second = make.visit(), make.visit()
    clerk = client_as(Role.COORDINATOR)
    for visit in (first, second):
        assert clerk.post(f"/visits/{visit.id}/members/new", TYPED).status_code == 303
    assert len(session.scalars(select(Person)).all()) == 1
    again = clerk.post(f"/visits/{first.id}/members/new", TYPED)
    assert again.status_code == 409
    assert "уже в этой делегации" in again.get_data(as_text=True)


def test_naming_a_head_leaves_one(session: Session, make: Make) -> None:
    visit = make.visit()
    first, second = make.member(visit, is_head=True), make.member(visit)
    delegation.name_head(session, SYSTEM, clock.now(), visit, second)
    commit(session)
    assert [(member.id, member.is_head) for member in members(session, visit.id)] == [
        (second.id, True), (first.id, False)]


def test_head_who_leaves_is_head_no_more(client_as: Callable[..., Client], session: Session, make: Make) -> None:
    visit = make.visit()
    head = make.member(visit, is_head=True)
    delegation.remove_member(session, SYSTEM, clock.now(), visit, head, "занят")
    commit(session)
    assert (head.state, head.is_head) == ("removed", False)
    page = client_as(Role.COORDINATOR).get(f"/visits/{visit.id}/members").get_data(as_text=True)
    assert "Образцова Айше" in page
    assert "Глава делегации" not in page


def test_member_travels_with_one_of_their_own_passports_in_use(session: Session, make: Make) -> None:
    visit = make.visit()
    member, other = make.member(visit), make.member(visit)
    own, lost, others = (
        add_passport(session, SYSTEM, clock.now(), of.person, PassportData("TR", number))
        for of, number in ((member, "U1111111"), (member, "U2222222"), (other, "U3333333"))
    )  # fmt: skip
    retire_passport(session, SYSTEM, clock.now(), lost)
    commit(session)
    for wrong in (others.id, lost.id, own.id + 1000):
        with pytest.raises(Invalid, match=r"visits\.not-their-passport"):
            delegation.choose_passport(session, SYSTEM, clock.now(), visit, member, wrong)
    delegation.choose_passport(session, SYSTEM, clock.now(), visit, member, own.id)
    commit(session)
    assert (member.passport_id, other.passport_id) == (own.id, None)


def test_list_with_nobody_in_it_is_not_complete(client_as: Callable[..., Client], session: Session, make: Make) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    address = f"/visits/{visit.id}/members"
    refused = clerk.post(f"{address}/composition", {"closed": "1"})
    assert refused.status_code == 409
    assert "В списке пока никого нет" in refused.get_data(as_text=True)
    assert "Отметить список как полный" not in clerk.get(address).get_data(as_text=True)
    only = make.member(visit)
    assert clerk.post(f"{address}/composition", {"closed": "1"}).status_code == 303
    clerk.post(f"/members/{only.id}/replace", {**TYPED, "reason": "занят"})
    session.expire_all()
    assert visit.composition_closed, "one came in the place of another"
    (left,) = members(session, visit.id)
    clerk.post(f"/members/{left.id}/remove", {"text": "передумал"})
    session.expire_all()
    assert not visit.composition_closed


def test_replacement_takes_the_place_and_the_head(session: Session, make: Make) -> None:
    visit = make.visit()
    head, other = make.member(visit, is_head=True), make.member(visit)
    successor = delegation.replace_member(session, SYSTEM, clock.now(), visit, head, make.person(), {}, "заболел")
    commit(session)
    assert [member.id for member in members(session, visit.id)] == [successor.id, other.id]
    assert (successor.is_head, head.state, head.replaced_by_id, head.end_reason) == (
        True, "removed", successor.id, "заболел")


def test_same_person_may_return_after_leaving(session: Session, make: Make) -> None:
    visit = make.visit()
    member = make.member(visit)
    delegation.remove_member(session, SYSTEM, clock.now(), visit, member, "занят")
    commit(session)
    make.member(visit, member.person)
    assert [row.state for row in session.scalars(select(Member).order_by(Member.id))] == ["removed", "proposed"]


def test_delegation_of_a_closed_visit_does_not_change(session: Session, make: Make) -> None:
    visit = make.visit()
    member = make.member(visit)
    visit.standing = "closed"
    commit(session)
    for act in (lambda: delegation.add_member(session, SYSTEM, clock.now(), visit, make.person(), {}),
                lambda: delegation.remove_member(session, SYSTEM, clock.now(), visit, member, ""),
                lambda: delegation.confirm_member(session, SYSTEM, clock.now(), visit, member)):
        with pytest.raises(Conflict, match=r"visits\.visit-over"):
            act()
        session.rollback()


@pytest.mark.parametrize(("kind", "led"), [
    ({"country": "RU"}, True), ({"country": "TR"}, False), ({"country": "TR", "direction": "online"}, False)])
def test_way_to_borders_is_shown_where_a_visit_has_no_tab_of_visas(
    client_as: Callable[..., Client], make: Make, kind: dict[str, str], led: bool
) -> None:
    visit = make.visit(**kind)
    browser = client_as(Role.COORDINATOR)
    for path in ("members", "edit"):
        shown = browser.get(f"/visits/{visit.id}/{path}").get_data(as_text=True)
        assert (f'<a href="/visits/{visit.id}/visas">Визы и границы</a>' in shown) is led, path
    assert 'name="first_day"' in browser.get(f"/visits/{visit.id}/visas").get_data(as_text=True) or not led


def test_official_in_two_places_on_one_date_is_warned_of(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    here = make.visit(title_ru="Кадыкёй")
    there = make.visit(title_ru="Чжэньцзян", arrival=here.departure)
    later = make.visit(title_ru="Темуко", arrival=here.departure.replace(month=12))
    person = make.person()
    ours = make.member(here, person)
    make.member(there, person)
    make.member(later, person)
    assert [(mine.id, other.visit_id) for mine, other in double_booked(session, here)] == [(ours.id, there.id)]
    page = client_as(Role.COORDINATOR).get(f"/visits/{here.id}/members").get_data(as_text=True)
    assert "В то же время: Чжэньцзян" in page
    assert "Темуко" not in page


def test_history_speaks_in_words_and_names_nobodys_data(
    client_as: Callable[..., Client], session: Session, make: Make, run_jobs: Callable[[], Any]
) -> None:
    visit = make.visit()
    member = make.member(visit)
    delegation.confirm_member(session, SYSTEM, clock.now(), visit, member)
    delegation.name_head(session, SYSTEM, clock.now(), visit, member)
    commit(session)
    clerk = client_as(Role.COORDINATOR)
    clerk.post(f"/people/{member.person_id}/reveal?visit={visit.id}", {"reason": "проверка"})
    page = clerk.get(f"/visits/{visit.id}/history").get_data(as_text=True)
    assert "<del>предложен</del> → подтверждён" in page
    assert "глава делегации: <del>нет</del> → да" in page
    assert "1980" not in page


def test_history_takes_the_same_queries_for_three_events_and_for_forty(
    client_as: Callable[..., Client], session: Session, make: Make, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    visit = make.visit()
    make.member(visit)
    clerk = client_as(Role.COORDINATOR)
    url = f"/visits/{visit.id}/history"
    clerk.get(url)
    few = count_queries(lambda: clerk.get(url))
    for _number in range(20):
        make.member(visit)
    assert count_queries(lambda: clerk.get(url)) == few
