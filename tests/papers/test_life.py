"""The life of a paper on the real database, with real jobs, files and mails."""

import io
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk, tried
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from workflow.base.events import Event
from workflow.base.files import Upload, read_file
from workflow.base.reasons import Where
from workflow.base.unit_of_work import commit
from workflow.mail.models import MailState
from workflow.papers import approving, issuing, queries, service
from workflow.papers.models import Paper, PaperText
from workflow.papers.numbering import Numbering
from workflow.papers.rules import How, NumberSource, PaperState
from workflow.visits.service import correct_visit

PDF = b"%PDF-1.4 signed and scanned"
OWN = Numbering(NumberSource.OWN)
Submit = Callable[..., Any]
Run = Callable[[], int]


def words_of(session: Session, file_id: int) -> str:
    data = read_file(session, file_id)[1]
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def signed(session: Session, desk: Desk, now: datetime, paper: Any, run_jobs: Run) -> Any:
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    run_jobs()
    issuing.record_signed(session, desk.coordinator, now, paper.id, scan=Upload("scan.pdf", PDF))
    commit(session)
    session.expire_all()
    return queries.get_paper(session, desk.coordinator, paper.id)


def test_a_draft_speaks_in_each_language_of_the_visit(session: Session, desk: Desk, now: datetime) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    assert [text.language for text in paper.texts] == ["ru", "en"]
    assert "Уважаемый господин Шердиль Дара Одабаши!" in paper.texts[0].text
    assert "The purpose of the visit is co-operation in education." in paper.texts[1].text
    assert "\n\n\n" not in paper.texts[0].text


def test_a_visit_within_the_country_gets_one_language(session: Session, make: Make, desk: Desk, now: datetime) -> None:
    visit = make.visit(country="RU", responsible_id=desk.coordinator.account_id)
    paper = service.draft_paper(session, desk.coordinator, now, visit.id, "invitation")
    assert [text.language for text in paper.texts] == ["ru"]


def test_the_whole_life_of_an_invitation(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    assert (paper.number, paper.dated, paper.state) == ("01-12/1", date(2027, 3, 15), "approved")
    run_jobs()
    session.expire_all()
    shown = words_of(session, paper.texts[0].pdf_file_id)
    assert "15.03.2027 № 01-12/1" in shown
    assert f"/verify/{paper.code}" in shown
    docx = Document(io.BytesIO(read_file(session, paper.texts[1].docx_file_id)[1]))
    assert "Yours sincerely," in [paragraph.text for paragraph in docx.paragraphs]
    issuing.record_signed(session, desk.coordinator, now, paper.id, scan=Upload("скан.pdf", PDF))
    commit(session)
    issuing.record_sent(session, desk.coordinator, now, paper.id, How.POST, to_whom="Kadıköy", note="RR 123")
    commit(session)
    session.expire_all()
    assert paper.state == PaperState.SENT
    assert [(each.how, each.to_whom, each.sent_on, each.note) for each in paper.dispatches] == [
        ("post", "Kadıköy", date(2027, 3, 15), "RR 123")]  # fmt: skip
    kinds = session.scalars(select(Event.kind).where(Event.subject_kind == "paper").order_by(Event.id)).all()
    assert [kind.removeprefix("papers.paper.") for kind in kinds] == [
        "drafted", "submitted", "approved", "numbered", "signed", "sent"]  # fmt: skip
    assert "kadıköy" not in str([row.changes for row in session.scalars(select(Event))]).lower()


def test_texts_and_facts_are_unreadable_in_the_database(
    session: Session, desk: Desk, now: datetime, submitted: Submit
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    raw = session.connection().exec_driver_sql("SELECT text FROM paper_text").fetchall()
    raw += session.connection().exec_driver_sql("SELECT facts FROM paper").fetchall()
    assert all("Одабаши".encode() not in bytes(value) for (value,) in raw)


def test_missing_facts_are_all_told_and_block_approval(session: Session, make: Make, desk: Desk, now: datetime) -> None:
    visit = make.visit(responsible_id=desk.coordinator.account_id, purpose="образование")
    paper = service.draft_paper(session, desk.coordinator, now, visit.id, "invitation")
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    tried(session, now, paper)
    with pytest.raises(Refused) as refused:
        approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    assert {reason.params["fact"] for reason in refused.value.reasons} == {
        "partner.name",
        "visit.purpose",
    }
    assert {reason.params["fact"]: reason.where for reason in refused.value.reasons if reason.where} == {
        name: Where("visits.edit", {"visit_id": visit.id}) for name in ("partner.name", "visit.purpose")
    }
    session.rollback()
    assert session.scalar(select(func.count(Paper.id)).where(Paper.number != "")) == 0


def test_a_gap_is_filled_by_hand_in_the_text(session: Session, desk: Desk, now: datetime, run_jobs: Run) -> None:
    correct_visit(session, desk.coordinator, now, desk.visit, {"purpose": "образование", "purpose_en": ""})
    commit(session)
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["en"])
    assert "{{ visit.purpose|lower_first|full_stop }}" in paper.texts[0].text
    text = paper.texts[0].text.replace("{{ visit.purpose|lower_first|full_stop }}", "schooling.")
    service.edit_text(session, desk.coordinator, now, paper.id, "en", text, version=1)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    tried(session, now, paper)
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    run_jobs()
    session.expire_all()
    assert "The purpose of the visit is schooling." in words_of(session, paper.texts[0].pdf_file_id)


def test_facts_are_frozen_at_approval(session: Session, desk: Desk, now: datetime, run_jobs: Run) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["en"])
    service.edit_text(session, desk.coordinator, now, paper.id, "en", "On {{ visit|dates }}.", version=1)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    tried(session, now, paper)
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    assert not approving.drifted(session, now, paper)
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    assert approving.drifted(session, now, paper)
    run_jobs()
    session.expire_all()
    assert "On 14–17 May 2027." in words_of(session, paper.texts[0].pdf_file_id)


