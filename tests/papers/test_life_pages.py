"""The life of a paper through the browser and the API: checks, Word and back, numbers, what has changed, signatures."""

import base64
import hashlib
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from tests.conftest import Make
from tests.papers.conftest import Desk, tried
from tests.papers.test_api import Api
from tests.papers.test_pages import clerk, head, only, text_of  # noqa: F401 - fixtures
from workflow.base.actor import SYSTEM, Role
from workflow.base.errors import Conflict, Refused
from workflow.base.files import Upload, read_file
from workflow.base.unit_of_work import commit
from workflow.office import numbers
from workflow.office.queries import series_of
from workflow.papers import approving, issuing, register, service, trials
from workflow.papers.blocks import FRAMES, LEAVES
from workflow.papers.changes import changes_of
from workflow.papers.composing import RenderError
from workflow.papers.numbering import Numbering
from workflow.papers.rules import How, NumberSource, PaperState
from workflow.papers.words import MARKS

OWN = Numbering(NumberSource.OWN)
Submit = Callable[..., Any]


def drafted(session: Session, desk: Desk, now: datetime) -> Any:
    paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation")
    commit(session)
    return paper


def test_a_paper_is_checked_and_approved_by_clicking(
    session: Session, desk: Desk, now: datetime, clerk: Any, head: Any, make: Make  # noqa: F811
) -> None:
    paper = drafted(session, desk, now)
    page = f"/papers/{paper.id}"
    shown = clerk.get(page).get_data(as_text=True)
    choices = re.findall(r'<option value="(\d+)"', shown[shown.index("f-checker-0") : shown.index("f-checker-1")])
    lawyer = desk.manager.account_id
    assert str(lawyer) in choices
    wrong = clerk.post(f"{page}/submit", {"version": "1", "checkers": ["x"]})
    assert (wrong.status_code, "Выберите сотрудников" in text_of(wrong)) == (422, True)
    assert clerk.post(f"{page}/submit", {"version": "1", "checkers": [str(lawyer), ""]}).status_code == 303
    assert "На согласовании" in text_of(clerk.get(page))
    refused = head.post(f"{page}/approve", {"source": "own"})
    assert refused.status_code == 409
    assert "Ещё нет решения: " in text_of(refused)
    said = {"source": "own", "override_reason": "Юрист в отпуске"}
    assert head.post(f"{page}/approve", said).status_code == 303
    assert "Утверждён без всех согласований: Юрист в отпуске" in text_of(clerk.get(page))


def test_a_signed_paper_that_stays_in_the_house_is_to_be_filed_not_sent(
    session: Session, desk: Desk, now: datetime, clerk: Any  # noqa: F811
) -> None:
    told: dict[str, list[tuple[bool, bool]]] = {}
    for kind in ("invitation", "order-receiving", "order-sending", "cost-estimate"):
        paper = service.draft_paper(session, desk.coordinator, now, desk.visit.id, kind)
        paper.state = PaperState.SIGNED.value
        commit(session)
        shown = clerk.get(f"/visits/{desk.visit.id}/papers").get_data(as_text=True)
        line = shown[shown.index(f'href="/papers/{paper.id}"') :].partition("</tr>")[0]
        told[kind] = [("Отправьте" in page, "Ознакомьте с документом тех, кого он касается, и подшейте" in page)
                      for page in (line, text_of(clerk.get(f"/papers/{paper.id}")))]  # fmt: skip
    assert told.pop("invitation") == [(True, False)] * 2
    assert list(told.values()) == [[(False, True)] * 2] * 3


