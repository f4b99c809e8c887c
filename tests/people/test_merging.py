"""Two entries of one person: suggested, merged without losing anything, parted again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Conflict
from workflow.base.events import Event
from workflow.base.files import JPEG, keep_bytes
from workflow.base.unit_of_work import commit
from workflow.people import queries, service
from workflow.people.duplicates import Likeness, alike, find_alike
from workflow.people.merging import merge_persons, references, undo_merge
from workflow.people.models import Passport, Person, PersonMerge
from workflow.people.service import NewPost, PassportData
from workflow.visits.models import Member

NUMBER = "U98765432"


@pytest.fixture
def actor(make: Any) -> Actor:
    made: Actor = make.actor(Role.COORDINATOR)
    return made


@pytest.fixture
def twice(session: Session, make: Any, now: datetime) -> tuple[Person, Person]:
    """One person entered twice, in two visits, in two writings, each with what the other lacks."""
    one = make.person(latin_family="SHCHERBAKOV", latin_given="IURII", russian_family="", russian_given="",
                      citizenships=["RU"], email=None, birth_date="1970-01-02", sex="male")  # fmt: skip
    two = make.person(latin_family="", latin_given="", russian_family="Щербаков", russian_given="Юрий", sex="male",
                      citizenships=["RU"], email="iu@city.example", birth_date="1970-01-02",
                      post_ru="Глава")  # fmt: skip
    make.member(make.visit(), one)
    make.member(make.visit(), two)
    service.add_passport(session, SYSTEM, now, one, PassportData("RU", NUMBER, expires_on=date(2030, 1, 1)))
    service.add_passport(session, SYSTEM, now, two, PassportData("RU", "S1234567", type="service"))
    service.correct_person(session, SYSTEM, now, two, {"post_ru": "Мэр"}, new_post=NewPost(date(2026, 5, 1)))
    commit(session)
    return one, two


def test_same_person_in_another_script_is_suggested(session: Session, actor: Actor, twice: Any) -> None:
    one, two = twice
    assert [(found.person.id, found.reasons) for found in alike(session, actor, one)] == [
        (two.id, (Likeness.NAME, Likeness.BIRTH_DATE))]  # fmt: skip
    assert [found.person.id for found in find_alike(session, actor, {}, [" u 98765432"])] == [one.id]


def test_namesake_with_another_birth_date_is_not_suggested(
    session: Session, make: Any, actor: Actor, twice: Any
) -> None:
    other = make.person(latin_family="SHCHERBAKOV", latin_given="YURIY", birth_date="1991-09-09")
    make.member(make.visit(), other)
    assert [found.person.id for found in alike(session, actor, other)] == []


def test_namesake_whose_day_and_month_were_taken_for_each_other_is_suggested(
    session: Session, make: Any, actor: Actor, twice: Any
) -> None:
    one, two = twice
    again = make.person(latin_family="SHCHERBAKOV", latin_given="YURIY", birth_date="1970-02-01")
    make.member(make.visit(), again)
    assert [(found.person.id, found.reasons) for found in alike(session, actor, again)] == [
        (one.id, (Likeness.NAME,)), (two.id, (Likeness.NAME,))]  # fmt: skip


def test_nobody_is_suggested_to_those_who_may_not_see_them(session: Session, make: Any, twice: Any) -> None:
    one, _ = twice
    for role in (Role.TRANSLATOR, Role.ADMINISTRATOR):
        assert alike(session, make.actor(role), one) == []


def test_merge_moves_everything_and_fills_what_was_missing(
    session: Session, now: datetime, actor: Actor, twice: Any
) -> None:
    one, two = twice
    one.sex = "unknown"
    merge_persons(session, actor, now, one, two, {}, "телефонный разговор")
    commit(session)
    assert one.sex == "male"
    members = session.scalars(select(Member).where(Member.person_id == one.id)).all()
    passports = session.scalars(select(Passport).where(Passport.person_id == one.id)).all()
    assert (len(members), sorted(one.type for one in passports)) == (2, ["ordinary", "service"])
    assert (one.latin_family, one.russian_family, one.post_ru, one.email) == (
        "SHCHERBAKOV", "Щербаков", "Мэр", "iu@city.example")  # fmt: skip
    assert [post.post_ru for post in queries.left_posts(session, one)] == ["Глава"]
    assert (two.merged_into_id, alike(session, actor, one)) == (one.id, [])
    assert queries.survivor_of(session, actor, two.id) == one.id
    kinds = session.execute(select(Event.kind, Event.subject_id).where(Event.kind == "people.person.merged")).all()
    assert [tuple(row) for row in kinds] == [("people.person.merged", one.id), ("people.person.merged", two.id)]
    said = " ".join(str(event.changes) for event in session.scalars(select(Event)))
    assert ("iu@city.example" in said, "1970-01-02" in said, NUMBER in said) == (False, False, False)


def owned(session: Session, person: Person) -> tuple[set[int], set[str], str, str | None]:
    """Give what is a person's own: memberships, passport numbers, a name, an address."""
    members = session.scalars(select(Member.id).where(Member.person_id == person.id))
    return set(members), {passport.number for passport in person.passports}, person.russian_family, person.email