@pytest.mark.parametrize(("text", "code", "line"), [
    ("fine\n\n{{ visit.purpose", "papers.text-syntax", 3),
    ("{% for a in office %}x{% endfor %}", "papers.text-forbidden", 1),
    ("{{ 'a' * 9 }}", "papers.text-forbidden", 1),
    ("{{ office.items() }}", "papers.text-forbidden", 1),
    ("::: adressee\nx\n:::", "papers.text-frame-unknown", 1),
    ("::: closing\nx", "papers.text-frame-open", 1),
    ("   ", "papers.empty-text", 0),
])  # fmt: skip
def test_a_faulty_text_is_refused_with_its_line(
    session: Session, desk: Desk, now: datetime, text: str, code: str, line: int
) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    with pytest.raises(Invalid) as wrong:
        service.edit_text(session, desk.coordinator, now, paper.id, "ru", text, version=1)
    assert (wrong.value.code, wrong.value.params.get("line", 0)) == (code, line)


def test_two_who_edit_at_once_do_not_overwrite_each_other(session: Session, desk: Desk, now: datetime) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    commit(session)
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", "Первый", version=1)
    commit(session)
    with pytest.raises(Stale) as stale:
        service.edit_text(session, desk.manager, now, paper.id, "ru", "Второй", version=1)
    assert stale.value.current == {"text": "Первый\n"}


def test_characters_without_glyph_block_approval(session: Session, desk: Desk, now: datetime) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    service.edit_text(session, desk.coordinator, now, paper.id, "en", "Welcome 😀", version=1)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    tried(session, now, paper)
    with pytest.raises(Refused) as refused:
        approving.approve_paper(session, desk.manager, now, paper.id)
    assert [(one.code, one.params["what"].params["detail"]) for one in refused.value.reasons] == [
        ("papers.text-fault", "😀")]  # fmt: skip


def test_coordinators_do_not_approve_and_strangers_see_nothing(
    session: Session, make: Make, desk: Desk, now: datetime, submitted: Submit
) -> None:
    paper = submitted()
    with pytest.raises(Forbidden):
        approving.approve_paper(session, desk.coordinator, now, paper.id)
    with pytest.raises(Forbidden):
        service.return_paper(session, desk.coordinator, now, paper.id, "no")
    with pytest.raises(NotFound):
        queries.get_paper(session, make.actor(Role.TRANSLATOR), paper.id)
    assert queries.waiting_for_approval(session, desk.coordinator) == []
    assert [one.paper.id for one in queries.waiting_for_approval(session, desk.manager)] == [paper.id]


