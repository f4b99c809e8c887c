"""The pages of wordings as a coordinator and a manager use them."""

import html
import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.papers.authoring.documents import docx, words
from tests.papers.conftest import Desk
from workflow.base.actor import Role
from workflow.base.unit_of_work import commit
from workflow.papers import editions, rendering
from workflow.papers import service as papers
from workflow.papers.authoring import queries
from workflow.papers.authoring.models import PaperTemplate, Wording

RU = editions.kind("invitation").wordings["ru"]
OURS = RU.replace("Имею честь пригласить", "Рады пригласить")
EDIT = "/wordings/invitation/ru"
WORD = f"{EDIT}/word"


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def coordinator(client_as: Callable[..., Client]) -> Client:
    return client_as(Role.COORDINATOR)


@pytest.fixture
def manager(client_as: Callable[..., Client]) -> Client:
    return client_as(Role.MANAGER)


def test_wording_is_written_by_one_and_put_into_use_by_another(
    session: Session, desk: Desk, coordinator: Client, manager: Client, now: datetime
) -> None:
    page = text_of(coordinator.get(EDIT))
    assert "Имею честь пригласить" in page
    assert 'data-insert="{{ visit.purpose }}"' in page
    assert "цель визита" in page
    answer = coordinator.post(EDIT, {"text": OURS, "remark": "Теплее", "based_on": "0"})
    assert (answer.status_code, answer.location) == (303, EDIT)
    page = text_of(coordinator.get(EDIT))
    assert "Есть черновик: версия 1" in page
    assert "Рады пригласить" in page
    page = text_of(coordinator.get(f"{EDIT}/versions/1"))
    assert "<del>Имею честь</del>" in page
    assert "<ins>Рады</ins>" in page
    assert "Ввести в действие</button>" not in page
    version = re.search(r'name="version" value="(\d+)"', text_of(manager.get(f"{EDIT}/versions/1")))
    assert version
    assert manager.post(f"{EDIT}/versions/1/activate", {"version": version[1]}).status_code == 303
    paper = papers.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["ru"])
    commit(session)
    assert "Рады пригласить" in paper.texts[0].text
    assert "Составлено по версии 1" in text_of(coordinator.get(f"/papers/{paper.id}"))
    page = text_of(coordinator.get("/wordings"))
    assert "Русский текст изменён позже" in page
    back = text_of(manager.post(f"{EDIT}/versions/0/activate", follow_redirects=True))
    assert "Действует исходный текст." in back
    assert "Русский текст изменён позже" not in text_of(coordinator.get("/wordings"))


