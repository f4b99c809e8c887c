"""Batches: one paper for each recipient in their language, decided once, numbered without a gap, bound for printing."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.authoring.documents import docx
from tests.papers.batches.conftest import person
from tests.papers.batches.stages import drafted, ready, settle, submitted_batch
from tests.papers.conftest import Desk
from tests.servers import both_databases
from workflow.base.actor import Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound
from workflow.base.files import Upload, read_file
from workflow.base.jobs import Job
from workflow.base.unit_of_work import commit
from workflow.papers import editions
from workflow.papers.authoring import own_docx, templates
from workflow.papers.batches import recipients, service
from workflow.papers.batches.models import BatchRecipient, PaperBatch
from workflow.papers.batches.queries import papers_of_batch, progress, recipients_of
from workflow.papers.batches.rules import CHUNK, archive_names
from workflow.papers.models import Paper, PaperText
from workflow.papers.rules import PaperState

Run = Callable[[], int]
BatchOf = Callable[..., PaperBatch]


def text_of(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@both_databases
def test_a_batch_from_list_to_printed_letters(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(CHUNK + 5)
    ready(session, desk, now, batch, run_jobs)
    assert (batch.state, batch.doing, batch.letters) == ("ready", "", CHUNK + 5)
    papers = papers_of_batch(session, batch.id)
    rows = recipients_of(session, batch.id)
    assert [papers[row.id].number for row in rows] == [f"01-12/{number}" for number in range(1, CHUNK + 6)]
    assert not any(row.faulty for row in rows)
    assert batch.print_file_id is not None
    assert batch.archive_file_id is not None
    pages = text_of(read_file(session, batch.print_file_id)[1])
    assert len(pages) == CHUNK + 5
    for number, page in enumerate(pages, start=1):
        said = person(number)
        assert said["name"] in page
        assert f"01-12/{number}" in page
        assert ("Приглашаем" in page) == bool(number % 2)
    row, data = read_file(session, batch.archive_file_id)
    assert row.name.endswith(".zip")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(names) == CHUNK + 5
    assert names[:2] == ["ru/001-01-12-1-Приглашённый-1.pdf", "en/002-01-12-2-Guest-2.pdf"]


def test_the_docx_of_a_batchs_paper_is_made_of_the_offices_own_template(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run, client_as: Callable[..., Any]
) -> None:
    batch = batch_of(2)
    ready(session, desk, now, batch, run_jobs)
    ours = docx("Наш бланк для {{ recipient.name }}, № {{ paper.number }}")
    examined = own_docx.examine(ours, editions.kind(batch.kind))
    templates.hand_in_template(session, desk.coordinator, now, batch.kind, "ru", examined, name="бланк.docx")
    templates.activate_template(session, desk.manager, now, batch.kind, "ru", 1)
    commit(session)
    first = recipients_of(session, batch.id)[0]
    paper = papers_of_batch(session, batch.id)[first.id]
    session.rollback()
    answer = client_as(Role.COORDINATOR).get(f"/papers/{paper.id}/files/ru.docx")
    said = [each.text for each in Document(io.BytesIO(answer.data)).paragraphs]
    assert said == ["Наш бланк для Приглашённый 1, № 01-12/1"]


def test_no_job_of_a_single_paper_is_left_over(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    ready(session, desk, now, batch_of(3), run_jobs)
    kinds = session.execute(select(Job.kind, Job.state, func.count()).group_by(Job.kind, Job.state)).all()
    single = {(kind, state): count for kind, state, count in kinds if kind in ("papers.render_pdf", "papers.try")}
    assert single.get(("papers.render_pdf", "done"), 0) == 0
    assert session.scalar(select(func.count(Job.id)).where(Job.state.in_(["open", "failed"]))) == 0


def test_rows_with_something_wrong_are_told_and_stop_the_start(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf
) -> None:
    batch = batch_of(1)
    for values, language in (
        (person(3, city=""), "ru"), (person(5, name="Князь \U00013080"), "ru"), (person(7), "tr"), (person(1), "ru"),
    ):  # fmt: skip
        recipients.add_recipient(session, desk.coordinator, now, batch.id, values, language=language)
    found = {row.position: [fault["code"] for fault in row.problems or []]
             for row in recipients_of(session, batch.id)}  # fmt: skip
    assert found == {1: [], 2: ["papers.recipient-fact"], 3: ["papers.recipient-glyph"],
                     4: ["papers.recipient-no-wording"], 5: ["papers.recipient-twice"]}  # fmt: skip
    with pytest.raises(Conflict) as refused:
        service.start_drafts(session, desk.coordinator, now, batch.id)
    assert refused.value.code == "papers.batch-faulty"
    assert refused.value.params == {"count": 4}


def test_a_paper_that_fails_stops_no_other_and_leaves_no_gap(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(4)
    drafted(session, desk, now, batch, run_jobs)
    rows = recipients_of(session, batch.id)
    words = session.scalars(select(PaperText).where(PaperText.paper_id == rows[1].paper_id)).one()
    words.text = words.text + "\n{{ visit.payer }}\n"
    commit(session)
    service.submit_batch(session, desk.coordinator, now, batch.id)
    settle(session, run_jobs)
    service.approve_batch(session, desk.manager, now, batch.id)
    settle(session, run_jobs)
    papers = papers_of_batch(session, batch.id)
    assert [papers[row.id].number for row in rows] == ["01-12/1", "", "01-12/2", "01-12/3"]
    assert [row.faulty for row in rows] == [False, True, False, False]
    assert (batch.state, batch.letters) == ("ready", 3)

    words.text = words.text.replace("{{ visit.payer }}", "Расходы несёт принимающая сторона.")
    commit(session)
    with pytest.raises(Forbidden):
        service.retry_batch(session, desk.coordinator, now, batch.id)
    service.retry_batch(session, desk.manager, now, batch.id)
    settle(session, run_jobs)
    assert papers_of_batch(session, batch.id)[rows[1].id].number == "01-12/4"
    assert (batch.state, batch.letters) == ("ready", 4)
    assert batch.print_file_id is not None
    assert len(text_of(read_file(session, batch.print_file_id)[1])) == 4


def test_cancelled_in_the_middle_deletes_drafts_and_annuls_numbers(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(3)
    submitted_batch(session, desk, now, batch, run_jobs)
    service.approve_batch(session, desk.manager, now, batch.id)
    with pytest.raises(Forbidden):
        service.cancel_batch(session, desk.coordinator, now, batch.id, "The day was moved.")
    service.cancel_batch(session, desk.manager, now, batch.id, "The day was moved.")
    settle(session, run_jobs)
    assert batch.state == "cancelled"
    assert session.scalar(select(func.count(Paper.id))) == 0

    second = batch_of(2)
    ready(session, desk, now, second, run_jobs)
    service.cancel_batch(session, desk.manager, now, second.id, "The day was moved.")
    settle(session, run_jobs)
    states = session.execute(select(Paper.number, Paper.state, Paper.reason).order_by(Paper.id)).all()
    assert [tuple(one) for one in states] == [
        ("01-12/1", "revoked", "The day was moved."), ("01-12/2", "revoked", "The day was moved."),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        service.retry_batch(session, desk.manager, now, second.id)


def test_returned_batch_is_open_to_edits_again(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(2)
    submitted_batch(session, desk, now, batch, run_jobs)
    with pytest.raises(Forbidden):
        service.return_batch(session, desk.coordinator, now, batch.id, "Shorter.")
    service.return_batch(session, desk.manager, now, batch.id, "Shorter.")
    settle(session, run_jobs)
    assert (batch.state, batch.remark) == ("drafted", "Shorter.")
    states = set(session.scalars(select(Paper.state)))
    assert states == {PaperState.DRAFT}


def test_work_of_an_earlier_run_changes_nothing(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(2)
    service.start_drafts(session, desk.coordinator, now, batch.id)
    service.cancel_batch(session, desk.coordinator, now, batch.id, "Not yet.")
    settle(session, run_jobs)
    assert batch.state == "cancelled"
    assert session.scalar(select(func.count(Paper.id))) == 0


def test_progress_counts_what_is_done(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, run_jobs: Run
) -> None:
    batch = batch_of(3)
    service.start_drafts(session, desk.coordinator, now, batch.id)
    commit(session)
    here = progress(session, batch)
    assert (here.doing, here.done, here.total, here.percent) == ("draft", 0, 3, 0)
    run_jobs()
    session.expire_all()
    assert progress(session, batch).doing == ""


def test_a_list_is_read_looked_at_and_taken(session: Session, desk: Desk, now: datetime, batch_of: BatchOf) -> None:
    batch = batch_of(0)
    data = ("Гости праздника;;;;\r\nФИО;Должность;Организация;Город;Язык;Пол;E-mail;Примечание\r\n"
            "Ma Yue;Mayor;City of Zhenjiang;Zhenjiang;английский;м;ma@zhenjiang.example;x\r\n"
            "Алханов Хас-Магомед;Мэр;Мэрия Грозного;Грозный;;муж;mayor@grozny.example;\r\n")  # fmt: skip
    upload = Upload("list.csv", data.encode("cp1251"))
    preview = recipients.receive_list(session, desk.coordinator, now, batch.id, upload)
    assert preview.ignored == ("Примечание",)
    assert len(preview.rows) == 2
    assert recipients_of(session, batch.id) == []
    recipients.take_list(session, desk.coordinator, now, batch.id, language="ru")
    rows = recipients_of(session, batch.id)
    assert [(row.said("name"), row.language, row.gender) for row in rows] == [
        ("Ma Yue", "en", "m"), ("Алханов Хас-Магомед", "ru", "m"),
    ]  # fmt: skip
    assert batch.preview is None
    with pytest.raises(Conflict):
        recipients.take_list(session, desk.coordinator, now, batch.id, language="ru")


@pytest.mark.parametrize("data", [b"", b"a;b\n1;2\n", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0", "Имя\n".encode()])
def test_a_list_that_is_none_is_refused(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, data: bytes
) -> None:
    batch = batch_of(0)
    with pytest.raises(Invalid):
        recipients.receive_list(session, desk.coordinator, now, batch.id, Upload("list.csv", data))


def test_every_row_that_cannot_be_taken_is_named_at_once(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf
) -> None:
    batch = batch_of(0)
    rows = f"Name,Post,E-mail\nMa Yue,,not an address\nAnn Right,,ann@city.example\nJo Long,{'x' * 301},nor this\n"
    recipients.receive_list(session, desk.coordinator, now, batch.id, Upload("list.csv", rows.encode()))
    with pytest.raises(Invalid) as refused:
        recipients.take_list(session, desk.coordinator, now, batch.id, language="en")
    assert [(one.params["row"], one.params["what"].code) for one in refused.value.problems] == [
        (2, "papers.address"), (4, "base.too-long"), (4, "papers.address"),
    ]  # fmt: skip
    assert recipients_of(session, batch.id) == []


@pytest.mark.parametrize(
    ("language", "name", "post", "wrong"),
    [
        ("ru", "马俊健", "мэр", ["马俊健"]),
        ("ru", "Ма Цзюньцзянь (马俊健)", "мэр", []),
        ("ru", "Ma Junjian", "Mayor", ["Mayor"]),
        ("ru", "Сукарно", "", []),
        ("en", "Сукарно", "мэр", ["Сукарно", "мэр"]),
        ("en", "Ελένη Παράδειγμα", "Mayor", ["Ελένη Παράδειγμα"]),
        ("en", "Jean-Édouard Spécimen", "Mayor", []),
    ],
)
def test_a_name_in_letters_that_a_letters_readers_do_not_know_is_told_beside_its_row(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, language: str, name: str, post: str,
    wrong: list[str],
) -> None:  # fmt: skip
    batch = batch_of(0)
    given = {"name": name, "post": post, "organisation": "City 12", "city": "Ankara", "email": "a@city.example"}
    row = recipients.add_recipient(session, desk.coordinator, now, batch.id, given, language=language, gender="m")
    told = [fault["params"]["text"] for fault in row.problems or [] if fault["code"] == "papers.recipient-script"]
    assert told == wrong


def test_partners_are_ticked_and_listed_once(
    session: Session, desk: Desk, make: Make, now: datetime, batch_of: BatchOf
) -> None:
    batch = batch_of(0)
    grozny = make.partner(name_ru="Мэрия города Грозного", city_ru="Грозный", country="RU", languages=["ru"],
                          head_name_ru="Алханов Х. М.", head_gender="m", email="mayor@grozny.example")  # fmt: skip
    kadikoy = make.partner(name_ru="Кадыкёй", name_en="Kadıköy Municipality", city_en="Kadıköy", country="TR",
                           languages=["tr", "en"], head_name_en="Şerdil Odabaşı", head_gender="m")  # fmt: skip
    for _ in range(2):
        recipients.add_partners(session, desk.coordinator, now, batch.id, [grozny.id, kadikoy.id, 999])
    rows = recipients_of(session, batch.id)
    assert [(row.said("name"), row.language, row.said("country"), row.said("email")) for row in rows] == [
        ("Алханов Х. М.", "ru", "Россия", "mayor@grozny.example"), ("Şerdil Odabaşı", "en", "Türkiye", ""),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        recipients.add_partners(session, desk.coordinator, now, batch.id, [])


@pytest.mark.parametrize(("post", "language", "organisation"), [
    ("мэр города Грозного", "ru", ""), ("глава города", "ru", "Грозный"), ("Mayor", "en", ""),
])  # fmt: skip
def test_the_name_of_a_city_stands_once_in_an_address(
    session: Session, desk: Desk, make: Make, now: datetime, batch_of: BatchOf, post: str, language: str,
    organisation: str,
) -> None:  # fmt: skip
    city = make.partner(name_ru="Грозный", name_en="Grozny", city_ru="Грозный", city_en="Grozny", country="RU",
                        languages=[language], head_name_ru="Образцов А. Р.", head_name_en="A. Obraztsov",
                        head_gender="m", **{f"head_post_{language}": post})  # fmt: skip
    [row] = recipients.add_partners(session, desk.coordinator, now, batch_of(0).id, [city.id])
    assert (row.said("post"), row.said("organisation"), bool(row.said("city"))) == (post, organisation, True)


def test_a_partner_of_whom_neither_languages_nor_country_are_known_waits_until_somebody_chooses(
    session: Session, desk: Desk, make: Make, now: datetime, batch_of: BatchOf, client_as: Callable[..., Any]
) -> None:
    batch, clerk = batch_of(0), client_as(Role.COORDINATOR)
    unknown = make.partner(name_ru="Мэрия Примерска", name_en="City of Primersk", city_ru="Примерск",
                           city_en="Primersk", country="", languages=[], head_name_ru="Образцов И. И.",
                           head_name_en="Ivan Obraztsov", head_post_ru="глава города", head_post_en="Mayor",
                           head_gender="m", email="mayor@primersk.example")  # fmt: skip
    [row] = recipients.add_partners(session, desk.coordinator, now, batch.id, [unknown.id])
    assert [fault["code"] for fault in row.problems or []] == ["papers.recipient-language"]
    commit(session)
    assert "выберите язык документа" in clerk.get(f"/batches/{batch.id}").get_data(as_text=True)
    assert clerk.post(f"/batches/{batch.id}/start").status_code == 409
    form = clerk.get(f"/recipients/{row.id}").get_data(as_text=True)
    assert re.findall(r'name="language".*?<option value="([^"]*)"', form, re.DOTALL) == [""]
    kept = {**row.particulars, "gender": row.gender, "version": str(row.lock_version)}
    assert clerk.post(f"/recipients/{row.id}", {**kept, "language": ""}).status_code == 422
    typed = {**kept, "language": "ru", "post": "мэр"}
    assert clerk.post(f"/recipients/{row.id}", typed).status_code == 303
    session.expire_all()
    [chosen] = recipients_of(session, batch.id)
    assert (chosen.language, chosen.said("name"), chosen.said("post"), chosen.said("organisation")) == (
        "ru", "Образцов И. И.", "мэр", "Мэрия Примерска")
    assert (chosen.said("city"), chosen.problems) == ("Примерск", None)


def test_more_than_the_limit_is_refused(
    session: Session, desk: Desk, now: datetime, batch_of: BatchOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MOST_RECIPIENTS", 2)
    batch = batch_of(2)
    with pytest.raises(Invalid):
        recipients.add_recipient(session, desk.coordinator, now, batch.id, person(9), language="ru")


def test_nobody_else_sees_or_changes_a_batch(
    session: Session, desk: Desk, make: Make, now: datetime, batch_of: BatchOf
) -> None:
    batch = batch_of(1)
    from_outside: Any = make.actor()
    row = session.scalars(select(BatchRecipient)).one()
    session.execute(text("UPDATE visit_access SET ended_at = granted_at"))
    commit(session)
    with pytest.raises(NotFound):
        service.start_drafts(session, from_outside, now, batch.id)
    with pytest.raises(NotFound):
        recipients.remove_recipient(session, from_outside, now, row.id)


def test_names_in_the_archive_are_safe_and_different() -> None:
    letters = [("ru", "01/1", "../../etc/passwd"), ("ru", "", ""), ("../x", "1", "a\x00b:*?"), ("ru", "1", "Ж" * 300)]
    names = archive_names(letters)
    assert names[0] == "ru/001-01-1-etc-passwd.pdf"
    assert names[1] == "ru/002-letter.pdf"
    assert names[2] == "x/003-1-ab.pdf"
    assert max(map(len, names)) < 110
    assert len(set(names)) == 4