def test_returned_with_a_remark_it_can_be_edited_again(
    session: Session, desk: Desk, now: datetime, submitted: Submit
) -> None:
    paper = submitted()
    with pytest.raises(Conflict, match="waits-for-approval"):
        service.edit_text(session, desk.coordinator, now, paper.id, "ru", "x", version=1)
    with pytest.raises(Invalid, match="remark-required"):
        service.return_paper(session, desk.manager, now, paper.id, "  ")
    service.return_paper(session, desk.manager, now, paper.id, "Имя с ошибкой")
    assert (paper.state, paper.remark) == ("returned", "Имя с ошибкой")
    service.edit_text(session, desk.coordinator, now, paper.id, "ru", "Исправлено", version=1)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    tried(session, now, paper)
    assert (paper.state, paper.remark) == ("submitted", "")


def test_a_signed_paper_never_changes_and_is_only_superseded(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run
) -> None:
    paper = signed(session, desk, now, submitted(), run_jobs)
    files = [(text.pdf_file_id, text.sha256) for text in paper.texts]
    for act in (
        lambda: service.edit_text(session, desk.coordinator, now, paper.id, "ru", "x", version=None),
        lambda: service.redraft_paper(session, desk.coordinator, now, paper.id),
        lambda: service.delete_draft(session, desk.coordinator, now, paper.id),
        lambda: service.rename_paper(session, desk.coordinator, now, paper.id, "x"),
        lambda: service.add_language(session, desk.coordinator, now, paper.id, "zh"),
    ):
        with pytest.raises(Conflict, match="only-superseded"):
            act()
    newer = issuing.supersede_paper(session, desk.coordinator, now, paper.id)
    with pytest.raises(Conflict, match="being-replaced"):
        issuing.supersede_paper(session, desk.coordinator, now, paper.id)
    service.submit_paper(session, desk.coordinator, now, newer.id)
    commit(session)
    tried(session, now, newer)
    assert paper.state == PaperState.SIGNED
    signed(session, desk, now, newer, run_jobs)
    assert (paper.state, newer.state, newer.number) == ("superseded", "signed", "01-12/2")
    assert [(text.pdf_file_id, text.sha256) for text in paper.texts] == files
    found = queries.verify(session, paper.code)
    assert found is not None
    assert (found.state, found.replaced_by) == ("superseded", "01-12/2")


