"""By what we work, who signs, on which days we work."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from workflow.base import clock
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import unit_of_work
from workflow.office import facts, queries, service
from workflow.office.models import Signatory
from workflow.office.numbers import add_series, take_number


def set_up(session: Session, **values: Any) -> None:
    with unit_of_work(session):
        service.set_up_office(session, SYSTEM, clock.now(), **({
            "name_ru": "администрация города Ставрополя", "name_en": "Administration of the City of Stavropol",
            "city_ru": "Ставрополь", "city_en": "Stavropol", "letterhead_ru": "АДМИНИСТРАЦИЯ \n\n ГОРОДА СТАВРОПОЛЯ",
        } | values))  # fmt: skip


def signatory(session: Session, **values: Any) -> Signatory:
    with unit_of_work(session):
        return service.add_signatory(
            session,
            SYSTEM,
            clock.now(),
            **({"name_ru": "Иванова Мария Петровна", "name_en": "Mariia Ivanova", "post_ru": "Глава города"} | values),
        )


def test_office_is_set_up_once(session: Session) -> None:
    set_up(session)
    with pytest.raises(Conflict) as refused:
        set_up(session)
    assert refused.value.code == "office.already-set-up"


def test_new_office_can_number_its_letters_and_orders(session: Session) -> None:
    set_up(session)
    taken = {key: take_number(session, clock.now(), key).text for key in ("outgoing", "orders")}
    assert taken == {"outgoing": "1", "orders": "1-р"}


def test_series_entered_before_the_office_is_kept(session: Session) -> None:
    with unit_of_work(session):
        add_series(session, SYSTEM, clock.now(), key="outgoing", title_ru="Письма", pattern="01-15/{n}")
    set_up(session)
    assert [(row.key, row.pattern) for row in queries.series(session)] == [
        ("orders", "{n}-р"), ("outgoing", "01-15/{n}")]


def test_wrong_values_are_named_together(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        set_up(session, name_ru="", name_en="", country="XX", zone="Moon/Base", email="nobody", pack_key="")
    assert {problem.field for problem in refused.value.problems} == {"name_ru", "country", "zone", "email", "pack_key"}
    assert queries.office(session) is None


def test_coordinator_cannot_change_the_office(session: Session, make: Any) -> None:
    set_up(session)
    with pytest.raises(Forbidden):
        service.change_office(session, make.actor(Role.COORDINATOR), clock.now(), {"zone": "Asia/Omsk"})


def test_first_signatory_is_the_default_and_hands_over(session: Session) -> None:
    first = signatory(session)
    second = signatory(session, name_ru="Петров Пётр Петрович", kinds=["invitation"])
    assert first.is_default
    assert not second.is_default
    chosen = queries.signatory_for(session, "invitation"), queries.signatory_for(session, "letter-thanks")
    assert chosen == (second, first)
    with pytest.raises(Conflict):
        service.retire_signatory(session, SYSTEM, clock.now(), first.id)
    with pytest.raises(Conflict):
        service.change_signatory(session, SYSTEM, clock.now(), first.id, {"is_default": False})
    with unit_of_work(session):
        service.change_signatory(session, SYSTEM, clock.now(), second.id, {"is_default": True})
    session.refresh(first)
    assert not first.is_default
    with unit_of_work(session):
        service.retire_signatory(session, SYSTEM, clock.now(), first.id)
    assert queries.signatory_for(session, "letter-thanks") == second
    assert [row.id for row in queries.signatories(session)] == [second.id]


def test_facts_say_what_is_known_and_nothing_else(session: Session) -> None:
    scope = FactScope(1, "ru", clock.now())
    empty = facts.collect(session, scope)
    assert (empty["name"], empty["letterhead"], empty["signatory"]["name"]) == (None, {}, None)
    set_up(session)
    signatory(session)
    known = facts.SECTIONS["office"](session, scope)
    assert known["name"] == {"ru": "администрация города Ставрополя", "en": "Administration of the City of Stavropol"}
    assert known["letterhead"] == {"ru": ["АДМИНИСТРАЦИЯ", "ГОРОДА СТАВРОПОЛЯ"], "en": []}
    assert known["signatory"]["short"] == {"ru": "М. П. Иванова", "en": "M. Ivanova"}
    assert known["signatory"]["post"] == {"ru": "Глава города", "en": ""}
    assert (known["city_in"], known["arms_file_id"]) == (None, None)
    assert set(known) == set(empty)


def test_corrected_day_moves_our_calendar_and_no_other(session: Session) -> None:
    saturday = date(2027, 3, 20)
    assert not queries.our_calendar(session).is_working(saturday)
    with unit_of_work(session):
        row = service.override_day(session, SYSTEM, clock.now(), calendar="RU", day=saturday, works=True)
    assert queries.our_calendar(session).is_working(saturday)
    assert not queries.calendar_of(session, "DE").is_working(saturday)
    assert not queries.calendar_of(session, "RU", "DE").is_working(saturday)
    with unit_of_work(session):
        service.override_day(session, SYSTEM, clock.now(), calendar="RU", day=saturday, works=False)
    assert not queries.our_calendar(session).is_working(saturday)
    with unit_of_work(session):
        service.drop_override(session, SYSTEM, clock.now(), row.id)
    assert queries.overrides(session) == {}


def test_administrator_describes_the_office_in_the_browser(client_as: Callable[..., Any], session: Session) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    assert admin.get("/admin/office").status_code == 200
    wrong = admin.post("/admin/office", {"name_ru": "", "pack_key": "none", "country": "RU", "zone": "Europe/Moscow"})
    assert wrong.status_code == 422
    fields = {"name_ru": "администрация города Омска", "country": "RU", "zone": "Asia/Omsk", "pack_key": "ru-municipal"}
    assert admin.post("/admin/office", fields).status_code == 303
    assert admin.post("/admin/office", {**fields, "zone": "Asia/Tomsk", "version": "1"}).status_code == 303
    lost = admin.post("/admin/office", {**fields, "zone": "Europe/Samara", "version": "1"})
    assert lost.status_code == 409
    assert 'value="2"' in lost.text
    assert "администрация города Омска" in admin.get("/admin/office/bodies").text
    assert (
        admin.post("/admin/office/signatories/new", {"name_ru": "Иванова Мария", "post_ru": "Глава"}).status_code == 303
    )
    assert "Иванова Мария" in admin.get("/admin/office/signatories").text
    assert admin.get("/admin/office/signatories/1").status_code == 200
    added = admin.post("/admin/office/numbers", {"key": "certificates", "title_ru": "Справки", "pattern": "С-{n}"})
    assert added.status_code == 303
    moved = admin.post(
        "/admin/office/numbers/1",
        {"title_ru": "Исходящие", "pattern": "01-15/{n}", "next_value": "300", "version": "1"},
    )
    assert moved.status_code == 303
    assert ">300<" in admin.get("/admin/office/numbers").text
    assert admin.post("/admin/office/calendar", {"calendar": "RU", "day": "2027-02-31"}).status_code == 422
    assert (
        admin.post("/admin/office/calendar", {"calendar": "RU", "day": "20.03.2027", "works": "1"}).status_code == 303
    )
    assert "20 марта 2027" in admin.get("/admin/office/calendar").text.replace("\xa0", " ")
    assert admin.post("/admin/office/calendar/1/drop").status_code == 303
