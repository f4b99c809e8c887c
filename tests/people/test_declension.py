"""Case forms that a person confirms: kept, shown, used by papers, and never in the way of an approved one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Role
from workflow.base.errors import Invalid, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.knowledge.grammar.cases import OBLIQUE, Gender
from workflow.knowledge.grammar.cases import Role as Named
from workflow.people.declension import queries, service
from workflow.people.declension.models import NameForm
from workflow.people.models import Person, PersonKey

POST = "глава города Ставрополя"
FORMS = {"genitive": "главы города Ставрополя", "dative": "главе города Ставрополя",
         "accusative": "главу города Ставрополя", "instrumental": "главой города Ставрополя",
         "prepositional": "главе города Ставрополя"}  # fmt: skip
SOLOVEY = {"genitive": "Соловей Анны Ивановны", "dative": "Соловей Анне Ивановне",
           "accusative": "Соловей Анну Ивановну", "instrumental": "Соловей Анной Ивановной",
           "prepositional": "Соловей Анне Ивановне"}  # fmt: skip


@pytest.fixture
def actor(make: Any) -> Actor:
    made: Actor = make.actor(Role.COORDINATOR)
    return made


@pytest.fixture
def guest(session: Session, make: Any) -> Any:
    person = make.person(russian_family="Соловей", russian_given="Анна", russian_patronymic="Ивановна")
    make.member(make.visit(), person)
    commit(session)
    return person


def test_confirmed_as_proposed_is_no_correction(session: Session, now: datetime, actor: Actor) -> None:
    row = service.confirm_forms(session, actor, now, f" {POST} ", Named.POST, Gender.UNKNOWN, FORMS)
    commit(session)
    assert (row.text, row.corrected, row.forms, row.confirmed_by) == (POST, False, FORMS, actor.account_id)
    assert queries.confirmed_forms(session, ["Глава  города Ставрополя"]) == {
        "confirmed": {"глава города ставрополя": {"-": FORMS}}
    }


def test_correction_wins_and_a_stale_one_is_refused(session: Session, now: datetime, actor: Actor) -> None:
    first = service.confirm_forms(session, actor, now, POST, Named.POST, Gender.UNKNOWN, FORMS)
    commit(session)
    seen = first.lock_version
    changed = {**FORMS, "dative": "Голове города Ставрополя"}
    service.confirm_forms(session, actor, now + timedelta(1), POST, Named.POST, Gender.UNKNOWN, changed, version=seen)
    commit(session)
    assert queries.confirmed_forms(session, [POST])["corrected"] == {"глава города ставрополя": {"-": changed}}
    with pytest.raises(Stale):
        service.confirm_forms(session, actor, now, POST, Named.POST, Gender.UNKNOWN, FORMS, version=seen)


@pytest.mark.parametrize(("case", "form"), [("dative", " "), ("genitive", "х" * 301)])
def test_empty_or_endless_form_is_refused(session: Session, now: datetime, actor: Actor, case: str, form: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.confirm_forms(session, actor, now, POST, Named.POST, Gender.UNKNOWN, {**FORMS, case: form})
    assert refused.value.problems[0].field == case


def test_persons_own_forms_give_the_short_form_too(session: Session, now: datetime, actor: Actor, guest: Any) -> None:
    service.confirm_forms(session, actor, now, guest.russian_name, Named.PERSON, Gender.FEMALE,
                          {**SOLOVEY, "dative": "Соловью Анне Ивановне"}, person=guest)  # fmt: skip
    commit(session)
    told = queries.confirmed_forms(session, ["Соловей Анна Ивановна"])["corrected"]
    assert told["соловей анна ивановна"]["f"]["dative"] == "Соловью Анне Ивановне"
    assert told["а. и. соловей"]["f"]["dative"] == "А. И. Соловью"
    event = session.scalars(select(Event).where(Event.kind == "people.forms.confirmed")).one()
    assert "Соловью" not in str(event.changes)


def test_forms_go_with_their_person(session: Session, now: datetime, actor: Actor, make: Any) -> None:
    person = make.person(russian_family="Рева", russian_given="Игорь", sex="male")
    forms = {case.value: "Ревы Игоря" for case in OBLIQUE}
    service.confirm_forms(session, actor, now, person.russian_name, Named.PERSON, Gender.MALE, forms, person=person)
    commit(session)
    session.execute(delete(PersonKey).where(PersonKey.person_id == person.id))
    session.execute(delete(Person).where(Person.id == person.id))
    commit(session)
    assert session.scalars(select(NameForm)).all() == []


def test_coordinator_corrects_a_name_on_its_page(session: Session, guest: Any, client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    url = f"/people/{guest.id}/forms"
    page = browser.get(url).get_data(as_text=True)
    assert "Соловей Анне Ивановне" in page
    assert "под вопросом" in page
    empty = browser.post(url, {**SOLOVEY, "dative": ""})
    assert empty.status_code == 422
    done = browser.post(url, {**SOLOVEY, "dative": "Соловью Анне Ивановне"})
    assert (done.status_code, done.location.split("?")[0]) == (303, f"/people/{guest.id}")
    again = browser.get(url).get_data(as_text=True)
    assert ("Соловью Анне Ивановне" in again, "исправлено вручную" in again) == (True, True)


def test_person_without_a_russian_name_is_asked_for_one(
    session: Session, make: Any, client_as: Callable[..., Any]
) -> None:
    person = make.person(russian_family="", russian_given="")
    make.member(make.visit(), person)
    commit(session)
    page = client_as(Role.COORDINATOR).get(f"/people/{person.id}/forms")
    assert page.status_code == 200
    assert "Русское имя не внесено" in page.get_data(as_text=True)


def test_post_is_looked_up_confirmed_and_listed(session: Session, client_as: Callable[..., Any]) -> None:
    browser = client_as(Role.COORDINATOR)
    assert "Пока ничего не подтверждено" in browser.get("/forms").get_data(as_text=True)
    page = browser.get("/forms", query_string={"text": POST, "role": "post"}).get_data(as_text=True)
    assert all(form in page for form in FORMS.values())
    done = browser.post("/forms", {**FORMS, "text": POST, "role": "post"})
    assert done.status_code == 303
    listed = browser.get("/forms").get_data(as_text=True)
    assert (POST in listed, "Пока ничего не подтверждено" in listed) == (True, False)


@pytest.mark.parametrize("query", [{"text": "x" * 5000}, {"text": "\u0000", "role": "nobody"}, {"role": "person"},
                                   {"text": "<script>", "gender": "x"}, {"paper": "99999999999"}])  # fmt: skip
def test_strange_questions_are_answered_calmly(client_as: Callable[..., Any], query: dict[str, str]) -> None:
    page = client_as(Role.COORDINATOR).get("/forms", query_string=query)
    assert page.status_code in (200, 400, 404, 422)
    assert "<script>" not in page.get_data(as_text=True).split("<main", 1)[-1]


@pytest.mark.parametrize("data", [{}, {"text": "", **FORMS}, {"text": POST}, {"text": POST, "role": "robot", **FORMS}])
def test_faulty_confirmation_is_refused(client_as: Callable[..., Any], data: dict[str, str]) -> None:
    assert client_as(Role.COORDINATOR).post("/forms", data).status_code == 422


def test_another_persons_forms_are_not_found(session: Session, make: Any, client_as: Callable[..., Any]) -> None:
    stranger = make.person()
    commit(session)
    browser = client_as(Role.COORDINATOR)
    assert browser.get(f"/people/{stranger.id}/forms").status_code == 404
    assert browser.post(f"/people/{stranger.id}/forms", SOLOVEY).status_code == 404