def test_merge_is_taken_back_to_the_letter(session: Session, now: datetime, actor: Actor, twice: Any) -> None:
    one, two = twice
    before = {person.id: owned(session, person) for person in twice}
    act = merge_persons(session, actor, now, one, two, {})
    commit(session)
    service.correct_person(session, actor, now, one, {"email": "later@city.example"})
    undo_merge(session, actor, now, act)
    commit(session)
    session.expire_all()
    after = {person_id: owned(session, session.get_one(Person, person_id)) for person_id in before}
    members, numbers, russian, _ = before[one.id]
    assert after == {one.id: (members, numbers, russian, "later@city.example"), two.id: before[two.id]}
    with pytest.raises(Conflict) as caught:
        undo_merge(session, actor, now, act)
    assert caught.value.code == "people.merge-undone-already"


def test_photo_and_health_wish_of_the_other_do_not_stay_when_a_merge_is_taken_back(
    session: Session, now: datetime, actor: Actor, twice: Any
) -> None:
    one, two = twice
    face = keep_bytes(session, SYSTEM, now, b"a face", name="face.jpg", media_type=JPEG)
    two.photo_file_id = face.id
    service.correct_person(session, actor, now - timedelta(days=3), two, {"ask_about_health": True})
    act = merge_persons(session, actor, now, one, two, {})
    commit(session)
    session.expire_all()
    asked_on = (now - timedelta(days=3)).date()
    assert (one.photo_file_id, one.ask_about_health, one.ask_about_health_on) == (face.id, True, asked_on)
    undo_merge(session, actor, now, act)
    commit(session)
    session.expire_all()
    assert (one.photo_file_id, one.ask_about_health, one.ask_about_health_on) == (None, False, None)
    assert (two.photo_file_id, two.ask_about_health, two.ask_about_health_on) == (face.id, True, asked_on)


def test_photo_taken_since_stays_when_a_merge_is_taken_back(
    session: Session, now: datetime, actor: Actor, twice: Any
) -> None:
    one, two = twice
    two.photo_file_id = keep_bytes(session, SYSTEM, now, b"a face", name="face.jpg", media_type=JPEG).id
    act = merge_persons(session, actor, now, one, two, {})
    own = keep_bytes(session, SYSTEM, now, b"another face", name="own.jpg", media_type=JPEG)
    one.photo_file_id = own.id
    commit(session)
    undo_merge(session, actor, now, act)
    commit(session)
    session.expire_all()
    assert one.photo_file_id == own.id


def test_value_of_the_other_entry_is_taken_where_chosen(
    session: Session, make: Any, now: datetime, actor: Actor
) -> None:
    one, two = make.person(post_ru="Депутат", diet="vegan"), make.person(post_ru="Глава", diet="halal")
    for person in (one, two):
        make.member(make.visit(), person)
    merge_persons(session, actor, now, one, two, {"post_ru": True})
    commit(session)
    assert (one.post_ru, one.diet) == ("Глава", "vegan")


