"""Persons and passports: what is kept, what is hidden, who may look."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.errors import Forbidden, Invalid, NotFound, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.people import queries, service
from workflow.people.models import Passport, PersonPost
from workflow.people.service import NewPost, PassportData, correct_person, note_checked

NUMBER, EMAIL, PLACE = "U98765432", "ayse@kadikoy.example", "Üsküdar"


@pytest.fixture
def actor(make: Any) -> Actor:
    made: Actor = make.actor(Role.COORDINATOR)
    return made


@pytest.fixture
def guest(session: Session, make: Any, now: datetime) -> Any:
    """A member of a visit, with contact data and a passport."""
    person = make.person(email=EMAIL, birth_place=PLACE)
    make.member(make.visit(), person)
    service.add_passport(session, SYSTEM, now, person, PassportData("TR", NUMBER, expires_on=date(2032, 1, 1)))
    commit(session)
    return person


def again(session: Session, *rows: Any) -> None:
    """Read rows anew, and leave no transaction open that would lock the pages out."""
    for row in rows:
        session.refresh(row)
    commit(session)


def test_nothing_personal_lies_open_in_the_database_file(session: Session, guest: Any, settings: Any) -> None:
    session.close()
    raw = b"".join(path.read_bytes() for path in settings.data_dir.glob("test.db*"))
    found = [text for text in (NUMBER, EMAIL, PLACE, "1980-05-17") if text.encode() in raw]
    assert (found, "Образцова".encode() in raw) == ([], True)


def test_events_name_personal_fields_and_never_value_them(
    session: Session, now: datetime, actor: Actor, guest: Any
) -> None:
    service.correct_person(session, actor, now, guest, {"email": "new@kadikoy.example", "post_ru": "Мэр"})
    service.reveal_person(session, actor, now, guest)
    commit(session)
    last = session.scalars(select(Event).where(Event.kind.startswith("people.")).order_by(Event.id)).all()[-2:]
    assert [(one.kind, one.changes) for one in last] == [
        ("people.person.corrected", {"post_ru": ["", "Мэр"], "email": None}),
        ("people.person.revealed",
         {"birth_date": None, "birth_place": None, "email": None, "phone": None, "passports": None}),
    ]  # fmt: skip


def test_person_is_visible_through_visits_only(session: Session, make: Any, guest: Any, actor: Actor) -> None:
    stranger = make.person()
    assert queries.get_person(session, actor, guest.id).id == guest.id
    for other, person in (
        (actor, stranger),
        (make.actor(Role.TRANSLATOR), guest),
        (make.actor(Role.ADMINISTRATOR), guest),
    ):
        with pytest.raises(NotFound):
            queries.get_person(session, other, person.id)


def test_translator_of_the_visit_sees_no_person(session: Session, make: Any, now: datetime, guest: Any) -> None:
    from workflow.visits.models import Member
    from workflow.visits.rules import Capacity
    from workflow.visits.service import grant_access

    account = make.account(Role.TRANSLATOR)
    visit_id = session.scalars(select(Member.visit_id).where(Member.person_id == guest.id)).one()
    grant_access(session, now, visit_id, account.id, Capacity.TRANSLATOR)
    commit(session)
    translator = make.actor(Role.TRANSLATOR, account=account)
    with pytest.raises(NotFound):
        queries.get_person(session, translator, guest.id)
    with pytest.raises(NotFound):
        queries.get_passport(session, translator, guest.passports[0].id)
    with pytest.raises(Forbidden):
        service.reveal_person(session, translator, now, guest)


def test_same_passport_again_corrects_and_keeps_what_is_left_out(
    session: Session, now: datetime, actor: Actor, guest: Any
) -> None:
    again = PassportData("TR", " u 98765432 ", type="service", issued_on=date(2022, 1, 1))
    service.add_passport(session, actor, now, guest, again)
    service.add_passport(session, actor, now, guest, PassportData("TR", NUMBER, biometric=True))
    commit(session)
    (passport,) = session.scalars(select(Passport)).all()
    assert (passport.number, passport.type, passport.issued_on, passport.expires_on, passport.biometric) == (
        NUMBER, "service", date(2022, 1, 1), date(2032, 1, 1), True)  # fmt: skip


def test_passport_of_somebody_else_is_refused_until_retired(
    session: Session, make: Any, now: datetime, actor: Actor, guest: Any
) -> None:
    other = make.person()
    with pytest.raises(Invalid) as caught:
        service.add_passport(session, actor, now, other, PassportData("TR", NUMBER))
    assert (caught.value.code, caught.value.field) == ("people.passport-of-another", "number")
    service.retire_passport(session, actor, now, guest.passports[0])
    service.add_passport(session, actor, now, other, PassportData("TR", NUMBER))
    commit(session)
    assert [one.number for one in queries.live_passports(other)] == [NUMBER]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PassportData("TR", "  "), "people.passport-number-missing"),
        (PassportData("AB", "1"), "people.passport-country"),
        (PassportData("TR", "1", issued_on=date(2030, 1, 1), expires_on=date(2030, 1, 1)), "people.passport-dates"),
    ],
)
def test_impossible_passport_is_refused(
    session: Session, make: Any, now: datetime, actor: Actor, data: PassportData, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        service.add_passport(session, actor, now, make.person(), data)
    assert caught.value.code == code


def test_lost_race_shows_no_personal_value(session: Session, now: datetime, actor: Actor, guest: Any) -> None:
    seen = guest.lock_version
    service.correct_person(session, actor, now, guest, {"post_ru": "Мэр"}, version=seen)
    commit(session)
    with pytest.raises(Stale) as caught:
        service.correct_person(session, actor, now, guest, {"post_ru": "Глава", "email": "x@y.example"}, version=seen)
    assert caught.value.current == {"post_ru": "Мэр"}


def test_unknown_country_is_no_citizenship(session: Session, now: datetime, actor: Actor, guest: Any) -> None:
    with pytest.raises(Invalid):
        service.correct_person(session, actor, now, guest, {"citizenships": ["QQ"]})


def test_card_is_masked_until_revealed_and_the_look_is_recorded(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    masked = browser.get(f"/people/{guest.id}").get_data(as_text=True)
    assert [text for text in (NUMBER, EMAIL, PLACE, "1980") if text in masked] == []
    assert "Образцова" in masked
    answer = browser.post(f"/people/{guest.id}/reveal")
    shown = answer.get_data(as_text=True)
    told = (NUMBER, EMAIL, PLACE, "17\u00a0мая\u00a01980")
    assert (answer.status_code, [text in shown for text in told]) == (200, [True] * 4)
    looks = session.scalars(select(Event).where(Event.kind == "people.person.revealed")).all()
    commit(session)
    assert [(one.subject_id, one.account_id) for one in looks] == [(guest.id, browser.account.id)]
    assert browser.get(f"/people/{guest.id}/reveal").status_code == 405


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.ADMINISTRATOR])
def test_card_is_closed_to_others(guest: Any, client_as: Callable[..., Any], role: Role) -> None:
    browser = client_as(role)
    answers = [browser.get(f"/people/{guest.id}"), browser.post(f"/people/{guest.id}/reveal"),
               browser.get(f"/people/{guest.id}/edit")]  # fmt: skip
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert not any(NUMBER in answer.get_data(as_text=True) for answer in answers)


def test_birth_place_and_home_in_latin_letters_are_entered_hidden_shown_and_forgotten(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    names = {"latin_family": "ORNEK", "latin_given": "AYSE", "sex": "female"}
    latin = {"birth_place_latin": "USKUDAR", "home_address_latin": "MODA SOKAK 1"}
    assert browser.post(f"/people/{guest.id}/edit", names | latin).status_code == 303
    hidden = [browser.get(f"/people/{guest.id}{page}").get_data(as_text=True) for page in ("", "/edit")]
    assert [text for text in latin.values() if text in "".join(hidden)] == []
    shown = browser.post(f"/people/{guest.id}/reveal").get_data(as_text=True)
    assert [text for text in latin.values() if text not in shown] == []
    assert browser.post(f"/people/{guest.id}/edit", {**names, "forget": list(latin)}).status_code == 303
    again(session, guest)
    assert (guest.birth_place_latin, guest.home_address_latin, guest.birth_place) == (None, None, PLACE)


def test_card_is_corrected_and_empty_personal_fields_stay(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    page = browser.get(f"/people/{guest.id}/edit").get_data(as_text=True)
    assert [text for text in (EMAIL, PLACE, "1980-05-17") if text in page] == []
    values = {"latin_family": "Örnek", "latin_given": "Ayşe", "russian_family": "ОРНЕК", "sex": "female",
              "citizenships": "TR", "languages": "TR, en", "version": str(guest.lock_version)}  # fmt: skip
    assert browser.post(f"/people/{guest.id}/edit", values).status_code == 303
    again(session, guest)
    assert (guest.latin_family, guest.latin_given, guest.russian_family) == ("ORNEK", "AYSE", "Орнек")
    assert (guest.email, guest.birth_place, guest.languages) == (EMAIL, PLACE, ["tr", "en"])
    stale = browser.post(f"/people/{guest.id}/edit", values)
    assert stale.status_code == 409
    wrong = browser.post(f"/people/{guest.id}/edit", values | {"latin_family": "Орнек", "version": "2"})
    assert wrong.status_code == 422


def test_second_citizenship_does_not_change_the_country_that_papers_name(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url, values = f"/people/{guest.id}/edit", {"latin_family": "ORNEK", "sex": "female", "citizenships": ["DE", "TR"]}
    assert browser.post(url, data=values | {"version": str(guest.lock_version)}).status_code == 303
    again(session, guest)
    assert guest.citizenships == ["TR", "DE"]
    assert browser.post(url, data=values | {"version": str(guest.lock_version)}).status_code == 303
    again(session, guest)
    assert guest.citizenships == ["TR", "DE"]
    alone = values | {"citizenships": ["DE"], "version": str(guest.lock_version)}
    assert browser.post(url, data=alone).status_code == 303
    again(session, guest)
    assert guest.citizenships == ["DE"]


def test_passport_is_entered_and_retired_on_the_card(
    session: Session, guest: Any, client_as: Callable[..., Any]
) -> None:
    browser = client_as(Role.COORDINATOR)
    url = f"/people/{guest.id}/passports"
    wrong = browser.post(url, {"country": "TR", "number": "T1", "issued_on": "2030-02-01", "expires_on": "2029-02-01"})
    assert wrong.status_code == 422
    good = browser.post(url, {"country": "TR", "number": "T1", "expires_on": "2031-02-01", "biometric": "yes"})
    assert good.status_code == 303
    made = session.scalars(select(Passport).order_by(Passport.id.desc())).first()
    commit(session)
    assert made is not None
    assert (made.person_id, made.biometric) == (guest.id, True)
    assert browser.post(f"/people/passports/{made.id}/retire").status_code == 303
    again(session, made)
    assert made.retired_at is not None


NIGHT = datetime(2027, 3, 15, 22, 30, tzinfo=UTC)
"""Half past one of the 16th in Moscow."""


def test_what_is_done_after_midnight_bears_the_day_that_it_is_in_the_office(
    session: Session, actor: Actor, guest: Any
) -> None:
    note_checked(session, actor, NIGHT, guest)
    assert guest.checked_on == date(2027, 3, 16)
    correct_person(session, actor, NIGHT, guest, {"ask_about_health": True})
    assert guest.ask_about_health_on == date(2027, 3, 16)
    correct_person(session, actor, NIGHT, guest, {"post_en": "Mayor"}, new_post=NewPost())
    correct_person(session, actor, NIGHT, guest, {"post_en": "Senator"}, new_post=NewPost())
    ended = session.scalars(select(PersonPost.until).where(PersonPost.post_en == "Mayor")).one()
    assert ended == date(2027, 3, 16)
