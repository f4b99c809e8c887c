"""What a visit rests on is corrected, its history stands by time, and a form that comes back overwrites nobody."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.conftest import Client, Make
from workflow.base.actor import SYSTEM, Role
from workflow.base.events import Event, record
from workflow.base.unit_of_work import commit
from workflow.visits import queries
from workflow.visits.models import VisitBasis


def test_basis_is_corrected_and_the_history_says_what_it_was(
    client_as: Callable[..., Client], session: Session, make: Make, now: datetime
) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    entered = {"kind": "invitation", "text": "Приглашение мера", "number": "5",
               "scan": (BytesIO(b"%PDF-1.7 first"), "письмо.pdf")}
    clerk.post(f"/visits/{visit.id}/basis", entered, content_type="multipart/form-data")
    basis = session.scalars(select(VisitBasis)).one()
    session.rollback()
    page = f"/visits/{visit.id}/basis/{basis.id}"
    assert f'href="{page}"' in clerk.get(f"/visits/{visit.id}/edit").get_data(as_text=True)
    opened = clerk.get(page).get_data(as_text=True)
    assert 'value="Приглашение мера"' in opened
    version = re.findall(r'name="version" value="(\d+)"', opened)[0]
    better = {"kind": "agreement", "text": "Приглашение мэра", "number": "5", "version": version,
              "scan": (BytesIO(b"%PDF-1.7 second"), "письмо-2.pdf")}
    empty = clerk.post(page, better | {"text": " ", "scan": (BytesIO(b"%PDF-1.7 x"), "x.pdf")},
                       content_type="multipart/form-data")
    assert (empty.status_code, "Заполните это поле." in empty.get_data(as_text=True)) == (422, True)
    assert clerk.post(page, better, content_type="multipart/form-data").status_code == 303
    session.expire_all()
    row = session.scalars(select(VisitBasis)).one()
    assert (row.kind, row.text, row.number) == ("agreement", "Приглашение мэра", "5")
    assert clerk.get(f"{page}/scan").data == b"%PDF-1.7 second"
    kept = clerk.get(f"/visits/{visit.id}/edit").get_data(as_text=True).partition('id="removed-scans"')[2]
    assert clerk.get(re.findall(r'<a href="([^"]+)">письмо.pdf</a>', kept)[0]).data == b"%PDF-1.7 first"
    told = clerk.get(f"/visits/{visit.id}/history").get_data(as_text=True)
    assert "Основание исправлено" in told
    assert "основание: <del>Приглашение мера</del> → Приглашение мэра" in told
    assert "вид: <del>приглашение</del> → соглашение" in told
    late = clerk.post(page, {"kind": "plan", "text": "План", "version": version})
    assert late.status_code == 409, "whoever opened the page before the correction is told of it"
    assert clerk.get(f"/visits/{make.visit().id}/basis/{basis.id}").status_code == 404


def test_form_that_comes_back_for_a_wrong_field_does_not_overwrite_what_a_colleague_saved_meanwhile(
    client_as: Callable[..., Client], session: Session, make: Make
) -> None:
    visit = make.visit()
    clerk = client_as(Role.COORDINATOR)
    page = f"/visits/{visit.id}/edit"
    shown = clerk.get(page).get_data(as_text=True)
    mine = {"version": re.findall(r'name="version" value="(\d+)"', shown)[0]}
    mine |= {"zone": "Europe/Moscow", "visa_purpose": "official", "place": "Омск"}
    assert clerk.post(page, mine | {"title_ru": "Название коллеги"}).status_code == 303
    back = clerk.post(page, mine | {"title_ru": "Моё название", "responsible_id": "x"})
    assert back.status_code == 422
    carried = re.findall(r'name="version" value="(\d+)"', back.get_data(as_text=True))[0]
    lost = clerk.post(page, mine | {"title_ru": "Моё название", "version": carried})
    assert (lost.status_code, "Название коллеги" in lost.get_data(as_text=True)) == (409, True)


def test_history_stands_by_time_page_by_page_whatever_the_order_it_was_written_in(
    session: Session, make: Make, now: datetime
) -> None:
    visit, days = make.visit(), [3, 9, 1, 9, 5, 2, 7]
    session.execute(delete(Event))
    for number, day in enumerate(days):
        record(session, SYSTEM, now + timedelta(days=day), "visits.visit.corrected", subject=visit, visit_id=visit.id,
               note=f"{day}.{number}")
    commit(session)
    seen: list[str] = []
    found = queries.history(session, visit.id, limit=3)
    while True:
        seen += [event.note for event in found.rows]
        if found.next_cursor is None:
            break
        found = queries.history(session, visit.id, before=int(found.next_cursor), limit=3)
    assert seen == ["9.3", "9.1", "7.6", "5.4", "3.0", "2.5", "1.2"]
