"""The approval sheet: who is asked when, what counts, what a changed text voids, and what a manager may pass over."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk, tried
from workflow.base.actor import Role
from workflow.base.errors import Conflict, Invalid, Refused
from workflow.base.events import Event
from workflow.base.reasons import FactScope
from workflow.base.unit_of_work import commit
from workflow.mail.models import Mail
from workflow.papers import approving, checking, queries, service
from workflow.papers.checks import checkers, live_checks, unasked
from workflow.papers.facts import collect_checks
from workflow.papers.models import Paper
from workflow.papers.rules import CheckDecision
from workflow.papers.words import LANGUAGES

AGREED, REMARKED, REFUSED = CheckDecision.AGREED, CheckDecision.REMARKED, CheckDecision.REFUSED


@pytest.fixture
def team(make: Make) -> list[Any]:
    """A lawyer, a protocol officer, and finance."""
    return [make.actor(Role.COORDINATOR) for _ in range(3)]


@pytest.fixture
def handed(session: Session, desk: Desk, now: datetime, team: list[Any]) -> Callable[..., Any]:
    def make_one(*, in_order: bool = False) -> Any:
        paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
        service.submit_paper(session, desk.coordinator, now, paper.id, checkers=[one.account_id for one in team],
                             in_order=in_order)  # fmt: skip
        commit(session)
        tried(session, now, paper)
        return paper

    return make_one


def asked(session: Session, team: list[Any]) -> list[int]:
    return [len(queries.waiting_for_check(session, one)) for one in team]


def told(session: Session) -> list[str]:
    return list(session.scalars(select(Mail.kind).where(Mail.kind.like("paper_check%")).order_by(Mail.id)))


def test_all_at_once_are_asked_and_told(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any
) -> None:
    paper = handed()
    assert asked(session, team) == [1, 1, 1]
    assert told(session) == ["paper_check"] * 3
    assert [waiting.pending for waiting in queries.waiting_for_approval(session, desk.manager)] == [3]
    with pytest.raises(Refused) as refused:
        approving.approve_paper(session, desk.manager, now, paper.id)
    assert (refused.value.code, len(refused.value.reasons)) == ("papers.not-checked", 3)
    for one, decision, remark in zip(team, (AGREED, REMARKED, AGREED), ("", "Проверить дату", ""), strict=True):
        checking.decide_check(session, one, now, paper.id, decision, remark)
    commit(session)
    assert asked(session, team) == [0, 0, 0]
    assert told(session) == ["paper_check"] * 3 + ["paper_checked"]
    approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    assert paper.state == "approved"


def test_one_after_the_other_in_order(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any
) -> None:
    paper = handed(in_order=True)
    assert asked(session, team) == [1, 0, 0]
    with pytest.raises(Conflict, match="check-not-yet"):
        checking.decide_check(session, team[1], now, paper.id, AGREED)
    checking.decide_check(session, team[0], now, paper.id, AGREED)
    commit(session)
    assert asked(session, team) == [0, 1, 0]
    checking.decide_check(session, team[1], now, paper.id, REFUSED, "Нет сметы")
    commit(session)
    assert asked(session, team) == [0, 0, 0]
    assert told(session) == ["paper_check", "paper_check", "paper_checked"]


def test_a_remark_and_a_refusal_need_words_and_nobody_decides_twice(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any
) -> None:
    paper = handed()
    for decision in (REMARKED, REFUSED):
        with pytest.raises(Invalid, match="check-remark"):
            checking.decide_check(session, team[0], now, paper.id, decision, "  ")
    checking.decide_check(session, team[0], now, paper.id, AGREED)
    with pytest.raises(Conflict, match="check-decided"):
        checking.decide_check(session, team[0], now, paper.id, REFUSED, "x")
    with pytest.raises(Conflict, match="check-not-asked"):
        checking.decide_check(session, desk.manager, now, paper.id, AGREED)


def test_a_changed_text_voids_what_was_decided_and_an_unchanged_one_does_not(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any
) -> None:
    paper = handed()
    wanted = [one.account_id for one in team]
    checking.decide_check(session, team[0], now, paper.id, AGREED)
    checking.decide_check(session, team[1], now, paper.id, REFUSED, "Неверная дата")
    commit(session)
    service.take_back(session, desk.coordinator, now, paper.id)
    commit(session)
    session.refresh(paper)
    assert asked(session, team) == [0, 0, 0]
    assert checkers(paper) == wanted
    service.submit_paper(session, desk.coordinator, now, paper.id, checkers=wanted)
    commit(session)
    session.expire_all()
    assert [each.decision for each in live_checks(paper)] == ["agreed", "", ""]
    assert asked(session, team) == [0, 1, 1]

    service.take_back(session, desk.coordinator, now, paper.id)
    commit(session)
    session.expire_all()
    text = paper.texts[0].text.replace("Имею честь", "Рад")
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", text, version=None)
    commit(session)
    session.expire_all()
    assert [each.decision for each in live_checks(paper) if each.decision] == []
    assert sorted(each.decision for each in paper.checks if each.voided_at) == ["agreed", "refused"]
    assert "papers.checks.voided" in session.scalars(select(Event.kind)).all()
    service.submit_paper(session, desk.coordinator, now, paper.id, checkers=wanted)
    commit(session)
    assert asked(session, team) == [1, 1, 1]


def test_who_agreed_to_another_text_is_named_and_asked_again_by_one_click(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any, client_as: Callable[..., Any],
    run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]],
) -> None:  # fmt: skip
    paper = handed()
    checking.decide_check(session, team[0], now, paper.id, AGREED)
    service.take_back(session, desk.coordinator, now, paper.id)
    session.refresh(paper)
    text = paper.texts[0].text.replace("Имею честь", "Рад")
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", text, version=None)
    commit(session)
    session.expire_all()
    assert unasked(paper) == [team[0].account_id]
    assert checkers(paper) == [one.account_id for one in team]  # nobody drops out because another is still asked
    session.rollback()

    def shown(browser: Any) -> str:
        return re.sub(r"<[^>]+>", " ", browser.get(f"/papers/{paper.id}").get_data(as_text=True))

    clerk = client_as(Role.COORDINATOR)
    told = "Согласовывали прежний текст и после его изменения ещё не опрошены"
    assert told in shown(clerk)
    page = clerk.get(f"/papers/{paper.id}").get_data(as_text=True)
    form = page[page.index(told) :]
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    asked_now = [value for name, value in fields if name == "checkers"]
    assert asked_now == [str(one.account_id) for one in team]
    sent = {"checkers": asked_now, "version": dict(fields)["version"]}
    assert clerk.post(f"/papers/{paper.id}/submit", sent).status_code == 303
    assert told not in shown(clerk)
    assert asked(session, team) == [1, 1, 1]
    run_jobs()
    bodies = [mail.get_body(("plain",)) for mail in outbox()]
    again = [body for body in bodies if body and "который вы уже смотрели" in body.get_content()]
    assert len(again) == 1


def test_a_manager_sees_that_a_changed_text_was_not_shown_again(
    session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any, client_as: Callable[..., Any]
) -> None:
    paper = handed()
    checking.decide_check(session, team[0], now, paper.id, AGREED)
    service.take_back(session, desk.coordinator, now, paper.id)
    session.refresh(paper)
    text = paper.texts[0].text.replace("Имею честь", "Рад")
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", text, version=None)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    (waiting,) = queries.waiting_for_approval(session, desk.manager)
    assert (waiting.pending, waiting.unasked) == (0, 1)
    head = client_as(Role.MANAGER)
    assert "после его изменения ещё не опрошены" in head.get(f"/papers/{paper.id}").get_data(as_text=True)
    desk_page = head.get("/").get_data(as_text=True)
    assert "Текст изменён после согласования" in desk_page
    assert f"/papers/{paper.id}/approve" not in desk_page


def test_a_manager_passes_over_checks_only_with_a_reason_that_is_kept(
    session: Session, desk: Desk, now: datetime, handed: Any
) -> None:
    paper = handed()
    with pytest.raises(Refused, match="not-checked"):
        approving.approve_paper(session, desk.manager, now, paper.id, override_reason="   ")
    approving.approve_paper(session, desk.manager, now, paper.id, override_reason="Юрист в отпуске")
    commit(session)
    assert (paper.state, paper.override_reason) == ("approved", "Юрист в отпуске")
    event = session.scalars(select(Event).where(Event.kind == "papers.checks.overridden")).one()
    assert event.note == "Юрист в отпуске"


def test_checkers_are_people_who_read_papers_and_somebody_else(
    session: Session, desk: Desk, now: datetime, make: Make
) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    commit(session)
    for wrong, code in (
        (make.actor(Role.TRANSLATOR).account_id, "no-checker"), (77_777, "no-checker"),
        (desk.coordinator.account_id, "checks-own"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=code):
            service.submit_paper(session, desk.coordinator, now, paper.id, checkers=[wrong])
        session.rollback()


def test_a_mail_says_what_to_check_in_its_readers_language(
    session: Session, handed: Any, run_jobs: Callable[[], int], outbox: Callable[[], list[EmailMessage]]
) -> None:
    paper = handed()
    run_jobs()
    mail = outbox()[0]
    body = mail.get_body(("plain",))
    assert body is not None
    assert mail["Subject"] == "Прошу согласовать: Приглашение"
    assert f"/papers/{paper.id}" in body.get_content()


def test_the_sheet_as_facts(session: Session, desk: Desk, now: datetime, team: list[Any], handed: Any) -> None:
    paper = handed()
    checking.decide_check(session, team[0], now + timedelta(hours=16), paper.id, REMARKED, "Дата")
    commit(session)
    session.expire_all()
    told_ = collect_checks(session, FactScope(visit_id=desk.visit.id, language="*", now=now))
    assert told_["paper"] == {"ru": "Приглашение", "en": "Invitation"}
    first, second = told_["rows"][:2]
    assert (first["n"], first["decision"]["ru"], first["remark"]) == (
        1, "согласовано с замечанием", dict.fromkeys(LANGUAGES, "Дата"))
    assert first["decided"] == (now + timedelta(days=1)).date()
    assert (second["decision"]["ru"], second["decided"], second["remark"]) == ("", None, None)
    assert set(first) == {"n", "name", "post", "decided", "decision", "remark"}


def test_the_page_says_that_somebody_refused_and_not_that_all_are_waited_for(
    session: Session, now: datetime, make: Make, client_as: Callable[..., Any], team: list[Any], handed: Any
) -> None:
    paper, browser = handed(), client_as(account=make.account(Role.MANAGER, language="en"))
    waits, refused = "In check: waits for those on the approval sheet", "In check: somebody does not agree"
    page = browser.get(f"/papers/{paper.id}").get_data(as_text=True)
    assert (waits in page, refused in page) == (True, False)
    checking.decide_check(session, team[0], now, paper.id, REFUSED, "Не тот срок")
    commit(session)
    page = browser.get(f"/papers/{paper.id}").get_data(as_text=True)
    assert (waits in page, refused in page) == (False, True)


@pytest.mark.parametrize("act", ["check", "return", "take-back"])
def test_a_page_from_before_the_paper_was_handed_in_anew_decides_nothing(
    session: Session, desk: Desk, now: datetime, make: Make, client_as: Callable[..., Any], act: str
) -> None:
    account = make.account(Role.MANAGER, language="en")
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "letter-thanks", languages=["ru"])
    service.submit_paper(session, desk.coordinator, now, paper.id, checkers=[account.id])
    commit(session)
    browser = client_as(account=account)
    page = browser.get(f"/papers/{paper.id}").get_data(as_text=True)
    seen = set(re.findall(r'name="version" value="(\d+)"', page))
    assert seen == {str(paper.lock_version)}
    service.take_back(session, desk.coordinator, now, paper.id)
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", "Other words.", version=None)
    service.submit_paper(session, desk.coordinator, now, paper.id, checkers=[account.id])
    commit(session)
    said = {"decision": "agreed", "remark": "Looks right", "version": seen.pop()}
    refused = browser.post(f"/papers/{paper.id}/{act}", said)
    assert (refused.status_code, "Somebody else saved this" in refused.get_data(as_text=True)) == (409, True)
    session.expire_all()
    assert session.get_one(Paper, paper.id).state == "submitted"
    assert [each.decision for each in queries.get_paper(session, desk.coordinator, paper.id).checks
            if each.voided_at is None] == [""]
