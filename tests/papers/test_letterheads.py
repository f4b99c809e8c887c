"""The letterhead of a Chinese letter: entered by an administrator, put over a copy that is to be translated."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.office.models import IssuingBody
from workflow.papers import approving, preview, service
from workflow.papers.composing import Composed
from workflow.papers.letterheads import with_letterhead

CHINESE = "斯塔夫罗波尔市政府\n国际联络处"


def test_an_administrator_enters_changes_and_takes_away_a_letterhead(
    session: Session, desk: Desk, client_as: Callable[..., Any]
) -> None:
    admin = client_as(Role.ADMINISTRATOR)
    body = session.scalars(select(IssuingBody)).one()
    here = f"/admin/office/bodies/{body.id}"
    sent = {"language": "zh", "lines": CHINESE, "version": str(body.lock_version)}
    session.rollback()
    wrong = admin.post(f"{here}/letterhead", {**sent, "language": "ru"})
    assert wrong.status_code == 422
    assert 'id="f-language"' in wrong.get_data(as_text=True)  # where the summary of errors leads
    assert admin.post(f"{here}/letterhead", sent).status_code == 303
    assert "国际联络处</textarea>" in admin.get(here).get_data(as_text=True)
    stale = admin.post(f"{here}/letterhead", {**sent, "lines": "别的"})
    assert stale.status_code == 409
    session.refresh(body)
    assert body.letterheads == {"zh": CHINESE}
    version = str(body.lock_version)
    session.rollback()
    assert admin.post(f"{here}/letterhead", {**sent, "lines": "", "version": version}).status_code == 303
    session.refresh(body)
    assert body.letterheads == {}
    session.rollback()
    assert client_as(Role.COORDINATOR).post(f"{here}/letterhead", sent).status_code == 403


def test_a_chinese_letter_goes_out_under_its_own_letterhead_with_the_salutation_at_the_margin(
    session: Session, desk: Desk, now: datetime
) -> None:
    body = session.scalars(select(IssuingBody)).one()
    body.letterheads = {"zh": CHINESE}
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "letter-regret", languages=["ru"])
    commit(session)
    service.add_language(session, desk.coordinator, now, paper.id, "zh")
    commit(session)
    made = approving.compose_all(session, now, paper)
    chinese, russian = made["zh"], made["ru"]
    assert isinstance(chinese, Composed)
    assert isinstance(russian, Composed)
    head = next(part for part in chinese.plan["blocks"] if part["kind"] == "letterhead")
    lines = ["".join(text for text, _ in line) for line in head["lines"]]
    assert lines[:3] == ["斯塔夫罗波尔市政府", "国际联络处", "---"]
    assert "пр. К. Маркса" in lines[3].replace("\u00a0", " ")  # the address stays until it is translated
    assert "АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ" in preview.to_html(russian.plan)
    assert "АДМИНИСТРАЦИЯ ГОРОДА СТАВРОПОЛЯ" not in preview.to_html(chinese.plan)


def test_letterhead_with_an_address_of_its_own_takes_the_place_of_all() -> None:
    text = "::: letterhead\nГОРОД\n---\nул. Ленина\n:::\n\nТекст\n"
    assert with_letterhead(text, ["市", "---", "街"]) == "::: letterhead\n市\n---\n街\n:::\n\nТекст\n"
    assert with_letterhead(text, ["*市*"]) == "::: letterhead\n\\*市\\*\n---\nул. Ленина\n:::\n\nТекст\n"
    assert with_letterhead(text, []) == text
    assert with_letterhead("Текст\n", ["市"]) == "Текст\n"
