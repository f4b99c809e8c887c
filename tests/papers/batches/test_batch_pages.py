"""Batches through the browser: listed, started, watched, decided, printed and sent by clicking only."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.working import STEP
from workflow.papers.sending.models import OutgoingMail

Run = Callable[[], int]


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def only(session: Session) -> PaperBatch:
    session.rollback()
    session.expire_all()
    return session.scalars(select(PaperBatch)).one()


@pytest.fixture
def clerk(client_as: Callable[..., Any], desk: Desk) -> Any:
    return client_as(Role.COORDINATOR)


def test_partner_cities_are_invited_by_clicking(  # noqa: PLR0915 - one story
    session: Session, desk: Desk, make: Make, clerk: Any, client_as: Callable[..., Any], run_jobs: Run,
    sample_kind: str, outbox: Callable[[], list[Any]],
) -> None:  # fmt: skip
    cities = [
        make.partner(name_ru=f"Мэрия {number}", city_ru=f"Город {number}", country="RU", languages=["ru"],
                     head_name_ru=f"Мэров Иван {number}", head_gender="m", email=f"mayor{number}@city.example")
        for number in range(1, 4)
    ]  # fmt: skip
    ids = [str(city.id) for city in cities]
    manager = client_as(Role.MANAGER)
    papers = clerk.get(f"/visits/{desk.visit.id}/papers").get_data(as_text=True)
    assert f"/visits/{desk.visit.id}/batches" in papers
    begun = clerk.post(f"/visits/{desk.visit.id}/batches", {"kind": sample_kind, "title": "День города"})
    assert begun.status_code == 303
    page = f"/batches/{only(session).id}"
    assert "Отметьте партнёров" in text_of(clerk.get(page))
    assert "Мэрия 1" in text_of(clerk.get(f"{page}/partners"))
    assert clerk.post(f"{page}/partners", {}).status_code == 422
    assert clerk.post(f"{page}/partners", {"partners": ids}).status_code == 303
    assert "Мэров Иван 3" in text_of(clerk.get(page))
    started = clerk.post(f"{page}/start", {"version": str(only(session).lock_version)})
    assert started.status_code == 303
    shown = clerk.get(page)
    assert "Составляются проекты" in text_of(shown)
    poll = re.search(r'hx-get="([^"]+)"', shown.get_data(as_text=True))
    assert poll is not None
    assert clerk.get(poll[1]).status_code == 204
    assert "batch-progress" in clerk.get(f"{page}/progress?seen=other").get_data(as_text=True)
    run_jobs()
    asked = {row.request_id for row in session.scalars(select(Job).where(Job.kind.startswith("papers.")))}
    assert asked == {started.headers["X-Request-Id"]}
    session.rollback()
    ended = clerk.get(poll[1])
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (200, "true")
    assert clerk.post(f"{page}/approve", {}).status_code == 403
    assert clerk.post(f"{page}/submit", {}).status_code == 303
    run_jobs()
    desk_page = manager.get("/").get_data(as_text=True)
    assert f'href="{page}"' in desk_page
    assert "/papers/" not in desk_page
    assert "Решение по всем документам" in text_of(manager.get(page))
    assert "Решение по всем документам" not in text_of(clerk.get(page))
    assert manager.post(f"{page}/return", {"remark": ""}).status_code == 422
    assert manager.post(f"{page}/approve", {"dated": "1900-01-01"}).status_code == 422
    assert manager.post(f"{page}/approve", {}).status_code == 303
    run_jobs()
    assert "01-12/3" in text_of(clerk.get(page))
    printed, packed = clerk.get(f"{page}/letters.pdf"), clerk.get(f"{page}/letters.zip")
    assert (printed.data[:5], packed.data[:2]) == (b"%PDF-", b"PK")
    assert clerk.get(f"{page}/letters.exe").status_code == 404
    paper_id = session.scalars(select(BatchRecipient.paper_id)).first()
    session.rollback()
    assert clerk.get(f"/papers/{paper_id}/files/ru.docx").data[:2] == b"PK"
    assert f'"/papers/{paper_id}"' not in clerk.get(f"/visits/{desk.visit.id}/papers").get_data(as_text=True)
    assert clerk.post(f"{page}/sign", {"signed_on": "2099-01-01"}).status_code == 422
    assert clerk.post(f"{page}/sign", {}).status_code == 303
    run_jobs()
    assert clerk.post(f"{page}/mails", {}).status_code == 303
    run_jobs()
    queue = clerk.get(f"/sending?visit={desk.visit.id}")
    assert text_of(queue).count("mayor") == 3
    chosen = re.findall(r'name="chosen" value="([^"]+)"', queue.get_data(as_text=True))
    mail = f"/sending/{chosen[0].split('.')[0]}"
    assert "[[answer-link]]" in text_of(clerk.get(mail))
    assert clerk.post(f"{mail}/words", {"to_name": "A", "to_address": "nobody", "subject": "S", "text": "T"}
                      ).status_code == 422  # fmt: skip
    assert clerk.post(f"{mail}/hold", {}).status_code == 303
    assert clerk.post("/sending/release", {"chosen": chosen[1:], "visit": str(desk.visit.id)}).status_code == 303
    run_jobs()
    assert len(outbox()) == 2
    assert clerk.post("/sending/release", {"chosen": ["x"]}).status_code == 422
    assert "Задержано" in text_of(clerk.get(f"/sending?visit={desk.visit.id}"))
    assert len(clerk.get("/sending").get_data(as_text=True)) > 1000


def test_what_is_wrong_stays_with_its_row_though_the_start_is_refused(
    session: Session, desk: Desk, clerk: Any, sample_kind: str
) -> None:
    clerk.post(f"/visits/{desk.visit.id}/batches", {"kind": sample_kind})
    page = f"/batches/{only(session).id}"
    assert clerk.post(f"{page}/recipients/new", {"language": "ru", "name": ""}).status_code == 422
    assert clerk.post(f"{page}/recipients/new", {"language": "ru", "name": "Один", "organisation": "Мэрия",
                                                 "city": "Грозный"}).status_code == 303  # fmt: skip
    assert clerk.post(f"{page}/recipients/new", {"language": "zh", "name": "马俊健"}).status_code == 303
    session.execute(update(BatchRecipient).values(faulty=False, problems=None))
    commit(session)
    refused = clerk.post(f"{page}/start", {})
    assert refused.status_code == 409
    assert "нет текста на этом языке: Китайский" in text_of(refused) or "китайский" in text_of(refused).lower()
    session.expire_all()
    rows = session.scalars(select(BatchRecipient).order_by(BatchRecipient.position)).all()
    assert [row.faulty for row in rows] == [False, True]
    session.rollback()
    assert clerk.post(f"/recipients/{rows[1].id}/remove").status_code == 303
    assert clerk.post(f"{page}/start", {}).status_code == 303


def test_a_list_is_shown_before_anybody_is_added(session: Session, desk: Desk, clerk: Any, sample_kind: str) -> None:
    clerk.post(f"/visits/{desk.visit.id}/batches", {"kind": sample_kind})
    page = f"/batches/{only(session).id}"
    assert clerk.post(f"{page}/list", {}).status_code == 422
    sheet = b"Name,City,E-mail\n=cmd|'/c calc'!A1,<b>Ankara</b>,ma@city.example\n"
    sent = clerk.post(f"{page}/list", {"file": (BytesIO(sheet), "list.csv")}, content_type="multipart/form-data")
    assert sent.status_code == 303
    shown = clerk.get(f"{page}/list").get_data(as_text=True)
    assert "&lt;b&gt;Ankara" in shown
    assert session.scalars(select(BatchRecipient)).all() == []
    session.rollback()
    assert clerk.post(f"{page}/list/take", {"language": "en"}).status_code == 303
    assert len(session.scalars(select(BatchRecipient)).all()) == 1


def test_translator_and_stranger_see_no_batch(
    session: Session, desk: Desk, clerk: Any, client: Any, client_as: Callable[..., Any], sample_kind: str
) -> None:
    clerk.post(f"/visits/{desk.visit.id}/batches", {"kind": sample_kind})
    page = f"/batches/{only(session).id}"
    assert client_as(Role.TRANSLATOR).get(page).status_code == 403
    assert client.get(page).status_code == 303
    assert client_as(Role.TRANSLATOR).get("/sending").status_code == 403


def test_a_page_of_many_recipients_asks_as_often_as_of_few(
    session: Session, desk: Desk, clerk: Any, now: datetime, batch_of: Callable[..., PaperBatch],
    count_queries: Callable[[Callable[[], object]], int],
) -> None:  # fmt: skip
    few, many = batch_of(2), batch_of(12)
    clerk.get(f"/batches/{few.id}")
    assert count_queries(lambda: clerk.get(f"/batches/{few.id}")) == count_queries(
        lambda: clerk.get(f"/batches/{many.id}")
    )
    assert session.scalars(select(OutgoingMail)).all() == []


def test_page_says_what_a_batch_waits_for_and_until_when(
    session: Session, desk: Desk, now: datetime, clerk: Any, batch_of: Callable[..., PaperBatch]
) -> None:
    batch = batch_of(2)
    page = f"/batches/{batch.id}"
    assert clerk.post(f"{page}/start", {"version": str(batch.lock_version)}).status_code == 303
    session.expire_all()
    job = session.scalars(select(Job).where(Job.kind == STEP)).one()

    def seen(**values: Any) -> str:
        session.execute(update(Job).where(Job.id == job.id).values(**values))
        commit(session)
        poll = text_of(clerk.get(f"{page}/progress?seen=other"))
        assert poll in text_of(clerk.get(page))
        return poll.removeprefix("Составляются проекты 0 % 0 из 2").strip()

    minute, lease = timedelta(minutes=1), timedelta(minutes=2)
    assert seen(error="") == ""
    assert seen(due_at=now + minute) == (
        "Последняя попытка не удалась. Следующая начнётся 15 мар. 2027, 12:01.")
    assert seen(due_at=now - minute) == (
        "Ждём обработчика с 15 мар. 2027, 11:59. Если это продолжается, спросите администратора, запущен ли "
        "обработчик.")
    assert seen(state="running", lease_token="held", lease_until=now + lease) == ""
    assert seen(lease_until=now + lease - minute) == (
        "Эта часть находится у одного обработчика с 15 мар. 2027, 11:59. Если его остановили, не позже 15 мар. 2027, "
        "12:01 её возьмёт другой: ничего не потеряется и ничего не будет сделано дважды.")
    batch.run += 1  # what an earlier run has left is waited for by nobody
    commit(session)
    assert seen(error="") == ""