def test_a_file_from_word_is_shown_as_a_difference_and_then_saved(
    session: Session, desk: Desk, now: datetime, clerk: Any  # noqa: F811
) -> None:
    paper = drafted(session, desk, now)
    page = f"/papers/{paper.id}"
    data = clerk.get(f"{page}/files/ru.docx").data

    def send(content: bytes) -> Any:
        return clerk.post(f"{page}/texts/ru/word", {"file": (io.BytesIO(content), "письмо.docx"), "version": "1"},
                          content_type="multipart/form-data")  # fmt: skip

    assert "Различий нет" in text_of(send(data))
    document = Document(io.BytesIO(data))
    changed = next(each for each in document.paragraphs if "Имею честь" in each.text)
    changed.runs[0].text = changed.runs[0].text.replace("Имею честь", "Рады <b>")
    stream = io.BytesIO()
    document.save(stream)
    answer = send(stream.getvalue())
    shown = answer.get_data(as_text=True)
    assert "<del>Имею честь" in shown
    assert "<ins>Рады &lt;b&gt;" in shown
    assert "Имею честь" in only(session).texts[0].text
    new = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', shown, re.DOTALL)
    assert new
    words = new[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    assert clerk.post(f"{page}/texts/ru", {"text": words, "version": "1"}).status_code == 303
    assert "Рады <b> пригласить" in only(session).texts[0].text
    for content, told in ((b"not a file", "DOCX"), (b"", "пуст")):
        assert told in text_of(send(content))


def test_numbers_stay_in_the_register_annulled_with_their_reason(
    session: Session, desk: Desk, now: datetime, submitted: Submit, clerk: Any, make: Make  # noqa: F811
) -> None:
    first, second = submitted(), submitted()
    for paper in (first, second):
        approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    issuing.revoke_paper(session, desk.manager, now, first.id, "=Отменено")
    commit(session)
    rows = register.lines(session, desk.coordinator, 2027)
    assert [(row.paper.number, row.paper.number_value, row.standing.value) for row in rows] == [
        ("01-12/1", 1, "annulled"), ("01-12/2", 2, "given")]  # fmt: skip
    assert register.lines(session, make.actor(Role.TRANSLATOR), 2027) == []
    assert register.lines(session, desk.coordinator, 2026) == []
    assert register.lines(session, desk.coordinator, 2027, "orders") == []
    session.rollback()
    page = text_of(clerk.get("/papers/register?year=2027&series=outgoing"))
    assert "01-12/1" in page
    assert "Аннулирован =Отменено" in page
    answer = clerk.get("/papers/register.xlsx?year=2027")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet] == ["Номер", "01-12/1", "01-12/2"]
    assert sheet[1][-1] == "'=Отменено"
    assert clerk.get("/papers/register?year=99999&series=%27").status_code == 200


def test_a_series_can_give_its_numbers_at_signature(
    session: Session, desk: Desk, now: datetime, submitted: Submit
) -> None:
    row = series_of(session, "outgoing")
    assert row is not None
    numbers.change_series(session, SYSTEM, now, row.id, {"given_at": "signature"})
    commit(session)
    first, second = submitted(), submitted()
    with pytest.raises(Conflict, match="number-at-signature"):
        approving.approve_paper(session, desk.manager, now, first.id, numbering=OWN)
    session.rollback()
    for paper in (first, second):
        approving.approve_paper(session, desk.manager, now, paper.id)
    commit(session)
    with pytest.raises(Conflict, match="number-at-signature"):
        issuing.number_paper(session, desk.coordinator, now, first.id, OWN)
    session.rollback()
    assert (first.number, first.dated) == ("", None)
    issuing.record_signed(session, desk.coordinator, now, first.id)
    typed = Numbering(NumberSource.TYPED, "СЭД-5")
    issuing.record_signed(session, desk.coordinator, now, second.id, numbering=typed)
    commit(session)
    assert (first.number, first.dated, second.number) == ("01-12/1", now.date(), "СЭД-5")


def test_the_desk_offers_a_number_only_where_the_register_gives_it_at_approval(
    session: Session, now: datetime, submitted: Submit, head: Any  # noqa: F811
) -> None:
    submitted()
    submitted("trip-report")
    page = head.get("/").get_data(as_text=True)
    assert page.count('<option value="own">') == 1  # the report has no number at all
    assert page.count('name="source" value="later"') == 1
    row = series_of(session, "outgoing")
    assert row is not None
    numbers.change_series(session, SYSTEM, now, row.id, {"given_at": "signature"})
    commit(session)
    page = head.get("/").get_data(as_text=True)
    assert page.count('<option value="own">') == 0
    assert page.count('name="source" value="later"') == 2


