"""The public page: genuine or not, in both languages, nothing personal, not to be guessed."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.papers.conftest import Desk
from workflow.base.unit_of_work import commit
from workflow.papers import approving, issuing
from workflow.papers.numbering import Numbering
from workflow.papers.rules import NumberSource

OWN = Numbering(NumberSource.OWN)


def shape(page: str) -> list[str]:
    return re.findall(r"<(?:dt|h1|main|dl|a href=\"/verify)[^>]*>", page)


def test_verdict_follows_the_paper_and_names_nobody(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], client: Any
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    said = client.get(f"/verify/{paper.code}").get_data(as_text=True)
    assert "not signed yet" in said
    assert "не подписан" in said
    issuing.record_signed(session, desk.coordinator, now, paper.id)
    commit(session)
    answer = client.get(f"/verify/{paper.code.lower().replace('-', '')}")
    said = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "genuine and in force" in said
    assert "01-12/1" in said
    for name in ("Одабаши", "Odabaşı", "Образцов", "Obraztsov", "Kadıköy", "Кадыкёй", "Сотрудник"):
        assert name not in said
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex"' in said
    issuing.revoke_paper(session, desk.manager, now, paper.id, "Секрет")
    commit(session)
    said = client.get(f"/verify/{paper.code}").get_data(as_text=True)
    assert "has been revoked" in said
    assert "Секрет" not in said


def test_an_unknown_code_gives_the_same_page(
    session: Session, desk: Desk, now: datetime, submitted: Callable[..., Any], client: Any
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    known = client.get(f"/verify/{paper.code}")
    for code in ("2222-2222-2222", "nonsense", "%27%20OR%201=1", "x" * 500):
        unknown = client.get(f"/verify/{code}")
        assert unknown.status_code == 404
        assert shape(unknown.get_data(as_text=True)) == shape(known.get_data(as_text=True))


def test_guessing_is_stopped(client: Any) -> None:
    answers = [client.get("/verify/2222-2222-2222").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_typed_code_leads_to_its_page(client: Any) -> None:
    assert client.get("/verify").status_code == 200
    answer = client.post("/verify", {"code": " k7qm p2xd 9htr "})
    assert answer.headers["Location"] == "/verify/K7QM-P2XD-9HTR"
    assert client.post("/verify", {"code": "?"}).headers["Location"] == "/verify/unknown"
