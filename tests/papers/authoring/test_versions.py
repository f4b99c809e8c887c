"""Versions of a wording: written, put into use, returned to, deleted; papers follow the one in use."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from workflow.base.events import Event
from workflow.base.unit_of_work import commit
from workflow.papers import editions
from workflow.papers import service as papers
from workflow.papers.authoring import queries, service
from workflow.papers.authoring.models import Wording
from workflow.papers.authoring.rules import VersionState

KEY = ("invitation", "ru")
OURS = editions.kind("invitation").wordings["ru"].replace("Имею честь пригласить", "Рады пригласить")


def written(session: Session, desk: Desk, now: datetime, text: str = OURS, **values: Any) -> Wording:
    row = service.save_wording(session, desk.coordinator, now, *KEY, text, **values)
    commit(session)
    return row


def used(session: Session, desk: Desk, now: datetime, n: int, language: str = "ru") -> None:
    service.activate_wording(session, desk.manager, now, "invitation", language, n)
    commit(session)


def drafted(session: Session, desk: Desk, now: datetime, **values: Any) -> Any:
    paper = papers.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", **values)
    commit(session)
    return next(text for text in paper.texts if text.language == values.get("languages", ["ru"])[0])


def test_draft_of_a_wording_is_not_used_until_a_manager_says_so(session: Session, desk: Desk, now: datetime) -> None:
    row = written(session, desk, now, remark="Теплее")
    assert (row.n, row.state, row.based_on, row.remark) == (1, "draft", 0, "Теплее")
    before = drafted(session, desk, now)
    assert ("Имею честь пригласить" in before.text, before.wording_n) == (True, 0)
    used(session, desk, now, 1)
    after = drafted(session, desk, now)
    assert ("Рады пригласить" in after.text, after.wording_n) == (True, 1)
    assert "Имею честь" in before.text


def test_saving_again_changes_the_draft_and_a_used_version_never(session: Session, desk: Desk, now: datetime) -> None:
    row = written(session, desk, now)
    again = written(session, desk, now, OURS + "\nЕщё.\n", seen=(1, row.lock_version))
    assert (again.id, again.n) == (row.id, 1)
    used(session, desk, now, 1)
    third = written(session, desk, now, OURS, based_on=1)
    assert (third.n, third.based_on) == (2, 1)
    assert session.scalars(select(Wording.text).where(Wording.n == 1)).one() == OURS.rstrip("\n") + "\n\nЕщё.\n"


def test_two_who_write_at_once_lose_nothing(session: Session, desk: Desk, now: datetime) -> None:
    first = written(session, desk, now)
    seen = (1, first.lock_version)
    written(session, desk, now, OURS + "\nПервый.\n", seen=seen)
    with pytest.raises(Stale) as stale:
        service.save_wording(session, desk.coordinator, now, *KEY, OURS, seen=seen)
    assert "Первый." in stale.value.current["text"]
    session.rollback()
    with pytest.raises(Stale):
        service.save_wording(session, desk.coordinator, now, *KEY, OURS)


def test_draft_that_was_used_meanwhile_is_not_written_over(session: Session, desk: Desk, now: datetime) -> None:
    row = written(session, desk, now)
    seen = (1, row.lock_version)
    used(session, desk, now, 1)
    with pytest.raises(Conflict, match=r"papers.wording-draft-gone"):
        service.save_wording(session, desk.coordinator, now, *KEY, OURS, seen=seen)


def test_return_to_an_earlier_version_and_to_the_one_as_delivered(session: Session, desk: Desk, now: datetime) -> None:
    written(session, desk, now)
    used(session, desk, now, 1)
    written(session, desk, now, OURS.replace("Рады", "Счастливы"), based_on=1)
    used(session, desk, now, 2)
    assert "Счастливы пригласить" in drafted(session, desk, now).text
    used(session, desk, now, 1)
    assert "Рады пригласить" in drafted(session, desk, now).text
    used(session, desk, now, 0)
    assert drafted(session, desk, now).wording_n == 0
    found = queries.versions(session, desk.manager, *KEY)
    assert [(one.n, one.state) for one in found] == [(2, "retired"), (1, "retired"), (0, "active")]
    kinds = session.scalars(select(Event.kind).where(Event.kind.like("papers.wording.%")).order_by(Event.id)).all()
    assert kinds == ["papers.wording.saved", "papers.wording.activated"] * 2 + ["papers.wording.activated"] * 2


def test_deleted_version_has_a_clear_message_and_papers_keep_their_text(
    session: Session, desk: Desk, now: datetime
) -> None:
    written(session, desk, now)
    used(session, desk, now, 1)
    text = drafted(session, desk, now)
    used(session, desk, now, 0)
    service.delete_version(session, desk.manager, now, *KEY, 1)
    commit(session)
    assert (text.wording_n, "Рады пригласить" in text.text) == (1, True)
    assert queries.version(session, desk.manager, *KEY, 1).state is VersionState.DELETED
    assert queries.version(session, desk.manager, *KEY, 1).text == ""
    with pytest.raises(Conflict, match=r"papers.wording-deleted"):
        service.activate_wording(session, desk.manager, now, *KEY, 1)
    papers.redraft_paper(session, desk.coordinator, now, text.paper_id)
    commit(session)
    assert ("Имею честь пригласить" in text.text, text.wording_n) == (True, 0)
    written(session, desk, now)
    assert [one.n for one in queries.versions(session, desk.manager, *KEY)] == [2, 1, 0]


def test_what_is_in_use_or_delivered_cannot_be_deleted(session: Session, desk: Desk, now: datetime) -> None:
    written(session, desk, now)
    used(session, desk, now, 1)
    with pytest.raises(Conflict, match=r"papers.wording-applies"):
        service.delete_version(session, desk.manager, now, *KEY, 1)
    with pytest.raises(Conflict, match=r"papers.wording-delivered"):
        service.delete_version(session, desk.manager, now, *KEY, 0)
    with pytest.raises(Conflict, match=r"papers.wording-applies"):
        service.activate_wording(session, desk.manager, now, *KEY, 1)


def test_faulty_wording_is_not_saved_and_each_fault_is_told(session: Session, desk: Desk, now: datetime) -> None:
    with pytest.raises(Invalid) as wrong:
        service.save_wording(session, desk.coordinator, now, *KEY, "{{ visit.purpse }}\n{{ visit.title|upp }}")
    assert [(each.field, each.code) for each in wrong.value.problems] == [("text", "papers.wording-at-line")] * 2
    what = wrong.value.problems[0].params
    assert (what["line"], what["what"].code) == (1, "papers.wording-fact-unknown-meant")
    assert what["what"].params == {"detail": "visit.purpse", "meant": "visit.purpose"}
    assert session.scalars(select(Wording)).all() == []


def test_version_that_became_faulty_is_not_put_into_use(session: Session, desk: Desk, now: datetime) -> None:
    row = written(session, desk, now)
    row.text = "{{ visit.gone }}"
    commit(session)
    with pytest.raises(Refused) as refused:
        service.activate_wording(session, desk.manager, now, *KEY, 1)
    assert [reason.params["line"] for reason in refused.value.reasons] == [1]


@pytest.mark.parametrize("role", list(Role))
def test_coordinators_write_and_managers_and_administrators_put_into_use(
    session: Session, desk: Desk, make: Make, now: datetime, role: Role
) -> None:
    written(session, desk, now)
    actor = make.actor(role)
    may_write = role not in {Role.TRANSLATOR, Role.RULES_KEEPER}
    may_use = role in {Role.MANAGER, Role.ADMINISTRATOR}
    if not may_write:
        with pytest.raises(NotFound):
            queries.versions(session, actor, *KEY)
    if not may_use:
        with pytest.raises(Forbidden):
            service.activate_wording(session, actor, now, *KEY, 1)
    else:
        service.activate_wording(session, actor, now, *KEY, 1)
    if not may_write:
        with pytest.raises(Forbidden):
            service.save_wording(session, actor, now, *KEY, OURS)
        with pytest.raises(Forbidden):
            service.add_language(session, actor, now, "invitation", "zh")
        with pytest.raises(Forbidden):
            service.delete_version(session, actor, now, *KEY, 1)


def test_language_is_added_translated_and_used(session: Session, desk: Desk, now: datetime) -> None:
    row = service.add_language(session, desk.coordinator, now, "invitation", "zh")
    assert row.text == editions.kind("invitation").wordings["en"]
    commit(session)
    with pytest.raises(Invalid, match=r"papers.no-wording"):
        papers.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["zh"])
    session.rollback()
    service.save_wording(session, desk.coordinator, now, "invitation", "zh", "邀请函 {{ visit.number }}",
                         based_on=1, seen=(1, row.lock_version))  # fmt: skip
    used(session, desk, now, 1, "zh")
    text = drafted(session, desk, now, languages=["zh"])
    assert text.text.startswith("邀请函")
    assert text.wording_n == 1
    with pytest.raises(Conflict, match=r"papers.wording-has-language"):
        service.add_language(session, desk.coordinator, now, "invitation", "zh")
    with pytest.raises(Invalid, match=r"papers.not-a-language"):
        service.add_language(session, desk.coordinator, now, "invitation", "Z1")


def test_overview_says_which_language_is_older(session: Session, desk: Desk, now: datetime) -> None:
    written(session, desk, now)
    used(session, desk, now, 1)
    (line,) = queries.overview(session, desk.coordinator, ["invitation"])
    assert {each.language: (each.active, each.newer) for each in line.languages} == {"ru": (1, ""), "en": (0, "ru")}
    later = now + timedelta(days=2)
    english = editions.kind("invitation").wordings["en"]
    service.save_wording(session, desk.coordinator, later, "invitation", "en", english, remark="Ничего не меняем")
    commit(session)
    used(session, desk, later, 1, "en")
    (line,) = queries.overview(session, desk.coordinator, ["invitation"])
    assert {each.language: each.newer for each in line.languages} == {"ru": "en", "en": ""}


def test_unknown_kind_and_language_are_not_found(session: Session, desk: Desk, now: datetime) -> None:
    for key, language in (("bogus", "ru"), ("invitation", "tr"), ("invitation", "русский")):
        with pytest.raises(NotFound):
            service.save_wording(session, desk.coordinator, now, key, language, OURS)