def test_a_number_typed_after_signature_leaves_the_files(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    run_jobs()
    issuing.record_signed(session, desk.coordinator, now, paper.id)
    with pytest.raises(Conflict, match="not-numbered-yet"):
        issuing.record_sent(session, desk.coordinator, now, paper.id, How.HAND, to_whom="x")
    typed = Numbering(NumberSource.TYPED, "  СЭД-77 / 5 ", date(2027, 3, 12))
    issuing.number_paper(session, desk.coordinator, now, paper.id, typed)
    commit(session)
    made = paper.render_no
    run_jobs()
    assert (paper.number, paper.dated, paper.render_no) == ("СЭД-77 / 5", date(2027, 3, 12), made)
    assert "____________ № ____________" in words_of(session, paper.texts[0].pdf_file_id)
    with pytest.raises(Conflict, match="numbered-already"):
        issuing.number_paper(session, desk.coordinator, now, paper.id, OWN)


def test_a_number_typed_before_signature_is_printed(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id)
    issuing.number_paper(session, desk.coordinator, now, paper.id, Numbering(NumberSource.TYPED, "СЭД-77"))
    commit(session)
    run_jobs()
    session.expire_all()
    assert "15.03.2027 № СЭД-77" in words_of(session, paper.texts[0].pdf_file_id)
    assert all(text.rendered_no == paper.render_no == 2 for text in paper.texts)


@pytest.mark.parametrize(("numbering", "code"), [
    (Numbering(NumberSource.TYPED, " "), "base.required"),
    (Numbering(NumberSource.TYPED, "x" * 61), "base.too-long"),
    (Numbering(NumberSource.OWN, "", date(1907, 1, 1)), "papers.date-implausible"),
    (Numbering(NumberSource.OWN, "", date(2929, 1, 1)), "papers.date-implausible"),
])  # fmt: skip
def test_impossible_numbers_are_refused_and_nothing_is_taken(
    session: Session, desk: Desk, now: datetime, submitted: Submit, numbering: Numbering, code: str
) -> None:
    paper = submitted()
    with pytest.raises(Invalid) as wrong:
        approving.approve_paper(session, desk.manager, now, paper.id, numbering=numbering)
    assert wrong.value.code == code
    session.rollback()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    assert paper.number == "01-12/1"


def test_a_letter_by_mail_goes_out_once_with_its_files(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run,
    outbox: Callable[[], list[EmailMessage]],
) -> None:  # fmt: skip
    paper = signed(session, desk, now, submitted(), run_jobs)
    dispatch = issuing.send_by_mail(
        session, desk.coordinator, now, paper.id, to_name="Office of the Mayor", to_address="mayor@kadikoy.example",
        subject="Invitation", text="Please find attached.",
    )  # fmt: skip
    commit(session)
    assert paper.state == PaperState.SIGNED
    run_jobs()
    run_jobs()
    session.expire_all()
    (mail,) = outbox()
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        "scan.pdf", "invitation-01-12-1-ru.pdf", "invitation-01-12-1-en.pdf", "visit.ics"]  # fmt: skip
    assert (paper.state, dispatch.sent_on) == (PaperState.SENT, date(2027, 3, 15))
    assert queries.mail_states(session, paper) == {dispatch.mail_id: "sent"}


@pytest.mark.parametrize("address", ["nobody", "a@b@c", "x\r\nBcc: y@z.example", "", "имя@"])
def test_bad_addresses_are_refused(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, address: str
) -> None:
    paper = signed(session, desk, now, submitted(), run_jobs)
    with pytest.raises(Invalid) as wrong:
        issuing.send_by_mail(session, desk.coordinator, now, paper.id, to_name="x", to_address=address, subject="x",
                             text="x")  # fmt: skip
    assert wrong.value.field == "to_address"


