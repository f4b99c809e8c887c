"""Case forms of a paper: shown before approval, corrected by a person, frozen with the paper."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.knowledge.grammar.cases import Gender
from workflow.knowledge.grammar.cases import Role as Named
from workflow.papers import approving, service
from workflow.papers.authoring.queries import kind_now
from workflow.papers.changes import changes_of
from workflow.papers.forms_used import forms_used, in_doubt
from workflow.people.declension.service import confirm_forms

BODY = "муниципалитет Кадыкёй"
PROPOSED = {"genitive": "муниципалитета Кадыкёй", "dative": "муниципалитету Кадыкёй", "accusative": BODY,
            "instrumental": "муниципалитетом Кадыкёй", "prepositional": "муниципалитете Кадыкёй"}  # fmt: skip
WISHED = {**PROPOSED, "genitive": "муниципалитета Кадыкёя"}


def order(session: Session, now: datetime, desk: Desk) -> Any:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "order-receiving", languages=["ru"])
    commit(session)
    return paper


def used(session: Session, now: datetime, paper: Any) -> list[Any]:
    kind = kind_now(session, paper.kind)
    return forms_used(paper, kind, approving.facts_of(session, now, paper, kind))


def test_forms_in_the_text_are_told_with_their_state(session: Session, now: datetime, desk: Desk) -> None:
    paper = order(session, now, desk)
    told = {(one.text, one.case): (one.form, one.state) for one in used(session, now, paper)}
    assert told[(BODY, "genitive")] == ("муниципалитета Кадыкёй", "sure")
    confirm_forms(session, desk.coordinator, now, BODY, Named.POST, Gender.UNKNOWN, PROPOSED)
    commit(session)
    told = {(one.text, one.case): (one.form, one.state) for one in used(session, now, paper)}
    assert told[(BODY, "genitive")] == ("муниципалитета Кадыкёй", "confirmed")
    assert changes_of(session, now, paper) == []


def test_words_that_a_person_took_out_are_not_told(session: Session, now: datetime, desk: Desk) -> None:
    paper = order(session, now, desk)
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", "Только эти слова.", version=None)
    commit(session)
    assert used(session, now, paper) == []
    assert in_doubt(used(session, now, paper)) == 0


def test_correction_marks_the_draft_and_a_new_draft_has_it(session: Session, now: datetime, desk: Desk) -> None:
    paper = order(session, now, desk)
    confirm_forms(session, desk.coordinator, now, BODY, Named.POST, Gender.UNKNOWN, WISHED)
    commit(session)
    assert [(one.fact, one.old, one.new) for one in changes_of(session, now, paper)] == [
        (BODY, "муниципалитета Кадыкёй", "муниципалитета Кадыкёя")
    ]
    service.redraft_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    assert "муниципалитета Кадыкёя" in paper.texts[0].text
    assert changes_of(session, now, paper) == []


def test_approved_paper_keeps_its_forms(
    session: Session, now: datetime, desk: Desk, submitted: Callable[..., Any]
) -> None:
    paper = submitted("order-receiving", languages=["ru"])
    before = paper.texts[0].text
    approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    confirm_forms(session, desk.coordinator, now, BODY, Named.POST, Gender.UNKNOWN, WISHED)
    commit(session)
    session.refresh(paper)
    assert (paper.texts[0].text, "forms" in paper.facts) == (before, False)
    assert [one.new for one in changes_of(session, now, paper)] == ["муниципалитета Кадыкёя"]


def test_page_shows_the_forms_and_leads_to_them(
    session: Session, now: datetime, desk: Desk, client_as: Callable[..., Any]
) -> None:
    paper = order(session, now, desk)
    page = client_as(Role.COORDINATOR).get(f"/papers/{paper.id}").get_data(as_text=True)
    assert "Падежные формы в русском тексте" in page
    assert f"paper={paper.id}" in page