def test_a_paper_that_was_not_laid_out_as_it_stands_is_not_approved(
    session: Session, desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = drafted(session, desk, now)
    service.submit_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    with pytest.raises(Conflict, match="not-tried"):
        approving.approve_paper(session, desk.manager, now, paper.id)
    session.rollback()
    found = trials.try_now(session, desk.manager, now, paper.id)
    assert len(found) == 2
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    with pytest.raises(Conflict, match="not-tried"):
        approving.approve_paper(session, desk.manager, now, paper.id, tried=found)
    session.rollback()

    def fail(*_: Any) -> None:
        raise RenderError("failed", line=3, detail="layout")

    monkeypatch.setattr(trials.RENDERER, "render", fail)
    with pytest.raises(Refused) as refused:
        trials.try_now(session, desk.manager, now, paper.id)
    assert [reason.code for reason in refused.value.reasons] == ["papers.text-fault"] * 2
    tried(session, now, paper)
    assert paper.texts[0].trial_fault == {"code": "failed", "line": 3, "detail": "layout"}
    assert paper.texts[0].trial_hash == ""


def test_what_has_changed_is_told_fact_by_fact_without_personal_values(
    session: Session, desk: Desk, now: datetime, submitted: Submit, clerk: Any  # noqa: F811
) -> None:
    paper = drafted(session, desk, now)
    assert changes_of(session, now, paper) == []
    old = desk.visit.arrival
    desk.visit.arrival += timedelta(days=1)
    desk.visit.host_name = "не печатается"
    commit(session)
    (change,) = changes_of(session, now, paper)
    assert (change.fact, change.old, change.new, change.hidden) == (
        "visit.first_day", old, old + timedelta(days=1), False)  # fmt: skip
    session.rollback()
    page = text_of(clerk.get(f"/papers/{paper.id}"))
    assert "Документ устарел" in page
    listed = text_of(clerk.get(f"/visits/{desk.visit.id}/papers"))
    assert "Устарел" in listed
    assert "Посмотрите, что изменилось" in listed
    assert "Взять новые сведения" in page
    service.redraft_paper(session, desk.coordinator, now, paper.id)
    commit(session)
    assert changes_of(session, now, paper) == []
    session.rollback()
    assert "Устарел" not in text_of(clerk.get(f"/visits/{desk.visit.id}/papers"))


def test_the_list_marks_outdated_papers_by_as_many_queries_for_many_as_for_few(
    session: Session, desk: Desk, now: datetime, clerk: Any, count_queries: Callable[[Callable[[], object]], int]  # noqa: F811
) -> None:
    service.draft_paper(session, desk.coordinator, now, desk.visit.id, "letter-thanks")
    drafted(session, desk, now)
    address = f"/visits/{desk.visit.id}/papers"
    clerk.get(address)
    few = count_queries(lambda: clerk.get(address))
    for _ in range(6):
        drafted(session, desk, now)
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    assert text_of(clerk.get(address)).count("Посмотрите, что изменилось") == 8
    assert count_queries(lambda: clerk.get(address)) - few <= 6 * 3


def test_a_private_telephone_that_changed_is_told_without_its_digits() -> None:
    from workflow.papers.changes import compare

    wording = "{% for one in delegation.members %}{{ one.name }} {{ one.phone }}{% endfor %}"
    old = {"delegation": {"members": [{"name": "Ма", "phone": "111"}, {"name": "Ли", "phone": "5"}]}}
    new = {"delegation": {"members": [{"name": "Ма", "phone": "222"}]}}
    found = compare([wording], ["ru"], old, new)
    assert [(each.fact, each.place, each.old, each.new, each.hidden) for each in found] == [
        ("delegation.members.phone", "1", None, None, True), ("delegation.members.name", "2", "Ли", None, False),
        ("delegation.members.phone", "2", None, None, True)]  # fmt: skip
    home, moved = ({"identity": {"one": {"address": street}}, "office": {"address": street}} for street in ("а", "б"))
    found = compare(["{{ identity.one.address }} {{ office.address }}"], ["ru"], home, moved)
    assert [(each.fact, each.old, each.new) for each in found] == [
        ("identity.one.address", None, None), ("office.address", "а", "б")]  # fmt: skip


def test_a_file_is_compared_with_the_one_that_was_issued(
    session: Session, desk: Desk, now: datetime, submitted: Submit, run_jobs: Callable[[], int], client: Any
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    run_jobs()
    scan = b"%PDF-1.4 signed and scanned"
    issuing.record_signed(session, desk.coordinator, now, paper.id, scan=Upload("s.pdf", scan))
    commit(session)
    session.expire_all()
    pdf = read_file(session, paper.texts[0].pdf_file_id)[1]
    code = paper.code
    session.rollback()

    def ask(data: bytes, where: str = code) -> str:
        sent = {"file": (io.BytesIO(data), "x.pdf")}
        answer = client.post(f"/verify/{where}", sent, content_type="multipart/form-data")
        return str(answer.get_data(as_text=True))

    for data in (pdf, scan):
        assert "The file is exactly the one" in ask(data)
    assert "Файл не совпадает" in ask(pdf + b" ")
    unknown = ask(pdf, "2222-2222-2222")
    assert "The file is not the one" in unknown
    assert hashlib.sha256(pdf).hexdigest() not in unknown


def test_guessing_by_files_is_stopped_too(client: Any) -> None:
    answers = [client.post("/verify/2222-2222-2222", {}).status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]


def test_papers_are_found_by_number_subject_and_kind(
    session: Session, desk: Desk, now: datetime, submitted: Submit, clerk: Any, run_jobs: Callable[[], int]  # noqa: F811
) -> None:
    paper = submitted(subject="О приглашении на День города")
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=Numbering(NumberSource.TYPED, "СЭД-77/5"))
    commit(session)
    run_jobs()
    for words in ("СЭД-77", "день города", "приглаш", "invitation"):
        assert f"/papers/{paper.id}" in clerk.get("/search", query_string={"q": words}).get_data(as_text=True)


def test_a_mail_without_a_subject_speaks_the_recipients_language(
    session: Session, desk: Desk, now: datetime, submitted: Submit
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    assert issuing.mail_subject(paper, "en") == "Invitation No. 01-12/1"
    assert issuing.mail_subject(paper, "ru") == "Приглашение № 01-12/1"


def test_a_scan_comes_by_the_api_as_base64(
    session: Session, desk: Desk, now: datetime, submitted: Submit, clerk: Any  # noqa: F811
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    api = Api(clerk)
    scan = {"name": "скан.pdf", "content": base64.b64encode(b"%PDF-1.4 signed").decode()}
    wrong = api.post(f"/papers/{paper.id}/sign", {"scan": {**scan, "content": "*"}}, version=paper.lock_version)
    assert (wrong.status_code, "papers.not-base64" in wrong.get_data(as_text=True)) == (422, True)
    answer = api.post(f"/papers/{paper.id}/sign", {"scan": scan}, version=paper.lock_version)
    assert (answer.status_code, answer.json["state"], answer.json["has_scan"]) == (200, "signed", True)
    assert clerk.get(f"/papers/{paper.id}/scan").data == b"%PDF-1.4 signed"


def test_a_text_that_is_right_stays_and_is_outdated_no_more(
    session: Session, desk: Desk, now: datetime, clerk: Any  # noqa: F811
) -> None:
    paper = drafted(session, desk, now)
    words = paper.texts[0].text
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    assert clerk.post(f"/papers/{paper.id}/keep-text", {"version": "1"}).status_code == 303
    kept = only(session)
    assert (kept.texts[0].text, changes_of(session, now, kept)) == (words, [])


def test_an_outdated_text_stays_marked_when_it_is_approved(
    session: Session, desk: Desk, now: datetime, submitted: Submit, head: Any  # noqa: F811
) -> None:
    paper = submitted()
    desk.visit.arrival += timedelta(days=1)
    commit(session)
    tried(session, now, paper)
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    assert [(one.fact, one.old) for one in changes_of(session, now, paper)] == [
        ("visit.first_day", desk.visit.arrival - timedelta(days=1))]
    assert "Документ устарел" in text_of(head.get(f"/papers/{paper.id}"))
    issuing.record_signed(session, desk.coordinator, now, paper.id)
    commit(session)
    assert "visit.first_day" in [one.fact for one in changes_of(session, now, paper)]


def test_a_paper_that_went_out_while_somebody_read_it_is_not_revoked_unseen(
    session: Session, desk: Desk, now: datetime, submitted: Submit, head: Any  # noqa: F811
) -> None:
    paper = submitted()
    approving.approve_paper(session, desk.manager, now, paper.id, numbering=OWN)
    commit(session)
    form = head.get(f"/papers/{paper.id}").get_data(as_text=True)
    form = form[form.index(f'action="/papers/{paper.id}/revoke"'):]
    version = re.findall(r'name="version" value="(\d+)"', form)[0]
    issuing.record_signed(session, desk.coordinator, now, paper.id)
    issuing.record_sent(session, desk.coordinator, now, paper.id, How.POST, to_whom="City Hall")
    commit(session)
    refused = head.post(f"/papers/{paper.id}/revoke", {"reason": "Wrong day", "version": version})
    assert (refused.status_code, "Wrong day" in refused.get_data(as_text=True)) == (409, True)
    assert "сохранил" in text_of(refused)
    session.expire_all()
    assert paper.state == "sent"
    again = {"reason": "Wrong day", "version": str(paper.lock_version)}
    session.rollback()
    assert head.post(f"/papers/{paper.id}/revoke", again).status_code == 303


def test_lists_tell_a_papers_subject_in_the_readers_language_and_what_was_typed_as_it_stands(
    session: Session, desk: Desk, now: datetime, make: Make, client_as: Callable[..., Any]
) -> None:
    paper = drafted(session, desk, now)
    english, russian = (client_as(account=make.account(Role.MANAGER, language=code)) for code in ("en", "ru"))
    lists = (f"/visits/{desk.visit.id}/papers", f"/visits/{desk.visit.id}")

    def seen(browser: Any, words: str) -> list[bool]:
        return [words in text_of(browser.get(page)) for page in lists]

    assert seen(english, "О направлении приглашения") == [False] * 2
    assert seen(russian, "О направлении приглашения") == [True] * 2
    paper.subject = "О направлении приглашения: Орнек Айлин"
    commit(session)
    assert seen(english, "Invitation: Орнек Айлин") == [True] * 2
    paper.subject = "Об особом случае"
    commit(session)
    assert seen(english, "Об особом случае") == [True] * 2


def test_what_each_mark_of_a_text_means_stands_beside_it(
    session: Session, desk: Desk, now: datetime, clerk: Any  # noqa: F811
) -> None:
    paper = drafted(session, desk, now)
    russian = next(text for text in paper.texts if text.language == "ru")
    russian.text = "::: letterhead\nМы\n---\nАдрес\n:::\n\nЖдём **Вас** {{ visit.nothing }}.\n"
    commit(session)
    page = clerk.get(f"/papers/{paper.id}").get_data(as_text=True)
    legend = re.findall(r'<dl id="marks-ru">(.*?)</dl>', page, re.DOTALL)
    marks = [re.findall(r"<dt><code>(.*?)</code></dt><dd>(.*?)</dd>", one) for one in legend]
    assert marks == [[
        ("::: letterhead", "Шапка бланка: наше название, после строки --- наш адрес."),
        (":::", "Здесь кончается часть, начатая выше."),
        ("**", "Слова между двумя парами звёздочек печатаются полужирным."),
        ("{{ }}", "Сведение, которое подставится при утверждении; вместо него можно написать свои слова."),
    ]]  # fmt: skip


def test_every_part_of_a_paper_has_a_meaning_in_the_legend() -> None:
    assert {mark.removeprefix("::: ") for mark in MARKS if mark.startswith("::: ")} == FRAMES | LEAVES