def test_two_members_of_one_visit_are_not_merged(session: Session, make: Any, now: datetime, actor: Actor) -> None:
    visit, one, two = make.visit(), make.person(), make.person()
    make.member(visit, one)
    make.member(visit, two)
    with pytest.raises(Conflict) as caught:
        merge_persons(session, actor, now, one, two, {})
    assert caught.value.code == "people.merge-both-in-one-visit"
    session.rollback()
    assert session.get_one(Person, two.id).merged_into_id is None


def test_entry_is_merged_once_only(session: Session, make: Any, now: datetime, actor: Actor, twice: Any) -> None:
    one, two = twice
    third = make.person()
    merge_persons(session, actor, now, one, two, {})
    commit(session)
    for survivor, merged in ((third, two), (two, third)):
        with pytest.raises(Conflict) as caught:
            merge_persons(session, actor, now, survivor, merged, {})
        assert caught.value.code == "people.already-merged"
        session.rollback()


def test_chain_of_merges_leads_to_the_last_one(
    session: Session, make: Any, now: datetime, actor: Actor, twice: Any
) -> None:
    one, two = twice
    third = make.person()
    make.member(make.visit(), third)
    merge_persons(session, actor, now, one, two, {})
    act = merge_persons(session, actor, now, third, one, {})
    commit(session)
    assert queries.survivor_of(session, actor, two.id) == third.id
    undo_merge(session, actor, now, act)
    commit(session)
    assert queries.survivor_of(session, actor, two.id) == one.id


def test_every_table_that_points_at_a_person_is_moved() -> None:
    found = {f"{table.name}.{column.name}" for table, column in references()}
    assert {"member.person_id", "passport.person_id", "person_post.person_id"} <= found
    assert not any(place.startswith(("person_merge.", "person_key.", "person.")) for place in found)


def test_pages_compare_merge_redirect_and_part(session: Session, twice: Any, client_as: Callable[..., Any]) -> None:
    one, two = twice
    browser = client_as(Role.COORDINATOR)
    card = browser.get(f"/people/{one.id}").get_data(as_text=True)
    assert f"/people/{one.id}/merge?with={two.id}" in card
    page = browser.get(f"/people/{one.id}/merge?with={two.id}").get_data(as_text=True)
    assert [text for text in ("1970-01-02", "iu@city.example", NUMBER) if text in page] == []
    assert "Щербаков" in page
    answer = browser.post(f"/people/{one.id}/merge", {"other": str(two.id)})
    assert (answer.status_code, answer.location) == (303, f"/people/{one.id}")
    moved = browser.get(f"/people/{two.id}")
    assert (moved.status_code, moved.location) == (303, f"/people/{one.id}")
    act = session.scalars(select(PersonMerge)).one()
    commit(session)
    assert browser.post(f"/people/{one.id}/merges/{act.id}/undo").status_code == 303
    assert browser.get(f"/people/{two.id}").status_code == 200
    assert browser.post(f"/people/{one.id}/merge", {"other": str(one.id)}).status_code in (409, 422)


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.ADMINISTRATOR])
def test_others_neither_compare_nor_merge(twice: Any, client_as: Callable[..., Any], role: Role) -> None:
    one, two = twice
    browser = client_as(role)
    answers = [browser.get(f"/people/{one.id}/merge?with={two.id}"),
               browser.post(f"/people/{one.id}/merge", {"other": str(two.id)})]  # fmt: skip
    assert {answer.status_code for answer in answers} <= {403, 404}


def test_person_of_a_visit_that_is_not_seen_is_not_merged(make: Any, twice: Any, client_as: Callable[..., Any]) -> None:
    one, _ = twice
    stranger = make.person()
    browser = client_as(Role.COORDINATOR)
    assert browser.post(f"/people/{one.id}/merge", {"other": str(stranger.id)}).status_code == 404
    assert browser.get(f"/people/{one.id}/merge?with={stranger.id}").status_code == 404
