"""Papers through the browser: what each role sees, presses and is told."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.papers import approving, service
from workflow.papers.conditions import paper_signed
from workflow.papers.models import Paper
from workflow.papers.numbering import Numbering
from workflow.papers.rules import NumberSource

PDF = b"%PDF-1.4 signed"


@pytest.fixture
def clerk(client_as: Callable[..., Any], desk: Desk, make: Make) -> Any:
    return client_as(Role.COORDINATOR)


@pytest.fixture
def head(client_as: Callable[..., Any], desk: Desk) -> Any:
    return client_as(Role.MANAGER)


def only(session: Session) -> Paper:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Paper).order_by(Paper.id.desc())).first()  # type: ignore[return-value]


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_a_text_says_that_the_first_language_was_edited_after_it(session: Session, desk: Desk, clerk: Any) -> None:
    assert clerk.post(f"/visits/{desk.visit.id}/papers",
                      data={"kind": "invitation", "languages": ["ru", "en"]}).status_code == 303  # fmt: skip
    page, told = f"/papers/{only(session).id}", "Проверьте, что в обоих сказано одно и то же."
    assert told not in text_of(clerk.get(page))
    for language, said in (("ru", True), ("en", False)):
        row = next(one for one in only(session).texts if one.language == language)
        changed = {"text": row.text + "\nP. S.\n", "version": str(row.lock_version)}
        assert clerk.post(f"{page}/texts/{language}", data=changed).status_code == 303
        assert (told in text_of(clerk.get(page))) is said


def test_the_letter_to_the_partner_clicked_through(
    session: Session, desk: Desk, clerk: Any, head: Any, client: Any, run_jobs: Callable[[], int]
) -> None:
    index = f"/visits/{desk.visit.id}/papers"
    assert "Документов пока нет" in text_of(clerk.get(index))
    assert clerk.post(index, {"kind": "invitation"}).status_code == 303
    paper = only(session)
    page = f"/papers/{paper.id}"
    assert "Уважаемый господин" in text_of(clerk.get(page))
    draft = clerk.get(f"{page}/files/ru.pdf")
    assert (draft.status_code, draft.data[:5]) == (200, b"%PDF-")

    changed = paper.texts[0].text.replace("Имею честь пригласить", "С радостью приглашаем")
    saved = clerk.post(f"{page}/texts/ru", {"text": changed, "version": "1"})
    assert saved.status_code == 303
    assert "С радостью приглашаем" in text_of(clerk.get(page))
    lost = clerk.post(f"{page}/texts/ru", {"text": "Мой вариант", "version": "1"})
    assert lost.status_code == 409
    assert "Мой вариант" in lost.get_data(as_text=True)
    assert "С радостью приглашаем" in lost.get_data(as_text=True)

    assert clerk.post(f"{page}/submit", {"version": str(only(session).lock_version)}).status_code == 303
    assert clerk.post(f"{page}/approve", {"source": "later"}).status_code == 403
    typed = {"source": "typed", "number": "СЭД-77/5", "dated": "2027-03-14"}
    assert head.post(f"{page}/approve", typed | {"version": str(only(session).lock_version)}).status_code == 303
    assert head.get(f"{page}/files/ru.pdf").status_code == 409
    run_jobs()
    kept = head.get(f"{page}/files/ru.pdf")
    assert (kept.status_code, kept.headers["Content-Disposition"][:10]) == (200, "attachment")

    scan = {"scan": (io.BytesIO(PDF), "скан.pdf"), "version": str(only(session).lock_version)}
    assert clerk.post(f"{page}/sign", scan, content_type="multipart/form-data").status_code == 303
    assert clerk.get(f"{page}/scan").data == PDF
    posted = {"how": "post", "to_whom": "Kadıköy", "version": str(only(session).lock_version)}
    folded = ("Уже отправлено. Отметить ещё одну отправку", "Уже отправлено. Отправить ещё и по электронной почте")
    assert not any(words in text_of(clerk.get(page)) for words in folded)
    assert clerk.post(f"{page}/send", posted).status_code == 303
    assert all(words in text_of(clerk.get(page)) for words in folded)
    refused = clerk.post(f"{page}/texts/ru", {"text": "x", "version": "2"})
    assert refused.status_code == 409
    assert clerk.post(f"{page}/supersede").status_code == 303
    assert only(session).supersedes_id == paper.id

    session.refresh(paper)
    verified = client.get(f"/verify/{paper.code}")
    assert "СЭД-77/5" in text_of(verified)


def test_approval_lists_what_is_missing(session: Session, desk: Desk, make: Make, head: Any, now: datetime) -> None:
    visit = make.visit(responsible_id=desk.coordinator.account_id)
    paper = service.draft_paper(session, desk.coordinator, now, visit.id, "invitation")
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    answer = head.post(f"/papers/{paper.id}/approve", {"source": "own"})
    assert answer.status_code == 409
    reasons = answer.get_data(as_text=True).partition('id="reasons"')[2].partition("</ul>")[0]
    assert reasons.count("<li>") == 2  # whom it goes to, and the purpose
    assert only(session).state == "submitted"


def test_the_paper_that_a_step_lacks_is_chosen_already_and_no_other_by_itself(
    session: Session, desk: Desk, clerk: Any, app: Flask
) -> None:
    [lacks] = paper_signed(session, [desk.visit.id], {"kind": "order-receiving"})[desk.visit.id]
    assert lacks.where is not None
    with app.test_request_context():
        there = url_for(lacks.where.endpoint, _anchor=lacks.where.fragment, **lacks.where.values)
    for address, chosen in ((there, ["order-receiving"]), (f"/visits/{desk.visit.id}/papers", [])):
        shown = clerk.get(address).get_data(as_text=True).partition('id="draft"')[2].partition("</select>")[0]
        assert re.findall(r'<option value="([^"]*)" selected', shown) == chosen
        assert '<option value="">выберите</option>' in shown
    assert there.endswith("#draft")
    refused = clerk.post(f"/visits/{desk.visit.id}/papers", {"kind": ""})
    assert (refused.status_code, 'href="#f-kind"' in refused.get_data(as_text=True)) == (422, True)


def test_papers_for_a_border_are_offered_where_somebody_may_cross_one(clerk: Any, desk: Desk, make: Make) -> None:
    def offered(visit: Any) -> set[str]:
        shown = clerk.get(f"/visits/{visit.id}/papers").get_data(as_text=True)
        return {kind for kind in ("order-receiving", "visa-support", "petition", "evisa-sheet") if kind in shown}

    assert offered(desk.visit) == {"order-receiving", "visa-support", "petition", "evisa-sheet"}
    at_home = make.visit(country="RU")
    make.member(at_home, make.person(citizenships=["RU"]))
    assert offered(at_home) == {"order-receiving"}
    make.member(at_home, make.person(citizenships=["GR"]))
    assert offered(at_home) == offered(desk.visit)


@pytest.mark.parametrize(("act", "fields", "field"), [
    ("return", {"remark": " "}, "remark"),
    ("approve", {"source": "typed", "number": "", "dated": "31.02.2027"}, "dated"),
    ("approve", {"source": "typed", "number": ""}, "number"),
    ("approve", {"source": "bogus"}, "source"),
])  # fmt: skip
def test_errors_stand_beside_their_field(
    session: Session, submitted: Callable[..., Any], head: Any, act: str, fields: dict[str, str], field: str
) -> None:
    paper = submitted()
    answer = head.post(f"/papers/{paper.id}/{act}", fields)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    [target] = re.findall(rf'<a href="#(f-{field}[^"]*)">', page)
    assert page.count(f'id="{target}"') == 1
    assert only(session).state == "submitted"


def test_another_visits_paper_and_unknown_ones_look_the_same(
    session: Session, submitted: Callable[..., Any], client_as: Callable[..., Any], client: Any
) -> None:
    paper = submitted()
    translator = client_as(Role.TRANSLATOR)
    assert translator.get(f"/papers/{paper.id}").status_code == 403
    assert client.get(f"/papers/{paper.id}").status_code == 303
    coordinator = client_as(Role.COORDINATOR)
    for path in ("/papers/999999", "/papers/999999/files/ru.pdf", f"/papers/{paper.id}/files/xx.pdf",
                 f"/papers/{paper.id}/files/ru.exe", f"/papers/{paper.id}/scan", "/visits/99999/papers"):  # fmt: skip
        assert coordinator.get(path).status_code == 404, path


def test_working_papers_print_at_once(desk: Desk, clerk: Any) -> None:
    base = f"/visits/{desk.visit.id}/papers/print"
    programme = clerk.get(f"{base}/programme-guest.ru.pdf")
    assert programme.data[:5] == b"%PDF-"
    assert clerk.get(f"{base}/delegation-list.en.docx").data[:2] == b"PK"
    assert clerk.get(f"{base}/invitation.ru.pdf").status_code == 404
    assert clerk.get(f"{base}/programme-guest.zh.pdf").status_code == 404


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_state_of_a_paper_has_its_page(
    session: Session, desk: Desk, make: Make, client_as: Callable[..., Any], now: datetime, locale: str,
    submitted: Callable[..., Any], run_jobs: Callable[[], int],
) -> None:  # fmt: skip
    browser = client_as(account=make.account(Role.MANAGER, language=locale))
    paper = submitted()
    page = f"/papers/{paper.id}"
    assert browser.get(page).status_code == 200
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=Numbering(NumberSource.OWN))
    commit(session)
    assert browser.get(page).status_code == 200
    run_jobs()
    browser.post(f"{page}/sign", {})
    mail = {"to_name": "Mayor", "to_address": "mayor@x.example", "mail_subject": "Letter", "mail_text": "Attached."}
    assert browser.post(f"{page}/mail", mail).status_code == 303
    assert browser.get(page).status_code == 200
    run_jobs()
    assert only(session).state == "sent"
    assert browser.get(page).status_code == 200
    assert browser.post(f"{page}/revoke", {"reason": "Отмена"}).status_code == 303
    assert browser.get(page).status_code == 200
    assert browser.get(f"/visits/{desk.visit.id}/papers").status_code == 200
