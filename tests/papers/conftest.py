"""An office with its series and signatory, a partner and a visit with everything that an invitation needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Make
from workflow.base.actor import SYSTEM, Actor, Role
from workflow.base.unit_of_work import commit, rollback
from workflow.office import numbers
from workflow.office import service as office_service
from workflow.office.queries import series
from workflow.papers import service, trials


@dataclass
class Desk:
    """What most tests of papers begin with."""

    visit: Any
    coordinator: Actor
    manager: Actor


def set_up_office(session: Session, now: datetime) -> None:
    office_service.set_up_office(
        session, SYSTEM, now, name_ru="администрация города Ставрополя",
        name_en="Administration of the City of Stavropol",
        city_ru="Ставрополь", city_en="Stavropol", city_in_ru="в городе Ставрополе", city_in_en="in Stavropol",
        address_ru="пр. К. Маркса, 96", address_en="96 K. Marx Avenue", phone="+7 (8652) 00-00-00",
        letterhead_ru="АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ", letterhead_en="ADMINISTRATION OF THE CITY OF STAVROPOL",
        email="office@city.example",
    )  # fmt: skip
    office_service.add_signatory(
        session, SYSTEM, now, name_ru="Образцов Иван Петрович", name_en="Ivan Obraztsov", short_ru="И. П. Образцов",
        short_en="I. Obraztsov", post_ru="Глава города Ставрополя", post_en="Mayor of Stavropol", is_default=True,
    )  # fmt: skip
    letters = next(row for row in series(session) if row.key == "outgoing")
    numbers.change_series(session, SYSTEM, now, letters.id, {"pattern": "01-12/{n}"})
    commit(session)


@pytest.fixture
def desk(session: Session, make: Make, now: datetime) -> Desk:
    set_up_office(session, now)
    partner = make.partner(
        name_ru="муниципалитет Кадыкёй", name_en="Kadıköy Municipality", city_ru="Кадыкёй", city_en="Kadıköy",
        head_name_ru="Шердиль Дара Одабаши", head_name_en="Şerdil Dara Odabaşı", head_gender="m",
    )  # fmt: skip
    coordinator, manager = make.actor(Role.COORDINATOR), make.actor(Role.MANAGER)
    visit = make.visit(
        partner_id=partner.id, purpose="сотрудничество в образовании", responsible_id=coordinator.account_id
    )
    visit.purpose_en = "co-operation in education"
    commit(session)
    return Desk(visit, coordinator, manager)


def tried(session: Session, now: datetime, paper: Any) -> None:
    """Lay a paper out on trial, as a worker does once it is handed in."""
    wanted = trials.load(session, {"paper_id": paper.id}, now)
    rollback(session)
    if wanted:
        trials.record_trials(session, {}, trials.perform(wanted), now)
        for text in paper.texts:
            session.refresh(text)
        commit(session)


@pytest.fixture
def submitted(session: Session, desk: Desk, now: datetime) -> Callable[..., Any]:
    """Draft and hand in a paper; committed."""

    def make_one(kind: str = "invitation", **values: Any) -> Any:
        paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, kind, **values)
        service.submit_paper(session, desk.coordinator, now, paper.id)
        commit(session)
        tried(session, now, paper)
        return paper

    return make_one