def test_scans_are_judged_by_their_bytes(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    run_jobs()
    with pytest.raises(Invalid, match="file-type"):
        issuing.record_signed(session, desk.coordinator, now, paper.id, scan=Upload("scan.pdf", b"<html>"))
    session.rollback()
    assert paper.state == PaperState.APPROVED
    with pytest.raises(Invalid, match="day-ahead"):
        issuing.record_signed(session, desk.coordinator, now, paper.id, signed_on=date(2027, 3, 16))
    issuing.record_signed(session, desk.coordinator, now, paper.id, signed_on=date(2027, 3, 12))
    issuing.add_scan(session, desk.coordinator, now, paper.id, Upload("scan.pdf", PDF))
    with pytest.raises(Conflict, match="has-scan"):
        issuing.add_scan(session, desk.coordinator, now, paper.id, Upload("scan.pdf", PDF))
    commit(session)
    assert paper.signed_on == date(2027, 3, 12)


def test_revoked_needs_a_reason_and_keeps_its_number(
    session: Session, desk: Desk, now: datetime, submitted: Submit
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    with pytest.raises(Forbidden):
        issuing.revoke_paper(session, desk.coordinator, now, paper.id, "x")
    with pytest.raises(Invalid, match="reason-required"):
        issuing.revoke_paper(session, desk.manager, now, paper.id, " ")
    issuing.revoke_paper(session, desk.manager, now, paper.id, "Визит отменён")
    assert (paper.state, paper.number) == ("revoked", "01-12/1")
    with pytest.raises(Conflict, match="is-revoked"):
        issuing.record_signed(session, desk.coordinator, now, paper.id)


def test_only_drafts_are_deleted(session: Session, desk: Desk, now: datetime, submitted: Submit) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    commit(session)
    service.delete_draft(session, desk.coordinator, now, paper.id)
    commit(session)
    assert session.scalar(select(func.count(PaperText.id))) == 0
    with pytest.raises(Conflict, match="waits-for-approval"):
        service.delete_draft(session, desk.coordinator, now, submitted().id)


def test_a_language_without_wording_begins_as_a_copy(session: Session, desk: Desk, now: datetime) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    row = service.add_language(session, desk.coordinator, now, paper.id, "zh")
    signed = "{{ office.signatory.post }} | {{ office.signatory.short }}"
    assert row.text == paper.texts[1].text.replace("Mayor of Stavropol | I. Obraztsov", signed)
    assert signed in row.text
    service.edit_text(
        session, desk.coordinator, now, paper.id, "zh", "尊敬的市长先生：欢迎您访问斯塔夫罗波尔。", version=None
    )
    with pytest.raises(Conflict, match="has-language"):
        service.add_language(session, desk.coordinator, now, paper.id, "zh")
    with pytest.raises(Invalid, match="not-a-language"):
        service.add_language(session, desk.coordinator, now, paper.id, "../")
    made = approving.compose_all(session, now, paper)
    assert "尊敬的市长先生" in str(made["zh"])


def test_redrafting_takes_todays_facts(session: Session, desk: Desk, now: datetime) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    assert approving.drifted(session, now, paper)
    service.redraft_paper(session, desk.coordinator, now, paper.id)
    assert re.search(r"from\s15 to\s17\sMay 2027", paper.texts[1].text)
    assert not approving.drifted(session, now, paper)


def test_the_office_can_be_bare(session: Session, make: Make, now: datetime) -> None:
    paper = service.draft_paper(session, make.actor(Role.COORDINATOR), now, make.visit().id, "order-receiving")
    made = approving.compose_all(session, now, paper)["ru"]
    assert {"office.letterhead", "office.city", "office.signatory.post", "partner.name"} <= set(made.missing)  # type: ignore[union-attr]


def test_a_paper_laid_out_anew_keeps_only_the_newest_files(
    session: Session, desk: Desk, submitted: Submit, run_jobs: Run, now: datetime
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    issuing.number_paper(session, desk.coordinator, now, paper.id, OWN)
    commit(session)
    clock.advance_frozen(timedelta(minutes=1))
    run_jobs()
    session.expire_all()
    assert "01-12/1" in words_of(session, paper.texts[1].pdf_file_id)


@pytest.mark.parametrize("state", [MailState.UNCERTAIN, MailState.FAILED])
def test_a_mail_of_unknown_fate_leaves_the_paper_unsent_and_is_shown(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Run, state: MailState
) -> None:
    paper = signed(session, desk, now, submitted(), run_jobs)
    dispatch = issuing.send_by_mail(
        session, desk.coordinator, now, paper.id, to_name="x", to_address="x@y.example", subject="x", text="x"
    )
    issuing.mail_settled(session, dispatch.mail_id or 0, state, now)
    commit(session)
    assert (paper.state, dispatch.sent_on) == (PaperState.SIGNED, None)
    kinds = session.scalars(select(Event.kind).where(Event.kind.like("papers.mail%"))).all()
    assert kinds == [f"papers.mail.{state.value}"]
    issuing.mail_settled(session, dispatch.mail_id or 0, MailState.SENT, now)
    session.refresh(paper)
    assert paper.state == PaperState.SENT


@pytest.mark.parametrize("act", ["redraft", "delete", "submit"])
def test_words_saved_while_somebody_read_the_paper_are_not_lost_or_handed_in_unseen(
    session: Session, desk: Desk, now: datetime, act: str
) -> None:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["ru", "en"])
    commit(session)
    seen = paper.lock_version
    service.edit_text(session, desk.coordinator, now, paper.id, "en", "A colleague's words.", version=1)
    commit(session)
    late = {"redraft": service.redraft_paper, "delete": service.delete_draft, "submit": service.submit_paper}[act]
    with pytest.raises(Stale):
        late(session, desk.manager, now, paper.id, version=seen)
    session.rollback()
    service.edit_text(session, desk.manager, now, paper.id, "ru", "Свои слова.", version=1)  # another language is free
    commit(session)
    late(session, desk.manager, now, paper.id, version=paper.lock_version)
