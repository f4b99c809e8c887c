"""A paper goes out in the name of one body: its letterhead, its signatory, its numbers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Invalid
from workflow.base.unit_of_work import unit_of_work
from workflow.office import bodies
from workflow.office import service as office_service
from workflow.office.models import IssuingBody
from workflow.office.queries import issuing_body
from workflow.papers import approving, queries, service
from workflow.papers.editions import kind
from workflow.papers.numbering import Numbering, give_number
from workflow.papers.rules import NumberSource, PaperState, new_code


@pytest.fixture
def duma(session: Session, desk: Desk, now: datetime) -> IssuingBody:
    """The Duma, which thanks in Russian only."""
    with unit_of_work(session):
        body = bodies.add_body(
            session, SYSTEM, now, name_ru="Ставропольская городская Дума", name_en="Stavropol City Duma",
            city_ru="Ставрополь", letterhead_ru="СТАВРОПОЛЬСКАЯ ГОРОДСКАЯ ДУМА", languages=["ru"],
            kinds=["letter-thanks"],
        )  # fmt: skip
        office_service.add_signatory(
            session, SYSTEM, now, name_ru="Орлов Сергей Павлович", post_ru="Председатель Думы", issuing_body_id=body.id
        )
    return body


def test_kind_goes_to_its_body_with_letterhead_signatory_and_language(
    session: Session, desk: Desk, duma: IssuingBody, now: datetime
) -> None:
    with unit_of_work(session):
        thanks = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "letter-thanks")
        invitation = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
        chosen = service.draft_paper(
            session, desk.coordinator, now, desk.visit.id, "invitation", languages=["ru"], body_id=duma.id
        )
    first = issuing_body(session)
    assert first is not None
    assert [each.issuing_body_id for each in (thanks, invitation, chosen)] == [duma.id, first.id, duma.id]
    assert [text.language for text in thanks.texts] == ["ru"]
    facts = approving.facts_of(session, now, chosen, kind("invitation"))
    assert facts["office"]["letterhead"]["ru"] == ["СТАВРОПОЛЬСКАЯ ГОРОДСКАЯ ДУМА"]
    assert facts["office"]["signatory"]["post"]["ru"] == "Председатель Думы"


def test_number_comes_from_the_series_of_the_body(
    session: Session, desk: Desk, duma: IssuingBody, now: datetime
) -> None:
    own = Numbering(NumberSource.OWN)
    taken = []
    with unit_of_work(session):
        for body_id in (None, duma.id, None, duma.id):
            paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", body_id=body_id)
            give_number(session, desk.manager, now, paper, kind("invitation"), own)
            taken.append(paper.number.rpartition("/")[2])
    assert taken == ["1", "1", "2", "2"]


def test_public_page_names_the_body(
    session: Session, desk: Desk, duma: IssuingBody, now: datetime, client_as: Callable[..., Any]
) -> None:
    with unit_of_work(session):
        paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", body_id=duma.id)
        paper.state, paper.code = PaperState.SIGNED, new_code()
    found = queries.verify(session, paper.code)
    assert found is not None
    assert found.issuer == {"ru": "Ставропольская городская Дума", "en": "Stavropol City Duma"}
    session.rollback()
    page = client_as(Role.COORDINATOR).get(f"/verify/{paper.code}").text
    assert "Ставропольская городская Дума" in page
    assert "Stavropol City Duma" in page


def test_coordinator_chooses_the_body_on_the_page(
    session: Session, desk: Desk, duma: IssuingBody, now: datetime, client_as: Callable[..., Any]
) -> None:
    with unit_of_work(session):
        retired = bodies.add_body(session, SYSTEM, now, name_ru="школа № 1")
        bodies.retire_body(session, SYSTEM, now, retired.id)
    with pytest.raises(Invalid) as refused:
        service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", body_id=retired.id)
    assert refused.value.field == "issuing_body"
    session.rollback()
    manager = client_as(Role.MANAGER)
    page = manager.get(f"/visits/{desk.visit.id}/papers").text
    assert "Ставропольская городская Дума" in page or "Stavropol City Duma" in page
    assert "школа № 1" not in page
    sent = {"kind": "invitation", "issuing_body": str(duma.id)}
    assert manager.post(f"/visits/{desk.visit.id}/papers", sent).status_code == 303
    wrong = manager.post(f"/visits/{desk.visit.id}/papers", {"kind": "invitation", "issuing_body": "999"})
    assert wrong.status_code == 422