def test_faults_stand_beside_the_text_and_nothing_is_lost(session: Session, coordinator: Client) -> None:
    answer = coordinator.post(EDIT, {"text": "Цель:\n{{ visit.purpse }}", "based_on": "0"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Строка 2: нет сведений «visit.purpse» — возможно, «visit.purpose»?" in page
    assert 'id="f-text-error"' in page
    assert "{{ visit.purpse }}</textarea>" in page
    assert session.scalars(select(Wording)).all() == []


def test_preview_on_a_real_visit_for_scripts_and_without_them(desk: Desk, coordinator: Client) -> None:
    sent = {"text": "Цель: {{ visit.purpose|upper_first }}. {{ visit.payer }}", "visit": str(desk.visit.id)}
    part = text_of(coordinator.post(f"{EDIT}/preview", sent, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "Сотрудничество в\u00a0образовании" in part
    assert "<code>visit.payer</code>" in part
    whole = text_of(coordinator.post(f"{EDIT}/preview", sent))
    assert "<h1>" in whole
    assert "Сотрудничество в\u00a0образовании" in whole
    assert "{{ visit.payer }}</textarea>" in whole
    told = coordinator.post(f"{EDIT}/preview", {"text": "{% if a %}"}, headers={"HX-Request": "true"})
    assert "Строка 1: блок «if» открыт и не закрыт" in text_of(told)


def test_preview_without_a_visit_names_the_facts(coordinator: Client) -> None:
    part = text_of(coordinator.post(f"{EDIT}/preview", {"text": "Цель: {{ visit.purpose }}"}))
    assert "‹visit.purpose›" in part


def test_preview_as_pdf(desk: Desk, coordinator: Client) -> None:
    answer = coordinator.post(f"{EDIT}/preview.pdf", {"text": RU, "visit": str(desk.visit.id)})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.get_data().startswith(b"%PDF")
    answer = coordinator.post(f"{EDIT}/preview.pdf", {"text": "{{ a"})
    assert answer.status_code == 422
    assert "Строка 1" in text_of(answer)


def test_preview_of_another_visit_is_not_found(desk: Desk, coordinator: Client) -> None:
    answer = coordinator.post(f"{EDIT}/preview", {"text": "x", "visit": "99999"})
    assert answer.status_code == 404


def test_wording_shows_what_it_holds_as_text(desk: Desk, coordinator: Client) -> None:
    evil = "<script>alert(1)</script>"
    part = text_of(coordinator.post(f"{EDIT}/preview", {"text": evil}, headers={"HX-Request": "true"}))
    assert "&lt;script&gt;" in part
    assert "<script>" not in part


def test_languages_side_by_side_and_one_more(coordinator: Client) -> None:
    page = text_of(coordinator.get("/wordings/invitation/beside"))
    assert page.index("О направлении приглашения") < page.index("Invitation to visit")
    answer = coordinator.post("/wordings/invitation/languages", {"language": "zh"})
    assert answer.location == "/wordings/invitation/zh"
    assert "Есть черновик: версия 1" in text_of(coordinator.get("/wordings/invitation/zh"))
    assert "ещё не действует" in text_of(coordinator.get("/wordings/invitation"))
    answer = coordinator.post("/wordings/invitation/languages", {"language": "zh"})
    assert answer.status_code == 409
    assert "такой язык уже есть или уже начат" in text_of(answer)


def test_forms_of_address_that_no_speaker_has_read_are_marked(coordinator: Client, manager: Client) -> None:
    page = text_of(coordinator.get("/wordings"))
    card = page[page.index("Формы обращения") :]
    for language, state in (("Русский", "проверен"), ("Английский", "проверен"), ("Китайский", "не проверен"),
                            ("Турецкий", "не проверен"), ("Французский", "не проверен")):  # fmt: skip
        row = card[card.index(language) :]
        assert row[: row.index("проверен")].endswith(state.removesuffix("проверен")), language
    assert "Dear Mayor Sample," in card
    assert "尊敬的王示例市长先生：" in card
    assert coordinator.post("/wordings/invitation/languages", {"language": "tr"}).status_code == 303
    assert "Формы обращения на этом языке ещё не проверил" in text_of(coordinator.get("/wordings/invitation/tr"))
    assert "формы обращения не проверены" in text_of(coordinator.get("/wordings/invitation"))
    assert "ещё не проверил носитель" not in text_of(coordinator.get("/wordings/invitation/en"))


def test_deleted_version_says_so(manager: Client, coordinator: Client) -> None:
    coordinator.post(EDIT, {"text": OURS, "based_on": "0"})
    assert coordinator.post(f"{EDIT}/versions/1/delete").status_code == 303
    page = manager.get(f"{EDIT}/versions/1")
    assert page.status_code == 200
    assert "Версия 1 удалена. Составленные по ней документы сохраняют свой текст." in text_of(page)
    answer = manager.post(f"{EDIT}/versions/1/activate")
    assert answer.status_code == 409
    assert "Версия 1 удалена, использовать её больше нельзя. Выберите другую версию." in text_of(answer)
    assert manager.get(f"{EDIT}?from=1").status_code == 409
    assert manager.get(f"{EDIT}/versions/7").status_code == 404


def test_wordings_are_no_business_of_translators(client_as: Callable[..., Client]) -> None:
    browser = client_as(Role.TRANSLATOR)
    assert browser.get("/wordings").status_code == 403
    assert "/wordings" not in text_of(browser.get("/"))


def test_administrator_finds_wordings_in_the_menu(client_as: Callable[..., Client]) -> None:
    browser = client_as(Role.ADMINISTRATOR)
    assert 'href="/wordings"' in text_of(browser.get("/admin"))
    assert browser.get(EDIT).status_code == 200


def sent(data: bytes, name: str = "наш бланк.docx") -> dict[str, Any]:
    return {"file": (io.BytesIO(data), name), "remark": "Наш бланк"}


def hand_in(browser: Client, data: bytes) -> Any:
    return browser.post(WORD, sent(data), content_type="multipart/form-data")


def test_template_goes_from_upload_to_a_papers_docx(
    session: Session, desk: Desk, coordinator: Client, manager: Client, now: datetime, run_jobs: Callable[[], int]
) -> None:
    start = coordinator.get(f"{WORD}/start.docx")
    document = Document(io.BytesIO(start.get_data()))
    document.add_paragraph("Наш собственный бланк, {{ partner.name }}")
    stream = io.BytesIO()
    document.save(stream)
    assert hand_in(coordinator, stream.getvalue()).status_code == 303
    page = text_of(coordinator.get(WORD))
    assert "Ждёт второго сотрудника" in page
    sample = coordinator.get(f"{WORD}/1/sample?visit={desk.visit.id}")
    assert "Наш собственный бланк, муниципалитет Кадыкёй" in words(sample.get_data())
    paper = papers.draft_paper(session, desk.coordinator, now, desk.visit.id, "invitation", languages=["ru"])
    commit(session)
    address = f"/papers/{paper.id}/files/ru.docx"
    assert "Наш собственный бланк" not in words(coordinator.get(address).get_data())
    assert manager.post(f"{WORD}/1/activate").status_code == 303
    assert "Наш собственный бланк" in words(coordinator.get(address).get_data())
    session.refresh(paper.texts[0])
    papers.edit_text(session, desk.coordinator, now, paper.id, "ru", "Правлено рукой.", version=None)
    commit(session)
    assert "Правлено рукой." in words(coordinator.get(address).get_data())
    assert manager.post(f"{WORD}/1/retire").status_code == 303
    assert queries.active_template(session, "invitation", "ru") is None


def test_whoever_handed_a_template_in_does_not_put_it_into_use(session: Session, manager: Client) -> None:
    assert hand_in(manager, docx("{{ visit.title }}")).status_code == 303
    answer = manager.post(f"{WORD}/1/activate")
    assert answer.status_code == 409
    assert "ввести его в действие должен другой сотрудник" in text_of(answer)
    assert session.scalars(select(PaperTemplate.state)).one() == "draft"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (docx("Привет", "{{ visit.purpse }}"),
         "Текст, абзац 2: нет сведений «visit.purpse» — возможно, «visit.purpose»?"),
        (docx("x", header="{{ ''.__class__ }}"),
         "Верхний колонтитул, абзац 1: «.__class__» в типовом тексте не допускается"),
        (docx("{% for x in visit %}"), "Текст, абзац 1: блок «for» открыт и не закрыт"),
        (b"plain words", "не принимаются"),
        (b"PK\x03\x04 damaged", ""),
        (b"", ""),
    ],
)  # fmt: skip
def test_template_with_faults_is_not_kept(session: Session, coordinator: Client, data: bytes, said: str) -> None:
    answer = hand_in(coordinator, data)
    assert answer.status_code == 422
    assert 'id="f-file-error"' in text_of(answer)
    assert said in html.unescape(text_of(answer))
    assert session.scalars(select(PaperTemplate)).all() == []


def test_deleted_template_is_gone_and_its_line_stays(session: Session, coordinator: Client, manager: Client) -> None:
    hand_in(coordinator, docx("{{ visit.title }}"))
    assert coordinator.post(f"{WORD}/1/delete").status_code == 303
    assert coordinator.get(f"{WORD}/1/file").status_code == 404
    assert "шаблон 1" in text_of(coordinator.get(WORD))
    answer = manager.post(f"{WORD}/1/activate")
    assert (answer.status_code, "Шаблон 1 удалён. Загрузите его заново." in text_of(answer)) == (409, True)


def test_final_paper_never_goes_out_with_a_gap_of_the_template() -> None:
    from tests.papers.sample import facts

    told = facts()
    told["visit"]["payer"] = None
    edition = editions.Edition("invitation", "ru", "Слова документа.", "letter", "x",
                               template=docx("{{ visit.payer }} из шаблона"))  # fmt: skip
    assert "Слова документа." in words(rendering.render(edition, told, "docx").data)
    told["paper"]["status"] = "draft"
    made = rendering.render(edition, told, "docx")
    assert (made.missing, "‹visit.payer› из шаблона" in words(made.data)) == (("visit.payer",), True)
